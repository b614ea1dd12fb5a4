//! How the series of a chart are drawn.

use rust_xlsxwriter::{
    ChartFormat, ChartLine, ChartLineDashType, ChartMarker, ChartMarkerType, ChartPatternFill,
    ChartPatternFillType, ChartSolidFill, Color,
};

use super::chart::Kind;
use super::fields::Fields;

/// How a series is drawn.
pub(super) struct Ink {
    pub(super) format: ChartFormat,
    pub(super) marker: ChartMarker,
}

/// How an area is filled.
#[derive(Clone, Copy)]
enum Pattern {
    Solid,
    Diagonal,
    None,
}

/// Reads the attributes of a series that say how it is drawn.
pub(super) fn read(fields: &mut Fields<'_, '_, '_>, kind: Kind) -> Ink {
    let color = fields.color("color");
    let lines = line(fields, color);
    let areas = area(fields, color);
    Ink {
        format: if matches!(kind, Kind::Line | Kind::Scatter) {
            lines
        } else {
            areas
        },
        marker: marker(fields, color),
    }
}

fn line(fields: &mut Fields<'_, '_, '_>, color: Option<u32>) -> ChartFormat {
    let dashes = [
        ("solid", ChartLineDashType::Solid),
        ("dash", ChartLineDashType::Dash),
        ("dot", ChartLineDashType::RoundDot),
    ];
    let width = fields.number_in("line-width", 0.0, 20.0);
    let dash = fields.one_of("dash", &dashes);
    let mut format = ChartFormat::new();
    if width == Some(0.0) {
        format.set_no_line();
        return format;
    }
    let mut line = ChartLine::new();
    line.set_width(width.unwrap_or(2.25));
    if let Some(color) = color {
        line.set_color(Color::RGB(color));
    }
    if let Some(dash) = dash {
        line.set_dash_type(dash);
    }
    format.set_line(&line);
    format
}

fn area(fields: &mut Fields<'_, '_, '_>, color: Option<u32>) -> ChartFormat {
    let patterns = [
        ("solid", Pattern::Solid),
        ("diagonal", Pattern::Diagonal),
        ("none", Pattern::None),
    ];
    let pattern = fields.one_of("pattern", &patterns);
    let outline = fields.color("outline");
    let width = fields.number_in("outline-width", 0.0, 20.0).unwrap_or(1.0);
    let mut format = ChartFormat::new();
    match (pattern.unwrap_or(Pattern::Solid), color) {
        (Pattern::None, _) => {
            format.set_no_fill();
        }
        (Pattern::Diagonal, Some(color)) => {
            format.set_pattern_fill(
                ChartPatternFill::new()
                    .set_pattern(ChartPatternFillType::DiagonalStripesWideUpwards)
                    .set_foreground_color(Color::RGB(color))
                    .set_background_color(Color::White),
            );
        }
        (Pattern::Solid, Some(color)) => {
            format.set_solid_fill(ChartSolidFill::new().set_color(Color::RGB(color)));
        }
        // Without a colour the program that shows the chart chooses one.
        (Pattern::Solid | Pattern::Diagonal, None) => {}
    }
    match outline {
        Some(outline) => {
            let mut line = ChartLine::new();
            line.set_color(Color::RGB(outline)).set_width(width);
            format.set_border(&line);
        }
        None => {
            format.set_no_border();
        }
    }
    format
}

fn marker(fields: &mut Fields<'_, '_, '_>, color: Option<u32>) -> ChartMarker {
    let shapes = [
        ("none", None),
        ("circle", Some(ChartMarkerType::Circle)),
        ("square", Some(ChartMarkerType::Square)),
        ("diamond", Some(ChartMarkerType::Diamond)),
        ("triangle", Some(ChartMarkerType::Triangle)),
        ("cross", Some(ChartMarkerType::X)),
    ];
    let mut marker = ChartMarker::new();
    match fields.one_of("marker", &shapes).flatten() {
        None => {
            marker.set_none();
        }
        Some(shape) => {
            marker.set_type(shape).set_size(6);
            if let Some(color) = color {
                let mut line = ChartLine::new();
                line.set_color(Color::RGB(color));
                let mut format = ChartFormat::new();
                format.set_solid_fill(ChartSolidFill::new().set_color(Color::RGB(color)));
                // A cross is nothing but its lines.
                marker.set_format(match shape {
                    ChartMarkerType::X => format.set_border(&line),
                    _ => &mut format,
                });
            }
        }
    }
    marker
}
