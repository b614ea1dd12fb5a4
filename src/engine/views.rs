//! Texts kept in few pieces.
//!
//! A `Utf8View` column refers to all buffers that any of its values ever lay in, and hands that list
//! on to whatever is joined, sliced or put together from it. Over a chain of queries the lists grow
//! with the square of the batches, and soon cost more than the values. So what goes into a table, and
//! what comes out of a query, is brought down to one buffer per batch, or none: short texts lie in the
//! view itself.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, MAX_INLINE_VIEW_LEN, RecordBatch};
use datafusion::arrow::error::ArrowError;

/// The column with its texts in at most one buffer; any other column as it is.
pub(super) fn compact(column: &ArrayRef) -> ArrayRef {
    let Some(texts) = column.as_string_view_opt() else {
        return Arc::clone(column);
    };
    let is_long = |view: &u128| *view as u32 > MAX_INLINE_VIEW_LEN;
    match texts.data_buffers() {
        [] => Arc::clone(column),
        [_] if texts.views().iter().any(is_long) => Arc::clone(column),
        _ => Arc::new(texts.gc()),
    }
}

/// The batch with every text column in at most one buffer.
pub(super) fn compact_batch(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let columns = batch.columns().iter().map(compact).collect();
    RecordBatch::try_new(batch.schema(), columns)
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::{Array, StringViewArray};
    use datafusion::arrow::compute::concat;

    use super::*;

    #[test]
    fn one_buffer_remains_of_many() {
        let long = "a text of more than twelve bytes";
        let of = |texts: [&str; 2]| Arc::new(StringViewArray::from_iter_values(texts)) as ArrayRef;
        let (a, b) = (of([long, "short"]), of(["short", long]));
        let both = concat(&[&a, &b]).unwrap();
        let compacted = compact(&both);
        assert_eq!(both.as_string_view().data_buffers().len(), 2);
        assert_eq!(compacted.as_string_view().data_buffers().len(), 1);
        assert_eq!(&compacted, &both);
        // Nothing is copied twice.
        let again = compact(&compacted);
        assert!(Arc::ptr_eq(&again, &compacted));
        let short = compact(&both.slice(1, 2));
        assert!(short.as_string_view().data_buffers().is_empty());
        assert_eq!(short.as_string_view().value(0), "short");
    }
}
