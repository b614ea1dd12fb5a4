//! Where everything stands: the first of two passes over the markup.
//!
//! Formulas and charts may refer to rows further down and to other sheets, so every row is placed,
//! and every id known, before anything is written.

use super::bulk::Bulk;
use super::element::Element;
use super::fields::{Problems, no_text, unknown_element};
use super::reference::{Ids, MAX_COLUMNS, MAX_ROWS, Rows, moved_column};
use crate::diagnostics::{codes, suggestion};

/// The sheets with their rows placed, and the ids of rows.
#[derive(Debug)]
pub(super) struct Layout<'e> {
    pub(super) sheets: Vec<Sheet<'e>>,
    pub(super) ids: Ids,
}

/// A sheet with its rows placed.
#[derive(Debug)]
pub(super) struct Sheet<'e> {
    pub(super) element: &'e Element,
    /// None where it cannot name a sheet, which has been reported.
    pub(super) name: Option<&'e str>,
    /// Ascending.
    pub(super) rows: Vec<Row<'e>>,
    /// Everything that is not a row.
    pub(super) parts: Vec<&'e Element>,
    pub(super) bulk: Option<BulkRows<'e>>,
}

/// A row and its cells.
#[derive(Debug)]
pub(super) struct Row<'e> {
    /// 0-based.
    pub(super) number: u32,
    pub(super) element: &'e Element,
    /// Ascending.
    pub(super) cells: Vec<Cell<'e>>,
}

/// A cell in its row.
#[derive(Debug)]
pub(super) struct Cell<'e> {
    /// 0-based.
    pub(super) column: u16,
    /// Columns it is merged over.
    pub(super) span: u16,
    /// Rows it is merged over.
    pub(super) down: u32,
    pub(super) element: &'e Element,
}

/// Where bulk rows go.
#[derive(Debug)]
pub(super) struct BulkRows<'e> {
    pub(super) element: &'e Element,
    /// 0-based row of the head.
    pub(super) head: u32,
    /// Rows below the head that are written.
    pub(super) count: u32,
    /// Rows there are.
    pub(super) available: u64,
}

/// Rows of a bulk sheet where the markup sets no limit.
const DEFAULT_LIMIT: u32 = 1_000_000;

/// Places everything in a workbook's sheets.
pub(super) fn place<'e>(
    sheets: impl Iterator<Item = &'e Element>,
    bulk: &dyn Bulk,
    problems: &mut Problems<'_>,
) -> Layout<'e> {
    let mut placer = Placer {
        ids: Ids::default(),
        bulk,
        problems,
        next: 0,
        rows: Vec::new(),
    };
    let mut placed: Vec<Sheet<'e>> = Vec::new();
    for element in sheets {
        let name = placer.sheet_name(element, &placed);
        placer.ids.sheets.push(name.unwrap_or_default().to_owned());
        placed.push(placer.sheet(element, name, placed.len()));
    }
    Layout {
        sheets: placed,
        ids: placer.ids,
    }
}

struct Placer<'e, 'p, 'o> {
    ids: Ids,
    bulk: &'p dyn Bulk,
    problems: &'p mut Problems<'o>,
    /// 0-based number of the next row.
    next: u32,
    rows: Vec<Row<'e>>,
}

fn attribute<'e>(element: &'e Element, name: &str) -> Option<&'e str> {
    let found = element.attributes.iter().find(|(key, _)| key == name);
    found.map(|(_, value)| value.trim())
}

impl<'e> Placer<'e, '_, '_> {
    fn sheet_name(&mut self, element: &'e Element, earlier: &[Sheet<'_>]) -> Option<&'e str> {
        let name = attribute(element, "name").unwrap_or_default();
        let units = name.encode_utf16().count();
        let taken = earlier
            .iter()
            .filter_map(|sheet| sheet.name)
            .any(|other| other.to_lowercase() == name.to_lowercase());
        let wrong = if name.is_empty() {
            Some("a sheet needs a name".to_owned())
        } else if units > 31 {
            Some(format!(
                "`{name}` is {units} UTF-16 units long, 31 are allowed"
            ))
        } else if let Some(odd) = name.chars().find(|c| "[]:*?/\\".contains(*c)) {
            Some(format!("`{name}` cannot name a sheet: it has a `{odd}`"))
        } else if name.starts_with('\'') || name.ends_with('\'') {
            Some(format!(
                "`{name}` cannot name a sheet: it starts or ends with an apostrophe"
            ))
        } else if name.eq_ignore_ascii_case("history") {
            Some(format!(
                "`{name}` cannot name a sheet: Excel keeps that name for itself"
            ))
        } else if taken {
            Some(format!("there are two sheets `{name}`"))
        } else {
            None
        };
        let Some(message) = wrong else {
            return Some(name);
        };
        let code = &codes::report::WORKBOOK_SHEET_NAME;
        self.problems
            .attribute(code, element, "name", message, None);
        None
    }

    fn sheet(&mut self, element: &'e Element, name: Option<&'e str>, index: usize) -> Sheet<'e> {
        no_text(self.problems, element);
        self.next = 0;
        let mut parts = Vec::new();
        let mut bulk = None;
        for child in &element.children {
            match child.name.as_str() {
                "row" | "rows" if bulk.is_some() => {
                    let message = "rows cannot follow `<bulk>`, which streams to the sheet's end";
                    let code = &codes::report::WORKBOOK_ELEMENT;
                    self.problems.error(code, child, message);
                }
                "row" => self.row(child, index),
                "rows" => self.group(child, index),
                "bulk" if bulk.is_some() => {
                    let code = &codes::report::WORKBOOK_ELEMENT;
                    self.problems
                        .error(code, child, "a sheet has one `<bulk>` at most");
                }
                "bulk" => bulk = self.bulk_rows(child, index),
                _ => parts.push(child),
            }
        }
        Sheet {
            element,
            name,
            rows: std::mem::take(&mut self.rows),
            parts,
            bulk,
        }
    }

    fn group(&mut self, element: &'e Element, sheet: usize) {
        no_text(self.problems, element);
        let before = self.rows.len();
        for child in &element.children {
            match child.name.as_str() {
                "row" => self.row(child, sheet),
                "rows" => self.group(child, sheet),
                _ => unknown_element(self.problems, element, child, &["row", "rows"]),
            }
        }
        for (name, _) in &element.attributes {
            if name != "id" {
                let message = format!("`<rows>` has no attribute `{name}`");
                let code = &codes::report::WORKBOOK_ATTRIBUTE;
                let help = suggestion(name, ["id"]);
                self.problems.attribute(code, element, name, message, help);
            }
        }
        let first = self.rows.get(before).map(|row| row.number);
        let last = self.rows.last().map(|row| row.number);
        self.identify(element, sheet, first.zip(last));
    }

    fn row(&mut self, element: &'e Element, sheet: usize) {
        let number = match attribute(element, "at") {
            None => Some(self.next),
            Some(at) => match at.parse::<u32>() {
                Ok(at) if (self.next + 1..=MAX_ROWS).contains(&at) => Some(at - 1),
                _ => {
                    let message = format!(
                        "a row cannot stand at `{at}`: the next free row is {}",
                        self.next + 1
                    );
                    let code = &codes::report::WORKBOOK_CELL;
                    self.problems.attribute(code, element, "at", message, None);
                    None
                }
            },
        };
        let number = number.unwrap_or(self.next);
        if number >= MAX_ROWS {
            let code = &codes::report::WORKBOOK_CELL;
            self.problems
                .error(code, element, "the sheet has no more rows");
            return;
        }
        self.next = number + 1;
        let cells = self.cells(element);
        self.rows.push(Row {
            number,
            element,
            cells,
        });
        self.identify(element, sheet, Some((number, number)));
    }

    fn cells(&mut self, row: &'e Element) -> Vec<Cell<'e>> {
        no_text(self.problems, row);
        let mut cells = Vec::new();
        let mut next: u32 = 0;
        for element in &row.children {
            if element.name != "cell" {
                unknown_element(self.problems, row, element, &["cell"]);
                continue;
            }
            if let Some(at) = attribute(element, "at") {
                match moved_column(at) {
                    Some(at) if u32::from(at) >= next => next = u32::from(at),
                    Some(_) => self.misplaced(element, format!("column {at} is taken already")),
                    None => self.misplaced(element, format!("`{at}` is not a column")),
                }
            }
            let span = self.extent(element, "span", MAX_COLUMNS);
            let down = self.extent(element, "down", MAX_ROWS);
            for _ in 0..self.extent(element, "repeat", MAX_COLUMNS) {
                let (Ok(column), Ok(width)) = (u16::try_from(next), u16::try_from(span)) else {
                    break;
                };
                next += span;
                if next > MAX_COLUMNS {
                    self.misplaced(element, "the sheet has no more columns".to_owned());
                    break;
                }
                cells.push(Cell {
                    column,
                    span: width,
                    down,
                    element,
                });
            }
        }
        cells
    }

    fn extent(&mut self, element: &Element, name: &str, most: u32) -> u32 {
        match attribute(element, name).map(str::parse::<u32>) {
            None => 1,
            Some(Ok(count)) if (1..=most).contains(&count) => count,
            Some(_) => {
                let message = format!("`{name}` is not a whole number from 1 to {most}");
                let code = &codes::report::WORKBOOK_VALUE;
                self.problems.attribute(code, element, name, message, None);
                1
            }
        }
    }

    fn misplaced(&mut self, element: &Element, message: String) {
        let code = &codes::report::WORKBOOK_CELL;
        self.problems.attribute(code, element, "at", message, None);
    }

    fn bulk_rows(&mut self, element: &'e Element, sheet: usize) -> Option<BulkRows<'e>> {
        let head = self.next;
        let name = attribute(element, "name").unwrap_or_default();
        let Some(table) = self.bulk.table(name) else {
            let message = format!("there are no rows named `{name}`");
            let help = suggestion(name, self.bulk.names());
            let code = &codes::report::WORKBOOK_BULK;
            self.problems
                .attribute(code, element, "name", message, help);
            return None;
        };
        let limit =
            attribute(element, "limit").map_or(Some(DEFAULT_LIMIT), |text| text.parse().ok());
        let limit = limit.unwrap_or_else(|| {
            let code = &codes::report::WORKBOOK_VALUE;
            let message = "`limit` is not a whole number".to_owned();
            self.problems
                .attribute(code, element, "limit", message, None);
            DEFAULT_LIMIT
        });
        let room = MAX_ROWS.saturating_sub(head + 1);
        let most = limit.min(room);
        let available = table.len();
        let count = u32::try_from(available).unwrap_or(u32::MAX).min(most);
        self.identify(element, sheet, Some((head, head + count)));
        Some(BulkRows {
            element,
            head,
            count,
            available,
        })
    }

    fn identify(&mut self, element: &Element, sheet: usize, span: Option<(u32, u32)>) {
        let Some(id) = attribute(element, "id") else {
            return;
        };
        let valid = id.starts_with(char::is_alphabetic)
            && id.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
        let message = if !valid {
            format!("`{id}` cannot be an id: letters, digits, `_`, `-` and `.`, a letter first")
        } else if self.ids.rows.contains_key(id) {
            format!("the id `{id}` is used twice")
        } else {
            self.ids.rows.insert(id.to_owned(), Rows { sheet, span });
            return;
        };
        let code = &codes::report::WORKBOOK_VALUE;
        self.problems.attribute(code, element, "id", message, None);
    }
}
