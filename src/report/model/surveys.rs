//! What surveys say, and how customers' requests were served.

use serde::{Deserialize, Serialize};

/// Answers to surveys in the period.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Surveys {
    /// One row per instrument, over all answers.
    pub results: Vec<SurveyRow>,
    /// The same by class, of the instruments whose answers have customers.
    pub by_class: Vec<SurveyRow>,
    /// Answers of the period that do not count, since they are off their scale.
    pub rejected: i64,
}

/// What the answers to an instrument come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SurveyRow {
    /// `nps`, `csat`, `brand_awareness`, `brand_preference`, `feedback`, `culture`.
    pub instrument: String,
    /// The class of those who answered; null over all, and empty where it is not known.
    pub class: Option<String>,
    /// Valid answers, the latest of each customer.
    pub n: i64,
    /// Whether they are fewer than thirty, so that `value` is mostly chance.
    pub is_small: bool,
    /// Customers active at the end of the period or among those who answered; null where no answer
    /// has a customer.
    pub answered_of: Option<i64>,
    /// Whether `value` is a score from −1 to 1 and not a share.
    pub is_score: bool,
    /// The net promoter score, or the share of favourable answers.
    pub value: f64,
    /// The lower end of its 95 % interval; null where all answers are alike.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// The mean answer.
    pub mean: f64,
    /// The foot of the scale that `mean` is on.
    pub scale_low: f64,
    /// Its top.
    pub scale_high: f64,
    /// `value` less that of the period before.
    pub change: Option<f64>,
    /// How much of a change could be chance, with 95 % confidence; null where either rests on fewer
    /// than thirty answers.
    pub change_margin: Option<f64>,
    /// Whether the change is more than that; null where that is not known.
    pub is_significant: Option<bool>,
}

/// How requests were served in the period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServiceRow {
    /// The channel; null over all, and empty where it is not stated.
    pub channel: Option<String>,
    /// `complaint`, `help`, `visit`, `training`; `unstated`, or `all` over all.
    pub kind: String,
    /// Opened in the period.
    pub opened: i64,
    /// Closed in the period.
    pub closed: i64,
    /// Of those closed in it or overdue at its end, and with a target time.
    pub due: i64,
    /// Closed within their target time.
    pub within: i64,
    /// `within` ÷ `due`; null where nothing was due.
    pub level: Option<f64>,
    /// Hours from opening to closing that half of those closed took at most.
    pub median_hours: Option<f64>,
    /// The same of nine in ten.
    pub p90_hours: Option<f64>,
    /// Open at the end of the period.
    pub open_at_end: i64,
    /// Of these, past their target time.
    pub overdue_at_end: i64,
}
