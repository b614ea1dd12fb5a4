//! Runs `rules/measures/*.sql` and the derived tables they read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::arrow::array::{Array, AsArray, Float64Array, RecordBatch, StringViewArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type};

use super::facts::run_table;
use super::queries::{Kind, Queries, Query};
use super::session::internal;
use super::{Engine, Measure, MeasureRow, Rows};
use crate::calendar::Quarter;
use crate::diagnostics::codes::engine::{NOT_A_PERIOD, ROWS_PER_KEY, WRONG_COLUMNS};
use crate::diagnostics::{Diagnostic, Diagnostics, Place};

/// Runs all measures over the tables registered, `customer_periods` among them, and registers each
/// under its name. `supplied` are the input tables that there were files for.
///
/// The measures are sorted by name. With the problems of some, the others are still returned.
pub fn measures(
    engine: &Engine,
    queries: &Queries,
    supplied: &BTreeSet<String>,
) -> (Vec<Measure>, Diagnostics) {
    let mut problems = Diagnostics::new();
    let mut failed = BTreeSet::new();
    let mut found = BTreeMap::new();
    for query in queries.late() {
        match run_table(engine, queries, query, &mut failed) {
            Ok(Some(rows)) if query.kind == Kind::Measure => match read(query, &rows) {
                Ok(mut measure) => {
                    measure.reads = queries.reads(query).into_iter().collect();
                    measure.missing_tables =
                        queries.needs(query).difference(supplied).cloned().collect();
                    found.insert(measure.name.clone(), measure);
                }
                Err(wrong) => problems.extend(wrong),
            },
            Ok(_) => {}
            Err(wrong) => problems.extend(wrong),
        }
    }
    (found.into_values().collect(), problems)
}

/// The rows of a measure, its columns checked.
fn read(query: &Query, rows: &Rows) -> Result<Measure, Diagnostics> {
    let columns = Columns::of(query, rows)?;
    let mut found = BTreeMap::new();
    for batch in &rows.batches {
        columns.read(query, batch, &mut found)?;
    }
    Ok(Measure {
        name: query.name.clone(),
        dimensions: columns.dimensions,
        is_ratio: columns.is_ratio,
        rows: found.into_values().collect(),
        reads: Vec::new(),
        missing_tables: Vec::new(),
    })
}

/// What the columns of a measure are for.
struct Columns {
    dimensions: Vec<String>,
    is_ratio: bool,
}

impl Columns {
    fn of(query: &Query, rows: &Rows) -> Result<Self, Diagnostics> {
        let names: Vec<&str> = rows
            .schema
            .fields()
            .iter()
            .map(|f| f.name().as_str())
            .collect();
        let has = |name: &str| names.contains(&name);
        let wrong = |message: String| -> Diagnostics {
            Diagnostic::error(&WRONG_COLUMNS, message)
                .at(Place::File(query.source.path.clone()))
                .help("a measure returns `period`, dimensions, and `value` or `numerator, denominator`")
                .into()
        };
        if !has("period") {
            return Err(wrong(format!("`{}` does not return `period`", query.name)));
        }
        let is_ratio = match (has("value"), has("numerator"), has("denominator")) {
            (true, false, false) => false,
            (false, true, true) => true,
            (false, false, false) => {
                return Err(wrong(format!("`{}` returns no value", query.name)));
            }
            _ => {
                return Err(wrong(format!(
                    "`{}` returns neither `value` alone nor `numerator` and `denominator`",
                    query.name
                )));
            }
        };
        for name in ["value", "numerator", "denominator"] {
            if let Some((_, field)) = rows.schema.column_with_name(name)
                && !field.data_type().is_numeric()
            {
                return Err(wrong(format!(
                    "`{name}` of `{}` is not a number",
                    query.name
                )));
            }
        }
        let used = ["period", "value", "numerator", "denominator"];
        Ok(Self {
            dimensions: names
                .into_iter()
                .filter(|name| !used.contains(name))
                .map(str::to_owned)
                .collect(),
            is_ratio,
        })
    }

    fn read(
        &self,
        query: &Query,
        batch: &RecordBatch,
        found: &mut BTreeMap<(Quarter, Vec<Option<String>>), MeasureRow>,
    ) -> Result<(), Diagnostics> {
        let periods = text(batch, "period")?;
        let dimensions = self
            .dimensions
            .iter()
            .map(|name| text(batch, name))
            .collect::<Result<Vec<_>, _>>()?;
        let values = numbers(batch, "value")?;
        let numerators = numbers(batch, "numerator")?;
        let denominators = numbers(batch, "denominator")?;
        let at = |column: &Option<Float64Array>, row: usize| {
            let column = column.as_ref().filter(|column| column.is_valid(row))?;
            Some(column.value(row)).filter(|value| value.is_finite())
        };
        let place = || Place::File(query.source.path.clone());
        for row in 0..batch.num_rows() {
            let written = if periods.is_valid(row) {
                periods.value(row)
            } else {
                ""
            };
            let period: Quarter = written.parse().map_err(|_| {
                let message = format!("`{}` returns `{written}` as a period", query.name);
                Diagnostic::error(&NOT_A_PERIOD, message).at(place())
            })?;
            let members: Vec<Option<String>> = dimensions
                .iter()
                .map(|column| column.is_valid(row).then(|| column.value(row).to_owned()))
                .collect();
            let (numerator, denominator) = (at(&numerators, row), at(&denominators, row));
            let value = if self.is_ratio {
                quotient(numerator, denominator)
            } else {
                at(&values, row)
            };
            let entry = MeasureRow {
                period,
                members: members.clone(),
                value,
                numerator,
                denominator,
            };
            if found.insert((period, members), entry).is_some() {
                let message = format!("`{}` returns {period} more than once", query.name);
                let problem = Diagnostic::error(&ROWS_PER_KEY, message).at(place());
                return Err(problem
                    .help("group by period and the dimensions; null in a dimension is the total")
                    .into());
            }
        }
        Ok(())
    }
}

/// A ratio, where there is something to divide by.
fn quotient(numerator: Option<f64>, denominator: Option<f64>) -> Option<f64> {
    match (numerator, denominator) {
        (Some(_), Some(0.0)) => None,
        (Some(numerator), Some(denominator)) => Some(numerator / denominator),
        _ => None,
    }
}

/// A column as text; dimensions of other types are written out.
fn text(batch: &RecordBatch, name: &str) -> Result<StringViewArray, Diagnostic> {
    let column = batch
        .column_by_name(name)
        .ok_or_else(|| internal(format!("no column `{name}`")))?;
    let column = cast(column, &DataType::Utf8View).map_err(internal)?;
    Ok(column.as_string_view().clone())
}

/// A column as numbers, none when there is no such column.
fn numbers(batch: &RecordBatch, name: &str) -> Result<Option<Float64Array>, Diagnostic> {
    let Some(column) = batch.column_by_name(name) else {
        return Ok(None);
    };
    let column = cast(column, &DataType::Float64).map_err(internal)?;
    Ok(Some(Arc::new(column).as_primitive::<Float64Type>().clone()))
}
