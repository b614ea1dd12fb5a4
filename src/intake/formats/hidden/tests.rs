use std::io::{Cursor, Write};
use std::path::Path;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

/// Workbooks of two sheets with rows 3, 4 and 6, and 3, 4 and 8 to 11, hidden: a filter and by hand.
const CASES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/intake/cases/hidden-rows/inbox"
);

fn of(rows: &[u32]) -> HiddenRows {
    let mut hidden = HiddenRows::default();
    rows.iter().for_each(|row| hidden.push(*row..*row + 1));
    hidden
}

/// What a workbook of these bytes hides, by sheet, whatever its format; empty where nothing can be read.
fn hidden(format: &str, bytes: &[u8]) -> Vec<(String, HiddenRows)> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a");
    std::fs::write(&path, bytes).unwrap();
    let names = ["Filtered", "ซ่อน", "Old"];
    match format {
        "ods" => ods(&path).into_iter().collect(),
        "xls" => {
            let names = names.into_iter().map(str::to_owned);
            names.zip(xls(&path)).collect()
        }
        _ => Book::xlsb(&path).map_or(Vec::new(), |mut book| {
            let rows = names.map(|name| (name.to_owned(), book.rows(name)));
            rows.to_vec()
        }),
    }
}

fn case(format: &str) -> Vec<u8> {
    std::fs::read(Path::new(CASES).join(format!("sales.{format}"))).unwrap()
}

#[test]
fn stretches_are_put_together_and_found() {
    let hidden = of(&[2, 3, 5, 5, 4, 6, ROWS - 1, ROWS, u32::MAX - 1]);
    assert_eq!(hidden.0, [2..4, 5..7, ROWS - 1..ROWS]);
    let found: Vec<u32> = (0..9).filter(|row| hidden.contains(*row)).collect();
    assert_eq!(found, [2, 3, 5, 6]);
    assert!(hidden.contains(ROWS - 1) && !hidden.contains(ROWS) && !HiddenRows::NONE.contains(0));
}

/// Written by LibreOffice 7.4 and by SheetJS 0.18.5, neither of which we wrote.
#[test]
fn every_format_tells_the_same_rows() {
    for format in ["ods", "xls", "xlsb"] {
        let found = hidden(format, &case(format));
        let of_sheet = |name: &str| {
            let sheet = found.iter().find(|(sheet, _)| sheet == name);
            sheet.map(|(_, rows)| rows.clone())
        };
        assert_eq!(of_sheet("Filtered"), Some(of(&[2, 3, 5])), "{format}");
        // The last of these rows are empty, which not every format writes.
        let by_hand = of_sheet("ซ่อน").unwrap();
        let read: Vec<u32> = (0..6).filter(|row| by_hand.contains(*row)).collect();
        assert_eq!(read, [2, 3], "{format}");
        assert_eq!(of_sheet("Old").unwrap_or_default(), of(&[]), "{format}");
    }
}

/// Cut off or changed at any byte, nothing panics and no row is told that no sheet can have.
#[test]
fn damage_ends_the_search() {
    for format in ["ods", "xls", "xlsb"] {
        let whole = case(format);
        for at in (0..whole.len()).step_by(7) {
            let mut changed = whole.clone();
            changed[at] ^= 0xff;
            for bytes in [&whole[..at], &changed] {
                for (_, rows) in hidden(format, bytes) {
                    assert!(rows.0.iter().all(|rows| rows.end <= ROWS), "{format} {at}");
                }
            }
        }
    }
}

fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn rows_of_opendocument_are_counted_with_their_repeats() {
    let content = "<office:document-content><office:spreadsheet>\
        <table:table table:name=\"A &amp; B\"><table:table-column/>\
        <table:table-header-rows><table:table-row/></table:table-header-rows>\
        <table:table-row table:number-rows-repeated=\"3\"><table:table-cell/></table:table-row>\
        <table:table-row-group><table:table-row table:visibility=\"collapse\" \
        table:number-rows-repeated=\"2\"/></table:table-row-group>\
        <table:table-row table:visibility=\"visible\"><table:table-cell><table:table>\
        <table:table-row table:visibility=\"collapse\"/></table:table></table:table-cell></table:table-row>\
        <table:table-row table:visibility=\"filter\"><table:table-cell/></table:table-row>\
        <table:table-row table:number-rows-repeated=\"x\"/>\
        <table:table-row table:visibility=\"filter\" table:number-rows-repeated=\"4000000000\"/>\
        <table:table-row table:visibility=\"filter\"/></table:table>\
        <table:table table:name=\"Two\"><table:table-row table:visibility=\"filter\"/></table:table>";
    let found = hidden("ods", &zip_of(&[("content.xml", content.as_bytes())]));
    let mut expected = of(&[4, 5, 7]);
    expected.push(9..ROWS);
    assert_eq!(
        found,
        [("A & B".to_owned(), expected), ("Two".to_owned(), of(&[0]))]
    );
}

#[test]
fn rows_of_a_workbook_that_is_not_plain_are_told_too() {
    let relations = "<Relationships><Relationship Id=\"r1\" Type=\"a/worksheet\" \
        Target=\"worksheets/s.xml\"/></Relationships>";
    let workbook =
        "<x:workbook><x:sheets><x:sheet name=\"A\" r:id=\"r1\"/></x:sheets></x:workbook>";
    let cell = "<x:c t=\"inlineStr\"><x:is><x:t>a</x:t></x:is></x:c>";
    let row = |attributes: &str| format!("<x:row {attributes}>{cell}</x:row>");
    let sheet = [
        "<x:worksheet xmlns:x=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><x:sheetData>",
        &row("r=\"2\" hidden=\"1\""),
        &row(""),
        &row("hidden=\"true\""),
        "<x:row r=\"5\" hidden=\"1\"/>",
        &row("r=\"9\" hidden=\"0\""),
        "<x:row r=\"4000000000\" hidden=\"1\"/>",
        "</x:sheetData></x:worksheet>",
    ]
    .concat();
    let bytes = zip_of(&[
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/worksheets/s.xml", sheet.as_bytes()),
    ]);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.xlsx");
    std::fs::write(&path, bytes).unwrap();
    let mut book = Book::xlsx(&path).unwrap();
    assert_eq!(book.rows("A"), of(&[1, 3, 4]));
    assert_eq!(book.rows("B"), of(&[]));
}

/// A record of the stream of a workbook of Excel 97.
fn record(kind: u16, body: &[u8]) -> Vec<u8> {
    let head = [kind, body.len() as u16].map(u16::to_le_bytes).concat();
    [&head, body].concat()
}

fn row(number: u16, flags: u8) -> Vec<u8> {
    let mut body = [0; 16];
    body[..2].copy_from_slice(&number.to_le_bytes());
    body[12] = flags;
    record(0x0208, &body)
}

#[test]
fn a_chart_in_a_sheet_has_no_rows_of_the_sheet() {
    let (begin, end) = (record(0x0809, &[0; 16]), record(0x000a, &[]));
    let sheet = [
        begin.clone(),
        row(1, 0x20),
        // The chart.
        [begin.clone(), row(2, 0x20), end.clone()].concat(),
        row(3, 0x40),
        row(4, 0x60),
        end.clone(),
    ]
    .concat();
    let listed = |at: usize| record(0x0085, &[&(at as u32).to_le_bytes()[..], &[0; 6]].concat());
    let globals = begin.len() + 3 * listed(0).len() + end.len();
    let stream = [
        begin.clone(),
        // The second is nowhere, the third stands in the file before the first.
        listed(globals + sheet.len()),
        listed(7),
        listed(globals),
        end.clone(),
        sheet.clone(),
        [begin.clone(), row(9, 0x20), end].concat(),
    ]
    .concat();
    let mut found = Vec::new();
    let _ = super::xls::sheets(&stream[..], &mut found);
    assert_eq!(found, [of(&[9]), of(&[]), of(&[1, 4])]);
    for cut in 0..stream.len() {
        let _ = super::xls::sheets(&stream[..cut], &mut Vec::new());
    }
    // Parts within parts without end are given up.
    let deep = begin.repeat(100_000);
    assert_eq!(super::xls::sheets(&deep[..], &mut Vec::new()), None);
}
