//! Named styles, and the formats they come to.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline};

use super::element::Element;
use super::fields::{Fields, Problems, no_text};
use crate::diagnostics::{codes, suggestion};

/// A style: what is not set is left to the styles it is laid over.
#[derive(Debug, Clone, Default)]
pub(super) struct Style {
    size: Option<f64>,
    bold: Option<bool>,
    italic: Option<bool>,
    underline: Option<bool>,
    color: Option<u32>,
    fill: Option<u32>,
    format: Option<String>,
    align: Option<FormatAlign>,
    valign: Option<FormatAlign>,
    wrap: Option<bool>,
    indent: Option<u32>,
    rotate: Option<f64>,
    borders: [Option<FormatBorder>; 4],
    border_color: Option<u32>,
}

/// The sides of [`Style::borders`].
const SIDES: [&str; 4] = ["top", "bottom", "left", "right"];

impl Style {
    /// The other style laid over this one.
    fn under(&self, over: &Self) -> Self {
        let side = |index: usize| over.borders[index].or(self.borders[index]);
        Self {
            size: over.size.or(self.size),
            bold: over.bold.or(self.bold),
            italic: over.italic.or(self.italic),
            underline: over.underline.or(self.underline),
            color: over.color.or(self.color),
            fill: over.fill.or(self.fill),
            format: over.format.clone().or_else(|| self.format.clone()),
            align: over.align.or(self.align),
            valign: over.valign.or(self.valign),
            wrap: over.wrap.or(self.wrap),
            indent: over.indent.or(self.indent),
            rotate: over.rotate.or(self.rotate),
            borders: [side(0), side(1), side(2), side(3)],
            border_color: over.border_color.or(self.border_color),
        }
    }

    /// With text aligned right where nothing else is said, as numbers are.
    pub(super) fn right(mut self) -> Self {
        self.align = Some(FormatAlign::Right);
        self
    }

    /// Whether numbers stand in it, to the right as they do.
    pub(super) fn is_numeric(&self) -> bool {
        let right = self.align.is_none_or(|align| align == FormatAlign::Right);
        self.format.is_some() && right
    }

    /// Whether it shows in a cell that holds nothing.
    pub(super) fn shows_when_empty(&self) -> bool {
        self.fill.is_some() || self.borders.iter().any(Option::is_some)
    }

    pub(super) fn wraps(&self) -> bool {
        self.wrap == Some(true)
    }

    pub(super) fn is_bold(&self) -> bool {
        self.bold == Some(true)
    }

    /// Font size in points.
    pub(super) fn points(&self) -> f64 {
        self.size.unwrap_or(10.0)
    }

    /// For a cell.
    pub(super) fn format(&self, font: &str) -> Format {
        let mut format = self.differences().set_font_name(font);
        format = format.set_align(self.valign.unwrap_or(FormatAlign::VerticalCenter));
        if let Some(size) = self.size {
            format = format.set_font_size(size);
        }
        if let Some(align) = self.align {
            format = format.set_align(align);
        }
        if self.wraps() {
            format = format.set_text_wrap();
        }
        if let Some(indent) = self.indent {
            format = format.set_indent(u8::try_from(indent).unwrap_or(15));
        }
        if let Some(degrees) = self.rotate {
            format = format.set_rotation(degrees as i16);
        }
        format
    }

    /// What a conditional format can change: colours, weight, number format and thin borders.
    pub(super) fn differences(&self) -> Format {
        let mut format = Format::new();
        if self.is_bold() {
            format = format.set_bold();
        }
        if self.italic == Some(true) {
            format = format.set_italic();
        }
        if self.underline == Some(true) {
            format = format.set_underline(FormatUnderline::Single);
        }
        if let Some(color) = self.color {
            format = format.set_font_color(Color::RGB(color));
        }
        if let Some(fill) = self.fill {
            format = format.set_background_color(Color::RGB(fill));
        }
        if let Some(number) = &self.format {
            format = format.set_num_format(number);
        }
        self.bordered(format)
    }

    fn bordered(&self, mut format: Format) -> Format {
        let [top, bottom, left, right] = self.borders;
        let color = self.border_color.map(Color::RGB);
        if let Some(border) = top {
            format = format.set_border_top(border);
            format = color.map_or(format.clone(), |c| format.set_border_top_color(c));
        }
        if let Some(border) = bottom {
            format = format.set_border_bottom(border);
            format = color.map_or(format.clone(), |c| format.set_border_bottom_color(c));
        }
        if let Some(border) = left {
            format = format.set_border_left(border);
            format = color.map_or(format.clone(), |c| format.set_border_left_color(c));
        }
        if let Some(border) = right {
            format = format.set_border_right(border);
            format = color.map_or(format.clone(), |c| format.set_border_right_color(c));
        }
        format
    }
}

/// All styles of a workbook.
#[derive(Debug)]
pub(super) struct Styles {
    font: String,
    base: Style,
    named: BTreeMap<String, Style>,
    /// Formats by the style names they were made from, as a workbook has few and its cells many.
    formats: BTreeMap<(String, bool), (Style, Format)>,
}

impl Styles {
    pub(super) fn new(font: &str, size: f64, color: Option<u32>) -> Self {
        let base = Style {
            size: Some(size),
            color,
            ..Style::default()
        };
        Self {
            font: font.to_owned(),
            base,
            named: BTreeMap::new(),
            formats: BTreeMap::new(),
        }
    }

    pub(super) fn font(&self) -> &str {
        &self.font
    }

    /// The format of a cell that names no style.
    pub(super) fn plain(&self) -> Format {
        self.base.format(&self.font)
    }

    /// Reads one `<style>`.
    pub(super) fn declare(&mut self, element: &Element, problems: &mut Problems<'_>) {
        let mut fields = Fields::of(element, problems);
        let name = fields.required("name");
        let like = fields.text("like").unwrap_or_default();
        let own = read(&mut fields);
        fields.finish();
        no_text(problems, element);
        let mut style = self.laid_over(&Style::default(), like, element, "like", problems);
        style = style.under(&own);
        let Some(name) = name else { return };
        let odd = name.is_empty() || name.contains(char::is_whitespace);
        if odd || self.named.insert(name.to_owned(), style).is_some() {
            let message = if odd {
                format!("`{name}` cannot be the name of a style: it is empty or has a space")
            } else {
                format!("the style `{name}` is declared twice")
            };
            let code = &codes::report::WORKBOOK_VALUE;
            problems.attribute(code, element, "name", message, None);
        }
    }

    /// The styles of a list of names laid over one another.
    fn laid_over(
        &self,
        base: &Style,
        names: &str,
        element: &Element,
        attribute: &str,
        problems: &mut Problems<'_>,
    ) -> Style {
        let mut style = base.clone();
        for name in names.split_whitespace() {
            match self.named.get(name) {
                Some(over) => style = style.under(over),
                None => {
                    let help = suggestion(name, self.named.keys().map(String::as_str));
                    let message = format!("there is no style `{name}`");
                    let code = &codes::report::WORKBOOK_STYLE;
                    problems.attribute(code, element, attribute, message, help);
                }
            }
        }
        style
    }

    /// The style and format of a list of names; `right` aligns to the right.
    pub(super) fn get(
        &mut self,
        names: &str,
        right: bool,
        element: &Element,
        problems: &mut Problems<'_>,
    ) -> (&Style, &Format) {
        let key = (names.to_owned(), right);
        if !self.formats.contains_key(&key) {
            let mut style = self.laid_over(&self.base, names, element, "style", problems);
            if right {
                style = style.right();
            }
            let format = style.format(&self.font);
            self.formats.insert(key.clone(), (style, format));
        }
        let (style, format) = &self.formats[&key];
        (style, format)
    }

    /// What a conditional format changes.
    pub(super) fn differences(
        &self,
        names: &str,
        element: &Element,
        problems: &mut Problems<'_>,
    ) -> Format {
        let style = self.laid_over(&Style::default(), names, element, "style", problems);
        style.differences()
    }
}

fn read(fields: &mut Fields<'_, '_, '_>) -> Style {
    let aligns = [
        ("left", FormatAlign::Left),
        ("center", FormatAlign::Center),
        ("right", FormatAlign::Right),
        ("general", FormatAlign::General),
        ("across", FormatAlign::CenterAcross),
    ];
    let valigns = [
        ("top", FormatAlign::Top),
        ("center", FormatAlign::VerticalCenter),
        ("bottom", FormatAlign::Bottom),
    ];
    let lines = [
        ("none", FormatBorder::None),
        ("thin", FormatBorder::Thin),
        ("medium", FormatBorder::Medium),
        ("thick", FormatBorder::Thick),
        ("double", FormatBorder::Double),
        ("dotted", FormatBorder::Dotted),
        ("dashed", FormatBorder::Dashed),
        ("hair", FormatBorder::Hair),
    ];
    Style {
        size: fields.number_in("size", 1.0, 400.0),
        bold: fields.flag("bold"),
        italic: fields.flag("italic"),
        underline: fields.flag("underline"),
        color: fields.color("color"),
        fill: fields.color("fill"),
        format: fields.text("format").map(str::to_owned),
        align: fields.one_of("align", &aligns),
        valign: fields.one_of("valign", &valigns),
        wrap: fields.flag("wrap"),
        indent: fields.whole("indent", 0, 15),
        rotate: fields.number_in("rotate", -90.0, 90.0),
        borders: SIDES.map(|side| fields.one_of(side, &lines)),
        border_color: fields.color("border-color"),
    }
}
