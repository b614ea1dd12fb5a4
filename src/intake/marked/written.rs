//! The cells of a file that is no workbook of Excel 2007 and later, written as one, with the marks.
//!
//! Cells are written as they were read, each with its kind: a text stays a text, so that nothing reads
//! otherwise when the copy takes the place of the file.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use rust_xlsxwriter::{Color, Format, Note, Workbook, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

use super::{AUTHOR, COLOURS, Mark, SheetMarks, failed};
use crate::intake::cells::{Cell, CellSink, SheetInfo, SheetSink};
use crate::intake::formats::{self, Encodings, Refusal};

/// Rows of a sheet of Excel.
const ROWS: u32 = 1_048_576;
/// Units of a text that a cell of Excel holds.
const TEXT: usize = 32_767;
/// The widest a column becomes, in characters.
const WIDEST: usize = 44;
/// Days between the two epochs of serials.
const EPOCHS: f64 = 1462.0;

/// Makes the copy.
///
/// # Errors
/// When the file cannot be read, does not fit a sheet, or the copy cannot be written.
pub(super) fn write(
    from: &Path,
    encodings: Encodings,
    marks: &[SheetMarks],
    to: &Path,
) -> Result<(), Refusal> {
    let mut book = Book {
        workbook: Workbook::new(),
        marks,
        wrong: None,
    };
    formats::read(from, encodings, &mut book)?;
    if let Some(wrong) = book.wrong {
        return Err(wrong);
    }
    // Neither the clock nor anybody's name: the same input gives the same bytes.
    let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2000, 1, 1).map_err(failed)?;
    let properties = rust_xlsxwriter::DocProperties::new().set_creation_datetime(&day);
    book.workbook.set_properties(&properties);
    book.workbook.save(to).map_err(failed)
}

struct Book<'a> {
    workbook: Workbook,
    marks: &'a [SheetMarks],
    wrong: Option<Refusal>,
}

impl SheetSink for Book<'_> {
    type Cells = Sheet;

    fn open(&mut self, info: SheetInfo) -> Sheet {
        let marks = self.marks.iter().find(|marks| marks.sheet == info.name);
        let marks = marks.map(|marks| marks.marks.clone()).unwrap_or_default();
        let mut by_row: BTreeMap<u32, Vec<Mark>> = BTreeMap::new();
        for mark in marks {
            by_row.entry(mark.row).or_default().push(mark);
        }
        Sheet {
            sheet: Worksheet::new(),
            name: info.name,
            is_1904: info.is_1904,
            marks: by_row,
            row: 0,
            widths: BTreeMap::new(),
            wrong: None,
        }
    }

    fn close(&mut self, mut cells: Sheet) {
        let finished = cells.finish();
        if let Some(wrong) = cells.wrong {
            self.wrong.get_or_insert(wrong);
        }
        match finished {
            Ok(()) => {
                self.workbook.push_worksheet(cells.sheet);
            }
            Err(error) => {
                self.wrong.get_or_insert(failed(error));
            }
        }
    }
}

struct Sheet {
    sheet: Worksheet,
    name: Option<String>,
    is_1904: bool,
    /// Marks of cells that have not been written.
    marks: BTreeMap<u32, Vec<Mark>>,
    row: u32,
    widths: BTreeMap<u16, usize>,
    wrong: Option<Refusal>,
}

impl CellSink for Sheet {
    fn row(&mut self, row: u32, _: Option<u32>) -> ControlFlow<()> {
        if row > ROWS {
            self.wrong = Some(failed("more rows than a sheet has"));
            return ControlFlow::Break(());
        }
        self.row = row;
        ControlFlow::Continue(())
    }

    fn cell(&mut self, column: u32, cell: Cell<'_>) {
        let mark = self.take(column);
        let written = u16::try_from(column)
            .map_err(|_| XlsxError::RowColumnLimitError)
            .and_then(|column| self.put(column, cell, mark));
        if let Err(error) = written {
            self.wrong.get_or_insert(failed(error));
        }
    }
}

impl Sheet {
    fn take(&mut self, column: u32) -> Option<Mark> {
        let marks = self.marks.get_mut(&self.row)?;
        let at = marks.iter().position(|mark| mark.column == column)?;
        Some(marks.remove(at))
    }

    fn put(&mut self, column: u16, cell: Cell<'_>, mark: Option<Mark>) -> Result<(), XlsxError> {
        let row = self.row - 1;
        let mut format = Format::new();
        let mut number = |x: f64, pattern: &str| {
            format = Format::new().set_num_format(pattern);
            x
        };
        let sheet = &mut self.sheet;
        let width = match cell {
            Cell::Text(text) => {
                let text = cut(text);
                let format = coloured(format, mark.as_ref());
                sheet.write_string_with_format(row, column, text, &format)?;
                text.width()
            }
            Cell::Error(text) => {
                let format = coloured(format, mark.as_ref());
                sheet.write_string_with_format(row, column, text, &format)?;
                text.width()
            }
            Cell::Bool(yes) => {
                let format = coloured(format, mark.as_ref());
                sheet.write_boolean_with_format(row, column, yes, &format)?;
                5
            }
            Cell::Number(x) => {
                let format = coloured(format, mark.as_ref());
                sheet.write_number_with_format(row, column, x, &format)?;
                12
            }
            Cell::Serial(x) => {
                let day = x + if self.is_1904 { EPOCHS } else { 0.0 };
                let pattern = if x.fract() == 0.0 {
                    "yyyy-mm-dd"
                } else {
                    "yyyy-mm-dd hh:mm:ss"
                };
                let day = number(day, pattern);
                let format = coloured(format, mark.as_ref());
                sheet.write_number_with_format(row, column, day, &format)?;
                pattern.len()
            }
            Cell::Duration(x) => {
                let x = number(x, "[h]:mm:ss");
                let format = coloured(format, mark.as_ref());
                sheet.write_number_with_format(row, column, x, &format)?;
                10
            }
        };
        let widest = self.widths.entry(column).or_default();
        *widest = (*widest).max(width);
        self.note(column, mark)
    }

    fn note(&mut self, column: u16, mark: Option<Mark>) -> Result<(), XlsxError> {
        let Some((row, note)) = mark.and_then(|mark| Some((mark.row - 1, mark.note?))) else {
            return Ok(());
        };
        let lines: usize = note.lines().map(|line| line.chars().count() / 34 + 1).sum();
        let note = Note::new(note)
            .set_author(AUTHOR)
            .add_author_prefix(false)
            .set_font_name("Tahoma")
            .set_font_size(9)
            .set_width(280)
            .set_height(20 * (lines as u32 + 1));
        self.sheet.insert_note(row, column, &note)?;
        Ok(())
    }

    /// Marks the cells that are empty, and sets what is for the sheet as a whole.
    fn finish(&mut self) -> Result<(), XlsxError> {
        for (_, marks) in std::mem::take(&mut self.marks) {
            for mark in marks {
                let column =
                    u16::try_from(mark.column).map_err(|_| XlsxError::RowColumnLimitError)?;
                let format = coloured(Format::new(), Some(&mark));
                self.sheet.write_blank(mark.row - 1, column, &format)?;
                self.note(column, Some(mark))?;
            }
        }
        for (column, width) in &self.widths {
            let width = (*width + 2).clamp(9, WIDEST) as f64;
            self.sheet.set_column_width(*column, width)?;
        }
        if let Some(name) = &self.name {
            // A name that Excel does not take is left at its own.
            let _ = self.sheet.set_name(name);
        }
        Ok(())
    }
}

fn coloured(format: Format, mark: Option<&Mark>) -> Format {
    let Some(mark) = mark else {
        return format;
    };
    let colour = u32::from_str_radix(&COLOURS[mark.colour()][2..], 16).unwrap_or(0x00FF_FFFF);
    format.set_background_color(Color::RGB(colour))
}

/// As much of a text as a cell holds.
fn cut(text: &str) -> &str {
    if text.len() <= TEXT {
        return text;
    }
    let mut units = 0;
    let end = text.char_indices().find_map(|(at, c)| {
        units += c.len_utf16();
        (units > TEXT).then_some(at)
    });
    end.map_or(text, |end| &text[..end])
}
