//! Days and periods as people write them: 30 ก.ย. 2569, 30/09/2026, 30 Sep 2026.

use chrono::{Datelike, NaiveDate};
use icu_calendar::{Date, Iso};

use super::{Locale, icu};
use crate::calendar::Quarter;
use crate::message::Argument;
use crate::workspace::Language;

impl Locale {
    /// A day: 30 Sep 2026, 30 ก.ย. 2569, 30/09/2026.
    pub fn date(&self, day: NaiveDate) -> String {
        match iso(day) {
            Some(date) => icu::date(self.language, &date),
            // Beyond the years that a calendar knows; no report comes near them.
            None => day.to_string(),
        }
    }

    /// The months of a period: July–September 2026, กรกฎาคม–กันยายน 2569.
    pub fn months(&self, starts: NaiveDate, ends: NaiveDate) -> String {
        let (Some(first), Some(last)) = (iso(starts), iso(ends)) else {
            return format!("{starts} – {ends}");
        };
        let (first, last) = (
            icu::month(self.language, &first),
            icu::month(self.language, &last),
        );
        let year = |day: NaiveDate| Argument::Text(self.year(day.year()));
        if starts.year() == ends.year() {
            let key = if first == last {
                "page.period.month"
            } else {
                "page.period.months"
            };
            self.text_with(
                key,
                &[
                    ("first", Argument::Text(first)),
                    ("last", Argument::Text(last)),
                    ("year", year(ends)),
                ],
            )
        } else {
            self.text_with(
                "page.period.months-over-years",
                &[
                    ("first", Argument::Text(first)),
                    ("first-year", year(starts)),
                    ("last", Argument::Text(last)),
                    ("last-year", year(ends)),
                ],
            )
        }
    }

    /// A fiscal quarter: Q3 2026, ไตรมาส 3/2569, Quý 3/2026.
    pub fn quarter(&self, quarter: Quarter) -> String {
        self.text_with(
            "page.period.quarter",
            &[
                ("number", Argument::Text(quarter.number.to_string())),
                ("year", Argument::Text(self.year(quarter.year))),
            ],
        )
    }

    /// A fiscal quarter for axes: Q3/26, 3/69.
    pub fn quarter_short(&self, quarter: Quarter) -> String {
        let year = self.year(quarter.year);
        let two = year
            .get(year.len().saturating_sub(2)..)
            .unwrap_or_default()
            .to_owned();
        self.text_with(
            "page.period.quarter-short",
            &[
                ("number", Argument::Text(quarter.number.to_string())),
                ("year", Argument::Text(two)),
            ],
        )
    }

    /// A year of the common era in the era that people read.
    pub fn year(&self, year: i32) -> String {
        match self.language {
            Language::Th => (year + 543).to_string(),
            Language::En | Language::Vi => year.to_string(),
        }
    }
}

fn iso(day: NaiveDate) -> Option<Date<Iso>> {
    let month = u8::try_from(day.month()).ok()?;
    let of_month = u8::try_from(day.day()).ok()?;
    Date::try_new_iso(day.year(), month, of_month).ok()
}

#[cfg(test)]
mod tests {
    use super::super::tests::locale;
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn days() {
        let end = day(2026, 9, 30);
        assert_eq!(locale(Language::En, "USD").date(end), "30 Sep 2026");
        assert_eq!(locale(Language::Th, "THB").date(end), "30 ก.ย. 2569");
        assert_eq!(locale(Language::Vi, "VND").date(end), "30/09/2026");
        assert_eq!(
            locale(Language::Vi, "VND").date(day(2026, 1, 5)),
            "05/01/2026"
        );
        assert_eq!(
            locale(Language::En, "USD").date(day(1997, 6, 5)),
            "5 Jun 1997"
        );
    }

    #[test]
    fn periods() {
        let quarter = Quarter {
            year: 2026,
            number: 3,
        };
        let said = |language, currency| {
            let locale = locale(language, currency);
            [
                locale.quarter(quarter),
                locale.quarter_short(quarter),
                locale.months(day(2026, 7, 1), day(2026, 9, 30)),
            ]
        };
        assert_eq!(
            said(Language::En, "USD"),
            ["Q3 2026", "Q3/26", "July–September 2026"]
        );
        assert_eq!(
            said(Language::Th, "THB"),
            ["ไตรมาส 3/2569", "3/69", "กรกฎาคม–กันยายน 2569"]
        );
        assert_eq!(
            said(Language::Vi, "VND"),
            ["Quý 3/2026", "Q3/26", "Tháng 7–Tháng 9 năm 2026"]
        );
        let english = locale(Language::En, "USD");
        assert_eq!(
            english.months(day(2026, 11, 1), day(2027, 1, 31)),
            "November 2026 – January 2027"
        );
        assert_eq!(
            english.months(day(2026, 11, 1), day(2026, 11, 30)),
            "November 2026"
        );
    }
}
