//! `customer_periods`: all facts about each customer in each period, with scores and value, and in
//! the end what the rules assigned.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Decimal128Array, Int64Array, RecordBatch, StringViewArray,
    UInt64Array, new_null_array,
};
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::{DataType, Decimal128Type, Field, Int64Type, Schema, SchemaRef};

use super::potential::Peers;
use super::value::{Valuation, ValueBasis, power_of_ten};
use super::{Prepared, moves, rfm, scores};
use crate::calendar::Quarter;
use crate::diagnostics::codes::engine::{FEW_CUSTOMERS, NAME_CLASH, WRONG_COLUMNS};
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::engine::{
    BASE, CUSTOMER_PERIODS, Engine, Queries, REPORTED_CUSTOMERS, ToCome, customer_facts,
    give_up_unread, internal,
};
use crate::workspace::{Config, Monetary, Rfm, RfmMethod};

/// The rows of one period, and what was found over all of them.
#[derive(Debug, Clone, PartialEq)]
pub struct PeriodRows {
    /// The period.
    pub period: Quarter,
    /// One row per customer, sorted by customer.
    pub batch: RecordBatch,
    /// How recency, frequency and monetary value were scored.
    pub rfm: rfm::Measured,
    /// What counts as no value at all, up and down from zero: `[value] band`, or 1 % of the mean
    /// positive actual value. In currency units.
    pub value_band: f64,
    /// What `actual_value` is.
    pub value_basis: ValueBasis,
    /// What the customers say of how much others could be worth.
    peers: Peers,
}

impl PeriodRows {
    /// A period without customers, for the columns.
    fn nobody(schema: &SchemaRef) -> Self {
        Self {
            period: Quarter { year: 1, number: 1 },
            batch: RecordBatch::new_empty(Arc::clone(schema)),
            rfm: rfm::Measured::default(),
            value_band: 0.0,
            value_basis: ValueBasis::Revenue,
            peers: Peers::default(),
        }
    }
}

/// All facts per customer and period. Scores and values are added period by period, when they are
/// asked for: there are as many of them as of the facts that they are made of.
#[derive(Debug, Clone)]
pub struct CustomerPeriods {
    /// The columns of every period.
    pub schema: SchemaRef,
    /// How the scores of the reported period are cut.
    pub rfm_method: RfmMethod,
    rfm: Rfm,
    frozen: rfm::Frozen,
    /// The facts of the periods with customers, in order.
    facts: Vec<RecordBatch>,
    valuation: Valuation,
    /// `[value] band`.
    value_band: Option<f64>,
    /// Whether the customers of the reported period are too few for quintiles, and no method is set: then
    /// it is scored in thirds.
    pub too_few: bool,
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
const ADDED: [&str; 9] = [
    "recency_score",
    "frequency_score",
    "monetary_score",
    "actual_value",
    "value_basis",
    "potential_value",
    "potential_basis",
    "potential_peers",
    "opening_segment",
];

impl CustomerPeriods {
    /// Runs the derived tables and facts.
    ///
    /// # Errors
    /// Everything wrong with the queries.
    pub fn compute(
        engine: &Engine,
        prepared: &Prepared,
        config: &Config,
    ) -> Result<Self, Diagnostics> {
        let facts = customer_facts(engine, &prepared.queries)?;
        refuse_taken_names(prepared, &facts.schema)?;
        let valuation = Valuation::of(engine, &facts, prepared, config)?;
        let reported = facts.batches.last().map_or(0, RecordBatch::num_rows);
        let in_force = prepared.frozen.in_force(prepared.timeline.reported);
        let rfm_method = match in_force {
            Some(cuts) => cuts.method,
            None => rfm::method_for(&config.rfm, reported),
        };
        let nobody = RecordBatch::new_empty(facts.schema);
        let scored = with_columns(&nobody, score_columns(rfm::Scores::default()))?;
        let nobody = with_columns(&scored, valuation.value(&nobody, None)?.columns)?;
        Ok(Self {
            schema: nobody.schema(),
            rfm_method,
            rfm: config.rfm.clone(),
            frozen: prepared.frozen.clone(),
            facts: facts.batches,
            valuation,
            value_band: config.value.band,
            too_few: in_force.is_none() && config.rfm.method.is_none() && reported < rfm::ENOUGH,
        })
    }

    /// What the monetary value is.
    pub fn rfm_monetary(&self) -> Monetary {
        self.rfm.monetary
    }

    /// Says so where customers are scored in thirds since they are too few for quintiles.
    ///
    /// # Errors
    /// When the base returns no period.
    pub fn few_customers(&self) -> Result<Option<Diagnostic>, Diagnostic> {
        let Some(last) = self.facts.last().filter(|_| self.too_few) else {
            return Ok(None);
        };
        let message = format!(
            "{} customers in {} are too few for fifths, which would be mostly noise: they are scored in \
             thirds, 1, 3 and 5, as is every period with fewer than {}",
            last.num_rows(),
            period_of(last)?,
            rfm::ENOUGH
        );
        let help = "set `[rfm] method = \"quantile\"` for fifths all the same, or \"thresholds\" with your own cut points";
        Ok(Some(Diagnostic::info(&FEW_CUSTOMERS, message).help(help)))
    }

    /// The periods with customers, in order: every row scored among those of its period and valued.
    /// That adds `recency_score, frequency_score, monetary_score` (1 to 5), `actual_value` and
    /// `potential_value` (money), `value_basis` and `potential_basis` (what they rest on) and
    /// `potential_peers` (how many).
    pub fn periods(&self) -> impl Iterator<Item = Result<PeriodRows, Diagnostic>> {
        self.facts.iter().map(|facts| self.period(facts))
    }

    fn period(&self, facts: &RecordBatch) -> Result<PeriodRows, Diagnostic> {
        let period = period_of(facts)?;
        let values = rfm_values(facts, self.rfm.monetary)?;
        let frozen = self.frozen.in_force(period);
        let ruler = match frozen {
            Some(cuts) => cuts.ruler(),
            None => rfm::Ruler::of(&self.rfm, &values),
        };
        let scores = ruler.scores(&values);
        let as_of = frozen.map(|cuts| cuts.as_of);
        let measured = rfm::Measured::new(ruler, as_of, &values, &scores);
        let valued = self.valuation.value(facts, Some(period))?;
        let mut added = score_columns(scores);
        added.extend(valued.columns);
        Ok(PeriodRows {
            period,
            batch: with_columns(facts, added)?,
            rfm: measured,
            value_band: self.value_band.unwrap_or(valued.mean / 100.0),
            value_basis: valued.basis,
            peers: valued.peers,
        })
    }

    /// The rows of a period with the scores that the ruler of another gives them; none where that
    /// ruler is no good for other customers than its own.
    fn measured_by(
        &self,
        rows: &PeriodRows,
        other: &PeriodRows,
    ) -> Result<Option<PeriodRows>, Diagnostic> {
        if !other.rfm.ruler.is_fixed() {
            return Ok(None);
        }
        let values = rfm_values(&rows.batch, self.rfm.monetary)?;
        let scores = other.rfm.ruler.scores(&values);
        Ok(Some(PeriodRows {
            batch: with_columns(&rows.batch, score_columns(scores))?,
            ..rows.clone()
        }))
    }

    /// The rows of a period with what their customers could be worth among the peers of another.
    fn among(&self, rows: &PeriodRows, other: &PeriodRows) -> Result<PeriodRows, Diagnostic> {
        let columns = self
            .valuation
            .potential(&rows.batch, rows.period, &other.peers)?;
        Ok(PeriodRows {
            batch: with_columns(&rows.batch, columns)?,
            ..rows.clone()
        })
    }

    /// Registers `customer_periods`: the facts of each period with what the rules assign to it (columns
    /// of as many rows in the same order; one of a name that is there already takes its place), and
    /// `opening_segment`, the segment in the period before. Columns of the contract that the rules
    /// leave out are null. `reported_customers` are its rows of the last period.
    ///
    /// `assigned` is asked period by period, and of each only what queries may still read is kept. The
    /// last period is returned; nothing remains here.
    ///
    /// # Errors
    /// When `assigned` fails, or a column has another number of rows.
    pub fn register(
        &mut self,
        engine: &Engine,
        queries: &Queries,
        assigned: impl FnMut(&PeriodRows) -> Result<Vec<(Field, ArrayRef)>, Diagnostic>,
    ) -> Result<Option<PeriodRows>, Diagnostics> {
        self.register_judged(engine, queries, &mut AsTheyAre(assigned))
    }

    /// [`register`](Self::register), and `customer_moves`: how the customers of the reported period
    /// were classed and scored in the one before, and would be by its measures.
    ///
    /// # Errors
    /// When the judge fails, or a column has another number of rows.
    pub fn register_judged(
        &mut self,
        engine: &Engine,
        queries: &Queries,
        judge: &mut dyn Judge,
    ) -> Result<Option<PeriodRows>, Diagnostics> {
        give_up_unread(engine, queries, BASE, ToCome::Late)?;
        scores::register_empty(engine)?;
        let nobody = PeriodRows::nobody(&self.schema);
        let mut whole = with_assigned(&nobody, judge.assign(&nobody)?, None)?;
        let none = RecordBatch::new_empty(whole.schema());
        let mut batches = Vec::with_capacity(self.facts.len());
        let mut before: Option<Before> = None;
        let mut last: Option<PeriodRows> = None;
        let facts = std::mem::take(&mut self.facts);
        let reported = facts.len().checked_sub(1);
        let mut has_moves = false;
        for (at, facts) in facts.into_iter().enumerate() {
            let block = self.period(&facts)?;
            whole = with_assigned(&block, judge.assign(&block)?, before.as_ref())?;
            let earlier = last.take().filter(|_| Some(at) == reported);
            let earlier = earlier.filter(|earlier| earlier.period.plus(1) == block.period);
            if let (Some(earlier), Some(before)) = (&earlier, &before) {
                has_moves = true;
                self.register_moves(engine, judge, (earlier, before), (&block, &whole))?;
            }
            drop(earlier);
            before = Some(Before::of(block.period, &whole)?);
            batches.push(queries.narrowed(CUSTOMER_PERIODS, &whole)?);
            last = Some(block);
        }
        if !has_moves {
            moves::register(engine, None)?;
        }
        let narrow = queries.narrowed(CUSTOMER_PERIODS, &none)?;
        if !narrow.schema().fields().is_empty() {
            engine.register(CUSTOMER_PERIODS, narrow.schema(), &batches)?;
        }
        engine.register(REPORTED_CUSTOMERS, none.schema(), &[whole])?;
        Ok(last)
    }
}

impl CustomerPeriods {
    /// `customer_moves` of two periods that follow each other: of each its rows, and what was
    /// assigned to them.
    fn register_moves(
        &self,
        engine: &Engine,
        judge: &mut dyn Judge,
        (earlier, before): (&PeriodRows, &Before),
        (block, whole): (&PeriodRows, &RecordBatch),
    ) -> Result<(), Diagnostic> {
        let by_its_ruler = self.measured_by(block, earlier)?;
        let among = self.among(by_its_ruler.as_ref().unwrap_or(block), earlier)?;
        let classes = judge.classes_by(&among, earlier)?;
        moves::register(
            engine,
            Some(moves::Pair {
                earlier: &earlier.batch,
                earlier_segments: &before.segments,
                now: whole,
                by_its_ruler: by_its_ruler.as_ref().map(|rows| &rows.batch),
                classes_by_its_ruler: classes,
            }),
        )
    }
}

/// Who gives customers their classes and scores.
pub trait Judge {
    /// The columns that rules fill, for the rows of a period.
    ///
    /// # Errors
    /// When the rows cannot be judged.
    fn assign(&mut self, rows: &PeriodRows) -> Result<Vec<(Field, ArrayRef)>, Diagnostic>;

    /// The class of each row, had its customer been one among those of another period; none where
    /// that cannot be said.
    ///
    /// # Errors
    /// When the rows cannot be judged.
    fn classes_by(
        &mut self,
        rows: &PeriodRows,
        others: &PeriodRows,
    ) -> Result<Option<StringViewArray>, Diagnostic>;
}

/// A judge that does not compare.
struct AsTheyAre<F>(F);

impl<F: FnMut(&PeriodRows) -> Result<Vec<(Field, ArrayRef)>, Diagnostic>> Judge for AsTheyAre<F> {
    fn assign(&mut self, rows: &PeriodRows) -> Result<Vec<(Field, ArrayRef)>, Diagnostic> {
        (self.0)(rows)
    }

    fn classes_by(
        &mut self,
        _: &PeriodRows,
        _: &PeriodRows,
    ) -> Result<Option<StringViewArray>, Diagnostic> {
        Ok(None)
    }
}

/// What a period is compared with.
struct Before {
    period: Quarter,
    customers: StringViewArray,
    segments: ArrayRef,
}

impl Before {
    fn of(period: Quarter, whole: &RecordBatch) -> Result<Self, Diagnostic> {
        Ok(Self {
            period,
            customers: text(whole, "customer_id")?.clone(),
            segments: Arc::clone(column(whole, "segment")?),
        })
    }

    /// The segments that customers had.
    fn segments_of(&self, customers: &StringViewArray) -> Result<ArrayRef, Diagnostic> {
        let rows = rows_in(&self.customers, customers);
        take(&self.segments, &rows, None).map_err(internal)
    }
}

/// In which row of one period each customer of another stands; both are in the order of the ids.
pub(super) fn rows_in(known: &StringViewArray, customers: &StringViewArray) -> UInt64Array {
    let mut next = 0;
    let rows = customers.iter().map(|customer| {
        while next < known.len() && Some(known.value(next)) < customer {
            next += 1;
        }
        let same = next < known.len() && Some(known.value(next)) == customer;
        same.then_some(next as u64)
    });
    rows.collect()
}

/// The facts of a period with what was assigned to its rows, and the segments before.
fn with_assigned(
    block: &PeriodRows,
    assigned: Vec<(Field, ArrayRef)>,
    before: Option<&Before>,
) -> Result<RecordBatch, Diagnostic> {
    let rows = block.batch.num_rows();
    let mut columns = assigned;
    for field in assigned_columns() {
        if !columns
            .iter()
            .any(|(given, _)| given.name() == field.name())
        {
            let nothing = new_null_array(field.data_type(), rows);
            columns.push((field, nothing));
        }
    }
    let segment = columns.iter().find(|(field, _)| field.name() == "segment");
    if let Some((field, segments)) = segment {
        let opening = match before.filter(|before| before.period.plus(1) == block.period) {
            Some(before) => before.segments_of(text(&block.batch, "customer_id")?)?,
            None => new_null_array(segments.data_type(), rows),
        };
        let field = field.clone().with_name("opening_segment");
        columns.push((field, opening));
    }
    with_columns(&block.batch, columns)
}

/// A fact may not have the name of what is added to the facts.
fn refuse_taken_names(prepared: &Prepared, schema: &Schema) -> Result<(), Diagnostics> {
    let mut problems = Diagnostics::new();
    let assigned = assigned_columns();
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

/// The period of a batch's rows, which is the same for all.
fn period_of(batch: &RecordBatch) -> Result<Quarter, Diagnostic> {
    let periods = text(batch, "period")?;
    let written = periods.iter().flatten().next().unwrap_or_default();
    written.parse().map_err(|reason: String| {
        let message = format!("`{BASE}` returns a wrong period: {reason}");
        Diagnostic::error(&WRONG_COLUMNS, message)
    })
}

/// What customers are scored by.
fn rfm_values(facts: &RecordBatch, monetary: Monetary) -> Result<rfm::Values, Diagnostic> {
    let whole = |name: &str| -> Result<Vec<i128>, Diagnostic> {
        let column = column(facts, name)?.as_primitive_opt::<Int64Type>();
        let column = column.ok_or_else(|| wrong_type(name, "whole numbers"))?;
        Ok(column.values().iter().map(|x| i128::from(*x)).collect())
    };
    let (amounts, scale) = decimals(facts, "monetary")?;
    let values = rfm::Values {
        days: whole("recency_days")?,
        orders: whole("frequency")?,
        amounts: amounts.values().to_vec(),
        unit: power_of_ten(scale),
    };
    Ok(values.by(monetary))
}

fn score_columns(scores: rfm::Scores) -> Vec<(Field, ArrayRef)> {
    let column = |name: &str, scores: Vec<i64>| -> (Field, ArrayRef) {
        let field = Field::new(name, DataType::Int64, true);
        (field, Arc::new(Int64Array::from(scores)))
    };
    let rfm::Scores {
        recency,
        frequency,
        monetary,
    } = scores;
    vec![
        column("recency_score", recency),
        column("frequency_score", frequency),
        column("monetary_score", monetary),
    ]
}

pub(super) fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef, Diagnostic> {
    batch.column_by_name(name).ok_or_else(|| {
        let message = format!("`{BASE}` does not return `{name}`");
        Diagnostic::error(&WRONG_COLUMNS, message)
            .help("the column is needed for scores and value; see the file that ships")
    })
}

pub(super) fn text<'a>(
    batch: &'a RecordBatch,
    name: &str,
) -> Result<&'a StringViewArray, Diagnostic> {
    column(batch, name)?
        .as_string_view_opt()
        .ok_or_else(|| wrong_type(name, "text"))
}

pub(super) fn decimals<'a>(
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
