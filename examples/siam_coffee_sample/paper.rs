//! Sheets as people leave them, and what is to become of each of their rows.
//!
//! A row carries its [`Fate`] from the moment it is made; the ledger adds fates up. Nothing here knows
//! how quarterdeck reads: the ledger is what it is held against.

use std::fmt::Write as _;
use std::path::Path;

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use encoding_rs::WINDOWS_874;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Formula, Workbook, Worksheet, XlsxError,
};

/// What a cell holds.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    Empty,
    Text(String),
    Number(f64),
    /// In satang.
    Money(i64),
    Share(f64),
    Day(NaiveDate),
    /// A date whose year was typed as the Buddhist one: Excel takes it for a day five centuries away.
    BuddhistDay(NaiveDate),
    Time(NaiveDateTime),
    /// The sum of the cells above, from so many rows up.
    Sum {
        rows: usize,
        satang: i64,
    },
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        match text {
            "" => Self::Empty,
            text => Self::Text(text.to_owned()),
        }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<NaiveDate> for Cell {
    fn from(day: NaiveDate) -> Self {
        Self::Day(day)
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(cell: Option<T>) -> Self {
        cell.map_or(Self::Empty, Into::into)
    }
}

/// What is to become of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Used,
    SetAside,
    Duplicate,
    Unmatched,
    OutOfPeriod,
    /// Empty, or no record: a total, a note, the headings again.
    Blank,
}

/// Rows by fate, in the order of [`Fate`].
pub(crate) type Fates = [u64; 6];

/// A sheet of a workbook, a text file or a page.
pub(crate) struct Sheet {
    pub(crate) name: String,
    /// The table it is; empty where it is none.
    pub(crate) table: &'static str,
    /// Rows above the headings.
    pub(crate) above: Vec<Vec<Cell>>,
    /// One row of headings, or two; an empty heading goes on from its left one.
    pub(crate) headings: Vec<Vec<&'static str>>,
    pub(crate) rows: Vec<Vec<Cell>>,
    pub(crate) fates: Fates,
    pub(crate) hidden: bool,
}

impl Sheet {
    pub(crate) fn new(name: &str, table: &'static str, headings: &[&'static str]) -> Self {
        Self {
            name: name.to_owned(),
            table,
            above: Vec::new(),
            headings: vec![headings.to_vec()],
            rows: Vec::new(),
            fates: [0; 6],
            hidden: false,
        }
    }

    /// With a logo's row, a title and an empty row above.
    pub(crate) fn titled(mut self, title: &str) -> Self {
        let width = self.headings[0].len();
        let wide = |text: &str| {
            let mut row = vec![Cell::Empty; width];
            row[0] = Cell::from(text);
            row
        };
        self.above = vec![
            wide("☕ บริษัท สยามกาแฟ จำกัด"),
            wide(title),
            vec![Cell::Empty; width],
        ];
        self
    }

    pub(crate) fn push(&mut self, fate: Fate, cells: Vec<Cell>) {
        self.fates[fate as usize] += 1;
        self.rows.push(cells);
    }

    /// A row that stands for several records, a cell each.
    pub(crate) fn push_wide(&mut self, records: u64, cells: Vec<Cell>) {
        self.fates[Fate::Used as usize] += records;
        self.rows.push(cells);
    }

    pub(crate) fn used(&mut self, cells: Vec<Cell>) {
        self.push(Fate::Used, cells);
    }
}

/// `05/01/2569`
pub(crate) fn buddhist(day: NaiveDate) -> String {
    format!("{:02}/{:02}/{}", day.day(), day.month(), day.year() + 543)
}

pub(crate) const MONTHS: [&str; 12] = [
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
];

/// `5 ม.ค. 2569`
pub(crate) fn thai_month(day: NaiveDate) -> String {
    format!(
        "{} {} {}",
        day.day(),
        MONTHS[day.month0() as usize],
        day.year() + 543
    )
}

/// `๑,๒๕๐`
pub(crate) fn thai_digits(text: &str) -> String {
    let thai = |c: char| match c.to_digit(10) {
        Some(digit) => char::from_u32(0x0e50 + digit).unwrap_or(c),
        None => c,
    };
    text.chars().map(thai).collect()
}

/// `1,250.50`, and `1,250` for whole baht.
pub(crate) fn grouped(satang: i64) -> String {
    let (baht, rest) = (satang.abs() / 100, satang.abs() % 100);
    let digits = baht.to_string();
    let mut text = String::from(if satang < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if rest > 0 {
        let _ = write!(text, ".{rest:02}");
    }
    text
}

fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Number(number) | Cell::Share(number) => number.to_string(),
        Cell::Money(satang) | Cell::Sum { satang, .. } => {
            let sign = if *satang < 0 { "-" } else { "" };
            format!("{sign}{}.{:02}", satang.abs() / 100, satang.abs() % 100)
        }
        Cell::Day(day) | Cell::BuddhistDay(day) => buddhist(*day),
        Cell::Time(time) => format!("{} {}", buddhist(time.date()), time.format("%H:%M")),
    }
}

/// Writes a text file as an old Windows in Thai writes it.
pub(crate) fn write_csv(path: &Path, sheet: &Sheet) -> Result<(), Box<dyn std::error::Error>> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(&sheet.headings[0])?;
    for row in &sheet.rows {
        writer.write_record(row.iter().map(plain))?;
    }
    let text = String::from_utf8(writer.into_inner()?)?;
    let (bytes, _, lost) = WINDOWS_874.encode(&text);
    if lost {
        return Err(format!("{}: a letter that Thai Windows has not", path.display()).into());
    }
    std::fs::write(path, &bytes)?;
    Ok(())
}

/// Writes the page that many tills call a workbook.
pub(crate) fn write_page(path: &Path, sheet: &Sheet) -> std::io::Result<()> {
    let mut page = String::from(
        "<html><head><meta charset=\"utf-8\"><title>Export</title></head>\n<body><table border=1>\n",
    );
    let mut row = |cells: &mut dyn Iterator<Item = String>, tag: &str| {
        page.push_str("<tr>");
        for cell in cells {
            let cell = cell.replace('&', "&amp;").replace('<', "&lt;");
            let _ = write!(page, "<{tag}>{cell}</{tag}>");
        }
        page.push_str("</tr>\n");
    };
    for above in &sheet.above {
        row(&mut above.iter().map(plain), "td");
    }
    row(
        &mut sheet.headings[0].iter().map(|&text| text.to_owned()),
        "th",
    );
    for cells in &sheet.rows {
        row(&mut cells.iter().map(plain), "td");
    }
    page.push_str("</table></body></html>\n");
    std::fs::write(path, page)
}

struct Formats {
    title: Format,
    head: Format,
    day: Format,
    time: Format,
    money: Format,
    share: Format,
    total: Format,
}

/// Writes a workbook; same sheets, same bytes.
pub(crate) fn write_workbook(path: &Path, sheets: &[Sheet]) -> Result<(), XlsxError> {
    let mut workbook = Workbook::new();
    // The time of writing is the only thing in a workbook that would differ from run to run.
    let created = ExcelDateTime::from_ymd(2026, 10, 5)?;
    workbook.set_properties(
        &DocProperties::new()
            .set_company("บริษัท สยามกาแฟ จำกัด")
            .set_creation_datetime(&created),
    );
    let formats = Formats {
        title: Format::new().set_bold().set_font_size(14),
        head: Format::new()
            .set_bold()
            .set_background_color("E8DFD3")
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter),
        day: Format::new().set_num_format("d/m/yyyy"),
        time: Format::new().set_num_format("d/m/yyyy hh:mm"),
        money: Format::new().set_num_format("#,##0.00"),
        share: Format::new().set_num_format("0.0%"),
        total: Format::new().set_bold().set_num_format("#,##0.00"),
    };
    for sheet in sheets {
        let worksheet = workbook.add_worksheet().set_name(&sheet.name)?;
        worksheet.set_hidden(sheet.hidden);
        fill(worksheet, sheet, &formats)?;
    }
    workbook.save(path)
}

fn fill(worksheet: &mut Worksheet, sheet: &Sheet, formats: &Formats) -> Result<(), XlsxError> {
    let width = sheet.headings[0].len() as u16;
    let mut at = 0;
    for above in &sheet.above {
        if let Some(Cell::Text(title)) = above.first() {
            worksheet.set_row_height(at, 24)?;
            worksheet.merge_range(at, 0, at, width - 1, title, &formats.title)?;
        }
        at += 1;
    }
    match sheet.headings.as_slice() {
        [upper, lower] => two_lines(worksheet, at, upper, lower, &formats.head)?,
        rows => {
            for (column, heading) in (0..).zip(rows.first().into_iter().flatten()) {
                worksheet.write_with_format(at, column, *heading, &formats.head)?;
            }
        }
    }
    at += sheet.headings.len() as u32;
    worksheet.set_freeze_panes(at, 0)?;
    for column in 0..width {
        worksheet.set_column_width(column, 16)?;
    }
    for (row, cells) in (at..).zip(&sheet.rows) {
        for (column, cell) in (0..).zip(cells) {
            put(worksheet, row, column, cell, formats)?;
        }
    }
    Ok(())
}

/// Headings over two rows: one without a lower half covers both, an upper one all that follow it empty.
fn two_lines(
    worksheet: &mut Worksheet,
    at: u32,
    upper: &[&str],
    lower: &[&str],
    format: &Format,
) -> Result<(), XlsxError> {
    let mut column = 0;
    while column < upper.len() {
        let first = column as u16;
        if lower[column].is_empty() {
            worksheet.merge_range(at, first, at + 1, first, upper[column], format)?;
            column += 1;
            continue;
        }
        let goes_on = upper[column + 1..]
            .iter()
            .take_while(|next| next.is_empty());
        let last = column + goes_on.count();
        if last > column {
            worksheet.merge_range(at, first, at, last as u16, upper[column], format)?;
        } else {
            worksheet.write_with_format(at, first, upper[column], format)?;
        }
        for (under, heading) in lower.iter().enumerate().take(last + 1).skip(column) {
            worksheet.write_with_format(at + 1, under as u16, *heading, format)?;
        }
        column = last + 1;
    }
    Ok(())
}

fn put(
    worksheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => return Ok(()),
        Cell::Text(text) => worksheet.write_string(row, column, text)?,
        Cell::Number(number) => worksheet.write_number(row, column, *number)?,
        Cell::Money(satang) => worksheet.write_number_with_format(
            row,
            column,
            *satang as f64 / 100.0,
            &formats.money,
        )?,
        Cell::Share(share) => {
            worksheet.write_number_with_format(row, column, *share, &formats.share)?
        }
        Cell::Day(day) => worksheet.write_datetime_with_format(row, column, day, &formats.day)?,
        Cell::BuddhistDay(day) => {
            let year = (day.year() + 543) as u16;
            let typed = ExcelDateTime::from_ymd(year, day.month() as u8, day.day() as u8)?;
            worksheet.write_datetime_with_format(row, column, &typed, &formats.day)?
        }
        Cell::Time(time) => {
            worksheet.write_datetime_with_format(row, column, time, &formats.time)?
        }
        Cell::Sum { rows, satang } => {
            let letter = rust_xlsxwriter::utility::column_number_to_name(column);
            let (first, last) = (row as usize + 1 - rows, row);
            let formula = Formula::new(format!("=SUM({letter}{first}:{letter}{last})"))
                .set_result(format!("{}", *satang as f64 / 100.0));
            worksheet.write_formula_with_format(row, column, formula, &formats.total)?
        }
    };
    Ok(())
}
