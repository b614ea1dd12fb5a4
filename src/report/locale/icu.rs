//! The CLDR formatters, one set per language and thread.
//!
//! They hold reference counts that may not cross threads, so a [`super::Locale`], which does, asks
//! for them here. All data are compiled in: making them cannot fail for the three languages.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use fixed_decimal::Decimal;
use icu_calendar::{Date, Iso};
use icu_datetime::fieldsets::{M, YMD};
use icu_datetime::options::{Alignment, YearStyle};
use icu_datetime::{DateTimeFormatter, DateTimeFormatterPreferences};
use icu_decimal::DecimalFormatter;
use icu_locale_core::{Locale, locale};
use icu_plurals::{PluralCategory, PluralRuleType, PluralRules};

use crate::workspace::Language;

struct Formatters {
    decimal: DecimalFormatter,
    plurals: PluralRules,
    date: DateTimeFormatter<YMD>,
    month: DateTimeFormatter<M>,
    month_short: DateTimeFormatter<M>,
}

thread_local! {
    static CACHE: RefCell<BTreeMap<Language, Rc<Formatters>>> = const { RefCell::new(BTreeMap::new()) };
}

fn of(language: Language) -> Rc<Formatters> {
    CACHE.with_borrow_mut(|cache| {
        Rc::clone(
            cache
                .entry(language)
                .or_insert_with(|| Rc::new(make(language))),
        )
    })
}

fn tag(language: Language) -> Locale {
    match language {
        Language::En => locale!("en-US"),
        Language::Th => locale!("th-TH-u-nu-latn"),
        Language::Vi => locale!("vi-VN"),
    }
}

fn make(language: Language) -> Formatters {
    const SHIPPED: &str = "CLDR data for en, th and vi are compiled in";
    let tag = tag(language);
    let preferences = DateTimeFormatterPreferences::from(&tag);
    let ymd = match language {
        Language::Vi => YMD::short()
            .with_year_style(YearStyle::Full)
            .with_alignment(Alignment::Column),
        Language::En | Language::Th => YMD::medium(),
    };
    Formatters {
        decimal: DecimalFormatter::try_new(
            (&tag).into(),
            icu_decimal::options::DecimalFormatterOptions::default(),
        )
        .expect(SHIPPED),
        plurals: PluralRules::try_new((&tag).into(), PluralRuleType::Cardinal.into())
            .expect(SHIPPED),
        date: DateTimeFormatter::try_new(preferences, ymd).expect(SHIPPED),
        month: DateTimeFormatter::try_new(preferences, M::long()).expect(SHIPPED),
        month_short: DateTimeFormatter::try_new(preferences, M::medium()).expect(SHIPPED),
    }
}

/// A non-negative decimal with grouping and decimal mark.
pub(super) fn decimal(language: Language, value: &Decimal) -> String {
    of(language).decimal.format(value).to_string()
}

/// Whether a count takes the form for one.
pub(super) fn is_one(language: Language, count: i64) -> bool {
    of(language).plurals.category_for(count) == PluralCategory::One
}

/// A day. English is put together here: every English locale of CLDR that writes the day first
/// also writes “Sept”, the one abbreviation of four letters.
pub(super) fn date(language: Language, date: &Date<Iso>) -> String {
    let formatters = of(language);
    match language {
        Language::En => format!(
            "{} {} {}",
            date.day_of_month().0,
            formatters.month_short.format(date),
            date.year().extended_year()
        ),
        Language::Th | Language::Vi => formatters.date.format(date).to_string(),
    }
}

/// The name of a day's month.
pub(super) fn month(language: Language, date: &Date<Iso>) -> String {
    of(language).month.format(date).to_string()
}
