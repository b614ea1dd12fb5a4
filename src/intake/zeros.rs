//! Ids that lost their leading zeros: a spreadsheet takes `00123` for the number 123, in one file and
//! not in another, and a customer becomes two.
//!
//! Which of two ids is meant is never guessed; what is told is that they differ in nothing else, and
//! the declaration that puts the zeros back.

use std::collections::{BTreeMap, HashMap};

use arrow::array::AsArray;
use datafusion::arrow;

use super::Intake;
use super::table::quoted;
use crate::diagnostics::codes::intake::LOST_ZEROS;
use crate::diagnostics::{Diagnostic, Diagnostics, Place};

/// Ids of one sheet that lack zeros.
struct Lost<'a> {
    /// The first of them.
    place: Place,
    path: &'a str,
    id: &'a str,
    meant: &'a str,
    /// How many customers, and the most digits of those they may be.
    customers: u64,
    digits: usize,
}

/// An id of nothing but digits without its leading zeros.
fn bare(id: &str) -> Option<&str> {
    let digits = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| id.trim_start_matches('0'))
}

impl Intake {
    /// Says where unknown customers are known ones but for leading zeros. To be asked when the
    /// [unknown customers](Intake::unknown_customers) are known.
    pub(super) fn lost_zeros(&self, problems: &mut Diagnostics) {
        if self.unknown_customers.is_empty() {
            return;
        }
        let known = self.known_numbers();
        let mut lost: BTreeMap<usize, Lost<'_>> = BTreeMap::new();
        for unknown in &self.unknown_customers {
            let Some((id, account, row)) = bare(&unknown.id).and_then(|bare| known.get(bare))
            else {
                continue;
            };
            let (short, full, account, row) = if id.len() > unknown.id.len() {
                (unknown.id.as_str(), *id, unknown.first.0, unknown.first.1)
            } else {
                (*id, unknown.id.as_str(), *account, *row)
            };
            let sheet = &self.accounts[account];
            let of_sheet = lost.entry(account).or_insert_with(|| Lost {
                place: Place::cell(&sheet.path, sheet.sheet.as_deref(), Some(row), None),
                path: &sheet.path,
                id: short,
                meant: full,
                customers: 0,
                digits: 0,
            });
            of_sheet.customers += 1;
            of_sheet.digits = of_sheet.digits.max(full.len());
        }
        problems.extend(lost.into_values().map(Lost::diagnostic));
    }

    /// The ids of known customers that are numbers, by their digits without leading zeros, and where
    /// each stands: account and row.
    fn known_numbers(&self) -> HashMap<&str, (&str, usize, u32)> {
        let customers = ["customers", "transactions"].into_iter().find_map(|name| {
            let mut tables = self.tables.iter();
            tables.position(|table| table.spec.name == name)
        });
        let mut known = HashMap::new();
        let Some(at) = customers else {
            return known;
        };
        let table = &self.tables[at];
        let Some(position) = table.spec.position("customer_id") else {
            return known;
        };
        for (number, batch) in table.batches.iter().enumerate() {
            let ids = batch.column(position).as_string_view();
            for (row, id) in ids.iter().enumerate() {
                let Some((id, bare)) = id.and_then(|id| Some((id, bare(id)?))) else {
                    continue;
                };
                known.entry(bare).or_insert_with(|| {
                    let row = self.row_of(at, number, row);
                    (id, self.origins[at][number], row)
                });
            }
        }
        known
    }
}

impl Lost<'_> {
    fn diagnostic(self) -> Diagnostic {
        let (id, meant) = (self.id, self.meant);
        let message = format!(
            "`{id}` and `{meant}` differ in leading zeros only; they were not taken for one"
        );
        let file = self.path.rsplit('/').next().unwrap_or(self.path);
        let help = format!(
            "if they are one, say so in quarterdeck.toml:\n[[input.file]]\nmatch = {}\ndigits = {{ customer_id = {} }}",
            quoted(file),
            self.digits
        );
        Diagnostic::warning(&LOST_ZEROS, message)
            .at(self.place)
            .help(help)
            .times(self.customers)
    }
}
