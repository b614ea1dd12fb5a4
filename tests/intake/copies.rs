//! Copies to be mended: which files get one, made as the program makes them.

use std::io::{Cursor, Write};

use quarterdeck::intake::flaw::Flaw;
use quarterdeck::intake::marked::{MOST_ROWS, Marked, NoCopy};
use quarterdeck::intake::{self, Account};
use quarterdeck::workspace::{Reader, Workspace};
use rust_xlsxwriter::Workbook;

use super::Project;

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
