//! Grocery shoppers: hardly anybody drops out, so that a is near zero.

use super::*;

const REFERENCE: &str = include_str!("../../../../tests/data/clv/completejourney.csv");

#[test]
fn orders_and_spend_agree_with_the_reference() {
    let rows = figures(REFERENCE);
    let histories: Vec<History> = rows
        .iter()
        .map(|row| in_days(row[0], row[1], row[2], row[3]))
        .collect();
    let data = OrderData::of(&histories);
    assert_eq!(data.counts().0, 2_328);
    let bgnbd = data.fit(OrderModelKind::BgNbd, None).unwrap();
    let mbgnbd = data.fit(OrderModelKind::MbgNbd, None).unwrap();
    assert!((bgnbd.log_likelihood - -52_861.043_389_147_395).abs() < 0.01);
    assert!((mbgnbd.log_likelihood - -52_861.056_748_603_834).abs() < 0.01);
    let spend = SpendData::of(&histories).fit(None).unwrap();
    assert_eq!(spend.customers, 2_163);
    assert!((spend.log_likelihood - -4_636.204_933_898_831).abs() < 0.01);
    assert_within(
        spend.correlation.unwrap(),
        0.066_844_340_336_663_45,
        1e-6,
        "correlation",
    );
    for (history, row) in histories.iter().zip(&rows) {
        let what = format!("{history:?}");
        for (model, row) in [(bgnbd.model, &row[4..6]), (mbgnbd.model, &row[6..8])] {
            assert_within(model.expected_orders(history, 39.0), row[0], 1e-3, &what);
            assert_within(model.probability_alive(history), row[1], 1e-3, &what);
        }
        assert_within(spend.model.expected_value(history), row[8], 1e-3, &what);
    }
}
