//! Judgement about one customer, in rhai: which segment, what scores, what to do, and why.
//!
//! Four files, `rules/segmentation.rhai`, `rules/scoring.rhai`, `rules/actions.rhai` and
//! `rules/profiles.rhai`, each with one entry point that gets a customer's facts of one period and the
//! population of that period:
//!
//! ```rhai
//! fn segment(c, all) {
//!     if c.actual_value >= all.actual_value.positive().quantile(0.80) {
//!         return class("MVC", "reason.top-fifth", #{ value: money(c.actual_value) });
//!     }
//!     class("Steady")
//! }
//! ```
//!
//! In: the facts, one row per customer and period, as Arrow columns that are read in place. Out:
//! [`Assignments`], a class with its reason for every row, scores, actions and who gets a profile where
//! asked for.
//! [`Rules::compile`] finds unknown facts and functions anywhere in the files before any customer is
//! looked at; a line that fails for a customer names the line and the customer. Rules see no file,
//! clock or network, and no other file of rules: there is no `import`.
//!
//! Cut points between the classes can be frozen: [`FrozenClasses`].
//!
//! [`KpiFunctions`] is the same for KPIs: `rules/scorecard.rhai`, for those whose scoring is a script.
//!
//! Everything a rule can use is documented in `docs/rules-api.md`, generated from [`api`].

pub mod api;
mod assign;
mod check;
mod customer;
mod cuts;
mod evaluate;
mod explain;
mod failure;
mod kpi;
pub mod limits;
mod lowered;
mod outcome;
mod population;
mod scorecards;
mod script;
mod store;
mod texts;
mod trace;
mod values;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::arrow::datatypes::Schema;
use datafusion::arrow::record_batch::RecordBatch;
use rhai::{AST, Engine};

pub use assign::{Acted, Assigner, Assignments, Findings, RuleFailure};
pub use customer::{FactColumn, FactKind, Facts};
pub use cuts::{CLASS_CUTS_FILE, ClassCuts, FrozenClasses};
pub use explain::{Explanation, Step};
pub use kpi::{KPI_FILE, KpiFigures, KpiFunctions};
pub use outcome::{Criterion, Scorecard, Side};
pub use population::Settings;

use check::ClassSite;
use customer::ESTABLISHED;
use evaluate::Runner;
use failure::Failure;
use lowered::Tree;
use population::Population;
use script::{About, Script, Stage};
use trace::Tracer;

use crate::calendar::Quarter;
use crate::diagnostics::codes::rules::{MISSING_RULE, UNREADABLE_FACT};
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::workspace::Files;

/// The rules of a workspace, compiled for facts of certain columns.
#[derive(Debug)]
pub struct Rules {
    schema: Arc<[FactColumn]>,
    settings: Arc<Settings>,
    engine: Engine,
    /// In the order of [`Stage::ALL`].
    scripts: Vec<(Script, AST)>,
    /// The same files lowered, in the same order.
    trees: Vec<Tree>,
    classes: BTreeSet<ClassSite>,
}

impl Rules {
    /// Compiles the four files and looks at every fact, function and text they name.
    ///
    /// `facts` are the columns of the facts, `customer_id` and `period` among them. Mistakes and
    /// warnings go to `problems`; none comes back when one of them is an error.
    pub fn compile(
        files: &Files,
        facts: &Schema,
        settings: Settings,
        problems: &mut Diagnostics,
    ) -> Option<Self> {
        let mut found = Diagnostics::new();
        let schema = columns(facts, &mut found);
        let engine = api::engine(&schema, &Tracer::default());
        let functions = api::functions(&engine);
        let catalogues = texts::catalogues(files);
        let names: Vec<&str> = schema.iter().map(|fact| fact.name.as_str()).collect();
        let mut scripts = Vec::new();
        let mut classes = BTreeSet::new();
        for stage in Stage::ALL {
            let Some(source) = files.get(stage.path()) else {
                let message = format!("there is no `{}`", stage.path());
                let place = Place::File(stage.path().to_owned());
                found.push(Diagnostic::error(&MISSING_RULE, message).at(place));
                continue;
            };
            let Some(script) =
                Script::compile(&engine, About::Customer(stage), source, &names, &mut found)
            else {
                continue;
            };
            let seen = check::check(&script, &schema, &functions, &mut found);
            texts::check(&script, &seen.keys, &catalogues, &mut found);
            if stage == Stage::Segment {
                classes = seen.classes;
            }
            match evaluate::driver(&engine, stage) {
                Ok(driver) => scripts.push((script, driver)),
                Err(failure) => found.push(Diagnostic::error(failure.code, failure.message)),
            }
        }
        let trees = scripts
            .iter()
            .map(|(script, _)| lowered::lower(script, &schema))
            .collect();
        let rules = Self {
            schema,
            settings: Arc::new(settings),
            engine,
            scripts,
            trees,
            classes,
        };
        let usable = !found.has_errors();
        problems.extend(found);
        usable.then_some(rules)
    }

    /// The facts of a batch, ready for the rules; nothing is copied where the types are right.
    ///
    /// # Errors
    /// When a column that the rules were compiled for is not there or cannot be read, or a period
    /// is not a fiscal quarter.
    pub fn facts(&self, batch: &RecordBatch) -> Result<Arc<Facts>, Diagnostic> {
        Facts::new(Arc::clone(&self.schema), batch)
            .map(Arc::new)
            .map_err(|message| Diagnostic::error(&UNREADABLE_FACT, message))
    }

    /// The rules, ready to go through facts; actions and profiles are given in the periods of `acted`.
    pub fn assigner(&self, acted: Acted) -> Assigner<'_> {
        Assigner::new(self, acted)
    }

    /// Why the customer of a row is where it is.
    pub fn explain(&self, facts: &Arc<Facts>, row: usize) -> Explanation {
        explain::explain(self, facts, row)
    }

    fn script(&self, stage: Stage) -> &Script {
        &self.scripts[stage as usize].0
    }

    fn runner<'a>(
        &'a self,
        engine: &'a Engine,
        stage: Stage,
        all: &Population,
    ) -> Result<Runner<'a>, Failure> {
        let (script, driver) = &self.scripts[stage as usize];
        let mut runner = Runner::new(engine, script, driver, all)?;
        if let Some(cuts) = all.frozen().filter(|_| stage == Stage::Segment) {
            runner.fix(&cuts.constants)?;
        }
        Ok(runner)
    }

    /// The cut points between the classes of the first period of some facts: those frozen where they hold
    /// there, else its own. None without customers, or where a constant of the rule fails.
    pub fn class_cuts(&self, facts: &Arc<Facts>) -> Option<CutPoints> {
        let period = facts.periods().keys().next()?;
        let all = Population::of(facts, &self.settings, *period);
        let runner = self.runner(&self.engine, Stage::Segment, &all).ok()?;
        Some(CutPoints {
            frozen: all.frozen().map(|cuts| cuts.as_of),
            basis: all.basis().unwrap_or_default(),
            band: all.value_band(),
            constants: runner.numbers(),
            rule: cuts::statements(&self.script(Stage::Segment).source.text),
        })
    }

    /// The cut points frozen for a period though its values are made of something else, so that they do
    /// not hold there.
    pub fn unfit_class_cuts(&self, period: Quarter, basis: &str) -> Option<&ClassCuts> {
        let cuts = self.settings.frozen.in_force(period);
        cuts.filter(|cuts| cuts.basis != basis)
    }
}

/// What decided between the classes of a period.
#[derive(Debug, Clone, PartialEq)]
pub struct CutPoints {
    /// The period whose they are, where they were frozen.
    pub frozen: Option<Quarter>,
    /// What actual values are made of, as in `value_basis`.
    pub basis: String,
    /// What counts as nothing, up and down from zero.
    pub band: f64,
    /// The constants of the rule that are numbers, by name.
    pub constants: BTreeMap<String, f64>,
    /// The statements that make them.
    rule: String,
}

impl CutPoints {
    /// As they are frozen.
    pub fn freeze(self, as_of: Quarter, currency: &str) -> ClassCuts {
        ClassCuts {
            as_of,
            basis: self.basis,
            currency: currency.to_owned(),
            band: self.band,
            constants: self.constants,
            rule: self.rule,
        }
    }
}

/// The facts as rules see them.
fn columns(facts: &Schema, problems: &mut Diagnostics) -> Arc<[FactColumn]> {
    let mut columns = Vec::new();
    for field in facts.fields() {
        let name = field.name();
        let taken = ESTABLISHED.contains(&name.as_str())
            || (api::POPULATION_PROPERTIES.contains(&name.as_str()) && name != "period");
        if taken {
            let message = format!("a fact cannot be called `{name}`: the rules use that name");
            problems.push(Diagnostic::error(&UNREADABLE_FACT, message));
        }
        match FactKind::of(field.data_type()) {
            Some(kind) => columns.push(FactColumn {
                name: name.clone(),
                kind,
            }),
            None => {
                let message = format!("the fact `{name}` is neither number, text, date nor flag");
                problems.push(Diagnostic::error(&UNREADABLE_FACT, message));
            }
        }
    }
    columns.into()
}
