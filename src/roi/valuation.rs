//! What a case is worth under one set of assumptions.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::case::{Case, Deployment, Level, Line, Side};
use super::finance::{self, Payback};
use super::schedule;

/// A set of assumptions: the base has every line likely, no shift and the case's own rate.
#[derive(Debug, Clone, PartialEq)]
pub struct Assumptions {
    /// Level of each line.
    pub levels: Vec<Level>,
    /// Months by which benefits start later.
    pub shift: i32,
    /// Annual hurdle rate.
    pub hurdle_rate: f64,
    /// Deployment option whose lines count beside those of every option.
    pub option: Option<Deployment>,
}

impl Assumptions {
    /// Those of the base.
    pub fn base(case: &Case) -> Self {
        Self {
            levels: vec![Level::Likely; case.lines.len()],
            shift: 0,
            hurdle_rate: case.hurdle_rate,
            option: case.option,
        }
    }
}

/// A case valued: flows exact by step, present values in f64.
#[derive(Debug, Clone, PartialEq)]
pub struct Valuation {
    /// Money of each line by step, positive for both sides; none for a line that does not count.
    pub lines: Vec<Option<Vec<Decimal>>>,
    /// Costs by step.
    pub costs: Vec<Decimal>,
    /// Benefits by step.
    pub benefits: Vec<Decimal>,
    /// Benefits less costs by step.
    pub net: Vec<f64>,
    /// Steps in a year.
    pub per_year: u32,
    /// The rate it is discounted with.
    pub hurdle_rate: f64,
    /// Present value of costs.
    pub pv_costs: f64,
    /// Present value of benefits.
    pub pv_benefits: f64,
    /// Present value of benefits less that of costs.
    pub npv: f64,
}

/// Values a case. `units` holds for each line what its points are factors of (1 for amounts), none
/// where that is not known: the line is then left out.
pub fn value(case: &Case, units: &[Option<Decimal>], with: &Assumptions) -> Valuation {
    let lines: Vec<_> = case
        .lines
        .iter()
        .zip(units)
        .zip(&with.levels)
        .map(|((line, unit), level)| {
            let unit = (*unit).filter(|_| case.counts(line, with.option))?;
            Some(flows(case, line, unit, *level, with.shift))
        })
        .collect();
    let sum = |side: Side| {
        let mut sums = vec![Decimal::ZERO; case.steps()];
        for (_, flows) in case
            .lines
            .iter()
            .zip(&lines)
            .filter(|(l, _)| l.side == side)
        {
            for (sum, flow) in sums.iter_mut().zip(flows.iter().flatten()) {
                *sum += flow;
            }
        }
        sums
    };
    let (costs, benefits) = (sum(Side::Cost), sum(Side::Benefit));
    let net = benefits
        .iter()
        .zip(&costs)
        .map(|(b, c)| float(b - c))
        .collect();
    let per_year = case.timing.per_year();
    let pv = |flows: &[Decimal]| finance::npv(&floats(flows), with.hurdle_rate, per_year);
    let (pv_costs, pv_benefits) = (pv(&costs), pv(&benefits));
    Valuation {
        lines,
        costs,
        benefits,
        net,
        per_year,
        hurdle_rate: with.hurdle_rate,
        pv_costs,
        pv_benefits,
        npv: pv_benefits - pv_costs,
    }
}

/// Money of one line by step.
fn flows(case: &Case, line: &Line, unit: Decimal, level: Level, shift: i32) -> Vec<Decimal> {
    let shares = schedule::monthly_shares(case, line, shift, case.months());
    schedule::by_step(
        case,
        &shares,
        line.points.at(level) * schedule::weight(line, unit),
    )
}

impl Valuation {
    /// Sum of all costs, undiscounted.
    pub fn total_costs(&self) -> Decimal {
        self.costs.iter().sum()
    }

    /// Sum of all benefits, undiscounted.
    pub fn total_benefits(&self) -> Decimal {
        self.benefits.iter().sum()
    }

    /// Every annual internal rate of return, ascending.
    pub fn irr(&self) -> Vec<f64> {
        finance::irr(&self.net, self.per_year)
    }

    /// Present value of one line; 0 for one that does not count.
    pub fn pv_line(&self, index: usize) -> f64 {
        match self.lines.get(index) {
            Some(Some(flows)) => finance::npv(&floats(flows), self.hurdle_rate, self.per_year),
            _ => 0.0,
        }
    }

    /// Net flow times discount factor by step.
    pub fn present_values(&self) -> Vec<f64> {
        self.net
            .iter()
            .enumerate()
            .map(|(step, flow)| {
                flow * finance::discount_factor(self.hurdle_rate, step, self.per_year)
            })
            .collect()
    }

    /// Payback in months from the start.
    pub fn payback_months(&self) -> Payback {
        self.in_months(finance::payback(&self.net))
    }

    /// Payback of the discounted flows in months from the start.
    pub fn discounted_payback_months(&self) -> Payback {
        self.in_months(finance::payback(&self.present_values()))
    }

    fn in_months(&self, payback: Payback) -> Payback {
        let months = f64::from(12 / self.per_year);
        Payback {
            first: payback.first.map(|steps| steps * months),
            last: payback.last.map(|steps| steps * months),
        }
    }

    /// The TEI convention: (PV benefits − PV costs) ÷ PV costs; none without costs.
    pub fn roi_tei(&self) -> Option<f64> {
        (self.pv_costs > 0.0).then(|| self.npv / self.pv_costs)
    }
}

/// A decimal for models and print; decimals of this module are far inside the range of f64.
pub fn float(decimal: Decimal) -> f64 {
    decimal.to_f64().unwrap_or(f64::NAN)
}

/// The same for several.
pub fn floats(decimals: &[Decimal]) -> Vec<f64> {
    decimals.iter().copied().map(float).collect()
}
