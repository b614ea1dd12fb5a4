//! What was read, and what became of each row.

use serde::{Deserialize, Serialize};

/// What was read and what became of each row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Data {
    /// One per file, sheet and table.
    pub inputs: Vec<InputRows>,
    /// The same, summed.
    pub total: InputRows,
    /// Problems found, worst first.
    pub problems: Vec<Problem>,
}

/// The rows of one sheet; the kinds add up to `rows_read`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct InputRows {
    pub path: String,
    pub sheet: Option<String>,
    pub table: String,
    pub sha256: String,
    pub rows_read: u64,
    pub rows_used: u64,
    pub rows_set_aside: u64,
    pub rows_duplicate: u64,
    pub rows_unmatched: u64,
    pub rows_out_of_period: u64,
    pub rows_blank: u64,
}

/// A problem as printed in a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Problem {
    pub code: String,
    pub severity: String,
    pub message: String,
    pub place: Option<String>,
    pub help: Option<String>,
    pub count: u64,
}
