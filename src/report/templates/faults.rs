//! Tera's errors as diagnostics, at their line in the template as written.

use std::collections::BTreeMap;

use tera::{Error, ErrorKind};

use super::{FOLDER, Template, scan};
use crate::diagnostics::codes::report::{
    TEMPLATE_FIELD, TEMPLATE_LIMIT, TEMPLATE_RENDER, TEMPLATE_SYNTAX, TEMPLATE_VALUE,
};
use crate::diagnostics::{Code, Diagnostic, Place, suggestion};

type All = BTreeMap<String, Template>;

/// Separates what is wrong from what to do, in the one text that a Tera error carries.
const HELP: char = '\u{1}';
/// Starts the text of an error about a value that needs a filter.
const VALUE: char = '\u{2}';

/// An error of a filter or function, with what to do about it.
pub(super) fn advise(message: impl std::fmt::Display, help: impl std::fmt::Display) -> Error {
    Error::message(format!("{message}{HELP}{help}"))
}

/// An error about a value that is printed as it is.
pub(super) fn bare(message: impl std::fmt::Display, help: impl std::fmt::Display) -> Error {
    Error::message(format!("{VALUE}{message}{HELP}{help}"))
}

/// Errors of a template that does not parse; references are looked at when all are together.
pub(super) fn syntax(error: &Error, templates: &All) -> Option<Diagnostic> {
    match error.kind() {
        ErrorKind::SyntaxError(report) => {
            let span = &report.span().range;
            let place = place(report.filename(), span.start, span.end, templates);
            let message = format!("template syntax: {}", lower_first(report.message()));
            Some(Diagnostic::error(&TEMPLATE_SYNTAX, message).at(place))
        }
        _ => None,
    }
}

/// Unknown filters, functions, components and templates: Tera reports them as one text.
pub(super) fn references(error: &Error, templates: &All, known: &[String]) -> Vec<Diagnostic> {
    let text = error.to_string();
    let mut found = Vec::new();
    let mut message: Option<&str> = None;
    for line in text.lines() {
        if let Some(said) = line.strip_prefix("error: ") {
            message = Some(said);
        } else if let (Some(said), Some(at)) = (message, line.trim().strip_prefix("--> ")) {
            let mut diagnostic =
                Diagnostic::error(&TEMPLATE_SYNTAX, lower_first(said)).at(at_line(at, templates));
            if let Some(name) = said.split('`').nth(1) {
                let names = known.iter().chain(templates.keys());
                diagnostic = diagnostic.maybe_help(suggestion(name, names.map(String::as_str)));
            }
            found.push(diagnostic);
            message = None;
        }
    }
    if found.is_empty() {
        found.push(Diagnostic::error(&TEMPLATE_SYNTAX, lower_first(&text)));
    }
    found
}

/// The place `file:line:column` of the rewritten text.
fn at_line(at: &str, templates: &All) -> Place {
    let mut parts = at.rsplitn(3, ':');
    let column = parts.next().and_then(|column| column.parse().ok());
    let line = parts.next().and_then(|line| line.parse().ok());
    let name = parts.next().unwrap_or(at);
    match (templates.get(name), line, column) {
        (Some(template), Some(line), Some(column)) => {
            let rewritten = crate::diagnostics::Source::new(name, template.rewritten.text.as_str());
            let offset = rewritten.offset(line, column);
            let original = template.rewritten.original(offset);
            Place::text(&template.source, template.source.word_at(original))
        }
        _ => Place::File(format!("{FOLDER}{name}")),
    }
}

/// An error while a template was rendered.
pub(super) fn rendering(error: &Error, name: &str, templates: &All) -> Diagnostic {
    match error.kind() {
        ErrorKind::RenderingError(report) => {
            let span = &report.span().range;
            let place = printed(report.filename(), span.start, templates)
                .unwrap_or_else(|| place(report.filename(), span.start, span.end, templates));
            said(report.message()).at(place)
        }
        ErrorKind::Io(_) => {
            let message = format!("`{name}` writes more than a report may hold");
            Diagnostic::error(&TEMPLATE_LIMIT, message).at(place(name, 0, 0, templates))
        }
        _ => said(&error.to_string()).at(place(name, 0, 0, templates)),
    }
}

/// The diagnostic of a message: ours with its advice, or Tera's put into the words of the rest.
fn said(text: &str) -> Diagnostic {
    let (code, text): (&'static Code, _) = match text.strip_prefix(VALUE) {
        Some(rest) => (&TEMPLATE_VALUE, rest),
        None => (&TEMPLATE_RENDER, text),
    };
    if let Some((message, help)) = text.split_once(HELP) {
        return Diagnostic::error(code, message)
            .maybe_help((!help.is_empty()).then(|| help.to_owned()));
    }
    for (kind, list) in [
        ("Field", " Available fields: "),
        ("Variable", " Available variables: "),
    ] {
        let Some(rest) = text.strip_prefix(kind) else {
            continue;
        };
        let (what, known) = rest.split_once(list).unwrap_or((rest, ""));
        if let Some(name) = what.split('`').nth(1) {
            let message = format!("there is no `{name}` here");
            let known: Vec<&str> = known.split(", ").filter(|n| !n.is_empty()).collect();
            return Diagnostic::error(&TEMPLATE_FIELD, message)
                .maybe_help(suggestion(name, known.iter().copied()));
        }
    }
    Diagnostic::error(code, lower_first(text))
}

/// A place in the template as written, from offsets in the rewritten text.
fn place(name: &str, start: usize, end: usize, templates: &All) -> Place {
    match templates.get(name) {
        Some(template) => {
            let start = template.rewritten.original(start);
            let end = template.rewritten.original(end).max(start);
            Place::text(&template.source, start..end)
        }
        None => Place::File(format!("{FOLDER}{name}")),
    }
}

/// The whole printed expression, where an offset in the rewritten text is the guard behind it.
fn printed(name: &str, start: usize, templates: &All) -> Option<Place> {
    let template = templates.get(name)?;
    let rest = template.rewritten.text.get(start..)?;
    rest.starts_with(scan::PRINT).then_some(())?;
    let end = template.rewritten.original(start);
    let tag = scan::tags(&template.source.text)
        .into_iter()
        .find(|tag| (tag.outer.start..tag.outer.end).contains(&end))?;
    let text = &template.source.text[tag.inner.clone()];
    let from = tag.inner.start + (text.len() - text.trim_start().len());
    Some(Place::text(
        &template.source,
        from..from + text.trim().len(),
    ))
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}
