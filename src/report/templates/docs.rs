//! Holds `docs/templates.md` to the model: its tables of fields are made from the fixtures.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::Value;

use crate::report::fixture;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/templates.md");

/// Kind of every field of a full model by path, in the order of the model.
fn fields(
    value: &Value,
    path: &str,
    order: &mut Vec<String>,
    kinds: &mut BTreeMap<String, String>,
) {
    let kind = match value {
        Value::Object(map) => {
            for (name, field) in map {
                let below = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                fields(field, &below, order, kinds);
            }
            return;
        }
        Value::Array(items) => {
            let below = format!("{path}[]");
            for item in items {
                fields(item, &below, order, kinds);
            }
            return;
        }
        // Not the scores `5-4-3`, which would be a day of the year 5.
        Value::String(text) if text.len() == 10 && text.parse::<chrono::NaiveDate>().is_ok() => {
            "day"
        }
        Value::String(_) => "text",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "whole number",
        Value::Bool(_) => "true or false",
        Value::Null => "null",
    };
    if !kinds.contains_key(path) {
        order.push(path.to_owned());
    }
    kinds.insert(path.to_owned(), kind.to_owned());
}

/// Paths that are null somewhere in a model, or in a list of it.
fn nulls(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Null => {
            found.insert(path.to_owned());
        }
        Value::Object(map) => {
            for (name, field) in map {
                let below = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                nulls(field, &below, found);
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| nulls(item, &format!("{path}[]"), found)),
        _ => {}
    }
}

/// The table of a model: fields that share all but their last name stand together.
fn table(full: &Value, empty: &Value) -> String {
    let (mut order, mut kinds) = (Vec::new(), BTreeMap::new());
    fields(full, "", &mut order, &mut kinds);
    let mut missing = BTreeSet::new();
    nulls(empty, "", &mut missing);
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for path in order {
        let (group, name) = path.rsplit_once('.').unwrap_or(("", path.as_str()));
        let null = if missing.contains(&path) {
            ", may be null"
        } else {
            ""
        };
        let said = format!("`{name}` {}{null}", kinds[&path]);
        match groups.iter_mut().find(|(known, _)| known == group) {
            Some((_, names)) => names.push(said),
            None => groups.push((group.to_owned(), vec![said])),
        }
    }
    let whole = missing
        .iter()
        .filter(|path| groups.iter().any(|(group, _)| group == *path))
        .cloned()
        .collect::<BTreeSet<_>>();
    let mut out = String::from("| of | fields |\n|---|---|\n");
    for (group, names) in groups {
        let name = match (group.as_str(), whole.contains(&group)) {
            ("", _) => "the page".to_owned(),
            (group, true) => format!("`{group}` (may be null)"),
            (group, false) => format!("`{group}`"),
        };
        let _ = writeln!(out, "| {name} | {} |", names.join(" · "));
    }
    out
}

/// The same without what `data` holds, which stands among the fields of a period already.
fn of_repair_list(full: &Value, empty: &Value) -> String {
    let without_data = |model: &Value| {
        let mut model = model.clone();
        let data = model.as_object_mut().and_then(|model| model.remove("data"));
        assert!(data.is_some(), "the list is about data");
        model
    };
    table(&without_data(full), &without_data(empty))
}

#[test]
fn the_documentation_lists_every_field() {
    let json = |model: Result<Value, serde_json::Error>| model.unwrap();
    let mut text = std::fs::read_to_string(PATH).unwrap();
    let written = text.clone();
    for (marker, table) in [
        (
            "fields",
            table(
                &json(serde_json::to_value(fixture::full())),
                &json(serde_json::to_value(fixture::empty())),
            ),
        ),
        (
            "index",
            table(
                &json(serde_json::to_value(fixture::full_index())),
                &json(serde_json::to_value(fixture::empty_index())),
            ),
        ),
        (
            "repair-list",
            of_repair_list(
                &json(serde_json::to_value(fixture::full_repair_list())),
                &json(serde_json::to_value(fixture::empty_repair_list())),
            ),
        ),
    ] {
        let (open, close) = (
            format!("<!-- {marker} -->\n"),
            format!("<!-- /{marker} -->"),
        );
        let start = text.find(&open).unwrap() + open.len();
        let end = text.find(&close).unwrap();
        text.replace_range(start..end, &table);
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(PATH, &text).unwrap();
    } else {
        assert!(
            text == written,
            "docs/templates.md does not list the model's fields; UPDATE_EXPECT=1 rewrites it"
        );
    }
}

/// Every filter, function and chart that a template can use is described.
#[test]
fn the_documentation_names_every_filter_and_function() {
    let text = std::fs::read_to_string(PATH).unwrap();
    let described: BTreeSet<&str> = text
        .split('`')
        .skip(1)
        .step_by(2)
        .map(|code| code.split(['(', ' ']).next().unwrap_or(code))
        .collect();
    for name in super::names() {
        assert!(
            described.contains(name.as_str()),
            "`{name}` is not described"
        );
    }
}
