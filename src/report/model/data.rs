//! What was read, what became of each row, and what a manager can put right.

use serde::{Deserialize, Serialize};

use super::Lead;

/// What was read and what became of each row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Data {
    /// Opening sentence of the page on the quality of the data.
    pub lead: Lead,
    /// How many files were read.
    pub files: u64,
    /// One per file, sheet and table.
    pub inputs: Vec<InputRows>,
    /// The same, summed.
    pub total: InputRows,
    /// Whether the kinds of rows add up to the rows read, in every sheet.
    pub balances: bool,
    /// Cells to put right, grouped by column and by what is wrong: those whose rows are set aside
    /// first, then by how many there are.
    pub repairs: Vec<Repair>,
    /// The first of the cells to put right, one by one; all are in the bulk rows `problem_cells`.
    pub cells: Vec<ProblemCell>,
    /// How many cells there are to put right.
    pub cells_total: u64,
    /// The files with cells to put right, and where the copies are in which they are coloured.
    pub copies: Vec<MarkedCopy>,
    /// The first of the rows that repeat an earlier one; all are in the bulk rows `repeated_rows`.
    pub repeats: Vec<RepeatedRow>,
    /// How many such rows there are.
    pub repeats_total: u64,
    /// The customers nobody knows with the most rows; all are in the bulk rows `unknown_customers`.
    pub unknown_customers: Vec<UnknownCustomer>,
    /// How many such customers there are.
    pub unknown_total: u64,
    /// Who is who; null where nobody asked.
    pub identity: Option<IdentityReport>,
    /// Returns among the sales; null where there are none.
    pub returns: Option<Returns>,
    /// How each column was read, those first in which something was assumed or left open.
    pub columns: Vec<ColumnRead>,
    /// Problems found, worst first.
    pub problems: Vec<Problem>,
    /// What was noticed that needs nobody to do anything.
    pub notes: Vec<Problem>,
}

/// How one column of a sheet was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnRead {
    /// The file.
    pub path: String,
    /// The sheet; none for a text file.
    pub sheet: Option<String>,
    /// What the table is called.
    pub table: String,
    /// The letter of the column; none where it is put together of others.
    pub letter: Option<String>,
    /// Its header as written.
    pub header: String,
    /// The column it stands for, by its name in SQL and rules.
    pub name: String,
    /// Why the header is taken for that.
    pub why: String,
    /// How many of its cells could be read.
    pub filled: u64,
    /// What its cells were read by, a sentence each; empty where they speak for themselves.
    pub grounds: Vec<String>,
    /// `watch` where something was assumed or left open, `good` where the cells prove it, `none`
    /// where there was nothing to decide.
    pub status: String,
}

/// The rows of one table of a sheet; the kinds add up to `rows_read`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct InputRows {
    pub path: String,
    pub sheet: Option<String>,
    /// The cell that the header of the table begins at, where the sheet holds several tables.
    pub begins: Option<String>,
    pub table: String,
    /// What the table is called in the language of the report.
    pub label: String,
    pub sha256: String,
    pub rows_read: u64,
    pub rows_used: u64,
    pub rows_set_aside: u64,
    pub rows_duplicate: u64,
    pub rows_unmatched: u64,
    pub rows_out_of_period: u64,
    pub rows_blank: u64,
}

/// Cells of one column in which the same is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repair {
    /// `act` where the rows are set aside, `watch` where they are used all the same.
    pub status: String,
    /// The code of the problem.
    pub code: String,
    /// What the problem is called.
    pub title: String,
    /// The file.
    pub path: String,
    /// The sheet; none for a text file.
    pub sheet: Option<String>,
    /// The header of the column; none where it is about whole rows.
    pub header: Option<String>,
    /// How many cells.
    pub count: u64,
    /// The first few of them: `B1204`, or `A30112:A30199` where they stand together.
    pub cells: Vec<String>,
    /// How many are not among those.
    pub more: u64,
    /// What is wrong with the first of them.
    pub wrong: String,
    /// What to do.
    pub todo: String,
    /// The copy in which they are coloured, as a link from the page; none where there is no copy.
    pub copy_link: Option<String>,
    /// The name of that copy.
    pub copy_name: Option<String>,
}

/// A cell to put right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemCell {
    /// `act` where its row is set aside, else `watch`.
    pub status: String,
    /// The file.
    pub path: String,
    /// The sheet; none for a text file.
    pub sheet: Option<String>,
    /// `B1204`, or `row 1204`.
    pub cell: String,
    /// The header of its column; none where it is about the whole row.
    pub header: Option<String>,
    /// What stands in it; none where it is empty.
    pub found: Option<String>,
    /// What is wrong.
    pub wrong: String,
    /// What to do.
    pub todo: String,
}

/// A file with cells to put right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkedCopy {
    /// The file.
    pub path: String,
    /// How many of its cells are to be put right.
    pub cells: u64,
    /// The copy in which they are coloured, as a link from the page; none where there is none.
    pub link: Option<String>,
    /// The copy's name; none where there is none.
    pub name: Option<String>,
    /// Why there is no copy, or why it is of another kind than the file; none where there is nothing
    /// to say.
    pub note: Option<String>,
}

/// A row that repeats an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepeatedRow {
    /// What the table is called.
    pub table: String,
    /// The file and sheet of the row.
    pub place: String,
    /// Its number in the sheet.
    pub row: u64,
    /// The file and sheet of the row it repeats.
    pub first_place: String,
    /// The number of that row.
    pub first_row: u64,
    /// Whether they say different things under one key.
    pub differs: bool,
}

/// Which ids are one customer, and how many customers each file knows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IdentityReport {
    /// All files together.
    pub total: InventoryRow,
    /// By file and table.
    pub inventory: Vec<InventoryRow>,
    /// The share of the period's revenue that is a customer's; null where there is no revenue.
    pub revenue_identified: Option<f64>,
    /// Ids that are another's; pages show the first, the bulk rows `merged_ids` hold all.
    pub merged: Vec<MergedId>,
    /// Pairs of customers that may be one.
    pub proposed: u64,
    /// The workbook that asks, as a link from the page; null where there is nothing to ask.
    pub confirm_link: Option<String>,
    /// Values that too many customers have in common.
    pub shared: Vec<SharedValue>,
}

/// What a file knows of customers; counts of customers, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InventoryRow {
    /// The file; null in the row for all.
    pub path: Option<String>,
    /// What the table is called; null in the row for all.
    pub table: Option<String>,
    /// Customers it names.
    pub customers: u64,
    /// Ids in it that are those of customers with another id.
    pub old_ids: u64,
    /// Those in the list of customers.
    pub listed: u64,
    /// Those no other file names.
    pub only_here: u64,
    /// Those with a telephone number or an e-mail address.
    pub contactable: u64,
    /// Those who ever bought.
    pub buyers: u64,
    /// Those not heard of within the activity window.
    pub stale: u64,
}

/// An id that is another's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedId {
    /// The id as it stands in files.
    pub from: String,
    /// The customer it is.
    pub to: String,
    /// Why, in words.
    pub because: String,
    /// How many cells name it.
    pub rows: u64,
    /// Where that is said; null where nowhere.
    pub place: Option<String>,
}

/// A value that too many customers have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedValue {
    /// What it is, in words.
    pub key: String,
    /// The value in normal form.
    pub value: String,
    /// How many customers have it.
    pub customers: u64,
}

/// A customer who is named and whom nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownCustomer {
    /// The id as written.
    pub customer_id: String,
    /// What the table is called in which it is named.
    pub table: String,
    /// How many rows of it name it.
    pub rows: u64,
    /// The first of them: file, sheet, row.
    pub place: String,
}

/// The returns among the sales.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returns {
    /// Rows that are returns or cancellations.
    pub rows: u64,
    /// Those whose sale is known.
    pub linked: u64,
    /// Those that name a sale that is not there.
    pub lost: u64,
    /// Those that name none.
    pub alone: u64,
    /// Those that count on the earlier day of their sale, as the client asked; none where all count on
    /// their own.
    pub restated: Option<u64>,
}

/// A problem as printed in a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Problem {
    pub code: String,
    pub severity: String,
    /// What it is called in the language of the report; the message where the catalogues have no
    /// word for it.
    pub title: String,
    /// What to do, in the language of the report; null where the catalogues have no word for it.
    pub todo: Option<String>,
    /// The sentence of the log, in English.
    pub message: String,
    pub place: Option<String>,
    /// What the log advises, in English.
    pub help: Option<String>,
    pub count: u64,
    /// Whether its cells are among the `repairs`.
    pub in_cells: bool,
}
