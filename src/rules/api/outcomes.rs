//! `class`, `strength`, `attractiveness`, `scorecard`, `action`, `because`, and how values are to be
//! printed.

use rhai::{Array, Dynamic, Engine, EvalAltResult, ImmutableString, Map, NativeCallContext};

use super::super::outcome::{
    Action, Class, Criterion, Ground, Points, Scorecard, Shown, Side, Text,
};
use super::super::trace::Tracer;
use super::super::values::{kind_of, number_text, wrong};
use crate::message::Argument;

type Outcome<T> = Result<T, Box<EvalAltResult>>;

/// Registers what rules answer with.
pub(super) fn register(engine: &mut Engine, tracer: &Tracer) {
    engine
        .register_type_with_name::<Class>("class")
        .register_type_with_name::<Action>("action")
        .register_type_with_name::<Ground>("ground")
        .register_type_with_name::<Criterion>("criterion")
        .register_type_with_name::<Scorecard>("scorecard")
        .register_type_with_name::<Points>("points")
        .register_type_with_name::<Shown>("formatted value");
    classes(engine, tracer);
    texts(engine, tracer, "action", Action);
    texts(engine, tracer, "because", Ground);
    scorecards(engine, tracer);
    formats(engine);
}

fn classes(engine: &mut Engine, tracer: &Tracer) {
    fn class(
        context: &NativeCallContext<'_>,
        tracer: &Tracer,
        name: ImmutableString,
        reason: Option<Text>,
    ) -> Outcome<Class> {
        if name.trim().is_empty() {
            return Err(wrong("a class needs a name"));
        }
        tracer.note(context, || ("class".to_owned(), name.to_string()));
        let line = context.call_position().line().unwrap_or(0) as u32;
        Ok(Class { name, reason, line })
    }
    let note = tracer.clone();
    engine.register_fn(
        "class",
        move |context: NativeCallContext, name: ImmutableString| class(&context, &note, name, None),
    );
    let note = tracer.clone();
    engine.register_fn(
        "class",
        move |context: NativeCallContext, name: ImmutableString, reason: ImmutableString| {
            class(&context, &note, name, Some(Text::new(reason, Map::new())?))
        },
    );
    let note = tracer.clone();
    engine.register_fn(
        "class",
        move |context: NativeCallContext,
              name: ImmutableString,
              reason: ImmutableString,
              args: Map| { class(&context, &note, name, Some(Text::new(reason, args)?)) },
    );
}

/// A function that makes a text into an item of a list.
fn texts<T: rhai::Variant + Clone>(
    engine: &mut Engine,
    tracer: &Tracer,
    name: &'static str,
    item: fn(Text) -> T,
) {
    let note = tracer.clone();
    engine.register_fn(
        name,
        move |context: NativeCallContext, key: ImmutableString| -> Outcome<T> {
            note.note(&context, || (name.to_owned(), key.to_string()));
            Ok(item(Text::new(key, Map::new())?))
        },
    );
    let note = tracer.clone();
    engine.register_fn(
        name,
        move |context: NativeCallContext, key: ImmutableString, args: Map| -> Outcome<T> {
            note.note(&context, || (name.to_owned(), key.to_string()));
            Ok(item(Text::new(key, args)?))
        },
    );
}

fn scorecards(engine: &mut Engine, tracer: &Tracer) {
    for (function, side) in [
        ("strength", Side::Strength),
        ("attractiveness", Side::Attractiveness),
    ] {
        let note = tracer.clone();
        engine.register_fn(
            function,
            move |context: NativeCallContext,
                  name: ImmutableString,
                  weight: Dynamic,
                  points: Dynamic|
                  -> Outcome<Criterion> {
                let weight = number(&weight)
                    .filter(|weight| *weight > 0.0)
                    .ok_or_else(|| {
                        wrong(format!("the weight of `{name}` is not a number above zero"))
                    })?;
                let points = points_of(&name, &points)?;
                note.note(&context, || {
                    let points = points.map_or_else(|| "not measured".to_owned(), number_text);
                    (format!("{function} {name}"), points)
                });
                let name = name.to_string();
                Ok(Criterion {
                    side,
                    name,
                    weight,
                    points,
                })
            },
        );
    }
    engine.register_fn("missing", || Points(None));
    engine.register_fn("scorecard", |criteria: Array| -> Outcome<Scorecard> {
        let criteria = criteria
            .into_iter()
            .map(|item| {
                let kind = kind_of(&item);
                item.try_cast::<Criterion>().ok_or_else(|| {
                    wrong(format!(
                        "`scorecard` takes a list of strength(…) and attractiveness(…), not {kind}"
                    ))
                })
            })
            .collect::<Outcome<Vec<_>>>()?;
        Ok(Scorecard { criteria })
    });
}

fn points_of(name: &str, points: &Dynamic) -> Outcome<Option<f64>> {
    let given = match points.read_lock::<Points>() {
        Some(points) => points.0,
        None => match number(points) {
            Some(points) => Some(points),
            None => {
                let kind = kind_of(points);
                return Err(wrong(format!(
                    "the points of `{name}` are {kind}; give 1 to 5, points(…), or missing()"
                )));
            }
        },
    };
    match given {
        Some(points) if !(1.0..=5.0).contains(&points) => Err(wrong(format!(
            "the points of `{name}` are {}; give 1 to 5",
            number_text(points)
        ))),
        given => Ok(given),
    }
}

fn formats(engine: &mut Engine) {
    fn shown(x: &Dynamic, how: &str, argument: fn(f64) -> Argument) -> Outcome<Shown> {
        number(x)
            .map(|x| Shown(argument(x)))
            .ok_or_else(|| wrong(format!("`{how}` takes a number, not {}", kind_of(x))))
    }
    engine.register_fn("money", |x: Dynamic| shown(&x, "money", Argument::Money));
    engine.register_fn("percent", |x: Dynamic| {
        shown(&x, "percent", Argument::Percent)
    });
    engine.register_fn("number", |x: Dynamic| shown(&x, "number", Argument::Number));
    engine.register_fn("count", |x: f64| Shown(Argument::Count(x.round() as i64)));
    engine.register_fn("count", |x: i64| Shown(Argument::Count(x)));
    engine.register_fn("key", |key: &str| Shown(Argument::Key(key.to_owned())));
}

fn number(value: &Dynamic) -> Option<f64> {
    value
        .as_float()
        .ok()
        .or(value.as_int().ok().map(|x| x as f64))
}
