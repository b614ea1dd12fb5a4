//! The canonical model: every input table, its columns, types and headers, declared once.
//!
//! The declaration is used for recognising and validating inputs, for the SQL catalogue and for the
//! documentation. All tables and columns: `contracts.md` §2.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::record_batch::RecordBatch;

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An identifier, kept as written.
    Id,
    /// Any text.
    Text,
    /// A civil day.
    Date,
    /// A civil day with time of day.
    Time,
    /// An amount in the client's currency, exact.
    Money,
    /// A quantity, exact to four decimals.
    Quantity,
    /// A rate, score or rating.
    Number,
    /// A whole number.
    Whole,
    /// Yes or no.
    Flag,
    /// A fiscal period as text, `2026-Q3`.
    Period,
}

/// A column of a canonical table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name in SQL, rules and config.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// Whether a table without it cannot be used.
    pub required: bool,
    /// Headers it is known by, in English, Thai and Vietnamese.
    pub headers: [&'static [&'static str]; 3],
}

/// A canonical table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableSpec {
    /// Its name in SQL and config.
    pub name: &'static str,
    /// Its columns in order, without the origin.
    pub columns: &'static [Column],
}

/// The columns every input table ends with: where a row came from.
pub const ORIGIN: [&str; 3] = ["source_file", "source_sheet", "source_row"];

impl TableSpec {
    /// The Arrow schema: the columns, then the origin. Money has `money_scale` decimals.
    pub fn schema(&self, money_scale: i8) -> SchemaRef {
        let names = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let mut fields: Vec<Field> = self
            .columns
            .iter()
            .map(|column| Field::new(column.name, column.kind.data_type(money_scale), true))
            .collect();
        fields.push(Field::new("source_file", names.clone(), false));
        fields.push(Field::new("source_sheet", names, true));
        fields.push(Field::new("source_row", DataType::Int64, false));
        Arc::new(Schema::new(fields))
    }

    /// A column by name.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

impl Kind {
    /// How its values are kept.
    pub fn data_type(self, money_scale: i8) -> DataType {
        match self {
            Self::Id | Self::Text | Self::Period => DataType::Utf8View,
            Self::Date => DataType::Date32,
            Self::Time => DataType::Timestamp(datafusion::arrow::datatypes::TimeUnit::Second, None),
            Self::Money => DataType::Decimal128(38, money_scale),
            Self::Quantity => DataType::Decimal128(38, 4),
            Self::Number => DataType::Float64,
            Self::Whole => DataType::Int64,
            Self::Flag => DataType::Boolean,
        }
    }
}

/// A table as read: its declaration and its rows.
#[derive(Debug, Clone)]
pub struct InputTable {
    /// Its declaration.
    pub spec: &'static TableSpec,
    /// Its rows, in the order of files, sheets and rows.
    pub batches: Vec<RecordBatch>,
}
