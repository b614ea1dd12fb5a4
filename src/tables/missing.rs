//! Columns without a value.

use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array,
    StringViewArray, TimestampSecondArray, new_null_array,
};
use datafusion::arrow::datatypes::{DataType, TimeUnit};

/// A column of a type in which every row is missing.
///
/// Those of the types of our tables take no memory until somebody writes to them: `new_null_array`
/// writes its zeros, and a million sales miss most of the columns that a client could supply.
pub fn missing(kind: &DataType, rows: usize) -> ArrayRef {
    match kind {
        DataType::Utf8View => Arc::new(StringViewArray::new_null(rows)),
        DataType::Decimal128(..) => {
            Arc::new(Decimal128Array::new_null(rows).with_data_type(kind.clone()))
        }
        DataType::Int64 => Arc::new(Int64Array::new_null(rows)),
        DataType::Float64 => Arc::new(Float64Array::new_null(rows)),
        DataType::Date32 => Arc::new(Date32Array::new_null(rows)),
        DataType::Timestamp(TimeUnit::Second, None) => {
            Arc::new(TimestampSecondArray::new_null(rows))
        }
        DataType::Boolean => Arc::new(BooleanArray::new_null(rows)),
        other => new_null_array(other, rows),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::{PRICE_SCALE, all};

    #[test]
    fn every_column_can_be_missing() {
        for table in all() {
            for field in table.schema(PRICE_SCALE).fields() {
                let column = missing(field.data_type(), 3);
                assert_eq!(&column, &new_null_array(field.data_type(), 3));
            }
        }
    }
}
