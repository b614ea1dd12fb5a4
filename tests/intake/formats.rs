//! Every format, read by a process of its own as the program reads: the same sales, the same table.
//!
//! `tests/data/formats` holds what cannot be made here in a few lines: `sales.ods` and `sales.xls` by
//! LibreOffice 7.4 from a workbook of these rows, `protected.xlsx` by msoffcrypto-tool (password
//! `secret`).

use std::io::{Cursor, Write};

use quarterdeck::diagnostics::Severity;
use quarterdeck::intake::Intake;
use zip::write::SimpleFileOptions;

use super::{Project, column, said};

pub(super) fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The sales as every file here tells them: customer, date, amount, row.
fn sales(intake: &Intake) -> Vec<String> {
    let columns = ["customer_id", "date", "amount", "source_row"];
    let columns = columns.map(|name| column(intake, "transactions", name));
    (0..columns[0].len())
        .map(|at| {
            columns
                .each_ref()
                .map(|column| column[at].as_str())
                .join(" ")
        })
        .collect()
}

/// A record of a binary workbook (MS-XLSB 2.1.4): its type and length in groups of seven bits.
fn record(kind: u16, body: &[u8]) -> Vec<u8> {
    let mut bytes = match kind {
        0..0x80 => vec![kind as u8],
        _ => vec![(kind & 0x7f) as u8 | 0x80, (kind >> 7) as u8],
    };
    let mut length = body.len();
    while length >= 0x80 {
        bytes.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
    bytes.extend_from_slice(body);
    bytes
}

/// A text of a binary workbook: its length in UTF-16 units, and these.
fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut bytes = (units.len() as u32).to_le_bytes().to_vec();
    bytes.extend(units.into_iter().flat_map(u16::to_le_bytes));
    bytes
}

/// A binary workbook of one sheet of texts and numbers (a text that parses as one).
fn xlsb(rows: &[&[&str]]) -> Vec<u8> {
    let sheet_entry = [
        0u32.to_le_bytes().to_vec(),
        1u32.to_le_bytes().to_vec(),
        wide("rId1"),
        wide("Sales"),
    ];
    let workbook = [
        record(0x83, &[]),
        record(0x99, &[0; 12]),
        record(0x8f, &[]),
        record(0x9c, &sheet_entry.concat()),
        record(0x90, &[]),
        record(0x9d, &[0; 26]),
        record(0x84, &[]),
    ];
    let mut sheet = [record(0x81, &[]), record(0x94, &[0; 16]), record(0x91, &[])].concat();
    for (at, row) in (0u32..).zip(rows) {
        sheet.extend(record(0x00, &[&at.to_le_bytes()[..], &[0; 21]].concat()));
        for (column, text) in (0u32..).zip(*row) {
            let head = [column.to_le_bytes(), [0; 4]].concat();
            sheet.extend(match text.parse::<f64>() {
                Ok(x) => record(0x05, &[head, x.to_le_bytes().to_vec()].concat()),
                Err(_) => record(0x06, &[head, wide(text)].concat()),
            });
        }
    }
    sheet.extend(record(0x92, &[]));
    let relations = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
        <Relationship Id=\"rId1\" Type=\"x\" Target=\"worksheets/sheet1.bin\"/></Relationships>";
    zip_of(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.bin", &workbook.concat()),
        ("xl/_rels/workbook.bin.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.bin", &sheet),
    ])
}

#[test]
fn workbooks_of_libreoffice_and_of_excel_97() {
    for (name, bytes) in [
        (
            "sales.ods",
            &include_bytes!("../data/formats/sales.ods")[..],
        ),
        (
            "sales.xls",
            &include_bytes!("../data/formats/sales.xls")[..],
        ),
    ] {
        let project = Project::new("[input]\nmax-set-aside = 0.5\n").file(name, bytes);
        let (intake, problems) = project.read_by_program();
        assert_eq!(
            sales(&intake),
            ["00001 2026-01-02 1887.85 4", "C2 2026-02-28 20.00 5"],
            "{name}"
        );
        let place = format!("inbox/{name}, sheet `ยอดขาย`");
        let mut found = said(&problems);
        // A sheet of notes is none of our business, hidden or not.
        found.retain(|text| !text.contains("unknown-sheet"));
        assert_eq!(
            found,
            [
                format!(
                    "info unused-columns {place}, cell E3: not used of table `transactions`: `Opened`"
                ),
                format!(
                    "warning unreadable-value {place}, cell C6: column `Amount`: `#DIV/0!` is the error of a formula, not an amount"
                ),
            ],
            "{name}"
        );
    }
}

#[test]
fn a_binary_workbook() {
    let bytes = xlsb(&[
        &["Sales of the month"],
        &["Customer ID", "Date", "ยอดขาย"],
        &["00001", "2026-01-02", "1887.85"],
        &["C2", "2026-02-28", "20"],
    ]);
    let (intake, problems) = Project::new("").file("sales.xlsb", bytes).read_by_program();
    // The id is a number in this file, which knows no texts of digits.
    assert_eq!(
        sales(&intake),
        ["1 2026-01-02 1887.85 3", "C2 2026-02-28 20.00 4"]
    );
    assert!(problems.is_empty(), "{:?}", said(&problems));
}

#[test]
fn what_tills_call_a_workbook() {
    let page = "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><meta charset=\"utf-8\">\
        <table><tr><th>รหัสลูกค้า</th><th>วันที่</th><th>ยอดขาย</th></tr>\
        <tr><td>00001</td><td>02/01/2569</td><td>1,887.85</td></tr>\
        <tr><td>C2</td><td>28/02/2569</td><td>20</td></tr></table></html>";
    let xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" \
        xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet ss:Name=\"Sheet1\"><Table>\
        <Row><Cell><Data ss:Type=\"String\">Customer ID</Data></Cell><Cell><Data ss:Type=\"String\">Date</Data></Cell>\
        <Cell><Data ss:Type=\"String\">Amount</Data></Cell></Row>\
        <Row><Cell><Data ss:Type=\"String\">00001</Data></Cell><Cell><Data ss:Type=\"DateTime\">2026-01-02T00:00:00.000</Data></Cell>\
        <Cell><Data ss:Type=\"Number\">1887.85</Data></Cell></Row>\
        <Row><Cell><Data ss:Type=\"String\">C2</Data></Cell><Cell><Data ss:Type=\"DateTime\">2026-02-28T00:00:00.000</Data></Cell>\
        <Cell><Data ss:Type=\"Number\">20</Data></Cell></Row></Table></Worksheet></Workbook>";
    let text = "Customer ID\tDate\tAmount\n00001\t2026-01-02\t1887.85\nC2\t2026-02-28\t20\n";
    let utf16: Vec<u8> = format!("\u{feff}{text}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (bytes, what) in [
        (page.as_bytes(), "a web page"),
        (xml.as_bytes(), "an XML spreadsheet"),
        (text.as_bytes(), "a text with delimiters (.csv)"),
        (&utf16, "a text with delimiters (.csv)"),
    ] {
        let project = Project::new("[client]\nlanguage = \"th\"\n").file("till.xls", bytes);
        let (intake, problems) = project.read_by_program();
        assert_eq!(
            sales(&intake),
            ["00001 2026-01-02 1887.85 2", "C2 2026-02-28 20.00 3"],
            "{what}: {:?}",
            said(&problems)
        );
        let renamed = format!(
            "info renamed-input inbox/till.xls: the file is {what}, whatever its name says, and was read as that"
        );
        assert_eq!(said(&problems)[0], renamed);
        assert!(problems.iter().all(|p| p.severity == Severity::Info));
    }
}

#[test]
fn names_that_lie_the_other_way() {
    let xls = include_bytes!("../data/formats/sales.xls");
    let ods = include_bytes!("../data/formats/sales.ods");
    for (name, bytes, what) in [
        ("sales.xlsx", &xls[..], "an Excel 97–2003 workbook (.xls)"),
        ("sales.csv", &ods[..], "an OpenDocument spreadsheet (.ods)"),
        ("sales.zip", &ods[..], "an OpenDocument spreadsheet (.ods)"),
    ] {
        let project = Project::new("[input]\nmax-set-aside = 0.5\n").file(name, bytes);
        let (intake, problems) = project.read_by_program();
        assert_eq!(sales(&intake).len(), 2, "{name}: {:?}", said(&problems));
        let found = said(&problems);
        let renamed = format!("info renamed-input inbox/{name}: the file is {what},");
        assert!(
            found.iter().any(|text| text.starts_with(&renamed)),
            "{found:?}"
        );
    }
}

#[test]
fn an_archive_is_its_files() {
    let month = |n: u32| format!("Customer ID,Date,Amount\nC{n},2026-{n:02}-15,{n}\n");
    let inner = zip_of(&[("a.csv", b"x")]);
    let archive = zip_of(&[
        ("2026/กุมภา.csv", month(2).as_bytes()),
        ("2026/มกรา.csv", month(1).as_bytes()),
        ("__MACOSX/2026/._x.csv", b"x"),
        ("2026/more.zip", &inner),
        ("2026/notes.pdf", b"%PDF"),
        ("2026/nothing.csv", b""),
    ]);
    let config = "[[input.file]]\nmatch = \"all.zip/2026/*.csv\"\ntable = \"transactions\"\n";
    let project = Project::new(config)
        .file("a.csv", month(3))
        .file("all.zip", archive)
        .file("b.zip", zip_of(&[]));
    let (intake, problems) = project.read_by_program();
    let paths: Vec<&str> = intake.accounts.iter().map(|a| a.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "inbox/a.csv",
            "inbox/all.zip/2026/กุมภา.csv",
            "inbox/all.zip/2026/มกรา.csv"
        ]
    );
    assert_eq!(
        column(&intake, "transactions", "customer_id"),
        ["C3", "C2", "C1"]
    );
    let found: Vec<String> = said(&problems).into_iter().collect();
    assert_eq!(
        found,
        [
            "error unsupported-input inbox/all.zip/2026/more.zip: an archive within an archive is not read",
            "info ignored-file inbox/all.zip/2026/notes.pdf: the file is no spreadsheet and was passed over",
            "warning empty-input inbox/all.zip/2026/nothing.csv: the file is empty",
            "warning empty-input inbox/b.zip: the file is empty",
        ]
    );
}

#[test]
fn what_is_in_no_format_is_said() {
    let charts = zip_of(&[
        ("[Content_Types].xml", b"<Types/>"),
        (
            "_rels/.rels",
            b"<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
        ),
        (
            "xl/workbook.xml",
            b"<workbook xmlns:r=\"r\"><sheets><sheet name=\"Chart1\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            b"<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/chartsheet\" Target=\"chartsheets/sheet1.xml\"/></Relationships>",
        ),
        ("xl/chartsheets/sheet1.xml", b"<chartsheet/>"),
    ]);
    let mut nothing = rust_xlsxwriter::Workbook::new();
    nothing.add_worksheet();
    let project = Project::new("")
        .file("a.csv", super::SALES)
        .file("blank.csv", " \n\n")
        .file("charts.xlsx", charts)
        .file("nothing.xlsx", nothing.save_to_buffer().unwrap())
        .file("photo.xlsx", b"\x89PNG\r\n")
        .file(
            "protected.xlsx",
            include_bytes!("../data/formats/protected.xlsx"),
        )
        .file("session.xls", "<html><body>Please log in.</body></html>")
        .file("sheet.numbers", "x");
    let (intake, problems) = project.read_by_program();
    assert_eq!(intake.accounts.len(), 1);
    assert_eq!(
        said(&problems),
        [
            "error unsupported-input inbox/sheet.numbers: a Numbers spreadsheet is not read",
            "warning empty-input inbox/blank.csv: no cell of the file is filled",
            "warning no-worksheet inbox/charts.xlsx: the workbook has no sheet with cells, only charts or macros",
            "warning empty-input inbox/nothing.xlsx: no cell of the file is filled",
            "error unsupported-input inbox/photo.xlsx: an image is not read",
            "error protected-input inbox/protected.xlsx: the file is protected by a password",
            "error unsupported-input inbox/session.xls: a web page without a table is not read",
        ]
    );
    assert!(problems.iter().all(|problem| problem.help.is_some()));
}

/// What a mistake says must not depend on who reads: places of declarations come back as well.
#[test]
fn a_process_says_what_this_one_says() {
    let config =
        "# a remark\n[[input.file]]\nmatch = \"b.csv\"\ncolumns = { customer_id = \"Member\" }\n";
    let project = Project::new(config)
        .file("a.csv", format!("Title\n{}C3,soon,1\n", super::SALES))
        .file("b.csv", super::SALES)
        .file(
            "c.csv",
            "Amount,Amount,Customer ID,Date,Quantiti\n1,2,C1,2026-01-01,4\n",
        );
    let (here, problems_here) = project.read();
    let (there, problems_there) = project.read_by_program();
    assert_eq!(problems_here, problems_there);
    assert!(
        said(&problems_there)
            .iter()
            .any(|text| text.contains("no-such-header"))
    );
    assert_eq!(here.accounts, there.accounts);
    for (here, there) in here.tables.iter().zip(&there.tables) {
        assert_eq!(here.batches, there.batches);
    }
}
