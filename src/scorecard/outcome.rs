//! What a scorecard comes to: values, scores and reasons per period, without words or layout.

use serde::{Serialize, Serializer};

use super::change::Change;
use super::remarks::{Comment, Initiative};
use super::rollup::Rolled;
use super::score::{Marks, Status};
use super::span::Span;
use crate::calendar::Quarter;
use crate::message::Message;

/// A scorecard worked out for a history of periods.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scorecard {
    /// Every period of the history, oldest first; the reported one is last.
    pub periods: Vec<PeriodResult>,
    /// The quarter before the reported one, whether or not the history holds it.
    pub previous: PeriodResult,
    /// For each KPI: change from the previous quarter.
    pub changes: Vec<Option<Change>>,
    /// For each KPI: change from the same quarter a year earlier.
    pub changes_year: Vec<Option<Change>>,
    /// For each KPI: the fiscal year through the reported quarter.
    pub to_date: Vec<Span>,
    /// For each KPI: the reported quarter and the three before it.
    pub four_quarters: Vec<Span>,
    /// For each KPI: the reported period's values by dimension.
    pub breakdowns: Vec<Vec<Member>>,
    /// For each KPI: the tables it was computed from, sorted.
    pub sources: Vec<Vec<String>>,
    /// What is being done, in the order of the sheet.
    pub initiatives: Vec<Initiative>,
    /// KPIs that turned to *act* in the reported period, worst first.
    pub turned_red: Vec<Alert>,
    /// KPIs not measured in the reported period, by what is missing, dearest first.
    pub not_measured: Vec<MissingGroup>,
}

impl Scorecard {
    /// The reported period.
    pub fn reported(&self) -> &PeriodResult {
        // `evaluate` always gives one period at least.
        self.periods.last().unwrap_or(&self.previous)
    }
}

/// A scorecard in one period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PeriodResult {
    /// The fiscal quarter.
    #[serde(serialize_with = "as_text")]
    pub period: Quarter,
    /// Each KPI, in the order of the definition.
    pub kpis: Vec<KpiResult>,
    /// The whole and everything below it.
    pub total: Rolled,
}

/// A KPI in one period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KpiResult {
    /// Its id.
    pub id: String,
    /// Its value; none when it is not measured.
    pub value: Option<f64>,
    /// For a ratio, what was divided.
    pub numerator: Option<f64>,
    /// For a ratio, what it was divided by.
    pub denominator: Option<f64>,
    /// What it was scored against, the floor that was used among it.
    pub marks: Marks,
    /// Where the target comes from.
    pub target_source: TargetSource,
    /// Its weight in this period.
    pub weight: f64,
    /// Score 0–100, unrounded.
    pub score: Option<f64>,
    /// Its status.
    pub status: Status,
    /// Why it has no value, or no score.
    pub reason: Option<Message>,
    /// Where a typed value comes from.
    pub manual: Option<Manual>,
    /// What its owner has to say.
    pub comments: Vec<Comment>,
}

/// Where a target comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TargetSource {
    /// There is none.
    None,
    /// It ships with the program: a default, not the client's.
    BuiltIn,
    /// The workspace's `scorecard.toml`.
    Workspace,
    /// The targets sheet, for this quarter.
    Sheet,
    /// The targets sheet, for the half-year or year.
    SheetLonger,
}

/// A value typed into the manual KPI sheet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Manual {
    /// Who or what it is from.
    pub source: Option<String>,
    /// A remark.
    pub note: Option<String>,
}

/// The value of a KPI for one member of a dimension.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Member {
    /// The dimension, such as `segment`.
    pub dimension: String,
    /// The member; empty where the data do not say.
    pub member: String,
    /// Its value.
    pub value: Option<f64>,
    /// For a ratio, what was divided.
    pub numerator: Option<f64>,
    /// For a ratio, what it was divided by.
    pub denominator: Option<f64>,
}

/// A KPI that turned to *act*.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Alert {
    /// Its index in the definition.
    pub kpi: usize,
    /// Its value in the previous period.
    pub previous: Option<f64>,
    /// Its value now.
    pub value: Option<f64>,
    /// Its target.
    pub target: Option<f64>,
}

/// KPIs that are not measured for the same reason.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MissingGroup {
    /// The reason.
    pub reason: Message,
    /// Their indices in the definition.
    pub kpis: Vec<usize>,
    /// Their share of the whole scorecard's weight, 0 to 1.
    pub share: f64,
}

fn as_text<S: Serializer>(quarter: &Quarter, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(quarter)
}
