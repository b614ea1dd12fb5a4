//! Everything queries can read before the first of them runs: input tables, periods, settings.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use datafusion::arrow::array::{
    ArrayRef, AsArray, Date32Array, Decimal128Array, Float64Array, Int64Array, RecordBatch,
    StringViewArray,
};
use datafusion::arrow::compute::{max, min};
use datafusion::arrow::datatypes::{Date32Type, Schema};

use super::{ActivityWindow, ListedColumns, Timeline, clv, next_best, published, rfm};
use crate::calendar::{FiscalCalendar, Quarter};
use crate::diagnostics::codes::engine::NO_DATED_TRANSACTIONS;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::engine::{Engine, Queries, internal};
use crate::identity;
use crate::tables::{self, InputTable};
use crate::workspace::{ChargedCost, Config, OrderUnit, Workspace};

/// The tables the program itself provides beside the input tables.
pub const PROVIDED: [&str; 15] = [
    "periods",
    "period_names",
    "settings",
    "supplied_tables",
    "published_closings",
    "published_customers",
    "clv_fits",
    "customer_clv",
    next_best::PAIRS,
    next_best::SUGGESTIONS,
    "merged_customers",
    "merged_rows",
    "likely_matches",
    "customer_groups",
    "customer_inventory",
];

/// Decimals a share is kept with in `settings`.
const SHARE_SCALE: i8 = 6;

/// What is known before the first query runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// The periods.
    pub timeline: Timeline,
    /// What makes a customer active.
    pub window: ActivityWindow,
    /// The SQL files, in order.
    pub queries: Queries,
    /// Input tables that there were files for.
    pub supplied: BTreeSet<String>,
    /// Cut points of RFM scores that do not move with the customers.
    pub frozen: rfm::Frozen,
    /// What the customers sheet says by which peers are told.
    pub listed: Arc<ListedColumns>,
    /// What customers are worth to come; none where nobody asks.
    pub lifetimes: Option<Arc<clv::Lifetimes>>,
    /// The history is short.
    pub warnings: Diagnostics,
}

/// Orders the queries and registers the input tables, those not supplied as empty, and
///
/// * `periods(period, starts, ends, period_no)`, numbered from 1;
/// * `period_names(name, period, quarters)`: which periods a period as written (`2026-Q3`, the
///   calendar month `2026-09`, `2026-H1`, `2026`) falls in, and into how many quarters its amounts
///   are to be spread;
/// * `settings(activity_window_months, rfm_window_months, rfm_monetary, order_unit, margin, currency, language,
///   reported_period, data_from, data_to, clv_discount_rate, clv_horizon_months, clv_margin, clv_retention_uplift,
///   clv_required_margin, charged_costs, cost_pool_months, return_lag_quarters, return_allocated_by, scorecard_middle_from,
///   scorecard_high_from)`, one row; `data_from` is
///   the day of the first transaction, `data_to` the day until which the data are complete, at most the
///   end of the reported period;
/// * `supplied_tables(name)`: the input tables that there were files for;
/// * the tables of [`identity::register`], without rows: who knows who is who registers them anew;
/// * `published_closings` and `published_customers`, without rows: [`super::PublishedClosing`] fills
///   them;
/// * `clv_fits` and `customer_clv`, of [`clv::provide`]: without rows where no query reads them;
/// * `product_pairs` and `next_best_products`, of [`next_best::provide`]: likewise.
///
/// Of `inputs` nothing may lie after the timeline's end.
///
/// # Errors
/// Everything wrong with the queries and the frozen cut points.
pub fn prepare(
    engine: &Engine,
    workspace: &Workspace,
    timeline: Timeline,
    inputs: &[InputTable],
) -> Result<Prepared, Diagnostics> {
    let names = tables::all().iter().map(|spec| spec.name);
    let mut problems = Diagnostics::new();
    let frozen = rfm::Frozen::read(&workspace.files, &workspace.config, &mut problems);
    let queries = match Queries::of(&workspace.files, names, &PROVIDED) {
        Ok(queries) if !problems.has_errors() => queries,
        Ok(_) => return Err(problems),
        Err(found) => {
            problems.extend(found);
            return Err(problems);
        }
    };

    let supplied = register_inputs(engine, &workspace.config, inputs)?;
    identity::register(engine, None, &identity::Identities::default())?;
    register(engine, "supplied_tables", supplied_columns(&supplied))?;
    register(engine, "periods", period_columns(&timeline))?;
    register(engine, "period_names", name_columns(&timeline))?;
    let set = workspace.config.activity.window_months;
    let window = ActivityWindow::of(set, engine, &workspace.files)?;
    let settings = setting_columns(&workspace.config, &timeline, window);
    register(engine, "settings", settings)?;
    published::register_empty(engine)?;

    let mut warnings = Diagnostics::new();
    warnings.extend(timeline.short_history(window.months));
    let mut lifetimes = None;
    match clv::Asked::of(&workspace.config, &queries) {
        clv::Asked::Nothing => clv::register_empty(engine)?,
        asked => {
            let settings = clv::Settings::of(&workspace.config, window.months);
            let provided = clv::provide(engine, &workspace.files, &timeline, settings, asked)?;
            warnings.extend(provided.said);
            lifetimes = Some(Arc::new(provided.lifetimes));
        }
    }
    let listed = Arc::new(ListedColumns::read(engine, &workspace.config.value)?);
    let wanted = next_best::Wanted::by_queries(&queries);
    let settings = workspace.config.next_best_product;
    warnings.extend(next_best::provide(engine, &timeline, settings, wanted)?);
    Ok(Prepared {
        timeline,
        window,
        queries,
        supplied,
        frozen,
        listed,
        lifetimes,
        warnings,
    })
}

/// The periods that the transactions cover, with a warning where the one to report is not complete.
///
/// # Errors
/// When there are no transactions, or none in the period asked for.
pub fn timeline(
    workspace: &Workspace,
    inputs: &[InputTable],
) -> Result<(Timeline, Option<Diagnostic>), Diagnostic> {
    let (first, last) = extent(inputs).ok_or_else(|| {
        Diagnostic::error(
            &NO_DATED_TRANSACTIONS,
            "there are no transactions with a date",
        )
        .help("put a file with customer, date and amount into the inbox")
    })?;
    Timeline::new(&workspace.config, None, first, last)
}

/// The days of the first and the last transaction.
fn extent(inputs: &[InputTable]) -> Option<(NaiveDate, NaiveDate)> {
    let days = |pick: fn(&Date32Array) -> Option<i32>| {
        inputs
            .iter()
            .filter(|table| table.spec.name == "transactions")
            .flat_map(|table| &table.batches)
            .filter_map(move |batch| pick(batch.column_by_name("date")?.as_primitive_opt()?))
    };
    let first = days(min::<Date32Type>).min()?;
    let last = days(max::<Date32Type>).max()?;
    Some((
        Date32Type::to_naive_date_opt(first)?,
        Date32Type::to_naive_date_opt(last)?,
    ))
}

/// Registers every canonical table; the names of those with files.
fn register_inputs(
    engine: &Engine,
    config: &Config,
    inputs: &[InputTable],
) -> Result<BTreeSet<String>, Diagnostic> {
    let mut supplied = BTreeSet::new();
    for spec in tables::all() {
        let schema = spec.schema(config.client.currency.scale());
        let given: Vec<RecordBatch> = inputs
            .iter()
            .filter(|table| table.spec.name == spec.name)
            .flat_map(|table| table.batches.iter().cloned())
            .collect();
        if inputs.iter().any(|table| table.spec.name == spec.name) {
            supplied.insert(spec.name.to_owned());
        }
        engine.register(spec.name, schema, &given)?;
    }
    Ok(supplied)
}

type Columns = Vec<(&'static str, ArrayRef)>;

fn register(engine: &Engine, name: &str, columns: Columns) -> Result<(), Diagnostic> {
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns
            .into_iter()
            .map(|(column, values)| (column, values, true)),
    )
    .map_err(internal)?;
    let schema: Arc<Schema> = batch.schema();
    engine.register(name, schema, &[batch])
}

fn text<T: AsRef<str>>(values: impl IntoIterator<Item = T>) -> ArrayRef {
    Arc::new(StringViewArray::from_iter_values(values))
}

fn dates(values: impl IntoIterator<Item = NaiveDate>) -> ArrayRef {
    let days = values.into_iter().map(Date32Type::from_naive_date);
    Arc::new(Date32Array::from_iter_values(days))
}

fn whole(values: impl IntoIterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

fn share(value: Option<f64>) -> ArrayRef {
    Arc::new(Float64Array::from_iter([value]))
}

fn supplied_columns(supplied: &BTreeSet<String>) -> Columns {
    vec![("name", text(supplied))]
}

fn period_columns(timeline: &Timeline) -> Columns {
    let (periods, fiscal) = (&timeline.periods, timeline.fiscal);
    vec![
        ("period", text(periods.iter().map(Quarter::to_string))),
        ("starts", dates(periods.iter().map(|q| fiscal.starts(*q)))),
        ("ends", dates(periods.iter().map(|q| fiscal.ends(*q)))),
        ("period_no", whole(1..=periods.len() as i64)),
    ]
}

/// Every way to write a period that falls into the timeline.
fn name_columns(timeline: &Timeline) -> Columns {
    let rows: Vec<(String, Quarter, i64)> = timeline
        .periods
        .iter()
        .flat_map(|quarter| names_of(timeline.fiscal, *quarter))
        .collect();
    vec![
        ("name", text(rows.iter().map(|row| row.0.as_str()))),
        ("period", text(rows.iter().map(|row| row.1.to_string()))),
        ("quarters", whole(rows.iter().map(|row| row.2))),
    ]
}

fn names_of(fiscal: FiscalCalendar, quarter: Quarter) -> Vec<(String, Quarter, i64)> {
    let (year, half) = (quarter.year, quarter.number.div_ceil(2));
    let mut names = vec![
        (quarter.to_string(), quarter, 1),
        (format!("{year:04}-H{half}"), quarter, 2),
        (format!("{year:04}"), quarter, 4),
    ];
    names.extend((0..3).filter_map(|month| {
        let day = fiscal
            .starts(quarter)
            .checked_add_months(chrono::Months::new(month))?;
        Some((format!("{:04}-{:02}", day.year(), day.month()), quarter, 1))
    }));
    names
}

fn setting_columns(config: &Config, timeline: &Timeline, window: ActivityWindow) -> Columns {
    let margin = config.value.margin.unwrap_or(1.0);
    let scaled = (margin * 10f64.powi(i32::from(SHARE_SCALE))).round() as i128;
    let margin = Decimal128Array::from_iter_values([scaled]).with_data_type(
        datafusion::arrow::datatypes::DataType::Decimal128(38, SHARE_SCALE),
    );
    let order_unit = match config.order_unit {
        OrderUnit::Day => "day",
        OrderUnit::Invoice => "invoice",
    };
    let charge = &config.profitability.charge;
    let charged = charge.iter().copied().map(ChargedCost::name);
    vec![
        ("activity_window_months", whole([i64::from(window.months)])),
        (
            "rfm_window_months",
            whole([i64::from(config.rfm.window_months)]),
        ),
        ("rfm_monetary", text([config.rfm.monetary.name()])),
        ("order_unit", text([order_unit])),
        ("margin", Arc::new(margin)),
        ("currency", text([&config.client.currency.code])),
        ("language", text([config.client.language.code()])),
        ("reported_period", text([timeline.reported.to_string()])),
        ("data_from", dates([timeline.first_day])),
        ("data_to", dates([timeline.last_day.min(timeline.ends())])),
        ("clv_discount_rate", share(Some(config.clv.discount_rate))),
        (
            "clv_horizon_months",
            whole([i64::from(config.clv.horizon_months)]),
        ),
        ("clv_margin", share(config.clv.margin)),
        (
            "clv_retention_uplift",
            share(Some(config.clv.retention_uplift)),
        ),
        (
            "clv_required_margin",
            share(Some(config.clv.required_margin)),
        ),
        (
            "scorecard_middle_from",
            share(Some(config.customer_scorecard.middle_from)),
        ),
        (
            "scorecard_high_from",
            share(Some(config.customer_scorecard.high_from)),
        ),
        (
            "charged_costs",
            text([charged.collect::<Vec<_>>().join(" ")]),
        ),
        (
            "cost_pool_months",
            whole([i64::from(config.profitability.cost_pool_months)]),
        ),
        (
            "return_lag_quarters",
            whole([i64::from(config.return_on_relationship.lag_quarters)]),
        ),
        (
            "return_allocated_by",
            text([config.return_on_relationship.allocate.name().to_owned()]),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::YearLabel;

    /// With a fiscal year from October, the first quarter of 2027 starts in calendar 2026.
    #[test]
    fn a_period_goes_by_many_names() {
        let fiscal = FiscalCalendar::new(10, YearLabel::End).unwrap();
        let quarter: Quarter = "2027-Q1".parse().unwrap();
        let names: Vec<(String, i64)> = names_of(fiscal, quarter)
            .into_iter()
            .map(|(name, _, quarters)| (name, quarters))
            .collect();
        let expected = [
            ("2027-Q1", 1),
            ("2027-H1", 2),
            ("2027", 4),
            ("2026-10", 1),
            ("2026-11", 1),
            ("2026-12", 1),
        ];
        assert_eq!(names, expected.map(|(name, n)| (name.to_owned(), n)));
    }
}
