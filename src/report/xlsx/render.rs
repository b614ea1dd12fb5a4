//! From the report model to workbooks: every `*.xlsx.xml` template printed and written.

use std::io::Cursor;

use super::{Bulk, Origins, write};
use crate::diagnostics::Diagnostics;
use crate::report::fixture;
use crate::report::locale::Locale;
use crate::report::model::Report;
use crate::report::templates::Templates;
use crate::workspace::Files;

/// The workbooks of a period: file name and bytes, by name.
///
/// # Errors
/// Every mistake in templates and in the markup they print, at the lines of the templates.
pub fn render(
    report: &Report,
    files: &Files,
    locale: &Locale,
    bulk: &dyn Bulk,
) -> Result<Vec<(String, Vec<u8>)>, Diagnostics> {
    let origins = Origins::of(files);
    let marked = Templates::compile(&origins.mark(files.clone()), locale)?;
    let mut problems = Diagnostics::new();
    let mut workbooks = Vec::new();
    for template in marked.reports() {
        let Some(name) = template
            .strip_suffix(".xml")
            .filter(|n| n.ends_with(".xlsx"))
        else {
            continue;
        };
        let mut bytes = Cursor::new(Vec::new());
        let written = markup(template, report, &marked, files, locale)
            .and_then(|markup| write(&markup, &origins, bulk, &mut bytes));
        match written {
            Ok(_) => workbooks.push((name.to_owned(), bytes.into_inner())),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        Ok(workbooks)
    } else {
        Err(problems)
    }
}

/// What a template prints, marked. Marks move columns: where printing fails, the template as it was
/// written is printed instead, to say where.
fn markup(
    template: &str,
    report: &Report,
    marked: &Templates,
    files: &Files,
    locale: &Locale,
) -> Result<String, Diagnostics> {
    marked.render(template, report).or_else(|failure| {
        let plain = Templates::compile(files, locale)?;
        let failure = plain.render(template, report).err().unwrap_or(failure);
        Err(failure.into())
    })
}

/// Writes every workbook of a full and of an empty report in a language, and says what is wrong with
/// the markup. `bulk` has the names and fields that the run will have. Templates themselves are
/// checked by [`crate::report::check`].
pub fn check(files: &Files, locale: &Locale, bulk: &dyn Bulk) -> Diagnostics {
    let mut problems = Diagnostics::new();
    for report in [fixture::full(), fixture::empty()] {
        let report = Report {
            language: locale.language().code().to_owned(),
            ..report
        };
        if let Err(found) = render(&report, files, locale, bulk) {
            problems.extend(found);
            break;
        }
    }
    problems
}
