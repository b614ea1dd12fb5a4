//! The table of the API is complete, its examples are true, and the page is what it prints.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::*;
use crate::rules::api::SECTIONS;

#[test]
fn the_table_names_exactly_the_functions_there_are() {
    let batch = facts(&[Some(1.0)]);
    let rules = compiled(&files("fn segment(c, all) { class(\"A\") }"), &batch);
    let there: BTreeMap<String, BTreeSet<usize>> = api::functions(&rules.engine)
        .into_iter()
        .map(|(name, arities)| (name, arities.into_iter().collect()))
        .collect();
    let mut documented: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for form in SECTIONS
        .iter()
        .flat_map(|s| s.entries)
        .flat_map(|e| e.forms)
    {
        let (head, arguments) = form.split_once('(').unwrap();
        let (receiver, name) = match head.split_once('.') {
            Some((_, name)) => (1, name),
            None => (0, head),
        };
        let arguments = arguments.trim_end_matches(')');
        let outside_lists = arguments.split(['[', ']']).step_by(2).collect::<String>();
        let count = if arguments.is_empty() {
            0
        } else {
            outside_lists.matches(',').count() + 1
        };
        documented
            .entry(name.to_owned())
            .or_default()
            .insert(count + receiver);
    }
    assert_eq!(documented, there);
}

#[test]
fn the_examples_come_out_as_the_table_says() {
    for (example, result) in SECTIONS
        .iter()
        .flat_map(|s| s.entries)
        .flat_map(|e| e.examples)
    {
        assert_eq!(value(example).as_deref(), Ok(*result), "{example}");
    }
}

#[test]
fn the_page_is_what_the_table_prints() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules-api.md");
    let page = api::markdown();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == page,
        "docs/rules-api.md is not what the table prints: run with UPDATE_EXPECT=1"
    );
}
