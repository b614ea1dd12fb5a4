//! Maximum likelihood with an optimiser: the best parameters of a model that are all positive, or
//! why there are none.
//!
//! Searched is in the logarithms of the parameters, for the mean of the log-likelihood per customer,
//! with its gradient: L-BFGS from several starts, and where a line search gives up, Nelder–Mead to
//! get away from there. What counts in the end is the gradient at the point found, whatever the
//! optimiser thinks of it.

use std::cell::RefCell;

use argmin::core::{CostFunction, Error, Executor, Gradient};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::neldermead::NelderMead;
use argmin::solver::quasinewton::LBFGS;

/// The largest component of the gradient at which a point counts as the maximum: the mean
/// log-likelihood changes by less than this when a parameter changes by its whole size.
pub const CONVERGED: f64 = 1e-6;

/// What is asked of the optimiser, so that nearly every fit is well inside of what is accepted.
const WANTED: f64 = 1e-8;

/// How far logarithms of the scaled parameters may go, either way: 3,000 and its inverse. Beyond, the
/// likelihood has no maximum, only a direction.
const FARTHEST: f64 = 8.0;

/// Rounds of L-BFGS from one start, each forgetting the curvature of the one before.
const ROUNDS: usize = 4;

const LBFGS_MEMORY: usize = 8;
const LBFGS_STEPS: u64 = 200;
const SIMPLEX_STEPS: u64 = 400;

/// A line search stops when it has the step to this share; more is lost on noise near the maximum.
const STEP_TOLERANCE: f64 = 1e-3;

/// How a solver is told to stop: with a point as good as wanted, more would be lost time.
const ENOUGH: &str = "the gradient is as small as wanted";

/// A mean log-likelihood to be maximised.
pub(super) trait Likelihood {
    /// Its value, and its derivative by the logarithm of each parameter.
    fn at(&self, parameters: &[f64]) -> (f64, Vec<f64>);
}

/// A maximum.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Maximum {
    /// The parameters.
    pub(super) parameters: Vec<f64>,
    /// The largest component of the gradient there.
    pub(super) gradient: f64,
}

/// Why there is no maximum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum NoMaximum {
    /// The gradient stayed at this.
    NotConverged(f64),
    /// The parameter of this index goes to nothing or beyond all bounds.
    RunsAway(usize),
}

/// The best of the maxima found from the starts. A failure tells of the best point.
pub(super) fn maximise(
    likelihood: &dyn Likelihood,
    starts: &[Vec<f64>],
) -> Result<Maximum, NoMaximum> {
    let mut best: Option<Point> = None;
    for start in starts {
        let search = Search::new(likelihood);
        let point = search.from(&start.iter().map(|p| libm::log(*p)).collect::<Vec<f64>>());
        // A maximum goes before a point that is none, and then the higher one.
        let better =
            best.as_ref()
                .is_none_or(|best| match (point.is_maximum(), best.is_maximum()) {
                    (true, false) => true,
                    (false, true) => false,
                    _ => point.cost < best.cost,
                });
        if better {
            best = Some(point);
        }
    }
    let Some(best) = best else {
        return Err(NoMaximum::NotConverged(f64::INFINITY));
    };
    if let Some(index) = best.runs_away() {
        return Err(NoMaximum::RunsAway(index));
    }
    if !best.is_maximum() {
        return Err(NoMaximum::NotConverged(best.steepness()));
    }
    Ok(Maximum {
        parameters: best.logs.iter().map(|log| libm::exp(*log)).collect(),
        gradient: best.steepness(),
    })
}

/// A point in the logarithms of the parameters, with what is to be minimised there.
#[derive(Debug, Clone)]
struct Point {
    logs: Vec<f64>,
    cost: f64,
    gradient: Vec<f64>,
}

impl Point {
    fn steepness(&self) -> f64 {
        self.gradient.iter().fold(0.0, |most, g| g.abs().max(most))
    }

    fn runs_away(&self) -> Option<usize> {
        self.logs.iter().position(|log| log.abs() > FARTHEST)
    }

    fn is_maximum(&self) -> bool {
        self.steepness() <= CONVERGED && self.runs_away().is_none()
    }
}

/// One search, which remembers the last point asked for and the best one.
struct Search<'a> {
    likelihood: &'a dyn Likelihood,
    seen: RefCell<Seen>,
}

#[derive(Default)]
struct Seen {
    last: Option<Point>,
    best: Option<Point>,
}

impl<'a> Search<'a> {
    fn new(likelihood: &'a dyn Likelihood) -> Self {
        Self {
            likelihood,
            seen: RefCell::default(),
        }
    }

    fn from(&self, start: &[f64]) -> Point {
        let mut point = self.point(start);
        for round in 0..ROUNDS {
            point = self.quasi_newton(point);
            if point.steepness() <= WANTED || round > 0 && point.is_maximum() {
                break;
            }
            if round == 0 && !point.is_maximum() {
                point = self.simplex(point);
            }
        }
        point
    }

    /// The value at a point: the negative of the likelihood, and a wall far out.
    fn point(&self, logs: &[f64]) -> Point {
        if let Some(last) = &self.seen.borrow().last
            && last.logs == logs
        {
            return last.clone();
        }
        let parameters: Vec<f64> = logs.iter().map(|log| libm::exp(*log)).collect();
        let (value, gradient) = self.likelihood.at(&parameters);
        let beyond: Vec<f64> = logs
            .iter()
            .map(|log| (log.abs() - FARTHEST).max(0.0).copysign(*log))
            .collect();
        let wall: f64 = beyond.iter().map(|b| b * b).sum();
        let point = Point {
            logs: logs.to_vec(),
            cost: if value.is_finite() {
                wall - value
            } else {
                f64::MAX
            },
            gradient: gradient
                .iter()
                .zip(&beyond)
                .map(|(g, b)| 2.0 * b - g)
                .collect(),
        };
        let mut seen = self.seen.borrow_mut();
        if seen
            .best
            .as_ref()
            .is_none_or(|best| point.is_better_than(best))
        {
            seen.best = Some(point.clone());
        }
        seen.last = Some(point.clone());
        point
    }

    /// The best point so far; a solver that fails takes its own along.
    fn best_or(&self, start: Point) -> Point {
        self.seen.borrow().best.clone().unwrap_or(start)
    }

    fn quasi_newton(&self, start: Point) -> Point {
        let solver = MoreThuenteLineSearch::new()
            .with_width_tolerance(STEP_TOLERANCE)
            .map(|line_search| LBFGS::new(line_search, LBFGS_MEMORY))
            .and_then(|solver| solver.with_tolerance_grad(WANTED))
            // The gradient alone is to say when to stop.
            .and_then(|solver| solver.with_tolerance_cost(0.0));
        if let Ok(solver) = solver {
            let run = Executor::new(self, solver)
                .configure(|state| state.param(start.logs.clone()).max_iters(LBFGS_STEPS))
                .timer(false)
                .run();
            // A line search that ends without a step is no news: the gradient tells.
            drop(run);
        }
        self.best_or(start)
    }

    fn simplex(&self, start: Point) -> Point {
        let corners = (0..=start.logs.len()).map(|corner| {
            let mut logs = start.logs.clone();
            if corner > 0 {
                logs[corner - 1] += 0.5;
            }
            logs
        });
        let run = Executor::new(self, NelderMead::new(corners.collect()))
            .configure(|state| state.max_iters(SIMPLEX_STEPS))
            .timer(false)
            .run();
        drop(run);
        self.best_or(start)
    }
}

impl Point {
    /// Lower, or where rounding hides the difference, flatter.
    fn is_better_than(&self, other: &Self) -> bool {
        let noise = 1e-13 * other.cost.abs();
        self.cost < other.cost - noise
            || (self.cost <= other.cost + noise && self.steepness() < other.steepness())
    }
}

impl CostFunction for &Search<'_> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, logs: &Vec<f64>) -> Result<f64, Error> {
        Ok(self.point(logs).cost)
    }
}

impl Gradient for &Search<'_> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, logs: &Vec<f64>) -> Result<Vec<f64>, Error> {
        let point = self.point(logs);
        if point.steepness() <= WANTED {
            return Err(Error::msg(ENOUGH));
        }
        Ok(point.gradient)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// −Σ (ln p − ln target)² scaled differently in each direction: its maximum is at the targets.
    struct Hill;
    impl Likelihood for Hill {
        fn at(&self, p: &[f64]) -> (f64, Vec<f64>) {
            let (u, v) = (libm::log(p[0] / 2.0), libm::log(p[1] / 30.0));
            (
                -(u * u + 0.001 * v * v + 0.02 * u * v),
                vec![-2.0 * u - 0.02 * v, -0.002 * v - 0.02 * u],
            )
        }
    }

    #[test]
    fn a_maximum_is_found_from_afar() {
        let found = maximise(&Hill, &[vec![0.01, 1000.0]]).unwrap();
        assert!((found.parameters[0] - 2.0).abs() < 1e-4, "{found:?}");
        assert!((found.parameters[1] - 30.0).abs() < 1e-1, "{found:?}");
    }

    /// 1 − 1 ÷ p grows for ever.
    struct Slope;
    impl Likelihood for Slope {
        fn at(&self, p: &[f64]) -> (f64, Vec<f64>) {
            (libm::log(p[0]), vec![1.0])
        }
    }

    #[test]
    fn a_parameter_that_runs_away_is_named() {
        assert_eq!(maximise(&Slope, &[vec![1.0]]), Err(NoMaximum::RunsAway(0)));
    }
}
