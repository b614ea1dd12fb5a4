//! Why a customer is in its class: facts, the lines that ran, and the rows behind them.

use std::io::Write;

use datafusion::arrow::array::AsArray;

use super::Failed;
use crate::calendar::Quarter;
use crate::diagnostics::codes::run::NO_SUCH_CUSTOMER;
use crate::diagnostics::{Diagnostic, nearest};
use crate::metrics::PeriodRows;
use crate::rules::{Criterion, Explanation, Side};
use crate::run::{Computed, Plan, source_rows};

/// Rows of the inputs that are listed.
const ROWS_SHOWN: usize = 20;

pub(super) fn explain(
    customer: &str,
    plan: &Plan,
    computed: &Computed,
    out: &mut dyn Write,
) -> Result<(), Failed> {
    let period = computed.prepared.timeline.reported;
    let merged = computed.identities.merged_from(customer);
    if let Some(merged) = merged {
        write!(
            out,
            "`{}` is customer `{}`, by {}",
            merged.from, merged.to, merged.because
        )?;
        match &merged.place {
            Some(place) => writeln!(out, ": {place}\n")?,
            None => writeln!(out, "\n")?,
        }
    }
    let customer = merged.map_or(customer, |merged| merged.to.as_str());
    let block = computed.reported.as_ref();
    let facts = match block {
        Some(block) => Some(plan.rules.facts(&block.batch)?),
        None => None,
    };
    let found = facts
        .and_then(|facts| Some(plan.rules.explain(&facts, facts.row_of(customer, period)?)))
        .ok_or_else(|| unknown(customer, block, period))?;
    write_outcome(&found, plan, out)?;
    for merged in computed.identities.merged_into(customer) {
        writeln!(out, "  also `{}`, by {}", merged.from, merged.because)?;
    }
    write_moves(customer, computed, out)?;
    write_steps(&found, out)?;
    write_facts(&found, out)?;
    let rows = source_rows(&computed.engine, customer, ROWS_SHOWN);
    writeln!(out, "\nRows behind it, newest first:")?;
    for (place, what) in &rows {
        writeln!(out, "  {place}: {what}")?;
    }
    if rows.len() == ROWS_SHOWN {
        writeln!(
            out,
            "  and older ones: quarterdeck query \"select * from transactions where customer_id = '{customer}'\""
        )?;
    }
    Ok(())
}

fn unknown(customer: &str, block: Option<&PeriodRows>, period: Quarter) -> Diagnostic {
    let message = format!("there is no customer `{customer}` in {period}");
    let ids = block.and_then(|block| block.batch.column_by_name("customer_id"));
    let near = ids.and_then(|ids| {
        nearest(customer, ids.as_string_view().iter().flatten()).map(str::to_owned)
    });
    Diagnostic::error(&NO_SUCH_CUSTOMER, message)
        .maybe_help(near.map(|id| format!("did you mean `{id}`?")))
}

fn write_outcome(found: &Explanation, plan: &Plan, out: &mut dyn Write) -> Result<(), Failed> {
    let class = match &found.segment {
        Some((class, Some(reason))) => format!("{class}: {}", plan.locale.message(reason)),
        Some((class, None)) => class.clone(),
        None => "no class: the rule failed".to_owned(),
    };
    writeln!(out, "Customer {} in {}", found.customer, found.period)?;
    writeln!(out, "  class {class}")?;
    if let Some(card) = &found.scorecard {
        for (side, name) in [
            (Side::Strength, "strength"),
            (Side::Attractiveness, "attractiveness"),
        ] {
            let score = card.score(side);
            let score = score.map_or_else(|| "—".to_owned(), tenths);
            let parts: Vec<String> = card
                .criteria
                .iter()
                .filter(|criterion| criterion.side == side)
                .map(describe)
                .collect();
            writeln!(out, "  {name} {score} of 100 ({})", parts.join(", "))?;
        }
    }
    for action in &found.actions {
        writeln!(out, "  to do: {}", plan.locale.message(action))?;
    }
    for ground in &found.profile {
        writeln!(out, "  gets a profile: {}", plan.locale.message(ground))?;
    }
    for problem in &found.problems {
        writeln!(out, "{}", crate::diagnostics::human(problem, false))?;
    }
    Ok(())
}

/// Class and RFM scores beside those of the period before, and what moved them; nothing for who was no
/// customer then.
fn write_moves(customer: &str, computed: &Computed, out: &mut dyn Write) -> Result<(), Failed> {
    let scores = |prefix: &str| {
        ["recency", "frequency", "monetary"]
            .map(|score| format!("cast({prefix}{score}_score as varchar)"))
            .join(" || '-' || ")
    };
    let rows = computed.engine.ad_hoc(&format!(
        "select coalesce(opening_segment, 'none') as class_before, segment_because, \
                {} as rfm, {} as rfm_before, rfm_because \
         from customer_moves where customer_id = '{}'",
        scores(""),
        scores("opening_"),
        customer.replace('\'', "''")
    ))?;
    let row = rows.one()?;
    let text = |name: &str| {
        let column = row.column_by_name(name)?.as_string_view_opt()?;
        column.iter().next().flatten()
    };
    let moved = |because: Option<&str>| match because {
        Some("ruler") => ", moved because the cuts did",
        Some(_) => ", moved by its own behaviour",
        None => "",
    };
    if let (Some(class), Some(rfm), Some(before)) =
        (text("class_before"), text("rfm"), text("rfm_before"))
    {
        let (class_moved, rfm_moved) = (moved(text("segment_because")), moved(text("rfm_because")));
        writeln!(out, "  class in the period before {class}{class_moved}")?;
        writeln!(out, "  RFM {rfm}, in the period before {before}{rfm_moved}")?;
    }
    Ok(())
}

fn describe(criterion: &Criterion) -> String {
    match criterion.points {
        Some(points) => format!("{} {points}", criterion.name),
        None => format!("{} not measured", criterion.name),
    }
}

fn write_steps(found: &Explanation, out: &mut dyn Write) -> Result<(), Failed> {
    writeln!(out, "\nLines that ran, in order:")?;
    for step in &found.steps {
        writeln!(out, "  {}", step.describe())?;
        writeln!(out, "      {}", step.text)?;
    }
    Ok(())
}

fn write_facts(found: &Explanation, out: &mut dyn Write) -> Result<(), Failed> {
    writeln!(out, "\nFacts (* read by a rule):")?;
    let width = found
        .facts
        .iter()
        .map(|(name, _)| name.len())
        .max()
        .unwrap_or(0);
    for (name, value) in &found.facts {
        let mark = if found.reads.contains(name) { '*' } else { ' ' };
        let value = value.as_deref().unwrap_or("— (missing)");
        writeln!(out, "  {mark} {name:width$}  {value}")?;
    }
    Ok(())
}

/// With one decimal, halves away from zero as the reports have them; `{:.1}` alone would round to even.
fn tenths(score: f64) -> String {
    format!("{:.1}", libm::round(score * 10.0) / 10.0)
}
