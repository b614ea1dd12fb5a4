//! Diagnostics as text for people and as JSON for machines.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde_json::{Value, json};

use super::{Diagnostic, Place, Severity};

/// Renders one diagnostic as rustc would; `colour` for a terminal.
pub fn human(diagnostic: &Diagnostic, colour: bool) -> String {
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let title = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.code.name);
    let mut group = Group::with_title(title);
    if let Some(place) = &diagnostic.place {
        group = with_place(group, place, None, AnnotationKind::Primary);
    }
    let mut notes = Vec::new();
    for related in &diagnostic.related {
        match &related.place {
            Place::Text { .. } => {
                group = with_place(
                    group,
                    &related.place,
                    Some(related.message.as_str()),
                    AnnotationKind::Context,
                );
            }
            cell => notes.push(format!("{} ({cell})", related.message)),
        }
    }
    if let Some(subject) = &diagnostic.subject {
        notes.insert(0, format!("about {subject}"));
    }
    if diagnostic.count > 1 {
        notes.push(format!("{} times in all", diagnostic.count));
    }
    for note in &notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

fn with_place<'a>(
    group: Group<'a>,
    place: &'a Place,
    label: Option<&'a str>,
    kind: AnnotationKind,
) -> Group<'a> {
    match place {
        Place::Text { source, span } => group.element(
            Snippet::source(source.text.as_str())
                .path(source.path.as_str())
                .annotation(kind.span(source.clamp(span)).label(label)),
        ),
        Place::Cell { .. } | Place::File(_) => group.element(Origin::path(place.to_string())),
    }
}

/// One diagnostic as it stands in `run.json` and in `--log json`.
pub fn json(diagnostic: &Diagnostic) -> Value {
    json!({
        "code": diagnostic.code.name,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "place": diagnostic.place.as_ref().map(place_json),
        "subject": diagnostic.subject,
        "help": diagnostic.help,
        "related": diagnostic.related.iter().map(|r| json!({
            "place": place_json(&r.place),
            "message": r.message,
        })).collect::<Vec<_>>(),
        "count": diagnostic.count,
    })
}

fn place_json(place: &Place) -> Value {
    match place {
        Place::Text { source, span } => {
            let (line, column) = source.line_column(span.start);
            json!({ "file": source.path, "line": line, "column": column })
        }
        Place::Cell {
            file,
            sheet,
            row,
            column,
        } => json!({
            "file": file,
            "sheet": sheet,
            "row": row,
            "cell": row.zip(*column).map(|(row, column)| super::cell_address(row, column)),
        }),
        Place::File(file) => json!({ "file": file }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{Source, codes::workspace::UNKNOWN_KEY};

    #[test]
    fn a_text_place_is_shown_with_its_line() {
        let source = Source::new(
            "quarterdeck.toml",
            "[client]\nภาษา = \"th\"\ncurency = \"THB\"\n",
        );
        let at = source.offset(3, 1);
        let shown = human(
            &Diagnostic::error(&UNKNOWN_KEY, "unknown key `curency`")
                .at(Place::text(&source, source.word_at(at)))
                .help("did you mean `currency`?"),
            false,
        );
        assert!(
            shown.contains("error[unknown-key]: unknown key `curency`"),
            "{shown}"
        );
        assert!(shown.contains("quarterdeck.toml:3:1"), "{shown}");
        assert!(shown.contains("^^^^^^^"), "{shown}");
        assert!(shown.contains("help: did you mean `currency`?"), "{shown}");
    }

    #[test]
    fn a_cell_place_is_shown_by_its_address() {
        let place = Place::cell("inbox/a.xlsx", Some("Orders"), Some(57), Some(1));
        let diagnostic = Diagnostic::warning(&UNKNOWN_KEY, "no date")
            .at(place)
            .times(12);
        let shown = human(&diagnostic, false);
        assert!(
            shown.contains("inbox/a.xlsx, sheet `Orders`, cell B57"),
            "{shown}"
        );
        assert!(shown.contains("12 times"), "{shown}");
        assert_eq!(json(&diagnostic)["place"]["cell"], "B57");
    }
}
