//! Which rows of a sheet are no records: totals and subtotals, headers told again, units below the
//! headers, notes. A row is asked about only where it lacks what every row of its table needs, so
//! that a customer who is called Total stays a customer.

use crate::tables::header::normalise;

/// What a row is that is no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NotARecord {
    /// A total or subtotal.
    Total,
    /// The header told again, in the same or another language, or the units below it.
    Header,
    /// A note, a signature, a print date.
    Note,
    /// The heading of the rows below it, which is a value of theirs.
    Group,
}

impl NotARecord {
    /// What one row or several are called.
    pub(super) fn noun(self, one: bool) -> &'static str {
        match (self, one) {
            (Self::Total, true) => "a total",
            (Self::Total, false) => "totals",
            (Self::Header, true) => "a header told again",
            (Self::Header, false) => "headers told again",
            (Self::Note, true) => "a note",
            (Self::Note, false) => "notes",
            (Self::Group, true) => "the heading of a group",
            (Self::Group, false) => "headings of groups",
        }
    }
}

/// Words that are a total alone, or before a number or a colon, as normalised.
const TOTAL_ALONE: [&str; 13] = [
    "total",
    "totals",
    "sum",
    "รวม",
    "ผลรวม",
    "ยกมา",
    "ยกไป",
    "tổng",
    "cộng",
    "tong",
    "cong",
    "tổngsố",
    "tongso",
];

/// Words that a total begins with, whatever follows them, as normalised.
const TOTAL_BEGINS: [&str; 25] = [
    "total",
    "totals",
    "subtotal",
    "subtotals",
    "sub-total",
    "sub total",
    "grand total",
    "grandtotal",
    "net total",
    "running total",
    "ยอดรวม",
    "ผลรวม",
    "จำนวนรวม",
    "ยอดยกมา",
    "ยอดยกไป",
    "tổng cộng",
    "tổng số",
    "tổng tiền",
    "tổng doanh thu",
    "cộng dồn",
    "cộng tháng",
    "cộng ngày",
    "cộng phát sinh",
    "tong cong",
    "cộng nhóm",
];

/// What follows `รวม` where it is a total: Thai writes no spaces, and `รวมโชค` is a shop.
const AFTER_RUAM: [&str; 24] = [
    "ทั้ง",
    "สาขา",
    "ยอด",
    "เงิน",
    "เป็นเงิน",
    "จำนวน",
    "เดือน",
    "ปี",
    "วัน",
    "ลูกค้า",
    "สินค้า",
    "ภาษี",
    "มูลค่า",
    "สุทธิ",
    "ราคา",
    "รายการ",
    "รายได้",
    "ขาย",
    "ทุก",
    "กลุ่ม",
    "ประเภท",
    "หมวด",
    "ไตรมาส",
    "หน้า",
];

/// Words that Excel's own subtotals end with.
const TOTAL_ENDS: [&str; 3] = [" total", " ผลรวม", " ผลรวมทั้งหมด"];

/// Words that notes begin with.
const NOTE_BEGINS: [&str; 25] = [
    "note",
    "notes",
    "n.b.",
    "remark",
    "remarks",
    "source",
    "printed",
    "prepared by",
    "approved by",
    "checked by",
    "generated",
    "exported",
    "end of report",
    "หมายเหตุ",
    "ที่มา",
    "พิมพ์",
    "ผู้จัดทำ",
    "ผู้อนุมัติ",
    "ผู้ตรวจสอบ",
    "จบรายงาน",
    "ghi chú",
    "nguồn",
    "người lập",
    "ngày in",
    "kế toán trưởng",
];

/// What stands alone in a row of units, as normalised.
const UNITS: [&str; 30] = [
    "baht",
    "บาท",
    "thb",
    "vnd",
    "vnđ",
    "đ",
    "đồng",
    "dong",
    "usd",
    "ชิ้น",
    "หน่วย",
    "แก้ว",
    "กก",
    "kg",
    "pcs",
    "pc",
    "ea",
    "unit",
    "units",
    "cái",
    "chiếc",
    "ly",
    "เดือน",
    "ปี",
    "วัน",
    "ddmmyyyy",
    "ddmmyy",
    "yyyymmdd",
    "mmddyyyy",
    "ววดดปปปป",
];

/// Whether a text is a word for a total and no more.
pub(super) fn is_total(text: &str) -> bool {
    // Almost no id of a million begins so and has no digit.
    if !may_begin_total(text) || text.len() > 80 || text.bytes().any(|b| b.is_ascii_digit()) {
        return false;
    }
    let key = normalise(text);
    let begins = TOTAL_BEGINS.iter().any(|word| normalise(word) == key);
    begins || TOTAL_ALONE.contains(&key.as_str()) || THAI_WHOLE.contains(&key.as_str())
}

/// Thai writes no spaces, so these are one word.
const THAI_WHOLE: [&str; 6] = [
    "รวมทั้งสิ้น",
    "รวมทั้งหมด",
    "รวมเงิน",
    "รวมเป็นเงิน",
    "ยอดรวมทั้งสิ้น",
    "ยอดรวมทั้งหมด",
];

fn may_begin_total(text: &str) -> bool {
    let first = text.trim_start().as_bytes().first();
    // The first bytes of the words above, in Latin, of `cộng` and `tổng`, and of Thai.
    first.is_some_and(|byte| {
        matches!(
            byte.to_ascii_lowercase(),
            b't' | b's' | b'g' | b'n' | b'r' | b'c' | 0xe0
        )
    })
}

/// Whether a text begins as the label of a total does.
pub(super) fn begins_total(text: &str) -> bool {
    let text = plain(text);
    let said = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let alone = |word: &&&str| {
        said.strip_prefix(**word).is_some_and(|rest| {
            let rest = rest.trim_start();
            let first = rest.chars().next();
            first.is_none_or(|c| !c.is_alphabetic() && !is_thai(c))
        })
    };
    let ruam = said.strip_prefix("รวม").is_some_and(|rest| {
        rest.starts_with(' ') || AFTER_RUAM.iter().any(|word| rest.starts_with(word))
    });
    ruam || begins_with_word(said, &TOTAL_BEGINS)
        || TOTAL_ALONE.iter().any(|word| alone(&word))
        || TOTAL_ENDS.iter().any(|word| said.ends_with(word))
}

/// Whether a text begins as notes do.
pub(super) fn begins_note(text: &str) -> bool {
    let text = plain(text);
    text.starts_with('*') || begins_with_word(&text, &NOTE_BEGINS)
}

/// Whether a text that stands alone in its row is a sentence rather than the id of somebody.
pub(super) fn is_sentence(text: &str) -> bool {
    let text = text.trim();
    text.contains(char::is_whitespace) && text.chars().filter(|c| c.is_alphabetic()).count() >= 4
}

/// Whether a text says in what the figures below it are: `(บาท)`, `VND`, `dd/mm/yyyy`.
pub(super) fn is_unit(text: &str) -> bool {
    let text = text.trim();
    let bracketed = |open: char, close: char| text.starts_with(open) && text.ends_with(close);
    bracketed('(', ')')
        || bracketed('[', ']')
        || UNITS.contains(&normalise(text).as_str())
        || matches!(text, "%" | "฿" | "₫" | "$" | "-")
}

/// In small letters and composed, with single spaces.
fn plain(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let lower: String = text.nfc().flat_map(char::to_lowercase).nfc().collect();
    let words: Vec<&str> = lower.split_whitespace().collect();
    words.join(" ")
}

/// Whether one of the words stands at the beginning; in Thai, which has no spaces, anything may
/// follow it.
fn begins_with_word(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| {
        text.strip_prefix(word).is_some_and(|rest| {
            let thai = word.chars().all(is_thai);
            let next = rest.chars().next();
            thai || next.is_none_or(|c| !c.is_alphanumeric())
        })
    })
}

fn is_thai(c: char) -> bool {
    ('\u{e00}'..='\u{e7f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_in_three_languages() {
        for text in [
            "รวม",
            "รวม:",
            "รวมทั้งสิ้น",
            "รวมทั้งสิ้น 25 รายการ",
            "ยอดรวม",
            "ยอดรวมสาขาสีลม",
            "รวมสาขาสีลม",
            "รวม สีลม",
            "รวม 25 รายการ",
            "Tổng cộng",
            "TỔNG CỘNG:",
            "Cộng",
            "Cộng:",
            "Cộng tháng 5",
            "Tổng số tiền",
            "Tong cong",
            "Total",
            "TOTAL",
            "Total 2026",
            "Total sales",
            "Sub-total",
            "Subtotal Silom",
            "Sub total",
            "Grand Total",
            "** Grand total **",
            "Silom Total",
            "C001 ผลรวม",
        ] {
            assert!(begins_total(text), "{text}");
        }
    }

    #[test]
    fn what_begins_alike_is_no_total() {
        for text in [
            "Totally Fresh Ltd",
            "Công ty TNHH Hoa Sen",
            "Tổng công ty Bưu điện",
            "Cộng hòa",
            "Sumitomo",
            "Congdon",
            "ร้านรวมโชค",
            "รวมโชคพาณิชย์",
            "รวมมิตร",
            "C001",
            "",
        ] {
            assert!(!begins_total(text), "{text}");
        }
    }

    #[test]
    fn a_word_alone_is_told_from_a_name() {
        for text in [
            "Total",
            "total:",
            "รวม",
            "รวมทั้งสิ้น",
            "Tổng cộng",
            "Grand Total",
            "CỘNG",
        ] {
            assert!(is_total(text), "{text}");
        }
        for text in ["Total Oil", "รวมโชคพาณิชย์", "C001", "Tong Cong Ty"]
        {
            assert!(!is_total(text), "{text}");
        }
    }

    #[test]
    fn notes_and_units() {
        for text in [
            "หมายเหตุ: ราคารวมภาษีแล้ว",
            "* excluding VAT",
            "Printed 31/01/2026",
            "Ghi chú: a",
            "Notes",
        ] {
            assert!(begins_note(text), "{text}");
        }
        assert!(!begins_note("Notebook Co"));
        assert!(is_sentence("Thank you for your business"));
        assert!(!is_sentence("C 001"));
        for text in ["(บาท)", "VND", "[THB]", "dd/mm/yyyy", "ชิ้น", "%"] {
            assert!(is_unit(text), "{text}");
        }
        assert!(!is_unit("C001"));
    }
}
