//! The rows of one sheet becoming a table: cells into columns, rows that cannot be used set aside,
//! columns that others imply worked out.

mod complete;
mod doubt;
mod fill_down;
mod flaws;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, Int32Array, Int64Array, RecordBatch,
    StringArray,
};
use arrow::compute::filter;
use datafusion::arrow;

use super::cells::Cell;
use super::columns::{ColumnBuilder, Conventions, Finished, Remark, Wrong};
use super::derive;
use super::evidence::{Evidence, Ground};
use super::flaw::{Fault, Flaws};
use super::recognise::Mapping;
use super::records::NotARecord;
use crate::diagnostics::codes::intake::{
    AMBIGUOUS_HEADER, CUT_ROW, DERIVED_VALUES, NOT_RECORDS, UNUSED_COLUMNS,
};
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::tables::{ORIGIN, TableSpec};
use doubt::{Needs, Pending};

/// How many places of a repeated problem are shown.
const SHOWN: usize = 3;

/// No column of the table stands in this column of the sheet.
const NONE: u16 = u16::MAX;

/// A sheet read as a table.
pub(super) struct SheetTable {
    /// The table.
    pub(super) table: &'static TableSpec,
    /// Its usable rows, in the order of the sheet.
    pub(super) batch: RecordBatch,
    /// The columns that the sheet has, and those worked out, by name in the order of the table.
    pub(super) columns: Vec<&'static str>,
    /// Rows below the header through the last that holds something.
    pub(super) read: u64,
    /// Rows with nothing in them, and those that are no records: totals, headers told again, notes.
    pub(super) blank: u64,
    /// Rows that cannot be used.
    pub(super) set_aside: u64,
    /// What there is to say, in the order of the columns.
    pub(super) problems: Vec<Diagnostic>,
    /// The cells to put right.
    pub(super) flaws: Flaws,
    /// The cell that its header begins at, such as `A3`.
    pub(super) begins: String,
    /// How each column that the sheet has was read, in its order.
    pub(super) evidence: Vec<Evidence>,
}

/// Repeats of one problem in one column.
struct Repeats {
    /// Row and column of the sheet, and what is wrong.
    places: Vec<(u32, Option<u32>, String)>,
    help: &'static str,
    count: u64,
}

/// Builds the table of a sheet below its header.
pub(super) struct TableBuilder {
    mapping: Mapping,
    conventions: Conventions,
    path: String,
    sheet: Option<String>,
    columns: Vec<ColumnBuilder>,
    /// By column of the sheet: the builder.
    slots: Vec<u16>,
    /// How many fields a row of a text file may have.
    fields: Option<u32>,
    rows: Vec<u32>,
    /// Rows that are in no figure: set aside, or no records.
    set_aside: Vec<bool>,
    last_row: u32,
    blank: u64,
    /// What a row must have to be a record.
    needs: Needs,
    /// The builders that the current row has filled, a bit each.
    filled: u64,
    /// The builders of columns that are in no sheet.
    composed: u64,
    /// What is wrong with the current row.
    pending: Vec<Pending>,
    /// The first cell of the current row in a column that is not used, if it is a text, and how many
    /// such cells there are.
    loose: String,
    loose_cells: u32,
    /// Rows that are notes unless a record follows them.
    held: Vec<(usize, Vec<Pending>)>,
    /// Rows that are no records.
    not_records: BTreeMap<usize, NotARecord>,
    /// Of rows whose values stand in columns of their own: the row of the table, and the column.
    stand_in: Vec<(usize, u32)>,
    /// By builder and code (the column of the sheet for cut rows): what went wrong.
    repeats: BTreeMap<(usize, &'static str), (&'static Code, Repeats)>,
    /// The cells to put right, and which they are by row of the table and builder.
    flaws: Flaws,
    flawed: BTreeSet<(usize, usize)>,
}

impl TableBuilder {
    /// A table without rows yet; `fields` is what the header row of a text file has.
    pub(super) fn new(
        mapping: Mapping,
        conventions: Conventions,
        path: &str,
        sheet: Option<&str>,
        fields: Option<u32>,
    ) -> Self {
        let last = mapping
            .found
            .iter()
            .map(|found| found.column)
            .max()
            .unwrap_or(0);
        let mut slots = vec![NONE; last as usize + 1];
        let mut columns = Vec::with_capacity(mapping.found.len());
        for (builder, found) in (0u16..).zip(&mapping.found) {
            let column = &mapping.table.columns[found.position];
            columns.push(ColumnBuilder::new(column, &found.header, &conventions));
            slots[found.column as usize] = builder;
        }
        Self {
            last_row: mapping.header_row,
            needs: Needs::of(&mapping),
            composed: doubt::in_no_sheet(&mapping),
            mapping,
            conventions,
            path: path.to_owned(),
            sheet: sheet.map(str::to_owned),
            columns,
            slots,
            fields,
            rows: Vec::new(),
            set_aside: Vec::new(),
            blank: 0,
            filled: 0,
            pending: Vec::new(),
            loose: String::new(),
            loose_cells: 0,
            held: Vec::new(),
            not_records: BTreeMap::new(),
            stand_in: Vec::new(),
            repeats: BTreeMap::new(),
            flaws: Flaws::default(),
            flawed: BTreeSet::new(),
        }
    }

    /// How many rows there are so far.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The cells that follow are in this row of the sheet.
    pub(super) fn row(&mut self, row: u32, fields: Option<u32>) {
        self.end_row();
        self.blank += u64::from(row.saturating_sub(self.last_row).saturating_sub(1));
        self.last_row = self.last_row.max(row);
        self.rows.push(row);
        self.set_aside.push(false);
        if self
            .fields
            .zip(fields)
            .is_some_and(|(most, fields)| fields > most)
        {
            let at = self.rows.len() - 1;
            self.set_aside[at] = true;
            let said = "the row has more fields than the header".to_owned();
            let help = "put quotes around fields that hold the delimiter, and export again";
            self.repeat(usize::MAX, &CUT_ROW, at, said, help);
            self.flaw(at, usize::MAX, Fault::CutRow, String::new());
        }
    }

    /// A cell of the current row.
    pub(super) fn cell(&mut self, column: u32, cell: Cell<'_>) {
        let at = self.rows.len() - 1;
        let Some(&builder) = self
            .slots
            .get(column as usize)
            .filter(|slot| **slot != NONE)
        else {
            self.unused(cell);
            return;
        };
        let builder = usize::from(builder);
        match self.columns[builder].push(at, cell, &self.conventions) {
            Ok(()) => self.filled |= 1 << builder,
            Err(wrong) => self.wrong(builder, wrong, cell),
        }
    }

    /// The value of the current row, which stands in another column than those of other rows.
    pub(super) fn cell_of(&mut self, stands_in: u32, column: u32, cell: Cell<'_>) {
        self.stand_in.push((self.rows.len() - 1, stands_in));
        self.cell(column, cell);
    }

    /// A row that holds nothing of the table.
    pub(super) fn blank(&mut self, row: u32) {
        self.blank += u64::from(row.saturating_sub(self.last_row));
        self.last_row = self.last_row.max(row);
    }

    /// A row that says what the rows below it are of.
    pub(super) fn heading(&mut self, row: u32) {
        self.row(row, None);
        self.leave_out(self.rows.len() - 1, NotARecord::Group);
    }

    /// A cell in a column that is not used.
    fn unused(&mut self, cell: Cell<'_>) {
        if self.loose_cells == 0
            && let Cell::Text(text) = cell
        {
            self.loose.push_str(text);
        }
        self.loose_cells += 1;
    }

    #[cold]
    fn wrong(&mut self, builder: usize, wrong: Wrong, cell: Cell<'_>) {
        self.pending.push(Pending {
            builder,
            wrong,
            shown: cell.shown(),
            text: cell.header().map(std::borrow::Cow::into_owned),
        });
    }

    fn repeat(
        &mut self,
        builder: usize,
        code: &'static Code,
        at: usize,
        said: String,
        help: &'static str,
    ) {
        let place = (self.rows[at], self.place_of(at, builder));
        let (_, repeats) = self.repeats.entry((builder, code.name)).or_insert_with(|| {
            (
                code,
                Repeats {
                    places: Vec::new(),
                    help,
                    count: 0,
                },
            )
        });
        repeats.count += 1;
        if repeats.places.len() < SHOWN {
            repeats.places.push((place.0, place.1, said));
        }
    }

    /// The table with what there is to say about it.
    pub(super) fn finish(mut self) -> SheetTable {
        self.end_row();
        self.end_of_notes();
        let count = self.rows.len();
        let mut arrays: Vec<Option<ArrayRef>> = vec![None; self.mapping.table.columns.len()];
        let mut remarks: Vec<(usize, Remark)> = Vec::new();
        let mut evidence: Vec<Evidence> = Vec::with_capacity(self.columns.len());
        for (builder, column) in std::mem::take(&mut self.columns).into_iter().enumerate() {
            let kind = column.column().kind;
            let finished = column.finish(count, &self.conventions);
            evidence.push(self.evidence(builder, &finished));
            arrays[self.mapping.found[builder].position] = Some(finished.array);
            for (at, wrong, shown) in finished.unsettled {
                if !self.not_records.contains_key(&at) {
                    self.unreadable(at, builder, kind, &wrong, shown);
                }
            }
            remarks.extend(finished.remarks.into_iter().map(|remark| (builder, remark)));
        }
        let mut derived = self.fill_down(&mut arrays);
        self.require(&arrays);
        self.complete(&arrays);
        derived.extend(derive::derive(
            self.mapping.table,
            &mut arrays,
            self.conventions.money_scale,
        ));
        // Of a total nothing needs to be decided.
        let of_no_record = |count: u64, row: u32| {
            let mut rows = self.not_records.keys().map(|at| self.rows[*at]);
            count == 1 && rows.any(|no_record| no_record == row)
        };
        for column in &mut evidence {
            let decided = |ground: &Ground| !of_no_record(ground.cells, ground.row);
            column.grounds.retain(decided);
        }
        remarks.retain(|(_, remark)| {
            let row = self.rows.get(remark.first).copied();
            row.is_none_or(|row| !of_no_record(remark.count, row))
        });
        let problems = self.problems(&remarks, &derived);
        let table = self.mapping.table;
        let has = |position: usize| arrays[position].is_some();
        let columns = (0..table.columns.len()).filter(|p| has(*p));
        let columns = columns
            .map(|position| table.columns[position].name)
            .collect();
        let batch = self.batch(arrays);
        let flaws = self.flaws();
        let out = self.set_aside.iter().filter(|aside| **aside).count() as u64;
        let not_records = self.not_records.len() as u64;
        SheetTable {
            table,
            batch,
            columns,
            read: count as u64 + self.blank,
            blank: self.blank + not_records,
            set_aside: out - not_records,
            problems,
            flaws,
            begins: self.mapping.begins(),
            evidence,
        }
    }

    /// How a column was read.
    fn evidence(&self, builder: usize, finished: &Finished) -> Evidence {
        let found = &self.mapping.found[builder];
        let grounds = finished.grounds.iter();
        Evidence {
            name: self.mapping.table.columns[found.position].name,
            header: found.header.clone(),
            column: found.in_sheet(),
            why: found.why,
            filled: (finished.array.len() - finished.array.null_count()) as u64,
            grounds: grounds
                .filter(|(_, tally)| tally.count > 0)
                .map(|(seen, tally)| Ground {
                    seen: *seen,
                    cells: tally.count,
                    row: self.rows.get(tally.first).copied().unwrap_or_default(),
                })
                .collect(),
        }
    }

    /// Sets rows aside that lack what every row needs.
    fn require(&mut self, arrays: &[Option<ArrayRef>]) {
        let table = self.mapping.table;
        let array = |name: &str| arrays[table.position(name)?].as_ref();
        for (builder, found) in self.mapping.found.clone().iter().enumerate() {
            let column = &table.columns[found.position];
            let Some(array) = arrays[found.position].as_ref() else {
                continue;
            };
            if column.may_be_empty || array.null_count() == 0 {
                continue;
            }
            for at in 0..array.len() {
                if array.is_null(at) && !self.is_told(at, builder) {
                    let said = format!("there is no `{}`", column.name);
                    self.missing(builder, at, said, Fault::Missing);
                }
            }
        }
        for sets in table.one_of {
            let there: Vec<Vec<&ArrayRef>> = sets
                .iter()
                .filter_map(|set| set.iter().map(|name| array(name)).collect())
                .collect();
            if there
                .iter()
                .any(|set| set.iter().all(|array| array.null_count() == 0))
            {
                continue;
            }
            let wanted: Vec<String> = sets
                .iter()
                .map(|set| format!("`{}`", set.join("` and `")))
                .collect();
            let said = format!("there is no {}", wanted.join(", or "));
            let builders: Vec<usize> = sets
                .iter()
                .flat_map(|set| *set)
                .filter_map(|name| self.builder_of(name))
                .collect();
            let first = builders.first().copied().unwrap_or(0);
            for at in 0..self.rows.len() {
                let filled = there
                    .iter()
                    .any(|set| set.iter().all(|array| array.is_valid(at)));
                if !filled && !builders.iter().any(|builder| self.is_told(at, *builder)) {
                    let set = |set: &&[&str]| set.iter().map(|name| (*name).to_owned()).collect();
                    let fault = Fault::MissingOneOf(sets.iter().map(set).collect());
                    self.missing(first, at, said.clone(), fault);
                }
            }
        }
    }

    fn builder_of(&self, name: &str) -> Option<usize> {
        let position = self.mapping.table.position(name)?;
        self.mapping
            .found
            .iter()
            .position(|found| found.position == position)
    }

    fn place(&self, row: Option<u32>, column: Option<u32>) -> Place {
        Place::cell(&self.path, self.sheet.as_deref(), row, column)
    }

    fn problems(
        &self,
        remarks: &[(usize, Remark)],
        derived: &[derive::Derived],
    ) -> Vec<Diagnostic> {
        let mut problems = self.header_problems();
        problems.extend(self.said_of_not_records());
        for ((builder, _), (code, repeats)) in &self.repeats {
            let found = self.mapping.found.get(*builder);
            let Some((row, column, said)) = repeats.places.first() else {
                continue;
            };
            let message = match found {
                Some(found) => format!("column `{}`: {said}", found.header),
                None => said.clone(),
            };
            let mut diagnostic = Diagnostic::warning(code, message)
                .at(self.place(Some(*row), *column))
                .help(repeats.help)
                .times(repeats.count);
            for (row, column, said) in &repeats.places[1..] {
                diagnostic = diagnostic.related(self.place(Some(*row), *column), said.clone());
            }
            problems.push(diagnostic);
        }
        for (builder, remark) in remarks {
            let found = &self.mapping.found[*builder];
            let row = self.rows.get(remark.first).copied();
            let mut diagnostic = Diagnostic::info(
                remark.code,
                format!("column `{}` {}", found.header, remark.message),
            )
            .at(self.place(row, self.place_of(remark.first, *builder)))
            .times(remark.count);
            diagnostic.severity = remark.severity;
            problems.push(diagnostic);
        }
        for derived in derived {
            problems.push(
                Diagnostic::info(&DERIVED_VALUES, derived.message.clone())
                    .at(self.place(None, None))
                    .times(derived.count.max(1)),
            );
        }
        problems
    }

    /// One word about the rows that are no records, with their places.
    fn said_of_not_records(&self) -> Option<Diagnostic> {
        let found = self.not_records.iter();
        let mut places: Vec<_> = found.map(|(at, kind)| (self.rows[*at], *kind)).collect();
        places.sort_unstable();
        let (first, _) = *places.first()?;
        let kinds = [
            NotARecord::Total,
            NotARecord::Header,
            NotARecord::Note,
            NotARecord::Group,
        ];
        let told = kinds.into_iter().filter_map(|kind| {
            let of_kind = places.iter().filter(|(_, found)| *found == kind);
            let rows: Vec<u32> = of_kind.map(|(row, _)| *row).collect();
            (!rows.is_empty()).then(|| doubt::told(kind, &rows))
        });
        let told: Vec<String> = told.collect();
        let message = format!("{}: counted with the blank rows", told.join(", "));
        let count = places.len() as u64;
        Some(
            Diagnostic::info(&NOT_RECORDS, message)
                .at(self.place(Some(first), None))
                .times(count),
        )
    }

    fn header_problems(&self) -> Vec<Diagnostic> {
        let row = Some(self.mapping.header_row);
        let mut problems = Vec::new();
        for unclear in &self.mapping.unclear {
            let message = format!(
                "{} could each be `{}`, so none is used",
                unclear.said(),
                unclear.name
            );
            let mut diagnostic = Diagnostic::warning(&AMBIGUOUS_HEADER, message)
                .at(self.place(row, unclear.headers.first().map(|(column, _)| *column)))
                .help(declare_column(
                    &self.path,
                    self.sheet.as_deref(),
                    unclear.name,
                    &unclear.headers[0].1,
                ));
            for (column, text) in &unclear.headers[1..] {
                diagnostic =
                    diagnostic.related(self.place(row, Some(*column)), format!("`{text}` is here"));
            }
            problems.push(diagnostic);
        }
        if let Some((first, ..)) = self.mapping.unused.first() {
            let names: Vec<String> = self
                .mapping
                .unused
                .iter()
                .map(|(_, text, meant)| match meant {
                    Some(meant) => format!("`{text}` (did you mean `{meant}`?)"),
                    None => format!("`{text}`"),
                })
                .collect();
            let message = format!(
                "not used of table `{}`: {}",
                self.mapping.table.name,
                names.join(", ")
            );
            problems
                .push(Diagnostic::info(&UNUSED_COLUMNS, message).at(self.place(row, Some(*first))));
        }
        problems
    }

    fn batch(&mut self, arrays: Vec<Option<ArrayRef>>) -> RecordBatch {
        let table = self.mapping.table;
        let count = self.rows.len();
        let scale = i8::try_from(self.conventions.money_scale).unwrap_or(2);
        let rows = self.rows.iter().map(|row| i64::from(*row));
        let origin: [ArrayRef; 3] = [
            Arc::new(one_name(Some(&self.path), count)),
            Arc::new(one_name(self.sheet.as_deref(), count)),
            Arc::new(Int64Array::from_iter_values(rows)),
        ];
        let names = table.columns.iter().map(|column| column.name);
        let mut columns: BTreeMap<&str, ArrayRef> = names
            .zip(arrays)
            .filter_map(|(name, array)| Some((name, array?)))
            .chain(ORIGIN.into_iter().zip(origin))
            .collect();
        let mut kept = count;
        if self.set_aside.contains(&true) {
            let keep: BooleanArray = self.set_aside.iter().map(|aside| Some(!aside)).collect();
            kept = keep.true_count();
            for array in columns.values_mut() {
                *array = filter(array, &keep).expect("the mask is as long as the column");
            }
        }
        table
            .batch(scale, kept, |name| columns.get(name).map(Arc::clone))
            .expect("builders make the types that the schema names")
    }
}

/// A column that says the same in every row, kept once.
fn one_name(name: Option<&str>, count: usize) -> DictionaryArray<arrow::datatypes::Int32Type> {
    let keys = match name {
        Some(_) => Int32Array::from(vec![0; count]),
        None => Int32Array::new_null(count),
    };
    let values = StringArray::from_iter(name.map(Some));
    DictionaryArray::new(keys, Arc::new(values))
}

/// The declaration that would settle which header stands for a column.
pub(super) fn declare_column(
    path: &str,
    sheet: Option<&str>,
    column: &str,
    header: &str,
) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    let sheet = sheet
        .map(|sheet| format!("sheet = {}\n", quoted(sheet)))
        .unwrap_or_default();
    format!(
        "say which in quarterdeck.toml:\n[[input.file]]\nmatch = {}\n{sheet}columns = {{ {column} = {} }}",
        quoted(file),
        quoted(header)
    )
}

/// A text as TOML writes it.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
