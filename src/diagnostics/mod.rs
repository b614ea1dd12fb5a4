//! One type for everything a user can get wrong: TOML, SQL, rhai, templates and cells.
//!
//! A [`Diagnostic`] says what is wrong ([`Code`], message), where ([`Place`]), about whom
//! (`subject`: a customer, a KPI) and what to do (`help`). Where a rule fails on data there are two
//! places: the line of the rule is the `place`, the customer's rows are `related`.
//!
//! Leaf code returns plain errors; the caller, who knows the place, makes the diagnostic. All
//! diagnostics of a stage are collected in [`Diagnostics`] and looked at when the stage ends, so
//! that a user sees every mistake at once.

mod code;
pub mod codes;
mod place;
mod render;

use serde::Serialize;

pub use code::Code;
pub use place::{Place, Source, cell_address, column_letters};
pub use render::{human, json};

/// How bad a problem is, mildest first, so that `>=` compares with `--fail-on`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing needs to be done.
    Info,
    /// A report is made, but something in it deserves a look.
    Warning,
    /// A report cannot be trusted, or cannot be made.
    Error,
}

impl std::str::FromStr for Severity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "info" => Ok(Self::Info),
            "warning" => Ok(Self::Warning),
            "error" => Ok(Self::Error),
            other => Err(format!("`{other}` is not one of info, warning, error")),
        }
    }
}

impl std::fmt::Display for Severity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// A second place that helps to understand a diagnostic, with its own remark.
#[derive(Debug, Clone, PartialEq)]
pub struct Related {
    /// Where to look.
    pub place: Place,
    /// What is to be seen there.
    pub message: String,
}

/// One thing a user can put right.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// What kind of problem it is; stable over versions.
    pub code: &'static Code,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence in the user's words, names in backticks.
    pub message: String,
    /// Where it is, if it is anywhere.
    pub place: Option<Place>,
    /// Whom it is about: `customer C-1042`, `KPI F5`.
    pub subject: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// Further places.
    pub related: Vec<Related>,
    /// How often it was found: 1, or more where repeats were grouped.
    pub count: u64,
}

impl Diagnostic {
    fn new(severity: Severity, code: &'static Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            place: None,
            subject: None,
            help: None,
            related: Vec::new(),
            count: 1,
        }
    }

    /// An error: no report can be made, or none that can be trusted.
    pub fn error(code: &'static Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A warning: the report is made and says so.
    pub fn warning(code: &'static Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// A remark.
    pub fn info(code: &'static Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Info, code, message)
    }

    /// Where it is.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Whom it is about.
    #[must_use]
    pub fn about(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// What to do about it, when there is something to say.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// A further place.
    #[must_use]
    pub fn related(mut self, place: Place, message: impl Into<String>) -> Self {
        self.related.push(Related {
            place,
            message: message.into(),
        });
        self
    }

    /// How many times it was found.
    #[must_use]
    pub fn times(mut self, count: u64) -> Self {
        self.count = count;
        self
    }
}

/// The diagnostics of a stage or a run, in the order they were found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds those of another stage.
    pub fn extend(&mut self, other: impl IntoIterator<Item = Diagnostic>) {
        self.0.extend(other);
    }

    /// Whether any is an error.
    pub fn has_errors(&self) -> bool {
        self.worst() == Some(Severity::Error)
    }

    /// The worst severity found.
    pub fn worst(&self) -> Option<Severity> {
        self.0.iter().map(|d| d.severity).max()
    }

    /// All of them, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// How many there are, repeats grouped.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(iter: I) -> Self {
        Self(iter.into_iter().collect())
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

/// The name among `known` that `typed` was most likely meant to be, if any is near enough.
///
/// Jaro-Winkler at 0.8 or above, or at most two edits for short names; ties go to the first.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut best: Option<(f64, &str)> = None;
    for name in known {
        let alike = strsim::jaro_winkler(typed, name);
        let near =
            alike >= 0.8 || (name.len() > 2 && strsim::damerau_levenshtein(typed, name) <= 2);
        if near && best.is_none_or(|(score, _)| alike > score) {
            best = Some((alike, name));
        }
    }
    best.map(|(_, name)| name)
}

/// `did you mean `x`?` where a name is near, else the list of what there is.
pub fn suggestion<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(typed, known.iter().copied()) {
        Some(name) => Some(format!("did you mean `{name}`?")),
        None if known.is_empty() => None,
        None if known.len() <= 12 => Some(format!("there are: {}", known.join(", "))),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_finds_typos_and_leaves_strangers() {
        let known = ["recency_days", "frequency", "monetary"];
        assert_eq!(nearest("recencydays", known), Some("recency_days"));
        assert_eq!(nearest("monetery", known), Some("monetary"));
        assert_eq!(nearest("colour", known), None);
    }

    #[test]
    fn errors_are_the_worst() {
        let mut found = Diagnostics::new();
        assert_eq!(found.worst(), None);
        found.push(Diagnostic::warning(&codes::workspace::UNKNOWN_KEY, "w"));
        assert!(!found.has_errors());
        found.push(Diagnostic::error(&codes::workspace::UNKNOWN_KEY, "e"));
        assert!(found.has_errors());
    }
}
