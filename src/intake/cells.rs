//! What passes from the readers of file formats to the builders of columns: cells, streamed.
//!
//! A reader knows formats and nothing of tables; a sink knows tables and nothing of formats. No
//! reader builds a row, so that nothing is kept but what a column keeps.

use std::borrow::Cow;
use std::ops::ControlFlow;

/// A cell that holds something.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell<'a> {
    /// A text, or anything in a text file.
    Text(&'a str),
    /// A number that is not formatted as a date.
    Number(f64),
    /// A number that is formatted as a date: a serial, in the epoch of its workbook.
    Serial(f64),
    /// A number that is formatted as a duration, in days.
    Duration(f64),
    /// True or false.
    Bool(bool),
    /// A formula that failed, as it is shown: `#N/A`.
    Error(&'a str),
}

impl Cell<'_> {
    /// The cell as a message shows it, cut where it is long.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Text(text) => {
                let text = text.trim();
                match text.char_indices().nth(40) {
                    Some((end, _)) => format!("{}…", &text[..end]),
                    None => text.to_owned(),
                }
            }
            Self::Number(x) | Self::Serial(x) | Self::Duration(x) => x.to_string(),
            Self::Bool(yes) => yes.to_string(),
            Self::Error(error) => (*error).to_owned(),
        }
    }

    /// The text of a header cell.
    pub(super) fn header(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(text) => Some(super::values::text::clean(text)),
            _ => None,
        }
    }
}

/// A cell that outlives the row it was read in.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum OwnedCell {
    Text(String),
    Number(f64),
    Serial(f64),
    Duration(f64),
    Bool(bool),
    Error(String),
}

impl OwnedCell {
    /// A copy of a cell.
    pub(super) fn of(cell: Cell<'_>) -> Self {
        match cell {
            Cell::Text(text) => Self::Text(text.to_owned()),
            Cell::Number(x) => Self::Number(x),
            Cell::Serial(x) => Self::Serial(x),
            Cell::Duration(x) => Self::Duration(x),
            Cell::Bool(yes) => Self::Bool(yes),
            Cell::Error(error) => Self::Error(error.to_owned()),
        }
    }

    /// The cell.
    pub(super) fn cell(&self) -> Cell<'_> {
        match self {
            Self::Text(text) => Cell::Text(text),
            Self::Number(x) => Cell::Number(*x),
            Self::Serial(x) => Cell::Serial(*x),
            Self::Duration(x) => Cell::Duration(*x),
            Self::Bool(yes) => Cell::Bool(*yes),
            Self::Error(error) => Cell::Error(error),
        }
    }
}

/// A sheet that can be read, before its first cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SheetInfo {
    /// Its name; none for a text file, which is one sheet.
    pub(super) name: Option<String>,
    /// Whether it is hidden from those who open the workbook.
    pub(super) hidden: bool,
    /// Whether serials count from 1904.
    pub(super) is_1904: bool,
}

/// Takes the cells of one sheet, row by row.
pub(super) trait CellSink {
    /// The cells that follow are in this row, counted from 1. Rows without cells are not announced.
    /// In a text file a row has a number of fields, empty ones among them; one that has more than
    /// the header was cut wrongly, mostly by a delimiter without quotes around its field. In a
    /// spreadsheet it has none, and a cell beyond the header is a note in the margin.
    ///
    /// A break says that nothing more is wanted of the sheet.
    fn row(&mut self, row: u32, fields: Option<u32>) -> ControlFlow<()>;

    /// The current row is hidden from those who look at the sheet, by hand or by a filter.
    fn hidden(&mut self) {}

    /// A cell of the current row that holds something; `column` counts from 0.
    fn cell(&mut self, column: u32, cell: Cell<'_>);
}

/// Takes the sheets of one file, in their order.
pub(super) trait SheetSink {
    /// What takes the cells of a sheet.
    type Cells: CellSink;

    /// A sheet begins.
    fn open(&mut self, sheet: SheetInfo) -> Self::Cells;

    /// The sheet has ended; not called where it could not be read to its end.
    fn close(&mut self, cells: Self::Cells);
}
