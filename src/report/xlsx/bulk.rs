//! Rows that never pass through a template: bound by name, streamed into a sheet.

use chrono::{Days, NaiveDate};
use datafusion::arrow::array::{
    Array, AsArray, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int32Array,
    Int64Array, LargeStringArray, StringArray, StringViewArray, UInt32Array, UInt64Array,
};
use datafusion::arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float64Type, Int32Type, Int64Type, Schema, UInt32Type,
    UInt64Type,
};
use datafusion::arrow::record_batch::RecordBatch;

/// The value of a cell in bulk rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Not known: the workbook's text for missing is shown.
    Missing,
    /// A text, whatever it starts with.
    Text(&'a str),
    /// A number; one that is not finite counts as missing and is reported.
    Number(f64),
    /// A day.
    Date(NaiveDate),
    /// A flag.
    Boolean(bool),
}

/// What takes the rows one by one; it returns `false` when it needs no more.
pub type Take<'t> = dyn FnMut(&[Value<'_>]) -> bool + 't;

/// Rows of one kind, in the order in which they are to be shown.
pub trait Rows {
    /// Names of the fields.
    fn fields(&self) -> Vec<&str>;

    /// How many rows there are.
    fn len(&self) -> u64;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether no row has a value in a field (an index into [`Rows::fields`]).
    fn is_missing(&self, _field: usize) -> bool {
        false
    }

    /// Gives all rows in order, each with the fields asked for (indices into [`Rows::fields`]).
    fn each(&self, fields: &[usize], take: &mut Take<'_>);
}

/// The rows a workbook may ask for, by name.
pub trait Bulk {
    /// The rows of a name.
    fn table(&self, name: &str) -> Option<&dyn Rows>;

    /// All names, sorted.
    fn names(&self) -> Vec<&str>;
}

/// No rows, for workbooks without any.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoBulk;

impl Bulk for NoBulk {
    fn table(&self, _: &str) -> Option<&dyn Rows> {
        None
    }

    fn names(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// Arrow batches as rows.
#[derive(Debug, Clone)]
pub struct ArrowRows {
    schema: std::sync::Arc<Schema>,
    batches: Vec<RecordBatch>,
}

impl ArrowRows {
    /// Batches of one schema.
    ///
    /// # Errors
    /// The first field whose type a cell cannot hold, in words.
    pub fn new(schema: std::sync::Arc<Schema>, batches: Vec<RecordBatch>) -> Result<Self, String> {
        for field in schema.fields() {
            if !readable(field.data_type()) {
                let kind = field.data_type();
                return Err(format!("`{}` is {kind}, which no cell holds", field.name()));
            }
        }
        Ok(Self { schema, batches })
    }
}

impl Rows for ArrowRows {
    fn fields(&self) -> Vec<&str> {
        let names = self.schema.fields().iter();
        names.map(|field| field.name().as_str()).collect()
    }

    fn len(&self) -> u64 {
        self.batches.iter().map(|b| b.num_rows() as u64).sum()
    }

    fn is_missing(&self, field: usize) -> bool {
        self.batches
            .iter()
            .all(|batch| batch.column(field).logical_null_count() == batch.num_rows())
    }

    fn each(&self, fields: &[usize], take: &mut Take<'_>) {
        for batch in &self.batches {
            let columns: Vec<Column<'_>> = fields
                .iter()
                .map(|index| Column::of(batch.column(*index).as_ref()))
                .collect();
            let mut row = Vec::with_capacity(columns.len());
            for at in 0..batch.num_rows() {
                row.clear();
                row.extend(columns.iter().map(|column| column.value(at)));
                if !take(&row) {
                    return;
                }
            }
        }
    }
}

fn readable(kind: &DataType) -> bool {
    matches!(
        kind,
        DataType::Utf8
            | DataType::LargeUtf8
            | DataType::Utf8View
            | DataType::Float64
            | DataType::Int64
            | DataType::Int32
            | DataType::UInt64
            | DataType::UInt32
            | DataType::Decimal128(..)
            | DataType::Date32
            | DataType::Boolean
            | DataType::Null
    )
}

/// A column of a batch with its type found out once, not per cell.
enum Column<'a> {
    Text(&'a StringArray),
    LargeText(&'a LargeStringArray),
    TextView(&'a StringViewArray),
    Float(&'a Float64Array),
    Long(&'a Int64Array),
    Int(&'a Int32Array),
    UnsignedLong(&'a UInt64Array),
    Unsigned(&'a UInt32Array),
    Decimal(&'a Decimal128Array, f64),
    Date(&'a Date32Array),
    Flag(&'a BooleanArray),
    Nothing,
}

impl<'a> Column<'a> {
    fn of(array: &'a dyn Array) -> Self {
        match array.data_type() {
            DataType::Utf8 => Self::Text(array.as_string()),
            DataType::LargeUtf8 => Self::LargeText(array.as_string()),
            DataType::Utf8View => Self::TextView(array.as_string_view()),
            DataType::Float64 => Self::Float(array.as_primitive::<Float64Type>()),
            DataType::Int64 => Self::Long(array.as_primitive::<Int64Type>()),
            DataType::Int32 => Self::Int(array.as_primitive::<Int32Type>()),
            DataType::UInt64 => Self::UnsignedLong(array.as_primitive::<UInt64Type>()),
            DataType::UInt32 => Self::Unsigned(array.as_primitive::<UInt32Type>()),
            DataType::Decimal128(_, scale) => {
                let scale = libm::pow(10.0, f64::from(*scale));
                Self::Decimal(array.as_primitive::<Decimal128Type>(), scale)
            }
            DataType::Date32 => Self::Date(array.as_primitive::<Date32Type>()),
            DataType::Boolean => Self::Flag(array.as_boolean()),
            // `ArrowRows::new` has refused everything else.
            _ => Self::Nothing,
        }
    }

    fn value(&self, at: usize) -> Value<'a> {
        match self {
            Self::Text(array) if array.is_valid(at) => Value::Text(array.value(at)),
            Self::LargeText(array) if array.is_valid(at) => Value::Text(array.value(at)),
            Self::TextView(array) if array.is_valid(at) => Value::Text(array.value(at)),
            Self::Float(array) if array.is_valid(at) => Value::Number(array.value(at)),
            Self::Long(array) if array.is_valid(at) => Value::Number(array.value(at) as f64),
            Self::Int(array) if array.is_valid(at) => Value::Number(f64::from(array.value(at))),
            Self::UnsignedLong(array) if array.is_valid(at) => {
                Value::Number(array.value(at) as f64)
            }
            Self::Unsigned(array) if array.is_valid(at) => {
                Value::Number(f64::from(array.value(at)))
            }
            Self::Decimal(array, scale) if array.is_valid(at) => {
                Value::Number(array.value(at) as f64 / scale)
            }
            Self::Date(array) if array.is_valid(at) => {
                day(array.value(at)).map_or(Value::Missing, Value::Date)
            }
            Self::Flag(array) if array.is_valid(at) => Value::Boolean(array.value(at)),
            _ => Value::Missing,
        }
    }
}

/// The day so many days after 1970-01-01.
fn day(days: i32) -> Option<NaiveDate> {
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1)?;
    let distance = Days::new(u64::from(days.unsigned_abs()));
    if days < 0 {
        epoch.checked_sub_days(distance)
    } else {
        epoch.checked_add_days(distance)
    }
}
