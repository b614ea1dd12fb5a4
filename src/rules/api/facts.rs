//! `c`, the customer, and `all`, the population: facts and figures.

use rhai::{Array, Dynamic, Engine, EvalAltResult, ImmutableString, NativeCallContext};

use super::super::customer::{Customer, ESTABLISHED, FactColumn, FactValue};
use super::super::outcome::{Points, stepped};
use super::super::population::{Figures, Population};
use super::super::trace::Tracer;
use super::super::values::{Day, FaultKind, fault, number_text, shown, wrong};

type Outcome<T> = Result<T, Box<EvalAltResult>>;

/// What `all` has beside the figures of every fact that is a number or a flag.
pub(in super::super) const POPULATION_PROPERTIES: [&str; 5] =
    ["count", "period", "starts", "ends", "value_band"];

/// Registers the types and what can be asked of them, for facts of these columns.
pub(super) fn register(engine: &mut Engine, schema: &[FactColumn], tracer: &Tracer) {
    engine
        .register_type_with_name::<Customer>("customer")
        .register_type_with_name::<Population>("population")
        .register_type_with_name::<Figures>("figures");
    customer(engine, schema, tracer);
    population(engine, schema, tracer);
    figures(engine, tracer);
    points(engine, tracer);
}

fn customer(engine: &mut Engine, schema: &[FactColumn], tracer: &Tracer) {
    // One getter per fact, bound to its column: no name is looked up while rules run.
    for (column, fact) in schema.iter().enumerate() {
        let (name, tracer) = (fact.name.clone(), tracer.clone());
        engine.register_get(
            &fact.name,
            move |context: NativeCallContext, c: &mut Customer| -> Outcome<Dynamic> {
                let value = c.at(column);
                tracer.read(&context, &name, || text_of(value.as_ref().ok()));
                value
            },
        );
    }
    for name in ESTABLISHED {
        let tracer = tracer.clone();
        engine.register_get(
            name,
            move |context: NativeCallContext, c: &mut Customer| -> Outcome<Dynamic> {
                let value = c.established(name);
                tracer.read(&context, name, || text_of(value.as_ref()));
                value.ok_or_else(|| fault(FaultKind::MissingFact, name))
            },
        );
    }
    let read = tracer.clone();
    engine.register_fn(
        "has",
        move |context: NativeCallContext, c: &mut Customer, name: &str| -> Outcome<bool> {
            let value = c.lookup(name)?;
            read.read(&context, name, || text_of(value.as_ref()));
            Ok(value.is_some())
        },
    );
    let read = tracer.clone();
    engine.register_fn(
        "get",
        move |context: NativeCallContext,
              c: &mut Customer,
              name: &str,
              default: Dynamic|
              -> Outcome<Dynamic> {
            let value = c.lookup(name)?;
            read.read(&context, name, || text_of(value.as_ref()));
            Ok(value.unwrap_or(default))
        },
    );
    let read = tracer.clone();
    engine.register_indexer_get(
        move |context: NativeCallContext, c: &mut Customer, name: &str| -> Outcome<Dynamic> {
            let value = c.lookup(name)?;
            read.read(&context, name, || text_of(value.as_ref()));
            value.ok_or_else(|| fault(FaultKind::MissingFact, name))
        },
    );
}

fn text_of(value: Option<&Dynamic>) -> String {
    value.map_or_else(|| "missing".to_owned(), shown)
}

fn population(engine: &mut Engine, schema: &[FactColumn], tracer: &Tracer) {
    for (column, fact) in schema.iter().enumerate() {
        if fact.kind.is_figure() && !POPULATION_PROPERTIES.contains(&fact.name.as_str()) {
            engine.register_get(&fact.name, move |all: &mut Population| all.figures(column));
        }
    }
    engine.register_get("count", |all: &mut Population| all.count());
    engine.register_get("period", |all: &mut Population| {
        ImmutableString::from(all.period().to_string())
    });
    engine.register_get("starts", |all: &mut Population| Day(all.days().0));
    engine.register_get("ends", |all: &mut Population| Day(all.days().1));
    let note = tracer.clone();
    engine.register_get(
        "value_band",
        move |context: NativeCallContext, all: &mut Population| {
            let band = all.value_band();
            note.note(&context, || ("value_band".to_owned(), number_text(band)));
            band
        },
    );
    engine.register_indexer_get(|all: &mut Population, name: &str| all.figures_named(name));
    let read = tracer.clone();
    engine.register_fn(
        "like",
        move |context: NativeCallContext, all: &mut Population, c: Customer, a: &str| {
            alike(&context, &read, all, &c, &[a])
        },
    );
    let read = tracer.clone();
    engine.register_fn(
        "like",
        move |context: NativeCallContext, all: &mut Population, c: Customer, a: &str, b: &str| {
            alike(&context, &read, all, &c, &[a, b])
        },
    );
    let read = tracer.clone();
    engine.register_fn(
        "like",
        move |context: NativeCallContext,
              all: &mut Population,
              customer: Customer,
              a: &str,
              b: &str,
              c: &str| { alike(&context, &read, all, &customer, &[a, b, c]) },
    );
}

fn alike(
    context: &NativeCallContext<'_>,
    tracer: &Tracer,
    all: &Population,
    c: &Customer,
    names: &[&str],
) -> Outcome<Population> {
    let peers = all.like(c, names)?;
    for name in names {
        tracer.read(context, name, || {
            text_of(c.lookup(name).ok().flatten().as_ref())
        });
    }
    tracer.note(context, || {
        ("customers alike".to_owned(), peers.count().to_string())
    });
    Ok(peers)
}

fn figures(engine: &mut Engine, tracer: &Tracer) {
    engine.register_fn("positive", |figures: &mut Figures| figures.above(0.0));
    engine.register_fn("negative", |figures: &mut Figures| figures.below(0.0));
    engine.register_fn("above", |figures: &mut Figures, x: f64| figures.above(x));
    engine.register_fn("above", |figures: &mut Figures, x: i64| {
        figures.above(x as f64)
    });
    engine.register_fn("below", |figures: &mut Figures, x: f64| figures.below(x));
    engine.register_fn("below", |figures: &mut Figures, x: i64| {
        figures.below(x as f64)
    });

    let note = tracer.clone();
    engine.register_fn(
        "count",
        move |context: NativeCallContext, figures: &mut Figures| {
            let count = figures.count();
            note.note(&context, || {
                (
                    format!("count of {}", figures.describe()),
                    count.to_string(),
                )
            });
            count
        },
    );
    let note = tracer.clone();
    engine.register_fn(
        "sum",
        move |context: NativeCallContext, figures: &mut Figures| {
            let sum = figures.sum();
            note.note(&context, || {
                (format!("sum of {}", figures.describe()), number_text(sum))
            });
            sum
        },
    );
    type Figure = fn(&Figures) -> Option<f64>;
    let of_some: [(&'static str, Figure); 4] = [
        ("mean", Figures::mean),
        ("median", |figures| figures.quantile(0.5)),
        ("min", Figures::min),
        ("max", Figures::max),
    ];
    for (name, figure) in of_some {
        let note = tracer.clone();
        engine.register_fn(
            name,
            move |context: NativeCallContext, figures: &mut Figures| -> Outcome<f64> {
                let value = figure(figures).ok_or_else(|| of_nothing(name, figures))?;
                note.note(&context, || {
                    (
                        format!("{name} of {}", figures.describe()),
                        number_text(value),
                    )
                });
                Ok(value)
            },
        );
    }
    let note = tracer.clone();
    engine.register_fn(
        "quantile",
        move |context: NativeCallContext, figures: &mut Figures, p: f64| -> Outcome<f64> {
            if !(0.0..=1.0).contains(&p) {
                return Err(wrong(format!(
                    "a quantile is asked for by a share from 0 to 1, not {}",
                    number_text(p)
                )));
            }
            let value = figures
                .quantile(p)
                .ok_or_else(|| of_nothing("quantile", figures))?;
            note.note(&context, || {
                let what = format!("quantile {} of {}", number_text(p), figures.describe());
                (what, number_text(value))
            });
            Ok(value)
        },
    );
}

fn of_nothing(figure: &str, figures: &Figures) -> Box<EvalAltResult> {
    wrong(format!(
        "there is no {figure} of {}: nobody in the population has such a value; ask `count()` first",
        figures.describe()
    ))
}

fn points(engine: &mut Engine, tracer: &Tracer) {
    for (name, rising) in [("points", true), ("points_low", false)] {
        let read = tracer.clone();
        engine.register_fn(
            name,
            move |context: NativeCallContext,
                  c: &mut Customer,
                  fact: &str,
                  steps: Array|
                  -> Outcome<Points> {
                let steps = four_steps(&steps)?;
                let value = c.number(fact)?;
                let points = value.map(|x| stepped(x, &steps, rising));
                read.read(&context, fact, || points_text(value, points));
                Ok(Points(points))
            },
        );
    }
    let read = tracer.clone();
    engine.register_fn(
        "fifths",
        move |context: NativeCallContext,
              c: &mut Customer,
              all: Population,
              fact: &str|
              -> Outcome<Points> {
            let column = c.facts.find(fact)?;
            if !c.facts.schema[column].kind.is_figure() {
                return Err(wrong(format!("the fact `{fact}` is not a number")));
            }
            let value = c
                .facts
                .value(column, c.row as usize)
                .and_then(FactValue::number);
            let points = value.map(|x| all.sorted(column).fifth(x) as f64);
            read.read(&context, fact, || points_text(value, points));
            Ok(Points(points))
        },
    );
}

fn points_text(value: Option<f64>, points: Option<f64>) -> String {
    match (value, points) {
        (Some(value), Some(points)) => format!("{}, {points} of 5 points", number_text(value)),
        _ => "missing".to_owned(),
    }
}

fn four_steps(steps: &Array) -> Outcome<[f64; 4]> {
    let numbers: Vec<f64> = steps
        .iter()
        .filter_map(|step| {
            step.as_float()
                .ok()
                .or(step.as_int().ok().map(|x| x as f64))
        })
        .collect();
    match <[f64; 4]>::try_from(numbers) {
        Ok(four) if steps.len() == 4 && four.is_sorted() => Ok(four),
        _ => Err(wrong(
            "points take four rising steps, such as [30, 90, 180, 365]",
        )),
    }
}
