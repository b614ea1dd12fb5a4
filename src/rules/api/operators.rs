//! Operators that mean what they say.
//!
//! rhai's own answer `false` when a text or nothing is compared with a number, cut `7 / 2` to 3 and
//! let `1 / 0` be infinite. So its fast operators are off and these stand in: a comparison of
//! unlike things is an error, a quotient has decimals, and a division by zero is an error.

use std::cmp::Ordering;

use rhai::{Dynamic, Engine, EvalAltResult, ImmutableString, NativeCallContext, Variant};

use super::super::trace::Tracer;
use super::super::values::{Day, kind_of, shown, wrong};

type Outcome<T> = Result<T, Box<EvalAltResult>>;

/// The comparisons; an order that does not exist is unequal and neither less nor greater.
type Test = fn(Option<Ordering>) -> bool;
const COMPARISONS: [(&str, Test); 6] = [
    ("==", |o| o == Some(Ordering::Equal)),
    ("!=", |o| o != Some(Ordering::Equal)),
    ("<", |o| o == Some(Ordering::Less)),
    ("<=", |o| {
        matches!(o, Some(Ordering::Less | Ordering::Equal))
    }),
    (">", |o| o == Some(Ordering::Greater)),
    (">=", |o| {
        matches!(o, Some(Ordering::Greater | Ordering::Equal))
    }),
];

/// A number of either kind.
trait Number: Variant + Clone + Copy {
    fn wide(self) -> f64;
}

impl Number for f64 {
    fn wide(self) -> f64 {
        self
    }
}

impl Number for i64 {
    fn wide(self) -> f64 {
        self as f64
    }
}

/// Registers the operators.
pub(super) fn register(engine: &mut Engine, tracer: &Tracer) {
    engine.set_fast_operators(false);
    compare::<i64, i64>(engine, tracer, |a, b| Some(a.cmp(b)));
    compare::<f64, f64>(engine, tracer, f64::partial_cmp);
    compare::<i64, f64>(engine, tracer, |a, b| (*a as f64).partial_cmp(b));
    compare::<f64, i64>(engine, tracer, |a, b| a.partial_cmp(&(*b as f64)));
    compare::<bool, bool>(engine, tracer, |a, b| Some(a.cmp(b)));
    compare::<Day, Day>(engine, tracer, |a, b| Some(a.cmp(b)));
    compare::<ImmutableString, ImmutableString>(engine, tracer, |a, b| {
        Some(a.as_str().cmp(b.as_str()))
    });
    for (operator, _) in COMPARISONS {
        engine.register_fn(operator, move |a: Dynamic, b: Dynamic| -> Outcome<bool> {
            Err(wrong(format!(
                "`{operator}` compares {} with {}",
                kind_of(&a),
                kind_of(&b)
            )))
        });
    }
    mixed_arithmetic::<f64, f64>(engine);
    mixed_arithmetic::<f64, i64>(engine);
    mixed_arithmetic::<i64, f64>(engine);
    whole_arithmetic(engine);
    for operator in ["+", "-", "*", "/", "%", "**"] {
        engine.register_fn(
            operator,
            move |a: Dynamic, b: Dynamic| -> Outcome<Dynamic> {
                Err(wrong(format!(
                    "`{operator}` does not go with {} and {}",
                    kind_of(&a),
                    kind_of(&b)
                )))
            },
        );
    }
    // rhai's own `x /= 2` would cut the quotient of whole numbers.
    for (assigning, operator) in [
        ("+=", "+"),
        ("-=", "-"),
        ("*=", "*"),
        ("/=", "/"),
        ("%=", "%"),
        ("**=", "**"),
    ] {
        engine.register_fn(
            assigning,
            move |context: NativeCallContext, x: &mut Dynamic, y: Dynamic| -> Outcome<()> {
                *x = context.call_native_fn(operator, (x.clone(), y))?;
                Ok(())
            },
        );
    }
    engine.register_fn("+", |a: ImmutableString, b: ImmutableString| a + b);
    engine.register_fn("-", |a: Day, b: Day| a.days_since(b));
    engine.register_fn("-", |x: f64| -x);
    engine.register_fn("+", |x: f64| x);
    engine.register_fn("+", |x: i64| x);
    engine.register_fn("!", |x: bool| !x);
}

fn compare<A: Variant + Clone, B: Variant + Clone>(
    engine: &mut Engine,
    tracer: &Tracer,
    order: fn(&A, &B) -> Option<Ordering>,
) {
    for (operator, test) in COMPARISONS {
        let tracer = tracer.clone();
        engine.register_fn(operator, move |context: NativeCallContext, a: A, b: B| {
            let holds = test(order(&a, &b));
            tracer.note(&context, || {
                let (a, b) = (shown(&Dynamic::from(a)), shown(&Dynamic::from(b)));
                (format!("{a} {operator} {b}"), holds.to_string())
            });
            holds
        });
    }
}

fn mixed_arithmetic<A: Number, B: Number>(engine: &mut Engine) {
    engine.register_fn("+", |a: A, b: B| a.wide() + b.wide());
    engine.register_fn("-", |a: A, b: B| a.wide() - b.wide());
    engine.register_fn("*", |a: A, b: B| a.wide() * b.wide());
    engine.register_fn("/", |a: A, b: B| quotient(a.wide(), b.wide()));
    engine.register_fn("%", |a: A, b: B| remainder(a.wide(), b.wide()));
    engine.register_fn("**", |a: A, b: B| libm::pow(a.wide(), b.wide()));
}

fn whole_arithmetic(engine: &mut Engine) {
    fn checked(value: Option<i64>) -> Outcome<i64> {
        value.ok_or_else(|| wrong("a whole number grew too large"))
    }
    engine.register_fn("+", |a: i64, b: i64| checked(a.checked_add(b)));
    engine.register_fn("-", |a: i64, b: i64| checked(a.checked_sub(b)));
    engine.register_fn("*", |a: i64, b: i64| checked(a.checked_mul(b)));
    engine.register_fn("/", |a: i64, b: i64| quotient(a as f64, b as f64));
    engine.register_fn("%", |a: i64, b: i64| {
        a.checked_rem(b).ok_or_else(|| wrong("a division by zero"))
    });
    engine.register_fn("**", |a: i64, b: i64| libm::pow(a as f64, b as f64));
    engine.register_fn("-", |x: i64| checked(x.checked_neg()));
}

fn quotient(a: f64, b: f64) -> Outcome<f64> {
    if b == 0.0 {
        Err(wrong("a division by zero"))
    } else {
        Ok(a / b)
    }
}

fn remainder(a: f64, b: f64) -> Outcome<f64> {
    if b == 0.0 {
        Err(wrong("a division by zero"))
    } else {
        Ok(a % b)
    }
}
