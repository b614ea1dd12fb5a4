//! Workbook markup → xlsx.
//!
//! A template `report-templates/NAME.xlsx.xml` prints the markup that `docs/workbook-markup.md`
//! describes; this module writes it as a workbook. What flows in: the printed markup, the templates
//! it came from (for the places of problems), and the bulk rows it may ask for by name. What flows
//! out: the bytes of a workbook, the same for the same input, or every mistake there is.
//!
//! | part | does |
//! |---|---|
//! | `origin` | marks templates, and finds the line a tag was printed by |
//! | `element`, `fields` | XML to a tree; attributes by name and type |
//! | `layout`, `reference` | where rows stand; `{id:C}` and `C#` to addresses |
//! | `style`, `text` | formats; what text a cell can hold and how wide it is |
//! | `sheet`, `cell`, `table`, `conditional`, `print` | writing, one kind of thing each |
//! | `chart`, `axis`, `ink` | native charts: series, axes, how a series is drawn |
//! | `bulk`, `stream` | rows that never pass through a template, in constant memory |
//! | `render`, `sample` | all workbooks of a report; checking them before there are data |

mod axis;
mod bulk;
mod cell;
mod chart;
mod conditional;
mod element;
mod fields;
mod ink;
mod layout;
mod origin;
mod print;
mod reference;
mod render;
mod sample;
mod sheet;
mod stream;
mod style;
mod table;
#[cfg(test)]
mod tests;
mod text;

use std::io::{Seek, Write};

use rust_xlsxwriter::{DocProperties, Workbook, XlsxError};

pub use bulk::{ArrowRows, Bulk, NoBulk, Rows, Take, Value};
pub use origin::Origins;
pub use render::{check, render, repair_list};
pub use sample::SampleBulk;

use crate::diagnostics::{Diagnostic, Diagnostics, codes, suggestion};
use element::Element;
use fields::{Fields, Problems, no_text, unknown_element};
use reference::Here;
use sheet::{Context, Names};
use style::Styles;

/// Deflate level: half the time of the default for files a tenth larger.
const COMPRESSION: u8 = 3;

/// Writes printed markup as a workbook, and gives the warnings about it.
///
/// `origins` says which templates printed it. The output is the same, byte for byte, for the same
/// markup and rows.
///
/// # Errors
/// Every mistake in the markup, at the lines of the templates; then `out` holds nothing of use.
pub fn write<W: Write + Seek + Send>(
    markup: &str,
    origins: &Origins,
    bulk: &dyn Bulk,
    out: W,
) -> Result<Diagnostics, Diagnostics> {
    let mut problems = Problems::new(origins);
    let root = element::parse(markup, &mut problems);
    let book = root.and_then(|root| build(&root, bulk, &mut problems));
    let failed = problems.has_errors();
    let mut found = problems.into_diagnostics();
    match book {
        Some(mut book) if !failed => match book.save_to_writer(out) {
            Ok(()) => Ok(found),
            Err(error) => {
                let message = format!("the workbook cannot be written: {error}");
                found.push(Diagnostic::error(&codes::report::WORKBOOK_REFUSED, message));
                Err(found)
            }
        },
        _ => Err(found),
    }
}

/// The attributes of `<workbook>`.
struct Settings<'e> {
    properties: DocProperties,
    font: &'e str,
    size: f64,
    color: Option<u32>,
    missing: &'e str,
}

fn build(root: &Element, bulk: &dyn Bulk, problems: &mut Problems<'_>) -> Option<Workbook> {
    if root.name != "workbook" {
        let message = format!("the markup starts with `<{}>`", root.name);
        let help = suggestion(&root.name, ["workbook"]);
        let code = &codes::report::WORKBOOK_ELEMENT;
        problems.add(code, root.mark, &root.name, None, message, help);
        return None;
    }
    no_text(problems, root);
    let settings = settings(root, problems)?;
    let mut styles = Styles::new(settings.font, settings.size, settings.color);
    for child in &root.children {
        match child.name.as_str() {
            "style" => styles.declare(child, problems),
            "define" | "sheet" => {}
            _ => unknown_element(problems, root, child, &["style", "define", "sheet"]),
        }
    }
    let sheets = root.children.iter().filter(|child| child.name == "sheet");
    let layout = layout::place(sheets, bulk, problems);
    if layout.sheets.is_empty() {
        let message = "a workbook needs a `<sheet>`";
        problems.error(&codes::report::WORKBOOK_MISSING, root, message);
        return None;
    }

    let mut book = Workbook::new();
    if let Err(error) = prepare(&mut book, &settings, &styles) {
        problems.refused(root, &error);
        return None;
    }
    let mut names = Names::default();
    let mut context = Context {
        styles: &mut styles,
        ids: &layout.ids,
        problems,
        bulk,
        missing: settings.missing,
        names: &mut names,
        // That of no sheet: an address in a name always says on which sheet it is.
        sheet: usize::MAX,
    };
    for child in root.children.iter().filter(|child| child.name == "define") {
        define(&mut context, child);
    }
    for (index, plan) in layout.sheets.iter().enumerate() {
        let sheet = if plan.bulk.is_some() {
            book.add_worksheet_with_constant_memory()
        } else {
            Ok(book.add_worksheet())
        };
        context.sheet = index;
        match sheet {
            Ok(sheet) => sheet::write(&mut context, sheet, plan),
            Err(error) => context.problems.refused(plan.element, &error),
        }
    }
    for (name, reference, element) in &names.defined {
        if let Err(error) = book.define_name(name, &format!("={reference}")) {
            problems.refused(element, &error);
        }
    }
    Some(book)
}

fn settings<'e>(root: &'e Element, problems: &mut Problems<'_>) -> Option<Settings<'e>> {
    let mut fields = Fields::of(root, problems);
    let mut properties = DocProperties::new();
    if let Some(title) = fields.text("title") {
        properties = properties.set_title(title);
    }
    if let Some(company) = fields.text("company") {
        properties = properties.set_company(company);
    }
    if let Some(subject) = fields.text("subject") {
        properties = properties.set_subject(subject);
    }
    if let Some(keywords) = fields.text("keywords") {
        properties = properties.set_keywords(keywords);
    }
    if let Some(comment) = fields.text("comment") {
        properties = properties.set_comment(comment);
    }
    fields.required("date");
    let date = fields.date("date");
    let font = fields.required("font");
    let size = fields.number_in("size", 1.0, 72.0).unwrap_or(10.0);
    let color = fields.color("color");
    let missing = fields.text("missing").unwrap_or("—");
    fields.finish();
    // Without a date the writer would take that of the clock, and no two runs would be the same.
    let properties = properties.set_creation_datetime(&date?);
    Some(Settings {
        properties,
        font: font?,
        size,
        color,
        missing,
    })
}

fn prepare(book: &mut Workbook, settings: &Settings<'_>, styles: &Styles) -> Result<(), XlsxError> {
    /// 18 points, in pixels: what a row without text of its own is high.
    const ROW_HEIGHT: u32 = 24;
    /// Pixels of a default column; the digits of our fonts at 10 points are 7 wide.
    const COLUMN_WIDTH: u32 = 64;
    book.set_default_format(&styles.plain(), ROW_HEIGHT, COLUMN_WIDTH)?;
    book.set_properties(&settings.properties);
    book.set_zip_compression_level(COMPRESSION);
    Ok(())
}

fn define<'e>(context: &mut Context<'e, '_, '_>, element: &'e Element) {
    no_text(context.problems, element);
    let mut fields = Fields::of(element, context.problems);
    let name = fields.required("name");
    let reference = fields.required("ref");
    fields.finish();
    let (Some(name), Some(reference)) = (name, reference) else {
        return;
    };
    let here = Here {
        sheet: context.sheet,
        row: None,
    };
    if let Some(reference) = context.expand(reference, here, element, "ref") {
        let reference = reference.trim_start_matches('=').to_owned();
        context.define(name, reference, element);
    }
}
