//! Who bought what, out of the input tables.

use std::collections::HashMap;

use chrono::NaiveDate;
use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, Float64Array, RecordBatch, StringViewArray,
};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Date32Type, Decimal128Type, Float64Type};

use super::Taken;
use crate::calendar::window_start;
use crate::diagnostics::{Diagnostic, Diagnostics, Source};
use crate::engine::{Engine, internal};

/// A product that was sold.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// Its id, or its name where it has none.
    pub id: String,
    /// Its name, else its id.
    pub name: String,
    /// Whether the list of products says that there is none left.
    pub is_out_of_stock: bool,
    /// The segments of customers it may be offered to, in lower case; none for all.
    pub offered_to: Vec<String>,
    /// What one of it is expected to earn: contribution by unit sold in the window, returns taken off
    /// both, in currency units; a line without a quantity is one. None where no cost is known.
    pub margin: Option<f64>,
}

/// Who bought what, by number.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Purchases {
    /// All products ever sold, by id.
    pub products: Vec<Product>,
    /// The ids of the customers, in order.
    pub customers: Vec<String>,
    /// What each customer, by place in `customers`, ever bought: sorted.
    pub bought: Vec<Bought>,
    /// The segments that the client has put its customers into, by place in `customers`, in
    /// lower case; none where no product asks for them.
    pub segments: Vec<Option<String>>,
}

/// A segment's name as names are compared: whatever its capitals and the space around it.
fn segment(name: &str) -> Option<String> {
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_lowercase())
}

/// A product that a customer once bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bought {
    /// The customer.
    pub customer: u32,
    /// The product.
    pub product: u32,
    /// The first day of the window on which they bought it; none if they did not buy it then, or
    /// returned all they bought of it.
    pub day: Option<i32>,
}

/// Products with their margins. The cost of a line is that of `rules/sales.sql`; sums are exact.
const PRODUCTS: &str = "
select
    s.product,
    coalesce(p.name, s.name, s.product) as name,
    coalesce(p.in_stock <= 0, false) as is_out_of_stock,
    p.offered_to,
    (
        cast(coalesce(s.earned, 0) as double)
        + case
            when p.unit_cost is null then 0
            else cast(coalesce(s.uncosted, 0) as double)
                - cast(coalesce(s.quantity, 0) as double) * cast(p.unit_cost as double)
        end
    ) / nullif(
        cast(greatest(
            coalesce(s.units, 0) + case when p.unit_cost is null then 0 else coalesce(s.quantity, 0) end, 0
        ) as double), 0
    ) as margin
from (
    select product_id, min(name) as name, max(in_stock) as in_stock, max(unit_cost) as unit_cost,
        min(offered_to) as offered_to
    from products
    group by product_id
) p
right join (
    select
        product,
        min(name) as name,
        sum(cast(amount - cost as decimal(38, 4))) filter (where cost is not null and date >= {from}) as earned,
        sum(coalesce(quantity, case when amount < 0 then -1 else 1 end))
            filter (where cost is not null and date >= {from}) as units,
        sum(amount) filter (where cost is null and quantity is not null and date >= {from}) as uncosted,
        sum(quantity) filter (where cost is null and date >= {from}) as quantity
    from (
        select
            coalesce(product_id, product_name) as product,
            product_name as name,
            date,
            amount,
            coalesce(cost, amount - profit) as cost,
            case when amount < 0 then -abs(quantity) else quantity end as quantity
        from transactions
        where coalesce(product_id, product_name) is not null and date <= {to}
    ) t
    group by product
) s on p.product_id = s.product
order by s.product
";

/// The lines of sales that say who bought what. They are put together by number: to group texts by the
/// million takes three times as long.
const LINES: &str = "
select customer_id, coalesce(product_id, product_name) as product, date, amount
from transactions
where customer_id is not null
  and coalesce(product_id, product_name) is not null
  and amount is not null
  and date <= {to}
";

/// The customers who count where there is a list of them, as in `rules/buyers.sql`.
const LISTED: &str = "select distinct customer_id from customers";

/// The segments of customers that the client tells.
const SEGMENTS: &str =
    "select customer_id, segment_hint from customers where segment_hint is not null";

/// The products of each basket: of an invoice, or of a customer's day without one. Numbers of invoices
/// without a customer may start anew each day.
const BASKETS: &str = "
select distinct
    customer_id,
    invoice_id,
    case when customer_id is null or invoice_id is null then date end as day,
    coalesce(product_id, product_name) as product
from transactions
where amount >= 0
  and date between {from} and {to}
  and coalesce(product_id, product_name) is not null
  and (customer_id is not null or invoice_id is not null)
";

/// Looks up the places of ids.
type Places<'a> = HashMap<&'a str, u32>;

/// What tells baskets apart: the customer, and the invoice or the day.
type Basket<'a> = (Option<&'a str>, Option<&'a str>, Option<i32>);

impl Purchases {
    /// All purchases; the window is the `months` that end with `ends`.
    ///
    /// # Errors
    /// When the engine fails.
    pub(super) fn read(engine: &Engine, ends: NaiveDate, months: u32) -> Result<Self, Diagnostics> {
        let products = products(engine, ends, months)?;
        let places = places(products.iter().map(|product| product.id.as_str()));
        let lines = rows(engine, LINES, ends, months)?;
        let listed = match customers_are_listed(engine)? {
            true => Some(rows(engine, LISTED, ends, months)?),
            false => None,
        };
        let (customers, by_customer) = by_customer(&lines, listed.as_deref(), &places)?;
        let from = Date32Type::from_naive_date(window_start(ends, months));
        let numbered = (0..).zip(by_customer);
        let bought = numbered.flat_map(|(customer, lines)| what(customer, lines, from));
        let bought = bought.collect();
        let mut segments = Vec::new();
        if products
            .iter()
            .any(|product| !product.offered_to.is_empty())
        {
            segments = segments_of(&customers, &rows(engine, SEGMENTS, ends, months)?)?;
        }
        Ok(Self {
            products,
            customers,
            bought,
            segments,
        })
    }

    /// What customers bought in the window, a unit each.
    pub(super) fn by_customer(&self) -> Vec<Taken> {
        let taken = self.bought.iter().filter_map(|one| {
            Some(Taken {
                unit: one.customer,
                product: one.product,
                day: one.day?,
            })
        });
        taken.collect()
    }

    /// What baskets of the window held, a unit each.
    ///
    /// # Errors
    /// When the engine fails.
    pub(super) fn by_basket(
        &self,
        engine: &Engine,
        ends: NaiveDate,
        months: u32,
    ) -> Result<Vec<Taken>, Diagnostics> {
        let places = places(self.products.iter().map(|product| product.id.as_str()));
        let rows = rows(engine, BASKETS, ends, months)?;
        let mut units: HashMap<Basket<'_>, u32> = HashMap::new();
        let mut taken = Vec::new();
        let columns = rows
            .iter()
            .map(|batch| {
                let (customers, invoices) =
                    (text(batch, "customer_id")?, text(batch, "invoice_id")?);
                Ok((
                    customers,
                    invoices,
                    days(batch, "day")?,
                    text(batch, "product")?,
                ))
            })
            .collect::<Result<Vec<_>, Diagnostic>>()?;
        for (customers, invoices, days, sold) in &columns {
            for row in 0..sold.len() {
                let day = days.is_valid(row).then(|| days.value(row));
                let customer = customers.is_valid(row).then(|| customers.value(row));
                let invoice = invoices.is_valid(row).then(|| invoices.value(row));
                let next = units.len() as u32;
                let unit = *units.entry((customer, invoice, day)).or_insert(next);
                if let Some(product) = places.get(sold.value(row)) {
                    taken.push(Taken {
                        unit,
                        product: *product,
                        day: 0,
                    });
                }
            }
        }
        Ok(taken)
    }
}

fn products(engine: &Engine, ends: NaiveDate, months: u32) -> Result<Vec<Product>, Diagnostics> {
    let mut products = Vec::new();
    for batch in rows(engine, PRODUCTS, ends, months)? {
        let (ids, names) = (text(&batch, "product")?, text(&batch, "name")?);
        let (gone, margins) = (
            flags(&batch, "is_out_of_stock")?,
            numbers(&batch, "margin")?,
        );
        let offered_to = text(&batch, "offered_to")?;
        for row in 0..batch.num_rows() {
            products.push(Product {
                id: ids.value(row).to_owned(),
                name: names.value(row).to_owned(),
                is_out_of_stock: gone.value(row),
                offered_to: match offered_to.is_valid(row) {
                    true => offered_to
                        .value(row)
                        .split([',', ';'])
                        .filter_map(segment)
                        .collect(),
                    false => Vec::new(),
                },
                margin: margins.is_valid(row).then(|| margins.value(row)),
            });
        }
    }
    Ok(products)
}

/// The segments of customers, sorted by id.
fn segments_of(
    customers: &[String],
    batches: &[RecordBatch],
) -> Result<Vec<Option<String>>, Diagnostic> {
    let mut segments = vec![None; customers.len()];
    for batch in batches {
        let (ids, names) = (text(batch, "customer_id")?, text(batch, "segment_hint")?);
        for (id, name) in ids.iter().flatten().zip(names.iter().flatten()) {
            if let Ok(at) = customers.binary_search_by(|customer| customer.as_str().cmp(id)) {
                segments[at] = segment(name);
            }
        }
    }
    Ok(segments)
}

/// A line of sales, of a customer.
#[derive(Debug, Clone, Copy)]
struct Line {
    product: u32,
    day: i32,
    /// In the smallest unit of money.
    amount: i128,
}

/// The ids of the customers who count, sorted, and the lines of each.
fn by_customer(
    batches: &[RecordBatch],
    listed: Option<&[RecordBatch]>,
    products: &Places<'_>,
) -> Result<(Vec<String>, Vec<Vec<Line>>), Diagnostic> {
    let ids = |batches: &[RecordBatch]| {
        let ids = batches.iter().map(|batch| text(batch, "customer_id"));
        ids.collect::<Result<Vec<_>, _>>()
    };
    let listed = listed.map(ids).transpose()?;
    let buyers = ids(batches)?;
    let counting = listed.as_ref().unwrap_or(&buyers);
    let mut places = Places::new();
    let mut ids = Vec::new();
    for id in counting.iter().flatten().flatten() {
        places.entry(id).or_insert_with(|| {
            ids.push(id);
            ids.len() as u32 - 1
        });
    }
    let mut lines: Vec<Vec<Line>> = vec![Vec::new(); ids.len()];
    for (batch, buyers) in batches.iter().zip(&buyers) {
        let (sold, days) = (text(batch, "product")?, days(batch, "date")?);
        let amounts = column_of(batch, "amount")?;
        let amounts = amounts
            .as_primitive_opt::<Decimal128Type>()
            .ok_or_else(|| internal("`amount` is no decimal"))?;
        for row in 0..batch.num_rows() {
            let found = places
                .get(buyers.value(row))
                .zip(products.get(sold.value(row)));
            if let Some((customer, product)) = found {
                lines[*customer as usize].push(Line {
                    product: *product,
                    day: days.value(row),
                    amount: amounts.value(row),
                });
            }
        }
    }
    let mut customers: Vec<(&str, u32)> = ids.into_iter().zip(0..).collect();
    customers.sort_unstable();
    let lines = customers
        .iter()
        .map(|(_, place)| std::mem::take(&mut lines[*place as usize]))
        .collect();
    let ids = customers.into_iter().map(|(id, _)| id.to_owned());
    Ok((ids.collect(), lines))
}

/// What a customer bought, by product.
fn what(customer: u32, mut lines: Vec<Line>, from: i32) -> Vec<Bought> {
    lines.sort_unstable_by_key(|line| line.product);
    let by_product = lines.chunk_by(|a, b| a.product == b.product);
    let bought = by_product.filter_map(|lines| {
        let purchases = || lines.iter().filter(|line| line.amount >= 0);
        purchases().next()?;
        let is_returned = purchases().count() < lines.len()
            && lines.iter().map(|line| line.amount).sum::<i128>() <= 0;
        let days = purchases().map(|line| line.day);
        let first = days.filter(|day| *day >= from).min();
        Some(Bought {
            customer,
            product: lines[0].product,
            day: first.filter(|_| !is_returned),
        })
    });
    bought.collect()
}

/// Whether a list of customers was supplied.
fn customers_are_listed(engine: &Engine) -> Result<bool, Diagnostics> {
    let sql = "select 1 from supplied_tables where name = 'customers'";
    let rows = engine.query(&Source::new("next_best_products", sql))?;
    Ok(!rows.is_empty())
}

fn places<'a>(ids: impl Iterator<Item = &'a str>) -> Places<'a> {
    ids.zip(0..).collect()
}

fn rows(
    engine: &Engine,
    sql: &str,
    ends: NaiveDate,
    months: u32,
) -> Result<Vec<RecordBatch>, Diagnostics> {
    let from = format!("date '{}'", window_start(ends, months));
    let sql = sql
        .replace("{from}", &from)
        .replace("{to}", &format!("date '{ends}'"));
    let rows = engine.query(&Source::new("next_best_products", sql.as_str()))?;
    Ok(rows.batches)
}

fn column_of<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef, Diagnostic> {
    let column = batch.column_by_name(name);
    column.ok_or_else(|| internal(format!("no column `{name}`")))
}

fn column(batch: &RecordBatch, name: &str, kind: &DataType) -> Result<ArrayRef, Diagnostic> {
    cast(column_of(batch, name)?, kind).map_err(internal)
}

fn text(batch: &RecordBatch, name: &str) -> Result<StringViewArray, Diagnostic> {
    Ok(column(batch, name, &DataType::Utf8View)?
        .as_string_view()
        .clone())
}

fn days(batch: &RecordBatch, name: &str) -> Result<Date32Array, Diagnostic> {
    let column = column(batch, name, &DataType::Date32)?;
    Ok(column.as_primitive::<Date32Type>().clone())
}

fn numbers(batch: &RecordBatch, name: &str) -> Result<Float64Array, Diagnostic> {
    let column = column(batch, name, &DataType::Float64)?;
    Ok(column.as_primitive::<Float64Type>().clone())
}

fn flags(batch: &RecordBatch, name: &str) -> Result<BooleanArray, Diagnostic> {
    Ok(column(batch, name, &DataType::Boolean)?
        .as_boolean()
        .clone())
}
