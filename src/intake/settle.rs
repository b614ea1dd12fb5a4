//! What can only be settled when all tables are there and the period is known: rows that came too
//! late for it, and transactions of nobody known.

use std::collections::HashSet;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{DataType, Date32Type, TimestampSecondType};
use chrono::NaiveDate;
use datafusion::arrow;

use super::Intake;
use crate::diagnostics::codes::intake::UNMATCHED_ROWS;
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::tables::ORIGIN;

/// The first row without a known customer, and how many there are.
type Unmatched = Option<(Place, u64)>;

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

    /// Counts the transactions that name no customer, or one that a supplied customers table does
    /// not have, as unmatched. They stay in the table, for unidentified revenue.
    pub fn match_customers(&mut self, problems: &mut Diagnostics) {
        let (nobody, unknown) = self.count_unmatched();
        self.matched = true;
        if let Some((place, count)) = nobody {
            problems.push(
                Diagnostic::info(&UNMATCHED_ROWS, "transactions name no customer")
                    .at(place)
                    .times(count),
            );
        }
        if let Some((place, count)) = unknown {
            let message = "transactions name customers that the customers table does not have";
            problems.push(
                Diagnostic::warning(&UNMATCHED_ROWS, message)
                    .at(place)
                    .help("add the customers, or correct their ids")
                    .times(count),
            );
        }
    }

    /// Counts anew; the first place and the number of rows without a customer, and with an unknown
    /// one.
    fn count_unmatched(&mut self) -> (Unmatched, Unmatched) {
        let ids = |name: &str| {
            let table = self.table(name)?;
            let position = table.spec.position("customer_id")?;
            let batches = table.batches.iter();
            Some(
                batches
                    .map(|batch| batch.column(position).clone())
                    .collect::<Vec<ArrayRef>>(),
            )
        };
        let customers = ids("customers");
        let known: Option<HashSet<&str>> = customers.as_ref().map(|customers| {
            customers
                .iter()
                .flat_map(|ids| ids.as_string_view().iter().flatten())
                .collect()
        });
        let Some(at) = self
            .tables
            .iter()
            .position(|table| table.spec.name == "transactions")
        else {
            return (None, None);
        };
        let bought = ids("transactions").unwrap_or_default();
        let (mut nobody, mut unknown): (Unmatched, Unmatched) = (None, None);
        for (batch, ids) in bought.iter().enumerate() {
            let account = self.origins[at][batch];
            let place = |row: usize| self.place_of(at, batch, row);
            let mut count = 0;
            for (row, id) in ids.as_string_view().iter().enumerate() {
                let kind = match (id, &known) {
                    (None, _) => &mut nobody,
                    (Some(id), Some(known)) if !known.contains(id) => &mut unknown,
                    _ => continue,
                };
                count += 1;
                kind.get_or_insert_with(|| (place(row), 0)).1 += 1;
            }
            let account = &mut self.accounts[account];
            account.rows_used += account.rows_unmatched;
            account.rows_used -= count;
            account.rows_unmatched = count;
        }
        (nobody, unknown)
    }

    fn place_of(&self, table: usize, batch: usize, row: usize) -> Place {
        let account = &self.accounts[self.origins[table][batch]];
        let rows = self.tables[table].batches[batch].column_by_name(ORIGIN[2]);
        let rows = rows.and_then(|rows| rows.as_primitive_opt::<arrow::datatypes::Int64Type>());
        let row = rows.and_then(|rows| u32::try_from(rows.value(row)).ok());
        Place::cell(&account.path, account.sheet.as_deref(), row, None)
    }
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
