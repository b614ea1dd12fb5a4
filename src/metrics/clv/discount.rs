//! Money later is worth less. Rates are a year's; a step's rate is converted, never divided.

/// Days of a year on average.
pub const DAYS_PER_YEAR: f64 = 365.25;

/// Weeks of a month on average, 4.348: neither 4 nor 30 days.
pub const WEEKS_PER_MONTH: f64 = DAYS_PER_YEAR / 12.0 / super::DAYS_PER_WEEK;

/// The rate of one of `steps` equal parts of a year that compounds to the annual one: of 12 % a year,
/// 0.949 % a month.
pub fn rate_per_step(annual: f64, steps: f64) -> f64 {
    libm::expm1(libm::log1p(annual) / steps)
}

/// Orders to come, each step's discounted to now as of the step's end:
/// Σ_k (E[Y(k)] − E[Y(k − 1)]) ÷ (1 + d)^k. `expected` says how many are expected in so many weeks
/// from now, all told; `rate` is that of a step.
pub fn discounted_orders(
    mut expected: impl FnMut(f64) -> f64,
    steps: u32,
    weeks_per_step: f64,
    rate: f64,
) -> f64 {
    let (mut before, mut factor, mut total) = (0.0, 1.0, 0.0);
    for step in 1..=steps {
        let by_now = expected(f64::from(step) * weeks_per_step);
        factor /= 1.0 + rate;
        total += (by_now - before) * factor;
        before = by_now;
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1.12^(1/12) − 1 = 0.94888 %; 1.01^12 − 1 = 12.68 %.
    #[test]
    fn monthly_rate_as_annual() {
        assert!((rate_per_step(0.12, 12.0) - 0.009_488_8).abs() < 5e-8);
        let annual = rate_per_step(0.01, 1.0 / 12.0);
        assert!((annual - 0.1268).abs() < 5e-5);
        assert_eq!(rate_per_step(0.0, 12.0), 0.0);
    }

    /// 365.25 ÷ 12 ÷ 7: twelve of them are a year, where twelve of 30 days are 360. One order a day without a
    /// discount is 365.25 orders in twelve months, and an event a month from now is a twelfth of a year away.
    #[test]
    fn month_is_30_days() {
        assert!((WEEKS_PER_MONTH * 7.0 * 12.0 - 365.25).abs() < 1e-9);
        let daily = |weeks: f64| weeks * 7.0;
        assert!((discounted_orders(daily, 12, WEEKS_PER_MONTH, 0.0) - 365.25).abs() < 1e-9);
        let events = crate::metrics::clv::coming_events(&[1.0; 12], 1.0, Default::default());
        let last = events.last().map(|event| event.in_days);
        assert!((last.unwrap() - 365.25).abs() < 1e-9);
    }

    /// One order a step for three steps at 10 %: 0.9091 + 0.8264 + 0.7513 = 2.4869, the annuity. The
    /// running total 1, 2, 3 discounted would be 4.816.
    #[test]
    fn cumulative_discounted() {
        let found = discounted_orders(|weeks| weeks / 4.0, 3, 4.0, 0.1);
        assert!((found - 2.4869).abs() < 5e-5, "{found}");
    }
}
