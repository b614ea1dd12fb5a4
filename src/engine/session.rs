//! The embedded DataFusion session: tables in, SELECT statements over them, rows out.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use datafusion::arrow::array::{Array, ArrayRef, new_empty_array};
use datafusion::arrow::compute::concat;
use datafusion::arrow::datatypes::{FieldRef, SchemaRef};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::record_batch::{RecordBatch, RecordBatchOptions};
use datafusion::common::{DataFusionError, ScalarValue};
use datafusion::datasource::{MemTable, TableProvider};
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::{SessionState, SessionStateBuilder};
use datafusion::logical_expr::expr::Placeholder;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, ident};
use datafusion::physical_plan::collect;
use datafusion::prelude::{SQLOptions, SessionConfig, SessionContext};

use super::error::{self, Stage};
use super::normalise::normalise;
use super::plans::Plans;
use super::reads;
use super::views::compact_batch;
use super::{one_row_first, statement};
use crate::diagnostics::codes::engine::{ENGINE_FAILED, WRONG_COLUMNS};
use crate::diagnostics::{Diagnostic, Diagnostics, Place, Source};

/// Rows a query works on at a time.
const BATCH_ROWS: usize = 8192;

/// Threads beyond which queries of this size gain nothing.
const MOST_THREADS: usize = 16;

/// Bytes of stack for a thread that may plan a query, which goes as deep as the query does.
const STACK: usize = 8 << 20;

/// Values for which a query runs side by side, each on one thread.
const MOST_AT_ONCE: usize = 4;

/// Functions whose result depends on the clock or on chance.
const NOT_REPEATABLE: [&str; 8] = [
    "now",
    "current_timestamp",
    "current_date",
    "today",
    "current_time",
    "random",
    "uuid",
    "version",
];

/// What the engine may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Bytes that sorts and aggregates may hold before they go to disk; none for no limit.
    pub memory: Option<usize>,
    /// Threads; none for as many as there are cores. The figures do not depend on it.
    pub threads: Option<usize>,
    /// Whether queries are only planned: they give the columns that they would, and no row.
    pub plans_only: bool,
}

/// The rows of a query, its types narrowed to those of the canonical tables.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// Names and types of the columns.
    pub schema: SchemaRef,
    /// The rows, in as many batches as they came in.
    pub batches: Vec<RecordBatch>,
}

impl Rows {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All rows as one batch. Column by column, each piece given up once it is copied.
    pub(crate) fn one(self) -> Result<RecordBatch, Diagnostic> {
        let options = RecordBatchOptions::new().with_row_count(Some(self.len()));
        let mut columns: Vec<Vec<ArrayRef>> =
            self.schema.fields().iter().map(|_| Vec::new()).collect();
        for batch in self.batches {
            for (column, piece) in columns.iter_mut().zip(batch.columns()) {
                column.push(Arc::clone(piece));
            }
        }
        let columns = columns
            .into_iter()
            .zip(self.schema.fields())
            .map(|(pieces, field)| match pieces.as_slice() {
                [] => Ok(new_empty_array(field.data_type())),
                pieces => {
                    let pieces: Vec<&dyn Array> = pieces.iter().map(AsRef::as_ref).collect();
                    concat(&pieces)
                }
            })
            .collect::<Result<_, _>>()
            .map_err(internal)?;
        RecordBatch::try_new_with_options(self.schema, columns, &options).map_err(internal)
    }
}

/// An embedded SQL engine over tables in memory.
pub struct Engine {
    runtime: tokio::runtime::Runtime,
    context: SessionContext,
    threads: usize,
    plans_only: bool,
    plans: Mutex<Plans>,
}

impl Engine {
    /// Starts an engine with no tables.
    ///
    /// # Errors
    /// When threads or the folder for spilled data cannot be had.
    pub fn new(options: &Options) -> Result<Self, Diagnostic> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = options.threads.unwrap_or(cores).clamp(1, MOST_THREADS);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(threads)
            .thread_name("engine")
            .thread_stack_size(STACK)
            .enable_all()
            .build()
            .map_err(internal)?;

        let mut environment = RuntimeEnvBuilder::new();
        if let Some(bytes) = options.memory {
            environment = environment.with_memory_pool(Arc::new(FairSpillPool::new(bytes)));
        }
        let context = context(environment.build_arc().map_err(internal)?);
        Ok(Self {
            runtime,
            context,
            threads,
            plans_only: options.plans_only,
            plans: Mutex::default(),
        })
    }

    /// Makes a table known under a name, in place of an earlier one of that name.
    ///
    /// # Errors
    /// When the batches do not have the schema.
    pub fn register(
        &self,
        name: &str,
        schema: SchemaRef,
        batches: &[RecordBatch],
    ) -> Result<(), Diagnostic> {
        self.put(name, schema, pieces(batches).map_err(internal)?)
    }

    fn put(
        &self,
        name: &str,
        schema: SchemaRef,
        batches: Vec<RecordBatch>,
    ) -> Result<(), Diagnostic> {
        let table = MemTable::try_new(schema, vec![batches]).map_err(internal)?;
        self.deregister(name)?;
        self.context
            .register_table(name, Arc::new(table))
            .map_err(internal)?;
        Ok(())
    }

    /// Forgets a table; whoever still holds its batches keeps them.
    ///
    /// # Errors
    /// Only if the engine fails.
    pub fn deregister(&self, name: &str) -> Result<(), Diagnostic> {
        self.context.deregister_table(name).map_err(internal)?;
        Ok(())
    }

    /// Keeps only these columns of a table, one at least; where it is not there, nothing happens.
    ///
    /// # Errors
    /// Only if the engine fails.
    pub(super) fn narrow(&self, name: &str, columns: &BTreeSet<String>) -> Result<(), Diagnostic> {
        let Some((schema, batches)) = self.content(name) else {
            return Ok(());
        };
        let kept = reads::positions(&schema, columns);
        if kept.len() == schema.fields().len() {
            return Ok(());
        }
        let narrow = batches.iter().map(|batch| batch.project(&kept));
        let narrow = narrow.collect::<Result<_, _>>().map_err(internal)?;
        let schema = Arc::new(schema.project(&kept).map_err(internal)?);
        self.put(name, schema, narrow)
    }

    /// Knows plans that were made elsewhere.
    #[must_use]
    pub fn with_plans(self, plans: Plans) -> Self {
        Self {
            plans: Mutex::new(plans),
            ..self
        }
    }

    /// The plans of the files run so far.
    pub fn plans(&self) -> Plans {
        self.known_plans().clone()
    }

    fn known_plans(&self) -> MutexGuard<'_, Plans> {
        self.plans.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs the one SELECT of a file.
    ///
    /// # Errors
    /// Everything wrong with it, at its place in the file.
    pub fn query(&self, source: &Arc<Source>) -> Result<Rows, Diagnostics> {
        let plan = self.plan(source, Ok)?;
        self.run(source, plan)
    }

    /// Runs a statement typed by a user: SELECT, or a look at tables and plans.
    ///
    /// # Errors
    /// Everything wrong with it, at its place in the text.
    pub fn ad_hoc(&self, sql: &str) -> Result<Rows, Diagnostics> {
        let source = Source::new("query", sql);
        statement::parse(&source, statement::Allowed::Reading)?;
        let plan = self.logical(&source)?;
        let plan = self
            .context
            .state()
            .optimize(&plan)
            .map_err(|failure| self.wrong(&source, &failure, Stage::Planning))?;
        self.run(&source, plan)
    }

    /// The names of all tables there are now, sorted.
    pub fn tables(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .context
            .catalog("datafusion")
            .and_then(|catalog| catalog.schema("public"))
            .map(|schema| schema.table_names())
            .unwrap_or_default();
        names.sort_unstable();
        names
    }

    /// Runs an optimised plan of a text.
    fn run(&self, source: &Arc<Source>, plan: LogicalPlan) -> Result<Rows, Diagnostics> {
        if self.plans_only {
            return Ok(planned(&plan)?);
        }
        let ran = self.runtime.block_on(ran(self.context.state(), plan));
        ran.map_err(|(failure, stage)| self.wrong(source, &failure, stage))
    }

    /// The optimised plan of the one SELECT of a file, as shaped between resolving its names and
    /// optimising it; the one that was made before, where the tables are still the same.
    fn plan(
        &self,
        source: &Arc<Source>,
        shape: impl FnOnce(LogicalPlan) -> Result<LogicalPlan, Diagnostics>,
    ) -> Result<LogicalPlan, Diagnostics> {
        let table = |name: &str| self.provider(name);
        let known = self.known_plans().on(source, table);
        if let Some(plan) = known {
            return Ok(plan);
        }
        statement::parse(source, statement::Allowed::Select)?;
        let plan = shape(self.logical(source)?)?;
        let plan = self
            .context
            .state()
            .optimize(&plan)
            .map_err(|failure| self.wrong(source, &failure, Stage::Planning))?;
        let kept = self.known_plans().keep(source, &plan);
        kept.map_err(internal)?;
        Ok(plan)
    }

    /// Runs the one SELECT of a file once for each row of `pieces`, for the rows whose `column` is as
    /// there; those of the first piece come first, and those of each are one batch. `$name` in the
    /// file is the value of the column of that name in `pieces`.
    ///
    /// # Errors
    /// Everything wrong with it, at its place in the file.
    pub(super) fn query_by(
        &self,
        source: &Arc<Source>,
        column: &str,
        pieces: &RecordBatch,
    ) -> Result<Rows, Diagnostics> {
        let schema = pieces.schema();
        let kind = schema.field_with_name(column).map_err(internal)?.clone();
        let kind = Arc::new(kind.with_nullable(false));
        // Optimised once, with the value left open: that takes longer than many a piece runs.
        let open = self.plan(source, |plan| {
            if !plan.schema().has_column_with_unqualified_name(column) {
                return Err(unknown_piece(source, column).into());
            }
            LogicalPlanBuilder::from(plan)
                .filter(ident(column).eq(parameter(column, kind)))
                .and_then(LogicalPlanBuilder::build)
                .map_err(|failure| self.wrong(source, &failure, Stage::Planning))
        })?;
        if self.plans_only {
            return Ok(planned(&open)?);
        }
        let given = (0..pieces.num_rows())
            .map(|row| values_of(pieces, row))
            .collect::<Result<Vec<_>, _>>()
            .map_err(internal)?;
        let mut whole: Option<Rows> = None;
        for given in given.chunks(self.threads.min(MOST_AT_ONCE)) {
            let running: Vec<_> = given
                .iter()
                .map(|values| {
                    let piece = open.clone().with_param_values(values.clone())?;
                    Ok(self.runtime.spawn(ran(self.context.state(), piece)))
                })
                .collect();
            for piece in running {
                let ended = piece.map(|piece| self.runtime.block_on(piece));
                let ran = match ended {
                    Ok(Ok(ran)) => ran,
                    Ok(Err(died)) => return Err(internal(died).into()),
                    Err(failure) => Err((failure, Stage::Planning)),
                };
                let piece = ran.map_err(|(failure, stage)| self.wrong(source, &failure, stage))?;
                // Put together at once, so that the next value finds the memory of the pieces free.
                let schema = Arc::clone(&piece.schema);
                let batches = Vec::new();
                let batch = piece.one()?;
                whole
                    .get_or_insert(Rows { schema, batches })
                    .batches
                    .push(batch);
            }
        }
        whole.ok_or_else(|| internal(format!("there is no `{column}` to run by")).into())
    }

    fn wrong(&self, source: &Arc<Source>, failure: &DataFusionError, stage: Stage) -> Diagnostics {
        error::diagnose(source, failure, stage, &self.tables())
    }

    /// What a text asks for, names resolved.
    fn logical(&self, source: &Arc<Source>) -> Result<LogicalPlan, Diagnostics> {
        let state = self.context.state();
        self.runtime
            .block_on(state.create_logical_plan(&source.text))
            .and_then(|plan| {
                SQLOptions::new()
                    .with_allow_ddl(false)
                    .with_allow_dml(false)
                    .with_allow_statements(false)
                    .verify_plan(&plan)?;
                Ok(plan)
            })
            .map_err(|failure| self.wrong(source, &failure, Stage::Planning))
    }

    fn provider(&self, name: &str) -> Option<Arc<dyn TableProvider>> {
        let provider = self.context.table_provider(name);
        self.runtime.block_on(provider).ok()
    }

    /// The columns and batches of a table; nothing where it is not there.
    fn content(&self, name: &str) -> Option<(SchemaRef, Vec<RecordBatch>)> {
        let table = self.provider(name)?;
        let table = table.downcast_ref::<MemTable>()?;
        let batches = table.batches.first()?;
        let batches = self.runtime.block_on(batches.read()).clone();
        Some((table.schema(), batches))
    }
}

/// The batches cut small, in order; only texts are copied, and only where that leaves fewer pieces of
/// them.
fn pieces(batches: &[RecordBatch]) -> Result<Vec<RecordBatch>, ArrowError> {
    batches
        .iter()
        .flat_map(|batch| {
            (0..batch.num_rows())
                .step_by(BATCH_ROWS)
                .map(|start| batch.slice(start, BATCH_ROWS.min(batch.num_rows() - start)))
        })
        .map(|piece| compact_batch(&piece))
        .collect()
}

/// The values of a row by the names of their columns.
fn values_of(
    batch: &RecordBatch,
    row: usize,
) -> Result<Vec<(String, ScalarValue)>, DataFusionError> {
    let named = batch.schema_ref().fields().iter().zip(batch.columns());
    named
        .map(|(field, column)| {
            let value = ScalarValue::try_from_array(column, row)?;
            Ok((field.name().clone(), value))
        })
        .collect()
}

/// A value of this name and type that is still to be given.
fn parameter(name: &str, kind: FieldRef) -> Expr {
    Expr::Placeholder(Placeholder::new_with_field(format!("${name}"), Some(kind)))
}

/// A context over no tables yet. A query runs in one part, and those that go period by period run
/// side by side: dealt out to several threads, an aggregate needs a second round that puts its parts
/// together, and over a million sales dealing, waking and that round took 5 % to 8 % more processor
/// time and saved none.
fn context(environment: Arc<RuntimeEnv>) -> SessionContext {
    let mut config = SessionConfig::new()
        .with_target_partitions(1)
        .with_batch_size(BATCH_ROWS)
        .with_information_schema(true);
    config.options_mut().sql_parser.collect_spans = true;
    let state = SessionStateBuilder::new_with_default_features()
        .with_config(config)
        .with_runtime_env(environment)
        .with_physical_optimizer_rules(one_row_first::rules())
        .build();
    let context = SessionContext::new_with_state(state);
    for name in NOT_REPEATABLE {
        context.deregister_udf(name);
    }
    context
}

type Failure = (DataFusionError, Stage);

/// What an optimised plan would give, without a row of it.
fn planned(plan: &LogicalPlan) -> Result<Rows, Diagnostic> {
    normalise(plan.schema().inner(), &[]).map_err(internal)
}

/// Runs an optimised plan. The types of its rows are those of the plan as it runs: a logical plan may
/// still tell others, since a union's branches are brought to one type only when it is analysed.
async fn ran(state: SessionState, plan: LogicalPlan) -> Result<Rows, Failure> {
    let planner = state.query_planner();
    let plan = planner
        .create_physical_plan(&plan, &state)
        .await
        .map_err(|failure| (failure, Stage::Planning))?;
    let schema = plan.schema();
    collect(plan, state.task_ctx())
        .await
        .and_then(|batches| Ok(normalise(&schema, &batches)?))
        .map_err(|failure| (failure, Stage::Running))
}

/// A query that is to run by the values of a column it does not return.
fn unknown_piece(source: &Source, column: &str) -> Diagnostic {
    let message = format!("the query runs by `{column}`, and does not return it");
    Diagnostic::error(&WRONG_COLUMNS, message)
        .at(Place::File(source.path.clone()))
        .help(format!(
            "return `{column}`, or delete the remark `one period at a time`"
        ))
}

/// A failure that no input of a user should be able to cause.
pub(crate) fn internal(error: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::error(&ENGINE_FAILED, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::arrow::array::AsArray;
    use datafusion::arrow::datatypes::{DataType, Decimal128Type, Int64Type};

    fn engine() -> Engine {
        Engine::new(&Options::default()).unwrap()
    }

    #[test]
    fn types_are_narrowed_and_nothing_is_lost() {
        let rows = engine()
            .ad_hoc(
                "select cast(1 as smallint) as whole, 'x' as name, null as nothing,
                        cast(2.5 as real) as share, cast('2026-01-02' as date) as day",
            )
            .unwrap();
        let kinds: Vec<DataType> = rows
            .schema
            .fields()
            .iter()
            .map(|field| field.data_type().clone())
            .collect();
        let text = DataType::Utf8View;
        let expected = [
            DataType::Int64,
            text.clone(),
            text,
            DataType::Float64,
            DataType::Date32,
        ];
        assert_eq!(kinds, expected);
    }

    /// The branches of a union come to one type only after the plan's schema was first told.
    #[test]
    fn a_union_of_whole_numbers_and_money_keeps_the_cents() {
        let rows = engine()
            .ad_hoc("select 0 as amount union all select cast(1.25 as decimal(38, 2)) as amount order by 1")
            .unwrap();
        let amounts = rows.one().unwrap();
        let amounts = amounts.column(0).as_primitive::<Decimal128Type>().clone();
        assert_eq!(amounts.values().to_vec(), [0, 125]);
    }

    /// With one batch per row this takes minutes.
    #[test]
    fn a_cross_join_with_one_row_goes_by_batches() {
        let engine = engine();
        let one = engine.ad_hoc("select 3 as factor").unwrap();
        engine
            .register("one", Arc::clone(&one.schema), &one.batches)
            .unwrap();
        let plan = engine
            .ad_hoc("explain select max(value % 7) from generate_series(1, 100000) cross join one")
            .unwrap();
        assert!(!plan.is_empty());
        let rows = engine
            .ad_hoc("select sum(n * factor) as total from (select distinct value as n from generate_series(1, 100000)) cross join one")
            .unwrap();
        let total = rows.one().unwrap();
        // 3 × 100,000 × 100,001 ÷ 2.
        assert_eq!(
            total.column(0).as_primitive::<Int64Type>().value(0),
            15_000_150_000
        );
    }

    #[test]
    fn figures_do_not_depend_on_threads() {
        let sum = |threads: usize| {
            let engine = Engine::new(&Options {
                threads: Some(threads),
                ..Options::default()
            })
            .unwrap();
            let rows = engine
                .ad_hoc("select value % 10 as k, sum(cast(value as decimal(38, 2)) / 3) as s from generate_series(1, 50000) group by 1 order by 1")
                .unwrap();
            rows.one().unwrap()
        };
        assert_eq!(sum(1), sum(4));
    }

    #[test]
    fn a_query_that_outgrows_memory_spills_or_says_so() {
        let engine = Engine::new(&Options {
            memory: Some(60_000_000),
            threads: Some(2),
            ..Options::default()
        })
        .unwrap();
        let rows = engine
            .ad_hoc(
                "explain analyze select value, cast(value as varchar) || ' as text' as name
                 from generate_series(1, 2000000) order by name desc",
            )
            .unwrap();
        let plan = rows.one().unwrap();
        let plan = plan
            .column_by_name("plan")
            .unwrap()
            .as_string_view()
            .value(0);
        let spilled = plan.split("spill_count=").skip(1);
        assert!(spilled.clone().any(|rest| !rest.starts_with('0')), "{plan}");
        let tight = Engine::new(&Options {
            memory: Some(50_000),
            threads: Some(2),
            ..Options::default()
        })
        .unwrap();
        let problems = tight
            .ad_hoc("select a.value, count(*) from generate_series(1, 200000) a join generate_series(1, 200000) b on a.value = b.value group by 1")
            .unwrap_err();
        let problem = problems.iter().next().unwrap();
        assert_eq!(problem.code.name, "out-of-memory");
        assert!(problem.help.as_deref().unwrap().contains("memory-limit"));
    }
}
