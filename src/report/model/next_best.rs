//! Next best product: what to offer whom, and why.

use serde::{Deserialize, Serialize};

/// What to offer to the customers of the period.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct NextBest {
    /// Between what products were counted: `customer`, `basket`, `sequence`.
    pub level: String,
    /// How far back purchases count, in months.
    pub window_months: u32,
    /// The fewest units that must have bought both products.
    pub min_count: u32,
    /// Active customers with a suggestion.
    pub customers: i64,
    /// The products that are the first suggestion to most active customers.
    pub offers: Vec<Offer>,
    /// Products that were bought together more often than by chance, the surest first; but in a
    /// sequence each two once, the rarer first.
    pub pairs: Vec<ProductPair>,
    /// Suggestions in the workbook: the first so many, customers by value.
    pub listed: i64,
    /// All suggestions to active customers.
    pub suggestions: i64,
}

/// A product to offer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// Its id.
    pub product_id: String,
    /// Its name.
    pub product: String,
    /// Active customers whose first suggestion it is.
    pub customers: i64,
    /// What one of it is expected to earn; null where no cost is known.
    pub expected_margin: Option<f64>,
}

/// Two products.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProductPair {
    /// The product bought.
    pub because: String,
    /// The product that goes with it.
    pub product: String,
    /// Units with both.
    pub n_ab: i64,
    /// Units with the first.
    pub n_a: i64,
    /// Units with the second.
    pub n_b: i64,
    /// All units.
    pub n: i64,
    /// `n_ab` ÷ `n_a`.
    pub confidence: f64,
    /// The lower end of its 95 % interval.
    pub confidence_low: f64,
    /// `confidence` by the share of all units with the second.
    pub lift: f64,
}

/// A product for a customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suggested {
    /// Its name.
    pub product: String,
    /// The product they have bought that speaks for it.
    pub because: String,
    /// Units with both.
    pub n_ab: i64,
    /// Units with the one they have bought.
    pub n_a: i64,
}
