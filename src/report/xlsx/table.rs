//! Excel tables and filters over rows of the markup.

use rust_xlsxwriter::{Table, TableColumn, TableStyle, Worksheet, XlsxError};

use super::element::Element;
use super::fields::{Fields, no_text};
use super::layout::Sheet;
use super::reference::Range;
use super::sheet::Context;
use crate::diagnostics::codes;

/// The looks a table can have.
pub(super) const LOOKS: [(&str, TableStyle); 3] = [
    ("none", TableStyle::None),
    ("light", TableStyle::Light1),
    ("medium", TableStyle::Medium2),
];

/// Writes `<table>`; must come before the rows it lies over.
pub(super) fn write<'e>(
    context: &mut Context<'e, '_, '_>,
    sheet: &mut Worksheet,
    plan: &Sheet<'e>,
    element: &'e Element,
) {
    no_text(context.problems, element);
    let mut fields = Fields::of(element, context.problems);
    let range = fields.required("range");
    let name = fields.required("name");
    let banded = fields.flag("banded").unwrap_or(false);
    let filter = fields.flag("filter").unwrap_or(true);
    let look = fields.one_of("look", &LOOKS).unwrap_or(TableStyle::None);
    fields.finish();
    if plan.bulk.is_some() {
        let message = "`<table>` cannot stand beside `<bulk>`; its `table` makes one of its rows";
        let code = &codes::report::WORKBOOK_ELEMENT;
        context.problems.error(code, element, message);
        return;
    }
    let range = context.own_range(range, element, "range");
    let (Some(range), Some(name)) = (range, name) else {
        return;
    };
    let Some(columns) = heads(context, plan, &range, element) else {
        return;
    };
    if !context.names.take(name) {
        let message = format!("the name `{name}` is defined twice");
        let code = &codes::report::WORKBOOK_VALUE;
        context
            .problems
            .attribute(code, element, "name", message, None);
        return;
    }
    let table = Table::new()
        .set_name(name)
        .set_columns(&columns)
        .set_banded_rows(banded)
        .set_autofilter(filter)
        .set_style(look);
    let Range {
        first_row,
        first_column,
        last_row,
        last_column,
        ..
    } = range;
    if let Err(error) = sheet.add_table(first_row, first_column, last_row, last_column, &table) {
        context.problems.refused(element, &error);
    }
}

/// The heads of a table, which must be texts and differ: Excel repairs a file where they do not.
fn heads(
    context: &mut Context<'_, '_, '_>,
    plan: &Sheet<'_>,
    range: &Range,
    element: &Element,
) -> Option<Vec<TableColumn>> {
    let row = plan.rows.iter().find(|row| row.number == range.first_row);
    let mut heads: Vec<&str> = Vec::new();
    for column in range.first_column..=range.last_column {
        let cells = row.map_or(&[][..], |row| &row.cells);
        let cell = cells.iter().find(|cell| cell.column == column);
        let text = cell.map_or("", |cell| cell.element.text.as_str());
        let wrong = if text.is_empty() {
            Some("the first row of a table must have a text in each cell".to_owned())
        } else if heads
            .iter()
            .any(|head| head.to_lowercase() == text.to_lowercase())
        {
            Some(format!("two columns of the table are headed `{text}`"))
        } else {
            None
        };
        if let Some(message) = wrong {
            let code = &codes::report::WORKBOOK_VALUE;
            context
                .problems
                .attribute(code, element, "range", message, None);
            return None;
        }
        heads.push(text);
    }
    let column = |head: &&str| TableColumn::new().set_header(*head);
    Some(heads.iter().map(column).collect())
}

/// Writes `<filter>`.
pub(super) fn filter(
    context: &mut Context<'_, '_, '_>,
    sheet: &mut Worksheet,
    element: &Element,
) -> Result<(), XlsxError> {
    no_text(context.problems, element);
    let mut fields = Fields::of(element, context.problems);
    let range = fields.required("range");
    fields.finish();
    if let Some(range) = context.own_range(range, element, "range") {
        let Range {
            first_row,
            first_column,
            last_row,
            last_column,
            ..
        } = range;
        sheet.autofilter(first_row, first_column, last_row, last_column)?;
    }
    Ok(())
}
