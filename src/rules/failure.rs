//! What went wrong while a rule ran, in plain words.

use rhai::{EvalAltResult, Position};

use super::limits;
use super::values::{Fault, FaultKind, kind_of, shown};
use crate::diagnostics::Code;
use crate::diagnostics::codes::rules::{MISSING_FACT, RULE_ANSWER, RULE_FAILED, RULE_LIMIT};

/// A failure of one rule for one customer, without saying which.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub(super) code: &'static Code,
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// Where in the file; none where rhai lost it.
    pub(super) position: Position,
}

impl Failure {
    /// A rule that answered something else than it was asked for.
    pub(super) fn answer(message: String) -> Self {
        Self {
            code: &RULE_ANSWER,
            message,
            help: None,
            position: Position::NONE,
        }
    }

    /// Whether trying further customers would only cost time.
    pub(super) fn is_limit(&self) -> bool {
        self.code == &RULE_LIMIT
    }

    /// From rhai's error.
    pub(super) fn of(error: &EvalAltResult) -> Self {
        let error = innermost(error);
        let mut position = Position::NONE;
        // A limit that is hit inside a function is reported at the call of the entry point, which
        // is ours and not in the user's file.
        let (code, message, help) = explain(error);
        if code != &RULE_LIMIT {
            position = error.position();
        }
        Self {
            code,
            message,
            help,
            position,
        }
    }
}

/// The error where it happened, under the calls that led there.
fn innermost(mut error: &EvalAltResult) -> &EvalAltResult {
    while let EvalAltResult::ErrorInFunctionCall(_, _, inner, _)
    | EvalAltResult::ErrorInModule(_, inner, _) = error
    {
        error = inner;
    }
    error
}

/// A code, a sentence, and what to do.
type Said = (&'static Code, String, Option<String>);

fn explain(error: &EvalAltResult) -> Said {
    use EvalAltResult as E;
    if let Some(limit) = explain_limit(error) {
        return limit;
    }
    let failed = |message: String| (&RULE_FAILED, message, None);
    match error {
        E::ErrorRuntime(value, _) => match value.read_lock::<Fault>() {
            Some(fault) if fault.kind == FaultKind::MissingFact => {
                let fact = &fault.message;
                (
                    &MISSING_FACT,
                    format!("the fact `{fact}` is missing"),
                    Some(format!(
                        "ask first with `c.has(\"{fact}\")`, or give a default with `c.get(\"{fact}\", …)`"
                    )),
                )
            }
            Some(fault) => failed(fault.message.clone()),
            None => failed(format!("the rule stopped with {}", shown(value))),
        },
        E::ErrorFunctionNotFound(signature, _) => failed(not_found(signature)),
        E::ErrorDotExpr(..) | E::ErrorPropertyNotFound(..) | E::ErrorIndexingType(..) => {
            failed("this value has no such property".to_owned())
        }
        E::ErrorIndexNotFound(index, _) => failed(format!("there is no item {}", shown(index))),
        E::ErrorVariableNotFound(name, _) => failed(format!("`{name}` is not set")),
        E::ErrorMismatchDataType(expected, found, _)
        | E::ErrorMismatchOutputType(expected, found, _) => {
            let (expected, found) = (plain_type(expected), plain_type(found));
            failed(format!("{expected} is needed here, and this is {found}"))
        }
        E::ErrorArrayBounds(length, index, _) => {
            failed(format!("a list of {length} has no item {index}"))
        }
        E::ErrorFor(_) => failed("`for` goes over a list or a range such as 0..10".to_owned()),
        E::ErrorAssignmentToConstant(name, _) => {
            failed(format!("`{name}` is a constant and cannot be changed"))
        }
        E::ErrorArithmetic(message, _) => failed(format!("this cannot be worked out: {message}")),
        other => failed(format!("this cannot be worked out: {other}")),
    }
}

fn explain_limit(error: &EvalAltResult) -> Option<Said> {
    use EvalAltResult as E;
    let (message, help) = match error {
        E::ErrorTooManyOperations(_) => (
            format!("the rule took more than {} steps", limits::OPERATIONS),
            Some("look for a loop that does not end"),
        ),
        E::ErrorStackOverflow(_) => (
            format!(
                "functions called each other more than {} deep",
                limits::CALL_LEVELS
            ),
            Some("look for a function that calls itself without end"),
        ),
        E::ErrorTooManyVariables(_) => (
            format!("the rule sets more than {} variables", limits::VARIABLES),
            None,
        ),
        E::ErrorDataTooLarge(..) => (
            "a text or a list grew larger than a rule may make one".to_owned(),
            None,
        ),
        _ => return None,
    };
    Some((&RULE_LIMIT, message, help.map(str::to_owned)))
}

/// `quantile (figures, string)` in plain words.
fn not_found(signature: &str) -> String {
    let (name, arguments) = signature.split_once(" (").unwrap_or((signature, ""));
    let kinds: Vec<&str> = arguments
        .trim_end_matches(')')
        .split(", ")
        .filter(|kind| !kind.is_empty())
        .map(plain_type)
        .collect();
    match kinds.as_slice() {
        [] => format!("`{name}` cannot be called like this"),
        kinds => format!("`{name}` does not take {}", kinds.join(" and ")),
    }
}

/// rhai's names of types in the user's words.
fn plain_type(name: &str) -> &str {
    if name.contains("String") || name == "string" || name == "&str" {
        return "text";
    }
    match name.trim() {
        "i64" => "a whole number",
        "f64" => "a number",
        "bool" => "a yes or no",
        "()" => "nothing",
        "array" => "a list",
        "map" => "a map",
        "char" => "a single character",
        "date" => "a date",
        "customer" => "the customer",
        "population" => "the population",
        "figures" => "the figures of a population",
        "class" => "a class",
        "action" => "an action",
        "ground" => "a reason for a profile",
        "criterion" => "a criterion",
        "scorecard" => "a scorecard",
        "points" => "points",
        "formatted value" => "a formatted value",
        _ => "a value of another kind",
    }
}

/// `segment` must give a class, and so on: what it gave instead.
pub(super) fn gave(value: &rhai::Dynamic) -> &'static str {
    kind_of(value)
}
