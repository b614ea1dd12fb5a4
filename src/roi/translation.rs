//! A case's own words in the other languages of the reports: `[[translation]]` of `rules/roi.toml`.
//!
//! Lines, phases and scenarios name each other by one text, in whatever language the client wrote
//! it. What a reader sees instead is looked up here, so that nothing has to be named twice.

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, Diagnostics, Place, codes, suggestion};
use crate::workspace::{Language, Table};

/// Texts of a case by language.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Translations(BTreeMap<String, Entry>);

#[derive(Debug, Clone, PartialEq)]
struct Entry {
    place: Place,
    /// By language code.
    said: BTreeMap<&'static str, String>,
}

impl Translations {
    /// Reads one `[[translation]]`: the `text` as the case has it, then a key per language.
    pub(super) fn read(&mut self, table: &mut Table<'_>, problems: &mut Diagnostics) {
        let text = table.required_text("text", problems);
        let mut said = BTreeMap::new();
        for code in Language::ALL.map(Language::code) {
            if let Some(words) = table.text(code, problems) {
                said.insert(code, words.value);
            }
        }
        if let Some(text) = text {
            let place = text.place;
            self.0.insert(text.value, Entry { place, said });
        }
    }

    /// A text of the case as the readers of a language say it; the text itself where nobody said.
    pub fn of<'a>(&'a self, text: &'a str, language: Language) -> &'a str {
        let entry = self.0.get(text);
        entry
            .and_then(|entry| entry.said.get(language.code()))
            .map_or(text, String::as_str)
    }

    /// Reports what translates nothing that the case says, most often a slip in `text`.
    pub(super) fn check(&self, used: &[&str], problems: &mut Diagnostics) {
        for (text, entry) in &self.0 {
            if !used.contains(&text.as_str()) {
                problems.push(
                    Diagnostic::warning(
                        &codes::roi::UNUSED_TRANSLATION,
                        format!("the case says `{text}` nowhere, so its translation is not used"),
                    )
                    .at(entry.place.clone())
                    .maybe_help(suggestion(text, used.iter().copied())),
                );
            }
        }
    }
}
