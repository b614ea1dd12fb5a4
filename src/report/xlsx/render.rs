//! From the report model to workbooks: every `*.xlsx.xml` template printed and written.

use std::io::Cursor;

use serde::Serialize;

use super::{Bulk, Origins, write};
use crate::diagnostics::Diagnostics;
use crate::report::fixture;
use crate::report::locale::Locale;
use crate::report::model::{RepairList, Report};
use crate::report::templates::{REPAIR_LIST, Templates};
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
    let press = Press::new(files, locale)?;
    let mut problems = Diagnostics::new();
    let mut workbooks = Vec::new();
    for template in press.marked.of_period() {
        let Some(name) = name_of(template) else {
            continue;
        };
        match press.workbook(template, report, bulk) {
            Ok(bytes) => workbooks.push((name.to_owned(), bytes)),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        Ok(workbooks)
    } else {
        Err(problems)
    }
}

/// The workbook of what is to be mended before anything is published: its file name and bytes.
///
/// # Errors
/// As [`render`].
pub fn repair_list(
    list: &RepairList,
    files: &Files,
    locale: &Locale,
    bulk: &dyn Bulk,
) -> Result<(String, Vec<u8>), Diagnostics> {
    let [_, template] = REPAIR_LIST;
    let name = name_of(template).unwrap_or(template).to_owned();
    let bytes = Press::new(files, locale)?.workbook(template, list, bulk)?;
    Ok((name, bytes))
}

/// The workbook that a template is of; none for a page.
fn name_of(template: &str) -> Option<&str> {
    let name = template.strip_suffix(".xml")?;
    name.ends_with(".xlsx").then_some(name)
}

/// Templates that print marked, and what they were before.
struct Press<'a> {
    files: &'a Files,
    locale: &'a Locale,
    origins: Origins,
    marked: Templates,
}

impl<'a> Press<'a> {
    fn new(files: &'a Files, locale: &'a Locale) -> Result<Self, Diagnostics> {
        let origins = Origins::of(files);
        let marked = Templates::compile(&origins.mark(files.clone()), locale)?;
        Ok(Self {
            files,
            locale,
            origins,
            marked,
        })
    }

    fn workbook(
        &self,
        template: &str,
        model: &impl Serialize,
        bulk: &dyn Bulk,
    ) -> Result<Vec<u8>, Diagnostics> {
        let mut bytes = Cursor::new(Vec::new());
        let markup = self.markup(template, model)?;
        write(&markup, &self.origins, bulk, &mut bytes)?;
        Ok(bytes.into_inner())
    }

    /// What a template prints, marked. Marks move columns: where printing fails, the template as it was
    /// written is printed instead, to say where.
    fn markup(&self, template: &str, model: &impl Serialize) -> Result<String, Diagnostics> {
        self.marked.render(template, model).or_else(|failure| {
            let plain = Templates::compile(self.files, self.locale)?;
            let failure = plain.render(template, model).err().unwrap_or(failure);
            Err(failure.into())
        })
    }
}

/// Writes every workbook of a full and of an empty report in a language, and says what is wrong with
/// the markup. `bulk` has the names and fields that the run will have. Templates themselves are
/// checked by [`crate::report::check`].
pub fn check(files: &Files, locale: &Locale, bulk: &dyn Bulk) -> Diagnostics {
    let mut problems = Diagnostics::new();
    let language = locale.language().code();
    for report in [fixture::full(), fixture::empty()] {
        let report = Report {
            language: language.to_owned(),
            ..report
        };
        if let Err(found) = render(&report, files, locale, bulk) {
            problems.extend(found);
            break;
        }
    }
    for list in [fixture::full_repair_list(), fixture::empty_repair_list()] {
        let list = RepairList {
            language: language.to_owned(),
            ..list
        };
        if let Err(found) = repair_list(&list, files, locale, bulk) {
            problems.extend(found);
            break;
        }
    }
    problems
}
