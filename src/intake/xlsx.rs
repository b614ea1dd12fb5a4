//! Reads workbooks of Excel 2007 and later, cell by cell.
//!
//! Only calamine's streaming reader is used: its ranges hold a whole rectangle in memory, and ask
//! for gigabytes where a sheet of a few kilobytes has a cell in its last corner. Before it stands the
//! scanner of [plain workbooks](plain), which is several times as quick.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{CellErrorType, DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::cells::{Cell, CellSink as _, SheetInfo, SheetSink};
use super::discover::InputFilePath;
use super::plain;

/// Reads every worksheet of a workbook into a sink.
///
/// # Errors
/// What calamine says, in words for those who made the file where there are better ones.
pub(super) fn read<S: SheetSink>(file: &InputFilePath, sheets: &mut S) -> Result<(), String> {
    let Ok(mut book) = plain::Workbook::open(&file.full) else {
        return Streamed::open(&file.full)?.every(sheets);
    };
    let found: Vec<SheetInfo> = book.sheets().cloned().collect();
    let mut streamed = None;
    for (index, info) in found.into_iter().enumerate() {
        let mut cells = sheets.open(info.clone());
        if book.sheet(index, &mut cells).is_err() {
            // From its start: the sink that was given some of its cells is not closed.
            let streamed = match &mut streamed {
                Some(streamed) => streamed,
                none => none.insert(Streamed::open(&file.full)?),
            };
            streamed.one(info, sheets)?;
            continue;
        }
        sheets.close(cells);
    }
    Ok(())
}

/// A workbook as calamine streams it.
pub(super) struct Streamed(Xlsx<BufReader<File>>);

impl Streamed {
    pub(super) fn open(path: &Path) -> Result<Self, String> {
        let input = File::open(path).map_err(|error| error.to_string())?;
        let input = BufReader::with_capacity(1 << 16, input);
        Ok(Self(Xlsx::new(input).map_err(in_words)?))
    }

    pub(super) fn every<S: SheetSink>(&mut self, sheets: &mut S) -> Result<(), String> {
        let is_1904 = self.0.has_1904_epoch();
        let found: Vec<SheetInfo> = self
            .0
            .sheets_metadata()
            .iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet)
            .map(|sheet| SheetInfo {
                name: Some(sheet.name.clone()),
                hidden: sheet.visible != SheetVisible::Visible,
                is_1904,
            })
            .collect();
        found
            .into_iter()
            .try_for_each(|info| self.one(info, sheets))
    }

    fn one<S: SheetSink>(&mut self, info: SheetInfo, sheets: &mut S) -> Result<(), String> {
        let name = info.name.clone().unwrap_or_default();
        let wrong = |error| format!("sheet `{name}`: {}", in_words(error));
        let mut reader = match self.0.worksheet_cells_reader(&name) {
            Ok(reader) => reader,
            // A chart sheet that the workbook lists among the worksheets.
            Err(XlsxError::NotAWorksheet(_)) => return Ok(()),
            Err(error) => return Err(wrong(error)),
        };
        let mut cells = sheets.open(info);
        let mut row = None;
        while let Some(next) = reader.next_cell().map_err(wrong)? {
            let ((at, column), value) = (next.get_position(), next.get_value());
            let Some(cell) = cell(value) else { continue };
            if row != Some(at) {
                row = Some(at);
                if cells.row(at.saturating_add(1), None).is_break() {
                    break;
                }
            }
            cells.cell(column, cell);
        }
        sheets.close(cells);
        Ok(())
    }
}

fn cell<'a>(value: &'a DataRef<'_>) -> Option<Cell<'a>> {
    let cell = match value {
        DataRef::Empty => return None,
        DataRef::SharedString(text) => Cell::Text(text),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            Cell::Text(text)
        }
        DataRef::Float(x) => Cell::Number(*x),
        DataRef::Int(n) => Cell::Number(*n as f64),
        DataRef::Bool(yes) => Cell::Bool(*yes),
        DataRef::DateTime(at) if at.is_duration() => Cell::Duration(at.as_f64()),
        DataRef::DateTime(at) => Cell::Serial(at.as_f64()),
        DataRef::Error(error) => Cell::Error(shown(error)),
    };
    // A cell of spaces is as empty to people as one without anything.
    match cell {
        Cell::Text(text) if text.chars().all(super::values::number::is_space) => None,
        cell => Some(cell),
    }
}

fn shown(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        CellErrorType::Value => "#VALUE!",
        CellErrorType::GettingData => "#GETTING_DATA",
    }
}

fn in_words(error: XlsxError) -> String {
    match error {
        XlsxError::Password => "it is protected by a password".to_owned(),
        XlsxError::Zip(error) => format!("it is damaged ({error})"),
        XlsxError::FileNotFound(part) => format!("it is no workbook of Excel: `{part}` is missing"),
        other => other.to_string(),
    }
}
