//! A case appraised: its value, the figures that are all called ROI, and what they hang on.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::case::{Attribution, Case, Deployment, IMPLEMENTATION_TIME, KINDS, Level, Side};
use super::finance;
use super::schedule;
use super::valuation::{Assumptions, Valuation, float, value};
use crate::calendar::Quarter;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::engine::Measure;

/// Below this share of all costs, an initial cost makes ratios over it explode.
pub const SMALL_INITIAL: f64 = 0.20;

/// What a line's points are factors of.
#[derive(Debug, Clone, PartialEq)]
pub enum Unit {
    /// Nothing: they are amounts.
    Amount,
    /// The value of a measure in the reported period.
    Measure(Decimal),
    /// A measure that has no value; the line is left out.
    Missing {
        /// Input tables it needs that were not supplied; empty where there is another reason.
        tables: Vec<String>,
    },
}

impl Unit {
    fn factor(&self) -> Option<Decimal> {
        match self {
            Self::Amount => Some(Decimal::ONE),
            Self::Measure(value) => Some(*value),
            Self::Missing { .. } => None,
        }
    }
}

/// The figures that are all called ROI; each a ratio, 3.29 for 329 %, none without a denominator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conventions {
    /// The textbook's profit ÷ investment: (Σ benefits − Σ running costs) ÷ initial cost.
    pub seed: Option<f64>,
    /// (Σ benefits − Σ costs) ÷ Σ costs, undiscounted.
    pub simple: Option<f64>,
    /// (PV benefits − PV costs) ÷ PV costs, as in Forrester's Total Economic Impact.
    pub tei: Option<f64>,
    /// Average annual net benefit ÷ initial cost, as Nucleus Research defines it.
    pub nucleus: Option<f64>,
}

/// One of the eight cost components.
#[derive(Debug, Clone, PartialEq)]
pub struct Component {
    /// 1 to 8.
    pub number: u8,
    /// Paid once, up to going live; none where no line was supplied.
    pub initial: Option<Decimal>,
    /// All its other costs over the horizon.
    pub recurring: Option<Decimal>,
    /// Cost by step.
    pub flows: Vec<Decimal>,
    /// For one not supplied: the cost at the start, and that at every year's end, that would bring
    /// NPV to 0; 0 where it is not above 0 without.
    pub room: Option<(f64, f64)>,
}

impl Component {
    /// Whether any line of it was supplied.
    pub fn is_supplied(&self) -> bool {
        self.initial.is_some()
    }
}

/// At which multiple of a benefit NPV is 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum BreakEven {
    /// At this one, all else equal; above 1 where NPV is below 0.
    At(f64),
    /// NPV is above 0 without the benefit.
    NotNeeded,
    /// No multiple: the benefit has no present value.
    Never,
}

/// A benefit line worked out; one per benefit of the case, in its order.
#[derive(Debug, Clone, PartialEq)]
pub struct Benefit {
    /// Index of its line.
    pub line: usize,
    /// Over the horizon, undiscounted; none where its measure has no value.
    pub total: Option<Decimal>,
    /// The multiple of it at which NPV is 0.
    pub break_even: BreakEven,
}

/// What sensitivity moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Assumption {
    /// A line, by index, to its low and high.
    Line(usize),
    /// The hurdle rate.
    HurdleRate,
    /// Months by which benefits start later.
    GoLive,
}

/// What one assumption does to NPV, all else at the base.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Swing {
    /// What is moved.
    pub of: Assumption,
    /// NPV at the low end.
    pub npv_low: f64,
    /// NPV at the high end.
    pub npv_high: f64,
}

/// What a phase costs and brings over the horizon.
#[derive(Debug, Clone, PartialEq)]
pub struct PhaseTotals {
    /// Its index; none for what belongs to no phase.
    pub phase: Option<usize>,
    /// Its costs.
    pub costs: Decimal,
    /// Its benefits.
    pub benefits: Decimal,
}

/// What was planned of a line up to the data's last day against what was booked.
#[derive(Debug, Clone, PartialEq)]
pub struct Realised {
    /// Index of the line.
    pub line: usize,
    /// Planned up to then, as it counts in the case.
    pub plan: Decimal,
    /// Booked.
    pub realised: Decimal,
}

/// A case worked out.
#[derive(Debug, Clone, PartialEq)]
pub struct Appraisal {
    /// The case.
    pub case: Case,
    /// The period whose measures benefits are tied to.
    pub period: Quarter,
    /// The last day that the data cover.
    pub data_to: NaiveDate,
    /// What the points of each line are factors of.
    pub units: Vec<Unit>,
    /// The base.
    pub base: Valuation,
    /// Costs paid once, up to going live.
    pub initial: Decimal,
    /// The four figures called ROI.
    pub conventions: Conventions,
    /// The eight cost components.
    pub components: Vec<Component>,
    /// The benefit lines.
    pub benefits: Vec<Benefit>,
    /// The case's scenarios, in its order.
    pub scenarios: Vec<Valuation>,
    /// Deployment options side by side; empty where lines belong to fewer than two.
    pub options: Vec<(Deployment, Valuation)>,
    /// One assumption at a time, the largest swing first.
    pub swings: Vec<Swing>,
    /// Phases in order, then what belongs to none; empty where the case has no phases.
    pub phases: Vec<PhaseTotals>,
    /// Lines with booked amounts.
    pub realised: Vec<Realised>,
    /// NPV without the benefits whose cause is not shown; none where there are none or only such.
    pub npv_without_associated: Option<f64>,
    /// Every annual internal rate of return of the flows at their days, actual/365.
    pub xirr: Vec<f64>,
}

/// Works a case out. Measures give what benefits are tied to, in total for the period; `data_to` is
/// the last day for which amounts can have been booked.
pub fn appraise(
    case: Case,
    measures: &[Measure],
    period: Quarter,
    data_to: NaiveDate,
    problems: &mut Diagnostics,
) -> Appraisal {
    let units = resolve(&case, measures, period, problems);
    let factors: Vec<_> = units.iter().map(Unit::factor).collect();
    let with = Assumptions::base(&case);
    let base = value(&case, &factors, &with);
    let initial = initial_cost(&case, &base);
    let scenarios = case.scenarios.iter().map(|scenario| {
        let with = Assumptions {
            levels: scenario.levels.clone(),
            shift: scenario.shift,
            hurdle_rate: scenario.hurdle_rate.unwrap_or(case.hurdle_rate),
            option: case.option,
        };
        value(&case, &factors, &with)
    });
    let options = case.options();
    let options = options.into_iter().filter(|_| case.options().len() > 1);
    let options = options.map(|option| {
        let with = Assumptions {
            option: Some(option),
            ..with.clone()
        };
        (option, value(&case, &factors, &with))
    });
    Appraisal {
        conventions: conventions(&case, &base, initial),
        components: components(&case, &base),
        benefits: benefits(&case, &base),
        scenarios: scenarios.collect(),
        options: options.collect(),
        swings: swings(&case, &factors, &base),
        phases: phases(&case, &base),
        realised: realised(&case, &factors, data_to),
        npv_without_associated: without_associated(&case, &base),
        xirr: finance::xirr(&dated(&case, &base)),
        initial,
        units,
        base,
        period,
        data_to,
        case,
    }
}

fn resolve(
    case: &Case,
    measures: &[Measure],
    period: Quarter,
    problems: &mut Diagnostics,
) -> Vec<Unit> {
    let unit = |line: &super::case::Line, problems: &mut Diagnostics| {
        let Some(name) = &line.measure else {
            return Unit::Amount;
        };
        let measure = measures.iter().find(|measure| measure.name == *name);
        let value = measure
            .and_then(|measure| measure.total(period)?.value)
            .and_then(|value| Decimal::try_from(value).ok())
            // Beyond it, products with the largest factor and the horizon would not fit a decimal.
            .filter(|value| value.abs() <= Decimal::from(super::read::LARGEST));
        match value {
            Some(value) => Unit::Measure(value),
            None => {
                let tables = measure.map_or(Vec::new(), |m| m.missing_tables.clone());
                let why = if tables.is_empty() {
                    String::new()
                } else {
                    format!(": no table `{}`", tables.join("`, `"))
                };
                let message = format!(
                    "benefit `{}` is left out: measure `{name}` has no value in {period}{why}",
                    line.name
                );
                problems.push(
                    Diagnostic::warning(&codes::roi::NO_FIGURE, message).at(line.place.clone()),
                );
                Unit::Missing { tables }
            }
        }
    };
    case.lines.iter().map(|line| unit(line, problems)).collect()
}

/// Whether a cost line is part of the initial cost: paid once, up to going live.
pub fn is_initial(case: &Case, index: usize) -> bool {
    case.lines.get(index).is_some_and(|line| {
        line.side == Side::Cost
            && line.every.is_none()
            && schedule::first_month(case, line, 0) <= case.go_live
    })
}

fn total(flows: &Option<Vec<Decimal>>) -> Option<Decimal> {
    flows.as_ref().map(|flows| flows.iter().sum())
}

/// Costs paid once, up to going live.
pub fn initial_cost(case: &Case, base: &Valuation) -> Decimal {
    let lines = base.lines.iter().enumerate();
    lines
        .filter(|(index, _)| is_initial(case, *index))
        .filter_map(|(_, flows)| total(flows))
        .sum()
}

fn conventions(case: &Case, base: &Valuation, initial: Decimal) -> Conventions {
    let (costs, benefits) = (base.total_costs(), base.total_benefits());
    let over = |profit: Decimal, investment: Decimal| {
        (investment > Decimal::ZERO).then(|| float(profit) / float(investment))
    };
    let net_of_running = benefits - (costs - initial);
    Conventions {
        seed: over(net_of_running, initial),
        simple: over(benefits - costs, costs),
        tei: base.roi_tei(),
        nucleus: over(net_of_running, initial * Decimal::from(case.horizon_years)),
    }
}

fn components(case: &Case, base: &Valuation) -> Vec<Component> {
    let annuity: f64 = (1..=case.horizon_years)
        .map(|year| finance::discount_factor(case.hurdle_rate, year as usize, 1))
        .sum();
    let room = base.npv.max(0.0);
    (1..=KINDS)
        .map(|number| {
            let mut component = Component {
                number,
                initial: None,
                recurring: None,
                flows: vec![Decimal::ZERO; case.steps()],
                room: None,
            };
            for (index, line) in case.lines.iter().enumerate() {
                let Some(Some(flows)) = base.lines.get(index) else {
                    continue;
                };
                if line.side != Side::Cost || line.number != number {
                    continue;
                }
                let sum: Decimal = flows.iter().sum();
                let (once, again) = if is_initial(case, index) {
                    (sum, Decimal::ZERO)
                } else {
                    (Decimal::ZERO, sum)
                };
                *component.initial.get_or_insert_default() += once;
                *component.recurring.get_or_insert_default() += again;
                for (sum, flow) in component.flows.iter_mut().zip(flows) {
                    *sum += flow;
                }
            }
            // Implementation time is a duration; the go-live month supplies it.
            if !component.is_supplied() && number != IMPLEMENTATION_TIME {
                component.room = Some((room, room / annuity));
            }
            component
        })
        .collect()
}

fn benefits(case: &Case, base: &Valuation) -> Vec<Benefit> {
    let lines = case.lines.iter().enumerate();
    lines
        .filter(|(_, line)| line.side == Side::Benefit && case.counts(line, case.option))
        .map(|(index, _)| {
            let present = base.pv_line(index);
            let multiple = 1.0 - base.npv / present;
            Benefit {
                line: index,
                total: base.lines.get(index).and_then(total),
                break_even: if present <= 0.0 {
                    BreakEven::Never
                } else if multiple <= 0.0 {
                    BreakEven::NotNeeded
                } else {
                    BreakEven::At(multiple)
                },
            }
        })
        .collect()
}

fn swings(case: &Case, factors: &[Option<Decimal>], base: &Valuation) -> Vec<Swing> {
    let with = Assumptions::base(case);
    let npv = |with: &Assumptions| value(case, factors, with).npv;
    let mut swings = Vec::new();
    for (index, line) in case.lines.iter().enumerate() {
        if !line.points.has_range() || !matches!(base.lines.get(index), Some(Some(_))) {
            continue;
        }
        let at = |level: Level| {
            let mut with = with.clone();
            if let Some(slot) = with.levels.get_mut(index) {
                *slot = level;
            }
            npv(&with)
        };
        swings.push(Swing {
            of: Assumption::Line(index),
            npv_low: at(Level::Low),
            npv_high: at(Level::High),
        });
    }
    let rate = |hurdle_rate| {
        npv(&Assumptions {
            hurdle_rate,
            ..with.clone()
        })
    };
    let (low, high) = case.ranges.hurdle_rate;
    swings.push(Swing {
        of: Assumption::HurdleRate,
        npv_low: rate(low),
        npv_high: rate(high),
    });
    let shifted = |shift| {
        npv(&Assumptions {
            shift,
            ..with.clone()
        })
    };
    let (low, high) = case.ranges.shift;
    swings.push(Swing {
        of: Assumption::GoLive,
        npv_low: shifted(low),
        npv_high: shifted(high),
    });
    // Stable, so that equal swings keep the order of the case.
    let width = |swing: &Swing| (swing.npv_high - swing.npv_low).abs();
    swings.sort_by(|a, b| width(b).total_cmp(&width(a)));
    swings
}

fn phases(case: &Case, base: &Valuation) -> Vec<PhaseTotals> {
    if case.phases.is_empty() {
        return Vec::new();
    }
    let of = |phase: Option<usize>| {
        let sum = |side: Side| {
            let lines = case.lines.iter().zip(&base.lines);
            lines
                .filter(|(line, _)| line.phase == phase && line.side == side)
                .filter_map(|(_, flows)| total(flows))
                .sum()
        };
        PhaseTotals {
            phase,
            costs: sum(Side::Cost),
            benefits: sum(Side::Benefit),
        }
    };
    let phases = (0..case.phases.len()).map(Some).chain([None]);
    phases
        .map(of)
        .filter(|t| t.phase.is_some() || !(t.costs + t.benefits).is_zero())
        .collect()
}

fn realised(case: &Case, factors: &[Option<Decimal>], data_to: NaiveDate) -> Vec<Realised> {
    let elapsed = (0..=case.months())
        .take_while(|month| *month == 0 || case.day(*month).pred_opt() <= Some(data_to))
        .last()
        .unwrap_or(0);
    let lines = case.lines.iter().zip(factors).enumerate();
    lines
        .filter_map(|(index, (line, factor))| {
            let realised = line.realised?;
            let factor = (*factor).filter(|_| case.counts(line, case.option))?;
            let shares = schedule::monthly_shares(case, line, 0, case.months());
            let share: Decimal = shares.iter().take(elapsed as usize + 1).sum();
            let plan = share * line.points.likely * schedule::weight(line, factor);
            Some(Realised {
                line: index,
                plan: plan.round_dp(6).normalize(),
                realised,
            })
        })
        .collect()
}

fn without_associated(case: &Case, base: &Valuation) -> Option<f64> {
    let benefits = case.lines.iter().enumerate();
    let mut benefits = benefits
        .filter(|(_, line)| line.side == Side::Benefit)
        .peekable();
    benefits.peek()?;
    let (only, rest): (Vec<_>, Vec<_>) =
        benefits.partition(|(_, line)| line.attribution == Attribution::Associated);
    if only.is_empty() || rest.is_empty() {
        return None;
    }
    let associated: f64 = only.iter().map(|(index, _)| base.pv_line(*index)).sum();
    Some(base.npv - associated)
}

/// The net flows at the days their steps end.
pub fn dated(case: &Case, base: &Valuation) -> Vec<(NaiveDate, f64)> {
    (0u32..)
        .zip(&base.net)
        .map(|(step, flow)| (case.day(step * case.timing.months()), *flow))
        .collect()
}
