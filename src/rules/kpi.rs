//! The score of a KPI by a client's own function: `scoring = "script"` in `scorecard.toml`.
//!
//! `rules/scorecard.rhai`, which does not ship, holds functions of one parameter:
//!
//! ```rhai
//! fn by_steps(kpi) {
//!     if kpi.value >= kpi.target { 100 } else { 100 * kpi.value / kpi.target - 20 }
//! }
//! ```
//!
//! In: the figures of one KPI in one period. Out: a score, or none where the function answers
//! `missing()`. The limits, the operators and the checks are those of the other rules.

use std::sync::Arc;

use rhai::{AST, CallFnOptions, Dynamic, Engine, EvalAltResult, ImmutableString, Scope};

use super::customer::{FactColumn, FactKind};
use super::failure::{Failure, gave};
use super::outcome::Points;
use super::script::{About, Script, place};
use super::trace::Tracer;
use super::values::{FaultKind, fault, wrong};
use super::{api, check};
use crate::calendar::Quarter;
use crate::diagnostics::codes::rules::MISSING_FACT;
use crate::diagnostics::{Diagnostic, Diagnostics, suggestion};
use crate::workspace::Files;

/// The file of the functions.
pub const KPI_FILE: &str = "rules/scorecard.rhai";

/// What a function can read of a KPI, beside its `id` and `period`.
const FIGURES: [&str; 8] = [
    "value",
    "numerator",
    "denominator",
    "previous",
    "target",
    "floor",
    "red_flag",
    "stretch",
];

/// The figures of a KPI in a period; none where there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct KpiFigures {
    /// The KPI's id.
    pub id: String,
    /// The fiscal quarter.
    pub period: Quarter,
    /// Its value.
    pub value: f64,
    /// For a ratio, what was divided.
    pub numerator: Option<f64>,
    /// For a ratio, what it was divided by.
    pub denominator: Option<f64>,
    /// Its value in the quarter before.
    pub previous: Option<f64>,
    /// The value to reach.
    pub target: Option<f64>,
    /// The floor that was given.
    pub floor: Option<f64>,
    /// The red flag that was given.
    pub red_flag: Option<f64>,
    /// The value beyond the target that was given.
    pub stretch: Option<f64>,
}

impl KpiFigures {
    /// A figure by its name among [`FIGURES`], or what is known always; none when it is missing.
    fn lookup(&self, name: &str) -> Result<Option<Dynamic>, Box<EvalAltResult>> {
        let figure = match name {
            "id" => return Ok(Some(self.id.as_str().into())),
            "period" => return Ok(Some(self.period.to_string().into())),
            "value" => Some(self.value),
            "numerator" => self.numerator,
            "denominator" => self.denominator,
            "previous" => self.previous,
            "target" => self.target,
            "floor" => self.floor,
            "red_flag" => self.red_flag,
            "stretch" => self.stretch,
            _ => {
                let help = suggestion(name, FIGURES).map(|help| format!("; {help}"));
                let help = help.unwrap_or_default();
                return Err(wrong(format!("a KPI has no figure `{name}`{help}")));
            }
        };
        Ok(figure.map(Dynamic::from_float))
    }

    fn read(&self, name: &str) -> Result<Dynamic, Box<EvalAltResult>> {
        self.lookup(name)?
            .ok_or_else(|| fault(FaultKind::MissingFact, name))
    }
}

/// The `kpi` of the functions.
type Indicator = Arc<KpiFigures>;

/// The functions that score KPIs, compiled and checked.
#[derive(Debug)]
pub struct KpiFunctions {
    engine: Engine,
    script: Script,
}

impl KpiFunctions {
    /// Compiles the file, where there is one, and looks at every figure and function it names.
    /// Mistakes go to `problems`; none comes back then, or where there is no file.
    pub fn compile(files: &Files, problems: &mut Diagnostics) -> Option<Self> {
        let source = files.get(KPI_FILE)?;
        let engine = engine();
        let schema = schema();
        let names: Vec<&str> = schema.iter().map(|figure| figure.name.as_str()).collect();
        let mut found = Diagnostics::new();
        let script = Script::compile(&engine, About::Kpi, source, &names, &mut found);
        if let Some(script) = &script {
            check::check(script, &schema, &api::functions(&engine), &mut found);
        }
        let usable = !found.has_errors();
        problems.extend(found);
        script
            .filter(|_| usable)
            .map(|script| Self { engine, script })
    }

    /// The functions that a KPI can name: those of one parameter, sorted.
    pub fn names(&self) -> Vec<&str> {
        let functions = self.script.ast.iter_fn_def();
        let mut names: Vec<&str> = functions
            .filter(|function| function.params.len() == 1)
            .map(|function| function.name.as_str())
            .collect();
        names.sort_unstable();
        names
    }

    /// What a function makes of a KPI: a score cut off at 0 and 100; none where it answers
    /// `missing()`.
    ///
    /// # Errors
    /// The line that failed, and for which KPI and period.
    pub fn score(&self, function: &str, figures: KpiFigures) -> Result<Option<f64>, Diagnostic> {
        let about = format!("KPI {}, {}", figures.id, figures.period);
        self.call(function, Arc::new(figures))
            .map_err(|failure| self.diagnostic(function, failure).about(about))
    }

    fn call(&self, function: &str, kpi: Indicator) -> Result<Option<f64>, Failure> {
        let ast: &AST = &self.script.ast;
        let answer: Dynamic = self
            .engine
            .call_fn_with_options(
                CallFnOptions::new(),
                &mut Scope::new(),
                ast,
                function,
                (kpi,),
            )
            .map_err(|error| Failure::of(&error))?;
        if let Some(Points(None)) = answer.read_lock::<Points>().as_deref() {
            return Ok(None);
        }
        let whole = || answer.as_int().ok().map(|whole| whole as f64);
        let score = answer.as_float().ok().or_else(whole);
        match score.filter(|score| score.is_finite()) {
            Some(score) => Ok(Some(score.clamp(0.0, 100.0))),
            None => Err(Failure::answer(format!(
                "`{function}` gave {}; every path through it must end in a score from 0 to 100, \
                 or in missing()",
                gave(&answer)
            ))),
        }
    }

    fn diagnostic(&self, function: &str, failure: Failure) -> Diagnostic {
        let at = if failure.position.is_none() {
            self.script.function_place(function, 1)
        } else {
            place(&self.script.source, failure.position)
        };
        let help = if failure.code == &MISSING_FACT {
            Some(
                "ask first with `kpi.has(…)`, or give a default with `kpi.get(…, 0)`: not every \
                 KPI has every figure"
                    .to_owned(),
            )
        } else {
            failure.help
        };
        Diagnostic::error(failure.code, failure.message)
            .at(at)
            .maybe_help(help)
    }
}

/// What `check` holds the properties of a KPI against.
fn schema() -> Vec<FactColumn> {
    let column = |name: &str, kind| FactColumn {
        name: name.to_owned(),
        kind,
    };
    let texts = ["id", "period"].map(|name| column(name, FactKind::Text));
    let figures = FIGURES.map(|name| column(name, FactKind::Number));
    texts.into_iter().chain(figures).collect()
}

/// The engine of the other rules, without facts, and with the figures of a KPI.
fn engine() -> Engine {
    let mut engine = api::engine(&[], &Tracer::default());
    engine.register_type_with_name::<Indicator>("KPI");
    for name in ["id", "period"].into_iter().chain(FIGURES) {
        engine.register_get(name, move |kpi: &mut Indicator| kpi.read(name));
    }
    engine.register_indexer_get(|kpi: &mut Indicator, name: &str| kpi.read(name));
    engine.register_fn(
        "has",
        |kpi: &mut Indicator, name: &str| -> Result<bool, Box<EvalAltResult>> {
            Ok(kpi.lookup(name)?.is_some())
        },
    );
    engine.register_fn(
        "get",
        |kpi: &mut Indicator, name: ImmutableString, default: Dynamic| {
            let figure = kpi.lookup(&name)?;
            Ok::<_, Box<EvalAltResult>>(figure.unwrap_or(default))
        },
    );
    engine
}
