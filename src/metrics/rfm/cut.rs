//! Where each method cuts.

use super::{Ends, Nested, Scores, Values, fewer_is_better, more_is_better};
use crate::workspace::Thresholds;

/// Shares of customers, as fractions.
type Shares = [(usize, usize); 4];

pub(super) const FIFTHS: Shares = [(1, 5), (2, 5), (3, 5), (4, 5)];
/// Each counts twice, so that the three groups score 1, 3 and 5.
pub(super) const THIRDS: Shares = [(1, 3), (1, 3), (2, 3), (2, 3)];

/// At type-1 quantiles of the values, of days turned round: a value *at* a cut is before it, and the
/// days at one score less.
pub(super) fn by_shares(values: &Values, shares: Shares) -> Ends {
    Ends {
        recency: days_by_shares(&values.days, shares),
        frequency: type_1(&values.orders, shares),
        monetary: type_1(&values.amounts, shares),
    }
}

fn days_by_shares(days: &[i128], shares: Shares) -> Vec<i128> {
    let negated: Vec<i128> = days.iter().map(|days| -days).collect();
    let cuts = type_1(&negated, shares);
    cuts.iter().rev().map(|cut| -cut - 1).collect()
}

/// The values at these shares: the smallest with at least that share at or below it. Empty without
/// values.
fn type_1(values: &[i128], shares: Shares) -> Vec<i128> {
    let mut values = values.to_vec();
    shares
        .into_iter()
        .filter_map(|(above, below)| {
            let place = (values.len() * above).div_ceil(below).checked_sub(1)?;
            Some(*values.select_nth_unstable(place).1)
        })
        .collect()
}

/// At type-7 quantiles (linear between the order statistics) plus 1; a value at a cut is beyond it.
/// Days are cut like the others, and their score turned round.
pub(super) fn as_the_r_package(values: &Values) -> Ends {
    Ends {
        recency: before_type_7(&values.days, 1),
        frequency: before_type_7(&values.orders, 1),
        monetary: before_type_7(&values.amounts, values.unit),
    }
}

fn before_type_7(values: &[i128], unit: i128) -> Vec<i128> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let Some(last) = sorted.len().checked_sub(1) else {
        return Vec::new();
    };
    let at = |index: usize| sorted[index.min(last)] as f64 / unit as f64;
    (1..=4)
        .map(|fifth| {
            let place = (last * fifth) as f64 / 5.0;
            let low = place.floor();
            let quantile =
                at(low as usize) + (place - low) * (at(low as usize + 1) - at(low as usize));
            last_before(quantile + 1.0, unit)
        })
        .collect()
}

/// The largest value, in units, that is less than a bound in currency.
fn last_before(bound: f64, unit: i128) -> i128 {
    let reached = |value: i128| value as f64 / unit as f64 >= bound;
    let mut first = (bound * unit as f64).ceil() as i128;
    // The product may have been rounded over the next unit, or short of it.
    if reached(first - 1) {
        first -= 1;
    } else if !reached(first) {
        first += 1;
    }
    first - 1
}

/// Where the client says; at quintiles where it does not.
pub(super) fn by_thresholds(set: &Thresholds, values: &Values) -> Ends {
    let from = |cuts: [f64; 4], unit| cuts.map(|cut| last_before(cut, unit)).to_vec();
    let own = |values: &[i128]| type_1(values, FIFTHS);
    Ends {
        recency: match set.recency {
            // A day is whole: up to 30.5 days is up to 30.
            Some(days) => days.map(|days| days.floor() as i128).to_vec(),
            None => days_by_shares(&values.days, FIFTHS),
        },
        frequency: set
            .frequency
            .map_or_else(|| own(&values.orders), |cuts| from(cuts, 1)),
        monetary: set
            .monetary
            .map_or_else(|| own(&values.amounts), |cuts| from(cuts, values.unit)),
    }
}

/// Recency at quintiles of all, frequency at quintiles of those of a recency score, monetary value at
/// quintiles of those of a recency and a frequency score.
pub(super) fn nested(values: &Values) -> Nested {
    let recency = days_by_shares(&values.days, FIFTHS);
    let scores = fewer_is_better(&recency, &values.days);
    let mut found = Nested {
        recency,
        ..Nested::default()
    };
    for r in 0..5 {
        let of_score = |score: &i64| *score == r as i64 + 1;
        let rows: Vec<usize> = (0..scores.len())
            .filter(|row| of_score(&scores[*row]))
            .collect();
        let orders: Vec<i128> = rows.iter().map(|row| values.orders[*row]).collect();
        let ends = type_1(&orders, FIFTHS);
        let frequency = more_is_better(&ends, &orders);
        found.frequency[r] = ends;
        for f in 0..5 {
            let with_both = rows.iter().zip(&frequency);
            let amounts: Vec<i128> = with_both
                .filter(|(_, score)| **score == f as i64 + 1)
                .map(|(row, _)| values.amounts[*row])
                .collect();
            found.monetary[r][f] = type_1(&amounts, FIFTHS);
        }
    }
    found
}

/// Five groups of one size, the first ones larger by one where they do not come out even. Equal
/// values go in the order of the rows, which is that of the customers' ids.
pub(super) fn by_rank(values: &Values) -> Scores {
    let negated: Vec<i128> = values.days.iter().map(|days| -days).collect();
    Scores {
        recency: ntile(&negated),
        frequency: ntile(&values.orders),
        monetary: ntile(&values.amounts),
    }
}

fn ntile(values: &[i128]) -> Vec<i64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by_key(|row| values[*row]);
    let (size, larger) = (values.len() / 5, values.len() % 5);
    let mut scores = vec![0; values.len()];
    let mut rest = order.into_iter();
    for group in 0..5 {
        let members = size + usize::from(group < larger);
        for row in rest.by_ref().take(members) {
            scores[row] = group as i64 + 1;
        }
    }
    scores
}
