//! Columns that others imply: an amount is quantity × unit price − discount, a cost is amount −
//! profit. Worked out exactly, and only where the sheet itself does not say.
//!
//! Tills export a receipt over several lines with its total on the first alone. Where that is the sum
//! of what its lines come to, each line has what it comes to; where it is another, it stands for the
//! receipt, and the lines below have none: in either case the receipt is counted once.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Decimal128Array};
use arrow::datatypes::Decimal128Type;
use datafusion::arrow;

use super::values::number::Exact;
use crate::tables::{PRICE_SCALE, QUANTITY_SCALE, TableSpec};

/// What was worked out.
pub(super) struct Derived {
    /// The sentence for a message.
    pub(super) message: String,
    /// In how many rows.
    pub(super) count: u64,
}

impl Derived {
    /// A cell that stood once for several rows.
    pub(super) fn of_row_above(column: &str, count: u64) -> Self {
        let message = format!("`{column}` is that of a row above, as `fill-down` says");
        Self { message, count }
    }

    fn of(column: &str, formula: &str, count: u64) -> Self {
        let message = format!("`{column}` was worked out as {formula}");
        Self { message, count }
    }
}

/// Rows by what the total of a receipt on its first line makes of their amounts.
#[derive(Default)]
struct Receipts {
    /// First lines whose amount is what all lines come to.
    totals: BTreeSet<usize>,
    /// Lines whose receipt has an amount that cannot be divided among them.
    undivided: BTreeSet<usize>,
}

impl Receipts {
    /// Looks for them in rows that follow one another under one id; `product` is what a line comes to.
    fn of(ids: &ArrayRef, amounts: &ArrayRef, product: impl Fn(usize) -> Option<i128>) -> Self {
        let ids = ids.as_string_view();
        let mut found = Self::default();
        let mut from = 0;
        while from < ids.len() {
            let is_same = |at: &usize| ids.is_valid(*at) && ids.value(*at) == ids.value(from);
            let lines = match ids.is_valid(from) {
                true => (from + 1..ids.len()).take_while(is_same).count() + 1,
                false => 1,
            };
            let (first, rest) = (from, from + 1..from + lines);
            from += lines;
            let on_the_first =
                lines > 1 && amounts.is_valid(first) && rest.clone().all(|at| amounts.is_null(at));
            let Some(total) = value(amounts, first).filter(|_| on_the_first) else {
                continue;
            };
            if product(first) == Some(total) {
                continue;
            }
            let sum: Option<i128> = (first..from).map(&product).sum();
            if sum == Some(total) {
                found.totals.insert(first);
            } else {
                found.undivided.extend(rest);
            }
        }
        found
    }

    fn said(&self) -> impl Iterator<Item = Derived> {
        let said = |rows: &BTreeSet<usize>, message: &str| Derived {
            message: message.to_owned(),
            count: rows.len() as u64,
        };
        let said = [
            said(
                &self.totals,
                "`amount` on the first line of a receipt was the total of its lines: each has its own",
            ),
            said(
                &self.undivided,
                "`amount` stands on the first line of a receipt and is not what its lines come to: it was left to that line, the others have none",
            ),
        ];
        said.into_iter().filter(|derived| derived.count > 0)
    }
}

/// Fills `amount` and `cost` of transactions where they are missing; says what was filled.
pub(super) fn derive(
    table: &TableSpec,
    arrays: &mut [Option<ArrayRef>],
    money_scale: u32,
) -> Vec<Derived> {
    if table.name != "transactions" {
        return Vec::new();
    }
    let mut derived = Vec::new();
    let position = |name: &str| table.position(name);
    if let (Some(amount), Some(quantity), Some(price), Some(discount)) = (
        position("amount"),
        position("quantity"),
        position("unit_price"),
        position("discount"),
    ) && let (Some(quantities), Some(prices)) = (&arrays[quantity], &arrays[price])
        && arrays[amount]
            .as_ref()
            .is_none_or(|array| array.null_count() > 0)
    {
        let discounts = arrays[discount].clone();
        let product = |at: usize| {
            let quantity = value(quantities, at)?;
            let price = value(prices, at)?;
            let scale = u32::from(QUANTITY_SCALE.unsigned_abs() + PRICE_SCALE.unsigned_abs());
            let product = quantity.checked_mul(price)?;
            let discount = discounts.as_ref().and_then(|d| value(d, at)).unwrap_or(0);
            let (discount, _) = Exact {
                mantissa: discount,
                scale: money_scale,
            }
            .at_scale(scale)?;
            let exact = Exact {
                mantissa: product.checked_sub(discount)?,
                scale,
            };
            exact.at_scale(money_scale).map(|(amount, _)| amount)
        };
        let formula = match discounts {
            Some(_) => "`quantity` × `unit_price` − `discount`",
            None => "`quantity` × `unit_price`",
        };
        let mut ids = ["invoice_id", "transaction_id"].into_iter();
        let ids = ids.find_map(|name| arrays[position(name)?].as_ref());
        let receipts = match (ids, &arrays[amount]) {
            (Some(ids), Some(amounts)) => Receipts::of(ids, amounts, product),
            _ => Receipts::default(),
        };
        let told = |at: usize| {
            let amounts = arrays[amount]
                .as_ref()
                .filter(|_| !receipts.totals.contains(&at));
            value(amounts?, at)
        };
        let of_line = |at: usize| product(at).filter(|_| !receipts.undivided.contains(&at));
        let filled = fill(told, quantities.len(), money_scale, of_line);
        derived.extend(filled.1.map(|count| Derived::of("amount", formula, count)));
        derived.extend(receipts.said());
        arrays[amount] = Some(filled.0);
    }
    if let (Some(amount), Some(cost), Some(profit)) =
        (position("amount"), position("cost"), position("profit"))
        && arrays[cost].is_none()
        && let (Some(amounts), Some(profits)) = (&arrays[amount], &arrays[profit])
    {
        let rest = |at: usize| value(amounts, at)?.checked_sub(value(profits, at)?);
        let filled = fill(|_| None, amounts.len(), money_scale, rest);
        let formula = "`amount` − `profit`";
        derived.extend(filled.1.map(|count| Derived::of("cost", formula, count)));
        arrays[cost] = Some(filled.0);
    }
    derived
}

fn value(array: &ArrayRef, at: usize) -> Option<i128> {
    let array = array.as_primitive::<Decimal128Type>();
    array.is_valid(at).then(|| array.value(at))
}

/// A column with its gaps filled, and how many were.
fn fill(
    told: impl Fn(usize) -> Option<i128>,
    rows: usize,
    scale: u32,
    with: impl Fn(usize) -> Option<i128>,
) -> (ArrayRef, Option<u64>) {
    let mut count = 0;
    let values = (0..rows).map(|at| {
        told(at).or_else(|| {
            let value = with(at);
            count += u64::from(value.is_some());
            value
        })
    });
    let values: Decimal128Array = values.collect();
    let scale = i8::try_from(scale).unwrap_or(2);
    let values = values
        .with_precision_and_scale(38, scale)
        .expect("38 digits hold any scale below 38");
    (Arc::new(values), (count > 0).then_some(count))
}
