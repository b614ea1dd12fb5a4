//! Returns and cancellations, and the sales they undo where an id says which.
//!
//! Two conventions are known: a column `returns_transaction_id`, and an invoice whose number is that of
//! the sale with a `C` before it, as many shop systems number cancellations. A return counts on its own
//! date, unless the client restates the period of its sale: then it takes the date of that.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow::array::{Array, AsArray, Date32Array, RecordBatch};
use arrow::datatypes::{Date32Type, Decimal128Type};
use datafusion::arrow;

use super::Intake;
use crate::diagnostics::codes::intake::RETURNS_WITHOUT_SALE;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::workspace::ReturnDay;

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
    /// Those that count on an earlier day than their own, that of their sale; none where all count on
    /// their own.
    pub restated: Option<u64>,
}

impl Returns {
    /// Those that say nothing of their sale.
    pub fn alone(&self) -> u64 {
        self.rows - self.linked - self.lost
    }
}

/// What a return says of its sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Sale<'a> {
    Transaction(&'a str),
    Invoice(&'a str),
    Unsaid,
}

impl Intake {
    /// Finds the sales of returns, and says how many were not found. Those that count on the day of
    /// their sale take its date.
    pub fn link_returns(&mut self, counts_on: ReturnDay, problems: &mut Diagnostics) {
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
        let mut named: Vec<(RowAt, Sale<'_>)> = Vec::new();
        for (number, batch) in table.batches.iter().enumerate() {
            columns.returns(batch, |row, sale| {
                returns.rows += 1;
                if sale != Sale::Unsaid {
                    named.push(((number, row), sale));
                }
            });
        }
        let mut days: Vec<(RowAt, i32)> = Vec::new();
        if !named.is_empty() {
            let wanted = named.iter().map(|(_, sale)| (*sale, None)).collect();
            let sold = columns.sold(&table.batches, wanted);
            let mut first_lost = None;
            for (at, sale) in named {
                match sold[&sale] {
                    Some(day) => {
                        returns.linked += 1;
                        days.push((at, day));
                    }
                    None => {
                        returns.lost += 1;
                        first_lost.get_or_insert(at);
                    }
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
        if counts_on == ReturnDay::Sale
            && let Some(date) = columns.date
        {
            let restated = put_back(&mut self.tables[at].batches, date, &days);
            returns.restated = Some(restated);
        }
        self.returns = (returns.rows > 0).then_some(returns);
    }
}

/// A row by batch and position.
type RowAt = (usize, usize);

/// Gives rows the days of their sales where those are earlier, and says how many there were.
fn put_back(batches: &mut [RecordBatch], date: usize, days: &[(RowAt, i32)]) -> u64 {
    let mut by_batch: BTreeMap<usize, Vec<(usize, i32)>> = BTreeMap::new();
    for ((batch, row), day) in days {
        by_batch.entry(*batch).or_default().push((*row, *day));
    }
    let mut restated = 0;
    for (batch, days) in by_batch {
        let batch = &mut batches[batch];
        let dates = batch.column(date).as_primitive::<Date32Type>();
        let mut restating = dates.values().to_vec();
        for (row, day) in days {
            // A sale that is dated after its return is nobody's earlier period.
            if dates.is_valid(row) && day < restating[row] {
                restating[row] = day;
                restated += 1;
            }
        }
        let dates = Date32Array::new(restating.into(), dates.nulls().cloned());
        let mut columns = batch.columns().to_vec();
        columns[date] = Arc::new(dates);
        *batch = RecordBatch::try_new(batch.schema(), columns)
            .expect("a column was replaced by one of its type and length");
    }
    restated
}

/// Where the columns stand that say what a return is.
struct Columns {
    date: Option<usize>,
    amount: Option<usize>,
    transaction: Option<usize>,
    returned: Option<usize>,
    invoice: Option<usize>,
}

impl Columns {
    fn of(table: &crate::tables::TableSpec) -> Self {
        Self {
            date: table.position("date"),
            amount: table.position("amount"),
            transaction: table.position("transaction_id"),
            returned: table.position("returns_transaction_id"),
            invoice: table.position("invoice_id"),
        }
    }

    /// The sales that are wanted, each with its first day where it is there.
    fn sold<'a>(
        &self,
        batches: &'a [RecordBatch],
        mut wanted: HashMap<Sale<'a>, Option<i32>>,
    ) -> HashMap<Sale<'a>, Option<i32>> {
        for batch in batches {
            let Some(date) = self.date else { break };
            let dates = batch.column(date).as_primitive::<Date32Type>();
            let mut see = |sale: Sale<'a>, day: i32| {
                if let Some(first) = wanted.get_mut(&sale) {
                    *first = Some(first.map_or(day, |first| first.min(day)));
                }
            };
            let days = || dates.values().iter().copied();
            let ids = |column: usize| batch.column(column).as_string_view().iter();
            for (id, day) in self.transaction.into_iter().flat_map(ids).zip(days()) {
                id.into_iter()
                    .for_each(|id| see(Sale::Transaction(id), day));
            }
            for (id, day) in self.invoice.into_iter().flat_map(ids).zip(days()) {
                id.into_iter().for_each(|id| see(Sale::Invoice(id), day));
            }
        }
        wanted
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
