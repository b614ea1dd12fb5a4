//! How a sheet is printed.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::element::Element;
use super::fields::{Fields, no_text};
use super::reference::{MAX_ROWS, Range, column};
use super::sheet::Context;
use super::text::clean;
use crate::diagnostics::codes;

/// Excel's number for A4.
const PAPER_A4: u8 = 9;

/// The attributes of `<print>`.
struct Settings<'e> {
    landscape: bool,
    /// Pages wide and tall that all is fitted to; 0 is as many as needed.
    pages: (u16, u16),
    repeat: Option<(u32, u32)>,
    repeat_columns: Option<(u16, u16)>,
    area: Option<&'e str>,
    /// Left, right, top, bottom, in millimetres.
    margins: Option<[f64; 4]>,
    center: bool,
    breaks: &'e str,
    header: String,
    footer: String,
}

/// Writes `<print>`.
pub(super) fn write(
    context: &mut Context<'_, '_, '_>,
    sheet: &mut Worksheet,
    element: &Element,
) -> Result<(), XlsxError> {
    no_text(context.problems, element);
    let settings = settings(context, element);
    sheet.set_paper_size(PAPER_A4);
    if settings.landscape {
        sheet.set_landscape();
    }
    sheet.set_print_fit_to_pages(settings.pages.0, settings.pages.1);
    sheet.set_print_center_horizontally(settings.center);
    if let Some((first, last)) = settings.repeat {
        sheet.set_repeat_rows(first, last)?;
    }
    if let Some((first, last)) = settings.repeat_columns {
        sheet.set_repeat_columns(first, last)?;
    }
    if let Some(range) = context.own_range(settings.area, element, "area") {
        let Range {
            first_row,
            first_column,
            last_row,
            last_column,
            ..
        } = range;
        sheet.set_print_area(first_row, first_column, last_row, last_column)?;
    }
    if let Some(margins) = settings.margins {
        let [left, right, top, bottom] = margins.map(|millimetres| millimetres / 25.4);
        sheet.set_margins(left, right, top, bottom, 0.3, 0.3);
    }
    page_breaks(context, sheet, element, settings.breaks)?;
    let edges = [
        (&settings.header, "header-left"),
        (&settings.footer, "footer-left"),
    ];
    for (text, name) in edges {
        if text.encode_utf16().count() > 255 {
            let message = "a header or footer has at most 255 characters".to_owned();
            let code = &codes::report::WORKBOOK_VALUE;
            let problems = &mut context.problems;
            problems.attribute(code, element, name, message, None);
            return Ok(());
        }
    }
    sheet
        .set_header(settings.header)
        .set_footer(settings.footer);
    Ok(())
}

fn settings<'e>(context: &mut Context<'_, '_, '_>, element: &'e Element) -> Settings<'e> {
    let font = context.styles.font().to_owned();
    let mut fields = Fields::of(element, context.problems);
    let pages = |count: Option<u32>, default: u16| {
        count
            .and_then(|count| u16::try_from(count).ok())
            .unwrap_or(default)
    };
    let settings = Settings {
        landscape: fields.flag("landscape").unwrap_or(false),
        pages: (
            pages(fields.whole("fit-width", 0, 100), 1),
            pages(fields.whole("fit-height", 0, 1000), 0),
        ),
        repeat: fields.text("repeat").and_then(|text| {
            let rows = row_span(text);
            if rows.is_none() {
                fields.bad("repeat", text, "rows such as `4` or `1:4`");
            }
            rows
        }),
        repeat_columns: fields.text("repeat-columns").and_then(|text| {
            let columns = column_span(text);
            if columns.is_none() {
                fields.bad("repeat-columns", text, "columns such as `A` or `A:B`");
            }
            columns
        }),
        area: fields.text("area"),
        margins: fields.text("margins").and_then(|text| {
            let margins = four_lengths(text);
            if margins.is_none() {
                let wanted = "four lengths in millimetres: left, right, top, bottom";
                fields.bad("margins", text, wanted);
            }
            margins
        }),
        center: fields.flag("center").unwrap_or(false),
        breaks: fields.text("breaks").unwrap_or_default(),
        header: edge(
            ["header-left", "header-center", "header-right"].map(|name| fields.text(name)),
            &font,
        ),
        footer: edge(
            ["footer-left", "footer-center", "footer-right"].map(|name| fields.text(name)),
            &font,
        ),
    };
    fields.finish();
    settings
}

/// Page breaks above rows: numbers, or `{id:A}`.
fn page_breaks(
    context: &mut Context<'_, '_, '_>,
    sheet: &mut Worksheet,
    element: &Element,
    list: &str,
) -> Result<(), XlsxError> {
    let mut rows = Vec::new();
    for word in list.split_whitespace() {
        let address = if word.bytes().all(|b| b.is_ascii_digit()) {
            format!("A{word}")
        } else {
            word.to_owned()
        };
        if let Some(range) = context.own_range(Some(&address), element, "breaks") {
            rows.push(range.first_row);
        }
    }
    rows.retain(|row| *row > 0);
    if !rows.is_empty() {
        sheet.set_page_breaks(&rows)?;
    }
    Ok(())
}

/// `4` or `1:4` as 0-based rows.
fn row_span(text: &str) -> Option<(u32, u32)> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    let row = |text: &str| text.trim().parse::<u32>().ok()?.checked_sub(1);
    let (first, last) = (row(first)?, row(last)?);
    (first <= last && last < MAX_ROWS).then_some((first, last))
}

/// `A` or `A:B` as 0-based columns.
fn column_span(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    let (first, last) = (column(first.trim())?, column(last.trim())?);
    (first <= last).then_some((first, last))
}

fn four_lengths(text: &str) -> Option<[f64; 4]> {
    let lengths: Option<Vec<f64>> = text
        .split_whitespace()
        .map(|word| word.parse().ok().filter(|mm| (0.0..=200.0).contains(mm)))
        .collect();
    lengths?.try_into().ok()
}

/// Header or footer codes for texts in which `{page}` and `{pages}` stand for the numbers.
fn edge(parts: [Option<&str>; 3], font: &str) -> String {
    let mut out = String::new();
    for (code, text) in ["&L", "&C", "&R"].into_iter().zip(parts) {
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            continue;
        };
        let (text, _) = clean(text);
        // An ampersand starts a code, and digits after a size would belong to it.
        let text = text.replace('&', "&&");
        let text = text.replace("{pages}", "&N").replace("{page}", "&P");
        let gap = if text.starts_with(|c: char| c.is_ascii_digit()) {
            " "
        } else {
            ""
        };
        out.push_str(&format!("{code}&\"{font},Regular\"&8{gap}{text}"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn footers_hold_names_with_ampersands_and_numbers() {
        let footer = edge([Some("A & B"), None, Some("{page} / {pages}")], "Arial");
        assert_eq!(
            footer,
            "&L&\"Arial,Regular\"&8A && B&R&\"Arial,Regular\"&8&P / &N"
        );
        let digits = edge([None, Some("2026"), None], "Arial");
        assert_eq!(digits, "&C&\"Arial,Regular\"&8 2026");
    }

    #[test]
    fn columns_to_repeat() {
        assert_eq!(column_span("A"), Some((0, 0)));
        assert_eq!(column_span("A:C"), Some((0, 2)));
        assert_eq!(column_span("C:A"), None);
        assert_eq!(column_span("1"), None);
    }

    #[test]
    fn rows_to_repeat() {
        assert_eq!(row_span("4"), Some((3, 3)));
        assert_eq!(row_span("1:4"), Some((0, 3)));
        assert_eq!(row_span("4:1"), None);
        assert_eq!(row_span("0"), None);
    }
}
