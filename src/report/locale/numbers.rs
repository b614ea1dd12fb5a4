//! Numbers, shares, amounts and changes.
//!
//! A value is rounded once, from the shortest decimal that stands for it (what it was read from or
//! would be written as), halves away from zero: 2.5 → 3, −2.5 → −3, 1.005 → 1.01, as a spreadsheet
//! shows it. Scaling by powers of ten is done on that decimal, never in binary.

use fixed_decimal::{Decimal, FloatPrecision, Sign, SignedRoundingMode, UnsignedRoundingMode};

use super::{Locale, MISSING, icu};
use crate::message::Argument;
use crate::report::model::{Change, Unit};

/// The true minus, as wide as a plus.
const MINUS: char = '−';

/// The power of ten that a table of amounts is printed in; its head declares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyScale {
    /// As it is.
    One,
    /// In millions, one decimal.
    Million,
    /// In thousand millions, one decimal.
    Billion,
}

impl MoneyScale {
    /// The scale for amounts up to `largest`: one at which the largest has at least two digits
    /// before the decimal mark, so that what a decimal hides is under half a percent of it.
    pub fn fitting(largest: f64) -> Self {
        let largest = largest.abs();
        if largest >= 1e10 {
            Self::Billion
        } else if largest >= 1e7 {
            Self::Million
        } else {
            Self::One
        }
    }

    fn power(self) -> i16 {
        match self {
            Self::One => 0,
            Self::Million => 6,
            Self::Billion => 9,
        }
    }
}

/// A value rounded and taken apart.
struct Rounded {
    negative: bool,
    zero: bool,
    magnitude: Decimal,
}

/// Rounds `value × 10^power` to `digits` after the decimal mark; none for NaN and infinities.
fn round(value: f64, power: i16, digits: u32) -> Option<Rounded> {
    let mut decimal = Decimal::try_from_f64(value, FloatPrecision::RoundTrip).ok()?;
    let digits = i16::try_from(digits).ok()?;
    decimal.multiply_pow10(power);
    decimal.round_with_mode(
        -digits,
        SignedRoundingMode::Unsigned(UnsignedRoundingMode::HalfExpand),
    );
    decimal.absolute.trim_start();
    decimal.absolute.pad_end(-digits);
    let zero = decimal.absolute.is_zero();
    let negative = decimal.sign() == Sign::Negative && !zero;
    decimal.set_sign(Sign::None);
    Some(Rounded {
        negative,
        zero,
        magnitude: decimal,
    })
}

impl Locale {
    /// The digits of a value without its sign, and the sign.
    fn digits(&self, value: f64, power: i16, digits: u32) -> Option<(Rounded, String)> {
        let rounded = round(value, power, digits)?;
        let text = icu::decimal(self.language, &rounded.magnitude);
        Some((rounded, text))
    }

    fn plain(
        &self,
        value: f64,
        power: i16,
        digits: u32,
        dress: impl FnOnce(String) -> String,
    ) -> String {
        match self.digits(value, power, digits) {
            Some((rounded, text)) if rounded.negative => format!("{MINUS}{}", dress(text)),
            Some((_, text)) => dress(text),
            None => MISSING.to_owned(),
        }
    }

    /// A number with a fixed count of digits after the decimal mark.
    pub fn number(&self, value: f64, digits: u32) -> String {
        self.plain(value, 0, digits, |text| text)
    }

    /// A whole number.
    pub fn count(&self, value: i64) -> String {
        let mut decimal = Decimal::from(value);
        decimal.set_sign(Sign::None);
        let text = icu::decimal(self.language, &decimal);
        if value < 0 {
            format!("{MINUS}{text}")
        } else {
            text
        }
    }

    /// A share, 0.85 for 85 %.
    pub fn percent(&self, share: f64, digits: u32) -> String {
        self.plain(share, 2, digits, |text| format!("{text}%"))
    }

    /// An amount to the last digit of the currency: ฿1,234.00, 1.234 ₫.
    pub fn money(&self, amount: f64) -> String {
        self.money_to(amount, self.currency.digits)
    }

    /// An amount with a fixed count of digits after the decimal mark.
    pub fn money_to(&self, amount: f64, digits: u32) -> String {
        self.plain(amount, 0, digits, |text| self.with_sign(&text))
    }

    /// An amount as short as it can be read: to the last digit under a hundred, whole under a
    /// million, then in millions: $35.28, ฿48,200, 18,4 triệu ₫.
    pub fn amount(&self, amount: f64) -> String {
        let size = amount.abs();
        let (key, power) = if size >= 999_950_000.0 {
            ("page.scale.billion", -9)
        } else if size >= 1e6 {
            ("page.scale.million", -6)
        } else {
            let small = size > 0.0 && size < 100.0;
            let digits = if small { self.currency.digits } else { 0 };
            return self.money_to(amount, digits);
        };
        self.plain(amount, power, 1, |text| {
            let with =
                |text: &str| self.text_with(key, &[("amount", Argument::Text(text.to_owned()))]);
            if self.sign_after() {
                self.with_sign(&with(&text))
            } else {
                with(&self.with_sign(&text))
            }
        })
    }

    /// An amount in a table whose head declares scale and currency: no sign, and one decimal where
    /// it is scaled.
    pub fn scaled(&self, amount: f64, scale: MoneyScale) -> String {
        let digits = if scale == MoneyScale::One { 0 } else { 1 };
        self.plain(amount, -scale.power(), digits, |text| text)
    }

    /// A difference of amounts in such a table, with its sign.
    pub fn signed_scaled(&self, amount: f64, scale: MoneyScale) -> String {
        let digits = u32::from(scale != MoneyScale::One);
        self.change_of(amount, -scale.power(), digits, "")
    }

    /// What the head of such a table says: ล้านบาท, triệu đồng, $ million.
    pub fn scale_unit(&self, scale: MoneyScale) -> String {
        let key = match scale {
            MoneyScale::One => "page.scale.unit-one",
            MoneyScale::Million => "page.scale.unit-million",
            MoneyScale::Billion => "page.scale.unit-billion",
        };
        self.text_with(key, &[("currency", Argument::Text(self.currency_name()))])
    }

    /// A value in its unit, as it stands in a sentence or a cell.
    pub fn value(&self, value: f64, unit: Unit) -> String {
        match unit {
            Unit::Money => self.amount(value),
            Unit::Percent => self.percent(value, 1),
            Unit::Count => self.number(value, 0),
            Unit::Number => self.number(value, if value.abs() < 10.0 { 2 } else { 1 }),
            Unit::Score => self.number(value, if value.abs() <= 10.0 { 1 } else { 0 }),
            Unit::Hours => self.timed("page.unit.hours", value),
            Unit::Days => self.timed("page.unit.days", value),
        }
    }

    fn timed(&self, key: &str, value: f64) -> String {
        let digits = u32::from(value.abs() < 100.0);
        self.text_with(
            key,
            &[("amount", Argument::Text(self.number(value, digits)))],
        )
    }

    /// A score of 0 to 100: whole, unless that would print it on the other side of a status bound
    /// (49.7 is *act*, and “50” beside it would look like a mistake); then with a decimal, cut where
    /// even that would cross.
    pub fn score(&self, score: f64) -> String {
        const BOUNDS: [f64; 2] = [50.0, 75.0];
        let crosses = |printed: f64| BOUNDS.iter().any(|b| score < *b && printed >= *b);
        if !crosses(libm::round(score)) {
            self.number(score, 0)
        } else if crosses(libm::round(score * 10.0) / 10.0) {
            self.number(libm::floor(score * 10.0) / 10.0, 1)
        } else {
            self.number(score, 1)
        }
    }

    /// A difference with its sign: +12, −0.4, ±0.
    pub fn signed(&self, value: f64, digits: u32) -> String {
        self.change_of(value, 0, digits, "")
    }

    /// A relative change: +7.0%.
    pub fn signed_percent(&self, change: f64, digits: u32) -> String {
        self.change_of(change, 2, digits, "%")
    }

    /// A difference of two percentages: 0.014 is +1.4 pp, +1.4 จุด, +1,4 điểm %.
    pub fn points(&self, difference: f64) -> String {
        let number = self.change_of(difference, 2, 1, "");
        if number == MISSING {
            return number;
        }
        self.text_with("page.unit.points", &[("amount", Argument::Text(number))])
    }

    fn change_of(&self, value: f64, power: i16, digits: u32, after: &str) -> String {
        match self.digits(value, power, digits) {
            None => MISSING.to_owned(),
            Some((rounded, text)) => {
                let sign = match (rounded.zero, rounded.negative) {
                    (true, _) => '±',
                    (_, true) => MINUS,
                    _ => '+',
                };
                format!("{sign}{text}{after}")
            }
        }
    }

    /// A change of a KPI, in percent or in points; a dash where its base is zero or below.
    pub fn change(&self, change: &Change) -> String {
        match change.amount {
            None => MISSING.to_owned(),
            Some(amount) if change.points => self.points(amount),
            Some(amount) => self.signed_percent(amount, 1),
        }
    }

    /// A number of months as years and months would be too long for a sentence: 25 months.
    pub fn months_long(&self, months: f64) -> String {
        match round(months, 0, 0).and_then(|r| r.magnitude.to_string().parse::<i64>().ok()) {
            Some(count) => self.text_with("page.unit.months", &[("count", Argument::Count(count))]),
            None => MISSING.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::locale;
    use super::*;
    use crate::workspace::Language;

    #[test]
    fn halves_go_away_from_zero() {
        let en = locale(Language::En, "USD");
        assert_eq!(en.number(2.5, 0), "3");
        assert_eq!(en.number(-2.5, 0), "−3");
        assert_eq!(en.number(0.5, 0), "1");
        assert_eq!(en.number(1.005, 2), "1.01");
        assert_eq!(en.number(-0.04, 1), "0.0");
        assert_eq!(en.number(74.9999, 0), "75");
        assert_eq!(en.percent(0.285, 0), "29%");
        assert_eq!(en.percent(0.0005, 1), "0.1%");
        assert_eq!(en.number(f64::NAN, 1), "—");
        assert_eq!(en.number(1e21, 0), "1,000,000,000,000,000,000,000");
    }

    #[test]
    fn money_by_language_and_currency() {
        let th = locale(Language::Th, "THB");
        assert_eq!(th.money(1234.0), "฿1,234.00");
        assert_eq!(th.money(-1234.5), "−฿1,234.50");
        assert_eq!(th.amount(18_400_000.0), "฿18.4 ล้าน");
        assert_eq!(th.scale_unit(MoneyScale::Million), "ล้านบาท");
        let vi = locale(Language::Vi, "VND");
        assert_eq!(vi.money(1234.0), "1.234\u{a0}₫");
        assert_eq!(vi.money(1234.5), "1.235\u{a0}₫");
        assert_eq!(vi.amount(-83_615_000_000.0), "−83,6 tỷ\u{a0}₫");
        assert_eq!(vi.scale_unit(MoneyScale::Million), "triệu đồng");
        let en = locale(Language::En, "USD");
        assert_eq!(en.money(1234.0), "$1,234.00");
        assert_eq!(en.amount(35.28), "$35.28");
        assert_eq!(en.amount(48_200.4), "$48,200");
        assert_eq!(en.amount(388.0), "$388");
        assert_eq!(en.amount(0.0), "$0");
        assert_eq!(en.amount(18_449_999.0), "$18.4 million");
        assert_eq!(locale(Language::En, "VND").money(-1234.0), "−₫1,234");
        assert_eq!(
            locale(Language::En, "CHF").money(1234.0),
            "CHF\u{a0}1,234.00"
        );
        assert_eq!(
            locale(Language::Th, "USD").scale_unit(MoneyScale::One),
            "ดอลลาร์สหรัฐ"
        );
    }

    #[test]
    fn a_score_is_never_printed_on_the_other_side_of_its_status() {
        let en = locale(Language::En, "USD");
        assert_eq!(en.score(66.4), "66");
        assert_eq!(en.score(49.4), "49");
        assert_eq!(en.score(49.7), "49.7");
        assert_eq!(en.score(49.98), "49.9");
        assert_eq!(en.score(50.0), "50");
        assert_eq!(en.score(74.996), "74.9");
        assert_eq!(en.score(99.6), "100");
    }

    #[test]
    fn changes_carry_their_sign() {
        let en = locale(Language::En, "USD");
        assert_eq!(en.signed(12.0, 0), "+12");
        assert_eq!(en.signed(-0.44, 1), "−0.4");
        assert_eq!(en.signed(-0.04, 1), "±0.0");
        let points = Change {
            amount: Some(0.014),
            points: true,
            better: Some(false),
        };
        assert_eq!(en.change(&points), "+1.4 pp");
        assert_eq!(locale(Language::Th, "THB").change(&points), "+1.4 จุด");
        assert_eq!(locale(Language::Vi, "VND").change(&points), "+1,4 điểm %");
        let relative = Change {
            amount: Some(-0.067),
            points: false,
            better: None,
        };
        assert_eq!(en.change(&relative), "−6.7%");
        assert_eq!(
            en.change(&Change {
                amount: None,
                ..relative
            }),
            "—"
        );
    }

    #[test]
    fn a_table_scale_keeps_two_digits_of_its_largest() {
        assert_eq!(MoneyScale::fitting(9_999_999.0), MoneyScale::One);
        assert_eq!(MoneyScale::fitting(-1e7), MoneyScale::Million);
        assert_eq!(MoneyScale::fitting(1e10), MoneyScale::Billion);
        let en = locale(Language::En, "USD");
        assert_eq!(en.scaled(18_449_999.0, MoneyScale::Million), "18.4");
        assert_eq!(en.scaled(-1_234.5, MoneyScale::One), "−1,235");
    }

    /// Reads back what is printed, by the marks of the language.
    fn parse(language: Language, text: &str) -> f64 {
        let (group, mark) = match language {
            Language::Vi => ('.', ','),
            Language::En | Language::Th => (',', '.'),
        };
        text.chars()
            .filter(|c| *c != group)
            .map(|c| match c {
                MINUS => '-',
                c if c == mark => '.',
                c => c,
            })
            .collect::<String>()
            .parse()
            .unwrap()
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(cents in -1_000_000_000_000i64..1_000_000_000_000) {
            let value = cents as f64 / 100.0;
            for language in Language::ALL {
                let locale = locale(language, "USD");
                prop_assert_eq!(parse(language, &locale.number(value, 2)), value);
                let money = locale.money(value).replace(['$', '\u{a0}'], "");
                prop_assert_eq!(parse(language, &money), value);
            }
        }
    }
}
