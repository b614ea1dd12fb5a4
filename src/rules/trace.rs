//! What happened while a rule ran, for `explain`: facts read, figures asked for, comparisons made.

use std::sync::{Arc, Mutex, PoisonError};

use rhai::{NativeCallContext, Position};

/// One thing that happened, and where.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Event {
    pub(super) position: Position,
    /// The fact that was read, if one was.
    pub(super) fact: Option<String>,
    /// What was looked at: a fact, a figure, a comparison.
    pub(super) what: String,
    /// What it was.
    pub(super) value: String,
}

/// A list of events shared with the functions of an engine.
#[derive(Debug, Clone, Default)]
pub(super) struct Trace(Arc<Mutex<Vec<Event>>>);

impl Trace {
    /// The events so far, leaving none behind.
    pub(super) fn take(&self) -> Vec<Event> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn push(&self, event: Event) {
        let mut events = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        events.push(event);
    }
}

/// Where the functions of an engine leave their traces; nowhere while many customers run.
#[derive(Debug, Clone, Default)]
pub(super) struct Tracer(pub(super) Option<Trace>);

impl Tracer {
    /// Notes a value, if anybody listens.
    pub(super) fn note(
        &self,
        context: &NativeCallContext<'_>,
        what: impl FnOnce() -> (String, String),
    ) {
        if let Some(trace) = &self.0 {
            let (what, value) = what();
            let position = context.call_position();
            trace.push(Event {
                position,
                fact: None,
                what,
                value,
            });
        }
    }

    /// Notes that a fact was read, if anybody listens.
    pub(super) fn read(
        &self,
        context: &NativeCallContext<'_>,
        fact: &str,
        value: impl FnOnce() -> String,
    ) {
        if let Some(trace) = &self.0 {
            trace.push(Event {
                position: context.call_position(),
                fact: Some(fact.to_owned()),
                what: fact.to_owned(),
                value: value(),
            });
        }
    }
}
