//! The reconciliation of the customers and the rates that are worked out from it.

use serde::{Deserialize, Serialize};

/// A reconciliation statement, in total or of one segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Reconciliation {
    pub period: String,
    pub label: String,
    /// The value class; null in the total, empty for customers without one.
    pub segment: Option<String>,
    /// The closing of the period before as its reports say; null where nothing was published.
    pub published: Option<i64>,
    /// Ids among the published that were one customer's.
    pub merged: i64,
    /// What else has changed since: late and edited lines, rules, settings. May be negative.
    pub restated: i64,
    pub opening: i64,
    pub new: i64,
    /// Opening and new: the base at zero loss.
    pub zero_loss: i64,
    pub reactivated: i64,
    pub lost_opening: i64,
    pub lost_new: i64,
    /// From other segments, and to them; of one segment. In the total both are equal.
    pub transferred_in: i64,
    pub transferred_out: i64,
    pub closing: i64,
    /// `opening + new + reactivated − lost_opening − lost_new + transferred_in − transferred_out =
    /// closing`, and `published − merged + restated = opening` where something was published.
    pub balances: bool,
}

/// What was published of the period before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Published {
    /// The period before.
    pub label: String,
    /// The months that made a customer active then.
    pub window_months: u32,
    /// Whether that is another window than now, so that part of what is restated comes of it.
    pub is_other_window: bool,
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

/// The customers of the period as another activity window would count them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WindowRow {
    /// Months that make a customer active.
    pub months: u32,
    /// Whether it is the window of the report.
    pub is_own: bool,
    /// Active at the start.
    pub opening: i64,
    /// Active at the start and at the end.
    pub retained: i64,
    /// Retained ÷ opening; null where nobody was active at the start.
    pub retention: Option<f64>,
    /// New in the period.
    pub new: i64,
    /// Known before, not active at the start, active at the end.
    pub reactivated: i64,
    /// Active at the start and not at the end.
    pub lost_opening: i64,
    /// New in the period and not active at its end.
    pub lost_new: i64,
    /// Active at the end.
    pub closing: i64,
}
