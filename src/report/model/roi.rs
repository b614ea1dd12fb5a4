//! The return on the CRM investment: the appraisal of one business case, ready to print.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Lead;

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
