//! The declaration that would settle a sheet that is not read as it stands, worked out for `check`:
//! what is unclear is tried one way after another until the sheet is recognised, so that what is
//! proposed is known to do.

use serde::{Deserialize, Serialize};

use super::cells::{Cell, OwnedCell};
use super::declared::Declared;
use super::recognise::{Candidate, Nearest, Outcome, recognise};
use super::sheet::KeptRow;
use super::table::quoted;
use super::values::{day, number, text};
use crate::diagnostics::nearest;
use crate::tables::{Kind, TableSpec, by_name};
use crate::workspace::{InputFile, Unpivot};

/// How many things of one sheet may be settled.
const MOST_STEPS: usize = 12;

/// What would settle a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Fix {
    /// The sheet; none for a text file.
    pub(super) sheet: Option<String>,
    /// The table, where it is to be said.
    table: Option<String>,
    /// Canonical columns and headers.
    columns: Vec<(String, String)>,
    /// What a person decides: why it is unclear, and what else it may be.
    notes: Vec<String>,
}

/// A sheet that is not clear.
pub(super) struct Unsettled<'a> {
    pub(super) rows: &'a [KeptRow],
    pub(super) candidates: &'a [Candidate],
    pub(super) declared: Option<&'a Declared<'a>>,
}

impl Unsettled<'_> {
    /// What would settle it; nothing where it is clear, or where nothing that was tried does.
    pub(super) fn fix(&self, sheet: Option<&str>) -> Option<Fix> {
        let declared = self.declared;
        let columns = declared.map(Declared::columns).unwrap_or_default();
        let owned = |(name, header): (&str, &str)| (name.to_owned(), header.to_owned());
        let mut fix = Fix {
            sheet: sheet.map(str::to_owned),
            table: declared.and_then(|d| d.table).map(|t| t.name.to_owned()),
            columns: columns.into_iter().map(owned).collect(),
            notes: Vec::new(),
        };
        let before = (fix.table.clone(), fix.columns.clone());
        for _ in 0..MOST_STEPS {
            let columns = fix.columns.clone();
            let table = fix.table.as_deref().and_then(by_name);
            let trial = Declared::trial(table, &columns, declared);
            let more = match recognise(self.candidates, Some(&trial)) {
                Outcome::Table(mapping) => match mapping.unclear.first() {
                    Some(unclear) => fix.choose(unclear.name, &unclear.headers),
                    None => return ((fix.table.clone(), columns) != before).then_some(fix),
                },
                Outcome::Ambiguous { tables, .. } => fix.choose_table(&tables),
                Outcome::Unclear { unclear, .. } => fix.choose(unclear.name, &unclear.headers),
                Outcome::NoSuchHeader { column, header, .. } => {
                    self.other_header(&mut fix, &column, &header)
                }
                Outcome::Unknown(near) => self.guess(&mut fix, near.as_ref()),
            };
            if !more {
                return None;
            }
        }
        None
    }

    /// Takes the nearest header there is for one that is not there.
    fn other_header(&self, fix: &mut Fix, column: &str, header: &str) -> bool {
        let headings = self.candidates.iter().flat_map(|row| &row.headings);
        let near = nearest(header, headings.map(|heading| heading.text.as_str()));
        fix.columns.retain(|(name, _)| name != column);
        let note = match near {
            Some(near) => {
                fix.columns.push((column.to_owned(), near.to_owned()));
                format!(
                    "there is no header {}; {} is like it",
                    quoted(header),
                    quoted(near)
                )
            }
            None => format!("there is no header {}", quoted(header)),
        };
        fix.notes.push(note);
        true
    }

    /// Finds columns for what the table lacks by what they hold.
    fn guess(&self, fix: &mut Fix, near: Option<&Nearest>) -> bool {
        let wide = || {
            let widest = self.candidates.iter().map(|row| row.headings.len()).max()?;
            let figures = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
            let mut rows = self.candidates.iter();
            rows.find(|row| row.headings.len() == widest && widest > 2)
                .filter(|row| !row.headings.iter().any(|heading| figures(&heading.text)))
        };
        let (table, header) = match near {
            Some(near) if near.found > 1 || fix.table.is_some() => {
                let mut rows = self.candidates.iter();
                (near.table, rows.find(|row| row.row == near.row))
            }
            _ => {
                if fix.notes.is_empty() {
                    let note = "no header of it is known: a guess by what its cells hold";
                    fix.notes.push(note.to_owned());
                }
                (fix.table.as_deref().unwrap_or("transactions"), wide())
            }
        };
        let (Some(table), Some(header)) = (by_name(table), header) else {
            return false;
        };
        let lacking = lacking(table, header, fix);
        let mut any = fix.table.is_none();
        for name in lacking {
            let Some(column) = table.column(name) else {
                continue;
            };
            let found = self.that_hold(column.kind, table, header, fix);
            any |= !found.is_empty() && fix.choose(name, &found);
        }
        fix.table = Some(table.name.to_owned());
        any
    }

    /// The headers of columns that hold what a column takes, likeliest first.
    fn that_hold(
        &self,
        kind: Kind,
        table: &TableSpec,
        header: &Candidate,
        fix: &Fix,
    ) -> Vec<(u32, String)> {
        let index = crate::tables::HeaderIndex::of(table);
        let is_free = |text: &str| {
            index.find(text).is_none() && !fix.columns.iter().any(|(_, used)| used == text)
        };
        let headings = header.headings.iter().filter(|h| is_free(&h.text));
        let held = headings.map(|heading| {
            let rows = self.rows.iter().filter(|row| row.row > header.row);
            let cells = rows.flat_map(|row| &row.cells);
            let cells = cells.filter(|(column, _)| *column == heading.column);
            let cells: Vec<&OwnedCell> = cells.map(|(_, cell)| cell).collect();
            (heading, Held::of(&cells))
        });
        let wanted = match kind {
            Kind::Date | Kind::Time => Held::Days,
            Kind::Period => Held::Periods,
            Kind::Id | Kind::Text | Kind::Choice(_) | Kind::Flag => Held::Texts,
            _ => Held::Numbers,
        };
        let fits = held.filter(|(_, held)| *held == Some(wanted));
        fits.map(|(heading, _)| (heading.column, heading.text.clone()))
            .collect()
    }
}

/// What a table needs and a header has not.
fn lacking(table: &'static TableSpec, header: &Candidate, fix: &Fix) -> Vec<&'static str> {
    let index = crate::tables::HeaderIndex::of(table);
    let found = header.headings.iter().filter_map(|h| index.find(&h.text));
    let found: Vec<&str> = found
        .map(|found| table.columns[found.position].name)
        .collect();
    let has = |name: &str| found.contains(&name) || fix.columns.iter().any(|(n, _)| n == name);
    let required = table.columns.iter().filter(|column| column.required);
    let required = required.map(|column| column.name);
    let sets = table.one_of.iter().filter(|sets| {
        let mut sets = sets.iter();
        !sets.any(|set| set.iter().all(|name| has(name)))
    });
    let of_sets = sets.filter_map(|sets| sets.first()).flat_map(|set| *set);
    let all = required.chain(of_sets.copied());
    all.filter(|name| !has(name)).collect()
}

/// What all cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    Days,
    Numbers,
    Periods,
    Texts,
}

impl Held {
    fn of(cells: &[&OwnedCell]) -> Option<Self> {
        let all = |is: fn(Cell<'_>) -> bool| cells.iter().all(|cell| is(cell.cell()));
        let is_day = |cell: Cell<'_>| match cell {
            Cell::Serial(_) => true,
            Cell::Text(text) if text.parse::<f64>().is_err() => {
                matches!(
                    day::read(text, None, false),
                    Ok(day::Reading::Sure(..) | day::Reading::Unsure { .. })
                        | Err(day::DayError::TwoDigitYear)
                )
            }
            _ => false,
        };
        let is_number = |cell: Cell<'_>| match cell {
            Cell::Number(_) => true,
            Cell::Text(text) => number::read(text, None).is_ok(),
            _ => false,
        };
        let is_period = |cell: Cell<'_>| matches!(cell, Cell::Text(t) if text::period(t).is_some());
        if cells.is_empty() {
            None
        } else if all(is_day) {
            Some(Self::Days)
        } else if all(is_number) {
            Some(Self::Numbers)
        } else if all(is_period) {
            Some(Self::Periods)
        } else if all(|cell| matches!(cell, Cell::Text(_) | Cell::Number(_))) {
            Some(Self::Texts)
        } else {
            None
        }
    }
}

impl Fix {
    /// Takes the first of the headers that may stand for a column, and says which others may.
    fn choose(&mut self, name: &str, headers: &[(u32, String)]) -> bool {
        let Some(((_, first), others)) = headers.split_first() else {
            return false;
        };
        if self.columns.iter().any(|(declared, _)| declared == name) {
            return false;
        }
        self.columns.push((name.to_owned(), first.clone()));
        let others: Vec<String> = others.iter().map(|(_, text)| quoted(text)).collect();
        self.notes.push(match others.as_slice() {
            [] => format!("`{name}` by what {} holds", quoted(first)),
            others => format!("`{name}` may also be {}", others.join(" or ")),
        });
        true
    }

    fn choose_table(&mut self, tables: &[&str]) -> bool {
        let Some((first, others)) = tables.split_first() else {
            return false;
        };
        self.table = Some((*first).to_owned());
        self.notes
            .push(format!("it may also be table `{}`", others.join("` or `")));
        true
    }

    /// The declaration as it stands in quarterdeck.toml, on top of the one that is in force for the
    /// sheet now.
    pub(super) fn stanza(&self, matches: &str, path: &str, now: Option<&InputFile>) -> String {
        let mut lines = vec![match &self.sheet {
            Some(sheet) => comment(&format!("{path}, sheet `{sheet}`")),
            None => comment(path),
        }];
        lines.extend(self.notes.iter().map(|note| comment(note)));
        if let Some(now) = now {
            let note = format!("put it before the [[input.file]] at {}", now.place);
            lines.push(comment(&note));
        }
        lines.push("[[input.file]]".to_owned());
        lines.push(format!("match = {}", quoted(matches)));
        let text = |key: &str, value: Option<&String>| {
            value.map(|value| format!("{key} = {}", quoted(value)))
        };
        let map = |key: &str, values: &[(String, String)]| {
            let values: Vec<String> = values
                .iter()
                .map(|(name, value)| format!("{name} = {}", quoted(value)))
                .collect();
            (!values.is_empty()).then(|| format!("{key} = {{ {} }}", values.join(", ")))
        };
        lines.extend(text("sheet", self.sheet.as_ref()));
        lines.extend(text("table", self.table.as_ref()));
        lines.extend(map("columns", &self.columns));
        if let Some(now) = now {
            lines.extend(map("values", &now.values));
            lines.extend(now.unpivot.as_ref().map(unpivot));
            lines.extend(text("dates", now.dates.as_ref()));
            lines.extend(text("encoding", now.encoding.as_ref()));
        }
        lines.join("\n") + "\n"
    }
}

fn unpivot(unpivot: &Unpivot) -> String {
    let mut keys = vec![format!("value = {}", quoted(&unpivot.value))];
    keys.extend(
        unpivot
            .month
            .iter()
            .map(|month| format!("month = {}", quoted(month))),
    );
    keys.extend(unpivot.first_day.then(|| "day = \"first\"".to_owned()));
    format!("unpivot = {{ {} }}", keys.join(", "))
}

/// A line of TOML that says something to people; a name may have a line end in it.
fn comment(text: &str) -> String {
    let printable = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    format!("# {}", printable.collect::<String>())
}
