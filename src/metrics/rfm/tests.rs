//! The methods against published scores, hand-worked cases and each other.

use super::*;
use crate::workspace::Thresholds;

fn by(method: RfmMethod) -> Rfm {
    Rfm {
        window_months: 12,
        method: Some(method),
        ..Rfm::default()
    }
}

/// Customers who differ in one of the values only.
fn days(days: &[i128]) -> Values {
    Values {
        days: days.to_vec(),
        orders: vec![1; days.len()],
        amounts: vec![100; days.len()],
        unit: 1,
    }
}

fn orders(orders: &[i128]) -> Values {
    Values {
        days: vec![1; orders.len()],
        orders: orders.to_vec(),
        amounts: vec![100; orders.len()],
        unit: 1,
    }
}

fn scored(settings: &Rfm, values: &Values) -> (Ruler, Scores) {
    let ruler = Ruler::of(settings, values);
    let scores = ruler.scores(values);
    (ruler, scores)
}

/// Orders of 100 customers: 54 ones, 20 twos, 10 threes, 6 fours, 4 fives, 2 sixes, then 8, 10, 20,
/// 54. The values 20, 40, 60 and 80 from the smallest are 1, 1, 2, 3.
fn golden() -> Vec<i128> {
    let mut orders = Vec::new();
    for (value, times) in [(1, 54), (2, 20), (3, 10), (4, 6), (5, 4), (6, 2)] {
        orders.extend(std::iter::repeat_n(value, times));
    }
    orders.extend([8, 10, 20, 54]);
    orders
}

#[test]
fn equal_values_share_a_score_and_scores_skip() {
    let values = orders(&golden());
    let (ruler, scores) = scored(&by(RfmMethod::Quantile), &values);
    assert_eq!(ruler.ends().unwrap().frequency, [1, 1, 2, 3]);
    let score_of = |value| {
        let at = values.orders.iter().position(|o| *o == value).unwrap();
        scores.frequency[at]
    };
    assert_eq!([1, 2, 3, 4, 54].map(score_of), [1, 3, 4, 5, 5]);
    assert_eq!(scores.frequency.iter().filter(|s| **s == 1).count(), 54);
}

/// Methods §1: NTILE gives the 54 identical one-time buyers three different scores, 20 get 1, 20 get 2
/// and 14 get 3, in the order of their ids. `rank` does as asked; the default does not.
#[test]
fn ntile_splits_ties() {
    let values = orders(&golden());
    let of_ones = |method| {
        let (_, scores) = scored(&by(method), &values);
        let ones = scores.frequency[..54].to_vec();
        [1, 2, 3].map(|score| ones.iter().filter(|s| **s == score).count())
    };
    assert_eq!(of_ones(RfmMethod::Rank), [20, 20, 14]);
    assert_eq!(of_ones(RfmMethod::Quantile), [54, 0, 0]);
    let (ruler, scores) = scored(&by(RfmMethod::Rank), &values);
    assert!(scores.frequency[..20].iter().all(|score| *score == 1));
    assert!(scores.frequency[20..40].iter().all(|score| *score == 2));
    assert!(!ruler.is_fixed());
    // Seven of them: two, two, one, one and one, as SQL's ntile(5) has it.
    let (_, scores) = scored(&by(RfmMethod::Rank), &days(&[7, 6, 5, 4, 3, 2, 1]));
    assert_eq!(scores.recency, [1, 1, 2, 2, 3, 4, 5]);
}

/// The most recent buyer scores 5 by every method, and nobody who bought later scores less.
#[test]
fn recency_not_inverted() {
    let values = days(&[1, 10, 30, 90, 365, 366, 400, 500, 700, 900]);
    for method in RfmMethod::ALL {
        let mut settings = by(method);
        if method == RfmMethod::Thresholds {
            settings.thresholds.recency = Some([10.0, 90.0, 365.0, 600.0]);
        }
        let (_, scores) = scored(&settings, &values);
        assert_eq!(scores.recency[0], 5, "{method:?}");
        assert_eq!(scores.recency[9], 1, "{method:?}");
        assert!(scores.recency.is_sorted_by(|a, b| a >= b), "{method:?}");
    }
    let (ruler, scores) = scored(&by(RfmMethod::Quantile), &days(&[1, 10, 30, 90, 365]));
    assert_eq!(scores.recency, [5, 4, 3, 2, 1]);
    assert_eq!(ruler.recency_ends(), [9, 29, 89, 364]);
}

/// Nine customers: thirds end at the third and the sixth value, 3 and 7; the one that shares a
/// value with the end of a third shares its score. Days turned round are
/// -9, -8, -7, -7 | -5, -4 | -3, -2, -1.
#[test]
fn few_customers_are_cut_by_thirds() {
    let values = [1, 2, 3, 4, 5, 7, 7, 8, 9];
    let (ruler, scores) = scored(&by(RfmMethod::Thirds), &orders(&values));
    assert_eq!(ruler.ends().unwrap().frequency, [3, 3, 7, 7]);
    assert_eq!(scores.frequency, [1, 1, 1, 3, 3, 3, 3, 5, 5]);
    let (ruler, scores) = scored(&by(RfmMethod::Thirds), &days(&values));
    assert_eq!(ruler.recency_ends(), [3, 3, 6, 6]);
    assert_eq!(scores.recency, [5, 5, 5, 3, 3, 1, 1, 1, 1]);
}

/// Methods §1 has orders cut into 1, 2, 3–4, 5–9 and 10 or more; who did not order in the window
/// scores 1 and does not vanish. Days up to a threshold are within it. Amounts are in cents.
#[test]
fn thresholds_hold_whatever_the_customers() {
    let settings = Rfm {
        thresholds: Thresholds {
            recency: Some([30.0, 90.0, 180.0, 365.0]),
            frequency: Some([2.0, 3.0, 5.0, 10.0]),
            monetary: Some([100.0, 250.5, 1000.0, 5000.1]),
        },
        ..by(RfmMethod::Thresholds)
    };
    let values = Values {
        days: vec![0, 30, 31, 180, 181, 365, 366],
        orders: vec![0, 1, 2, 4, 5, 9, 10],
        amounts: vec![-5_000, 9_999, 10_000, 25_049, 25_050, 500_009, 500_010],
        unit: 100,
    };
    let (_, scores) = scored(&settings, &values);
    assert_eq!(scores.recency, [5, 5, 4, 3, 2, 2, 1]);
    assert_eq!(scores.frequency, [1, 1, 2, 3, 4, 4, 5]);
    assert_eq!(scores.monetary, [1, 1, 2, 2, 3, 4, 5]);
    // What is not set is cut where the customers are.
    let only_orders = Rfm {
        thresholds: Thresholds {
            frequency: settings.thresholds.frequency,
            ..Thresholds::default()
        },
        ..by(RfmMethod::Thresholds)
    };
    let (ruler, _) = scored(&only_orders, &values);
    let (quintiles, _) = scored(&by(RfmMethod::Quantile), &values);
    let (ends, own) = (ruler.ends().unwrap(), quintiles.ends().unwrap());
    assert_eq!(ends.frequency, [1, 2, 4, 9]);
    assert_eq!(
        (&ends.recency, &ends.monetary),
        (&own.recency, &own.monetary)
    );
}

/// As IBM describes it: customers are ranked by recency; within each recency rank by frequency; within
/// each frequency rank by monetary value. That spreads combined scores more evenly than ranking each by
/// itself, but a frequency score of 5 no longer means the same for two customers.
///
/// 125 customers who bought recently bought often and spent much: five blocks of 25 by days, and
/// within a block five groups of five by orders, and within a group five by amount. Orders of block
/// b, group g: 10 b + g; amounts rise with both.
#[test]
fn nested_spreads_evenly_and_its_scores_are_relative() {
    let mut values = Values {
        unit: 1,
        ..Values::default()
    };
    for (block, group, place) in (0..125).map(|i| (i / 25, i / 5 % 5, i % 5)) {
        values.days.push(500 - 100 * block);
        values.orders.push(10 * block + group);
        values.amounts.push(1000 * block + 100 * group + place);
    }
    let combined = |scores: &Scores| {
        let mut counts = std::collections::BTreeMap::new();
        for row in 0..125 {
            let triple = (
                scores.recency[row],
                scores.frequency[row],
                scores.monetary[row],
            );
            *counts.entry(triple).or_insert(0) += 1;
        }
        counts
    };
    let (ruler, nested) = scored(&by(RfmMethod::Nested), &values);
    let counts = combined(&nested);
    assert_eq!(counts.len(), 125, "every combination");
    assert!(counts.values().all(|count| *count == 1), "evenly");
    let (_, apart) = scored(&by(RfmMethod::Quantile), &values);
    assert_eq!(combined(&apart).len(), 5, "5-5-5, 4-4-4, … only");
    // 4 orders are a 5 among those who bought long ago; 40 are a 1 among the most recent.
    assert_eq!((values.orders[24], nested.frequency[24]), (4, 5));
    assert_eq!((values.orders[100], nested.frequency[100]), (40, 1));
    assert_eq!((apart.frequency[24], apart.frequency[100]), (1, 5));
    // It has no cuts that hold for everybody but those of recency.
    assert_eq!(ruler.ends(), None);
    assert_eq!(ruler.recency_ends().len(), 4);
    assert!(ruler.is_fixed());
}

/// 100.00 on 3 occasions is 33.33 each, 200.00 is 66.67; what was taken back stays as it is.
#[test]
fn the_mean_of_an_occasion_leaves_frequency_out() {
    let values = Values {
        days: vec![1; 4],
        orders: vec![3, 3, 0, 2],
        amounts: vec![10_000, 20_000, -500, -333],
        unit: 100,
    };
    assert_eq!(values.clone().by(Monetary::Total), values);
    let mean = values.by(Monetary::Mean);
    assert_eq!(mean.amounts, [3_333, 6_667, -500, -167]);
}

/// Who gave everything back, and who bought nothing in the window, has a score: the least.
#[test]
fn nobody_vanishes() {
    let values = Values {
        days: (1..=100).collect(),
        orders: (0..100).map(|i| i / 10).collect(),
        amounts: (0..100).map(|i| i * 100 - 900).collect(),
        unit: 100,
    };
    for method in RfmMethod::ALL
        .into_iter()
        .filter(|m| *m != RfmMethod::Nested)
    {
        let mut settings = by(method);
        if method == RfmMethod::Thresholds {
            settings.thresholds.frequency = Some([2.0, 3.0, 5.0, 10.0]);
        }
        let (ruler, scores) = scored(&settings, &values);
        assert_eq!(
            (scores.frequency[0], scores.monetary[0]),
            (1, 1),
            "{method:?}"
        );
        let measured = Measured::new(ruler, None, &values, &scores);
        for bands in [measured.recency, measured.frequency, measured.monetary] {
            assert_eq!(bands.iter().map(|band| band.customers).sum::<i64>(), 100);
        }
        let least = measured.monetary.iter().find_map(|band| band.range);
        assert_eq!(least.map(|(least, _)| least), Some(-900));
    }
}

#[test]
fn nobody_and_one_customer_are_fine() {
    for method in RfmMethod::ALL {
        assert_eq!(scored(&by(method), &Values::default()).1, Scores::default());
        let (_, scores) = scored(&by(method), &orders(&[7]));
        assert_eq!(scores.frequency.len(), 1, "{method:?}");
    }
}

/// Methods §1: quantiles drift. Customer 0 orders 3 times in both quarters; between them the twenty who
/// ordered twice come to order five times. Its score falls though it did nothing else: by the ruler of
/// the first quarter it stays, so it is the ruler that moved.
#[test]
fn a_ruler_can_be_laid_on_other_customers() {
    let first = orders(&golden());
    let second: Vec<i128> = first
        .orders
        .iter()
        .map(|o| if *o == 2 { 5 } else { *o })
        .collect();
    let second = orders(&second);
    for method in [RfmMethod::Quantile, RfmMethod::Quantile7, RfmMethod::Nested] {
        let (ruler, before) = scored(&by(method), &first);
        let (_, after) = scored(&by(method), &second);
        let (three, two) = (74, 60);
        assert_eq!((first.orders[three], first.orders[two]), (3, 2));
        let by_ruler = ruler.scores(&second);
        assert_eq!(
            by_ruler.frequency[three], before.frequency[three],
            "{method:?}"
        );
        assert!(
            after.frequency[three] < before.frequency[three],
            "{method:?}"
        );
        assert!(
            by_ruler.frequency[two] > before.frequency[two],
            "{method:?}"
        );
    }
}

/// 995 customers of the R package `rfm` (MIT), its example `rfm_data_orders`, scored by the
/// package itself as of 2006-12-31: days, orders, revenue and the three scores.
fn published() -> (Values, Vec<[i64; 3]>) {
    let rows: Vec<[i128; 6]> = include_str!("../../../tests/data/rfm/scores.csv")
        .lines()
        .skip_while(|line| line.starts_with('#') || line.starts_with("recency"))
        .map(|line| {
            let numbers: Vec<i128> = line.split(',').map(|n| n.parse().unwrap()).collect();
            numbers.try_into().unwrap()
        })
        .collect();
    assert_eq!(rows.len(), 995);
    let column = |i: usize| rows.iter().map(|row| row[i]).collect::<Vec<i128>>();
    let values = Values {
        days: column(0),
        orders: column(1),
        amounts: column(2),
        unit: 1,
    };
    let scores = rows.iter().map(|row| [3, 4, 5].map(|i| row[i] as i64));
    (values, scores.collect())
}

fn triples(scores: &Scores) -> Vec<[i64; 3]> {
    (0..scores.recency.len())
        .map(|row| {
            [
                scores.recency[row],
                scores.frequency[row],
                scores.monetary[row],
            ]
        })
        .collect()
}

#[test]
fn the_r_package_is_reproduced() {
    let (values, published) = published();
    let (_, scores) = scored(&by(RfmMethod::Quantile7), &values);
    assert_eq!(triples(&scores), published);
    // The same with amounts in cents, as they are kept.
    let cents = Values {
        amounts: values.amounts.iter().map(|amount| amount * 100).collect(),
        unit: 100,
        ..values
    };
    assert_eq!(
        triples(&scored(&by(RfmMethod::Quantile7), &cents).1),
        published
    );
}

/// Both segment tables that the package publishes for them, in its tests and in its documentation:
/// customers, orders, revenue and average order value of each segment.
#[test]
fn both_published_segment_tables_come_out() {
    let (values, _) = published();
    let scores = triples(&scored(&by(RfmMethod::Quantile7), &values).1);
    let lines: Vec<Vec<&str>> = include_str!("../../../tests/data/rfm/segments.csv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split(',').collect())
        .collect();
    for table in ["tests", "documentation"] {
        let segments: Vec<&Vec<&str>> = lines.iter().filter(|line| line[0] == table).collect();
        assert_eq!(segments.len(), 11);
        let within = |bounds: &str, score: i64| {
            let (low, high) = bounds.split_once('-').unwrap();
            (low.parse().unwrap()..=high.parse().unwrap()).contains(&score)
        };
        let segment_of = |triple: &[i64; 3]| {
            let fits = |segment: &&Vec<&str>| {
                (0..3).all(|value| within(segment[2 + value], triple[value]))
            };
            segments.iter().position(fits).unwrap()
        };
        let mut found = vec![(0i128, 0i128, 0i128); segments.len()];
        for (row, triple) in scores.iter().enumerate() {
            let (customers, orders, revenue) = &mut found[segment_of(triple)];
            *customers += 1;
            *orders += values.orders[row];
            *revenue += values.amounts[row];
        }
        for (segment, (customers, orders, revenue)) in segments.iter().zip(found) {
            let published: Vec<i128> = segment[5..8].iter().map(|n| n.parse().unwrap()).collect();
            assert_eq!(
                [customers, orders, revenue],
                published[..],
                "{table} {}",
                segment[1]
            );
            if !segment[8].is_empty() {
                let average: f64 = segment[8].parse().unwrap();
                assert!(
                    (revenue as f64 / orders as f64 - average).abs() < 0.005,
                    "{}",
                    segment[1]
                );
            }
        }
    }
}

/// The default method scores 14 of the 995 otherwise, each by one in one of the three, for one of two
/// reasons. *At the cut*: so many days lie exactly on a quintile of days, where the default, which cuts
/// negated days from below, counts them to the older group, and the package to the more recent one.
/// *Plus one*: the package puts its cuts 1 above the quantile, so an amount less than 1 above it still
/// belongs below.
#[test]
fn the_default_method_differs_for_fourteen_customers() {
    const AT_THE_CUT: &str = "at the cut";
    const PLUS_ONE: &str = "plus one";
    // Place in the list, days, orders, revenue, reason.
    let expected = [
        (86, 114, 4, 276, AT_THE_CUT),
        (134, 180, 8, 787, AT_THE_CUT),
        (173, 114, 3, 295, AT_THE_CUT),
        (266, 481, 6, 805, AT_THE_CUT),
        (313, 481, 8, 892, AT_THE_CUT),
        (481, 135, 6, 506, PLUS_ONE),
        (527, 297, 7, 698, AT_THE_CUT),
        (532, 481, 7, 646, AT_THE_CUT),
        (542, 180, 9, 741, AT_THE_CUT),
        (669, 114, 4, 265, AT_THE_CUT),
        (727, 114, 7, 576, AT_THE_CUT),
        (859, 180, 4, 427, AT_THE_CUT),
        (873, 282, 4, 255, PLUS_ONE),
        (976, 180, 5, 618, AT_THE_CUT),
    ];
    let (values, published) = published();
    let (ruler, scores) = scored(&by(RfmMethod::Quantile), &values);
    let ends = ruler.ends().unwrap();
    let differing: Vec<_> = triples(&scores)
        .iter()
        .zip(&published)
        .enumerate()
        .filter(|(_, (own, published))| own != published)
        .map(|(row, (own, published))| {
            let (days, amount) = (values.days[row], values.amounts[row]);
            // One more day than scores better is the quintile itself; an end of amounts is a quintile.
            let reason = if ends.recency.contains(&(days - 1)) {
                assert_eq!(own[0], published[0] - 1);
                assert_eq!(own[1..], published[1..]);
                AT_THE_CUT
            } else if ends.monetary.contains(&(amount - 1)) {
                assert_eq!(own[2], published[2] + 1);
                assert_eq!(own[..2], published[..2]);
                PLUS_ONE
            } else {
                "another"
            };
            (row, days, values.orders[row], amount, reason)
        })
        .collect();
    assert_eq!(differing, expected);
}
