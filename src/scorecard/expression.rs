//! The value of a KPI: a measure, or arithmetic over measures.
//!
//! The text is parsed by rhai, so that it reads as in the rules, and then worked out by ourselves
//! over f64: rhai would divide whole numbers without remainder, and would not tell a missing
//! operand from zero.

use rhai::{Engine, Expr, OptimizationLevel, Stmt};

use crate::message::{Argument, Message};

/// Arithmetic over measures, checked to hold nothing else.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    text: String,
    root: Term,
    names: Vec<Name>,
}

/// A measure named in an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The measure.
    pub name: String,
    /// Byte offset in the text where it is named first.
    pub offset: usize,
}

/// Why a text is no expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ExpressionError {
    /// What is wrong.
    pub message: String,
    /// Byte offset in the text.
    pub offset: usize,
}

/// A value with its parts, where it is a ratio.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Operand {
    /// The value.
    pub value: f64,
    /// What was divided.
    pub numerator: Option<f64>,
    /// What it was divided by.
    pub denominator: Option<f64>,
}

impl From<f64> for Operand {
    fn from(value: f64) -> Self {
        Self {
            value,
            numerator: None,
            denominator: None,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Term {
    Number(f64),
    Measure(String),
    Negative(Box<Term>),
    Binary(Operator, Box<Term>, Box<Term>),
    Extreme(Extreme, Vec<Term>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

impl Operator {
    fn of(sign: &str) -> Option<Self> {
        match sign {
            "+" => Some(Self::Add),
            "-" => Some(Self::Subtract),
            "*" => Some(Self::Multiply),
            "/" => Some(Self::Divide),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extreme {
    Least,
    Greatest,
}

impl Expression {
    /// Parses a text such as `revenue / active_customers`.
    ///
    /// # Errors
    /// When it is not arithmetic over names and numbers, with the offset of what is not.
    pub fn parse(text: &str) -> Result<Self, ExpressionError> {
        let mut engine = Engine::new_raw();
        engine.set_optimization_level(OptimizationLevel::None);
        engine.set_max_expr_depths(64, 64);
        let ast = engine.compile_expression(text).map_err(|error| {
            let offset = offset(text, error.position());
            ExpressionError {
                message: format!("not an expression: {}", error.err_type()),
                offset,
            }
        })?;
        let mut names = Vec::new();
        let root = match ast.statements() {
            [Stmt::Expr(expr)] => term(text, expr, &mut names)?,
            _ => return Err(not_arithmetic("this", 0)),
        };
        Ok(Self {
            text: text.to_owned(),
            root,
            names,
        })
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The measures it names, each once, in order.
    pub fn names(&self) -> &[Name] {
        &self.names
    }

    /// Works it out. A lone measure keeps its parts, and a division is its own numerator and
    /// denominator.
    ///
    /// # Errors
    /// Why there is no value: what `measure` says for one that is missing, or
    /// `missing.denominator` where something is divided by zero.
    pub fn evaluate(
        &self,
        measure: &dyn Fn(&str) -> Result<Operand, Message>,
    ) -> Result<Operand, Message> {
        let result = match &self.root {
            Term::Measure(name) => measure(name)?,
            Term::Binary(Operator::Divide, above, below) => {
                let numerator = above.value(measure)?;
                let denominator = below.value(measure)?;
                Operand {
                    value: divide(numerator, denominator, below)?,
                    numerator: Some(numerator),
                    denominator: Some(denominator),
                }
            }
            other => other.value(measure)?.into(),
        };
        if result.value.is_finite() {
            Ok(result)
        } else {
            Err(Message::key("missing.overflow"))
        }
    }
}

impl Term {
    fn value(&self, measure: &dyn Fn(&str) -> Result<Operand, Message>) -> Result<f64, Message> {
        match self {
            Self::Number(number) => Ok(*number),
            Self::Measure(name) => Ok(measure(name)?.value),
            Self::Negative(term) => Ok(-term.value(measure)?),
            Self::Binary(operator, left, right) => {
                let (a, b) = (left.value(measure)?, right.value(measure)?);
                match operator {
                    Operator::Add => Ok(a + b),
                    Operator::Subtract => Ok(a - b),
                    Operator::Multiply => Ok(a * b),
                    Operator::Divide => divide(a, b, right),
                }
            }
            Self::Extreme(which, terms) => {
                let mut best: Option<f64> = None;
                for term in terms {
                    let value = term.value(measure)?;
                    best = Some(match (best, which) {
                        (None, _) => value,
                        (Some(so_far), Extreme::Least) => so_far.min(value),
                        (Some(so_far), Extreme::Greatest) => so_far.max(value),
                    });
                }
                best.ok_or_else(|| Message::key("missing.overflow"))
            }
        }
    }

    /// What a reader would call it, for the message that it is zero.
    fn describe(&self) -> String {
        match self {
            Self::Measure(name) => name.clone(),
            Self::Number(number) => number.to_string(),
            Self::Negative(term) => format!("−{}", term.describe()),
            Self::Binary(operator, left, right) => {
                let sign = match operator {
                    Operator::Add => "+",
                    Operator::Subtract => "−",
                    Operator::Multiply => "×",
                    Operator::Divide => "÷",
                };
                format!("{} {sign} {}", left.describe(), right.describe())
            }
            Self::Extreme(which, terms) => {
                let name = match which {
                    Extreme::Least => "min",
                    Extreme::Greatest => "max",
                };
                let terms: Vec<_> = terms.iter().map(Self::describe).collect();
                format!("{name}({})", terms.join(", "))
            }
        }
    }
}

/// The message that there is nothing to divide by.
pub(super) fn no_denominator(what: &str) -> Message {
    Message::key("missing.denominator").with("measure", Argument::Text(what.to_owned()))
}

fn divide(a: f64, b: f64, divisor: &Term) -> Result<f64, Message> {
    if b == 0.0 {
        Err(no_denominator(&divisor.describe()))
    } else {
        Ok(a / b)
    }
}

fn term(text: &str, expr: &Expr, names: &mut Vec<Name>) -> Result<Term, ExpressionError> {
    let at = offset(text, expr.position());
    match expr {
        // Counts and money in measures stay far below 2^53, beyond which this would round.
        Expr::IntegerConstant(number, _) => Ok(Term::Number(*number as f64)),
        Expr::FloatConstant(number, _) => Ok(Term::Number(**number)),
        Expr::Variable(variable, ..) if variable.2.is_empty() => {
            let name = variable.1.to_string();
            if !names.iter().any(|known| known.name == name) {
                names.push(Name {
                    name: name.clone(),
                    offset: at,
                });
            }
            Ok(Term::Measure(name))
        }
        Expr::FnCall(call, _) if call.namespace.is_empty() => {
            let refused = || not_arithmetic(&format!("`{}`", call.name), at);
            let mut arguments = Vec::new();
            for argument in &call.args {
                arguments.push(term(text, argument, names)?);
            }
            // An operator is a call by its sign, which no name can be.
            match (call.name.as_str(), arguments.len()) {
                ("+", 1) => arguments.pop().ok_or_else(refused),
                ("-", 1) => arguments
                    .pop()
                    .map(|term| Term::Negative(Box::new(term)))
                    .ok_or_else(refused),
                (sign, 2) if let Some(operator) = Operator::of(sign) => {
                    let right = arguments.pop().ok_or_else(refused)?;
                    let left = arguments.pop().ok_or_else(refused)?;
                    Ok(Term::Binary(operator, Box::new(left), Box::new(right)))
                }
                ("min", 1..) => Ok(Term::Extreme(Extreme::Least, arguments)),
                ("max", 1..) => Ok(Term::Extreme(Extreme::Greatest, arguments)),
                _ => Err(refused()),
            }
        }
        other => Err(not_arithmetic(kind(other), at)),
    }
}

fn kind(expr: &Expr) -> &'static str {
    match expr {
        Expr::StringConstant(..) | Expr::InterpolatedString(..) | Expr::CharConstant(..) => {
            "a text"
        }
        Expr::BoolConstant(..) | Expr::And(..) | Expr::Or(..) => "a condition",
        Expr::Dot(..) | Expr::Property(..) | Expr::MethodCall(..) => "a property",
        _ => "this",
    }
}

fn not_arithmetic(what: &str, offset: usize) -> ExpressionError {
    ExpressionError {
        message: format!(
            "{what} cannot stand here: a value is names of measures, numbers, + - * /, parentheses, min(…) and max(…)"
        ),
        offset,
    }
}

/// The byte offset of a rhai position; the end of the text where rhai gives none.
fn offset(text: &str, position: rhai::Position) -> usize {
    let (Some(line), Some(column)) = (position.line(), position.position()) else {
        return text.len();
    };
    let start: usize = text
        .split_inclusive('\n')
        .take(line - 1)
        .map(str::len)
        .sum();
    text[start..]
        .char_indices()
        .nth(column.saturating_sub(1))
        .map_or(text.len(), |(at, _)| start + at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value(text: &str) -> Result<Operand, Message> {
        Expression::parse(text)
            .unwrap()
            .evaluate(&|name| match name {
                "revenue" => Ok(900.0.into()),
                "customers" => Ok(4.0.into()),
                "none" => Ok(0.0.into()),
                "rate" => Ok(Operand {
                    value: 0.75,
                    numerator: Some(3.0),
                    denominator: Some(4.0),
                }),
                other => Err(Message::key("missing.measure-empty")
                    .with("measure", Argument::Text(other.to_owned()))),
            })
    }

    #[test]
    fn arithmetic_is_over_real_numbers() {
        assert_eq!(value("1 / 2").unwrap().value, 0.5);
        assert_eq!(value("2 + 3 * 4").unwrap().value, 14.0);
        assert_eq!(value("-(2 - 5) * 2.5").unwrap().value, 7.5);
        assert_eq!(
            value("max(1, revenue, 3) - min(2, 1)").unwrap().value,
            899.0
        );
    }

    #[test]
    fn a_division_keeps_its_parts_and_so_does_a_lone_ratio() {
        let mean = value("revenue / customers").unwrap();
        assert_eq!(mean.value, 225.0);
        assert_eq!((mean.numerator, mean.denominator), (Some(900.0), Some(4.0)));
        let rate = value("rate").unwrap();
        assert_eq!((rate.numerator, rate.denominator), (Some(3.0), Some(4.0)));
        assert_eq!(value("1 - rate").unwrap().numerator, None);
    }

    #[test]
    fn nothing_to_divide_by_is_missing_not_infinite() {
        assert_eq!(value("revenue / none"), Err(no_denominator("none")));
        assert_eq!(
            value("1 + revenue / (none * 2)"),
            Err(no_denominator("none × 2"))
        );
    }

    #[test]
    fn a_missing_operand_gives_its_own_reason() {
        let Err(Message::Keyed { key, args }) = value("revenue - wallet") else {
            panic!("there is no wallet");
        };
        assert_eq!(key, "missing.measure-empty");
        assert_eq!(args["measure"], Argument::Text("wallet".to_owned()));
    }

    #[test]
    fn what_is_not_arithmetic_is_refused_at_its_place() {
        let at = |text: &str| Expression::parse(text).unwrap_err().offset;
        assert_eq!(at("revenue / \"x\""), 10);
        assert_eq!(at("revenue + sqrt(4)"), 10);
        assert_eq!(at("1 + c.revenue"), 5);
        assert_eq!(at("revenue /"), 9);
        for text in [
            "",
            "let x = 1",
            "a = 1",
            "a && b",
            "a % 2",
            "[a]",
            "if a { 1 }",
            "a; b",
        ] {
            assert!(Expression::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[a-c0-9+*/(). ,\u{e01}-]{0,24}") {
            match Expression::parse(&text) {
                Ok(expression) => for name in expression.names() {
                    prop_assert!(text[name.offset..].starts_with(&name.name));
                },
                Err(error) => prop_assert!(error.offset <= text.len()),
            }
        }
    }
}
