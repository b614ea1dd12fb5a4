//! What a run hands back when it publishes no report.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Client, Data};

/// The repair list of a run that stopped because too many rows were set aside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RepairList {
    /// [`SCHEMA`](super::SCHEMA).
    pub schema: u32,
    /// The version of quarterdeck.
    pub version: String,
    /// `en`, `th` or `vi`.
    pub language: String,
    /// Whose files they are.
    pub client: Client,
    /// The last day of the sales that can be read, where any can.
    pub data_to: Option<NaiveDate>,
    /// The tables of which too many rows were set aside.
    pub over: Vec<OverLimit>,
    /// What became of the rows, and the cells to put right.
    pub data: Data,
}

/// A table of which too many rows were set aside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OverLimit {
    /// The table by its name in settings.
    pub table: String,
    /// The table in the language of the list.
    pub label: String,
    /// Rows set aside.
    pub rows_set_aside: u64,
    /// Rows with data.
    pub rows: u64,
    /// The share of them that was set aside, 0 to 1.
    pub share: f64,
    /// The share that may be, 0 to 1.
    pub limit: f64,
}
