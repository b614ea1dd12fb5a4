//! The sample of 2,357 customers on which the models were published.

use super::*;

const REFERENCE: &str = include_str!("../../../../tests/data/clv/cdnow-sample.csv");

/// A line of the reference: how many customers, their history, and the figures behind it.
struct Line {
    customers: usize,
    history: History,
    figures: Vec<f64>,
}

fn lines() -> Vec<Line> {
    figures(REFERENCE)
        .into_iter()
        .map(|row| Line {
            customers: row[0] as usize,
            history: History {
                repeat_orders: row[1] as u32,
                recency: row[2],
                age: row[3],
                mean_repeat_value: (row[1] > 0.0).then_some(row[4]),
            },
            figures: row[5..].to_vec(),
        })
        .collect()
}

fn histories() -> Vec<History> {
    lines()
        .iter()
        .flat_map(|line| std::iter::repeat_n(line.history, line.customers))
        .collect()
}

fn bgnbd(r: f64, alpha: f64, a: f64, b: f64) -> OrderModel {
    OrderModel {
        kind: OrderModelKind::BgNbd,
        r,
        alpha,
        a,
        b,
    }
}

/// As printed by Fader, Hardie, Lee (2005).
fn published() -> OrderModel {
    bgnbd(0.243, 4.414, 0.793, 2.426)
}

/// As fitted by lifetimes 0.11.3.
fn fitted_by_lifetimes() -> OrderModel {
    bgnbd(
        0.242_592_928_279_821_93,
        4.413_532_265_271_815,
        0.792_885_966_440_564_9,
        2.425_752_382_625_38,
    )
}

fn spend_fitted_by_lifetimes() -> SpendModel {
    SpendModel {
        p: 6.248_802_496_072_566_5,
        q: 3.744_588_460_923_487_6,
        v: 15.447_748_064_938_148,
    }
}

#[test]
fn the_sample_has_2357_customers_946_of_them_with_a_repeat_order() {
    assert_eq!(OrderData::of(&histories()).counts(), (2357, 946));
}

/// Fader, Hardie, Lee (2005), table 2: .243, 4.414, .793, 2.426, −9582.4.
#[test]
fn bgnbd_parameters_and_log_likelihood_as_published() {
    let data = OrderData::of(&histories());
    let fit = data.fit(OrderModelKind::BgNbd, None).unwrap();
    assert_printed(fit.model.r, "0.243");
    assert_printed(fit.model.alpha, "4.414");
    assert_printed(fit.model.a, "0.793");
    assert_printed(fit.model.b, "2.426");
    assert_printed(fit.log_likelihood, "-9582.4");
    assert!(fit.gradient < 1e-7, "{}", fit.gradient);
    // lifetimes has −9582.4256 at its own parameters; a maximum is not below it.
    let theirs = data.log_likelihood(&fitted_by_lifetimes());
    assert_within(theirs, -9_582.425_560_567_366, 1e-11, "at theirs");
    assert!(fit.log_likelihood >= theirs - 1e-6);
}

/// BTYDplus, as quoted in the tests of lifetimes: .525, 6.183, .891, 1.614.
#[test]
fn mbgnbd_parameters_as_published() {
    let fit = OrderData::of(&histories())
        .fit(OrderModelKind::MbgNbd, None)
        .unwrap();
    assert_printed(fit.model.r, "0.525");
    assert_printed(fit.model.alpha, "6.183");
    assert_printed(fit.model.a, "0.891");
    assert_printed(fit.model.b, "1.614");
}

/// Fader, Hardie (2013): 6.25, 3.74, 15.44; log-likelihood −4055.92.
#[test]
fn gamma_gamma_parameters_and_log_likelihood_as_published() {
    let data = SpendData::of(&histories());
    let fit = data.fit(None).unwrap();
    assert_eq!(fit.customers, 946);
    assert_printed(fit.model.p, "6.25");
    assert_printed(fit.model.q, "3.74");
    // Printed are the digits of 15.4477 as they stand, not rounded: at 15.44 the likelihood is lower.
    assert_eq!(libm::trunc(fit.model.v * 100.0), 1544.0, "{}", fit.model.v);
    let as_printed = SpendModel {
        p: 6.25,
        q: 3.74,
        v: 15.44,
    };
    assert!(data.log_likelihood(&as_printed) < fit.log_likelihood);
    assert_printed(fit.log_likelihood, "-4055.92");
    let theirs = data.log_likelihood(&spend_fitted_by_lifetimes());
    assert_within(theirs, -4_055.923_243_502_861_6, 1e-11, "at theirs");
    // They leave out who spent nothing on average, which here is nobody.
    assert!(fit.log_likelihood >= theirs - 1e-6);
}

#[test]
fn expected_orders_alive_and_spend_of_every_customer_agree_with_lifetimes() {
    let (orders, spend) = (fitted_by_lifetimes(), spend_fitted_by_lifetimes());
    for Line {
        history, figures, ..
    } in lines()
    {
        let what = format!("{history:?}");
        assert_within(
            orders.expected_orders(&history, 39.0),
            figures[0],
            1e-6,
            &what,
        );
        assert_within(
            orders.expected_orders(&history, 52.0),
            figures[1],
            1e-6,
            &what,
        );
        assert_within(orders.probability_alive(&history), figures[2], 1e-6, &what);
        assert_within(spend.expected_value(&history), figures[3], 1e-6, &what);
    }
}

#[test]
fn the_same_with_the_parameters_as_printed() {
    let spend = SpendModel {
        p: 6.25,
        q: 3.74,
        v: 15.44,
    };
    for Line {
        history, figures, ..
    } in lines()
    {
        let what = format!("{history:?}");
        let orders = published().expected_orders(&history, 39.0);
        assert_within(orders, figures[6], 1e-6, &what);
        let alive = published().probability_alive(&history);
        assert_within(alive, figures[7], 1e-6, &what);
        assert_within(spend.expected_value(&history), figures[8], 1e-6, &what);
    }
}

/// Hardie's spreadsheet: x = 2, t_x = 30.43, T = 38.86, 39 weeks: 1.2260 and 0.7266.
#[test]
fn the_first_customer_as_in_the_published_spreadsheet() {
    let first = History {
        repeat_orders: 2,
        recency: 30.43,
        age: 38.86,
        mean_repeat_value: Some(22.35),
    };
    assert_printed(published().expected_orders(&first, 39.0), "1.2260");
    assert_printed(published().probability_alive(&first), "0.7266");
}

/// E[X(t)] as lifetimes has it; Hardie's spreadsheet prints 0.0078, 0.0532 and 0.1506 for the first.
#[test]
fn repeat_orders_of_a_new_customer() {
    let model = fitted_by_lifetimes();
    for (weeks, expected) in [
        (0.1429, 0.007_816_071_495_942_526),
        (1.0, 0.053_184_736_895_632_81),
        (3.0, 0.150_631_919_173_316_78),
        (32.14, 1.046_907_775_912_908_4),
        (52.0, 1.444_020_769_869_112_8),
        (78.0, 1.857_971_703_527_779_6),
    ] {
        let what = format!("{weeks} weeks");
        assert_within(model.expected_orders_of_new(weeks), expected, 1e-9, &what);
    }
}

/// Twelve steps of 4.345 weeks at 1 % a step, which lifetimes takes for months, and undiscounted.
#[test]
fn twelve_discounted_steps_agree_with_lifetimes() {
    let (orders, spend) = (fitted_by_lifetimes(), spend_fitted_by_lifetimes());
    for Line {
        history, figures, ..
    } in lines()
    {
        let value = spend.expected_value(&history);
        let of = |rate| {
            let expected = |weeks| orders.expected_orders(&history, weeks);
            value * discounted_orders(expected, 12, 4.345, rate)
        };
        let what = format!("{history:?}");
        assert_within(of(0.01), figures[4], 1e-6, &what);
        assert_within(of(0.0), figures[5], 1e-6, &what);
    }
}

/// x = 0 is alive for certain in BG/NBD, however long ago; in MBG/NBD it is not.
#[test]
fn one_time_buyer_immortal() {
    let once = History {
        repeat_orders: 0,
        recency: 0.0,
        age: 500.0,
        mean_repeat_value: None,
    };
    assert_eq!(published().probability_alive(&once), 1.0);
    let modified = OrderModel {
        kind: OrderModelKind::MbgNbd,
        ..published()
    };
    let alive = modified.probability_alive(&once);
    assert!(alive > 0.0 && alive < 0.6, "{alive}");
    // (1 + a/b · (1 + T/α)^r)⁻¹ by hand: a/b = 0.32688, (504.414/4.414)^0.243 = 3.1608.
    assert_within(alive, 1.0 / (1.0 + 0.326_876 * 3.1608), 1e-3, "by hand");
}
