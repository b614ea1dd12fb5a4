//! How a value changed from one period to another.

use serde::Serialize;

use super::definition::{Better, Kpi, Scoring, Unit};

/// A change.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Change {
    /// Relative change of a level (0.07 = +7 %), or the difference of a share in points (0.014 =
    /// +1.4 points); none where a percent change would have no meaning.
    pub amount: Option<f64>,
    /// Whether `amount` is in points.
    pub points: bool,
    /// Whether it is for the better; none when nothing changed.
    pub better: Option<bool>,
}

/// The change of a KPI from `base` to `now`; none when either is missing.
///
/// A share changes by points. A level changes by percent of its base, and by nothing that can be
/// printed when the base is zero or negative or the sign turns (from −100 to +50 is not −150 %).
pub fn change(kpi: &Kpi, base: Option<f64>, now: Option<f64>) -> Option<Change> {
    let (base, now) = (base?, now?);
    let points = kpi.unit == Unit::Percent;
    let amount = if points {
        Some(now - base)
    } else {
        (base > 0.0 && now >= 0.0).then(|| (now - base) / base)
    };
    Some(Change {
        amount,
        points,
        better: improved(kpi, base, now),
    })
}

fn improved(kpi: &Kpi, base: f64, now: f64) -> Option<bool> {
    if let Scoring::Range { best, .. } = &kpi.scoring {
        let off = |value: f64| (best.0 - value).max(value - best.1).max(0.0);
        let (before, after) = (off(base), off(now));
        return (before != after).then_some(after < before);
    }
    (base != now).then_some((now > base) == (kpi.better == Better::Higher))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Place;
    use crate::scorecard::definition::{Label, OverTime};

    fn kpi(unit: Unit, better: Better, scoring: Scoring) -> Kpi {
        Kpi {
            id: "X".to_owned(),
            label: Label::Catalogue,
            formula: Label::Catalogue,
            value: None,
            unit,
            better,
            over_time: OverTime::Flow,
            scoring,
            target: None,
            floor: None,
            red_flag: None,
            stretch: None,
            target_source: None,
            weight: 1.0,
            needs: Vec::new(),
            by: Vec::new(),
            due: Vec::new(),
            place: Place::File("x".to_owned()),
        }
    }

    #[test]
    fn levels_change_by_percent_and_shares_by_points() {
        let money = kpi(Unit::Money, Better::Higher, Scoring::Linear);
        let up = change(&money, Some(200.0), Some(214.0)).unwrap();
        assert_eq!(
            (up.amount, up.points, up.better),
            (Some(0.07), false, Some(true))
        );
        let cost = kpi(Unit::Percent, Better::Lower, Scoring::Linear);
        let worse = change(&cost, Some(0.142), Some(0.156)).unwrap();
        assert!((worse.amount.unwrap() - 0.014).abs() < 1e-12);
        assert_eq!((worse.points, worse.better), (true, Some(false)));
    }

    #[test]
    fn a_base_at_or_below_zero_gives_a_direction_and_no_percentage() {
        let money = kpi(Unit::Money, Better::Higher, Scoring::Linear);
        for (base, now) in [(-100.0, 50.0), (0.0, 50.0)] {
            let found = change(&money, Some(base), Some(now)).unwrap();
            assert_eq!((found.amount, found.better), (None, Some(true)));
        }
        let fell = change(&money, Some(100.0), Some(-50.0)).unwrap();
        assert_eq!((fell.amount, fell.better), (None, Some(false)));
        assert_eq!(change(&money, None, Some(1.0)), None);
        assert_eq!(change(&money, Some(1.0), Some(1.0)).unwrap().better, None);
    }

    #[test]
    fn a_range_improves_towards_its_best() {
        let range = Scoring::Range {
            best: (20.0, 30.0),
            zero: (10.0, 50.0),
        };
        let stock = kpi(Unit::Days, Better::Higher, range);
        assert_eq!(
            change(&stock, Some(45.0), Some(35.0)).unwrap().better,
            Some(true)
        );
        assert_eq!(change(&stock, Some(22.0), Some(28.0)).unwrap().better, None);
        assert_eq!(
            change(&stock, Some(28.0), Some(15.0)).unwrap().better,
            Some(false)
        );
    }
}
