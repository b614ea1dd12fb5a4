//! Whether the locale catalogues hold the texts that rules name.

use std::collections::{BTreeMap, BTreeSet};

use super::check::KeyUse;
use super::script::{Script, place};
use crate::diagnostics::codes::rules::UNKNOWN_TEXT;
use crate::diagnostics::{Diagnostic, Diagnostics, suggestion};
use crate::workspace::{Files, Language, shipped};

/// The texts of one language by dotted key; the forms of a plural one after the other.
pub(super) type Catalogue = BTreeMap<String, String>;

/// The catalogues of every language, those of the workspace laid over the shipped ones. What cannot
/// be parsed is left out: that is for those who print with it to say.
pub(super) fn catalogues(files: &Files) -> Vec<(Language, Catalogue)> {
    let mut all = Vec::new();
    for language in Language::ALL {
        let path = format!("report-templates/locales/{}.toml", language.code());
        let own = files.get(&path).map(|source| source.text.as_str());
        let mut catalogue = Catalogue::new();
        for text in [shipped(&path), own].into_iter().flatten() {
            if let Ok(table) = text.parse::<toml::Table>() {
                flatten("", &table, &mut catalogue);
            }
        }
        all.push((language, catalogue));
    }
    all
}

fn flatten(prefix: &str, table: &toml::Table, into: &mut Catalogue) {
    for (key, value) in table {
        let path = if prefix.is_empty() {
            key.clone()
        } else {
            format!("{prefix}.{key}")
        };
        match value {
            toml::Value::Table(forms) if is_plural(forms) => {
                let forms = forms.values().filter_map(toml::Value::as_str);
                into.insert(path, forms.collect::<Vec<_>>().join(" "));
            }
            toml::Value::Table(table) => flatten(&path, table, into),
            toml::Value::String(text) => {
                into.insert(path, text.clone());
            }
            _ => {}
        }
    }
}

fn is_plural(table: &toml::Table) -> bool {
    table.keys().all(|key| key == "one" || key == "other")
}

/// The placeholders of a text: `{value}`, `{value:money}`.
pub(super) fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split(['}', ':', ',']).next())
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect()
}

/// Warns of texts that a catalogue lacks, and of placeholders that a rule does not fill.
///
/// Names of classes and criteria are let be: a client's own are printed as they are.
pub(super) fn check(
    script: &Script,
    uses: &BTreeSet<KeyUse>,
    catalogues: &[(Language, Catalogue)],
    problems: &mut Diagnostics,
) {
    for used in uses.iter().filter(|used| !used.is_name) {
        let at = place(&script.source, used.position);
        let lacking: Vec<&str> = catalogues
            .iter()
            .filter(|(_, catalogue)| !catalogue.contains_key(&used.key))
            .map(|(language, _)| language.code())
            .collect();
        if !lacking.is_empty() {
            let known = catalogues.first().map(|(_, catalogue)| catalogue.keys());
            let known = known.into_iter().flatten().map(String::as_str);
            let help = suggestion(&used.key, known).filter(|help| help.starts_with("did"));
            let message = format!(
                "the text `{}` is missing from the catalogue of {}",
                used.key,
                lacking.join(", ")
            );
            let diagnostic = Diagnostic::warning(&UNKNOWN_TEXT, message);
            problems.push(diagnostic.at(at).maybe_help(help));
            continue;
        }
        let Some(given) = &used.args else { continue };
        let unfilled: BTreeSet<&str> = catalogues
            .iter()
            .filter_map(|(_, catalogue)| catalogue.get(&used.key))
            .flat_map(|text| placeholders(text))
            .filter(|name| !given.contains(*name))
            .collect();
        if !unfilled.is_empty() {
            let names: Vec<String> = unfilled.iter().map(|name| format!("`{name}`")).collect();
            let message = format!("the text `{}` needs {}", used.key, names.join(" and "));
            problems.push(Diagnostic::warning(&UNKNOWN_TEXT, message).at(at));
        }
    }
}
