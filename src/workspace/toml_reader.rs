//! Reads TOML so that every mistake in a file is found at once, each with its place.
//!
//! A caller asks a [`Table`] for the keys it knows; what it asks for *is* the list of known keys, so
//! that no second list can disagree. [`Table::finish`] then reports the keys nobody asked for.
//! Values come back with their place, so that later stages can point at them.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostics::codes::workspace::{
    BAD_VALUE, MISSING_KEY, SYNTAX, UNKNOWN_KEY, WRONG_TYPE,
};
use crate::diagnostics::{Diagnostic, Diagnostics, Place, Source, suggestion};

/// A value with the place it was written at.
#[derive(Debug, Clone, PartialEq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub place: Place,
}

/// A parsed TOML file.
pub struct Document<'a> {
    source: &'a Arc<Source>,
    root: Spanned<DeTable<'a>>,
}

impl<'a> Document<'a> {
    /// Parses a file.
    ///
    /// # Errors
    /// The first syntax error, at its place (those after it are mostly its echoes).
    pub fn parse(source: &'a Arc<Source>) -> Result<Self, Diagnostic> {
        match DeTable::parse(&source.text) {
            Ok(root) => Ok(Self { source, root }),
            Err(error) => {
                let span = error.span().unwrap_or(0..0);
                let message = format!("not valid TOML: {}", error.message().trim());
                Err(Diagnostic::error(&SYNTAX, message).at(Place::text(source, span)))
            }
        }
    }

    /// The top table.
    pub fn root(&self) -> Table<'_> {
        Table {
            source: self.source,
            table: self.root.get_ref(),
            span: self.root.span(),
            path: String::new(),
            asked: BTreeSet::new(),
        }
    }
}

/// A table of a TOML file that is being read.
pub struct Table<'a> {
    source: &'a Arc<Source>,
    table: &'a DeTable<'a>,
    span: Range<usize>,
    path: String,
    asked: BTreeSet<&'static str>,
}

impl<'a> Table<'a> {
    /// Where the table stands.
    pub fn place(&self) -> Place {
        Place::text(self.source, self.span.clone())
    }

    /// Where the value of a key stands, or the table where there is none.
    pub fn place_of(&self, key: &str) -> Place {
        match self.table.get(key) {
            Some(value) => Place::text(self.source, value.span()),
            None => self.place(),
        }
    }

    /// Whether a key is there; asking counts as knowing it.
    pub fn has(&mut self, key: &'static str) -> bool {
        self.raw(key).is_some()
    }

    /// Whether a key holds a number, for keys that take a number or something else.
    pub fn is_number(&self, key: &str) -> bool {
        self.table
            .get(key)
            .is_some_and(|value| number(value.get_ref()).is_some())
    }

    /// The keys of the table as written, for tables whose keys are the user's own.
    pub fn keys(&self) -> Vec<Located<String>> {
        let mut keys: Vec<_> = self.table.iter().map(|(key, _)| key).collect();
        keys.sort_by_key(|key| key.span().start);
        keys.into_iter()
            .map(|key| Located {
                value: key.get_ref().to_string(),
                place: Place::text(self.source, key.span()),
            })
            .collect()
    }

    fn raw(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.insert(key);
        self.table.get(key)
    }

    fn name(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    fn located<T>(&self, value: T, span: Range<usize>) -> Located<T> {
        Located {
            value,
            place: Place::text(self.source, span),
        }
    }

    fn typed<T>(
        &mut self,
        key: &'static str,
        expected: &str,
        problems: &mut Diagnostics,
        read: impl FnOnce(&DeValue<'a>) -> Option<T>,
    ) -> Option<Located<T>> {
        let found = self.raw(key)?;
        match read(found.get_ref()) {
            Some(value) => Some(self.located(value, found.span())),
            None => {
                let message = format!(
                    "`{}` takes {expected}, not {}",
                    self.name(key),
                    kind(found.get_ref())
                );
                problems.push(
                    Diagnostic::error(&WRONG_TYPE, message)
                        .at(Place::text(self.source, found.span())),
                );
                None
            }
        }
    }

    /// A text.
    pub fn text(
        &mut self,
        key: &'static str,
        problems: &mut Diagnostics,
    ) -> Option<Located<String>> {
        self.typed(key, "a text", problems, |v| v.as_str().map(str::to_owned))
    }

    /// A text that must be there.
    pub fn required_text(
        &mut self,
        key: &'static str,
        problems: &mut Diagnostics,
    ) -> Option<Located<String>> {
        self.require(key, problems);
        self.text(key, problems)
    }

    /// A text that one of `T`'s names can be read from; `T`'s error says which there are.
    pub fn parsed<T: std::str::FromStr<Err = String>>(
        &mut self,
        key: &'static str,
        problems: &mut Diagnostics,
    ) -> Option<Located<T>> {
        let text = self.text(key, problems)?;
        match text.value.parse() {
            Ok(value) => Some(Located {
                value,
                place: text.place,
            }),
            Err(message) => {
                let message = format!("`{}`: {message}", self.name(key));
                problems.push(Diagnostic::error(&BAD_VALUE, message).at(text.place));
                None
            }
        }
    }

    /// A number, whole or not.
    pub fn number(
        &mut self,
        key: &'static str,
        problems: &mut Diagnostics,
    ) -> Option<Located<f64>> {
        self.typed(key, "a number", problems, number)
    }

    /// A number within bounds, both included.
    pub fn number_in(
        &mut self,
        key: &'static str,
        bounds: std::ops::RangeInclusive<f64>,
        problems: &mut Diagnostics,
    ) -> Option<Located<f64>> {
        let found = self.number(key, problems)?;
        self.within(key, found, bounds, problems)
    }

    fn within(
        &self,
        key: &str,
        found: Located<f64>,
        bounds: std::ops::RangeInclusive<f64>,
        problems: &mut Diagnostics,
    ) -> Option<Located<f64>> {
        if bounds.contains(&found.value) {
            return Some(found);
        }
        let message = format!(
            "`{}` is {}; it must be between {} and {}",
            self.name(key),
            found.value,
            bounds.start(),
            bounds.end()
        );
        problems.push(Diagnostic::error(&BAD_VALUE, message).at(found.place));
        None
    }

    /// An exact decimal: the digits as written, so that money in TOML is not rounded through f64.
    pub fn decimal(
        &mut self,
        key: &'static str,
        problems: &mut Diagnostics,
    ) -> Option<Located<rust_decimal::Decimal>> {
        self.typed(key, "a number", problems, |value| {
            let digits = match value {
                DeValue::Integer(n) => n.as_str().replace('_', ""),
                DeValue::Float(n) => n.as_str().replace('_', ""),
                _ => return None,
            };
            digits
                .parse()
                .ok()
                .or_else(|| rust_decimal::Decimal::from_scientific(&digits).ok())
        })
    }

    /// A whole number within bounds, both included.
    pub fn whole(
        &mut self,
        key: &'static str,
        bounds: std::ops::RangeInclusive<i64>,
        problems: &mut Diagnostics,
    ) -> Option<Located<i64>> {
        let found = self.typed(key, "a whole number", problems, whole)?;
        if bounds.contains(&found.value) {
            return Some(found);
        }
        let message = format!(
            "`{}` is {}; it must be from {} to {}",
            self.name(key),
            found.value,
            bounds.start(),
            bounds.end()
        );
        problems.push(Diagnostic::error(&BAD_VALUE, message).at(found.place));
        None
    }

    /// True or false.
    pub fn boolean(
        &mut self,
        key: &'static str,
        problems: &mut Diagnostics,
    ) -> Option<Located<bool>> {
        self.typed(key, "true or false", problems, DeValue::as_bool)
    }

    /// A day: a TOML date, or the same as text.
    pub fn date(
        &mut self,
        key: &'static str,
        problems: &mut Diagnostics,
    ) -> Option<Located<chrono::NaiveDate>> {
        self.typed(key, "a date such as 2026-09-30", problems, |value| {
            let text = match value {
                DeValue::Datetime(date) => date.to_string(),
                other => other.as_str()?.to_owned(),
            };
            text.parse().ok()
        })
    }

    /// A list of texts.
    pub fn texts(
        &mut self,
        key: &'static str,
        problems: &mut Diagnostics,
    ) -> Option<Located<Vec<Located<String>>>> {
        let source = self.source;
        self.typed(key, "a list of texts", problems, |value| {
            value
                .as_array()?
                .iter()
                .map(|item| {
                    Some(Located {
                        value: item.get_ref().as_str()?.to_owned(),
                        place: Place::text(source, item.span()),
                    })
                })
                .collect()
        })
    }

    /// A list of numbers.
    pub fn numbers(
        &mut self,
        key: &'static str,
        problems: &mut Diagnostics,
    ) -> Option<Located<Vec<f64>>> {
        self.typed(key, "a list of numbers", problems, |value| {
            value
                .as_array()?
                .iter()
                .map(|item| number(item.get_ref()))
                .collect()
        })
    }

    /// A table within this one.
    pub fn table(&mut self, key: &'static str, problems: &mut Diagnostics) -> Option<Table<'a>> {
        let found = self.raw(key)?;
        self.sub(key, found, problems)
    }

    /// A table within this one by a key the user chose.
    pub fn table_named(&self, key: &str, problems: &mut Diagnostics) -> Option<Table<'a>> {
        self.sub(key, self.table.get(key)?, problems)
    }

    /// A text by a key the user chose, for tables such as `columns = { customer_id = "…" }`.
    pub fn text_named(&self, key: &str, problems: &mut Diagnostics) -> Option<Located<String>> {
        let found = self.table.get(key)?;
        match found.get_ref().as_str() {
            Some(text) => Some(self.located(text.to_owned(), found.span())),
            None => {
                self.wrong(key, "a text", found, problems);
                None
            }
        }
    }

    /// A number within bounds by a key the user chose.
    pub fn number_named(
        &self,
        key: &str,
        bounds: std::ops::RangeInclusive<f64>,
        problems: &mut Diagnostics,
    ) -> Option<Located<f64>> {
        let found = self.table.get(key)?;
        let Some(value) = number(found.get_ref()) else {
            self.wrong(key, "a number", found, problems);
            return None;
        };
        let located = self.located(value, found.span());
        self.within(key, located, bounds, problems)
    }

    /// A list of tables (`[[key]]`); empty where there is none.
    pub fn tables(&mut self, key: &'static str, problems: &mut Diagnostics) -> Vec<Table<'a>> {
        let Some(found) = self.raw(key) else {
            return Vec::new();
        };
        let Some(items) = found.get_ref().as_array() else {
            self.wrong(key, "a list of tables (`[[…]]`)", found, problems);
            return Vec::new();
        };
        items
            .iter()
            .filter_map(|item| self.sub(key, item, problems))
            .collect()
    }

    fn sub(
        &self,
        key: &str,
        found: &'a Spanned<DeValue<'a>>,
        problems: &mut Diagnostics,
    ) -> Option<Table<'a>> {
        match found.get_ref().as_table() {
            Some(table) => Some(Table {
                source: self.source,
                table,
                span: found.span(),
                path: self.name(key),
                asked: BTreeSet::new(),
            }),
            None => {
                self.wrong(key, "a table", found, problems);
                None
            }
        }
    }

    fn wrong(
        &self,
        key: &str,
        expected: &str,
        found: &Spanned<DeValue<'_>>,
        problems: &mut Diagnostics,
    ) {
        let message = format!(
            "`{}` takes {expected}, not {}",
            self.name(key),
            kind(found.get_ref())
        );
        problems.push(
            Diagnostic::error(&WRONG_TYPE, message).at(Place::text(self.source, found.span())),
        );
    }

    /// Reports a key that must be there and is not.
    pub fn require(&mut self, key: &'static str, problems: &mut Diagnostics) {
        if self.raw(key).is_none() {
            let message = format!("`{}` is missing", self.name(key));
            problems.push(Diagnostic::error(&MISSING_KEY, message).at(self.place()));
        }
    }

    /// Reports the keys nobody asked for, each with the nearest that is known.
    pub fn finish(self, problems: &mut Diagnostics) {
        let mut unknown: Vec<_> = self
            .table
            .iter()
            .map(|(key, _)| key)
            .filter(|key| !self.asked.contains(key.get_ref().as_ref()))
            .collect();
        unknown.sort_by_key(|key| key.span().start);
        for key in unknown {
            let typed: &str = key.get_ref();
            problems.push(
                Diagnostic::error(&UNKNOWN_KEY, format!("unknown key `{}`", self.name(typed)))
                    .at(Place::text(self.source, key.span()))
                    .maybe_help(suggestion(typed, self.asked.iter().copied())),
            );
        }
    }
}

fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Float(n) => n
            .as_str()
            .replace('_', "")
            .parse()
            .ok()
            .filter(|n: &f64| n.is_finite()),
        other => whole(other).map(|n| n as f64),
    }
}

fn whole(value: &DeValue<'_>) -> Option<i64> {
    let n = value.as_integer()?;
    i64::from_str_radix(&n.as_str().replace('_', ""), n.radix()).ok()
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_is_found_at_once() {
        let source = Source::new(
            "quarterdeck.toml",
            "[client]\nnmae = \"ก\"\ncurrency = 5\n[calendar]\nfiscal-year-start = 13\n",
        );
        let document = Document::parse(&source).unwrap();
        let mut problems = Diagnostics::new();
        let mut root = document.root();
        let mut client = root.table("client", &mut problems).unwrap();
        client.required_text("name", &mut problems);
        client.text("currency", &mut problems);
        client.finish(&mut problems);
        let mut calendar = root.table("calendar", &mut problems).unwrap();
        calendar.whole("fiscal-year-start", 1..=12, &mut problems);
        calendar.finish(&mut problems);
        root.finish(&mut problems);
        let said: Vec<_> = problems
            .iter()
            .map(|d| format!("{} {}", d.place.as_ref().unwrap(), d.message))
            .collect();
        assert_eq!(
            said,
            [
                "quarterdeck.toml:1:1 `client.name` is missing",
                "quarterdeck.toml:3:12 `client.currency` takes a text, not a whole number",
                "quarterdeck.toml:2:1 unknown key `client.nmae`",
                "quarterdeck.toml:5:21 `calendar.fiscal-year-start` is 13; it must be from 1 to 12",
            ]
        );
        assert_eq!(
            problems.iter().nth(2).unwrap().help.as_deref(),
            Some("did you mean `name`?")
        );
    }

    #[test]
    fn decimals_keep_their_digits() {
        let source = Source::new("x.toml", "a = 123456789012345.67\nb = 1_000\nc = 1e3");
        let document = Document::parse(&source).unwrap();
        let mut problems = Diagnostics::new();
        let mut root = document.root();
        let mut read = |key| root.decimal(key, &mut problems).unwrap().value.to_string();
        assert_eq!(read("a"), "123456789012345.67");
        assert_eq!(read("b"), "1000");
        assert_eq!(read("c"), "1000");
    }

    #[test]
    fn a_syntax_error_has_its_place() {
        let source = Source::new("x.toml", "a = 1\nb = [1, 2\nc = 3\n");
        let error = Document::parse(&source).err().unwrap();
        assert_eq!(error.code.name, "toml-syntax");
        assert!(error.place.unwrap().to_string().starts_with("x.toml:"));
    }
}
