//! The axes and the legend of a chart.

use rust_xlsxwriter::{
    Chart, ChartAxis, ChartAxisCrossing, ChartAxisLabelPosition, ChartAxisTickType, ChartFont,
    ChartFormat, ChartLegendPosition, ChartLine, Color,
};

use super::chart::Kind;
use super::element::Element;
use super::fields::{Fields, no_text};
use super::sheet::Context;

/// Colours of what is not data.
const AXIS_TEXT: u32 = 0x46_535F;
const GRID: u32 = 0xD5_DCE2;

/// The font of everything at an axis.
pub(super) fn font(font: &str) -> ChartFont {
    let mut out = ChartFont::new();
    out.set_name(font)
        .set_size(9)
        .set_color(Color::RGB(AXIS_TEXT));
    out
}

/// Draws the axes and the legend that a chart asks for, the others plainly.
pub(super) fn axes(
    context: &mut Context<'_, '_, '_>,
    chart: &mut Chart,
    element: &Element,
    kind: Kind,
    font: &str,
) {
    chart.legend().set_font(&self::font(font));
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
    axis.set_font(&self::font(font));
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
        axis.set_name(title).set_name_font(&self::font(font));
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
    if let Some(base) = fields.whole("log", 2, 1000) {
        axis.set_log_base(u16::try_from(base).unwrap_or(10));
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
    crossing(&mut fields, axis);
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

/// Where the other axis crosses this one.
fn crossing(fields: &mut Fields<'_, '_, '_>, axis: &mut ChartAxis) {
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
