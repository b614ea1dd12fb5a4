//! The page over all periods.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Client, Node, Period};

/// The page over all periods.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Index {
    /// [`SCHEMA`](super::SCHEMA).
    pub schema: u32,
    /// The version of quarterdeck.
    pub version: String,
    /// `en`, `th` or `vi`.
    pub language: String,
    /// Whose reports they are.
    pub client: Client,
    /// The published periods, latest first.
    pub entries: Vec<IndexEntry>,
}

/// A published period on the index page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndexEntry {
    /// The period.
    pub period: Period,
    /// The folder its reports are in, relative to the index.
    pub folder: String,
    /// Its pages and workbooks by file name, such as `scorecard.html`, in the order to list them.
    pub files: Vec<String>,
    /// The scorecard of the period.
    pub total: Node,
    /// KPIs on its scorecard.
    pub kpis: u32,
    /// How many of them are measured.
    pub measured: u32,
    /// The last day its data cover.
    pub data_to: Option<NaiveDate>,
    /// Problems at or above a warning that its run found.
    pub problems: u64,
    /// The run that published it.
    pub run_id: String,
}
