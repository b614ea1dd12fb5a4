//! The one hypergeometric expression the models of orders need, as a sum of positive terms. The
//! published formula divides by a − 1 and takes the difference of numbers that may be nearly equal.

/// What is left out of a sum, as a share of it.
const LEFT_OUT: f64 = 1e-16;

/// Beyond this a sum does not end in any time worth waiting for: horizons of 100,000 times α + T.
const MOST_TERMS: u32 = 4_000_000;

/// Sums are scaled down by this before they outgrow f64.
const LARGE: f64 = 1e250;

/// Orders to expect of a customer who is alive: with λ ~ Gamma(A) in units of α + T, p ~ Beta(a, B)
/// and the horizon w in the same units,
///
/// E = C ÷ (a − 1) · [1 − (1 + w)^−A · ₂F₁(A, B; C; w ÷ (1 + w))], C = a + B − 1
///
/// (Fader, Hardie, Lee 2005, equation 10, without its denominator). All arguments are positive; w
/// may be 0. NaN where the sum does not end.
///
/// Written out, the bracket is a mean over N, the orders there would be if nobody dropped out, which
/// is negative binomial: P(N = n) = (A)_n ÷ n! · zⁿ · (1 − z)^A, z = w ÷ (1 + w). So
///
/// E = Σ_{n≥1} P(N = n) · h_n, h_n = C ÷ (a − 1) · (1 − (B)_n ÷ (C)_n)
///
/// where h_n is how many of n orders are made before dropping out: h_1 = 1 and
/// h_{n+1} = (C + (B + n) · h_n) ÷ (C + n). Nothing is subtracted, and a = 1 is like any other.
pub(super) fn orders_if_alive(shape: f64, a: f64, b: f64, w: f64) -> f64 {
    let z = w / (1.0 + w);
    let c = a + b - 1.0;
    // P(N = n) but for a factor, its sum, and that of P(N = n) · h_n.
    let (mut weight, mut weights, mut made) = (1.0, 1.0, 0.0);
    let mut orders = 1.0;
    for n in 1..MOST_TERMS {
        let n = f64::from(n);
        weight *= (shape + n - 1.0) / n * z;
        weights += weight;
        made += weight * orders;
        // From here on the weights shrink at least as quickly as a geometric series of this ratio,
        // and h_n grows no quicker than n.
        let ratio = ((shape + n) / (n + 1.0) * z).max(z);
        if ratio < 1.0 {
            let rest = ratio / (1.0 - ratio);
            let tail = weight * orders * rest * (1.0 + (1.0 + rest) / n);
            if tail <= LEFT_OUT * made {
                return made / weights;
            }
        }
        orders = (c + (b + n) * orders) / (c + n);
        if weights > LARGE {
            (weight, weights, made) = (weight / LARGE, weights / LARGE, made / LARGE);
        }
    }
    f64::NAN
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// E_p[(1 − (1 + p·w)^−A) ÷ p] by Simpson's rule, in two halves; p = sᵏ ÷ 2 in the lower, and
    /// 1 − p in the upper one, take away the peaks that the density may have at 0 and at 1.
    fn by_quadrature(shape: f64, a: f64, b: f64, w: f64) -> f64 {
        let beta = libm::exp(libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b));
        let gain = |p: f64| {
            if p == 0.0 {
                shape * w
            } else {
                -libm::expm1(-shape * libm::log1p(p * w)) / p
            }
        };
        let (k, l) = (4.0 / a.min(1.0), 4.0 / b.min(1.0));
        let low = simpson(|s| {
            let p = libm::pow(s, k) / 2.0;
            // p^(a−1) dp = (s^k ÷ 2)^(a−1) · k s^(k−1) ÷ 2 ds
            gain(p)
                * libm::pow(1.0 - p, b - 1.0)
                * k
                * libm::pow(s, k * a - 1.0)
                * libm::pow(0.5, a)
        });
        let high = simpson(|s| {
            let q = libm::pow(s, l) / 2.0;
            gain(1.0 - q)
                * libm::pow(1.0 - q, a - 1.0)
                * l
                * libm::pow(s, l * b - 1.0)
                * libm::pow(0.5, b)
        });
        (low + high) / beta
    }

    fn simpson(f: impl Fn(f64) -> f64) -> f64 {
        let n = 4000;
        let h = 1.0 / f64::from(n);
        let inner: f64 = (1..n)
            .map(|i| f(h * f64::from(i)) * if i % 2 == 1 { 4.0 } else { 2.0 })
            .sum();
        (f(0.0) + inner + f(1.0)) * h / 3.0
    }

    fn assert_close(found: f64, expected: f64, tolerance: f64, what: &str) {
        let off = (found - expected).abs() / expected.abs();
        assert!(off <= tolerance, "{what}: {found} is not {expected}");
    }

    /// With a = 1 the published formula divides zero by zero. For p ~ Beta(1, 1), A = 1:
    /// ∫ w ÷ (1 + p·w) dp = ln(1 + w).
    #[test]
    fn a_of_one_is_no_pole() {
        assert_close(
            orders_if_alive(1.0, 1.0, 1.0, 2.5),
            libm::log(3.5),
            1e-14,
            "a = 1",
        );
        let beside = orders_if_alive(1.0, 1.0 + 1e-9, 1.0, 2.5);
        assert_close(beside, libm::log(3.5), 1e-8, "a beside 1");
    }

    /// With A = 2, a = 2, B = 1 (density 2p): ∫ 2(1 − (1 + pw)^−2) dp = 2 − 2 ÷ (1 + w).
    #[test]
    fn nothing_is_expected_in_no_time() {
        assert_eq!(orders_if_alive(0.3, 0.8, 2.4, 0.0), 0.0);
        // C = 0, by which the published formula multiplies and its series divides.
        let at_zero = orders_if_alive(0.5, 0.4, 0.6, 2.0);
        assert_close(at_zero, by_quadrature(0.5, 0.4, 0.6, 2.0), 1e-8, "C = 0");
    }

    #[test]
    fn a_case_that_integrates_by_hand() {
        let expected = 2.0 - 2.0 / 4.0;
        assert_close(
            orders_if_alive(2.0, 2.0, 1.0, 3.0),
            expected,
            1e-14,
            "by hand",
        );
    }

    /// The published formula itself, where it is harmless: Fader, Hardie, Lee's parameters for CDNOW
    /// and x = 2, T = 38.86, 39 weeks ahead, with ₂F₁ summed as it is defined.
    #[test]
    fn agrees_with_the_formula_as_published() {
        let (r, alpha, a, b, x, age, weeks) = (0.243, 4.414, 0.793, 2.426, 2.0, 38.86, 39.0);
        let (first, second, c) = (r + x, b + x, a + b + x - 1.0);
        let z: f64 = weeks / (alpha + age + weeks);
        let (mut f, mut term) = (1.0, 1.0);
        for n in 0..2000 {
            let n = f64::from(n);
            term *= (first + n) * (second + n) / ((c + n) * (n + 1.0)) * z;
            f += term;
        }
        let published =
            c / (a - 1.0) * (1.0 - libm::pow((alpha + age) / (alpha + age + weeks), first) * f);
        let found = orders_if_alive(first, a, second, weeks / (alpha + age));
        assert_close(found, published, 1e-11, "as published");
    }

    /// By mpmath 1.3 with 40 digits, from the formula as published.
    #[test]
    fn shapes_far_from_each_other_keep_their_digits() {
        for (shape, a, b, w, expected) in [
            (60.0, 0.5, 1.0, 4.0, 26.401_591_492_442_208),
            (2_000.0, 0.7, 30.0, 2.0, 334.394_920_495_374_4),
            (0.3, 900.0, 0.5, 0.7, 0.147_187_624_399_651_59),
            (0.3, 0.9, 2.0, 3_000.0, 11.817_201_262_726_223),
            (25.0, 3.0, 0.4, 0.2, 1.152_700_036_231_263),
            (0.05, 0.02, 40.0, 12.0, 0.598_390_149_894_112_4),
            (4.0, 0.01, 0.02, 8.0, 21.029_726_764_649_027),
            (0.243, 1.000_000_1, 2.4, 50.0, 2.669_726_114_586_472),
        ] {
            let what = format!("{shape} {a} {b} {w}");
            assert_close(orders_if_alive(shape, a, b, w), expected, 1e-11, &what);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]
        /// Positive, growing with the horizon, and never more than without dropping out: A·w.
        #[test]
        fn agrees_with_quadrature(
            shape in 0.05..12.0f64, a in 0.05..6.0f64, b in 0.1..20.0f64, w in 0.001..15.0f64,
        ) {
            let found = orders_if_alive(shape, a, b, w);
            let expected = by_quadrature(shape, a, b, w);
            prop_assert!((found / expected - 1.0).abs() < 1e-7, "{found} is not {expected}");
            prop_assert!(found > 0.0 && found <= shape * w);
            prop_assert!(found < orders_if_alive(shape, a, b, w * 1.1));
        }
    }
}
