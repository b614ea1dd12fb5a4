//! Native charts.

use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartDataLabelPosition, ChartEmptyCells, ChartFont, ChartFormat,
    ChartLayout, ChartPoint, ChartRange, ChartSeries, ChartSolidFill, ChartType, Color,
    ObjectMovement, Worksheet, XlsxError,
};

use super::element::Element;
use super::fields::{Fields, color, no_text, unknown_element};
use super::sheet::Context;
use super::{axis, ink};
use crate::diagnostics::codes;

/// What a series is drawn as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Column,
    Bar,
    Line,
    Area,
    Pie,
    Doughnut,
    Scatter,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stacked {
    No,
    Values,
    Percent,
}

const KINDS: [(&str, Kind); 7] = [
    ("column", Kind::Column),
    ("bar", Kind::Bar),
    ("line", Kind::Line),
    ("area", Kind::Area),
    ("pie", Kind::Pie),
    ("doughnut", Kind::Doughnut),
    ("scatter", Kind::Scatter),
];

/// The colour of titles.
const INK: u32 = 0x17_212B;

fn chart_type(kind: Kind, stacked: Stacked) -> ChartType {
    match (kind, stacked) {
        (Kind::Column, Stacked::No) => ChartType::Column,
        (Kind::Column, Stacked::Values) => ChartType::ColumnStacked,
        (Kind::Column, Stacked::Percent) => ChartType::ColumnPercentStacked,
        (Kind::Bar, Stacked::No) => ChartType::Bar,
        (Kind::Bar, Stacked::Values) => ChartType::BarStacked,
        (Kind::Bar, Stacked::Percent) => ChartType::BarPercentStacked,
        (Kind::Line, Stacked::No) => ChartType::Line,
        (Kind::Line, Stacked::Values) => ChartType::LineStacked,
        (Kind::Line, Stacked::Percent) => ChartType::LinePercentStacked,
        (Kind::Area, Stacked::No) => ChartType::Area,
        (Kind::Area, Stacked::Values) => ChartType::AreaStacked,
        (Kind::Area, Stacked::Percent) => ChartType::AreaPercentStacked,
        (Kind::Pie, _) => ChartType::Pie,
        (Kind::Doughnut, _) => ChartType::Doughnut,
        // The plain one hides its line, and the one without markers hides these, whatever format a
        // series asks for.
        (Kind::Scatter, _) => ChartType::ScatterStraightWithMarkers,
    }
}

/// The attributes of `<chart>`.
struct Settings<'e> {
    at: (u32, u16),
    kind: Kind,
    stacked: Stacked,
    width: u32,
    height: u32,
    title: Option<&'e str>,
    alt: Option<&'e str>,
    gap: u16,
    overlap: Option<i8>,
}

/// Writes a chart.
pub(super) fn write(
    context: &mut Context<'_, '_, '_>,
    sheet: &mut Worksheet,
    element: &Element,
) -> Result<(), XlsxError> {
    no_text(context.problems, element);
    let Some(settings) = settings(context, element) else {
        return Ok(());
    };
    let font = context.styles.font().to_owned();
    let mut chart = Chart::new(chart_type(settings.kind, settings.stacked));
    let mut second: Option<(Kind, Chart)> = None;
    let mut count = 0;
    for child in &element.children {
        match child.name.as_str() {
            "series" => {
                let Some((kind, series)) = series(context, child, &settings, &font) else {
                    continue;
                };
                count += 1;
                add(
                    &mut chart,
                    &mut second,
                    context,
                    child,
                    &settings,
                    (kind, &series),
                );
            }
            "x-axis" | "y-axis" | "y2-axis" | "legend" => {}
            _ => {
                let known = ["series", "x-axis", "y-axis", "y2-axis", "legend"];
                unknown_element(context.problems, element, child, &known);
            }
        }
    }
    if count == 0 {
        // All its series lie in groups without rows: there is nothing to draw.
        return Ok(());
    }
    if let Some((_, second)) = &second {
        chart.combine(second);
    }
    frame(&mut chart, &settings, &font);
    axis::axes(context, &mut chart, element, settings.kind, &font);
    chart.validate()?;
    sheet.insert_chart(settings.at.0, settings.at.1, &chart)?;
    Ok(())
}

fn settings<'e>(context: &mut Context<'_, '_, '_>, element: &'e Element) -> Option<Settings<'e>> {
    let stacks = [
        ("none", Stacked::No),
        ("values", Stacked::Values),
        ("percent", Stacked::Percent),
    ];
    let mut fields = Fields::of(element, context.problems);
    let at = fields.required("at");
    fields.required("type");
    let kind = fields.one_of("type", &KINDS);
    let stacked = fields.one_of("stacked", &stacks).unwrap_or(Stacked::No);
    let width = fields.whole("width", 50, 4000).unwrap_or(720);
    let height = fields.whole("height", 50, 4000).unwrap_or(300);
    let title = fields.text("title");
    let alt = fields.text("alt");
    let gap = fields.whole("gap", 0, 500).unwrap_or(60);
    let overlap = fields.number_in("overlap", -100.0, 100.0).map(|n| n as i8);
    fields.finish();
    let at = context.own_range(at, element, "at")?;
    Some(Settings {
        at: (at.first_row, at.first_column),
        kind: kind?,
        stacked,
        width,
        height,
        title,
        alt,
        gap: u16::try_from(gap).unwrap_or(60),
        overlap,
    })
}

/// Puts a series into the chart, or into the one laid over it for a second kind.
fn add(
    chart: &mut Chart,
    second: &mut Option<(Kind, Chart)>,
    context: &mut Context<'_, '_, '_>,
    element: &Element,
    settings: &Settings<'_>,
    (kind, series): (Kind, &ChartSeries),
) {
    if kind == settings.kind {
        chart.push_series(series);
        return;
    }
    let (other, over) =
        second.get_or_insert_with(|| (kind, Chart::new(chart_type(kind, Stacked::No))));
    if *other == kind {
        over.push_series(series);
    } else {
        let message = "a chart combines two kinds at most";
        let code = &codes::report::WORKBOOK_VALUE;
        context
            .problems
            .attribute(code, element, "type", message, None);
    }
}

fn series(
    context: &mut Context<'_, '_, '_>,
    element: &Element,
    settings: &Settings<'_>,
    font: &str,
) -> Option<(Kind, ChartSeries)> {
    no_text(context.problems, element);
    let mut fields = Fields::of(element, context.problems);
    let name = fields.required("name");
    let values = fields.required("values");
    let categories = fields.text("categories");
    let kind = fields.one_of("type", &KINDS).unwrap_or(settings.kind);
    let ink = ink::read(&mut fields, kind);
    let secondary = fields.one_of("axis", &[("primary", false), ("secondary", true)]);
    let smooth = fields.flag("smooth").unwrap_or(false);
    let label = label(&mut fields, font);
    let legend = fields.flag("legend").unwrap_or(true);
    let points = fields.text("points");
    fields.finish();

    let mut series = ChartSeries::new();
    series.set_values(&range(context, values?, element, "values")?);
    if let Some(categories) = categories {
        series.set_categories(&range(context, categories, element, "categories")?);
    }
    name_series(context, &mut series, name?, element);
    series.set_format(&mut ink.format.clone());
    series.set_marker(&ink.marker);
    series.set_secondary_axis(secondary.unwrap_or(false));
    series.delete_from_legend(!legend);
    if kind == Kind::Line || kind == Kind::Scatter {
        series.set_smooth(smooth);
    }
    if matches!(kind, Kind::Column | Kind::Bar) {
        let stacked = settings.stacked != Stacked::No;
        let overlap = settings.overlap.unwrap_or(100);
        series.set_gap(settings.gap);
        series.set_overlap(if stacked { 100 } else { overlap });
    }
    if let Some(label) = label {
        series.set_data_label(&label);
    }
    if let Some(points) = points {
        color_points(context, &mut series, points, element);
    }
    Some((kind, series))
}

/// What is written at each point, if anything is.
fn label(fields: &mut Fields<'_, '_, '_>, font: &str) -> Option<ChartDataLabel> {
    let positions = [
        ("outside", ChartDataLabelPosition::OutsideEnd),
        ("inside", ChartDataLabelPosition::InsideEnd),
        ("base", ChartDataLabelPosition::InsideBase),
        ("center", ChartDataLabelPosition::Center),
        ("above", ChartDataLabelPosition::Above),
        ("below", ChartDataLabelPosition::Below),
    ];
    let shown = fields.flag("labels").unwrap_or(false);
    let format = fields.text("label-format");
    let position = fields.one_of("label-position", &positions);
    let color = fields.color("label-color");
    let mut label_font = axis::font(font);
    if let Some(color) = color {
        label_font.set_color(Color::RGB(color));
    }
    let mut label = ChartDataLabel::new();
    label.show_value().set_font(&label_font);
    if let Some(format) = format {
        label.set_num_format(format);
    }
    if let Some(position) = position {
        label.set_position(position);
    }
    shown.then_some(label)
}

/// The name is a reference where it looks like one, else a text.
fn name_series(
    context: &mut Context<'_, '_, '_>,
    series: &mut ChartSeries,
    name: &str,
    element: &Element,
) {
    if name.starts_with('{') || name.starts_with('=') {
        if let Some(range) = range(context, name, element, "name") {
            series.set_name(&range);
        }
    } else {
        series.set_name(name);
    }
}

fn range(
    context: &mut Context<'_, '_, '_>,
    text: &str,
    element: &Element,
    attribute: &str,
) -> Option<ChartRange> {
    let (on, cells) = context.resolve(text, context.here(), element, attribute)?;
    let sheet = context.ids.sheets.get(on)?;
    Some(ChartRange::new_from_range(
        sheet,
        cells.first_row,
        cells.first_column,
        cells.last_row,
        cells.last_column,
    ))
}

fn color_points(
    context: &mut Context<'_, '_, '_>,
    series: &mut ChartSeries,
    list: &str,
    element: &Element,
) {
    let mut points = Vec::new();
    for word in list.split_whitespace() {
        let mut format = ChartFormat::new();
        match (word, color(word)) {
            ("-", _) => {}
            (_, Some(rgb)) => {
                format.set_solid_fill(ChartSolidFill::new().set_color(Color::RGB(rgb)));
            }
            _ => {
                let message = format!("`points` has `{word}`, which is neither a colour nor `-`");
                let code = &codes::report::WORKBOOK_VALUE;
                let problems = &mut context.problems;
                problems.attribute(code, element, "points", message, None);
            }
        }
        points.push(if word == "-" {
            ChartPoint::default()
        } else {
            ChartPoint::new().set_format(&mut format)
        });
    }
    series.set_points(&points);
}

/// Title, size and what surrounds the plot.
fn frame(chart: &mut Chart, settings: &Settings<'_>, font: &str) {
    chart
        .set_width(settings.width)
        .set_height(settings.height)
        .set_object_movement(ObjectMovement::MoveButDontSizeWithCells)
        .show_empty_cells_as(ChartEmptyCells::Gaps);
    chart
        .chart_area()
        .set_format(ChartFormat::new().set_no_border());
    match settings.title {
        Some(title) => {
            let mut title_font = ChartFont::new();
            title_font
                .set_name(font)
                .set_size(12)
                .set_bold()
                .set_color(Color::RGB(INK));
            chart
                .title()
                .set_name(title)
                .set_font(&title_font)
                .set_layout(&ChartLayout::new().set_offset(0.02, 0.02));
        }
        None => {
            chart.title().set_hidden();
        }
    }
    if let Some(alt) = settings.alt.or(settings.title) {
        chart.set_alt_text(alt);
    }
}
