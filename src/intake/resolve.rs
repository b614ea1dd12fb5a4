//! What the tables become once it is known which ids are one customer: ids replaced wherever a
//! customer is named, the rows of one customer in the customers table made one, statements that
//! contradict each other set aside.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, RecordBatch, StringViewArray, StringViewBuilder,
};
use arrow::compute::{filter_record_batch, interleave};
use arrow::datatypes::Date32Type;
use datafusion::arrow;

use super::flaw::{Fault, Flaw};
use super::{Account, Intake};
use crate::diagnostics::Place;
use crate::tables::InputTable;

/// Rows of one table of a sheet that named a customer by an id that is another's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenamedRows {
    /// The table.
    pub table: &'static str,
    /// Which account the rows are counted in.
    pub account: usize,
    /// The id as written.
    pub from: String,
    /// How many cells named it.
    pub rows: u64,
}

/// A row of a table, by batch and position.
pub type RowAt = (usize, usize);

impl Intake {
    /// The account that the rows of a batch of a table are counted in.
    pub fn account_of(&self, table: &str, batch: usize) -> Option<&Account> {
        let at = self.tables.iter().position(|of| of.spec.name == table)?;
        self.accounts.get(*self.origins[at].get(batch)?)
    }

    /// Where a row of a table stands in its sheet; the cell of a column, where it is read from one.
    pub fn cell_of(&self, table: &str, (batch, row): RowAt, column: &str) -> Option<Place> {
        let at = self.tables.iter().position(|of| of.spec.name == table)?;
        let account = self.account_of(table, batch)?;
        let column = account.flaws.column(column).map(|column| column.column);
        let row = self.row_of(at, batch, row);
        Some(Place::cell(
            &account.path,
            account.sheet.as_deref(),
            Some(row),
            column,
        ))
    }

    /// Sets rows of a table aside: they leave it, are counted so, and their cell in `column` is one to
    /// put right.
    pub fn set_aside(&mut self, table: &str, column: &str, rows: &BTreeMap<RowAt, Fault>) {
        let Some(at) = self.tables.iter().position(|of| of.spec.name == table) else {
            return;
        };
        for ((batch, row), fault) in rows {
            let sheet_row = self.row_of(at, *batch, *row);
            let shown = self.tables[at].batches[*batch].column_by_name(column);
            let shown = shown.and_then(|ids| ids.as_string_view_opt());
            let shown = shown.filter(|ids| ids.is_valid(*row));
            let shown = shown.map_or(String::new(), |ids| ids.value(*row).to_owned());
            let account = &mut self.accounts[self.origins[at][*batch]];
            account.rows_used -= 1;
            account.rows_set_aside += 1;
            let column = account.flaws.column(column).map(|column| column.column);
            account.flaws.push(Flaw {
                row: sheet_row,
                column,
                fault: fault.clone(),
                shown,
            });
            account.flaws.sort();
        }
        for (number, batch) in self.tables[at].batches.iter_mut().enumerate() {
            let aside = |row: usize| rows.contains_key(&(number, row));
            if rows.keys().any(|(of, _)| *of == number) {
                let keep = (0..batch.num_rows()).map(|row| Some(!aside(row)));
                *batch = filtered(batch, &keep.collect());
            }
        }
    }

    /// Replaces ids wherever a customer is named: `ids` has what each that is another's becomes. In the
    /// customers table one row is left of each customer: that of the id which stays, else of the one
    /// known for longest, with its empty cells filled from the others. No row is counted otherwise.
    pub fn rename(&mut self, ids: &BTreeMap<String, String>) -> Vec<RenamedRows> {
        if ids.is_empty() {
            return Vec::new();
        }
        let looked_up: HashMap<&str, &str> = ids
            .iter()
            .map(|(from, to)| (from.as_str(), to.as_str()))
            .collect();
        let mut found = Vec::new();
        for (table, origins) in self.tables.iter_mut().zip(&self.origins) {
            let is_list = table.spec.name == "customers";
            let before: Vec<RecordBatch> = if is_list {
                table.batches.clone()
            } else {
                Vec::new()
            };
            for (batch, account) in table.batches.iter_mut().zip(origins) {
                let mut counts = BTreeMap::new();
                for column in table.spec.names_customers() {
                    if let Some(array) = replaced(batch.column(column), &looked_up, &mut counts) {
                        let mut columns = batch.columns().to_vec();
                        columns[column] = array;
                        *batch = RecordBatch::try_new(batch.schema(), columns)
                            .expect("the column has its type and length");
                    }
                }
                found.extend(counts.into_iter().map(|(from, rows)| RenamedRows {
                    table: table.spec.name,
                    account: *account,
                    from,
                    rows,
                }));
            }
            if is_list {
                one_row_each(table, &before);
            }
        }
        found
    }
}

/// A column with ids replaced; none where there is nothing to replace. How often each was is counted.
fn replaced(
    column: &ArrayRef,
    ids: &HashMap<&str, &str>,
    counts: &mut BTreeMap<String, u64>,
) -> Option<ArrayRef> {
    let column: &StringViewArray = column.as_string_view_opt()?;
    let first = column
        .iter()
        .position(|id| id.is_some_and(|id| ids.contains_key(id)))?;
    let mut builder = StringViewBuilder::with_capacity(column.len());
    for (row, id) in column.iter().enumerate() {
        let to = id
            .filter(|_| row >= first)
            .and_then(|id| Some((id, *ids.get(id)?)));
        match to {
            Some((from, to)) => {
                match counts.get_mut(from) {
                    Some(count) => *count += 1,
                    None => {
                        counts.insert(from.to_owned(), 1);
                    }
                }
                builder.append_value(to);
            }
            None => builder.append_option(id),
        }
    }
    Some(Arc::new(builder.finish()))
}

/// Makes one row of the rows of a customer. `before` are the batches with the ids as written.
fn one_row_each(table: &mut InputTable, before: &[RecordBatch]) {
    let mut rows: BTreeMap<String, Vec<RowAt>> = BTreeMap::new();
    let ids: Vec<StringViewArray> = table
        .batches
        .iter()
        .filter_map(|batch| {
            batch
                .column_by_name("customer_id")?
                .as_string_view_opt()
                .cloned()
        })
        .collect();
    for (batch, ids) in ids.iter().enumerate() {
        for (row, id) in ids.iter().enumerate() {
            if let Some(id) = id {
                rows.entry(id.to_owned()).or_default().push((batch, row));
            }
        }
    }
    rows.retain(|_, rows| rows.len() > 1);
    if rows.is_empty() {
        return;
    }
    // By row that stays: all rows of the customer, itself first.
    let mut merged: BTreeMap<RowAt, Vec<RowAt>> = BTreeMap::new();
    let mut gone: BTreeSet<RowAt> = BTreeSet::new();
    for (id, mut of) in rows {
        of.sort_by_cached_key(|at| rank(before, *at, &id));
        gone.extend(&of[1..]);
        merged.insert(of[0], of);
    }
    let columns = table.spec.columns.len();
    let whole = table.batches.clone();
    for (number, batch) in table.batches.iter_mut().enumerate() {
        let mut arrays = batch.columns().to_vec();
        if merged.keys().any(|(of, _)| *of == number) {
            for (column, array) in arrays.iter_mut().enumerate().take(columns) {
                let sources: Vec<&dyn Array> = whole
                    .iter()
                    .map(|batch| batch.column(column).as_ref())
                    .collect();
                let filled = |at: &&RowAt| sources[at.0].is_valid(at.1);
                let picked: Vec<RowAt> = (0..batch.num_rows())
                    .map(|row| {
                        let rows = merged.get(&(number, row));
                        let first = rows.and_then(|rows| rows.iter().find(filled));
                        first.copied().unwrap_or((number, row))
                    })
                    .collect();
                *array = interleave(&sources, &picked)
                    .expect("a column has one type in all batches of a table");
            }
        }
        let keep = (0..batch.num_rows()).map(|row| Some(!gone.contains(&(number, row))));
        let keep: BooleanArray = keep.collect();
        *batch = RecordBatch::try_new(batch.schema(), arrays)
            .expect("the columns have their types and lengths");
        *batch = filtered(batch, &keep);
    }
}

/// What decides which of the rows of a customer is asked first; nothing of it depends on the order of
/// rows or files.
fn rank(before: &[RecordBatch], (batch, row): RowAt, stays: &str) -> (bool, i32, usize, String) {
    let text = |name: &str| before[batch].column_by_name(name)?.as_string_view_opt();
    let id = text("customer_id").map_or(String::new(), |ids| ids.value(row).to_owned());
    let since = before[batch].column_by_name("acquired_on");
    let since = since.and_then(|days| days.as_primitive_opt::<Date32Type>());
    let since = since
        .filter(|days| days.is_valid(row))
        .map_or(i32::MAX, |days| days.value(row));
    (id != stays, since, id.len(), id)
}

fn filtered(batch: &RecordBatch, keep: &BooleanArray) -> RecordBatch {
    if keep.true_count() == keep.len() {
        return batch.clone();
    }
    filter_record_batch(batch, keep).expect("the mask is as long as the batch")
}
