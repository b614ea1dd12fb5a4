//! Tables one below the other in a sheet: rows below empty ones are kept until it is known whether
//! they begin another table.

use std::ops::ControlFlow;

use super::{KeptRow, SheetReader, State};
use crate::diagnostics::codes::intake::SEVERAL_TABLES;
use crate::diagnostics::{Diagnostic, cell_address};
use crate::intake::cells::CellSink;
use crate::intake::reading::Reading;
use crate::intake::recognise::{Candidate, Mapping, Outcome, recognise};

/// Another table begins within so many rows of its sheet: what has more above it is one table.
pub(super) const STACKED: u32 = 20_000;

/// How many rows below empty ones are looked at for the header of another table.
const PEEKED: usize = 6;

/// How often: a sheet with every other row empty is one table all the same.
pub(super) const MOST_PEEKS: u32 = 200;

/// Rows that may begin another table.
pub(super) struct Peek {
    /// What they go to if they do not.
    above: Reading,
    pub(super) rows: Vec<KeptRow>,
}

/// Gives rows that were kept to what reads them.
fn give<'r>(reading: &mut Reading, rows: impl Iterator<Item = &'r KeptRow>) {
    for kept in rows {
        reading.row(kept.row, kept.fields);
        for (column, cell) in &kept.cells {
            reading.cell(*column, cell.cell());
        }
    }
}

impl SheetReader<'_> {
    /// Keeps a row that may belong to another table, and those that follow it.
    pub(super) fn peek(&mut self, row: u32, fields: Option<u32>) -> ControlFlow<()> {
        let below_empty_rows = row > self.last_row.saturating_add(1);
        match std::mem::replace(&mut self.state, State::Done) {
            State::Reading(above) => {
                self.peeks -= 1;
                self.state = State::Peeking(Box::new(Peek {
                    above,
                    rows: vec![KeptRow::new(row, fields)],
                }));
            }
            State::Peeking(mut peek) => {
                // A title and the header may have empty rows between them.
                let titles = peek.rows.iter().all(|row| row.cells.len() < 2);
                let enough = peek.rows.len() >= PEEKED || below_empty_rows && !titles;
                if enough {
                    self.state = State::Peeking(peek);
                    self.settle()?;
                    return self.row(row, fields);
                }
                peek.rows.push(KeptRow::new(row, fields));
                self.state = State::Peeking(peek);
            }
            State::Searching(_) | State::Done => return ControlFlow::Break(()),
        }
        self.last_row = row;
        ControlFlow::Continue(())
    }

    /// Decides whether the rows that were kept begin another table.
    pub(super) fn settle(&mut self) -> ControlFlow<()> {
        let State::Peeking(peek) = std::mem::replace(&mut self.state, State::Done) else {
            return ControlFlow::Break(());
        };
        let Peek { mut above, rows } = *peek;
        let Some(mapping) = self.another(&rows) else {
            give(&mut above, rows.iter());
            self.state = State::Reading(above);
            return ControlFlow::Continue(());
        };
        // What stands above the header is its title, unless it is more than that.
        let records = rows.iter().filter(|kept| kept.row < mapping.first_row);
        give(&mut above, records.filter(|kept| kept.cells.len() > 1));
        self.finished.extend(above.finish());
        self.begin(mapping, &rows)
    }

    /// The table that rows begin, where it is another one than that above.
    fn another(&self, rows: &[KeptRow]) -> Option<Mapping> {
        let candidates = self.candidates(rows);
        let figures = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
        let is_header = |row: &Candidate| {
            row.headings.len() > 1
                && (!row.mixed || !row.months.is_empty())
                && (!row.months.is_empty() || !row.lines.iter().any(|(_, text)| figures(text)))
        };
        if !candidates.iter().any(is_header) {
            return None;
        }
        match recognise(&candidates, self.declared) {
            Outcome::Table(mapping) if mapping.of_sheet() > 1 => {
                let same = self
                    .header
                    .as_ref()
                    .is_some_and(|above| mapping.is_same(above));
                (!same).then_some(mapping)
            }
            _ => None,
        }
    }

    /// The table that stands above another one, with rows of its own and empty rows between them,
    /// although the lower one has more columns.
    pub(super) fn first_of_several(
        &self,
        lower: Mapping,
        rows: &[KeptRow],
        candidates: &[Candidate],
    ) -> Mapping {
        let mut first = lower;
        loop {
            let below = first.first_row;
            let end = rows.iter().take_while(|kept| kept.row < below).count();
            let mut gaps = (1..=end).rev();
            let gap = gaps.find(|at| {
                rows.get(*at)
                    .is_some_and(|kept| kept.row > rows[*at - 1].row + 1)
            });
            let above = &candidates[..gap.unwrap_or(0)];
            match recognise(above, self.declared) {
                Outcome::Table(mapping)
                    if mapping.of_sheet() > 1
                        && rows.iter().any(|kept| {
                            kept.row > mapping.header_row
                                && kept.row < below
                                && kept.cells.len() > 1
                        }) =>
                {
                    first = mapping;
                }
                _ => return first,
            }
        }
    }

    /// Says that a sheet holds several tables.
    pub(super) fn several(&self) -> Option<Diagnostic> {
        if self.recognised.len() < 2 {
            return None;
        }
        let tables = self.recognised.iter();
        let tables: Vec<String> = tables
            .map(|found| {
                let column = found.columns.iter().find_map(|column| column.column);
                let corner = cell_address(found.header_row, column.unwrap_or(0));
                format!("`{}` from {corner}", found.table)
            })
            .collect();
        let message = format!(
            "the sheet holds {} tables: {}",
            tables.len(),
            tables.join(", ")
        );
        Some(Diagnostic::info(&SEVERAL_TABLES, message).at(self.place(None, None)))
    }
}
