//! `customer_base` and the facts beside it: one row per customer and period, one batch per period.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, RecordBatch, StringViewArray, UInt64Array,
};
use datafusion::arrow::compute::kernels::cmp;
use datafusion::arrow::compute::{
    SortColumn, and, lexsort_to_indices, or, take, take_record_batch,
};
use datafusion::arrow::datatypes::{DataType, Field, Schema};

use super::queries::{BASE, Left, Queries, Query, ToCome};
use super::session::internal;
use super::{Engine, Rows};
use crate::diagnostics::codes::engine::{NAME_CLASH, ROWS_PER_KEY, WRONG_COLUMNS};
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::tables::missing;

/// The columns that say which customer and period a row of facts is about.
const KEYS: [&str; 2] = ["customer_id", "period"];

/// Runs the derived tables and the facts: `customer_base` with one column per fact, in one batch for
/// each period that has rows, sorted by customer. A customer for whom a fact query returns no row has
/// no value for its facts.
///
/// # Errors
/// Everything wrong with any of the queries.
pub fn customer_facts(engine: &Engine, queries: &Queries) -> Result<Rows, Diagnostics> {
    let mut problems = Diagnostics::new();
    let mut failed = BTreeSet::new();
    let mut base = None;
    for query in queries.early() {
        match run_table(engine, queries, query, &mut failed) {
            Ok(Some(rows)) if query.name == BASE => base = Some((query, rows)),
            Ok(_) => {}
            Err(found) => problems.extend(found),
        }
    }
    let Some((base_query, rows)) = base else {
        if problems.is_empty() {
            problems.push(internal(format!("there is no `rules/{BASE}.sql`")));
        }
        return Err(problems);
    };
    // One copy of the base in memory, not two: facts read the one that their columns join.
    engine.deregister(BASE)?;
    let schema = Arc::clone(&rows.schema);
    let periods = periods_of(base_query, rows)?;
    let batches: Vec<RecordBatch> = periods.iter().map(|keyed| keyed.batch.clone()).collect();
    engine.register(BASE, Arc::clone(&schema), &batches)?;
    let mut columns = FactColumns::of(base_query, &schema, batches);
    for query in queries.facts() {
        if queries.direct(query).any(|table| failed.contains(table)) {
            continue;
        }
        let added = rows_of(engine, queries, query)
            .and_then(|rows| Keyed::of(query, rows))
            .and_then(|fact| columns.add(query, &periods, &fact));
        if let Err(found) = added {
            problems.extend(found);
        }
        for (table, left) in queries.done_with(query) {
            leave(engine, table, &left)?;
        }
    }
    if problems.has_errors() {
        return Err(problems);
    }
    Ok(columns.into_rows()?)
}

/// Runs a derived table and registers it; none when one of those it reads has failed.
pub(super) fn run_table(
    engine: &Engine,
    queries: &Queries,
    query: &Query,
    failed: &mut BTreeSet<String>,
) -> Result<Option<Rows>, Diagnostics> {
    if queries.direct(query).any(|table| failed.contains(table)) {
        failed.insert(query.name.clone());
        return Ok(None);
    }
    let rows = rows_of(engine, queries, query).inspect_err(|_| {
        failed.insert(query.name.clone());
    })?;
    engine.register(&query.name, Arc::clone(&rows.schema), &rows.batches)?;
    for (table, left) in queries.done_with(query) {
        leave(engine, table, &left)?;
    }
    Ok(Some(rows))
}

/// Gives up what none of the queries still to come reads of a table: before the first of them, or
/// once all facts are there.
///
/// # Errors
/// Only if the engine fails.
pub fn give_up_unread(
    engine: &Engine,
    queries: &Queries,
    table: &str,
    to_come: ToCome,
) -> Result<(), Diagnostic> {
    match queries.needed(table, to_come) {
        Some(left) => leave(engine, table, &left),
        None => Ok(()),
    }
}

fn leave(engine: &Engine, table: &str, left: &Left) -> Result<(), Diagnostic> {
    match left {
        Left::Nothing => engine.deregister(table),
        Left::Columns(columns) => engine.narrow(table, columns),
    }
}

/// Runs a query, a period at a time where it says so.
fn rows_of(engine: &Engine, queries: &Queries, query: &Query) -> Result<Rows, Diagnostics> {
    let Some(column) = query.by_period() else {
        return engine.query(&query.source);
    };
    let periods = engine
        .ad_hoc("select period, period_no from periods order by period_no")?
        .one()?;
    // The reported period is the last there is.
    let first = match queries.only_reported(query) {
        true => periods.num_rows().saturating_sub(1),
        false => 0,
    };
    let wanted = periods.slice(first, periods.num_rows() - first);
    engine.query_by(&query.source, column, &wanted)
}

/// The rows of the base by period. What ran by period is so already; putting it together would cost
/// its memory twice.
fn periods_of(query: &Query, rows: Rows) -> Result<Vec<Keyed>, Diagnostics> {
    let schema = Arc::clone(&rows.schema);
    if query.by_period() == Some("period") {
        let batches = rows
            .batches
            .into_iter()
            .filter(|batch| batch.num_rows() > 0);
        return batches
            .map(|batch| {
                let schema = Arc::clone(&schema);
                let batches = vec![batch];
                Keyed::of(query, Rows { schema, batches })
            })
            .collect();
    }
    let whole = Keyed::of(query, rows)?;
    let periods: Vec<&str> = whole
        .periods
        .iter()
        .map(Option::unwrap_or_default)
        .collect();
    let mut start = 0;
    let blocks = periods.chunk_by(|a, b| a == b).map(|block| {
        start += block.len();
        whole.slice(start - block.len(), block.len())
    });
    Ok(blocks.collect())
}

/// Rows sorted by period and customer, each pair once.
struct Keyed {
    batch: RecordBatch,
    periods: StringViewArray,
    customers: StringViewArray,
}

impl Keyed {
    fn of(query: &Query, rows: Rows) -> Result<Self, Diagnostics> {
        let place = || Place::File(query.source.path.clone());
        for key in KEYS {
            match rows.schema.column_with_name(key) {
                Some((_, field)) if *field.data_type() == DataType::Utf8View => {}
                Some(_) => {
                    let message = format!("`{key}` is not text in `{}`", query.name);
                    return Err(Diagnostic::error(&WRONG_COLUMNS, message)
                        .at(place())
                        .into());
                }
                None => {
                    let message = format!("`{}` does not return `{key}`", query.name);
                    let help = "facts return `customer_id, period` and then their columns";
                    let problem = Diagnostic::error(&WRONG_COLUMNS, message);
                    return Err(problem.at(place()).help(help).into());
                }
            }
        }
        let batch = rows.one()?;
        let key = |name: &str| batch.column_by_name(name).map(Arc::clone);
        let (Some(customers), Some(periods)) = (key("customer_id"), key("period")) else {
            unreachable!("both keys were found above");
        };
        let ascend = ascend(periods.as_string_view(), customers.as_string_view())?;
        let batch = if ascend {
            batch
        } else {
            let sorted_by = [&periods, &customers].map(|values| SortColumn {
                values: Arc::clone(values),
                options: None,
            });
            let order = lexsort_to_indices(&sorted_by, None).map_err(internal)?;
            take_record_batch(&batch, &order).map_err(internal)?
        };
        let text = |name: &str| {
            batch
                .column_by_name(name)
                .map(|column| column.as_string_view().clone())
                .unwrap_or_default_view()
        };
        let keyed = Self {
            periods: text("period"),
            customers: text("customer_id"),
            batch,
        };
        if !ascend && let Some(row) = keyed.first_repeat() {
            let message = format!(
                "`{}` returns more than one row for a customer in {}",
                query.name,
                keyed.periods.value(row)
            );
            return Err(Diagnostic::error(&ROWS_PER_KEY, message)
                .at(place())
                .about(format!("customer {}", keyed.customers.value(row)))
                .help("group by customer_id, period")
                .into());
        }
        Ok(keyed)
    }

    fn slice(&self, start: usize, length: usize) -> Self {
        Self {
            batch: self.batch.slice(start, length),
            periods: self.periods.slice(start, length),
            customers: self.customers.slice(start, length),
        }
    }

    fn key(&self, row: usize) -> (&str, &str) {
        (self.periods.value(row), self.customers.value(row))
    }

    fn first_repeat(&self) -> Option<usize> {
        (1..self.batch.num_rows()).find(|&row| self.key(row) == self.key(row - 1))
    }
}

/// Whether each row comes after the one before by period, then customer; none of them is missing.
fn ascend(periods: &StringViewArray, customers: &StringViewArray) -> Result<bool, Diagnostic> {
    let pairs = periods.len().saturating_sub(1);
    if periods.null_count() + customers.null_count() > 0 {
        return Ok(false);
    }
    let next = periods.len() - pairs;
    let neighbours = |of: &StringViewArray| (of.slice(0, pairs), of.slice(next, pairs));
    let (period, next_period) = neighbours(periods);
    let (customer, next_customer) = neighbours(customers);
    let is_next = cmp::lt(&period, &next_period).and_then(|later| {
        let same = cmp::eq(&period, &next_period)?;
        let after = and(&same, &cmp::lt(&customer, &next_customer)?)?;
        or(&later, &after)
    });
    Ok(is_next.map_err(internal)?.true_count() == pairs)
}

/// A string column that may be absent.
trait OrEmpty {
    fn unwrap_or_default_view(self) -> StringViewArray;
}

impl OrEmpty for Option<StringViewArray> {
    fn unwrap_or_default_view(self) -> StringViewArray {
        self.unwrap_or_else(|| StringViewArray::from(Vec::<&str>::new()))
    }
}

/// The columns gathered so far, and which file gave each.
struct FactColumns<'a> {
    fields: Vec<Field>,
    /// By period.
    arrays: Vec<Vec<ArrayRef>>,
    given_by: BTreeMap<String, &'a Query>,
    nothing: Nothing,
}

/// Columns without a value, one of each type and cut to measure: what nobody supplied is unknown of
/// every customer in every period, and takes as much memory as what is known.
struct Nothing {
    /// Rows of the largest period.
    longest: usize,
    columns: Vec<ArrayRef>,
}

impl Nothing {
    /// The column, or the shared one where it has no value.
    fn or(&mut self, column: ArrayRef) -> ArrayRef {
        let rows = column.len();
        if column.null_count() < rows {
            return column;
        }
        self.of(column.data_type(), rows)
    }

    fn of(&mut self, kind: &DataType, rows: usize) -> ArrayRef {
        let known = self.columns.iter().find(|known| known.data_type() == kind);
        if let Some(known) = known {
            return known.slice(0, rows);
        }
        let nothing = missing(kind, self.longest);
        self.columns.push(Arc::clone(&nothing));
        nothing.slice(0, rows)
    }
}

impl<'a> FactColumns<'a> {
    fn of(base_query: &'a Query, schema: &Schema, periods: Vec<RecordBatch>) -> Self {
        let mut nothing = Nothing {
            longest: periods.iter().map(RecordBatch::num_rows).max().unwrap_or(0),
            columns: Vec::new(),
        };
        Self {
            given_by: schema
                .fields()
                .iter()
                .map(|field| (field.name().clone(), base_query))
                .collect(),
            fields: schema.fields().iter().map(|f| f.as_ref().clone()).collect(),
            arrays: periods
                .iter()
                .map(|period| {
                    let columns = period.columns().iter();
                    columns
                        .map(|column| nothing.or(Arc::clone(column)))
                        .collect()
                })
                .collect(),
            nothing,
        }
    }

    /// Adds the columns of a fact query, its rows laid beside those of the base.
    fn add(&mut self, query: &'a Query, base: &[Keyed], fact: &Keyed) -> Result<(), Diagnostics> {
        let mut problems = Diagnostics::new();
        let mut next = 0;
        // Most clients keep only some of the tables that facts come of.
        let has_rows = fact.batch.num_rows() > 0;
        let rows: Vec<Option<UInt64Array>> = base
            .iter()
            .map(|period| has_rows.then(|| matching_rows(period, fact, &mut next)))
            .collect();
        for (field, column) in fact
            .batch
            .schema()
            .fields()
            .iter()
            .zip(fact.batch.columns())
        {
            if KEYS.contains(&field.name().as_str()) {
                continue;
            }
            if let Some(other) = self.given_by.get(field.name()) {
                let message = format!("the fact `{}` is given twice", field.name());
                problems.push(
                    Diagnostic::error(&NAME_CLASH, message)
                        .at(place_of_column(query, field.name()))
                        .related(place_of_column(other, field.name()), "and here")
                        .help("rename one of the columns with `as`"),
                );
                continue;
            }
            self.given_by.insert(field.name().clone(), query);
            self.fields.push(field.as_ref().clone());
            for (arrays, rows) in self.arrays.iter_mut().zip(&rows) {
                arrays.push(match rows {
                    None => self.nothing.of(column.data_type(), arrays[0].len()),
                    Some(rows) => {
                        let laid = take(column, rows, None).map_err(internal)?;
                        self.nothing.or(laid)
                    }
                });
            }
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }

    fn into_rows(self) -> Result<Rows, Diagnostic> {
        let schema = Arc::new(Schema::new(self.fields));
        let periods = self.arrays.into_iter();
        let batches = periods
            .map(|arrays| RecordBatch::try_new(Arc::clone(&schema), arrays))
            .collect::<Result<_, _>>()
            .map_err(internal)?;
        Ok(Rows { schema, batches })
    }
}

/// For each row of a period of the base the row of the fact, or none: both are sorted alike. `next` is
/// the row of the fact where the period before ended.
fn matching_rows(base: &Keyed, fact: &Keyed, next: &mut usize) -> UInt64Array {
    (0..base.batch.num_rows())
        .map(|row| {
            while *next < fact.batch.num_rows() && fact.key(*next) < base.key(row) {
                *next += 1;
            }
            let same = *next < fact.batch.num_rows() && fact.key(*next) == base.key(row);
            same.then_some(*next as u64)
        })
        .collect()
}

/// The last mention of a column in a file, which is where a SELECT names its result.
fn place_of_column(query: &Query, column: &str) -> Place {
    match query.source.text.rfind(column) {
        Some(at) => Place::text(&query.source, at..at + column.len()),
        None => Place::File(query.source.path.clone()),
    }
}
