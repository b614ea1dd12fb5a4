//! `customer_periods`: all facts about each customer in each period, with scores and value, and in
//! the end what the rules assigned.

use std::ops::Range;
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Decimal128Array, Int64Array, RecordBatch, StringViewArray,
    UInt64Array, new_null_array,
};
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::{DataType, Decimal128Type, Field, Int64Type, Schema};

use super::{Prepared, rfm};
use crate::calendar::Quarter;
use crate::diagnostics::codes::engine::{FEW_CUSTOMERS, NAME_CLASH, WRONG_COLUMNS};
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::engine::{BASE, CUSTOMER_PERIODS, Engine, customer_facts, internal};
use crate::workspace::{Config, RfmMethod};

/// What `actual_value` is, since it depends on what the client records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueBasis {
    /// Contribution of the last twelve months.
    Contribution,
    /// Net revenue of the last twelve months times the margin the client set.
    Margin,
    /// Net revenue of the last twelve months.
    Revenue,
}

/// The rows of one period, and what was found over all of them.
#[derive(Debug, Clone, PartialEq)]
pub struct PeriodRows {
    /// The period.
    pub period: Quarter,
    /// Its rows in the batch.
    pub rows: Range<usize>,
    /// Where recency, frequency and monetary value were cut.
    pub cuts: rfm::Cuts,
    /// What counts as no value at all, up and down from zero: `[value] band`, or 1 % of the mean
    /// positive actual value. In currency units.
    pub value_band: f64,
}

/// All facts per customer and period.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerPeriods {
    /// One row per customer and period, sorted by period, then customer.
    pub batch: RecordBatch,
    /// Its periods in order.
    pub periods: Vec<PeriodRows>,
    /// What `actual_value` is.
    pub value_basis: ValueBasis,
    /// How scores were cut, the same in every period.
    pub rfm_method: RfmMethod,
    /// Whether that was chosen because customers are few.
    too_few: bool,
}

/// The columns that rules fill, always there.
fn assigned_columns() -> [Field; 4] {
    [
        Field::new("segment", DataType::Utf8View, true),
        Field::new("segment_reason", DataType::Utf8View, true),
        Field::new("strength", DataType::Float64, true),
        Field::new("attractiveness", DataType::Float64, true),
    ]
}

/// The columns this module adds to the facts.
const ADDED: [&str; 6] = [
    "recency_score",
    "frequency_score",
    "monetary_score",
    "actual_value",
    "potential_value",
    "opening_segment",
];

impl CustomerPeriods {
    /// Runs the derived tables and facts, scores every row among those of its period, and values it:
    /// `recency_score, frequency_score, monetary_score` (1 to 5), `actual_value` and
    /// `potential_value` (money; the latter is left to those who model it, and null here).
    ///
    /// # Errors
    /// Everything wrong with the queries.
    pub fn compute(
        engine: &Engine,
        prepared: &Prepared,
        config: &Config,
    ) -> Result<Self, Diagnostics> {
        let facts = customer_facts(engine, &prepared.queries)?;
        refuse_taken_names(prepared, &facts)?;
        let blocks = blocks(text(&facts, "period")?)?;
        let (values, value_basis) = actual_values(&facts, config)?;
        let reported = blocks.last().map_or(0, |(_, rows)| rows.len());
        let rfm_method = config.rfm.method.unwrap_or_default();
        let mut scores = Scores::default();
        let mut periods = Vec::with_capacity(blocks.len());
        for (period, rows) in blocks {
            let cuts = scores.add(&facts, rows.clone(), rfm_method)?;
            let value_band = match config.value.band {
                Some(band) => band,
                None => mean_positive(&values, rows.clone()) / 100.0,
            };
            periods.push(PeriodRows {
                period,
                rows,
                cuts,
                value_band,
            });
        }
        let unknown = new_null_array(values.data_type(), values.len());
        let added: [(&str, ArrayRef); 5] = [
            ("recency_score", Arc::new(Int64Array::from(scores.recency))),
            (
                "frequency_score",
                Arc::new(Int64Array::from(scores.frequency)),
            ),
            (
                "monetary_score",
                Arc::new(Int64Array::from(scores.monetary)),
            ),
            ("actual_value", Arc::new(values)),
            ("potential_value", unknown),
        ];
        let added = added
            .into_iter()
            .map(|(name, array)| (Field::new(name, array.data_type().clone(), true), array))
            .collect();
        Ok(Self {
            batch: with_columns(&facts, added)?,
            periods,
            value_basis,
            rfm_method,
            too_few: config.rfm.method.is_none() && reported < rfm::ENOUGH,
        })
    }

    /// Says so where customers are too few for quintiles, and the client has not chosen them.
    pub fn few_customers(&self) -> Option<Diagnostic> {
        let last = self.periods.last().filter(|_| self.too_few)?;
        let message = format!(
            "{} customers in {} are too few for fifths: scores of recency, frequency and monetary \
             value from 1 to 5 are mostly noise",
            last.rows.len(),
            last.period
        );
        let help = "set `[rfm] method = \"thirds\"`, which scores 1, 3 and 5, or \"quantile\" to keep fifths";
        Some(Diagnostic::info(&FEW_CUSTOMERS, message).help(help))
    }

    /// Registers `customer_periods`: the facts with what the rules assigned (columns of as many rows
    /// in the same order; one of a name that is there already takes its place), and
    /// `opening_segment`, the segment in the period before. Columns of the contract that the rules
    /// left out are null. Returns the table as registered.
    ///
    /// # Errors
    /// When a column has another number of rows.
    pub fn register(
        &self,
        engine: &Engine,
        assigned: Vec<(Field, ArrayRef)>,
    ) -> Result<RecordBatch, Diagnostics> {
        let mut columns = assigned;
        for field in assigned_columns() {
            if !columns
                .iter()
                .any(|(given, _)| given.name() == field.name())
            {
                let nothing = new_null_array(field.data_type(), self.batch.num_rows());
                columns.push((field, nothing));
            }
        }
        let before = self.rows_before()?;
        if let Some((_, segments)) = columns.iter().find(|(field, _)| field.name() == "segment") {
            let opening = take(segments, &before, None).map_err(internal)?;
            let field = Field::new("opening_segment", opening.data_type().clone(), true);
            columns.push((field, opening));
        }
        let batch = with_columns(&self.batch, columns)?;
        engine.register(
            CUSTOMER_PERIODS,
            batch.schema(),
            std::slice::from_ref(&batch),
        )?;
        Ok(batch)
    }

    /// For each row, that of the same customer in the period before; none for the first.
    fn rows_before(&self) -> Result<UInt64Array, Diagnostic> {
        let customers = text(&self.batch, "customer_id")?;
        let mut earlier: Vec<Option<u64>> = Vec::with_capacity(customers.len());
        let mut previous: Option<&PeriodRows> = None;
        for block in &self.periods {
            let mut next = previous.map_or(0..0, |block| block.rows.clone());
            if previous.is_some_and(|block_before| block_before.period.plus(1) != block.period) {
                next = 0..0;
            }
            for row in block.rows.clone() {
                while next.start < next.end && customers.value(next.start) < customers.value(row) {
                    next.start += 1;
                }
                let same =
                    next.start < next.end && customers.value(next.start) == customers.value(row);
                earlier.push(same.then_some(next.start as u64));
            }
            previous = Some(block);
        }
        Ok(UInt64Array::from(earlier))
    }
}

/// A fact may not have the name of what is added to the facts.
fn refuse_taken_names(prepared: &Prepared, facts: &RecordBatch) -> Result<(), Diagnostics> {
    let mut problems = Diagnostics::new();
    let assigned = assigned_columns();
    let schema = facts.schema();
    let taken = ADDED
        .into_iter()
        .chain(assigned.iter().map(|field| field.name().as_str()))
        .filter(|name| schema.column_with_name(name).is_some());
    for name in taken {
        let message = format!("the fact `{name}` is given by quarterdeck or the rules");
        let giver = prepared
            .queries
            .facts()
            .chain(prepared.queries.early().filter(|query| query.name == BASE))
            .find_map(|query| {
                let at = query.source.text.rfind(name)?;
                Some(Place::text(&query.source, at..at + name.len()))
            });
        let problem = Diagnostic::error(&NAME_CLASH, message).help("rename the column with `as`");
        problems.push(match giver {
            Some(place) => problem.at(place),
            None => problem,
        });
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

/// The rows of each period, which stand together.
fn blocks(periods: &StringViewArray) -> Result<Vec<(Quarter, Range<usize>)>, Diagnostic> {
    let mut blocks: Vec<(Quarter, Range<usize>)> = Vec::new();
    let mut start = 0;
    while start < periods.len() {
        let written = periods.value(start);
        let period: Quarter = written.parse().map_err(|reason: String| {
            Diagnostic::error(
                &WRONG_COLUMNS,
                format!("`{BASE}` returns a wrong period: {reason}"),
            )
        })?;
        let end = (start..periods.len())
            .find(|row| periods.value(*row) != written)
            .unwrap_or(periods.len());
        blocks.push((period, start..end));
        start = end;
    }
    Ok(blocks)
}

/// The scores of all rows so far.
#[derive(Default)]
struct Scores {
    recency: Vec<i64>,
    frequency: Vec<i64>,
    monetary: Vec<i64>,
}

impl Scores {
    /// Scores the rows of a period among each other.
    fn add(
        &mut self,
        facts: &RecordBatch,
        rows: Range<usize>,
        method: RfmMethod,
    ) -> Result<rfm::Cuts, Diagnostic> {
        let whole = |name: &str| -> Result<Vec<i128>, Diagnostic> {
            let column = column(facts, name)?.as_primitive_opt::<Int64Type>();
            let column = column.ok_or_else(|| wrong_type(name, "whole numbers"))?;
            Ok(rows
                .clone()
                .map(|row| i128::from(column.value(row)))
                .collect())
        };
        let (recency, recency_cuts) = rfm::recency(method, &whole("recency_days")?);
        let (frequency, frequency_cuts) = rfm::rising(method, &whole("frequency")?, 1);
        let (amounts, scale) = decimals(facts, "monetary")?;
        let amounts: Vec<i128> = rows.clone().map(|row| amounts.value(row)).collect();
        let (monetary, monetary_cuts) = rfm::rising(method, &amounts, power_of_ten(scale));
        self.recency.extend(recency);
        self.frequency.extend(frequency);
        self.monetary.extend(monetary);
        Ok(rfm::Cuts {
            customers: rows.len(),
            recency: recency_cuts,
            frequency: frequency_cuts,
            monetary: monetary_cuts,
        })
    }
}

/// Contribution of the last twelve months where any is known, else revenue times the margin.
fn actual_values(
    facts: &RecordBatch,
    config: &Config,
) -> Result<(Decimal128Array, ValueBasis), Diagnostic> {
    let (contribution, contribution_scale) = decimals(facts, "contribution_12m")?;
    let money_scale = config.client.currency.scale();
    if contribution.null_count() < contribution.len() {
        let values = rescaled(contribution, contribution_scale, money_scale, None);
        return Ok((values, ValueBasis::Contribution));
    }
    let (revenue, revenue_scale) = decimals(facts, "revenue_12m")?;
    let basis = match config.value.margin {
        Some(margin) if margin < 1.0 => ValueBasis::Margin,
        _ => ValueBasis::Revenue,
    };
    let values = rescaled(revenue, revenue_scale, money_scale, config.value.margin);
    Ok((values, basis))
}

/// Millionths, in which a margin is taken.
const MARGIN_UNITS: i128 = 1_000_000;

/// The values in another scale, times a margin, rounded half away from zero.
fn rescaled(values: &Decimal128Array, from: i8, to: i8, margin: Option<f64>) -> Decimal128Array {
    let margin = margin.map_or(MARGIN_UNITS, |m| (m * MARGIN_UNITS as f64).round() as i128);
    let divisor = power_of_ten(from) * MARGIN_UNITS;
    let factor = power_of_ten(to) * margin;
    values
        .iter()
        .map(|value| value.map(|value| divide_half_away(value * factor, divisor)))
        .collect::<Decimal128Array>()
        .with_data_type(DataType::Decimal128(38, to))
}

fn divide_half_away(value: i128, divisor: i128) -> i128 {
    (value + value.signum() * (divisor / 2)) / divisor
}

fn power_of_ten(scale: i8) -> i128 {
    10i128.pow(u32::from(scale.unsigned_abs()))
}

/// The mean of the positive values in some rows, in currency units; zero without any.
fn mean_positive(values: &Decimal128Array, rows: Range<usize>) -> f64 {
    let positive = rows
        .filter(|row| values.is_valid(*row))
        .map(|row| values.value(row))
        .filter(|value| *value > 0);
    let (sum, count) = positive.fold((0i128, 0i128), |(sum, n), value| (sum + value, n + 1));
    if count == 0 {
        return 0.0;
    }
    sum as f64 / count as f64 / power_of_ten(values.scale()) as f64
}

fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef, Diagnostic> {
    batch.column_by_name(name).ok_or_else(|| {
        let message = format!("`{BASE}` does not return `{name}`");
        Diagnostic::error(&WRONG_COLUMNS, message)
            .help("the column is needed for scores and value; see the file that ships")
    })
}

fn text<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a StringViewArray, Diagnostic> {
    column(batch, name)?
        .as_string_view_opt()
        .ok_or_else(|| wrong_type(name, "text"))
}

fn decimals<'a>(
    batch: &'a RecordBatch,
    name: &str,
) -> Result<(&'a Decimal128Array, i8), Diagnostic> {
    let array = column(batch, name)?
        .as_primitive_opt::<Decimal128Type>()
        .ok_or_else(|| wrong_type(name, "an exact amount"))?;
    Ok((array, array.scale()))
}

fn wrong_type(name: &str, wanted: &str) -> Diagnostic {
    let message = format!("`{name}` of `{BASE}` must be {wanted}");
    Diagnostic::error(&WRONG_COLUMNS, message)
}

/// A batch with further columns; one of the same name is replaced.
fn with_columns(
    batch: &RecordBatch,
    added: Vec<(Field, ArrayRef)>,
) -> Result<RecordBatch, Diagnostic> {
    let schema = batch.schema();
    let kept = schema
        .fields()
        .iter()
        .zip(batch.columns())
        .filter(|(field, _)| !added.iter().any(|(new, _)| new.name() == field.name()))
        .map(|(field, array)| (field.as_ref().clone(), Arc::clone(array)));
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = kept.chain(added.iter().cloned()).unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(internal)
}
