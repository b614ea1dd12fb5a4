//! How sure a difference between two groups is.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// The 95 % confidence interval of a difference of two means with unequal variances: the difference ±
/// the 97.5 % quantile of Student's t with the degrees of freedom given × its standard error (B. L.
/// Welch, Biometrika 34, 1947). None where a group was too small for a variance, or nobody differs.
pub fn interval(
    difference: f64,
    standard_error: Option<f64>,
    degrees_of_freedom: Option<f64>,
) -> Option<(f64, f64)> {
    let error = standard_error.filter(|error| error.is_finite() && *error > 0.0)?;
    let degrees = degrees_of_freedom.filter(|degrees| degrees.is_finite() && *degrees > 0.0)?;
    let distribution = StudentsT::new(0.0, 1.0, degrees).ok()?;
    let reach = distribution.inverse_cdf(0.975) * error;
    Some((difference - reach, difference + reach))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quantiles of Student's t as every table has them: 2.228 at 10, 2.042 at 30, 12.706 at 1.
    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (degrees, quantile) in [(10.0, 2.2281), (30.0, 2.0423), (1.0, 12.7062)] {
            let (low, high) = interval(5.0, Some(1.0), Some(degrees)).unwrap();
            assert!((high - 5.0 - quantile).abs() < 5e-5, "{degrees}: {high}");
            assert!((5.0 - low - quantile).abs() < 5e-5, "{degrees}: {low}");
        }
    }

    #[test]
    fn without_a_variance_there_is_none() {
        assert_eq!(interval(1.0, None, Some(3.0)), None);
        assert_eq!(interval(1.0, Some(0.0), Some(3.0)), None);
        assert_eq!(interval(1.0, Some(1.0), None), None);
    }
}
