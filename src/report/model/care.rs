//! How customers are looked after: where they stand in the relationship, and how often they are
//! contacted.

use serde::{Deserialize, Serialize};

/// Customers by life-cycle stage.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LifeCycle {
    /// In the order of the relationship, a client's own after them; everybody who ever bought.
    pub stages: Vec<LifeCycleStage>,
    /// Leads that have not become customers; null without a list of leads.
    pub prospects: Option<i64>,
    /// From stage (rows, of the period before) to stage (columns), both as in `stages`; in a last row who
    /// was no customer then. Empty in a first period.
    pub moves: Vec<Vec<i64>>,
    /// Customers who are in another stage than in the period before.
    pub moved: i64,
}

/// A life-cycle stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LifeCycleStage {
    /// `new`, `developing`, `loyal`, `reactivated`, `at-risk`, `lapsed`.
    pub stage: String,
    /// In words.
    pub label: String,
    /// What puts a customer there.
    pub means: String,
    /// Customers in it.
    pub customers: i64,
    /// In the period before; null in a first period.
    pub previous: Option<i64>,
    /// Share of all who ever bought.
    pub share: Option<f64>,
    /// Sum of their actual value; null where none is known.
    pub value: Option<f64>,
    /// Share of the sum of actual value; null where that is not above zero.
    pub value_share: Option<f64>,
    /// Revenue of the period.
    pub revenue: f64,
    /// Came from another stage since the period before, or as new customers.
    pub came: i64,
    /// Left for another stage.
    pub went: i64,
}

/// How often campaigns reached customers in the period.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ContactPressure {
    /// Whether there is a list of contacts; else nothing here is known.
    pub known: bool,
    /// Whether complaints are recorded.
    pub complaints_known: bool,
    /// Customers who were contacted.
    pub contacted: i64,
    /// Active customers whom nobody contacted.
    pub not_contacted: i64,
    /// Contacts that reached a customer.
    pub contacts: i64,
    /// Contacts per contacted customer and month; null without any.
    pub per_month: Option<f64>,
    /// By number of contacts.
    pub rows: Vec<ContactCount>,
    /// More than four contacts in one month.
    pub over_contacted: Counted,
    /// Contacted though they withheld or withdrew their consent, of those whose consent is known.
    pub without_consent: Counted,
    /// Complained within 30 days after a contact.
    pub complained: Counted,
}

/// Customers who were contacted so often.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContactCount {
    /// Contacts in the period.
    pub contacts: i64,
    /// Whether it stands for as many and more.
    pub or_more: bool,
    /// Customers.
    pub customers: i64,
    /// Share of those contacted.
    pub share: Option<f64>,
    /// Of them, those who responded to any.
    pub responded: i64,
    /// `responded` ÷ `customers`.
    pub response: Option<f64>,
    /// Of them, those who complained within 30 days; null where complaints are not recorded.
    pub complained: Option<i64>,
}

/// Some of a number of customers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Counted {
    /// How many.
    pub customers: i64,
    /// Of how many.
    pub of: i64,
    /// `customers` ÷ `of`; null of nobody.
    pub share: Option<f64>,
}
