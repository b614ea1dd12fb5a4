//! What customers spend on an order: the gamma-gamma model (Fader, Hardie 2013, after Colombo, Jiang
//! 1999).
//!
//! The orders of a customer vary around a mean by a Gamma(p) distribution, and the means vary across
//! customers, their inverse scale by Gamma(q, v). It rests on spending being independent of how
//! often a customer orders, and has a finite mean only for q > 1.

use std::collections::BTreeMap;

use statrs::function::gamma::digamma;

use super::maximum::{Likelihood, maximise};
use super::{FEWEST_REPEATERS, FitProblem, History};

/// The model with its parameters; v in currency units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpendModel {
    /// Shape within a customer.
    pub p: f64,
    /// Shape across customers, more than 1.
    pub q: f64,
    /// Scale across customers, in currency units.
    pub v: f64,
}

impl SpendModel {
    /// What an order is worth on average over all customers: p·v ÷ (q − 1).
    pub fn mean(&self) -> f64 {
        self.p * self.v / (self.q - 1.0)
    }

    /// What an order of this customer is worth: p (v + x·m̄) ÷ (p·x + q − 1), the mean of all where
    /// there is no repeat order to go by.
    pub fn expected_value(&self, history: &History) -> f64 {
        let Some(mean) = history.spend() else {
            return self.mean();
        };
        let x = f64::from(history.repeat_orders);
        self.p * (self.v + x * mean) / (self.p * x + self.q - 1.0)
    }
}

/// The model as fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpendFit {
    /// The model.
    pub model: SpendModel,
    /// Of all customers together, in currency units.
    pub log_likelihood: f64,
    /// The largest derivative of the mean log-likelihood by the logarithm of a parameter.
    pub gradient: f64,
    /// Customers it rests on: those with repeat orders of a positive mean.
    pub customers: usize,
    /// Pearson's correlation between the number of repeat orders and their mean value, which the
    /// model takes for none; none where either does not vary.
    pub correlation: Option<f64>,
}

/// Customers' repeat orders for fitting.
#[derive(Debug, Clone, PartialEq)]
pub struct SpendData {
    /// Repeat orders, mean as a multiple of the overall mean, and how many customers have both.
    groups: Vec<(f64, f64, f64)>,
    scale: f64,
    customers: usize,
    correlation: Option<f64>,
}

impl SpendData {
    /// Of histories in any order. Who has no repeat order, or none of positive mean, is left out.
    pub fn of<'a>(histories: impl IntoIterator<Item = &'a History>) -> Self {
        let mut counted: BTreeMap<(u32, u64), u32> = BTreeMap::new();
        for history in histories {
            // Positive numbers, whose bits order as they do.
            if let Some(mean) = history.spend() {
                *counted
                    .entry((history.repeat_orders, mean.to_bits()))
                    .or_default() += 1;
            }
        }
        let groups: Vec<(f64, f64, f64)> = counted
            .iter()
            .map(|((x, bits), n)| (f64::from(*x), f64::from_bits(*bits), f64::from(*n)))
            .collect();
        let customers: f64 = groups.iter().map(|group| group.2).sum();
        let total: f64 = groups.iter().map(|(_, mean, n)| mean * n).sum();
        let scale = if total > 0.0 { total / customers } else { 1.0 };
        Self {
            correlation: correlation(&groups),
            groups: groups
                .into_iter()
                .map(|(x, mean, n)| (x, mean / scale, n))
                .collect(),
            scale,
            customers: customers as usize,
        }
    }

    /// The log-likelihood of all customers under a model.
    pub fn log_likelihood(&self, model: &SpendModel) -> f64 {
        let (mean, _) = self.at(&[model.p, model.q, model.v / self.scale]);
        (mean - libm::log(self.scale)) * self.customers as f64
    }

    /// The best parameters; with those of a fit of similar data, from there first.
    ///
    /// # Errors
    /// When there are none, when they have no finite mean, or too few customers to believe them.
    pub fn fit(&self, near: Option<&SpendModel>) -> Result<SpendFit, FitProblem> {
        if self.customers < FEWEST_REPEATERS {
            return Err(FitProblem::TooFew {
                found: self.customers,
                needed: FEWEST_REPEATERS,
            });
        }
        let warm =
            near.and_then(|near| maximise(self, &[vec![near.p, near.q, near.v / self.scale]]).ok());
        let starts = [(6.0, 4.0), (1.0, 2.0), (20.0, 15.0)]
            .map(|(p, q): (f64, f64)| vec![p, q, (q - 1.0) / p]);
        let found = match warm {
            Some(found) => Ok(found),
            None => maximise(self, &starts),
        };
        let maximum = found.map_err(|why| FitProblem::of(why, &["p", "q", "v"]))?;
        let p = &maximum.parameters;
        let model = SpendModel {
            p: p[0],
            q: p[1],
            v: p[2] * self.scale,
        };
        if model.q <= 1.0 {
            return Err(FitProblem::NoFiniteMean { q: model.q });
        }
        Ok(SpendFit {
            model,
            log_likelihood: self.log_likelihood(&model),
            gradient: maximum.gradient,
            customers: self.customers,
            correlation: self.correlation,
        })
    }
}

/// ln L = ln Γ(px + q) − ln Γ(px) − ln Γ(q) + q ln v + (px − 1) ln m̄ + px ln x − (px + q) ln(x·m̄ + v),
/// per customer, m̄ as a multiple of the overall mean.
impl Likelihood for SpendData {
    fn at(&self, parameters: &[f64]) -> (f64, Vec<f64>) {
        let &[p, q, v] = parameters else {
            return (f64::NAN, vec![f64::NAN; parameters.len()]);
        };
        let (ln_v, ln_gamma_q, digamma_q) = (libm::log(v), libm::lgamma(q), digamma(q));
        let mut value = 0.0;
        let mut slope = [0.0; 3];
        let mut of_x = (0.0, 0.0, 0.0);
        for &(x, mean, weight) in &self.groups {
            let (px, together) = (p * x, p * x + q);
            // Groups stand in the order of x, of which there are few.
            if of_x.0 != x {
                let gammas = libm::lgamma(together) - libm::lgamma(px) - ln_gamma_q;
                of_x = (x, gammas, digamma(together));
            }
            let (ln_mean, ln_x, ln_sum) = (libm::log(mean), libm::log(x), libm::log(x * mean + v));
            value +=
                weight * (of_x.1 + q * ln_v + (px - 1.0) * ln_mean + px * ln_x - together * ln_sum);
            slope[0] += weight * x * (of_x.2 - digamma(px) + ln_mean + ln_x - ln_sum);
            slope[1] += weight * (of_x.2 - digamma_q + ln_v - ln_sum);
            slope[2] += weight * (q / v - together / (x * mean + v));
        }
        let customers = self.customers as f64;
        let by_log = slope.iter().zip(parameters).map(|(s, p)| s * p / customers);
        (value / customers, by_log.collect())
    }
}

/// Pearson's correlation of the first two, weighted by the third.
fn correlation(groups: &[(f64, f64, f64)]) -> Option<f64> {
    let n: f64 = groups.iter().map(|group| group.2).sum();
    let mean = |of: fn(&(f64, f64, f64)) -> f64| -> f64 {
        groups.iter().map(|group| of(group) * group.2).sum::<f64>() / n
    };
    let (mean_x, mean_y) = (mean(|group| group.0), mean(|group| group.1));
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for &(x, y, weight) in groups {
        xx += weight * (x - mean_x) * (x - mean_x);
        yy += weight * (y - mean_y) * (y - mean_y);
        xy += weight * (x - mean_x) * (y - mean_y);
    }
    (xx > 0.0 && yy > 0.0).then(|| xy / (xx * yy).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repeats(repeat_orders: u32, mean: f64) -> History {
        History {
            repeat_orders,
            recency: 1.0,
            age: 2.0,
            mean_repeat_value: Some(mean),
        }
    }

    /// By central differences of the value itself.
    #[test]
    fn the_gradient_is_that_of_the_likelihood() {
        let data = SpendData::of(&[repeats(1, 20.0), repeats(3, 55.0), repeats(3, 12.5)]);
        let at = [3.0, 2.5, 0.4];
        let (_, gradient) = data.at(&at);
        for (index, found) in gradient.iter().enumerate() {
            let moved = |by: f64| {
                let mut there = at;
                there[index] *= libm::exp(by);
                data.at(&there).0
            };
            let expected = (moved(1e-5) - moved(-1e-5)) / 2e-5;
            assert!((found - expected).abs() < 1e-8, "{found} is not {expected}");
        }
    }

    /// 1, 2, 3 against 2, 4, 3: covariance 1 over √(2 · 2).
    #[test]
    fn correlation_by_hand() {
        let groups = [(1.0, 2.0, 1.0), (2.0, 4.0, 1.0), (3.0, 3.0, 1.0)];
        assert_eq!(correlation(&groups), Some(0.5));
        assert_eq!(correlation(&groups[..1]), None);
    }

    /// Fader, Hardie 2013: p = 6.25, q = 3.74, v = 15.44.
    #[test]
    fn conditional_spend_of_the_published_parameters() {
        let model = SpendModel {
            p: 6.25,
            q: 3.74,
            v: 15.44,
        };
        assert!((model.mean() - 35.22).abs() < 0.005);
        assert!((model.expected_value(&repeats(1, 35.0)) - 35.067).abs() < 0.0005);
        assert!((model.expected_value(&repeats(5, 60.0)) - 58.002).abs() < 0.0005);
    }

    #[test]
    fn who_spent_nothing_is_worth_an_average_order() {
        let model = SpendModel {
            p: 6.25,
            q: 3.74,
            v: 15.44,
        };
        assert_eq!(model.expected_value(&repeats(2, -5.0)), model.mean());
        assert_eq!(SpendData::of(&[repeats(2, 0.0)]).customers, 0);
    }
}
