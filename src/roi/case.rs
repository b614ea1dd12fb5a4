//! An investment case as supplied: what it costs, what it brings, when, and how sure anyone is.
//!
//! A case is read from `rules/roi.toml` and from a `crm_project` sheet; nothing here is computed.
//! Months are counted from the project's start: 0 is the day it starts, 1 the end of its first
//! month, 12 the end of its first year.

use chrono::{Months, NaiveDate};
use rust_decimal::Decimal;

use super::translation::Translations;
use crate::diagnostics::Place;

/// How many cost components, and how many entries of the benefit catalogue, there are.
pub const KINDS: u8 = 8;

/// The cost component that is a duration: implementation time delays benefits.
pub const IMPLEMENTATION_TIME: u8 = 7;

/// The steps in which flows are gathered and discounted; step 0 is undiscounted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// Years, each at its end.
    Annual,
    /// Months, each at its end.
    Monthly,
}

impl Timing {
    /// Steps in a year.
    pub fn per_year(self) -> u32 {
        match self {
            Self::Annual => 1,
            Self::Monthly => 12,
        }
    }

    /// Months in a step.
    pub fn months(self) -> u32 {
        12 / self.per_year()
    }

    /// The step that a month's flow falls into: month 0 into step 0, the first year into step 1.
    pub fn step_of(self, month: u32) -> usize {
        month.div_ceil(self.months()) as usize
    }

    /// As written in `roi.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Annual => "annual",
            Self::Monthly => "monthly",
        }
    }
}

/// How often an amount recurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// Twelve times a year.
    Month,
    /// Four times a year.
    Quarter,
    /// Once a year.
    Year,
}

impl Every {
    /// Months between two of them.
    pub fn months(self) -> u32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Year => 12,
        }
    }

    /// As written in `roi.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }
}

/// How a CRM can be come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deployment {
    /// Developed in-house.
    Build,
    /// Bought software.
    Buy,
    /// Run by a service firm.
    Outsource,
}

impl Deployment {
    /// As written in `roi.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Build => "build",
            Self::Buy => "buy",
            Self::Outsource => "outsource",
        }
    }
}

/// How well it is known that the CRM causes a benefit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attribution {
    /// Measured against what would have happened without it: a control group, a branch without it.
    Proven,
    /// Argued from figures of the client or of others.
    Estimated,
    /// Moves along with the CRM; that it is caused by it is not shown.
    Associated,
}

impl Attribution {
    /// As written in `roi.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Estimated => "estimated",
            Self::Associated => "associated",
        }
    }
}

/// Reads a name among those of an enumeration, for `Table::parsed`.
macro_rules! named {
    ($kind:ty, $($name:literal => $value:expr),+) => {
        impl std::str::FromStr for $kind {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text.trim().to_lowercase().as_str() {
                    $($name => Ok($value),)+
                    other => Err(format!("`{other}` is not one of {}", [$($name),+].join(", "))),
                }
            }
        }
    };
}
named!(Timing, "annual" => Self::Annual, "monthly" => Self::Monthly);
named!(Every, "month" => Self::Month, "quarter" => Self::Quarter, "year" => Self::Year);
named!(Deployment, "build" => Self::Build, "buy" => Self::Buy, "outsource" => Self::Outsource);
named!(Attribution, "proven" => Self::Proven, "estimated" => Self::Estimated, "associated" => Self::Associated);
named!(Level, "low" => Self::Low, "likely" => Self::Likely, "high" => Self::High);

/// Which of a line's three points is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Level {
    /// The lowest that is reasonable.
    Low,
    /// The most likely: the base.
    #[default]
    Likely,
    /// The highest that is reasonable.
    High,
}

/// A figure with its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThreePoint {
    /// The lowest that is reasonable, where one was given.
    pub low: Option<Decimal>,
    /// The most likely.
    pub likely: Decimal,
    /// The highest that is reasonable, where one was given.
    pub high: Option<Decimal>,
}

impl ThreePoint {
    /// The figure at a level; where that end of the range was not given, the likely one.
    pub fn at(&self, level: Level) -> Decimal {
        match level {
            Level::Low => self.low.unwrap_or(self.likely),
            Level::Likely => self.likely,
            Level::High => self.high.unwrap_or(self.likely),
        }
    }

    /// Whether it has a range.
    pub fn has_range(&self) -> bool {
        self.low.is_some() || self.high.is_some()
    }
}

/// Cost or benefit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Money that goes out; amounts are positive.
    Cost,
    /// Money that comes in.
    Benefit,
}

/// How a benefit grows to its full amount after it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ramp {
    /// Full from its first month.
    None,
    /// In equal monthly steps over so many months.
    Months(u32),
    /// Shares of the full amount in each successive period of the line; the last one holds on.
    Shares(Vec<Decimal>),
}

/// One line of the case.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Cost or benefit.
    pub side: Side,
    /// The cost component or the entry of the benefit catalogue, 1 to 8.
    pub number: u8,
    /// By which scenarios and the `crm_project` sheet know it: its label, or `component 3`.
    pub name: String,
    /// The client's words for it; none where the component's name does.
    pub label: Option<String>,
    /// The measure that `points` are factors of; none where they are amounts.
    pub measure: Option<String>,
    /// Amounts in the client's currency, or factors of the measure. Of one payment, or of one
    /// period of `every`.
    pub points: ThreePoint,
    /// Month of the first payment, or after which a benefit runs; counted from the phase's start
    /// where there is a phase.
    pub month: Option<u32>,
    /// How often it recurs, to the end of the horizon; none for once.
    pub every: Option<Every>,
    /// Index of its phase.
    pub phase: Option<usize>,
    /// The deployment option it belongs to; none for every option.
    pub option: Option<Deployment>,
    /// How it grows; for benefits.
    pub ramp: Ramp,
    /// The share of it that becomes money, such as saved hours that are put to use; 1 for costs.
    pub realisation: Decimal,
    /// How well its cause is known; for benefits.
    pub attribution: Attribution,
    /// Risk factor f: benefits are counted at 1 − f, costs at 1 + f.
    pub risk: Decimal,
    /// Where the figure comes from, in the client's words.
    pub source: Option<String>,
    /// What was booked of it so far, before risk.
    pub realised: Option<Decimal>,
    /// Where it was written.
    pub place: Place,
}

/// A rollout phase.
#[derive(Debug, Clone, PartialEq)]
pub struct Phase {
    /// Its name.
    pub name: String,
    /// Month in which it begins.
    pub month: u32,
    /// Month after which its benefits run.
    pub go_live: u32,
}

/// A set of assumptions chosen line by line.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Its name: `worst` and `best` are said in the language of the report.
    pub name: String,
    /// The level of each line, in the order of the case's lines.
    pub levels: Vec<Level>,
    /// Months by which every benefit starts later.
    pub shift: i32,
    /// Its own hurdle rate.
    pub hurdle_rate: Option<f64>,
}

/// The ends of the ranges that are not a line's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranges {
    /// Hurdle rate, low and high.
    pub hurdle_rate: (f64, f64),
    /// Months by which benefits start later, low (earlier) and high.
    pub shift: (i32, i32),
}

/// A setting nobody made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Setting {
    Starts,
    GoLive,
    HorizonYears,
    HurdleRate,
    Timing,
}

/// An investment case.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// The day the project starts; discounting and payback count from it.
    pub starts: NaiveDate,
    /// Month after which benefits run.
    pub go_live: u32,
    /// Years from the start that are counted.
    pub horizon_years: u32,
    /// Annual hurdle rate, 0.10 for 10 %.
    pub hurdle_rate: f64,
    /// The steps flows are gathered in.
    pub timing: Timing,
    /// The deployment option that the figures are of, where lines belong to options.
    pub option: Option<Deployment>,
    /// Costs in the order written, then benefits.
    pub lines: Vec<Line>,
    /// Rollout phases.
    pub phases: Vec<Phase>,
    /// Scenarios other than the base.
    pub scenarios: Vec<Scenario>,
    /// What sensitivity moves beside the lines.
    pub ranges: Ranges,
    /// Its texts in other languages.
    pub translations: Translations,
    /// Settings for which a default stands, to be printed.
    pub defaults: Vec<Setting>,
}

impl Case {
    /// Months from the start to the end of the horizon.
    pub fn months(&self) -> u32 {
        self.horizon_years * 12
    }

    /// Steps including step 0.
    pub fn steps(&self) -> usize {
        self.timing.step_of(self.months()) + 1
    }

    /// The day a month ends, counted from the start.
    pub fn day(&self, month: u32) -> NaiveDate {
        self.starts
            .checked_add_months(Months::new(month))
            .unwrap_or(NaiveDate::MAX)
    }

    /// Whether a line counts under a deployment option.
    pub fn counts(&self, line: &Line, option: Option<Deployment>) -> bool {
        line.option.is_none() || line.option == option
    }

    /// The deployment options that any line belongs to, in order.
    pub fn options(&self) -> Vec<Deployment> {
        let mut options: Vec<_> = self.lines.iter().filter_map(|line| line.option).collect();
        options.sort_unstable();
        options.dedup();
        options
    }
}
