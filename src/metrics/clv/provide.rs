//! The tables `customer_clv` and `clv_fits`, worked out where something reads them.
//!
//! They cost seconds that a run without them need not pay: [`wanted`] says whether a SQL file of the
//! workspace names one, which is known before anything runs (rules see them as facts, which are SQL
//! files), and [`mentioned`] whether a statement typed by a user does. Else they are there, but empty.

use std::sync::{Arc, LazyLock};

use datafusion::arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringViewArray};
use datafusion::arrow::datatypes::{DataType, Date32Type, Field, Schema, SchemaRef};

use super::read::portfolio;
use super::{CustomerValue, Lifetimes, PeriodValuation, Portfolio, Remark, Settings, Span, Valuer};
use crate::calendar::{Quarter, day_before, window_start};
use crate::diagnostics::codes::engine::{CLV_FALLS_BACK, CLV_ROUGH};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::engine::{Engine, Queries, internal};
use crate::metrics::Timeline;
use crate::workspace::{Basis, Config, Files};

/// The tables' names.
pub const TABLES: [&str; 2] = ["clv_fits", "customer_clv"];

/// What is asked for of lifetime values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asked {
    /// Nothing: no model is fitted.
    Nothing,
    /// Fits, and the value of each customer in each period; no table of customers.
    Values,
    /// Both tables whole.
    Tables,
}

impl Asked {
    /// By the settings and the SQL files of a workspace.
    pub fn of(config: &Config, queries: &Queries) -> Self {
        if wanted(queries) {
            Self::Tables
        } else if config.clv.fit || config.value.basis == Basis::Clv {
            Self::Values
        } else {
            Self::Nothing
        }
    }
}

/// What lifetime values come to.
#[derive(Debug)]
pub struct Provided {
    /// Of every customer in every period.
    pub lifetimes: Lifetimes,
    /// What is to be said of them.
    pub said: Diagnostics,
}

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
/// The table of customers stays empty where [`Asked::Values`] is all.
///
/// # Errors
/// When the engine fails.
pub fn provide(
    engine: &Engine,
    files: &Files,
    timeline: &Timeline,
    settings: Settings,
    asked: Asked,
) -> Result<Provided, Diagnostics> {
    let portfolio = portfolio(engine, files)?;
    let mut lifetimes = Lifetimes::of(&portfolio);
    let mut valuer = Valuer::new(&portfolio, settings);
    let (mut fits, mut customers) = (Vec::new(), Vec::new());
    let (mut said, mut earlier) = (Diagnostics::new(), Vec::new());
    for period in &timeline.periods {
        let span = span(timeline, *period, settings.window_months);
        let valuation = valuer.value(span);
        fits.push(fit_rows(*period, &valuation)?);
        if asked == Asked::Tables {
            customers.push(customer_rows(*period, &portfolio, &valuation.customers)?);
        }
        lifetimes.add(*period, &valuation);
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
    Ok(Provided { lifetimes, said })
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
