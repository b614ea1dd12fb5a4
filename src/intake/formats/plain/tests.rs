//! The scanner against calamine: whatever it reads, it reads as calamine does.

use std::io::Write;

use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula};

use super::judge::{MAIN, Told, by_calamine, document, scanned};
use super::*;

fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

/// The scanner reads it, and as calamine does.
fn agrees(bytes: &[u8]) -> Told {
    let file = file(bytes);
    let told = scanned(file.path()).expect("it is plain");
    assert_eq!(told, by_calamine(file.path()).unwrap());
    told
}

/// A workbook of one sheet, with these rows, shared texts and styles.
fn by_hand(rows: &str, shared: &str) -> Vec<u8> {
    document(
        format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>").as_bytes(),
        format!("<sst xmlns=\"{MAIN}\">{shared}</sst>").as_bytes(),
    )
}

#[test]
fn every_kind_of_cell_is_read_as_calamine_reads_it() {
    let rows = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>
        <row r="3" spans="1:9" ht="15"/>
        <row r="4"><c r="A4" s="1"><v>45657</v></c><c r="B4" s="2"><v>1.5</v></c><c r="C4" s="3"><v>45657.25</v></c>
        <c r="D4" s="4"><v>1.5E-3</v></c><c r="E4"/><c r="F4" s="1"/><c r="G4" t="b"><v>1</v></c>
        <c r="H4" t="e"><v>#N/A</v></c><c r="I4" t="str"><f>A1&amp;"x"</f><v>a &lt; b &#3588;</v></c>
        <c r="AA4" t="inlineStr"><is><t xml:space="preserve"> kept </t></is></c>
        <c r="AB4" t="inlineStr"><is><t> trimmed </t></is></c><c r="AC4"><f t="shared" si="0"/><v>-2</v></c>
        <c r="XFD4" t="n"><v></v></c></row><row r="1048576"><c r="A1048576" t="s"><v>2</v></c></row>"#;
    let shared = "<si><t>ลูกค้า</t></si><si><t xml:space=\"preserve\"> \u{a0}</t></si>\n<si><t>a&amp;b</t></si><si/>";
    let told = agrees(&by_hand(rows, shared));
    let (info, lines) = &told.sheets[0];
    assert_eq!(info.name.as_deref(), Some("A & B"));
    assert!(lines.0.contains(&"0 Text(\"a&b\")".to_owned()), "{lines:?}");
    assert!(
        lines.0.contains(&"2 Serial(45657.25)".to_owned()),
        "{lines:?}"
    );
    assert!(lines.0.contains(&"1 Duration(1.5)".to_owned()), "{lines:?}");
    assert!(!lines.0.contains(&"row 3".to_owned()), "{lines:?}");
}

/// What is left to calamine, each for a reason of its own.
#[test]
fn what_is_not_plain_is_left_to_calamine() {
    let cell = |cell: &str| format!("<row r=\"1\">{cell}</row>");
    let one = "<si><t>a</t></si>";
    for (what, rows, shared) in [
        ("no place", cell("<c><v>1</v></c>"), one),
        ("another row's place", cell("<c r=\"A2\"><v>1</v></c>"), one),
        (
            "a row twice",
            format!("{0}{0}", cell("<c r=\"A1\"><v>1</v></c>")),
            one,
        ),
        (
            "rows without numbers",
            "<row><c r=\"A1\"><v>1</v></c></row>".to_owned(),
            one,
        ),
        (
            "a date as text",
            cell("<c r=\"A1\" t=\"d\"><v>2026-01-31</v></c>"),
            one,
        ),
        (
            "a number that is none",
            cell("<c r=\"A1\"><v>1 000</v></c>"),
            one,
        ),
        (
            "no such shared text",
            cell("<c r=\"A1\" t=\"s\"><v>7</v></c>"),
            one,
        ),
        (
            "no such style",
            cell("<c r=\"A1\" s=\"99\"><v>1</v></c>"),
            one,
        ),
        ("a comment", cell("<!-- --><c r=\"A1\"><v>1</v></c>"), one),
        (
            "an unknown element",
            cell("<c r=\"A1\"><v>1</v><w/></c>"),
            one,
        ),
        (
            "a piece of data",
            cell("<c r=\"A1\" t=\"str\"><v><![CDATA[x]]></v></c>"),
            one,
        ),
        (
            "an escaped character",
            cell("<c r=\"A1\" t=\"str\"><v>a_x000D_b</v></c>"),
            one,
        ),
        (
            "a line end",
            cell("<c r=\"A1\" t=\"str\"><v>a\r\nb</v></c>"),
            one,
        ),
        (
            "an unknown entity",
            cell("<c r=\"A1\" t=\"str\"><v>&client;</v></c>"),
            one,
        ),
        (
            "formatted pieces",
            cell("<c r=\"A1\" t=\"s\"><v>0</v></c>"),
            "<si><r><t>a</t></r><r><t>b</t></r></si>",
        ),
        (
            "a reading aid",
            cell("<c r=\"A1\" t=\"s\"><v>0</v></c>"),
            "<si><t>a</t><rPh sb=\"0\" eb=\"1\"><t>b</t></rPh></si>",
        ),
        (
            "a sheet cut off",
            "<row r=\"1\"><c r=\"A1\"><v>1".to_owned(),
            one,
        ),
    ] {
        let bytes = if what == "a sheet cut off" {
            let sheet = format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}");
            document(
                sheet.as_bytes(),
                format!("<sst xmlns=\"{MAIN}\">{shared}</sst>").as_bytes(),
            )
        } else {
            by_hand(&rows, shared)
        };
        let file = file(&bytes);
        assert_eq!(scanned(file.path()).err(), Some(NotPlain), "{what}");
    }
}

#[test]
fn a_document_in_another_encoding_or_with_prefixes_is_not_plain() {
    let sst = format!("<sst xmlns=\"{MAIN}\"/>");
    let row = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>";
    let plain = format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{row}</sheetData></worksheet>");
    let prefixed = format!("<x:worksheet xmlns:x=\"{MAIN}\"><x:sheetData/></x:worksheet>");
    for (sheet, is_plain) in [
        (
            format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>{plain}"),
            true,
        ),
        (format!("\u{feff}{plain}"), true),
        (
            format!("<?xml version=\"1.0\" encoding=\"windows-874\"?>{plain}"),
            false,
        ),
        (format!("<!DOCTYPE x []>{plain}"), false),
        (prefixed, false),
    ] {
        let file = file(&document(sheet.as_bytes(), sst.as_bytes()));
        assert_eq!(scanned(file.path()).is_ok(), is_plain, "{sheet}");
    }
}

/// Texts that lie across the edge of a window, and one that is longer than any cell holds.
#[test]
fn a_window_shows_whatever_fits_a_cell() {
    let filler = "ก".repeat(32_767);
    let shared: String = (0..20)
        .map(|n| format!("<si><t>{n}{filler}</t></si>"))
        .collect();
    let rows: String = (1..=20)
        .map(|n| format!("<row r=\"{n}\"><c r=\"A{n}\" t=\"s\"><v>{}</v></c><c r=\"B{n}\" t=\"str\"><v>{filler}</v></c></row>", n - 1))
        .collect();
    agrees(&by_hand(&rows, &shared));
    let endless = format!(
        "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>{}</v></c></row>",
        "x".repeat(1 << 20)
    );
    let file = file(&by_hand(&endless, ""));
    assert_eq!(scanned(file.path()).err(), Some(NotPlain));
}

#[derive(Debug, Clone)]
enum Made {
    Nothing,
    Text(String),
    Number(f64),
    Date(u16),
    Flag(bool),
    Formula(String),
}

fn made() -> impl Strategy<Value = Made> {
    prop_oneof![
        Just(Made::Nothing),
        "[ -~ก-๙À-ỹ_]{0,12}".prop_map(Made::Text),
        proptest::num::f64::NORMAL.prop_map(Made::Number),
        (0i64..1_000_000).prop_map(|cents| Made::Number(cents as f64 / 100.0)),
        (1u16..60_000).prop_map(Made::Date),
        any::<bool>().prop_map(Made::Flag),
        "[a-zก-๙ ]{0,8}".prop_map(Made::Formula),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a writer of workbooks writes, and in whichever of its ways, is read alike.
    #[test]
    fn what_is_written_is_read_as_calamine_reads_it(
        rows in proptest::collection::vec(proptest::collection::vec(made(), 0..6), 0..30),
        inline: bool,
    ) {
        let mut book = rust_xlsxwriter::Workbook::new();
        let date = Format::new().set_num_format("dd/mm/yyyy");
        let sheet = if inline {
            book.add_worksheet_with_constant_memory().unwrap()
        } else {
            book.add_worksheet()
        };
        for (row, cells) in (0u32..).zip(&rows) {
            for (column, cell) in (0u16..).zip(cells) {
                match cell {
                    Made::Nothing => continue,
                    Made::Text(text) => sheet.write(row, column, text.as_str()),
                    Made::Number(x) => sheet.write(row, column, *x),
                    Made::Date(day) => {
                        let day = ExcelDateTime::from_serial_datetime(f64::from(*day)).unwrap();
                        sheet.write_with_format(row, column, &day, &date)
                    }
                    Made::Flag(yes) => sheet.write(row, column, *yes),
                    Made::Formula(result) => sheet.write(row, column, Formula::new("=A1").set_result(result)),
                }
                .unwrap();
            }
        }
        let file = file(&book.save_to_buffer().unwrap());
        let by_calamine = by_calamine(file.path()).unwrap();
        // What is odd is left to calamine; most is not.
        if let Ok(told) = scanned(file.path()) {
            prop_assert_eq!(told, by_calamine);
        } else {
            let odd = rows.iter().flatten().any(|cell| matches!(cell, Made::Text(text) if text.contains("_x")));
            prop_assert!(odd, "{rows:?}");
        }
    }
}
