//! The functions and operators on numbers, as `api` registers them for rhai; none where rhai would
//! refuse.

use std::cmp::Ordering;

use super::tree::{OfOne, OfTwo, Sum, Test};
use super::value::{Number, Value};

impl Test {
    pub(super) fn named(operator: &str) -> Option<Self> {
        Some(match operator {
            "==" => Self::Equal,
            "!=" => Self::Unequal,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            _ => return None,
        })
    }

    fn holds(self, order: Option<Ordering>) -> bool {
        match self {
            Self::Equal => order == Some(Ordering::Equal),
            Self::Unequal => order != Some(Ordering::Equal),
            Self::Less => order == Some(Ordering::Less),
            Self::LessOrEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
            Self::Greater => order == Some(Ordering::Greater),
            Self::GreaterOrEqual => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        }
    }

    pub(super) fn of(self, a: &Value<'_>, b: &Value<'_>) -> Option<bool> {
        let order = match (a, b) {
            (Value::Number(a), Value::Number(b)) => return Some(self.of_numbers(*a, *b)),
            (Value::Flag(a), Value::Flag(b)) => Some(a.cmp(b)),
            (Value::Day(a), Value::Day(b)) => Some(a.cmp(b)),
            _ => Some(a.text()?.cmp(b.text()?)),
        };
        Some(self.holds(order))
    }

    pub(super) fn of_numbers(self, a: Number, b: Number) -> bool {
        self.holds(match (a, b) {
            (Number::Whole(a), Number::Whole(b)) => Some(a.cmp(&b)),
            (a, b) => a.wide().partial_cmp(&b.wide()),
        })
    }
}

impl Sum {
    pub(super) fn named(operator: &str) -> Option<Self> {
        Some(match operator {
            "+" => Self::Add,
            "-" => Self::Subtract,
            "*" => Self::Multiply,
            "/" => Self::Divide,
            "%" => Self::Remainder,
            "**" => Self::Power,
            _ => return None,
        })
    }

    pub(super) fn of<'a>(self, a: &Value<'a>, b: &Value<'a>) -> Option<Value<'a>> {
        if let (Self::Subtract, Value::Day(a), Value::Day(b)) = (self, a, b) {
            return Some(Value::whole(a.days_since(*b)));
        }
        let (a, b) = (a.number()?, b.number()?);
        if let (Number::Whole(a), Number::Whole(b)) = (a, b) {
            match self {
                Self::Add => return a.checked_add(b).map(Value::whole),
                Self::Subtract => return a.checked_sub(b).map(Value::whole),
                Self::Multiply => return a.checked_mul(b).map(Value::whole),
                Self::Remainder => return a.checked_rem(b).map(Value::whole),
                Self::Divide | Self::Power => {}
            }
        }
        let (a, b) = (a.wide(), b.wide());
        let divides = matches!(self, Self::Divide | Self::Remainder);
        if divides && b == 0.0 {
            return None;
        }
        Some(Value::float(match self {
            Self::Add => a + b,
            Self::Subtract => a - b,
            Self::Multiply => a * b,
            Self::Divide => a / b,
            Self::Remainder => a % b,
            Self::Power => libm::pow(a, b),
        }))
    }
}

/// A function of one number by name.
pub(super) fn of_one(name: &str) -> Option<OfOne> {
    Some(match name {
        "abs" => |x| {
            Some(match x {
                Number::Whole(x) => Number::Whole(x.saturating_abs()),
                Number::Float(x) => Number::Float(x.abs()),
            })
        },
        "round" => |x| Some(rounded(x, f64::round)),
        "floor" => |x| Some(rounded(x, f64::floor)),
        "ceil" => |x| Some(rounded(x, f64::ceil)),
        "sqrt" => |x| (x.wide() >= 0.0).then(|| Number::Float(x.wide().sqrt())),
        "ln" => |x| (x.wide() > 0.0).then(|| Number::Float(libm::log(x.wide()))),
        _ => return None,
    })
}

fn rounded(x: Number, how: fn(f64) -> f64) -> Number {
    match x {
        Number::Whole(x) => Number::Whole(x),
        Number::Float(x) => Number::Float(how(x)),
    }
}

/// A function of two numbers by name.
pub(super) fn of_two(name: &str) -> Option<OfTwo> {
    Some(match name {
        "min" => |a, b| match (a, b) {
            (Number::Whole(a), Number::Whole(b)) => Number::Whole(a.min(b)),
            (Number::Whole(a), Number::Float(b)) => Number::Float(b.min(a as f64)),
            (a, b) => Number::Float(a.wide().min(b.wide())),
        },
        "max" => |a, b| match (a, b) {
            (Number::Whole(a), Number::Whole(b)) => Number::Whole(a.max(b)),
            (Number::Whole(a), Number::Float(b)) => Number::Float(b.max(a as f64)),
            (a, b) => Number::Float(a.wide().max(b.wide())),
        },
        _ => return None,
    })
}
