//! The score of one KPI, 0 to 100, and the status it gives.
//!
//! Methods after `linear`: position between floor and target (BSC Designer calls it *performance*,
//! NICE the clamped result); `goal-red-flag`: Spider Impact's default scale; `banded`: the first
//! band that holds, as ClearPoint reads its evaluations. Quotients such as actual ÷ target are not
//! offered: they turn over with a negative target and fail at a target of zero.

use serde::Serialize;

use super::definition::{Band, Better, Scoring};

/// What a score or a value is worth looking at for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// On or above the upper bound.
    Good,
    /// Between the bounds.
    Watch,
    /// Below the lower bound.
    Act,
    /// Something it needs is missing.
    NotMeasured,
    /// A node with too little of its weight measured.
    InsufficientData,
    /// Not asked for in this period.
    NotDue,
    /// Shown, not scored.
    Information,
}

/// The figures a KPI is scored against.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Marks {
    /// The value to reach.
    pub target: Option<f64>,
    /// The value that scores 0 (`linear`).
    pub floor: Option<f64>,
    /// The value that scores 33.33 (`goal-red-flag`).
    pub red_flag: Option<f64>,
    /// A value beyond the target, to aim at; it scores no more than the target does.
    pub stretch: Option<f64>,
}

/// Why a value cannot be scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoScore {
    /// The method scores nothing.
    Unscored,
    /// There is no target.
    NoTarget,
    /// There is a target, and no floor or red flag to measure the distance with.
    NoFloor,
    /// Target and floor (or red flag) are equal or against the direction.
    BadScale,
    /// No band holds the value.
    NoBand,
    /// The function that scores it answers that it cannot; one without its function cannot either.
    NoAnswer,
}

/// A third of the scale, where Spider Impact's red flag lies.
const THIRD: f64 = 100.0 / 3.0;

/// What rounding in the last bits may take from a score that lies on a bound.
const ROUNDING: f64 = 1e-9;

/// Scores a value; one that a function of the client scores is scored by that.
///
/// # Errors
/// Why there is no score; never NaN.
pub fn score(scoring: &Scoring, better: Better, marks: &Marks, value: f64) -> Result<f64, NoScore> {
    match scoring {
        Scoring::Unscored => Err(NoScore::Unscored),
        Scoring::Linear => {
            let (zero, full) = line(better, marks)?;
            Ok(clip(100.0 * (value - zero) / (full - zero)))
        }
        Scoring::GoalRedFlag => {
            let (flag, goal) = flags(better, marks)?;
            Ok(clip(THIRD + THIRD * (value - flag) / (goal - flag)))
        }
        Scoring::Binary => {
            let target = marks.target.ok_or(NoScore::NoTarget)?;
            let met = match better {
                Better::Higher => value >= target,
                Better::Lower => value <= target,
            };
            Ok(if met { 100.0 } else { 0.0 })
        }
        Scoring::Banded(bands) => bands
            .iter()
            .find(|band| band.holds(value))
            .map(|band| clip(band.score))
            .ok_or(NoScore::NoBand),
        Scoring::Range { best, zero } => Ok(in_range(*best, *zero, value)),
        Scoring::Script(_) => Err(NoScore::NoAnswer),
    }
}

/// The status of a score, closed on the good side.
pub fn status(scoring: Option<&Scoring>, score: f64) -> Status {
    let (good, watch) = match scoring {
        Some(Scoring::GoalRedFlag) => (2.0 * THIRD, THIRD),
        _ => (75.0, 50.0),
    };
    if score >= good - ROUNDING {
        Status::Good
    } else if score >= watch - ROUNDING {
        Status::Watch
    } else {
        Status::Act
    }
}

/// The values at which a KPI scores 0, 50, 75 and 100; for `goal-red-flag` those at which it scores
/// 0, 33.33, 66.67 and 100, where its status changes. Empty where the scale is not one line.
pub fn scale(scoring: &Scoring, better: Better, marks: &Marks) -> Vec<f64> {
    match scoring {
        Scoring::Linear => line(better, marks).map_or_else(
            |_| Vec::new(),
            |(zero, full)| {
                let at = |share: f64| zero + share * (full - zero);
                vec![zero, at(0.5), at(0.75), full]
            },
        ),
        Scoring::GoalRedFlag => flags(better, marks).map_or_else(
            |_| Vec::new(),
            |(flag, goal)| vec![2.0 * flag - goal, flag, goal, 2.0 * goal - flag],
        ),
        _ => Vec::new(),
    }
}

/// The floor in force: the one given or, with a target above zero, zero where higher is better and
/// twice the target where lower is (so that the score is actual ÷ target, or one less the relative
/// excess, as Camms prints it).
pub fn floor(better: Better, marks: &Marks) -> Option<f64> {
    marks.floor.or_else(|| {
        let target = marks.target.filter(|target| *target > 0.0)?;
        Some(match better {
            Better::Higher => 0.0,
            Better::Lower => 2.0 * target,
        })
    })
}

/// Whether `near` lies on the side of `far` that the direction calls worse.
pub fn in_order(better: Better, worse: f64, good: f64) -> bool {
    match better {
        Better::Higher => worse < good,
        Better::Lower => worse > good,
    }
}

fn line(better: Better, marks: &Marks) -> Result<(f64, f64), NoScore> {
    let full = marks.target.ok_or(NoScore::NoTarget)?;
    let zero = floor(better, marks).ok_or(NoScore::NoFloor)?;
    if in_order(better, zero, full) {
        Ok((zero, full))
    } else {
        Err(NoScore::BadScale)
    }
}

fn flags(better: Better, marks: &Marks) -> Result<(f64, f64), NoScore> {
    let goal = marks.target.ok_or(NoScore::NoTarget)?;
    let flag = marks.red_flag.ok_or(NoScore::NoFloor)?;
    if in_order(better, flag, goal) {
        Ok((flag, goal))
    } else {
        Err(NoScore::BadScale)
    }
}

fn in_range(best: (f64, f64), zero: (f64, f64), value: f64) -> f64 {
    if value < best.0 {
        clip(100.0 * (value - zero.0) / (best.0 - zero.0))
    } else if value > best.1 {
        clip(100.0 * (zero.1 - value) / (zero.1 - best.1))
    } else {
        100.0
    }
}

fn clip(score: f64) -> f64 {
    score.clamp(0.0, 100.0)
}

impl Band {
    /// Whether every bound that is given holds.
    pub fn holds(&self, value: f64) -> bool {
        self.at_least.is_none_or(|bound| value >= bound)
            && self.above.is_none_or(|bound| value > bound)
            && self.at_most.is_none_or(|bound| value <= bound)
            && self.below.is_none_or(|bound| value < bound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marks(target: f64, floor: f64) -> Marks {
        Marks {
            target: Some(target),
            floor: Some(floor),
            ..Marks::default()
        }
    }

    fn linear(better: Better, target: f64, floor: f64, value: f64) -> f64 {
        score(&Scoring::Linear, better, &marks(target, floor), value).unwrap()
    }

    fn spider(better: Better, goal: f64, flag: f64, value: f64) -> f64 {
        let marks = Marks {
            target: Some(goal),
            red_flag: Some(flag),
            ..Marks::default()
        };
        score(&Scoring::GoalRedFlag, better, &marks, value).unwrap()
    }

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9, "{a} is not {b}");
    }

    /// "w·(a − min)/(target − min)" with actual 85, target 100, minimum 50, weight 0.3 is 0.21.
    #[test]
    fn sliding_scale_of_a_textbook() {
        close(0.3 * linear(Better::Higher, 100.0, 50.0, 85.0), 21.0);
    }

    /// exceldemy.com, balanced scorecard: 50 points at 4 %, 100 at 2 %, lower is better; 3 % is 75.
    /// The line through both points reaches 0 at 6 %.
    #[test]
    fn interpolated_score_of_exceldemy() {
        close(linear(Better::Lower, 0.02, 0.06, 0.04), 50.0);
        close(linear(Better::Lower, 0.02, 0.06, 0.03), 75.0);
    }

    /// Camms: less is better 1 − (actual/target) + 1, more is better actual/target; 8 % against
    /// 10 % is 1.20, 95 against 85 is 1.1176, both capped here. Without a floor this is the scale.
    #[test]
    fn without_a_floor_the_scale_is_that_of_camms() {
        let of = |better, target, value| {
            let marks = Marks {
                target: Some(target),
                ..Marks::default()
            };
            score(&Scoring::Linear, better, &marks, value).unwrap()
        };
        close(of(Better::Lower, 0.10, 0.08), 100.0);
        close(of(Better::Lower, 0.10, 0.12), 80.0);
        close(of(Better::Higher, 85.0, 95.0), 100.0);
        close(of(Better::Higher, 85.0, 68.0), 80.0);
    }

    /// BSC Designer, indicator details: minimum 0, maximum 200, value 50 is 25 %.
    #[test]
    fn performance_of_bsc_designer() {
        close(linear(Better::Higher, 200.0, 0.0, 50.0), 25.0);
    }

    /// NICE inContact clamps the actual to [best, worst] before (worst − actual)/(worst − best).
    #[test]
    fn beyond_the_ends_the_score_is_clipped() {
        for (value, expected) in [
            (30.0, 0.0),
            (20.0, 0.0),
            (15.0, 50.0),
            (10.0, 100.0),
            (2.0, 100.0),
        ] {
            close(linear(Better::Lower, 10.0, 20.0, value), expected);
        }
    }

    /// Spider Impact, "Using KPI scoring types": goal 700 and red flag 500 reach 0 at 300 and 10 (of
    /// 10) at 900; goal 2, red flag 8, actual 3 is 6.11 of 10.
    #[test]
    fn spiders_published_points() {
        close(spider(Better::Higher, 700.0, 500.0, 300.0), 0.0);
        close(spider(Better::Higher, 700.0, 500.0, 500.0), THIRD);
        close(spider(Better::Higher, 700.0, 500.0, 700.0), 2.0 * THIRD);
        close(spider(Better::Higher, 700.0, 500.0, 900.0), 100.0);
        let actual = spider(Better::Lower, 2.0, 8.0, 3.0);
        assert_eq!(format!("{:.2}", actual / 10.0), "6.11");
        assert_eq!(status(Some(&Scoring::GoalRedFlag), actual), Status::Watch);
    }

    /// SAP Strategy Management printed −150 % for a target of −2 and an actual of +3, and −100 % for
    /// a target of −1 that is met.
    #[test]
    fn negative_target_ratio() {
        close(linear(Better::Higher, -2.0, -10.0, 3.0), 100.0);
        close(linear(Better::Higher, -1.0, -10.0, -1.0), 100.0);
        close(linear(Better::Higher, -2.0, -10.0, -6.0), 50.0);
        let no_floor = Marks {
            target: Some(-2.0),
            ..Marks::default()
        };
        assert_eq!(
            score(&Scoring::Linear, Better::Higher, &no_floor, 3.0),
            Err(NoScore::NoFloor)
        );
    }

    /// A target of zero (no complaints) divides by zero in ratio methods; 1 − actual/target gives 0
    /// for hitting a target exactly.
    #[test]
    fn zero_target() {
        close(linear(Better::Lower, 0.0, 20.0, 0.0), 100.0);
        close(linear(Better::Lower, 0.0, 20.0, 5.0), 75.0);
        let no_floor = Marks {
            target: Some(0.0),
            ..Marks::default()
        };
        assert_eq!(
            score(&Scoring::Linear, Better::Lower, &no_floor, 0.0),
            Err(NoScore::NoFloor)
        );
    }

    #[test]
    fn a_scale_that_is_a_point_or_upside_down_is_no_scale() {
        for (better, target, floor) in [
            (Better::Higher, 5.0, 5.0),
            (Better::Higher, 5.0, 9.0),
            (Better::Lower, 5.0, 2.0),
        ] {
            assert_eq!(
                score(&Scoring::Linear, better, &marks(target, floor), 5.0),
                Err(NoScore::BadScale)
            );
        }
    }

    #[test]
    fn the_first_band_that_holds_wins() {
        let bands = Scoring::Banded(vec![
            Band {
                at_least: Some(0.9),
                score: 100.0,
                ..Band::default()
            },
            Band {
                at_least: Some(0.5),
                score: 60.0,
                ..Band::default()
            },
            Band {
                below: Some(0.5),
                above: Some(0.1),
                score: 20.0,
                ..Band::default()
            },
        ]);
        let of = |value| score(&bands, Better::Higher, &Marks::default(), value);
        assert_eq!(of(0.95), Ok(100.0));
        assert_eq!(of(0.9), Ok(100.0));
        assert_eq!(of(0.5), Ok(60.0));
        assert_eq!(of(0.3), Ok(20.0));
        assert_eq!(of(0.1), Err(NoScore::NoBand));
    }

    #[test]
    fn a_range_falls_on_both_sides() {
        let range = Scoring::Range {
            best: (20.0, 30.0),
            zero: (10.0, 50.0),
        };
        for (value, expected) in [
            (5.0, 0.0),
            (15.0, 50.0),
            (20.0, 100.0),
            (25.0, 100.0),
            (40.0, 50.0),
            (60.0, 0.0),
        ] {
            assert_eq!(
                score(&range, Better::Higher, &Marks::default(), value),
                Ok(expected)
            );
        }
    }

    #[test]
    fn binary_is_met_or_not() {
        let of = |better, value| score(&Scoring::Binary, better, &marks(4.0, 0.0), value).unwrap();
        assert_eq!(of(Better::Higher, 4.0), 100.0);
        assert_eq!(of(Better::Higher, 3.9), 0.0);
        assert_eq!(of(Better::Lower, 4.0), 100.0);
        assert_eq!(of(Better::Lower, 4.1), 0.0);
    }

    #[test]
    fn status_is_closed_on_the_good_side_and_not_rounded() {
        assert_eq!(status(None, 75.0), Status::Good);
        assert_eq!(status(None, 74.999), Status::Watch);
        assert_eq!(status(None, 50.0), Status::Watch);
        assert_eq!(status(None, 49.999), Status::Act);
        // 0.42 + 0.75 × (0.60 − 0.42) is 0.555 only up to the last bit.
        assert_eq!(
            status(None, linear(Better::Higher, 0.60, 0.42, 0.555)),
            Status::Good
        );
    }

    #[test]
    fn the_bullets_shades_change_where_the_status_does() {
        let m = marks(0.13, 0.17);
        let scale = scale(&Scoring::Linear, Better::Lower, &m);
        for (value, expected) in scale.iter().zip([0.0, 50.0, 75.0, 100.0]) {
            close(
                score(&Scoring::Linear, Better::Lower, &m, *value).unwrap(),
                expected,
            );
        }
    }

    proptest! {
        #[test]
        fn a_score_is_within_its_bounds_and_grows_with_the_value(
            target in -1e6f64..1e6, floor in -1e6f64..1e6, a in -1e7f64..1e7, b in -1e7f64..1e7,
        ) {
            prop_assume!(floor < target);
            let of = |value| score(&Scoring::Linear, Better::Higher, &marks(target, floor), value);
            let (low, high) = (of(a.min(b)).unwrap(), of(a.max(b)).unwrap());
            prop_assert!((0.0..=100.0).contains(&low) && low <= high && high <= 100.0);
        }

        #[test]
        fn turning_the_axis_round_changes_no_score(
            target in -1e3f64..1e3, floor in -1e3f64..1e3, value in -1e4f64..1e4,
        ) {
            prop_assume!(floor < target);
            let up = score(&Scoring::Linear, Better::Higher, &marks(target, floor), value).unwrap();
            let down = score(&Scoring::Linear, Better::Lower, &marks(-target, -floor), -value).unwrap();
            prop_assert!((up - down).abs() < 1e-9);
        }
    }
}
