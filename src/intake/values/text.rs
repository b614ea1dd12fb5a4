//! Words: cleaned texts, yes and no, choices and periods.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::day::thai_digit;
use super::number::is_space;
use crate::tables::Choice;
use crate::tables::header::normalise;

/// A text without spaces around it, composed (NFC), and without invisible characters.
pub(in crate::intake) fn clean(text: &str) -> Cow<'_, str> {
    // Most texts of a million have nothing around them: looking at two bytes tells.
    let tight = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    let bytes = text.as_bytes();
    let text = if tight(bytes.first()) && tight(bytes.last()) {
        text
    } else {
        text.trim_matches(is_space)
    };
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let invisible = |c: char| matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}');
    if text.contains(invisible) {
        return Cow::Owned(text.chars().filter(|c| !invisible(*c)).nfc().collect());
    }
    if is_nfc(text) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// Whether a cell of a number, a day or a choice stands for no value: a dash or `n/a`.
pub(in crate::intake) fn says_nothing(text: &str) -> bool {
    matches!(
        text,
        "" | "-" | "–" | "—" | "--" | "n/a" | "N/A" | "null" | "NULL" | "NaN" | "nan"
    )
}

/// Yes or no in the three languages, and the marks people tick with.
pub(in crate::intake) fn flag(text: &str) -> Option<bool> {
    match text {
        "✓" | "✔" | "☑" => return Some(true),
        "✗" | "✘" | "☐" => return Some(false),
        _ => {}
    }
    match normalise(text).as_str() {
        "1" | "true" | "yes" | "y" | "t" | "x" | "ใช่" | "มี" | "จริง" | "ยินยอม" | "có" | "đúng"
        | "co" | "dung" => Some(true),
        "0"
        | "false"
        | "no"
        | "n"
        | "f"
        | "ไม่"
        | "ไม่ใช่"
        | "ไม่มี"
        | "เท็จ"
        | "ไม่ยินยอม"
        | "không"
        | "sai"
        | "khong" => Some(false),
        _ => None,
    }
}

/// The word of a choice that a text stands for.
pub(in crate::intake) fn choice(text: &str, choices: &[Choice]) -> Option<&'static str> {
    let said = normalise(text);
    let found = choices.iter().find(|choice| {
        normalise(choice.value) == said
            || choice.spoken.iter().any(|spoken| normalise(spoken) == said)
    })?;
    Some(found.value)
}

/// Words for a quarter and a half year, as people write them before the number.
const QUARTER: [&str; 5] = ["ไตรมาสที่", "ไตรมาส", "QUARTER", "QUÝ", "Q"];
const HALF: [&str; 3] = ["ครึ่งปีที่", "ครึ่งปี", "H"];
/// Words before a year, which say nothing more.
const YEAR: [&str; 5] = ["ปีงบประมาณ", "ปีบัญชี", "พ.ศ.", "ปี", "NĂM"];

/// A fiscal period as it is written everywhere, `2026-Q3`, `2026-09`, `2026-H1` or `2026`, and
/// whether its year was Buddhist.
///
/// Also understood: `Q3/2026`, `Q3 2026`, `9/2026`, `ไตรมาส 3/2569`, `ไตรมาสที่ ๓ ปี ๒๕๖๙`, `Quý 3/2026`.
/// A word that is none of these makes it no period: `ไตรมาส 3` is not March.
pub(in crate::intake) fn period(text: &str) -> Option<(String, bool)> {
    let mut upper: String = text.to_uppercase().chars().map(thai_digit).collect();
    for (words, stands_for) in [(&QUARTER[..], " Q"), (&HALF[..], " H"), (&YEAR[..], " ")] {
        if let Some(word) = words.iter().find(|word| upper.contains(**word)) {
            upper = upper.replacen(word, stands_for, 1);
        }
    }
    // What is a word of its own and its number may stand apart: `Q 3`.
    let upper = upper.replace("Q ", "Q").replace("H ", "H");
    if upper.chars().any(|c| c.is_alphabetic() && !c.is_ascii()) {
        return None;
    }
    let parts: Vec<&str> = upper
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect();
    let is_year = |part: &str| part.len() == 4 && part.bytes().all(|b| b.is_ascii_digit());
    let (year, rest) = match parts.as_slice() {
        [year] if is_year(year) => (*year, None),
        [year, rest] if is_year(year) => (*year, Some(*rest)),
        [rest, year] if is_year(year) => (*year, Some(*rest)),
        _ => return None,
    };
    let year: i32 = year.parse().ok()?;
    // The first Buddhist years that are dates, of those who were born then, are no period of anything.
    let (year, buddhist) = super::day::common_era(year).filter(|(year, _)| *year >= 1900)?;
    let part = match rest {
        None => return Some((format!("{year}"), buddhist)),
        Some(rest) => rest,
    };
    let number = |text: &str, most: u32| -> Option<u32> {
        let n = text.parse().ok()?;
        (1..=most).contains(&n).then_some(n)
    };
    let part = if let Some(quarter) = part.strip_prefix('Q') {
        format!("Q{}", number(quarter, 4)?)
    } else if let Some(half) = part.strip_prefix('H') {
        format!("H{}", number(half, 2)?)
    } else {
        format!("{:02}", number(part, 12)?)
    };
    Some((format!("{year}-{part}"), buddhist))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cleaned_and_otherwise_kept() {
        assert_eq!(clean("  00001 "), "00001");
        assert_eq!(clean("\u{feff}Trần\u{a0}"), "Trần");
        assert_eq!(clean("Tra\u{302}\u{300}n"), "Trần");
        assert_eq!(clean("two  spaces"), "two  spaces");
        assert!(matches!(clean("Trần"), Cow::Borrowed(_)));
    }

    #[test]
    fn yes_and_no() {
        for yes in ["Yes", "TRUE", "1", "ใช่", "Có", "x", "✓"] {
            assert_eq!(flag(yes), Some(true), "{yes}");
        }
        for no in ["no", "False", "0", "ไม่ใช่", "Không"] {
            assert_eq!(flag(no), Some(false), "{no}");
        }
        assert_eq!(flag("maybe"), None);
    }

    #[test]
    fn choices_in_three_languages() {
        let choices: &[Choice] = &[Choice {
            value: "nps",
            spoken: &["Net Promoter Score"],
        }];
        assert_eq!(choice("NPS", choices), Some("nps"));
        assert_eq!(choice("net-promoter score", choices), Some("nps"));
        assert_eq!(choice("ces", choices), None);
    }

    #[test]
    fn periods_are_written_one_way() {
        for (text, expected) in [
            ("2026-Q3", "2026-Q3"),
            ("q3 2026", "2026-Q3"),
            ("Q3/2569", "2026-Q3"),
            ("2026-9", "2026-09"),
            ("09/2569", "2026-09"),
            ("2026-h1", "2026-H1"),
            ("2569", "2026"),
            ("ไตรมาส 3/2569", "2026-Q3"),
            ("ไตรมาสที่ ๓ ปี ๒๕๖๙", "2026-Q3"),
            ("ไตรมาส3/2569", "2026-Q3"),
            ("ปี 2569", "2026"),
            ("ครึ่งปีที่ 2/2569", "2026-H2"),
            ("Quý 3/2026", "2026-Q3"),
            ("Quý 3 năm 2026", "2026-Q3"),
            ("Quarter 3, 2026", "2026-Q3"),
        ] {
            assert_eq!(
                period(text).map(|(p, _)| p).as_deref(),
                Some(expected),
                "{text}"
            );
        }
        for text in [
            "2026-Q5",
            "Q3",
            "26-Q3",
            "2026-13",
            "",
            "1/2/2026",
            "งวด 3/2569",
            "สัปดาห์ 3/2569",
            "ไตรมาส 5/2569",
            "1,2440",
        ] {
            assert_eq!(period(text), None, "{text}");
        }
    }
}
