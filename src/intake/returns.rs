//! Returns and cancellations, and the sales they undo where an id says which.
//!
//! Two conventions are known: a column `returns_transaction_id`, and an invoice whose number is that of
//! the sale with a `C` before it, as many shop systems number cancellations. A return counts on its own
//! date whether or not its sale is found; what is said here is how many can be walked back.

use std::collections::BTreeSet;

use arrow::array::{Array, AsArray, RecordBatch, StringViewArray};
use arrow::datatypes::Decimal128Type;
use datafusion::arrow;

use super::Intake;
use crate::diagnostics::codes::intake::RETURNS_WITHOUT_SALE;
use crate::diagnostics::{Diagnostic, Diagnostics};

/// What marks the number of an invoice as the cancellation of the invoice whose number follows.
const CANCELLED: [char; 2] = ['C', 'c'];

/// The returns among the transactions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Returns {
    /// Rows with an amount below zero, or that name the transaction they return.
    pub rows: u64,
    /// Those whose sale is there.
    pub linked: u64,
    /// Those that name a sale that is not there.
    pub lost: u64,
}

impl Returns {
    /// Those that say nothing of their sale.
    pub fn alone(&self) -> u64 {
        self.rows - self.linked - self.lost
    }
}

/// What a return says of its sale.
enum Sale<'a> {
    Transaction(&'a str),
    Invoice(&'a str),
    Unsaid,
}

impl Intake {
    /// Finds the sales of returns, and says how many were not found.
    pub fn link_returns(&mut self, problems: &mut Diagnostics) {
        let Some(at) = self
            .tables
            .iter()
            .position(|table| table.spec.name == "transactions")
        else {
            return;
        };
        let table = &self.tables[at];
        let columns = Columns::of(table.spec);
        let mut returns = Returns::default();
        // Few rows are returns: what they name is kept, and the sales are looked through for it.
        let mut wanted: [BTreeSet<&str>; 2] = Default::default();
        let mut named: Vec<(usize, usize, Sale<'_>)> = Vec::new();
        for (number, batch) in table.batches.iter().enumerate() {
            columns.returns(batch, |row, sale| {
                returns.rows += 1;
                match sale {
                    Sale::Transaction(id) => wanted[0].insert(id),
                    Sale::Invoice(id) => wanted[1].insert(id),
                    Sale::Unsaid => return,
                };
                named.push((number, row, sale));
            });
        }
        if !named.is_empty() {
            let sold = [columns.transaction, columns.invoice]
                .map(|column| column.map(|column| ids_of(&table.batches, column)));
            let found = |set: usize| -> BTreeSet<&str> {
                let ids = sold[set].iter().flatten().flat_map(|ids| ids.iter());
                ids.flatten()
                    .filter(|id| wanted[set].contains(id))
                    .collect()
            };
            let found = [found(0), found(1)];
            let mut first_lost = None;
            for (batch, row, sale) in named {
                let there = match sale {
                    Sale::Transaction(id) => found[0].contains(id),
                    Sale::Invoice(id) => found[1].contains(id),
                    Sale::Unsaid => continue,
                };
                if there {
                    returns.linked += 1;
                } else {
                    returns.lost += 1;
                    first_lost.get_or_insert((batch, row));
                }
            }
            if let Some((batch, row)) = first_lost {
                let message = "returns name a sale that is not among the transactions";
                problems.push(
                    Diagnostic::info(&RETURNS_WITHOUT_SALE, message)
                        .at(self.place_of(at, batch, row))
                        .times(returns.lost),
                );
            }
        }
        if returns.alone() > 0 {
            let message = "returns do not say which sale they belong to";
            problems.push(
                Diagnostic::info(&RETURNS_WITHOUT_SALE, message)
                    .help("a column `returns_transaction_id` would link them")
                    .times(returns.alone()),
            );
        }
        self.returns = (returns.rows > 0).then_some(returns);
    }
}

fn ids_of(batches: &[RecordBatch], column: usize) -> Vec<&StringViewArray> {
    let batches = batches.iter();
    batches
        .map(|batch| batch.column(column).as_string_view())
        .collect()
}

/// Where the columns stand that say what a return is.
struct Columns {
    amount: Option<usize>,
    transaction: Option<usize>,
    returned: Option<usize>,
    invoice: Option<usize>,
}

impl Columns {
    fn of(table: &crate::tables::TableSpec) -> Self {
        Self {
            amount: table.position("amount"),
            transaction: table.position("transaction_id"),
            returned: table.position("returns_transaction_id"),
            invoice: table.position("invoice_id"),
        }
    }

    /// Every return of a batch, with what it says of its sale.
    fn returns<'a>(&self, batch: &'a RecordBatch, mut found: impl FnMut(usize, Sale<'a>)) {
        let amounts = self
            .amount
            .and_then(|at| batch.column(at).as_primitive_opt::<Decimal128Type>());
        let texts = |at: Option<usize>| {
            let array = batch.column(at?);
            (array.null_count() < array.len()).then(|| array.as_string_view())
        };
        let (returned, invoices) = (texts(self.returned), texts(self.invoice));
        for row in 0..batch.num_rows() {
            let names = returned.filter(|ids| ids.is_valid(row));
            let below = amounts.is_some_and(|of| of.is_valid(row) && of.value(row) < 0);
            let sale = match (names, invoices.filter(|ids| ids.is_valid(row))) {
                (Some(ids), _) => Sale::Transaction(ids.value(row)),
                _ if !below => continue,
                (None, Some(ids)) => match ids.value(row).strip_prefix(CANCELLED) {
                    Some(number) => Sale::Invoice(number),
                    None => Sale::Unsaid,
                },
                (None, None) => Sale::Unsaid,
            };
            found(row, sale);
        }
    }
}
