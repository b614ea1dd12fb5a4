//! Pages: every `*.html` at the top of `report-templates/` rendered from the report model.
//!
//! One self-contained file each: style and script stand in it, charts are inline SVG, nothing is
//! loaded. What a page says is its template's; what it may say at all is [`super::templates`]'.

use crate::diagnostics::Diagnostics;
use crate::report::locale::Locale;
use crate::report::model::{Index, RepairList, Report};
use crate::report::templates::{INDEX, REPAIR_LIST, Templates, place};
use crate::workspace::Files;

/// The pages of a period: file name and text, in the order people read them.
///
/// # Errors
/// Every page that could not be rendered, each at its line of the template.
pub fn render(
    report: &Report,
    files: &Files,
    locale: &Locale,
) -> Result<Vec<(String, String)>, Diagnostics> {
    let templates = Templates::compile(files, locale)?;
    let mut problems = Diagnostics::new();
    let mut pages = Vec::new();
    for page in templates.pages() {
        match templates.render(&page.file, report) {
            Ok(text) => pages.push((page.file, tidy(&text))),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        Ok(pages)
    } else {
        Err(problems)
    }
}

/// The page over all periods; the files of each are put in the order people read them.
///
/// # Errors
/// What failed, at its line of the template.
pub fn index(index: &Index, files: &Files, locale: &Locale) -> Result<String, Diagnostics> {
    let templates = Templates::compile(files, locale)?;
    let mut index = index.clone();
    for entry in &mut index.entries {
        entry.files.sort_by_key(|file| place(file));
    }
    Ok(tidy(&templates.render(INDEX, &index)?))
}

/// The page of what is to be mended before anything is published: its file name and text.
///
/// # Errors
/// What failed, at its line of the template.
pub fn repair_list(
    list: &RepairList,
    files: &Files,
    locale: &Locale,
) -> Result<(String, String), Diagnostics> {
    let [name, _] = REPAIR_LIST;
    let text = Templates::compile(files, locale)?.render(name, list)?;
    Ok((name.to_owned(), tidy(&text)))
}

/// Without the blank lines that tags on lines of their own leave.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines().map(str::trim_end) {
        if !line.is_empty() {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests;
