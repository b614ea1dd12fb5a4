//! Arithmetic, texts, lists and dates: the few that a rule about one customer needs.

use chrono::NaiveDate;
use rhai::{Array, Dynamic, Engine, EvalAltResult, ImmutableString};

use super::super::values::{Day, number_text, shown, wrong};

type Outcome<T> = Result<T, Box<EvalAltResult>>;

/// What a date has.
pub(in super::super) const DATE_PROPERTIES: [&str; 3] = ["year", "month", "day"];

/// Registers them.
pub(super) fn register(engine: &mut Engine) {
    numbers(engine);
    texts(engine);
    lists(engine);
    dates(engine);
}

fn numbers(engine: &mut Engine) {
    engine.register_fn("abs", f64::abs);
    engine.register_fn("abs", i64::saturating_abs);
    engine.register_fn("min", |a: i64, b: i64| a.min(b));
    engine.register_fn("max", |a: i64, b: i64| a.max(b));
    engine.register_fn("min", |a: f64, b: f64| a.min(b));
    engine.register_fn("max", |a: f64, b: f64| a.max(b));
    engine.register_fn("min", |a: f64, b: i64| a.min(b as f64));
    engine.register_fn("max", |a: f64, b: i64| a.max(b as f64));
    engine.register_fn("min", |a: i64, b: f64| b.min(a as f64));
    engine.register_fn("max", |a: i64, b: f64| b.max(a as f64));
    engine.register_fn("round", f64::round);
    engine.register_fn("round", |x: i64| x);
    engine.register_fn("floor", f64::floor);
    engine.register_fn("floor", |x: i64| x);
    engine.register_fn("ceil", f64::ceil);
    engine.register_fn("ceil", |x: i64| x);
    engine.register_fn("sqrt", |x: f64| root(x));
    engine.register_fn("sqrt", |x: i64| root(x as f64));
    engine.register_fn("ln", |x: f64| logarithm(x));
    engine.register_fn("ln", |x: i64| logarithm(x as f64));
}

fn root(x: f64) -> Outcome<f64> {
    if x < 0.0 {
        Err(wrong("a negative number has no square root"))
    } else {
        Ok(x.sqrt())
    }
}

fn logarithm(x: f64) -> Outcome<f64> {
    if x > 0.0 {
        Ok(libm::log(x))
    } else {
        Err(wrong("only a number above zero has a logarithm"))
    }
}

fn texts(engine: &mut Engine) {
    engine.register_fn("len", |text: &str| text.chars().count() as i64);
    engine.register_fn("contains", |text: &str, part: &str| text.contains(part));
    engine.register_fn("starts_with", |text: &str, part: &str| {
        text.starts_with(part)
    });
    engine.register_fn("ends_with", |text: &str, part: &str| text.ends_with(part));
    engine.register_fn("to_upper", |text: &str| text.to_uppercase());
    engine.register_fn("to_lower", |text: &str| text.to_lowercase());
    engine.register_fn("trim", |text: &str| text.trim().to_owned());
    // What `${…}` in a text with backquotes turns into.
    engine.register_fn("to_string", |x: f64| number_text(x));
    engine.register_fn("to_string", |x: i64| x.to_string());
    engine.register_fn("to_string", |x: bool| x.to_string());
    engine.register_fn("to_string", |x: ImmutableString| x);
    engine.register_fn("to_string", |x: Day| x.0.to_string());
}

fn lists(engine: &mut Engine) {
    engine.register_iterator::<Array>();
    engine.register_iterator::<std::ops::Range<i64>>();
    engine.register_iterator::<std::ops::RangeInclusive<i64>>();
    engine.register_fn("len", |list: &mut Array| list.len() as i64);
    engine.register_fn("push", |list: &mut Array, item: Dynamic| list.push(item));
    engine.register_fn("contains", |list: &mut Array, item: Dynamic| {
        let item = shown(&item);
        list.iter().any(|known| shown(known) == item)
    });
    engine.register_fn("contains", |range: &mut std::ops::Range<i64>, x: i64| {
        range.contains(&x)
    });
    engine.register_fn(
        "contains",
        |range: &mut std::ops::RangeInclusive<i64>, x: i64| range.contains(&x),
    );
}

fn dates(engine: &mut Engine) {
    engine.register_type_with_name::<Day>("date");
    engine.register_get("year", |day: &mut Day| day.parts().0);
    engine.register_get("month", |day: &mut Day| day.parts().1);
    engine.register_get("day", |day: &mut Day| day.parts().2);
    engine.register_fn("days_since", |later: &mut Day, earlier: Day| {
        later.days_since(earlier)
    });
    engine.register_fn("date", |year: i64, month: i64, day: i64| -> Outcome<Day> {
        let part = |x: i64| u32::try_from(x).ok();
        i32::try_from(year)
            .ok()
            .zip(part(month).zip(part(day)))
            .and_then(|(year, (month, day))| NaiveDate::from_ymd_opt(year, month, day))
            .map(Day)
            .ok_or_else(|| wrong(format!("{year}-{month}-{day} is not a day of the calendar")))
    });
}
