//! Native charts.

use rust_xlsxwriter::{
    Chart, ChartAxis, ChartAxisCrossing, ChartAxisLabelPosition, ChartAxisTickType, ChartDataLabel,
    ChartDataLabelPosition, ChartEmptyCells, ChartFont, ChartFormat, ChartLayout,
    ChartLegendPosition, ChartLine, ChartLineDashType, ChartMarker, ChartMarkerType,
    ChartPatternFill, ChartPatternFillType, ChartPoint, ChartRange, ChartSeries, ChartSolidFill,
    ChartType, Color, ObjectMovement, Worksheet, XlsxError,
};

use super::element::Element;
use super::fields::{Fields, color, no_text, unknown_element};
use super::sheet::Context;
use crate::diagnostics::codes;

/// What a chart is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
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

/// Colours of what is not data: axis text, axis lines and grid lines.
const AXIS_TEXT: u32 = 0x46_535F;
const GRID: u32 = 0xD5_DCE2;
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
        (Kind::Scatter, _) => ChartType::Scatter,
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
    axes(context, &mut chart, element, settings.kind, &font);
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
    let ink = ink(&mut fields, kind);
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
    let mut label_font = axis_font(font);
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

/// How a series is drawn.
struct Ink {
    format: ChartFormat,
    marker: ChartMarker,
}

fn ink(fields: &mut Fields<'_, '_, '_>, kind: Kind) -> Ink {
    let rgb = fields.color("color");
    let patterns = [("solid", 0), ("diagonal", 1), ("none", 2)];
    let pattern = fields.one_of("pattern", &patterns).unwrap_or(0);
    let outline = fields.color("outline");
    let outline_width = fields.number_in("outline-width", 0.0, 20.0).unwrap_or(1.0);
    let line_width = fields.number_in("line-width", 0.0, 20.0);
    let dashes = [
        ("solid", ChartLineDashType::Solid),
        ("dash", ChartLineDashType::Dash),
        ("dot", ChartLineDashType::RoundDot),
    ];
    let dash = fields.one_of("dash", &dashes);
    let markers = [
        ("none", None),
        ("circle", Some(ChartMarkerType::Circle)),
        ("square", Some(ChartMarkerType::Square)),
        ("diamond", Some(ChartMarkerType::Diamond)),
    ];
    let marker_type = fields.one_of("marker", &markers).flatten();

    let mut format = ChartFormat::new();
    let mut marker = ChartMarker::new();
    if matches!(kind, Kind::Line | Kind::Scatter) {
        let mut line = ChartLine::new();
        line.set_width(line_width.unwrap_or(2.25));
        if let Some(rgb) = rgb {
            line.set_color(Color::RGB(rgb));
        }
        if let Some(dash) = dash {
            line.set_dash_type(dash);
        }
        if line_width == Some(0.0) {
            format.set_no_line();
        } else {
            format.set_line(&line);
        }
    } else {
        fill(&mut format, rgb, pattern);
        match outline {
            Some(outline) => {
                let mut line = ChartLine::new();
                line.set_color(Color::RGB(outline)).set_width(outline_width);
                format.set_border(&line);
            }
            None => {
                format.set_no_border();
            }
        }
    }
    match marker_type {
        None => {
            marker.set_none();
        }
        Some(shape) => {
            marker.set_type(shape).set_size(6);
            if let Some(rgb) = rgb {
                marker.set_format(ChartSolidFill::new().set_color(Color::RGB(rgb)));
            }
        }
    }
    Ink { format, marker }
}

fn fill(format: &mut ChartFormat, rgb: Option<u32>, pattern: u8) {
    let Some(rgb) = rgb else {
        if pattern == 2 {
            format.set_no_fill();
        }
        return;
    };
    match pattern {
        1 => format.set_pattern_fill(
            ChartPatternFill::new()
                .set_pattern(ChartPatternFillType::DiagonalStripesWideUpwards)
                .set_foreground_color(Color::RGB(rgb))
                .set_background_color(Color::White),
        ),
        2 => format.set_no_fill(),
        _ => format.set_solid_fill(ChartSolidFill::new().set_color(Color::RGB(rgb))),
    };
}

fn axis_font(font: &str) -> ChartFont {
    let mut out = ChartFont::new();
    out.set_name(font)
        .set_size(9)
        .set_color(Color::RGB(AXIS_TEXT));
    out
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

fn axes(
    context: &mut Context<'_, '_, '_>,
    chart: &mut Chart,
    element: &Element,
    kind: Kind,
    font: &str,
) {
    chart.legend().set_font(&axis_font(font));
    chart.legend().set_position(ChartLegendPosition::Bottom);
    if !matches!(kind, Kind::Pie | Kind::Doughnut) {
        // Bars lie: their values are along the horizontal axis.
        plain_axis(chart.x_axis(), font, kind == Kind::Bar);
        plain_axis(chart.y_axis(), font, kind != Kind::Bar);
    }
    for child in &element.children {
        match child.name.as_str() {
            "x-axis" => axis(context, chart.x_axis(), child, font),
            "y-axis" => axis(context, chart.y_axis(), child, font),
            "y2-axis" => {
                plain_axis(chart.y2_axis(), font, false);
                axis(context, chart.y2_axis(), child, font);
            }
            "legend" => legend(context, chart, child),
            _ => {}
        }
    }
}

/// The look of an axis that says nothing about itself.
fn plain_axis(axis: &mut ChartAxis, font: &str, values: bool) {
    axis.set_font(&axis_font(font));
    axis.set_major_tick_type(ChartAxisTickType::None);
    let mut line = ChartLine::new();
    line.set_color(Color::RGB(AXIS_TEXT)).set_width(0.75);
    if values {
        line.set_hidden(true);
    } else {
        axis.set_label_position(ChartAxisLabelPosition::Low);
    }
    axis.set_format(ChartFormat::new().set_line(&line));
    axis.set_major_gridlines(values);
    if values {
        let mut grid = ChartLine::new();
        grid.set_color(Color::RGB(GRID)).set_width(0.75);
        axis.set_major_gridlines_line(&grid);
    }
}

fn axis(context: &mut Context<'_, '_, '_>, axis: &mut ChartAxis, element: &Element, font: &str) {
    let positions = [
        ("low", ChartAxisLabelPosition::Low),
        ("high", ChartAxisLabelPosition::High),
        ("next", ChartAxisLabelPosition::NextTo),
        ("none", ChartAxisLabelPosition::None),
    ];
    no_text(context.problems, element);
    let mut fields = Fields::of(element, context.problems);
    if let Some(title) = fields.text("title") {
        axis.set_name(title).set_name_font(&axis_font(font));
    }
    if let Some(format) = fields.text("format") {
        axis.set_num_format(format);
    }
    if let Some(low) = fields.number("min") {
        axis.set_min(low);
    }
    if let Some(high) = fields.number("max") {
        axis.set_max(high);
    }
    if let Some(unit) = fields.number("unit") {
        axis.set_major_unit(unit);
    }
    if let Some(position) = fields.one_of("labels", &positions) {
        axis.set_label_position(position);
    }
    if let Some(grid) = fields.flag("grid") {
        axis.set_major_gridlines(grid);
    }
    if fields.flag("reverse") == Some(true) {
        axis.set_reverse();
    }
    match fields.text("crossing") {
        None => {}
        Some("min") => {
            axis.set_crossing(ChartAxisCrossing::Min);
        }
        Some("max") => {
            axis.set_crossing(ChartAxisCrossing::Max);
        }
        Some(_) => {
            if let Some(value) = fields.number("crossing") {
                axis.set_crossing(ChartAxisCrossing::AxisValue(value));
            }
        }
    }
    if let Some(line) = fields.flag("line") {
        let mut drawn = ChartLine::new();
        drawn.set_color(Color::RGB(AXIS_TEXT)).set_width(0.75);
        drawn.set_hidden(!line);
        axis.set_format(ChartFormat::new().set_line(&drawn));
    }
    if fields.flag("hidden") == Some(true) {
        axis.set_hidden(true);
    }
    if let Some(every) = fields.whole("every", 1, 1000) {
        axis.set_label_interval(u16::try_from(every).unwrap_or(1));
    }
    fields.finish();
}

fn legend(context: &mut Context<'_, '_, '_>, chart: &mut Chart, element: &Element) {
    let positions = [
        ("top", Some(ChartLegendPosition::Top)),
        ("bottom", Some(ChartLegendPosition::Bottom)),
        ("left", Some(ChartLegendPosition::Left)),
        ("right", Some(ChartLegendPosition::Right)),
        ("none", None),
    ];
    no_text(context.problems, element);
    let mut fields = Fields::of(element, context.problems);
    match fields.one_of("position", &positions) {
        Some(Some(position)) => {
            chart.legend().set_position(position);
        }
        Some(None) => {
            chart.legend().set_hidden();
        }
        None => {}
    }
    fields.finish();
}
