//! RFM scores: recency, frequency and monetary value, each from 1 to 5, 5 the best.
//!
//! The default method cuts at type-1 quintiles (inverse of the distribution function, as in Hyndman
//! and Fan 1996) and lets equal values share a score; cut points may coincide and scores may skip,
//! so that a 5 always means the top fifth. `thirds` cuts at type-1 thirds, which score 1, 3 and 5:
//! with few customers a fifth is a handful. `quantile-7` reproduces the R package `rfm`.

use crate::workspace::RfmMethod;

/// How many customers there were and where their values were cut, for one period.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cuts {
    /// Customers scored.
    pub customers: usize,
    /// Days since the last purchase at which the score falls by one, 5 to 4 first.
    pub recency: Vec<f64>,
    /// Orders above which (`quantile`) or from which on (`quantile-7`) the score rises by one.
    pub frequency: Vec<f64>,
    /// The same for revenue.
    pub monetary: Vec<f64>,
}

/// Customers from which on quintiles are more than noise.
pub const ENOUGH: usize = 50;

impl Cuts {
    /// The most days that score 5, 4, 3 and 2 in recency. Equal ones leave a score out.
    pub fn most_days(&self) -> Vec<i64> {
        // Every method lets the score fall *at* the cut point.
        self.recency.iter().map(|cut| last_before(*cut)).collect()
    }

    /// The most orders that score 1, 2, 3 and 4 in frequency. Equal ones leave a score out.
    pub fn most_orders(&self, method: RfmMethod) -> Vec<i64> {
        let most = |cut: &f64| match method {
            RfmMethod::Quantile | RfmMethod::Thirds => cut.floor() as i64,
            RfmMethod::Quantile7 => last_before(*cut),
        };
        self.frequency.iter().map(most).collect()
    }
}

/// The largest whole number under a bound.
fn last_before(bound: f64) -> i64 {
    bound.ceil() as i64 - 1
}

/// Scores of values of which more is better; equal values share a score.
///
/// With `quantile` the score is 1 and the number of cut points strictly below the value; so it is
/// with `thirds`, where each cut point counts twice. With
/// `quantile-7` it is 1 and the number of bounds at or below it, a bound being a type-7 quantile
/// plus 1 in units of `unit`.
pub fn rising(method: RfmMethod, values: &[i128], unit: i128) -> (Vec<i64>, Vec<f64>) {
    match method {
        RfmMethod::Quantile | RfmMethod::Thirds => {
            let cuts = match method {
                RfmMethod::Thirds => type_1(values, [(1, 3), (1, 3), (2, 3), (2, 3)]),
                _ => type_1(values, [(1, 5), (2, 5), (3, 5), (4, 5)]),
            };
            let scores = values
                .iter()
                .map(|value| 1 + below(&cuts, *value))
                .collect();
            let shown = cuts.iter().map(|cut| *cut as f64 / unit as f64).collect();
            (scores, shown)
        }
        RfmMethod::Quantile7 => {
            let bounds = type_7_bounds(values, unit);
            let scores = values
                .iter()
                .map(|value| 1 + at_or_below(&bounds, *value as f64 / unit as f64))
                .collect();
            (scores, bounds)
        }
    }
}

/// Scores of days since the last purchase, of which fewer are better.
///
/// With `quantile` the days are negated before they are cut; with `quantile-7` the score of the
/// days is turned round.
pub fn recency(method: RfmMethod, days: &[i128]) -> (Vec<i64>, Vec<f64>) {
    match method {
        RfmMethod::Quantile | RfmMethod::Thirds => {
            let negated: Vec<i128> = days.iter().map(|days| -days).collect();
            let (scores, cuts) = rising(method, &negated, 1);
            (scores, cuts.iter().rev().map(|cut| -cut).collect())
        }
        RfmMethod::Quantile7 => {
            let (scores, bounds) = rising(method, days, 1);
            (scores.into_iter().map(|score| 6 - score).collect(), bounds)
        }
    }
}

/// The values at these shares, as fractions: the smallest with at least that share at or below it.
/// Empty without values.
fn type_1(values: &[i128], shares: [(usize, usize); 4]) -> Vec<i128> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    shares
        .into_iter()
        .filter_map(|(above, below)| {
            sorted
                .get((sorted.len() * above).div_ceil(below).checked_sub(1)?)
                .copied()
        })
        .collect()
}

/// Type-7 quantiles (linear between the order statistics) at the fifths, plus 1.
fn type_7_bounds(values: &[i128], unit: i128) -> Vec<f64> {
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
            at(low as usize) + (place - low) * (at(low as usize + 1) - at(low as usize)) + 1.0
        })
        .collect()
}

fn below(cuts: &[i128], value: i128) -> i64 {
    cuts.iter().filter(|cut| **cut < value).count() as i64
}

fn at_or_below(bounds: &[f64], value: f64) -> i64 {
    bounds.iter().filter(|bound| **bound <= value).count() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Orders of 100 customers: 54 ones, 20 twos, 10 threes, 6 fours, 4 fives, 2 sixes, then 8, 10,
    /// 20, 54. The values 20, 40, 60 and 80 from the smallest are 1, 1, 2, 3.
    #[test]
    fn equal_values_share_a_score_and_scores_skip() {
        let mut orders = Vec::new();
        for (value, times) in [(1, 54), (2, 20), (3, 10), (4, 6), (5, 4), (6, 2)] {
            orders.extend(std::iter::repeat_n(value, times));
        }
        orders.extend([8, 10, 20, 54]);
        let (scores, cuts) = rising(RfmMethod::Quantile, &orders, 1);
        assert_eq!(cuts, [1.0, 1.0, 2.0, 3.0]);
        let score_of = |value| scores[orders.iter().position(|o| *o == value).unwrap()];
        assert_eq!([1, 2, 3, 4, 54].map(score_of), [1, 3, 4, 5, 5]);
        assert_eq!(scores.iter().filter(|s| **s == 1).count(), 54);
    }

    #[test]
    fn the_most_recent_buyer_scores_best() {
        let (scores, cuts) = recency(RfmMethod::Quantile, &[1, 10, 30, 90, 365]);
        assert_eq!(scores, [5, 4, 3, 2, 1]);
        assert_eq!(cuts, [10.0, 30.0, 90.0, 365.0]);
    }

    /// Nine customers: thirds end at the third and the sixth value, 3 and 7; the one that shares a
    /// value with the end of a third shares its score. Days turned round are
    /// -9, -8, -7, -7 | -5, -4 | -3, -2, -1.
    #[test]
    fn few_customers_are_cut_by_thirds() {
        let values = [1, 2, 3, 4, 5, 7, 7, 8, 9];
        let (scores, cuts) = rising(RfmMethod::Thirds, &values, 1);
        assert_eq!(cuts, [3.0, 3.0, 7.0, 7.0]);
        assert_eq!(scores, [1, 1, 1, 3, 3, 3, 3, 5, 5]);
        let (scores, cuts) = recency(RfmMethod::Thirds, &values);
        assert_eq!(cuts, [4.0, 4.0, 7.0, 7.0]);
        assert_eq!(scores, [5, 5, 5, 3, 3, 1, 1, 1, 1]);
    }

    /// What is said of a band must hold for those in it, under every method.
    #[test]
    fn the_most_of_each_score_agrees_with_the_scores() {
        let values: Vec<i128> = [0, 0, 0, 0, 0, 0, 1, 2, 2, 3, 4, 7, 7, 9, 30].to_vec();
        for method in [RfmMethod::Quantile, RfmMethod::Quantile7, RfmMethod::Thirds] {
            let (rises, frequency) = rising(method, &values, 1);
            let (falls, recency) = super::recency(method, &values);
            let cuts = Cuts {
                recency,
                frequency,
                ..Cuts::default()
            };
            let band = |most: &[i64], value: i128| {
                most.iter()
                    .filter(|most| i128::from(**most) < value)
                    .count() as i64
            };
            for (i, value) in values.iter().enumerate() {
                assert_eq!(rises[i], 1 + band(&cuts.most_orders(method), *value));
                assert_eq!(falls[i], 5 - band(&cuts.most_days(), *value));
            }
        }
    }

    #[test]
    fn nobody_and_one_customer_are_fine() {
        assert_eq!(rising(RfmMethod::Quantile, &[], 1), (vec![], vec![]));
        assert_eq!(rising(RfmMethod::Quantile7, &[], 1), (vec![], vec![]));
        assert_eq!(rising(RfmMethod::Quantile, &[7], 1).0, [1]);
    }

    /// 995 customers of the R package `rfm` (MIT), its example `rfm_data_orders`, scored by the
    /// package itself as of 2006-12-31: days, orders, revenue and the three scores.
    #[test]
    fn the_r_package_is_reproduced() {
        let rows: Vec<[i128; 6]> = include_str!("../../tests/data/rfm/scores.csv")
            .lines()
            .skip_while(|line| line.starts_with('#') || line.starts_with("recency"))
            .map(|line| {
                let numbers: Vec<i128> = line.split(',').map(|n| n.parse().unwrap()).collect();
                numbers.try_into().unwrap()
            })
            .collect();
        assert_eq!(rows.len(), 995);
        let column = |i: usize| rows.iter().map(|row| row[i]).collect::<Vec<i128>>();
        let published = |i: usize| rows.iter().map(|row| row[i] as i64).collect::<Vec<i64>>();
        let method = RfmMethod::Quantile7;
        assert_eq!(recency(method, &column(0)).0, published(3));
        assert_eq!(rising(method, &column(1), 1).0, published(4));
        assert_eq!(rising(method, &column(2), 1).0, published(5));
    }
}
