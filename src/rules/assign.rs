//! All customers of all periods through the rules, on all cores, with the same result on any number
//! of them: rows are cut into batches by period and not by core, and put together in order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Float64Array, StringViewArray, StringViewBuilder};
use rayon::prelude::*;
use rhai::ImmutableString;

use super::Rules;
use super::customer::{Customer, Facts, SoFar};
use super::evaluate::Runner;
use super::failure::Failure;
use super::lowered::{Machine, Saying};
use super::outcome::Text;
use super::population::Population;
use super::script::{Stage, place};
use super::store::Answers;
use crate::calendar::Quarter;
use crate::diagnostics::codes::rules::UNMET_RULE;
use crate::diagnostics::{Diagnostic, Place};
use crate::message::Message;

/// Rows that one worker takes at a time.
const BATCH: usize = 2048;
/// Customers that a failure names.
const NAMED: usize = 5;
/// No answer.
const NONE: u32 = u32::MAX;

/// The periods whose customers get actions and profiles, and a reason with its figures; classes and
/// scores are given in every period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acted {
    /// Every period.
    Every,
    /// These.
    Only(BTreeSet<Quarter>),
}

impl Acted {
    fn has(&self, period: Quarter) -> bool {
        match self {
            Self::Every => true,
            Self::Only(periods) => periods.contains(&period),
        }
    }
}

/// A line of a rule that failed, and for whom.
#[derive(Debug, Clone)]
pub struct RuleFailure {
    /// The rule's line as its place, one customer as its subject, how often as its count. The
    /// customer's rows in the inputs are for the caller to add.
    pub diagnostic: Diagnostic,
    /// The first few customers it failed for, by period and id.
    pub customers: Vec<(Quarter, String)>,
}

/// What the rules have found over all facts.
#[derive(Debug)]
pub struct Findings {
    /// Lines that failed, by file and line, errors all.
    pub failures: Vec<RuleFailure>,
    /// What is worth knowing though nothing failed: rules that nobody met.
    pub remarks: Vec<Diagnostic>,
    /// How many answers rhai had to give because the lowered rules could not.
    pub interpreted: u64,
}

/// What the rules have found for each row of some facts.
#[derive(Debug, Default)]
pub struct Assignments {
    reasons: Answers,
    reason: Vec<u32>,
    strength: Vec<f64>,
    attractiveness: Vec<f64>,
    to_do: Answers,
    actions: Vec<(u32, u32)>,
    why_profiled: Answers,
    profile: Vec<(u32, u32)>,
}

impl Assignments {
    /// The class of a row; none where its rule failed.
    pub fn segment(&self, row: usize) -> Option<&str> {
        let answer = self.reason[row];
        (answer != NONE).then(|| self.reasons.template(answer).class.as_str())
    }

    /// Why it is in that class, where the rule says so; without its figures in a period that gets no
    /// actions.
    pub fn reason(&self, row: usize) -> Option<Message> {
        let answer = self.reason[row];
        (answer != NONE).then(|| self.reasons.message(answer))?
    }

    /// 0 to 100; none where nothing could be measured.
    pub fn strength(&self, row: usize) -> Option<f64> {
        Some(self.strength[row]).filter(|score| !score.is_nan())
    }

    /// 0 to 100; none where nothing could be measured.
    pub fn attractiveness(&self, row: usize) -> Option<f64> {
        Some(self.attractiveness[row]).filter(|score| !score.is_nan())
    }

    /// What to do about a customer, first things first; none in a period that gets none.
    pub fn actions(&self, row: usize) -> Vec<Message> {
        messages(&self.to_do, self.actions[row])
    }

    /// Why a customer gets a profile; nothing for one that gets none, and in a period that gets none.
    pub fn grounds(&self, row: usize) -> Vec<Message> {
        messages(&self.why_profiled, self.profile[row])
    }

    /// The rows of those who get a profile, in order.
    pub fn profiled(&self) -> impl Iterator<Item = usize> {
        let rows = self.profile.iter().enumerate();
        rows.filter(|(_, (_, count))| *count > 0)
            .map(|(row, _)| row)
    }

    /// Every class that was given, sorted.
    pub fn classes(&self) -> BTreeSet<&str> {
        let templates = self.reasons.templates().iter();
        templates.map(|template| template.class.as_str()).collect()
    }

    /// The columns that `customer_periods` takes over, row by row of the facts: `segment`,
    /// `segment_reason` (the key, or the client's own words; its numbers are in
    /// [`reason`](Self::reason)), `strength`, `attractiveness`.
    pub fn columns(&self) -> Vec<(&'static str, ArrayRef)> {
        let mut segments = StringViewBuilder::new().with_deduplicate_strings();
        let mut reasons = StringViewBuilder::new().with_deduplicate_strings();
        for answer in &self.reason {
            let template = (*answer != NONE).then(|| self.reasons.template(*answer));
            segments.append_option(template.map(|template| template.class.as_str()));
            let reason = template.map(|template| template.text.as_str());
            reasons.append_option(reason.filter(|reason| !reason.is_empty()));
        }
        let scores = |scores: &[f64]| -> ArrayRef {
            let scores = scores.iter().map(|x| Some(*x).filter(|x| !x.is_nan()));
            Arc::new(scores.collect::<Float64Array>())
        };
        vec![
            ("segment", Arc::new(segments.finish())),
            ("segment_reason", Arc::new(reasons.finish())),
            ("strength", scores(&self.strength)),
            ("attractiveness", scores(&self.attractiveness)),
        ]
    }
}

impl Assignments {
    /// Takes over what was found for some rows.
    fn take(&mut self, rows: &[u32], batch: Batch) {
        let first_reason = self.reasons.append(batch.reasons);
        let first_action = self.to_do.append(batch.to_do);
        let first_ground = self.why_profiled.append(batch.why_profiled);
        for (at, row) in rows.iter().map(|row| *row as usize).enumerate() {
            if batch.reason[at] != NONE {
                self.reason[row] = first_reason + batch.reason[at];
            }
            (self.strength[row], self.attractiveness[row]) = batch.scores[at];
            let (first, count) = batch.actions[at];
            self.actions[row] = (first_action + first, count);
            let (first, count) = batch.profile[at];
            self.profile[row] = (first_ground + first, count);
        }
    }
}

/// What one batch has found.
#[derive(Default)]
struct Batch {
    reasons: Answers,
    reason: Vec<u32>,
    scores: Vec<(f64, f64)>,
    to_do: Answers,
    actions: Vec<(u32, u32)>,
    why_profiled: Answers,
    profile: Vec<(u32, u32)>,
    failures: Failures,
    interpreted: u64,
}

/// A rule file at work on a batch: lowered, and rhai for what that cannot do.
struct Worker<'a> {
    machine: Option<Machine<'a>>,
    runner: Runner<'a>,
}

impl<'a> Worker<'a> {
    fn new(
        rules: &'a Rules,
        stage: Stage,
        facts: &'a Facts,
        all: &'a Population,
    ) -> Result<Self, Failure> {
        let runner = rules.runner(&rules.engine, stage, all)?;
        let tree = rules.trees.get(stage as usize);
        let machine =
            tree.map(|tree| Machine::new(tree, &rules.engine, facts, all, runner.constants()));
        Ok(Self { machine, runner })
    }
}

/// Failures by where and what, so that a hundred thousand of a kind are one.
type Failures = BTreeMap<(Stage, usize, usize, String), Group>;

struct Group {
    failure: Failure,
    count: u64,
    /// The first few, by period and id.
    customers: BTreeSet<(Quarter, String)>,
}

fn add(failures: &mut Failures, stage: Stage, group: Group) {
    let position = group.failure.position;
    let key = (
        stage,
        position.line().unwrap_or(0),
        position.position().unwrap_or(0),
        group.failure.message.clone(),
    );
    match failures.get_mut(&key) {
        None => {
            failures.insert(key, group);
        }
        Some(known) => {
            known.count += group.count;
            known.customers.extend(group.customers);
            while known.customers.len() > NAMED {
                known.customers.pop_last();
            }
        }
    }
}

/// The rules at work on one set of facts after another.
pub struct Assigner<'a> {
    rules: &'a Rules,
    acted: Acted,
    failures: Failures,
    /// Lines that gave a class, with the class.
    met: BTreeSet<(u32, String)>,
    any_row: bool,
    interpreted: u64,
}

impl<'a> Assigner<'a> {
    pub(super) fn new(rules: &'a Rules, acted: Acted) -> Self {
        Self {
            rules,
            acted,
            failures: Failures::new(),
            met: BTreeSet::new(),
            any_row: false,
            interpreted: 0,
        }
    }

    /// Gives every row its class and its scores, and its actions in the periods that get any. The
    /// facts must have all customers of their periods.
    pub fn assign(&mut self, facts: &Arc<Facts>) -> Assignments {
        let mut all = Assignments {
            reason: vec![NONE; facts.len()],
            strength: vec![f64::NAN; facts.len()],
            attractiveness: vec![f64::NAN; facts.len()],
            actions: vec![(0, 0); facts.len()],
            profile: vec![(0, 0); facts.len()],
            ..Assignments::default()
        };
        // A period at a time: what is sorted for its population is large, and no other asks for it.
        for (period, rows) in facts.periods() {
            let acts = self.acted.has(*period);
            let population = Population::of(facts, &self.rules.settings, *period);
            let batches: Vec<Batch> = rows
                .par_chunks(BATCH)
                .map(|rows| batch(self.rules, facts, &population, rows, acts))
                .collect();
            for (rows, mut batch) in rows.chunks(BATCH).zip(batches) {
                self.interpreted += batch.interpreted;
                for ((stage, ..), group) in std::mem::take(&mut batch.failures) {
                    add(&mut self.failures, stage, group);
                }
                all.take(rows, batch);
            }
        }
        let met = all.reasons.templates().iter();
        self.met
            .extend(met.map(|template| (template.line, template.class.clone())));
        self.any_row |= !facts.is_empty();
        all
    }

    /// The class that each row would have were its customer one among those of other facts, with all
    /// the cuts that these make; none for a row whose rule fails. Both are facts of one period.
    ///
    /// Nothing of this is remembered: what fails here has failed, and been noted, where it counts.
    pub fn classes_by(&self, facts: &Arc<Facts>, others: &Arc<Facts>) -> StringViewArray {
        let Some(period) = others.periods().keys().next() else {
            return std::iter::repeat_n(None::<&str>, facts.len()).collect();
        };
        let population = Population::of(others, &self.rules.settings, *period);
        let rows: Vec<u32> = (0..facts.len() as u32).collect();
        let classes: Vec<Vec<Option<ImmutableString>>> = rows
            .par_chunks(BATCH)
            .map(|rows| classes(self.rules, facts, &population, rows))
            .collect();
        let mut found = StringViewBuilder::new().with_deduplicate_strings();
        for class in classes.iter().flatten() {
            found.append_option(class.as_ref());
        }
        found.finish()
    }

    /// What there is to say about all facts.
    pub fn finish(self) -> Findings {
        let groups = self.failures.into_iter();
        let failures: Vec<RuleFailure> = groups
            .map(|((stage, ..), group)| report(self.rules, stage, group))
            .collect();
        let remarks = if failures.is_empty() && self.any_row {
            unmet(self.rules, &self.met)
        } else {
            Vec::new()
        };
        Findings {
            failures,
            remarks,
            interpreted: self.interpreted,
        }
    }
}

fn batch(rules: &Rules, facts: &Arc<Facts>, all: &Population, rows: &[u32], acts: bool) -> Batch {
    let mut found = Batch::default();
    let mut workers = Stage::ALL.map(|stage| Worker::new(rules, stage, facts, all));
    // A loop that does not end would cost its limit for every customer: the first ends the batch.
    let mut stopped = [false; Stage::ALL.len()];
    let mut customer = Customer {
        facts: Arc::clone(facts),
        row: 0,
        so_far: SoFar::default(),
    };
    for row in rows {
        customer.row = *row;
        customer.so_far = SoFar::default();
        let mut outcome = RowOutcome::default();
        for (at, stage) in Stage::ALL.into_iter().enumerate() {
            if stopped[at] || (stage >= Stage::Actions && !acts) {
                break;
            }
            let done = match &mut workers[at] {
                Ok(worker) => advance(
                    (worker, stage, acts),
                    &mut customer,
                    all,
                    &mut found,
                    &mut outcome,
                ),
                Err(failure) => Err(failure.clone()),
            };
            if let Err(failure) = done {
                stopped[at] = failure.is_limit();
                let customers = BTreeSet::from([(
                    facts.period(*row as usize),
                    facts.customer(*row as usize).to_owned(),
                )]);
                let group = Group {
                    failure,
                    count: 1,
                    customers,
                };
                add(&mut found.failures, stage, group);
                break;
            }
        }
        found.reason.push(outcome.reason.unwrap_or(NONE));
        found
            .scores
            .push(outcome.scores.unwrap_or((f64::NAN, f64::NAN)));
        found.actions.push(outcome.actions.unwrap_or((0, 0)));
        found.profile.push(outcome.profile.unwrap_or((0, 0)));
    }
    found
}

/// The classes of some rows by the cuts of a population.
fn classes(
    rules: &Rules,
    facts: &Arc<Facts>,
    all: &Population,
    rows: &[u32],
) -> Vec<Option<ImmutableString>> {
    let Ok(Worker {
        mut machine,
        mut runner,
    }) = Worker::new(rules, Stage::Segment, facts, all)
    else {
        return vec![None; rows.len()];
    };
    let mut customer = Customer {
        facts: Arc::clone(facts),
        row: 0,
        so_far: SoFar::default(),
    };
    // The machine refers to what it has kept here before.
    let mut answers = Answers::default();
    // A loop that does not end would cost its limit for every customer.
    let mut stopped = false;
    rows.iter()
        .map(|row| {
            customer.row = *row;
            let lowered = machine
                .as_mut()
                .and_then(|machine| machine.segment(*row as usize, false, &mut answers));
            match lowered {
                Some((_, class)) => Some(class),
                None if stopped => None,
                None => match runner.segment(customer.clone(), all) {
                    Ok(class) => Some(class.name),
                    Err(failure) => {
                        stopped = failure.is_limit();
                        None
                    }
                },
            }
        })
        .collect()
}

#[derive(Default)]
struct RowOutcome {
    reason: Option<u32>,
    scores: Option<(f64, f64)>,
    actions: Option<(u32, u32)>,
    profile: Option<(u32, u32)>,
}

/// One stage for one customer, its figures `told` or not; what it finds, the next may read.
fn advance(
    (worker, stage, told): (&mut Worker<'_>, Stage, bool),
    customer: &mut Customer,
    all: &Population,
    found: &mut Batch,
    outcome: &mut RowOutcome,
) -> Result<(), Failure> {
    let Worker { machine, runner } = worker;
    let machine = machine.as_mut();
    let row = customer.row as usize;
    match stage {
        Stage::Segment => {
            let lowered = machine.and_then(|m| m.segment(row, told, &mut found.reasons));
            let (reason, class) = match lowered {
                Some(answer) => answer,
                None => {
                    found.interpreted += 1;
                    let class = runner.segment(customer.clone(), all)?;
                    let reason = class.reason.as_ref();
                    let reason = found.reasons.push(&class.name, class.line, reason);
                    (reason, class.name)
                }
            };
            outcome.reason = Some(reason);
            customer.so_far.segment = Some(class);
        }
        Stage::Score => {
            let lowered = machine.and_then(|m| m.score(row, &customer.so_far));
            let (strength, attractiveness) = match lowered {
                Some(scores) => scores,
                None => {
                    found.interpreted += 1;
                    let card = runner.score(customer.clone(), all)?;
                    (card.strength(), card.attractiveness())
                }
            };
            customer.so_far.strength = strength;
            customer.so_far.attractiveness = attractiveness;
            outcome.scores = Some((
                strength.unwrap_or(f64::NAN),
                attractiveness.unwrap_or(f64::NAN),
            ));
        }
        Stage::Actions => {
            let to_do = &mut found.to_do;
            let so_far = &customer.so_far;
            let lowered = machine.and_then(|m| m.texts(Saying::Action, row, so_far, to_do));
            outcome.actions = match lowered {
                Some(range) => Some(range),
                None => {
                    found.interpreted += 1;
                    kept(&mut found.to_do, &runner.actions(customer.clone(), all)?)
                }
            };
        }
        Stage::Profile => {
            let why = &mut found.why_profiled;
            let so_far = &customer.so_far;
            let lowered = machine.and_then(|m| m.texts(Saying::Ground, row, so_far, why));
            outcome.profile = match lowered {
                Some(range) => Some(range),
                None => {
                    found.interpreted += 1;
                    let grounds = runner.grounds(customer.clone(), all)?;
                    kept(&mut found.why_profiled, &grounds)
                }
            };
        }
    }
    Ok(())
}

/// Keeps texts that follow each other: the first of them and how many.
fn kept(answers: &mut Answers, texts: &[Text]) -> Option<(u32, u32)> {
    let mut range: Option<(u32, u32)> = None;
    for text in texts {
        let answer = answers.push("", 0, Some(text));
        let (first, count) = range.unwrap_or((answer, 0));
        range = Some((first, count + 1));
    }
    range
}

fn messages(answers: &Answers, (first, count): (u32, u32)) -> Vec<Message> {
    (first..first + count)
        .filter_map(|answer| answers.message(answer))
        .collect()
}

fn report(rules: &Rules, stage: Stage, group: Group) -> RuleFailure {
    let script = rules.script(stage);
    let failure = group.failure;
    let place = if failure.position.is_none() {
        script.function_place(stage.entry(), 2)
    } else {
        place(&script.source, failure.position)
    };
    let help = if failure.is_limit() {
        let more = "customers after it in the same batch were not tried";
        Some(
            failure
                .help
                .map_or(more.to_owned(), |help| format!("{help}; {more}")),
        )
    } else {
        failure.help
    };
    let mut diagnostic = Diagnostic::error(failure.code, failure.message)
        .at(place)
        .maybe_help(help)
        .times(group.count);
    if let Some((period, customer)) = group.customers.first() {
        diagnostic = diagnostic.about(format!("customer {customer}, {period}"));
    }
    RuleFailure {
        diagnostic,
        customers: group.customers.into_iter().collect(),
    }
}

/// The lines that give a class which no customer got.
fn unmet(rules: &Rules, met: &BTreeSet<(u32, String)>) -> Vec<Diagnostic> {
    let source = &rules.script(Stage::Segment).source;
    rules
        .classes
        .iter()
        .filter(|site| !met.contains(&(site.line, site.name.clone())))
        .map(|site| {
            let message = format!("no customer of any period came to `{}` here", site.name);
            let place = Place::line(source, site.line as usize, site.column as usize);
            Diagnostic::info(&UNMET_RULE, message).at(place)
        })
        .collect()
}
