//! The report model: the one structure that templates see.
//!
//! It is versioned ([`SCHEMA`]) and documented field by field, because consultants write templates
//! against it. Every field is always present; what is not known is `null` with a reason beside it.
//! Numbers are raw and unrounded: templates print them through the filters of the locale
//! (`docs/templates.md`). Texts are already in the language of the report.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The version of this structure; raised when a field changes its meaning or goes away.
pub const SCHEMA: u32 = 1;

/// Everything a report says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The version of quarterdeck.
    pub version: String,
    /// First twelve digits of the hash over everything that governs the run.
    pub run_id: String,
    /// `en`, `th` or `vi`.
    pub language: String,
    /// Whose report it is.
    pub client: Client,
    /// The reported period.
    pub period: Period,
    /// The last day the data cover.
    pub data_to: NaiveDate,
    /// The periods of every history below, oldest first; the reported one is last.
    pub periods: Vec<Period>,
    /// The balanced scorecard.
    pub scorecard: Scorecard,
    /// The return on the CRM investment.
    pub roi: Roi,
    /// The customer base.
    pub customers: Customers,
    /// What was read and what became of each row.
    pub data: Data,
    /// Settings that the client did not make.
    pub defaults: Vec<Default>,
}

/// Whose report it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Client {
    /// Name as printed.
    pub name: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Digits of the currency.
    pub currency_digits: u32,
}

/// A fiscal quarter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Period {
    /// `2026-Q3`.
    pub id: String,
    /// As people write it: `Q3 2026`, `ไตรมาส 3/2569`, `Quý 3/2026`.
    pub label: String,
    /// For axes: `Q3/26`, `3/69`.
    pub short: String,
    /// First day.
    pub starts: NaiveDate,
    /// Last day.
    pub ends: NaiveDate,
}

/// A setting that the client did not make.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Default {
    /// The key that would change it.
    pub key: String,
    /// The value it has.
    pub value: String,
}

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

/// An opening sentence: what happened in bold, the rest after it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lead {
    /// The finding.
    pub bold: String,
    /// What else to know.
    pub rest: String,
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
    pub kpis: Vec<String>,
    /// Their share of the whole scorecard's weight, 0 to 1.
    pub share: f64,
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
    /// A number with one decimal.
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

/// The return on the CRM investment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Roi {
    /// Opening sentence.
    pub lead: Lead,
    /// Null when no case was supplied; then `reason` says so.
    pub case: Option<RoiCase>,
    /// Why there is no case.
    pub reason: Option<String>,
}

/// An investment case worked out. Amounts count as in the case: after realisation, ramp and risk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoiCase {
    /// The case's name.
    pub name: String,
    /// Years from the start that are counted.
    pub horizon_years: u32,
    /// Annual hurdle rate, 0.10 = 10 %.
    pub hurdle_rate: f64,
    /// That in words, with no more digits than it has.
    pub hurdle_rate_label: String,
    /// The same per step: (1 + annual)^(1 / steps a year) − 1.
    pub step_rate: f64,
    /// `annual` or `monthly`.
    pub timing: String,
    /// Steps in a year: 1 or 12.
    pub steps_per_year: u32,
    /// Day the project starts.
    pub starts: NaiveDate,
    /// Day benefits start.
    pub go_live: NaiveDate,
    /// The same in months from the start.
    pub go_live_month: u32,
    /// Net present value at the hurdle rate.
    pub npv: f64,
    /// Present value of costs.
    pub pv_costs: f64,
    /// Present value of benefits.
    pub pv_benefits: f64,
    /// Costs paid once, up to going live; the *initial cost* of the ratios over it.
    pub initial: f64,
    /// All costs over the horizon.
    pub total_costs: f64,
    /// All benefits over the horizon.
    pub total_benefits: f64,
    /// Every annual internal rate of return found, ascending; empty when there is none.
    pub irr: Vec<f64>,
    /// What to know of it: one rate, several, or none.
    pub irr_note: String,
    /// The same for the flows at their days, actual/365.
    pub xirr: Vec<f64>,
    /// Months from the start until the cumulative net flow is last below zero; null when it stays
    /// below within the horizon.
    pub payback_months: Option<f64>,
    /// The same in words: *25 months*, *not within 3 years*.
    pub payback: String,
    /// The same on discounted flows.
    pub discounted_payback_months: Option<f64>,
    /// That in words.
    pub discounted_payback: String,
    /// The deepest cumulative cash need, negative or zero.
    pub deepest: f64,
    /// Label of the period of the deepest cash need.
    pub deepest_at: String,
    /// The four ROI conventions, in a fixed order.
    pub conventions: Vec<RoiConvention>,
    /// Cash flow per step, the first undiscounted.
    pub flows: Vec<Flow>,
    /// The same for a chart and its table: months gathered into quarters of the project.
    pub chart: Vec<ChartStep>,
    /// Months gathered into one step of `chart`.
    pub chart_months: u32,
    /// From the initial cost over running costs and each benefit to what is left, undiscounted.
    pub bridge: Vec<BridgeStep>,
    /// The eight cost components, each with its amounts or *not supplied*.
    pub costs: Vec<CostComponent>,
    /// Benefit lines.
    pub benefits: Vec<BenefitLine>,
    /// Every line with its figures, for the workbook's live formulas; costs first.
    pub lines: Vec<RoiLine>,
    /// Scenarios side by side; the base first.
    pub scenarios: Vec<Scenario>,
    /// One line at a time to its low and high, largest swing first.
    pub sensitivity: Vec<Swing>,
    /// Rollout phases.
    pub phases: Vec<Phase>,
    /// Deployment options under the same benefits; empty when there are fewer than two.
    pub options: Vec<RoiOption>,
    /// Lines with booked amounts against their plan.
    pub realised: Vec<RealisedLine>,
    /// What the case assumes, each with its source.
    pub assumptions: Vec<RoiAssumption>,
    /// Remarks to print beside the figures.
    pub warnings: Vec<String>,
}

/// One of the figures that are all called ROI.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoiConvention {
    /// `seed`, `simple`, `tei`, `nucleus`.
    pub id: String,
    /// Its name.
    pub label: String,
    /// The ratio, 3.29 = 329 %; null when it has no denominator.
    pub value: Option<f64>,
    /// The definition with horizon and discounting.
    pub definition: String,
    /// When to use it.
    pub use_when: String,
}

/// The cash flow of one step (a month or a year).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Flow {
    /// Label for axes.
    pub label: String,
    /// Step number; 0 is undiscounted.
    pub step: u32,
    /// The day it falls on: the start for step 0, else the day after the step's last.
    pub falls_on: NaiveDate,
    /// Costs, positive.
    pub costs: f64,
    /// Benefits, positive.
    pub benefits: f64,
    /// Benefits less costs.
    pub net: f64,
    /// Sum of `net` so far.
    pub cumulative: f64,
    /// Factor it is discounted with.
    pub discount_factor: f64,
    /// `net` × factor.
    pub present_value: f64,
    /// Whether it lies after the data: a forecast.
    pub forecast: bool,
}

/// The cash flow of one step of a chart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct ChartStep {
    pub label: String,
    pub costs: f64,
    pub benefits: f64,
    pub net: f64,
    pub cumulative: f64,
    /// Whether any of it lies after the data.
    pub forecast: bool,
}

/// One step of the bridge from cost to net benefit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BridgeStep {
    /// Its name.
    pub label: String,
    /// Negative for costs; for the last, what is left.
    pub value: f64,
    /// Whether it is the last: the sum of those before it.
    pub total: bool,
}

/// One of the eight cost components.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CostComponent {
    /// 1 to 8.
    pub component: u8,
    /// Its name.
    pub label: String,
    /// Paid once, up to going live; null when not supplied.
    pub initial: Option<f64>,
    /// All its other costs over the horizon; null when not supplied.
    pub recurring: Option<f64>,
    /// Cost per step, over all steps.
    pub flows: Vec<f64>,
    /// Whether any line of it was supplied.
    pub supplied: bool,
    /// For a component not supplied: how large a cost at the start could be before NPV is 0.
    pub room: Option<f64>,
    /// The same for a cost at the end of every year.
    pub room_yearly: Option<f64>,
    /// What to say instead of an amount: implementation time is a duration.
    pub note: Option<String>,
}

/// One benefit line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BenefitLine {
    /// 1 to 8 of the benefit catalogue.
    pub benefit: u8,
    /// Its name.
    pub label: String,
    /// Name of its catalogue entry.
    pub catalogue: String,
    /// Sum over the horizon, after risk, ramp and realisation; null when its measure has no value.
    pub total: Option<f64>,
    /// Why it has no total.
    pub reason: Option<String>,
    /// Benefit per step.
    pub flows: Vec<f64>,
    /// `proven`, `estimated` or `associated`.
    pub attribution: String,
    /// That in words.
    pub attribution_label: String,
    /// The multiple of it at which NPV is 0; null when no multiple is, or none is needed.
    pub break_even: Option<f64>,
    /// That in words.
    pub break_even_note: String,
}

/// One line of the case with the figures its cash flow is made of: in every step
/// `amount × unit × realisation × (1 ± risk) × share`, with + for costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoiLine {
    /// Its name.
    pub label: String,
    /// `cost` or `benefit`.
    pub side: String,
    /// Its component or catalogue entry, 1 to 8.
    pub number: u8,
    /// Name of that.
    pub kind: String,
    /// Lowest amount; the likely one where none was given.
    pub low: f64,
    /// Most likely amount, or factor of the measure.
    pub likely: f64,
    /// Highest amount.
    pub high: f64,
    /// Whether the amounts are factors of a measure.
    pub is_factor: bool,
    /// The measure's value in the reported period; 1 for amounts.
    pub unit: f64,
    /// What `unit` is; empty for amounts.
    pub unit_label: String,
    /// Share that turns into money.
    pub realisation: f64,
    /// Risk factor.
    pub risk: f64,
    /// When it flows, in words.
    pub timing: String,
    /// Where the figure comes from.
    pub source: String,
    /// Whether it is part of the initial cost.
    pub initial: bool,
    /// Month after which it runs; benefits move with going live.
    pub first_month: u32,
    /// Share of the amount in each month from the start; for benefits also in the months after the
    /// horizon that going live earlier would bring into it.
    pub shares: Vec<f64>,
    /// Money per step.
    pub flows: Vec<f64>,
}

/// One scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    /// Its name.
    pub label: String,
    /// What sets it apart from the base, in words.
    pub what: String,
    /// Net present value.
    pub npv: f64,
    /// Return by the TEI convention.
    pub roi: Option<f64>,
    /// Payback in months.
    pub payback_months: Option<f64>,
    /// That in words.
    pub payback: String,
    /// The deepest cumulative cash need, negative or zero.
    pub deepest: f64,
    /// Level of each of the case's `lines`: 1 low, 2 likely, 3 high.
    pub levels: Vec<u8>,
    /// Months by which benefits start later.
    pub shift: i32,
    /// Annual hurdle rate.
    pub hurdle_rate: f64,
}

/// What one assumption does to the NPV.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Swing {
    /// The assumption.
    pub label: String,
    /// Its low value in words.
    pub low: String,
    /// Its high value in words.
    pub high: String,
    /// NPV at the low value.
    pub npv_low: f64,
    /// NPV at the high value.
    pub npv_high: f64,
}

/// A rollout phase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Phase {
    /// Its name.
    pub label: String,
    /// Months after the start in which it begins.
    pub month: u32,
    /// Month after which its benefits run.
    pub go_live_month: u32,
    /// Its costs over the horizon.
    pub costs: f64,
    /// Its benefits over the horizon.
    pub benefits: f64,
}

/// A way to come by the CRM, under the same benefits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoiOption {
    /// `build`, `buy` or `outsource`.
    pub id: String,
    /// Its name.
    pub label: String,
    /// Whether it is the one that the case is about.
    pub chosen: bool,
    /// Costs paid once, up to going live.
    pub initial: f64,
    /// All costs over the horizon.
    pub total_costs: f64,
    /// Net present value.
    pub npv: f64,
    /// Payback in words.
    pub payback: String,
    /// The deepest cumulative cash need, negative or zero.
    pub deepest: f64,
    /// What speaks against it in general.
    pub main_risk: String,
}

/// A line's plan up to the data's last day against what was booked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RealisedLine {
    /// The line.
    pub label: String,
    /// `cost` or `benefit`.
    pub side: String,
    /// Planned up to then.
    pub plan: f64,
    /// Booked.
    pub realised: f64,
    /// Booked less planned.
    pub difference: f64,
    /// How well its cause is known, in words; for a cost, where the figure comes from.
    pub evidence: String,
}

/// Something the case assumes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoiAssumption {
    /// What.
    pub label: String,
    /// Its value in words.
    pub value: String,
    /// Where it comes from.
    pub source: String,
    /// Whether it is a default of quarterdeck that nobody confirmed.
    pub is_default: bool,
}

/// The customer base.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Customers {
    /// Opening sentence.
    pub lead: Lead,
    /// Months that make a customer active.
    pub window_months: u32,
    /// What `actual_value` is: `contribution` or `revenue`.
    pub value_basis: String,
    /// Active customers at the end of the period.
    pub active: i64,
    /// The portfolio by value class, then the total.
    pub classes: Vec<ClassRow>,
    /// The reconciliation statement, in total.
    pub reconciliation: Reconciliation,
    /// Its history over the report's periods.
    pub reconciliation_history: Vec<Reconciliation>,
    /// The three retention rates that circulate.
    pub retention: Vec<Rate>,
    /// Counts by recency score (rows, 5 first) and frequency score (columns, 1 first).
    pub rfm: RfmGrid,
    /// From class (rows) to class (columns) since the previous period.
    pub moves: Moves,
    /// The best customers by value.
    pub top: Vec<CustomerRow>,
    /// The worst customers by value.
    pub bottom: Vec<CustomerRow>,
    /// Sales that no customer could be found for.
    pub unidentified_revenue: f64,
    /// All revenue of the period.
    pub revenue: f64,
}

/// One value class of the portfolio.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassRow {
    /// `MVC`, `MGC`, `Steady`, `Migrator`, `BZ`, or the client's own.
    pub class: String,
    /// Its name in words.
    pub label: String,
    /// Active customers in it.
    pub customers: i64,
    /// Active customers in it in the previous period.
    pub previous: Option<i64>,
    /// Share of active customers, 0 to 1.
    pub share: Option<f64>,
    /// Sum of actual value.
    pub value: f64,
    /// Share of the sum of actual value.
    pub value_share: Option<f64>,
    /// Revenue of the period.
    pub revenue: f64,
    /// What to do with it.
    pub treatment: String,
}

/// A reconciliation statement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Reconciliation {
    pub period: String,
    pub label: String,
    pub opening: i64,
    pub new: i64,
    /// Opening and new: the base at zero loss.
    pub zero_loss: i64,
    pub reactivated: i64,
    pub lost_opening: i64,
    pub lost_new: i64,
    pub closing: i64,
    /// `opening + new + reactivated − lost_opening − lost_new = closing`.
    pub balances: bool,
}

/// A rate with its parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// Its id.
    pub id: String,
    /// Its name.
    pub label: String,
    /// Its formula with the numbers in it.
    pub worked: String,
    /// The rate; null when the denominator is zero.
    pub value: Option<f64>,
}

/// Customers by recency and frequency score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RfmGrid {
    /// `counts[5 - recency][frequency - 1]`.
    pub counts: Vec<Vec<i64>>,
    /// What each recency score means, 5 first.
    pub recency: Vec<String>,
    /// What each frequency score means, 1 first.
    pub frequency: Vec<String>,
}

/// Class moves since the previous period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Moves {
    /// The classes, in order; the last row and column are *not active*.
    pub classes: Vec<String>,
    /// `counts[from][to]`.
    pub counts: Vec<Vec<i64>>,
}

/// One customer in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CustomerRow {
    /// Id as written.
    pub customer_id: String,
    /// Name, where there is one.
    pub name: Option<String>,
    /// Value class.
    pub class: Option<String>,
    /// Why it is in it.
    pub reason: Option<String>,
    /// Actual value.
    pub actual_value: Option<f64>,
    /// Potential value.
    pub potential_value: Option<f64>,
    /// Revenue of the period.
    pub revenue: f64,
    /// Orders in the RFM window.
    pub frequency: i64,
    /// Day of the last purchase.
    pub last_purchase: Option<NaiveDate>,
    /// RFM scores, such as `5-4-3`.
    pub rfm: String,
    /// First action.
    pub action: Option<String>,
}

/// What was read and what became of each row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Data {
    /// One per file, sheet and table.
    pub inputs: Vec<InputRows>,
    /// The same, summed.
    pub total: InputRows,
    /// Problems found, worst first.
    pub problems: Vec<Problem>,
}

/// The rows of one sheet; the kinds add up to `rows_read`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct InputRows {
    pub path: String,
    pub sheet: Option<String>,
    pub table: String,
    pub sha256: String,
    pub rows_read: u64,
    pub rows_used: u64,
    pub rows_set_aside: u64,
    pub rows_duplicate: u64,
    pub rows_unmatched: u64,
    pub rows_out_of_period: u64,
    pub rows_blank: u64,
}

/// A problem as printed in a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Problem {
    pub code: String,
    pub severity: String,
    pub message: String,
    pub place: Option<String>,
    pub help: Option<String>,
    pub count: u64,
}

/// The page over all periods.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Index {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The version of quarterdeck.
    pub version: String,
    /// `en`, `th` or `vi`.
    pub language: String,
    /// Whose reports they are.
    pub client: Client,
    /// The published periods, latest first.
    pub entries: Vec<IndexEntry>,
}

/// A published period on the index page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndexEntry {
    /// The period.
    pub period: Period,
    /// The folder its reports are in, relative to the index.
    pub folder: String,
    /// Its pages and workbooks by file name, such as `scorecard.html`, in the order to list them.
    pub files: Vec<String>,
    /// The scorecard of the period.
    pub total: Node,
    /// KPIs on its scorecard.
    pub kpis: u32,
    /// How many of them are measured.
    pub measured: u32,
    /// The last day its data cover.
    pub data_to: Option<NaiveDate>,
    /// Problems at or above a warning that its run found.
    pub problems: u64,
    /// The run that published it.
    pub run_id: String,
}
