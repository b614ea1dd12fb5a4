//! Workbooks to fill in, one per table of the canonical model.
//!
//! In go a table's declaration, the words of a language and, for the tables by which a client
//! steers, the KPIs to fill in; out comes a workbook of two sheets. The first is the table with
//! nothing but its headers: the first header of each column in the client's language, so that
//! [`crate::intake`] takes it as it is. The second says of each column what it is, how to write it
//! and two examples. It stands one *row* per column, so that no row of it looks like the headers of
//! a table, and intake leaves it alone.

mod matches;
mod notes;
mod sheet;
mod style;
mod words;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::calendar::Quarter;
use crate::report::locale::Locale;
use crate::scorecard::{Better, Marks, Unit};
use crate::tables::TableSpec;

pub use matches::{Pair, matches};
use style::Styles;
use words::Words;

/// A KPI that stands in the sheet already, with what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct KpiRow {
    /// Its id, which is what intake reads.
    pub id: String,
    /// What people call it.
    pub label: String,
    /// How its numbers are written.
    pub unit: Unit,
    /// Which direction is better.
    pub better: Better,
    /// The newest value before the period, and the quarter it is of.
    pub last: Option<(Quarter, f64)>,
    /// The value typed in for the period already.
    pub value: Option<f64>,
    /// Its present target, floor, red flag and stretch.
    pub marks: Marks,
}

/// What a template begins with.
#[derive(Debug, Clone, Copy, Default)]
pub struct Prefill<'a> {
    /// The KPIs to fill in, for `manual_kpi` and `targets`; other tables have none.
    pub kpis: &'a [KpiRow],
    /// The period they are to be filled in for, where it is known.
    pub period: Option<Quarter>,
}

/// The workbook of a table in the language and currency of `locale`, as the bytes of an `.xlsx`; the
/// same arguments give the same bytes.
///
/// # Errors
/// When the writer refuses what it is given, which only a catalogue of the client's own can bring
/// about: a title of more than 31 letters, say.
pub fn workbook(
    table: &'static TableSpec,
    prefill: Prefill<'_>,
    locale: &Locale,
) -> Result<Vec<u8>, XlsxError> {
    let words = Words::new(table, locale);
    let styles = Styles::new(locale);
    let mut book = Workbook::new();
    // Without a date the writer would take that of the clock.
    let begun = ExcelDateTime::from_ymd(2026, 1, 1)?;
    book.set_properties(
        &DocProperties::new()
            .set_title(words.title())
            .set_creation_datetime(&begun),
    );
    sheet::write(book.add_worksheet(), &words, &styles, prefill)?;
    notes::write(book.add_worksheet(), &words, &styles)?;
    book.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::report::locale::tests::locale;
    use crate::tables::header::normalise;
    use crate::tables::{Kind, all};
    use crate::workspace::Language;

    /// A column without its words would print their key.
    #[test]
    fn every_column_has_its_words_in_every_language() {
        for language in Language::ALL {
            let locale = locale(language, "THB");
            let mut titles = BTreeSet::new();
            for table in all() {
                let words = Words::new(table, &locale);
                assert!(titles.insert(words.title().to_owned()), "{}", table.name);
                assert!(words.title().chars().count() <= 31, "{}", words.title());
                let mut said = vec![words.title().to_owned(), words.purpose().to_owned()];
                for column in table.columns {
                    said.push(words.what(column).to_owned());
                    said.push(words.how(column));
                    said.push(words.needed(column));
                    assert_eq!(
                        words.examples(column).len(),
                        2,
                        "{language:?} {}.{}",
                        table.name,
                        column.name
                    );
                }
                for text in said {
                    assert!(!text.contains("template."), "{}: {text}", table.name);
                    assert!(!text.contains('{'), "{}: {text}", table.name);
                }
            }
        }
    }

    /// What stands in a drop-down is what intake takes for the word of the table.
    #[test]
    fn the_words_of_a_choice_are_known_to_intake() {
        for language in Language::ALL {
            let locale = locale(language, "VND");
            for table in all() {
                let words = Words::new(table, &locale);
                for column in table.columns {
                    let Kind::Choice(choices) = column.kind else {
                        continue;
                    };
                    for (choice, word) in choices.iter().zip(words.choices(choices)) {
                        let known = normalise(choice.value) == normalise(word)
                            || choice
                                .spoken
                                .iter()
                                .any(|spoken| normalise(spoken) == normalise(word));
                        assert!(known, "{}.{}: {word}", table.name, column.name);
                    }
                }
            }
        }
    }

    #[test]
    fn the_same_arguments_give_the_same_bytes() {
        let locale = locale(Language::Th, "THB");
        let table = crate::tables::by_name("customers").unwrap();
        let once = workbook(table, Prefill::default(), &locale).unwrap();
        assert_eq!(once, workbook(table, Prefill::default(), &locale).unwrap());
    }
}
