//! Cohorts: customers by the quarter of their first purchase, and what became of them.

use serde::{Deserialize, Serialize};

/// Cohorts under one way to count time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CohortGrid {
    /// `calendar`: quarters after that of the first purchase; `age`: stretches of 91 days from each
    /// customer's own first purchase.
    pub alignment: String,
    /// How many stretches after the first there are: cells are for 0 through this.
    pub longest: u32,
    /// The cohorts, oldest first.
    pub rows: Vec<CohortRow>,
    /// Weighted by customers, over the cohorts that have come that far: of all, and without those whose
    /// customers may have bought before the data start, where there are any and others too.
    pub averages: Vec<CohortRow>,
    /// The least and the most of `share` after k = 0, over cohorts that are not small; 0 without any.
    pub active: CohortRange,
    /// The same of `share_or_later`.
    pub active_or_later: CohortRange,
    /// The same of `value_per_customer`, k = 0 too.
    pub value: CohortRange,
    /// What the values of the cells are: `contribution` where costs are known, else `revenue`.
    pub value_kind: String,
}

/// What the colours of a heat map lie between.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct CohortRange {
    /// The least.
    pub least: f64,
    /// The most.
    pub most: f64,
}

/// A cohort, or the average of several.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CohortRow {
    /// The quarter of the first purchase, or what the average is of.
    pub label: String,
    /// Customers at the beginning.
    pub customers: i64,
    /// Whether they are fewer than thirty, so that shares are mostly chance.
    pub is_small: bool,
    /// Whether its customers may have bought before the data start.
    pub is_pre_history: bool,
    /// By k from 0.
    pub cells: Vec<CohortCell>,
}

/// What a cohort did in one stretch of time; all null where that is not over yet.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CohortCell {
    /// The customers that the figures are of: of an average only the cohorts that have come that far.
    pub customers: Option<i64>,
    /// Customers with a purchase in it.
    pub active: Option<i64>,
    /// Customers with a purchase in it or later.
    pub active_or_later: Option<i64>,
    /// `active` ÷ customers (classic).
    pub share: Option<f64>,
    /// `active_or_later` ÷ customers (rolling).
    pub share_or_later: Option<f64>,
    /// Contribution or revenue of the cohort from the first purchase through this stretch.
    pub value_so_far: Option<f64>,
    /// The same per original customer.
    pub value_per_customer: Option<f64>,
}
