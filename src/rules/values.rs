//! The values that rules handle beside numbers and texts, and how values are named and shown.

use chrono::{Datelike, NaiveDate};
use rhai::{Dynamic, EvalAltResult, ImmutableString, Position};

use super::customer::Customer;
use super::outcome::{Action, Class, Criterion, Ground, Points, Scorecard, Shown};
use super::population::{Figures, Population};

/// A civil day in a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day(pub(super) NaiveDate);

impl Day {
    /// Days from an earlier day to this one; negative when the other is later.
    pub(super) fn days_since(self, earlier: Self) -> i64 {
        self.0.signed_duration_since(earlier.0).num_days()
    }

    /// Year, month and day of the month, common era.
    pub(super) fn parts(self) -> (i64, i64, i64) {
        (
            i64::from(self.0.year()),
            i64::from(self.0.month()),
            i64::from(self.0.day()),
        )
    }
}

/// Why a function of ours refused to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// A fact is missing for this customer.
    MissingFact,
    /// Anything else, said in the message.
    Wrong,
}

/// What travels in a rhai error that we raised.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    /// Which of our reasons.
    pub(super) kind: FaultKind,
    /// The sentence for the user; for a missing fact, the fact's name.
    pub(super) message: String,
}

/// An error of ours; rhai fills in the position of the call.
pub(super) fn fault(kind: FaultKind, message: impl Into<String>) -> Box<EvalAltResult> {
    let fault = Fault {
        kind,
        message: message.into(),
    };
    EvalAltResult::ErrorRuntime(Dynamic::from(fault), Position::NONE).into()
}

/// An error of ours with a sentence.
pub(super) fn wrong(message: impl Into<String>) -> Box<EvalAltResult> {
    fault(FaultKind::Wrong, message)
}

/// What kind of value this is, in the user's words.
pub(super) fn kind_of(value: &Dynamic) -> &'static str {
    if value.is_unit() {
        "nothing"
    } else if value.is_int() {
        "a whole number"
    } else if value.is_float() {
        "a number"
    } else if value.is_bool() {
        "a yes or no"
    } else if value.is_string() {
        "text"
    } else if value.is_char() {
        "a single character (texts stand in double quotes)"
    } else if value.is_array() {
        "a list"
    } else if value.is_map() {
        "a map"
    } else if value.is::<Day>() {
        "a date"
    } else if value.is::<Customer>() {
        "the customer"
    } else if value.is::<Population>() {
        "the population"
    } else if value.is::<Figures>() {
        "the figures of a population"
    } else if value.is::<Class>() {
        "a class"
    } else if value.is::<Action>() {
        "an action"
    } else if value.is::<Ground>() {
        "a reason for a profile"
    } else if value.is::<Scorecard>() {
        "a scorecard"
    } else if value.is::<Criterion>() {
        "a criterion"
    } else if value.is::<Points>() {
        "points"
    } else if value.is::<Shown>() {
        "a formatted value"
    } else {
        "a value of another kind"
    }
}

/// A number as people write it: at most six decimals, no trailing zeros.
pub(super) fn number_text(value: f64) -> String {
    let text = format!("{value:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

/// A value for people who read a trace.
pub(super) fn shown(value: &Dynamic) -> String {
    if let Ok(whole) = value.as_int() {
        whole.to_string()
    } else if let Ok(number) = value.as_float() {
        number_text(number)
    } else if let Ok(flag) = value.as_bool() {
        flag.to_string()
    } else if let Some(text) = value.read_lock::<ImmutableString>() {
        format!("\"{}\"", text.as_str())
    } else if let Some(day) = value.read_lock::<Day>() {
        day.0.to_string()
    } else {
        kind_of(value).to_owned()
    }
}
