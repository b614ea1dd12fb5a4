//! Reads workbooks through calamine, cell by cell where it can. Before it stands, for those of Excel
//! 2007 and later, the scanner of [plain workbooks](plain), which is several times as quick.
//!
//! Workbooks of Excel 2007 and later are streamed: a range holds a whole rectangle in memory, and
//! asks for gigabytes where a sheet of a few kilobytes has a cell in its last corner. Those of Excel
//! 97 and of LibreOffice calamine holds whole, within the memory that the reading process may use.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{
    CellErrorType, Data, DataRef, DataType, Ods, OdsError, Range, Reader, Sheet, SheetType,
    SheetVisible, Xls, XlsError, Xlsb, XlsbError, Xlsx, XlsxError,
};

use super::Refusal;
use super::hidden::{self, HiddenRows};
use super::plain;
use super::text::formula_error;
use crate::intake::cells::{Cell, CellSink, SheetInfo, SheetSink};

type Input = BufReader<File>;

/// No row is known to be hidden.
static NONE: HiddenRows = HiddenRows::NONE;

fn open(path: &Path) -> Result<Input, Refusal> {
    Ok(BufReader::with_capacity(1 << 16, File::open(path)?))
}

/// Reads a workbook of Excel 2007 and later.
///
/// # Errors
/// Why it cannot be read: what calamine says, since the scanner gives up without a word.
pub(super) fn xlsx<S: SheetSink>(path: &Path, sheets: &mut S) -> Result<(), Refusal> {
    let Ok(mut book) = plain::Workbook::open(path) else {
        return Streamed::open(path)?.every(sheets);
    };
    let found: Vec<SheetInfo> = book.sheets().cloned().collect();
    let any = !found.is_empty();
    let mut streamed = None;
    for (index, info) in found.into_iter().enumerate() {
        let mut cells = sheets.open(info.clone());
        if book.sheet(index, &mut cells).is_err() {
            // From its start: the sink that was given some of its cells is not closed.
            let streamed = match &mut streamed {
                Some(streamed) => streamed,
                none => none.insert(Streamed::open(path)?),
            };
            streamed.one(info, sheets)?;
            continue;
        }
        sheets.close(cells);
    }
    some(any)
}

/// A workbook of Excel 2007 and later as calamine streams it.
pub(super) struct Streamed(Xlsx<Input>, Option<hidden::Book>);

impl Streamed {
    pub(super) fn open(path: &Path) -> Result<Self, Refusal> {
        let book = Xlsx::new(open(path)?).map_err(of_xlsx)?;
        Ok(Self(book, hidden::Book::xlsx(path)))
    }

    pub(super) fn every<S: SheetSink>(&mut self, sheets: &mut S) -> Result<(), Refusal> {
        let is_1904 = self.0.has_1904_epoch();
        let mut any = false;
        for (_, name, hidden) in worksheets(self.0.sheets_metadata()) {
            any |= self.one(info(&name, hidden, is_1904), sheets)?;
        }
        some(any)
    }

    /// Reads one sheet; whether it is a worksheet.
    fn one<S: SheetSink>(&mut self, info: SheetInfo, sheets: &mut S) -> Result<bool, Refusal> {
        let name = info.name.clone().unwrap_or_default();
        let wrong = |error| in_sheet(&name, of_xlsx(error));
        let mut reader = match self.0.worksheet_cells_reader(&name) {
            Ok(reader) => reader,
            // A chart sheet that the workbook lists among the worksheets.
            Err(XlsxError::NotAWorksheet(_)) => return Ok(false),
            Err(error) => return Err(wrong(error)),
        };
        let rows = self.1.as_mut().map(|of| of.rows(&name));
        let rows = rows.unwrap_or_default();
        let mut cells = sheets.open(info);
        stream(&mut cells, &rows, || reader.next_cell()).map_err(wrong)?;
        sheets.close(cells);
        Ok(true)
    }
}

/// Reads a workbook of Excel 2007 and later in binary.
///
/// # Errors
/// Why it cannot be read.
pub(super) fn xlsb<S: SheetSink>(path: &Path, sheets: &mut S) -> Result<(), Refusal> {
    let mut workbook = Xlsb::new(open(path)?).map_err(of_xlsb)?;
    let is_1904 = workbook.has_1904_epoch();
    let mut any = false;
    let mut rows = hidden::Book::xlsb(path);
    for (_, name, hidden) in worksheets(workbook.sheets_metadata()) {
        any = true;
        let rows = rows.as_mut().map(|of| of.rows(&name)).unwrap_or_default();
        let mut reader = workbook
            .worksheet_cells_reader(&name)
            .map_err(|error| in_sheet(&name, of_xlsb(error)))?;
        let mut cells = sheets.open(info(&name, hidden, is_1904));
        stream(&mut cells, &rows, || reader.next_cell())
            .map_err(|error| in_sheet(&name, of_xlsb(error)))?;
        sheets.close(cells);
    }
    some(any)
}

/// Reads a workbook of Excel 97 to 2003.
///
/// # Errors
/// Why it cannot be read; a newer workbook under a password is in the same container.
pub(super) fn ole<S: SheetSink>(path: &Path, sheets: &mut S) -> Result<(), Refusal> {
    if let Err(XlsxError::Password) = Xlsx::new(open(path)?) {
        return Err(Refusal::Protected);
    }
    let mut workbook = Xls::new(open(path)?).map_err(of_xls)?;
    let is_1904 = workbook.has_1904_epoch();
    let mut any = false;
    let rows = hidden::xls(path);
    for (at, name, hidden) in worksheets(workbook.sheets_metadata()) {
        any = true;
        let rows = rows.get(at).unwrap_or(&NONE);
        let range = workbook
            .worksheet_range(&name)
            .map_err(|error| in_sheet(&name, of_xls(error)))?;
        let mut cells = sheets.open(info(&name, hidden, is_1904));
        pass(&mut cells, rows, &range);
        sheets.close(cells);
    }
    some(any)
}

/// Reads a spreadsheet of LibreOffice.
///
/// # Errors
/// Why it cannot be read.
pub(super) fn ods<S: SheetSink>(path: &Path, sheets: &mut S) -> Result<(), Refusal> {
    let mut workbook: Ods<Input> = Ods::new(open(path)?).map_err(of_ods)?;
    let mut any = false;
    let rows = hidden::ods(path);
    for (_, name, hidden) in worksheets(workbook.sheets_metadata()) {
        any = true;
        let rows = rows.get(&name).unwrap_or(&NONE);
        let range = workbook
            .worksheet_range(&name)
            .map_err(|error| in_sheet(&name, of_ods(error)))?;
        // Its dates are written out, in no epoch.
        let mut cells = sheets.open(info(&name, hidden, false));
        pass(&mut cells, rows, &range);
        sheets.close(cells);
    }
    some(any)
}

/// The worksheets: their place among all sheets, their name, and whether they are hidden.
fn worksheets(sheets: &[Sheet]) -> Vec<(usize, String, bool)> {
    let worksheets = sheets
        .iter()
        .enumerate()
        .filter(|(_, sheet)| sheet.typ == SheetType::WorkSheet);
    worksheets
        .map(|(at, sheet)| {
            let hidden = sheet.visible != SheetVisible::Visible;
            (at, sheet.name.clone(), hidden)
        })
        .collect()
}

fn info(name: &str, hidden: bool, is_1904: bool) -> SheetInfo {
    SheetInfo {
        name: Some(name.to_owned()),
        hidden,
        is_1904,
    }
}

fn some(any_worksheet: bool) -> Result<(), Refusal> {
    any_worksheet.then_some(()).ok_or(Refusal::NoWorksheet)
}

/// Passes the cells of a sheet on as they are read.
fn stream<'a, C: CellSink, E>(
    cells: &mut C,
    hidden: &HiddenRows,
    mut next: impl FnMut() -> Result<Option<calamine::Cell<DataRef<'a>>>, E>,
) -> Result<(), E> {
    let mut row = None;
    while let Some(next) = next()? {
        let ((at, column), value) = (next.get_position(), next.get_value());
        let Some(cell) = cell_of_ref(value) else {
            continue;
        };
        if row != Some(at) {
            row = Some(at);
            if cells.row(at.saturating_add(1), None).is_break() {
                break;
            }
            if hidden.contains(at) {
                cells.hidden();
            }
        }
        cells.cell(column, cell);
    }
    Ok(())
}

/// Passes the cells of a sheet on that is in memory as a whole.
fn pass<C: CellSink>(cells: &mut C, hidden: &HiddenRows, range: &Range<Data>) {
    let Some((top, left)) = range.start() else {
        return;
    };
    for (at, values) in (top..).zip(range.rows()) {
        let mut begun = false;
        for (column, value) in (left..).zip(values) {
            let day;
            let cell = match value {
                Data::DateTimeIso(text) => {
                    // A day without a time is written with midnight.
                    day = text.strip_suffix("T00:00:00").unwrap_or(text);
                    Cell::Text(day)
                }
                value => match cell_of(value) {
                    Some(cell) => cell,
                    None => continue,
                },
            };
            if !std::mem::replace(&mut begun, true) {
                if cells.row(at.saturating_add(1), None).is_break() {
                    return;
                }
                if hidden.contains(at) {
                    cells.hidden();
                }
            }
            cells.cell(column, cell);
        }
    }
}

fn cell_of_ref<'a>(value: &'a DataRef<'_>) -> Option<Cell<'a>> {
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
    something(cell)
}

fn cell_of(value: &Data) -> Option<Cell<'_>> {
    let cell = match value {
        Data::Empty => return None,
        // calamine gives the errors of LibreOffice as texts.
        Data::String(text) => formula_error(text),
        Data::DateTimeIso(text) => Cell::Text(text),
        Data::DurationIso(text) => match value.as_duration() {
            Some(duration) => Cell::Duration(duration.as_seconds_f64() / 86_400.0),
            None => Cell::Text(text),
        },
        Data::Float(x) => Cell::Number(*x),
        Data::Int(n) => Cell::Number(*n as f64),
        Data::Bool(yes) => Cell::Bool(*yes),
        Data::DateTime(at) if at.is_duration() => Cell::Duration(at.as_f64()),
        Data::DateTime(at) => Cell::Serial(at.as_f64()),
        Data::Error(error) => Cell::Error(shown(error)),
    };
    something(cell)
}

/// A cell of spaces is as empty to people as one without anything.
fn something(cell: Cell<'_>) -> Option<Cell<'_>> {
    match cell {
        Cell::Text(text) if text.chars().all(crate::intake::values::number::is_space) => None,
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

/// A refusal that a sheet is the reason for.
fn in_sheet(name: &str, refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Damaged(how) => Refusal::Damaged(format!("sheet `{name}`: {how}")),
        other => other,
    }
}

fn of_xlsx(error: XlsxError) -> Refusal {
    match error {
        XlsxError::Password => Refusal::Protected,
        XlsxError::Io(error) => Refusal::Damaged(error.to_string()),
        XlsxError::Zip(error) => super::archive::in_words(error),
        XlsxError::FileNotFound(part) => Refusal::Damaged(format!("`{part}` is missing")),
        XlsxError::Unrecognized { val, .. } if val.contains("macrosheets/") => {
            Refusal::Unsupported("a workbook with macro sheets of Excel 4")
        }
        other => Refusal::Damaged(other.to_string()),
    }
}

fn of_xlsb(error: XlsbError) -> Refusal {
    match error {
        XlsbError::Password => Refusal::Protected,
        XlsbError::Zip(error) => super::archive::in_words(error),
        XlsbError::FileNotFound(part) => Refusal::Damaged(format!("`{part}` is missing")),
        other => Refusal::Damaged(other.to_string()),
    }
}

fn of_xls(error: XlsError) -> Refusal {
    match error {
        XlsError::Password => Refusal::Protected,
        // A container without the stream of a workbook holds a document of another program.
        XlsError::Cfb(error) => Refusal::Damaged(format!("it holds no workbook: {error}")),
        other => Refusal::Damaged(other.to_string()),
    }
}

fn of_ods(error: OdsError) -> Refusal {
    match error {
        OdsError::Password => Refusal::Protected,
        OdsError::Zip(error) => super::archive::in_words(error),
        OdsError::CellLimitExceeded { requested, max } => Refusal::Oversized(format!(
            "it has {requested} cells, and {max} are allowed in an OpenDocument spreadsheet"
        )),
        other => Refusal::Damaged(other.to_string()),
    }
}
