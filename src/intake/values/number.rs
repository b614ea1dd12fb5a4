//! Numbers as people write them, exactly.
//!
//! Text: Thai digits, thousands marks (point, comma, space, apostrophe), either decimal mark,
//! currency words and signs, words for thousands and millions, a leading or trailing minus,
//! parentheses for negatives, percent.
//! Spreadsheet numbers are binary; they become the decimal with the fewest digits that is the same
//! binary number, so that 0.1 stays 0.1.

use super::scale;

/// An exact decimal: `mantissa` × 10^−`scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake) struct Exact {
    /// The digits.
    pub(in crate::intake) mantissa: i128,
    /// How many of them stand after the decimal mark.
    pub(in crate::intake) scale: u32,
}

/// What stands before the decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake) enum Mark {
    /// 1,234.5
    Point,
    /// 1.234,5
    Comma,
}

/// What a text says as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake) enum Reading {
    /// Nothing: a dash or a word for no value.
    Nothing,
    /// One number, and the decimal mark that it proves, if it proves one.
    Sure(Exact, Option<Mark>),
    /// One of two, by the column's decimal mark.
    Unsure {
        /// With a decimal point.
        point: Exact,
        /// With a decimal comma.
        comma: Exact,
    },
}

/// Why a text is not a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::intake) enum NumberError {
    /// It holds something else.
    NotANumber,
    /// Its thousands marks do not stand before groups of three digits.
    Grouping,
    /// It is an amount in another currency.
    OtherCurrency(&'static str),
    /// It has more digits than can be kept.
    TooLong,
}

/// Digits that fit an `i128` with room for scaling.
pub(in crate::intake) const MAX_DIGITS: usize = 30;

/// 10 to the power of `n`, for n up to 38.
fn ten_to(n: u32) -> Option<i128> {
    10i128.checked_pow(n)
}

impl Exact {
    /// The number times 10 to the power of `power`; none where it does not fit.
    fn times_ten_to(self, power: u32) -> Option<Self> {
        let taken = power.min(self.scale);
        Some(Self {
            mantissa: self.mantissa.checked_mul(ten_to(power - taken)?)?,
            scale: self.scale - taken,
        })
    }

    /// The number with `scale` decimals, half away from zero, and whether digits were lost; none
    /// where it does not fit.
    pub(in crate::intake) fn at_scale(self, scale: u32) -> Option<(i128, bool)> {
        if scale >= self.scale {
            let value = self.mantissa.checked_mul(ten_to(scale - self.scale)?)?;
            return Some((value, false));
        }
        let Some(divisor) = ten_to(self.scale - scale) else {
            return Some((0, self.mantissa != 0));
        };
        let (quotient, rest) = (self.mantissa / divisor, self.mantissa % divisor);
        // A half is 5 × 10^(n−1), exactly half of the divisor, which is even.
        let away = i128::from(rest.abs() >= divisor / 2) * rest.signum();
        Some((quotient + away, rest != 0))
    }

    /// The decimal with the fewest digits that is this binary number.
    fn shortest(x: f64) -> Option<Self> {
        if !x.is_finite() || x.abs() >= 1e25 {
            return None;
        }
        // Display prints the shortest digits that read back as the same number.
        let text = format!("{}", x.abs());
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let fraction = &fraction[..fraction.len().min(MAX_DIGITS - 1)];
        let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
        Some(Self {
            mantissa: if x < 0.0 { -digits } else { digits },
            scale: u32::try_from(fraction.len()).ok()?,
        })
    }

    /// The nearest binary number.
    pub(in crate::intake) fn to_f64(self) -> f64 {
        if self.mantissa.unsigned_abs() < (1 << 53) && self.scale <= 22 {
            // Both operands are exact, so that the quotient is correctly rounded.
            return self.mantissa as f64 / 10f64.powi(self.scale as i32);
        }
        format!("{}e-{}", self.mantissa, self.scale)
            .parse()
            .unwrap_or(f64::NAN)
    }
}

/// A spreadsheet number with `scale` decimals, and whether digits were lost.
pub(in crate::intake) fn f64_at_scale(x: f64, scale: u32) -> Option<(i128, bool)> {
    let factor = 10f64.powi(scale as i32);
    let scaled = (x * factor).round();
    // A decimal of at most 15 digits whose nearest binary number is x is the shortest one for x.
    if scaled.abs() < 1e15 && scaled / factor == x {
        return Some((scaled as i128, false));
    }
    let exact = Exact::shortest(x)?;
    // A spreadsheet shows 15 digits; those after them are the noise of its own arithmetic
    // (0.1 + 0.2), as long as they are not digits we keep.
    let digits = exact
        .mantissa
        .unsigned_abs()
        .checked_ilog10()
        .map_or(1, |n| n + 1);
    let shown = exact.scale.saturating_sub(digits.saturating_sub(15));
    if shown < exact.scale && shown >= scale {
        let (mantissa, _) = exact.at_scale(shown)?;
        return Exact {
            mantissa,
            scale: shown,
        }
        .at_scale(scale);
    }
    exact.at_scale(scale)
}

/// Reads a text. `currency` is the client's currency where amounts may carry one; without it neither a
/// currency nor a word such as *million* is part of a number.
pub(in crate::intake) fn read(text: &str, currency: Option<&str>) -> Result<Reading, NumberError> {
    read_in(text, currency, 0)
}

/// Reads a text in a column whose values are in units of 10 to the power of `unit`; a word such as
/// *million* in the cell counts before that.
pub(in crate::intake) fn read_in(
    text: &str,
    currency: Option<&str>,
    unit: u32,
) -> Result<Reading, NumberError> {
    if unit == 0
        && let Some(exact) = plain(text.as_bytes())
    {
        return Ok(exact);
    }
    let text = text.trim_matches(is_space);
    if super::text::says_nothing(text) {
        return Ok(Reading::Nothing);
    }
    let body = Body::of(text, currency)?;
    let reading = groups(&body.digits)?;
    let power = body.power.unwrap_or(unit);
    let whole = |exact: Exact| {
        let exact = Exact {
            mantissa: if body.negative {
                -exact.mantissa
            } else {
                exact.mantissa
            },
            scale: exact.scale + if body.percent { 2 } else { 0 },
        };
        exact.times_ten_to(power).ok_or(NumberError::TooLong)
    };
    Ok(match reading {
        Reading::Nothing => Reading::Nothing,
        Reading::Sure(exact, mark) => Reading::Sure(whole(exact)?, mark),
        Reading::Unsure { point, comma } => Reading::Unsure {
            point: whole(point)?,
            comma: whole(comma)?,
        },
    })
}

/// `-123.45` and the like, the usual case of a CSV file, without looking at it twice.
fn plain(bytes: &[u8]) -> Option<Reading> {
    let (negative, digits) = match bytes.split_first()? {
        (b'-', rest) => (true, rest),
        _ => (false, bytes),
    };
    if digits.is_empty() || digits.len() > 18 || !digits[0].is_ascii_digit() {
        return None;
    }
    let mut mantissa: i64 = 0;
    let mut point = None;
    for (i, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => mantissa = mantissa * 10 + i64::from(byte - b'0'),
            b'.' if point.is_none() => point = Some(i),
            _ => return None,
        }
    }
    let scale = point.map_or(0, |i| digits.len() - i - 1);
    // One to three digits, a point, three digits: thousands to half of the world.
    if scale == 3 && point? <= 3 && digits[0] != b'0' {
        return None;
    }
    let exact = Exact {
        mantissa: i128::from(if negative { -mantissa } else { mantissa }),
        scale: u32::try_from(scale).ok()?,
    };
    Some(Reading::Sure(exact, point.map(|_| Mark::Point)))
}

/// A number without what stands around it.
struct Body {
    /// ASCII digits and the marks `.`, `,`, space and apostrophe.
    digits: String,
    negative: bool,
    percent: bool,
    /// The power of ten that words behind it are.
    power: Option<u32>,
}

impl Body {
    fn of(text: &str, currency: Option<&str>) -> Result<Self, NumberError> {
        let mut digits: String = text.chars().map(plain_char).collect();
        let (mut negative, mut percent, mut power) = (false, false, None);
        // What stands around a number comes in any order: `(฿1,200)`, `฿(1,200)`, `-5 %`, `1.200 đ-`.
        loop {
            let rest = digits.trim_matches(is_space);
            let rest = if let Some(inner) = in_parentheses(rest).filter(|_| !negative) {
                negative = true;
                inner.to_owned()
            } else if let Some(inner) = sign(rest).filter(|_| !negative) {
                negative = true;
                inner.to_owned()
            } else if let Some(inner) = rest.strip_prefix('+') {
                inner.to_owned()
            } else if let Some(inner) = rest.strip_suffix('%').filter(|_| !percent) {
                percent = true;
                inner.to_owned()
            } else if let Some(inner) = without_currency(rest, currency)? {
                inner
            } else if let Some((inner, more)) = currency
                .and_then(|_| scale::before_word(rest))
                .filter(|(_, more)| power.unwrap_or(0) + more <= scale::MOST)
            {
                power = Some(power.unwrap_or(0) + more);
                inner
            } else {
                digits = rest.to_owned();
                break;
            };
            digits = rest;
        }
        Ok(Self {
            digits,
            negative,
            percent,
            power,
        })
    }
}

fn in_parentheses(text: &str) -> Option<&str> {
    text.strip_prefix('(')?.strip_suffix(')')
}

fn sign(text: &str) -> Option<&str> {
    text.strip_prefix('-').or_else(|| text.strip_suffix('-'))
}

/// Currency words and signs; longer ones first where one begins another.
const CURRENCIES: [(&str, &[&str]); 33] = [
    ("vnđ", &["VND"]),
    ("vnd", &["VND"]),
    ("đồng", &["VND"]),
    ("đ", &["VND"]),
    ("₫", &["VND"]),
    ("thb", &["THB"]),
    ("baht", &["THB"]),
    ("บาท", &["THB"]),
    ("฿", &["THB"]),
    ("us$", &["USD"]),
    ("usd", &["USD"]),
    ("s$", &["SGD"]),
    ("sgd", &["SGD"]),
    ("a$", &["AUD"]),
    ("aud", &["AUD"]),
    ("hk$", &["HKD"]),
    ("hkd", &["HKD"]),
    (
        "$",
        &[
            "USD", "SGD", "AUD", "HKD", "CAD", "NZD", "TWD", "MXN", "BND",
        ],
    ),
    ("cad", &["CAD"]),
    ("nzd", &["NZD"]),
    ("eur", &["EUR"]),
    ("€", &["EUR"]),
    ("gbp", &["GBP"]),
    ("£", &["GBP"]),
    ("jpy", &["JPY"]),
    ("cny", &["CNY"]),
    ("rmb", &["CNY"]),
    ("¥", &["JPY", "CNY"]),
    ("krw", &["KRW"]),
    ("₩", &["KRW"]),
    ("lak", &["LAK"]),
    ("khr", &["KHR"]),
    ("myr", &["MYR"]),
];

fn without_currency(text: &str, currency: Option<&str>) -> Result<Option<String>, NumberError> {
    if text
        .bytes()
        .all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
    {
        return Ok(None);
    }
    let lower = text.to_lowercase();
    for (word, codes) in CURRENCIES {
        let rest = lower.strip_prefix(word).or_else(|| {
            let rest = lower.strip_suffix(word)?;
            // `บาท.` and `THB.` are abbreviations too, but `1.` before a word is not.
            Some(rest)
        });
        let Some(rest) = rest.filter(|rest| rest.contains(|c: char| c.is_ascii_digit())) else {
            continue;
        };
        return match currency {
            None => Err(NumberError::NotANumber),
            Some(client) if codes.contains(&client) => Ok(Some(rest.to_owned())),
            Some(_) => Err(NumberError::OtherCurrency(codes[0])),
        };
    }
    Ok(None)
}

/// Reads digits and marks.
fn groups(body: &str) -> Result<Reading, NumberError> {
    let mut parts: Vec<&str> = Vec::new();
    let mut marks: Vec<char> = Vec::new();
    let mut start = 0;
    for (i, c) in body.char_indices() {
        match c {
            '0'..='9' => {}
            '.' | ',' | ' ' | '\'' => {
                parts.push(&body[start..i]);
                marks.push(c);
                start = i + c.len_utf8();
            }
            _ => return Err(NumberError::NotANumber),
        }
    }
    parts.push(&body[start..]);
    let count: usize = parts.iter().map(|part| part.len()).sum();
    if count == 0 {
        return Err(NumberError::NotANumber);
    }
    if count > MAX_DIGITS {
        return Err(NumberError::TooLong);
    }
    let decimals = marks.iter().filter(|c| matches!(c, '.' | ',')).count();
    let Some(&last) = marks.last() else {
        return Ok(Reading::Sure(join(&parts, 0)?, None));
    };
    let all_groups = |parts: &[&str]| {
        (1..=3).contains(&parts[0].len()) && parts[1..].iter().all(|part| part.len() == 3)
    };
    let uniform = |marks: &[char]| marks.windows(2).all(|pair| pair[0] == pair[1]);
    let (fraction, before) = (parts[parts.len() - 1], &marks[..marks.len() - 1]);
    let other = if last == '.' {
        Mark::Comma
    } else {
        Mark::Point
    };
    let own = if last == '.' {
        Mark::Point
    } else {
        Mark::Comma
    };
    if !matches!(last, '.' | ',') || (decimals > 1 && before.contains(&last)) {
        // Thousands only: 1 234, or 1.234.567.
        let proves = matches!(last, '.' | ',').then_some(other);
        if !uniform(&marks) || !all_groups(&parts) {
            return Err(NumberError::Grouping);
        }
        return Ok(Reading::Sure(join(&parts, 0)?, proves));
    }
    let whole = &parts[..parts.len() - 1];
    if !before.is_empty() {
        // 1,234.56 or 1 234,56: the last mark is the decimal one.
        if !uniform(before) || !all_groups(whole) {
            return Err(NumberError::Grouping);
        }
        return Ok(Reading::Sure(join(&parts, fraction.len())?, Some(own)));
    }
    let decimal = join(&parts, fraction.len())?;
    if fraction.len() != 3 || !(1..=3).contains(&whole[0].len()) || whole[0].starts_with('0') {
        return Ok(Reading::Sure(decimal, Some(own)));
    }
    let thousands = join(&parts, 0)?;
    Ok(match own {
        Mark::Point => Reading::Unsure {
            point: decimal,
            comma: thousands,
        },
        Mark::Comma => Reading::Unsure {
            point: thousands,
            comma: decimal,
        },
    })
}

fn join(parts: &[&str], scale: usize) -> Result<Exact, NumberError> {
    let mantissa = parts.concat().parse().map_err(|_| NumberError::TooLong)?;
    let scale = u32::try_from(scale).map_err(|_| NumberError::TooLong)?;
    Ok(Exact { mantissa, scale })
}

/// Spaces as they come out of word processors and web pages.
pub(in crate::intake) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}')
}

/// The ASCII character that a character of a number stands for.
fn plain_char(c: char) -> char {
    match c {
        '๐'..='๙' => char::from(b'0' + (c as u32 - '๐' as u32) as u8),
        '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
        '−' | '–' | '—' | '‐' | '‑' => '-',
        '％' => '%',
        '’' | '‘' => '\'',
        c if is_space(c) => ' ',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sure(text: &str) -> String {
        match read(text, Some("THB")) {
            Ok(Reading::Sure(exact, mark)) => {
                format!(
                    "{}e-{} {}",
                    exact.mantissa,
                    exact.scale,
                    mark.map_or("", |m| match m {
                        Mark::Point => "point",
                        Mark::Comma => "comma",
                    })
                )
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn numbers_as_people_write_them() {
        for (text, expected) in [
            ("0", "0e-0 "),
            ("17850", "17850e-0 "),
            ("-12.5", "-125e-1 point"),
            ("12,5", "125e-1 comma"),
            ("1,234.56", "123456e-2 point"),
            ("1.234,56", "123456e-2 comma"),
            ("1.234.567", "1234567e-0 comma"),
            ("1,234,567", "1234567e-0 point"),
            ("1 234 567,8", "12345678e-1 comma"),
            ("1\u{a0}234", "1234e-0 "),
            ("1'234.50", "123450e-2 point"),
            ("0.125", "125e-3 point"),
            ("1234.567", "1234567e-3 point"),
            (".5", "5e-1 point"),
            ("๑,๒๓๔.๕๐", "123450e-2 point"),
            ("(1,200.00)", "-120000e-2 point"),
            ("1,200.00-", "-120000e-2 point"),
            ("฿1,200.50", "120050e-2 point"),
            ("1,200.50 บาท", "120050e-2 point"),
            ("THB 1200", "1200e-0 "),
            ("(฿1,200.5)", "-12005e-1 point"),
            ("-฿5.25", "-525e-2 point"),
            ("12%", "12e-2 "),
            ("12.5 %", "125e-3 point"),
            ("−3", "-3e-0 "),
            (" 42 ", "42e-0 "),
        ] {
            assert_eq!(sure(text), expected, "{text}");
        }
    }

    #[test]
    fn a_mark_before_three_digits_is_for_the_column_to_settle() {
        let (thousand, one) = (
            Exact {
                mantissa: 1234,
                scale: 0,
            },
            Exact {
                mantissa: 1234,
                scale: 3,
            },
        );
        let read = |text| read(text, None);
        assert_eq!(
            read("1.234"),
            Ok(Reading::Unsure {
                point: one,
                comma: thousand
            })
        );
        assert_eq!(
            read("1,234"),
            Ok(Reading::Unsure {
                point: thousand,
                comma: one
            })
        );
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for (text, error) in [
            ("abc", NumberError::NotANumber),
            ("12 pcs", NumberError::NotANumber),
            ("1,23,456.00", NumberError::Grouping),
            ("1,2,3", NumberError::Grouping),
            ("$ 12", NumberError::OtherCurrency("USD")),
            ("1.000 đ", NumberError::OtherCurrency("VND")),
            ("--5", NumberError::NotANumber),
            (".", NumberError::NotANumber),
        ] {
            assert_eq!(read(text, Some("THB")), Err(error), "{text}");
        }
        assert_eq!(read("5 บาท", None), Err(NumberError::NotANumber));
        for text in ["", " ", "-", "–", "n/a"] {
            assert_eq!(read(text, None), Ok(Reading::Nothing), "{text}");
        }
    }

    #[test]
    fn binary_numbers_become_the_decimal_they_were_typed_as() {
        assert_eq!(f64_at_scale(0.1, 2), Some((10, false)));
        assert_eq!(f64_at_scale(1887.85, 2), Some((188_785, false)));
        assert_eq!(
            f64_at_scale(0.1 + 0.2, 2),
            Some((30, false)),
            "arithmetic noise"
        );
        assert_eq!(
            f64_at_scale(2.675, 2),
            Some((268, true)),
            "half away from zero"
        );
        assert_eq!(f64_at_scale(-2.675, 2), Some((-268, true)));
        assert_eq!(
            f64_at_scale(123_456_789_012_345.67, 2),
            Some((12_345_678_901_234_567, false))
        );
        assert_eq!(f64_at_scale(f64::NAN, 2), None);
        assert_eq!(
            Exact {
                mantissa: 5,
                scale: 1
            }
            .at_scale(0),
            Some((1, true))
        );
        assert_eq!(
            Exact {
                mantissa: -5,
                scale: 1
            }
            .at_scale(0),
            Some((-1, true))
        );
        assert_eq!(
            Exact {
                mantissa: 49,
                scale: 2
            }
            .at_scale(0),
            Some((0, true))
        );
    }

    proptest! {
        /// Every way of printing an amount is read back as the amount.
        #[test]
        fn what_is_printed_is_read(cents in -99_999_999_999_i64..99_999_999_999, style in 0usize..6) {
            let amount = cents.unsigned_abs();
            let (whole, rest) = (amount / 100, amount % 100);
            let grouped = |mark: char| {
                let digits = whole.to_string();
                let mut out = String::new();
                for (i, c) in digits.chars().enumerate() {
                    if i > 0 && (digits.len() - i) % 3 == 0 {
                        out.push(mark);
                    }
                    out.push(c);
                }
                out
            };
            let thai = |text: String| -> String {
                text.chars()
                    .map(|c| c.to_digit(10).and_then(|d| char::from_u32('๐' as u32 + d)).unwrap_or(c))
                    .collect()
            };
            let text = match style {
                0 => format!("{whole}.{rest:02}"),
                1 => format!("{}.{rest:02}", grouped(',')),
                2 => format!("{},{rest:02}", grouped('.')),
                3 => format!("{},{rest:02}", grouped('\u{a0}')),
                4 => thai(format!("{}.{rest:02} บาท", grouped(','))),
                _ => format!("฿{whole}.{rest:02}"),
            };
            let text = match (cents < 0, style % 2) {
                (false, _) => text,
                (true, 0) => format!("-{text}"),
                (true, _) => format!("({text})"),
            };
            let expected = Exact { mantissa: i128::from(cents), scale: 2 };
            match read(&text, Some("THB")) {
                Ok(Reading::Sure(exact, _)) => prop_assert_eq!(exact, expected, "{}", text),
                other => prop_assert!(false, "{text}: {other:?}"),
            }
        }

        #[test]
        fn spreadsheet_amounts_survive(cents in -9_999_999_999_999_i64..9_999_999_999_999) {
            let x = cents as f64 / 100.0;
            prop_assert_eq!(f64_at_scale(x, 2), Some((i128::from(cents), false)));
            prop_assert_eq!(Exact { mantissa: i128::from(cents), scale: 2 }.to_f64(), x);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,12}") {
            let _ = read(&text, Some("THB"));
        }
    }
}
