//! Columns of texts, ids, choices and periods.

use std::fmt::Write;
use std::sync::Arc;

use arrow::array::{Array, StringViewArray, StringViewBuilder};
use datafusion::arrow;

use super::{Conventions, Finished, Remark, Wrong};
use crate::diagnostics::Severity;
use crate::diagnostics::codes::intake::{BUDDHIST_YEARS, REPAIRED_IDS};
use crate::intake::cells::Cell;
use crate::intake::evidence::{Seen, Tally};
use crate::intake::values::day::from_serial;
use crate::intake::values::text::{choice, clean, period, says_nothing};
use crate::tables::Kind;

/// A column of texts being built; equal texts are kept once.
pub(super) struct Texts {
    kind: Kind,
    builder: StringViewBuilder,
    rows: usize,
    scratch: String,
    /// Ids that end in `.0`, as a till that takes ids for numbers writes them.
    dot_zero: Tally,
    /// Ids with another fraction, which show that a point is part of the ids.
    fractions: u64,
    buddhist: Tally,
    /// Ids that the workbook holds as numbers.
    numbers: Tally,
    /// How many digits ids have at least, and those that were filled up to that.
    digits: usize,
    filled: Tally,
}

impl Texts {
    /// An empty column; numbers in a column of ids get zeros in front up to `digits`.
    pub(super) fn new(kind: Kind, digits: u32) -> Self {
        Self {
            kind,
            builder: StringViewBuilder::new().with_deduplicate_strings(),
            rows: 0,
            scratch: String::new(),
            dot_zero: Tally::default(),
            fractions: 0,
            buddhist: Tally::default(),
            numbers: Tally::default(),
            digits: digits as usize,
            filled: Tally::default(),
        }
    }

    fn pad(&mut self, rows: usize) {
        while self.rows < rows {
            self.builder.append_null();
            self.rows += 1;
        }
    }

    fn put(&mut self, at: usize, text: &str) {
        self.pad(at);
        self.builder.append_value(text);
        self.rows += 1;
    }

    pub(super) fn push(
        &mut self,
        at: usize,
        cell: Cell<'_>,
        conventions: &Conventions,
    ) -> Result<(), Wrong> {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        let written = match cell {
            Cell::Text(_) => Ok(()),
            Cell::Number(x) => {
                if self.kind == Kind::Id {
                    self.numbers.add(at);
                }
                written_number(x, &mut scratch)
            }
            Cell::Serial(serial) => self.written_date(serial, &mut scratch, conventions),
            Cell::Bool(yes) => write!(scratch, "{yes}").map_err(|_| Wrong::Kind),
            Cell::Duration(_) | Cell::Error(_) => Err(Wrong::Kind),
        };
        let result = written.and_then(|()| match cell {
            Cell::Text(text) => self.text(at, &clean(text)),
            _ => self.text(at, &scratch),
        });
        self.scratch = scratch;
        result
    }

    fn text(&mut self, at: usize, text: &str) -> Result<(), Wrong> {
        if text.is_empty() {
            return Ok(());
        }
        match self.kind {
            Kind::Id if text.len() < self.digits && text.bytes().all(|b| b.is_ascii_digit()) => {
                self.filled.add(at);
                self.put(at, &format!("{text:0>width$}", width = self.digits));
            }
            Kind::Id => {
                self.watch_point(at, text);
                self.put(at, text);
            }
            Kind::Choice(_) | Kind::Period if says_nothing(text) => {}
            Kind::Choice(choices) => match choice(text, choices) {
                Some(value) => self.put(at, value),
                None => {
                    let words: Vec<&str> = choices.iter().map(|choice| choice.value).collect();
                    return Err(Wrong::Choice(words.join(", ")));
                }
            },
            Kind::Period => {
                let (period, buddhist) = period(text).ok_or(Wrong::Kind)?;
                if buddhist {
                    self.buddhist.add(at);
                }
                self.put(at, &period);
            }
            _ => self.put(at, text),
        }
        Ok(())
    }

    /// Counts ids that look like numbers with a fraction.
    fn watch_point(&mut self, at: usize, text: &str) {
        // A search of `str` costs more to set up than these few bytes to look at.
        let Some(point) = text.bytes().position(|byte| byte == b'.') else {
            return;
        };
        let (whole, fraction) = (&text[..point], &text[point + 1..]);
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(fraction) {
            return;
        }
        if fraction.bytes().all(|b| b == b'0') {
            self.dot_zero.add(at);
        } else {
            self.fractions += 1;
        }
    }

    /// A date in a column of texts: its day, or in a column of periods its month.
    fn written_date(
        &self,
        serial: f64,
        scratch: &mut String,
        conventions: &Conventions,
    ) -> Result<(), Wrong> {
        let moment = from_serial(serial, conventions.is_1904).map_err(Wrong::Day)?;
        let date = chrono::NaiveDate::from_epoch_days(moment.day).ok_or(Wrong::Kind)?;
        let form = if self.kind == Kind::Period {
            "%Y-%m"
        } else {
            "%Y-%m-%d"
        };
        write!(scratch, "{}", date.format(form)).map_err(|_| Wrong::Kind)
    }

    /// The text of row `at`, if that is the last row that was given one.
    pub(super) fn at(&self, at: usize) -> Option<&str> {
        let last = self.rows.checked_sub(1).filter(|last| *last == at)?;
        std::str::from_utf8(self.builder.get_value(last)).ok()
    }

    pub(super) fn finish(mut self, rows: usize) -> Finished {
        self.pad(rows);
        let mut array = self.builder.finish();
        let mut remarks = Vec::new();
        let mut grounds = vec![
            (Seen::BuddhistYears, self.buddhist),
            (Seen::NumbersAsIds, self.numbers),
            (Seen::ZerosFilled, self.filled),
        ];
        if self.dot_zero.count > 0 && self.fractions == 0 {
            grounds.push((Seen::DotZero, self.dot_zero));
            array = without_dot_zero(&array);
            remarks.push(Remark {
                code: &REPAIRED_IDS,
                severity: Severity::Info,
                message: "has ids that end in `.0`, which was taken off".to_owned(),
                first: self.dot_zero.first,
                count: self.dot_zero.count,
            });
        }
        if self.filled.count > 0 {
            remarks.push(Remark {
                code: &REPAIRED_IDS,
                severity: Severity::Info,
                message: format!(
                    "has ids of fewer than {} digits, which were filled up with leading zeros",
                    self.digits
                ),
                first: self.filled.first,
                count: self.filled.count,
            });
        }
        if self.buddhist.count > 0 {
            remarks.push(Remark {
                code: &BUDDHIST_YEARS,
                severity: Severity::Info,
                message: "has Buddhist years; 543 was taken off them".to_owned(),
                first: self.buddhist.first,
                count: self.buddhist.count,
            });
        }
        Finished {
            array: Arc::new(array),
            unsettled: Vec::new(),
            remarks,
            grounds,
        }
    }
}

/// A number where a text belongs: without `.0`, since a spreadsheet shows none.
fn written_number(x: f64, scratch: &mut String) -> Result<(), Wrong> {
    let written = if x.fract() == 0.0 && x.abs() < 1e18 {
        write!(scratch, "{}", x as i64)
    } else {
        write!(scratch, "{x}")
    };
    written.map_err(|_| Wrong::Kind)
}

fn without_dot_zero(array: &StringViewArray) -> StringViewArray {
    let mut builder = StringViewBuilder::with_capacity(array.len()).with_deduplicate_strings();
    for text in array {
        let repaired = text.map(|text| match text.split_once('.') {
            Some((whole, zeros))
                if whole.bytes().all(|b| b.is_ascii_digit())
                    && zeros.bytes().all(|b| b == b'0') =>
            {
                whole
            }
            _ => text,
        });
        builder.append_option(repaired);
    }
    builder.finish()
}

#[cfg(test)]
mod tests {
    use arrow::array::AsArray;

    use super::super::tests::conventions;
    use super::*;

    fn column(kind: Kind, cells: &[Cell<'_>]) -> (Vec<Option<String>>, Vec<&'static str>) {
        let mut texts = Texts::new(kind, 0);
        for (at, cell) in cells.iter().enumerate() {
            let _ = texts.push(at, *cell, &conventions());
        }
        let finished = texts.finish(cells.len());
        let values = finished
            .array
            .as_string_view()
            .iter()
            .map(|t| t.map(str::to_owned));
        (
            values.collect(),
            finished.remarks.iter().map(|r| r.code.name).collect(),
        )
    }

    fn some(texts: &[&str]) -> Vec<Option<String>> {
        texts.iter().map(|text| Some((*text).to_owned())).collect()
    }

    #[test]
    fn ids_stay_as_written() {
        let cells = [
            Cell::Text(" 00001 "),
            Cell::Number(17850.0),
            Cell::Text("A-5.0"),
            Cell::Number(1.5),
        ];
        let (ids, remarks) = column(Kind::Id, &cells);
        assert_eq!(ids, some(&["00001", "17850", "A-5.0", "1.5"]));
        assert!(remarks.is_empty());
    }

    #[test]
    fn a_till_that_takes_ids_for_numbers_is_repaired() {
        let (ids, remarks) = column(Kind::Id, &[Cell::Text("17850.0"), Cell::Text("13047.0")]);
        assert_eq!(ids, some(&["17850", "13047"]));
        assert_eq!(remarks, ["repaired-ids"]);
        let (ids, remarks) = column(Kind::Id, &[Cell::Text("1.0"), Cell::Text("1.1")]);
        assert_eq!(ids, some(&["1.0", "1.1"]), "a point is part of these ids");
        assert!(remarks.is_empty());
    }

    #[test]
    fn periods_from_texts_numbers_and_dates() {
        let cells = [
            Cell::Text("Q3/2569"),
            Cell::Number(2026.0),
            Cell::Serial(45_657.0),
            Cell::Text("soon"),
        ];
        let (periods, remarks) = column(Kind::Period, &cells);
        assert_eq!(periods[..3], some(&["2026-Q3", "2026", "2024-12"]));
        assert_eq!(periods[3], None);
        assert_eq!(remarks, ["buddhist-years"]);
    }
}
