//! Rows laid out otherwise than one record each with a cell for each column: cells and names are put
//! together into the columns that a [table](super::table) has.
//!
//! Only what is declared is laid out so; every other sheet goes straight into its table.

use std::borrow::Cow;

use super::cells::{Cell, OwnedCell};
use super::composed::Filled;
use super::table::{SheetTable, TableBuilder};

/// Columns from here on stand in no sheet: their values are put together.
pub(super) const NOT_IN_SHEET: u32 = 1 << 14;

/// How the rows of a sheet become rows of its table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Layout {
    /// Columns that are in no sheet, and what they are made of.
    pub(super) composed: Vec<(u32, Filled)>,
}

impl Layout {
    /// Whether each row is one as it stands.
    pub(super) fn is_plain(&self) -> bool {
        self.composed.is_empty()
    }
}

/// A table whose rows are laid out first.
pub(super) struct LaidOut {
    layout: Layout,
    table: TableBuilder,
    /// The row whose cells are being given: its number and its fields.
    row: Option<(u32, Option<u32>)>,
    cells: Vec<(u32, OwnedCell)>,
}

impl LaidOut {
    /// Lays out the rows of a table that has none yet.
    pub(super) fn new(layout: Layout, table: TableBuilder) -> Self {
        Self {
            layout,
            table,
            row: None,
            cells: Vec::new(),
        }
    }

    /// How many rows there are so far.
    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    /// The cells that follow are in this row.
    pub(super) fn row(&mut self, row: u32, fields: Option<u32>) {
        self.end_row();
        self.row = Some((row, fields));
    }

    /// A cell of the current row.
    pub(super) fn cell(&mut self, column: u32, cell: Cell<'_>) {
        self.cells.push((column, OwnedCell::of(cell)));
    }

    /// The table.
    pub(super) fn finish(mut self) -> SheetTable {
        self.end_row();
        self.table.finish()
    }

    fn end_row(&mut self) {
        let Some((row, fields)) = self.row.take() else {
            return;
        };
        let cells = std::mem::take(&mut self.cells);
        self.table.row(row, fields);
        for (column, cell) in &cells {
            self.table.cell(*column, cell.cell());
        }
        self.compose(&cells);
        self.cells = cells;
        self.cells.clear();
    }

    /// Gives the current row of the table the values that are put together.
    fn compose(&mut self, cells: &[(u32, OwnedCell)]) {
        for (column, filled) in &self.layout.composed {
            let text = |wanted: u32| {
                let mut cells = cells.iter();
                let (_, cell) = cells.find(|(column, _)| *column == wanted)?;
                Some(as_text(cell))
            };
            if let Some(value) = filled.of_row(text) {
                self.table.cell(*column, Cell::Text(&value));
            }
        }
    }
}

/// A cell as it is read in a sentence: a day without its time, a number as it is.
fn as_text(cell: &OwnedCell) -> Cow<'_, str> {
    match cell {
        OwnedCell::Text(text) | OwnedCell::Error(text) => Cow::Borrowed(text.trim()),
        OwnedCell::Bool(yes) => Cow::Owned(yes.to_string()),
        OwnedCell::Number(x) | OwnedCell::Serial(x) | OwnedCell::Duration(x) => {
            Cow::Owned(x.to_string())
        }
    }
}
