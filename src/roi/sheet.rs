//! A `crm_project` sheet laid over `roi.toml`, line by line, and the [`Case`] that comes of both.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::case::{
    Attribution, Case, Deployment, Every, KINDS, Level, Line, Phase, Ramp, Ranges, Scenario,
    Setting, Side, ThreePoint, Timing,
};
use super::read::{GoLive, LARGEST, Plan, RawScenario, check_points, month_of};
use crate::diagnostics::codes::roi::{
    AFTER_HORIZON, BAD_ROW, NO_OPTION, SHEET_WINS, UNKNOWN_LINE, UNKNOWN_PHASE,
};
use crate::diagnostics::codes::workspace::BAD_VALUE;
use crate::diagnostics::{Diagnostic, Diagnostics, Place, suggestion};

/// Hurdle rate where nobody set one: the rate of Forrester's Total Economic Impact studies.
const HURDLE_RATE: f64 = 0.10;
/// Horizon where nobody set one, in years; that of the same studies and of Nucleus Research.
const HORIZON_YEARS: u32 = 3;
/// How far sensitivity moves the hurdle rate where nobody says, either way.
const HURDLE_STEP: f64 = 0.05;
/// How many months earlier and later sensitivity lets benefits start where nobody says.
const SHIFT: (i32, i32) = (-3, 6);

/// A row of a `crm_project` sheet, as the intake read it.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectRow {
    /// What it is called; a line of `roi.toml` of the same name is replaced.
    pub line: String,
    /// `cost` or `benefit`.
    pub kind: String,
    /// The amount, where there is one figure.
    pub amount: Option<Decimal>,
    /// Lowest that is reasonable.
    pub low: Option<Decimal>,
    /// Most likely.
    pub likely: Option<Decimal>,
    /// Highest that is reasonable.
    pub high: Option<Decimal>,
    /// Cost component, 1 to 8.
    pub component: Option<i64>,
    /// Entry of the benefit catalogue, 1 to 8.
    pub benefit: Option<i64>,
    /// `build`, `buy` or `outsource`.
    pub option: Option<String>,
    /// Name of a phase.
    pub phase: Option<String>,
    /// Month of the first payment, or after which a benefit runs.
    pub month: Option<i64>,
    /// Empty or `no` for once; `month`, `quarter`, `year`, or `yes` for every year.
    pub recurring: Option<String>,
    /// Booked so far.
    pub realised_amount: Option<Decimal>,
    /// Where the row stands.
    pub place: Place,
}

impl Plan {
    /// The case: the file's lines with those of the sheet over them; none where neither has any.
    ///
    /// A row that names a line of the file replaces what it says of amounts and timing; what only
    /// the file can say (ramp, realisation, attribution, risk, source) stays. `fallback_start` is
    /// the first day of the project where only a sheet was supplied.
    pub fn case(
        mut self,
        rows: &[ProjectRow],
        fallback_start: NaiveDate,
        problems: &mut Diagnostics,
    ) -> Option<Case> {
        for row in rows {
            match self.line_of(row, problems) {
                Ok(line) => self.lay(line, problems),
                Err(message) => {
                    problems.push(Diagnostic::warning(&BAD_ROW, message).at(row.place.clone()));
                }
            }
        }
        if self.lines.is_empty() {
            return None;
        }
        self.lines.sort_by_key(|line| line.side);
        let mut defaults = Vec::new();
        let mut default = |missing: bool, setting: Setting| {
            if missing {
                defaults.push(setting);
            }
        };
        default(self.starts.is_none(), Setting::Starts);
        default(self.go_live.is_none(), Setting::GoLive);
        default(self.horizon_years.is_none(), Setting::HorizonYears);
        default(self.hurdle_rate.is_none(), Setting::HurdleRate);
        default(self.timing.is_none(), Setting::Timing);
        let starts = self
            .starts
            .as_ref()
            .map_or(fallback_start, |starts| starts.value);
        let horizon_years = self.horizon_years.unwrap_or(HORIZON_YEARS);
        let go_live = self.go_live_month(starts, horizon_years * 12, problems);
        let hurdle_rate = self.hurdle_rate.unwrap_or(HURDLE_RATE);
        let rates = (
            (hurdle_rate - HURDLE_STEP).max(0.0),
            hurdle_rate + HURDLE_STEP,
        );
        let (earlier, later) = self.shift_range.unwrap_or(SHIFT);
        let mut case = Case {
            name: self.name.clone().unwrap_or_default(),
            starts,
            go_live,
            horizon_years,
            hurdle_rate,
            timing: self.timing.unwrap_or(Timing::Annual),
            option: self.option,
            phases: self.phases(go_live),
            ranges: Ranges {
                hurdle_rate: self.hurdle_range.unwrap_or(rates),
                shift: (earlier.max(-(go_live as i32)), later),
            },
            lines: self.lines,
            translations: self.translations,
            scenarios: Vec::new(),
            defaults,
        };
        case.scenarios = scenarios(&case.lines, self.scenarios, problems);
        check_options(&mut case, problems);
        check_horizon(&case, problems);
        case.translations.check(&texts(&case), problems);
        Some(case)
    }

    /// Puts a line of the sheet in the place of the file's, or after the others. A second row of the
    /// same name is a second payment, not a correction of the first.
    fn lay(&mut self, line: Line, problems: &mut Diagnostics) {
        let same = |other: &&mut Line| {
            other.side == line.side
                && other.is_called(&line.name)
                && matches!(other.place, Place::Text { .. })
        };
        match self.lines.iter_mut().find(same) {
            Some(old) => {
                problems.push(
                    Diagnostic::info(
                        &SHEET_WINS,
                        format!("`{}` of the sheet replaces that of `roi.toml`", line.name),
                    )
                    .at(line.place.clone())
                    .related(old.place.clone(), "not used"),
                );
                *old = line;
            }
            None => self.lines.push(line),
        }
    }

    fn line_of(&self, row: &ProjectRow, problems: &mut Diagnostics) -> Result<Line, String> {
        let (side, number) = match row.kind.trim().to_lowercase().as_str() {
            "cost" => (Side::Cost, row.component),
            "benefit" => (Side::Benefit, row.benefit),
            other => return Err(format!("`{other}` is not one of cost, benefit")),
        };
        let number = number
            .and_then(|number| u8::try_from(number).ok())
            .filter(|number| (1..=KINDS).contains(number))
            .ok_or_else(|| match side {
                Side::Cost => "a cost needs its `component`, 1 to 8".to_owned(),
                Side::Benefit => "a benefit needs its number in the catalogue, 1 to 8".to_owned(),
            })?;
        let likely = row.amount.or(row.likely).ok_or("the row has no amount")?;
        let points = ThreePoint {
            low: row.low,
            likely,
            high: row.high,
        };
        check_points(side, &points)?;
        let figures = [Some(likely), row.low, row.high, row.realised_amount];
        if figures
            .into_iter()
            .flatten()
            .any(|f| f.abs() > Decimal::from(LARGEST))
        {
            return Err(format!("an amount is above {LARGEST}"));
        }
        let month = match row.month {
            Some(month) => Some(
                u32::try_from(month)
                    .ok()
                    .filter(|month| *month <= 180)
                    .ok_or_else(|| format!("month {month} is not one from 0 to 180"))?,
            ),
            None => None,
        };
        let every = recurrence(row.recurring.as_deref())?;
        let option = match filled(row.option.as_deref()) {
            Some(option) => Some(option.parse::<Deployment>()?),
            None => None,
        };
        let phase =
            filled(row.phase.as_deref()).and_then(|name| self.phase_of(name, row, problems));
        let old = self
            .lines
            .iter()
            .find(|line| line.side == side && line.is_called(&row.line));
        Ok(Line {
            side,
            number,
            name: row.line.trim().to_owned(),
            label: old.map_or(Some(row.line.trim().to_owned()), |old| old.label.clone()),
            measure: None,
            points,
            month,
            every,
            phase,
            option,
            ramp: old.map_or(Ramp::None, |old| old.ramp.clone()),
            realisation: old.map_or(Decimal::ONE, |old| old.realisation),
            attribution: old.map_or(Attribution::Estimated, |old| old.attribution),
            risk: old.map_or(self.risk, |old| old.risk),
            source: old.and_then(|old| old.source.clone()),
            realised: row.realised_amount,
            place: row.place.clone(),
        })
    }

    fn phase_of(&self, name: &str, row: &ProjectRow, problems: &mut Diagnostics) -> Option<usize> {
        let found = self.phases.iter().position(|phase| phase.name == name);
        if found.is_none() {
            let names = self.phases.iter().map(|phase| phase.name.as_str());
            let message =
                format!("`roi.toml` has no phase `{name}`; the line counts from the start");
            problems.push(
                Diagnostic::warning(&UNKNOWN_PHASE, message)
                    .at(row.place.clone())
                    .maybe_help(suggestion(name, names)),
            );
        }
        found
    }

    fn go_live_month(&self, starts: NaiveDate, months: u32, problems: &mut Diagnostics) -> u32 {
        let Some(go_live) = &self.go_live else {
            return 0;
        };
        let (month, wrong) = match go_live.value {
            GoLive::Day(day) if day < starts => (
                0,
                Some(format!(
                    "going live on {day} is before the start on {starts}"
                )),
            ),
            GoLive::Day(day) => (month_of(starts, day), None),
            GoLive::Month(month) => (month, None),
        };
        let late = (month >= months).then(|| {
            format!("going live in month {month} leaves nothing of the {months} months counted")
        });
        if let Some(message) = wrong.or(late) {
            problems.push(Diagnostic::error(&BAD_VALUE, message).at(go_live.place.clone()));
        }
        month
    }

    fn phases(&self, go_live: u32) -> Vec<Phase> {
        let phases = self.phases.iter().map(|phase| Phase {
            name: phase.name.clone(),
            month: phase.month,
            go_live: match &phase.go_live {
                Some(own) => own.value,
                None => go_live.max(phase.month),
            },
        });
        phases.collect()
    }
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// Everything that the case says in the client's words.
fn texts(case: &Case) -> Vec<&str> {
    let lines = case.lines.iter();
    let lines = lines.flat_map(|line| line.label.iter().chain(&line.source));
    let phases = case.phases.iter().map(|phase| &phase.name);
    let all = std::iter::once(&case.name).chain(phases).chain(lines);
    all.map(String::as_str).collect()
}

/// How often, in the words of the three languages.
fn recurrence(text: Option<&str>) -> Result<Option<Every>, String> {
    match filled(text).map(str::to_lowercase).as_deref() {
        None
        | Some(
            "no" | "false" | "0" | "once" | "-" | "ไม่" | "ไม่ใช่" | "ครั้งเดียว" | "không" | "một lần",
        ) => Ok(None),
        Some(
            "yes" | "true" | "1" | "yearly" | "annual" | "ใช่" | "ปี" | "รายปี" | "ทุกปี" | "ต่อปี" | "có"
            | "năm" | "hằng năm" | "hàng năm",
        ) => Ok(Some(Every::Year)),
        Some(
            "monthly"
            | "เดือน"
            | "รายเดือน"
            | "ทุกเดือน"
            | "ต่อเดือน"
            | "tháng"
            | "hằng tháng"
            | "hàng tháng",
        ) => Ok(Some(Every::Month)),
        Some(
            "quarterly" | "ไตรมาส" | "รายไตรมาส" | "ทุกไตรมาส" | "quý" | "hằng quý" | "hàng quý",
        ) => Ok(Some(Every::Quarter)),
        Some(other) => other.parse().map(Some),
    }
}

fn scenarios(lines: &[Line], raw: Vec<RawScenario>, problems: &mut Diagnostics) -> Vec<Scenario> {
    let mut resolve = |raw: RawScenario| {
        let mut levels = vec![Level::Likely; lines.len()];
        for (names, level) in [(&raw.low, Level::Low), (&raw.high, Level::High)] {
            for name in names {
                let mut found = false;
                for (line, slot) in lines.iter().zip(&mut levels) {
                    if line.is_called(&name.value) {
                        (found, *slot) = (true, level);
                    }
                }
                if !found {
                    let known = lines.iter().map(|line| line.name.as_str());
                    let message =
                        format!("scenario `{}`: there is no line `{}`", raw.name, name.value);
                    problems.push(
                        Diagnostic::error(&UNKNOWN_LINE, message)
                            .at(name.place.clone())
                            .maybe_help(suggestion(&name.value, known)),
                    );
                }
            }
        }
        Scenario {
            name: raw.name,
            levels,
            shift: raw.shift,
            hurdle_rate: raw.hurdle_rate,
        }
    };
    raw.into_iter().map(&mut resolve).collect()
}

/// Lines of several options need a choice; lines of one choose it.
fn check_options(case: &mut Case, problems: &mut Diagnostics) {
    let options = case.options();
    match (case.option, options.as_slice()) {
        (None, [only]) => case.option = Some(*only),
        (None, [_, _, ..]) => {
            let names: Vec<_> = options.iter().map(|option| option.name()).collect();
            let message = format!(
                "costs belong to the options {}, and `[case] option` chooses none",
                names.join(", ")
            );
            let line = case.lines.iter().find(|line| line.option.is_some());
            let mut problem = Diagnostic::error(&NO_OPTION, message);
            problem.place = line.map(|line| line.place.clone());
            problems.push(problem.help("set `option` to the one that is planned"));
        }
        _ => {}
    }
}

fn check_horizon(case: &Case, problems: &mut Diagnostics) {
    for line in &case.lines {
        let first = super::schedule::first_month(case, line, 0);
        if first > case.months()
            || (first == case.months() && line.every.is_some() && line.side == Side::Benefit)
        {
            let message = format!(
                "`{}` starts in month {first}; the horizon ends with month {}",
                line.name,
                case.months()
            );
            problems.push(Diagnostic::warning(&AFTER_HORIZON, message).at(line.place.clone()));
        }
    }
}
