//! Runs the compiled rules for one customer at a time.
//!
//! What rhai would set up for every call (state, function caches, constants of the file) is set up
//! once per worker and reused: with cold caches a rule costs several times as much.

use std::collections::BTreeMap;
use std::fmt::Write;

use rhai::{AST, Caches, Dynamic, Engine, GlobalRuntimeState, Scope};

use super::customer::Customer;
use super::failure::{Failure, gave};
use super::outcome::{Action, Class, Ground, Scorecard, Text};
use super::population::Population;
use super::script::{Script, Stage};

/// The names of the driver's variables; the entry point gives them names of its own.
const CUSTOMER: &str = "c";
/// The name of the population in the driver, and in the constants of a file.
pub(super) const POPULATION: &str = "all";

/// The call of an entry point, `segment(c, all)`, compiled once.
pub(super) fn driver(engine: &Engine, stage: Stage) -> Result<AST, Failure> {
    let mut scope = Scope::new();
    scope.push(CUSTOMER, ()).push(POPULATION, ());
    let call = format!("{}({CUSTOMER}, {POPULATION})", stage.entry());
    engine
        .compile_with_scope(&scope, call)
        .map_err(|error| Failure::of(&error.into()))
}

/// A rule file ready to be called again and again.
pub(super) struct Runner<'a> {
    engine: &'a Engine,
    driver: &'a AST,
    global: GlobalRuntimeState,
    caches: Caches,
    scope: Scope<'static>,
    constants: Scope<'static>,
}

impl<'a> Runner<'a> {
    /// Works out the constants of the file, for a population: once per period, not per customer.
    pub(super) fn new(
        engine: &'a Engine,
        script: &Script,
        driver: &'a AST,
        all: &Population,
    ) -> Result<Self, Failure> {
        let mut runner = Self {
            engine,
            driver,
            global: engine.new_global_runtime_state(),
            caches: Caches::new(),
            scope: Scope::new(),
            constants: Scope::new(),
        };
        runner.global.lib.push(script.ast.shared_lib().clone());
        let population = Dynamic::from(all.clone());
        runner.scope.push_dynamic(POPULATION, population);
        let _answer = runner.run(&script.ast)?;
        runner.constants = std::mem::take(&mut runner.scope);
        Ok(runner)
    }

    /// Puts frozen numbers in the place of constants, where the file has constants of these names that
    /// are numbers.
    pub(super) fn fix(&mut self, frozen: &BTreeMap<String, f64>) -> Result<(), Failure> {
        let mut statements = String::new();
        for (name, live) in self.numbers() {
            let Some(value) = frozen.get(&name).filter(|value| **value != live) else {
                continue;
            };
            let is_whole = self.constants.get(&name).is_some_and(Dynamic::is_int);
            // Writing to a string cannot fail.
            let _ = match is_whole && value.fract() == 0.0 {
                true => writeln!(statements, "const {name} = {};", *value as i64),
                false => writeln!(statements, "const {name} = {value:?};"),
            };
        }
        if statements.is_empty() {
            return Ok(());
        }
        let ast = self
            .engine
            .compile(&statements)
            .map_err(|error| Failure::of(&error.into()))?;
        // What a file's constants are to its functions is known by name: the last one counts.
        std::mem::swap(&mut self.scope, &mut self.constants);
        let done = self.run(&ast);
        std::mem::swap(&mut self.scope, &mut self.constants);
        done.map(|_| ())
    }

    /// The constants of the file that are numbers.
    pub(super) fn numbers(&self) -> BTreeMap<String, f64> {
        let names = self.constants.iter().map(|(name, ..)| name.to_owned());
        let number = |name: String| {
            let value = self.constants.get(&name)?;
            let whole = value.as_int().map(|whole| whole as f64);
            Some((name, whole.or_else(|_| value.as_float()).ok()?))
        };
        names.filter_map(number).collect()
    }

    /// The constants of the file, for this population.
    pub(super) fn constants(&self) -> &Scope<'static> {
        &self.constants
    }

    /// Evaluates statements with the state that is kept.
    ///
    /// rhai deprecates the function for its name's sake; nothing else lets caches outlive a call.
    #[allow(deprecated)]
    fn run(&mut self, ast: &AST) -> Result<Dynamic, Failure> {
        self.global.num_operations = Default::default();
        self.engine
            .eval_statements_raw(
                &mut self.global,
                &mut self.caches,
                &mut self.scope,
                ast.statements(),
            )
            .map_err(|error| Failure::of(&error))
    }

    fn call(&mut self, customer: Customer, all: &Population) -> Result<Dynamic, Failure> {
        self.scope.clear();
        self.scope
            .push_dynamic(CUSTOMER, Dynamic::from(customer))
            .push_dynamic(POPULATION, Dynamic::from(all.clone()));
        self.run(self.driver)
    }

    /// The class of a customer.
    pub(super) fn segment(&mut self, c: Customer, all: &Population) -> Result<Class, Failure> {
        let answer = self.call(c, all)?;
        let kind = gave(&answer);
        answer.try_cast::<Class>().ok_or_else(|| {
            Failure::answer(format!(
                "`segment` gave {kind}; every path through it must end in class(…)"
            ))
        })
    }

    /// The scorecard of a customer.
    pub(super) fn score(&mut self, c: Customer, all: &Population) -> Result<Scorecard, Failure> {
        let answer = self.call(c, all)?;
        let kind = gave(&answer);
        answer.try_cast::<Scorecard>().ok_or_else(|| {
            Failure::answer(format!(
                "`score` gave {kind}; every path through it must end in scorecard([…])"
            ))
        })
    }

    /// The actions for a customer.
    pub(super) fn actions(&mut self, c: Customer, all: &Population) -> Result<Vec<Text>, Failure> {
        self.texts(c, all, ("actions", "action"), |item| {
            item.try_cast::<Action>().map(|action| action.0)
        })
    }

    /// Why a customer gets a profile; nothing for one that gets none.
    pub(super) fn grounds(&mut self, c: Customer, all: &Population) -> Result<Vec<Text>, Failure> {
        self.texts(c, all, ("profile", "because"), |item| {
            item.try_cast::<Ground>().map(|ground| ground.0)
        })
    }

    /// The texts of a list; `names` are the entry point, and the function that makes its items.
    fn texts(
        &mut self,
        c: Customer,
        all: &Population,
        (entry, makes): (&str, &str),
        text: fn(Dynamic) -> Option<Text>,
    ) -> Result<Vec<Text>, Failure> {
        let answer = self.call(c, all)?;
        let kind = gave(&answer);
        let list = answer.into_array().map_err(|_| {
            Failure::answer(format!(
                "`{entry}` gave {kind}; every path through it must end in a list, [] for none"
            ))
        })?;
        list.into_iter()
            .map(|item| {
                let kind = gave(&item);
                text(item).ok_or_else(|| {
                    Failure::answer(format!(
                        "`{entry}` gave a list with {kind} in it, not {makes}(…)"
                    ))
                })
            })
            .collect()
    }
}
