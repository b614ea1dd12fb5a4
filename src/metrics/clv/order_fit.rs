//! Fitting BG/NBD and MBG/NBD.

use std::collections::BTreeMap;

use super::maximum::{Likelihood, Maximum, maximise};
use super::{FitProblem, History, OrderModel, OrderModelKind};

/// Ages are brought to at most this, so that all parameters are of one size.
const SCALED_AGE: f64 = 10.0;

/// The fewest customers with a repeat order that say anything about how customers differ.
pub const FEWEST_REPEATERS: usize = 50;

/// A model as fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OrderFit {
    /// The model.
    pub model: OrderModel,
    /// Of all customers together, times in weeks.
    pub log_likelihood: f64,
    /// The largest derivative of the mean log-likelihood by the logarithm of a parameter.
    pub gradient: f64,
    /// Customers it rests on.
    pub customers: usize,
}

/// Customers with one history, and how many there are.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Group {
    repeat_orders: u32,
    /// Into the times.
    recency: usize,
    age: usize,
    customers: f64,
}

/// Histories for fitting, equal ones together: customers who bought once differ by nothing but the
/// week they came.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderData {
    groups: Vec<Group>,
    /// All times there are, in `scale` weeks.
    times: Vec<f64>,
    scale: f64,
    customers: usize,
    repeaters: usize,
    repeat_orders: u64,
    most_repeats: u32,
}

impl OrderData {
    /// Of histories in any order.
    pub fn of<'a>(histories: impl IntoIterator<Item = &'a History>) -> Self {
        // Times are not negative, so that their bits order as they do.
        let mut counted: BTreeMap<(u32, u64, u64), u32> = BTreeMap::new();
        for history in histories {
            let key = (
                history.repeat_orders,
                history.recency.to_bits(),
                history.age.to_bits(),
            );
            *counted.entry(key).or_default() += 1;
        }
        let mut times: Vec<u64> = counted.keys().flat_map(|(_, t, age)| [*t, *age]).collect();
        times.sort_unstable();
        times.dedup();
        let index = |bits: u64| times.partition_point(|time| *time < bits);
        let of = |pick: fn(u32, u32) -> u64| counted.iter().map(|((x, ..), n)| pick(*x, *n)).sum();
        let customers: u64 = of(|_, n| u64::from(n));
        let repeaters: u64 = of(|x, n| if x > 0 { u64::from(n) } else { 0 });
        let longest = times.last().map_or(0.0, |bits| f64::from_bits(*bits));
        let scale = if longest > 0.0 {
            longest / SCALED_AGE
        } else {
            1.0
        };
        Self {
            groups: counted
                .iter()
                .map(|((x, recency, age), n)| Group {
                    repeat_orders: *x,
                    recency: index(*recency),
                    age: index(*age),
                    customers: f64::from(*n),
                })
                .collect(),
            times: times
                .iter()
                .map(|bits| f64::from_bits(*bits) / scale)
                .collect(),
            scale,
            customers: customers as usize,
            repeaters: repeaters as usize,
            repeat_orders: of(|x, n| u64::from(x) * u64::from(n)),
            most_repeats: counted.keys().map(|(x, ..)| *x).max().unwrap_or(0),
        }
    }

    /// The log-likelihood of all customers under a model, times in weeks.
    pub fn log_likelihood(&self, model: &OrderModel) -> f64 {
        let parameters = [model.r, model.alpha / self.scale, model.a, model.b];
        let (mean, _) = self.problem(model.kind).at(&parameters);
        self.in_weeks(mean)
    }

    /// The best parameters; with those of a fit of similar data, from there first.
    ///
    /// # Errors
    /// When there are none, or too few customers to believe them.
    pub fn fit(
        &self,
        kind: OrderModelKind,
        near: Option<&OrderModel>,
    ) -> Result<OrderFit, FitProblem> {
        if self.repeaters < FEWEST_REPEATERS {
            return Err(FitProblem::TooFew {
                found: self.repeaters,
                needed: FEWEST_REPEATERS,
            });
        }
        let problem = self.problem(kind);
        let warm = near.and_then(|near| {
            let start = vec![near.r, near.alpha / self.scale, near.a, near.b];
            maximise(&problem, &[start]).ok()
        });
        let found = match warm {
            Some(found) => Ok(found),
            None => maximise(&problem, &self.starts()),
        };
        let maximum = found.map_err(|why| FitProblem::of(why, &["r", "alpha", "a", "b"]))?;
        Ok(self.fitted(kind, &maximum))
    }

    fn fitted(&self, kind: OrderModelKind, maximum: &Maximum) -> OrderFit {
        let p = &maximum.parameters;
        let model = OrderModel {
            kind,
            r: p[0],
            alpha: p[1] * self.scale,
            a: p[2],
            b: p[3],
        };
        OrderFit {
            model,
            log_likelihood: self.log_likelihood(&model),
            gradient: maximum.gradient,
            customers: self.customers,
        }
    }

    /// Starts whose mean rate of orders is that of the data, from customers much alike and loyal to
    /// very different and fickle.
    fn starts(&self) -> Vec<Vec<f64>> {
        let observed: f64 = self
            .groups
            .iter()
            .map(|group| group.customers * self.times[group.age])
            .sum();
        let rate = self.repeat_orders as f64 / observed;
        [(0.5, 0.8, 2.5), (2.0, 0.05, 2.0), (0.25, 2.0, 8.0)]
            .map(|(r, a, b)| vec![r, r / (1.5 * rate), a, b])
            .to_vec()
    }

    fn problem(&self, kind: OrderModelKind) -> OrderLikelihood<'_> {
        OrderLikelihood { data: self, kind }
    }

    /// A mean over customers at the data's scale, as a sum with times in weeks: the density of each
    /// order in time changes with the unit of time.
    fn in_weeks(&self, mean: f64) -> f64 {
        mean * self.customers as f64 - self.repeat_orders as f64 * libm::log(self.scale)
    }

    /// Customers, and those of them with a repeat order.
    pub fn counts(&self) -> (usize, usize) {
        (self.customers, self.repeaters)
    }
}

/// The log-likelihood per customer. With k chances to drop out,
///
/// ```text
/// ln L = ln(Γ(r + x) ÷ Γ(r)) + r ln α + ln(Γ(b + k) Γ(a + b) ÷ Γ(b) ÷ Γ(a + b + k))
///        + ln(exp(A₃) + exp(A₄))
/// A₃ = −(r + x) ln(α + T)
/// A₄ = ln a − ln(b + k − 1) − (r + x) ln(α + t_x), which is not there where k = 0
/// ```
///
/// (Hardie 2004's form of Fader, Hardie, Lee 2005, which does not overflow). x and k being whole, the
/// gammas are products: their logarithms are sums, exact where differences of ln Γ would not be.
struct OrderLikelihood<'a> {
    data: &'a OrderData,
    kind: OrderModelKind,
}

/// For n = 0, 1, …: Σ_{i<n} of ln(s + i), and of its derivative 1 ÷ (s + i).
fn rising(s: f64, most: u32) -> Vec<(f64, f64)> {
    let mut sums = Vec::with_capacity(most as usize + 1);
    let mut sum = (0.0, 0.0);
    for i in 0..=most {
        sums.push(sum);
        let factor = s + f64::from(i);
        sum = (sum.0 + libm::log(factor), sum.1 + 1.0 / factor);
    }
    sums
}

impl Likelihood for OrderLikelihood<'_> {
    fn at(&self, parameters: &[f64]) -> (f64, Vec<f64>) {
        let &[r, alpha, a, b] = parameters else {
            return (f64::NAN, vec![f64::NAN; parameters.len()]);
        };
        let data = self.data;
        let most = self.kind.chances(data.most_repeats);
        let (of_r, of_b, of_ab) = (rising(r, most), rising(b, most), rising(a + b, most));
        let logs: Vec<f64> = data.times.iter().map(|t| libm::log(alpha + t)).collect();
        let (ln_alpha, ln_a) = (libm::log(alpha), libm::log(a));
        let mut value = 0.0;
        let mut slope = [0.0; 4];
        for group in &data.groups {
            let x = group.repeat_orders as usize;
            let k = self.kind.chances(group.repeat_orders) as usize;
            let shape = r + f64::from(group.repeat_orders);
            let (by_recency, by_age) = (logs[group.recency], logs[group.age]);
            let alive = -shape * by_age;
            // How likely the customer is to have dropped out, and ln of both ways together.
            let (gone, either, before) = if k == 0 {
                (0.0, alive, 1.0)
            } else {
                let before = b + k as f64 - 1.0;
                let odds = ln_a - libm::log(before) + shape * (by_age - by_recency);
                let (gone, growth) = logistic(odds);
                (gone, alive + growth, before)
            };
            let weight = group.customers;
            let (rate, stay, leave) = (of_r[x], of_b[k], of_ab[k]);
            value += weight * (rate.0 + r * ln_alpha + stay.0 - leave.0 + either);
            let mean_log = by_age + gone * (by_recency - by_age);
            let mean_inverse = (1.0 - gone) / (alpha + data.times[group.age])
                + gone / (alpha + data.times[group.recency]);
            slope[0] += weight * (rate.1 + ln_alpha - mean_log);
            slope[1] += weight * (r / alpha - shape * mean_inverse);
            slope[2] += weight * (gone / a - leave.1);
            slope[3] += weight * (stay.1 - leave.1 - gone / before);
        }
        let customers = data.customers as f64;
        let by_log = slope.iter().zip(parameters).map(|(s, p)| s * p / customers);
        (value / customers, by_log.collect())
    }
}

/// 1 ÷ (1 + e^−x), and ln(1 + e^x), for any x.
fn logistic(x: f64) -> (f64, f64) {
    let small = libm::exp(-x.abs());
    if x > 0.0 {
        (1.0 / (1.0 + small), x + libm::log1p(small))
    } else {
        (small / (1.0 + small), libm::log1p(small))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(repeat_orders: u32, recency: f64, age: f64) -> History {
        History {
            repeat_orders,
            recency,
            age,
            mean_repeat_value: None,
        }
    }

    /// By central differences of the value itself.
    #[test]
    fn the_gradient_is_that_of_the_likelihood() {
        let data = OrderData::of(&[
            history(0, 0.0, 30.0),
            history(2, 12.0, 38.0),
            history(2, 12.0, 38.0),
            history(7, 35.5, 36.0),
            history(1, 1.0, 20.0),
        ]);
        for kind in OrderModelKind::ALL {
            let problem = data.problem(kind);
            let at = [0.7, 1.3, 0.6, 2.1];
            let (_, gradient) = problem.at(&at);
            for (index, found) in gradient.iter().enumerate() {
                let moved = |by: f64| {
                    let mut there = at;
                    there[index] *= libm::exp(by);
                    problem.at(&there).0
                };
                let expected = (moved(1e-5) - moved(-1e-5)) / 2e-5;
                assert!((found - expected).abs() < 1e-8, "{found} is not {expected}");
            }
        }
    }

    #[test]
    fn the_unit_of_time_changes_nothing_but_the_unit() {
        let weeks = [
            history(0, 0.0, 30.0),
            history(2, 12.0, 38.0),
            history(5, 20.0, 25.0),
        ];
        let model = OrderModel {
            kind: OrderModelKind::BgNbd,
            r: 0.6,
            alpha: 4.0,
            a: 0.8,
            b: 2.4,
        };
        // By hand for one who bought once: L = (α ÷ (α + T))^r.
        let one = OrderData::of(&weeks[..1]);
        let expected = 0.6 * libm::log(4.0 / 34.0);
        assert!((one.log_likelihood(&model) - expected).abs() < 1e-14);
        let all: f64 = weeks
            .iter()
            .map(|history| OrderData::of([history]).log_likelihood(&model))
            .sum();
        assert!((OrderData::of(&weeks).log_likelihood(&model) - all).abs() < 1e-12);
    }

    #[test]
    fn too_few_customers_are_said() {
        let data = OrderData::of(&[history(1, 1.0, 2.0)]);
        assert_eq!(
            data.fit(OrderModelKind::BgNbd, None),
            Err(FitProblem::TooFew {
                found: 1,
                needed: FEWEST_REPEATERS
            })
        );
    }
}
