//! Words for thousands and millions, behind an amount or in the heading of a column of amounts.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Words and the power of ten they stand for, composed and in small letters; longer ones first where
/// one ends another.
const WORDS: [(&str, u32); 21] = [
    ("ล้าน", 6),
    ("แสน", 5),
    ("หมื่น", 4),
    ("พัน", 3),
    ("triệu", 6),
    ("trieu", 6),
    ("tr", 6),
    ("nghìn", 3),
    ("nghin", 3),
    ("ngàn", 3),
    ("ngan", 3),
    ("tỷ", 9),
    ("tỉ", 9),
    ("ty", 9),
    ("billion", 9),
    ("millions", 6),
    ("million", 6),
    ("mln", 6),
    ("thousands", 3),
    ("thousand", 3),
    ("k", 3),
];

/// The most that words may come to: a million million.
pub(super) const MOST: u32 = 12;

/// A number before a word of scale, and the power of ten that the word is: `1,5 triệu`, `2 ล้าน`.
/// Numbers with several words are asked again.
pub(super) fn before_word(text: &str) -> Option<(String, u32)> {
    if text.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let lower = composed(text).to_lowercase();
    WORDS.iter().find_map(|(word, power)| {
        let rest = lower.strip_suffix(word)?.trim_end();
        let number = rest.ends_with(|c: char| c.is_ascii_digit());
        // One word behind another: five thousand million.
        let words = || before_word(rest).is_some();
        (number || words()).then(|| (rest.to_owned(), *power))
    })
}

/// The power of ten that the heading of a column of amounts gives in brackets: 6 for
/// `ยอดขาย (ล้านบาท)`, 3 for `Amount (THB '000)`, and 0 where it gives none.
pub(in crate::intake) fn of_heading(heading: &str) -> u32 {
    let open = heading.find(['(', '[', '（']);
    let Some(inside) = open.and_then(|open| heading.get(open..)) else {
        return 0;
    };
    let inside = composed(inside).to_lowercase();
    let noughts = inside.chars().filter(|c| *c == '0').count();
    let others = inside
        .chars()
        .any(|c| c.is_ascii_digit() && !matches!(c, '0' | '1'));
    if noughts > 0 {
        return match (noughts, others) {
            (3, false) => 3,
            (6, false) => 6,
            _ => 0,
        };
    }
    let words = inside.split(|c: char| !c.is_alphabetic() && !is_thai_mark(c));
    let powers = words.map(|word| {
        let thai = word.starts_with(|c: char| ('ก'..='ฮ').contains(&c) || ('เ'..='ไ').contains(&c));
        if thai {
            return thai_power(word);
        }
        let known = WORDS.iter().find(|(known, _)| *known == word);
        known.map_or(0, |(_, power)| *power)
    });
    let power = powers.sum();
    if power > MOST { 0 } else { power }
}

/// Thai is written without spaces: ล้านบาท, พันล้านบาท.
fn thai_power(mut word: &str) -> u32 {
    let mut power = 0;
    while let Some((known, more)) = WORDS.iter().find(|(known, _)| word.starts_with(known)) {
        power += more;
        word = &word[known.len()..];
    }
    power
}

fn is_thai_mark(c: char) -> bool {
    ('\u{0e30}'..='\u{0e3a}').contains(&c) || ('\u{0e47}'..='\u{0e4e}').contains(&c)
}

fn composed(text: &str) -> Cow<'_, str> {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        _ => Cow::Owned(text.nfc().collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_behind_a_number() {
        let before = |text| before_word(text);
        assert_eq!(before("1,5 triệu"), Some(("1,5".to_owned(), 6)));
        assert_eq!(
            before("1,5 TRIE\u{323}\u{302}U"),
            Some(("1,5".to_owned(), 6))
        );
        assert_eq!(before("2 tỷ"), Some(("2".to_owned(), 9)));
        assert_eq!(before("500k"), Some(("500".to_owned(), 3)));
        assert_eq!(before("5 พันล้าน"), Some(("5 พัน".to_owned(), 6)));
        assert_eq!(before("5 พัน"), Some(("5".to_owned(), 3)));
        assert_eq!(before("ล้าน"), None);
        assert_eq!(before("12"), None);
        assert_eq!(before("12 x"), None);
    }

    #[test]
    fn headings_that_give_a_unit() {
        for (heading, power) in [
            ("ยอดขาย (ล้านบาท)", 6),
            ("ยอดขาย (พันล้านบาท)", 9),
            ("ยอดขาย (บาท)", 0),
            ("Doanh thu (triệu đồng)", 6),
            ("Doanh thu (nghìn tỷ đồng)", 12),
            ("Số tiền (1.000đ)", 3),
            ("Amount (THB '000)", 3),
            ("Amount (000,000)", 6),
            ("Amount (THB million)", 6),
            ("Amount (THB)", 0),
            ("Amount (2026)", 0),
            ("Amount (Q1)", 0),
            ("Tiền (trước thuế)", 0),
            ("triệu", 0),
        ] {
            assert_eq!(of_heading(heading), power, "{heading}");
        }
    }
}
