//! Reads workbooks of Excel 2007 and later, cell by cell.
//!
//! Only calamine's streaming reader is used: its ranges hold a whole rectangle in memory, and ask
//! for gigabytes where a sheet of a few kilobytes has a cell in its last corner.

use std::fs::File;
use std::io::BufReader;

use calamine::{CellErrorType, DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::cells::{Cell, CellSink, SheetInfo, SheetSink};
use super::discover::InputFilePath;

/// Reads every worksheet of a workbook into a sink.
///
/// # Errors
/// What calamine says, in words for those who made the file where there are better ones.
pub(super) fn read<S: SheetSink>(file: &InputFilePath, sheets: &mut S) -> Result<(), String> {
    let input = File::open(&file.full).map_err(|error| error.to_string())?;
    let mut workbook = Xlsx::new(BufReader::with_capacity(1 << 16, input)).map_err(in_words)?;
    let is_1904 = workbook.has_1904_epoch();
    let found: Vec<_> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
        .collect();
    for (name, hidden) in found {
        let mut reader = match workbook.worksheet_cells_reader(&name) {
            Ok(reader) => reader,
            // A chart sheet that the workbook lists among the worksheets.
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => return Err(format!("sheet `{name}`: {}", in_words(error))),
        };
        let mut cells = sheets.open(SheetInfo {
            name: Some(name.clone()),
            hidden,
            is_1904,
        });
        let mut row = None;
        loop {
            let next = reader
                .next_cell()
                .map_err(|error| format!("sheet `{name}`: {}", in_words(error)))?;
            let Some(next) = next else { break };
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
    }
    Ok(())
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
