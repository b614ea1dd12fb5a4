//! A row in doubt: it lacks what every row of its table needs, or has a cell that cannot be read.
//! Mostly it is set aside; but it may be a total, a header told again or a note, which are no records.
//!
//! Of a row that is in no doubt nothing is asked but whether its bits are set.

use super::{NotARecord, TableBuilder};
use crate::intake::columns::Wrong;
use crate::intake::recognise::{Mapping, same};
use crate::intake::records::{begins_note, begins_total, is_sentence, is_unit};
use crate::tables::{HeaderIndex, Kind};

/// Notes at the end of a sheet are held back until the sheet ends; more than these are no notes.
const MOST_HELD: usize = 50;

/// How many rows of a kind are named in the message about them.
const NAMED: usize = 5;

/// A cell of the current row that cannot be read.
pub(super) struct Pending {
    pub(super) builder: usize,
    pub(super) wrong: Wrong,
    /// It, as a message shows it.
    pub(super) shown: String,
    /// Its text, where it is one.
    pub(super) text: Option<String>,
}

/// What a row must have to be a record, as bits of its builders.
pub(super) struct Needs {
    all: u64,
    /// Of each list one set.
    one_of: Vec<Vec<u64>>,
}

impl Needs {
    pub(super) fn of(mapping: &Mapping) -> Self {
        let found = &mapping.found;
        let bit = |name: &str| {
            let position = mapping.table.position(name)?;
            let builder = found.iter().position(|found| found.position == position)?;
            Some(1u64 << builder)
        };
        let needed = mapping.table.columns.iter();
        let needed = needed.filter(|column| !column.may_be_empty);
        let sets = mapping.table.one_of.iter().map(|sets| {
            let bits = |set: &&[&str]| {
                let bits = set.iter().map(|name| bit(name));
                bits.sum::<Option<u64>>()
            };
            sets.iter().filter_map(bits).collect()
        });
        Self {
            all: needed.filter_map(|column| bit(column.name)).sum(),
            one_of: sets.collect(),
        }
    }

    fn met(&self, filled: u64) -> bool {
        filled & self.all == self.all
            && self
                .one_of
                .iter()
                .all(|sets| sets.iter().any(|set| filled & set == *set))
    }
}

/// The builders of columns that are in no sheet: a row has them whatever it holds.
pub(super) fn in_no_sheet(mapping: &Mapping) -> u64 {
    let found = mapping.found.iter().enumerate();
    let composed = found.filter(|(_, found)| found.in_sheet().is_none());
    composed.map(|(builder, _)| 1u64 << builder).sum()
}

/// What a row in doubt is.
enum Verdict {
    /// A record that cannot be used.
    Record,
    /// No record.
    No(NotARecord),
    /// A note, unless a record follows.
    NoteIfLast,
}

impl TableBuilder {
    /// Nothing more comes of the current row.
    #[inline]
    pub(super) fn end_row(&mut self) {
        if self.pending.is_empty() && self.needs.met(self.filled) {
            if !self.held.is_empty() {
                self.release();
            }
        } else {
            self.judge();
        }
        self.filled = 0;
        self.loose_cells = 0;
        self.loose.clear();
    }

    /// The sheet has ended: what was held back are notes.
    pub(super) fn end_of_notes(&mut self) {
        for (at, _) in std::mem::take(&mut self.held) {
            self.leave_out(at, NotARecord::Note);
        }
    }

    #[cold]
    fn judge(&mut self) {
        let Some(at) = self.rows.len().checked_sub(1) else {
            return;
        };
        if self.not_records.contains_key(&at) {
            return;
        }
        let pending = std::mem::take(&mut self.pending);
        // A row that was cut is no more than half of anything.
        let verdict = if self.set_aside[at] {
            Verdict::Record
        } else {
            self.verdict(at, &pending)
        };
        match verdict {
            Verdict::No(kind) => self.leave_out(at, kind),
            Verdict::NoteIfLast if self.held.len() < MOST_HELD => self.held.push((at, pending)),
            Verdict::Record | Verdict::NoteIfLast => {
                self.release();
                self.set_aside(at, pending);
            }
        }
    }

    /// A record follows what was held back as notes, so they are rows that cannot be used.
    #[cold]
    fn release(&mut self) {
        for (at, pending) in std::mem::take(&mut self.held) {
            self.set_aside(at, pending);
        }
    }

    fn set_aside(&mut self, at: usize, pending: Vec<Pending>) {
        for pending in pending {
            let kind = self.columns[pending.builder].column().kind;
            self.unreadable(at, pending.builder, kind, &pending.wrong, pending.shown);
        }
    }

    pub(super) fn leave_out(&mut self, at: usize, kind: NotARecord) {
        self.set_aside[at] = true;
        self.not_records.insert(at, kind);
    }

    fn verdict(&self, at: usize, pending: &[Pending]) -> Verdict {
        let loose = Some(self.loose.as_str()).filter(|text| !text.is_empty());
        let read = self.filled & !self.composed;
        let columns = self.columns.iter().enumerate();
        let readable = columns.filter_map(|(builder, column)| {
            let filled = read & (1 << builder) != 0;
            Some((builder, column.text_at(at).filter(|_| filled)?))
        });
        let in_sheet = |pending: &&Pending| self.composed & (1 << pending.builder) == 0;
        let unreadable = pending
            .iter()
            .filter(in_sheet)
            .filter_map(|pending| Some((pending.builder, pending.text.as_deref()?)));
        let used: Vec<(usize, &str)> = readable.chain(unreadable).collect();
        let texts = || used.iter().map(|(_, text)| *text).chain(loose);
        let cells = read.count_ones() as usize
            + pending.iter().filter(in_sheet).count()
            + self.loose_cells as usize;
        let all_texts = texts().count() == cells - (self.loose_cells as usize).saturating_sub(1);
        if texts().any(begins_total) && self.is_total(&used, pending) {
            return Verdict::No(NotARecord::Total);
        }
        if all_texts && self.is_header(at, &used) {
            return Verdict::No(NotARecord::Header);
        }
        let first = texts().next().unwrap_or("");
        if all_texts && begins_note(first) {
            return Verdict::No(NotARecord::Note);
        }
        if cells == 1 && is_sentence(first) && !self.is_name(&used) {
            return Verdict::NoteIfLast;
        }
        Verdict::Record
    }

    /// Whether a row that has the label of a total is one: it has no id but the label, and nothing
    /// else that cannot be read. A purchase of a `Total care shampoo` without its date is set aside.
    fn is_total(&self, used: &[(usize, &str)], pending: &[Pending]) -> bool {
        let is_id = |builder: usize| {
            let position = self.mapping.found[builder].position;
            self.mapping.table.columns[position].kind == Kind::Id
        };
        let no_id = used
            .iter()
            .all(|(builder, text)| !is_id(*builder) || begins_total(text));
        let told = pending.iter().all(|pending| {
            let composed = self.composed & (1 << pending.builder) != 0;
            composed || pending.text.as_deref().is_some_and(begins_total)
        });
        no_id && told
    }

    /// Whether the only cell of a row stands below a header of texts, where a note would begin at the
    /// left: a customer with a name and without an id is to be put right.
    fn is_name(&self, used: &[(usize, &str)]) -> bool {
        used.iter().any(|(builder, _)| {
            let position = self.mapping.found[*builder].position;
            *builder > 0 && self.mapping.table.columns[position].kind == Kind::Text
        })
    }

    /// Whether the row says what the columns are, or in what they are measured.
    fn is_header(&self, at: usize, used: &[(usize, &str)]) -> bool {
        let index = HeaderIndex::of(self.mapping.table);
        let stands_there = |(builder, text): &(usize, &str)| {
            let column = self.mapping.found[*builder].column;
            let mut lines = self.mapping.lines.iter();
            lines.any(|(at, line)| *at == column && same(text, line))
        };
        let says_its_column = |used: &&(usize, &str)| {
            let position = self.mapping.found[used.0].position;
            let known = index.find(used.1);
            stands_there(used) || known.is_some_and(|known| known.position == position)
        };
        let said = used.iter().filter(says_its_column).count();
        if said >= 2 && said * 2 > used.len() || said > 0 && used.iter().all(stands_there) {
            return true;
        }
        let below_a_header = match at.checked_sub(1) {
            None => self.rows[at] == self.mapping.header_row + 1,
            Some(above) => self.not_records.get(&above) == Some(&NotARecord::Header),
        };
        below_a_header && !used.is_empty() && used.iter().all(|(_, text)| is_unit(text))
    }
}

/// `row 12 is a total`, `rows 12, 40 and 61 are totals`.
pub(super) fn told(kind: NotARecord, rows: &[u32]) -> String {
    let one = rows.len() == 1;
    let noun = kind.noun(one);
    if let [row] = rows {
        return format!("row {row} is {noun}");
    }
    let named: Vec<String> = rows.iter().take(NAMED).map(u32::to_string).collect();
    let (last, before) = match named.split_last() {
        Some((last, before)) if rows.len() <= NAMED => (last.clone(), before),
        _ => (format!("{} more", rows.len() - NAMED), named.as_slice()),
    };
    format!("rows {} and {last} are {noun}", before.join(", "))
}
