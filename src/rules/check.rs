//! Looks at every fact, function and text that a rule file names, also where it never runs.
//!
//! rhai compiles calls of functions that do not exist and reads of properties that do not exist; the
//! mistake shows only when the line runs, and then only for that customer. So the tree is walked.

use std::collections::{BTreeMap, BTreeSet};

use rhai::{ASTNode, Expr, FnCallExpr, Position, Stmt};

use super::api::{DATE_PROPERTIES, FACT_ARGUMENTS, POPULATION_PROPERTIES};
use super::customer::{ESTABLISHED, FactColumn};
use super::evaluate::POPULATION;
use super::outcome::is_key;
use super::script::{About, Script, place};
use crate::diagnostics::codes::rules::{UNKNOWN_FACT, UNKNOWN_FUNCTION, WRONG_ARGUMENTS};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place, suggestion};

/// A call of `class` with a name written out: a rule that customers should meet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ClassSite {
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) name: String,
}

/// What a walk has found beside mistakes.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) classes: BTreeSet<ClassSite>,
    /// Texts that are named by key.
    pub(super) keys: BTreeSet<KeyUse>,
}

/// A text named by key, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct KeyUse {
    pub(super) position: Position,
    pub(super) key: String,
    /// Whether it is the name of a class or a criterion, which a client may leave untranslated.
    pub(super) is_name: bool,
    /// The arguments given, where they are written out.
    pub(super) args: Option<BTreeSet<String>>,
}

/// What a variable is known to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    Customer,
    Population,
    Kpi,
}

/// The variables of one function that are known to be the customer, the population or the KPI.
type Variables = BTreeMap<String, Known>;

/// A function of the file: its name, its parameters, and from where to where it goes.
struct Function {
    name: String,
    parameters: Vec<String>,
    span: (Position, Position),
    variables: Variables,
}

struct Checker<'a> {
    script: &'a Script,
    schema: &'a [FactColumn],
    functions: &'a BTreeMap<String, Vec<usize>>,
    own: Vec<Function>,
    map_keys: BTreeSet<String>,
    /// Properties that were judged by what they are a property of.
    judged: BTreeSet<(Option<usize>, Option<usize>)>,
    problems: Vec<Diagnostic>,
    findings: Findings,
}

/// Walks a file; mistakes go to `problems`, in the order of their places.
pub(super) fn check(
    script: &Script,
    schema: &[FactColumn],
    functions: &BTreeMap<String, Vec<usize>>,
    problems: &mut Diagnostics,
) -> Findings {
    let mut map_keys = BTreeSet::new();
    script.ast.walk(&mut |path: &[ASTNode]| {
        if let Some(ASTNode::Expr(Expr::Map(map, _))) = path.last() {
            map_keys.extend(map.0.iter().map(|(key, _)| key.name.to_string()));
        }
        true
    });
    let mut checker = Checker {
        script,
        schema,
        functions,
        own: own_functions(script),
        map_keys,
        judged: BTreeSet::new(),
        problems: Vec::new(),
        findings: Findings::default(),
    };
    // The constants at the top of a file about customers see the population.
    let mut top = Variables::new();
    if script.about != About::Kpi {
        top.insert(POPULATION.to_owned(), Known::Population);
    }
    script.ast.walk(&mut |path: &[ASTNode]| {
        if let (Some(root), Some(node)) = (path.first(), path.last()) {
            let function = containing(&checker.own, root.position());
            let variables = function
                .map_or(&top, |at| &checker.own[at].variables)
                .clone();
            checker.node(node, &variables);
        }
        true
    });
    // rhai walks the cases of a switch in no order, and a shared case more than once.
    let mut found = checker.problems;
    found.sort_by_cached_key(|problem| (span_start(problem), problem.message.clone()));
    found.dedup();
    problems.extend(found);
    checker.findings
}

fn span_start(problem: &Diagnostic) -> usize {
    match &problem.place {
        Some(Place::Text { span, .. }) => span.start,
        _ => 0,
    }
}

/// The functions of a file, each with the parameters that are the customer, the population or the KPI: those
/// of the entry point, and of every function they are handed on to.
fn own_functions(script: &Script) -> Vec<Function> {
    let called = called_functions(script);
    let mut own: Vec<Function> = script
        .ast
        .iter_fn_def()
        .map(|function| {
            let parameters: Vec<String> = function.params.iter().map(ToString::to_string).collect();
            let mut variables = Variables::new();
            match (script.about, parameters.as_slice()) {
                (About::Customer(stage), [c, all]) if function.name == stage.entry() => {
                    variables.insert(c.clone(), Known::Customer);
                    variables.insert(all.clone(), Known::Population);
                }
                // One that no other calls can only be meant for the scorecard.
                (About::Kpi, [kpi]) if !called.contains(function.name.as_str()) => {
                    variables.insert(kpi.clone(), Known::Kpi);
                }
                _ => {}
            }
            Function {
                name: function.name.to_string(),
                parameters,
                span: (function.body.start_position(), function.body.end_position()),
                variables,
            }
        })
        .collect();
    let mut changed = true;
    while changed {
        changed = false;
        script.ast.walk(&mut |path: &[ASTNode]| {
            let (Some(root), Some(node)) = (path.first(), path.last()) else {
                return true;
            };
            let caller = containing(&own, root.position());
            if let (Some(caller), Some((call, _))) = (caller, call_of(node)) {
                changed |= hand_on(&mut own, caller, call);
            }
            true
        });
    }
    own
}

/// The names of all functions that are called in a file.
fn called_functions(script: &Script) -> BTreeSet<String> {
    let mut called = BTreeSet::new();
    script.ast.walk(&mut |path: &[ASTNode]| {
        if let Some((call, _)) = path.last().and_then(call_of) {
            called.insert(call.name.to_string());
        }
        true
    });
    called
}

/// Marks the parameters of a called function that get the caller's customer or population.
fn hand_on(own: &mut [Function], caller: usize, call: &FnCallExpr) -> bool {
    let handed: Vec<Option<Known>> = call
        .args
        .iter()
        .map(|argument| own[caller].variables.get(variable(argument)?).copied())
        .collect();
    let callee = own
        .iter_mut()
        .find(|f| f.name == call.name.as_str() && f.parameters.len() == handed.len());
    let Some(callee) = callee else { return false };
    let mut changed = false;
    for (parameter, known) in callee.parameters.iter().zip(handed) {
        if let (Some(known), false) = (known, callee.variables.contains_key(parameter)) {
            callee.variables.insert(parameter.clone(), known);
            changed = true;
        }
    }
    changed
}

/// The function that a position lies in.
fn containing(own: &[Function], position: Position) -> Option<usize> {
    own.iter()
        .position(|function| function.span.0 <= position && position <= function.span.1)
}

impl Checker<'_> {
    fn node(&mut self, node: &ASTNode<'_>, variables: &Variables) {
        match *node {
            ASTNode::Expr(Expr::Dot(chain, ..)) => {
                let receiver = variable(&chain.lhs).and_then(|name| variables.get(name));
                if let (Some(receiver), Some((name, position))) =
                    (receiver, first_property(&chain.rhs))
                {
                    self.judged.insert((position.line(), position.position()));
                    self.property_of(*receiver, name, position);
                }
                if let (Some(Known::Customer | Known::Kpi), Some((call, position))) =
                    (receiver, first_method(&chain.rhs))
                {
                    self.customer_method(call, position);
                }
            }
            ASTNode::Expr(Expr::Property(property, position))
                if !self
                    .judged
                    .contains(&(position.line(), position.position())) =>
            {
                self.property(&property.2, *position);
            }
            ASTNode::Expr(Expr::MethodCall(call, position)) => {
                self.call(call, call.args.len() + 1, *position);
                self.fact_argument(call, 1);
            }
            ASTNode::Expr(Expr::Index(chain, ..)) => {
                let receiver = variable(&chain.lhs).and_then(|name| variables.get(name));
                if let (Some(receiver), Expr::StringConstant(name, position)) =
                    (receiver, &chain.rhs)
                {
                    self.property_of(*receiver, name, *position);
                }
            }
            ASTNode::Expr(Expr::StringConstant(text, position)) if is_key(text) => {
                self.key(text, *position, None);
            }
            _ => {
                if let Some((call, position)) = call_of(node) {
                    self.function_call(call, position);
                }
            }
        }
    }

    fn function_call(&mut self, call: &FnCallExpr, position: Position) {
        if call.is_operator_call() {
            return;
        }
        self.call(call, call.args.len(), position);
        self.fact_argument(call, 0);
        let text = |at: usize| match call.args.get(at) {
            Some(Expr::StringConstant(text, position)) => Some((text.to_string(), *position)),
            _ => None,
        };
        match (call.name.as_str(), text(0)) {
            ("class", Some((name, at))) => {
                self.name(format!("class.{}", name.to_lowercase()), at);
                self.findings.classes.insert(ClassSite {
                    line: position.line().unwrap_or(0) as u32,
                    column: position.position().unwrap_or(1) as u32,
                    name,
                });
                self.text_with_arguments(call, 1);
            }
            ("strength" | "attractiveness", Some((name, at))) => {
                self.name(format!("criterion.{name}"), at);
            }
            ("class", None) => self.text_with_arguments(call, 1),
            ("action" | "because", _) => self.text_with_arguments(call, 0),
            _ => {}
        }
    }

    fn name(&mut self, key: String, position: Position) {
        self.findings.keys.insert(KeyUse {
            position,
            key,
            is_name: true,
            args: None,
        });
    }

    fn key(&mut self, key: &str, position: Position, args: Option<BTreeSet<String>>) {
        // The text is met again on its own, without what the call gives it.
        let known = self
            .findings
            .keys
            .iter()
            .any(|known| known.position == position);
        if !known {
            self.findings.keys.insert(KeyUse {
                position,
                key: key.to_owned(),
                is_name: false,
                args,
            });
        }
    }

    /// A key and the map after it, or no map: then nothing is filled in.
    fn text_with_arguments(&mut self, call: &FnCallExpr, at: usize) {
        let Some(Expr::StringConstant(text, position)) = call.args.get(at) else {
            return;
        };
        let args = match call.args.get(at + 1) {
            None => Some(BTreeSet::new()),
            Some(Expr::Map(map, _)) => {
                Some(map.0.iter().map(|(key, _)| key.name.to_string()).collect())
            }
            Some(_) => None,
        };
        if is_key(text) {
            self.key(text, *position, args);
        }
    }

    /// A function must exist, and take this many arguments.
    fn call(&mut self, call: &FnCallExpr, arguments: usize, position: Position) {
        let name = call.name.as_str();
        let own = self.own.iter().filter(|function| function.name == name);
        let mut arities: Vec<usize> = own.map(|function| function.parameters.len()).collect();
        arities.extend(self.functions.get(name).into_iter().flatten());
        if arities.is_empty() {
            let known = self.functions.keys().map(String::as_str);
            let known = known.chain(self.own.iter().map(|function| function.name.as_str()));
            let help = suggestion(name, known);
            let message = format!("there is no function `{name}`");
            self.report(&UNKNOWN_FUNCTION, message, help, position);
        } else if !arities.contains(&arguments) {
            let takes: Vec<String> = arities.iter().map(usize::to_string).collect();
            let takes = takes.join(" or ");
            let message = format!(
                "`{name}` takes {takes} arguments, counting what stands before the dot, not {arguments}"
            );
            self.report(&WRONG_ARGUMENTS, message, None, position);
        }
    }

    /// `c.get("nps")` would be known as a function of lists: judge it as what it is.
    fn customer_method(&mut self, call: &FnCallExpr, position: Position) {
        let name = call.name.as_str();
        let expected = match name {
            "has" => 1,
            "get" | "points" | "points_low" | "fifths" => 2,
            _ => return,
        };
        if call.args.len() != expected
            && self
                .functions
                .get(name)
                .is_some_and(|a| a.contains(&(call.args.len() + 1)))
        {
            let message = format!(
                "`{name}` of the customer takes {expected} arguments, not {}",
                call.args.len()
            );
            self.report(&WRONG_ARGUMENTS, message, None, position);
        }
    }

    /// The names of facts that are written out as texts.
    fn fact_argument(&mut self, call: &FnCallExpr, receiver: usize) {
        let places = FACT_ARGUMENTS.iter().find(|(name, _)| *name == call.name);
        for place in places.map_or(&[][..], |(_, places)| places) {
            if let Some(Expr::StringConstant(name, position)) = call.args.get(place - receiver) {
                let receiver = match self.script.about {
                    About::Customer(_) => Known::Customer,
                    About::Kpi => Known::Kpi,
                };
                self.property_of(receiver, name, *position);
            }
        }
    }

    fn property_of(&mut self, receiver: Known, name: &str, position: Position) {
        let established = self.script.about.established();
        let fact = self.schema.iter().find(|fact| fact.name == name);
        match (receiver, self.script.about) {
            (Known::Customer | Known::Kpi, _) if fact.is_some() || established.contains(&name) => {}
            (Known::Customer, About::Customer(stage)) if ESTABLISHED.contains(&name) => self
                .report(
                    &UNKNOWN_FACT,
                    format!("`{name}` is not known yet when `{}` runs", stage.entry()),
                    Some("segmentation comes first, then scoring, then actions".to_owned()),
                    position,
                ),
            (Known::Population, _) if POPULATION_PROPERTIES.contains(&name) => {}
            (Known::Population, _) if fact.is_some_and(|fact| fact.kind.is_figure()) => {}
            (Known::Population, _) if fact.is_some() => self.report(
                &UNKNOWN_FACT,
                format!("a population has no figures of `{name}`, which is not a number"),
                None,
                position,
            ),
            _ => {
                let facts = self.schema.iter().map(|fact| fact.name.as_str());
                let more: &[&str] = match receiver {
                    Known::Customer | Known::Kpi => established,
                    Known::Population => &POPULATION_PROPERTIES,
                };
                let help = suggestion(name, facts.chain(more.iter().copied()));
                let message = match receiver {
                    Known::Kpi => format!("a KPI has no figure `{name}`"),
                    _ => format!("there is no fact `{name}`"),
                };
                self.report(&UNKNOWN_FACT, message, help, position);
            }
        }
    }

    /// A property of something that is not known to be a customer or a population.
    fn property(&mut self, name: &str, position: Position) {
        let known: Vec<&str> = self
            .schema
            .iter()
            .map(|fact| fact.name.as_str())
            .chain(self.script.about.established().iter().copied())
            .chain(POPULATION_PROPERTIES)
            .chain(DATE_PROPERTIES)
            .chain(self.map_keys.iter().map(String::as_str))
            .collect();
        if !known.contains(&name) {
            let help = suggestion(name, known);
            let message = format!("there is no fact `{name}`");
            self.report(&UNKNOWN_FACT, message, help, position);
        }
    }

    fn report(
        &mut self,
        code: &'static Code,
        message: String,
        help: Option<String>,
        position: Position,
    ) {
        let place = place(&self.script.source, position);
        self.problems
            .push(Diagnostic::error(code, message).at(place).maybe_help(help));
    }
}

fn call_of<'a>(node: &ASTNode<'a>) -> Option<(&'a FnCallExpr, Position)> {
    match node {
        ASTNode::Expr(Expr::FnCall(call, position))
        | ASTNode::Stmt(Stmt::FnCall(call, position)) => Some((call, *position)),
        _ => None,
    }
}

fn variable(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Variable(variable, ..) if variable.2.is_empty() => Some(variable.1.as_str()),
        _ => None,
    }
}

fn first_property(chain: &Expr) -> Option<(&str, Position)> {
    match chain {
        Expr::Property(property, position) => Some((property.2.as_str(), *position)),
        Expr::Dot(chain, ..) | Expr::Index(chain, ..) => first_property(&chain.lhs),
        _ => None,
    }
}

fn first_method(chain: &Expr) -> Option<(&FnCallExpr, Position)> {
    match chain {
        Expr::MethodCall(call, position) => Some((call, *position)),
        Expr::Dot(chain, ..) | Expr::Index(chain, ..) => first_method(&chain.lhs),
        _ => None,
    }
}
