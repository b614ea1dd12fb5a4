//! One sheet: columns, print set-up, rows, and what lies over them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rust_xlsxwriter::{Color, Format, Worksheet, XlsxError};

use super::bulk::Bulk;
use super::element::Element;
use super::fields::{Fields, Problems, no_text, unknown_element};
use super::layout::{Cell, Row, Sheet};
use super::reference::{Here, Ids, Range, ReferenceError, cell as cell_address};
use super::style::Styles;
use super::text::{clean, lines, width};
use super::{cell, chart, conditional, print, stream, table};
use crate::diagnostics::{codes, suggestion};

/// The names of cells, ranges and tables.
#[derive(Debug, Default)]
pub(super) struct Names<'e> {
    /// Names that are to be defined, what each stands for, and the element that asks for it.
    pub(super) defined: Vec<(String, String, &'e Element)>,
    /// All that are taken, in lower case: Excel does not tell cases apart.
    taken: BTreeSet<String>,
}

impl Names<'_> {
    /// Whether a name was free; it is taken now.
    pub(super) fn take(&mut self, name: &str) -> bool {
        self.taken.insert(name.to_lowercase())
    }
}

/// What is known while a sheet is written.
pub(super) struct Context<'e, 'p, 'o> {
    pub(super) styles: &'p mut Styles,
    pub(super) ids: &'p Ids,
    pub(super) problems: &'p mut Problems<'o>,
    pub(super) bulk: &'p dyn Bulk,
    /// Text for what is not known.
    pub(super) missing: &'e str,
    pub(super) names: &'p mut Names<'e>,
    /// Index of the sheet.
    pub(super) sheet: usize,
}

impl<'e> Context<'e, '_, '_> {
    pub(super) fn here(&self) -> Here {
        Here {
            sheet: self.sheet,
            row: None,
        }
    }

    pub(super) fn format(&mut self, styles: &str, right: bool, at: &Element) -> Format {
        self.styles.get(styles, right, at, self.problems).1.clone()
    }

    /// Whether numbers stand to the right in a style.
    pub(super) fn is_numeric(&mut self, styles: &str, at: &Element) -> bool {
        let (style, _) = self.styles.get(styles, false, at, self.problems);
        style.is_numeric()
    }

    /// Whether a style shows in a cell that holds nothing.
    pub(super) fn shows_when_empty(&mut self, styles: &str, at: &Element) -> bool {
        let (style, _) = self.styles.get(styles, false, at, self.problems);
        style.shows_when_empty()
    }

    /// A text as a cell can hold it; reports it where it had to be cut.
    pub(super) fn cleaned<'t>(&mut self, text: &'t str, at: &Element) -> Cow<'t, str> {
        let (text, cut) = clean(text);
        if cut {
            let start: String = text.chars().take(40).collect();
            let message = format!("the text that starts with `{start}` was cut");
            self.problems
                .warning(&codes::report::WORKBOOK_TEXT_CUT, at, message);
        }
        text
    }

    fn unresolved(&mut self, error: &ReferenceError, at: &Element, attribute: &str) {
        let (message, help) = match error {
            ReferenceError::Unknown(id) => (
                format!("no row has the id `{id}`"),
                suggestion(id, self.ids.rows.keys().map(String::as_str)),
            ),
            ReferenceError::Empty(id) => (format!("the group `{id}` has no rows"), None),
            ReferenceError::Malformed(text) => (
                format!("`{text}` is not a reference to cells"),
                Some("write `E5`, `E5:E9`, `{id:E}` or `{id:C:J}`".to_owned()),
            ),
        };
        let code = &codes::report::WORKBOOK_REFERENCE;
        self.problems.attribute(code, at, attribute, message, help);
    }

    pub(super) fn expand(
        &mut self,
        text: &str,
        here: Here,
        at: &Element,
        attribute: &str,
    ) -> Option<String> {
        match self.ids.expand(text, here) {
            Ok(expanded) => Some(expanded),
            Err(error) => {
                self.unresolved(&error, at, attribute);
                None
            }
        }
    }

    /// A range and the index of its sheet; none where a group has no rows, which is no error here.
    pub(super) fn resolve(
        &mut self,
        text: &str,
        here: Here,
        at: &Element,
        attribute: &str,
    ) -> Option<(usize, Range)> {
        match self.ids.resolve(text, here) {
            Ok(found) => Some(found),
            Err(ReferenceError::Empty(_)) => None,
            Err(error) => {
                self.unresolved(&error, at, attribute);
                None
            }
        }
    }

    /// A range that must lie on this sheet.
    pub(super) fn own_range(
        &mut self,
        text: Option<&str>,
        at: &Element,
        attribute: &str,
    ) -> Option<Range> {
        let text = text?;
        let (sheet, range) = self.resolve(text, self.here(), at, attribute)?;
        if sheet != self.sheet {
            let message = format!("`{text}` lies on another sheet");
            let code = &codes::report::WORKBOOK_REFERENCE;
            self.problems.attribute(code, at, attribute, message, None);
            return None;
        }
        Some(range)
    }

    /// Notes a name to be defined; one that is taken is an error.
    pub(super) fn define(&mut self, name: &str, reference: String, at: &'e Element) {
        if self.names.take(name) {
            self.names.defined.push((name.to_owned(), reference, at));
        } else {
            let message = format!("the name `{name}` is defined twice");
            let code = &codes::report::WORKBOOK_VALUE;
            self.problems.attribute(code, at, "name", message, None);
        }
    }

    pub(super) fn define_cell(&mut self, name: &str, row: u32, cell: &Cell<'e>) {
        let range = Range {
            sheet: None,
            first_row: row,
            first_column: cell.column,
            last_row: row,
            last_column: cell.column,
        };
        let sheet = self.ids.sheets.get(self.sheet).map_or("", String::as_str);
        self.define(name, range.on(sheet), cell.element);
    }
}

/// Elements of a sheet beside rows.
const PARTS: [&str; 13] = [
    "bars",
    "bulk",
    "chart",
    "columns",
    "filter",
    "heat",
    "icons",
    "print",
    "row",
    "rows",
    "table",
    "validation",
    "wash",
];

/// Writes a whole sheet.
pub(super) fn write<'e>(
    context: &mut Context<'e, '_, '_>,
    sheet: &mut Worksheet,
    plan: &Sheet<'e>,
) {
    if let Err(error) = settings(context, sheet, plan.element, plan.name) {
        context.problems.refused(plan.element, &error);
    }
    let widths = columns(context, sheet, plan);
    // The heads of a table are written with it, and written over by the cells of their row, which
    // have a style; so tables come first.
    for part in plan.parts.iter().filter(|part| part.name == "table") {
        table::write(context, sheet, plan, part);
    }
    for row in &plan.rows {
        write_row(context, sheet, row, &widths);
    }
    if let Some(bulk) = &plan.bulk {
        stream::write(context, sheet, bulk);
    }
    for part in &plan.parts {
        write_part(context, sheet, part);
    }
}

fn write_part<'e>(context: &mut Context<'e, '_, '_>, sheet: &mut Worksheet, part: &'e Element) {
    let parent = Element {
        name: "sheet".to_owned(),
        ..Element::default()
    };
    let written = match part.name.as_str() {
        "columns" | "table" => return,
        "print" => print::write(context, sheet, part),
        "chart" => chart::write(context, sheet, part),
        "filter" => table::filter(context, sheet, part),
        "icons" | "wash" | "heat" | "bars" => conditional::write(context, sheet, part),
        "validation" => conditional::validation(context, sheet, part),
        _ => {
            unknown_element(context.problems, &parent, part, &PARTS);
            return;
        }
    };
    if let Err(error) = written {
        context.problems.refused(part, &error);
    }
}

fn settings(
    context: &mut Context<'_, '_, '_>,
    sheet: &mut Worksheet,
    element: &Element,
    name: Option<&str>,
) -> Result<(), XlsxError> {
    let mut fields = Fields::of(element, context.problems);
    fields.text("name");
    let tab = fields.color("tab");
    let freeze = fields.text("freeze");
    let grid = fields.flag("grid").unwrap_or(true);
    let zoom = fields.whole("zoom", 10, 400);
    let hidden = fields.flag("hidden").unwrap_or(false);
    let freeze = freeze.and_then(|text| {
        let cell = cell_address(text);
        if cell.is_none() {
            fields.bad("freeze", text, "a cell such as `C5`");
        }
        cell
    });
    fields.finish();
    if let Some(name) = name {
        sheet.set_name(name)?;
    }
    sheet.set_screen_gridlines(grid).set_hidden(hidden);
    // The writer takes an empty result for none and would show 0.
    sheet.set_formula_result_default("");
    if let Some(color) = tab {
        sheet.set_tab_color(Color::RGB(color));
    }
    if let Some((row, column)) = freeze {
        sheet.set_freeze_panes(row, column)?;
    }
    if let Some(zoom) = zoom {
        sheet.set_zoom(u16::try_from(zoom).unwrap_or(100));
    }
    Ok(())
}

/// Sets the widths of the columns, and gives them from A on.
fn columns(context: &mut Context<'_, '_, '_>, sheet: &mut Worksheet, plan: &Sheet<'_>) -> Vec<f64> {
    let mut widths = Vec::new();
    for element in plan.parts.iter().filter(|part| part.name == "columns") {
        no_text(context.problems, element);
        let mut fields = Fields::of(element, context.problems);
        let list = fields.required("widths").unwrap_or_default();
        let least = fields.number_in("min", 0.0, 255.0).unwrap_or(8.0);
        let most = fields.number_in("max", 1.0, 255.0).unwrap_or(44.0);
        for word in list.split_whitespace() {
            let (width, count) = word.split_once('*').unwrap_or((word, "1"));
            let count = count
                .parse::<usize>()
                .ok()
                .filter(|n| (1..=1000).contains(n));
            let width = match width {
                "auto" => Some(f64::NAN),
                text => text.parse().ok().filter(|w| (0.0..=255.0).contains(w)),
            };
            match (width, count) {
                (Some(width), Some(count)) => widths.extend(std::iter::repeat_n(width, count)),
                _ => fields.bad("widths", word, "a width such as `11`, `11*3` or `auto`"),
            }
        }
        fields.finish();
        for (column, width) in widths.iter_mut().enumerate() {
            if width.is_nan() {
                let widest = widest(context, plan, column);
                *width = (widest + 2.0).clamp(least, most).ceil();
            }
        }
    }
    for (column, width) in (0u16..).zip(&widths) {
        if let Err(error) = sheet.set_column_width(column, *width) {
            context.problems.refused(plan.element, &error);
        }
    }
    widths
}

/// The width of the widest text of a column that is neither merged nor wrapped.
fn widest(context: &mut Context<'_, '_, '_>, plan: &Sheet<'_>, column: usize) -> f64 {
    let mut widest: f64 = 0.0;
    for row in &plan.rows {
        let row_style = attribute(row.element, "style");
        let cells = row.cells.iter();
        for cell in cells.filter(|c| usize::from(c.column) == column && c.span == 1) {
            let own = attribute(cell.element, "style");
            let names = format!("{row_style} {own}");
            let found = context
                .styles
                .get(&names, false, cell.element, context.problems);
            if !found.0.wraps() {
                let text = &cell.element.text;
                widest = widest.max(width(text, found.0.points(), found.0.is_bold()));
            }
        }
    }
    widest
}

fn attribute<'e>(element: &'e Element, name: &str) -> &'e str {
    let found = element.attributes.iter().find(|(key, _)| key == name);
    found.map_or("", |(_, value)| value.as_str())
}

fn write_row<'e>(
    context: &mut Context<'e, '_, '_>,
    sheet: &mut Worksheet,
    row: &Row<'e>,
    widths: &[f64],
) {
    let mut fields = Fields::of(row.element, context.problems);
    fields.text("at");
    fields.text("id");
    let style = fields.text("style").unwrap_or_default();
    let height = fields.number_in("height", 0.0, 409.0);
    let hidden = fields.flag("hidden").unwrap_or(false);
    fields.finish();
    let height = height.unwrap_or_else(|| needed_height(context, row, style, widths));
    let mut set = sheet.set_row_height(row.number, height).map(|_| ());
    if hidden {
        set = set.and_then(|()| sheet.set_row_hidden(row.number).map(|_| ()));
    }
    if let Err(error) = set {
        context.problems.refused(row.element, &error);
    }
    for cell in &row.cells {
        cell::write(context, sheet, row.number, style, cell);
    }
}

/// The height that the wrapped texts of a row need, in points.
///
/// 18 for one line at 10 points and 15 for each more: Thai marks need 1.8 times the size.
fn needed_height(
    context: &mut Context<'_, '_, '_>,
    row: &Row<'_>,
    row_style: &str,
    widths: &[f64],
) -> f64 {
    const DEFAULT_WIDTH: f64 = 8.43;
    let mut height: f64 = 18.0;
    for cell in row.cells.iter().filter(|c| c.down == 1) {
        let text = &cell.element.text;
        let names = format!("{row_style} {}", attribute(cell.element, "style"));
        let found = context
            .styles
            .get(&names, false, cell.element, context.problems);
        let (size, wraps, bold) = (found.0.points(), found.0.wraps(), found.0.is_bold());
        let columns = usize::from(cell.column)..usize::from(cell.column + cell.span);
        let room: f64 = columns
            .map(|column| widths.get(column).copied().unwrap_or(DEFAULT_WIDTH))
            .sum();
        let count = if wraps && !text.is_empty() {
            lines(text, room, size, bold)
        } else {
            1
        };
        height = height.max((18.0 + 15.0 * f64::from(count - 1)) * size / 10.0);
    }
    height.min(409.0).round()
}
