//! Lints the weights of siblings.

use super::definition::{Given, Origin};
use super::raw::{Raw, RawBranch};
use super::read::{Builder, Placed, Position};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::scorecard::WEIGHTS_NOT_100;

impl Builder<'_> {
    /// Looks at the weights of perspectives, processes and objectives, each among its siblings.
    pub(super) fn branch_weights(
        &mut self,
        raw: &Raw,
        processes: &[(&RawBranch, usize)],
        objectives: &[Placed<'_>],
    ) {
        let all: Vec<_> = raw.perspectives.iter().map(|p| p.weight.as_ref()).collect();
        self.sum_to_100("the perspectives", &all);
        for (index, perspective) in raw.perspectives.iter().enumerate() {
            let below = processes.iter().filter(|(_, parent)| *parent == index);
            let group: Vec<_> = below.map(|(process, _)| process.weight.as_ref()).collect();
            self.sum_to_100(
                &format!("the processes of `{}`", perspective.id.value),
                &group,
            );
            let group = objective_weights(objectives, index, None);
            self.sum_to_100(
                &format!("the objectives of `{}`", perspective.id.value),
                &group,
            );
        }
        for (index, (process, perspective)) in processes.iter().enumerate() {
            let group = objective_weights(objectives, *perspective, Some(index));
            self.sum_to_100(&format!("the objectives of `{}`", process.id.value), &group);
        }
    }

    /// Warns about weights that all are given and come near 100 (or 1) without reaching it.
    pub(super) fn sum_to_100(&mut self, whose: &str, weights: &[Option<&Given<f64>>]) {
        let given: Vec<&Given<f64>> = weights.iter().copied().flatten().collect();
        if given.len() < 2 || given.len() < weights.len() {
            return;
        }
        let sum: f64 = given.iter().map(|weight| weight.value).sum();
        let off = |whole: f64| (sum / whole - 1.0).abs();
        if off(100.0) > 0.1 && off(1.0) > 0.1 || off(100.0).min(off(1.0)) < 1e-9 {
            return;
        }
        let last = given
            .iter()
            .rev()
            .find(|weight| weight.origin == Origin::Workspace);
        let place = last.unwrap_or(&given[given.len() - 1]).place.clone();
        let whole = if sum > 2.0 { 100 } else { 1 };
        let sum = (sum * 1e6).round() / 1e6;
        let message = format!("the weights of {whose} add up to {sum}, not {whole}");
        self.problems.push(
            Diagnostic::warning(&WEIGHTS_NOT_100, message)
                .at(place)
                .help("they are scaled to their sum; correct them if percentages were meant"),
        );
    }
}

fn objective_weights<'r>(
    objectives: &[Placed<'r>],
    perspective: usize,
    process: Option<usize>,
) -> Vec<Option<&'r Given<f64>>> {
    let here = Position {
        perspective,
        process,
    };
    objectives
        .iter()
        .filter(|objective| objective.position == here)
        .map(|objective| objective.raw.weight.as_ref())
        .collect()
}
