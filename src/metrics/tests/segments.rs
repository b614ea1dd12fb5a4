//! The reconciliation statement holds in every segment, whoever moves.

use datafusion::arrow::array::{Array, AsArray, StringViewArray};

use super::{facts, good, register_with, table, whole, workspace};
use crate::engine::{Engine, Format, Options, ToCome, give_up_unread, measures, write_rows};
use crate::metrics::{CustomerPeriods, Trial, prepare};

/// Forty customers who buy at intervals of their own, and change segment as they please.
fn purchases() -> String {
    let mut text = "customer_id,date,amount\n".to_owned();
    for customer in 0..40 {
        for step in 0..(3 + customer % 7) {
            let months = customer % 11 + step * (1 + customer % 5);
            let (year, month) = (2024 + months / 12, months % 12 + 1);
            let day = 1 + (customer * 7 + step) % 28;
            text.push_str(&format!(
                "K{customer:02},{year}-{month:02}-{day:02},{}\n",
                10 + step
            ));
        }
    }
    text.push_str("K00,2026-06-30,1\n");
    text
}

#[test]
fn every_segment_balances() {
    let workspace = workspace("[activity]\nwindow-months = 4");
    let (engine, prepared, customers) = facts(&workspace, &[table("transactions", &purchases())]);
    let batch = &whole(&customers);
    let ids = batch
        .column_by_name("customer_id")
        .unwrap()
        .as_string_view();
    let periods = batch.column_by_name("period").unwrap().as_string_view();
    // A segment that depends on both, so that customers move, and some have none.
    let segments: StringViewArray = (0..batch.num_rows())
        .map(|row| {
            let number: usize = ids.value(row)[1..].parse().unwrap();
            let quarter: usize = periods.value(row)[6..].parse().unwrap();
            ["MVC", "Steady", "BZ"]
                .get((number + quarter * (number % 3)) % 4)
                .copied()
        })
        .collect();
    assert!(segments.null_count() > 0);
    register_with(&customers, &engine, &prepared, &segments);
    let (found, problems) = measures(&engine, &prepared.queries, &prepared.supplied);
    assert!(problems.is_empty());

    let lines = |sql: &str| {
        let mut out = Vec::new();
        write_rows(&engine.ad_hoc(sql).unwrap(), Format::Csv, &mut out).unwrap();
        String::from_utf8(out)
            .unwrap()
            .lines()
            .skip(1)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let wrong = lines(
        "select * from customer_reconciliation
         where opening + new + reactivated - lost_opening - lost_new + transferred_in - transferred_out
             <> closing",
    );
    assert_eq!(wrong, Vec::<String>::new());
    // Segments add up to the total, and what goes out of one comes into another.
    let wrong = lines(
        "select t.period from customer_reconciliation t
         join (select period, sum(opening) as opening, sum(closing) as closing,
                      sum(transferred_in) as moved_in, sum(transferred_out) as moved_out
               from customer_reconciliation where segment is not null group by period) s
           on s.period = t.period
         where t.segment is null
           and (t.opening <> s.opening or t.closing <> s.closing or s.moved_in <> s.moved_out)",
    );
    assert_eq!(wrong, Vec::<String>::new());
    let moved =
        lines("select sum(transferred_in) from customer_reconciliation where segment is null");
    assert!(moved[0].parse::<i64>().unwrap() > 10, "{moved:?}");
    // Every opening is the closing before it.
    let wrong = lines(
        "select a.period from customer_reconciliation a
         join periods p on p.period = a.period
         join periods q on q.period_no = p.period_no - 1
         join customer_reconciliation b on b.period = q.period
         where a.segment is null and b.segment is null and a.opening <> b.closing",
    );
    assert_eq!(wrong, Vec::<String>::new());

    // Revenue by segment adds up to all revenue.
    let revenue = found
        .iter()
        .find(|measure| measure.name == "revenue")
        .unwrap();
    for period in &prepared.timeline.periods {
        let segment = revenue
            .dimensions
            .iter()
            .position(|d| d == "segment")
            .unwrap();
        let parts: f64 = revenue
            .rows
            .iter()
            .filter(|row| row.period == *period && row.members[segment].is_some())
            .filter_map(|row| row.value)
            .sum();
        assert_eq!(
            Some(parts),
            revenue.total(*period).and_then(|row| row.value),
            "{period}"
        );
    }
}

/// What a run gives up it no longer needs, and what was planned before there were tables holds for what
/// is left of them: the measures are the same.
#[test]
fn tables_that_nobody_reads_any_more_are_given_up() {
    let workspace = workspace("[activity]\nwindow-months = 4");
    let inputs = [table("transactions", &purchases())];
    let plans = good(crate::metrics::plan(&workspace, Trial::Planned)).plans;
    let measured = |kept: Option<&[(&str, &[&str])]>| {
        let mut engine = Engine::new(&Options::default()).unwrap();
        if kept.is_some() {
            engine = engine.with_plans(plans.clone());
        }
        let (timeline, _) = crate::metrics::timeline(&workspace, &inputs).unwrap();
        let mut prepared = good(prepare(&engine, &workspace, timeline, &inputs));
        if let Some(kept) = kept {
            prepared.queries.keep_only(kept, &[], plans.reads());
            for spec in crate::tables::all() {
                give_up_unread(&engine, &prepared.queries, spec.name, ToCome::All).unwrap();
            }
        }
        let mut customers = good(CustomerPeriods::compute(
            &engine,
            &prepared,
            &workspace.config,
        ));
        good(customers.register(&engine, &prepared.queries, |_| Ok(Vec::new())));
        let (found, problems) = measures(&engine, &prepared.queries, &prepared.supplied);
        assert!(problems.is_empty());
        (found, engine.tables())
    };
    let (all, tables) = measured(None);
    // Values are told by wallets, as the reports are: a fact reads them before, and not all of them.
    let (few, left) = measured(Some(&[("rfm_grid", &[]), ("wallet_periods", &[])]));
    assert_eq!(all, few);
    let large = [
        "transactions",
        "sales",
        "customer_quarters",
        "customer_periods",
    ];
    for name in large.into_iter().chain(["rfm_grid"]) {
        assert!(tables.contains(&name.to_owned()), "{name}");
    }
    assert!(
        large.iter().all(|name| !left.contains(&(*name).to_owned())),
        "{left:?}"
    );
    assert!(left.contains(&"rfm_grid".to_owned()));
}
