//! Customers' sales and costs, day by day, out of the input tables.

use std::collections::BTreeMap;
use std::fmt::Write;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Decimal128Array, RecordBatch, StringViewArray,
};
use datafusion::arrow::datatypes::{Date32Type, Decimal128Type};

use super::{Customer, DayEarnings, DaySales, Portfolio};
use crate::diagnostics::{Diagnostic, Diagnostics, Source};
use crate::engine::{Engine, internal};
use crate::workspace::Files;

/// Decimals of the amounts as they are summed.
const SCALE: u32 = 4;

/// A customer's lines day by day. The cost of a line is that of `rules/sales.sql`, and a customer who
/// counts is one of `rules/buyers.sql`: both hold for what a client may put in their place, too, as
/// far as days and amounts go.
const DAYS: &str = "
select
    t.customer_id,
    t.date,
    sum(cast(t.amount as decimal(38, 4))) as amount,
    bool_or(t.amount >= 0) as is_order,
    sum(cast(t.amount - t.cost as decimal(38, 4))) as contribution,
    sum(cast(t.amount as decimal(38, 4))) filter (where t.cost is not null) as covered
from (
    select
        s.customer_id,
        s.date,
        s.amount,
        coalesce(
            s.cost,
            s.amount - s.profit,
            case when s.amount < 0 then -abs(s.quantity) else s.quantity end * p.unit_cost
        ) as cost
    from (
        select product_id, max(unit_cost) as unit_cost from products group by product_id
    ) p
    right join transactions s on p.product_id = coalesce(s.product_id, s.product_name)
    where s.customer_id is not null
) t
left join (select distinct customer_id from customers) c on c.customer_id = t.customer_id
cross join (
    select count(*) filter (where name = 'customers') > 0 as listed from supplied_tables
) l
where c.customer_id is not null or not l.listed
group by t.customer_id, t.date
order by t.customer_id, t.date
";

/// The tables that say what activities cost, which a client may have put others in the place of.
const ACTIVITY_COSTS: [&str; 2] = ["activity_rate_spans", "activity_costs"];

/// What serving customers cost day by day: interactions, and activities at the rate in force.
const COSTS: &str = "
costs as (
    select customer_id, cast(opened_at as date) as date, cast(cost as decimal(38, 4)) as cost
    from interactions
    where cost is not null
    union all
    select customer_id, date, cost from activity_costs where cost is not null
)
select customer_id, date, sum(cost) as cost
from costs
where customer_id is not null and date is not null
group by customer_id, date
order by customer_id, date
";

/// What it cost to win customers, on the day each was won.
const WON: &str = "
select customer_id, converted_on as date, sum(cast(cost as decimal(38, 4))) as cost
from leads
where customer_id is not null and converted_on is not null and cost is not null
group by customer_id, converted_on
order by customer_id, converted_on
";

/// Who brought whom, from which day on: that of the referral, where one is said. Nobody refers himself.
const REFERRED: &str = "
with said as (
    select referrer_id, referred_id, date from referrals
    union all
    select referred_by as referrer_id, customer_id as referred_id, cast(null as date) as date
    from customers
    where referred_by is not null
)
select referrer_id, referred_id, coalesce(min(date), date '1900-01-01') as date
from said
where referrer_id <> referred_id
group by referrer_id, referred_id
order by referrer_id, referred_id
";

/// The query of [`COSTS`] after those it rests on: lifetime values are worked out before any derived
/// table is there.
fn costs_query(files: &Files) -> Result<String, Diagnostic> {
    let mut sql = "with\n".to_owned();
    for name in ACTIVITY_COSTS {
        let path = format!("rules/{name}.sql");
        let file = files.get(&path);
        let file = file.ok_or_else(|| internal(format!("there is no `{path}`")))?;
        let _ = writeln!(sql, "{name} as (\n{}\n),", file.text);
    }
    sql.push_str(COSTS);
    Ok(sql)
}

/// Costs by customer and day.
fn costs(engine: &Engine, sql: &str) -> Result<BTreeMap<String, Vec<(i32, i128)>>, Diagnostics> {
    let rows = engine.query(&Source::new("customer_clv", sql))?;
    let mut costs: BTreeMap<String, Vec<(i32, i128)>> = BTreeMap::new();
    for batch in &rows.batches {
        let columns = Columns { batch };
        let (ids, dates) = (columns.text("customer_id")?, columns.days("date")?);
        let amounts = columns.decimals("cost")?;
        for row in 0..batch.num_rows() {
            costs
                .entry(ids.value(row).to_owned())
                .or_default()
                .push((dates.value(row), amounts.value(row)));
        }
    }
    Ok(costs)
}

/// All customers' sales and what serving them cost, day by day.
///
/// # Errors
/// When the engine fails.
pub(super) fn portfolio(engine: &Engine, files: &Files) -> Result<Portfolio, Diagnostics> {
    let rows = engine.query(&Source::new("customer_clv", DAYS))?;
    let mut by_customer: Vec<(String, Vec<DayEarnings>)> = Vec::new();
    for batch in &rows.batches {
        add_days(batch, &mut by_customer)?;
    }
    drop(rows);
    let mut served = costs(engine, &costs_query(files)?)?;
    let mut won = costs(engine, WON)?;
    let places: Vec<String> = by_customer.iter().map(|(id, _)| id.clone()).collect();
    let mut referred = referred(engine, &places)?;
    let customers = by_customer.into_iter().map(|(id, days)| {
        let served = served.remove(&id).unwrap_or_default();
        let won = won.remove(&id).unwrap_or_default();
        let brought = referred.remove(&id).unwrap_or_default();
        Customer::new(id, days)
            .served(served)
            .won(won)
            .brought(brought)
    });
    Ok(Portfolio {
        customers: customers.collect(),
        unit: f64::from(10i32.pow(SCALE)),
    })
}

/// Whom each customer brought, by place among the ids, and from which day on.
fn referred(
    engine: &Engine,
    ids: &[String],
) -> Result<BTreeMap<String, Vec<(usize, i32)>>, Diagnostics> {
    let rows = engine.query(&Source::new("customer_clv", REFERRED))?;
    let mut referred: BTreeMap<String, Vec<(usize, i32)>> = BTreeMap::new();
    for batch in &rows.batches {
        let columns = Columns { batch };
        let (from, to) = (columns.text("referrer_id")?, columns.text("referred_id")?);
        let dates = columns.days("date")?;
        for row in 0..batch.num_rows() {
            // Who never bought has no place.
            let place = ids.binary_search_by(|id| id.as_str().cmp(to.value(row)));
            if let Ok(place) = place {
                let brought = referred.entry(from.value(row).to_owned()).or_default();
                brought.push((place, dates.value(row)));
            }
        }
    }
    Ok(referred)
}

/// Adds rows, which come sorted by customer and day.
fn add_days(
    batch: &RecordBatch,
    by_customer: &mut Vec<(String, Vec<DayEarnings>)>,
) -> Result<(), Diagnostic> {
    let columns = Columns { batch };
    let (ids, dates) = (columns.text("customer_id")?, columns.days("date")?);
    let amounts = columns.decimals("amount")?;
    let contributions = columns.decimals("contribution")?;
    let covered = columns.decimals("covered")?;
    let is_order = columns
        .array("is_order")?
        .as_boolean_opt()
        .ok_or_else(|| internal("`is_order` is no flag"))?;
    for row in 0..batch.num_rows() {
        let known = covered.is_valid(row);
        let day = DayEarnings {
            sales: DaySales {
                day: dates.value(row),
                amount: amounts.value(row),
                is_order: is_order.value(row),
            },
            contribution: if known { contributions.value(row) } else { 0 },
            covered: known.then(|| covered.value(row)),
        };
        match by_customer.last_mut() {
            Some((id, days)) if id == ids.value(row) => days.push(day),
            _ => by_customer.push((ids.value(row).to_owned(), vec![day])),
        }
    }
    Ok(())
}

/// Columns by name and type.
struct Columns<'a> {
    batch: &'a RecordBatch,
}

impl<'a> Columns<'a> {
    fn array(&self, name: &str) -> Result<&'a ArrayRef, Diagnostic> {
        let array = self.batch.column_by_name(name);
        array.ok_or_else(|| internal(format!("no column `{name}`")))
    }

    fn text(&self, name: &str) -> Result<&'a StringViewArray, Diagnostic> {
        let array = self.array(name)?.as_string_view_opt();
        array.ok_or_else(|| internal(format!("`{name}` is no text")))
    }

    fn days(&self, name: &str) -> Result<&'a Date32Array, Diagnostic> {
        let array = self.array(name)?.as_primitive_opt::<Date32Type>();
        array.ok_or_else(|| internal(format!("`{name}` is no day")))
    }

    fn decimals(&self, name: &str) -> Result<&'a Decimal128Array, Diagnostic> {
        self.array(name)?
            .as_primitive_opt::<Decimal128Type>()
            .filter(|array| i64::from(array.scale()) == i64::from(SCALE))
            .ok_or_else(|| internal(format!("`{name}` is no amount")))
    }
}
