//! How the cells of a template look, and which number format a column has.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::report::locale::Locale;
use crate::scorecard::Unit;
use crate::tables::Kind;

const INK: Color = Color::RGB(0x1F_2D_3D);
const PAPER: Color = Color::RGB(0xE8_ED_F2);
const LINE: Color = Color::RGB(0xB8_C2_CC);
const GREY: Color = Color::RGB(0x5B_66_70);

/// The formats of a workbook.
pub(super) struct Styles {
    font: String,
    date: String,
    money: String,
}

impl Styles {
    pub(super) fn new(locale: &Locale) -> Self {
        let digits = locale.currency().digits as usize;
        let money = match digits {
            0 => "#,##0".to_owned(),
            digits => format!("#,##0.{}", "0".repeat(digits)),
        };
        Self {
            font: locale.text("workbook.font").to_owned(),
            date: locale.text("workbook.format.date").to_owned(),
            money,
        }
    }

    fn base(&self) -> Format {
        Format::new()
            .set_font_name(self.font.clone())
            .set_font_size(10)
    }

    /// The header of a column: dark where it is needed, with a star that is no part of the text;
    /// light where it is not.
    pub(super) fn header(&self, star: Option<&str>) -> Format {
        let format = self
            .base()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter)
            .set_border(FormatBorder::Thin)
            .set_border_color(LINE);
        match star {
            Some(star) => format
                .set_background_color(INK)
                .set_font_color(Color::White)
                .set_num_format(format!("@\" {star}\"")),
            None => format.set_background_color(PAPER).set_font_color(INK),
        }
    }

    /// A header, or a cell, that is there to be read and not to be filled in.
    pub(super) fn context(&self, number: Option<&str>) -> Format {
        let format = self
            .base()
            .set_italic()
            .set_font_color(GREY)
            .set_background_color(Color::RGB(0xF6_F7_F9))
            .set_border(FormatBorder::Hair)
            .set_border_color(LINE);
        match number {
            Some(number) => format.set_num_format(number),
            None => format
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter),
        }
    }

    /// A cell of a column.
    pub(super) fn cell(&self, kind: Kind) -> Format {
        self.base().set_num_format(self.number_format(kind))
    }

    /// A cell that waits for an answer.
    pub(super) fn answer(&self) -> Format {
        self.cell(Kind::Flag)
            .set_background_color(Color::RGB(0xFF_F6_D6))
            .set_border(FormatBorder::Thin)
            .set_border_color(LINE)
    }

    /// A cell of a KPI's figure.
    pub(super) fn figure(&self, unit: Unit) -> Format {
        self.base().set_num_format(self.unit_format(unit))
    }

    /// The number format of a column: a text stays as it is typed, `007` among them.
    fn number_format(&self, kind: Kind) -> String {
        match kind {
            Kind::Id | Kind::Text | Kind::Choice(_) | Kind::Flag | Kind::Period => "@".to_owned(),
            Kind::Date => self.date.clone(),
            Kind::Time => format!("{} hh:mm", self.date.trim_end_matches(";@")),
            Kind::Money | Kind::Price => self.money.clone(),
            Kind::Quantity => "#,##0.00".to_owned(),
            Kind::Number => "General".to_owned(),
            Kind::Whole => "0".to_owned(),
        }
    }

    /// The number format of a KPI's figures.
    pub(super) fn unit_format(&self, unit: Unit) -> String {
        match unit {
            Unit::Money => self.money.clone(),
            Unit::Percent => "0.0%".to_owned(),
            Unit::Count => "#,##0".to_owned(),
            Unit::Number | Unit::Score | Unit::Hours | Unit::Days => "#,##0.0".to_owned(),
        }
    }

    /// The title of the notes.
    pub(super) fn title(&self) -> Format {
        self.base().set_bold().set_font_size(14).set_font_color(INK)
    }

    /// A paragraph of the notes.
    pub(super) fn paragraph(&self) -> Format {
        self.base()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_font_color(INK)
    }

    /// A cell in the table of the notes.
    pub(super) fn note(&self) -> Format {
        self.paragraph()
            .set_border(FormatBorder::Hair)
            .set_border_color(LINE)
    }

    /// An example in the table of the notes, formatted as its column is.
    pub(super) fn example(&self, kind: Kind) -> Format {
        self.note()
            .set_align(FormatAlign::Left)
            .set_num_format(self.number_format(kind))
    }
}
