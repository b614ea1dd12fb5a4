//! Case folders: an inbox, settings, and what is expected to be read of it and said about it.
//!
//! `cases/<name>/` holds `quarterdeck.toml` where there are settings, `inbox/` and `expected.txt`.
//! Text files of an inbox are taken as they are; `book.xlsx.txt` describes a workbook that is made of
//! it, one line per row:
//!
//! ```text
//! [Sheet name]            or [Sheet name, hidden]
//! ยอดขาย | | 12.5         cells; a number is a number, 2026-01-31 a date, 'x a text whatever it is
//! =#N/A                  a formula that failed
//! -                       a row without cells
//! !merge A1:C1            the cells of a range are one
//! !hide 3 5               hidden rows
//! ```
//!
//! Workbooks in other formats are those that LibreOffice 7.4 (`.ods`, `.xls`) and SheetJS 0.18.5 (`.xlsb`)
//! wrote of a few rows.
//!
//! Every case is read by this process and by one of its own for each file, with the same outcome.
//! `UPDATE_EXPECT=1` writes what is expected anew; read the difference before you keep it.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use datafusion::arrow::array::Array;
use quarterdeck::diagnostics::{Diagnostics, cell_address};
use quarterdeck::intake::{Account, Intake};
use quarterdeck::workspace::Reader;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

use crate::{Project, said, shown, whole};

#[test]
fn every_case_is_read_as_expected() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/intake/cases");
    let mut cases = folders(&root);
    cases.sort();
    assert!(cases.len() > 2, "the cases are not found");
    let mut wrong = String::new();
    for case in cases {
        let project = project(&case);
        let here = told(&project, Reader::ThisProcess);
        let program = Reader::Program(env!("CARGO_BIN_EXE_quarterdeck").into());
        let name = case.file_name().unwrap().to_string_lossy();
        assert_eq!(here, told(&project, program), "{name}: by another process");
        let path = case.join("expected.txt");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(&path, here).unwrap();
            continue;
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        if expected != here {
            write!(wrong, "--- {name}: expected\n{expected}--- found\n{here}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn folders(root: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.is_dir()).collect()
}

fn project(case: &Path) -> Project {
    let config = std::fs::read_to_string(case.join("quarterdeck.toml")).unwrap_or_default();
    let mut project = Project::new(&config);
    let inbox = case.join("inbox");
    let mut left = vec![inbox.clone()];
    while let Some(folder) = left.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
                continue;
            }
            let name = path.strip_prefix(&inbox).unwrap().to_str().unwrap();
            let bytes = std::fs::read(&path).unwrap();
            project = match name.strip_suffix(".xlsx.txt") {
                Some(name) => {
                    let described = String::from_utf8(bytes).unwrap();
                    project.book(&format!("{name}.xlsx"), workbook(&described))
                }
                None => project.file(name, bytes),
            };
        }
    }
    project
}

/// The workbook that a text describes.
pub(crate) fn workbook(described: &str) -> Workbook {
    let mut workbook = Workbook::new();
    let mut row = 0;
    for line in described.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            let (name, hidden) = match name.strip_suffix(", hidden") {
                Some(name) => (name, true),
                None => (name, false),
            };
            let sheet = workbook.add_worksheet().set_name(name).unwrap();
            sheet.set_hidden(hidden);
            row = 0;
            continue;
        }
        let sheet = workbook.worksheets_mut().last_mut().unwrap();
        if let Some(range) = line.strip_prefix("!merge ") {
            merge(sheet, range);
        } else if let Some(rows) = line.strip_prefix("!hide ") {
            for row in rows.split(' ') {
                sheet
                    .set_row_hidden(row.parse::<u32>().unwrap() - 1)
                    .unwrap();
            }
        } else {
            if line != "-" {
                for (column, cell) in (0u16..).zip(line.split('|')) {
                    write_cell(sheet, row, column, cell.trim());
                }
            }
            row += 1;
        }
    }
    workbook
}

fn write_cell(sheet: &mut Worksheet, row: u32, column: u16, cell: &str) {
    if cell.is_empty() {
    } else if let Some(error) = cell.strip_prefix('=') {
        let formula = Formula::new("NA()").set_result(error);
        sheet.write_formula(row, column, formula).unwrap();
    } else if let Some(text) = cell.strip_prefix('\'') {
        sheet.write_string(row, column, text).unwrap();
    } else if let Ok(number) = cell.parse::<f64>() {
        sheet.write_number(row, column, number).unwrap();
    } else if let Ok(day) = cell.parse::<chrono::NaiveDate>() {
        let day = ExcelDateTime::parse_from_str(&day.to_string()).unwrap();
        let format = Format::new().set_num_format("yyyy-mm-dd");
        sheet
            .write_datetime_with_format(row, column, &day, &format)
            .unwrap();
    } else {
        sheet.write_string(row, column, cell).unwrap();
    }
}

/// Merges a range such as `A1:C1` over the text that stands in its first cell.
fn merge(sheet: &mut Worksheet, range: &str) {
    let place = |name: &str| {
        let column = u16::from(name.as_bytes()[0] - b'A');
        (name[1..].parse::<u32>().unwrap() - 1, column)
    };
    let (range, text) = range.split_once(' ').unwrap();
    let (from, to) = range.split_once(':').unwrap();
    let ((top, left), (bottom, right)) = (place(from), place(to));
    sheet
        .merge_range(top, left, bottom, right, text, &Format::new())
        .unwrap();
}

/// Tables, accounts and what is said.
fn told(project: &Project, reader: Reader) -> String {
    let (mut intake, mut problems) = project.read_by(reader);
    intake.match_customers(&mut problems);
    let mut text = String::new();
    for table in &intake.tables {
        writeln!(text, "{}", table.spec.name).unwrap();
        text += &rows(&intake, table.spec.name);
    }
    writeln!(text, "accounts").unwrap();
    for account in &intake.accounts {
        let sheet = account.sheet.as_deref();
        let place = sheet.map_or(account.path.clone(), |sheet| {
            format!("{}!{sheet}", account.path)
        });
        writeln!(
            text,
            "  {place} {}{}: read {} = used {} + set aside {} + duplicate {}{} + blank {}",
            account.table,
            begins(account),
            account.rows_read,
            account.rows_used,
            account.rows_set_aside,
            account.rows_duplicate,
            match account.rows_unmatched {
                0 => String::new(),
                rows => format!(" + unmatched {rows}"),
            },
            account.rows_blank
        )
        .unwrap();
    }
    text += &read_by(&intake);
    text += &to_put_right(&intake);
    writeln!(text, "said").unwrap();
    text += &in_lines(&problems);
    text
}

fn begins(account: &Account) -> String {
    let cell = account.begins.as_ref();
    cell.map_or(String::new(), |cell| format!(" from {cell}"))
}

/// The columns in whose cells something had to be settled, and by what; nothing where there are none.
fn read_by(intake: &Intake) -> String {
    let mut text = String::new();
    for account in &intake.accounts {
        for column in &account.evidence {
            let grounds = column.grounds.iter();
            let grounds: Vec<String> = grounds
                .map(|ground| {
                    format!(
                        "{} {} (row {})",
                        ground.cells,
                        ground.seen.key(),
                        ground.row
                    )
                })
                .collect();
            if !grounds.is_empty() {
                let sheet = account.sheet.as_deref().unwrap_or("");
                let (path, name) = (&account.path, column.name);
                writeln!(text, "  {path}!{sheet} {name}: {}", grounds.join(", ")).unwrap();
            }
        }
    }
    match text.as_str() {
        "" => text,
        _ => format!("read by\n{text}"),
    }
}

/// The cells that copies colour, with the columns they are in; nothing where there are none.
fn to_put_right(intake: &Intake) -> String {
    let mut text = String::new();
    for account in &intake.accounts {
        for flaw in &account.flaws.found {
            let place = match flaw.column {
                Some(column) => cell_address(flaw.row, column),
                None => format!("row {}", flaw.row),
            };
            let column = flaw.column.and_then(|column| account.flaws.at(column));
            let column = column.map_or(String::new(), |column| {
                format!(" of `{}` (`{}`)", column.name, column.header)
            });
            let sheet = account.sheet.as_deref().unwrap_or("");
            writeln!(
                text,
                "  {}!{sheet} {place}{column}: {} `{}`",
                account.path,
                flaw.fault.key(),
                flaw.shown
            )
            .unwrap();
        }
    }
    match text.as_str() {
        "" => text,
        _ => format!("to put right\n{text}"),
    }
}

fn in_lines(problems: &Diagnostics) -> String {
    let lines = said(problems).into_iter();
    lines.map(|line| format!("  {line}\n")).collect()
}

/// The rows of a table: the columns that hold something, and where each row stands.
fn rows(intake: &Intake, table: &str) -> String {
    let batch = whole(intake, table);
    let schema = batch.schema();
    let fields = schema.fields().iter().zip(batch.columns());
    let filled = fields.filter(|(field, array)| {
        array.null_count() < array.len() && !["source_file"].contains(&field.name().as_str())
    });
    let columns: Vec<(String, Vec<String>)> = filled
        .map(|(field, array)| (field.name().clone(), shown(array)))
        .collect();
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let mut text = format!("  {}\n", names.join(" | "));
    for at in 0..batch.num_rows() {
        let cells: Vec<&str> = columns
            .iter()
            .map(|(_, cells)| cells[at].as_str())
            .collect();
        writeln!(text, "  {}", cells.join(" | ")).unwrap();
    }
    text
}
