//! What must hold of whatever a file contains. The targets in `fuzz/` look for what breaks it; the
//! tests try a few hundred cases of each on every run.
//!
//! Every function takes anything and panics where a promise is broken: that reading ends without a
//! panic, that what was read and written out again reads the same, that every row is counted once,
//! and that the scanner of plain workbooks says what calamine says.

use std::path::Path;

use chrono::{Datelike, NaiveDate};

use super::account::Account;
use super::cells::{Cell, CellSink, SheetInfo, SheetSink};
use super::columns::Conventions;
use super::declared::Declarations;
use super::discover::InputFilePath;
use super::formats::plain::judge;
use super::formats::{self, Encodings};
use super::sheet::FileReader;
use super::values::day::{self, Order};
use super::values::month::Month;
use super::values::number::{self, Exact};
use super::values::text;
use crate::diagnostics::Diagnostics;
use crate::tables::header::normalise;
use crate::workspace::Language;

/// A cell's text, read as everything that a column can be.
pub fn cell(content: &str) {
    let cleaned = text::clean(content);
    assert_eq!(text::clean(&cleaned), cleaned, "cleaned twice");
    let _ = text::flag(content);
    let _ = Month::of_text(content);
    if let Some((period, _)) = text::period(content) {
        let again = text::period(&period).map(|(again, _)| again);
        assert_eq!(again.as_ref(), Some(&period), "a period written out");
    }
    for currency in [None, Some("THB"), Some("VND"), Some("USD")] {
        match number::read(content, currency) {
            Ok(number::Reading::Sure(exact, _)) => number_again(exact),
            Ok(number::Reading::Unsure { point, comma }) => {
                number_again(point);
                number_again(comma);
            }
            Ok(number::Reading::Nothing) | Err(_) => {}
        }
    }
    let orders = [
        None,
        Some(Order::DayMonthYear),
        Some(Order::MonthDayYear),
        Some(Order::YearMonthDay),
    ];
    for (order, is_1904) in orders.into_iter().flat_map(|o| [(o, false), (o, true)]) {
        match day::read(content, order, is_1904) {
            Ok(day::Reading::Sure(moment, _)) => day_again(moment),
            Ok(day::Reading::Unsure {
                day_first,
                month_first,
            }) => {
                day_again(day_first);
                day_again(month_first);
            }
            Ok(day::Reading::Nothing) | Err(_) => {}
        }
    }
}

/// A number written plainly is the same number, where its digits are not more than are read.
fn number_again(exact: Exact) {
    let digits = format!(
        "{:0>1$}",
        exact.mantissa.unsigned_abs(),
        exact.scale as usize + 1
    );
    if digits.len() > number::MAX_DIGITS {
        return;
    }
    let (whole, decimals) = digits.split_at(digits.len() - exact.scale as usize);
    let sign = if exact.mantissa < 0 { "-" } else { "" };
    let point = if decimals.is_empty() { "" } else { "." };
    let written = format!("{sign}{whole}{point}{decimals}");
    // Digits that could be told from a mark of thousands are another matter.
    let again = match number::read(&written, None) {
        Ok(number::Reading::Sure(again, _)) => again,
        Ok(number::Reading::Unsure { point, .. }) => point,
        Ok(number::Reading::Nothing) => panic!("{written} says nothing"),
        Err(error) => panic!("{written}: {error:?}"),
    };
    assert_eq!(
        again.at_scale(exact.scale),
        exact.at_scale(exact.scale),
        "{written}"
    );
}

/// A day written year, month, day is the same day.
fn day_again(moment: day::Moment) {
    assert!(moment.second < 86_400, "{moment:?}");
    let date = NaiveDate::from_epoch_days(moment.day).expect("it was a day of the calendar");
    // Of years before 1900 only the Buddhist ones are read.
    let era = if date.year() < 1900 { 543 } else { 0 };
    let written = format!("{}-{}", date.year() + era, date.format("%m-%d"));
    let again = day::read(&written, None, false);
    assert!(
        matches!(again, Ok(day::Reading::Sure(again, _)) if again.day == moment.day),
        "{written}: {again:?}"
    );
}

/// A text as the first rows of a sheet, its fields cut at tabs: looked at for headers, and read.
pub fn header(content: &str) {
    for line in content.lines() {
        for field in line.split('\t') {
            let normal = normalise(field);
            assert_eq!(normalise(&normal), normal, "normalised twice");
        }
    }
    for headers_only in [true, false] {
        read(headers_only, |sheets| {
            let mut cells = sheets.open(SheetInfo {
                name: Some("1".to_owned()),
                hidden: false,
                is_1904: false,
            });
            for (row, line) in (1..).zip(content.lines().take(2_000)) {
                if cells.row(row, None).is_break() {
                    break;
                }
                for (column, field) in (0..).zip(line.split('\t').take(100)) {
                    if !field.is_empty() {
                        cells.cell(column, Cell::Text(field));
                    }
                }
            }
            sheets.close(cells);
        });
    }
}

/// Bytes as a file that is read by what it contains: text in whatever encoding, or anything else.
pub fn file(bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("there is a folder for temporary files");
    let path = folder.path().join("a.csv");
    std::fs::write(&path, bytes).expect("it can be written");
    for language in [Language::En, Language::Th, Language::Vi] {
        let encodings = Encodings {
            language,
            declared: None,
        };
        read_file(&path, encodings);
    }
}

/// Bytes as the sheet and as the shared texts of a workbook.
pub fn workbook(sheet: &[u8], shared: &[u8]) {
    let folder = tempfile::tempdir().expect("there is a folder for temporary files");
    let path = folder.path().join("a.xlsx");
    std::fs::write(&path, judge::document(sheet, shared)).expect("it can be written");
    // calamine panics on some damage; the reading process takes that for the damage it is.
    let by_calamine = || std::panic::catch_unwind(|| judge::by_calamine(&path));
    if let Ok(scanned) = judge::scanned(&path) {
        match by_calamine() {
            Ok(Ok(told)) => assert_eq!(scanned, told, "as scanned, and as calamine reads it"),
            // It refuses a byte that is no text wherever one stands; the scanner looks at what
            // values are made of, and passes over what nobody reads.
            Ok(Err(refusal)) => assert!(
                [sheet, shared]
                    .iter()
                    .any(|part| str::from_utf8(part).is_err()),
                "scanned, but calamine says {refusal:?}: {scanned:?}"
            ),
            Err(_) => panic!("scanned, but calamine panics: {scanned:?}"),
        }
        let encodings = Encodings {
            language: Language::Th,
            declared: None,
        };
        read_file(&path, encodings);
    }
}

fn read_file(path: &Path, encodings: Encodings) {
    read(false, |sheets| {
        // What is refused is told; half of it is not used.
        let _ = formats::read(path, encodings, sheets);
    });
}

/// Reads into tables, and sees that every row is counted.
fn read(headers_only: bool, feed: impl FnOnce(&mut FileReader<'_>)) {
    let file = InputFilePath {
        full: "a".into(),
        path: "inbox/a".to_owned(),
        in_inbox: "a".to_owned(),
        archive: false,
        seen: Default::default(),
    };
    let declarations = Declarations::check(&[], &[], &mut Diagnostics::new());
    let conventions = Conventions::of_a_thai_client();
    let progress = &|_: &str, _| {};
    let mut reader = FileReader::new(&file, &declarations, &conventions, headers_only, progress);
    feed(&mut reader);
    let _ = reader.strangers();
    for (sheet, table) in &reader.tables {
        let account = Account::of(&file.path, "", sheet.clone(), table);
        assert!(account.balances(), "{account:?}");
        assert_eq!(
            account.rows_used,
            table.batch.num_rows() as u64,
            "{account:?}"
        );
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    /// Headers of several tables and values of every kind, so that random sheets are often tables.
    const WORDS: &[&str] = &[
        "customer_id",
        "รหัสลูกค้า",
        "date",
        "Ngày",
        "amount",
        "ยอดเงิน",
        "transaction_id",
        "C1",
        "C2",
        "31/12/2567",
        "2026-02-29",
        "1.234",
        "(1,234.50)",
        "รวม",
        "Total",
        "#N/A",
        "x",
        "",
    ];

    fn sheet() -> impl Strategy<Value = String> {
        let row = proptest::collection::vec(proptest::sample::select(WORDS), 0..6);
        let rows = proptest::collection::vec(row, 0..12);
        rows.prop_map(|rows| {
            let rows: Vec<String> = rows.iter().map(|row| row.join("\t")).collect();
            rows.join("\n")
        })
    }

    /// The seeds of the fuzz targets, among them whatever these found.
    #[test]
    fn what_was_found_stays_mended() {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("it is a text");
        let seeds = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
        let mut tried = 0;
        for target in ["cell", "header", "file", "workbook"] {
            for seed in std::fs::read_dir(seeds.join(target)).unwrap() {
                let bytes = std::fs::read(seed.unwrap().path()).unwrap();
                match target {
                    "cell" => super::cell(&text(&bytes)),
                    "header" => super::header(&text(&bytes)),
                    "file" => super::file(&bytes),
                    _ => {
                        let cut = bytes.iter().position(|byte| *byte == 0xFF);
                        let (sheet, shared) = bytes.split_at(cut.unwrap_or(bytes.len()));
                        super::workbook(sheet, shared.get(1..).unwrap_or_default());
                    }
                }
                tried += 1;
            }
        }
        assert!(tried > 20, "the seeds are not found");
    }

    proptest! {
        #[test]
        fn any_cell_is_read(
            content in "[ -~]{0,12}|[0-9๐-๙.,/ -]{1,14}|[0-9]{1,2}[/. -][0-9ก-ฮ.]{1,5}[/. -][0-9]{1,4}|\\PC{0,12}",
        ) {
            super::cell(&content);
        }

        #[test]
        fn any_headers_are_looked_at(content in sheet()) {
            super::header(&content);
        }

        #[test]
        fn any_text_is_read(content in sheet(), bytes in proptest::collection::vec(any::<u8>(), 0..8)) {
            super::file(content.as_bytes());
            super::file(&[content.as_bytes(), &bytes].concat());
        }
    }
}
