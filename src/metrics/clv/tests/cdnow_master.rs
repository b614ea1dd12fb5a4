//! All 23,570 customers, from their purchases on.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::*;

const PURCHASES: &str = include_str!("../../../../tests/data/cdnow/purchases.csv");
const ORDERS: &str = include_str!("../../../../tests/data/clv/cdnow-master-orders.csv");
const SPEND: &str = include_str!("../../../../tests/data/clv/cdnow-master-spend.csv");

fn day(text: &str) -> i32 {
    // The default is 1970-01-01.
    let days = (text.parse::<NaiveDate>().unwrap() - NaiveDate::default()).num_days();
    i32::try_from(days).unwrap()
}

/// Every customer's days, amounts in cents.
fn days() -> BTreeMap<&'static str, Vec<DaySales>> {
    let mut lines: BTreeMap<&str, Vec<(i32, i128)>> = BTreeMap::new();
    for line in PURCHASES.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let cents: i128 = cells[2].replace('.', "").parse().unwrap();
        lines
            .entry(cells[0])
            .or_default()
            .push((day(cells[1]), cents));
    }
    lines
        .into_iter()
        .map(|(customer, lines)| (customer, DaySales::merge(lines)))
        .collect()
}

fn histories(until: &str) -> Vec<History> {
    days()
        .values()
        .filter_map(|days| History::as_of(days, day(until), 100.0))
        .collect()
}

#[test]
fn both_models_of_orders_agree_with_the_reference() {
    let histories = histories("1997-09-30");
    let data = OrderData::of(&histories);
    assert_eq!(data.counts().0, 23_570);
    let bgnbd = data.fit(OrderModelKind::BgNbd, None).unwrap();
    let mbgnbd = data.fit(OrderModelKind::MbgNbd, None).unwrap();
    assert!((bgnbd.log_likelihood - -95_368.443_933_160_76).abs() < 0.01);
    assert!((mbgnbd.log_likelihood - -95_336.958_319_879_53).abs() < 0.01);
    let parameters = |fit: &OrderFit| [fit.model.r, fit.model.alpha, fit.model.a, fit.model.b];
    let reference = [
        0.251_623_967_878_298_77,
        4.788_943_228_974_047,
        0.723_433_633_302_195_8,
        2.161_088_642_526_020_3,
    ];
    for (found, expected) in parameters(&bgnbd).into_iter().zip(reference) {
        assert_within(found, expected, 1e-4, "bgnbd");
    }
    let reference = [
        0.637_139_614_128_755,
        7.310_288_301_177_350_5,
        0.807_474_193_700_428_1,
        1.228_394_160_186_722,
    ];
    for (found, expected) in parameters(&mbgnbd).into_iter().zip(reference) {
        assert_within(found, expected, 1e-4, "mbgnbd");
    }
    let expected: BTreeMap<(u32, u64, u64), Vec<f64>> = figures(ORDERS)
        .into_iter()
        .map(|row| {
            let history = in_days(row[0], row[1], row[2], 0.0);
            (key(&history), row[3..].to_vec())
        })
        .collect();
    let mut seen: Vec<_> = histories.iter().map(key).collect();
    seen.sort_unstable();
    seen.dedup();
    // The reference names every history there is, and no other.
    assert_eq!(seen, expected.keys().copied().collect::<Vec<_>>());
    for history in &histories {
        let row = &expected[&key(history)];
        let what = format!("{history:?}");
        for (fit, row) in [(&bgnbd, &row[..2]), (&mbgnbd, &row[2..])] {
            let model = fit.model;
            assert_within(model.expected_orders(history, 39.0), row[0], 1e-3, &what);
            assert_within(model.probability_alive(history), row[1], 1e-3, &what);
        }
    }
}

fn key(history: &History) -> (u32, u64, u64) {
    (
        history.repeat_orders,
        history.recency.to_bits(),
        history.age.to_bits(),
    )
}

#[test]
fn gamma_gamma_agrees_with_the_reference() {
    let histories = histories("1997-09-30");
    let fit = SpendData::of(&histories).fit(None).unwrap();
    assert_eq!(fit.customers, 9_450);
    assert!((fit.log_likelihood - -40_763.476_261_390_76).abs() < 0.01);
    assert_within(fit.model.p, 6.275_359_079_322_452_5, 1e-4, "p");
    assert_within(fit.model.q, 3.624_450_020_237_045_3, 1e-4, "q");
    assert_within(fit.model.v, 14.983_686_989_824_106, 1e-4, "v");
    assert_within(
        fit.correlation.unwrap(),
        0.080_153_587_659_101_65,
        1e-6,
        "correlation",
    );
    for row in figures(SPEND) {
        let history = in_days(row[0], 1.0, 2.0, row[1]);
        assert_within(fit.model.expected_value(&history), row[2], 1e-3, "spend");
    }
    // The reference's sum over all customers.
    let total: f64 = histories.iter().map(|h| fit.model.expected_value(h)).sum();
    assert_within(total, 845_209.913_568, 1e-4, "all customers");
}

/// Every fiscal quarter of the data, started from the one before, ends where a fresh start ends.
#[test]
fn a_warm_start_ends_where_a_fresh_one_does() {
    let ends = [
        "1997-03-31",
        "1997-06-30",
        "1997-09-30",
        "1997-12-31",
        "1998-03-31",
        "1998-06-30",
    ];
    for kind in OrderModelKind::ALL {
        let mut before: Option<OrderModel> = None;
        for end in ends {
            let data = OrderData::of(&histories(end));
            let fresh = data.fit(kind, None).unwrap();
            let warm = data.fit(kind, before.as_ref()).unwrap();
            let off = (fresh.log_likelihood - warm.log_likelihood).abs();
            assert!(off < 1e-4, "{end}: {fresh:?} and {warm:?}");
            assert_within(warm.model.r, fresh.model.r, 1e-4, end);
            assert_within(warm.model.alpha, fresh.model.alpha, 1e-4, end);
            assert_within(warm.model.a, fresh.model.a, 1e-3, end);
            assert_within(warm.model.b, fresh.model.b, 1e-3, end);
            before = Some(warm.model);
        }
    }
}
