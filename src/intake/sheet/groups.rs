//! Headings of groups that nobody declared: a text alone in its row, above the rows it is for.
//!
//! They are not taken for values by a guess: a lone text may be the name of a customer whose other
//! cells are to be filled. But it is said what they look like, and how to declare them.

use super::{KeptRow, SheetReader};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::intake::GROUP_HEADINGS;
use crate::intake::cells::OwnedCell;
use crate::intake::declared::Declared;
use crate::intake::recognise::Mapping;
use crate::intake::records::{begins_note, begins_total, is_unit};
use crate::intake::values::text::clean;
use crate::tables::{HeaderIndex, Kind};

/// How many headings a message shows.
const SHOWN: usize = 3;

impl SheetReader<'_> {
    /// Says which of the rows that were kept look like headings of groups.
    pub(super) fn group_headings(&self, mapping: &Mapping, rows: &[KeptRow]) -> Option<Diagnostic> {
        let mut values = self
            .declared
            .map(Declared::values)
            .unwrap_or_default()
            .iter();
        if values.any(|(_, value)| value.is_of_group()) {
            return None;
        }
        let below: Vec<&KeptRow> = rows
            .iter()
            .filter(|kept| kept.row > mapping.header_row)
            .collect();
        let headings: Vec<(u32, String)> = below
            .windows(2)
            .filter(|pair| is_record(pair[1], mapping) && pair[1].row == pair[0].row + 1)
            .filter_map(|pair| Some((pair[0].row, heading(pair[0], mapping)?)))
            .collect();
        let (first, _) = headings.first()?;
        // One alone is one only where the first group is.
        if headings.len() == 1 && *first != mapping.header_row + 1 {
            return None;
        }
        let shown: Vec<String> = headings
            .iter()
            .take(SHOWN)
            .map(|(row, text)| format!("`{text}` in row {row}"))
            .collect();
        let message = format!(
            "rows of one text above records look like headings of groups: {}",
            shown.join(", ")
        );
        let value = declaration(mapping, &headings);
        let help = format!(
            "if they are, say of which column they are the values: `values = {{ {value} }}` in an `[[input.file]]`"
        );
        Some(
            Diagnostic::info(&GROUP_HEADINGS, message)
                .at(self.place(Some(*first), None))
                .help(help)
                .times(headings.len() as u64),
        )
    }
}

/// Whether a row holds at least half of the columns.
fn is_record(kept: &KeptRow, mapping: &Mapping) -> bool {
    kept.cells.len() > 1 && kept.cells.len() * 2 >= mapping.of_sheet()
}

/// The text of a row that holds no other cell, unless it is something else for sure: a total, a note,
/// a unit, an id, or a name below the heading of names.
fn heading(kept: &KeptRow, mapping: &Mapping) -> Option<String> {
    let [(column, OwnedCell::Text(text))] = kept.cells.as_slice() else {
        return None;
    };
    let text = clean(text);
    let found = mapping.found.iter().find(|found| found.column == *column);
    let kind = found.map(|found| mapping.table.columns[found.position].kind);
    let is_id = kind == Some(Kind::Id)
        && !text.contains(char::is_whitespace)
        && text.contains(|c: char| c.is_ascii_digit());
    let is_name = kind == Some(Kind::Text) && mapping.places().iter().any(|(_, at)| at < column);
    let is_other = begins_total(&text) || begins_note(&text) || is_unit(&text);
    (!is_id && !is_name && !is_other && text.contains(char::is_alphabetic))
        .then(|| text.into_owned())
}

/// The value to declare: of the column whose heading all of them begin with, or of one to be named.
fn declaration(mapping: &Mapping, headings: &[(u32, String)]) -> String {
    let index = HeaderIndex::of(mapping.table);
    let first = headings.first().map_or("", |(_, text)| text.as_str());
    let ends = first.char_indices().rev().map(|(at, _)| at);
    let known = ends.filter(|end| *end > 0).find_map(|end| {
        let (word, rest) = first.split_at(end);
        let shared = headings.iter().all(|(_, text)| text.starts_with(word));
        let said = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        let column = index.find(word).filter(|_| shared && !said.is_empty())?;
        let between = &rest[..rest.len() - said.len()];
        let name = mapping.table.columns[column.position].name;
        Some(format!("{name} = \"{{group:{word}{between}*}}\""))
    });
    known.unwrap_or_else(|| "branch = \"{group}\"".to_owned())
}
