//! The customer scorecards of a period, criterion by criterion.
//!
//! Going through all customers keeps the two scores only. Who wants to see the criteria asks for them
//! here, for some customers or for all: rhai works each card out again, so it takes longer.

use std::sync::Arc;

use rayon::prelude::*;
use rhai::ImmutableString;

use super::customer::{Customer, Facts, SoFar};
use super::outcome::Scorecard;
use super::population::Population;
use super::script::Stage;
use super::{Assignments, Rules};

/// Cards that are worked out before they are handed over.
const AT_A_TIME: usize = 4096;

impl Rules {
    /// Hands over the card of each of these rows, in their order; none where the rule fails, which was
    /// noted when the scores were assigned. All rows are of one period, with all its customers.
    pub fn scorecards(
        &self,
        facts: &Arc<Facts>,
        assignments: &Assignments,
        rows: &[usize],
        mut each: impl FnMut(usize, Option<&Scorecard>),
    ) {
        let Some(period) = facts.periods().keys().next() else {
            return;
        };
        let all = Population::of(facts, &self.settings, *period);
        for rows in rows.chunks(AT_A_TIME) {
            let parts = rows.len().div_ceil(rayon::current_num_threads().max(1));
            let cards: Vec<Vec<Option<Scorecard>>> = rows
                .par_chunks(parts.max(1))
                .map(|rows| self.cards(facts, assignments, &all, rows))
                .collect();
            for (row, card) in rows.iter().zip(cards.iter().flatten()) {
                each(*row, card.as_ref());
            }
        }
    }

    fn cards(
        &self,
        facts: &Arc<Facts>,
        assignments: &Assignments,
        all: &Population,
        rows: &[usize],
    ) -> Vec<Option<Scorecard>> {
        let Ok(mut runner) = self.runner(&self.engine, Stage::Score, all) else {
            return vec![None; rows.len()];
        };
        rows.iter()
            .map(|row| {
                let customer = Customer {
                    facts: Arc::clone(facts),
                    row: *row as u32,
                    so_far: SoFar {
                        segment: assignments.segment(*row).map(ImmutableString::from),
                        ..SoFar::default()
                    },
                };
                runner.score(customer, all).ok()
            })
            .collect()
    }
}
