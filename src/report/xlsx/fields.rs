//! The attributes of an element, read by name and type; and what was wrong with them.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::element::Element;
use super::origin::{Mark, Origins};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, codes, suggestion};

/// What was found wrong in the markup of one workbook.
///
/// A tag in a loop is wrong once, not once per round: repeats of a message at the same place are
/// counted, and so is every further message of a code there after the third.
pub(super) struct Problems<'a> {
    origins: &'a Origins,
    found: Vec<Diagnostic>,
    /// Indices into `found` by code and place.
    seen: BTreeMap<(&'static str, String), Vec<usize>>,
}

impl<'a> Problems<'a> {
    pub(super) fn new(origins: &'a Origins) -> Self {
        Self {
            origins,
            found: Vec::new(),
            seen: BTreeMap::new(),
        }
    }

    pub(super) fn add(
        &mut self,
        code: &'static Code,
        mark: Mark,
        element: &str,
        attribute: Option<&str>,
        message: String,
        help: Option<String>,
    ) {
        let diagnostic = Diagnostic::error(code, message).maybe_help(help);
        self.push(diagnostic, mark, element, attribute);
    }

    fn push(
        &mut self,
        mut diagnostic: Diagnostic,
        mark: Mark,
        element: &str,
        attribute: Option<&str>,
    ) {
        diagnostic.place = self.origins.place(mark, element, attribute);
        let place = diagnostic
            .place
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        let there = self.seen.entry((diagnostic.code.name, place)).or_default();
        let same = there
            .iter()
            .copied()
            .find(|index| self.found[*index].message == diagnostic.message);
        let full = there.last().copied().filter(|_| there.len() >= 3);
        match same.or(full) {
            Some(index) => self.found[index].count += 1,
            None => {
                there.push(self.found.len());
                self.found.push(diagnostic);
            }
        }
    }

    /// An error about an element.
    pub(super) fn error(&mut self, code: &'static Code, at: &Element, message: impl Into<String>) {
        self.add(code, at.mark, &at.name, None, message.into(), None);
    }

    /// An error about an attribute of an element.
    pub(super) fn attribute(
        &mut self,
        code: &'static Code,
        at: &Element,
        attribute: &str,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        let name = Some(attribute);
        self.add(code, at.mark, &at.name, name, message.into(), help);
    }

    /// Something that was put right, but should be known.
    pub(super) fn warning(&mut self, code: &'static Code, at: &Element, message: String) {
        self.push(Diagnostic::warning(code, message), at.mark, &at.name, None);
    }

    /// What the writer of the file refused, at the element it was asked for by.
    pub(super) fn refused(&mut self, at: &Element, error: &rust_xlsxwriter::XlsxError) {
        self.error(&codes::report::WORKBOOK_REFUSED, at, error.to_string());
    }

    pub(super) fn has_errors(&self) -> bool {
        let error = crate::diagnostics::Severity::Error;
        self.found.iter().any(|d| d.severity == error)
    }

    pub(super) fn into_diagnostics(self) -> Diagnostics {
        let mut diagnostics = Diagnostics::new();
        diagnostics.extend(self.found);
        diagnostics
    }
}

/// The attributes of one element. Every attribute it can have must be asked for before
/// [`Fields::finish`], which reports the others.
pub(super) struct Fields<'e, 'p, 'o> {
    pub(super) element: &'e Element,
    pub(super) problems: &'p mut Problems<'o>,
    known: Vec<&'static str>,
}

impl<'e, 'p, 'o> Fields<'e, 'p, 'o> {
    pub(super) fn of(element: &'e Element, problems: &'p mut Problems<'o>) -> Self {
        Self {
            element,
            problems,
            known: Vec::new(),
        }
    }

    /// An attribute as written.
    pub(super) fn text(&mut self, name: &'static str) -> Option<&'e str> {
        self.known.push(name);
        let found = self.element.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// An attribute that must be there.
    pub(super) fn required(&mut self, name: &'static str) -> Option<&'e str> {
        let value = self.text(name);
        if value.is_none() {
            let message = format!("`<{}>` needs a `{name}`", self.element.name);
            self.problems
                .error(&codes::report::WORKBOOK_MISSING, self.element, message);
        }
        value
    }

    /// Reports a value that cannot be used.
    pub(super) fn bad(&mut self, name: &str, value: &str, wanted: &str) {
        let message = format!("`{name}` is `{value}`, which is not {wanted}");
        let code = &codes::report::WORKBOOK_VALUE;
        self.problems
            .attribute(code, self.element, name, message, None);
    }

    fn parsed<T>(
        &mut self,
        name: &'static str,
        wanted: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.text(name)?;
        let parsed = parse(value.trim());
        if parsed.is_none() {
            self.bad(name, value, wanted);
        }
        parsed
    }

    /// A finite number.
    pub(super) fn number(&mut self, name: &'static str) -> Option<f64> {
        self.parsed(name, "a number", finite)
    }

    /// A finite number within bounds.
    pub(super) fn number_in(&mut self, name: &'static str, low: f64, high: f64) -> Option<f64> {
        let wanted = format!("a number from {low} to {high}");
        self.parsed(name, &wanted, |text| {
            finite(text).filter(|value| (low..=high).contains(value))
        })
    }

    /// A whole number within bounds.
    pub(super) fn whole(&mut self, name: &'static str, low: u32, high: u32) -> Option<u32> {
        let wanted = format!("a whole number from {low} to {high}");
        self.parsed(name, &wanted, |text| {
            text.parse()
                .ok()
                .filter(|value| (low..=high).contains(value))
        })
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, name: &'static str) -> Option<bool> {
        self.parsed(name, "`true` or `false`", |text| text.parse().ok())
    }

    /// `#RRGGBB`.
    pub(super) fn color(&mut self, name: &'static str) -> Option<u32> {
        self.parsed(name, "a colour such as `#0F5A8C`", color)
    }

    /// A day.
    pub(super) fn date(&mut self, name: &'static str) -> Option<NaiveDate> {
        self.parsed(name, "a day such as `2026-09-30`", |text| text.parse().ok())
    }

    /// One of a list of words, as what stands beside it.
    pub(super) fn one_of<T: Clone>(
        &mut self,
        name: &'static str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let value = self.text(name)?;
        let found = choices.iter().find(|(word, _)| *word == value.trim());
        if found.is_none() {
            let help = suggestion(value, choices.iter().map(|(word, _)| *word));
            let message = format!("`{name}` cannot be `{value}`");
            let code = &codes::report::WORKBOOK_VALUE;
            self.problems
                .attribute(code, self.element, name, message, help);
        }
        found.map(|(_, choice)| choice.clone())
    }

    /// Reports attributes that nothing asked for.
    pub(super) fn finish(self) {
        for (name, _) in &self.element.attributes {
            if !self.known.contains(&name.as_str()) {
                let message = format!("`<{}>` has no attribute `{name}`", self.element.name);
                let help = suggestion(name, self.known.iter().copied());
                let code = &codes::report::WORKBOOK_ATTRIBUTE;
                self.problems
                    .attribute(code, self.element, name, message, help);
            }
        }
    }
}

/// Reports an element that cannot stand where it does, with what can.
pub(super) fn unknown_element(
    problems: &mut Problems<'_>,
    parent: &Element,
    child: &Element,
    known: &[&str],
) {
    let message = format!("`<{}>` cannot stand in `<{}>`", child.name, parent.name);
    let help = suggestion(&child.name, known.iter().copied());
    let code = &codes::report::WORKBOOK_ELEMENT;
    problems.add(code, child.mark, &child.name, None, message, help);
}

/// Reports text where only elements are read.
pub(super) fn no_text(problems: &mut Problems<'_>, element: &Element) {
    if !element.text.is_empty() {
        let start: String = element.text.chars().take(20).collect();
        let message = format!(
            "`{start}` stands in `<{}>`, where no text is read",
            element.name
        );
        problems.error(&codes::report::WORKBOOK_ELEMENT, element, message);
    }
}

fn finite(text: &str) -> Option<f64> {
    let value: f64 = text.parse().ok()?;
    // Adding zero turns a negative zero into zero, which prints without a sign.
    value.is_finite().then_some(value + 0.0)
}

/// `#RRGGBB` as a number.
pub(super) fn color(text: &str) -> Option<u32> {
    let digits = text.strip_prefix('#')?;
    let hex = digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    hex.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}
