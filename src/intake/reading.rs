//! What the rows below a header go to.

use super::cells::Cell;
use super::layout::LaidOut;
use super::table::{SheetTable, TableBuilder};

/// Takes the rows below a header.
pub(super) enum Reading {
    /// A table whose rows are records as they stand.
    Plain(Box<TableBuilder>),
    /// A table whose rows are laid out first.
    LaidOut(Box<LaidOut>),
    /// Tables side by side.
    Beside(Beside),
    /// Nobody: only headers are wanted.
    Headers,
}

impl Reading {
    /// The cells that follow are in this row.
    #[inline]
    pub(super) fn row(&mut self, row: u32, fields: Option<u32>) {
        match self {
            Self::Plain(table) => table.row(row, fields),
            Self::LaidOut(rows) => rows.row(row, fields),
            Self::Beside(tables) => tables.row = Some(row),
            Self::Headers => {}
        }
    }

    /// A cell of the current row.
    #[inline]
    pub(super) fn cell(&mut self, column: u32, cell: Cell<'_>) {
        match self {
            Self::Plain(table) => table.cell(column, cell),
            Self::LaidOut(rows) => rows.cell(column, cell),
            Self::Beside(tables) => tables.cell(column, cell),
            Self::Headers => {}
        }
    }

    /// How many rows there are so far.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Plain(table) => table.len(),
            Self::LaidOut(rows) => rows.len(),
            Self::Beside(tables) => tables.sides.iter().map(|side| side.reading.len()).sum(),
            Self::Headers => 0,
        }
    }

    /// The tables.
    pub(super) fn finish(self) -> Vec<SheetTable> {
        match self {
            Self::Plain(table) => vec![table.finish()],
            Self::LaidOut(rows) => vec![rows.finish()],
            Self::Beside(tables) => {
                let sides = tables.sides.into_iter();
                sides.flat_map(|side| side.reading.finish()).collect()
            }
            Self::Headers => Vec::new(),
        }
    }
}

/// Tables side by side, each with rows of its own.
pub(super) struct Beside {
    sides: Vec<Side>,
    row: Option<u32>,
}

struct Side {
    /// Its first column.
    from: u32,
    reading: Reading,
    /// The last row that it has been given.
    row: Option<u32>,
}

impl Beside {
    /// Tables by their first columns, from left to right.
    pub(super) fn new(tables: Vec<(u32, Reading)>) -> Self {
        let sides = tables.into_iter().map(|(from, reading)| Side {
            from,
            reading,
            row: None,
        });
        Self {
            sides: sides.collect(),
            row: None,
        }
    }

    fn cell(&mut self, column: u32, cell: Cell<'_>) {
        let row = self.row;
        let side = self.sides.iter_mut().rev().find(|side| side.from <= column);
        let (Some(side), Some(at)) = (side, row) else {
            return;
        };
        if side.row != row {
            side.row = row;
            side.reading.row(at, None);
        }
        side.reading.cell(column, cell);
    }
}
