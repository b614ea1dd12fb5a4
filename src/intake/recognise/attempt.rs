//! A row, or two, read as the header of one table.

use super::heading::{Candidate, Heading};
use super::{Found, Unclear, Why};
use crate::intake::composed::Composed;
use crate::intake::declared::Declared;
use crate::intake::layout::{MONTH, NOT_IN_SHEET, VALUE};
use crate::tables::header::{normalise, without_remark};
use crate::tables::{HeaderIndex, Strength, TableSpec};

/// A row read as the header of one table.
pub(super) struct Attempt {
    pub(super) table: &'static TableSpec,
    /// Which candidate it was made of.
    pub(super) candidate: usize,
    /// The last row of the header.
    pub(super) row: u32,
    pub(super) found: Vec<Found>,
    pub(super) unclear: Vec<Unclear>,
    /// A declared column whose header is not there, and the header.
    pub(super) missing: Option<(String, String)>,
    /// How many columns are headed by months.
    months: usize,
    /// Columns of the sheet that are declared to be something, or a part of it.
    pub(super) taken: Vec<u32>,
    /// Columns that are in no sheet, and what they are put together of.
    pub(super) composed: Vec<(u32, Composed)>,
    pub(super) lacks: Vec<String>,
    /// Whether what it lacks was found twice.
    pub(super) lacks_unclear: Option<Unclear>,
}

impl Attempt {
    pub(super) fn complete(&self) -> bool {
        self.lacks.is_empty() && self.missing.is_none()
    }

    /// How many columns headings stand for.
    pub(super) fn matched(&self) -> usize {
        let in_sheet = self.found.iter().filter(|found| found.in_sheet().is_some());
        let composed = self.composed.iter();
        let of_headings = composed.filter(|(_, value)| value.headers().next().is_some());
        in_sheet.count() + of_headings.count() + self.unclear.len() + self.months
    }

    /// How many of the columns it cannot do without were found, once or more often.
    pub(super) fn needed_found(&self) -> usize {
        let found = self
            .found
            .iter()
            .map(|found| &self.table.columns[found.position]);
        let unclear = self
            .unclear
            .iter()
            .filter_map(|unclear| self.table.column(unclear.name));
        let in_set = |name: &str| {
            let sets = self.table.one_of.iter().flat_map(|sets| *sets);
            sets.flat_map(|set| *set).any(|wanted| *wanted == name)
        };
        found
            .chain(unclear)
            .filter(|column| column.required || in_set(column.name))
            .count()
    }

    /// Whether the line above says that a heading of this one means another column: `รหัส` is the
    /// customer's for want of a surer header, but not below `สินค้า`.
    pub(super) fn is_contradicted_by(&self, other: &Self) -> bool {
        let by_group = |column: u32, position: usize| {
            let mut found = other.found.iter().filter(|f| f.why == Why::WithGroup);
            found.any(|f| f.column == column && f.position != position)
        };
        other.row == self.row
            && other.candidate != self.candidate
            && other.table.name == self.table.name
            && self
                .found
                .iter()
                .any(|f| f.why == Why::NoSurer && by_group(f.column, f.position))
    }

    /// How well it explains the header: how much of it, and of equals the one that needs the line
    /// above. Columns that a table cannot do without say more about which table it is.
    pub(super) fn score(&self) -> (usize, bool) {
        let needed = self
            .table
            .columns
            .iter()
            .filter(|column| column.required)
            .count();
        let explained = self.matched() + 2 * (needed + self.table.one_of.len());
        let with_group = self.found.iter().any(|found| found.why == Why::WithGroup);
        (explained, with_group)
    }
}

/// A heading that may stand for a column.
struct Claim<'a> {
    strength: Strength,
    heading: &'a Heading,
    why: Why,
}

/// Reads a candidate as the header of a table.
pub(super) fn attempt(
    table: &'static TableSpec,
    candidate: &Candidate,
    place: usize,
    declared: Option<&Declared<'_>>,
) -> Attempt {
    let mut claims: Vec<Vec<Claim<'_>>> = table.columns.iter().map(|_| Vec::new()).collect();
    let mut missing = None;
    let mut taken: Vec<u32> = Vec::new();
    let mut by_hand = vec![false; table.columns.len()];
    for (name, header) in declared.map(Declared::columns).unwrap_or_default() {
        let Some(position) = table.position(name) else {
            continue;
        };
        by_hand[position] = true;
        match candidate.headings.iter().find(|heading| heading.is(header)) {
            Some(heading) => {
                taken.push(heading.column);
                claims[position].push(Claim {
                    strength: Strength::Name,
                    heading,
                    why: Why::Declared,
                });
            }
            None => missing = missing.or(Some((name.to_owned(), header.to_owned()))),
        }
    }
    let mut composed = Vec::new();
    let mut put_together = Vec::new();
    for (name, value) in declared.map(Declared::values).unwrap_or_default() {
        let Some(position) = table.position(name) else {
            continue;
        };
        by_hand[position] = true;
        for header in value.headers() {
            match candidate.headings.iter().find(|heading| heading.is(header)) {
                Some(heading) => taken.push(heading.column),
                None => missing = missing.or(Some(((*name).to_owned(), header.to_owned()))),
            }
        }
        let column = NOT_IN_SHEET + u32::try_from(composed.len()).unwrap_or(0);
        put_together.push(Found {
            position,
            column,
            header: (*name).to_owned(),
            why: Why::Composed,
        });
        composed.push((column, value.clone()));
    }
    let months = declared.and_then(Declared::months);
    let months = months.filter(|_| !candidate.months.is_empty());
    if let Some(months) = months {
        taken.extend(candidate.months.iter().map(|(column, ..)| *column));
        for (position, column) in [(months.month, MONTH), (months.value, VALUE)] {
            by_hand[position] = true;
            put_together.push(Found {
                position,
                column,
                header: table.columns[position].name.to_owned(),
                why: Why::Composed,
            });
        }
    }
    let index = HeaderIndex::of(table);
    for heading in &candidate.headings {
        if let Some((found, why)) = heading.find(index)
            && !taken.contains(&heading.column)
            && !by_hand[found.position]
        {
            claims[found.position].push(Claim {
                strength: found.strength,
                heading,
                why,
            });
        }
    }
    let (mut found, unclear) = settle(table, &claims);
    found.extend(put_together);
    let has = |name: &str| found.iter().any(|f| table.columns[f.position].name == name);
    let lacks = table.lacks(has);
    let is_lacking = |unclear: &&Unclear| {
        let name = format!("`{}`", unclear.name);
        lacks.iter().any(|lack| lack.contains(&name))
    };
    Attempt {
        table,
        candidate: place,
        row: candidate.row,
        lacks_unclear: unclear.iter().find(is_lacking).cloned(),
        found,
        unclear,
        missing,
        months: months.map_or(0, |_| candidate.months.len()),
        taken,
        composed,
        lacks,
    }
}

/// Of the headings that may stand for a column the surest, where that is one.
fn settle(table: &TableSpec, claims: &[Vec<Claim<'_>>]) -> (Vec<Found>, Vec<Unclear>) {
    let mut found = Vec::new();
    let mut unclear = Vec::new();
    for (position, claims) in claims.iter().enumerate() {
        let Some(best) = claims.iter().map(|claim| claim.strength).min() else {
            continue;
        };
        let best: Vec<_> = claims.iter().filter(|c| c.strength == best).collect();
        if let [claim] = best.as_slice() {
            found.push(Found {
                position,
                column: claim.heading.column,
                header: claim.heading.shown(),
                why: claim.why,
            });
        } else {
            let headers = best.iter().map(|c| (c.heading.column, c.heading.shown()));
            unclear.push(Unclear {
                name: table.columns[position].name,
                headers: headers.collect(),
            });
        }
    }
    found.sort_by_key(|found| found.column);
    (found, unclear)
}

/// Whether a header of a sheet is the declared one.
pub(in crate::intake) fn same(text: &str, declared: &str) -> bool {
    let wanted = normalise(declared);
    if wanted.is_empty() {
        return text.trim() == declared.trim();
    }
    normalise(text) == wanted || without_remark(text).is_some_and(|text| normalise(text) == wanted)
}
