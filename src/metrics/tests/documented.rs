//! `docs/measures.md` says of every measure that ships what it is.

use std::collections::BTreeMap;

use super::{run, table, workspace};

const PAGE: &str = include_str!("../../../docs/measures.md");

/// Kind, dimensions and tables needed, by name, as the page lists them.
fn listed() -> BTreeMap<String, (String, Vec<String>, Vec<String>)> {
    let words = |cell: &str| -> Vec<String> {
        let words = cell
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    };
    PAGE.lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let name = cells[0].trim_end_matches('`').to_owned();
            // Where either of two tables will do, none is missing.
            let needs = if cells[4].contains(" or ") {
                ""
            } else {
                cells[4]
            };
            (name, (cells[1].to_owned(), words(cells[3]), words(needs)))
        })
        .collect()
}

#[test]
fn the_page_is_true() {
    let inputs = [table(
        "transactions",
        "customer_id,date,amount\nA,2026-03-31,1",
    )];
    let outcome = run(&workspace(""), &inputs);
    let found: BTreeMap<_, _> = outcome
        .measures
        .into_iter()
        .map(|(name, measure)| {
            let kind = if measure.is_ratio { "ratio" } else { "value" };
            let mut needs = measure.missing_tables;
            needs.sort_unstable();
            (name, (kind.to_owned(), measure.dimensions, needs))
        })
        .collect();
    let mut listed = listed();
    for (_, _, needs) in listed.values_mut() {
        needs.sort_unstable();
    }
    for (name, entry) in &found {
        assert_eq!(listed.get(name), Some(entry), "{name}");
    }
    assert_eq!(listed.len(), found.len());
}
