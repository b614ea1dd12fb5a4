//! `customer_moves`: who is classed or scored otherwise than in the period before, and whether that is
//! the customer's doing or the ruler's.
//!
//! Cut points that follow the customers move even where a customer does not. So each customer of the
//! reported period is measured a second time, by the cut points and among the customers of the period
//! before. Who would be where it was then was moved by the *ruler*; who would not, by its own
//! *behaviour*, which includes that time has passed.

use std::sync::{Arc, LazyLock};

use datafusion::arrow::array::{
    ArrayRef, AsArray, Int64Array, RecordBatch, StringViewArray, StringViewBuilder, UInt64Array,
    new_null_array,
};
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};

use super::customers::{column, rows_in, text};
use crate::diagnostics::Diagnostic;
use crate::engine::{CUSTOMER_MOVES, Engine, internal};

/// The three scores.
const SCORES: [&str; 3] = ["recency_score", "frequency_score", "monetary_score"];

static MOVES: LazyLock<SchemaRef> = LazyLock::new(|| {
    let text = |name: &str| Field::new(name, DataType::Utf8View, true);
    let mut fields = vec![
        text("customer_id"),
        text("period"),
        text("opening_segment"),
        text("segment"),
        text("segment_by_ruler_before"),
        text("segment_because"),
    ];
    for score in SCORES {
        for name in [
            format!("opening_{score}"),
            score.to_owned(),
            format!("{score}_by_ruler_before"),
        ] {
            fields.push(Field::new(name, DataType::Int64, true));
        }
    }
    fields.push(text("rfm_because"));
    Arc::new(Schema::new(fields))
});

/// Two periods that follow each other.
pub(super) struct Pair<'a> {
    /// The facts of the earlier one, with scores.
    pub earlier: &'a RecordBatch,
    /// The classes of its rows.
    pub earlier_segments: &'a ArrayRef,
    /// The facts of the later one, with scores and classes.
    pub now: &'a RecordBatch,
    /// The same with the scores of the earlier one's ruler; none where it is good for its own
    /// customers only.
    pub by_its_ruler: Option<&'a RecordBatch>,
    /// The classes of these rows among the customers of the earlier one; none where unknown.
    pub classes_by_its_ruler: Option<StringViewArray>,
}

/// Registers `customer_moves(customer_id, period, opening_segment, segment, segment_by_ruler_before,
/// segment_because, opening_recency_score, recency_score, recency_score_by_ruler_before, …,
/// rfm_because)`: a row for each customer of the reported period who was one in the period before.
///
/// `…_because` is `behaviour` or `ruler`, and null where nothing changed or it cannot be told.
pub(super) fn register(engine: &Engine, pair: Option<Pair<'_>>) -> Result<(), Diagnostic> {
    let batches = match pair {
        Some(pair) => vec![pair.rows()?],
        None => Vec::new(),
    };
    engine.register(CUSTOMER_MOVES, Arc::clone(&MOVES), &batches)
}

impl Pair<'_> {
    fn rows(&self) -> Result<RecordBatch, Diagnostic> {
        let (then, now) = self.matched()?;
        let of = |array: &ArrayRef, rows: &UInt64Array| take(array, rows, None).map_err(internal);
        let named =
            |batch: &RecordBatch, name: &str, rows: &UInt64Array| of(column(batch, name)?, rows);
        let opening = of(self.earlier_segments, &then)?;
        let segment = named(self.now, "segment", &now)?;
        let by_ruler = match &self.classes_by_its_ruler {
            Some(classes) => of(&(Arc::new(classes.clone()) as ArrayRef), &now)?,
            None => new_null_array(&DataType::Utf8View, now.len()),
        };
        let because = because_of(&[Triple::texts(&opening, &segment, &by_ruler)?]);
        let mut columns = vec![
            named(self.now, "customer_id", &now)?,
            named(self.now, "period", &now)?,
            opening,
            segment,
            by_ruler,
            because,
        ];
        let mut scores = Vec::new();
        for name in SCORES {
            let opening = named(self.earlier, name, &then)?;
            let score = named(self.now, name, &now)?;
            let by_ruler = match self.by_its_ruler {
                Some(rows) => named(rows, name, &now)?,
                None => new_null_array(&DataType::Int64, now.len()),
            };
            scores.push(Triple::scores(&opening, &score, &by_ruler));
            columns.extend([opening, score, by_ruler]);
        }
        columns.push(because_of(&scores));
        RecordBatch::try_new(Arc::clone(&MOVES), columns).map_err(internal)
    }

    /// The rows of the customers who are in both periods, both of which are in the order of the ids.
    fn matched(&self) -> Result<(UInt64Array, UInt64Array), Diagnostic> {
        let (earlier, now) = (
            text(self.earlier, "customer_id")?,
            text(self.now, "customer_id")?,
        );
        let found = rows_in(earlier, now);
        let both = (0u64..).zip(&found);
        let (then, now): (Vec<u64>, Vec<u64>) =
            both.filter_map(|(row, known)| Some((known?, row))).unzip();
        Ok((then.into(), now.into()))
    }
}

/// Then, now, and now by the ruler of then: for each row whether now is as then, and whether it would
/// be by that ruler, as far as that is known.
struct Triple(Vec<(bool, Option<bool>)>);

impl Triple {
    fn texts(then: &ArrayRef, now: &ArrayRef, by_ruler: &ArrayRef) -> Result<Self, Diagnostic> {
        let view = |array: &ArrayRef| {
            let texts = array.as_string_view_opt().cloned();
            texts.ok_or_else(|| internal("classes are not texts"))
        };
        let (then, now, by_ruler) = (view(then)?, view(now)?, view(by_ruler)?);
        let rows = then.iter().zip(now.iter()).zip(by_ruler.iter());
        let same = rows.map(|((then, now), by_ruler)| {
            // Who has no class, then or now, has not moved from one to another.
            let stays = then.is_none() || now.is_none() || then == now;
            (stays, by_ruler.map(|by_ruler| then == Some(by_ruler)))
        });
        Ok(Self(same.collect()))
    }

    fn scores(then: &ArrayRef, now: &ArrayRef, by_ruler: &ArrayRef) -> Self {
        let whole = |array: &ArrayRef| -> Int64Array { array.as_primitive::<Int64Type>().clone() };
        let (then, now, by_ruler) = (whole(then), whole(now), whole(by_ruler));
        let rows = then.iter().zip(now.iter()).zip(by_ruler.iter());
        let same = rows.map(|((then, now), by_ruler)| {
            (then == now, by_ruler.map(|by_ruler| then == Some(by_ruler)))
        });
        Self(same.collect())
    }
}

/// Why any of these changed, row by row.
fn because_of(triples: &[Triple]) -> ArrayRef {
    let mut because = StringViewBuilder::new().with_deduplicate_strings();
    for row in 0..triples.first().map_or(0, |triple| triple.0.len()) {
        let of_row = || triples.iter().map(|triple| triple.0[row]);
        let stays = of_row().all(|(stays, _)| stays);
        let would_stay: Option<bool> =
            of_row().try_fold(true, |all, (_, would)| Some(all && would?));
        because.append_option(match would_stay {
            _ if stays => None,
            Some(true) => Some("ruler"),
            Some(false) => Some("behaviour"),
            None => None,
        });
    }
    Arc::new(because.finish())
}
