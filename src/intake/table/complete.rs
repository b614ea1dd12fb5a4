//! Rows that lack nothing and are no records all the same: a row whose id is a word for a total, with
//! a date and an amount, where the amount is the sum of the rows above it; and a header told again in
//! a sheet of nothing but texts.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::Decimal128Type;
use datafusion::arrow;

use super::{NotARecord, TableBuilder};
use crate::intake::recognise::Found;
use crate::intake::records::is_total;
use crate::tables::Kind;

impl TableBuilder {
    /// Takes out what a look at one row does not tell from a record.
    pub(super) fn complete(&mut self, arrays: &[Option<ArrayRef>]) {
        self.sums(arrays);
        self.headers_again(arrays);
    }

    /// Takes out headers told again, in a sheet that has no column of anything but texts: where it
    /// has one, a header cannot be read in it.
    fn headers_again(&mut self, arrays: &[Option<ArrayRef>]) {
        let table = self.mapping.table;
        let found = &self.mapping.found;
        let is_text =
            |position: usize| matches!(table.columns[position].kind, Kind::Id | Kind::Text);
        if found.len() < 2 || !found.iter().all(|found| is_text(found.position)) {
            return;
        }
        let texts = |found: &Found| arrays[found.position].as_ref().map(AsArray::as_string_view);
        let columns = found
            .iter()
            .map(|found| (found.header.as_str(), texts(found)));
        let columns: Vec<(&str, _)> = columns
            .filter_map(|(header, texts)| Some((header, texts?)))
            .collect();
        let rows = self.rows.len();
        let again = (0..rows).filter(|at| {
            columns
                .iter()
                .all(|(header, texts)| texts.is_valid(*at) && texts.value(*at) == *header)
        });
        let again: Vec<usize> = again.filter(|at| !self.set_aside[*at]).collect();
        for at in again {
            self.leave_out(at, NotARecord::Header);
        }
    }

    /// Takes totals out that have all that a record needs.
    fn sums(&mut self, arrays: &[Option<ArrayRef>]) {
        let table = self.mapping.table;
        let ids = table.columns.iter().zip(arrays);
        let ids = ids.filter(|(column, _)| column.required && column.kind == Kind::Id);
        let ids: Vec<&ArrayRef> = ids.filter_map(|(_, array)| array.as_ref()).collect();
        let amount = table.position("amount").and_then(|at| arrays[at].as_ref());
        let Some(amounts) = amount else {
            return;
        };
        let amounts = amounts.as_primitive::<Decimal128Type>();
        let mut totals: Vec<usize> = Vec::new();
        for ids in ids {
            let named = ids.as_string_view().iter().enumerate();
            let named = named.filter_map(|(at, id)| is_total(id?).then_some(at));
            totals.extend(named.filter(|at| !self.set_aside[*at] && amounts.is_valid(*at)));
        }
        totals.sort_unstable();
        totals.dedup();
        let mut from = 0;
        for at in totals {
            let is_sum = |from: usize| {
                let rows = (from..at).filter(|at| !self.set_aside[*at] && amounts.is_valid(*at));
                let rows: Vec<i128> = rows.map(|at| amounts.value(at)).collect();
                rows.len() > 1 && rows.iter().sum::<i128>() == amounts.value(at)
            };
            if is_sum(from) || is_sum(0) {
                self.leave_out(at, NotARecord::Total);
                from = at + 1;
            }
        }
    }
}
