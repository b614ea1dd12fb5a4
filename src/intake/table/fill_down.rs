//! Cells that stand for several rows: a date or a customer merged over the lines of a receipt, or written
//! on the first of them alone. Only where that is declared: an empty cell may as well be a mistake.

use arrow::array::{Array, ArrayRef, UInt32Array};
use arrow::compute::take;
use datafusion::arrow;

use super::TableBuilder;
use crate::intake::derive::Derived;

impl TableBuilder {
    /// Gives records the values of the rows they stand below, and says in how many.
    ///
    /// A value holds through the row before a blank one, a total, a heading, or a cell that cannot be
    /// read: what was meant for the rows below that is not known.
    pub(super) fn fill_down(&self, arrays: &mut [Option<ArrayRef>]) -> Vec<Derived> {
        let mut derived = Vec::new();
        for name in &self.conventions.fill_down {
            let Some(builder) = self.builder_of(name) else {
                continue;
            };
            let position = self.mapping.found[builder].position;
            let Some(array) = &arrays[position] else {
                continue;
            };
            let from = self.stood_for(builder, array);
            let count = (0u32..)
                .zip(from.values())
                .filter(|(at, from)| at != *from)
                .count();
            if count > 0 {
                let filled = take(array, &from, None).expect("every row is one of the column's");
                arrays[position] = Some(filled);
                derived.push(Derived::of_row_above(name, count as u64));
            }
        }
        derived
    }

    /// By row: that whose cell stands for it.
    fn stood_for(&self, builder: usize, array: &ArrayRef) -> UInt32Array {
        let mut above = None;
        let mut last = 0;
        let from = (0u32..).zip(&self.rows).map(|(at, row)| {
            let of = at as usize;
            let is_apart = row.saturating_sub(last) > 1;
            last = *row;
            if self.not_records.contains_key(&of) || self.is_told(of, builder) {
                above = None;
            } else if array.is_valid(of) {
                above = Some(at);
            } else if is_apart {
                above = None;
            }
            above.unwrap_or(at)
        });
        UInt32Array::from_iter_values(from)
    }
}
