//! What spellings of one telephone number, address, tax number or name have in common.
//!
//! Two values are the same when their normal forms are; what has no normal form (no digits, no `@`)
//! tells nothing.

use unicode_normalization::UnicodeNormalization;

use crate::tables::header;
use crate::workspace::Country;

/// Fewer digits than this are an extension or a slip, not a number.
const SHORTEST_NUMBER: usize = 7;
/// Telephone numbers that are taken from one cell.
const MOST_NUMBERS: usize = 4;
/// Digits of a Thai tax number, which is also that of a person's identity card.
const THAI_TAX_DIGITS: usize = 13;

/// The telephone numbers of a cell in the form `+66812345678`, or their digits alone where the country
/// is not known: each once, the first four.
///
/// Several stand apart by a comma, a slash or a word for *or*; an extension is left out. Excel takes
/// the leading nought of a national number away, and it is put back.
pub(super) fn phones(text: &str, country: Option<Country>) -> Vec<String> {
    let text = text.to_lowercase().replace("หรือ", ",").replace("hoặc", ",");
    let mut found: Vec<String> = Vec::new();
    for part in text.split([',', ';', '/', '\n']) {
        let part = without_extension(part);
        let abroad = part.trim_start().starts_with(['+', '＋']);
        let number = phone(&digits(part), abroad, country);
        if let Some(number) = number.filter(|number| !found.contains(number)) {
            found.push(number);
        }
    }
    found.truncate(MOST_NUMBERS);
    found
}

/// What stands before an extension: `02-123-4567 ต่อ 12`.
fn without_extension(text: &str) -> &str {
    const MARKS: [&str; 6] = ["ต่อ", "ext", "máy", "nội bộ", "#", "x"];
    let ends = MARKS.iter().filter_map(|mark| text.find(mark));
    // A mark in front of everything is no extension.
    let end = ends
        .filter(|at| text[..*at].chars().any(char::is_numeric))
        .min();
    &text[..end.unwrap_or(text.len())]
}

/// The digits of a text, Thai ones among them.
fn digits(text: &str) -> String {
    let digit = |c: char| match c {
        '0'..='9' => Some(c),
        '๐'..='๙' => char::from_digit(u32::from(c) - u32::from('๐'), 10),
        _ => None,
    };
    text.nfkc().filter_map(digit).collect()
}

fn phone(digits: &str, abroad: bool, country: Option<Country>) -> Option<String> {
    let whole = match digits.strip_prefix("00") {
        Some(rest) => Some(rest),
        None => abroad.then_some(digits),
    };
    let number = match (whole, country) {
        (Some(whole), _) => international(whole),
        (None, Some(country)) => national(digits, country)
            .or_else(|| written_without_plus(digits, country))
            .unwrap_or_else(|| digits.to_owned()),
        (None, None) => digits.to_owned(),
    };
    let figures = number.trim_start_matches('+');
    (figures.len() >= SHORTEST_NUMBER && !is_filler(digits)).then_some(number)
}

/// `66812345678`, and `660812345678` as many write it, behind a plus.
fn international(digits: &str) -> String {
    for country in [Country::Th, Country::Vn] {
        if let Some(rest) = digits.strip_prefix(country_code(country)) {
            let national = format!("0{}", rest.trim_start_matches('0'));
            return self::national(&national, country).unwrap_or_else(|| format!("+{digits}"));
        }
    }
    format!("+{digits}")
}

fn written_without_plus(digits: &str, country: Country) -> Option<String> {
    let rest = digits.strip_prefix(country_code(country))?;
    national(&format!("0{}", rest.trim_start_matches('0')), country)
}

fn country_code(country: Country) -> &'static str {
    match country {
        Country::Th => "66",
        Country::Vn => "84",
    }
}

/// A national number in full, where the digits are one: with its leading nought, or without it where
/// Excel took it away.
fn national(digits: &str, country: Country) -> Option<String> {
    let rest = digits.strip_prefix('0').unwrap_or(digits);
    let had_nought = rest.len() < digits.len();
    let first = rest.chars().next()?;
    let rest = match country {
        // Mobile numbers have nine digits behind the nought and begin with 6, 8 or 9; others eight.
        Country::Th => match (rest.len(), first) {
            (9, '6' | '8' | '9') => rest.to_owned(),
            (8, '2'..='7') if had_nought => rest.to_owned(),
            _ => return None,
        },
        Country::Vn => match (rest.len(), first) {
            (9, '3' | '5' | '7' | '8' | '9') => rest.to_owned(),
            (10, '2') if had_nought => rest.to_owned(),
            (10, '1') => renumbered(rest)?,
            _ => return None,
        },
    };
    Some(format!("+{}{rest}", country_code(country)))
}

/// Vietnamese mobile numbers of eleven digits became ten on 15 September 2018: the new form of an old
/// one without its nought (Ministry of Information and Communications, decision 798/QĐ-BTTTT).
fn renumbered(old: &str) -> Option<String> {
    let new = match old.get(..3)? {
        "120" => "70",
        "121" => "79",
        "122" => "77",
        "126" => "76",
        "128" => "78",
        "123" => "83",
        "124" => "84",
        "125" => "85",
        "127" => "81",
        "129" => "82",
        "162" => "32",
        "163" => "33",
        "164" => "34",
        "165" => "35",
        "166" => "36",
        "167" => "37",
        "168" => "38",
        "169" => "39",
        "186" => "56",
        "188" => "58",
        "199" => "59",
        _ => return None,
    };
    Some(format!("{new}{}", &old[3..]))
}

/// What is typed to get past a field that must be filled: one digit again and again, with or without
/// the two that a number begins with, or the digits in their order.
fn is_filler(digits: &str) -> bool {
    let tail = digits.get(2..).unwrap_or(digits).as_bytes();
    let one_digit = tail.windows(2).all(|pair| pair[0] == pair[1]);
    let in_order = ["0123456789", "1234567890", "0987654321", "9876543210"];
    one_digit || in_order.iter().any(|order| order.starts_with(digits))
}

/// An e-mail address in lower case; none where the text is none.
pub(super) fn email(text: &str) -> Option<String> {
    let text: String = text.nfkc().flat_map(char::to_lowercase).collect();
    let text = text.trim().trim_start_matches("mailto:");
    let text = text.trim_matches(|c: char| "<>\"'.,;".contains(c));
    let (local, domain) = text.split_once('@')?;
    let is_word = |word: &str| !word.is_empty() && !word.contains(char::is_whitespace);
    let is_domain = domain.split('.').count() > 1 && domain.split('.').all(is_word);
    (is_word(local) && is_domain && !domain.contains('@')).then(|| format!("{local}@{domain}"))
}

/// The digits of a tax number; none where there are too few.
pub(super) fn tax_id(text: &str, country: Option<Country>) -> Option<String> {
    let digits = digits(text);
    // A juristic person's number begins with a nought, which Excel takes away.
    let digits = match country {
        Some(Country::Th) if digits.len() == THAI_TAX_DIGITS - 1 => format!("0{digits}"),
        Some(Country::Vn) if digits.len() == 9 => format!("0{digits}"),
        _ => digits,
    };
    (digits.len() > SHORTEST_NUMBER && !is_filler(&digits)).then_some(digits)
}

/// Titles in front of a name; the longer of two that begin alike comes first.
const TITLES: [&str; 30] = [
    "นางสาว",
    "เด็กหญิง",
    "เด็กชาย",
    "ว่าที่ร้อยตรี",
    "ศาสตราจารย์",
    "น.ส.",
    "ด.ช.",
    "ด.ญ.",
    "นพ.",
    "พญ.",
    "ดร.",
    "นาง",
    "นาย",
    "คุณ",
    "mister ",
    "mrs. ",
    "mrs ",
    "mr. ",
    "mr.",
    "mr ",
    "miss ",
    "ms. ",
    "ms.",
    "ms ",
    "dr. ",
    "dr ",
    "ông ",
    "bà ",
    "anh ",
    "chị ",
];

/// What says that a name is a company's, before or behind it.
const COMPANY: [&str; 27] = [
    "บริษัท",
    "บจก.",
    "บจก",
    "บมจ.",
    "บมจ",
    "ห้างหุ้นส่วนจำกัด",
    "หจก.",
    "หจก",
    "(มหาชน)",
    "จำกัด",
    "ร้าน",
    "co., ltd.",
    "co.,ltd.",
    "co., ltd",
    "co.,ltd",
    "co. ltd.",
    "co ltd",
    "company limited",
    "limited",
    "ltd.",
    "inc.",
    "public company",
    "công ty",
    "tnhh",
    "trách nhiệm hữu hạn",
    "cổ phần",
    "một thành viên",
];

/// A name without titles, forms of company, case, spaces and punctuation; none where nothing is left.
pub(super) fn name(text: &str) -> Option<String> {
    let lower: String = text.nfc().flat_map(char::to_lowercase).nfc().collect();
    let mut rest = lower.trim();
    for title in TITLES {
        match rest.strip_prefix(title) {
            // คุณากร begins with letters that are a title elsewhere.
            Some(behind) if !behind.starts_with(is_dependent) && !behind.trim().is_empty() => {
                rest = behind.trim_start();
                break;
            }
            _ => {}
        }
    }
    let mut words = rest.to_owned();
    for form in COMPANY {
        if words.contains(form) {
            words = words.replace(form, " ");
        }
    }
    let plain = header::normalise(&words);
    let plain = if plain.is_empty() {
        header::normalise(rest)
    } else {
        plain
    };
    (!plain.is_empty()).then_some(plain)
}

/// A Thai vowel or mark that stands behind or above a consonant, so that no word begins with it.
fn is_dependent(c: char) -> bool {
    matches!(c, '\u{e30}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}')
}

/// A text without case, spaces and punctuation; none where nothing is left.
pub(super) fn plain(text: &str) -> Option<String> {
    let plain = header::normalise(text);
    (!plain.is_empty()).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thai(text: &str) -> Vec<String> {
        phones(text, Some(Country::Th))
    }

    #[test]
    fn a_thai_number_is_one_however_it_is_written() {
        for text in [
            "081-234-5678",
            "081 2345678",
            "(081) 234 5678",
            "812345678",
            "+66 81 234 5678",
            "+66(0)81-234-5678",
            "66812345678",
            "0066812345678",
            "๐๘๑-๒๓๔-๕๖๗๘",
            "０８１２３４５６７８",
            "081-234-5678 ต่อ 12",
            "โทร. 081-234-5678",
        ] {
            assert_eq!(thai(text), ["+66812345678"], "{text}");
        }
        assert_eq!(thai("02-123-4567 #8"), ["+6621234567"]);
        assert_eq!(
            thai("02-123-4567, 081-234-5678"),
            ["+6621234567", "+66812345678"]
        );
        assert_eq!(thai("081-234-5678 / 0812345678"), ["+66812345678"]);
        // A number of another country stays apart from a national one that looks like it.
        assert_eq!(thai("+1 812 345 6789"), ["+18123456789"]);
    }

    #[test]
    fn a_vietnamese_number_is_one_however_it_is_written() {
        for text in [
            "0912 345 678",
            "912345678",
            "+84 912.345.678",
            "84912345678",
        ] {
            assert_eq!(phones(text, Some(Country::Vn)), ["+84912345678"], "{text}");
        }
        // 0168 became 038 in 2018.
        assert_eq!(
            phones("0168 123 4567", Some(Country::Vn)),
            phones("038 123 4567", Some(Country::Vn))
        );
        assert_eq!(
            phones("028 3822 1234 máy lẻ 5", Some(Country::Vn)),
            ["+842838221234"]
        );
    }

    #[test]
    fn what_is_no_number_tells_nothing() {
        for text in [
            "",
            "-",
            "ไม่มี",
            "0000000000",
            "1234567890",
            "12",
            "099-999-9999",
        ] {
            assert_eq!(thai(text), Vec::<String>::new(), "{text}");
        }
        assert_eq!(phones("20 7946 0018", None), ["2079460018"]);
    }

    #[test]
    fn addresses_are_compared_in_lower_case() {
        assert_eq!(
            email(" Mali@Example.CO.TH "),
            Some("mali@example.co.th".to_owned())
        );
        assert_eq!(email("mailto:a@b.vn"), Some("a@b.vn".to_owned()));
        for text in ["", "-", "a@", "@b.vn", "a@b", "a b@c.vn", "a@b@c.vn"] {
            assert_eq!(email(text), None, "{text}");
        }
    }

    #[test]
    fn tax_numbers_are_their_digits() {
        let whole = Some("0105551234567".to_owned());
        for text in ["0-1055-51234-56-7", "105551234567", "0105551234567"] {
            assert_eq!(tax_id(text, Some(Country::Th)), whole, "{text}");
        }
        assert_eq!(
            tax_id("0312345678", Some(Country::Vn)),
            tax_id("312345678", Some(Country::Vn))
        );
        // A branch of a company has a number of its own.
        assert_ne!(
            tax_id("0312345678-001", Some(Country::Vn)),
            tax_id("0312345678", Some(Country::Vn))
        );
        assert_eq!(tax_id("0000000000000", Some(Country::Th)), None);
    }

    #[test]
    fn names_lose_titles_and_forms_of_company() {
        let same = |texts: &[&str]| {
            let first = name(texts[0]);
            assert!(first.is_some(), "{texts:?}");
            for text in texts {
                assert_eq!(name(text), first, "{text}");
            }
        };
        same(&["สมชาย ใจดี", "นายสมชาย ใจดี", "นาย สมชาย  ใจดี", "คุณสมชาย ใจดี"]);
        same(&[
            "มะลิ แสงทอง",
            "นางสาวมะลิ แสงทอง",
            "น.ส.มะลิ แสงทอง",
            "นางมะลิ แสงทอง",
        ]);
        same(&[
            "John Smith",
            "Mr. John Smith",
            "JOHN SMITH",
            "Mr John  Smith",
        ]);
        same(&["Nguyễn Văn Hòa", "Ông Nguyễn Văn Hoà", "NGUYỄN VĂN HÒA"]);
        same(&["บริษัท สยามกาแฟ จำกัด", "บจก.สยามกาแฟ", "สยามกาแฟ"]);
        same(&["Công ty TNHH Hoa Sen", "HOA SEN"]);
        // A name that begins as a title does.
        assert_ne!(name("คุณากร ดี"), name("ากร ดี"));
        assert_eq!(name("คุณ"), Some("คุณ".to_owned()));
        assert_eq!(name(" - "), None);
    }
}
