//! What customers are worth to come, and the most to spend on them.

use serde::{Deserialize, Serialize};

use super::Lead;

/// Lifetime value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lifetime {
    /// Whether the formula gives anything for all customers; if not, its rows are empty.
    pub known: bool,
    /// Why it does not.
    pub reason: Option<String>,
    /// Opening sentence.
    pub lead: Lead,
    /// By class, then the total, all per customer.
    pub rows: Vec<LifetimeRow>,
    /// Months of the truncated values.
    pub horizon_months: i64,
    /// By how much spending is taken to raise a customer's chance to stay a quarter.
    pub uplift: f64,
    /// Share of a new customer's value to be left when it is won.
    pub required_margin: f64,
    /// What the formula rests on, a sentence each.
    pub basis: Vec<String>,
    /// Whether models of single customers were asked for.
    pub fitted: bool,
    /// The models that hold; empty where none does or none was asked for.
    pub models: Vec<LifetimeModel>,
    /// How the models' assumptions were tested.
    pub tests: Vec<LifetimeTest>,
    /// What does not hold and why, a sentence each.
    pub remarks: Vec<String>,
}

/// Lifetime value of a class by formula, per customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LifetimeRow {
    /// The class; empty for customers the rules gave none, and for the total.
    pub class: String,
    /// Its name in words; of the total, what it is called.
    pub label: String,
    /// Whether this is all customers.
    pub total: bool,
    /// What a customer brings in a quarter, net of costs.
    pub margin: Option<f64>,
    /// The share who stay from one quarter to the next.
    pub retention: Option<f64>,
    /// What a new customer is worth, the first payment included.
    pub new_customer: Option<f64>,
    /// What a customer who has just paid is still worth.
    pub residual: Option<f64>,
    /// The same of the payments within the horizon alone.
    pub residual_truncated: Option<f64>,
    /// The most to spend in a quarter to keep a customer.
    pub keep: Option<f64>,
    /// The most to spend to win one.
    pub win: Option<f64>,
    /// Why there is no value.
    pub reason: Option<String>,
}

/// A model fitted to single customers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LifetimeModel {
    /// `bgnbd`, `mbgnbd` or `gamma_gamma`.
    pub id: String,
    /// Its name in words.
    pub label: String,
    /// Name and value of each parameter.
    pub parameters: Vec<LifetimeParameter>,
    /// The logarithm of the likelihood.
    pub log_likelihood: Option<f64>,
    /// Customers it is fitted to.
    pub customers: Option<i64>,
    /// Whether actual values are its values.
    pub taken: bool,
}

/// A parameter of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LifetimeParameter {
    /// As the literature writes it.
    pub name: String,
    /// Its value.
    pub value: f64,
}

/// How an assumption was tested.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LifetimeTest {
    /// What was tested.
    pub label: String,
    /// What came out.
    pub found: String,
    /// What it should be.
    pub wanted: String,
    /// Whether it is.
    pub holds: bool,
}
