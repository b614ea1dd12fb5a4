//! Months as headings of a wide sheet write them: `ม.ค. 67`, `Jan 2024`, `01/2024`, `T1/2024`.
//!
//! Years of two digits are read only beside a word for the month, and only where one reading is
//! likely: from 43 on they are Buddhist beside a Thai month, below they are of this century.

use chrono::{Datelike, Months, NaiveDate};

use super::day::{self, common_era, from_serial, month_of, thai_digit};

/// A month of the common era.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::intake) struct Month {
    year: i32,
    /// 1 to 12.
    month: u32,
}

impl Month {
    /// Its first day.
    pub(in crate::intake) fn first(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).unwrap_or_default()
    }

    /// Its last day.
    pub(in crate::intake) fn last(self) -> NaiveDate {
        let next = self.first().checked_add_months(Months::new(1));
        next.and_then(|next| next.pred_opt()).unwrap_or_default()
    }

    /// The month of a serial number that is formatted as a date.
    pub(in crate::intake) fn of_serial(serial: f64, is_1904: bool) -> Option<Self> {
        Self::of_day(from_serial(serial, is_1904).ok()?.day)
    }

    fn of_day(day: i32) -> Option<Self> {
        let date = NaiveDate::from_epoch_days(day)?;
        Some(Self {
            year: date.year(),
            month: date.month(),
        })
    }

    /// The month that a heading says.
    pub(in crate::intake) fn of_text(text: &str) -> Option<Self> {
        let text: String = text.trim().chars().map(thai_digit).collect();
        let text = text.to_lowercase();
        let (numbers, words) = tokens(&text);
        let (numbers, words): (Vec<&str>, Vec<&str>) = (
            numbers.iter().map(String::as_str).collect(),
            words.iter().map(String::as_str).collect(),
        );
        let (month, year, named) = match (words.as_slice(), numbers.as_slice()) {
            ([name], [year]) => (month_of(name)?, *year, Some(*name)),
            ([] | ["m"], [year, month]) if year.len() == 4 => (small(month)?, *year, None),
            ([], [month, year]) if year.len() == 4 => (small(month)?, *year, None),
            (["t" | "th" | "tháng" | "thang" | "เดือน" | "m"], [month, year]) => {
                (small(month)?, *year, Some("tháng"))
            }
            ([], [_, _, _]) => return in_full(&text),
            _ => return None,
        };
        let year = year_of(year, named)?;
        (1..=12).contains(&month).then_some(Self { year, month })
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{:02}", self.year, self.month)
    }
}

/// A day written in full stands for its month where its order does not matter.
fn in_full(text: &str) -> Option<Month> {
    match day::read(text, None, false).ok()? {
        day::Reading::Sure(moment, _) => Month::of_day(moment.day),
        _ => None,
    }
}

fn small(text: &str) -> Option<u32> {
    text.parse().ok().filter(|_| text.len() <= 2)
}

fn year_of(text: &str, named: Option<&str>) -> Option<i32> {
    let number: i32 = text.parse().ok()?;
    match (text.len(), named) {
        (4, _) => common_era(number).map(|(year, _)| year),
        (2, Some(name)) if number >= 43 => {
            let thai = name.chars().any(|c| ('\u{e00}'..='\u{e7f}').contains(&c));
            thai.then_some(2500 + number - 543)
        }
        (2, Some(_)) => Some(2000 + number),
        _ => None,
    }
}

/// Runs of digits, and words without their points.
fn tokens(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut numbers, mut words): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let pieces = text.split(|c: char| c.is_whitespace() || matches!(c, '/' | '-' | ',' | '\''));
    for piece in pieces {
        let mut rest = piece;
        while let Some(first) = rest.chars().next() {
            let digits = first.is_ascii_digit();
            let end = rest.find(|c: char| c.is_ascii_digit() != digits);
            let (run, after) = rest.split_at(end.unwrap_or(rest.len()));
            rest = after;
            let word = run.replace('.', "");
            if digits {
                numbers.push(run.to_owned());
            } else if !word.is_empty()
                && !matches!(word.as_str(), "พศ" | "คศ" | "ปี" | "năm" | "nam")
            {
                words.push(word);
            }
        }
    }
    (numbers, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Option<String> {
        Month::of_text(text).map(|month| month.to_string())
    }

    #[test]
    fn months_as_headings_write_them() {
        for text in [
            "ม.ค. 67",
            "ม.ค.67",
            "ม.ค. 2567",
            "มกราคม 2567",
            "มกราคม พ.ศ. 2567",
            "ม.ค. 24",
            "Jan 2024",
            "JANUARY 2024",
            "Jan-24",
            "Jan'24",
            "2024 Jan",
            "01/2024",
            "1/2567",
            "2024-01",
            "2024M01",
            "T1/2024",
            "T01-2024",
            "Th1 2024",
            "Tháng 1/2024",
            "Tháng 01 năm 2024",
            "๐๑/๒๕๖๗",
            "2024-01-31",
            "31/01/2024",
        ] {
            assert_eq!(month(text).as_deref(), Some("2024-01"), "{text}");
        }
    }

    #[test]
    fn what_may_be_two_months_or_none_is_no_month() {
        for text in [
            "Jan",
            "ม.ค.",
            "01/24",
            "13/2024",
            "Jan 67",
            "2024",
            "Q1 2024",
            "รวม",
            "Total 2024",
            "1",
            "03/04/2024",
            "T13/2024",
            "",
        ] {
            assert_eq!(month(text), None, "{text}");
        }
    }

    #[test]
    fn months_have_days() {
        let month = Month::of_text("ก.พ. 2567").unwrap();
        assert_eq!(month.first().to_string(), "2024-02-01");
        assert_eq!(month.last().to_string(), "2024-02-29");
        assert_eq!(Month::of_serial(45_322.0, false), Month::of_text("2024-01"));
    }
}
