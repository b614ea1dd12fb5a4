//! The cells of a sheet that are to be put right, with the columns that they are in.
//!
//! A value may stand elsewhere than in the column of its name: what is put together is named by the
//! first of its cells, what stands below a month by its own.

use super::TableBuilder;
use crate::diagnostics::codes::intake::{MISSING_VALUE, UNREADABLE_VALUE};
use crate::intake::columns::Wrong;
use crate::intake::flaw::{Fault, Flaw, Flaws, SheetColumn};
use crate::intake::layout::VALUE;
use crate::tables::Kind;

impl TableBuilder {
    /// The column of the sheet in which a value stands; none where it is made of names alone, and for
    /// a row as a whole.
    pub(super) fn place_of(&self, at: usize, builder: usize) -> Option<u32> {
        let found = self.mapping.found.get(builder)?;
        if found.column == VALUE {
            let of_row = self.stand_in.binary_search_by_key(&at, |(row, _)| *row);
            return of_row.ok().map(|found| self.stand_in[found].1);
        }
        self.mapping.stands_in(found)
    }

    /// A value that cannot be read.
    pub(super) fn unreadable(
        &mut self,
        at: usize,
        builder: usize,
        kind: Kind,
        wrong: &Wrong,
        shown: String,
    ) {
        self.set_aside[at] = true;
        let said = wrong.say(&shown, kind);
        self.repeat(builder, &UNREADABLE_VALUE, at, said, wrong.help());
        self.flaw(at, builder, wrong.fault(), shown);
    }

    /// A value that is not there.
    pub(super) fn missing(&mut self, builder: usize, at: usize, said: String, fault: Fault) {
        // A row that is set aside already is not counted twice, but its empty cell is to be filled, too:
        // otherwise the next run would come back with it.
        if !self.set_aside[at] {
            self.set_aside[at] = true;
            let help = "fill the cell and run again; where one cell stands for several rows, declare `fill-down`";
            self.repeat(builder, &MISSING_VALUE, at, said, help);
        }
        self.flaw(at, builder, fault, String::new());
    }

    /// Keeps a cell for those who mend it. A value made of names alone has no cell: the diagnostic says
    /// what to do about it.
    pub(super) fn flaw(&mut self, at: usize, builder: usize, fault: Fault, shown: String) {
        self.flawed.insert((at, builder));
        let column = self.place_of(at, builder);
        if column.is_some() || fault == Fault::CutRow {
            self.flaws.push(Flaw {
                row: self.rows[at],
                column,
                fault,
                shown,
            });
        }
    }

    /// Whether no more is to be said of an empty cell: it is to be put right already, or its whole row
    /// is, or the row is no record.
    pub(super) fn is_told(&self, at: usize, builder: usize) -> bool {
        self.set_aside[at]
            && (self.flawed.contains(&(at, builder))
                || self.flawed.contains(&(at, usize::MAX))
                || self.not_records.contains_key(&at))
    }

    /// The cells to put right, in the order of the sheet, with the columns that were read.
    pub(super) fn flaws(&mut self) -> Flaws {
        let mut flaws = std::mem::take(&mut self.flaws);
        for unclear in &self.mapping.unclear {
            for (column, text) in &unclear.headers {
                flaws.push(Flaw {
                    row: self.mapping.header_row,
                    column: Some(*column),
                    fault: Fault::AmbiguousHeader(unclear.name.to_owned()),
                    shown: text.clone(),
                });
            }
        }
        flaws.columns = self.sheet_columns();
        flaws.sort();
        flaws
    }

    /// The columns of the sheet that were read; one that several values are made of is first what its
    /// header says.
    fn sheet_columns(&self) -> Vec<SheetColumn> {
        let column = |position: usize, header: &str, column: u32| SheetColumn {
            name: self.mapping.table.columns[position].name.to_owned(),
            header: header.to_owned(),
            column,
        };
        let found = || self.mapping.found.iter();
        let in_sheet = found()
            .filter_map(|found| Some(column(found.position, &found.header, found.in_sheet()?)));
        let value = found().find(|found| found.column == VALUE);
        let months = value.into_iter().flat_map(|value| {
            let months = self.mapping.months.iter();
            months.map(|(at, _, shown)| column(value.position, shown, *at))
        });
        let composed = found().filter_map(|found| {
            let (header, at) = self.mapping.first_cell(found)?;
            Some(column(found.position, header, at))
        });
        in_sheet.chain(months).chain(composed).collect()
    }
}
