//! Currency signs and where they stand.
//!
//! CLDR's currency formatter is not yet stable in icu4x, so the little that is needed is here: the
//! sign (CLDR 48, narrow where it is unambiguous) and, per language, the side it stands on.

use super::Locale;
use crate::workspace::Language;

/// No-break space: a sign never parts from its number.
const NBSP: char = '\u{a0}';

impl Locale {
    /// The currency's sign: `฿`, `₫`, `$`; its code where it has none of its own.
    pub fn currency_sign(&self) -> &str {
        sign(&self.currency.code)
    }

    /// Whether the sign stands after the number, with a space: in Vietnamese.
    pub fn sign_after(&self) -> bool {
        self.language == Language::Vi
    }

    /// The currency as a table head says it: บาท, đồng, $; its code where the catalogue has none.
    pub fn currency_name(&self) -> String {
        let key = format!("page.currency.{}", self.currency.code);
        if self.has(&key) {
            self.text(&key).to_owned()
        } else {
            self.currency.code.clone()
        }
    }

    /// Puts the sign to a number without a minus.
    pub(super) fn with_sign(&self, digits: &str) -> String {
        let sign = self.currency_sign();
        if self.sign_after() {
            format!("{digits}{NBSP}{sign}")
        } else if sign.chars().all(|c| c.is_ascii_alphabetic()) {
            format!("{sign}{NBSP}{digits}")
        } else {
            format!("{sign}{digits}")
        }
    }
}

fn sign(code: &str) -> &str {
    match code {
        "AUD" => "A$",
        "BRL" => "R$",
        "CAD" => "CA$",
        "CNY" => "CN¥",
        "EUR" => "€",
        "GBP" => "£",
        "HKD" => "HK$",
        "IDR" => "Rp",
        "INR" => "₹",
        "JPY" => "¥",
        "KHR" => "៛",
        "KRW" => "₩",
        "LAK" => "₭",
        "MYR" => "RM",
        "PHP" => "₱",
        "SGD" => "S$",
        "THB" => "฿",
        "TWD" => "NT$",
        "USD" => "$",
        "VND" => "₫",
        other => other,
    }
}
