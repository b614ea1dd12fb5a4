//! Columns as they are handed over and kept: in few bytes, and full again in the time it takes to
//! copy them.
//!
//! What is kept of an unchanged file is read by every run, so each byte of it, and each page of memory
//! that is asked for on the way, is paid for by every run. Whole numbers are told by how far they are
//! from a straight line, in as many bytes as that takes, and are read a piece at a time into the column
//! they become; words that recur are told once; a text is its letters and an end, whose soundness is
//! seen for a whole column at a time, and not view by view.

use std::io::{self, Read};
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, DictionaryArray, PrimitiveArray, StringViewArray,
};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer, ScalarBuffer};
use arrow::compute::{cast, take};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Int32Type, Int64Type, TimeUnit, TimestampSecondType,
    UInt16Type,
};
use arrow::error::ArrowError;
use datafusion::arrow;
use serde::{Deserialize, Serialize};

/// Numbers farther from nothing, or from one another, are left as they are.
const FARTHEST: u64 = 1 << 60;

/// Bytes of numbers that are read at once.
const PIECE: usize = 1 << 16;

/// What a packed column is of the column it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Packing {
    /// An Arrow array: the same.
    Whole,
    /// An Arrow array of its texts, or of the words it is made of and which of them each row has.
    Texts,
    /// An Arrow array of its first row, which all the others equal.
    Same,
    /// What is above `from + step × row`.
    Line(Line),
}

/// A straight line, and how what is above it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    from: i64,
    step: i64,
    /// Bytes of each number, the lowest first: 0, 1, 2 or 4.
    width: u8,
    /// Whether a bit for each row follows the numbers: those of rows that hold something.
    nulls: bool,
}

/// A column in few bytes.
pub(super) enum Packed {
    Array(ArrayRef, Packing),
    Numbers(Vec<u8>, Line),
}

/// A column in few bytes.
pub(super) fn pack(column: &ArrayRef) -> Packed {
    let packed = match column.data_type() {
        DataType::Utf8View => texts(column).map(|texts| Packed::Array(texts, Packing::Texts)),
        DataType::Dictionary(..) => same(column).map(|first| Packed::Array(first, Packing::Same)),
        _ => numbers(column).and_then(|numbers| line(&numbers, column.nulls())),
    };
    packed.unwrap_or_else(|| Packed::Array(Arc::clone(column), Packing::Whole))
}

/// The column that was packed as an array, of a type and a number of rows.
///
/// # Errors
/// When it does not become that: it was packed by other code.
pub(super) fn unpack(
    packed: &ArrayRef,
    packing: Packing,
    kind: &DataType,
    rows: usize,
) -> Result<ArrayRef, ArrowError> {
    let other = || ArrowError::SchemaError(format!("a column is packed otherwise than {kind}"));
    let column = match packing {
        Packing::Whole => Arc::clone(packed),
        Packing::Texts => text_views(packed)?.ok_or_else(other)?,
        Packing::Same => repeated(packed, rows)?.ok_or_else(other)?,
        Packing::Line(_) => return Err(other()),
    };
    match column.data_type() == kind && column.len() == rows {
        true => Ok(column),
        false => Err(other()),
    }
}

/// Texts, as the words that recur or one after the other.
fn texts(column: &ArrayRef) -> Option<ArrayRef> {
    let words = DataType::Dictionary(Box::new(DataType::UInt16), Box::new(DataType::Utf8));
    // It is given up where there are more words than the keys can name.
    if let Ok(words) = cast(column, &words) {
        let distinct = words.as_dictionary::<UInt16Type>().values().len();
        if distinct <= column.len() / 2 {
            return Some(words);
        }
    }
    let letters = column.as_string_view().total_bytes_len();
    // Ends are counted in 32 bits.
    i32::try_from(letters).ok()?;
    cast(column, &DataType::Utf8).ok()
}

fn text_views(packed: &ArrayRef) -> Result<Option<ArrayRef>, ArrowError> {
    let words = packed.as_dictionary_opt::<UInt16Type>();
    let texts = words.map_or(packed, DictionaryArray::values);
    let Some(texts) = texts.as_string_opt::<i32>() else {
        return Ok(None);
    };
    let texts = StringViewArray::from(texts);
    // Short texts are in their views, and need no letters beside them.
    let texts = match texts.total_buffer_bytes_used() {
        0 => texts.gc(),
        _ => texts,
    };
    match words {
        Some(words) => take(&texts, words.keys(), None).map(Some),
        None => Ok(Some(Arc::new(texts))),
    }
}

/// The first row of a column of names that all rows share.
fn same(column: &ArrayRef) -> Option<ArrayRef> {
    let keys = column.as_dictionary_opt::<Int32Type>()?.keys();
    let is_same = keys.null_count() == 0 && keys.values().iter().all(|key| *key == 0);
    (is_same && !keys.is_empty()).then(|| column.slice(0, 1))
}

fn repeated(packed: &ArrayRef, rows: usize) -> Result<Option<ArrayRef>, ArrowError> {
    let Some(names) = packed.as_dictionary_opt::<Int32Type>() else {
        return Ok(None);
    };
    let keys = PrimitiveArray::from(vec![0; rows]);
    let column = DictionaryArray::<Int32Type>::try_new(keys, Arc::clone(names.values()))?;
    Ok(Some(Arc::new(column)))
}

/// A column as whole numbers, any where there is none; nothing where one of them is too large.
fn numbers(column: &ArrayRef) -> Option<Vec<i64>> {
    match column.data_type() {
        DataType::Int64 => Some(column.as_primitive::<Int64Type>().values().to_vec()),
        DataType::Timestamp(TimeUnit::Second, None) => {
            let seconds = column.as_primitive::<TimestampSecondType>();
            Some(seconds.values().to_vec())
        }
        DataType::Date32 => {
            let days = column.as_primitive::<Date32Type>().values().iter();
            Some(days.map(|day| i64::from(*day)).collect())
        }
        DataType::Decimal128(..) => {
            let amounts = column.as_primitive::<Decimal128Type>();
            let amounts = amounts.values().iter().enumerate();
            amounts
                .map(|(row, amount)| match i64::try_from(*amount) {
                    Err(_) if column.is_null(row) => Some(0),
                    amount => amount.ok(),
                })
                .collect()
        }
        _ => None,
    }
}

/// Numbers by how far they are from the line that the closest are to: one that stays where it is, or
/// one that rises by one each row, as the numbers of rows do.
fn line(numbers: &[i64], nulls: Option<&NullBuffer>) -> Option<Packed> {
    let nulls = nulls.filter(|nulls| nulls.null_count() > 0);
    let is_there = |row: usize| nulls.is_none_or(|nulls| nulls.is_valid(row));
    let on = |step: i64, row: usize| numbers[row] - step * row as i64;
    let span = |step: i64| {
        let ends = (i64::MAX, i64::MIN);
        let ends = (0..numbers.len())
            .filter(|row| is_there(*row))
            .map(|row| on(step, row))
            .fold(ends, |(low, high), at| (low.min(at), high.max(at)));
        (ends.0 <= ends.1).then_some((ends.1.abs_diff(ends.0), step, ends.0))
    };
    let level = span(0)?;
    // What nobody counts, and what the number of a row cannot be taken from.
    let (_, _, lowest) = level;
    if lowest.unsigned_abs() > FARTHEST || level.0 > FARTHEST {
        return None;
    }
    let (span, step, from) = span(1).map_or(level, |rising| level.min(rising));
    let width = match span {
        0 => 0,
        1..=0xff => 1,
        0x100..=0xffff => 2,
        0x1_0000..=0xffff_ffff => 4,
        _ => return None,
    };
    let bits = nulls.map(|nulls| nulls.inner().sliced());
    let mut bytes = Vec::with_capacity(numbers.len() * width);
    if width > 0 {
        for row in 0..numbers.len() {
            let above = match is_there(row) {
                true => on(step, row).abs_diff(from),
                false => 0,
            };
            bytes.extend_from_slice(&above.to_le_bytes()[..width]);
        }
    }
    let line = Line {
        from,
        step,
        width: width as u8,
        nulls: bits.is_some(),
    };
    bytes.extend_from_slice(bits.as_deref().unwrap_or_default());
    Some(Packed::Numbers(bytes, line))
}

impl Line {
    /// The column of numbers above it, of a type and a number of rows; nothing where the type has none.
    ///
    /// # Errors
    /// When there are not as many.
    pub(super) fn read(
        self,
        input: &mut impl Read,
        kind: &DataType,
        rows: usize,
    ) -> io::Result<Option<ArrayRef>> {
        Ok(Some(match kind {
            DataType::Int64 => Arc::new(self.column::<Int64Type>(input, rows, |n| n)?),
            DataType::Timestamp(TimeUnit::Second, None) => {
                Arc::new(self.column::<TimestampSecondType>(input, rows, |n| n)?)
            }
            DataType::Date32 => Arc::new(self.column::<Date32Type>(input, rows, |n| n as i32)?),
            DataType::Decimal128(..) => {
                let amounts = self.column::<Decimal128Type>(input, rows, i128::from)?;
                Arc::new(amounts.with_data_type(kind.clone()))
            }
            _ => return Ok(None),
        }))
    }

    fn column<T: ArrowPrimitiveType>(
        self,
        input: &mut impl Read,
        rows: usize,
        of: impl Fn(i64) -> T::Native,
    ) -> io::Result<PrimitiveArray<T>> {
        // What was packed does not wrap; what was not is wrong whatever it does.
        let on = |row: usize| self.from.wrapping_add(self.step.wrapping_mul(row as i64));
        let value = |row: usize, above: u32| of(on(row).wrapping_add(i64::from(above)));
        let mut values: Vec<T::Native> = Vec::with_capacity(rows);
        let mut piece = vec![0; PIECE];
        while values.len() < rows {
            let from = values.len();
            let count = (rows - from).min(PIECE / usize::from(self.width.max(1)));
            let bytes = &mut piece[..count * usize::from(self.width)];
            input.read_exact(bytes)?;
            match self.width {
                0 => values.extend((from..from + count).map(|row| value(row, 0))),
                1 => {
                    let above = bytes.iter().map(|byte| u32::from(*byte));
                    values.extend((from..).zip(above).map(|(row, above)| value(row, above)));
                }
                2 => {
                    let above = bytes.as_chunks().0.iter().copied();
                    let above = above.map(|two| u32::from(u16::from_le_bytes(two)));
                    values.extend((from..).zip(above).map(|(row, above)| value(row, above)));
                }
                _ => {
                    let above = bytes.as_chunks().0.iter().copied().map(u32::from_le_bytes);
                    values.extend((from..).zip(above).map(|(row, above)| value(row, above)));
                }
            }
        }
        let mut nulls = None;
        if self.nulls {
            let mut bits = vec![0; rows.div_ceil(8)];
            input.read_exact(&mut bits)?;
            let bits = BooleanBuffer::new(Buffer::from_vec(bits), 0, rows);
            nulls = Some(NullBuffer::new(bits));
        }
        Ok(PrimitiveArray::new(ScalarBuffer::from(values), nulls))
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{Decimal128Array, Int64Array, StringArray};
    use proptest::prelude::*;

    use super::*;

    /// Packs and unpacks, and says how: numbers by the bytes that each takes.
    #[derive(Debug, PartialEq)]
    enum How {
        Array(DataType),
        Numbers(i64, u8),
    }

    fn again(column: ArrayRef) -> How {
        let (kind, rows) = (column.data_type(), column.len());
        let (back, how) = match pack(&column) {
            Packed::Array(packed, packing) => {
                let how = How::Array(packed.data_type().clone());
                (unpack(&packed, packing, kind, rows).unwrap(), how)
            }
            Packed::Numbers(bytes, line) => {
                let mut input = bytes.as_slice();
                let back = line.read(&mut input, kind, rows).unwrap().unwrap();
                assert!(input.is_empty());
                for cut in 0..bytes.len() {
                    assert!(line.read(&mut &bytes[..cut], kind, rows).is_err());
                }
                (back, How::Numbers(line.step, line.width))
            }
        };
        assert_eq!(&back, &column);
        how
    }

    /// The same without cutting it at every byte.
    fn again_of_many(column: ArrayRef) -> How {
        let Packed::Numbers(bytes, line) = pack(&column) else {
            panic!("it is not packed");
        };
        let back = line.read(&mut bytes.as_slice(), column.data_type(), column.len());
        assert_eq!(&back.unwrap().unwrap(), &column);
        How::Numbers(line.step, line.width)
    }

    fn money(values: Vec<Option<i128>>) -> ArrayRef {
        let amounts = Decimal128Array::from(values);
        Arc::new(amounts.with_precision_and_scale(38, 2).unwrap())
    }

    #[test]
    fn the_numbers_of_rows_are_a_line() {
        let rows: ArrayRef = Arc::new(Int64Array::from_iter_values(2..1_000));
        assert_eq!(again(rows), How::Numbers(1, 0));
        let rows = (2..1_000).filter(|row| row % 9 > 0);
        let rows: ArrayRef = Arc::new(Int64Array::from_iter_values(rows));
        assert_eq!(again(rows), How::Numbers(1, 1));
    }

    #[test]
    fn amounts_take_the_bytes_they_need() {
        let whole = || How::Array(DataType::Decimal128(38, 2));
        let up_to = |most: i128| again(money(vec![Some(most - 5), None, Some(-5)]));
        assert_eq!(up_to(255), How::Numbers(0, 1));
        assert_eq!(up_to(256), How::Numbers(0, 2));
        assert_eq!(up_to(70_000), How::Numbers(0, 4));
        assert_eq!(up_to(1 << 32), whole());
        assert_eq!(again(money(vec![Some(i128::MAX), Some(0)])), whole());
        assert_eq!(again(money(vec![Some(7); 9])), How::Numbers(0, 0));
        assert_eq!(again(money(vec![Some(7), None])), How::Numbers(0, 0));
        assert_eq!(again(money(vec![None; 9])), whole());
        let many = (0..70_000).map(|n| Some(n * n % 70_001)).collect();
        assert_eq!(again_of_many(money(many)), How::Numbers(0, 4));
        let ends: ArrayRef = Arc::new(Int64Array::from(vec![i64::MIN, i64::MAX]));
        assert_eq!(again(ends), How::Array(DataType::Int64));
    }

    #[test]
    fn words_that_recur_are_told_once() {
        let of = |texts: Vec<Option<String>>| -> ArrayRef {
            Arc::new(StringViewArray::from_iter(texts))
        };
        let words = (0..90).map(|n| (n % 7 > 0).then(|| format!("สาขา {}", n % 5)));
        let by_key = DataType::Dictionary(Box::new(DataType::UInt16), Box::new(DataType::Utf8));
        assert_eq!(again(of(words.collect())), How::Array(by_key.clone()));
        let ids = |n: u32| of((0..n).map(|n| Some(format!("T{n:07}"))).collect());
        assert_eq!(again(ids(90)), How::Array(DataType::Utf8));
        assert_eq!(again(ids(70_000)), How::Array(DataType::Utf8));
        assert_eq!(again(of(vec![None; 5])), How::Array(by_key.clone()));
        assert_eq!(again(of(Vec::new())), How::Array(by_key));
    }

    #[test]
    fn short_texts_hold_no_letters_twice() {
        let short: ArrayRef = Arc::new(StringArray::from(vec!["T1", "T2"]));
        let views = text_views(&short).unwrap().unwrap();
        assert!(views.as_string_view().data_buffers().is_empty());
    }

    #[test]
    fn what_is_packed_otherwise_is_refused() {
        let texts: ArrayRef = Arc::new(StringArray::from(vec!["a"]));
        let kinds = [DataType::Int64, DataType::Utf8View];
        let line = Line {
            from: 0,
            step: 0,
            width: 1,
            nulls: false,
        };
        for packing in [Packing::Whole, Packing::Same, Packing::Line(line)] {
            for kind in &kinds {
                assert!(unpack(&texts, packing, kind, 1).is_err(), "{packing:?}");
            }
        }
        assert!(unpack(&texts, Packing::Texts, &DataType::Utf8View, 2).is_err());
    }

    proptest! {
        #[test]
        fn packed_numbers_are_the_same_again(
            values in proptest::collection::vec(proptest::option::of(any::<i64>()), 0..40),
            shift in 0u32..64,
        ) {
            let values = values.iter().map(|value| value.map(|value| value >> shift));
            let values: Vec<Option<i64>> = values.collect();
            let amounts = values.iter().map(|value| value.map(i128::from)).collect();
            again(Arc::new(Int64Array::from(values)));
            again(money(amounts));
        }

        #[test]
        fn packed_texts_are_the_same_again(
            texts in proptest::collection::vec(proptest::option::of("[aกệ]{0,9}"), 0..40),
        ) {
            again(Arc::new(StringViewArray::from_iter(texts)));
        }
    }
}
