//! Cells to put right: where each is, what stands in it, and what is wrong with it.
//!
//! A diagnostic groups repeats and shows a few places, for those who read a log. A manager mends cells
//! one by one, so every one of them is kept here, up to [`MOST`] of a sheet; the reports list them and
//! the copies of the manager's workbooks are marked by them.

use serde::{Deserialize, Serialize};

use crate::diagnostics::Code;
use crate::diagnostics::codes::intake::{
    AMBIGUOUS_HEADER, CONFLICTING_ROWS, CONTRADICTING_IDS, CUT_ROW, MISSING_VALUE, UNMATCHED_ROWS,
    UNREADABLE_VALUE,
};

/// How many cells of a sheet are kept; what is over is counted. Nobody mends more by hand.
pub const MOST: usize = 100_000;

/// What is wrong with a cell. What it is called in the catalogues is [`Fault::key`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Fault {
    /// A formula that failed.
    FormulaError,
    /// Not the kind of thing that belongs there.
    NotA,
    /// A number whose thousands are not groups of three digits.
    Grouping,
    /// More digits than an amount can have.
    TooLong,
    /// An amount in this currency, which is not the client's.
    OtherCurrency(String),
    /// A day that no calendar has.
    NoSuchDay,
    /// A year of two digits.
    TwoDigitYear,
    /// A year that is neither common era nor Buddhist.
    Year(i32),
    /// Not the declared order of day, month and year.
    Order,
    /// A share where an amount belongs.
    Percent,
    /// A fraction where a whole number belongs.
    Fraction,
    /// Formatted as a date where a number belongs.
    DateForNumber,
    /// Not one of these words.
    Choice(String),
    /// Thousands or decimals: the column uses both marks.
    MarkUnsettled,
    /// Day or month first: the column uses both orders.
    OrderUnsettled,
    /// Empty, though every row needs it.
    Missing,
    /// Empty, and so is what would do instead: one of these sets of columns is needed.
    MissingOneOf(Vec<Vec<String>>),
    /// The row has more fields than the header.
    CutRow,
    /// Another header of the sheet could stand for this column, too.
    AmbiguousHeader(String),
    /// An earlier row has the same key and says something else; where.
    Conflict(String),
    /// A customer that the customers table does not have.
    UnknownCustomer,
    /// What it says of two ids cannot hold beside what another row says; where.
    Contradiction(String),
}

impl Fault {
    /// Its name in the catalogues, in kebab-case.
    pub fn key(&self) -> &'static str {
        match self {
            Self::FormulaError => "formula-error",
            Self::NotA => "not-a",
            Self::Grouping => "grouping",
            Self::TooLong => "too-long",
            Self::OtherCurrency(_) => "other-currency",
            Self::NoSuchDay => "no-such-day",
            Self::TwoDigitYear => "two-digit-year",
            Self::Year(_) => "year",
            Self::Order => "order",
            Self::Percent => "percent",
            Self::Fraction => "fraction",
            Self::DateForNumber => "date-for-number",
            Self::Choice(_) => "choice",
            Self::MarkUnsettled => "mark-unsettled",
            Self::OrderUnsettled => "order-unsettled",
            Self::Missing => "missing",
            Self::MissingOneOf(_) => "missing-one-of",
            Self::CutRow => "cut-row",
            Self::AmbiguousHeader(_) => "ambiguous-header",
            Self::Conflict(_) => "conflict",
            Self::UnknownCustomer => "unknown-customer",
            Self::Contradiction(_) => "contradiction",
        }
    }

    /// One of each, for tests that all have words.
    #[cfg(test)]
    pub(crate) fn each() -> Vec<Self> {
        let some = || "x".to_owned();
        vec![
            Self::FormulaError,
            Self::NotA,
            Self::Grouping,
            Self::TooLong,
            Self::OtherCurrency(some()),
            Self::NoSuchDay,
            Self::TwoDigitYear,
            Self::Year(1),
            Self::Order,
            Self::Percent,
            Self::Fraction,
            Self::DateForNumber,
            Self::Choice(some()),
            Self::MarkUnsettled,
            Self::OrderUnsettled,
            Self::Missing,
            Self::MissingOneOf(vec![vec![some(), some()], vec![some()]]),
            Self::CutRow,
            Self::AmbiguousHeader(some()),
            Self::Conflict(some()),
            Self::UnknownCustomer,
            Self::Contradiction(some()),
        ]
    }

    /// What more there is to say: a currency, a year, the words that would do.
    pub fn detail(&self) -> Option<String> {
        match self {
            Self::OtherCurrency(text)
            | Self::Choice(text)
            | Self::AmbiguousHeader(text)
            | Self::Conflict(text)
            | Self::Contradiction(text) => Some(text.clone()),
            Self::Year(year) => Some(year.to_string()),
            _ => None,
        }
    }

    /// The code of the diagnostic that it is grouped in.
    pub fn code(&self) -> &'static Code {
        match self {
            Self::Missing | Self::MissingOneOf(_) => &MISSING_VALUE,
            Self::CutRow => &CUT_ROW,
            Self::AmbiguousHeader(_) => &AMBIGUOUS_HEADER,
            Self::Conflict(_) => &CONFLICTING_ROWS,
            Self::UnknownCustomer => &UNMATCHED_ROWS,
            Self::Contradiction(_) => &CONTRADICTING_IDS,
            _ => &UNREADABLE_VALUE,
        }
    }

    /// Whether its row is in no figure until it is mended.
    pub fn sets_aside(&self) -> bool {
        !matches!(
            self,
            Self::AmbiguousHeader(_) | Self::Conflict(_) | Self::UnknownCustomer
        )
    }
}

/// A cell to put right, or a row where no cell of it is to blame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flaw {
    /// The row of the sheet, from 1.
    pub row: u32,
    /// The column of the sheet, from 0; none for the row as a whole.
    pub column: Option<u32>,
    /// What is wrong.
    pub fault: Fault,
    /// What stands in it, as a message shows it; empty for an empty cell.
    pub shown: String,
}

/// A column of a sheet that was read as a column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetColumn {
    /// The column of the table.
    pub name: String,
    /// The header as written.
    pub header: String,
    /// The column of the sheet, from 0.
    pub column: u32,
}

/// What is to be put right in a sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flaws {
    /// The columns that were read.
    pub columns: Vec<SheetColumn>,
    /// The cells, by row and column.
    pub found: Vec<Flaw>,
    /// How many more there are that are not kept.
    pub more: u64,
}

impl Flaws {
    /// Keeps a flaw, or counts it. A cell of which several rows are made has its flaw once.
    pub(super) fn push(&mut self, flaw: Flaw) {
        let of_row = self.found.iter().rev();
        let mut of_row = of_row.take_while(|other| other.row == flaw.row);
        if of_row.any(|other| *other == flaw) {
            return;
        }
        if self.found.len() < MOST {
            self.found.push(flaw);
        } else {
            self.more += 1;
        }
    }

    /// In the order in which a person goes through a sheet, each once.
    pub(super) fn sort(&mut self) {
        self.found
            .sort_by(|a, b| (a.row, a.column, &a.fault).cmp(&(b.row, b.column, &b.fault)));
        self.found.dedup();
    }

    /// The column that was read as this column of the table.
    pub fn column(&self, name: &str) -> Option<&SheetColumn> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The column that stands in this column of the sheet.
    pub fn at(&self, column: u32) -> Option<&SheetColumn> {
        self.columns.iter().find(|known| known.column == column)
    }

    /// How many cells there are to put right.
    pub fn len(&self) -> u64 {
        self.found.len() as u64 + self.more
    }

    /// Whether nothing is to be put right.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }
}
