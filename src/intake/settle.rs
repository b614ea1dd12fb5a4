//! What can only be settled when all tables are there and the period is known: rows that came too
//! late for it, and transactions of nobody known.

use std::collections::{BTreeMap, HashSet};

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{DataType, Date32Type, TimestampSecondType};
use chrono::NaiveDate;
use datafusion::arrow;

use super::Intake;
use super::flaw::{Fault, Flaw, MOST};
use crate::diagnostics::codes::intake::UNMATCHED_ROWS;
use crate::diagnostics::{Diagnostic, Diagnostics, Place, Severity};
use crate::tables::{InputTable, ORIGIN};

/// A customer who is named and not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCustomer {
    /// The id as written.
    pub id: String,
    /// Rows of one table that name it.
    pub rows: u64,
    /// The account of the first of them, and its row of the sheet.
    pub first: (usize, u32),
}

/// Rows of a table without a known customer.
struct Unmatched {
    /// Its place among the tables.
    table: usize,
    /// The first that names nobody, and how many there are.
    nobody: Option<(Place, u64)>,
    /// How many name somebody unknown, and the first of them.
    unknown: u64,
    examples: Vec<(usize, usize, String)>,
    /// Rows of each unknown customer, and the first of them by batch and position.
    customers: BTreeMap<String, (u64, usize, usize)>,
}

impl Intake {
    /// The day of the last transaction.
    pub fn data_to(&self) -> Option<NaiveDate> {
        let table = self.table("transactions")?;
        let position = table.spec.position("date")?;
        let last = table
            .batches
            .iter()
            .filter_map(|batch| {
                let dates = batch.column(position).as_primitive::<Date32Type>();
                arrow::compute::max(dates)
            })
            .max()?;
        NaiveDate::from_epoch_days(last)
    }

    /// Drops the rows of dated tables that are later than a day, and counts them out of period.
    pub fn cut_off(&mut self, ends: NaiveDate) {
        for (table, origins) in self.tables.iter_mut().zip(&self.origins) {
            let Some(position) = table.spec.dated.and_then(|name| table.spec.position(name)) else {
                continue;
            };
            for (batch, account) in table.batches.iter_mut().zip(origins) {
                let keep = not_after(batch.column(position), ends);
                let late = (keep.len() - keep.true_count()) as u64;
                if late == 0 {
                    continue;
                }
                *batch =
                    filter_record_batch(batch, &keep).expect("the mask is as long as the batch");
                let account = &mut self.accounts[*account];
                account.rows_used += account.rows_unmatched;
                account.rows_unmatched = 0;
                account.rows_used -= late;
                account.rows_out_of_period += late;
            }
        }
        if self.matched {
            self.count_unmatched();
        }
    }

    /// Counts the rows that name a customer nobody knows, and the transactions that name none, as
    /// unmatched. They stay in their tables: a purchase is revenue, whoever made it.
    ///
    /// The customers are those of a customers table; where there is none, those who bought.
    pub fn match_customers(&mut self, problems: &mut Diagnostics) {
        let found = self.count_unmatched();
        self.matched = true;
        let declared = self.table("customers").is_some();
        for mut unmatched in found {
            let table = unmatched.table;
            let name = self.tables[table].spec.name;
            if let Some((place, count)) = unmatched.nobody.take() {
                let message = format!("{name} name no customer");
                problems.push(
                    Diagnostic::info(&UNMATCHED_ROWS, message)
                        .at(place)
                        .times(count),
                );
            }
            let Some((batch, row, _)) = unmatched.examples.first() else {
                continue;
            };
            let message = match declared {
                true => format!("{name} name customers that the customers table does not have"),
                false => format!("{name} name customers who never bought"),
            };
            let mut diagnostic = Diagnostic::info(&UNMATCHED_ROWS, message)
                .at(self.place_of(table, *batch, *row))
                .times(unmatched.unknown);
            if declared {
                diagnostic.severity = Severity::Warning;
                diagnostic = diagnostic.help("add the customers, or correct their ids");
                self.mark_unknown(&unmatched);
            }
            problems.push(diagnostic);
            for (id, (rows, batch, row)) in unmatched.customers {
                let account = self.origins[table][batch];
                let first = (account, self.row_of(table, batch, row));
                self.unknown_customers
                    .push(UnknownCustomer { id, rows, first });
            }
        }
        for account in &mut self.accounts {
            account.flaws.sort();
        }
        self.unknown_customers.sort_by(|a, b| {
            let by_rows = b.rows.cmp(&a.rows);
            by_rows.then_with(|| (a.first.0, &a.id).cmp(&(b.first.0, &b.id)))
        });
        self.lost_zeros(problems);
    }

    /// Marks the cells with unknown customers.
    fn mark_unknown(&mut self, unmatched: &Unmatched) {
        for (batch, row, id) in &unmatched.examples {
            let account = self.origins[unmatched.table][*batch];
            let row = self.row_of(unmatched.table, *batch, *row);
            let flaws = &mut self.accounts[account].flaws;
            let column = flaws.column("customer_id").map(|column| column.column);
            flaws.push(Flaw {
                row,
                column,
                fault: Fault::UnknownCustomer,
                shown: id.clone(),
            });
        }
    }

    /// Counts anew, table by table; those without a row are left out.
    fn count_unmatched(&mut self) -> Vec<Unmatched> {
        let ids = |table: &InputTable| -> Option<Vec<ArrayRef>> {
            let position = table.spec.position("customer_id")?;
            let batches = table.batches.iter();
            Some(
                batches
                    .map(|batch| batch.column(position).clone())
                    .collect(),
            )
        };
        let of = |name: &str| self.table(name).and_then(ids);
        let (declared, bought) = (of("customers"), of("transactions"));
        let known: Option<HashSet<&str>> = match (&declared, &bought) {
            (Some(ids), _) => Some(set_of(ids)),
            // Whoever buys is a customer: nothing to look up but for the other tables.
            (None, Some(ids)) if self.tables.len() > 1 => Some(set_of(ids)),
            _ => None,
        };
        let mut found = Vec::new();
        for (at, table) in self.tables.iter().enumerate() {
            let name = table.spec.name;
            let Some(ids) = ids(table).filter(|_| name != "customers") else {
                continue;
            };
            let is_sales = name == "transactions";
            let mut unmatched = Unmatched {
                table: at,
                nobody: None,
                unknown: 0,
                examples: Vec::new(),
                customers: BTreeMap::new(),
            };
            for (batch, ids) in ids.iter().enumerate() {
                let mut count = 0;
                let ids = ids.as_string_view();
                let every_buyer_is_known = is_sales && declared.is_none();
                if ids.null_count() == 0 && every_buyer_is_known {
                    continue;
                }
                for (row, id) in ids.iter().enumerate() {
                    match (id, &known) {
                        (None, _) if is_sales => {
                            let place = || self.place_of(at, batch, row);
                            unmatched.nobody.get_or_insert_with(|| (place(), 0)).1 += 1;
                        }
                        (Some(id), Some(known)) if !every_buyer_is_known && !known.contains(id) => {
                            unmatched.unknown += 1;
                            if unmatched.examples.len() < MOST {
                                unmatched.examples.push((batch, row, id.to_owned()));
                            }
                            match unmatched.customers.get_mut(id) {
                                Some(known) => known.0 += 1,
                                None => {
                                    unmatched.customers.insert(id.to_owned(), (1, batch, row));
                                }
                            }
                        }
                        _ => continue,
                    }
                    count += 1;
                }
                let account = &mut self.accounts[self.origins[at][batch]];
                account.rows_used += account.rows_unmatched;
                account.rows_used -= count;
                account.rows_unmatched = count;
            }
            found.push(unmatched);
        }
        found
    }

    pub(super) fn row_of(&self, table: usize, batch: usize, row: usize) -> u32 {
        let rows = self.tables[table].batches[batch].column_by_name(ORIGIN[2]);
        let rows = rows.and_then(|rows| rows.as_primitive_opt::<arrow::datatypes::Int64Type>());
        rows.and_then(|rows| u32::try_from(rows.value(row)).ok())
            .unwrap_or(0)
    }

    pub(super) fn place_of(&self, table: usize, batch: usize, row: usize) -> Place {
        let account = &self.accounts[self.origins[table][batch]];
        let row = self.row_of(table, batch, row);
        Place::cell(&account.path, account.sheet.as_deref(), Some(row), None)
    }
}

/// The ids of a column, each once.
fn set_of(ids: &[ArrayRef]) -> HashSet<&str> {
    ids.iter()
        .flat_map(|ids| ids.as_string_view().iter().flatten())
        .collect()
}

/// Which rows are on or before a day; those without a date are.
fn not_after(array: &ArrayRef, ends: NaiveDate) -> BooleanArray {
    let last = ends.to_epoch_days();
    if array.data_type() == &DataType::Date32 {
        let days = array.as_primitive::<Date32Type>();
        return days
            .iter()
            .map(|day| Some(day.is_none_or(|day| day <= last)))
            .collect();
    }
    let seconds = array.as_primitive::<TimestampSecondType>();
    let before = (i64::from(last) + 1) * 86_400;
    seconds
        .iter()
        .map(|second| Some(second.is_none_or(|second| second < before)))
        .collect()
}
