//! Random purchases against definitions written out naively, day by day.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use super::{facts, table, text_at, whole, workspace};
use crate::calendar::{FiscalCalendar, Quarter, YearLabel, window_start};

#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) customer: u8,
    pub(super) day: NaiveDate,
    pub(super) cents: i64,
}

pub(super) fn csv(lines: &[Line]) -> String {
    let mut text = "customer_id,date,amount\n".to_owned();
    for line in lines {
        let (id, day, cents) = (line.customer, line.day, line.cents);
        let sign = if cents < 0 { "-" } else { "" };
        let amount = format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100);
        text.push_str(&format!("K{id},{day},{amount}\n"));
    }
    text
}

/// A year and a half of trade of five customers, the last day there always.
pub(super) fn trade() -> impl Strategy<Value = Vec<Line>> {
    let start = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    let line =
        (0u8..5, 0u64..547, -2_000i64..10_000).prop_map(move |(customer, day, cents)| Line {
            customer,
            day: start + Days::new(day),
            cents,
        });
    proptest::collection::vec(line, 1..40).prop_map(move |mut lines| {
        lines.push(Line {
            customer: 0,
            day: start + Days::new(546),
            cents: 100,
        });
        lines
    })
}

/// The facts of a customer in a period, as the contract defines them; none before the first
/// purchase.
fn expected_facts(
    lines: &[Line],
    customer: u8,
    fiscal: FiscalCalendar,
    q: Quarter,
    w: u32,
    r: u32,
) -> Option<String> {
    let (starts, ends) = (fiscal.starts(q), fiscal.ends(q));
    let own = || {
        lines
            .iter()
            .filter(move |l| l.customer == customer && l.day <= ends)
    };
    let days: BTreeSet<NaiveDate> = own().filter(|l| l.cents >= 0).map(|l| l.day).collect();
    let (first, last) = (*days.first()?, *days.last()?);
    let bought = |from: NaiveDate, to: NaiveDate| days.range(from..=to).count();
    let before = starts - Days::new(1);
    let opening = bought(window_start(before, w), before) > 0;
    let closing = bought(window_start(ends, w), ends) > 0;
    let new = first >= starts;
    let revenue =
        |from: NaiveDate| -> i64 { own().filter(|l| l.day >= from).map(|l| l.cents).sum() };
    let look_back = window_start(ends, r);
    let money = |cents: i64| {
        format!(
            "{}{}.{:02}",
            if cents < 0 { "-" } else { "" },
            cents.abs() / 100,
            cents.abs() % 100
        )
    };
    Some(format!(
        "K{customer} {q} {opening} {new} {} {closing} {} {} {} {} {} {}",
        closing && !opening && !new,
        bought(starts, ends),
        money(revenue(starts)),
        bought(look_back, ends),
        money(revenue(look_back)),
        (ends - last).num_days(),
        (ends - first).num_days(),
    ))
}

/// The same facts as the engine computed them, through the period `to`.
fn computed(settings: &str, lines: &[Line], to: Option<Quarter>) -> Vec<String> {
    let (_, _, customers) = facts(&workspace(settings), &[table("transactions", &csv(lines))]);
    let batch = &whole(&customers);
    let columns = [
        "customer_id",
        "period",
        "is_opening",
        "is_new",
        "is_reactivated",
        "is_closing",
        "orders",
        "revenue",
        "frequency",
        "monetary",
        "recency_days",
        "tenure_days",
    ];
    (0..batch.num_rows())
        .filter(|row| {
            let period: Quarter = text_at(batch, "period", *row).parse().unwrap();
            to.is_none_or(|to| period <= to)
        })
        .map(|row| columns.map(|column| text_at(batch, column, row)).join(" "))
        .collect()
}

proptest! {
    // Each case runs the whole chain; a few find what there is to find at edges of months.
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn facts_are_what_the_contract_says(
        lines in trade(), start in 1u32..=12, w in 1u32..=14, r in 1u32..=14, later in 0u64..200,
    ) {
        let fiscal = FiscalCalendar::new(start, YearLabel::End).unwrap();
        let first = fiscal.quarter_of(lines.iter().map(|l| l.day).min().unwrap());
        let end = lines.iter().map(|l| l.day).max().unwrap();
        let settings = |period: Quarter| format!(
            "[calendar]\nfiscal-year-start = {start}\nperiod = \"{period}\"\n\
             [activity]\nwindow-months = {w}\n[rfm]\nwindow-months = {r}",
        );
        let last = fiscal.quarter_of(end);
        let expected: Vec<String> = first
            .through(last)
            .flat_map(|q| (0..5).map(move |customer| (q, customer)))
            .filter_map(|(q, customer)| expected_facts(&lines, customer, fiscal, q, w, r))
            .collect();
        prop_assert_eq!(&computed(&settings(last), &lines, None), &expected);

        // The order of the rows does not matter, and what comes later changes nothing before it.
        let mut more: Vec<Line> = lines.iter().rev().cloned().collect();
        let day = fiscal.starts(last.plus(1)) + Days::new(later);
        more.push(Line { customer: 1, day, cents: 500 });
        let found = computed(&settings(fiscal.quarter_of(day)), &more, Some(last));
        prop_assert_eq!(found, expected);
    }
}
