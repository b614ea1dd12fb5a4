//! The sheet to fill in: headers, formats and drop-downs, and the KPIs where they are known.

use rust_xlsxwriter::{DataValidation, Note, Worksheet, XlsxError};

use super::style::Styles;
use super::words::{Need, Words, width};
use super::{KpiRow, Prefill};
use crate::calendar::Quarter;
use crate::message::Argument;
use crate::scorecard::{Better, Unit};
use crate::tables::{Column, Kind};

/// The last row of a sheet, from 0.
const LAST_ROW: u32 = 1_048_575;

/// What a column of the sheet holds.
#[derive(Clone, Copy)]
enum Slot {
    /// A column of the table.
    Column(&'static Column),
    /// What helps to fill in a KPI; intake finds no column in it.
    Context(Context),
}

#[derive(Clone, Copy)]
enum Context {
    Name,
    Unit,
    Better,
    Last,
    LastPeriod,
}

/// The columns of the sheet: the table's, and behind the KPI what is known of it.
fn slots(words: &Words<'_>, prefill: Prefill<'_>) -> Vec<Slot> {
    let mut slots = Vec::new();
    for column in words.table.columns {
        slots.push(Slot::Column(column));
        if column.name != "kpi" || prefill.kpis.is_empty() {
            continue;
        }
        slots.extend([Context::Name, Context::Unit].map(Slot::Context));
        if words.table.name == "targets" {
            slots.push(Slot::Context(Context::Better));
        }
        slots.extend([Context::Last, Context::LastPeriod].map(Slot::Context));
    }
    slots
}

/// Writes the sheet.
pub(super) fn write(
    sheet: &mut Worksheet,
    words: &Words<'_>,
    styles: &Styles,
    prefill: Prefill<'_>,
) -> Result<(), XlsxError> {
    sheet.set_name(words.title())?;
    sheet.set_row_height(0, 32)?;
    let mut across = 0.0;
    for (at, slot) in (0_u16..).zip(slots(words, prefill)) {
        match slot {
            Slot::Column(column) => {
                across += head(sheet, at, column, words, styles)?;
                for (row, kpi) in (1_u32..).zip(prefill.kpis) {
                    known(sheet, (row, at), column, kpi, prefill.period, styles)?;
                }
            }
            Slot::Context(context) => {
                across += context.width();
                sheet.set_column_width(at, context.width())?;
                let header = words.text(context.key());
                sheet.write_string_with_format(0, at, header, &styles.context(None))?;
                for (row, kpi) in (1_u32..).zip(prefill.kpis) {
                    context.write(sheet, (row, at), kpi, words, styles)?;
                }
            }
        }
    }
    page(sheet, words, across)
}

/// The header of a column, its format and its drop-down; how wide the column is.
pub(super) fn head(
    sheet: &mut Worksheet,
    at: u16,
    column: &Column,
    words: &Words<'_>,
    styles: &Styles,
) -> Result<f64, XlsxError> {
    let header = words.header(column);
    let star = match words.need(column) {
        Need::Filled | Need::Present => Some("*"),
        Need::Unless(_) => Some("(*)"),
        Need::No => None,
    };
    let least: f64 = match column.kind {
        Kind::Text => 22.0,
        Kind::Time => 18.0,
        Kind::Id | Kind::Date | Kind::Money | Kind::Price | Kind::Choice(_) => 14.0,
        _ => 11.0,
    };
    // A bold letter is wider than the digit that widths are counted in.
    let wide = least.max(width(header) * 1.15 + 5.0);
    sheet.set_column_width(at, wide)?;
    sheet.set_column_format(at, &styles.cell(column.kind))?;
    sheet.write_string_with_format(0, at, header, &styles.header(star))?;
    let text = format!(
        "{}\n{}\n{}",
        words.what(column),
        words.how(column),
        words.needed(column)
    );
    sheet.insert_note(0, at, &note(&text))?;
    if let Some(offered) = words.offered(column) {
        let list = DataValidation::new()
            .allow_list_strings(&offered)?
            .set_error_title(words.text("not-offered"))?
            .set_error_message(words.how(column))?;
        sheet.add_data_validation(1, at, LAST_ROW, at, &list)?;
    }
    Ok(wide)
}

/// A note as large as its text.
pub(super) fn note(text: &str) -> Note {
    const LETTERS_A_LINE: f64 = 40.0;
    const LINE: f64 = 17.0;
    let lines = text
        .lines()
        .map(|line| (width(line) / LETTERS_A_LINE).ceil());
    let height = lines.map(|lines| lines.max(1.0)).sum::<f64>() * LINE + 12.0;
    Note::new(text)
        .add_author_prefix(false)
        .set_width(290)
        .set_height(height.min(600.0) as u32)
}

/// What is known of a KPI already.
fn known(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    column: &Column,
    kpi: &KpiRow,
    period: Option<Quarter>,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let text = styles.cell(column.kind);
    let figure = match column.name {
        "kpi" => {
            sheet.write_string_with_format(row, at, &kpi.id, &text)?;
            return Ok(());
        }
        "period" => {
            if let Some(period) = period {
                sheet.write_string_with_format(row, at, period.to_string(), &text)?;
            }
            return Ok(());
        }
        "value" => kpi.value,
        "target" => kpi.marks.target,
        "floor" => kpi.marks.floor,
        "red_flag" => kpi.marks.red_flag,
        "stretch" => kpi.marks.stretch,
        _ => return Ok(()),
    };
    let format = styles.figure(kpi.unit);
    match figure {
        Some(figure) => sheet.write_number_with_format(row, at, figure, &format)?,
        None => sheet.write_blank(row, at, &format)?,
    };
    Ok(())
}

impl Context {
    fn key(self) -> &'static str {
        match self {
            Self::Name => "kpi.name",
            Self::Unit => "kpi.unit",
            Self::Better => "kpi.better",
            Self::Last => "kpi.last",
            Self::LastPeriod => "kpi.last-period",
        }
    }

    fn width(self) -> f64 {
        match self {
            Self::Name => 42.0,
            Self::Unit | Self::Better => 13.0,
            Self::Last => 14.0,
            Self::LastPeriod => 13.0,
        }
    }

    fn write(
        self,
        sheet: &mut Worksheet,
        (row, at): (u32, u16),
        kpi: &KpiRow,
        words: &Words<'_>,
        styles: &Styles,
    ) -> Result<(), XlsxError> {
        let plain = styles.context(None);
        let text = match self {
            Self::Name => kpi.label.clone(),
            Self::Unit => unit(kpi.unit, words),
            Self::Better => match kpi.better {
                Better::Higher => words.text("kpi.higher").to_owned(),
                Better::Lower => words.text("kpi.lower").to_owned(),
            },
            Self::Last => {
                let format = styles.context(Some(&styles.unit_format(kpi.unit)));
                match kpi.last {
                    Some((_, last)) => sheet.write_number_with_format(row, at, last, &format)?,
                    None => sheet.write_blank(row, at, &format)?,
                };
                return Ok(());
            }
            Self::LastPeriod => kpi
                .last
                .map_or(String::new(), |(quarter, _)| quarter.to_string()),
        };
        sheet.write_string_with_format(row, at, text, &plain)?;
        Ok(())
    }
}

/// What a KPI's figures are counted in.
fn unit(unit: Unit, words: &Words<'_>) -> String {
    match unit {
        Unit::Money => words.locale.currency().code.clone(),
        unit => words.text(&format!("unit.{}", unit.name())).to_owned(),
    }
}

/// The header stays in sight, on the screen and on paper. What is too wide to be read on one page is
/// printed on several, each with the first column.
fn page(sheet: &mut Worksheet, words: &Words<'_>, across: f64) -> Result<(), XlsxError> {
    const READABLE: f64 = 210.0;
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_print_gridlines(true);
    if across <= READABLE {
        sheet.set_print_fit_to_pages(1, 0);
    } else {
        sheet.set_repeat_columns(0, 0)?;
        sheet.set_print_scale(80);
    }
    print(sheet, words);
    Ok(())
}

/// A4 across, with the title and the page at the foot.
pub(super) fn print(sheet: &mut Worksheet, words: &Words<'_>) {
    let page = words.locale.text_with(
        "template.page",
        &[
            ("page", Argument::Text("&P".to_owned())),
            ("pages", Argument::Text("&N".to_owned())),
        ],
    );
    // A title may have an ampersand of its own.
    let title = words.title().replace('&', "&&");
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3)
        .set_footer(format!("&L{title}&R{page}"));
}
