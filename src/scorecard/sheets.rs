//! Rows of the `targets` and `manual_kpi` sheets, as far as the scorecard reads them.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::definition::{Definition, Kpi, Origin, OverTime, Scoring};
use super::outcome::TargetSource;
use super::score::{self, Marks, in_order};
use crate::calendar::Quarter;
use crate::diagnostics::codes::scorecard::{
    REPEATED_ROW, STRETCH_WITHIN_TARGET, UNKNOWN_KPI, UNUSABLE_TARGET,
};
use crate::diagnostics::{Diagnostic, Diagnostics, Place, suggestion};

/// The period a target holds for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetPeriod {
    /// A fiscal quarter, `2026-Q3`.
    Quarter(Quarter),
    /// Half a fiscal year, `2026-H1`: fiscal year and 1 or 2.
    Half(i32, u32),
    /// A fiscal year, `2026`.
    Year(i32),
}

impl TargetPeriod {
    pub(super) fn holds(self, quarter: Quarter) -> bool {
        match self {
            Self::Quarter(own) => own == quarter,
            Self::Half(year, half) => year == quarter.year && half == quarter.number.div_ceil(2),
            Self::Year(year) => year == quarter.year,
        }
    }

    fn quarters(self) -> f64 {
        match self {
            Self::Quarter(_) => 1.0,
            Self::Half(..) => 2.0,
            Self::Year(_) => 4.0,
        }
    }
}

impl FromStr for TargetPeriod {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a period; write `2026-Q3`, `2026-H1` or `2026`");
        if text.contains("-Q") {
            return text.parse().map(Self::Quarter);
        }
        let (year, half) = match text.split_once("-H") {
            Some((year, "1")) => (year, Some(1)),
            Some((year, "2")) => (year, Some(2)),
            Some(_) => return Err(wrong()),
            None => (text, None),
        };
        // A quarter of that year brings the same bounds and the same word about Buddhist years.
        let year = match format!("{year}-Q1").parse::<Quarter>() {
            Ok(quarter) => quarter.year,
            Err(_) => match year.parse::<i32>() {
                Ok(year) if year >= 2400 => {
                    return Err(format!(
                        "`{text}` has a Buddhist year; write the common era, {}",
                        year - 543
                    ));
                }
                _ => return Err(wrong()),
            },
        };
        Ok(half.map_or(Self::Year(year), |half| Self::Half(year, half)))
    }
}

/// A row of the targets sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetRow {
    /// The KPI's id.
    pub kpi: String,
    /// The period it holds for.
    pub period: TargetPeriod,
    /// The value to reach.
    pub target: Option<f64>,
    /// The value that scores 0.
    pub floor: Option<f64>,
    /// The value that scores 33.33 where scoring is `goal-red-flag`.
    pub red_flag: Option<f64>,
    /// A value beyond the target, to aim at.
    pub stretch: Option<f64>,
    /// The KPI's weight in that period.
    pub weight: Option<f64>,
    /// Where it stands.
    pub place: Option<Place>,
}

/// A row of the manual KPI sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct ManualRow {
    /// The KPI's id.
    pub kpi: String,
    /// The fiscal quarter.
    pub period: Quarter,
    /// The value.
    pub value: f64,
    /// Who or what it is from.
    pub source: Option<String>,
    /// A remark.
    pub note: Option<String>,
    /// Where it stands.
    pub place: Option<Place>,
}

/// What a KPI is scored against in a quarter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct InForce {
    pub(super) marks: Marks,
    pub(super) source: TargetSource,
    pub(super) weight: f64,
}

/// What a KPI is scored against in a quarter as it is stated, by the sheet or the definition; a
/// floor that follows from the target is not.
pub fn stated_marks(kpi: &Kpi, rows: &[TargetRow], quarter: Quarter) -> Marks {
    stated(kpi, rows, quarter).marks
}

/// The target, floor, red flag, stretch and weight of a KPI in a quarter, with the floor that
/// follows from the target where none is stated.
pub(super) fn in_force(kpi: &Kpi, rows: &[TargetRow], quarter: Quarter) -> InForce {
    let mut stated = stated(kpi, rows, quarter);
    if kpi.scoring == Scoring::Linear {
        stated.marks.floor = score::floor(kpi.better, &stated.marks);
    }
    stated
}

/// The sheet's before the definition's, and within the sheet the shortest period before the longer.
fn stated(kpi: &Kpi, rows: &[TargetRow], quarter: Quarter) -> InForce {
    let row = rows
        .iter()
        .rev()
        .filter(|row| row.kpi == kpi.id && row.period.holds(quarter) && applies(kpi, row))
        .min_by_key(|row| match row.period {
            TargetPeriod::Quarter(_) => 0,
            TargetPeriod::Half(..) => 1,
            TargetPeriod::Year(_) => 2,
        });
    let mut marks = Marks {
        target: kpi.target.as_ref().map(|given| given.value),
        floor: kpi.floor.as_ref().map(|given| given.value),
        red_flag: kpi.red_flag.as_ref().map(|given| given.value),
        stretch: kpi.stretch.as_ref().map(|given| given.value),
    };
    let mut source = match kpi.target.as_ref().map(|given| given.origin) {
        None => TargetSource::None,
        Some(Origin::BuiltIn) => TargetSource::BuiltIn,
        Some(Origin::Workspace) => TargetSource::Workspace,
    };
    let mut weight = kpi.weight;
    if let Some(row) = row {
        let of_quarter = spread(kpi, row);
        if let Some(target) = row.target.map(of_quarter) {
            marks.target = Some(target);
            source = match row.period {
                TargetPeriod::Quarter(_) => TargetSource::Sheet,
                _ => TargetSource::SheetLonger,
            };
            keep_what_fits(kpi, &mut marks, target);
        }
        marks.floor = row.floor.map(of_quarter).or(marks.floor);
        marks.red_flag = row.red_flag.map(of_quarter).or(marks.red_flag);
        marks.stretch = row.stretch.map(of_quarter).or(marks.stretch);
        weight = row.weight.unwrap_or(weight);
    }
    // Nothing to aim at: the target has passed it, or there is none.
    marks.stretch = marks.stretch.filter(|stretch| {
        let beyond = |target| in_order(kpi.better, target, *stretch);
        marks.target.is_some_and(beyond)
    });
    InForce {
        marks,
        source,
        weight,
    }
}

/// A count of distinct things over a year says nothing about a quarter of it.
fn applies(kpi: &Kpi, row: &TargetRow) -> bool {
    kpi.over_time != OverTime::Distinct || matches!(row.period, TargetPeriod::Quarter(_))
}

/// What adds up over time is spread evenly over the quarters of a longer period; what does not
/// holds in each of them.
fn spread(kpi: &Kpi, row: &TargetRow) -> impl Fn(f64) -> f64 + Copy {
    let parts = match kpi.over_time {
        OverTime::Flow => row.period.quarters(),
        _ => 1.0,
    };
    move |figure| figure / parts
}

/// A shipped floor that a client's own target has passed is not the client's floor.
fn keep_what_fits(kpi: &Kpi, marks: &mut Marks, target: f64) {
    let fits = |given: &Option<super::definition::Given<f64>>| {
        given.as_ref().is_some_and(|given| {
            given.origin == Origin::Workspace || in_order(kpi.better, given.value, target)
        })
    };
    if !fits(&kpi.floor) {
        marks.floor = None;
    }
    if !fits(&kpi.red_flag) {
        marks.red_flag = None;
    }
}

/// Warns about rows of the targets sheet that have no effect or cannot be scored with.
pub fn check_targets(definition: &Definition, rows: &[TargetRow], problems: &mut Diagnostics) {
    let mut seen = BTreeMap::new();
    for row in rows {
        let Some(kpi) = known(definition, &row.kpi, row.place.as_ref(), problems) else {
            continue;
        };
        if seen.insert((row.kpi.as_str(), row.period), ()).is_some() {
            repeated(&row.kpi, row.place.as_ref(), problems);
        }
        let Some(target) = row.target else { continue };
        if let Some(stretch) = row.stretch
            && !in_order(kpi.better, target, stretch)
        {
            let message = format!(
                "the stretch {stretch} of `{}` is not beyond its target {target}, but {} is better",
                row.kpi,
                kpi.better.name()
            );
            warn(
                &STRETCH_WITHIN_TARGET,
                message,
                row.place.as_ref(),
                problems,
            );
        }
        let worse = match kpi.scoring {
            Scoring::Linear => row.floor.or(own(&kpi.floor)),
            Scoring::GoalRedFlag => row.red_flag.or(own(&kpi.red_flag)),
            _ => None,
        };
        if let Some(worse) = worse.filter(|worse| !in_order(kpi.better, *worse, target)) {
            let message = format!(
                "the target {target} of `{}` is measured from {worse}, but {} is better",
                row.kpi,
                kpi.better.name()
            );
            warn(&UNUSABLE_TARGET, message, row.place.as_ref(), problems);
        }
    }
}

fn own(given: &Option<super::definition::Given<f64>>) -> Option<f64> {
    given
        .as_ref()
        .filter(|given| given.origin == Origin::Workspace)
        .map(|given| given.value)
}

/// Warns about rows of the manual KPI sheet that have no effect.
pub fn check_manual(definition: &Definition, rows: &[ManualRow], problems: &mut Diagnostics) {
    let mut seen = BTreeMap::new();
    for row in rows {
        if known(definition, &row.kpi, row.place.as_ref(), problems).is_some()
            && seen.insert((row.kpi.as_str(), row.period), ()).is_some()
        {
            repeated(&row.kpi, row.place.as_ref(), problems);
        }
    }
}

pub(super) fn known<'d>(
    definition: &'d Definition,
    id: &str,
    place: Option<&Place>,
    problems: &mut Diagnostics,
) -> Option<&'d Kpi> {
    let found = definition.kpi(id);
    if found.is_none() {
        let known = definition.kpis.iter().map(|kpi| kpi.id.as_str());
        let mut problem = Diagnostic::warning(&UNKNOWN_KPI, format!("there is no KPI `{id}`"))
            .maybe_help(suggestion(id, known));
        problem.place = place.cloned();
        problems.push(problem);
    }
    found
}

fn repeated(id: &str, place: Option<&Place>, problems: &mut Diagnostics) {
    let message = format!("`{id}` has several rows for one period; the last one holds");
    warn(&REPEATED_ROW, message, place, problems);
}

fn warn(
    code: &'static crate::diagnostics::Code,
    message: String,
    place: Option<&Place>,
    problems: &mut Diagnostics,
) {
    let mut problem = Diagnostic::warning(code, message);
    problem.place = place.cloned();
    problems.push(problem);
}
