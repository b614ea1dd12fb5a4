//! The whole way from transactions to measures, on data whose figures were got elsewhere.

mod cdnow;
mod clv;
mod documented;
mod hand_worked;
mod next_best;
mod operations;
mod oracle;
mod portfolio;
mod potential;
mod profit;
mod relationship;
mod scores;
mod segments;
mod service;
mod sql_files;
mod wallet;

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, DictionaryArray, Int64Array, RecordBatch, StringArray,
    StringViewArray,
};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Int32Type};

use super::{CustomerPeriods, Prepared, prepare};
use crate::diagnostics::{Diagnostic, Diagnostics, Place, Source};
use crate::engine::{Engine, Measure, Options, measures};
use crate::tables::{self, InputTable};
use crate::workspace::{Config, Files, Workspace};

/// A workspace of the shipped files with some settings.
fn workspace(settings: &str) -> Workspace {
    let mut problems = Diagnostics::new();
    let source = Source::new("quarterdeck.toml", settings);
    let config = Config::parse(&source, "test", &mut problems);
    assert!(problems.is_empty(), "{problems:?}");
    Workspace {
        root: "test".into(),
        config,
        files: Files::built_in(),
        reader: crate::workspace::Reader::default(),
    }
}

/// An input table from lines of comma-separated values under a line of column names; nothing
/// between two commas is a missing value.
fn table(name: &str, csv: &str) -> InputTable {
    let spec = tables::all()
        .iter()
        .find(|spec| spec.name == name)
        .unwrap_or_else(|| panic!("no table {name}"));
    let schema = spec.schema(2);
    let mut lines = csv.lines().map(str::trim).filter(|line| !line.is_empty());
    let header: Vec<&str> = lines.next().unwrap().split(',').map(str::trim).collect();
    for column in &header {
        assert!(schema.column_with_name(column).is_some(), "{name}.{column}");
    }
    let rows: Vec<Vec<&str>> = lines
        .map(|line| line.split(',').map(str::trim).collect())
        .collect();
    let columns: Vec<ArrayRef> = schema
        .fields()
        .iter()
        .map(|field| match field.name().as_str() {
            "source_file" | "source_sheet" => {
                let name = std::iter::repeat_n("test.csv", rows.len());
                Arc::new(name.collect::<DictionaryArray<Int32Type>>()) as ArrayRef
            }
            "source_row" => Arc::new(Int64Array::from_iter_values(2..rows.len() as i64 + 2)),
            column => {
                let at = header.iter().position(|name| name == &column);
                let values: StringArray = rows
                    .iter()
                    .map(|row| at.map(|at| row[at]).filter(|value| !value.is_empty()))
                    .collect();
                cast(&values, field.data_type()).unwrap()
            }
        })
        .collect();
    InputTable {
        spec,
        batches: vec![RecordBatch::try_new(schema, columns).unwrap()],
    }
}

/// All that a run computes.
struct Outcome {
    engine: Engine,
    prepared: Prepared,
    customers: CustomerPeriods,
    measures: BTreeMap<String, Measure>,
}

fn run(workspace: &Workspace, inputs: &[InputTable]) -> Outcome {
    let (engine, prepared, customers) = facts(workspace, inputs);
    good(
        customers
            .clone()
            .register(&engine, &prepared.queries, |_| Ok(Vec::new())),
    );
    let (found, problems) = measures(&engine, &prepared.queries, &prepared.supplied);
    good(if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    });
    Outcome {
        engine,
        prepared,
        customers,
        measures: found.into_iter().map(|m| (m.name.clone(), m)).collect(),
    }
}

/// All that comes before the rules.
fn facts(workspace: &Workspace, inputs: &[InputTable]) -> (Engine, Prepared, CustomerPeriods) {
    let engine = Engine::new(&Options::default()).unwrap();
    let (timeline, _) = crate::metrics::timeline(workspace, inputs).unwrap();
    let prepared = good(prepare(&engine, workspace, timeline, inputs));
    let customers = good(CustomerPeriods::compute(
        &engine,
        &prepared,
        &workspace.config,
    ));
    (engine, prepared, customers)
}

/// The rows of all periods together.
fn whole(customers: &CustomerPeriods) -> RecordBatch {
    let batches: Vec<RecordBatch> = customers
        .periods()
        .map(|block| block.unwrap().batch)
        .collect();
    datafusion::arrow::compute::concat_batches(&customers.schema, &batches).unwrap()
}

/// Registers the customers with segments, one for each row of [`whole`].
fn register_with(
    customers: &CustomerPeriods,
    engine: &Engine,
    prepared: &Prepared,
    segments: &StringViewArray,
) {
    let field = Field::new("segment", DataType::Utf8View, true);
    let mut first = 0;
    good(
        customers
            .clone()
            .register(engine, &prepared.queries, |block| {
                let rows = block.batch.num_rows();
                let column: ArrayRef = Arc::new(segments.slice(first, rows));
                first += rows;
                Ok(vec![(field.clone(), column)])
            }),
    );
}

/// What was asked for, or a panic that says each problem in a line.
fn good<T>(result: Result<T, Diagnostics>) -> T {
    result.unwrap_or_else(|problems| {
        let lines: Vec<String> = problems.iter().map(said).collect();
        panic!("{}", lines.join("\n"))
    })
}

/// A problem as `code place: message; help`.
fn said(problem: &Diagnostic) -> String {
    let place = problem
        .place
        .as_ref()
        .map(Place::to_string)
        .unwrap_or_default();
    let help = problem.help.as_deref().unwrap_or("-");
    format!("{} {place}: {}; {help}", problem.code.name, problem.message)
}

impl Outcome {
    /// The rows of a query, one line each, cells between commas.
    fn lines(&self, sql: &str) -> Vec<String> {
        let rows = self.engine.ad_hoc(sql).unwrap();
        let mut out = Vec::new();
        crate::engine::write_rows(&rows, crate::engine::Format::Csv, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        text.lines().skip(1).map(str::to_owned).collect()
    }

    /// The total of a measure in a period.
    fn value(&self, measure: &str, period: &str) -> Option<f64> {
        let measure = &self.measures[measure];
        measure.total(period.parse().unwrap()).unwrap().value
    }

    /// Numerator and denominator of a measure in a period, in total.
    fn parts(&self, measure: &str, period: &str) -> (Option<f64>, Option<f64>) {
        let row = self.measures[measure]
            .total(period.parse().unwrap())
            .unwrap();
        (row.numerator, row.denominator)
    }

    /// The value of a measure for one member.
    fn member(&self, measure: &str, period: &str, member: &str) -> Option<f64> {
        let rows = &self.measures[measure].rows;
        rows.iter()
            .find(|row| {
                row.period == period.parse().unwrap()
                    && row.members.iter().flatten().any(|m| m == member)
            })
            .unwrap_or_else(|| panic!("no {member} in {measure} of {period}"))
            .value
    }
}

/// What a text column holds in a row.
fn text_at(batch: &RecordBatch, column: &str, row: usize) -> String {
    let column = batch.column_by_name(column).unwrap();
    let column = cast(column, &DataType::Utf8).unwrap();
    let column = column.as_string::<i32>();
    if column.is_valid(row) {
        column.value(row).to_owned()
    } else {
        "null".to_owned()
    }
}
