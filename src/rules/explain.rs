//! Why one customer is where it is: the facts, the lines that ran and what they saw, the outcome.

use std::sync::Arc;

use super::Rules;
use super::api;
use super::customer::{Customer, Facts, SoFar};
use super::evaluate::Runner;
use super::failure::Failure;
use super::outcome::{Scorecard, Text};
use super::population::Population;
use super::script::{Script, Stage, place};
use super::trace::{Event, Trace, Tracer};
use crate::calendar::Quarter;
use crate::diagnostics::Diagnostic;
use crate::message::Message;

/// One line of a rule that ran, and what it saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The rule file.
    pub file: String,
    /// 1-based.
    pub line: usize,
    /// The line, without the white space around it.
    pub text: String,
    /// What was looked at and what it was, in order: a fact, a figure of the population, a
    /// comparison and whether it held, the class that was given.
    pub values: Vec<(String, String)>,
}

/// Why one customer is where it is in one period.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The customer's id.
    pub customer: String,
    /// The period.
    pub period: Quarter,
    /// Every fact with its value; none where it is missing.
    pub facts: Vec<(String, Option<String>)>,
    /// The facts that the rules read, in the order of first reading.
    pub reads: Vec<String>,
    /// The class and why; none where the rule failed.
    pub segment: Option<(String, Option<Message>)>,
    /// The customer scorecard, criterion by criterion.
    pub scorecard: Option<Scorecard>,
    /// What to do.
    pub actions: Vec<Message>,
    /// Why it gets a profile; nothing where it gets none.
    pub profile: Vec<Message>,
    /// The lines that ran, in order, of all four files.
    pub steps: Vec<Step>,
    /// Rules that failed for this customer.
    pub problems: Vec<Diagnostic>,
}

impl Step {
    /// `rules/segmentation.rhai:12  actual_value = 812.5 · 812.5 >= 640 = true`
    pub fn describe(&self) -> String {
        let values: Vec<String> = self
            .values
            .iter()
            .map(|(what, value)| format!("{what} = {value}"))
            .collect();
        format!("{}:{}  {}", self.file, self.line, values.join(" · "))
    }
}

/// Runs the rules for one row of the facts and notes everything.
pub(super) fn explain(rules: &Rules, facts: &Arc<Facts>, row: usize) -> Explanation {
    let trace = Trace::default();
    let engine = api::engine(&rules.schema, &Tracer(Some(trace.clone())));
    let all = Population::of(facts, &rules.settings, facts.period(row));
    let mut customer = Customer {
        facts: Arc::clone(facts),
        row: row as u32,
        so_far: SoFar::default(),
    };
    let mut found = Explanation {
        customer: facts.customer(row).to_owned(),
        period: facts.period(row),
        facts: all_facts(facts, row),
        reads: Vec::new(),
        segment: None,
        scorecard: None,
        actions: Vec::new(),
        profile: Vec::new(),
        steps: Vec::new(),
        problems: Vec::new(),
    };
    for stage in Stage::ALL {
        let done = rules
            .runner(&engine, stage, &all)
            .and_then(|mut runner| advance(&mut runner, stage, &mut customer, &all, &mut found));
        let script = rules.script(stage);
        note(script, trace.take(), &mut found);
        if let Err(failure) = done {
            let subject = format!("customer {}, {}", found.customer, found.period);
            let problem = problem(script, stage, failure).about(subject);
            found.problems.push(problem);
            break;
        }
    }
    found
}

fn all_facts(facts: &Facts, row: usize) -> Vec<(String, Option<String>)> {
    let columns = facts.schema.iter().enumerate();
    columns
        .map(|(column, fact)| {
            let value = facts.value(column, row).map(|value| value.to_string());
            (fact.name.clone(), value)
        })
        .collect()
}

fn advance(
    runner: &mut Runner<'_>,
    stage: Stage,
    customer: &mut Customer,
    all: &Population,
    found: &mut Explanation,
) -> Result<(), Failure> {
    match stage {
        Stage::Segment => {
            let class = runner.segment(customer.clone(), all)?;
            let reason = class.reason.as_ref().map(Text::message);
            found.segment = Some((class.name.to_string(), reason));
            customer.so_far.segment = Some(class.name);
        }
        Stage::Score => {
            let card = runner.score(customer.clone(), all)?;
            customer.so_far.strength = card.strength();
            customer.so_far.attractiveness = card.attractiveness();
            found.scorecard = Some(card);
        }
        Stage::Actions => {
            let actions = runner.actions(customer.clone(), all)?;
            found.actions = actions.iter().map(Text::message).collect();
        }
        Stage::Profile => {
            let grounds = runner.grounds(customer.clone(), all)?;
            found.profile = grounds.iter().map(Text::message).collect();
        }
    }
    Ok(())
}

/// Sorts events into lines: those of one line that follow each other are one step.
fn note(script: &Script, events: Vec<Event>, found: &mut Explanation) {
    for event in events {
        let Some(line) = event.position.line() else {
            continue;
        };
        if let Some(fact) = event.fact
            && !found.reads.contains(&fact)
        {
            found.reads.push(fact);
        }
        let value = (event.what, event.value);
        match found.steps.last_mut() {
            Some(step) if step.line == line && step.file == script.source.path => {
                step.values.push(value);
            }
            _ => found.steps.push(Step {
                file: script.source.path.clone(),
                line,
                text: script.line(line).to_owned(),
                values: vec![value],
            }),
        }
    }
}

fn problem(script: &Script, stage: Stage, failure: Failure) -> Diagnostic {
    let place = if failure.position.is_none() {
        script.function_place(stage.entry(), 2)
    } else {
        place(&script.source, failure.position)
    };
    Diagnostic::error(failure.code, failure.message)
        .at(place)
        .maybe_help(failure.help)
}
