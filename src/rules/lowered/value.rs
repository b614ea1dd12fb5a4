//! What a tree works with.

use rhai::{Dynamic, ImmutableString};

use super::super::outcome::Side;
use super::super::population::{Figures, Population};
use super::super::store::{Cell, Kind};
use super::super::values::Day;

/// A number as rules know them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in super::super) enum Number {
    Whole(i64),
    Float(f64),
}

impl Number {
    pub(super) fn wide(self) -> f64 {
        match self {
            Self::Whole(x) => x as f64,
            Self::Float(x) => x,
        }
    }
}

/// A value.
#[derive(Debug, Clone)]
pub(in super::super) enum Value<'a> {
    Nothing,
    Number(Number),
    Flag(bool),
    Text(&'a str),
    /// A text that outlives the facts: a class that was given.
    Name(ImmutableString),
    Day(Day),
    Population(Population),
    Figures(Figures),
    Points(Option<f64>),
    Criterion(Side, f64, Option<f64>),
    /// Strength and attractiveness.
    Card(Option<f64>, Option<f64>),
    /// A list among those of the machine.
    List(usize),
    /// A value with the way it is to be printed.
    Shown(Kind, Cell),
    /// A class or an action among the answers of the machine.
    Answer(usize),
}

impl<'a> Value<'a> {
    pub(super) const fn whole(x: i64) -> Self {
        Self::Number(Number::Whole(x))
    }

    pub(super) const fn float(x: f64) -> Self {
        Self::Number(Number::Float(x))
    }

    pub(super) fn number(&self) -> Option<Number> {
        match self {
            Self::Number(x) => Some(*x),
            _ => None,
        }
    }

    pub(super) fn flag(&self) -> Option<bool> {
        match self {
            Self::Flag(x) => Some(*x),
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Name(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// The value of a constant that rhai has worked out; none for what trees do not know.
    pub(super) fn of(value: &Dynamic) -> Option<Self> {
        if let Ok(x) = value.as_int() {
            return Some(Self::whole(x));
        }
        if let Ok(x) = value.as_float() {
            return Some(Self::float(x));
        }
        if let Ok(x) = value.as_bool() {
            return Some(Self::Flag(x));
        }
        if let Some(text) = value.read_lock::<ImmutableString>() {
            return Some(Self::Name(text.clone()));
        }
        if let Some(day) = value.read_lock::<Day>() {
            return Some(Self::Day(*day));
        }
        if let Some(figures) = value.read_lock::<Figures>() {
            return Some(Self::Figures(figures.clone()));
        }
        let population = value.read_lock::<Population>()?;
        Some(Self::Population(population.clone()))
    }
}
