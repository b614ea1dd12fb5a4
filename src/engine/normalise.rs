//! Results narrowed to the types of the canonical tables, so that what reads them meets few types.

use std::sync::Arc;

use datafusion::arrow::compute::{CastOptions, cast_with_options};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::record_batch::{RecordBatch, RecordBatchOptions};

use super::Rows;
use super::views::compact;

/// Text becomes `Utf8View`, whole numbers `Int64`, other numbers `Float64` or `Decimal128`, days
/// `Date32`; what has no counterpart stays.
///
/// # Errors
/// When a whole number does not fit into 64 bits with its sign.
pub(super) fn normalise(schema: &SchemaRef, batches: &[RecordBatch]) -> Result<Rows, ArrowError> {
    let fields: Vec<Field> = schema
        .fields()
        .iter()
        .map(|field| Field::new(field.name(), narrowed(field.data_type()), true))
        .collect();
    let target = Arc::new(Schema::new(fields));
    // An overflow is an error; a quiet null would be a wrong figure.
    let strict = CastOptions {
        safe: false,
        ..CastOptions::default()
    };
    let batches = batches
        .iter()
        .map(|batch| {
            let columns = batch
                .columns()
                .iter()
                .zip(target.fields())
                .map(|(column, field)| {
                    // arrow takes an array apart and puts it together again even for its own type.
                    if column.data_type() == field.data_type() {
                        return Ok(compact(column));
                    }
                    let column = cast_with_options(column, field.data_type(), &strict)?;
                    Ok(compact(&column))
                })
                .collect::<Result<Vec<_>, ArrowError>>()?;
            let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
            RecordBatch::try_new_with_options(Arc::clone(&target), columns, &options)
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Rows {
        schema: target,
        batches,
    })
}

fn narrowed(kind: &DataType) -> DataType {
    match kind {
        DataType::Null | DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
        DataType::Dictionary(_, value) => narrowed(value),
        DataType::Float16 | DataType::Float32 => DataType::Float64,
        DataType::Date64 => DataType::Date32,
        DataType::Decimal32(precision, scale) | DataType::Decimal64(precision, scale) => {
            DataType::Decimal128(*precision, *scale)
        }
        DataType::Decimal256(_, scale) => DataType::Decimal128(38, *scale),
        DataType::Timestamp(_, _) => DataType::Timestamp(TimeUnit::Second, None),
        whole if whole.is_integer() => DataType::Int64,
        other => other.clone(),
    }
}
