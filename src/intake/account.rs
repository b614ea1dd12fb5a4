//! What became of the rows of a sheet.

use serde::Serialize;

use super::evidence::Evidence;
use super::flaw::Flaws;
use super::table::SheetTable;

/// The account of one table of a sheet: every row below its header is in exactly one of the counts after
/// `rows_read`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Account {
    /// The file, relative to the workspace.
    pub path: String,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// The table the sheet was read as.
    pub table: String,
    /// The sheet; none for a text file.
    pub sheet: Option<String>,
    /// The cell that its header begins at, such as `A3`, where the sheet holds several tables.
    pub begins: Option<String>,
    /// The columns it has, those worked out among them, in the order of the table.
    #[serde(skip)]
    pub columns_found: Vec<&'static str>,
    /// Rows below the header through the last that holds something.
    pub rows_read: u64,
    /// Rows that figures are made of.
    pub rows_used: u64,
    /// Rows with a cell that cannot be read, or without one they need.
    pub rows_set_aside: u64,
    /// Rows that repeat an earlier row.
    pub rows_duplicate: u64,
    /// Transactions of no known customer, which count as unidentified revenue.
    pub rows_unmatched: u64,
    /// Rows after the end of the period.
    pub rows_out_of_period: u64,
    /// Rows with nothing in them, and those that are no records: totals, headers told again, notes.
    pub rows_blank: u64,
    /// The cells of the sheet that are to be put right.
    #[serde(skip)]
    pub flaws: Flaws,
    /// How each column that the sheet has was read, in its order.
    #[serde(skip)]
    pub evidence: Vec<Evidence>,
}

impl Account {
    pub(super) fn of(path: &str, sha256: &str, sheet: Option<String>, table: &SheetTable) -> Self {
        Self {
            path: path.to_owned(),
            sha256: sha256.to_owned(),
            table: table.table.name.to_owned(),
            sheet,
            begins: None,
            columns_found: table.columns.clone(),
            rows_read: table.read,
            rows_used: table.read - table.blank - table.set_aside,
            rows_set_aside: table.set_aside,
            rows_duplicate: 0,
            rows_unmatched: 0,
            rows_out_of_period: 0,
            rows_blank: table.blank,
            flaws: table.flaws.clone(),
            evidence: table.evidence.clone(),
        }
    }

    /// The account of the same sheet in a copy of its file: all its rows are duplicates.
    pub(super) fn copied_to(&self, path: &str) -> Self {
        Self {
            path: path.to_owned(),
            rows_used: 0,
            rows_set_aside: 0,
            rows_unmatched: 0,
            rows_out_of_period: 0,
            rows_duplicate: self.rows_read - self.rows_blank,
            flaws: Flaws::default(),
            evidence: Vec::new(),
            ..self.clone()
        }
    }

    /// Whether every row is in one count.
    pub fn balances(&self) -> bool {
        self.rows_read
            == self.rows_used
                + self.rows_set_aside
                + self.rows_duplicate
                + self.rows_unmatched
                + self.rows_out_of_period
                + self.rows_blank
    }
}
