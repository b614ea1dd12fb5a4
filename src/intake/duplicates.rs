//! Rows that tell again what an earlier row told.
//!
//! Rows are compared by hash first and by value where hashes agree, so that no row is taken for
//! another by chance. What counts as the same is the table's [`Identity`].

use arrow::array::{Array, ArrayRef, BooleanArray, DynComparator, make_comparator};
use arrow::compute::{SortOptions, filter_record_batch};
use arrow::record_batch::RecordBatch;
use datafusion::arrow;
use datafusion::common::hash_utils::{RandomState, create_hashes};
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
    let has_id = |(batch, row): RowAt| {
        rows.batches[batch as usize]
            .column(id)
            .is_valid(row as usize)
    };
    // Rows with an id equal only rows of the same id, which are few: of those without one alone
    // every column has to be looked at.
    let by_id = rows.groups(&[id], &has_id);
    let without = rows.groups(&rows.columns, &|at| !has_id(at));
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
    for group in rows.groups(&key, &|_| true) {
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
    fn groups(&self, columns: &[usize], wanted: &dyn Fn(RowAt) -> bool) -> Vec<Vec<RowAt>> {
        let state = RandomState::default();
        let mut hashed: Vec<(u64, RowAt)> = Vec::new();
        let mut buffer = Vec::new();
        for (number, batch) in (0u32..).zip(self.batches) {
            let rows = 0..u32::try_from(batch.num_rows()).unwrap_or(u32::MAX);
            if !rows.clone().any(|row| wanted((number, row))) {
                continue;
            }
            buffer.clear();
            buffer.resize(batch.num_rows(), 0);
            let arrays = self.arrays(number as usize, columns);
            if create_hashes(arrays, &state, &mut buffer).is_err() {
                // No column type of ours is without a hash; equal hashes only cost comparisons.
                buffer.fill(0);
            }
            hashed.extend(
                buffer
                    .iter()
                    .zip(rows)
                    .map(|(hash, row)| (*hash, (number, row)))
                    .filter(|(_, at)| wanted(*at)),
            );
        }
        hashed.sort_unstable();
        let mut groups: Vec<Vec<RowAt>> = hashed
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|group| group.len() > 1)
            .map(|group| group.iter().map(|(_, at)| *at).collect())
            .collect();
        groups.sort_unstable_by_key(|group| group[0]);
        groups
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
