//! Days as people write them, and as spreadsheets count them.
//!
//! Years from 2400 to 2699 are Buddhist and become common era *before* the day is checked, because
//! 29/02/2567 is a day (2024 has one) and 2567 is no leap year. Years of two digits are refused:
//! 67 may be 2567, 1967 or 2067.

use chrono::{Datelike, NaiveDate};

use super::number::is_space;

/// The order of the parts of a date written in figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake) enum Order {
    /// 31/12/2026
    DayMonthYear,
    /// 12/31/2026
    MonthDayYear,
    /// 2026/12/31
    YearMonthDay,
}

impl std::str::FromStr for Order {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "D/M/Y" => Ok(Self::DayMonthYear),
            "M/D/Y" => Ok(Self::MonthDayYear),
            "Y/M/D" => Ok(Self::YearMonthDay),
            _ => Err(()),
        }
    }
}

/// A moment: days since 1970-01-01 and seconds of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake) struct Moment {
    /// Days since 1970-01-01.
    pub(in crate::intake) day: i32,
    /// Seconds since midnight.
    pub(in crate::intake) second: u32,
    /// Whether its year was written in the Buddhist era.
    pub(in crate::intake) buddhist: bool,
}

/// What a text says as a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake) enum Reading {
    /// Nothing: a dash or a word for no value.
    Nothing,
    /// One day, and the order of its parts that it proves, if it proves one.
    Sure(Moment, Option<Order>),
    /// One of two, by the column's order of day and month.
    Unsure {
        /// With the day first.
        day_first: Moment,
        /// With the month first.
        month_first: Moment,
    },
}

/// Why a cell is not a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake) enum DayError {
    /// It holds something else.
    NotADate,
    /// There is no such day in the calendar.
    NoSuchDay,
    /// Its year has two digits.
    TwoDigitYear,
    /// Its year is neither 1900 to 2199 nor Buddhist 2400 to 2699.
    Year(i32),
    /// The parts do not come in the order that is declared.
    Order,
}

/// A year in the common era, and whether it was Buddhist; none for a year out of range.
pub(in crate::intake) fn common_era(year: i32) -> Option<(i32, bool)> {
    match year {
        1900..=2199 => Some((year, false)),
        2400..=2699 => Some((year - 543, true)),
        _ => None,
    }
}

/// The serial of 1970-01-01.
const UNIX_EPOCH: i32 = 25_569;
/// The serial of 2200-01-01, the first day whose year is out of range.
const RANGE_END: f64 = 109_575.0;
/// The days between the epochs of the two kinds of workbook.
const EPOCH_1904: f64 = 1_462.0;
/// The serial of 1950-01-01: a smaller number that is not formatted as a date is more likely a
/// year, a quantity or a code than a day.
const UNTAGGED_FROM: f64 = 18_264.0;

/// A serial number of a spreadsheet as a moment.
pub(in crate::intake) fn from_serial(serial: f64, is_1904: bool) -> Result<Moment, DayError> {
    let serial = if is_1904 { serial + EPOCH_1904 } else { serial };
    if !(1.0..1e6).contains(&serial) {
        return Err(DayError::NotADate);
    }
    let (mut whole, mut second) = (serial.floor(), ((serial.fract() * 86_400.0).round()) as u32);
    if second == 86_400 {
        (whole, second) = (whole + 1.0, 0);
    }
    // The 29 February 1900 that never was stands at 60; days before it are off by one.
    let before_leap_bug = i32::from(whole < 60.0);
    let day = whole as i32 - UNIX_EPOCH + before_leap_bug;
    if whole < RANGE_END {
        return Ok(Moment {
            day,
            second,
            buddhist: false,
        });
    }
    let date = NaiveDate::from_epoch_days(day).ok_or(DayError::NotADate)?;
    let (year, buddhist) = common_era(date.year()).ok_or(DayError::Year(date.year()))?;
    let day = civil(year, date.month(), date.day())?;
    Ok(Moment {
        day,
        second,
        buddhist,
    })
}

/// A number of a date column that is not formatted as a date: a serial, or `20260131`.
pub(in crate::intake) fn from_number(number: f64, is_1904: bool) -> Result<Moment, DayError> {
    if number.fract() == 0.0 && (19_000_101.0..27_000_000.0).contains(&number) {
        let n = number as i32;
        let (year, month, day) = (n / 10_000, n / 100 % 100, n % 100);
        let (year, buddhist) = common_era(year).ok_or(DayError::Year(year))?;
        let day = civil(year, month as u32, day as u32)?;
        return Ok(Moment {
            day,
            second: 0,
            buddhist,
        });
    }
    if number < UNTAGGED_FROM {
        return Err(DayError::NotADate);
    }
    from_serial(number, is_1904)
}

fn civil(year: i32, month: u32, day: u32) -> Result<i32, DayError> {
    let date = NaiveDate::from_ymd_opt(year, month, day).ok_or(DayError::NoSuchDay)?;
    Ok(date.to_epoch_days())
}

/// Reads a text; `order` is the declared order of parts, if one is.
pub(in crate::intake) fn read(
    text: &str,
    order: Option<Order>,
    is_1904: bool,
) -> Result<Reading, DayError> {
    let text = text.trim_matches(is_space);
    if super::text::says_nothing(text) {
        return Ok(Reading::Nothing);
    }
    let ascii: String = text.chars().map(thai_digit).collect();
    if ascii.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && ascii.bytes().filter(|b| *b == b'.').count() <= 1
    {
        let number = ascii.parse().map_err(|_| DayError::NotADate)?;
        return Ok(Reading::Sure(from_number(number, is_1904)?, None));
    }
    let (date, second) = split_time(&ascii)?;
    let parts = Parts::of(date)?;
    match parts.month {
        Some(month) => named_month(&parts.numbers, month, second),
        None => in_figures(&parts, second, order),
    }
}

pub(super) fn thai_digit(c: char) -> char {
    match c {
        '๐'..='๙' => char::from(b'0' + (c as u32 - '๐' as u32) as u8),
        c => c,
    }
}

/// The date before a time of day, and the time in seconds.
fn split_time(text: &str) -> Result<(&str, u32), DayError> {
    let Some(colon) = text.find(':') else {
        return Ok((text, 0));
    };
    let start = text[..colon]
        .rfind(|c: char| !c.is_ascii_digit())
        .ok_or(DayError::NotADate)?;
    let start = start + text[start..].chars().next().map_or(1, char::len_utf8);
    let date = text[..start].trim_end_matches(|c: char| is_space(c) || c == 'T' || c == ',');
    let time = text[start..].to_lowercase();
    let clock: String = time
        .chars()
        .take_while(|c| c.is_ascii_digit() || matches!(c, ':' | '.'))
        .collect();
    let rest = time[clock.len()..].trim();
    let mut fields = clock
        .split(':')
        .map(|field| field.split('.').next().unwrap_or(""));
    let mut next = |most: u32, or: &str| -> Result<u32, DayError> {
        let value = fields
            .next()
            .unwrap_or(or)
            .parse()
            .map_err(|_| DayError::NotADate)?;
        if value <= most {
            Ok(value)
        } else {
            Err(DayError::NotADate)
        }
    };
    let (hour, minute, second) = (next(23, "")?, next(59, "")?, next(59, "0")?);
    let hour = match rest {
        "am" | "sa" => hour % 12,
        "pm" | "ch" => hour % 12 + 12,
        // A time zone: the day stays the one that was written.
        _ if rest.is_empty()
            || matches!(rest, "z" | "น." | "น")
            || rest.starts_with(['+', '-']) =>
        {
            hour
        }
        _ => return Err(DayError::NotADate),
    };
    Ok((date, hour * 3600 + minute * 60 + second))
}

/// The numbers of a date and its month where that is a word.
struct Parts<'a> {
    numbers: Vec<&'a str>,
    month: Option<u32>,
    /// `ngày 5 tháng 9 năm 2026` says which part is which.
    spelled: bool,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Result<Self, DayError> {
        let mut parts = Self {
            numbers: Vec::new(),
            month: None,
            spelled: false,
        };
        let mut rest = text.trim_matches(is_space);
        while let Some(first) = rest.chars().next() {
            let digits = first.is_ascii_digit();
            let end = rest
                .find(|c: char| c.is_ascii_digit() != digits)
                .unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            rest = after;
            if digits {
                parts.numbers.push(run);
                continue;
            }
            parts.word(run)?;
        }
        Ok(parts)
    }

    fn word(&mut self, run: &str) -> Result<(), DayError> {
        let marks = run.trim_matches(is_space);
        if marks.is_empty() || matches!(marks, "/" | "-" | "." | ",") {
            return Ok(());
        }
        for word in run.split(|c: char| is_space(c) || matches!(c, ',' | '/' | '-')) {
            let word: String = word.to_lowercase().replace('.', "");
            if word.is_empty() || FILLERS.contains(&word.as_str()) {
                continue;
            }
            if word == "tháng" {
                self.spelled = true;
            } else if let Some(month) = month_of(&word) {
                if self.month.replace(month).is_some() {
                    return Err(DayError::NotADate);
                }
            } else {
                return Err(DayError::NotADate);
            }
        }
        Ok(())
    }
}

/// Words around a date that say nothing we need.
const FILLERS: [&str; 26] = [
    "วันที่",
    "พศ",
    "คศ",
    "ที่",
    "ngày",
    "năm",
    "st",
    "nd",
    "rd",
    "th",
    "of",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "เดือน",
];

/// Months in English and Thai, in full and abbreviated.
const MONTHS: [&[&str]; 12] = [
    &["january", "jan", "มกราคม", "มค"],
    &["february", "feb", "กุมภาพันธ์", "กพ"],
    &["march", "mar", "มีนาคม", "มีค"],
    &["april", "apr", "เมษายน", "เมย"],
    &["may", "พฤษภาคม", "พค"],
    &["june", "jun", "มิถุนายน", "มิย"],
    &["july", "jul", "กรกฎาคม", "กค"],
    &["august", "aug", "สิงหาคม", "สค"],
    &["september", "sep", "sept", "กันยายน", "กย"],
    &["october", "oct", "ตุลาคม", "ตค"],
    &["november", "nov", "พฤศจิกายน", "พย"],
    &["december", "dec", "ธันวาคม", "ธค"],
];

pub(super) fn month_of(word: &str) -> Option<u32> {
    let place = MONTHS.iter().position(|names| names.contains(&word))?;
    u32::try_from(place + 1).ok()
}

fn named_month(numbers: &[&str], month: u32, second: u32) -> Result<Reading, DayError> {
    let (day, year) = match numbers {
        [year, day] if year.len() >= 4 => (day, year),
        [day, year] => (day, year),
        _ => return Err(DayError::NotADate),
    };
    let (year, buddhist) = year_of(year)?;
    let day = civil(year, month, small(day)?)?;
    Ok(Reading::Sure(
        Moment {
            day,
            second,
            buddhist,
        },
        None,
    ))
}

fn in_figures(parts: &Parts<'_>, second: u32, order: Option<Order>) -> Result<Reading, DayError> {
    let [a, b, c] = parts.numbers.as_slice() else {
        return Err(DayError::NotADate);
    };
    if a.len() >= 4 {
        if matches!(order, Some(Order::DayMonthYear | Order::MonthDayYear)) && c.len() >= 4 {
            return Err(DayError::Order);
        }
        let (year, buddhist) = year_of(a)?;
        let day = civil(year, small(b)?, small(c)?)?;
        return Ok(Reading::Sure(
            Moment {
                day,
                second,
                buddhist,
            },
            None,
        ));
    }
    let (year, buddhist) = year_of(c)?;
    let (a, b) = (small(a)?, small(b)?);
    let moment = |day: u32, month: u32| -> Result<Moment, DayError> {
        let day = civil(year, month, day)?;
        Ok(Moment {
            day,
            second,
            buddhist,
        })
    };
    let order = if parts.spelled {
        Some(Order::DayMonthYear)
    } else {
        order
    };
    match order {
        Some(Order::DayMonthYear) => return Ok(Reading::Sure(moment(a, b)?, None)),
        Some(Order::MonthDayYear) => return Ok(Reading::Sure(moment(b, a)?, None)),
        Some(Order::YearMonthDay) => return Err(DayError::Order),
        None => {}
    }
    match (a, b) {
        _ if a == b => Ok(Reading::Sure(moment(a, b)?, None)),
        (13.., _) => Ok(Reading::Sure(moment(a, b)?, Some(Order::DayMonthYear))),
        (_, 13..) => Ok(Reading::Sure(moment(b, a)?, Some(Order::MonthDayYear))),
        _ => Ok(Reading::Unsure {
            day_first: moment(a, b)?,
            month_first: moment(b, a)?,
        }),
    }
}

fn small(text: &str) -> Result<u32, DayError> {
    if text.len() > 2 {
        return Err(DayError::NotADate);
    }
    text.parse().map_err(|_| DayError::NotADate)
}

/// A year of four digits, or of five with a leading zero, as one shop program writes them.
fn year_of(text: &str) -> Result<(i32, bool), DayError> {
    let digits = match text.len() {
        1 | 2 => return Err(DayError::TwoDigitYear),
        4 => text,
        5 => text.strip_prefix('0').ok_or(DayError::NotADate)?,
        _ => return Err(DayError::NotADate),
    };
    let year = digits.parse().map_err(|_| DayError::NotADate)?;
    common_era(year).ok_or(DayError::Year(year))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(moment: Moment) -> String {
        let date = NaiveDate::from_epoch_days(moment.day).unwrap();
        let time = match moment.second {
            0 => String::new(),
            s => format!(" {:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60),
        };
        format!("{date}{time}{}", if moment.buddhist { " BE" } else { "" })
    }

    fn said(text: &str) -> String {
        match read(text, None, false) {
            Ok(Reading::Sure(moment, None)) => shown(moment),
            Ok(Reading::Sure(moment, Some(Order::DayMonthYear))) => {
                format!("{} dmy", shown(moment))
            }
            Ok(Reading::Sure(moment, Some(_))) => format!("{} mdy", shown(moment)),
            Ok(Reading::Unsure {
                day_first,
                month_first,
            }) => {
                format!("{} or {}", shown(day_first), shown(month_first))
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn dates_as_people_write_them() {
        for (text, expected) in [
            ("2026-09-30", "2026-09-30"),
            ("2026/9/3", "2026-09-03"),
            ("2569-09-30", "2026-09-30 BE"),
            ("31/12/2026", "2026-12-31 dmy"),
            ("12/31/2026", "2026-12-31 mdy"),
            ("03/04/2026", "2026-04-03 or 2026-03-04"),
            ("05-05-2026", "2026-05-05"),
            ("31.12.2569", "2026-12-31 BE dmy"),
            ("๓๑/๑๒/๒๕๖๙", "2026-12-31 BE dmy"),
            ("18 ก.ย. 02568 11:20", "2025-09-18 11:20:00 BE"),
            ("1 มกราคม 2567", "2024-01-01 BE"),
            ("วันที่ 1 ม.ค. 2567", "2024-01-01 BE"),
            ("ngày 5 tháng 9 năm 2026", "2026-09-05"),
            ("12-Jan-2024", "2024-01-12"),
            ("January 12, 2024", "2024-01-12"),
            ("Friday, 12 January 2024", "2024-01-12"),
            ("2026-01-02T03:04:05Z", "2026-01-02 03:04:05"),
            ("2026-01-02 03:04:05.678+07:00", "2026-01-02 03:04:05"),
            ("13/01/2026 1:05 PM", "2026-01-13 13:05:00 dmy"),
            ("13/01/2026 15:30 น.", "2026-01-13 15:30:00 dmy"),
            ("20260131", "2026-01-31"),
            ("25690131", "2026-01-31 BE"),
            ("45657", "2024-12-31"),
            ("-", "Ok(Nothing)"),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for (text, error) in [
            ("31/02/2026", DayError::NoSuchDay),
            ("2026-13-01", DayError::NoSuchDay),
            ("01/02/67", DayError::TwoDigitYear),
            ("1 ม.ค. 67", DayError::TwoDigitYear),
            ("01/02/3104", DayError::Year(3104)),
            ("Total", DayError::NotADate),
            ("2026", DayError::NotADate),
            ("12.5", DayError::NotADate),
            ("10:30", DayError::NotADate),
            ("25/61/2026", DayError::NoSuchDay),
        ] {
            assert_eq!(read(text, None, false), Err(error), "{text}");
        }
    }

    /// 2567 is no leap year, 2024 is: the year is converted first.
    #[test]
    fn be_leap_day() {
        assert_eq!(said("29/02/2567"), "2024-02-29 BE dmy");
        assert_eq!(read("29/02/2568", None, false), Err(DayError::NoSuchDay));
    }

    /// A serial typed with a Buddhist year is 543 years off; one that is right is left alone.
    #[test]
    fn be_converted_twice() {
        let shown_serial = |serial| shown(from_serial(serial, false).unwrap());
        assert_eq!(shown_serial(243_983.0), "2024-12-31 BE");
        assert_eq!(shown_serial(45_657.0), "2024-12-31");
        assert_eq!(said("2561-01-01"), "2018-01-01 BE");
        assert_eq!(said("2018-01-01"), "2018-01-01");
    }

    #[test]
    fn serials_of_both_kinds_of_workbook() {
        let shown_serial = |serial, is_1904| shown(from_serial(serial, is_1904).unwrap());
        assert_eq!(shown_serial(1.0, false), "1900-01-01");
        assert_eq!(shown_serial(61.0, false), "1900-03-01");
        assert_eq!(shown_serial(45_943.5, false), "2025-10-13 12:00:00");
        assert_eq!(shown_serial(44_481.0, true), "2025-10-13");
        assert_eq!(
            shown_serial(45_657.999_999_9, false),
            "2025-01-01",
            "the next midnight"
        );
        assert_eq!(from_serial(0.5, false), Err(DayError::NotADate));
        assert_eq!(
            from_number(2024.0, false),
            Err(DayError::NotADate),
            "a year, not a serial"
        );
        assert_eq!(from_serial(150_000.0, false), Err(DayError::Year(2310)));
    }

    #[test]
    fn a_declared_order_decides() {
        let day = |text, order| match read(text, Some(order), false) {
            Ok(Reading::Sure(moment, _)) => shown(moment),
            other => format!("{other:?}"),
        };
        assert_eq!(day("03/04/2026", Order::DayMonthYear), "2026-04-03");
        assert_eq!(day("03/04/2026", Order::MonthDayYear), "2026-03-04");
        assert_eq!(day("2026-04-03", Order::DayMonthYear), "2026-04-03");
        assert_eq!(day("12/31/2026", Order::DayMonthYear), "Err(NoSuchDay)");
        assert_eq!(day("03/04/2026", Order::YearMonthDay), "Err(Order)");
    }

    proptest! {
        /// Every way of printing a day is read back as the day.
        #[test]
        fn what_is_printed_is_read(days in 0i32..54_000, style in 0usize..8) {
            let date = NaiveDate::from_ymd_opt(1950, 1, 1).unwrap() + chrono::Days::new(days as u64);
            let (y, m, d) = (date.year(), date.month(), date.day());
            let be = y + 543;
            let text = match style {
                0 => format!("{y}-{m:02}-{d:02}"),
                1 => format!("{be}/{m}/{d}"),
                2 => format!("{d} {} {be}", MONTHS[m as usize - 1].last().unwrap()),
                3 => format!("{d:02}-{}-{y}", MONTHS[m as usize - 1][1]),
                4 => format!("ngày {d} tháng {m} năm {y}"),
                5 => format!("{y}{m:02}{d:02}"),
                6 => format!("{d}/{m}/{y}"),
                _ => format!("{d:02}.{m:02}.{be} 08:15"),
            };
            let order = (style >= 6).then_some(Order::DayMonthYear);
            match read(&text, order, false) {
                Ok(Reading::Sure(moment, _)) => {
                    prop_assert_eq!(moment.day, date.to_epoch_days(), "{}", text);
                }
                other => prop_assert!(false, "{text}: {other:?}"),
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,16}") {
            let _ = read(&text, None, false);
        }

        #[test]
        fn serials_agree_with_the_calendar(serial in 61i32..109_575) {
            let expected = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap() + chrono::Days::new(serial as u64);
            prop_assert_eq!(from_serial(f64::from(serial), false).unwrap().day, expected.to_epoch_days());
        }
    }
}
