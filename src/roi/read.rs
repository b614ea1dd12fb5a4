//! Reads `rules/roi.toml` into a [`Plan`]: lines, phases and scenarios, every mistake at once.

use std::sync::Arc;

use chrono::{Months, NaiveDate};
use rust_decimal::Decimal;

use super::case::{Attribution, Deployment, Every, KINDS, Line, Ramp, Side, ThreePoint, Timing};
use super::translation::Translations;
use crate::diagnostics::codes::workspace::{BAD_VALUE, MISSING_KEY};
use crate::diagnostics::{Diagnostic, Diagnostics, Place, Source, codes, suggestion};
use crate::workspace::{Document, Files, Located, Table};

/// Where the case is written.
pub const FILE: &str = "rules/roi.toml";

/// The largest amount, and the largest value of a measure, that is read; with [`LARGEST_FACTOR`] it
/// keeps every product far inside the range of a decimal (7.9 · 10^28).
pub(super) const LARGEST: i64 = 1_000_000_000_000_000_000;

/// The largest factor of a measure that is read.
const LARGEST_FACTOR: i64 = 1_000_000;

/// Lowest and highest horizon in years.
const HORIZON: std::ops::RangeInclusive<i64> = 1..=15;

/// What `rules/roi.toml` says, before a `crm_project` sheet is laid over it.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    pub(super) name: Option<String>,
    pub(super) starts: Option<Located<NaiveDate>>,
    pub(super) go_live: Option<Located<GoLive>>,
    pub(super) horizon_years: Option<u32>,
    pub(super) hurdle_rate: Option<f64>,
    pub(super) timing: Option<Timing>,
    pub(super) option: Option<Deployment>,
    pub(super) risk: Decimal,
    pub(super) lines: Vec<Line>,
    pub(super) phases: Vec<RawPhase>,
    pub(super) scenarios: Vec<RawScenario>,
    pub(super) translations: Translations,
    pub(super) hurdle_range: Option<(f64, f64)>,
    pub(super) shift_range: Option<(i32, i32)>,
    /// Where the `[case]` stands.
    pub(super) place: Option<Place>,
}

/// When benefits start, as written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum GoLive {
    Day(NaiveDate),
    Month(u32),
}

/// A phase as written.
#[derive(Debug, Clone)]
pub(super) struct RawPhase {
    pub(super) name: String,
    pub(super) month: u32,
    pub(super) go_live: Option<Located<u32>>,
}

/// A scenario as written: names of lines, which may also come from the sheet.
#[derive(Debug, Clone)]
pub(super) struct RawScenario {
    pub(super) name: String,
    pub(super) low: Vec<Located<String>>,
    pub(super) high: Vec<Located<String>>,
    pub(super) shift: i32,
    pub(super) hurdle_rate: Option<f64>,
}

/// Reads `rules/roi.toml` of the workspace, or the one that ships, which holds no lines. `measures`
/// are the names a benefit may be tied to.
pub fn read(files: &Files, measures: &[&str], problems: &mut Diagnostics) -> Plan {
    match files.get(FILE) {
        Some(source) => parse(source, measures, problems),
        None => Plan::default(),
    }
}

/// The same from a text.
pub fn parse(source: &Arc<Source>, measures: &[&str], problems: &mut Diagnostics) -> Plan {
    let document = match Document::parse(source) {
        Ok(document) => document,
        Err(problem) => {
            problems.push(problem);
            return Plan::default();
        }
    };
    let mut root = document.root();
    let mut plan = Plan::default();
    if let Some(mut table) = root.table("case", problems) {
        plan.read_case(&mut table, problems);
        table.finish(problems);
    }
    for mut table in root.tables("phase", problems) {
        plan.phases.extend(read_phase(&mut table, problems));
        table.finish(problems);
    }
    for (key, side) in [("cost", Side::Cost), ("benefit", Side::Benefit)] {
        for mut table in root.tables(key, problems) {
            let line = read_line(&plan, side, measures, &mut table, problems);
            plan.lines.extend(line);
            table.finish(problems);
        }
    }
    for mut table in root.tables("scenario", problems) {
        plan.scenarios.extend(read_scenario(&mut table, problems));
        table.finish(problems);
    }
    for mut table in root.tables("translation", problems) {
        plan.translations.read(&mut table, problems);
        table.finish(problems);
    }
    if let Some(mut table) = root.table("sensitivity", problems) {
        plan.read_ranges(&mut table, problems);
        table.finish(problems);
    }
    root.finish(problems);
    plan.report_duplicates(problems);
    if plan.starts.is_none() && !plan.lines.is_empty() {
        let place = plan
            .place
            .clone()
            .unwrap_or(Place::File(source.path.clone()));
        problems.push(
            Diagnostic::error(&MISSING_KEY, "`case.starts` is missing")
                .at(place)
                .help("say on which day the project starts, such as `starts = 2026-10-01`"),
        );
    }
    plan
}

impl Plan {
    fn read_case(&mut self, table: &mut Table<'_>, problems: &mut Diagnostics) {
        self.place = Some(table.place());
        self.name = table.text("name", problems).map(|name| name.value);
        self.starts = table.date("starts", problems);
        self.go_live = if table.is_number("go-live") {
            month(table, "go-live", problems).map(|m| Located {
                value: GoLive::Month(m.value),
                place: m.place,
            })
        } else {
            table.date("go-live", problems).map(|day| Located {
                value: GoLive::Day(day.value),
                place: day.place,
            })
        };
        let years = table.whole("horizon-years", HORIZON, problems);
        self.horizon_years = years.map(|years| years.value as u32);
        let rate = table.number_in("hurdle-rate", 0.0..=1.0, problems);
        self.hurdle_rate = rate.map(|rate| rate.value);
        self.timing = table.parsed("timing", problems).map(|timing| timing.value);
        self.option = table.parsed("option", problems).map(|option| option.value);
        self.risk = share(table, "risk", problems).unwrap_or_default();
    }

    fn read_ranges(&mut self, table: &mut Table<'_>, problems: &mut Diagnostics) {
        if let Some([low, high]) =
            pair(table, "hurdle-rate", problems, |v| (0.0..=1.0).contains(&v))
        {
            self.hurdle_range = Some((low, high));
        }
        let whole = |v: f64| v.fract() == 0.0 && v.abs() <= 36.0;
        if let Some([low, high]) = pair(table, "go-live-shift", problems, whole) {
            self.shift_range = Some((low as i32, high as i32));
        }
    }

    fn report_duplicates(&self, problems: &mut Diagnostics) {
        for (index, line) in self.lines.iter().enumerate() {
            let before = self.lines.iter().take(index);
            if let Some(first) = before.into_iter().find(|other| other.is_called(&line.name)) {
                problems.push(
                    Diagnostic::error(
                        &codes::roi::DUPLICATE_LINE,
                        format!("there are two lines `{}`", line.name),
                    )
                    .at(line.place.clone())
                    .related(first.place.clone(), "the first one")
                    .help("give each a `label` of its own"),
                );
            }
        }
    }
}

impl Line {
    /// Whether a scenario or a sheet means this line: the same words, whatever the case and the
    /// spaces around them.
    pub(super) fn is_called(&self, name: &str) -> bool {
        self.name.trim().to_lowercase() == name.trim().to_lowercase()
    }
}

fn read_phase(table: &mut Table<'_>, problems: &mut Diagnostics) -> Option<RawPhase> {
    let name = table.required_text("name", problems);
    let begins = month(table, "month", problems).map_or(0, |month| month.value);
    let go_live = month(table, "go-live", problems);
    if let Some(go_live) = go_live.as_ref().filter(|go_live| go_live.value < begins) {
        let message = format!(
            "the phase goes live in month {}, before it begins in month {begins}",
            go_live.value
        );
        problems.push(Diagnostic::error(&BAD_VALUE, message).at(go_live.place.clone()));
    }
    Some(RawPhase {
        name: name?.value,
        month: begins,
        go_live,
    })
}

fn read_line(
    plan: &Plan,
    side: Side,
    measures: &[&str],
    table: &mut Table<'_>,
    problems: &mut Diagnostics,
) -> Option<Line> {
    let place = table.place();
    let key = match side {
        Side::Cost => "component",
        Side::Benefit => "catalogue",
    };
    table.require(key, problems);
    let number = table.whole(key, 1..=i64::from(KINDS), problems);
    let label = table.text("label", problems).map(|label| label.value);
    let measure = match side {
        Side::Cost => None,
        Side::Benefit => read_measure(measures, table, problems),
    };
    let points = read_points(side, measure.is_some(), table, problems);
    let mut every = table.parsed("every", problems).map(|every| every.value);
    if measure.is_some() {
        // A measure is of a fiscal quarter.
        every = every.or(Some(Every::Quarter));
    }
    let phase = read_phase_name(plan, table, problems);
    let month = month(table, "month", problems).map(|month| month.value);
    let option = table.parsed("option", problems).map(|option| option.value);
    let risk = share(table, "risk", problems).unwrap_or(plan.risk);
    let source = table.text("source", problems).map(|source| source.value);
    let (ramp, realisation, attribution) = match side {
        Side::Cost => (Ramp::None, Decimal::ONE, Attribution::Estimated),
        Side::Benefit => (
            read_ramp(table, problems),
            share(table, "realisation", problems).unwrap_or(Decimal::ONE),
            table
                .parsed("attribution", problems)
                .map_or(Attribution::Estimated, |attribution| attribution.value),
        ),
    };
    let number = number?.value as u8;
    Some(Line {
        side,
        number,
        name: label.clone().unwrap_or_else(|| format!("{key} {number}")),
        label,
        measure: measure.map(|measure| measure.value),
        points: points?,
        month,
        every,
        phase,
        option,
        ramp,
        realisation,
        attribution,
        risk,
        source,
        realised: None,
        place,
    })
}

fn read_measure(
    measures: &[&str],
    table: &mut Table<'_>,
    problems: &mut Diagnostics,
) -> Option<Located<String>> {
    let measure = table.text("measure", problems)?;
    if !measures.contains(&measure.value.as_str()) {
        let message = format!("there is no measure `{}`", measure.value);
        problems.push(
            Diagnostic::error(&codes::roi::UNKNOWN_MEASURE, message)
                .at(measure.place.clone())
                .maybe_help(suggestion(&measure.value, measures.iter().copied())),
        );
    }
    Some(measure)
}

fn read_phase_name(
    plan: &Plan,
    table: &mut Table<'_>,
    problems: &mut Diagnostics,
) -> Option<usize> {
    let wanted = table.text("phase", problems)?;
    let found = plan
        .phases
        .iter()
        .position(|phase| phase.name == wanted.value);
    if found.is_none() {
        let names = plan.phases.iter().map(|phase| phase.name.as_str());
        problems.push(
            Diagnostic::error(
                &codes::roi::UNKNOWN_PHASE,
                format!("there is no phase `{}`", wanted.value),
            )
            .at(wanted.place)
            .maybe_help(suggestion(&wanted.value, names)),
        );
    }
    found
}

/// `amount` (or `factor` of a measure), which may also be written `likely`, with `low` and `high`.
fn read_points(
    side: Side,
    of_measure: bool,
    table: &mut Table<'_>,
    problems: &mut Diagnostics,
) -> Option<ThreePoint> {
    let key = if of_measure { "factor" } else { "amount" };
    let largest = if of_measure { LARGEST_FACTOR } else { LARGEST };
    let mut read = |key| figure(table, key, largest, problems);
    let (amount, likely, low, high) = (read(key), read("likely"), read("low"), read("high"));
    if let (Some(_), Some(likely)) = (&amount, &likely) {
        let message = format!("`likely` says the same as `{key}`; write one of them");
        problems.push(Diagnostic::error(&BAD_VALUE, message).at(likely.place.clone()));
    }
    let Some(likely) = amount.or(likely) else {
        // Another kind of value was reported where it was read.
        if !table.has(key) && !table.has("likely") {
            let message = format!("the line has no `{key}`");
            let help = if of_measure {
                "say which share of the measure it is, or `low`, `likely` and `high` of it"
            } else {
                "give the amount, or `low`, `likely` and `high`; leave the line out where it is not \
                 known, and the report says *not supplied*"
            };
            problems.push(
                Diagnostic::error(&MISSING_KEY, message)
                    .at(table.place())
                    .help(help),
            );
        }
        return None;
    };
    let points = ThreePoint {
        low: low.as_ref().map(|low| low.value),
        likely: likely.value,
        high: high.as_ref().map(|high| high.value),
    };
    if let Err(message) = check_points(side, &points) {
        problems.push(Diagnostic::error(&codes::roi::BAD_RANGE, message).at(likely.place));
    }
    Some(points)
}

/// Whether the points ascend, and for costs are not negative.
pub(super) fn check_points(side: Side, points: &ThreePoint) -> Result<(), String> {
    let (low, likely, high) = (
        points.low.unwrap_or(points.likely),
        points.likely,
        points.high.unwrap_or(points.likely),
    );
    if low > likely || likely > high {
        return Err(format!(
            "low {low}, likely {likely}, high {high} do not ascend"
        ));
    }
    if side == Side::Cost && low < Decimal::ZERO {
        return Err(format!(
            "a cost of {low} is negative; costs are written as positive amounts, savings as benefits"
        ));
    }
    Ok(())
}

fn read_ramp(table: &mut Table<'_>, problems: &mut Diagnostics) -> Ramp {
    if table.is_number("ramp") {
        return match table.whole("ramp", 0..=120, problems) {
            Some(months) if months.value > 0 => Ramp::Months(months.value as u32),
            _ => Ramp::None,
        };
    }
    let Some(shares) = table.numbers("ramp", problems) else {
        return Ramp::None;
    };
    let read: Option<Vec<Decimal>> = shares
        .value
        .iter()
        .map(|share| {
            Decimal::try_from(*share)
                .ok()
                .filter(|_| (0.0..=1.0).contains(share))
        })
        .collect();
    match read {
        Some(shares) if shares.is_empty() => Ramp::None,
        Some(shares) => Ramp::Shares(shares),
        None => {
            let message = "`ramp` takes months, or shares from 0 to 1";
            problems.push(Diagnostic::error(&BAD_VALUE, message).at(shares.place));
            Ramp::None
        }
    }
}

fn read_scenario(table: &mut Table<'_>, problems: &mut Diagnostics) -> Option<RawScenario> {
    let name = table.required_text("name", problems);
    let low = table
        .texts("low", problems)
        .map_or(Vec::new(), |low| low.value);
    let high = table
        .texts("high", problems)
        .map_or(Vec::new(), |high| high.value);
    let shift = table.whole("go-live-shift", -36..=36, problems);
    let rate = table.number_in("hurdle-rate", 0.0..=1.0, problems);
    Some(RawScenario {
        name: name?.value,
        low,
        high,
        shift: shift.map_or(0, |shift| shift.value as i32),
        hurdle_rate: rate.map(|rate| rate.value),
    })
}

/// A month counted from a start.
fn month(
    table: &mut Table<'_>,
    key: &'static str,
    problems: &mut Diagnostics,
) -> Option<Located<u32>> {
    let month = table.whole(key, 0..=12 * HORIZON.end(), problems)?;
    Some(Located {
        value: month.value as u32,
        place: month.place,
    })
}

/// A money amount or a factor.
fn figure(
    table: &mut Table<'_>,
    key: &'static str,
    largest: i64,
    problems: &mut Diagnostics,
) -> Option<Located<Decimal>> {
    let figure = table.decimal(key, problems)?;
    if figure.value.abs() <= Decimal::from(largest) {
        return Some(figure);
    }
    let message = format!("`{key}` is {}; it may be {largest} at most", figure.value);
    problems.push(Diagnostic::error(&BAD_VALUE, message).at(figure.place));
    None
}

/// A share from 0 to 1.
fn share(table: &mut Table<'_>, key: &'static str, problems: &mut Diagnostics) -> Option<Decimal> {
    let share = table.decimal(key, problems)?;
    if share.value >= Decimal::ZERO && share.value <= Decimal::ONE {
        return Some(share.value);
    }
    let message = format!("`{key}` is {}; it must be between 0 and 1", share.value);
    problems.push(Diagnostic::error(&BAD_VALUE, message).at(share.place));
    None
}

/// A low and a high.
fn pair(
    table: &mut Table<'_>,
    key: &'static str,
    problems: &mut Diagnostics,
    fits: impl Fn(f64) -> bool,
) -> Option<[f64; 2]> {
    let numbers = table.numbers(key, problems)?;
    match numbers.value.as_slice() {
        [low, high] if low <= high && fits(*low) && fits(*high) => Some([*low, *high]),
        _ => {
            let message =
                format!("`{key}` takes a low and a high, such as `[0.08, 0.15]` for a rate");
            problems.push(Diagnostic::error(&BAD_VALUE, message).at(numbers.place));
            None
        }
    }
}

/// The month in which a day falls, counted from the start: the first that ends on or after it.
pub(super) fn month_of(starts: NaiveDate, day: NaiveDate) -> u32 {
    (0..)
        .find(|month| {
            starts
                .checked_add_months(Months::new(*month))
                .is_none_or(|end| end >= day)
        })
        .unwrap_or(0)
}
