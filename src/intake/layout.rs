//! Rows laid out otherwise than one record each with a cell for each column: cells and names are put
//! together into the columns that a [table](super::table) has.
//!
//! Only what is declared is laid out so; every other sheet goes straight into its table.

use std::borrow::Cow;

use super::cells::{Cell, OwnedCell};
use super::composed::Filled;
use super::records::{begins_note, begins_total, is_total};
use super::table::{SheetTable, TableBuilder};
use super::values::text::{clean, says_nothing};

/// Columns from here on stand in no sheet: their values are put together.
pub(super) const NOT_IN_SHEET: u32 = 1 << 14;
/// The column of the month, where columns are headed by months.
pub(super) const MONTH: u32 = NOT_IN_SHEET + 256;
/// The column of what stands below the months.
pub(super) const VALUE: u32 = MONTH + 1;

/// A heading of a group stands in no more cells: `Branch:` and `Siam` may be two.
const HEADING_CELLS: usize = 3;

/// How the rows of a sheet become rows of its table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Layout {
    /// Columns that are in no sheet, and what they are made of.
    pub(super) composed: Vec<(u32, Filled)>,
    /// Columns headed by months: column, and the month as its column takes it.
    pub(super) months: Vec<(u32, String)>,
}

impl Layout {
    /// Whether each row is one as it stands.
    pub(super) fn is_plain(&self) -> bool {
        self.composed.is_empty() && self.months.is_empty()
    }

    /// Takes a row for the heading of a group, where it is like a pattern of one; whether it is.
    pub(super) fn heading_like(&mut self, cells: &[(u32, OwnedCell)]) -> bool {
        let mut composed = self.composed.iter();
        if !composed.any(|(_, filled)| filled.is_of_group()) {
            return false;
        }
        let Some(text) = texts(cells, HEADING_CELLS) else {
            return false;
        };
        let composed = self.composed.iter_mut();
        // All of them are asked: two values may be made of one heading.
        composed.fold(false, |any, (_, filled)| filled.heading_like(&text) || any)
    }

    /// Takes a row for the heading of a group, where it holds nothing but a text; whether it is. A
    /// heading that is like the pattern of one value is none of another.
    fn heading(&mut self, cells: &[(u32, OwnedCell)]) -> bool {
        if self.heading_like(cells) {
            return true;
        }
        let alone = texts(cells, 1).filter(|text| !begins_total(text) && !begins_note(text));
        let Some(text) = alone else {
            return false;
        };
        let composed = self.composed.iter_mut();
        composed.fold(false, |any, (_, filled)| filled.heading_alone(&text) || any)
    }
}

/// The text of a row of so many texts and nothing else.
fn texts(cells: &[(u32, OwnedCell)], most: usize) -> Option<String> {
    if cells.is_empty() || cells.len() > most {
        return None;
    }
    let text = |(_, cell): &(u32, OwnedCell)| match cell {
        OwnedCell::Text(text) => Some(clean(text).into_owned()),
        _ => None,
    };
    let texts: Vec<String> = cells.iter().map(text).collect::<Option<_>>()?;
    Some(texts.join(" "))
}

/// A table whose rows are laid out first.
pub(super) struct LaidOut {
    layout: Layout,
    table: TableBuilder,
    /// The row whose cells are being given: its number and its fields.
    row: Option<(u32, Option<u32>)>,
    cells: Vec<(u32, OwnedCell)>,
    /// By month: the sum of its column so far, and since the last total.
    sums: Vec<(f64, f64)>,
}

impl LaidOut {
    /// Lays out the rows of a table that has none yet.
    pub(super) fn new(layout: Layout, table: TableBuilder) -> Self {
        Self {
            sums: vec![(0.0, 0.0); layout.months.len()],
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
        if self.layout.heading(&cells) {
            self.table.heading(row);
        } else if self.layout.months.is_empty() {
            self.table.row(row, fields);
            for (column, cell) in &cells {
                self.table.cell(*column, cell.cell());
            }
            self.compose(&cells);
        } else {
            self.unpivot(row, fields, &cells);
        }
        self.cells = cells;
        self.cells.clear();
    }

    /// Makes a row of each month of a row that holds something other than nought: a wide sheet has a
    /// column for every month, whether anything happened in it or not.
    fn unpivot(&mut self, row: u32, fields: Option<u32>, cells: &[(u32, OwnedCell)]) {
        let months = std::mem::take(&mut self.layout.months);
        let is_month = |column: u32| months.iter().any(|(month, _)| *month == column);
        let (values, others): (Vec<_>, Vec<_>) =
            cells.iter().partition(|(column, _)| is_month(*column));
        let told = values.iter().filter(|(_, cell)| !is_nought(cell));
        let told: Vec<&(u32, OwnedCell)> = told.copied().collect();
        if self.is_total(&months, &others, &told) {
            // Without its months it lacks what a record needs, and is told from one by its word.
            self.table.row(row, fields);
            for (column, cell) in others {
                self.table.cell(*column, cell.cell());
            }
        } else if told.is_empty() {
            self.table.blank(row);
        } else {
            for (column, cell) in told {
                self.table.row(row, fields);
                for (column, cell) in &others {
                    self.table.cell(*column, cell.cell());
                }
                self.compose(cells);
                let month = months.iter().position(|(month, _)| month == column);
                if let Some(month) = month {
                    self.table.cell(MONTH, Cell::Text(&months[month].1));
                    let amount = amount(cell).unwrap_or(0.0);
                    self.sums[month].0 += amount;
                    self.sums[month].1 += amount;
                }
                self.table.cell_of(*column, VALUE, cell.cell());
            }
        }
        self.layout.months = months;
    }

    /// Whether a row is a total: it says so and no more, or it says so and is the sum of what stands
    /// above it in every month.
    fn is_total(
        &mut self,
        months: &[(u32, String)],
        others: &[&(u32, OwnedCell)],
        told: &[&(u32, OwnedCell)],
    ) -> bool {
        let label = others.iter().find_map(|(_, cell)| match cell {
            OwnedCell::Text(text) => Some(text.as_str()),
            _ => None,
        });
        let Some(label) = label.filter(|label| begins_total(label)) else {
            return false;
        };
        let is_sum = |of: fn(&(f64, f64)) -> f64| {
            !told.is_empty()
                && told.iter().all(|(column, cell)| {
                    let month = months.iter().position(|(month, _)| month == column);
                    let sum = month.and_then(|month| self.sums.get(month)).map(of);
                    let both = sum.zip(amount(cell));
                    both.is_some_and(|(sum, amount)| (sum - amount).abs() < 0.005)
                })
        };
        let total = is_total(label) || is_sum(|sums| sums.0) || is_sum(|sums| sums.1);
        if total {
            for sums in &mut self.sums {
                sums.1 = 0.0;
            }
        }
        total
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

/// Whether a cell says that there is nothing: a dash, or nought.
fn is_nought(cell: &OwnedCell) -> bool {
    match cell {
        OwnedCell::Text(text) if says_nothing(text.trim()) => true,
        _ => amount(cell) == Some(0.0),
    }
}

/// The number of a cell, as far as it is one without a doubt.
fn amount(cell: &OwnedCell) -> Option<f64> {
    match cell {
        OwnedCell::Number(x) => Some(*x),
        OwnedCell::Text(text) => text.trim().replace(',', "").parse().ok(),
        _ => None,
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
