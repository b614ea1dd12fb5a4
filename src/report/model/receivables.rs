//! What customers owe.

use serde::{Deserialize, Serialize};

/// What customers owe at the end of the period, with tax, in currency units.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Receivables {
    /// Over all customers; null where the data do not say when sales were paid.
    pub total: Option<Ageing>,
    /// The end of the period before.
    pub previous: Option<Ageing>,
    /// The customers with the most overdue, then outstanding.
    pub debtors: Vec<Debtor>,
    /// Customers who owe anything.
    pub customers: i64,
    /// Of these, those with something overdue.
    pub customers_overdue: i64,
}

/// An amount outstanding, by how long it is overdue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Ageing {
    /// All of it.
    pub outstanding: f64,
    /// Due on the last day of the period or later.
    pub not_due: f64,
    /// Overdue by 1 to 30 days.
    pub days_1_30: f64,
    /// Overdue by 31 to 60 days.
    pub days_31_60: f64,
    /// Overdue by 61 to 90 days.
    pub days_61_90: f64,
    /// Overdue by more than 90 days.
    pub days_over_90: f64,
    /// All that is overdue.
    pub overdue: f64,
    /// `overdue` ÷ `outstanding`; null where nothing is.
    pub overdue_share: Option<f64>,
    /// Sales on credit in the period.
    pub credit_sales: f64,
    /// `outstanding` ÷ `credit_sales` × days of the period; null without any.
    pub days_sales_outstanding: Option<f64>,
}

/// A customer who owes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Debtor {
    /// Id as written; empty where sales name none.
    pub customer_id: String,
    /// Name, where there is one.
    pub name: Option<String>,
    /// What they owe.
    pub ageing: Ageing,
}
