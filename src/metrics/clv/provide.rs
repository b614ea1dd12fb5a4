//! The tables `customer_clv` and `clv_fits`, worked out where something reads them.
//!
//! They cost seconds that a run without them need not pay: [`wanted`] says whether a SQL file of the
//! workspace names one, which is known before anything runs (rules see them as facts, which are SQL
//! files), and [`mentioned`] whether a statement typed by a user does. Else they are there, but empty.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Decimal128Array, Float64Array, Int64Array, RecordBatch,
    StringViewArray,
};
use datafusion::arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Field, Schema, SchemaRef,
};

use super::{
    Customer, CustomerValue, DayEarnings, DaySales, PeriodValuation, Portfolio, Remark, Settings,
    Span, Valuer,
};
use crate::calendar::{Quarter, day_before, window_start};
use crate::diagnostics::codes::engine::{CLV_FALLS_BACK, CLV_ROUGH};
use crate::diagnostics::{Diagnostic, Diagnostics, Source};
use crate::engine::{Engine, Queries, internal};
use crate::metrics::Timeline;

/// The tables' names.
pub const TABLES: [&str; 2] = ["clv_fits", "customer_clv"];

/// Whether a SQL file reads one of the tables.
pub fn wanted(queries: &Queries) -> bool {
    let mut all = queries.early().chain(queries.facts()).chain(queries.late());
    all.any(|query| queries.direct(query).any(|table| TABLES.contains(&table)))
}

/// Whether a statement names one of the tables. It may be told so once too often, by a comment say;
/// that costs time and nothing else.
pub fn mentioned(sql: &str) -> bool {
    let sql = sql.to_lowercase();
    TABLES.iter().any(|table| sql.contains(table))
}

/// Registers both tables without rows.
///
/// # Errors
/// When the engine refuses.
pub fn register_empty(engine: &Engine) -> Result<(), Diagnostic> {
    engine.register("clv_fits", Arc::clone(&FITS), &[])?;
    engine.register("customer_clv", Arc::clone(&CUSTOMERS), &[])
}

/// Values all customers as of the end of each period and registers both tables, from `transactions`,
/// `products`, `customers`, `interactions`, `activities`,
/// `activity_rates` and `supplied_tables`:
///
/// * `clv_fits(period, model, parameter, value)`: what was fitted, found in checking it, and assumed;
/// * `customer_clv(customer_id, period, model, repeat_orders, recency_weeks, age_weeks,
///   mean_repeat_value, probability_alive, expected_orders_39w, expected_orders_52w,
///   expected_order_value, clv)`: a row for each customer, period and model that holds; `events` too,
///   where costs of serving are known; `formula` where no model holds; `historic` always. What a model
///   does not tell is null.
///
/// Returned is what is to be said of it.
///
/// # Errors
/// When the engine fails.
pub fn provide(
    engine: &Engine,
    timeline: &Timeline,
    settings: Settings,
) -> Result<Diagnostics, Diagnostics> {
    let portfolio = portfolio(engine)?;
    let mut valuer = Valuer::new(&portfolio, settings);
    let (mut fits, mut customers) = (Vec::new(), Vec::new());
    let (mut said, mut earlier) = (Diagnostics::new(), Vec::new());
    for period in &timeline.periods {
        let span = span(timeline, *period, settings.window_months);
        let valuation = valuer.value(span);
        fits.push(fit_rows(*period, &valuation)?);
        customers.push(customer_rows(*period, &portfolio, &valuation.customers)?);
        if *period == timeline.reported {
            said.extend(valuation.remarks.iter().map(|remark| say(*period, remark)));
        } else {
            let left_out = valuation
                .remarks
                .iter()
                .filter(|remark| is_fallback(remark));
            earlier.extend(left_out.map(|remark| format!("{period}: {remark}")));
        }
    }
    if !earlier.is_empty() {
        let message = format!(
            "in earlier periods lifetime values fall back: {}",
            earlier.join("; ")
        );
        said.push(Diagnostic::info(&CLV_FALLS_BACK, message));
    }
    engine.register("clv_fits", Arc::clone(&FITS), &fits)?;
    engine.register("customer_clv", Arc::clone(&CUSTOMERS), &customers)?;
    Ok(said)
}

fn is_fallback(remark: &Remark) -> bool {
    !matches!(remark, Remark::Thin { .. } | Remark::Correlated(_))
}

fn say(period: Quarter, remark: &Remark) -> Diagnostic {
    let message = format!("lifetime values of {period}: {remark}");
    match remark {
        Remark::Thin { .. } => Diagnostic::info(&CLV_ROUGH, message),
        Remark::Correlated(_) => Diagnostic::warning(&CLV_ROUGH, message),
        _ => Diagnostic::warning(&CLV_FALLS_BACK, message),
    }
}

fn span(timeline: &Timeline, period: Quarter, window_months: u32) -> Span {
    let (starts, ends) = (timeline.fiscal.starts(period), timeline.fiscal.ends(period));
    let day = Date32Type::from_naive_date;
    Span {
        starts: day(starts),
        ends: day(ends),
        opening_from: day(window_start(day_before(starts), window_months)),
        closing_from: day(window_start(ends, window_months)),
    }
}

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

/// What serving customers cost day by day: interactions, and activities at the rate in force, as in
/// `rules/facts/cost_to_serve.sql`.
const COSTS: &str = "
with
rates as (
    select
        activity,
        rate,
        valid_from,
        lead(valid_from) over (partition by activity order by valid_from nulls first) as valid_to
    from activity_rates
),
costs as (
    select customer_id, opened_at as date, cast(cost as decimal(38, 4)) as cost
    from interactions
    where cost is not null
    union all
    select a.customer_id, a.date, cast(a.quantity * r.rate as decimal(38, 4)) as cost
    from activities a
    join rates r
        on r.activity = a.activity
        and (r.valid_from is null or a.date >= r.valid_from)
        and (r.valid_to is null or a.date < r.valid_to)
)
select customer_id, date, sum(cost) as cost
from costs
where customer_id is not null and date is not null
group by customer_id, date
order by customer_id, date
";

fn costs(engine: &Engine) -> Result<BTreeMap<String, Vec<(i32, i128)>>, Diagnostics> {
    let rows = engine.query(&Source::new("customer_clv", COSTS))?;
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

fn portfolio(engine: &Engine) -> Result<Portfolio, Diagnostics> {
    let rows = engine.query(&Source::new("customer_clv", DAYS))?;
    let mut by_customer: Vec<(String, Vec<DayEarnings>)> = Vec::new();
    for batch in &rows.batches {
        add_days(batch, &mut by_customer)?;
    }
    drop(rows);
    let mut costs = costs(engine)?;
    let customers = by_customer.into_iter().map(|(id, days)| {
        let served = costs.remove(&id).unwrap_or_default();
        Customer::new(id, days).served(served)
    });
    Ok(Portfolio {
        customers: customers.collect(),
        unit: f64::from(10i32.pow(SCALE)),
    })
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

fn schema(fields: &[(&str, DataType, bool)]) -> SchemaRef {
    let fields = fields
        .iter()
        .map(|(name, kind, nullable)| Field::new(*name, kind.clone(), *nullable));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

static FITS: LazyLock<SchemaRef> = LazyLock::new(|| {
    schema(&[
        ("period", DataType::Utf8View, false),
        ("model", DataType::Utf8View, false),
        ("parameter", DataType::Utf8View, false),
        ("value", DataType::Float64, false),
    ])
});

static CUSTOMERS: LazyLock<SchemaRef> = LazyLock::new(|| {
    schema(&[
        ("customer_id", DataType::Utf8View, false),
        ("period", DataType::Utf8View, false),
        ("model", DataType::Utf8View, false),
        ("repeat_orders", DataType::Int64, false),
        ("recency_weeks", DataType::Float64, false),
        ("age_weeks", DataType::Float64, false),
        ("mean_repeat_value", DataType::Float64, true),
        ("probability_alive", DataType::Float64, true),
        ("expected_orders_39w", DataType::Float64, true),
        ("expected_orders_52w", DataType::Float64, true),
        ("expected_order_value", DataType::Float64, true),
        ("clv", DataType::Float64, false),
    ])
});

fn text<'a>(values: impl Iterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringViewArray::from_iter_values(values))
}

fn fit_rows(period: Quarter, valuation: &PeriodValuation) -> Result<RecordBatch, Diagnostic> {
    let (fits, period) = (&valuation.fits, period.to_string());
    let columns: Vec<ArrayRef> = vec![
        text(fits.iter().map(|_| period.as_str())),
        text(fits.iter().map(|fit| fit.0)),
        text(fits.iter().map(|fit| fit.1)),
        Arc::new(Float64Array::from_iter_values(fits.iter().map(|fit| fit.2))),
    ];
    RecordBatch::try_new(Arc::clone(&FITS), columns).map_err(internal)
}

fn customer_rows(
    period: Quarter,
    portfolio: &Portfolio,
    values: &[CustomerValue],
) -> Result<RecordBatch, Diagnostic> {
    let period = period.to_string();
    let number = |of: &dyn Fn(&CustomerValue) -> Option<f64>| -> ArrayRef {
        Arc::new(values.iter().map(of).collect::<Float64Array>())
    };
    let columns: Vec<ArrayRef> = vec![
        text(
            values
                .iter()
                .map(|value| portfolio.customers[value.customer].id.as_str()),
        ),
        text(values.iter().map(|_| period.as_str())),
        text(values.iter().map(|value| value.model)),
        Arc::new(Int64Array::from_iter_values(
            values
                .iter()
                .map(|value| i64::from(value.history.repeat_orders)),
        )),
        number(&|value| Some(value.history.recency)),
        number(&|value| Some(value.history.age)),
        number(&|value| value.history.mean_repeat_value),
        number(&|value| Some(value.orders?.probability_alive)),
        number(&|value| Some(value.orders?.in_39_weeks)),
        number(&|value| Some(value.orders?.in_52_weeks)),
        number(&|value| value.order_value),
        number(&|value| Some(value.clv)),
    ];
    RecordBatch::try_new(Arc::clone(&CUSTOMERS), columns).map_err(internal)
}
