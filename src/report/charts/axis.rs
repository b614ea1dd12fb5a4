//! Round numbers for axes.

/// Ticks at round steps that span `lo` to `hi`: at most `n` steps or one more, of 1, 2, 2.5 or 5
/// times a power of ten.
pub(super) fn nice(lo: f64, hi: f64, n: u32) -> Vec<f64> {
    let hi = if hi > lo { hi } else { lo + 1.0 };
    let raw = (hi - lo) / f64::from(n);
    let magnitude = power_of_ten(libm::floor(libm::log10(raw)) as i32);
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|k| k * magnitude)
        .find(|step| *step >= raw * (1.0 - 1e-12))
        .unwrap_or(10.0 * magnitude);
    let first = libm::floor(lo / step + 1e-9);
    let last = libm::ceil(hi / step - 1e-9);
    let mut ticks = Vec::new();
    let mut k = first;
    while k <= last {
        // From whole multiples, so that ticks do not drift; + 0 turns a negative zero round.
        ticks.push(k * step + 0.0);
        k += 1.0;
    }
    ticks
}

fn power_of_ten(exponent: i32) -> f64 {
    let factor: f64 = (0..exponent.unsigned_abs()).fold(1.0, |p, _| p * 10.0);
    if exponent < 0 { 1.0 / factor } else { factor }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ticks_are_round_and_span_the_data() {
        assert_eq!(nice(0.0, 98.0, 4), [0.0, 25.0, 50.0, 75.0, 100.0]);
        assert_eq!(nice(-4.2, 2.4, 4), [-6.0, -4.0, -2.0, 0.0, 2.0, 4.0]);
        assert_eq!(nice(0.0, 0.0, 4), [0.0, 0.25, 0.5, 0.75, 1.0]);
    }

    proptest! {
        #[test]
        fn any_range_is_spanned(lo in -1e12f64..1e12, width in 0f64..1e12) {
            let ticks = nice(lo, lo + width, 4);
            prop_assert!(ticks.len() >= 2 && ticks.len() <= 8, "{ticks:?}");
            let slack = (ticks[1] - ticks[0]) * 1e-6;
            prop_assert!(ticks[0] <= lo + slack && ticks[ticks.len() - 1] >= lo + width - slack);
        }
    }
}
