//! Copies of the manager's own workbooks in which the cells to put right are coloured and carry a note.
//!
//! ```text
//! flaws of each sheet ──► marks ──► reading process ──► package (xlsx): parts of the file edited in place
//!                                                  └──► written (csv, xls, ods …): the cells as an .xlsx
//! ```
//!
//! The input is only read. What is made is made by the reading process, within its limits: the file is
//! as untrusted as when it was read. A workbook of Excel 2007 and later is not loaded and written anew,
//! which would lose whatever the library does not know; its parts are copied as they are, byte for
//! byte, and only what a colour and a note need is edited: the sheet, its notes, the styles.

mod notes;
mod package;
mod sheet;
mod styles;
mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::flaw::Flaw;
use super::formats::{self, Encodings, Refusal};
use super::reader::Session;
use super::{Account, Intake};
use crate::workspace::Workspace;

/// Files over this many bytes get no copy: nobody mends them by hand.
pub const MOST_BYTES: u64 = 50 << 20;
/// Files with more rows than this get no copy.
pub const MOST_ROWS: u64 = 300_000;
/// Notes of one sheet; further cells are coloured without.
const MOST_NOTES: usize = 2_000;

/// Who the notes are by, so that those of an earlier copy are known.
const AUTHOR: &str = "quarterdeck";

/// The colours of cells whose rows are set aside, and of those that are used all the same. They are
/// nobody else's, so that cells that were mended are told from the manager's own.
const COLOURS: [&str; 2] = ["FFFFC9CF", "FFFFE9A0"];

/// Endings of workbooks that keep their form.
const WORKBOOKS: [&str; 4] = ["xlsx", "xlsm", "xltx", "xltm"];

/// A cell to mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    /// The row of the sheet, from 1.
    pub(super) row: u32,
    /// The column of the sheet, from 0.
    pub(super) column: u32,
    /// Whether its row is set aside.
    pub(super) aside: bool,
    /// What its note says; none where there are too many.
    pub(super) note: Option<String>,
}

impl Mark {
    /// Its place in [`COLOURS`].
    fn colour(&self) -> usize {
        usize::from(!self.aside)
    }
}

/// The cells to mark in one sheet, by row and column, each once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SheetMarks {
    /// The sheet; none for a text file.
    pub(super) sheet: Option<String>,
    /// Its cells.
    pub(super) marks: Vec<Mark>,
}

/// Why there is no copy of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCopy {
    /// It is larger than anybody mends by hand.
    Large,
    /// It is of a kind that has no cells of its own.
    Kind,
    /// It could not be made.
    Failed,
}

/// A copy that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Where it is, in the folder that was given.
    pub file: PathBuf,
    /// What to call it: a relative path with `/`, fit for every system.
    pub name: String,
    /// The ending of the file it was made of, where that is no workbook of Excel.
    pub was: Option<String>,
}

/// A file with cells to put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// The file, relative to the workspace.
    pub path: String,
    /// How many of its cells are to be put right.
    pub cells: u64,
    /// The copy, or why there is none.
    pub copy: Result<Made, NoCopy>,
}

impl Intake {
    /// Makes the copies into a folder, with notes as `say` words them: one for each file with cells to
    /// put right, in the order of files. Where nothing is to be put right nothing is done.
    pub fn marked_copies(
        &self,
        workspace: &Workspace,
        say: &dyn Fn(&Account, &Flaw) -> String,
        into: &Path,
    ) -> Vec<Marked> {
        let mut names = BTreeSet::new();
        let mut made = Vec::new();
        for file in &self.files {
            let accounts = self.accounts.iter().filter(|of| of.path == file.path);
            let accounts: Vec<&Account> = accounts.collect();
            let cells = accounts.iter().map(|of| of.flaws.len()).sum();
            if cells == 0 {
                continue;
            }
            let rows: u64 = accounts.iter().map(|of| of.rows_read).sum();
            let (name, was) = name_of(&file.in_inbox, &mut names);
            let target = into.join(made.len().to_string());
            let ending = formats::extension(Path::new(&file.in_inbox));
            let copy = if ending == "parquet" {
                Err(NoCopy::Kind)
            } else if file.seen.bytes() > MOST_BYTES || rows > MOST_ROWS {
                Err(NoCopy::Large)
            } else {
                let marks = sheets(&accounts, say);
                let session = Session::new(workspace, true);
                match session.mark(file, marks, &target) {
                    true => Ok(Made {
                        file: target,
                        name,
                        was,
                    }),
                    false => Err(NoCopy::Failed),
                }
            };
            made.push(Marked {
                path: file.path.clone(),
                cells,
                copy,
            });
        }
        made
    }
}

/// The cells to mark in each sheet, in the order of sheets; a sheet may hold several tables. Where
/// several things are wrong with a cell, its note says all of them.
fn sheets(accounts: &[&Account], say: &dyn Fn(&Account, &Flaw) -> String) -> Vec<SheetMarks> {
    let mut names: Vec<&Option<String>> = accounts.iter().map(|account| &account.sheet).collect();
    let mut seen = BTreeSet::new();
    names.retain(|name| seen.insert(*name));
    let marks = names.into_iter().map(|name| {
        let mut cells: BTreeMap<(u32, u32), Vec<(&Account, &Flaw)>> = BTreeMap::new();
        for account in accounts.iter().filter(|account| account.sheet == *name) {
            // A row as a whole is marked at the first column of its table.
            let columns = account.flaws.columns.iter();
            let first = columns.map(|column| column.column).min().unwrap_or(0);
            for flaw in &account.flaws.found {
                let cell = (flaw.row, flaw.column.unwrap_or(first));
                cells.entry(cell).or_default().push((account, flaw));
            }
        }
        let marks = cells.into_iter().enumerate().map(|(at, (cell, flaws))| {
            let notes = || flaws.iter().map(|(account, flaw)| say(account, flaw));
            Mark {
                row: cell.0,
                column: cell.1,
                aside: flaws.iter().any(|(_, flaw)| flaw.fault.sets_aside()),
                note: (at < MOST_NOTES).then(|| notes().collect::<Vec<_>>().join("\n")),
            }
        });
        SheetMarks {
            sheet: name.clone(),
            marks: marks.collect(),
        }
    });
    marks.collect()
}

/// What a copy is called, once each, and the ending of the file where the copy has another.
fn name_of(in_inbox: &str, taken: &mut BTreeSet<String>) -> (String, Option<String>) {
    let fit = |part: &str| -> String {
        let part: String = part
            .chars()
            .map(|c| match c {
                ':' | '\\' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
                c if c.is_control() => '_',
                c => c,
            })
            .collect();
        let part = part.trim_matches(['.', ' ']);
        if part.is_empty() { "_" } else { part }.to_owned()
    };
    let path: Vec<String> = in_inbox.split('/').map(fit).collect();
    let path = path.join("/");
    let ending = formats::extension(Path::new(&path));
    let keeps = WORKBOOKS.contains(&ending.as_str());
    let stem = &path[..path.len()
        - if ending.is_empty() {
            0
        } else {
            ending.len() + 1
        }];
    let mut name = match keeps {
        true => path.clone(),
        false => format!("{stem}.xlsx"),
    };
    let mut again = 1;
    while !taken.insert(name.to_lowercase()) {
        again += 1;
        name = match again {
            2 => format!("{path}.xlsx"),
            n => format!("{path}-{n}.xlsx"),
        };
    }
    (name, (!keeps).then(|| format!(".{ending}")))
}

/// Makes the copy of a file, in the reading process.
///
/// # Errors
/// When it cannot be marked.
pub(super) fn write(
    from: &Path,
    ending: &str,
    encodings: Encodings,
    marks: &[SheetMarks],
    to: &Path,
) -> Result<(), Refusal> {
    if formats::is_xlsx(from)? {
        package::write(from, ending, marks, to)
    } else {
        written::write(from, encodings, marks, to)
    }
}

/// A failure that has no better word.
fn failed(error: impl std::fmt::Display) -> Refusal {
    Refusal::Damaged(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::flaw::{Fault, Flaws, SheetColumn};

    /// Customers from A1 and, beside them, from F1; below, sales from A9: as one sheet.
    #[test]
    fn the_tables_of_a_sheet_are_marked_as_one() {
        let account = |sheet: Option<&str>, first: u32, found: Vec<Flaw>| Account {
            sheet: sheet.map(str::to_owned),
            flaws: Flaws {
                columns: vec![SheetColumn {
                    name: "customer_id".to_owned(),
                    header: "รหัส".to_owned(),
                    column: first,
                }],
                found,
                more: 0,
            },
            ..Account::default()
        };
        let flaw = |row, column, fault| Flaw {
            row,
            column,
            fault,
            shown: String::new(),
        };
        let accounts = [
            account(
                Some("A"),
                0,
                vec![
                    flaw(3, Some(1), Fault::Missing),
                    flaw(7, None, Fault::CutRow),
                ],
            ),
            account(Some("B"), 0, vec![flaw(2, Some(0), Fault::NotA)]),
            account(
                Some("A"),
                5,
                vec![
                    flaw(2, None, Fault::Conflict("1".to_owned())),
                    flaw(3, Some(1), Fault::UnknownCustomer),
                    flaw(3, Some(6), Fault::NotA),
                ],
            ),
        ];
        let say = |_: &Account, flaw: &Flaw| flaw.fault.key().to_owned();
        let marks = sheets(&accounts.each_ref(), &say);
        let said: Vec<_> = marks
            .iter()
            .map(|sheet| {
                let marks = sheet.marks.iter();
                let marks = marks.map(|mark| {
                    let note = mark.note.clone().unwrap_or_default();
                    (mark.row, mark.column, mark.aside, note)
                });
                (sheet.sheet.as_deref().unwrap(), marks.collect::<Vec<_>>())
            })
            .collect();
        let mark = |row, column, aside, note: &str| (row, column, aside, note.to_owned());
        assert_eq!(
            said,
            [
                (
                    "A",
                    vec![
                        mark(2, 5, false, "conflict"),
                        mark(3, 1, true, "missing\nunknown-customer"),
                        mark(3, 6, true, "not-a"),
                        mark(7, 0, true, "cut-row"),
                    ]
                ),
                ("B", vec![mark(2, 0, true, "not-a")]),
            ]
        );
    }

    #[test]
    fn names_are_fit_for_every_system_and_stand_once() {
        let mut taken = BTreeSet::new();
        let mut name = |path: &str| name_of(path, &mut taken);
        assert_eq!(name("ยอดขาย.xlsx"), ("ยอดขาย.xlsx".to_owned(), None));
        assert_eq!(
            name("a/Sales.csv"),
            ("a/Sales.xlsx".to_owned(), Some(".csv".to_owned()))
        );
        assert_eq!(name("a/sales.XLSX").0, "a/sales.XLSX.xlsx");
        assert_eq!(name("a/sales.txt").0, "a/sales.txt.xlsx");
        assert_eq!(name("b.zip/.. /x:y.xlsm").0, "b.zip/_/x_y.xlsm");
        assert_eq!(name("none").0, "none.xlsx");
    }
}
