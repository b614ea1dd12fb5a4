//! One sheet on its way from cells to a table: its first rows are kept until its header is found
//! among them, then every cell goes straight to its column.

mod groups;
mod refuse;
mod stacked;
mod unit;

use std::ops::ControlFlow;

use super::cells::{Cell, CellSink, OwnedCell, SheetInfo, SheetSink};
use super::columns::Conventions;
use super::composed::Names;
use super::declared::{Declarations, Declared};
use super::discover::InputFilePath;
use super::fix::{Fix, Unsettled};
use super::layout::{LaidOut, Layout};
use super::reading::{Beside, Reading};
use super::recognise::{Candidate, Mapping, Outcome, SEARCHED, recognise, side_by_side};
use super::table::{SheetTable, TableBuilder};
use super::values::month::Month;
use super::{Progress, Recognised, RecognisedColumn};
use crate::diagnostics::codes::intake::{HIDDEN_ROWS, HIDDEN_SHEET, UNPIVOTED};
use crate::diagnostics::{Diagnostic, Place};
use crate::tables::Kind;
use stacked::{MOST_PEEKS, Peek, STACKED};

/// How often progress is told, in rows.
const PROGRESS_STEP: usize = 16_384;

/// What the sheets of a file turned out to be.
pub(super) struct FileReader<'a> {
    /// The file.
    pub(super) file: &'a InputFilePath,
    /// What is declared about files.
    pub(super) declarations: &'a Declarations<'a>,
    /// How cells are read.
    pub(super) conventions: &'a Conventions,
    /// Whether only the headers are wanted.
    pub(super) headers_only: bool,
    /// Told how many rows were read.
    pub(super) progress: Progress<'a>,
    /// Whether any sheet holds anything.
    pub(super) any_cell: bool,
    /// The sheets read as tables, with their names.
    pub(super) tables: Vec<(Option<String>, SheetTable)>,
    /// The sheets recognised, where only the headers were wanted.
    pub(super) recognised: Vec<Recognised>,
    /// What would settle sheets that are not clear, where only the headers were wanted.
    pub(super) fixes: Vec<Fix>,
    /// The names of all sheets.
    pub(super) sheets: Vec<String>,
    /// What there is to say.
    pub(super) problems: Vec<Diagnostic>,
    /// Sheets that look like no table at all, and what would make them one; told when the whole file
    /// has been seen.
    pub(super) strangers: Vec<(Diagnostic, Option<Fix>)>,
}

impl<'a> FileReader<'a> {
    /// A reader that has seen nothing yet.
    pub(super) fn new(
        file: &'a InputFilePath,
        declarations: &'a Declarations<'a>,
        conventions: &'a Conventions,
        headers_only: bool,
        progress: Progress<'a>,
    ) -> Self {
        Self {
            file,
            declarations,
            conventions,
            headers_only,
            progress,
            any_cell: false,
            tables: Vec::new(),
            recognised: Vec::new(),
            fixes: Vec::new(),
            sheets: Vec::new(),
            problems: Vec::new(),
            strangers: Vec::new(),
        }
    }

    /// What remains to be said when the last sheet has been closed: a sheet of notes beside a table
    /// is normal, a file of nothing but notes is not.
    pub(super) fn strangers(&mut self) -> Vec<Diagnostic> {
        let any_table = !self.tables.is_empty() || !self.recognised.is_empty();
        let strangers = std::mem::take(&mut self.strangers).into_iter();
        let told = strangers.map(|(mut stranger, fix)| {
            if any_table {
                stranger.severity = crate::diagnostics::Severity::Info;
            } else {
                self.fixes.extend(fix);
            }
            stranger
        });
        told.collect()
    }
}

impl<'a> SheetSink for FileReader<'a> {
    type Cells = SheetReader<'a>;

    fn open(&mut self, sheet: SheetInfo) -> SheetReader<'a> {
        self.sheets.extend(sheet.name.clone());
        let declared = self.declarations.of(self.file, sheet.name.as_deref());
        let mut conventions = self.conventions.clone();
        conventions.is_1904 = sheet.is_1904;
        if let Some(declared) = declared {
            declared.set(&mut conventions);
        }
        SheetReader {
            file: self.file,
            declared,
            conventions,
            headers_only: self.headers_only,
            progress: self.progress,
            sheet,
            state: State::Searching(Vec::new()),
            last_row: 0,
            peeks: MOST_PEEKS,
            header: None,
            finished: Vec::new(),
            hidden_rows: 0,
            first_hidden: None,
            problems: Vec::new(),
            stranger: None,
            recognised: Vec::new(),
            fix: None,
        }
    }

    fn close(&mut self, mut cells: SheetReader<'a>) {
        self.any_cell |= !matches!(&cells.state, State::Searching(rows) if rows.is_empty());
        if let State::Searching(_) = cells.state {
            let _ = cells.decide();
        }
        while let State::Peeking(_) = cells.state {
            let _ = cells.settle();
        }
        if let State::Reading(reading) = std::mem::replace(&mut cells.state, State::Done) {
            (cells.progress)(&self.file.path, reading.len() as u64);
            cells.finished.extend(reading.finish());
        }
        cells.problems.extend(cells.several());
        cells.problems.extend(cells.said_of_hidden_rows());
        self.problems.append(&mut cells.problems);
        match cells.stranger {
            Some(stranger) => self.strangers.push((stranger, cells.fix)),
            None => self.fixes.extend(cells.fix),
        }
        self.recognised.extend(cells.recognised);
        let name = cells.sheet.name;
        let tables = cells.finished.into_iter();
        self.tables
            .extend(tables.map(|table| (name.clone(), table)));
    }
}

/// A row kept until the header is found.
pub(super) struct KeptRow {
    /// Its number, from 1.
    pub(super) row: u32,
    fields: Option<u32>,
    /// Its cells by column.
    pub(super) cells: Vec<(u32, OwnedCell)>,
}

enum State {
    /// The header has not been looked for yet.
    Searching(Vec<KeptRow>),
    /// It has been found, and the rows below it are read.
    Reading(Reading),
    /// Rows below empty ones are kept until it is known whether they begin another table.
    Peeking(Box<Peek>),
    /// Nothing more of the sheet is wanted.
    Done,
}

/// Reads one sheet.
pub(super) struct SheetReader<'a> {
    file: &'a InputFilePath,
    declared: Option<&'a Declared<'a>>,
    conventions: Conventions,
    headers_only: bool,
    progress: Progress<'a>,
    sheet: SheetInfo,
    state: State,
    last_row: u32,
    /// How often rows below empty ones may still be looked at.
    peeks: u32,
    /// The table that is read, and where its columns stand.
    header: Option<(&'static str, Vec<(usize, u32)>)>,
    /// Tables that have been read to their end.
    finished: Vec<SheetTable>,
    problems: Vec<Diagnostic>,
    stranger: Option<Diagnostic>,
    /// How many rows are hidden, and the first of them.
    hidden_rows: u64,
    first_hidden: Option<u32>,
    /// Tables recognised, with the rows of their headers.
    recognised: Vec<Recognised>,
    fix: Option<Fix>,
}

impl CellSink for SheetReader<'_> {
    fn row(&mut self, row: u32, fields: Option<u32>) -> ControlFlow<()> {
        if let State::Searching(rows) = &mut self.state {
            if rows.len() < SEARCHED {
                rows.push(KeptRow::new(row, fields));
                return ControlFlow::Continue(());
            }
            self.decide()?;
        }
        if let State::Reading(reading) = &mut self.state {
            let below_empty_rows = row > self.last_row.saturating_add(1);
            if !below_empty_rows || row > STACKED || self.peeks == 0 {
                if reading.len() % PROGRESS_STEP == 0 && reading.len() > 0 {
                    (self.progress)(&self.file.path, reading.len() as u64);
                }
                reading.row(row, fields);
                self.last_row = row;
                return match reading {
                    Reading::Headers if row > STACKED => ControlFlow::Break(()),
                    _ => ControlFlow::Continue(()),
                };
            }
        }
        self.peek(row, fields)
    }

    fn hidden(&mut self) {
        let row = match &self.state {
            State::Searching(rows) => rows.last().map_or(0, |kept| kept.row),
            _ => self.last_row,
        };
        self.first_hidden.get_or_insert(row);
        self.hidden_rows += 1;
    }

    #[inline]
    fn cell(&mut self, column: u32, cell: Cell<'_>) {
        match &mut self.state {
            State::Reading(reading) => reading.cell(column, cell),
            State::Searching(rows) => keep(rows, column, cell),
            State::Peeking(peek) => keep(&mut peek.rows, column, cell),
            State::Done => {}
        }
    }
}

impl KeptRow {
    fn new(row: u32, fields: Option<u32>) -> Self {
        Self {
            row,
            fields,
            cells: Vec::new(),
        }
    }
}

fn keep(rows: &mut [KeptRow], column: u32, cell: Cell<'_>) {
    if let Some(last) = rows.last_mut() {
        last.cells.push((column, OwnedCell::of(cell)));
    }
}

impl SheetReader<'_> {
    /// What may be headers among rows.
    fn candidates(&self, rows: &[KeptRow]) -> Vec<Candidate> {
        let mut candidates: Vec<Candidate> = rows.iter().map(candidate).collect();
        let by_months = self.declared.and_then(Declared::months);
        if by_months.is_some() {
            // What is wrong with a name is told before a header is looked for.
            let year = self.year().ok().flatten();
            for (candidate, kept) in candidates.iter_mut().zip(rows) {
                candidate.months = months(kept, self.conventions.is_1904, year.as_deref());
            }
        }
        candidates
    }

    /// The year of months that are headed without one, where that is declared.
    fn year(&self) -> Result<Option<String>, Box<Diagnostic>> {
        let Some(year) = self.declared.and_then(Declared::year) else {
            return Ok(None);
        };
        match year.fill(&self.names(), |_| None) {
            Ok(filled) => Ok(filled.of_row(|_| None)),
            Err(why) => Err(Box::new(self.not_made("the year of `unpivot`", &why))),
        }
    }

    /// Looks for the header among the rows kept; what stands below it is read at once.
    fn decide(&mut self) -> ControlFlow<()> {
        let State::Searching(rows) = std::mem::replace(&mut self.state, State::Done) else {
            return ControlFlow::Break(());
        };
        if let Err(problem) = self.year() {
            self.problems.push(*problem);
            return ControlFlow::Break(());
        }
        let candidates = self.candidates(&rows);
        let filled = |from: u32| {
            let rows = rows.iter().filter(|kept| kept.row >= from);
            let cells = rows.flat_map(|kept| &kept.cells);
            cells.map(|(column, _)| *column).collect()
        };
        if let Some(tables) = side_by_side(&candidates, self.declared, filled) {
            return self.begin_beside(tables, &rows);
        }
        if self.headers_only {
            let unsettled = Unsettled {
                rows: &rows,
                candidates: &candidates,
                declared: self.declared,
            };
            self.fix = unsettled.fix(self.sheet.name.as_deref());
        }
        match recognise(&candidates, self.declared) {
            Outcome::Table(mapping) => {
                let first = self.first_of_several(mapping, &rows, &candidates);
                self.begin(first, &rows)
            }
            other => {
                self.refuse(other, &candidates);
                ControlFlow::Break(())
            }
        }
    }

    /// Reads a table from its header on.
    fn begin(&mut self, mapping: Mapping, rows: &[KeptRow]) -> ControlFlow<()> {
        self.header = Some((mapping.table.name, mapping.places()));
        let header_row = mapping.header_row;
        let reading = match self.reading(mapping, rows) {
            Ok(reading) => reading,
            Err(problem) => {
                self.problems.push(*problem);
                return ControlFlow::Break(());
            }
        };
        self.read_below(header_row, reading, rows)
    }

    /// Reads tables side by side from their headers on.
    fn begin_beside(&mut self, tables: Vec<(u32, Mapping)>, rows: &[KeptRow]) -> ControlFlow<()> {
        let mut sides = Vec::new();
        let mut header_row = 0;
        // Below them nothing but more of them is looked for.
        self.peeks = 0;
        for (from, mapping) in tables {
            header_row = mapping.header_row;
            match self.reading(mapping, rows) {
                Ok(reading) => sides.push((from, reading)),
                Err(problem) => self.problems.push(*problem),
            }
        }
        let reading = if self.headers_only {
            Reading::Headers
        } else {
            Reading::Beside(Beside::new(sides))
        };
        self.read_below(header_row, reading, rows)
    }

    fn read_below(
        &mut self,
        header_row: u32,
        reading: Reading,
        rows: &[KeptRow],
    ) -> ControlFlow<()> {
        self.state = State::Reading(reading);
        self.last_row = header_row;
        for kept in rows.iter().filter(|kept| kept.row > header_row) {
            self.row(kept.row, kept.fields)?;
            for (column, cell) in &kept.cells {
                self.cell(*column, cell.cell());
            }
        }
        ControlFlow::Continue(())
    }

    /// What the rows below a header go to.
    fn reading(&mut self, mapping: Mapping, rows: &[KeptRow]) -> Result<Reading, Box<Diagnostic>> {
        if self.sheet.hidden && self.recognised.is_empty() {
            let message = format!("a hidden sheet was read as table `{}`", mapping.table.name);
            self.problems
                .push(Diagnostic::info(&HIDDEN_SHEET, message).at(self.place(None, None)));
        }
        let mut layout = self.layout(&mapping)?;
        // The heading of the first group may stand above the header.
        for above in rows.iter().filter(|kept| kept.row < mapping.first_row) {
            layout.heading_like(&above.cells);
        }
        self.problems.extend(self.group_headings(&mapping, rows));
        self.problems.extend(self.unpivoted(&mapping));
        self.problems.extend(self.unit_above(&mapping, rows));
        self.recognised.push(self.recognised(&mapping));
        if self.headers_only {
            return Ok(Reading::Headers);
        }
        let header = rows.iter().find(|kept| kept.row == mapping.header_row);
        let table = TableBuilder::new(
            mapping,
            self.conventions.clone(),
            &self.file.path,
            self.sheet.name.as_deref(),
            header.and_then(|kept| kept.fields),
        );
        Ok(if layout.is_plain() {
            Reading::Plain(Box::new(table))
        } else {
            Reading::LaidOut(Box::new(LaidOut::new(layout, table)))
        })
    }

    /// Says that rows that nobody sees were read.
    fn said_of_hidden_rows(&self) -> Option<Diagnostic> {
        let first = self.first_hidden?;
        let read = !self.headers_only && !self.recognised.is_empty();
        read.then(|| {
            let message = "hidden rows were read like all others; a filter hides rows too";
            Diagnostic::info(&HIDDEN_ROWS, message)
                .at(self.place(Some(first), None))
                .times(self.hidden_rows)
        })
    }

    /// How the rows below a header are laid out.
    fn layout(&self, mapping: &Mapping) -> Result<Layout, Box<Diagnostic>> {
        let names = self.names();
        let mut composed = Vec::new();
        for (column, value) in &mapping.composed {
            let place_of = |header: &str| mapping.column_of(header);
            match value.fill(&names, place_of) {
                Ok(filled) => composed.push((*column, filled)),
                Err(why) => return Err(Box::new(self.no_value(mapping, *column, &why))),
            }
        }
        let months = self.declared.and_then(Declared::months);
        let months = months.map(|declared| {
            let kind = mapping.table.columns[declared.month].kind;
            let month = |month: &Month| match kind {
                Kind::Date | Kind::Time if declared.first_day => month.first().to_string(),
                Kind::Date | Kind::Time => month.last().to_string(),
                _ => month.to_string(),
            };
            let columns = mapping.months.iter();
            columns
                .map(|(column, of, _)| (*column, month(of)))
                .collect()
        });
        Ok(Layout {
            composed,
            months: months.unwrap_or_default(),
        })
    }

    fn names(&self) -> Names<'_> {
        Names {
            in_inbox: &self.file.in_inbox,
            sheet: self.sheet.name.as_deref(),
        }
    }

    /// Says which columns were taken for months.
    fn unpivoted(&self, mapping: &Mapping) -> Option<Diagnostic> {
        let (column, first, first_said) = mapping.months.first()?;
        let (_, last, last_said) = mapping.months.last()?;
        let message = format!(
            "{} columns are months, from `{first_said}` as {first} to `{last_said}` as {last}: each of their cells is a row",
            mapping.months.len()
        );
        let place = self.place(Some(mapping.header_row), Some(*column));
        Some(Diagnostic::info(&UNPIVOTED, message).at(place))
    }

    fn recognised(&self, mapping: &Mapping) -> Recognised {
        let column = |position: usize| mapping.table.columns[position].name;
        Recognised {
            path: self.file.path.clone(),
            sheet: self.sheet.name.clone(),
            table: mapping.table.name,
            header_row: mapping.header_row,
            columns: mapping
                .found
                .iter()
                .map(|found| RecognisedColumn {
                    name: column(found.position),
                    header: found.header.clone(),
                    column: found.in_sheet(),
                    why: found.why,
                })
                .collect(),
            unused: mapping
                .unused
                .iter()
                .map(|(_, text, _)| text.clone())
                .collect(),
        }
    }

    fn place(&self, row: Option<u32>, column: Option<u32>) -> Place {
        Place::cell(&self.file.path, self.sheet.name.as_deref(), row, column)
    }
}

fn candidate(kept: &KeptRow) -> Candidate {
    let texts = kept.cells.iter().filter_map(|(column, kept)| {
        let text = kept.cell().header()?.into_owned();
        Some((*column, text))
    });
    let texts: Vec<(u32, String)> = texts.collect();
    let mixed = texts.len() < kept.cells.len();
    Candidate::of_row(kept.row, texts, mixed)
}

/// The cells of a row that are months; `year` is that of months without one.
fn months(kept: &KeptRow, is_1904: bool, year: Option<&str>) -> Vec<(u32, Month, String)> {
    let of_year = |text: &str| Month::of_text(&format!("{} {}", text.trim(), year?));
    let months = kept.cells.iter().filter_map(|(column, cell)| {
        let month = match cell {
            OwnedCell::Serial(serial) => Month::of_serial(*serial, is_1904)?,
            OwnedCell::Text(text) => Month::of_text(text).or_else(|| of_year(text))?,
            _ => return None,
        };
        let shown = match cell {
            OwnedCell::Text(text) => text.trim().to_owned(),
            _ => month.to_string(),
        };
        Some((*column, month, shown))
    });
    months.collect()
}
