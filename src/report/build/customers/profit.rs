//! The profit of customers: the whale curve, tenths, segments, and the bridge to the ledger.

use chrono::NaiveDate;

use super::portfolio::{class_text, rank};
use super::share;
use crate::message::Argument;
use crate::report::locale::Locale;
use crate::report::model::{
    Bridge, BridgeLine, CapacityUse, Lead, NewCustomers, Profit, SegmentProfit, Tenth, WhaleCurve,
    WhalePoint,
};

/// The whale curve of a segment, or of all, in figures: a row of `whale`.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs)]
pub struct WhaleFigures {
    /// None for all customers.
    pub segment: Option<String>,
    pub quarters: i64,
    pub customers: i64,
    pub profitable: i64,
    pub breaking_even: i64,
    pub unprofitable: i64,
    pub total: f64,
    pub peak: f64,
    pub losses: f64,
    pub relative: bool,
    pub revenue: f64,
    /// None where the data reach back no further than the twelve months.
    pub new_customers: Option<i64>,
    pub new_unprofitable: Option<i64>,
    pub new_losses: Option<f64>,
    pub with_costs: i64,
    pub revenue_with_costs: f64,
    pub unknown: i64,
    pub revenue_unknown: f64,
}

/// What is known of the profit of customers as of the reported period.
#[derive(Debug, Clone, PartialEq)]
pub struct ProfitFigures {
    /// All customers and each segment; empty where no cost of goods is known.
    pub whale: Vec<WhaleFigures>,
    /// Customers and their profit together, the most profitable first.
    pub curve: Vec<(i64, f64)>,
    /// Lines of `profit_bridge` by name, in order, the ledger last.
    pub bridge: Vec<(String, f64)>,
    /// Activity, cost of the quarter, used of it.
    pub capacity: Vec<(String, f64, f64)>,
    /// Share of revenue whose cost of goods is known, of the twelve months.
    pub cost_coverage: Option<f64>,
    /// Activities of the twelve months without a rate.
    pub unrated: i64,
    /// First day of the twelve months.
    pub starts: NaiveDate,
    /// Their last day.
    pub ends: NaiveDate,
    /// Half of the smallest coin.
    pub half_coin: f64,
}

/// The profit of customers as the report shows it.
pub(super) fn profit(figures: &ProfitFigures, locale: &Locale) -> Profit {
    let all = figures.whale.iter().find(|row| row.segment.is_none());
    let known = all.is_some();
    let nobody = WhaleFigures::default();
    let all = all.unwrap_or(&nobody);
    let reason = (!known).then(|| locale.text("worth.profit.unknown").to_owned());
    let curve = curve(all, &figures.curve);
    Profit {
        known,
        reason,
        lead: lead(all, &curve, locale),
        starts: figures.starts,
        ends: figures.ends,
        months: 3 * all.quarters,
        customers: all.customers,
        unprofitable: all.unprofitable,
        unprofitable_share: share(all.unprofitable as f64, all.customers as f64),
        new: new_customers(all),
        tenths: tenths(&curve, all.customers),
        curve,
        segments: segments(&figures.whale, locale),
        coverage: coverage(figures, all, locale),
        bridge: bridge(figures, locale),
        capacity: figures.capacity.iter().map(capacity).collect(),
    }
}

fn curve(all: &WhaleFigures, points: &[(i64, f64)]) -> WhaleCurve {
    let of_customers = |count: i64| share(count as f64, all.customers as f64);
    let of_total = |amount: f64| all.relative.then(|| amount / all.total);
    WhaleCurve {
        points: points
            .iter()
            .map(|(customers, cumulative)| WhalePoint {
                customers: *customers,
                customers_share: of_customers(*customers).unwrap_or(0.0),
                cumulative: *cumulative,
            })
            .collect(),
        total: all.total,
        peak: all.peak,
        losses: all.losses,
        relative: all.relative,
        peak_share: of_total(all.peak),
        lost_share: of_total(all.losses),
        peak_from: of_customers(all.profitable),
        peak_to: of_customers(all.breaking_even),
    }
}

/// Tenths by the points of the curve, every tenth of the customers being one. Where there are fewer
/// than ten customers, some tenths have none and are left out.
fn tenths(curve: &WhaleCurve, customers: i64) -> Vec<Tenth> {
    let mut before = (0, 0.0);
    (1..=10)
        .filter_map(|tenth| {
            let last = (tenth * customers + 9) / 10;
            let point = curve.points.iter().find(|point| point.customers == last)?;
            let count = last - before.0;
            let profit = point.cumulative - before.1;
            before = (last, point.cumulative);
            (count > 0).then(|| Tenth {
                tenth,
                customers: count,
                profit,
                cumulative: point.cumulative,
                cumulative_share: curve.relative.then(|| point.cumulative / curve.total),
            })
        })
        .collect()
}

fn new_customers(all: &WhaleFigures) -> Option<NewCustomers> {
    Some(NewCustomers {
        customers: all.new_customers?,
        unprofitable: all.new_unprofitable?,
        losses: all.new_losses?,
    })
}

/// The segments in their order, then all customers.
fn segments(whale: &[WhaleFigures], locale: &Locale) -> Vec<SegmentProfit> {
    let mut rows: Vec<&WhaleFigures> = whale.iter().collect();
    rows.sort_by_key(|row| match &row.segment {
        Some(class) => (false, rank(class), class.clone()),
        None => (true, 0, String::new()),
    });
    rows.into_iter()
        .map(|row| SegmentProfit {
            class: row.segment.clone().unwrap_or_default(),
            label: match &row.segment {
                Some(class) => class_text("class", class, locale),
                None => locale.text("worth.profit.all").to_owned(),
            },
            total: row.segment.is_none(),
            customers: row.customers,
            unprofitable: row.unprofitable,
            unprofitable_share: share(row.unprofitable as f64, row.customers as f64),
            profit: row.total,
            losses: row.losses,
        })
        .collect()
}

fn lead(all: &WhaleFigures, curve: &WhaleCurve, locale: &Locale) -> Lead {
    if all.customers == 0 {
        return Lead {
            bold: String::new(),
            rest: String::new(),
        };
    }
    let counts = [
        ("unprofitable", Argument::Count(all.unprofitable)),
        ("customers", Argument::Count(all.customers)),
        ("losses", Argument::Money(all.losses)),
        ("peak", Argument::Money(all.peak)),
        ("total", Argument::Money(all.total)),
        ("share", Argument::Percent(curve.peak_share.unwrap_or(1.0))),
        ("lost", Argument::Percent(curve.lost_share.unwrap_or(0.0))),
        ("from", Argument::Percent(curve.peak_from.unwrap_or(0.0))),
        ("to", Argument::Percent(curve.peak_to.unwrap_or(0.0))),
    ];
    let bold = if all.unprofitable == 0 {
        "worth.profit.lead-none"
    } else {
        "worth.profit.lead"
    };
    let rest = match (curve.relative, all.profitable == all.breaking_even) {
        (true, true) => "worth.profit.lead-peak",
        (true, false) => "worth.profit.lead-flat",
        (false, _) => "worth.profit.lead-money",
    };
    Lead {
        bold: locale.text_with(bold, &counts),
        rest: locale.text_with(rest, &counts),
    }
}

/// What the figures leave out.
fn coverage(figures: &ProfitFigures, all: &WhaleFigures, locale: &Locale) -> Vec<String> {
    if all.customers == 0 {
        return Vec::new();
    }
    let mut said = Vec::new();
    if let Some(share) = figures.cost_coverage {
        let args = [("share", Argument::Percent(share))];
        said.push(locale.text_with("worth.profit.cost-coverage", &args));
    }
    said.push(locale.text_with(
        "worth.profit.with-costs",
        &[
            ("customers", Argument::Count(all.with_costs)),
            ("all", Argument::Count(all.customers)),
            (
                "share",
                Argument::Percent(share(all.revenue_with_costs, all.revenue).unwrap_or(0.0)),
            ),
        ],
    ));
    if all.unknown > 0 {
        let args = [
            ("customers", Argument::Count(all.unknown)),
            ("revenue", Argument::Money(all.revenue_unknown)),
        ];
        said.push(locale.text_with("worth.profit.left-out", &args));
    }
    if figures.unrated > 0 {
        let args = [("count", Argument::Count(figures.unrated))];
        said.push(locale.text_with("worth.profit.unrated", &args));
    }
    if let Some(new) = new_customers(all).filter(|new| new.unprofitable > 0) {
        let args = [
            ("unprofitable", Argument::Count(new.unprofitable)),
            ("customers", Argument::Count(new.customers)),
            ("losses", Argument::Money(new.losses)),
        ];
        said.push(locale.text_with("worth.profit.new", &args));
    }
    said
}

fn bridge(figures: &ProfitFigures, locale: &Locale) -> Bridge {
    let ledger = figures.bridge.iter().find(|(id, _)| id == "ledger");
    let ledger = ledger.map_or(0.0, |(_, amount)| *amount);
    let lines: Vec<BridgeLine> = figures
        .bridge
        .iter()
        .map(|(id, amount)| BridgeLine {
            id: id.clone(),
            label: locale
                .text(&format!("worth.bridge.{}", id.replace('_', "-")))
                .to_owned(),
            value: *amount,
            total: ["customers", "ledger"].contains(&id.as_str()),
        })
        .collect();
    let before = lines.iter().filter(|line| line.id != "ledger");
    let difference = before.map(|line| line.value).sum::<f64>() - ledger;
    // Sums of f64 are off by less than a hundredth; what is told apart by them is a cost.
    let difference = (difference * 100.0).round() / 100.0 + 0.0;
    Bridge {
        lines,
        ledger,
        difference,
        ties_out: difference.abs() < figures.half_coin,
    }
}

fn capacity((activity, cost, used): &(String, f64, f64)) -> CapacityUse {
    CapacityUse {
        activity: activity.clone(),
        cost: *cost,
        used: *used,
        unused: cost - used,
        share: share(*used, *cost),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::locale::tests::locale;
    use crate::workspace::Language;

    fn figures(profits: &[f64]) -> ProfitFigures {
        let sum = |keep: fn(&f64) -> bool| profits.iter().filter(|p| keep(p)).sum::<f64>();
        let count = |keep: fn(&f64) -> bool| profits.iter().filter(|p| keep(p)).count() as i64;
        let (peak, losses) = (sum(|p| *p > 0.0), -sum(|p| *p < 0.0));
        let mut cumulative = 0.0;
        ProfitFigures {
            whale: vec![WhaleFigures {
                quarters: 4,
                customers: profits.len() as i64,
                profitable: count(|p| *p > 0.0),
                breaking_even: count(|p| *p >= 0.0),
                unprofitable: count(|p| *p < 0.0),
                total: peak - losses,
                peak,
                losses,
                relative: 20.0 * (peak - losses) >= peak + losses,
                ..WhaleFigures::default()
            }],
            curve: (1..)
                .zip(profits)
                .map(|(place, profit)| {
                    cumulative += profit;
                    (place, cumulative)
                })
                .collect(),
            bridge: [
                ("customers", 80.0),
                ("unused_capacity", -30.0),
                ("ledger", 50.0),
            ]
            .map(|(id, amount)| (id.to_owned(), amount))
            .to_vec(),
            capacity: vec![("packing".to_owned(), 40.0, 10.0)],
            cost_coverage: Some(1.0),
            unrated: 0,
            starts: NaiveDate::MIN,
            ends: NaiveDate::MAX,
            half_coin: 0.005,
        }
    }

    fn shown(figures: &ProfitFigures) -> Profit {
        profit(figures, &locale(Language::En, "USD"))
    }

    /// 137 % of the total at 60 to 70 % of the customers, and 37 of it destroyed.
    #[test]
    fn three_numbers_of_the_whale_curve() {
        let found = shown(&figures(&[
            50.0, 40.0, 30.0, 10.0, 5.0, 2.0, 0.0, -5.0, -12.0, -20.0,
        ]));
        assert_eq!(found.curve.peak_share, Some(1.37));
        assert_eq!(
            (found.curve.peak_from, found.curve.peak_to),
            (Some(0.6), Some(0.7))
        );
        assert_eq!(found.curve.lost_share, Some(0.37));
        assert_eq!(found.unprofitable_share, Some(0.3));
        let tenths: Vec<f64> = found.tenths.iter().map(|tenth| tenth.profit).collect();
        assert_eq!(
            tenths,
            [50.0, 40.0, 30.0, 10.0, 5.0, 2.0, 0.0, -5.0, -12.0, -20.0]
        );
        assert_eq!(found.tenths[5].cumulative_share, Some(1.37));
        assert!(found.lead.bold.contains("3 of 10"), "{:?}", found.lead);
    }

    /// 100 − 50 − 49 = 1: percent of it would be 10,000.
    #[test]
    fn a_total_near_zero_has_no_shares() {
        let found = shown(&figures(&[100.0, -50.0, -49.0]));
        assert!(!found.curve.relative);
        assert_eq!(
            (found.curve.peak_share, found.curve.lost_share),
            (None, None)
        );
        assert_eq!(found.curve.losses, 99.0);
        let tenths: Vec<(i64, f64)> = found.tenths.iter().map(|t| (t.tenth, t.profit)).collect();
        // Three customers: the first is in the first tenth, the second in the fourth, the last in the seventh.
        assert_eq!(tenths, [(1, 100.0), (4, -50.0), (7, -49.0)]);
        assert_eq!(found.tenths[0].cumulative_share, None);
    }

    #[test]
    fn the_bridge_says_whether_it_ties_out() {
        let mut figures = figures(&[1.0]);
        assert!(shown(&figures).bridge.ties_out);
        figures.bridge[0].1 = 80.01;
        let found = shown(&figures).bridge;
        assert!(!found.ties_out && found.difference == 0.01);
        assert_eq!(found.lines.len(), 3);
    }

    #[test]
    fn without_costs_there_is_a_reason() {
        let mut figures = figures(&[1.0]);
        figures.whale.clear();
        figures.curve.clear();
        let found = shown(&figures);
        assert!(!found.known && found.reason.is_some());
        assert!(found.coverage.is_empty() && found.lead.bold.is_empty());
    }
}
