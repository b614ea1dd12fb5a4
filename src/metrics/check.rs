//! Plans every SQL file with the types it will meet, without reading an input.

use std::sync::Arc;

use chrono::NaiveDate;
use datafusion::arrow::array::{ArrayRef, Date32Array, RecordBatch, new_null_array};
use datafusion::arrow::datatypes::{DataType, Date32Type, SchemaRef};

use super::{CustomerPeriods, prepare, timeline};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::engine::{Engine, Measure, Options, Plans, internal, measures};
use crate::identity;
use crate::tables::{self, InputTable};
use crate::workspace::Workspace;

/// What the SQL files will give, whatever the inputs.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// The columns of the facts that rules read.
    pub facts: SchemaRef,
    /// The measures, their names, dimensions and kinds; without rows to speak of.
    pub measures: Vec<Measure>,
    /// How each SQL file is run.
    pub plans: Plans,
}

/// How far queries are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trial {
    /// Names and types: who goes on to run them finds the little that is left to find.
    Planned,
    /// Run over next to nothing.
    Ran,
}

/// Tries all queries over tables that are empty but for one transaction without a customer, so that
/// every file is read, ordered, typed and planned just as in a run.
///
/// # Errors
/// Everything wrong with any of the files.
pub fn plan(workspace: &Workspace, trial: Trial) -> Result<Planned, Diagnostics> {
    let mut workspace = workspace.clone();
    workspace.config.calendar.period = None;
    workspace.config.calendar.data_to = None;
    // Deriving the window would need purchases.
    workspace.config.activity.window_months = workspace.config.activity.window_months.or(Some(12));
    let engine = Engine::new(&Options {
        threads: Some(1),
        plans_only: trial == Trial::Planned,
        ..Options::default()
    })?;
    let inputs = sample(workspace.config.client.currency.scale())?;
    let (timeline, _) = timeline(&workspace, &inputs)?;
    let prepared = prepare(&engine, &workspace, timeline, &inputs)?;
    identity::provide_inventory(&engine, &workspace.files)?;
    let mut customers = CustomerPeriods::compute(&engine, &prepared, &workspace.config)?;
    customers.register(&engine, &prepared.queries, |_| Ok(Vec::new()))?;
    let (measures, problems) = measures(&engine, &prepared.queries, &prepared.supplied);
    if problems.has_errors() {
        return Err(problems);
    }
    Ok(Planned {
        facts: Arc::clone(&customers.schema),
        measures,
        plans: engine.plans(),
    })
}

/// One transaction that is nobody's, at the end of a quarter in any fiscal calendar's sense of it.
fn sample(money_scale: i8) -> Result<Vec<InputTable>, Diagnostic> {
    let day = NaiveDate::from_ymd_opt(2000, 1, 1).ok_or_else(|| internal("no such day"))?;
    let mut tables = Vec::new();
    for spec in tables::all()
        .iter()
        .filter(|spec| spec.name == "transactions")
    {
        let schema = spec.schema(money_scale);
        let columns: Vec<ArrayRef> = schema
            .fields()
            .iter()
            .map(|field| match field.data_type() {
                DataType::Date32 if field.name() == "date" => {
                    Arc::new(Date32Array::from(vec![Date32Type::from_naive_date(day)]))
                }
                kind if field.is_nullable() => new_null_array(kind, 1),
                kind => empty_value(kind),
            })
            .collect();
        let batch = RecordBatch::try_new(schema, columns).map_err(internal)?;
        tables.push(InputTable {
            spec,
            batches: vec![batch],
        });
    }
    Ok(tables)
}

/// A value for a column that takes no null: the origin of a row.
fn empty_value(kind: &DataType) -> ArrayRef {
    use datafusion::arrow::array::{DictionaryArray, Int64Array};
    use datafusion::arrow::datatypes::Int32Type;
    match kind {
        DataType::Dictionary(_, _) => {
            Arc::new(std::iter::once("").collect::<DictionaryArray<Int32Type>>())
        }
        _ => Arc::new(Int64Array::from(vec![0])),
    }
}
