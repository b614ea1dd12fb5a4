//! The filters of templates: every way a value is printed, in the language of the report.

use std::sync::Arc;

use chrono::NaiveDate;
use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::faults::{advise, bare};
use super::{Mode, scan};
use crate::report::locale::{Locale, MISSING, MoneyScale};
use crate::report::model::{Change, Unit};

/// How a filter prints a number.
type Print = fn(&Locale, f64, &Kwargs) -> TeraResult<String>;

/// The filters of numbers; a null prints as a dash.
const NUMBERS: [(&str, Print); 10] = [
    ("num", |locale, v, args| {
        Ok(locale.number(v, digits(args, 1)?))
    }),
    ("count", |locale, v, _| Ok(locale.number(v, 0))),
    ("percent", |locale, v, args| {
        Ok(locale.percent(v, digits(args, 1)?))
    }),
    ("money", |locale, v, args| {
        Ok(locale.money_to(v, digits(args, locale.currency().digits)?))
    }),
    ("amount", |locale, v, _| Ok(locale.amount(v))),
    ("scaled", |locale, v, args| {
        Ok(locale.scaled(v, scale(args)?))
    }),
    ("signed", |locale, v, args| {
        Ok(locale.signed(v, digits(args, 0)?))
    }),
    ("points", |locale, v, _| Ok(locale.points(v))),
    ("score", |locale, v, _| Ok(locale.score(v))),
    ("value", |locale, v, args| Ok(locale.value(v, unit(args)?))),
];

/// Registers every filter; returns the names of our own and Tera's, for suggestions.
pub(super) fn register(tera: &mut Tera, locale: &Arc<Locale>, mode: &Mode) -> Vec<String> {
    for (name, print) in NUMBERS {
        let (locale, mode) = (Arc::clone(locale), mode.clone());
        tera.register_filter(
            name,
            move |value: Value, args: Kwargs, _: &State| match number(&value, name, &mode)? {
                Given::Value(v) => print(&locale, v, &args),
                Given::Null => Ok(MISSING.to_owned()),
                Given::Unknown => Ok(String::new()),
            },
        );
    }
    let (in_locale, in_mode) = (Arc::clone(locale), mode.clone());
    tera.register_filter(
        "date",
        move |value: Value, _: Kwargs, _: &State| match text(&value, "date", &in_mode)? {
            Given::Value(text) => match text.parse::<NaiveDate>() {
                Ok(day) => Ok(in_locale.date(day)),
                Err(_) => Err(advise(
                    format!("`date` takes a day such as 2026-09-30, not `{text}`"),
                    "",
                )),
            },
            Given::Null => Ok(MISSING.to_owned()),
            Given::Unknown => Ok(String::new()),
        },
    );
    let (in_locale, in_mode) = (Arc::clone(locale), mode.clone());
    tera.register_filter("change", move |value: Value, _: Kwargs, _: &State| {
        if value.is_none() {
            return Ok(MISSING.to_owned());
        }
        if value.is_undefined() {
            return unknown(
                &in_mode,
                "`change` gets something that is not in the report",
            )
            .map(|()| String::new());
        }
        let change: Option<Change> = serde_json::to_value(&value)
            .ok()
            .and_then(|json| serde_json::from_value(json).ok());
        match change {
            Some(change) => Ok(in_locale.change(&change)),
            None => Err(advise("`change` takes a change of a KPI", "")),
        }
    });
    let in_mode = mode.clone();
    tera.register_filter(
        "text",
        move |value: Value, _: Kwargs, _: &State| match text(&value, "text", &in_mode)? {
            Given::Value(text) if !text.is_empty() => Ok(Value::from(text)),
            Given::Value(_) | Given::Null => Ok(Value::from(MISSING)),
            Given::Unknown => Ok(Value::from("")),
        },
    );
    let in_mode = mode.clone();
    tera.register_filter(
        "exact",
        move |value: Value, _: Kwargs, _: &State| match number(&value, "exact", &in_mode)? {
            Given::Value(v) => Ok(v.to_string()),
            Given::Null | Given::Unknown => Ok(String::new()),
        },
    );
    tera.register_filter(
        "safe",
        |_: Value, _: Kwargs, _: &State| -> TeraResult<Value> {
            Err(advise(
                "`safe` is not available: text from data must never become markup",
                "write the markup in the template, around the value",
            ))
        },
    );
    let in_mode = mode.clone();
    tera.register_filter(scan::PRINT, move |value: Value, _: Kwargs, _: &State| {
        print(value, &in_mode)
    });
    let mut names: Vec<String> = NUMBERS.iter().map(|(name, _)| (*name).to_owned()).collect();
    names.extend(
        [
            "date", "change", "text", "exact", "default", "length", "join", "upper", "lower",
            "replace", "first", "last",
        ]
        .map(str::to_owned),
    );
    names
}

/// Lets through what may be printed as it is: text, whole numbers, true and false.
fn print(value: Value, mode: &Mode) -> TeraResult<Value> {
    if value.is_undefined() {
        unknown(mode, "what is printed here is not in the report").map(|()| Value::from(""))
    } else if value.is_none() {
        Err(bare(
            "the value printed here is missing",
            "print it through a filter (`| num`, `| money`, `| percent`, `| value(unit=…)`, `| date`, `| text`), or ask `if` it is there",
        ))
    } else if value.is_f64() {
        Err(bare(
            "a number is printed here with all its digits",
            "print it through a filter: `| num(digits=1)`, `| money`, `| percent`, `| value(unit=…)`",
        ))
    } else if value.is_array() || value.is_map() {
        Err(bare(
            format!("{} is printed here as a whole", value.name()),
            "print its fields or its items",
        ))
    } else {
        Ok(value)
    }
}

/// What a filter was given.
enum Given<T> {
    Value(T),
    /// The model says: missing.
    Null,
    /// Not in the model; noted elsewhere.
    Unknown,
}

fn unknown(mode: &Mode, what: &str) -> TeraResult<()> {
    match mode {
        Mode::Checking(_) => Ok(()),
        Mode::Rendering => Err(advise(
            what,
            "is the field spelt right, and is what it belongs to there? `docs/templates.md` lists every field",
        )),
    }
}

fn number(value: &Value, filter: &str, mode: &Mode) -> TeraResult<Given<f64>> {
    if value.is_undefined() {
        return unknown(
            mode,
            &format!("`{filter}` gets something that is not in the report"),
        )
        .map(|()| Given::Unknown);
    }
    if value.is_none() {
        return Ok(Given::Null);
    }
    match as_f64(value) {
        Some(v) => Ok(Given::Value(v)),
        None => Err(advise(
            format!("`{filter}` takes a number, not {}", value.name()),
            "",
        )),
    }
}

/// A number of any kind.
pub(super) fn as_f64(value: &Value) -> Option<f64> {
    value
        .as_f64()
        .or_else(|| value.as_i64().map(|v| v as f64))
        .or_else(|| value.as_u64().map(|v| v as f64))
}

fn text<'a>(value: &'a Value, filter: &str, mode: &Mode) -> TeraResult<Given<&'a str>> {
    if value.is_undefined() {
        return unknown(
            mode,
            &format!("`{filter}` gets something that is not in the report"),
        )
        .map(|()| Given::Unknown);
    }
    if value.is_none() {
        return Ok(Given::Null);
    }
    match value.as_str() {
        Some(text) => Ok(Given::Value(text)),
        None => Err(advise(
            format!("`{filter}` takes a text, not {}", value.name()),
            "",
        )),
    }
}

fn digits(args: &Kwargs, default: u32) -> TeraResult<u32> {
    let digits = args.get::<u32>("digits")?.unwrap_or(default);
    if digits <= 9 {
        Ok(digits)
    } else {
        Err(advise("`digits` is at most 9", ""))
    }
}

/// The scale a table was given by `money_scale`.
pub(super) fn scale(args: &Kwargs) -> TeraResult<MoneyScale> {
    match args.must_get::<&str>("scale")? {
        "one" => Ok(MoneyScale::One),
        "million" => Ok(MoneyScale::Million),
        "billion" => Ok(MoneyScale::Billion),
        other => Err(advise(
            format!("`{other}` is not a scale"),
            "scales are one, million, billion; `money_scale(of=…)` chooses one",
        )),
    }
}

fn unit(args: &Kwargs) -> TeraResult<Unit> {
    let name = args.must_get::<&str>("unit")?;
    serde_json::from_value(serde_json::Value::String(name.to_owned())).map_err(|_| {
        advise(
            format!("`{name}` is not a unit"),
            "units are money, percent, count, number, score, hours, days",
        )
    })
}
