//! The quality of the data: the account of the rows, cells to put right in words for those who put
//! them right, and the same as rows for the workbook.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, RecordBatch, StringArray, UInt64Array};
use datafusion::arrow::datatypes::{Field, Schema};

use crate::diagnostics::{Diagnostic, Diagnostics, Place, Severity, cell_address, column_letters};
use crate::intake::flaw::{Fault, Flaw};
use crate::intake::{Account, Intake};
use crate::message::Argument;
use crate::report::build::evidence;
use crate::report::locale::Locale;
use crate::report::model::{
    self, Data, IdentityReport, InputRows, Lead, MarkedCopy, ProblemCell, Repair, RepeatedRow,
    UnknownCustomer,
};
use crate::report::xlsx::ArrowRows;
use crate::tables::{Kind, by_name};
use crate::workspace::Language;

/// How many cells, rows and customers a page shows; the workbook has all.
const SHOWN: usize = 40;
/// How many stretches of cells a group names.
const STRETCHES: usize = 4;

/// What there is to say of the data, in the language of a report.
pub struct Quality<'a> {
    intake: &'a Intake,
    problems: &'a Diagnostics,
    copies: &'a [MarkedCopy],
    identity: Option<&'a IdentityReport>,
    locale: &'a Locale,
}

impl<'a> Quality<'a> {
    /// Of what was read, with what was found on the way and the copies that were made.
    pub fn new(
        intake: &'a Intake,
        problems: &'a Diagnostics,
        copies: &'a [MarkedCopy],
        locale: &'a Locale,
    ) -> Self {
        Self {
            intake,
            problems,
            copies,
            identity: None,
            locale,
        }
    }

    /// With what is known of who is who.
    #[must_use]
    pub fn with_identity(mut self, identity: Option<&'a IdentityReport>) -> Self {
        self.identity = identity;
        self
    }

    /// What pages and workbooks show.
    pub fn data(&self) -> Data {
        let accounts = &self.intake.accounts;
        let inputs: Vec<InputRows> = accounts.iter().map(|of| self.input(of)).collect();
        let total = total(&inputs);
        let files: BTreeSet<&str> = accounts.iter().map(|of| of.path.as_str()).collect();
        let cells_total = accounts.iter().map(|of| of.flaws.len()).sum();
        let (notes, problems) = self.said();
        Data {
            lead: self.lead(&total, cells_total),
            files: files.len() as u64,
            inputs,
            total,
            balances: accounts.iter().all(Account::balances),
            repairs: self.repairs(),
            cells: self.cells().take(SHOWN).collect(),
            cells_total,
            copies: self.copies.to_vec(),
            repeats: self.repeats().take(SHOWN).collect(),
            repeats_total: self.intake.repeats.len() as u64,
            unknown_customers: self.unknown().take(SHOWN).collect(),
            unknown_total: self.intake.unknown_customers.len() as u64,
            identity: self.identity.map(|of| IdentityReport {
                merged: of.merged.iter().take(SHOWN).cloned().collect(),
                shared: of.shared.iter().take(SHOWN).cloned().collect(),
                ..of.clone()
            }),
            returns: self.intake.returns.map(|returns| model::Returns {
                rows: returns.rows,
                linked: returns.linked,
                lost: returns.lost,
                alone: returns.alone(),
                restated: returns.restated,
            }),
            columns: evidence::columns(accounts, self.locale),
            problems,
            notes,
        }
    }

    /// The rows that workbooks ask for by name: all cells, all repeated rows, all unknown customers.
    ///
    /// # Errors
    /// When rows cannot be made: our fault.
    pub fn rows(&self) -> Result<BTreeMap<&'static str, ArrowRows>, String> {
        let mut cells: [Vec<Option<String>>; 7] = Default::default();
        for cell in self.cells() {
            let empty = || self.locale.text("quality.empty").to_owned();
            let fields = [
                Some(cell.path),
                cell.sheet,
                Some(cell.cell),
                cell.header,
                Some(cell.found.unwrap_or_else(empty)),
                Some(cell.wrong),
                Some(cell.todo),
            ];
            for (column, field) in cells.iter_mut().zip(fields) {
                column.push(field);
            }
        }
        let names = ["path", "sheet", "cell", "header", "found", "wrong", "todo"];
        let cells = names.into_iter().zip(cells.map(text)).collect();

        let mut places: [Vec<Option<String>>; 4] = Default::default();
        let mut numbers: [Vec<u64>; 2] = Default::default();
        for row in self.repeats() {
            let same = if row.differs {
                "quality.differs"
            } else {
                "quality.same"
            };
            let same = self.locale.text(same).to_owned();
            for (column, field) in
                places
                    .iter_mut()
                    .zip([row.table, row.place, row.first_place, same])
            {
                column.push(Some(field));
            }
            numbers[0].push(row.row);
            numbers[1].push(row.first_row);
        }
        let [table, place, first_place, contents] = places.map(text);
        let [row, first_row] = numbers.map(number);
        let repeats = vec![
            ("table", table),
            ("place", place),
            ("row", row),
            ("first_place", first_place),
            ("first_row", first_row),
            ("contents", contents),
        ];

        let mut texts: [Vec<Option<String>>; 3] = Default::default();
        let mut rows = Vec::new();
        for of in self.unknown() {
            for (column, field) in texts.iter_mut().zip([of.customer_id, of.table, of.place]) {
                column.push(Some(field));
            }
            rows.push(of.rows);
        }
        let [id, table, place] = texts.map(text);
        let unknown = vec![
            ("customer_id", id),
            ("table", table),
            ("rows", number(rows)),
            ("place", place),
        ];
        Ok(BTreeMap::from([
            ("problem_cells", arrow_rows(cells)?),
            ("repeated_rows", arrow_rows(repeats)?),
            ("unknown_customers", arrow_rows(unknown)?),
            ("merged_ids", arrow_rows(self.merged_rows())?),
        ]))
    }

    /// Every id that is another's.
    fn merged_rows(&self) -> Vec<(&'static str, ArrayRef)> {
        let merged = || self.identity.into_iter().flat_map(|of| &of.merged);
        let texts = |of: fn(&model::MergedId) -> Option<String>| text(merged().map(of).collect());
        vec![
            ("from_id", texts(|of| Some(of.from.clone()))),
            ("customer_id", texts(|of| Some(of.to.clone()))),
            ("because", texts(|of| Some(of.because.clone()))),
            ("rows", number(merged().map(|of| of.rows).collect())),
            ("place", texts(|of| of.place.clone())),
        ]
    }

    fn table_label(&self, table: &str) -> String {
        table_label(self.locale, table)
    }

    fn input(&self, account: &Account) -> InputRows {
        InputRows {
            path: account.path.clone(),
            sheet: account.sheet.clone(),
            begins: account.begins.clone(),
            table: account.table.clone(),
            label: self.table_label(&account.table),
            sha256: account.sha256.clone(),
            rows_read: account.rows_read,
            rows_used: account.rows_used,
            rows_set_aside: account.rows_set_aside,
            rows_duplicate: account.rows_duplicate,
            rows_unmatched: account.rows_unmatched,
            rows_out_of_period: account.rows_out_of_period,
            rows_blank: account.rows_blank,
        }
    }

    fn lead(&self, total: &InputRows, cells: u64) -> Lead {
        let say = |key: &str, args: &[(&str, Argument)]| {
            self.locale.text_with(&format!("quality.{key}"), args)
        };
        let count = |rows: u64| Argument::Count(i64::try_from(rows).unwrap_or(i64::MAX));
        let filled = total.rows_read - total.rows_blank;
        let bold = if filled == 0 {
            say("lead-none", &[])
        } else if total.rows_used == filled {
            say("lead-all", &[("count", count(filled))])
        } else {
            // A share just under the whole is not the whole.
            let share = (total.rows_used as f64 / filled as f64).min(0.999);
            say(
                "lead-some",
                &[
                    ("share", Argument::Percent(share)),
                    ("count", count(filled)),
                ],
            )
        };
        let mut rest = Vec::new();
        for (key, rows) in [
            ("lead-aside", total.rows_set_aside),
            ("lead-duplicate", total.rows_duplicate),
            ("lead-late", total.rows_out_of_period),
        ] {
            if rows > 0 {
                rest.push(say(key, &[("rows", count(rows))]));
            }
        }
        if cells == 0 {
            rest.push(say("lead-nothing-to-fix", &[]));
        }
        rest.push(say("lead-untouched", &[]));
        Lead {
            bold,
            rest: rest.join(" "),
        }
    }

    /// Notes, and problems worst first.
    fn said(&self) -> (Vec<model::Problem>, Vec<model::Problem>) {
        let mut sorted: Vec<&Diagnostic> = self.problems.iter().collect();
        sorted.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
        let (notes, problems): (Vec<_>, Vec<_>) = sorted
            .into_iter()
            .partition(|problem| problem.severity == Severity::Info);
        let of = |found: Vec<&Diagnostic>| found.into_iter().map(|p| self.problem(p)).collect();
        (of(notes), of(problems))
    }

    fn problem(&self, problem: &Diagnostic) -> model::Problem {
        let word = |what: &str| {
            let key = format!("problem.{}.{what}", problem.code.name);
            self.locale.get(&key).map(str::to_owned)
        };
        model::Problem {
            code: problem.code.name.to_owned(),
            severity: problem.severity.to_string(),
            title: word("title").unwrap_or_else(|| problem.message.clone()),
            todo: word("do"),
            message: problem.message.clone(),
            place: problem.place.as_ref().map(|place| self.placed(place)),
            help: problem.help.clone(),
            count: problem.count,
            in_cells: problem.severity > Severity::Info && self.is_in_cells(problem),
        }
    }

    /// A place without a word of English: the file, the sheet, the cell.
    fn placed(&self, place: &Place) -> String {
        let Place::Cell {
            file,
            sheet,
            row,
            column,
        } = place
        else {
            return place.to_string();
        };
        let at = match (*row, *column) {
            (Some(row), Some(column)) => Some(cell_address(row, column)),
            (Some(row), None) => {
                let row = Argument::Text(row.to_string());
                Some(self.locale.text_with("quality.row", &[("row", row)]))
            }
            (None, column) => column.map(column_letters),
        };
        let parts = [Some(file.clone()), sheet.clone(), at];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// Whether the cells to put right say it: a value made of the name of a sheet has none.
    fn is_in_cells(&self, problem: &Diagnostic) -> bool {
        let Some(Place::Cell {
            file, sheet, row, ..
        }) = &problem.place
        else {
            return false;
        };
        let accounts = self.intake.accounts.iter();
        let mut of_sheet = accounts.filter(|of| of.path == *file && of.sheet == *sheet);
        of_sheet.any(|of| {
            let mut flaws = of.flaws.found.iter();
            flaws.any(|flaw| flaw.fault.code() == problem.code && Some(flaw.row) == *row)
        })
    }

    fn repairs(&self) -> Vec<Repair> {
        let mut groups: BTreeMap<(usize, Option<u32>, &str), Vec<&Flaw>> = BTreeMap::new();
        for (at, account) in self.intake.accounts.iter().enumerate() {
            for flaw in &account.flaws.found {
                let group = (at, flaw.column, flaw.fault.key());
                groups.entry(group).or_default().push(flaw);
            }
        }
        let mut repairs: Vec<(bool, usize, Repair)> = groups
            .into_iter()
            .map(|((at, ..), flaws)| {
                let aside = flaws[0].fault.sets_aside();
                (!aside, flaws.len(), self.repair(at, &flaws))
            })
            .collect();
        repairs.sort_by(|a, b| (a.0, b.1).cmp(&(b.0, a.1)));
        repairs.into_iter().map(|(.., repair)| repair).collect()
    }

    fn repair(&self, at: usize, flaws: &[&Flaw]) -> Repair {
        let account = &self.intake.accounts[at];
        let first = flaws[0];
        let (cells, named) = stretches(flaws, |flaw| self.address(flaw));
        let code = first.fault.code().name;
        let copy = self.copies.iter().find(|copy| copy.path == account.path);
        Repair {
            status: status(&first.fault).to_owned(),
            code: code.to_owned(),
            title: self
                .locale
                .text(&format!("problem.{code}.title"))
                .to_owned(),
            path: account.path.clone(),
            sheet: account.sheet.clone(),
            header: header(account, first),
            count: flaws.len() as u64,
            cells,
            more: (flaws.len() - named) as u64,
            wrong: wrong(self.locale, account, first),
            todo: todo(self.locale, account, first),
            copy_link: copy.and_then(|copy| copy.link.clone()),
            copy_name: copy.and_then(|copy| copy.name.clone()),
        }
    }

    fn address(&self, flaw: &Flaw) -> String {
        match flaw.column {
            Some(column) => cell_address(flaw.row, column),
            None => self.locale.text_with(
                "quality.row",
                &[("row", Argument::Text(flaw.row.to_string()))],
            ),
        }
    }

    /// Every cell to put right: those whose rows are set aside first, then by file, sheet and place.
    fn cells(&self) -> impl Iterator<Item = ProblemCell> {
        [true, false].into_iter().flat_map(move |aside| {
            let accounts = self.intake.accounts.iter();
            accounts.flat_map(move |account| {
                let found = account.flaws.found.iter();
                found
                    .filter(move |flaw| flaw.fault.sets_aside() == aside)
                    .map(move |flaw| ProblemCell {
                        status: status(&flaw.fault).to_owned(),
                        path: account.path.clone(),
                        sheet: account.sheet.clone(),
                        cell: self.address(flaw),
                        header: header(account, flaw),
                        found: Some(flaw.shown.clone()).filter(|shown| !shown.is_empty()),
                        wrong: wrong(self.locale, account, flaw),
                        todo: todo(self.locale, account, flaw),
                    })
            })
        })
    }

    fn repeats(&self) -> impl Iterator<Item = RepeatedRow> {
        self.intake.repeats.iter().map(|repeat| {
            let again = &self.intake.accounts[repeat.again.0];
            let first = &self.intake.accounts[repeat.first.0];
            RepeatedRow {
                table: self.table_label(&again.table),
                place: sheet_of(again),
                row: u64::from(repeat.again.1),
                first_place: sheet_of(first),
                first_row: u64::from(repeat.first.1),
                differs: repeat.differs,
            }
        })
    }

    fn unknown(&self) -> impl Iterator<Item = UnknownCustomer> {
        self.intake.unknown_customers.iter().map(|customer| {
            let account = &self.intake.accounts[customer.first.0];
            let row = Argument::Text(customer.first.1.to_string());
            let row = self.locale.text_with("quality.row", &[("row", row)]);
            UnknownCustomer {
                customer_id: customer.id.clone(),
                table: self.table_label(&account.table),
                rows: customer.rows,
                place: format!("{} · {row}", sheet_of(account)),
            }
        })
    }
}

/// What a note in a coloured cell says: what is wrong, and what to do.
pub fn instruction(locale: &Locale, account: &Account, flaw: &Flaw) -> String {
    let (wrong, todo) = (wrong(locale, account, flaw), todo(locale, account, flaw));
    format!("{wrong}\n{todo}")
}

fn status(fault: &Fault) -> &'static str {
    if fault.sets_aside() { "act" } else { "watch" }
}

/// The header of the column a cell is in.
fn header(account: &Account, flaw: &Flaw) -> Option<String> {
    let column = account.flaws.at(flaw.column?)?;
    Some(column.header.clone())
}

fn wrong(locale: &Locale, account: &Account, flaw: &Flaw) -> String {
    said(locale, "fix.wrong", account, flaw)
}

fn todo(locale: &Locale, account: &Account, flaw: &Flaw) -> String {
    said(locale, "fix.do", account, flaw)
}

fn said(locale: &Locale, section: &str, account: &Account, flaw: &Flaw) -> String {
    let column = flaw.column.and_then(|column| account.flaws.at(column));
    let kind = column.and_then(|column| by_name(&account.table)?.column(&column.name));
    let kind = kind.map_or(Kind::Text, |column| column.kind).key();
    locale.text_with(
        &format!("{section}.{}", flaw.fault.key()),
        &[
            ("shown", Argument::Text(flaw.shown.clone())),
            ("kind", Argument::Key(format!("fix.kind.{kind}"))),
            ("example", Argument::Key(format!("fix.example.{kind}"))),
            (
                "detail",
                Argument::Text(detail(locale, account, &flaw.fault)),
            ),
        ],
    )
}

/// What more there is to say; columns by their headers in the language of the report.
fn detail(locale: &Locale, account: &Account, fault: &Fault) -> String {
    let detail = fault.detail().unwrap_or_default();
    let language = match locale.language() {
        Language::En => 0,
        Language::Th => 1,
        Language::Vi => 2,
    };
    let header = |name: &str| -> Option<&str> {
        let column = by_name(&account.table)?.column(name)?;
        column.headers[language].first().copied()
    };
    match fault {
        Fault::MissingOneOf(sets) => {
            let sets = sets.iter().map(|set| {
                let names = set.iter().map(|name| header(name).unwrap_or(name));
                names.collect::<Vec<_>>().join(" + ")
            });
            sets.collect::<Vec<_>>().join(" / ")
        }
        Fault::AmbiguousHeader(name) => header(name).unwrap_or(name).to_owned(),
        _ => detail,
    }
}

/// The first stretches of cells below one another, and how many cells they are.
fn stretches(flaws: &[&Flaw], address: impl Fn(&Flaw) -> String) -> (Vec<String>, usize) {
    let mut found = Vec::new();
    let mut named = 0;
    for stretch in flaws.chunk_by(|a, b| a.row + 1 == b.row) {
        if found.len() == STRETCHES {
            break;
        }
        let (first, last) = (stretch[0], stretch[stretch.len() - 1]);
        found.push(match (stretch.len(), first.column) {
            (1, _) => address(first),
            (_, Some(_)) => format!("{}:{}", address(first), address(last)),
            (_, None) => format!("{}–{}", address(first), last.row),
        });
        named += stretch.len();
    }
    (found, named)
}

/// What a table is called.
pub fn table_label(locale: &Locale, table: &str) -> String {
    let key = format!("template.table.{table}.title");
    locale.get(&key).unwrap_or(table).to_owned()
}

/// A file and sheet by their names.
fn sheet_of(account: &Account) -> String {
    match &account.sheet {
        Some(sheet) => format!("{} · {sheet}", account.path),
        None => account.path.clone(),
    }
}

fn total(inputs: &[InputRows]) -> InputRows {
    let mut total = InputRows::default();
    for rows in inputs {
        total.rows_read += rows.rows_read;
        total.rows_used += rows.rows_used;
        total.rows_set_aside += rows.rows_set_aside;
        total.rows_duplicate += rows.rows_duplicate;
        total.rows_unmatched += rows.rows_unmatched;
        total.rows_out_of_period += rows.rows_out_of_period;
        total.rows_blank += rows.rows_blank;
    }
    total
}

fn text(column: Vec<Option<String>>) -> ArrayRef {
    Arc::new(StringArray::from(column))
}

fn number(column: Vec<u64>) -> ArrayRef {
    Arc::new(UInt64Array::from(column))
}

fn arrow_rows(columns: Vec<(&str, ArrayRef)>) -> Result<ArrowRows, String> {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, column)| Field::new(*name, column.data_type().clone(), true))
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let columns = columns.into_iter().map(|(_, column)| column).collect();
    let batch =
        RecordBatch::try_new(Arc::clone(&schema), columns).map_err(|error| error.to_string())?;
    ArrowRows::new(schema, vec![batch])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::codes::intake::ALL;
    use crate::report::locale::tests::locale;

    /// Whatever the intake says has a name and an advice in each language.
    #[test]
    fn every_code_of_the_intake_has_its_words() {
        for language in Language::ALL {
            let locale = locale(language, "THB");
            for code in ALL {
                for what in ["title", "do"] {
                    let key = format!("problem.{}.{what}", code.name);
                    assert!(locale.has(&key), "{}: {key}", language.code());
                }
            }
        }
    }

    #[test]
    fn every_fault_has_its_words_in_which_nothing_is_left_open() {
        for language in Language::ALL {
            let locale = locale(language, "THB");
            for fault in Fault::each() {
                let flaw = Flaw {
                    row: 7,
                    column: Some(1),
                    fault,
                    shown: "31/06/2569".to_owned(),
                };
                let said = instruction(&locale, &account(), &flaw);
                assert!(!said.contains(['{', '}', '`']), "{said}");
                assert!(!said.contains("fix."), "{said}");
                assert!(said.lines().all(|line| line.len() > 8), "{said}");
            }
        }
    }

    fn account() -> Account {
        let mut account = Account {
            path: "inbox/a.xlsx".to_owned(),
            table: "transactions".to_owned(),
            ..Account::default()
        };
        account
            .flaws
            .columns
            .push(crate::intake::flaw::SheetColumn {
                name: "date".to_owned(),
                header: "วันที่".to_owned(),
                column: 1,
            });
        account
    }

    #[test]
    fn a_note_says_what_is_wrong_and_what_to_write() {
        let flaw = Flaw {
            row: 7,
            column: Some(1),
            fault: Fault::NoSuchDay,
            shown: "31/06/2569".to_owned(),
        };
        let said = |language| instruction(&locale(language, "THB"), &account(), &flaw);
        assert_eq!(
            said(Language::En),
            "“31/06/2569” is not a day of the calendar.\nWrite the right day, such as 2026-09-30."
        );
        assert_eq!(
            said(Language::Th),
            "“31/06/2569” เป็นวันที่ที่ไม่มีจริงในปฏิทิน\nพิมพ์วันที่ที่ถูกต้อง เช่น 30/09/2569"
        );
    }

    #[test]
    fn cells_below_one_another_are_one_stretch() {
        let flaws: Vec<Flaw> = [3, 4, 5, 9, 11, 12, 20, 30]
            .into_iter()
            .map(|row| Flaw {
                row,
                column: Some(0),
                fault: Fault::Missing,
                shown: String::new(),
            })
            .collect();
        let flaws: Vec<&Flaw> = flaws.iter().collect();
        let (cells, named) = stretches(&flaws, |flaw| cell_address(flaw.row, 0));
        assert_eq!(cells, ["A3:A5", "A9", "A11:A12", "A20"]);
        assert_eq!(named, 7);
    }
}
