//! The client's fiscal calendar: quarters, how they are written, and windows of whole months.
//!
//! Everything here is in civil days. A fiscal year starts on the first day of a month, so every
//! quarter and every window that ends with one is made of whole calendar months.

use chrono::{Datelike, Days, Months, NaiveDate};

/// Which calendar year a fiscal year that spans two of them is named after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum YearLabel {
    /// The year it ends in (the Thai government's rule, and the default).
    #[default]
    End,
    /// The year it starts in.
    Start,
}

/// When the fiscal year starts and how it is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FiscalCalendar {
    start_month: u32,
    label: YearLabel,
}

impl Default for FiscalCalendar {
    fn default() -> Self {
        Self {
            start_month: 1,
            label: YearLabel::End,
        }
    }
}

/// A fiscal quarter, written `2026-Q3`; ordered by time within one calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    /// Fiscal year by the client's label rule, common era.
    pub year: i32,
    /// 1 to 4.
    pub number: u32,
}

impl Quarter {
    /// The quarter `n` after this one; before it for negative `n`.
    #[must_use]
    pub fn plus(self, n: i32) -> Self {
        let index = self.year * 4 + self.number as i32 - 1 + n;
        Self {
            year: index.div_euclid(4),
            number: index.rem_euclid(4) as u32 + 1,
        }
    }

    /// All quarters from this one through `last`.
    pub fn through(self, last: Self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |q| Some(q.plus(1))).take_while(move |q| *q <= last)
    }
}

impl std::fmt::Display for Quarter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-Q{}", self.year, self.number)
    }
}

impl std::str::FromStr for Quarter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a fiscal quarter; write it as `2026-Q3`");
        let (year, number) = text.split_once("-Q").ok_or_else(wrong)?;
        let year: i32 = year.parse().map_err(|_| wrong())?;
        if year >= 2400 {
            return Err(format!(
                "`{text}` has a Buddhist year; write the common era, `{}-Q{number}`",
                year - 543
            ));
        }
        match number.parse() {
            Ok(number @ 1..=4) if (1900..2200).contains(&year) => Ok(Self { year, number }),
            _ => Err(wrong()),
        }
    }
}

impl FiscalCalendar {
    /// A calendar whose year starts on the first of `start_month` (1 to 12).
    ///
    /// # Errors
    /// When the month is not 1 to 12.
    pub fn new(start_month: u32, label: YearLabel) -> Result<Self, String> {
        if (1..=12).contains(&start_month) {
            Ok(Self { start_month, label })
        } else {
            Err(format!("{start_month} is not a month from 1 to 12"))
        }
    }

    /// The month (1 to 12) in which the fiscal year starts.
    pub fn start_month(self) -> u32 {
        self.start_month
    }

    /// The rule by which a fiscal year is named.
    pub fn label(self) -> YearLabel {
        self.label
    }

    /// The quarter a day falls in.
    pub fn quarter_of(self, day: NaiveDate) -> Quarter {
        let months_in = (day.month() + 12 - self.start_month) % 12;
        let start_year = if day.month() >= self.start_month {
            day.year()
        } else {
            day.year() - 1
        };
        Quarter {
            year: start_year + self.label_shift(),
            number: months_in / 3 + 1,
        }
    }

    /// The first day of a quarter.
    pub fn starts(self, quarter: Quarter) -> NaiveDate {
        let month0 = self.start_month - 1 + (quarter.number - 1) * 3;
        let year = quarter.year - self.label_shift() + (month0 / 12) as i32;
        NaiveDate::from_ymd_opt(year, month0 % 12 + 1, 1).unwrap_or(NaiveDate::MIN)
    }

    /// The last day of a quarter.
    pub fn ends(self, quarter: Quarter) -> NaiveDate {
        day_before(self.starts(quarter.plus(1)))
    }

    /// The years between the start of a fiscal year and its label.
    fn label_shift(self) -> i32 {
        i32::from(self.label == YearLabel::End && self.start_month > 1)
    }
}

/// The first day of a window of `months` that ends on `end`: `months` before the day after it, so
/// that a window ending with a month is whole calendar months.
pub fn window_start(end: NaiveDate, months: u32) -> NaiveDate {
    end.checked_add_days(Days::new(1))
        .and_then(|after| after.checked_sub_months(Months::new(months)))
        .unwrap_or(NaiveDate::MIN)
}

/// The day before.
pub fn day_before(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(1)).unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn calendar_year() {
        let calendar = FiscalCalendar::default();
        let q = calendar.quarter_of(day(1997, 6, 30));
        assert_eq!(q.to_string(), "1997-Q2");
        assert_eq!(calendar.starts(q), day(1997, 4, 1));
        assert_eq!(calendar.ends(q), day(1997, 6, 30));
        assert_eq!(q.plus(-2).to_string(), "1996-Q4");
    }

    /// The Thai government's year 2570 starts on 1 October 2026 and is fiscal 2027 in the common era.
    #[test]
    fn october_year_is_named_after_its_end() {
        let calendar = FiscalCalendar::new(10, YearLabel::End).unwrap();
        let q = calendar.quarter_of(day(2026, 10, 1));
        assert_eq!(q.to_string(), "2027-Q1");
        assert_eq!(calendar.ends(q), day(2026, 12, 31));
        assert_eq!(calendar.quarter_of(day(2027, 9, 30)).to_string(), "2027-Q4");
        let by_start = FiscalCalendar::new(10, YearLabel::Start).unwrap();
        assert_eq!(by_start.quarter_of(day(2026, 10, 1)).to_string(), "2026-Q1");
    }

    #[test]
    fn windows_are_whole_months() {
        assert_eq!(window_start(day(2026, 9, 30), 12), day(2025, 10, 1));
        assert_eq!(window_start(day(2026, 2, 28), 6), day(2025, 9, 1));
        assert_eq!(window_start(day(2024, 2, 29), 3), day(2023, 12, 1));
    }

    #[test]
    fn quarters_are_read_as_written() {
        assert_eq!(
            "2026-Q3".parse(),
            Ok(Quarter {
                year: 2026,
                number: 3
            })
        );
        assert!(
            "2569-Q3"
                .parse::<Quarter>()
                .unwrap_err()
                .contains("2026-Q3")
        );
        assert!("2026-Q5".parse::<Quarter>().is_err());
        assert!("Q3 2026".parse::<Quarter>().is_err());
    }

    proptest! {
        #[test]
        fn a_day_lies_in_its_quarter(days in 0u64..80_000, start in 1u32..=12, by_end: bool) {
            let label = if by_end { YearLabel::End } else { YearLabel::Start };
            let calendar = FiscalCalendar::new(start, label).unwrap();
            let d = day(1950, 1, 1) + Days::new(days);
            let q = calendar.quarter_of(d);
            prop_assert!(calendar.starts(q) <= d && d <= calendar.ends(q));
            prop_assert_eq!(calendar.quarter_of(calendar.ends(q) + Days::new(1)), q.plus(1));
            prop_assert_eq!(q.to_string().parse(), Ok(q));
        }
    }
}
