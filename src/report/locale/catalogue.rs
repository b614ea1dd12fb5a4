//! Catalogues: dotted keys to texts, the shipped ones with the workspace's laid over them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostics::codes::report::{PLACEHOLDERS, PLURAL};
use crate::diagnostics::{Diagnostic, Diagnostics, Place, Source};
use crate::workspace::{Document, Files, Language, Provenance, Table, shipped};

/// The text of a key.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Text {
    /// One form for every number.
    Plain(String),
    /// A form for one and a form for the rest.
    Plural {
        /// The form for one.
        one: String,
        /// The form for every other number.
        other: String,
    },
}

impl Text {
    pub(super) fn other(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Plural { other: text, .. } => text,
        }
    }

    /// The placeholders of every form together.
    pub(super) fn placeholders(&self) -> BTreeSet<&str> {
        let forms = match self {
            Self::Plain(text) => [text.as_str(), ""],
            Self::Plural { one, other } => [one.as_str(), other.as_str()],
        };
        forms
            .into_iter()
            .flat_map(pieces)
            .filter_map(|piece| match piece {
                Piece::Placeholder(name) => Some(name),
                Piece::Words(_) => None,
            })
            .collect()
    }
}

/// A stretch of a text.
#[derive(Debug, PartialEq)]
pub(super) enum Piece<'a> {
    /// Printed as it is.
    Words(&'a str),
    /// The name between a pair of braces.
    Placeholder(&'a str),
}

/// The words and placeholders of a text, in order; braces around anything but a name are words.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut words = 0;
    let mut from = 0;
    while let Some(open) = text[from..].find('{').map(|at| from + at) {
        let name = text[open + 1..]
            .find('}')
            .map(|length| &text[open + 1..open + 1 + length]);
        match name {
            Some(name) if is_name(name) => {
                if words < open {
                    found.push(Piece::Words(&text[words..open]));
                }
                found.push(Piece::Placeholder(name));
                words = open + name.len() + 2;
                from = words;
            }
            _ => from = open + 1,
        }
    }
    if words < text.len() {
        found.push(Piece::Words(&text[words..]));
    }
    found
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
}

/// The path of a language's catalogue.
pub fn path(language: Language) -> String {
    format!("report-templates/locales/{}.toml", language.code())
}

/// The texts of a language; none when any catalogue it is made of has a mistake.
pub(super) fn load(
    files: &Files,
    language: Language,
    problems: &mut Diagnostics,
) -> Option<BTreeMap<String, Text>> {
    let path = path(language);
    let mut found = Diagnostics::new();
    let mut texts = BTreeMap::new();
    if let Some(text) = shipped(&path) {
        read(&Source::new(path.clone(), text), &mut texts, &mut found);
    }
    if files.provenance(&path) == Some(Provenance::Workspace)
        && let Some(source) = files.get(&path)
    {
        let mut own = BTreeMap::new();
        let places = read(source, &mut own, &mut found);
        for (key, text) in own {
            if let Some(shipped) = texts.get(&key) {
                let place = places.get(&key).cloned();
                compare(&key, shipped, &text, place, &mut found);
            }
            texts.insert(key, text);
        }
    }
    let sound = !found.has_errors();
    problems.extend(found);
    sound.then_some(texts)
}

/// A text of the client's own may leave a placeholder out, but not ask for one nobody fills.
fn compare(
    key: &str,
    shipped: &Text,
    own: &Text,
    place: Option<Place>,
    problems: &mut Diagnostics,
) {
    let known = shipped.placeholders();
    for name in own.placeholders().difference(&known) {
        let mut problem = Diagnostic::error(
            &PLACEHOLDERS,
            format!("`{key}` has a placeholder `{{{name}}}` that nothing fills"),
        )
        .maybe_help(crate::diagnostics::suggestion(name, known.iter().copied()));
        problem.place.clone_from(&place);
        problems.push(problem);
    }
}

/// Reads a catalogue into `texts`; returns where each key stands.
fn read(
    source: &Arc<Source>,
    texts: &mut BTreeMap<String, Text>,
    problems: &mut Diagnostics,
) -> BTreeMap<String, Place> {
    let mut places = BTreeMap::new();
    match Document::parse(source) {
        Ok(document) => walk(&document.root(), "", texts, &mut places, problems),
        Err(problem) => problems.push(problem),
    }
    places
}

fn walk(
    table: &Table<'_>,
    prefix: &str,
    texts: &mut BTreeMap<String, Text>,
    places: &mut BTreeMap<String, Place>,
    problems: &mut Diagnostics,
) {
    for key in table.keys() {
        let name = match prefix {
            "" => key.value.clone(),
            _ => format!("{prefix}.{}", key.value),
        };
        match table.table_named(&key.value, &mut Diagnostics::new()) {
            Some(sub) if is_plural(&sub) => {
                if let Some(text) = plural(&sub, &name, problems) {
                    texts.insert(name.clone(), text);
                    places.insert(name, key.place);
                }
            }
            Some(sub) => walk(&sub, &name, texts, places, problems),
            None => {
                if let Some(text) = table.text_named(&key.value, problems) {
                    texts.insert(name.clone(), Text::Plain(text.value));
                    places.insert(name, text.place);
                }
            }
        }
    }
}

fn is_plural(table: &Table<'_>) -> bool {
    table
        .keys()
        .iter()
        .any(|key| key.value == "one" || key.value == "other")
}

fn plural(table: &Table<'_>, name: &str, problems: &mut Diagnostics) -> Option<Text> {
    let stray = table
        .keys()
        .into_iter()
        .find(|key| key.value != "one" && key.value != "other");
    if let Some(stray) = stray {
        let message = format!(
            "`{name}` has a form `{}`; a plural has `one` and `other`",
            stray.value
        );
        problems.push(Diagnostic::error(&PLURAL, message).at(stray.place));
        return None;
    }
    let one = table.text_named("one", problems);
    let other = table.text_named("other", problems);
    match (one, other) {
        (Some(one), Some(other)) => Some(Text::Plural {
            one: one.value,
            other: other.value,
        }),
        _ => {
            let message = format!("`{name}` is a plural and must have both `one` and `other`");
            problems.push(Diagnostic::error(&PLURAL, message).at(table.place()));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_names_in_braces() {
        let text = "{count} of {total}: {not a name} {}";
        assert_eq!(
            pieces(text),
            [
                Piece::Placeholder("count"),
                Piece::Words(" of "),
                Piece::Placeholder("total"),
                Piece::Words(": {not a name} {}"),
            ]
        );
    }

    /// A language is complete when it says everything English says, with the same figures in it.
    #[test]
    fn the_catalogues_have_the_same_keys_and_placeholders() {
        let files = Files::built_in();
        let mut problems = Diagnostics::new();
        let of = |language, problems: &mut Diagnostics| load(&files, language, problems).unwrap();
        let english = of(Language::En, &mut problems);
        for language in [Language::Th, Language::Vi] {
            let other = of(language, &mut problems);
            let keys =
                |texts: &BTreeMap<String, Text>| texts.keys().cloned().collect::<BTreeSet<_>>();
            let (en, it) = (keys(&english), keys(&other));
            let missing: Vec<_> = en.symmetric_difference(&it).collect();
            assert!(missing.is_empty(), "{}: {missing:?}", language.code());
            for (key, text) in &english {
                assert_eq!(
                    text.placeholders(),
                    other[key].placeholders(),
                    "{}: {key}",
                    language.code()
                );
            }
        }
        assert!(problems.is_empty(), "{problems:?}");
    }

    #[test]
    fn a_workspace_overrides_key_by_key_and_its_mistakes_have_a_place() {
        let path = path(Language::En);
        let files = Files::built_in().with(
            &path,
            "[page]\nlanguage = \"British\"\n[mine]\nkpi = \"Mine\"\n",
        );
        let mut problems = Diagnostics::new();
        let texts = load(&files, Language::En, &mut problems).unwrap();
        assert_eq!(texts["page.language"].other(), "British");
        assert_eq!(texts["mine.kpi"].other(), "Mine");
        assert!(texts.contains_key("customers.title"));

        let files = Files::built_in().with(
            &path,
            "[page]\nlanguage = 5\n[page.period]\nquarter = \"Q{nummber}\"\n",
        );
        let mut problems = Diagnostics::new();
        assert!(load(&files, Language::En, &mut problems).is_none());
        let said: Vec<_> = problems
            .iter()
            .map(|d| format!("{} {}", d.place.as_ref().unwrap(), d.code.name))
            .collect();
        assert_eq!(
            said,
            [
                "report-templates/locales/en.toml:2:12 wrong-type",
                "report-templates/locales/en.toml:4:11 locale-placeholders",
            ]
        );
    }
}
