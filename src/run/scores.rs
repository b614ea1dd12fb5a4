//! Fills `customer_scores` for those who ask for it.

use crate::diagnostics::Diagnostic;
use crate::engine::Engine;
use crate::metrics::{PeriodRows, scores::CustomerScores};
use crate::rules::{Assignments, Rules, Side};

/// Works out the card of every customer of the reported period and registers `customer_scores`.
pub(super) fn provide(
    engine: &Engine,
    rules: &Rules,
    reported: Option<&PeriodRows>,
    assignments: &Assignments,
) -> Result<(), Diagnostic> {
    let Some(block) = reported else {
        return Ok(());
    };
    let facts = rules.facts(&block.batch)?;
    let period = block.period.to_string();
    let rows: Vec<usize> = (0..facts.len()).collect();
    let mut scores = CustomerScores::default();
    rules.scorecards(&facts, assignments, &rows, |row, card| {
        for criterion in card.iter().flat_map(|card| &card.criteria) {
            let side = match criterion.side {
                Side::Strength => "strength",
                Side::Attractiveness => "attractiveness",
            };
            scores.push(
                [facts.customer(row), &period, side, &criterion.name],
                criterion.weight,
                criterion.points,
            );
        }
    });
    scores.register(engine)
}
