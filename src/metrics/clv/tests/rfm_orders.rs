//! Amounts that are uniform noise, the same for everybody: nothing for gamma-gamma to find.

use super::*;

const HISTORIES: &str = include_str!("../../../../tests/data/clv/rfm-orders.csv");

#[test]
fn gamma_gamma_says_why_it_does_not_hold_for_rfm_data_orders() {
    let histories: Vec<History> = figures(HISTORIES)
        .iter()
        .map(|row| in_days(row[0], row[1], row[2], row[3] / row[0].max(1.0)))
        .collect();
    assert_eq!(histories.len(), 995);
    let problem = SpendData::of(&histories).fit(None).unwrap_err();
    assert!(
        matches!(
            problem,
            FitProblem::RunsAway { .. } | FitProblem::NotConverged { .. }
        ),
        "{problem:?}"
    );
    assert!(
        problem.to_string().starts_with("it does not converge"),
        "{problem}"
    );
}

/// Means drawn from a Gamma-gamma with q = 0.8, by its quantiles: the model holds, its mean does not.
#[test]
fn gg_q_below_one() {
    let problem = FitProblem::NoFiniteMean { q: 0.8 };
    assert!(problem.to_string().contains("not above 1"));
    // z̄ of one order with p = 1 is v((1 − u)^(−1/q) − 1): the Lomax distribution.
    let histories: Vec<History> = (0..2_000)
        .map(|i| {
            let u = (f64::from(i) + 0.5) / 2_000.0;
            let mean = 10.0 * (libm::pow(1.0 - u, -1.0 / 0.8) - 1.0);
            in_days(1.0, 7.0, 70.0, mean)
        })
        .collect();
    let found = SpendData::of(&histories).fit(None);
    assert!(
        matches!(found, Err(FitProblem::NoFiniteMean { q }) if q > 0.5 && q < 1.0),
        "{found:?}"
    );
}
