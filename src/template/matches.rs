//! The workbook that asks which customers are one: an `id_map` with an empty last column, and what
//! helps to answer beside the ids. Dropped into the inbox, intake reads it as it reads any id map.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, FormatAlign, Workbook, Worksheet, XlsxError};

use super::sheet::{head, note, print};
use super::style::Styles;
use super::words::{Words, width};
use crate::report::locale::Locale;
use crate::tables::{Column, by_name};

/// Two customers that may be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The id that would go.
    pub from: String,
    /// Whose it is.
    pub from_name: Option<String>,
    /// The id that would stay.
    pub to: String,
    /// Whose it is.
    pub to_name: Option<String>,
    /// What they have in common, in words.
    pub agrees: String,
    /// What they differ in, in words; empty where in nothing.
    pub differs: String,
}

/// What a column of the sheet shows.
#[derive(Clone, Copy)]
enum Shown {
    /// A column of the id map.
    Column(&'static str),
    /// What helps to answer, by its key: intake finds no column in it.
    Context(&'static str),
}

const COLUMNS: [Shown; 8] = [
    Shown::Column("from_id"),
    Shown::Context("identity.from-name"),
    Shown::Column("to_id"),
    Shown::Context("identity.to-name"),
    Shown::Context("identity.agrees"),
    Shown::Context("identity.differs"),
    Shown::Column("kind"),
    Shown::Column("confirmed"),
];

/// Points that a row takes, with room for what stands above and below Thai letters.
const ROW: f64 = 20.0;

/// The widest that a column of texts becomes.
const WIDEST: f64 = 46.0;

/// The workbook as the bytes of an `.xlsx`; the same arguments give the same bytes.
///
/// # Errors
/// When the writer refuses what it is given.
pub fn matches(pairs: &[Pair], locale: &Locale) -> Result<Vec<u8>, XlsxError> {
    let table = by_name("id_map")
        .ok_or_else(|| XlsxError::ParameterError("there is no table `id_map`".to_owned()))?;
    let words = Words::new(table, locale);
    let styles = Styles::new(locale);
    let mut book = Workbook::new();
    // Without a date the writer would take that of the clock.
    let begun = ExcelDateTime::from_ymd(2026, 1, 1)?;
    book.set_properties(
        &DocProperties::new()
            .set_title(locale.text("identity.sheet"))
            .set_creation_datetime(&begun),
    );
    let sheet = book.add_worksheet();
    sheet.set_name(locale.text("identity.sheet"))?;
    sheet.set_row_height(0, 32)?;
    for (at, shown) in (0_u16..).zip(COLUMNS) {
        match shown {
            Shown::Column(name) => {
                let Some(column) = table.column(name) else {
                    continue;
                };
                column_of_ids(sheet, at, column, pairs, &words, &styles)?;
            }
            Shown::Context(key) => context(sheet, at, key, pairs, locale, &styles)?,
        }
    }
    for row in (1_u32..).take(pairs.len()) {
        sheet.set_row_height(row, ROW)?;
    }
    sheet.set_freeze_panes(1, 1)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_print_gridlines(true);
    sheet.set_print_fit_to_pages(1, 0);
    print(sheet, &words);
    book.save_to_buffer()
}

/// A column that intake reads.
fn column_of_ids(
    sheet: &mut Worksheet,
    at: u16,
    column: &Column,
    pairs: &[Pair],
    words: &Words<'_>,
    styles: &Styles,
) -> Result<(), XlsxError> {
    head(sheet, at, column, words, styles)?;
    if column.name == "confirmed" {
        // In place of what a template says of the column.
        sheet.insert_note(0, at, &note(words.locale.text("identity.sheet-note")))?;
    }
    let format = styles
        .cell(column.kind)
        .set_align(FormatAlign::VerticalCenter);
    let answer = styles.answer();
    for (row, pair) in (1_u32..).zip(pairs) {
        match column.name {
            "from_id" => sheet.write_string_with_format(row, at, &pair.from, &format)?,
            "to_id" => sheet.write_string_with_format(row, at, &pair.to, &format)?,
            "kind" => {
                let same = words.text("choice.same");
                sheet.write_string_with_format(row, at, same, &format)?
            }
            _ => sheet.write_blank(row, at, &answer)?,
        };
    }
    Ok(())
}

/// A column to be read by people.
fn context(
    sheet: &mut Worksheet,
    at: u16,
    key: &str,
    pairs: &[Pair],
    locale: &Locale,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let format = styles.context(None);
    let header = locale.text(key);
    sheet.write_string_with_format(0, at, header, &format)?;
    let mut wide = width(header) * 1.1 + 2.0;
    for (row, pair) in (1_u32..).zip(pairs) {
        let text = match key {
            "identity.from-name" => pair.from_name.as_deref().unwrap_or_default(),
            "identity.to-name" => pair.to_name.as_deref().unwrap_or_default(),
            "identity.agrees" => &pair.agrees,
            _ => &pair.differs,
        };
        sheet.write_string_with_format(row, at, text, &format)?;
        wide = wide.max(width(text) * 1.1 + 2.0);
    }
    sheet.set_column_width(at, wide.clamp(16.0, WIDEST))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::locale::tests::locale;
    use crate::workspace::Language;

    #[test]
    fn the_same_arguments_give_the_same_bytes_in_every_language() {
        let pair = Pair {
            from: "007".to_owned(),
            from_name: Some("มะลิ".to_owned()),
            to: "C1".to_owned(),
            to_name: None,
            agrees: "+66812345678".to_owned(),
            differs: String::new(),
        };
        for language in Language::ALL {
            let locale = locale(language, "THB");
            let once = matches(std::slice::from_ref(&pair), &locale).unwrap();
            assert_eq!(once, matches(std::slice::from_ref(&pair), &locale).unwrap());
            for column in COLUMNS {
                if let Shown::Context(key) = column {
                    assert!(locale.get(key).is_some(), "{key}");
                }
            }
        }
    }
}
