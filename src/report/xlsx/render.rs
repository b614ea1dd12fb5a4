//! From the report model to workbooks: every `*.xlsx.xml` template printed and written.

use std::io::Cursor;

use super::{Bulk, Origins, write};
use crate::diagnostics::Diagnostics;
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
    let templates = Templates::compile(&origins.mark(files.clone()), locale)?;
    let mut problems = Diagnostics::new();
    let mut workbooks = Vec::new();
    for template in templates.reports() {
        let Some(name) = template.strip_suffix(".xml").filter(|n| n.ends_with(".xlsx")) else {
            continue;
        };
        let mut bytes = Cursor::new(Vec::new());
        let written = templates
            .render(template, report)
            .map_err(Diagnostics::from)
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
