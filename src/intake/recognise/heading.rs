//! What may be a header: a row of texts, or two rows of which the upper one groups columns of the
//! lower (`ยอดขาย` over `จำนวน` and `ราคา`) or reaches down into it (a cell merged over both).
//!
//! No format need tell what is merged: a text over empty cells is taken to stand for those to its
//! right as far as there are headings below them, which is how people read it.

use std::collections::BTreeMap;

use super::Why;
use super::attempt::same;
use crate::intake::values::month::Month;
use crate::tables::{HeaderIndex, Likeness, Match, Strength};

/// What may be a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::intake) struct Candidate {
    /// The row, from 1; of two the lower one.
    pub(in crate::intake) row: u32,
    /// The same, or of two the upper one.
    pub(super) first_row: u32,
    /// What stands above each column, in the order of the sheet.
    pub(in crate::intake) headings: Vec<Heading>,
    /// Whether the row holds anything but texts.
    pub(in crate::intake) mixed: bool,
    /// Its cells as written: column and text.
    pub(in crate::intake) lines: Vec<(u32, String)>,
    /// Cells that are months, where those are looked for: column, month and the cell as shown.
    pub(in crate::intake) months: Vec<(u32, Month, String)>,
}

/// What stands above a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::intake) struct Heading {
    /// The column, from 0.
    pub(in crate::intake) column: u32,
    /// Its own text.
    pub(in crate::intake) text: String,
    /// The text over it and its neighbours.
    pub(in crate::intake) group: Option<String>,
}

impl Candidate {
    /// A row of texts, by column.
    pub(in crate::intake) fn of_row(row: u32, texts: Vec<(u32, String)>, mixed: bool) -> Self {
        let headings = texts.iter().map(|(column, text)| Heading {
            column: *column,
            text: text.clone(),
            group: None,
        });
        Self {
            row,
            first_row: row,
            headings: headings.collect(),
            mixed,
            lines: texts,
            months: Vec::new(),
        }
    }
}

impl Heading {
    /// As a message shows it.
    pub(in crate::intake) fn shown(&self) -> String {
        match &self.group {
            Some(group) => format!("{group} {}", self.text),
            None => self.text.clone(),
        }
    }

    /// Whether it is the declared header.
    pub(super) fn is(&self, declared: &str) -> bool {
        same(&self.text, declared) || self.group.is_some() && same(&self.shown(), declared)
    }

    /// The column it stands for, and why.
    pub(super) fn find(&self, index: &HeaderIndex) -> Option<(Match, Why)> {
        let own = index.find(&self.text);
        let Some(group) = &self.group else {
            return own.map(|found| (found, why(found)));
        };
        // `Customer` over `ID`, `ลูกค้า` over `รหัส`, `Sản phẩm` over `Mã`.
        let together = [
            format!("{group} {}", self.text),
            format!("{} {group}", self.text),
        ];
        let together = together.iter().filter_map(|text| index.find(text));
        if let Some(found) = together.min_by_key(|found| (found.strength, found.likeness)) {
            return Some((found, Why::WithGroup));
        }
        // `รหัส` alone may be the customer's; below `พนักงาน` it is not.
        let own = own.filter(|found| found.strength != Strength::Weak);
        own.map(|found| (found, why(found)))
    }
}

fn why(found: Match) -> Why {
    match (found.likeness, found.strength) {
        (Likeness::WithoutMarks, _) => Why::WithoutMarks,
        (_, Strength::Weak) => Why::NoSurer,
        (Likeness::WithoutRemark, _) => Why::WithoutRemark,
        (Likeness::Same, Strength::Name) => Why::Name,
        (Likeness::Same, Strength::Header) => Why::Known,
    }
}

/// The headers of two lines that rows may be.
pub(super) fn pairs(rows: &[Candidate]) -> Vec<Candidate> {
    let neighbours = rows.windows(2).filter_map(|two| match two {
        [upper, lower] if lower.row == upper.row + 1 => pair(upper, lower),
        _ => None,
    });
    neighbours.collect()
}

fn pair(upper: &Candidate, lower: &Candidate) -> Option<Candidate> {
    if upper.mixed || lower.mixed || upper.headings.is_empty() || lower.headings.is_empty() {
        return None;
    }
    let texts = |row: &Candidate| -> BTreeMap<u32, String> { row.lines.iter().cloned().collect() };
    let (above, below) = (texts(upper), texts(lower));
    // A line that says something of its own over each column, and nothing twice, groups none.
    let mut once: Vec<&String> = above.values().collect();
    once.sort_unstable();
    once.dedup();
    if above.keys().eq(below.keys()) && once.len() == above.len() {
        return None;
    }
    let mut headings: Vec<Heading> = Vec::new();
    for (column, text) in &below {
        let reaches = headings
            .last()
            .filter(|last| last.column + 1 == *column && below.contains_key(&last.column));
        let group = match above.get(column) {
            Some(own) => Some(own.clone()),
            None => reaches.and_then(|last| last.group.clone()),
        };
        headings.push(Heading {
            column: *column,
            text: text.clone(),
            group,
        });
    }
    for (column, text) in above
        .iter()
        .filter(|(column, _)| !below.contains_key(column))
    {
        headings.push(Heading {
            column: *column,
            text: text.clone(),
            group: None,
        });
    }
    headings.sort_by_key(|heading| heading.column);
    Some(Candidate {
        row: lower.row,
        first_row: upper.row,
        headings,
        mixed: false,
        lines: [upper.lines.as_slice(), &lower.lines].concat(),
        months: Vec::new(),
    })
}
