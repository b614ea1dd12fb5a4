//! Net present value, internal rates of return, payback: of flows, not of cases.
//!
//! Flows are f64 by step, the first at the start and undiscounted. Rates are annual; a step is
//! `1 / per_year` years long and its rate is `(1 + annual)^(1 / per_year) − 1`, never
//! `annual / per_year`.

use chrono::NaiveDate;

/// The rates between which internal rates of return are looked for.
pub const RATES: (f64, f64) = (-0.999, 100.0);

/// Grid points of the search, even in log(1 + r). Two roots nearer than 0.3 % of each other show no
/// change of sign on it and stay unseen.
const GRID: u32 = 4096;

/// The rate of one step.
pub fn period_rate(annual: f64, per_year: u32) -> f64 {
    libm::pow(1.0 + annual, 1.0 / f64::from(per_year)) - 1.0
}

/// What the flow of a step is discounted with: 1 for step 0.
pub fn discount_factor(annual: f64, step: usize, per_year: u32) -> f64 {
    libm::pow(1.0 + annual, -(step as f64) / f64::from(per_year))
}

/// Net present value: Σ flow / (1 + rate)^t with t in years and the first flow undiscounted.
///
/// A spreadsheet's `NPV()` discounts its first value too; there it is `flow0 + NPV(rate, flow1:…)`.
pub fn npv(flows: &[f64], annual: f64, per_year: u32) -> f64 {
    flows
        .iter()
        .enumerate()
        .map(|(step, flow)| flow * discount_factor(annual, step, per_year))
        .sum()
}

/// Every annual rate from −99.9 % to 10,000 % at which the flows are worth nothing, ascending; empty
/// where there is none, as for flows of one sign.
pub fn irr(flows: &[f64], per_year: u32) -> Vec<f64> {
    let dated: Vec<_> = flows
        .iter()
        .enumerate()
        .map(|(step, flow)| (step as f64 / f64::from(per_year), *flow))
        .collect();
    roots(&dated)
}

/// The same for dated flows: Σ flow / (1 + r)^((day − first day) / 365).
///
/// The first flow listed sets the origin and need not be the earliest. Newton's method from one
/// guess, as spreadsheets use, stops near zero where the rate is negative; a bracketed search
/// cannot.
pub fn xirr(flows: &[(NaiveDate, f64)]) -> Vec<f64> {
    let Some((origin, _)) = flows.first() else {
        return Vec::new();
    };
    let dated: Vec<_> = flows
        .iter()
        .map(|(day, flow)| ((*day - *origin).num_days() as f64 / 365.0, *flow))
        .collect();
    roots(&dated)
}

/// Roots over flows at times in years. With u = log(1 + r) a flow is worth `flow · e^(−u·t)`; u is
/// scanned on an even grid and each change of sign halved until the bracket cannot shrink.
///
/// Bisection, not Brent: the grid leaves brackets that 50 halvings close, so that a faster method
/// would spare microseconds and cost a dependency.
fn roots(flows: &[(f64, f64)]) -> Vec<f64> {
    let gains = flows.iter().any(|(_, flow)| *flow > 0.0);
    let losses = flows.iter().any(|(_, flow)| *flow < 0.0);
    if !(gains && losses) {
        return Vec::new();
    }
    let value = |u: f64| -> f64 {
        flows
            .iter()
            .map(|(years, flow)| flow * libm::exp(-u * years))
            .sum()
    };
    let (low, high) = (libm::log1p(RATES.0), libm::log1p(RATES.1));
    let at = |i: u32| low + (high - low) * f64::from(i) / f64::from(GRID);
    let mut found = Vec::new();
    let (mut left, mut value_left) = (low, value(low));
    for i in 1..=GRID {
        let (right, value_right) = (at(i), value(at(i)));
        if value_left == 0.0 {
            found.push(libm::expm1(left));
        } else if value_left * value_right < 0.0 {
            found.push(libm::expm1(bisect(&value, left, right)));
        }
        (left, value_left) = (right, value_right);
    }
    if value_left == 0.0 {
        found.push(libm::expm1(left));
    }
    found
}

fn bisect(value: &impl Fn(f64) -> f64, mut left: f64, mut right: f64) -> f64 {
    let rising = value(left) < 0.0;
    loop {
        let middle = left + (right - left) / 2.0;
        if middle <= left || middle >= right {
            return middle;
        }
        if (value(middle) < 0.0) == rising {
            left = middle;
        } else {
            right = middle;
        }
    }
}

/// When flows have paid themselves back, in steps from the start, linear within a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Payback {
    /// The first time that the sum so far is not below zero after having been.
    pub first: Option<f64>,
    /// The last time; none while the sum is below zero at the end. Later than `first` where a later
    /// cost takes the sum below zero again.
    pub last: Option<f64>,
}

/// Finds the payback of flows. Flows whose sum is never below zero have paid back at 0.
pub fn payback(flows: &[f64]) -> Payback {
    let sums = cumulative(flows);
    let mut crossings = Vec::new();
    for (step, pair) in sums.windows(2).enumerate() {
        if let [before, after] = *pair
            && before < 0.0
            && after >= 0.0
        {
            crossings.push(step as f64 + before / (before - after));
        }
    }
    let below_at_end = sums.last().is_some_and(|sum| *sum < 0.0);
    if crossings.is_empty() && !below_at_end && !sums.is_empty() {
        // A sum that starts at zero or above and never dips has nothing to pay back.
        crossings.push(0.0);
    }
    Payback {
        first: crossings.first().copied(),
        last: crossings.last().copied().filter(|_| !below_at_end),
    }
}

/// The sum of the flows so far, by step.
pub fn cumulative(flows: &[f64]) -> Vec<f64> {
    flows
        .iter()
        .scan(0.0, |sum, flow| {
            *sum += flow;
            Some(*sum)
        })
        .collect()
}

/// The lowest sum so far, zero or negative, and its step: how much cash must be at hand.
pub fn deepest(flows: &[f64]) -> (usize, f64) {
    cumulative(flows)
        .into_iter()
        .enumerate()
        .fold(
            (0, 0.0),
            |(at, low), (step, sum)| {
                if sum < low { (step, sum) } else { (at, low) }
            },
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(found: f64, expected: f64, tolerance: f64) {
        assert!(
            (found - expected).abs() <= tolerance,
            "{found} is not {expected} ± {tolerance}"
        );
    }

    fn only(roots: &[f64]) -> f64 {
        assert_eq!(roots.len(), 1, "{roots:?}");
        roots[0]
    }

    /// −1000, 500, 500, 500 at 10 %: 243.43 by hand (500 × 2.486852 − 1000); a spreadsheet's NPV()
    /// of all four gives 221.30.
    #[test]
    fn trap_21_excel_npv_first_flow() {
        let flows = [-1000.0, 500.0, 500.0, 500.0];
        let ours = npv(&flows, 0.10, 1);
        near(ours, 243.43, 0.005);
        let excel: f64 = (1..).zip(flows).map(|(t, f)| f / 1.1f64.powi(t)).sum();
        near(excel, 221.30, 0.005);
        let rest: f64 = (1..)
            .zip(&flows[1..])
            .map(|(t, f)| f / 1.1f64.powi(t))
            .sum();
        near(flows[0] + rest, ours, 1e-9);
    }

    /// Microsoft's help for NPV: 10 %, −10000 in a year, 3000, 4200, 6800 give 1,188.44.
    #[test]
    fn excel_help_example_discounts_the_first() {
        near(
            npv(&[0.0, -10000.0, 3000.0, 4200.0, 6800.0], 0.10, 1),
            1188.4434,
            1e-4,
        );
    }

    /// numpy-financial's tests: `npv(0.05, [-15000, 1500, 2500, 3500, 4500, 6000])` is 122.894855.
    #[test]
    fn npv_of_numpy_financial() {
        let flows = [-15000.0, 1500.0, 2500.0, 3500.0, 4500.0, 6000.0];
        near(npv(&flows, 0.05, 1), 122.894_855, 1e-6);
    }

    /// A published CRM example: 100,000 for 40,000 a year over four years at 10 %. Printed as 26,760
    /// from factors of three decimals; exactly 26,794.62, IRR 21.862 %, payback 2.5 years.
    #[test]
    fn crm_example_of_four_years() {
        let flows = [-100_000.0, 40_000.0, 40_000.0, 40_000.0, 40_000.0];
        near(npv(&flows, 0.10, 1), 26_794.62, 0.005);
        near(only(&irr(&flows, 1)), 0.218_62, 5e-6);
        assert_eq!(payback(&flows).last, Some(2.5));
    }

    /// Best, *Market-Based Management*, figure 1.15: a customer's −51, 30, 42, 44, 49, 55 at 15 %
    /// is worth 91.17 (factors of three decimals), exactly 91.14.
    #[test]
    fn customer_npv_of_best() {
        let flows = [-51.0, 30.0, 42.0, 44.0, 49.0, 55.0];
        near(npv(&flows, 0.15, 1), 91.14, 0.005);
    }

    /// The six internal rates of return in numpy-financial's tests.
    #[test]
    fn irr_of_numpy_financial() {
        for (flows, expected) in [
            (
                &[-150_000.0, 15_000.0, 25_000.0, 35_000.0, 45_000.0, 60_000.0][..],
                0.052_433,
            ),
            (&[-100.0, 0.0, 0.0, 74.0], -0.095_496),
            (&[-100.0, 39.0, 59.0, 55.0, 20.0], 0.280_948),
            (&[-100.0, 100.0, 0.0, -7.0], -0.083_300),
            (&[-100.0, 100.0, 0.0, 7.0], 0.062_058),
            (&[-5.0, 10.5, 1.0, -8.0, 1.0], 0.088_598),
        ] {
            let found = irr(flows, 1);
            assert!(
                found.iter().any(|r| (r - expected).abs() < 1e-6),
                "{flows:?}: {found:?} lacks {expected}"
            );
        }
    }

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    /// The golden value of the `xirr` crate's and PyXIRR's documentation, with unsorted dates.
    #[test]
    fn xirr_golden() {
        let flows = [
            (day(2015, 6, 11), -1000.0),
            (day(2015, 7, 21), -9000.0),
            (day(2018, 6, 10), 20_000.0),
            (day(2015, 10, 17), -3000.0),
        ];
        near(only(&xirr(&flows)), 0.163_537_158_443, 1e-11);
    }

    /// A loss of half in exactly one year is −50 %; spreadsheets have been seen to say 2.98e−9.
    #[test]
    fn trap_22_xirr_false_zero() {
        let flows = [(day(2023, 1, 1), -1000.0), (day(2024, 1, 1), 500.0)];
        near(only(&xirr(&flows)), -0.5, 1e-12);
        let slow = [
            (day(2019, 1, 1), -10_000.0),
            (day(2020, 1, 1), 1000.0),
            (day(2021, 1, 1), 1000.0),
        ];
        assert!(only(&xirr(&slow)) < -0.3);
    }

    /// −1000, +2500, −1540: 1000x² − 2500x + 1540 = 0 for x = 1 + r gives x = 1.1 and 1.4.
    #[test]
    fn trap_23_multiple_irr() {
        let found = irr(&[-1000.0, 2500.0, -1540.0], 1);
        assert_eq!(found.len(), 2);
        near(found[0], 0.10, 1e-12);
        near(found[1], 0.40, 1e-12);
    }

    #[test]
    fn flows_of_one_sign_have_no_rate() {
        assert!(irr(&[-1.0, -2.0], 1).is_empty());
        assert!(irr(&[1.0, 2.0], 1).is_empty());
        assert!(irr(&[], 1).is_empty());
        assert!(xirr(&[]).is_empty());
    }

    /// 12 % a year is 2.87 % a quarter and 0.949 % a month, not 3 % and 1 %.
    #[test]
    fn trap_12_monthly_rate_as_annual() {
        near(period_rate(0.12, 4), 0.028_737, 5e-7);
        near(period_rate(0.12, 12), 0.009_489, 5e-7);
        near(discount_factor(0.12, 12, 12), 1.0 / 1.12, 1e-15);
        near(only(&irr(&[-100.0, 0.0, 0.0, 0.0, 112.0], 4)), 0.12, 1e-12);
    }

    /// An upgrade takes the sum below zero again: both crossings are known.
    #[test]
    fn payback_after_a_second_dip() {
        let found = payback(&[-100.0, 150.0, -100.0, 100.0]);
        near(found.first.unwrap(), 2.0 / 3.0, 1e-12);
        near(found.last.unwrap(), 2.5, 1e-12);
        let ends_below = payback(&[-100.0, 150.0, -100.0]);
        assert!(ends_below.first.is_some());
        assert_eq!(ends_below.last, None);
        assert_eq!(payback(&[0.0, 10.0]).last, Some(0.0));
        assert_eq!(
            payback(&[-1.0, 0.5]),
            Payback {
                first: None,
                last: None
            }
        );
        assert_eq!(deepest(&[-100.0, 150.0, -100.0]), (0, -100.0));
        assert_eq!(deepest(&[5.0, 5.0]), (0, 0.0));
    }

    proptest! {
        #[test]
        fn npv_at_zero_is_the_sum(flows in prop::collection::vec(-1e9f64..1e9, 0..60)) {
            let sum: f64 = flows.iter().sum();
            prop_assert!((npv(&flows, 0.0, 12) - sum).abs() <= 1e-6);
        }

        #[test]
        fn a_rate_found_makes_the_flows_worthless(flows in prop::collection::vec(-1e6f64..1e6, 2..10)) {
            for rate in irr(&flows, 1) {
                let scale: f64 = flows
                    .iter()
                    .enumerate()
                    .map(|(t, f)| f.abs() * discount_factor(rate, t, 1))
                    .sum();
                prop_assert!(npv(&flows, rate, 1).abs() <= 1e-9 * scale);
            }
        }

        /// More benefit in any step never delays payback.
        #[test]
        fn payback_is_monotone_in_benefits(
            flows in prop::collection::vec(-100f64..100.0, 1..24),
            more in prop::collection::vec(0f64..50.0, 24),
        ) {
            let mut flows = flows;
            flows[0] = -500.0;
            let richer: Vec<f64> =
                flows.iter().zip(&more).enumerate().map(|(i, (f, m))| if i == 0 { *f } else { f + m }).collect();
            if let Some(before) = payback(&flows).last {
                let after = payback(&richer).last;
                prop_assert!(after.is_some_and(|after| after <= before + 1e-9));
            }
        }
    }
}
