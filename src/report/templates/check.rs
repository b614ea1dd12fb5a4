//! Checks templates before any data: every branch taken, every language, a full and an empty model.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use tera::State;

use super::paths::{Path, Unknown};
use super::{FOLDER, INDEX, Mode, REPAIR_LIST, Template, Templates, brand, scan, sources};
use crate::diagnostics::codes::report::TEMPLATE_FIELD;
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::report::fixture;
use crate::report::locale::Locale;
use crate::report::model::Report;
use crate::workspace::{Currency, Files, Language};

/// A report with everything in it, and one with nothing.
static FULL: LazyLock<Report> = LazyLock::new(fixture::full);
static EMPTY: LazyLock<Report> = LazyLock::new(fixture::empty);

/// Where the templates name fields, and those of them that do not exist.
pub(super) struct Probes {
    /// Template name and field, by the number of the probe.
    looked_at: Vec<(String, Path)>,
    /// Names every template can start from.
    names: Vec<String>,
    found: Mutex<BTreeMap<(String, usize), Unknown>>,
}

impl Probes {
    /// Follows the fields of a run of probes in the values at hand; whether all of them exist.
    pub(super) fn look(&self, run: Range<usize>, state: &State) -> bool {
        let mut all = true;
        for (template, path) in self.looked_at.get(run).unwrap_or_default() {
            if let Err(unknown) = path.follow(state, &self.names) {
                all = false;
                self.found
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert((template.clone(), unknown.at.start), unknown);
            }
        }
        all
    }
}

/// Checks every template of a workspace: syntax, names of filters and functions, every field in
/// every branch, and that each renders from a full and from an empty report in each language.
pub fn check(files: &Files) -> Diagnostics {
    let mut problems = Diagnostics::new();
    let locales: Vec<Locale> = Language::ALL
        .into_iter()
        .filter_map(|language| Locale::load(files, language, &currency(language), &mut problems))
        .collect();
    if let Some(locale) = locales.first() {
        match fields(files, locale) {
            Ok(found) => problems.extend(found),
            Err(found) => {
                problems.extend(found);
                return problems;
            }
        }
    }
    if problems.has_errors() {
        return problems;
    }
    for locale in &locales {
        match Templates::compile(files, locale) {
            Ok(templates) => problems.extend(both_models(&templates)),
            Err(found) => {
                problems.extend(found);
                return problems;
            }
        }
        if problems.has_errors() {
            // The same mistake would be found once per language.
            return problems;
        }
    }
    problems.extend(brand::check(files));
    problems
}

/// A currency as a client of the language would have it: with digits and without.
fn currency(language: Language) -> Currency {
    let (code, digits) = match language {
        Language::En => ("USD", 2),
        Language::Th => ("THB", 2),
        Language::Vi => ("VND", 0),
    };
    Currency {
        code: code.to_owned(),
        digits,
    }
}

/// Renders each report once with every branch taken; returns the fields that do not exist.
fn fields(files: &Files, locale: &Locale) -> Result<Diagnostics, Diagnostics> {
    let mut looked_at = Vec::new();
    let mut templates = BTreeMap::new();
    for (name, source) in sources(files) {
        let (rewritten, paths) = scan::for_checking(&source.text, looked_at.len());
        looked_at.extend(paths.into_iter().map(|path| (name.clone(), path)));
        templates.insert(name, Template { source, rewritten });
    }
    let probes = Arc::new(Probes {
        looked_at,
        names: top_names(),
        found: Mutex::new(BTreeMap::new()),
    });
    let mode = Mode::Checking(Arc::clone(&probes));
    let templates = Templates::build(files, locale, templates, &mode)?;
    let failures: Vec<Diagnostic> = templates
        .reports()
        .filter_map(|name| full(&templates, name).err())
        .collect();
    let mut problems = Diagnostics::new();
    let found = probes.found.lock().unwrap_or_else(PoisonError::into_inner);
    for ((name, _), unknown) in found.iter() {
        if let Some(source) = templates.source(name) {
            problems.push(
                Diagnostic::error(&TEMPLATE_FIELD, unknown.message.as_str())
                    .at(Place::text(source, unknown.at.clone()))
                    .maybe_help(unknown.help.clone()),
            );
        }
    }
    for failure in failures {
        if !problems.iter().any(|known| same_line(known, &failure)) {
            problems.push(failure);
        }
    }
    Ok(problems)
}

/// Whether two diagnostics are about the same line: what a probe noted, Tera may stumble over too.
fn same_line(a: &Diagnostic, b: &Diagnostic) -> bool {
    let line = |diagnostic: &Diagnostic| match &diagnostic.place {
        Some(Place::Text { source, span }) => {
            let Range { start, .. } = span;
            Some((source.path.clone(), source.line_column(*start).0))
        }
        _ => None,
    };
    line(a).is_some() && line(a) == line(b)
}

/// Renders each report from the full and the empty model.
fn both_models(templates: &Templates) -> Diagnostics {
    let mut problems = Diagnostics::new();
    for name in templates.reports() {
        for (kind, rendered) in [
            ("full", full(templates, name)),
            ("empty", empty(templates, name)),
        ] {
            if let Err(problem) = rendered {
                let subject = format!("`{FOLDER}{name}` with a report that is {kind}");
                problems.push(problem.about(subject));
            }
        }
    }
    problems
}

fn full(templates: &Templates, name: &str) -> Result<String, Diagnostic> {
    if name == INDEX {
        templates.render(name, &fixture::full_index())
    } else if REPAIR_LIST.contains(&name) {
        templates.render(name, &fixture::full_repair_list())
    } else {
        templates.render(name, &*FULL)
    }
}

fn empty(templates: &Templates, name: &str) -> Result<String, Diagnostic> {
    if name == INDEX {
        templates.render(name, &fixture::empty_index())
    } else if REPAIR_LIST.contains(&name) {
        templates.render(name, &fixture::empty_repair_list())
    } else {
        templates.render(name, &*EMPTY)
    }
}

fn top_names() -> Vec<String> {
    let json = serde_json::to_value(&*FULL).unwrap_or_default();
    let fields = json
        .as_object()
        .into_iter()
        .flat_map(|fields| fields.keys());
    fields
        .cloned()
        .chain(["page", "pages", "loop"].map(str::to_owned))
        .collect()
}
