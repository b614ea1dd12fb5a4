//! Rows that tell again what an earlier row told.
//!
//! Rows are compared by hash first and by value where hashes agree, so that no row is taken for
//! another by chance. What counts as the same is the table's [`Identity`].
//!
//! Nearly every row is alone under its hash, and this is done in every run, for files from the cache
//! too: so the rows that are not alone are told by two bits of each hash, and only they are sorted. Ids
//! that ascend, as a till gives them out, need no hash.

use std::ops::Range;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, DynComparator, StringViewArray, make_comparator,
};
use arrow::buffer::NullBuffer;
use arrow::compute::{SortOptions, filter_record_batch};
use arrow::record_batch::RecordBatch;
use datafusion::arrow;
use datafusion::common::hash_utils::{RandomState, create_hashes};
use rayon::prelude::*;
use std::collections::BTreeMap;

use super::Repeat;
use super::flaw::MOST;
use crate::tables::{Identity, InputTable, ORIGIN, TableSpec};

/// A row by batch and position.
type RowAt = (u32, u32);

/// What was found in one table.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Duplicates {
    /// By batch: the rows that were taken out.
    pub(super) taken_out: Vec<u64>,
    /// Duplicates and the rows they repeat, the first few.
    pub(super) examples: Vec<(RowOrigin, RowOrigin)>,
    /// Rows taken out that differ from the row that stands, and the first few with it.
    pub(super) conflicts: u64,
    /// Places of the first conflicts.
    pub(super) conflict_examples: Vec<(RowOrigin, RowOrigin)>,
    /// Rows taken out with the rows they repeat, the first [`MOST`].
    pub(super) pairs: Vec<Pair>,
    /// Rows that share an id with an earlier row and differ from it, all kept.
    pub(super) shared: u64,
    /// The first of them and the row it shares its id with.
    pub(super) shared_example: Option<(RowOrigin, RowOrigin)>,
    /// Rows without an id that equal an earlier row, all kept.
    pub(super) repeated: u64,
}

/// Where a row came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RowOrigin {
    /// Position of its batch in the table.
    pub(super) batch: usize,
    /// Row of the sheet.
    pub(super) row: u32,
}

/// A row taken out and the row that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair {
    again: RowOrigin,
    first: RowOrigin,
    differs: bool,
}

impl Pair {
    /// The same by account, given the account of each batch.
    pub(super) fn repeat(&self, origins: &[usize]) -> Repeat {
        Repeat {
            again: (origins[self.again.batch], self.again.row),
            first: (origins[self.first.batch], self.first.row),
            differs: self.differs,
        }
    }
}

/// Rows hashed at once.
const PIECE: usize = 1 << 16;

/// How many examples are kept of each finding.
const EXAMPLES: usize = 3;

/// Takes the duplicates out of a table, and says what was found.
pub(super) fn take_out(table: &mut InputTable) -> Duplicates {
    let mut found = Duplicates {
        taken_out: vec![0; table.batches.len()],
        ..Duplicates::default()
    };
    let columns: Vec<usize> = (0..table.spec.columns.len())
        .filter(|column| {
            table.batches.iter().any(|batch| {
                let array = batch.column(*column);
                array.null_count() < array.len()
            })
        })
        .collect();
    let mut keep: Vec<Vec<bool>> = table
        .batches
        .iter()
        .map(|batch| vec![true; batch.num_rows()])
        .collect();
    let rows = Rows::new(&table.batches, &columns);
    match table.spec.identity {
        Identity::None => return found,
        Identity::Line(id) => lines(table.spec, &rows, id, &mut keep, &mut found),
        Identity::Key(key) => keys(table.spec, &rows, key, &mut keep, &mut found),
    }
    for (batch, (keep, taken_out)) in keep.into_iter().zip(&mut found.taken_out).enumerate() {
        *taken_out = keep.iter().filter(|keep| !**keep).count() as u64;
        if *taken_out > 0 {
            let mask = BooleanArray::from(keep);
            table.batches[batch] = filter_record_batch(&table.batches[batch], &mask)
                .expect("the mask is as long as the batch");
        }
    }
    found
}

/// Rows equal in every column: a duplicate with an id, a repetition without.
fn lines(
    table: &TableSpec,
    rows: &Rows<'_>,
    id: &str,
    keep: &mut [Vec<bool>],
    found: &mut Duplicates,
) {
    let Some(id) = table.position(id) else { return };
    let batches = rows.batches.iter();
    let ids: Vec<Option<&NullBuffer>> = batches.map(|batch| batch.column(id).nulls()).collect();
    let has_id =
        |(batch, row): RowAt| ids[batch as usize].is_none_or(|ids| ids.is_valid(row as usize));
    // Rows with an id equal only rows of the same id, which are few: of those without one alone
    // every column has to be looked at.
    let by_id = rows.groups(&[id], has_id);
    let without = rows.groups(&rows.columns, |at| !has_id(at));
    let mut alike: Vec<&[RowAt]> = by_id.iter().chain(&without).map(Vec::as_slice).collect();
    alike.sort_unstable_by_key(|group| group[0]);
    let mut whole = Equality::new(rows, &rows.columns);
    for group in alike {
        for (first, again) in whole.repeats(group) {
            if has_id(again) {
                keep[again.0 as usize][again.1 as usize] = false;
                example(&mut found.examples, rows, again, first);
                pair(found, rows, again, first, false);
            } else {
                found.repeated += 1;
            }
        }
    }
    let mut same_id = Equality::new(rows, &[id]);
    for group in by_id {
        let group: Vec<RowAt> = group
            .into_iter()
            .filter(|at| keep[at.0 as usize][at.1 as usize])
            .collect();
        for (first, again) in same_id.repeats(&group) {
            found.shared += 1;
            if found.shared_example.is_none() {
                found.shared_example = Some((rows.origin(again), rows.origin(first)));
            }
        }
    }
}

/// Rows that agree in the key: the first stands.
fn keys(
    table: &TableSpec,
    rows: &Rows<'_>,
    key: &[&str],
    keep: &mut [Vec<bool>],
    found: &mut Duplicates,
) {
    let key: Vec<usize> = key.iter().filter_map(|name| table.position(name)).collect();
    let mut same_key = Equality::new(rows, &key);
    let mut whole = Equality::new(rows, &rows.columns);
    for group in rows.groups(&key, |_| true) {
        for (first, again) in same_key.repeats(&group) {
            keep[again.0 as usize][again.1 as usize] = false;
            example(&mut found.examples, rows, again, first);
            let differs = !whole.equal(first, again);
            pair(found, rows, again, first, differs);
            if differs {
                found.conflicts += 1;
                example(&mut found.conflict_examples, rows, again, first);
            }
        }
    }
}

fn pair(found: &mut Duplicates, rows: &Rows<'_>, again: RowAt, first: RowAt, differs: bool) {
    if found.pairs.len() < MOST {
        found.pairs.push(Pair {
            again: rows.origin(again),
            first: rows.origin(first),
            differs,
        });
    }
}

fn example(
    examples: &mut Vec<(RowOrigin, RowOrigin)>,
    rows: &Rows<'_>,
    again: RowAt,
    first: RowAt,
) {
    if examples.len() < EXAMPLES {
        examples.push((rows.origin(again), rows.origin(first)));
    }
}

/// The rows of a table.
struct Rows<'a> {
    batches: &'a [RecordBatch],
    /// The columns that hold anything.
    columns: Vec<usize>,
}

impl<'a> Rows<'a> {
    fn new(batches: &'a [RecordBatch], columns: &[usize]) -> Self {
        Self {
            batches,
            columns: columns.to_vec(),
        }
    }

    fn arrays(&self, batch: usize, columns: &[usize]) -> Vec<&'a ArrayRef> {
        columns
            .iter()
            .map(|column| self.batches[batch].column(*column))
            .collect()
    }

    /// Groups of the wanted rows that may be equal in some columns: those of equal hash, in the order
    /// of the table, groups in the order of their first rows.
    fn groups(&self, columns: &[usize], wanted: impl Fn(RowAt) -> bool + Sync) -> Vec<Vec<RowAt>> {
        if let [column] = columns
            && self.ascend(*column)
        {
            return Vec::new();
        }
        let pieces = self.hashes(columns, &wanted);
        let each = || pieces.iter().flat_map(|piece| piece.rows(&wanted));
        let mut seen = Seen::new(pieces.iter().map(|piece| piece.hashes.len()).sum());
        each().for_each(|(hash, _)| seen.see(hash));
        let mut hashed: Vec<(u64, RowAt)> = each().filter(|(hash, _)| seen.again(*hash)).collect();
        hashed.sort_unstable();
        let mut groups: Vec<Vec<RowAt>> = hashed
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|group| group.len() > 1)
            .map(|group| group.iter().map(|(_, at)| *at).collect())
            .collect();
        groups.sort_unstable_by_key(|group| group[0]);
        groups
    }

    /// Whether every row has a text in a column that comes after that of the row before: then no two
    /// are equal.
    fn ascend(&self, column: usize) -> bool {
        let batches = self.batches.iter();
        let batches = batches.map(|batch| batch.column(column).as_string_view_opt());
        let Some(texts) = batches.collect::<Option<Vec<_>>>() else {
            return false;
        };
        let texts: Vec<&StringViewArray> = texts
            .into_iter()
            .filter(|texts| !texts.is_empty())
            .collect();
        let known = texts.iter().all(|texts| texts.null_count() == 0);
        let in_order = |pair: &[&StringViewArray]| {
            let last = pair[0].len() - 1;
            pair[0].value(last) < pair[1].value(0)
        };
        known
            && texts.windows(2).all(in_order)
            && texts.par_iter().all(|texts| {
                let pieces = (texts.len() - 1).div_ceil(PIECE);
                (0..pieces).into_par_iter().all(|piece| {
                    let first = piece * PIECE;
                    let last = (texts.len() - 1).min(first + PIECE);
                    (first..last).all(|row| texts.value(row) < texts.value(row + 1))
                })
            })
    }

    /// The hashes of all rows, a piece of the table after the other, but of pieces without a row that
    /// is wanted.
    fn hashes(&self, columns: &[usize], wanted: &(impl Fn(RowAt) -> bool + Sync)) -> Vec<Hashed> {
        let state = RandomState::default();
        let pieces: Vec<(u32, Range<usize>)> = (0..)
            .zip(self.batches)
            .flat_map(|(number, batch)| {
                let rows = batch.num_rows();
                let starts = (0..rows).step_by(PIECE);
                starts.map(move |start| (number, start..rows.min(start + PIECE)))
            })
            .collect();
        let hashed = pieces.into_par_iter().map(|(batch, range)| {
            let mut hashes = Vec::new();
            if range.clone().any(|row| wanted((batch, row as u32))) {
                let arrays = self.arrays(batch as usize, columns).into_iter();
                let arrays: Vec<ArrayRef> = arrays
                    .map(|array| array.slice(range.start, range.len()))
                    .collect();
                hashes.resize(range.len(), 0);
                if create_hashes(&arrays, &state, &mut hashes).is_err() {
                    // No column type of ours is without a hash; equal hashes only cost comparisons.
                    hashes.fill(0);
                }
            }
            Hashed {
                batch,
                start: range.start,
                hashes,
            }
        });
        hashed.collect()
    }

    fn origin(&self, (batch, row): RowAt) -> RowOrigin {
        let batch = batch as usize;
        let rows = self.batches[batch]
            .column_by_name(ORIGIN[2])
            .and_then(|array| array.as_any().downcast_ref::<arrow::array::Int64Array>());
        RowOrigin {
            batch,
            row: rows.map_or(0, |rows| {
                u32::try_from(rows.value(row as usize)).unwrap_or(0)
            }),
        }
    }
}

/// The hashes of rows that follow one another.
struct Hashed {
    batch: u32,
    start: usize,
    hashes: Vec<u64>,
}

impl Hashed {
    /// Those that are wanted.
    fn rows(&self, wanted: impl Fn(RowAt) -> bool) -> impl Iterator<Item = (u64, RowAt)> {
        let rows = self.hashes.iter().zip(self.start..);
        let rows = rows.map(|(hash, row)| (*hash, (self.batch, row as u32)));
        rows.filter(move |(_, at)| wanted(*at))
    }
}

/// Which hashes were seen, and which again, by a part of their bits: the second says of some that are
/// alone that they are not, and never the other way round.
struct Seen {
    once: Vec<u64>,
    again: Vec<u64>,
    /// How many bits of a hash are not looked at.
    shift: u32,
}

impl Seen {
    /// For about so many rows: sixteen places for each, of which the others leave one in sixteen.
    fn new(rows: usize) -> Self {
        let places = rows
            .saturating_mul(16)
            .next_power_of_two()
            .clamp(64, 1 << 28);
        Self {
            once: vec![0; places / 64],
            again: vec![0; places / 64],
            shift: u64::BITS - places.trailing_zeros(),
        }
    }

    /// The word and the bit of it.
    fn place(&self, hash: u64) -> (usize, u64) {
        let place = hash >> self.shift;
        ((place / 64) as usize, 1 << (place % 64))
    }

    fn see(&mut self, hash: u64) {
        let (word, bit) = self.place(hash);
        self.again[word] |= self.once[word] & bit;
        self.once[word] |= bit;
    }

    fn again(&self, hash: u64) -> bool {
        let (word, bit) = self.place(hash);
        self.again[word] & bit != 0
    }
}

/// Compares rows in some columns; two missing values are equal.
struct Equality<'a> {
    rows: &'a Rows<'a>,
    columns: Vec<usize>,
    comparators: BTreeMap<(u32, u32), Vec<DynComparator>>,
}

impl<'a> Equality<'a> {
    fn new(rows: &'a Rows<'a>, columns: &[usize]) -> Self {
        Self {
            rows,
            columns: columns.to_vec(),
            comparators: BTreeMap::new(),
        }
    }

    fn equal(&mut self, left: RowAt, right: RowAt) -> bool {
        let comparators = self
            .comparators
            .entry((left.0, right.0))
            .or_insert_with(|| {
                let lefts = self.rows.arrays(left.0 as usize, &self.columns);
                let rights = self.rows.arrays(right.0 as usize, &self.columns);
                lefts
                    .iter()
                    .zip(rights)
                    .map(|(left, right)| {
                        make_comparator(left.as_ref(), right.as_ref(), SortOptions::default())
                            .expect("the column has one type in all batches, and it can be ordered")
                    })
                    .collect()
            });
        comparators
            .iter()
            .all(|compare| compare(left.1 as usize, right.1 as usize).is_eq())
    }

    /// Of rows in order, each that equals an earlier one, with the first it equals.
    fn repeats(&mut self, group: &[RowAt]) -> Vec<(RowAt, RowAt)> {
        let mut firsts: Vec<RowAt> = Vec::new();
        let mut repeats = Vec::new();
        for &row in group {
            match firsts.iter().copied().find(|first| self.equal(*first, row)) {
                Some(first) => repeats.push((first, row)),
                None => firsts.push(row),
            }
        }
        repeats
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn ascend(batches: &[&[Option<&str>]]) -> bool {
        let batches: Vec<RecordBatch> = batches
            .iter()
            .map(|texts| {
                let ids: ArrayRef = Arc::new(StringViewArray::from_iter(texts.iter().copied()));
                RecordBatch::try_from_iter([("id", ids)]).unwrap()
            })
            .collect();
        Rows::new(&batches, &[0]).ascend(0)
    }

    #[test]
    fn only_ids_of_which_none_can_be_there_twice_ascend() {
        assert!(ascend(&[&[Some("T1"), Some("T10")], &[], &[Some("T2")]]));
        assert!(!ascend(&[&[Some("T1"), Some("T2"), Some("T2")]]));
        assert!(!ascend(&[&[Some("T1"), Some("T2")], &[Some("T2")]]));
        assert!(!ascend(&[&[Some("T1"), None, Some("T2")]]));
        assert!(!ascend(&[&[None], &[Some("T1")]]));
        assert!(ascend(&[&[]]));
    }

    #[test]
    fn the_pieces_of_a_column_are_looked_over_together() {
        let mut ids: Vec<String> = (0..=2 * PIECE).map(|n| format!("{n:07}")).collect();
        let texts =
            |ids: &[String]| ascend(&[&ids.iter().map(|id| Some(id.as_str())).collect::<Vec<_>>()]);
        assert!(texts(&ids));
        for at in [1, PIECE, PIECE + 1, 2 * PIECE] {
            let kept = std::mem::replace(&mut ids[at], "0000000".to_owned());
            assert!(!texts(&ids), "{at}");
            ids[at] = kept;
        }
    }
}
