//! The sheet of notes: what each column is, how to write it, and two rows of examples set upright.

use chrono::{NaiveDate, NaiveDateTime};
use rust_xlsxwriter::{Worksheet, XlsxError};

use super::sheet::print;
use super::style::Styles;
use super::words::{Words, width};
use crate::tables::Kind;

/// The columns: heading and width.
const COLUMNS: [(&str, f64); 6] = [
    ("notes.column", 27.0),
    ("notes.what", 46.0),
    ("notes.how", 42.0),
    ("notes.needed", 25.0),
    ("notes.first", 20.0),
    ("notes.second", 20.0),
];

/// Points that a line of text takes.
const LINE: f64 = 14.0;

/// Writes the sheet.
pub(super) fn write(
    sheet: &mut Worksheet,
    words: &Words<'_>,
    styles: &Styles,
) -> Result<(), XlsxError> {
    sheet.set_name(words.text("notes.sheet"))?;
    sheet.write_string_with_format(0, 0, words.title(), &styles.title())?;
    sheet.set_row_height(0, 24)?;
    let mut row = 1;
    let mut paragraphs = vec![words.purpose()];
    let own = words.text(&format!("table.{}.hint", words.table.name));
    paragraphs.extend((!own.is_empty()).then_some(own));
    paragraphs.extend(["notes.stars", "notes.hand-in"].map(|key| words.text(key)));
    let across: f64 = COLUMNS.iter().map(|(_, wide)| wide).sum();
    for text in paragraphs {
        sheet.merge_range(row, 0, row, 5, text, &styles.paragraph())?;
        sheet.set_row_height(row, (width(text) / across).ceil() * LINE + 3.0)?;
        row += 1;
    }
    row += 1;
    for (at, (key, wide)) in (0_u16..).zip(COLUMNS) {
        sheet.set_column_width(at, wide)?;
        sheet.write_string_with_format(row, at, words.text(key), &styles.header(None))?;
    }
    let head = row;
    for (number, column) in (1..).zip(words.table.columns) {
        row += 1;
        // Not the header itself: two of them in a row would be the headers of a table.
        let name = format!("{number}. {}", words.header(column));
        let texts = [
            name,
            words.what(column).to_owned(),
            words.how(column),
            words.needed(column),
        ];
        let mut lines: f64 = 1.0;
        for ((at, text), (_, wide)) in (0_u16..).zip(&texts).zip(COLUMNS) {
            lines = lines.max((width(text) * 1.05 / wide).ceil());
            sheet.write_string_with_format(row, at, text, &styles.note())?;
        }
        for (at, example) in (4_u16..).zip(words.examples(column)) {
            self::example(sheet, (row, at), column.kind, example, styles)?;
            lines = lines.max((width(example) * 1.1 / 20.0).ceil());
        }
        sheet.set_row_height(row, lines * LINE + 2.0)?;
    }
    sheet.set_repeat_rows(head, head)?;
    sheet.set_freeze_panes(head + 1, 1)?;
    sheet.set_print_fit_to_pages(1, 0);
    print(sheet, words);
    Ok(())
}

/// An example as the column would have it: a day as a day, an amount as a number.
fn example(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    kind: Kind,
    text: &str,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let format = styles.example(kind);
    match value(kind, text) {
        Value::Nothing => sheet.write_blank(row, at, &format)?,
        Value::Text => sheet.write_string_with_format(row, at, text, &format)?,
        Value::Number(number) => sheet.write_number_with_format(row, at, number, &format)?,
        Value::Time(time) => sheet.write_datetime_with_format(row, at, time, &format)?,
    };
    Ok(())
}

enum Value {
    Nothing,
    Text,
    Number(f64),
    Time(NaiveDateTime),
}

/// What an example of the catalogue stands for; one that is not of its kind stays a text.
fn value(kind: Kind, text: &str) -> Value {
    let read = match kind {
        _ if text.is_empty() => Some(Value::Nothing),
        Kind::Date => text
            .parse::<NaiveDate>()
            .ok()
            .and_then(|day| day.and_hms_opt(0, 0, 0))
            .map(Value::Time),
        Kind::Time => NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M")
            .ok()
            .map(Value::Time),
        Kind::Money | Kind::Price | Kind::Quantity | Kind::Number | Kind::Whole => {
            text.parse().ok().map(Value::Number)
        }
        Kind::Id | Kind::Text | Kind::Choice(_) | Kind::Flag | Kind::Period => None,
    };
    read.unwrap_or(Value::Text)
}
