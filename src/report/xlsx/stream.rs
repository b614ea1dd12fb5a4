//! Bulk rows on their way into a sheet, one at a time.

use chrono::Datelike;
use rust_xlsxwriter::{Format, IgnoreError, Table, TableColumn, TableStyle, Worksheet, XlsxError};

use super::bulk::Value;
use super::element::Element;
use super::fields::{Fields, no_text, unknown_element};
use super::layout::BulkRows;
use super::reference::{MAX_COLUMNS, Range};
use super::sheet::Context;
use super::table::LOOKS;
use super::text::clean;
use crate::diagnostics::{codes, suggestion};

/// Cells beyond which an Excel table is replaced by a filter and a name: the writer keeps an entry
/// per cell of a table, which takes longer and more memory than the rows themselves.
const LARGEST_TABLE: u64 = 500_000;

/// A column of bulk rows.
struct Column<'e> {
    element: &'e Element,
    /// Index into the fields of the rows.
    field: usize,
    head: Format,
    format: Format,
    /// Whether the column of the sheet may have the format, since it shows in no empty cell. The
    /// writer finds it far more quickly than a format of each cell's own.
    on_column: bool,
    /// How a cell without a value is shown; none where it stays empty.
    missing: Option<Format>,
}

/// How the rows are shown.
struct Look<'e> {
    table: Option<&'e str>,
    banded: bool,
    style: TableStyle,
}

/// Writes the head and all rows.
pub(super) fn write<'e>(
    context: &mut Context<'e, '_, '_>,
    sheet: &mut Worksheet,
    bulk: &BulkRows<'e>,
) {
    let element = bulk.element;
    no_text(context.problems, element);
    let mut fields = Fields::of(element, context.problems);
    for placed in ["name", "id", "limit"] {
        fields.text(placed);
    }
    let table = fields.text("table");
    let style = fields.text("style").unwrap_or_default();
    let head = fields.text("head").unwrap_or_default();
    let height = fields.number_in("head-height", 0.0, 409.0).unwrap_or(30.0);
    let banded = fields.flag("banded").unwrap_or(false);
    let look = fields.one_of("look", &LOOKS).unwrap_or(TableStyle::None);
    fields.finish();
    let columns = columns(context, bulk, head, style);
    if columns.is_empty() {
        let message = "`<bulk>` needs a `<column>` for each field that is to be shown";
        let code = &codes::report::WORKBOOK_MISSING;
        context.problems.error(code, element, message);
        return;
    }
    let look = Look {
        table,
        banded,
        style: look,
    };
    let written = sheet
        .set_row_height(bulk.head, height)
        .map(|_| ())
        .and_then(|()| write_head(context, sheet, bulk, &columns, &look))
        .and_then(|()| write_rows(context, sheet, bulk, &columns));
    if let Err(error) = written {
        context.problems.refused(element, &error);
    }
}

fn columns<'e>(
    context: &mut Context<'e, '_, '_>,
    bulk: &BulkRows<'e>,
    head_style: &str,
    row_style: &str,
) -> Vec<Column<'e>> {
    let mut columns = Vec::new();
    let rows = context.bulk.table(attribute(bulk.element, "name"));
    let known = rows.map(|rows| rows.fields()).unwrap_or_default();
    for child in &bulk.element.children {
        if child.name != "column" {
            unknown_element(context.problems, bulk.element, child, &["column"]);
            continue;
        }
        let mut fields = Fields::of(child, context.problems);
        let field = fields.required("field").unwrap_or_default();
        fields.number_in("width", 0.0, 255.0);
        let optional = fields.flag("optional").unwrap_or(false);
        let blank = fields.flag("blank").unwrap_or(false);
        let style = fields.text("style").unwrap_or_default();
        let own_head = fields.text("head").unwrap_or_default();
        fields.finish();
        let styles = format!("{row_style} {style}");
        let format = context.format(&styles, false, child);
        let shows = context.shows_when_empty(&styles, child);
        // Heads and what is not known stand where the numbers of the column do.
        let right = context.is_numeric(&styles, child);
        let missing = (!blank).then(|| context.format(&styles, right, child));
        let head = context.format(&format!("{head_style} {own_head}"), right, child);
        let found = known.iter().position(|name| *name == field);
        let empty = |field| rows.is_some_and(|rows| !rows.is_empty() && rows.is_missing(field));
        match found {
            Some(field) if optional && empty(field) => {}
            Some(field) => columns.push(Column {
                element: child,
                field,
                head,
                format,
                on_column: !shows,
                missing,
            }),
            None if optional => {}
            None => {
                let message = format!("these rows have no field `{field}`");
                let help = suggestion(field, known.iter().copied());
                let code = &codes::report::WORKBOOK_BULK;
                let problems = &mut context.problems;
                problems.attribute(code, child, "field", message, help);
            }
        }
    }
    if columns.len() > MAX_COLUMNS as usize {
        let code = &codes::report::WORKBOOK_CELL;
        let message = "the sheet has no more columns";
        context.problems.error(code, bulk.element, message);
        columns.clear();
    }
    columns
}

fn attribute<'e>(element: &'e Element, name: &str) -> &'e str {
    let found = element.attributes.iter().find(|(key, _)| key == name);
    found.map_or("", |(_, value)| value.as_str())
}

fn write_head<'e>(
    context: &mut Context<'e, '_, '_>,
    sheet: &mut Worksheet,
    bulk: &BulkRows<'e>,
    columns: &[Column<'e>],
    look: &Look<'e>,
) -> Result<(), XlsxError> {
    for (index, column) in (0u16..).zip(columns) {
        let width = attribute(column.element, "width").parse();
        if let Ok(width) = width {
            let width: f64 = width;
            sheet.set_column_width(index, width)?;
        }
        if column.on_column {
            sheet.set_column_format(index, &column.format)?;
        }
    }
    let last_column = u16::try_from(columns.len() - 1).unwrap_or(u16::MAX);
    let range = Range {
        sheet: None,
        first_row: bulk.head,
        first_column: 0,
        last_row: bulk.head + bulk.count,
        last_column,
    };
    // Ids that look like numbers are texts on purpose.
    sheet.ignore_error_range(
        range.first_row,
        0,
        range.last_row,
        last_column,
        IgnoreError::NumberStoredAsText,
    )?;
    let cells = u64::from(bulk.count + 1) * columns.len() as u64;
    let named = look.table.filter(|_| bulk.count > 0);
    match named {
        Some(name) if cells <= LARGEST_TABLE => {
            if context.names.take(name) {
                return write_table(sheet, name, &range, columns, look);
            }
            let message = format!("the name `{name}` is defined twice");
            let code = &codes::report::WORKBOOK_VALUE;
            let problems = &mut context.problems;
            problems.attribute(code, bulk.element, "table", message, None);
        }
        Some(name) => {
            let own = context.ids.sheets.get(context.sheet);
            let reference = range.on(own.map_or("", String::as_str));
            context.define(name, reference, bulk.element);
            sheet.autofilter(range.first_row, 0, range.last_row, last_column)?;
        }
        None => {}
    }
    for (index, column) in (0u16..).zip(columns) {
        let text = context.cleaned(&column.element.text, column.element);
        sheet.write_string_with_format(bulk.head, index, text, &column.head)?;
    }
    Ok(())
}

/// In constant memory the table writes the heads itself, when their row is the current one.
fn write_table(
    sheet: &mut Worksheet,
    name: &str,
    range: &Range,
    columns: &[Column<'_>],
    look: &Look<'_>,
) -> Result<(), XlsxError> {
    let heads: Vec<TableColumn> = columns
        .iter()
        .map(|column| {
            TableColumn::new()
                .set_header(clean(&column.element.text).0)
                .set_header_format(&column.head)
        })
        .collect();
    let table = Table::new()
        .set_name(name)
        .set_columns(&heads)
        .set_banded_rows(look.banded)
        .set_style(look.style);
    sheet.add_table(
        range.first_row,
        range.first_column,
        range.last_row,
        range.last_column,
        &table,
    )?;
    Ok(())
}

fn write_rows<'e>(
    context: &mut Context<'e, '_, '_>,
    sheet: &mut Worksheet,
    bulk: &BulkRows<'e>,
    columns: &[Column<'e>],
) -> Result<(), XlsxError> {
    let Some(rows) = context.bulk.table(attribute(bulk.element, "name")) else {
        return Ok(());
    };
    let fields: Vec<usize> = columns.iter().map(|column| column.field).collect();
    let mut next = bulk.head + 1;
    let end = bulk.head + bulk.count;
    let (mut cut, mut not_finite) = (0u64, 0u64);
    let mut result = Ok(());
    let missing = context.missing;
    rows.each(&fields, &mut |values| {
        if next > end || result.is_err() {
            return false;
        }
        for ((index, column), value) in (0u16..).zip(columns).zip(values) {
            let own = (!column.on_column).then_some(&column.format);
            let written = match value {
                Value::Text(text) => {
                    let (text, was_cut) = clean(text);
                    cut += u64::from(was_cut);
                    write_text(sheet, (next, index), &text, own)
                }
                Value::Number(number) if number.is_finite() => {
                    write_number(sheet, (next, index), *number + 0.0, own)
                }
                Value::Boolean(flag) => match own {
                    Some(format) => sheet.write_boolean_with_format(next, index, *flag, format),
                    None => sheet.write_boolean(next, index, *flag),
                },
                Value::Date(date) if (1900..=9999).contains(&date.year()) => match own {
                    Some(format) => sheet.write_datetime_with_format(next, index, date, format),
                    None => sheet.write_datetime(next, index, date),
                },
                // Excel counts days from 1900 on; what was before it can only be read.
                Value::Date(date) => write_text(sheet, (next, index), &date.to_string(), own),
                Value::Number(_) | Value::Missing => {
                    not_finite += u64::from(*value != Value::Missing);
                    match (&column.missing, own) {
                        (Some(format), _) => {
                            sheet.write_string_with_format(next, index, missing, format)
                        }
                        (None, Some(format)) => sheet.write_blank(next, index, format),
                        (None, None) => continue,
                    }
                }
            };
            if let Err(error) = written {
                result = Err(error);
                return false;
            }
        }
        next += 1;
        true
    });
    report(context, bulk, cut, not_finite);
    result
}

/// Writes a text, with a format of its own or that of its column.
fn write_text<'s>(
    sheet: &'s mut Worksheet,
    (row, column): (u32, u16),
    text: &str,
    own: Option<&Format>,
) -> Result<&'s mut Worksheet, XlsxError> {
    match own {
        Some(format) => sheet.write_string_with_format(row, column, text, format),
        None => sheet.write_string(row, column, text),
    }
}

/// Writes a number, with a format of its own or that of its column.
fn write_number<'s>(
    sheet: &'s mut Worksheet,
    (row, column): (u32, u16),
    number: f64,
    own: Option<&Format>,
) -> Result<&'s mut Worksheet, XlsxError> {
    match own {
        Some(format) => sheet.write_number_with_format(row, column, number, format),
        None => sheet.write_number(row, column, number),
    }
}

fn report(context: &mut Context<'_, '_, '_>, bulk: &BulkRows<'_>, cut: u64, not_finite: u64) {
    let element = bulk.element;
    let left_out = bulk.available.saturating_sub(u64::from(bulk.count));
    let warnings = [
        (
            left_out,
            &codes::report::WORKBOOK_ROWS_CUT,
            "rows are left out",
        ),
        (cut, &codes::report::WORKBOOK_TEXT_CUT, "texts were cut"),
        (
            not_finite,
            &codes::report::WORKBOOK_NOT_FINITE,
            "figures are not finite numbers and shown as missing",
        ),
    ];
    for (count, code, what) in warnings {
        if count > 0 {
            let name = attribute(element, "name");
            let message = format!("`{name}`: {count} {what}");
            context.problems.warning(code, element, message);
        }
    }
}
