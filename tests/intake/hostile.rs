//! Files that ask for more than there is, and reading processes that die: one message each, soon.

use std::time::{Duration, Instant};

use quarterdeck::workspace::Reader;

use super::formats::zip_of;
use super::{Project, SALES, column, said};

const RELATIONS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
    <Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>";

/// A workbook of one sheet with this markup, after `before`, and these shared strings.
fn xlsx(before: &str, rows: &str, shared: &str) -> Vec<u8> {
    let sheet = format!(
        "<?xml version=\"1.0\"?>{before}<worksheet><sheetData>{rows}</sheetData></worksheet>"
    );
    zip_of(&[
        ("[Content_Types].xml", b"<Types/>"),
        (
            "_rels/.rels",
            b"<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
        ),
        (
            "xl/workbook.xml",
            b"<workbook xmlns:r=\"r\"><sheets><sheet name=\"Sheet1\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
        ),
        ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ("xl/sharedStrings.xml", shared.as_bytes()),
    ])
}

fn cell(at: &str, text: &str) -> String {
    format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

/// A header and one sale.
fn sale() -> String {
    let head = [
        cell("A1", "Customer ID"),
        cell("B1", "Date"),
        cell("C1", "Amount"),
    ]
    .concat();
    let row = [cell("A2", "C1"), cell("B2", "2026-01-02"), cell("C2", "5")].concat();
    format!("<row r=\"1\">{head}</row><row r=\"2\">{row}</row>")
}

/// Everything said of a project, which has a good file beside the bad one, and that it was soon.
fn found(config: &str, name: &str, bytes: &[u8]) -> Vec<String> {
    let project = Project::new(config).file("a.csv", SALES).file(name, bytes);
    let start = Instant::now();
    let (intake, problems) = project.read_by_program();
    assert!(start.elapsed() < Duration::from_secs(60), "{name}");
    assert_eq!(
        column(&intake, "transactions", "customer_id")[..2],
        ["C1", "C2"]
    );
    let half_done = std::fs::read_dir(project.0.path().join(".quarterdeck/cache"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "in-use" && !name.ends_with(".read"));
    assert_eq!(half_done.count(), 0);
    said(&problems)
}

#[test]
fn a_cell_in_the_last_corner_of_a_sheet() {
    let corner = format!(
        "{}<row r=\"1048576\">{}</row>",
        sale(),
        cell("XFD1048576", "x")
    );
    let bytes = xlsx("", &corner, "<sst/>");
    assert!(bytes.len() < 5_000);
    let said = found(
        "[input]\nmemory-limit = \"100 MB\"\nmax-set-aside = 0.5",
        "corner.xlsx",
        &bytes,
    );
    assert_eq!(
        said,
        [
            "warning missing-value inbox/corner.xlsx, sheet `Sheet1`, cell B1048576: column `Date`: there is no `date`"
        ]
    );
}

#[test]
fn a_million_rows_that_are_formatted_and_empty() {
    let mut rows = sale();
    for row in 3..=1_048_576 {
        rows.push_str(&format!("<row r=\"{row}\"><c r=\"A{row}\" s=\"0\"/></row>"));
    }
    let said = found(
        "[input]\nmemory-limit = \"100 MB\"",
        "empty-rows.xlsx",
        &xlsx("", &rows, "<sst/>"),
    );
    assert!(said.is_empty(), "{said:?}");
}

#[test]
fn an_ods_that_claims_to_be_full() {
    let content = "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body><office:spreadsheet>\
        <table:table table:name=\"S\"><table:table-row table:number-rows-repeated=\"1048576\">\
        <table:table-cell table:number-columns-repeated=\"16384\" office:value-type=\"float\" office:value=\"1\"><text:p>1</text:p></table:table-cell>\
        </table:table-row></table:table></office:spreadsheet></office:body></office:document-content>";
    let bytes = zip_of(&[
        (
            "mimetype",
            b"application/vnd.oasis.opendocument.spreadsheet",
        ),
        ("content.xml", content.as_bytes()),
        ("META-INF/manifest.xml", b"<manifest/>"),
    ]);
    let said = found("[input]\nmemory-limit = \"500 MB\"", "full.ods", &bytes);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].starts_with("error oversized-input inbox/full.ods: the file is not read: it has ")
            || said[0].starts_with("error input-memory-limit inbox/full.ods: "),
        "{said:?}"
    );
}

#[test]
fn entities_are_not_unfolded() {
    let mut bomb = String::from("<!DOCTYPE x [<!ENTITY a0 \"aaaaaaaaaa\">");
    for n in 1..20 {
        let ten = format!("&a{};", n - 1).repeat(10);
        bomb.push_str(&format!("<!ENTITY a{n} \"{ten}\">"));
    }
    bomb.push_str("]>");
    let rows = sale().replace("C1</t>", "&a19;</t>");
    let said = found(
        "[input]\nmemory-limit = \"100 MB\"\nmax-set-aside = 1",
        "bomb.xlsx",
        &xlsx(&bomb, &rows, "<sst/>"),
    );
    assert_eq!(
        said,
        [
            "error damaged-input inbox/bomb.xlsx: the file cannot be read: it is damaged (sheet `Sheet1`: Xml error: at 0..0: unrecognized entity `&a19;`)"
        ]
    );
}

#[test]
fn a_trap_of_zeros() {
    let zeros = " ".repeat(300_000_000);
    let bytes = xlsx("", &sale(), &zeros);
    let said = found("", "zeros.xlsx", &bytes);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].starts_with(
            "error oversized-input inbox/zeros.xlsx: the file is not read: it unpacks to 300 MB, "
        ),
        "{said:?}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn more_memory_than_is_allowed() {
    let text = "a".repeat(150_000_000);
    let shared = format!("<sst><si><t>{text}</t></si></sst>");
    let said = found(
        "[input]\nmemory-limit = \"64 MB\"",
        "wide.xlsx",
        &xlsx("", &sale(), &shared),
    );
    assert_eq!(
        said,
        [
            "error input-memory-limit inbox/wide.xlsx: the file was given up: reading it takes more memory than the 64 MB it may take"
        ]
    );
}

/// A program that does something else than read.
#[cfg(unix)]
fn instead(script: &str) -> (Vec<String>, Duration) {
    use std::os::unix::fs::PermissionsExt;

    let project = Project::new("[input]\ntime-limit-seconds = 1\n").file("a.csv", SALES);
    let program = project.0.path().join("program");
    std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let start = Instant::now();
    let (intake, problems) = project.read_by(Reader::Program(program));
    assert!(intake.accounts.is_empty());
    let said = said(&problems);
    assert_eq!(said.len(), 2, "{said:?}");
    assert_eq!(
        said[1],
        "error no-transactions: no sheet was recognised as transactions"
    );
    (said, start.elapsed())
}

#[cfg(unix)]
#[test]
fn a_process_that_never_ends_is_ended() {
    let (said, took) = instead("exec sleep 600");
    assert_eq!(
        said[0],
        "error input-time-limit inbox/a.csv: the file was given up: reading it takes longer than the 1 seconds it may take"
    );
    assert!(took < Duration::from_secs(20), "{took:?}");
}

#[cfg(unix)]
#[test]
fn a_process_that_dies_is_one_message() {
    for (script, expected) in [
        (
            "kill -SEGV $$",
            "error reader-failed inbox/a.csv: the file cannot be read: its reader ended early (signal: 11 (SIGSEGV)",
        ),
        (
            "echo 'something it said' >&2; exit 3",
            "error reader-failed inbox/a.csv: the file cannot be read: its reader ended early (something it said)",
        ),
        // As the system does it where the machine has no memory left.
        (
            "kill -KILL $$",
            "error input-memory-limit inbox/a.csv: the file was given up",
        ),
        (
            "kill -XCPU $$",
            "error input-time-limit inbox/a.csv: the file was given up",
        ),
        (
            "cat > /dev/null; exit 0",
            "error reader-failed inbox/a.csv: what was handed over is damaged: it is cut off",
        ),
    ] {
        let (said, _) = instead(script);
        assert!(said[0].starts_with(expected), "{script}: {said:?}");
    }
    let project = Project::new("").file("a.csv", SALES);
    let (_, problems) = project.read_by(Reader::Program("there-is-no-such-program".into()));
    assert!(said(&problems)[0].starts_with("error reader-failed inbox/a.csv"));
}

#[cfg(unix)]
#[test]
fn a_file_that_is_written_to_while_it_is_read() {
    let (said, _) = instead("cat > /dev/null; echo 'C9,2026-01-09,9' >> \"$2\"; exit 0");
    assert_eq!(
        said[0],
        "error changed-input inbox/a.csv: the file was written to while it was read"
    );
}

#[cfg(unix)]
#[test]
fn a_file_that_the_system_does_not_give() {
    let project = Project::new("").file("a.csv", SALES);
    let gone = project.0.path().join("gone.csv");
    std::os::unix::fs::symlink(gone, project.0.path().join("inbox/b.csv")).unwrap();
    let (intake, problems) = project.read_by_program();
    assert_eq!(intake.accounts.len(), 1);
    let said = said(&problems);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].starts_with("error unreadable-input inbox/"),
        "{said:?}"
    );
}
