//! The one hypergeometric expression the models of orders need, without its two traps: the published
//! formula divides by a − 1, and takes the difference of numbers that may be nearly equal.

/// Where a sum is good to the last digit.
const ENOUGH: f64 = 1e-17;

/// Beyond this a series does not end in any time worth waiting for: a share z of 1 − 10⁻⁵.
const MOST_TERMS: u32 = 4_000_000;

/// Orders to expect of a customer who is alive: with λ ~ Gamma(A) in units of α + T, p ~ Beta(a, B)
/// and the horizon w in the same units,
///
/// E = E_p[(1 − (1 + p·w)^−A) ÷ p]
///   = C ÷ (a − 1) · [1 − (1 + w)^−A · ₂F₁(A, B; C; w ÷ (1 + w))], C = a + B − 1
///
/// (Fader, Hardie, Lee 2005, equation 10, without its denominator). All arguments are positive; w
/// may be 0. NaN where the series does not end.
///
/// With z = w ÷ (1 + w), u = a − 1 and κ = C − A, Euler's transformation turns it into
///
/// E = C · (1 − (1−z)^u) ÷ u − (1−z)^u · Σ_{n≥1} (κ)_n (a)_{n−1} ÷ ((C+1)_{n−1} n!) · zⁿ
///
/// where the first part is well behaved at u = 0 and nothing is divided by C. Its terms are all
/// positive unless κ is negative; then A is first brought down one by one, by
/// E(A) = E(A − 1) + w · E_p[(1 + p·w)^−A], which adds what is positive.
pub(super) fn orders_if_alive(shape: f64, a: f64, b: f64, w: f64) -> f64 {
    if w == 0.0 {
        return 0.0;
    }
    let (mut shape, mut total) = (shape, 0.0);
    while shape > a + b - 1.0 && shape > 1.0 {
        total += w * power_mean(shape, a, b, w);
        shape -= 1.0;
    }
    total + by_euler(shape, a, b, w)
}

fn by_euler(shape: f64, a: f64, b: f64, w: f64) -> f64 {
    let z = w / (1.0 + w);
    let logarithm = -libm::log1p(w);
    let (u, c) = (a - 1.0, a + b - 1.0);
    let kappa = c - shape;
    let grown = libm::expm1(u * logarithm);
    let first = if u == 0.0 { -logarithm } else { -grown / u };
    // The term of n = 1, and what makes the term of n + 1 out of that of n.
    let rest = series(kappa * z, z, |n| {
        (kappa + n) * (a + n - 1.0) / ((c + n) * (n + 1.0))
    });
    c * first - (1.0 + grown) * rest
}

/// E_p[(1 + p·w)^−A] = ₂F₁(A, a; a + B; −w), by that of Pfaff's transformations whose terms are all
/// positive.
fn power_mean(shape: f64, a: f64, b: f64, w: f64) -> f64 {
    let z = w / (1.0 + w);
    let sum = a + b;
    let (power, first, second) = if shape <= sum {
        (a, sum - shape, a)
    } else {
        (shape, shape, b)
    };
    let start = libm::exp(-power * libm::log1p(w));
    let ratio = |n: f64| (first + n - 1.0) * (second + n - 1.0) / ((sum + n - 1.0) * n);
    start + series(start * first * second / sum * z, z, |n| ratio(n + 1.0))
}

/// The sum of a series from its term of n = 1 on; `ratio` of n says how the next term comes from that
/// of n, but for a factor z, to which the whole tends.
fn series(first: f64, z: f64, ratio: impl Fn(f64) -> f64) -> f64 {
    let (mut sum, mut term) = (0.0, first);
    for n in 1..MOST_TERMS {
        sum += term;
        let n = f64::from(n);
        let step = ratio(n) * z;
        // From here on the terms shrink at least as quickly as a geometric series of this ratio.
        let bound = step.abs().max(z);
        if bound < 1.0 && n > 2.0 && (term * bound / (1.0 - bound)).abs() <= ENOUGH * sum.abs() {
            return sum;
        }
        if term == 0.0 {
            return sum;
        }
        term *= step;
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
            (25.0, 3.0, 0.4, 0.2, 1.152_700_036_231_262_9),
            (0.05, 0.02, 40.0, 12.0, 0.598_390_149_894_112_42),
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
