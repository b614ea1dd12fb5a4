//! The functions of templates: texts by key, scales, and the page's own style and script.

use std::sync::Arc;

use chrono::NaiveDate;
use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::faults::advise;
use super::{FOLDER, Mode, Page, filters, scan};
use crate::diagnostics::suggestion;
use crate::message::Argument;
use crate::report::locale::{Locale, MISSING, MoneyScale};
use crate::workspace::Files;

/// The style sheets of a page, in the order they are laid over each other; the last is the client's.
const STYLES: [&str; 3] = ["theme.css", "report.css", "brand.css"];

/// Registers every function; returns their names, for suggestions.
pub(super) fn register(
    tera: &mut Tera,
    files: &Files,
    locale: &Arc<Locale>,
    mode: &Mode,
) -> Vec<String> {
    let in_locale = Arc::clone(locale);
    tera.register_function("t", move |args: Kwargs, _: &State| words(&in_locale, &args));
    let in_locale = Arc::clone(locale);
    tera.register_function("months", move |args: Kwargs, _: &State| {
        let day = |name| -> TeraResult<NaiveDate> {
            let text = args.must_get::<&str>(name)?;
            text.parse()
                .map_err(|_| advise(format!("`{text}` is not a day such as 2026-09-30"), ""))
        };
        Ok::<_, tera::Error>(in_locale.months(day("starts")?, day("ends")?))
    });
    tera.register_function("money_scale", |args: Kwargs, _: &State| {
        let items = args.must_get::<Vec<Value>>("of")?;
        let field = args.get::<&str>("field")?;
        let largest = items
            .iter()
            .filter_map(|item| match field {
                Some(field) => item.get_from_path(field).and_then(filters::as_f64),
                None => filters::as_f64(item),
            })
            .fold(0.0, |largest: f64, v| largest.max(v.abs()));
        Ok::<_, tera::Error>(match MoneyScale::fitting(largest) {
            MoneyScale::One => "one",
            MoneyScale::Million => "million",
            MoneyScale::Billion => "billion",
        })
    });
    let in_locale = Arc::clone(locale);
    tera.register_function("money_unit", move |args: Kwargs, _: &State| {
        Ok::<_, tera::Error>(in_locale.scale_unit(filters::scale(&args)?))
    });
    tera.register_function("column", |args: Kwargs, _: &State| {
        column(args.must_get::<usize>("at")?)
    });
    let style: String = STYLES
        .iter()
        .filter_map(|name| files.get(&format!("{FOLDER}{name}")))
        .map(|source| minified(&source.text))
        .collect();
    tera.register_function("style", move |_: Kwargs, _: &State| {
        Value::safe_string(&style)
    });
    let script = files
        .get(&format!("{FOLDER}report.js"))
        .map(|source| source.text.trim().to_owned())
        .unwrap_or_default();
    tera.register_function("script", move |_: Kwargs, _: &State| {
        Value::safe_string(&script)
    });
    let in_locale = Arc::clone(locale);
    tera.register_function("page_label", move |args: Kwargs, _: &State| {
        let file = args.must_get::<&str>("file")?;
        let label = Page::of(file, &in_locale).label;
        Ok::<_, tera::Error>(if file.ends_with(".xlsx") {
            in_locale.text_with("page.index.excel", &[("page", Argument::Text(label))])
        } else {
            label
        })
    });
    let in_mode = mode.clone();
    tera.register_function(scan::PROBE, move |args: Kwargs, state: &State| {
        Ok::<_, tera::Error>(match &in_mode {
            Mode::Checking(probes) => {
                probes.look(args.must_get("from")?..args.must_get("to")?, state)
            }
            Mode::Rendering => true,
        })
    });
    [
        "t",
        "months",
        "money_scale",
        "money_unit",
        "column",
        "style",
        "script",
        "page_label",
        "range",
        "throw",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// The letters of a column of a sheet, 0 for A, for templates that print formulas.
fn column(at: usize) -> TeraResult<String> {
    const LAST: usize = 16_383;
    if at > LAST {
        return Err(advise(
            format!("a sheet has no column {at}"),
            "its columns are 0 (A) to 16383 (XFD)",
        ));
    }
    let mut letters = Vec::new();
    let mut rest = at + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    Ok(letters.into_iter().rev().collect())
}

/// A text of the catalogue, its placeholders filled from the other arguments.
fn words(locale: &Locale, args: &Kwargs) -> TeraResult<String> {
    let key = args.must_get::<&str>("key")?;
    if !locale.has(key) {
        return Err(advise(
            format!("the catalogues have no text `{key}`"),
            suggestion(key, locale.keys()).unwrap_or_default(),
        ));
    }
    let filled = args
        .iter()
        .filter_map(|(name, value)| Some((name.as_str()?.to_owned(), argument(value))))
        .collect();
    Ok(locale.filled(key, &filled))
}

fn argument(value: &Value) -> Argument {
    if value.is_f64() {
        return Argument::Number(value.as_f64().unwrap_or(f64::NAN));
    }
    match (value.as_i64(), value.as_str()) {
        (Some(count), _) => Argument::Count(count),
        (_, Some(text)) => Argument::Text(text.to_owned()),
        _ => Argument::Text(MISSING.to_owned()),
    }
}

/// A style sheet without its comments and line ends. What could close the element it is put into is
/// taken out: a sheet has no use for it.
fn minified(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(open) = rest.find("/*") {
        out.push_str(&rest[..open]);
        rest = rest[open + 2..]
            .find("*/")
            .map_or("", |close| &rest[open + close + 4..]);
    }
    out.push_str(rest);
    out.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<String>()
        .replace("</", "< /")
}
