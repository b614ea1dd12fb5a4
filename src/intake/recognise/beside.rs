//! Tables that stand side by side in a sheet, with an empty column between them.

use std::collections::BTreeSet;

use super::{Candidate, Declared, Mapping, Outcome, recognise};

/// The tables whose headers stand in one row, by their first columns: two or more, each whole by
/// itself, that explain more of the row together than it does as one header. `filled` has the columns
/// that hold anything from a row on.
pub(in crate::intake) fn side_by_side(
    rows: &[Candidate],
    declared: Option<&Declared<'_>>,
    filled: impl Fn(u32) -> BTreeSet<u32>,
) -> Option<Vec<(u32, Mapping)>> {
    rows.iter().find_map(|row| {
        let groups = groups(row, &filled)?;
        let tables = groups.into_iter().filter_map(|group| {
            let from = group.headings.first()?.column;
            match recognise(&[group], declared) {
                Outcome::Table(mapping) if mapping.of_sheet() > 1 => Some((from, mapping)),
                _ => None,
            }
        });
        let tables: Vec<(u32, Mapping)> = tables.collect();
        let found: usize = tables.iter().map(|(_, mapping)| mapping.of_sheet()).sum();
        let as_one = match recognise(std::slice::from_ref(row), declared) {
            Outcome::Table(mapping) => mapping.of_sheet(),
            _ => 0,
        };
        (tables.len() > 1 && found > as_one).then_some(tables)
    })
}

/// The parts of a row that empty columns separate, where there are several of several headings.
fn groups(row: &Candidate, filled: impl Fn(u32) -> BTreeSet<u32>) -> Option<Vec<Candidate>> {
    let columns: Vec<u32> = row.lines.iter().map(|(column, _)| *column).collect();
    let apart = |two: &[u32]| two[1] > two[0] + 1;
    let figures = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    if !columns.windows(2).any(apart) || row.lines.iter().any(|(_, text)| figures(text)) {
        return None;
    }
    let filled = filled(row.row);
    let mut groups: Vec<Vec<(u32, String)>> = Vec::new();
    let mut last = None;
    for (column, text) in &row.lines {
        let cut = last.is_none_or(|last: u32| {
            *column > last + 1 && filled.range(last + 1..*column).next().is_none()
        });
        last = Some(*column);
        match groups.last_mut().filter(|_| !cut) {
            Some(group) => group.push((*column, text.clone())),
            None => groups.push(vec![(*column, text.clone())]),
        }
    }
    groups.retain(|group| group.len() > 1);
    let row_of = |group| Candidate::of_row(row.row, group, false);
    (groups.len() > 1).then(|| groups.into_iter().map(row_of).collect())
}
