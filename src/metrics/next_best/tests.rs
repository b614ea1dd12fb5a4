//! The arithmetic by hand.

use super::*;
use crate::workspace::{NextBestProduct, PairLevel};

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
}

/// 600 customers, of whom 60 bought the first, 240 the second, and 42 both.
#[test]
fn the_measures_of_a_pair_by_hand() {
    let pair = Pair {
        n: 600,
        n_a: 60,
        n_b: 240,
        n_ab: 42,
    };
    near(pair.support(), 42.0 / 600.0);
    near(pair.confidence(), 0.7);
    near(pair.base_rate(), 0.4);
    near(pair.lift(), 0.7 / 0.4);
    near(pair.leverage(), 0.07 - 0.1 * 0.4);
    near(pair.kulczynski(), (0.7 + 0.175) / 2.0);
    near(pair.imbalance(), 180.0 / 258.0);
    // (0.7 + 3.841459 / 120 - 1.959964 √(0.21 / 60 + 3.841459 / 14400)) ÷ (1 + 3.841459 / 60)
    // = (0.7320122 - 0.1202908) ÷ 1.0640243
    near(pair.confidence_low(), 0.574_912_9);
    near(pair.lift_low(), 0.574_912_9 / 0.4);
}

/// Newcombe, *Two-sided confidence intervals for the single proportion* (1998), table I: the score
/// method without continuity correction.
#[test]
fn wilson_has_its_published_bounds() {
    for (part, of, low) in [
        (81, 263, 0.2553),
        (15, 148, 0.0624),
        (0, 20, 0.0),
        (1, 29, 0.0061),
    ] {
        let found = wilson_low(part, of);
        assert!((found - low).abs() < 5e-5, "{part} of {of}: {found}");
    }
}

fn taken(units: &[&[(u32, i32)]]) -> Vec<Taken> {
    units
        .iter()
        .zip(0..)
        .flat_map(|(held, unit)| {
            held.iter().map(move |(product, day)| Taken {
                unit,
                product: *product,
                day: *day,
            })
        })
        .collect()
}

fn counted(counts: &PairCounts, a: u32, b: u32) -> Pair {
    let place = |product| counts.products.iter().position(|p| *p == product).unwrap();
    counts.pair(place(a), place(b))
}

#[test]
fn quantities_and_duplicate_lines_count_once() {
    let lines = taken(&[
        &[(0, 1), (0, 1), (1, 1), (0, 9)],
        &[(1, 2), (1, 2)],
        &[(0, 3)],
    ]);
    let counts = PairCounts::of(PairLevel::Customer, 2, lines, 10);
    let pair = counted(&counts, 0, 1);
    assert_eq!(
        pair,
        Pair {
            n: 3,
            n_a: 2,
            n_b: 2,
            n_ab: 1
        }
    );
}

#[test]
fn order_of_purchase_is_kept_in_a_sequence() {
    let lines = taken(&[
        &[(0, 1), (1, 2)],
        &[(0, 1), (1, 2), (0, 3)],
        &[(1, 1), (0, 2)],
        &[(0, 5), (1, 5)],
    ]);
    let counts = PairCounts::of(PairLevel::Sequence, 2, lines.clone(), 10);
    assert_eq!(counted(&counts, 0, 1).n_ab, 2);
    assert_eq!(counted(&counts, 1, 0).n_ab, 1);
    let counts = PairCounts::of(PairLevel::Customer, 2, lines, 10);
    assert_eq!(counted(&counts, 0, 1).n_ab, 4);
    assert_eq!(counted(&counts, 1, 0).n_ab, 4);
}

#[test]
fn the_most_bought_are_counted_where_products_are_many() {
    let lines = taken(&[
        &[(0, 1), (1, 1), (2, 1)],
        &[(1, 1), (2, 1)],
        &[(2, 1)],
        &[(3, 1)],
    ]);
    let counts = PairCounts::of(PairLevel::Customer, 5, lines, 2);
    assert!(counts.is_capped);
    assert_eq!(counts.products, [2, 1]);
    // Who bought none of them is among all, too.
    assert_eq!(counted(&counts, 1, 2).n, 4);
}

fn products(margins: &[Option<f64>]) -> Vec<Product> {
    let product = |(margin, number): (&Option<f64>, usize)| Product {
        id: format!("P{number}"),
        name: format!("P{number}"),
        is_out_of_stock: false,
        offered_to: Vec::new(),
        margin: *margin,
    };
    margins.iter().zip(0..).map(product).collect()
}

const SETTINGS: NextBestProduct = NextBestProduct {
    level: PairLevel::Customer,
    window_months: 12,
    min_count: 5,
    max_per_customer: 3,
};

/// Of 200, product 0 is bought by 40; 20 of these buy 1, and 20 buy 2, each bought by 30 in all.
fn two_that_go_with_the_first() -> PairCounts {
    let mut units: Vec<Vec<(u32, i32)>> = vec![vec![(3, 1)]; 200];
    for (at, unit) in units.iter_mut().enumerate() {
        if at < 40 {
            unit.push((0, 1));
        }
        if at < 20 || (50..60).contains(&at) {
            unit.push((1, 1));
        }
        if (20..40).contains(&at) || (60..70).contains(&at) {
            unit.push((2, 1));
        }
    }
    let units: Vec<&[(u32, i32)]> = units.iter().map(Vec::as_slice).collect();
    PairCounts::of(PairLevel::Customer, 4, taken(&units), 10)
}

fn suggested(margins: &[Option<f64>], owned: &[u32]) -> Vec<(u32, u32)> {
    let purchases = Purchases {
        products: products(margins),
        ..Purchases::default()
    };
    let counts = two_that_go_with_the_first();
    let mut suggestions = Suggestions::of(&counts, &purchases, SETTINGS);
    let own = || owned.iter().copied();
    let found = suggestions.for_customer(1, None, own(), own());
    found
        .iter()
        .map(|found| (found.product, found.because))
        .collect()
}

#[test]
fn margin_decides_between_products_that_go_equally_well() {
    assert_eq!(suggested(&[None; 4], &[0]), [(1, 0), (2, 0)]);
    let margins = [Some(1.0), Some(2.0), Some(3.0), Some(1.0)];
    assert_eq!(suggested(&margins, &[0]), [(2, 0), (1, 0)]);
    // Without a margin of its own, product 1 is taken to earn the mean of the others: 5 ÷ 3.
    assert_eq!(
        suggested(&[Some(1.0), None, Some(3.0), Some(1.0)], &[0]),
        [(2, 0), (1, 0)]
    );
    assert_eq!(
        suggested(&[Some(4.0), None, Some(2.0), Some(4.0)], &[0]),
        [(1, 0), (2, 0)]
    );
    // What loses money is not offered.
    assert_eq!(
        suggested(&[None, Some(-1.0), Some(3.0), None], &[0]),
        [(2, 0)]
    );
}

#[test]
fn what_a_customer_owns_is_not_offered() {
    assert_eq!(suggested(&[None; 4], &[0, 1]), [(2, 0)]);
    assert_eq!(suggested(&[None; 4], &[0, 1, 2]), []);
}

/// Everybody buys product 3: every confidence is 1, and none says anything.
#[test]
fn confidence_for_what_everybody_buys_is_no_reason() {
    let counts = two_that_go_with_the_first();
    near(counted(&counts, 0, 3).confidence(), 1.0);
    near(counted(&counts, 0, 3).lift(), 1.0);
    assert_eq!(
        suggested(&[None; 4], &[0])
            .iter()
            .filter(|(product, _)| *product == 3)
            .count(),
        0
    );
}

/// 5 of 5 have both, against 60 of 80 of a product bought as often: the bound 5 of 5 gives is lower
/// (1 ÷ (1 + 3.84 / 5) = 0.566 against 0.645).
#[test]
fn small_counts_cannot_win() {
    let small = Pair {
        n: 1_000,
        n_a: 5,
        n_b: 200,
        n_ab: 5,
    };
    let large = Pair {
        n_a: 80,
        n_ab: 60,
        ..small
    };
    near(small.lift(), 5.0);
    near(large.lift(), 3.75);
    near(
        small.confidence_low(),
        1.0 / (1.0 + 3.841_458_820_694_124 / 5.0),
    );
    assert!(small.lift_low() < large.lift_low());
}
