//! Copies to be mended: which files get one, made as the program makes them.

use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

use quarterdeck::intake::flaw::Flaw;
use quarterdeck::intake::marked::{MOST_ROWS, Marked, NoCopy};
use quarterdeck::intake::{self, Account};
use quarterdeck::workspace::{Reader, Workspace};
use rust_xlsxwriter::Workbook;

use super::Project;
use super::cases::workbook;

const WRONG: &str = "customer_id,date,amount\nC1,2026-03-32,1\nC1,2026-03-01,2\n";

/// The copies of a project, and the folder they are in.
fn copies(project: &Project) -> (Vec<Marked>, tempfile::TempDir) {
    let mut workspace = Workspace::open(project.0.path()).unwrap();
    workspace.reader = Reader::Program(env!("CARGO_BIN_EXE_quarterdeck").into());
    let mut problems = quarterdeck::diagnostics::Diagnostics::new();
    let intake = intake::read(&workspace, &|_, _| {}, &mut problems);
    let folder = tempfile::tempdir().unwrap();
    let say = |_: &Account, flaw: &Flaw| flaw.fault.key().to_owned();
    let made = intake.marked_copies(&workspace, &say, folder.path());
    (made, folder)
}

fn lenient() -> Project {
    Project::new("[input]\nmax-set-aside = 1\n")
}

fn sheet(rows: &[[&str; 3]]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, *cell).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

const HEAD: [&str; 3] = ["customer_id", "date", "amount"];

#[test]
fn where_nothing_is_wrong_nothing_is_made() {
    let project = lenient().file("s.csv", "customer_id,date,amount\nC1,2026-03-01,2\n");
    let (made, folder) = copies(&project);
    assert!(made.is_empty());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// Two sheets, one of them clean; a text; and a file within an archive: each its own copy.
#[test]
fn each_file_with_a_flaw_has_its_copy() {
    let wrong = sheet(&[HEAD, ["C1", "soon", "1"], ["C2", "2026-03-01", "1"]]);
    let clean = sheet(&[HEAD, ["C1", "2026-03-02", "1"]]);
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("in/branch.xlsx", options).unwrap();
    let inner = sheet(&[HEAD, ["C1", "2026-03-04", "many"]]);
    archive.write_all(&inner).unwrap();
    let archive = archive.finish().unwrap().into_inner();
    let project = lenient()
        .file("b/wrong.xlsx", wrong)
        .file("b/clean.xlsx", clean)
        .file("s.csv", WRONG)
        .file("z.zip", archive);
    let (made, _folder) = copies(&project);
    let said: Vec<_> = made
        .iter()
        .map(|marked| {
            let copy = marked.copy.as_ref().unwrap();
            assert!(std::fs::metadata(&copy.file).unwrap().len() > 1000);
            (marked.path.as_str(), copy.name.as_str(), marked.cells)
        })
        .collect();
    assert_eq!(
        said,
        [
            ("inbox/b/wrong.xlsx", "b/wrong.xlsx", 1),
            ("inbox/s.csv", "s.xlsx", 1),
            ("inbox/z.zip/in/branch.xlsx", "z.zip/in/branch.xlsx", 1),
        ]
    );
    assert_eq!(made[1].copy.as_ref().unwrap().was.as_deref(), Some(".csv"));
}

/// The same input gives the same copy.
#[test]
fn a_copy_is_the_same_every_time() {
    let project = lenient()
        .file("s.csv", WRONG)
        .file("w.xlsx", sheet(&[HEAD, ["C1", "soon", "1"]]));
    let bytes = || {
        let (made, _folder) = copies(&project);
        made.iter()
            .map(|marked| std::fs::read(&marked.copy.as_ref().unwrap().file).unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(bytes(), bytes());
}

#[test]
fn a_file_that_nobody_mends_by_hand_has_no_copy() {
    let mut csv = WRONG.to_owned();
    for _ in 0..MOST_ROWS {
        csv.push_str("C1,2026-03-01,2\n");
    }
    let (made, _folder) = copies(&lenient().file("s.csv", csv));
    assert_eq!(made.len(), 1);
    assert_eq!(made[0].copy, Err(NoCopy::Large));
}

/// What the marking does not understand costs a word, not the run: here the styles of a workbook that
/// can be read without them.
#[test]
fn a_workbook_that_cannot_be_marked_is_told() {
    let bytes = sheet(&[HEAD, ["C1", "soon", "1"]]);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).unwrap();
        if entry.name().unwrap() == "xl/styles.xml" {
            let options = zip::write::SimpleFileOptions::default();
            out.start_file("xl/styles.xml", options).unwrap();
            out.write_all(b"<styleSheet><cellXfs><xf numFmtId=\"0\"/></cellXfs></styleSheet>")
                .unwrap();
        } else {
            out.raw_copy_file(entry).unwrap();
        }
    }
    let bytes = out.finish().unwrap().into_inner();
    let (made, folder) = copies(&lenient().file("w.xlsx", bytes));
    assert_eq!(made[0].copy, Err(NoCopy::Failed));
    assert_eq!(made[0].cells, 1);
    drop(folder);
}

/// A part of a copy as text.
fn part(copy: &Path, name: &str) -> String {
    let file = std::fs::File::open(copy).unwrap();
    let mut archive = zip::ZipArchive::new(file).unwrap();
    let mut text = String::new();
    let mut part = archive.by_name(name).unwrap();
    part.read_to_string(&mut text).unwrap();
    text
}

/// What stands between two texts, each time.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    let pieces = text.split(open).skip(1);
    pieces.filter_map(|rest| rest.split(close).next()).collect()
}

/// The cells of the first sheet that are coloured, red or yellow, in the order of the sheet.
fn coloured(copy: &Path) -> Vec<(String, &'static str)> {
    let styles = part(copy, "xl/styles.xml");
    let fills = between(&styles, "<fills", "</fills>")[0].to_owned();
    let fills = between(&fills, "<fill>", "</fill>");
    let formats = between(&styles, "<cellXfs", "</cellXfs>")[0].to_owned();
    let formats = between(&formats, "<xf ", ">");
    let sheet = part(copy, "xl/worksheets/sheet1.xml");
    let cells = between(&sheet, "<c ", ">").into_iter();
    let coloured = cells.filter_map(|cell| {
        let style: usize = between(cell, " s=\"", "\"").first()?.parse().unwrap();
        let fill: usize = between(formats[style], "fillId=\"", "\"")[0]
            .parse()
            .unwrap();
        let colour = match fills[fill] {
            fill if fill.contains("FFFFC9CF") => "red",
            fill if fill.contains("FFFFE9A0") => "yellow",
            _ => return None,
        };
        Some((between(cell, "r=\"", "\"")[0].to_owned(), colour))
    });
    coloured.collect()
}

/// The only copy of a project, with its folder.
fn only(project: &Project) -> (PathBuf, tempfile::TempDir) {
    let (made, folder) = copies(project);
    assert_eq!(made.len(), 1, "{made:?}");
    (made[0].copy.as_ref().unwrap().file.clone(), folder)
}

fn red(cell: &str) -> (String, &'static str) {
    (cell.to_owned(), "red")
}

/// Sales and customers beside one another or one below the other: each cell in its place, in one sheet. The
/// total between them is no record and stays as it is.
#[test]
fn the_tables_of_a_sheet_are_coloured_in_one_copy() {
    let book = workbook(
        "[Both]\n\
         Customer ID | Date | Amount | | รหัสลูกค้า | ชื่อลูกค้า | วันเกิด\n\
         C1 | 2026-01-05 | 10 | | C1 | Ann | 2000-01-01\n\
         C2 | 31/02/2026 | 20 | | C2 | Bob | soon\n\
         C9 | 2026-01-05 | 'ten | | C1 | Anne | 2000-01-01\n\
         Total | | 30",
    );
    let (copy, _folder) = only(&lenient().book("both.xlsx", book));
    let yellow = ("E4".to_owned(), "yellow");
    assert_eq!(coloured(&copy), [red("B3"), red("G3"), red("C4"), yellow]);
    let book = workbook(
        "[Stacked]\n\
         Customer ID | Date | Amount\n\
         C1 | soon | 10\n\
         C2 | 2026-01-05 | 20\n\
         Total | | 20\n\
         -\n\
         รหัสลูกค้า | ชื่อลูกค้า | วันเกิด\n\
         C1 | Ann | never\n\
         C2 | Bob | 2000-01-01",
    );
    let (copy, _folder) = only(&lenient().book("stacked.xlsx", book));
    assert_eq!(coloured(&copy), [red("B2"), red("C7")]);
}

/// A cell below a month is a row of its own, and coloured for itself; what all rows of a line have is
/// coloured once. A value made of a cell and the name of the sheet is coloured in its cell, one made of
/// the name alone in none.
#[test]
fn what_is_laid_out_anew_is_coloured_where_it_stands() {
    let settings = "[input]\nmax-set-aside = 1\n[[input.file]]\nmatch = \"*.xlsx\"\ntable = \"transactions\"\n";
    let wide = workbook(
        "[Wide]\n\
         Customer ID | Quantity | Jan 2024 | Feb 2024 | Mar 2024\n\
         C1 | many | 100 | 200 | 300\n\
         C2 | 1 | 100 | 'abc | 0\n\
         Total | | 200 | 200 | 300",
    );
    let settings_of = |more: &str| Project::new(&format!("{settings}{more}\n"));
    let project = settings_of("unpivot = { value = \"amount\" }").book("w.xlsx", wide);
    let (copy, _folder) = only(&project);
    assert_eq!(coloured(&copy), [red("B2"), red("D3")]);

    let days = "[Feb 2026]\nDay | Customer ID | Amount\n30 | C1 | 1\n | C1 | 2\n3 | C1 | 'x";
    let project =
        settings_of("values = { date = \"{Day} {sheet}\" }").book("d.xlsx", workbook(days));
    let (copy, _folder) = only(&project);
    assert_eq!(coloured(&copy), [red("A2"), red("A3"), red("C4")]);

    let named = "[31 Feb 2026]\nCustomer ID | Amount\nC1 | 1\nC1 | 'x";
    let project = settings_of("values = { date = \"{sheet}\" }").book("n.xlsx", workbook(named));
    let (copy, _folder) = only(&project);
    assert_eq!(coloured(&copy), [red("B3")]);
}

/// Five letters of Thai would be taken for western ones: a copy is read as its file was.
#[test]
fn a_copy_has_the_declared_encoding() {
    let text = "customer_id,date,amount,branch\nC1,2026-03-32,1,สีลม\n";
    let (bytes, _, lossy) = encoding_rs::WINDOWS_874.encode(text);
    assert!(!lossy);
    let settings = "[client]\nlanguage = \"vi\"\n[input]\nmax-set-aside = 1\n[[input.file]]\nmatch = \"s.csv\"\nencoding = \"tis-620\"\n";
    let (copy, _folder) = only(&Project::new(settings).file("s.csv", bytes));
    let texts = part(&copy, "xl/sharedStrings.xml");
    assert!(texts.contains("สีลม"), "{texts}");
}
