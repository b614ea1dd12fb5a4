//! The language of a report: its words, numbers, dates and money.
//!
//! In go the catalogue `report-templates/locales/<language>.toml`, with the workspace's own file of
//! that path laid over it key by key, and the client's currency; out come texts. Everything that is
//! printed for people goes through here, whether in HTML, in a chart or in a workbook.
//!
//! Grouping, decimal marks, month names, eras and plural forms are CLDR's (the icu crates). What
//! CLDR leaves to the house is ours: the true minus sign, halves away from zero, the order of day,
//! month and year, the place of the currency sign.

mod catalogue;
mod currency;
mod dates;
mod icu;
mod numbers;

use std::collections::BTreeMap;

use crate::diagnostics::Diagnostics;
use crate::message::{Argument, Message};
use crate::workspace::{Currency, Files, Language};

pub use catalogue::path;
pub use numbers::MoneyScale;

use catalogue::Text;

/// A language with its catalogue and the client's currency.
#[derive(Debug, Clone)]
pub struct Locale {
    language: Language,
    currency: Currency,
    texts: BTreeMap<String, Text>,
}

impl Locale {
    /// Reads the catalogue of a language; mistakes in the workspace's own go to `problems`.
    ///
    /// None when a catalogue cannot be read at all, or an entry of it is wrong.
    pub fn load(
        files: &Files,
        language: Language,
        currency: &Currency,
        problems: &mut Diagnostics,
    ) -> Option<Self> {
        let texts = catalogue::load(files, language, problems)?;
        Some(Self {
            language,
            currency: currency.clone(),
            texts,
        })
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The currency every amount is in.
    pub fn currency(&self) -> &Currency {
        &self.currency
    }

    /// Whether the catalogue has a key.
    pub fn has(&self, key: &str) -> bool {
        self.texts.contains_key(key)
    }

    /// Every key of the catalogue, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }

    /// The text of a key, where the catalogue has one. A plural gives its general form.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.texts.get(key).map(Text::other)
    }

    /// The text of a key; the key itself where the catalogue has none, so that what is missing can
    /// be seen and found. A plural gives its general form.
    pub fn text<'a>(&'a self, key: &'a str) -> &'a str {
        self.texts.get(key).map_or(key, Text::other)
    }

    /// The text of a key with its placeholders filled.
    pub fn text_with(&self, key: &str, args: &[(&str, Argument)]) -> String {
        let args = args
            .iter()
            .map(|(name, argument)| ((*name).to_owned(), argument.clone()))
            .collect();
        self.filled(key, &args)
    }

    /// A message in this language; the client's own words as they are.
    pub fn message(&self, message: &Message) -> String {
        match message {
            Message::Plain(text) => text.clone(),
            Message::Keyed { key, args } => self.filled(key, args),
        }
    }

    /// The text of a key with its placeholders filled. A placeholder without an argument stays.
    ///
    /// A plural is chosen by the argument named `count`, or else by the first count there is.
    pub fn filled(&self, key: &str, args: &BTreeMap<String, Argument>) -> String {
        let Some(text) = self.texts.get(key) else {
            return key.to_owned();
        };
        let template = match text {
            Text::Plain(text) => text,
            Text::Plural { one, other } => match plural_count(args) {
                Some(count) if icu::is_one(self.language, count) => one,
                _ => other,
            },
        };
        let mut out = String::with_capacity(template.len() + 16);
        for piece in catalogue::pieces(template) {
            match piece {
                catalogue::Piece::Words(words) => out.push_str(words),
                catalogue::Piece::Placeholder(name) => match args.get(name) {
                    Some(argument) => out.push_str(&self.argument(argument)),
                    None => {
                        out.push('{');
                        out.push_str(name);
                        out.push('}');
                    }
                },
            }
        }
        out
    }

    /// An argument as it is printed within a sentence.
    pub fn argument(&self, argument: &Argument) -> String {
        match argument {
            Argument::Text(text) => text.clone(),
            Argument::Key(key) => self.text(key).to_owned(),
            Argument::Count(count) => self.count(*count),
            Argument::Number(number) => self.number(*number, 1),
            Argument::Money(amount) => self.amount(*amount),
            Argument::Percent(share) => self.percent(*share, 1),
            Argument::Date(date) => self.date(*date),
        }
    }
}

fn plural_count(args: &BTreeMap<String, Argument>) -> Option<i64> {
    let count = |argument: &Argument| match argument {
        Argument::Count(count) => Some(*count),
        _ => None,
    };
    args.get("count")
        .and_then(count)
        .or_else(|| args.values().find_map(count))
}

/// What is printed where there is no value.
pub const MISSING: &str = "—";

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The shipped catalogue of a language with a currency.
    pub(crate) fn locale(language: Language, currency: &str) -> Locale {
        let mut problems = Diagnostics::new();
        Locale::load(
            &Files::built_in(),
            language,
            &currency.parse().unwrap(),
            &mut problems,
        )
        .unwrap()
    }

    /// English, in dollars.
    pub(crate) fn english() -> Locale {
        locale(Language::En, "USD")
    }

    #[test]
    fn a_message_is_filled_and_its_plural_chosen() {
        let said = |language, count| {
            locale(language, "USD")
                .text_with("page.unit.months", &[("count", Argument::Count(count))])
        };
        assert_eq!(said(Language::En, 1), "1 month");
        assert_eq!(said(Language::En, 25), "25 months");
        assert_eq!(said(Language::Th, 1), "1 เดือน");
        assert_eq!(said(Language::Vi, 25), "25 tháng");
        let english = locale(Language::En, "USD");
        let message =
            Message::key("page.period.quarter").with("number", Argument::Text("3".into()));
        assert_eq!(english.message(&message), "Q3 {year}");
        assert_eq!(english.text("no.such-key"), "no.such-key");
        assert_eq!(english.message(&Message::Plain("{ใช่}".into())), "{ใช่}");
    }
}
