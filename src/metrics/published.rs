//! The closing customers of the period before as they were last published, for the queries that tell
//! what has changed since.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use datafusion::arrow::array::{ArrayRef, Int64Array, RecordBatch, StringViewArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use serde::{Deserialize, Serialize};

use crate::diagnostics::Diagnostic;
use crate::engine::{Engine, internal};

/// Who was active at the end of a period, as its published reports say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedClosing {
    /// The period: `2026-Q2`.
    pub period: String,
    /// The months that made a customer active then.
    pub activity_window_months: u32,
    /// Their ids in order, by segment; an empty name is *not stated*.
    pub customers: BTreeMap<String, Vec<String>>,
}

static CLOSINGS: LazyLock<SchemaRef> = LazyLock::new(|| {
    Arc::new(Schema::new(vec![
        Field::new("period", DataType::Utf8View, true),
        Field::new("customers", DataType::Int64, true),
        Field::new("activity_window_months", DataType::Int64, true),
    ]))
});

static CUSTOMERS: LazyLock<SchemaRef> = LazyLock::new(|| {
    Arc::new(Schema::new(vec![
        Field::new("customer_id", DataType::Utf8View, true),
        Field::new("segment", DataType::Utf8View, true),
    ]))
});

/// Registers both tables without rows: nothing was published.
pub(super) fn register_empty(engine: &Engine) -> Result<(), Diagnostic> {
    engine.register("published_closings", Arc::clone(&CLOSINGS), &[])?;
    engine.register("published_customers", Arc::clone(&CUSTOMERS), &[])
}

impl PublishedClosing {
    /// How many customers it counts.
    pub fn closing(&self) -> usize {
        self.customers.values().map(Vec::len).sum()
    }

    /// Fills `published_closings(period, customers, activity_window_months)`, one row, and
    /// `published_customers(customer_id, segment)`.
    ///
    /// # Errors
    /// Only if the engine fails.
    pub fn register(&self, engine: &Engine) -> Result<(), Diagnostic> {
        let whole = |number: i64| -> ArrayRef { Arc::new(Int64Array::from(vec![number])) };
        let period: ArrayRef = Arc::new(StringViewArray::from_iter_values([&self.period]));
        let columns = vec![
            period,
            whole(self.closing() as i64),
            whole(self.activity_window_months.into()),
        ];
        let closings = RecordBatch::try_new(Arc::clone(&CLOSINGS), columns).map_err(internal)?;
        engine.register("published_closings", Arc::clone(&CLOSINGS), &[closings])?;

        let rows = || {
            self.customers
                .iter()
                .flat_map(|(segment, ids)| ids.iter().map(move |id| (id, segment)))
        };
        let ids = StringViewArray::from_iter_values(rows().map(|(id, _)| id));
        let segments = StringViewArray::from_iter_values(rows().map(|(_, segment)| segment));
        let columns: Vec<ArrayRef> = vec![Arc::new(ids), Arc::new(segments)];
        let customers = RecordBatch::try_new(Arc::clone(&CUSTOMERS), columns).map_err(internal)?;
        engine.register("published_customers", Arc::clone(&CUSTOMERS), &[customers])
    }
}
