//! From the scores of KPIs to those of objectives, processes, perspectives and the whole.
//!
//! Weights are relative among siblings, so that sixteen internal KPIs do not outweigh five financial
//! ones; multiplied down the tree they give each KPI its share of the whole. A node's score is the
//! mean of what is measured below it by those shares. Renormalising once, over the KPIs, rather than
//! again at each level keeps one measured KPI from carrying a whole perspective.
//!
//! What is not measured leaves bounds: `low` is the score if it all came to 0, `high` if it all came
//! to 100. The score lies between them whatever the missing values turn out to be.

use serde::Serialize;

use super::definition::{Branch, Level};
use super::score::{self, Status};

/// What a KPI brings to the roll-up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leaf {
    /// Its weight among the KPIs of its objective.
    pub weight: f64,
    /// Its status.
    pub status: Status,
    /// Its score; none where it is not measured.
    pub score: Option<f64>,
}

impl Leaf {
    /// Whether it carries weight: it is to be scored, measured or not.
    fn counts(&self) -> bool {
        !matches!(self.status, Status::Information | Status::NotDue) && self.weight > 0.0
    }
}

/// How many KPIs have each status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[allow(missing_docs)]
pub struct Counts {
    pub good: u32,
    pub watch: u32,
    pub act: u32,
    pub not_measured: u32,
    pub not_due: u32,
    pub information: u32,
}

impl Counts {
    fn add(&mut self, status: Status) {
        match status {
            Status::Good => self.good += 1,
            Status::Watch => self.watch += 1,
            Status::Act => self.act += 1,
            Status::NotMeasured | Status::InsufficientData => self.not_measured += 1,
            Status::NotDue => self.not_due += 1,
            Status::Information => self.information += 1,
        }
    }

    fn include(&mut self, other: &Self) {
        self.good += other.good;
        self.watch += other.watch;
        self.act += other.act;
        self.not_measured += other.not_measured;
        self.not_due += other.not_due;
        self.information += other.information;
    }

    /// All of them.
    pub fn total(&self) -> u32 {
        self.good + self.watch + self.act + self.not_measured + self.not_due + self.information
    }
}

/// What an objective, a process, a perspective or the whole comes to in a period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rolled {
    /// The branch's id.
    pub id: String,
    /// Which rung it is.
    pub level: Level,
    /// Score 0–100; none when less is measured than a score needs.
    pub score: Option<f64>,
    /// The score if everything unmeasured came to 0.
    pub low: f64,
    /// The score if everything unmeasured came to 100.
    pub high: f64,
    /// Share of the weight below that is measured, 0 to 1.
    pub coverage: f64,
    /// Good, watch, act; insufficient data; not measured when nothing is; information when nothing
    /// below is to be scored.
    pub status: Status,
    /// Share of the whole scorecard's weight, 0 to 1.
    pub share: f64,
    /// KPIs below by status.
    pub counts: Counts,
    /// The branches below.
    pub children: Vec<Rolled>,
    /// For objectives: each KPI's index and its share of the whole scorecard's weight.
    pub kpis: Vec<(usize, f64)>,
}

impl Rolled {
    /// This node and all below it, from the top.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Rolled)) {
        visit(self);
        for child in &self.children {
            child.walk(visit);
        }
    }

    /// The share of the whole scorecard's weight that a KPI has, wherever it stands.
    pub fn share_of(&self, kpi: usize) -> f64 {
        let mut share = 0.0;
        self.walk(&mut |node| {
            for (index, part) in &node.kpis {
                if *index == kpi {
                    share += part;
                }
            }
        });
        share
    }
}

/// What is below a branch, per unit of its weight.
#[derive(Clone, Copy)]
struct Below {
    /// Share of the weight that is not measured.
    unmeasured: f64,
    /// Σ share × score over what is measured.
    earned: f64,
}

/// Rolls up: `leaves` by KPI index, `min_coverage` from 0 to 1.
pub fn roll_up(root: &Branch, leaves: &[Leaf], min_coverage: f64) -> Rolled {
    build(root, leaves, min_coverage, 1.0)
}

fn build(branch: &Branch, leaves: &[Leaf], min_coverage: f64, share: f64) -> Rolled {
    let mut counts = Counts::default();
    let mut kpis = Vec::new();
    let kpi_weight: f64 = branch.kpis.iter().map(|kpi| weight(leaves, *kpi)).sum();
    for kpi in &branch.kpis {
        counts.add(leaves[*kpi].status);
        kpis.push((*kpi, share * part(weight(leaves, *kpi), kpi_weight)));
    }
    let weights: Vec<f64> = branch
        .children
        .iter()
        .map(|child| below(child, leaves).map_or(0.0, |_| child.weight))
        .collect();
    let child_weight: f64 = weights.iter().sum();
    let children: Vec<Rolled> = branch
        .children
        .iter()
        .zip(&weights)
        .map(|(child, weight)| {
            build(
                child,
                leaves,
                min_coverage,
                share * part(*weight, child_weight),
            )
        })
        .collect();
    for child in &children {
        counts.include(&child.counts);
    }
    let (score, low, high, coverage, status) = match below(branch, leaves) {
        None => (None, 0.0, 100.0, 0.0, Status::Information),
        Some(sum) => come_to(sum, min_coverage),
    };
    Rolled {
        id: branch.id.clone(),
        level: branch.level,
        score,
        low,
        high,
        coverage,
        status,
        share,
        counts,
        children,
        kpis,
    }
}

fn come_to(sum: Below, min_coverage: f64) -> (Option<f64>, f64, f64, f64, Status) {
    let coverage = 1.0 - sum.unmeasured;
    let low = sum.earned.clamp(0.0, 100.0);
    let high = (sum.earned + 100.0 * sum.unmeasured).clamp(low, 100.0);
    if coverage <= 1e-12 {
        return (None, low, high, 0.0, Status::NotMeasured);
    }
    // The tolerance keeps weights such as 0.1 + 0.2 + 0.3 on the right side of 60 %.
    if coverage < min_coverage - 1e-9 {
        return (None, low, high, coverage, Status::InsufficientData);
    }
    let score = (sum.earned / coverage).clamp(low, high);
    (Some(score), low, high, coverage, score::status(None, score))
}

/// What is below a branch; none when nothing there carries weight.
fn below(branch: &Branch, leaves: &[Leaf]) -> Option<Below> {
    let of_kpis = branch.kpis.iter().filter_map(|kpi| {
        let leaf = &leaves[*kpi];
        let below = match leaf.score {
            Some(score) => Below {
                unmeasured: 0.0,
                earned: score,
            },
            None => Below {
                unmeasured: 1.0,
                earned: 0.0,
            },
        };
        leaf.counts().then_some((leaf.weight, below))
    });
    let of_children = branch
        .children
        .iter()
        .filter_map(|child| Some((child.weight, below(child, leaves)?)));
    let parts: Vec<(f64, Below)> = of_kpis.chain(of_children).collect();
    let total: f64 = parts.iter().map(|(weight, _)| weight).sum();
    (total > 0.0).then(|| Below {
        unmeasured: mean(&parts, total, |below| below.unmeasured),
        earned: mean(&parts, total, |below| below.earned),
    })
}

fn mean(parts: &[(f64, Below)], total: f64, of: impl Fn(&Below) -> f64) -> f64 {
    parts
        .iter()
        .map(|(weight, below)| weight * of(below))
        .sum::<f64>()
        / total
}

fn weight(leaves: &[Leaf], kpi: usize) -> f64 {
    let leaf = &leaves[kpi];
    if leaf.counts() { leaf.weight } else { 0.0 }
}

fn part(weight: f64, total: f64) -> f64 {
    if total > 0.0 { weight / total } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scorecard::definition::Label;
    use proptest::prelude::*;

    fn branch(level: Level, weight: f64, children: Vec<Branch>, kpis: Vec<usize>) -> Branch {
        Branch {
            id: "x".to_owned(),
            level,
            label: Label::Catalogue,
            weight,
            children,
            kpis,
        }
    }

    fn leaf(weight: f64, score: Option<f64>) -> Leaf {
        let status = score.map_or(Status::NotMeasured, |score| score::status(None, score));
        Leaf {
            weight,
            status,
            score,
        }
    }

    fn flat(leaves: &[Leaf]) -> Rolled {
        let kpis = (0..leaves.len()).collect();
        roll_up(&branch(Level::Total, 1.0, vec![], kpis), leaves, 0.6)
    }

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9, "{a} is not {b}");
    }

    /// Weights .5, .3, .2 with scores 8, missing, 4 (of 10): 6.857 over what is measured, at
    /// coverage 0.7; 4.8 with the missing one at 0 and 7.8 at 10.
    #[test]
    fn missing_kpi_weight() {
        let rolled = flat(&[
            leaf(0.5, Some(80.0)),
            leaf(0.3, None),
            leaf(0.2, Some(40.0)),
        ]);
        assert_eq!(format!("{:.2}", rolled.score.unwrap()), "68.57");
        close(rolled.coverage, 0.7);
        close(rolled.low, 48.0);
        close(rolled.high, 78.0);
        assert_eq!(rolled.status, Status::Watch);
    }

    /// Intrafocus: weights 50/30/20 and 5/3/2 are the same, and three without weights have a third
    /// each.
    #[test]
    fn weights_are_relative_among_siblings() {
        let scores = [90.0, 60.0, 20.0];
        let rolled = |weights: [f64; 3]| {
            let leaves: Vec<_> = weights
                .iter()
                .zip(scores)
                .map(|(w, s)| leaf(*w, Some(s)))
                .collect();
            flat(&leaves).score.unwrap()
        };
        close(rolled([50.0, 30.0, 20.0]), 67.0);
        close(rolled([5.0, 3.0, 2.0]), 67.0);
        close(rolled([1.0, 1.0, 1.0]), 170.0 / 3.0);
    }

    /// exceldemy.com weighs 25, 55 and 20 inside a perspective: 100, 75 and 50 come to 76.25.
    #[test]
    fn weights_inside_a_perspective() {
        let rolled = flat(&[
            leaf(25.0, Some(100.0)),
            leaf(55.0, Some(75.0)),
            leaf(20.0, Some(50.0)),
        ]);
        close(rolled.score.unwrap(), 76.25);
    }

    #[test]
    fn under_sixty_percent_of_weight_there_are_bounds_and_no_score() {
        let rolled = flat(&[leaf(0.59, Some(80.0)), leaf(0.41, None)]);
        assert_eq!(
            (rolled.score, rolled.status),
            (None, Status::InsufficientData)
        );
        close(rolled.low, 47.2);
        close(rolled.high, 88.2);
        let enough = flat(&[
            leaf(0.1, Some(80.0)),
            leaf(0.2, Some(80.0)),
            leaf(0.3, Some(80.0)),
            leaf(0.4, None),
        ]);
        close(enough.score.unwrap(), 80.0);
        let nothing = flat(&[leaf(1.0, None)]);
        assert_eq!(
            (nothing.status, nothing.low, nothing.high),
            (Status::NotMeasured, 0.0, 100.0)
        );
    }

    /// Two perspectives of equal weight; in one, one of two KPIs is measured. Renormalised again at
    /// the top its single KPI would carry half of the whole.
    #[test]
    fn one_kpi_does_not_carry_a_perspective() {
        let tree = branch(
            Level::Total,
            1.0,
            vec![
                branch(Level::Perspective, 1.0, vec![], vec![0, 1]),
                branch(Level::Perspective, 1.0, vec![], vec![2, 3]),
            ],
            vec![],
        );
        let leaves = [
            leaf(1.0, Some(100.0)),
            leaf(1.0, Some(100.0)),
            leaf(1.0, Some(0.0)),
            leaf(1.0, None),
        ];
        let rolled = roll_up(&tree, &leaves, 0.6);
        close(rolled.score.unwrap(), 200.0 / 3.0);
        close(rolled.coverage, 0.75);
        assert_eq!(rolled.children[1].status, Status::InsufficientData);
        close(rolled.children[1].high, 50.0);
        close(rolled.share_of(3), 0.25);
    }

    #[test]
    fn information_and_what_is_not_due_carry_no_weight() {
        let mut leaves = [leaf(1.0, Some(60.0)), leaf(1.0, None), leaf(1.0, None)];
        leaves[1].status = Status::Information;
        leaves[2].status = Status::NotDue;
        let rolled = flat(&leaves);
        close(rolled.score.unwrap(), 60.0);
        assert_eq!(rolled.coverage, 1.0);
        assert_eq!(rolled.kpis, [(0, 1.0), (1, 0.0), (2, 0.0)]);
        assert_eq!(rolled.counts.total(), 3);
        let only = flat(&[leaves[1]]);
        assert_eq!((only.status, only.score), (Status::Information, None));
    }

    /// Two perspectives, the first with a process of two objectives.
    fn tree(weights: &[f64]) -> Branch {
        branch(
            Level::Total,
            1.0,
            vec![
                branch(
                    Level::Perspective,
                    weights[0],
                    vec![
                        branch(Level::Objective, weights[1], vec![], vec![0, 1]),
                        branch(Level::Objective, weights[2], vec![], vec![2, 3]),
                    ],
                    vec![],
                ),
                branch(Level::Perspective, weights[3], vec![], vec![4, 5]),
            ],
            vec![],
        )
    }

    proptest! {
        #[test]
        fn the_bounds_hold_whatever_the_missing_values_are(
            weights in prop::collection::vec(0.01f64..10.0, 10),
            scores in prop::collection::vec(prop::option::of(0.0f64..=100.0), 6),
            fillings in prop::collection::vec(0.0f64..=100.0, 6),
        ) {
            let tree = tree(&weights);
            let now: Vec<_> = scores.iter().zip(&weights[4..]).map(|(s, w)| leaf(*w, *s)).collect();
            let later: Vec<_> = scores.iter().zip(&weights[4..]).zip(&fillings)
                .map(|((s, w), f)| leaf(*w, Some(s.unwrap_or(*f)))).collect();
            let now = roll_up(&tree, &now, 0.6);
            let later = roll_up(&tree, &later, 0.6);
            let mut filled = Vec::new();
            later.walk(&mut |node| filled.push(node.score.unwrap()));
            let mut index = 0;
            let mut holds = true;
            now.walk(&mut |node| {
                holds &= node.low - 1e-9 <= filled[index] && filled[index] <= node.high + 1e-9;
                holds &= node.score.is_none_or(|s| node.low - 1e-9 <= s && s <= node.high + 1e-9);
                index += 1;
            });
            prop_assert!(holds);
        }

        #[test]
        fn shares_of_what_counts_add_up_to_one(
            weights in prop::collection::vec(0.01f64..10.0, 10),
            scores in prop::collection::vec(prop::option::of(0.0f64..=100.0), 6),
        ) {
            let leaves: Vec<_> = scores.iter().zip(&weights[4..]).map(|(s, w)| leaf(*w, *s)).collect();
            let rolled = roll_up(&tree(&weights), &leaves, 0.6);
            let total: f64 = (0..6).map(|kpi| rolled.share_of(kpi)).sum();
            prop_assert!((total - 1.0).abs() < 1e-9);
            let measured: f64 = (0..6).filter(|kpi| scores[*kpi].is_some()).map(|kpi| rolled.share_of(kpi)).sum();
            prop_assert!((measured - rolled.coverage).abs() < 1e-9);
        }
    }
}
