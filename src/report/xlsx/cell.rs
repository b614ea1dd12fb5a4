//! One cell: what it holds, its format, and what hangs on it.

use rust_xlsxwriter::{
    Color, Format, Formula, Note, Sparkline, SparklineType, Url, Worksheet, XlsxError,
};

use super::element::Element;
use super::fields::{Fields, no_text, unknown_element};
use super::layout::Cell;
use super::reference::Here;
use super::sheet::Context;
use super::text::lines;
use crate::diagnostics::codes;

/// What a cell holds.
enum Content<'e> {
    Blank,
    Missing,
    Text(&'e str),
    Number(f64),
    Date(chrono::NaiveDate),
    Boolean(bool),
    Formula(&'e str, &'e str),
}

/// What hangs on a cell.
struct Extras<'e> {
    style: &'e str,
    name: Option<&'e str>,
    note: Option<&'e str>,
    note_size: (Option<u32>, Option<u32>),
    link: Option<&'e str>,
    tip: Option<&'e str>,
}

/// Writes a cell of the row `row` (0-based), whose style it is laid over.
pub(super) fn write<'e>(
    context: &mut Context<'e, '_, '_>,
    sheet: &mut Worksheet,
    row: u32,
    row_style: &'e str,
    cell: &Cell<'e>,
) {
    let element = cell.element;
    let mut fields = Fields::of(element, context.problems);
    for placed in ["at", "span", "down", "repeat"] {
        fields.text(placed);
    }
    let content = content(&mut fields);
    let extras = Extras {
        style: fields.text("style").unwrap_or_default(),
        name: fields.text("name"),
        note: fields.text("note"),
        note_size: (
            fields.whole("note-width", 20, 2000),
            fields.whole("note-height", 20, 2000),
        ),
        link: fields.text("link"),
        tip: fields.text("tip"),
    };
    fields.finish();
    let styles = if extras.style.is_empty() {
        row_style.to_owned()
    } else {
        format!("{row_style} {}", extras.style)
    };
    let right = matches!(content, Content::Missing);
    let format = context.format(&styles, right, element);
    let written = merge(sheet, row, cell, &format)
        .and_then(|()| put(context, sheet, row, cell, &content, &extras, &format));
    let hung = written.and_then(|()| hang(context, sheet, row, cell, &extras));
    if let Err(error) = hung {
        context.problems.refused(element, &error);
    }
}

fn content<'e>(fields: &mut Fields<'e, '_, '_>) -> Content<'e> {
    let element = fields.element;
    let optional = |fields: &mut Fields<'e, '_, '_>, name: &'static str| {
        // An empty value is a value that is not known.
        let given = element.attributes.iter().find(|(key, _)| key == name);
        let empty = given.is_some_and(|(_, value)| value.trim().is_empty());
        if empty {
            fields.text(name);
        }
        empty
    };
    let mut found = Vec::new();
    if optional(fields, "number") {
        found.push(Content::Missing);
    } else if let Some(number) = fields.number("number") {
        found.push(Content::Number(number));
    }
    if optional(fields, "date") {
        found.push(Content::Missing);
    } else if let Some(date) = fields.date("date") {
        found.push(Content::Date(date));
    }
    if let Some(flag) = fields.flag("boolean") {
        found.push(Content::Boolean(flag));
    }
    if fields.flag("missing") == Some(true) {
        found.push(Content::Missing);
    }
    let formula = fields.text("formula");
    let value = fields.text("value");
    match (formula, value) {
        (Some(formula), Some(value)) => found.push(Content::Formula(formula, value)),
        (Some(_), None) => {
            let code = &codes::report::WORKBOOK_RESULT;
            let message = "a `formula` needs the `value` it has now beside it";
            fields.problems.error(code, element, message);
        }
        (None, Some(_)) => {
            let code = &codes::report::WORKBOOK_VALUE;
            let message = "`value` is the result of a `formula`; a number is a `number`";
            let problems = &mut fields.problems;
            problems.attribute(code, element, "value", message, None);
        }
        (None, None) => {}
    }
    if !element.text.is_empty() {
        found.push(Content::Text(&element.text));
    }
    if found.len() > 1 {
        let message = "a cell holds one of text, `number`, `date`, `boolean`, `formula`, `missing`";
        let code = &codes::report::WORKBOOK_VALUE;
        fields.problems.error(code, element, message);
    }
    found.pop().unwrap_or(Content::Blank)
}

fn merge(
    sheet: &mut Worksheet,
    row: u32,
    cell: &Cell<'_>,
    format: &Format,
) -> Result<(), XlsxError> {
    if cell.span > 1 || cell.down > 1 {
        let last_row = row + cell.down - 1;
        let last_column = cell.column + cell.span - 1;
        sheet.merge_range(row, cell.column, last_row, last_column, "", format)?;
    }
    Ok(())
}

fn put(
    context: &mut Context<'_, '_, '_>,
    sheet: &mut Worksheet,
    row: u32,
    cell: &Cell<'_>,
    content: &Content<'_>,
    extras: &Extras<'_>,
    format: &Format,
) -> Result<(), XlsxError> {
    let (column, element) = (cell.column, cell.element);
    if let Some(link) = extras.link {
        return put_link(
            context,
            sheet,
            row,
            cell,
            (content, link, extras.tip),
            format,
        );
    }
    match content {
        Content::Blank => sheet.write_blank(row, column, format)?,
        Content::Missing => sheet.write_string_with_format(row, column, context.missing, format)?,
        Content::Text(text) => {
            let text = context.cleaned(text, element);
            sheet.write_string_with_format(row, column, text, format)?
        }
        Content::Number(number) => sheet.write_number_with_format(row, column, *number, format)?,
        Content::Date(date) => sheet.write_date_with_format(row, column, date, format)?,
        Content::Boolean(flag) => sheet.write_boolean_with_format(row, column, *flag, format)?,
        Content::Formula(text, value) => {
            let Some(formula) = formula(context, row, text, value, element) else {
                return Ok(());
            };
            sheet.write_formula_with_format(row, column, formula, format)?
        }
    };
    Ok(())
}

/// A formula with addresses for references, and its result.
fn formula(
    context: &mut Context<'_, '_, '_>,
    row: u32,
    text: &str,
    value: &str,
    element: &Element,
) -> Option<Formula> {
    let here = Here {
        sheet: context.sheet,
        row: Some(row),
    };
    let expanded = context.expand(text, here, element, "formula")?;
    let body = expanded.trim().trim_start_matches('=');
    if let Err(message) = check(body) {
        let code = &codes::report::WORKBOOK_FORMULA;
        context
            .problems
            .attribute(code, element, "formula", message, None);
        return None;
    }
    // `inf` and `nan` would be written as numbers, which no program reads back.
    if value.parse::<f64>().is_ok_and(|number| !number.is_finite()) {
        let code = &codes::report::WORKBOOK_VALUE;
        let message = format!("`value` is `{value}`, which is neither a number nor a text");
        context
            .problems
            .attribute(code, element, "value", message, None);
        return None;
    }
    let value = context.cleaned(value, element);
    Some(Formula::new(body).set_result(value))
}

/// Whether brackets and quotes pair; the rest is left to the program that calculates.
fn check(formula: &str) -> Result<(), String> {
    if formula.is_empty() {
        return Err("the formula is empty".to_owned());
    }
    let mut depth = 0i32;
    let mut quote = None;
    for character in formula.chars() {
        match (quote, character) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            break;
        }
    }
    match (quote, depth) {
        (Some(open), _) => Err(format!("a {open} in `{formula}` is never closed")),
        (None, 0) => Ok(()),
        (None, _) => Err(format!("the brackets in `{formula}` do not pair")),
    }
}

fn put_link(
    context: &mut Context<'_, '_, '_>,
    sheet: &mut Worksheet,
    row: u32,
    cell: &Cell<'_>,
    (content, link, tip): (&Content<'_>, &str, Option<&str>),
    format: &Format,
) -> Result<(), XlsxError> {
    let element = cell.element;
    let Content::Text(text) = content else {
        let code = &codes::report::WORKBOOK_VALUE;
        let message = "a link needs a text to stand under";
        context
            .problems
            .attribute(code, element, "link", message, None);
        return Ok(());
    };
    let outside = ["https:", "http:", "mailto:"];
    let target = if outside.iter().any(|scheme| link.starts_with(scheme)) {
        link.to_owned()
    } else {
        let here = Here {
            sheet: context.sheet,
            row: Some(row),
        };
        let Some((sheet, range)) = context.resolve(link, here, element, "link") else {
            return Ok(());
        };
        let name = context.ids.sheets.get(sheet).map_or("", String::as_str);
        format!("internal:{}", range.on(name))
    };
    let text = context.cleaned(text, element);
    let mut url = Url::new(target).set_text(text);
    if let Some(tip) = tip {
        url = url.set_tip(tip);
    }
    sheet.write_url_with_format(row, cell.column, url, format)?;
    Ok(())
}

/// Names, notes and sparklines.
fn hang<'e>(
    context: &mut Context<'e, '_, '_>,
    sheet: &mut Worksheet,
    row: u32,
    cell: &Cell<'e>,
    extras: &Extras<'e>,
) -> Result<(), XlsxError> {
    if let Some(name) = extras.name {
        context.define_cell(name, row, cell);
    }
    if let Some(text) = extras.note.filter(|text| !text.trim().is_empty()) {
        let text = context.cleaned(text, cell.element);
        let width = extras.note_size.0.unwrap_or(240);
        let fitting = lines(&text, f64::from(width) / 7.0, 9.0, false) * 15 + 12;
        let note = Note::new(text)
            .add_author_prefix(false)
            .set_font_name(context.styles.font())
            .set_font_size(9)
            .set_width(width)
            .set_height(extras.note_size.1.unwrap_or(fitting));
        sheet.insert_note(row, cell.column, &note)?;
    }
    for child in &cell.element.children {
        if child.name == "sparkline" {
            sparkline(context, sheet, row, cell.column, child)?;
        } else {
            unknown_element(context.problems, cell.element, child, &["sparkline"]);
        }
    }
    Ok(())
}

fn sparkline(
    context: &mut Context<'_, '_, '_>,
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    element: &Element,
) -> Result<(), XlsxError> {
    no_text(context.problems, element);
    let mut fields = Fields::of(element, context.problems);
    let range = fields.required("range");
    let kinds = [
        ("line", SparklineType::Line),
        ("column", SparklineType::Column),
    ];
    let kind = fields.one_of("type", &kinds).unwrap_or(SparklineType::Line);
    let color = fields.color("color");
    let width = fields.number_in("width", 0.25, 6.0);
    let last = fields.flag("last").unwrap_or(true);
    fields.finish();
    let Some(range) = range else { return Ok(()) };
    let here = Here {
        sheet: context.sheet,
        row: Some(row),
    };
    let Some((on, cells)) = context.resolve(range, here, element, "range") else {
        return Ok(());
    };
    let name = context.ids.sheets.get(on).map_or("", String::as_str);
    let mut line = Sparkline::new()
        .set_range((
            name,
            cells.first_row,
            cells.first_column,
            cells.last_row,
            cells.last_column,
        ))
        .set_type(kind)
        .show_last_point(last)
        .show_hidden_data(true);
    if let Some(color) = color {
        line = line
            .set_sparkline_color(Color::RGB(color))
            .set_last_point_color(Color::RGB(color));
    }
    if let Some(width) = width {
        line = line.set_line_weight(width);
    }
    sheet.add_sparkline(row, column, &line)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn brackets_and_quotes_pair() {
        assert_eq!(check("IF(A1=\")\",'it''s (1'!B2,\"\"\"\")"), Ok(()));
        for wrong in ["", "SUM(A1", "A1)", ")A1(", "\"a", "'a!B1"] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }
}
