//! What customers are worth against what they could be worth.

use serde::{Deserialize, Serialize};

use super::Lead;

/// Current against potential value of the active customers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ValueMap {
    /// Whether there is anybody to show; if not, the rest is empty.
    pub known: bool,
    /// Why there is nothing.
    pub reason: Option<String>,
    /// Opening sentence.
    pub lead: Lead,
    /// Where the top fifth of those of positive value begins, which the map is quartered by.
    pub cut: f64,
    /// Customers of like value and class as one mark each.
    pub marks: Vec<ValueMark>,
    /// The quarters of the map: `keep`, `grow`, `serve`, `decide`, then the total.
    pub quarters: Vec<ValueQuarter>,
    /// By class, then the total.
    pub classes: Vec<ValueOfClass>,
    /// What potential value rests on: `peers`, `wallet`, `actual`, `unknown`; those that are there.
    pub bases: Vec<ValueBase>,
    /// How potential value is worked out, a sentence each.
    pub method: Vec<String>,
}

/// Customers of one class and of like value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ValueMark {
    /// The class of most of them; empty for none.
    pub class: String,
    /// How many.
    pub customers: i64,
    /// Their mean actual value.
    pub actual: f64,
    /// Their mean potential value.
    pub potential: f64,
}

/// A quarter of the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ValueQuarter {
    /// `keep`: at or above the cut. `grow`: could be. `serve`: below it, now and in what could be.
    /// `decide`: worth nothing, or less. `total`.
    pub id: String,
    /// Its name.
    pub label: String,
    /// Customers.
    pub customers: i64,
    /// Their actual value.
    pub actual: f64,
    /// Their potential value.
    pub potential: f64,
    /// The customers by class, in the order of `classes`, without the total.
    pub by_class: Vec<i64>,
}

/// What a class could be worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ValueOfClass {
    /// The class; empty for none, and for the total.
    pub class: String,
    /// Its name in words; of the total, what it is called.
    pub label: String,
    /// Whether this is all customers.
    pub total: bool,
    /// Customers whose potential value is known.
    pub customers: i64,
    /// Those of whom it is not.
    pub unknown: i64,
    /// Actual value of those of whom it is known.
    pub actual: f64,
    /// Their potential value.
    pub potential: f64,
    /// Potential less actual.
    pub gap: f64,
}

/// What potential value rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ValueBase {
    /// `peers`, `wallet`, `actual` or `unknown`.
    pub id: String,
    /// In words.
    pub label: String,
    /// Customers.
    pub customers: i64,
}
