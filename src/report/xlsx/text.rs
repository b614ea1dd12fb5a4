//! Text on its way into a cell: what a workbook can hold, and how wide it will be.

use std::borrow::Cow;

/// The longest text a cell can hold, in UTF-16 units.
pub(super) const LONGEST: usize = 32_767;

/// Text without the characters that XML forbids, and whether it had to be cut to fit a cell.
pub(super) fn clean(text: &str) -> (Cow<'_, str>, bool) {
    let text = if text.chars().all(allowed) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter(|c| allowed(*c)).collect())
    };
    // A text has at least as many bytes as UTF-16 units.
    if text.len() <= LONGEST {
        return (text, false);
    }
    let mut units = 0;
    let end = text.char_indices().find(|(_, character)| {
        units += character.len_utf16();
        units > LONGEST
    });
    match end {
        Some((end, _)) => (Cow::Owned(text[..end].to_owned()), true),
        None => (text, false),
    }
}

/// Whether XML 1.0 can hold a character. A carriage return is taken out too: a reader would turn
/// it into a line feed, and the pair into two.
fn allowed(character: char) -> bool {
    !matches!(character, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// The width of a text in the units of a column, the digits of the font.
///
/// Estimated per kind of character, in shares of the font's size: narrow marks 0.28, lower case
/// 0.55, digits 0.57, upper case 0.68, Thai letters 0.60; Thai vowels and tones above and below
/// and combining marks take no room. The widest line counts.
pub(super) fn width(text: &str, size: f64, bold: bool) -> f64 {
    let line = |line: &str| line.chars().map(share).sum::<f64>();
    let widest = text.lines().map(line).fold(0.0, f64::max);
    // A column's unit is a digit of the workbook's font, which is 10 points in all our languages.
    let scale = size / 10.0 * if bold { 1.06 } else { 1.0 };
    widest / 0.57 * scale
}

fn share(character: char) -> f64 {
    match character {
        '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' | '\u{300}'..='\u{36f}' => 0.0,
        ' ' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | 'i' | 'l' | 'I' => 0.28,
        '\u{e00}'..='\u{e7f}' => 0.60,
        c if c.is_numeric() => 0.57,
        c if c.is_uppercase() => 0.68,
        // Ideographs and full-width forms are as wide as they are high.
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ff60}' => 1.0,
        _ => 0.55,
    }
}

/// How many lines a text takes in a column of a width.
///
/// Words are put on lines as long as they fit. Thai has no spaces between its words: there a line
/// is filled to nine tenths, as the words that end it leave that much free on average.
pub(super) fn lines(text: &str, column: f64, size: f64, bold: bool) -> u32 {
    let room = (column - 1.0).max(1.0);
    text.lines()
        .map(|line| {
            let mut count = 1;
            let mut used = 0.0;
            for word in line.split(' ') {
                let thai = word.chars().any(|c| ('\u{e00}'..='\u{e7f}').contains(&c));
                let spread = if thai { 1.0 / 0.9 } else { 1.0 };
                let length = width(word, size, bold) * spread;
                let space = if used > 0.0 { 0.5 } else { 0.0 };
                if used + space + length <= room {
                    used += space + length;
                } else if thai || length > room {
                    // The word is broken: it goes on where the line before it ends.
                    let total = used + space + length;
                    let more = (total / room).ceil() - 1.0;
                    count += more as u32;
                    used = total - more * room;
                } else {
                    count += 1;
                    used = length;
                }
            }
            count
        })
        .sum::<u32>()
        .max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workbook_can_hold_what_is_left() {
        assert_eq!(clean("a\u{0}b\u{b}c\td\ne\u{ffff}").0, "abc\td\ne");
        assert_eq!(clean("=1+1").0, "=1+1");
        let long = "😀".repeat(LONGEST / 2 + 5);
        let (cut, was_cut) = clean(&long);
        assert!(was_cut);
        assert_eq!(cut.encode_utf16().count(), LONGEST - 1);
        let (whole, was_cut) = clean(&long[..400]);
        assert_eq!((whole.len(), was_cut), (400, false));
    }

    #[test]
    fn thai_marks_take_no_room() {
        assert_eq!(width("กำไร", 10.0, false), width("กำไร", 10.0, false));
        assert_eq!(width("ที่นี่", 10.0, false), width("ทน", 10.0, false));
        assert!((width("0123456789", 10.0, false) - 10.0).abs() < 1e-9);
        assert!(width("0", 20.0, false) > width("0", 10.0, true));
    }

    #[test]
    fn lines_follow_words_and_breaks() {
        assert_eq!(lines("", 10.0, 10.0, false), 1);
        assert_eq!(lines("a\nb\nc", 10.0, 10.0, false), 3);
        assert_eq!(lines("1234567 1234567 1234567", 9.0, 10.0, false), 3);
        assert_eq!(lines("1234567 1234567", 20.0, 10.0, false), 1);
        assert_eq!(lines(&"ก".repeat(40), 22.0, 10.0, false), 3);
    }
}
