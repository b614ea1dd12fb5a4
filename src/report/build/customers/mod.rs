//! The customer report: portfolio, reconciliation, retention, RFM grid, class moves, lists.

mod portfolio;
mod profit;
mod reconciliation;
mod relationship;
mod rfm;

use chrono::NaiveDate;

use crate::calendar::Quarter;
use crate::message::Message;
use crate::report::locale::Locale;
use crate::report::model;
use portfolio::{classes, lead, moves};
pub use profit::{ProfitFigures, WhaleFigures};
use reconciliation::{nothing, rates, reconciliation};
pub use relationship::{EffectFigures, RelationshipFigures, ReturnFigures};
use rfm::grid;

/// One class of one period, counted over the customers that are active at its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Portfolio {
    /// The period.
    pub period: Quarter,
    /// The class; none for customers the rules gave none.
    pub class: Option<String>,
    /// Active customers.
    pub customers: i64,
    /// Sum of their actual value.
    pub value: f64,
    /// Their revenue in the period.
    pub revenue: f64,
}

/// The reconciliation of one period in total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Reconciled {
    pub period: Quarter,
    pub opening: i64,
    pub new: i64,
    pub reactivated: i64,
    pub lost_opening: i64,
    pub lost_new: i64,
    pub closing: i64,
}

/// Customers who went from one class to another; none is *not active*.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct MoveCount {
    pub from: Option<String>,
    pub to: Option<String>,
    pub customers: i64,
}

/// Customers with a recency and a frequency score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct RfmCount {
    pub recency: i64,
    pub frequency: i64,
    pub customers: i64,
}

/// A customer of a list, with reason and action still by key.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Listed {
    pub customer_id: String,
    pub name: Option<String>,
    pub class: Option<String>,
    pub reason: Option<Message>,
    pub actual_value: Option<f64>,
    pub potential_value: Option<f64>,
    pub revenue: f64,
    pub frequency: i64,
    pub last_purchase: Option<NaiveDate>,
    pub rfm: String,
    pub action: Option<Message>,
}

/// Everything the customer report is made from.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerFigures {
    /// The periods shown, oldest first; the reported one is last.
    pub periods: Vec<Quarter>,
    /// Months that make a customer active.
    pub window_months: u32,
    /// `contribution` or `revenue`.
    pub value_basis: String,
    /// All classes of the reported period and the one before.
    pub portfolio: Vec<Portfolio>,
    /// One per period shown.
    pub reconciliation: Vec<Reconciled>,
    /// Moves into the reported period.
    pub moves: Vec<MoveCount>,
    /// Counts of the reported period.
    pub rfm: Vec<RfmCount>,
    /// Where the scores of recency and frequency end.
    pub cuts: RfmCuts,
    /// The best by actual value, then id.
    pub top: Vec<Listed>,
    /// The worst by actual value, then id.
    pub bottom: Vec<Listed>,
    /// Revenue of the period.
    pub revenue: f64,
    /// That of it which belongs to no known customer.
    pub unidentified_revenue: f64,
    /// The profit of customers.
    pub profit: ProfitFigures,
    /// The return on keeping them.
    pub relationship: RelationshipFigures,
}

/// Where the scores of the reported period end; empty where there are none. Equal ends leave the
/// score between them out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RfmCuts {
    /// The most days since the last purchase that score 5, 4, 3 and 2.
    pub most_days: Vec<i64>,
    /// The most orders that score 1, 2, 3 and 4.
    pub most_orders: Vec<i64>,
}

/// The customer part of the report model.
pub fn customers(figures: &CustomerFigures, locale: &Locale) -> model::Customers {
    let now = figures.periods.last().copied();
    let history: Vec<_> = figures
        .periods
        .iter()
        .map(|period| {
            let found = figures.reconciliation.iter().find(|r| r.period == *period);
            reconciliation(found.copied().unwrap_or(nothing(*period)), locale)
        })
        .collect();
    let current = history.last().cloned().unwrap_or_else(|| {
        reconciliation(
            nothing(Quarter {
                year: 1970,
                number: 1,
            }),
            locale,
        )
    });
    let classes = classes(figures, now, locale);
    model::Customers {
        lead: lead(&current, history.iter().rev().nth(1), &classes, locale),
        window_months: figures.window_months,
        value_basis: figures.value_basis.clone(),
        active: current.closing,
        retention: rates(&current, locale),
        moves: moves(figures),
        rfm: grid(figures, locale),
        top: figures.top.iter().map(|row| listed(row, locale)).collect(),
        bottom: figures
            .bottom
            .iter()
            .map(|row| listed(row, locale))
            .collect(),
        unidentified_revenue: figures.unidentified_revenue,
        revenue: figures.revenue,
        profit: profit::profit(&figures.profit, locale),
        relationship: relationship::relationship(&figures.relationship, locale),
        classes,
        reconciliation: current,
        reconciliation_history: history,
    }
}

fn listed(row: &Listed, locale: &Locale) -> model::CustomerRow {
    model::CustomerRow {
        customer_id: row.customer_id.clone(),
        name: row.name.clone(),
        class: row.class.clone(),
        reason: row.reason.as_ref().map(|reason| locale.message(reason)),
        actual_value: row.actual_value,
        potential_value: row.potential_value,
        revenue: row.revenue,
        frequency: row.frequency,
        last_purchase: row.last_purchase,
        rfm: row.rfm.clone(),
        action: row.action.as_ref().map(|action| locale.message(action)),
    }
}

/// A share of a whole; none of nothing.
fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}
