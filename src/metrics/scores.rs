//! `customer_scores`: the customer scorecard of the reported period, criterion by criterion.
//!
//! A row for every criterion of every customer is a long table that few ask for: it is there without
//! rows until somebody reads it ([`wanted`], [`mentioned`]).

use std::sync::{Arc, LazyLock};

use datafusion::arrow::array::{ArrayRef, Float64Builder, RecordBatch, StringViewBuilder};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};

use crate::diagnostics::Diagnostic;
use crate::engine::{CUSTOMER_SCORES, Engine, Queries, internal};

static SCORES: LazyLock<SchemaRef> = LazyLock::new(|| {
    let text = |name: &str| Field::new(name, DataType::Utf8View, true);
    let number = |name: &str| Field::new(name, DataType::Float64, true);
    Arc::new(Schema::new(vec![
        text("customer_id"),
        text("period"),
        text("side"),
        text("criterion"),
        number("weight"),
        number("points"),
    ]))
});

/// Whether a SQL file reads the table.
pub fn wanted(queries: &Queries) -> bool {
    let mut late = queries.late();
    late.any(|query| queries.direct(query).any(|table| table == CUSTOMER_SCORES))
}

/// Whether a statement names the table. It may be told so once too often; that costs time only.
pub fn mentioned(sql: &str) -> bool {
    sql.to_lowercase().contains(CUSTOMER_SCORES)
}

pub(super) fn register_empty(engine: &Engine) -> Result<(), Diagnostic> {
    engine.register(CUSTOMER_SCORES, Arc::clone(&SCORES), &[])
}

/// The rows of the table as they are collected.
pub struct CustomerScores {
    texts: [StringViewBuilder; 4],
    numbers: [Float64Builder; 2],
}

impl Default for CustomerScores {
    fn default() -> Self {
        // A customer's id comes as often as there are criteria, the rest for every customer.
        let text = || StringViewBuilder::new().with_deduplicate_strings();
        Self {
            texts: [text(), text(), text(), text()],
            numbers: Default::default(),
        }
    }
}

impl CustomerScores {
    /// Adds a criterion: of which customer and period, on which side, its name and weight, and points
    /// from 1 to 5, none where it could not be measured.
    pub fn push(&mut self, texts: [&str; 4], weight: f64, points: Option<f64>) {
        for (builder, text) in self.texts.iter_mut().zip(texts) {
            builder.append_value(text);
        }
        self.numbers[0].append_value(weight);
        self.numbers[1].append_option(points);
    }

    /// Fills `customer_scores(customer_id, period, side, criterion, weight, points)`.
    ///
    /// # Errors
    /// Only if the engine fails.
    pub fn register(mut self, engine: &Engine) -> Result<(), Diagnostic> {
        let texts = self.texts.iter_mut();
        let mut columns: Vec<ArrayRef> = texts
            .map(|builder| Arc::new(builder.finish()) as ArrayRef)
            .collect();
        for builder in &mut self.numbers {
            columns.push(Arc::new(builder.finish()));
        }
        let batch = RecordBatch::try_new(Arc::clone(&SCORES), columns).map_err(internal)?;
        engine.register(CUSTOMER_SCORES, Arc::clone(&SCORES), &[batch])
    }
}
