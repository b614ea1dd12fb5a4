//! Reads Parquet files: the names of the columns are the header in row 1.

use std::fs::File;
use std::path::Path;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Float32Type, Float64Type, Int64Type};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::arrow;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::Refusal;
use crate::intake::cells::{Cell, CellSink, SheetInfo, SheetSink};

/// Rows read at once.
const BATCH: usize = 8192;
/// Whole numbers up to here are exact as f64.
const EXACT: i64 = 1 << 53;

/// Reads a file into a sink. Columns of lists and records are passed over.
///
/// # Errors
/// Why it cannot be read.
pub(super) fn read<S: SheetSink>(path: &Path, sheets: &mut S) -> Result<(), Refusal> {
    let damaged = |error: String| Refusal::Damaged(error);
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)
        .map_err(|error| damaged(error.to_string()))?;
    let schema = builder.schema().clone();
    let reader = builder
        .with_batch_size(BATCH)
        .build()
        .map_err(|error| damaged(error.to_string()))?;
    let mut cells = sheets.open(SheetInfo {
        name: None,
        hidden: false,
        is_1904: false,
    });
    let flat: Vec<(u32, usize)> = (0..)
        .zip(0..schema.fields().len())
        .filter(|(_, at)| !schema.field(*at).data_type().is_nested())
        .collect();
    let mut wanted = cells.row(1, None).is_continue();
    for (column, at) in &flat {
        cells.cell(*column, Cell::Text(schema.field(*at).name()));
    }
    let mut row = 1;
    for batch in reader {
        let batch = batch.map_err(|error| damaged(error.to_string()))?;
        let columns = flat
            .iter()
            .map(|(column, at)| Ok((*column, Values::of(batch.column(*at))?)))
            .collect::<Result<Vec<_>, ArrowError>>()
            .map_err(|error| damaged(error.to_string()))?;
        let mut text = String::new();
        for at in 0..batch.num_rows() {
            row += 1;
            wanted = wanted && cells.row(row, None).is_continue();
            if !wanted {
                break;
            }
            for (column, values) in &columns {
                if let Some(cell) = values.cell(at, &mut text) {
                    cells.cell(*column, cell);
                }
            }
        }
        if !wanted {
            break;
        }
    }
    sheets.close(cells);
    Ok(())
}

/// The values of a column of a batch.
enum Values<'a> {
    Floats(Vec<Option<f64>>),
    Wholes(ArrayRef),
    Flags(&'a arrow::array::BooleanArray),
    /// Texts, exact decimals and dates, as they are written.
    Written(&'a dyn Array, ArrayFormatter<'a>),
}

impl<'a> Values<'a> {
    fn of(array: &'a ArrayRef) -> Result<Self, ArrowError> {
        let values = match array.data_type() {
            DataType::Float64 => Self::Floats(array.as_primitive::<Float64Type>().iter().collect()),
            DataType::Float32 => {
                // The shortest decimal that is this number, not its digits in binary.
                let written = |x: f32| x.to_string().parse().ok();
                let array = array.as_primitive::<Float32Type>();
                Self::Floats(array.iter().map(|x| x.and_then(written)).collect())
            }
            kind if kind.is_integer() && *kind != DataType::UInt64 => {
                Self::Wholes(arrow::compute::cast(array, &DataType::Int64)?)
            }
            DataType::Boolean => Self::Flags(array.as_boolean()),
            _ => {
                let format = const { FormatOptions::new().with_display_error(false) };
                Self::Written(array, ArrayFormatter::try_new(array, &format)?)
            }
        };
        Ok(values)
    }

    /// A cell; nothing where there is none, or where a text is empty.
    fn cell<'t>(&self, at: usize, text: &'t mut String) -> Option<Cell<'t>> {
        match self {
            Self::Floats(values) => values[at].filter(|x| x.is_finite()).map(Cell::Number),
            Self::Wholes(values) => {
                let values = values.as_primitive::<Int64Type>();
                let value = values.is_valid(at).then(|| values.value(at))?;
                if (-EXACT..=EXACT).contains(&value) {
                    return Some(Cell::Number(value as f64));
                }
                *text = value.to_string();
                Some(Cell::Text(text))
            }
            Self::Flags(values) => values.is_valid(at).then(|| Cell::Bool(values.value(at))),
            Self::Written(values, format) => {
                if values.is_null(at) {
                    return None;
                }
                text.clear();
                format.value(at).write(text).ok()?;
                // A day without a time is written with midnight.
                if let Some(day) = text.strip_suffix("T00:00:00") {
                    text.truncate(day.len());
                }
                let blank = text.chars().all(crate::intake::values::number::is_space);
                (!blank).then_some(Cell::Text(text))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{
        BooleanArray, Date32Array, Decimal128Array, Float32Array, Int64Array, RecordBatch,
        StringArray, TimestampMicrosecondArray,
    };
    use parquet::arrow::ArrowWriter;
    use parquet::basic::{Compression, GzipLevel, ZstdLevel};
    use parquet::file::properties::WriterProperties;

    use super::super::tests::rows;
    use super::*;

    fn file(compression: Compression) -> Vec<u8> {
        let columns: [(&str, ArrayRef); 7] = [
            (
                "customer_id",
                Arc::new(StringArray::from(vec![Some("00001"), None])),
            ),
            ("date", Arc::new(Date32Array::from(vec![20_455, 20_456]))),
            (
                "amount",
                Arc::new(
                    Decimal128Array::from(vec![188_785, -5])
                        .with_precision_and_scale(12, 2)
                        .unwrap(),
                ),
            ),
            (
                "quantity",
                Arc::new(Int64Array::from(vec![Some(2), Some(i64::MAX)])),
            ),
            ("unit price", Arc::new(Float32Array::from(vec![0.1, 2.5]))),
            ("joint", Arc::new(BooleanArray::from(vec![true, false]))),
            (
                "at",
                Arc::new(TimestampMicrosecondArray::from(vec![
                    1_767_312_000_000_000,
                    1_767_315_600_000_000,
                ])),
            ),
        ];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let settings = WriterProperties::builder()
            .set_compression(compression)
            .build();
        let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(settings)).unwrap();
        writer.write(&batch).unwrap();
        writer.into_inner().unwrap()
    }

    #[test]
    fn values_are_as_exact_as_they_are_in_the_file() {
        for compression in [
            Compression::UNCOMPRESSED,
            Compression::SNAPPY,
            Compression::ZSTD(ZstdLevel::default()),
            Compression::GZIP(GzipLevel::default()),
        ] {
            assert_eq!(
                rows(&file(compression)).unwrap(),
                [
                    "1: 0=customer_id 1=date 2=amount 3=quantity 4=unit price 5=joint 6=at",
                    "2: 0=00001 1=2026-01-02 2=1887.85 3=2 4=0.1 5=true 6=2026-01-02",
                    "3: 1=2026-01-03 2=-0.05 3=9223372036854775807 4=2.5 5=false 6=2026-01-02T01:00:00",
                ]
            );
        }
    }

    #[test]
    fn a_file_that_is_cut_off_is_damaged() {
        let whole = file(Compression::SNAPPY);
        let cut = rows(&whole[..whole.len() / 2]);
        assert!(matches!(cut, Err(Refusal::Damaged(_))), "{cut:?}");
    }
}
