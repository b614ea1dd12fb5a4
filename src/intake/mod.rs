//! From the files of the inbox to tables in memory, with the account of every row.
//!
//! ```text
//! discover ──► reader ──► formats ──cells──► sheet (header? recognise) ──► table ──► columns
//!  files       a process   by content  CellSink   which table               rows      values, typed
//! ```
//!
//! In go files; out come [`InputTable`]s whose rows know where they came from, one [`Account`] per
//! table of a sheet in which every row is used or told why not, and diagnostics at their cells. Files are read
//! side by side, each by a process of its own ([`reader`]); the result does not depend on how many at
//! once.
//!
//! [`recognise()`] looks at headers only, and works out what would settle those that are not clear.
//! [`gather`] and [`Intake::settle`] are the two halves of [`read()`]: between them it may be said which
//! ids are one customer, and [`Intake::rename`] makes it so. [`Intake::cut_off`] and
//! [`Intake::match_customers`] settle what depends on the period and on other tables.

mod account;
mod cells;
mod columns;
mod composed;
mod declared;
mod derive;
mod discover;
mod duplicates;
pub mod evidence;
mod fix;
pub mod flaw;
mod formats;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod glob;
mod layout;
mod limits;
pub mod marked;
pub mod reader;
mod reading;
mod recognise;
mod records;
mod resolve;
mod returns;
mod settle;
mod sheet;
mod table;
mod values;
mod zeros;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

pub use account::Account;
use declared::Declarations;
use discover::{InputFilePath, contents, discover};
use fix::Fix;
use flaw::{Fault, Flaw};
use formats::Refusal;
use formats::archive::Contents;
pub use limits::OverLimit;
use reader::{Session, Unpacked};
pub use recognise::Why;
pub use resolve::{RenamedRows, RowAt};
pub use returns::Returns;
pub use settle::UnknownCustomer;
use table::SheetTable;

use crate::diagnostics::codes::intake::{
    CONFLICTING_ROWS, DUPLICATE_FILE, DUPLICATE_ROWS, NO_TRANSACTIONS, REPEATED_ROWS, SHARED_ID,
};
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::tables::{Identity, InputTable, by_name};
use crate::workspace::Workspace;

/// Told, from several threads, how many rows of a file were read so far.
pub type Progress<'a> = &'a (dyn Fn(&str, u64) + Sync);

/// What was read.
#[derive(Debug, Clone)]
pub struct Intake {
    /// The tables supplied, in the order of [`crate::tables::all`]; of each, one batch per sheet,
    /// in the order of files (by path), sheets and rows.
    pub tables: Vec<InputTable>,
    /// What became of the rows of each sheet that was read as a table, in the same order of files
    /// and sheets.
    pub accounts: Vec<Account>,
    /// Rows that repeat an earlier one, the first [`flaw::MOST`] of each table: those of tables that
    /// tell customers apart, then those of the others.
    pub repeats: Vec<Repeat>,
    /// Customers that are named and not known, those with the most rows first.
    pub unknown_customers: Vec<UnknownCustomer>,
    /// The returns among the transactions, where there are any.
    pub returns: Option<Returns>,
    /// The files that were read.
    files: Vec<InputFilePath>,
    /// What was taken out of archives, for as long as it may be looked at again.
    _unpacked: Option<Arc<Unpacked>>,
    /// By table and batch: the account that its rows are counted in.
    origins: Vec<Vec<usize>>,
    /// Whether the rows without a known customer have been counted.
    matched: bool,
    /// Whether there was anything to read.
    any_file: bool,
}

/// A row that repeats an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repeat {
    /// Which account, and which row of its sheet.
    pub again: (usize, u32),
    /// The same of the row that stands.
    pub first: (usize, u32),
    /// Whether they have one key and say different things.
    pub differs: bool,
}

/// A sheet recognised by its headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// The file, relative to the workspace.
    pub path: String,
    /// The sheet; none for a text file.
    pub sheet: Option<String>,
    /// The table it is.
    pub table: &'static str,
    /// The row of its headers, from 1.
    pub header_row: u32,
    /// Columns found, in the order of the sheet.
    pub columns: Vec<RecognisedColumn>,
    /// Headers that stand for nothing.
    pub unused: Vec<String>,
}

/// A column recognised by its header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecognisedColumn {
    /// Its name in the table.
    pub name: &'static str,
    /// Its header as written; of a header of two lines both, the upper one first.
    pub header: String,
    /// Its place in the sheet, from 0; none where it is put together of others and of names.
    pub column: Option<u32>,
    /// Why the header is taken for it.
    pub why: Why,
}

/// What one file gave.
#[derive(Default)]
struct FileResult {
    tables: Vec<(Option<String>, SheetTable)>,
    recognised: Vec<Recognised>,
    fixes: Vec<Fix>,
    sheets: Vec<String>,
    problems: Vec<Diagnostic>,
    /// Its SHA-256, in hexadecimal, where its rows were read.
    sha256: String,
    /// What is in it, where it is an archive that was taken apart.
    contents: Option<Contents>,
}

/// Tables in which customers are told from one another, so that nothing can be said of ids before
/// their duplicates are out.
const OF_IDS: [&str; 3] = ["customers", "contacts", "id_map"];

/// Reads every file of the inbox, every id as it is written.
///
/// Files and sheets that cannot be read are errors in `problems`, rows that cannot are warnings;
/// over `[input] max-set-aside` of a table they are an error.
pub fn read(workspace: &Workspace, progress: Progress<'_>, problems: &mut Diagnostics) -> Intake {
    let mut intake = gather(workspace, progress, problems);
    intake.settle(workspace, problems);
    intake
}

/// Reads every file of the inbox up to the point where ids may be replaced: of the tables that
/// name no customer by itself, duplicates are still in. [`Intake::settle`] is to follow.
pub fn gather(workspace: &Workspace, progress: Progress<'_>, problems: &mut Diagnostics) -> Intake {
    let mut session = Session::new(workspace, false);
    let files = discover(workspace, problems);
    let files = session.unpack(files, problems);
    let declarations = Declarations::check(&workspace.config.input.files, &files, problems);
    let mut told_apart: Vec<(InputFilePath, String)> = Vec::new();
    for (file, content) in files.iter().zip(contents(&files)) {
        match content {
            Ok(content) => told_apart.push((file.clone(), content)),
            Err(error) => problems.push(Refusal::from(error).diagnostic(&file.path)),
        }
    }
    let copies = copies(&told_apart, problems);
    let mut results: Vec<FileResult> = told_apart
        .par_iter()
        .zip(&copies)
        .map(|((file, content), copy)| match copy {
            Some(_) => FileResult::default(),
            None => session.tables(file, content, progress),
        })
        .collect();
    let unpacked = session.end();
    for ((file, _), (result, copy)) in told_apart.iter().zip(results.iter_mut().zip(&copies)) {
        if copy.is_none() {
            declarations.check_sheets(file, &result.sheets, problems);
        }
        problems.extend(std::mem::take(&mut result.problems));
    }
    let mut intake = assemble(&told_apart, &copies, results);
    intake._unpacked = unpacked.map(Arc::new);
    intake.any_file = !files.is_empty();
    take_out_duplicates(&mut intake, &|table| OF_IDS.contains(&table), problems);
    intake
}

/// What the headers of the inbox say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers {
    /// The sheets that are recognised, in the order of files and sheets.
    pub recognised: Vec<Recognised>,
    /// For each sheet that is not, or not wholly, where something does: the `[[input.file]]` that
    /// settles it, as TOML with comments.
    pub fixes: Vec<String>,
}

/// Looks at the headers of every file of the inbox.
pub fn recognise(workspace: &Workspace, problems: &mut Diagnostics) -> Headers {
    let mut session = Session::new(workspace, true);
    let files = discover(workspace, problems);
    let files = session.unpack(files, problems);
    let declarations = Declarations::check(&workspace.config.input.files, &files, problems);
    let results: Vec<FileResult> = files.par_iter().map(|file| session.headers(file)).collect();
    let mut headers = Headers::default();
    for (file, result) in files.iter().zip(results) {
        declarations.check_sheets(file, &result.sheets, problems);
        problems.extend(result.problems);
        headers.recognised.extend(result.recognised);
        let fixes = result.fixes.iter();
        headers.fixes.extend(fixes.map(|fix| {
            let now = declarations.of(file, fix.sheet.as_deref());
            let now = now.and_then(|declared| declared.source);
            fix.stanza(&pattern_of(file, &files), &file.path, now)
        }));
    }
    limits::check(workspace, problems);
    let mut recognised = headers.recognised.iter();
    let some_transactions = recognised.any(|sheet| sheet.table == "transactions");
    require_transactions(some_transactions, !files.is_empty(), problems);
    headers
}

/// A pattern that matches a file and no other.
fn pattern_of(file: &InputFilePath, files: &[InputFilePath]) -> String {
    let others = files.iter().filter(|other| other.in_inbox != file.in_inbox);
    let mut others = others.map(|other| other.in_inbox.rsplit('/').next());
    let name = file.in_inbox.rsplit('/').next();
    match name {
        Some(name) if !others.any(|other| other == Some(name)) => name.to_owned(),
        _ => format!("./{}", file.in_inbox),
    }
}

fn require_transactions(some: bool, any_file: bool, problems: &mut Diagnostics) {
    // An empty inbox has been told already.
    if some || !any_file {
        return;
    }
    let table = by_name("transactions").expect("it is declared");
    problems.push(
        Diagnostic::error(&NO_TRANSACTIONS, "no sheet was recognised as transactions").help(
            format!(
                "it needs columns for {}",
                table.lacks(|_| false).join(" and for ")
            ),
        ),
    );
}

impl FileResult {
    /// A file that is not read, and why.
    fn refused(path: &str, refusal: &Refusal) -> Self {
        Self::of_problem(refusal.diagnostic(path))
    }

    fn of_problem(problem: Diagnostic) -> Self {
        Self {
            problems: vec![problem],
            ..Self::default()
        }
    }
}

/// By file: the earlier file it is a copy of, if it is one.
fn copies(files: &[(InputFilePath, String)], problems: &mut Diagnostics) -> Vec<Option<usize>> {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    files
        .iter()
        .enumerate()
        .map(|(at, (file, content))| {
            let original = *first.entry(content).or_insert(at);
            if original == at {
                return None;
            }
            let message = format!(
                "the file is a copy of `{}`; its rows are not used twice",
                files[original].0.path
            );
            problems.push(
                Diagnostic::warning(&DUPLICATE_FILE, message)
                    .at(Place::File(file.path.clone()))
                    .help("take one of the two out of the inbox"),
            );
            Some(original)
        })
        .collect()
}

/// Puts the sheets of all files together, by table.
fn assemble(
    files: &[(InputFilePath, String)],
    copies: &[Option<usize>],
    results: Vec<FileResult>,
) -> Intake {
    let mut accounts: Vec<Account> = Vec::new();
    let mut by_table: BTreeMap<usize, (InputTable, Vec<usize>)> = BTreeMap::new();
    let mut of_file: Vec<std::ops::Range<usize>> = Vec::new();
    for (((file, _), copy), result) in files.iter().zip(copies).zip(results) {
        let start = accounts.len();
        if let Some(original) = copy {
            for at in of_file[*original].clone() {
                let copied = accounts[at].copied_to(&file.path);
                accounts.push(copied);
            }
        }
        let sheets: Vec<Option<String>> = result.tables.iter().map(|of| of.0.clone()).collect();
        for (sheet, table) in result.tables {
            let several = sheets.iter().filter(|other| **other == sheet).count() > 1;
            let order = crate::tables::all()
                .iter()
                .position(|spec| spec.name == table.table.name);
            let (input, origins) =
                by_table
                    .entry(order.unwrap_or(usize::MAX))
                    .or_insert_with(|| {
                        (
                            InputTable {
                                spec: table.table,
                                batches: Vec::new(),
                            },
                            Vec::new(),
                        )
                    });
            origins.push(accounts.len());
            accounts.push(Account {
                begins: several.then(|| table.begins.clone()),
                ..Account::of(&file.path, &result.sha256, sheet, &table)
            });
            input.batches.push(table.batch);
        }
        of_file.push(start..accounts.len());
    }
    let (tables, origins) = by_table.into_values().unzip();
    Intake {
        tables,
        accounts,
        repeats: Vec::new(),
        unknown_customers: Vec::new(),
        returns: None,
        files: files.iter().map(|(file, _)| file.clone()).collect(),
        _unpacked: None,
        origins,
        matched: false,
        any_file: false,
    }
}

fn take_out_duplicates(
    intake: &mut Intake,
    of: &(dyn Fn(&str) -> bool + Sync),
    problems: &mut Diagnostics,
) {
    let found: Vec<Option<duplicates::Duplicates>> = intake
        .tables
        .par_iter_mut()
        .map(|table| of(table.spec.name).then(|| duplicates::take_out(table)))
        .collect();
    for ((table, origins), found) in intake.tables.iter().zip(&intake.origins).zip(found) {
        let Some(found) = found else { continue };
        for (account, count) in origins.iter().zip(&found.taken_out) {
            let account = &mut intake.accounts[*account];
            account.rows_used -= count;
            account.rows_duplicate += count;
        }
        let name = table.spec.name;
        keep_repeats(
            &mut intake.accounts,
            &mut intake.repeats,
            table.spec,
            origins,
            &found,
        );
        let place = |at: &duplicates::RowOrigin| {
            let account = &intake.accounts[origins[at.batch]];
            Place::cell(&account.path, account.sheet.as_deref(), Some(at.row), None)
        };
        let total: u64 = found.taken_out.iter().sum();
        if let Some((again, first)) = found.examples.first() {
            let message =
                format!("rows of table `{name}` repeat earlier rows and are not used twice");
            let mut diagnostic = Diagnostic::info(&DUPLICATE_ROWS, message)
                .at(place(again))
                .related(place(first), "first told here")
                .times(total);
            for (again, _) in &found.examples[1..] {
                diagnostic = diagnostic.related(place(again), "another");
            }
            problems.push(diagnostic);
        }
        if let Some((again, first)) = found.conflict_examples.first() {
            let message =
                format!("rows of table `{name}` have one key and differ; the first is used");
            problems.push(
                Diagnostic::warning(&CONFLICTING_ROWS, message)
                    .at(place(again))
                    .related(place(first), "this one is used")
                    .help("delete the rows that are wrong")
                    .times(found.conflicts),
            );
        }
        if let Some((again, first)) = &found.shared_example {
            let message = "rows have the id of an earlier row and differ from it; all are used";
            problems.push(
                Diagnostic::info(&SHARED_ID, message)
                    .at(place(again))
                    .related(place(first), "the same id is here")
                    .times(found.shared),
            );
        }
        if found.repeated > 0 {
            let message =
                format!("rows of table `{name}` without an id equal earlier rows; all are used");
            problems.push(Diagnostic::info(&REPEATED_ROWS, message).times(found.repeated));
        }
    }
}

/// Keeps which rows repeat which, and marks those to choose from.
fn keep_repeats(
    accounts: &mut [Account],
    repeats: &mut Vec<Repeat>,
    table: &crate::tables::TableSpec,
    origins: &[usize],
    found: &duplicates::Duplicates,
) {
    let Identity::Key(key) = table.identity else {
        repeats.extend(found.pairs.iter().map(|pair| pair.repeat(origins)));
        return;
    };
    for repeat in found.pairs.iter().map(|pair| pair.repeat(origins)) {
        repeats.push(repeat);
        if !repeat.differs {
            continue;
        }
        let first = &accounts[repeat.first.0];
        let (path, sheet) = (first.path.clone(), first.sheet.clone());
        let again = &mut accounts[repeat.again.0];
        let same = (&again.path, &again.sheet) == (&path, &sheet);
        let file = path.rsplit('/').next().unwrap_or(&path);
        let first = match (same, sheet) {
            (true, _) => repeat.first.1.to_string(),
            (false, Some(sheet)) => format!("{} ({file}, {sheet})", repeat.first.1),
            (false, None) => format!("{} ({file})", repeat.first.1),
        };
        let column = key.iter().find_map(|name| again.flaws.column(name));
        let flaw = Flaw {
            row: repeat.again.1,
            column: column.map(|column| column.column),
            fault: Fault::Conflict(first),
            shown: String::new(),
        };
        again.flaws.push(flaw);
    }
    for account in origins {
        accounts[*account].flaws.sort();
    }
}

impl Intake {
    /// Takes out the duplicates that [`gather`] left in, and says what the tables as a whole lack.
    pub fn settle(&mut self, workspace: &Workspace, problems: &mut Diagnostics) {
        take_out_duplicates(self, &|table| !OF_IDS.contains(&table), problems);
        limits::check(workspace, problems);
        let over = self.over_limits(&workspace.config.input);
        problems.extend(over.iter().map(limits::OverLimit::diagnostic));
        let some_transactions = self.table("transactions").is_some();
        require_transactions(some_transactions, self.any_file, problems);
        debug_assert!(self.accounts.iter().all(Account::balances));
    }

    /// The columns supplied, by table, those that were worked out among them.
    pub fn supplied_columns(&self) -> BTreeSet<(&'static str, &'static str)> {
        let mut supplied = BTreeSet::new();
        for (table, origins) in self.tables.iter().zip(&self.origins) {
            for account in origins {
                let columns = self.accounts[*account].columns_found.iter();
                supplied.extend(columns.map(|column| (table.spec.name, *column)));
            }
        }
        supplied
    }

    /// Gives up the rows of all tables but these; what was supplied, and the accounts, stay.
    pub fn give_up(&mut self, but: &[&str]) {
        let others = |table: &&mut InputTable| !but.contains(&table.spec.name);
        for table in self.tables.iter_mut().filter(others) {
            table.batches = Vec::new();
        }
    }

    /// A table by its name, if it was supplied.
    pub fn table(&self, name: &str) -> Option<&InputTable> {
        self.tables.iter().find(|table| table.spec.name == name)
    }
}
