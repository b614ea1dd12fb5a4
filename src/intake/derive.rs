//! Columns that others imply: an amount is quantity × unit price − discount, a cost is amount −
//! profit. Worked out exactly, and only where the sheet itself does not say.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Decimal128Array};
use arrow::datatypes::Decimal128Type;
use datafusion::arrow;

use super::values::number::Exact;
use crate::tables::{PRICE_SCALE, QUANTITY_SCALE, TableSpec};

/// A column that was worked out.
pub(super) struct Derived {
    /// Its name.
    pub(super) column: &'static str,
    /// How.
    pub(super) formula: &'static str,
    /// In how many rows.
    pub(super) count: u64,
}

impl Derived {
    /// The sentence for a message.
    pub(super) fn message(&self) -> String {
        format!("`{}` was worked out as {}", self.column, self.formula)
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
        let filled = fill(
            arrays[amount].as_ref(),
            quantities.len(),
            money_scale,
            product,
        );
        derived.extend(filled.1.map(|count| Derived {
            column: "amount",
            formula,
            count,
        }));
        arrays[amount] = Some(filled.0);
    }
    if let (Some(amount), Some(cost), Some(profit)) =
        (position("amount"), position("cost"), position("profit"))
        && arrays[cost].is_none()
        && let (Some(amounts), Some(profits)) = (&arrays[amount], &arrays[profit])
    {
        let rest = |at: usize| value(amounts, at)?.checked_sub(value(profits, at)?);
        let filled = fill(None, amounts.len(), money_scale, rest);
        let formula = "`amount` − `profit`";
        derived.extend(filled.1.map(|count| Derived {
            column: "cost",
            formula,
            count,
        }));
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
    array: Option<&ArrayRef>,
    rows: usize,
    scale: u32,
    with: impl Fn(usize) -> Option<i128>,
) -> (ArrayRef, Option<u64>) {
    let mut count = 0;
    let values = (0..rows).map(|at| {
        array.and_then(|array| value(array, at)).or_else(|| {
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
