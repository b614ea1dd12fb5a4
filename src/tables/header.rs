//! When two spellings of a header are the same header.
//!
//! Managers write `CustomerID`, `customer_id`, `Customer ID (*)`, `Mã hoá đơn` and `Mã hóa đơn`,
//! `จำนวนเงิน(บาท)` and `จำนวนเงิน`. Everything that compares headers, words of a choice or names
//! of sheets goes through [`normalise`].

use unicode_normalization::UnicodeNormalization;

/// A header without what spellings differ in: Unicode composition, case, spaces, punctuation,
/// Vietnamese tone placement (hoá, hóa) and two ways of typing the same Thai letter.
pub fn normalise(header: &str) -> String {
    if header.is_ascii() {
        let letters = header.bytes().filter(u8::is_ascii_alphanumeric);
        return letters
            .map(|b| char::from(b.to_ascii_lowercase()))
            .collect();
    }
    let lower = header.nfc().flat_map(char::to_lowercase).nfc();
    // What stood between two letters may have kept them from becoming one.
    let letters: String = lower.filter(|c| is_letter(*c)).nfc().collect();
    tones_on_the_first_vowel(&letters)
        .replace("\u{e4d}\u{e32}", "\u{e33}")
        .replace("\u{e40}\u{e40}", "\u{e41}")
}

/// A header without a trailing remark in brackets, such as `(*)`, `(บาท)` or `[VND]`; none where
/// there is no remark, or nothing else.
pub fn without_remark(header: &str) -> Option<&str> {
    let header = header.trim_end_matches(['*', ':', ' ']);
    let open = match header.chars().next_back()? {
        ')' => header.rfind('(')?,
        ']' => header.rfind('[')?,
        _ => return None,
    };
    let rest = header[..open].trim_end();
    (!normalise(rest).is_empty()).then_some(rest)
}

/// A normalised header without Vietnamese diacritics and without the marks above Thai letters that
/// are no vowels, as it is typed in haste or on a keyboard that has none.
pub fn fold(normalised: &str) -> String {
    let letters = normalised.nfd().filter(|c| !is_mark(*c));
    letters.map(bare).collect()
}

/// Whether a normalised header is another one without some of its marks. A mark that is another one
/// makes another word: `bán` and `bạn`.
pub fn lacks_only_marks(lacking: &str, whole: &str) -> bool {
    let mut lacking = lacking.nfd().peekable();
    for c in whole.nfd() {
        match lacking.peek() {
            Some(found) if *found == c || (*found == bare(c) && bare(c) != c) => {
                lacking.next();
            }
            _ if is_mark(c) => {}
            _ => return false,
        }
    }
    lacking.next().is_none()
}

fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c) || ('\u{e47}'..='\u{e4e}').contains(&c)
}

fn bare(c: char) -> char {
    if c == 'đ' { 'd' } else { c }
}

/// Thai tone marks and the like are no letters to Unicode, but they tell words apart.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || ('\u{e31}'..='\u{e4e}').contains(&c)
}

/// Old and new orthography place the tone of `oa`, `oe`, `uy` on different letters.
fn tones_on_the_first_vowel(text: &str) -> String {
    const PAIRS: [(&str, &str); 15] = [
        ("oà", "òa"),
        ("oá", "óa"),
        ("oả", "ỏa"),
        ("oã", "õa"),
        ("oạ", "ọa"),
        ("oè", "òe"),
        ("oé", "óe"),
        ("oẻ", "ỏe"),
        ("oẽ", "õe"),
        ("oẹ", "ọe"),
        ("uỳ", "ùy"),
        ("uý", "úy"),
        ("uỷ", "ủy"),
        ("uỹ", "ũy"),
        ("uỵ", "ụy"),
    ];
    let mut text = text.to_owned();
    for (new, old) in PAIRS {
        if text.contains(new) {
            text = text.replace(new, old);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_one_header_agree() {
        for (left, right) in [
            ("CustomerID", "customer_id"),
            ("Customer  ID:", "CUSTOMER-ID"),
            ("Số hoá đơn", "Số hóa đơn"),
            ("Số hóa đơn", "so\u{302}\u{301} ho\u{301}a đơn"),
            ("Uỷ quyền", "Ủy quyền"),
            ("ราคา/หน่วย", "ราคา หน่วย"),
            ("จํานวน", "จำนวน"),
            ("เเถม", "แถม"),
            ("Ho-á đơn", "Hóa đơn"),
            ("\u{5e3}\u{5bc} \u{16ff0}", "\u{5e3}\u{5bc}\u{16ff0}"),
        ] {
            assert_eq!(normalise(left), normalise(right), "{left} {right}");
        }
        assert_ne!(normalise("อีเมล"), normalise("อีเมล์"));
    }

    #[test]
    fn remarks_are_taken_off() {
        assert_eq!(without_remark("Mã hàng (*)"), Some("Mã hàng"));
        assert_eq!(without_remark("จำนวนเงิน(บาท)"), Some("จำนวนเงิน"));
        assert_eq!(without_remark("Giá [VNĐ] *"), Some("Giá"));
        assert_eq!(without_remark("(บาท)"), None);
        assert_eq!(without_remark("Amount"), None);
    }

    #[test]
    fn diacritics_can_be_left_out() {
        assert_eq!(fold(&normalise("Mã Hoá Đơn")), "mahoadon");
        assert_eq!(fold(&normalise("รหัส")), normalise("รหัส"));
        assert_eq!(fold(&normalise("ส่วนลด")), normalise("สวนลด"));
        let lacks =
            |lacking: &str, whole: &str| lacks_only_marks(&normalise(lacking), &normalise(whole));
        assert!(lacks("don gia", "Đơn giá"));
        assert!(lacks("Đơn gia", "Đơn giá"));
        assert!(lacks("ส่วนลด", "ส่วนลด"));
        assert!(!lacks("Đơn giá", "Don gia"));
        assert!(!lacks("bạn", "bán"));
        assert!(!lacks("bans", "bán"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2048, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn normalising_twice_changes_nothing(text in "\\PC{0,12}") {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once);
        }
    }
}
