//! The scorecard: what each node comes to, its KPIs, and what to look at first.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Lead;

/// What a KPI, an objective, a process, a perspective or the whole comes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// Score 0–100; null when nothing below is measured or too little of it.
    pub score: Option<f64>,
    /// The score if everything unmeasured scored 0.
    pub low: f64,
    /// The score if everything unmeasured scored 100.
    pub high: f64,
    /// Share of the weight below that is measured, 0 to 1.
    pub coverage: f64,
    /// [`Status`] as text.
    pub status: Status,
    /// Share of the whole scorecard's weight, 0 to 1.
    pub share: f64,
    /// Score in the previous period.
    pub previous: Option<f64>,
    /// Score in each of the report's periods.
    pub history: Vec<Option<f64>>,
    /// KPIs below by status.
    pub counts: Counts,
}

/// How many KPIs have each status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Counts {
    pub good: u32,
    pub watch: u32,
    pub act: u32,
    pub not_measured: u32,
    pub not_due: u32,
    pub information: u32,
}

/// Good from 75, watch from 50, act below (`goal-red-flag` from 66.67 and 33.33), unrounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// On or above the upper bound.
    Good,
    /// Between the bounds.
    Watch,
    /// Below the lower bound.
    Act,
    /// A table or a denominator is missing.
    NotMeasured,
    /// A node with too little of its weight measured.
    InsufficientData,
    /// Not asked for in this period.
    NotDue,
    /// Shown, not scored.
    Information,
}

/// The balanced scorecard of a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scorecard {
    /// One sentence a director could repeat.
    pub lead: Lead,
    /// The whole.
    pub total: Node,
    /// KPIs on the scorecard, and how many of them are measured.
    pub kpis: u32,
    /// How many of them are measured.
    pub measured: u32,
    /// In the order of the scorecard.
    pub perspectives: Vec<Perspective>,
    /// KPIs whose status became *act* in this period, worst first.
    pub turned_red: Vec<Alert>,
    /// KPIs that are not measured, grouped by what would cure it, dearest first.
    pub not_measured: Vec<Missing>,
    /// What is being done, all of it, in the order of the sheet.
    pub initiatives: Vec<Initiative>,
}

/// A KPI that turned red.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// KPI id.
    pub kpi: String,
    /// KPI label.
    pub label: String,
    /// Unit of the values.
    pub unit: Unit,
    /// Value in the previous period.
    pub previous: Option<f64>,
    /// Value now.
    pub value: Option<f64>,
    /// Its target.
    pub target: Option<f64>,
}

/// What would cure KPIs that are not measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Missing {
    /// What is missing: a table, a column, a denominator.
    pub cure: String,
    /// The KPIs it would cure.
    pub kpis: Vec<KpiName>,
    /// Their share of the whole scorecard's weight, 0 to 1.
    pub share: f64,
}

/// A KPI by its id, for links, and its label, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct KpiName {
    pub id: String,
    pub label: String,
}

/// One of the four perspectives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Perspective {
    /// `financial`, `customer`, `internal-process`, `learning-growth`, or the client's own.
    pub id: String,
    /// Its label.
    pub label: String,
    /// The finding of the section.
    pub finding: String,
    /// What it comes to.
    pub node: Node,
    /// Its processes; one without a label where the perspective has none.
    pub processes: Vec<Process>,
}

/// A process of a perspective.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Process {
    /// Its id; empty where the perspective has no processes.
    pub id: String,
    /// Its label; empty where the perspective has no processes.
    pub label: String,
    /// What it comes to.
    pub node: Node,
    /// Its KPIs in order.
    pub kpis: Vec<Kpi>,
}

/// How a number is to be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// The client's currency.
    Money,
    /// A share, 0.85 printed as 85.0 %.
    Percent,
    /// A whole count.
    Count,
    /// A number with one decimal, two below ten.
    Number,
    /// A score of 0 to 100 or a rating.
    Score,
    /// Hours.
    Hours,
    /// Days.
    Days,
}

/// One indicator on the scorecard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kpi {
    /// The code: `F1` … `L6`, `M1` … `M7`, or the client's own.
    pub id: String,
    /// Its label.
    pub label: String,
    /// The label of its objective.
    pub objective: String,
    /// How its numbers are printed.
    pub unit: Unit,
    /// The value of the period.
    pub value: Option<f64>,
    /// Numerator, for ratios.
    pub numerator: Option<f64>,
    /// Denominator, for ratios.
    pub denominator: Option<f64>,
    /// The target in force.
    pub target: Option<f64>,
    /// The value that scores 0.
    pub floor: Option<f64>,
    /// A value beyond the target, to aim at; it scores no more than the target does.
    pub stretch: Option<f64>,
    /// Where the target comes from, in words.
    pub target_source: String,
    /// Whether higher is better.
    pub higher_is_better: bool,
    /// `linear`, `goal-red-flag`, `banded`, `range`, `binary`, `unscored`, `script`.
    pub scoring: String,
    /// Score 0–100, unrounded.
    pub score: Option<f64>,
    /// Its status.
    pub status: Status,
    /// Why it has no value, or no score, in words.
    pub reason: Option<String>,
    /// Weight among its siblings as configured.
    pub weight: f64,
    /// Share of the whole scorecard's weight, 0 to 1.
    pub share: f64,
    /// Values where the score is 0, 50, 75 and 100 (`goal-red-flag`: 0, 33.33, 66.67 and 100), for
    /// the bullet, whose shades change where the status does; empty where the scale is not one line.
    pub scale: Vec<f64>,
    /// Value in each of the report's periods.
    pub history: Vec<Option<f64>>,
    /// Change from the previous period.
    pub change: Option<Change>,
    /// Change from the same period a year earlier.
    pub change_year: Option<Change>,
    /// The fiscal year through the reported quarter.
    pub to_date: Span,
    /// The reported quarter and the three before it.
    pub four_quarters: Span,
    /// Values by dimension.
    pub breakdown: Vec<Member>,
    /// The formula in words.
    pub formula: String,
    /// The tables it is computed from.
    pub sources: Vec<String>,
    /// What its owner has to say, and where a typed value comes from.
    pub comment: Option<String>,
    /// What is being done to move it.
    pub initiatives: Vec<Initiative>,
}

/// Something that is being done to move a KPI.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Initiative {
    /// What is being done.
    pub initiative: String,
    /// The KPI it is to move; null for one that is linked to none.
    pub kpi: Option<String>,
    /// The label of that KPI.
    pub kpi_label: Option<String>,
    /// Who sees to it.
    pub owner: Option<String>,
    /// What it costs.
    pub cost: Option<f64>,
    /// The day by which it is to be done.
    pub due: Option<NaiveDate>,
    /// How far it is, in the client's words.
    pub status: Option<String>,
}

/// A change from one period to another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Relative change of a level (0.07 = +7 %), or the difference of a percentage in points (0.014
    /// = +1.4 pp); null when the base is zero or negative.
    pub amount: Option<f64>,
    /// Whether `amount` is in percentage points.
    pub points: bool,
    /// Whether it is for the better; null when there is no change.
    pub better: Option<bool>,
}

/// A KPI over several quarters: amounts are added, ratios worked out again from the sums of their
/// parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// Its value; null where the quarters cannot be combined or one of them is not measured.
    pub value: Option<f64>,
    /// Its value over the same quarters a year before.
    pub base: Option<f64>,
    /// The change from `base`.
    pub change: Option<Change>,
    /// Why it has no value, in words.
    pub reason: Option<String>,
}

/// The value of a KPI for one member of a dimension.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Dimension, such as `segment`.
    pub dimension: String,
    /// Member, such as `MVC`.
    pub member: String,
    /// Value of the period.
    pub value: Option<f64>,
    /// Numerator, for ratios.
    pub numerator: Option<f64>,
    /// Denominator, for ratios.
    pub denominator: Option<f64>,
}
