//! Which table a sheet is: its header row, and the column that each header stands for.
//!
//! Titles and blank rows above the header are normal, so the first rows are all looked at. A row is
//! the header of a table when it has all columns the table needs; of several tables the one that
//! explains most of the headers is taken, and where two explain as many it is not guessed.

mod attempt;
mod beside;
mod heading;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::composed::Composed;
use super::declared::Declared;
use super::layout::NOT_IN_SHEET;
use super::values::month::Month;
use crate::diagnostics::{cell_address, nearest, suggestion};
use crate::tables::{HeaderIndex, TableSpec, all};
pub(super) use attempt::same;
use attempt::{Attempt, attempt};
pub(super) use beside::side_by_side;
pub(super) use heading::Candidate;
use heading::{Heading, pairs};

/// How many rows with cells are searched for the header.
pub(super) const SEARCHED: usize = 30;

/// A column of a table found in a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Its position in the table.
    pub(super) position: usize,
    /// Its column in the sheet, from 0, or one that is in none.
    pub(super) column: u32,
    /// Its header as written; of a header of two lines both, the upper one first.
    pub(super) header: String,
    /// Why it is taken for the column.
    pub(super) why: Why,
}

impl Found {
    /// Its column in the sheet.
    pub(super) fn in_sheet(&self) -> Option<u32> {
        Some(self.column).filter(|column| *column < NOT_IN_SHEET)
    }
}

/// Why a header is taken for a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// It is the column's own name.
    Name,
    /// It is a header the column is known by.
    Known,
    /// It is one that means the column where no surer one does.
    NoSurer,
    /// It is a known one with a remark in brackets.
    WithoutRemark,
    /// It is a known one without its marks.
    WithoutMarks,
    /// It is a known one together with the line above it.
    WithGroup,
    /// It is declared in the settings.
    Declared,
    /// It is no header: the settings say of what the column is put together.
    Composed,
}

impl Why {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Name,
        Self::Known,
        Self::NoSurer,
        Self::WithoutRemark,
        Self::WithoutMarks,
        Self::WithGroup,
        Self::Declared,
        Self::Composed,
    ];

    /// The key of the sentence, below `quality.why`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Known => "known",
            Self::NoSurer => "no-surer",
            Self::WithoutRemark => "without-remark",
            Self::WithoutMarks => "without-marks",
            Self::WithGroup => "with-group",
            Self::Declared => "declared",
            Self::Composed => "composed",
        }
    }

    /// As `check` says it, behind the header.
    pub fn said(self) -> &'static str {
        match self {
            Self::Name => "its name",
            Self::Known => "a known header",
            Self::NoSurer => "for want of a surer header",
            Self::WithoutRemark => "a known header, without the remark",
            Self::WithoutMarks => "a known header, typed without marks",
            Self::WithGroup => "a known header, with the line above it",
            Self::Declared => "declared",
            Self::Composed => "put together as declared",
        }
    }
}

/// A sheet recognised as a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mapping {
    /// The table.
    pub(super) table: &'static TableSpec,
    /// The row of the header, from 1; of a header of two lines the lower one.
    pub(super) header_row: u32,
    /// The first row of the header.
    pub(super) first_row: u32,
    /// The header's cells as written, of both its lines: column and text.
    pub(super) lines: Vec<(u32, String)>,
    /// Its columns, in the order of the sheet.
    pub(super) found: Vec<Found>,
    /// Headers that stand for nothing, with what they may have been meant to be.
    pub(super) unused: Vec<(u32, String, Option<String>)>,
    /// Columns that several headers could stand for, none of which is used.
    pub(super) unclear: Vec<Unclear>,
    /// Columns that are in no sheet, and what they are put together of.
    pub(super) composed: Vec<(u32, Composed)>,
    /// Columns headed by months, where those are declared: column, month and header as shown.
    pub(super) months: Vec<(u32, Month, String)>,
    /// The headings of the sheet.
    headings: Vec<Heading>,
}

impl Mapping {
    /// How many of its columns stand in the sheet.
    pub(super) fn of_sheet(&self) -> usize {
        let found = self.found.iter().filter_map(Found::in_sheet);
        found.count() + self.months.len()
    }

    /// Whether it is the header of another: the same columns of the same table in the same places.
    pub(super) fn is_same(&self, (table, columns): &(&str, Vec<(usize, u32)>)) -> bool {
        self.table.name == *table && self.places() == *columns
    }

    /// Which column of the table stands where.
    pub(super) fn places(&self) -> Vec<(usize, u32)> {
        let found = self.found.iter();
        found.map(|found| (found.position, found.column)).collect()
    }

    /// The column that a declared header stands over.
    pub(super) fn column_of(&self, header: &str) -> Option<u32> {
        let heading = self.headings.iter().find(|heading| heading.is(header))?;
        Some(heading.column)
    }

    /// The first of the cells that a column is put together of: its header and its column.
    pub(super) fn first_cell(&self, found: &Found) -> Option<(&str, u32)> {
        let mut composed = self.composed.iter();
        let (_, of) = composed.find(|(column, _)| *column == found.column)?;
        let header = of.headers().next()?;
        Some((header, self.column_of(header)?))
    }

    /// The column of the sheet that a column is told by: its own, or the first that it is put together
    /// of.
    pub(super) fn stands_in(&self, found: &Found) -> Option<u32> {
        let composed = || self.first_cell(found).map(|(_, column)| column);
        found.in_sheet().or_else(composed)
    }

    /// The cell that its header begins at, such as `A3`.
    pub(super) fn begins(&self) -> String {
        let column = self.found.iter().find_map(Found::in_sheet);
        cell_address(self.header_row, column.unwrap_or(0))
    }
}

/// A column that several headers of a sheet could stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unclear {
    /// The column's name.
    pub(super) name: &'static str,
    /// The headers: column in the sheet and text.
    pub(super) headers: Vec<(u32, String)>,
}

impl Unclear {
    /// The headers as a message names them.
    pub(super) fn said(&self) -> String {
        let names = self.headers.iter().map(|(_, text)| format!("`{text}`"));
        names.collect::<Vec<_>>().join(" and ")
    }
}

/// What a sheet turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// A table.
    Table(Mapping),
    /// Two tables at once.
    Ambiguous {
        /// The header row.
        row: u32,
        /// The tables it fits.
        tables: Vec<&'static str>,
    },
    /// A table, but for a column it needs that several headers could stand for.
    Unclear {
        /// The table.
        table: &'static str,
        /// The header row.
        row: u32,
        /// The column and its headers.
        unclear: Unclear,
    },
    /// A header that was declared is not there.
    NoSuchHeader {
        /// The column it was declared for.
        column: String,
        /// The header as declared.
        header: String,
        /// The row that looks most like a header.
        row: u32,
    },
    /// No table; the one it looks most like, if it looks like any.
    Unknown(Option<Nearest>),
}

/// The table that a sheet that is none looks most like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Nearest {
    /// The table.
    pub(super) table: &'static str,
    /// The row that would be its header.
    pub(super) row: u32,
    /// How many of its columns were found.
    pub(super) found: usize,
    /// How many of those it cannot do without.
    needed_found: usize,
    /// What it lacks, as a message says it.
    pub(super) lacks: Vec<String>,
    /// Headers of the row that may have been meant for what it lacks.
    pub(super) hints: Vec<String>,
}

/// Finds the table of a sheet among the rows it begins with.
pub(super) fn recognise(rows: &[Candidate], declared: Option<&Declared<'_>>) -> Outcome {
    let tables: Vec<&'static TableSpec> = all()
        .iter()
        .copied()
        .filter(|table| declared.is_none_or(|declared| declared.allows(table)))
        .collect();
    let by_hand = declared.is_some_and(|declared| declared.table.is_some());
    let pairs = pairs(rows);
    let candidates: Vec<&Candidate> = rows.iter().chain(&pairs).collect();
    let mut attempts: Vec<Attempt> = Vec::new();
    for (place, candidate) in candidates.iter().enumerate() {
        let of_row = tables.iter();
        attempts.extend(of_row.map(|table| attempt(table, candidate, place, declared)));
    }
    // The header: what explains most as a whole table; the first of several, and of one line where
    // two lines explain no more.
    let complete = attempts
        .iter()
        .filter(|attempt| attempt.complete() && (by_hand || attempt.matched() > 1))
        .filter(|attempt| {
            !attempts
                .iter()
                .any(|other| attempt.is_contradicted_by(other))
        });
    let best = complete.clone().map(Attempt::score).max();
    let chosen = best.and_then(|score| complete.clone().find(|a| a.score() == score));
    let nearest = nearest_table(&attempts, &candidates);
    let Some(chosen) = chosen else {
        return not_complete(&attempts, nearest, by_hand);
    };
    // Half a table that explains more than the whole one is what the sheet was meant to be.
    let own = (chosen.matched(), chosen.needed_found());
    if !by_hand
        && nearest
            .as_ref()
            .is_some_and(|near| (near.found, near.needed_found) > own)
    {
        return not_complete(&attempts, nearest, by_hand);
    }
    let equals: Vec<&Attempt> = complete
        .filter(|a| a.candidate == chosen.candidate && a.score() == chosen.score())
        .collect();
    if equals.len() > 1 {
        return Outcome::Ambiguous {
            row: chosen.row,
            tables: equals.iter().map(|a| a.table.name).collect(),
        };
    }
    Outcome::Table(mapping(chosen, candidates[chosen.candidate]))
}

fn not_complete(attempts: &[Attempt], nearest: Option<Nearest>, by_hand: bool) -> Outcome {
    let missing = attempts
        .iter()
        .filter_map(|attempt| Some((attempt, attempt.missing.as_ref()?)))
        .max_by_key(|(attempt, _)| (attempt.matched(), std::cmp::Reverse(attempt.row)));
    if let Some((attempt, (column, header))) = missing
        && !attempts.iter().any(|attempt| attempt.missing.is_none())
    {
        return Outcome::NoSuchHeader {
            column: column.clone(),
            header: header.clone(),
            row: attempt.row,
        };
    }
    let unclear = nearest.as_ref().and_then(|near| {
        let attempt = attempts
            .iter()
            .find(|attempt| attempt.row == near.row && attempt.table.name == near.table)?;
        let alone = attempt.lacks.len() == 1 || by_hand;
        attempt.lacks_unclear.as_ref().filter(|_| alone)
    });
    match (unclear, nearest) {
        (Some(unclear), Some(near)) => Outcome::Unclear {
            table: near.table,
            row: near.row,
            unclear: unclear.clone(),
        },
        (_, nearest) => Outcome::Unknown(nearest),
    }
}

fn mapping(chosen: &Attempt, candidate: &Candidate) -> Mapping {
    let index = HeaderIndex::of(chosen.table);
    let is_found = |position: usize| chosen.found.iter().any(|f| f.position == position);
    let used = |column: u32| {
        chosen.found.iter().any(|f| f.column == column)
            || chosen
                .unclear
                .iter()
                .flat_map(|u| &u.headers)
                .any(|(c, _)| *c == column)
            || chosen.taken.contains(&column)
    };
    let unused = candidate
        .headings
        .iter()
        .filter(|heading| !used(heading.column))
        .map(|heading| {
            let near = index
                .near(&heading.text)
                .filter(|(position, _)| !is_found(*position));
            let meant = near.map(|(position, _)| chosen.table.columns[position].name.to_owned());
            (heading.column, heading.shown(), meant)
        });
    Mapping {
        table: chosen.table,
        header_row: chosen.row,
        first_row: candidate.first_row,
        lines: candidate.lines.clone(),
        found: chosen.found.clone(),
        unused: unused.collect(),
        unclear: chosen.unclear.clone(),
        composed: chosen.composed.clone(),
        months: candidate.months.clone(),
        headings: candidate.headings.clone(),
    }
}

/// The incomplete table that most headers fit.
fn nearest_table(attempts: &[Attempt], rows: &[&Candidate]) -> Option<Nearest> {
    // Of equals the first row, and the first table, which is the one everybody has.
    let best = attempts
        .iter()
        .filter(|attempt| !attempt.complete() && attempt.matched() > 0)
        .rev()
        .max_by_key(|attempt| {
            (
                attempt.matched(),
                attempt.needed_found(),
                std::cmp::Reverse(attempt.lacks.len()),
            )
        })?;
    let index = HeaderIndex::of(best.table);
    let headings = rows[best.candidate].headings.iter();
    let hints = headings.filter_map(|heading| {
        let text = &heading.text;
        if index.find(text).is_some() {
            return None;
        }
        let (position, _) = index.near(text)?;
        let name = best.table.columns[position].name;
        let wanted = best
            .lacks
            .iter()
            .any(|lack| lack.contains(&format!("`{name}`")));
        wanted.then(|| format!("`{text}` may be meant to be `{name}`"))
    });
    Some(Nearest {
        table: best.table.name,
        row: best.row,
        found: best.matched(),
        needed_found: best.needed_found(),
        lacks: best.lacks.clone(),
        hints: hints.collect(),
    })
}

/// The header among those of the searched rows that is most like a declared one, for a message.
pub(super) fn suggest_header(declared: &str, rows: &[Candidate]) -> Option<String> {
    let texts = || {
        rows.iter()
            .flat_map(|row| &row.headings)
            .map(|heading| heading.text.as_str())
    };
    match nearest(declared, texts()) {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None => {
            let widest = rows.iter().max_by_key(|row| row.headings.len())?;
            let headings = widest.headings.iter();
            suggestion(declared, headings.map(|heading| heading.text.as_str()))
        }
    }
}
