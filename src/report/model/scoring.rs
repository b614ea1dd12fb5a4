//! How customers are scored: by recency, frequency and monetary value, and by the customer scorecard.

use serde::{Deserialize, Serialize};

/// Customers by recency and frequency score, and how the three scores were given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RfmGrid {
    /// `counts[5 - recency][frequency - 1]`.
    pub counts: Vec<Vec<i64>>,
    /// What each recency score means, 5 first; empty where nobody can have it.
    pub recency: Vec<String>,
    /// The recency scores that customers can have, 5 first: where cut points coincide, the scores
    /// between them are left out.
    pub recency_scores: Vec<u32>,
    /// What each frequency score means, 1 first; empty where nobody can have it.
    pub frequency: Vec<String>,
    /// The frequency scores that customers can have, 1 first.
    pub frequency_scores: Vec<u32>,
    /// `quantile`, `thresholds`, `rank`, `nested`, `quantile-7` or `thirds`.
    pub method: String,
    /// The method in a sentence.
    pub method_said: String,
    /// Where the cut points come from: the quarter itself, the settings, or when they were frozen.
    pub cuts_said: String,
    /// Whether the cut points are frozen.
    pub is_frozen: bool,
    /// Recency, frequency and monetary value; empty without customers.
    pub scales: Vec<RfmScale>,
    /// Customers whose scores moved since the previous period: of each of the three, then of any.
    pub moves: Vec<RfmMove>,
}

/// The five scores of recency, frequency or monetary value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RfmScale {
    /// `recency`, `frequency` or `monetary`.
    pub id: String,
    /// In words, with its unit.
    pub label: String,
    /// The best score first.
    pub bands: Vec<RfmBand>,
}

/// The customers of one score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RfmBand {
    /// 1 to 5.
    pub score: u32,
    /// The values that score so, in words; empty where no cut point says so or nobody can.
    pub said: String,
    /// Customers.
    pub customers: i64,
    /// Of all customers.
    pub share: Option<f64>,
    /// The least of their values.
    pub least: Option<f64>,
    /// The greatest.
    pub most: Option<f64>,
}

/// Customers whose score moved since the previous period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RfmMove {
    /// `recency`, `frequency`, `monetary`, or `rfm` for any of them.
    pub score: String,
    /// In words.
    pub label: String,
    /// To a better score; none for any of the three.
    pub up: Option<i64>,
    /// To a worse one; none for any of the three.
    pub down: Option<i64>,
    /// Who would have moved by the cut points of the previous period too.
    pub behaviour: i64,
    /// Who moved because the cut points did.
    pub ruler: i64,
    /// Of whom the method cannot tell.
    pub untold: i64,
}

/// Class moves since the previous period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Moves {
    /// The classes, in order; the last row and column are *not active*.
    pub classes: Vec<String>,
    /// `counts[from][to]`.
    pub counts: Vec<Vec<i64>>,
    /// Those of the counts who changed class because the cuts between classes moved.
    pub by_ruler: Vec<Vec<i64>>,
    /// Who changed class, and would have by the cuts of the previous period too.
    pub behaviour: i64,
    /// Who changed class because the cuts moved.
    pub ruler: i64,
    /// Whose cut points between the classes were used, and what they are.
    pub cuts_said: String,
    /// Whether they are frozen.
    pub is_frozen: bool,
}

/// The customer scorecard: how strong and how attractive the relationships are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CustomerScorecard {
    /// From which score on a side is middling.
    pub middle_from: f64,
    /// From which score on a side is high.
    pub high_from: f64,
    /// Active customers in a cell.
    pub placed: i64,
    /// Active customers without a score on one of the sides.
    pub unplaced: i64,
    /// The nine cells: the most attractive first, within them the weakest first.
    pub cells: Vec<GridCell>,
    /// What the customers below were judged by, in the order of the rule; empty where nobody was.
    pub criteria: Vec<CriterionHead>,
    /// The customers of the greatest value, criterion by criterion.
    pub customers: Vec<ScoredCustomer>,
}

/// A cell of the grid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GridCell {
    /// `low`, `middle` or `high`.
    pub strength: String,
    /// `low`, `middle` or `high`.
    pub attractiveness: String,
    /// Active customers.
    pub customers: i64,
    /// Of those in any cell.
    pub share: Option<f64>,
    /// Sum of their actual value.
    pub value: f64,
    /// Of the value in all cells; null unless that is above zero.
    pub value_share: Option<f64>,
    /// What to do with them.
    pub treatment: String,
}

/// A criterion of the customer scorecard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CriterionHead {
    /// Its name in the rule.
    pub id: String,
    /// In words.
    pub label: String,
    /// `strength` or `attractiveness`.
    pub side: String,
    /// Its weight within its side.
    pub weight: f64,
}

/// The scorecard of one customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScoredCustomer {
    /// Id as written.
    pub customer_id: String,
    /// Name, where there is one.
    pub name: Option<String>,
    /// Value class.
    pub class: Option<String>,
    /// Actual value.
    pub actual_value: Option<f64>,
    /// 0 to 100.
    pub strength: Option<f64>,
    /// 0 to 100.
    pub attractiveness: Option<f64>,
    /// Points from 1 to 5, one for each criterion; null where it could not be measured.
    pub points: Vec<Option<f64>>,
}
