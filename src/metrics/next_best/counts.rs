//! Counting which products units have bought, and which of them together.

use super::Pair;
use crate::workspace::PairLevel;

/// The most products that are counted in pairs, those that most units bought: a catalogue of tens of
/// thousands would ask for billions of counts, nearly all of them below any minimum.
pub const MOST_PRODUCTS: usize = 1_000;

/// A product in a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Taken {
    /// The unit.
    pub unit: u32,
    /// The product.
    pub product: u32,
    /// The first day on which the unit has it.
    pub day: i32,
}

/// How many units have each product, and each two of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairCounts {
    /// The products that are counted in pairs, those that most units have first, then in order.
    pub products: Vec<u32>,
    /// Whether products were left out for being too many.
    pub is_capped: bool,
    units: u32,
    single: Vec<u32>,
    /// Units with the first (row) and the second (column), by place in `products`; in a sequence,
    /// with the first on an earlier day than the second.
    both: Vec<u32>,
}

impl PairCounts {
    /// Counts `taken`, in any order; a product that a unit has several times counts once, from the
    /// earliest day on. `products` is how many there are.
    pub fn of(level: PairLevel, products: usize, mut taken: Vec<Taken>, most: usize) -> Self {
        taken.sort_unstable();
        taken.dedup_by(|later, first| (later.unit, later.product) == (first.unit, first.product));
        let mut bought = vec![0u32; products];
        for one in &taken {
            bought[one.product as usize] += 1;
        }
        let mut counted: Vec<u32> = (0..products as u32)
            .filter(|product| bought[*product as usize] > 0)
            .collect();
        counted.sort_by_key(|product| (std::cmp::Reverse(bought[*product as usize]), *product));
        let is_capped = counted.len() > most;
        counted.truncate(most);
        let mut place = vec![None; products];
        for (at, product) in counted.iter().enumerate() {
            place[*product as usize] = Some(at);
        }
        let width = counted.len();
        let mut both = vec![0u32; width * width];
        let mut units = 0;
        let mut held: Vec<(usize, i32)> = Vec::new();
        for unit in taken.chunk_by(|a, b| a.unit == b.unit) {
            units += 1;
            held.clear();
            held.extend(
                unit.iter()
                    .filter_map(|one| Some((place[one.product as usize]?, one.day))),
            );
            count_unit(level, &held, width, &mut both);
        }
        Self {
            single: counted
                .iter()
                .map(|product| bought[*product as usize])
                .collect(),
            products: counted,
            is_capped,
            units,
            both,
        }
    }

    /// The counts of two products by their places in `products`.
    pub fn pair(&self, a: usize, b: usize) -> Pair {
        Pair {
            n: self.units,
            n_a: self.single[a],
            n_b: self.single[b],
            n_ab: self.both[a * self.products.len() + b],
        }
    }

    /// All pairs of at least so many units, by the places of both.
    pub fn pairs(&self, min_count: u32) -> impl Iterator<Item = (usize, usize, Pair)> {
        let width = self.products.len();
        let counted = self.both.iter().enumerate();
        counted
            .filter(move |(_, n_ab)| **n_ab >= min_count.max(1))
            .map(move |(at, _)| (at / width, at % width, self.pair(at / width, at % width)))
    }
}

/// Adds what one unit holds.
fn count_unit(level: PairLevel, held: &[(usize, i32)], width: usize, both: &mut [u32]) {
    for (at, (a, day_a)) in held.iter().enumerate() {
        for (b, day_b) in &held[at + 1..] {
            let (there, back) = match level {
                PairLevel::Sequence => (day_a < day_b, day_b < day_a),
                PairLevel::Customer | PairLevel::Basket => (true, true),
            };
            both[a * width + b] += u32::from(there);
            both[b * width + a] += u32::from(back);
        }
    }
}
