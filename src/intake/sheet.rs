//! One sheet on its way from cells to a table: its first rows are kept until its header is found
//! among them, then every cell goes straight to its column.

use std::ops::ControlFlow;

use super::cells::{Cell, CellSink, OwnedCell, SheetInfo, SheetSink};
use super::columns::Conventions;
use super::composed::Names;
use super::declared::{Declarations, Declared};
use super::discover::InputFilePath;
use super::fix::{Fix, Unsettled};
use super::layout::{LaidOut, Layout};
use super::recognise::{
    Candidate, Mapping, Nearest, Outcome, SEARCHED, Unclear, recognise, suggest_header,
};
use super::table::{SheetTable, TableBuilder, declare_column, quoted};
use super::values::month::Month;
use super::{Progress, Recognised, RecognisedColumn};
use crate::diagnostics::codes::intake::{
    AMBIGUOUS_HEADER, AMBIGUOUS_TABLE, HIDDEN_SHEET, NO_SUCH_HEADER, NO_VALUE, UNKNOWN_SHEET,
    UNPIVOTED,
};
use crate::diagnostics::{Diagnostic, Place};
use crate::tables::Kind;

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
            problems: Vec::new(),
            stranger: None,
            recognised: None,
            fix: None,
        }
    }

    fn close(&mut self, mut cells: SheetReader<'a>) {
        self.any_cell |= !matches!(&cells.state, State::Searching(rows) if rows.is_empty());
        if let State::Searching(_) = cells.state {
            let _ = cells.decide();
        }
        self.problems.append(&mut cells.problems);
        match cells.stranger {
            Some(stranger) => self.strangers.push((stranger, cells.fix)),
            None => self.fixes.extend(cells.fix),
        }
        self.recognised.extend(cells.recognised);
        let table = match cells.state {
            State::Table(builder) => builder.finish(),
            State::LaidOut(rows) => rows.finish(),
            State::Searching(_) | State::Done => return,
        };
        (cells.progress)(&self.file.path, table.read);
        self.tables.push((cells.sheet.name, table));
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
    Table(Box<TableBuilder>),
    /// The same, where rows are laid out first.
    LaidOut(Box<LaidOut>),
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
    problems: Vec<Diagnostic>,
    stranger: Option<Diagnostic>,
    recognised: Option<Recognised>,
    fix: Option<Fix>,
}

impl CellSink for SheetReader<'_> {
    fn row(&mut self, row: u32, fields: Option<u32>) -> ControlFlow<()> {
        match &mut self.state {
            State::Searching(rows) if rows.len() < SEARCHED => {
                rows.push(KeptRow {
                    row,
                    fields,
                    cells: Vec::new(),
                });
                return ControlFlow::Continue(());
            }
            State::Searching(_) => self.decide()?,
            _ => {}
        }
        match &mut self.state {
            State::Table(table) => {
                if table.len() % PROGRESS_STEP == 0 && table.len() > 0 {
                    (self.progress)(&self.file.path, table.len() as u64);
                }
                table.row(row, fields);
                ControlFlow::Continue(())
            }
            State::LaidOut(rows) => {
                if rows.len() % PROGRESS_STEP == 0 && rows.len() > 0 {
                    (self.progress)(&self.file.path, rows.len() as u64);
                }
                rows.row(row, fields);
                ControlFlow::Continue(())
            }
            State::Searching(_) | State::Done => ControlFlow::Break(()),
        }
    }

    fn cell(&mut self, column: u32, cell: Cell<'_>) {
        match &mut self.state {
            State::Table(table) => table.cell(column, cell),
            State::LaidOut(rows) => rows.cell(column, cell),
            State::Searching(rows) => {
                if let Some(last) = rows.last_mut() {
                    last.cells.push((column, OwnedCell::of(cell)));
                }
            }
            State::Done => {}
        }
    }
}

impl SheetReader<'_> {
    /// Looks for the header among the rows kept; what stands below it is read at once.
    fn decide(&mut self) -> ControlFlow<()> {
        let State::Searching(rows) = std::mem::replace(&mut self.state, State::Done) else {
            return ControlFlow::Break(());
        };
        let mut candidates: Vec<Candidate> = rows.iter().map(candidate).collect();
        if self
            .declared
            .is_some_and(|declared| declared.months().is_some())
        {
            for (candidate, kept) in candidates.iter_mut().zip(&rows) {
                candidate.months = months(kept, self.conventions.is_1904);
            }
        }
        if self.headers_only {
            let unsettled = Unsettled {
                rows: &rows,
                candidates: &candidates,
                declared: self.declared,
            };
            self.fix = unsettled.fix(self.sheet.name.as_deref());
        }
        let mapping = match recognise(&candidates, self.declared) {
            Outcome::Table(mapping) => mapping,
            other => {
                self.refuse(other, &candidates);
                return ControlFlow::Break(());
            }
        };
        if self.sheet.hidden {
            let message = format!("a hidden sheet was read as table `{}`", mapping.table.name);
            self.problems
                .push(Diagnostic::info(&HIDDEN_SHEET, message).at(self.place(None, None)));
        }
        let layout = match self.layout(&mapping) {
            Ok(layout) => layout,
            Err(problem) => {
                self.problems.push(*problem);
                return ControlFlow::Break(());
            }
        };
        self.problems.extend(self.unpivoted(&mapping));
        if self.headers_only {
            self.recognised = Some(self.recognised(&mapping));
            return ControlFlow::Break(());
        }
        let header_row = mapping.header_row;
        let header = rows.iter().find(|kept| kept.row == header_row);
        let table = TableBuilder::new(
            mapping,
            self.conventions.clone(),
            &self.file.path,
            self.sheet.name.as_deref(),
            header.and_then(|kept| kept.fields),
        );
        self.state = if layout.is_plain() {
            State::Table(Box::new(table))
        } else {
            State::LaidOut(Box::new(LaidOut::new(layout, table)))
        };
        for kept in rows.iter().filter(|kept| kept.row > header_row) {
            self.row(kept.row, kept.fields)?;
            for (column, cell) in &kept.cells {
                self.cell(*column, cell.cell());
            }
        }
        ControlFlow::Continue(())
    }

    /// How the rows below a header are laid out.
    fn layout(&self, mapping: &Mapping) -> Result<Layout, Box<Diagnostic>> {
        let names = Names {
            in_inbox: &self.file.in_inbox,
            sheet: self.sheet.name.as_deref(),
        };
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

    /// Says that a value cannot be put together for this sheet.
    fn no_value(&self, mapping: &Mapping, column: u32, why: &str) -> Diagnostic {
        let found = mapping.found.iter().find(|found| found.column == column);
        let name = found.map_or("", |found| mapping.table.columns[found.position].name);
        let message = format!("`{name}` cannot be put together: {why}");
        let problem = Diagnostic::error(&NO_VALUE, message).at(self.place(None, None));
        match self.declared.and_then(|declared| declared.source) {
            Some(source) => problem.related(source.place.clone(), "declared here"),
            None => problem,
        }
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

    /// Says why a sheet is not read.
    fn refuse(&mut self, outcome: Outcome, rows: &[Candidate]) {
        match outcome {
            Outcome::Table(_) => {}
            Outcome::Ambiguous { row, tables } => {
                let message = format!(
                    "the headers fit tables `{}` equally well",
                    tables.join("` and `")
                );
                self.problems.push(
                    Diagnostic::error(&AMBIGUOUS_TABLE, message)
                        .at(self.place(Some(row), None))
                        .help(self.declare_table(tables[0])),
                );
            }
            Outcome::Unclear {
                table,
                row,
                unclear,
            } => self.unclear(table, row, &unclear),
            Outcome::NoSuchHeader {
                column,
                header,
                row,
            } => {
                let message =
                    format!("there is no header `{header}`, which is declared for `{column}`");
                let mut diagnostic = Diagnostic::error(&NO_SUCH_HEADER, message)
                    .at(self.place(Some(row), None))
                    .maybe_help(suggest_header(&header, rows));
                if let Some(source) = self.declared.and_then(|declared| declared.source) {
                    diagnostic = diagnostic.related(source.place.clone(), "declared here");
                }
                self.problems.push(diagnostic);
            }
            Outcome::Unknown(None) if rows.is_empty() => {}
            Outcome::Unknown(near) => self.unknown(near),
        }
    }

    fn unclear(&mut self, table: &str, row: u32, unclear: &Unclear) {
        let names: Vec<String> = unclear
            .headers
            .iter()
            .map(|(_, text)| format!("`{text}`"))
            .collect();
        let message = format!(
            "{} could each be `{}` of table `{table}`",
            names.join(" and "),
            unclear.name
        );
        let (first, text) = &unclear.headers[0];
        let sheet = self.sheet.name.as_deref();
        let mut diagnostic = Diagnostic::error(&AMBIGUOUS_HEADER, message)
            .at(self.place(Some(row), Some(*first)))
            .help(declare_column(&self.file.path, sheet, unclear.name, text));
        for (column, text) in &unclear.headers[1..] {
            let place = self.place(Some(row), Some(*column));
            diagnostic = diagnostic.related(place, format!("`{text}` is here"));
        }
        self.problems.push(diagnostic);
    }

    fn unknown(&mut self, near: Option<Nearest>) {
        let Some(near) = near.filter(|near| near.found > 1 || self.declared.is_some()) else {
            let message = "the sheet looks like no table";
            self.stranger = Some(
                Diagnostic::warning(&UNKNOWN_SHEET, message)
                    .at(self.place(None, None))
                    .help("a table has a row of headers; `quarterdeck check` lists what was recognised"),
            );
            return;
        };
        let message = format!(
            "the sheet looks like table `{}`, but has no column for {}",
            near.table,
            near.lacks.join(" and for ")
        );
        let help = if near.hints.is_empty() {
            "name the columns so, or map them with `columns` in an `[[input.file]]`".to_owned()
        } else {
            near.hints.join("; ")
        };
        self.problems.push(
            Diagnostic::warning(&UNKNOWN_SHEET, message)
                .at(self.place(Some(near.row), None))
                .help(help),
        );
    }

    fn declare_table(&self, table: &str) -> String {
        let file = self.file.path.rsplit('/').next().unwrap_or(&self.file.path);
        let sheet = self.sheet.name.as_deref();
        let sheet = sheet
            .map(|name| format!("sheet = {}\n", quoted(name)))
            .unwrap_or_default();
        format!(
            "say which in quarterdeck.toml:\n[[input.file]]\nmatch = {}\n{sheet}table = {}",
            quoted(file),
            quoted(table)
        )
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

/// The cells of a row that are months.
fn months(kept: &KeptRow, is_1904: bool) -> Vec<(u32, Month, String)> {
    let months = kept.cells.iter().filter_map(|(column, cell)| {
        let month = match cell {
            OwnedCell::Serial(serial) => Month::of_serial(*serial, is_1904)?,
            OwnedCell::Text(text) => Month::of_text(text)?,
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
