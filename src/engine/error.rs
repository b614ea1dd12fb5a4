//! Errors of the engine, said as diagnostics at the line and column of the SQL.

use std::ops::Range;
use std::sync::Arc;

use datafusion::arrow::error::ArrowError;
use datafusion::common::{DataFusionError, SchemaError, Span};

use crate::diagnostics::codes::engine::{
    OUT_OF_MEMORY, SQL_FAILED, SQL_INVALID, SQL_SYNTAX, UNKNOWN_COLUMN, UNKNOWN_FUNCTION,
    UNKNOWN_TABLE,
};
use crate::diagnostics::{Diagnostic, Diagnostics, Place, Source, suggestion};

/// When a statement failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Before any row was looked at.
    Planning,
    /// On the data.
    Running,
}

/// Every problem in an error, at its place in the SQL where the engine tells one.
///
/// `tables` are the names to suggest from when a table is not found.
pub(super) fn diagnose(
    source: &Arc<Source>,
    failure: &DataFusionError,
    stage: Stage,
    tables: &[String],
) -> Diagnostics {
    let mut problems = Diagnostics::new();
    for one in failure.iter() {
        problems.push(diagnose_one(source, one, stage, tables));
    }
    problems
}

fn diagnose_one(
    source: &Arc<Source>,
    failure: &DataFusionError,
    stage: Stage,
    tables: &[String],
) -> Diagnostic {
    let failed = match stage {
        Stage::Planning => &SQL_INVALID,
        Stage::Running => &SQL_FAILED,
    };
    let told = failure.diagnostic();
    let place = told
        .and_then(|told| told.span)
        .map(|span| Place::text(source, bytes(source, &span)));
    let root = root(failure);
    let problem = match root {
        DataFusionError::SQL(error, _) => {
            let text = error.to_string();
            let (message, found) = split_position(source, &text);
            let place = place.or(found);
            return Diagnostic::error(&SQL_SYNTAX, message)
                .at(place.unwrap_or_else(|| whole(source)));
        }
        DataFusionError::SchemaError(schema, _) => schema_problem(schema),
        DataFusionError::ResourcesExhausted(message) => {
            Diagnostic::error(&OUT_OF_MEMORY, plain(message)).help(
                "raise `[engine] memory-limit` in quarterdeck.toml or leave it out; a query that \
                 groups before it joins needs less",
            )
        }
        DataFusionError::Plan(message) | DataFusionError::NotImplemented(message) => {
            plan_problem(message, told.map(|told| told.message.as_str()), tables)
        }
        DataFusionError::ArrowError(error, _) => match error.as_ref() {
            ArrowError::DivideByZero => Diagnostic::error(&SQL_FAILED, "a division by zero")
                .help("write `nullif(divisor, 0)`, or return `numerator, denominator`"),
            other => Diagnostic::error(failed, plain(&other.to_string())),
        },
        DataFusionError::Execution(message) => Diagnostic::error(failed, plain(message)),
        other => Diagnostic::error(&SQL_INVALID, plain(&other.strip_backtrace())),
    };
    let place = place
        .or_else(|| mentioned(source, &problem.message))
        .unwrap_or_else(|| whole(source));
    problem.at(place)
}

/// The error below contexts, diagnostics and shared wrappers.
fn root(failure: &DataFusionError) -> &DataFusionError {
    match failure {
        DataFusionError::Context(_, inner) | DataFusionError::Diagnostic(_, inner) => root(inner),
        DataFusionError::Shared(inner) => root(inner),
        DataFusionError::Collection(several) => several.first().map_or(failure, root),
        DataFusionError::ArrowError(error, _) => match error.as_ref() {
            ArrowError::ExternalError(inner) => inner
                .downcast_ref::<DataFusionError>()
                .map_or(failure, root),
            _ => failure,
        },
        DataFusionError::External(inner) => inner
            .downcast_ref::<DataFusionError>()
            .map_or(failure, root),
        other => other,
    }
}

fn schema_problem(schema: &SchemaError) -> Diagnostic {
    match schema {
        SchemaError::FieldNotFound {
            field,
            valid_fields,
        } => {
            let known: Vec<&str> = valid_fields.iter().map(|f| f.name.as_str()).collect();
            let message = match &field.relation {
                Some(table) => format!("`{table}` has no column `{}`", field.name),
                None => format!("there is no column `{}`", field.name),
            };
            Diagnostic::error(&UNKNOWN_COLUMN, message)
                .maybe_help(suggestion(&field.name, known.iter().copied()))
        }
        SchemaError::AmbiguousReference { field } => Diagnostic::error(
            &SQL_INVALID,
            format!("`{}` is in more than one of the tables", field.name),
        )
        .help(format!(
            "write the table before it, as in `t.{}`",
            field.name
        )),
        other => Diagnostic::error(&SQL_INVALID, plain(&other.to_string())),
    }
}

fn plan_problem(message: &str, told: Option<&str>, tables: &[String]) -> Diagnostic {
    let quoted = |text: &str| text.split('\'').nth(1).map(str::to_owned);
    if let Some(table) = told
        .filter(|told| told.starts_with("table '"))
        .and_then(quoted)
    {
        let known = tables.iter().map(String::as_str);
        return Diagnostic::error(&UNKNOWN_TABLE, format!("there is no table `{table}`"))
            .maybe_help(suggestion(&table, known));
    }
    if let Some(function) = message.strip_prefix("Invalid function").and_then(quoted) {
        let near = message.split("Did you mean").nth(1).and_then(quoted);
        return Diagnostic::error(
            &UNKNOWN_FUNCTION,
            format!("there is no function `{function}`"),
        )
        .maybe_help(near.map(|near| format!("did you mean `{near}`?")));
    }
    Diagnostic::error(&SQL_INVALID, plain(told.unwrap_or(message)))
}

/// A message without the position at its end, and that position.
fn split_position(source: &Arc<Source>, text: &str) -> (String, Option<Place>) {
    let text = text
        .trim_start_matches("sql parser error: ")
        .trim_start_matches("ParserError(\"")
        .trim_end_matches("\")");
    let Some((message, position)) = text.rsplit_once(" at Line: ") else {
        return (text.to_owned(), None);
    };
    let mut numbers = position
        .split(", Column: ")
        .map(|n| n.trim().parse::<usize>());
    let place = match (numbers.next(), numbers.next()) {
        (Some(Ok(line)), Some(Ok(column))) => Some(Place::line(source, line, column)),
        _ => None,
    };
    (message.to_owned(), place)
}

/// Where the engine names a function or column without its place: its first mention, when the
/// whole text mentions it only once.
fn mentioned(source: &Arc<Source>, message: &str) -> Option<Place> {
    let name = message.split(['\'', '`']).nth(1)?;
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    if name.is_empty() || !name.chars().all(is_word) {
        return None;
    }
    let (lower, name) = (source.text.to_ascii_lowercase(), name.to_ascii_lowercase());
    let mut found = lower.match_indices(&name).filter(|(at, word)| {
        !lower[..*at].ends_with(is_word) && !lower[at + word.len()..].starts_with(is_word)
    });
    match (found.next(), found.next()) {
        (Some((at, word)), None) => Some(Place::text(source, at..at + word.len())),
        _ => None,
    }
}

fn bytes(source: &Source, span: &Span) -> Range<usize> {
    let at = |line: u64, column: u64| source.offset(line as usize, column as usize);
    let start = at(span.start.line, span.start.column);
    let end = at(span.end.line, span.end.column);
    if end > start {
        start..end
    } else {
        source.word_at(start)
    }
}

fn whole(source: &Arc<Source>) -> Place {
    Place::File(source.path.clone())
}

/// What is wrong without the engine's own working: its prefixes, the signatures it tried, and all
/// lines but the first.
fn plain(message: &str) -> String {
    if let Some((before, _)) = message.split_once("failed to match any signature")
        && let Some(function) = before.split('\'').nth(1)
    {
        return format!("`{function}` does not take values of these types");
    }
    let mut line = message.lines().next().unwrap_or_default();
    for prefix in [
        "Error during planning: ",
        "Internal error: ",
        "Arrow error: ",
    ] {
        line = line.strip_prefix(prefix).unwrap_or(line);
    }
    line.to_owned()
}
