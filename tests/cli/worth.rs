//! Profit and returns of the sample, held against figures that were got without the program's SQL.
//!
//! The figures come from the rows as they were read (`query "select * from transactions"` and so on)
//! and a script in pandas 3.1 that joins, shares out and adds up by itself: cost of goods from the list
//! of products, rates by `valid_from`, channel costs by purchases of the quarter, campaigns over the
//! contacts reached, leads and interactions by their days, opening customers from purchases of the six
//! months before 1 July 2026. Standard errors are those of `Series.var()`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::project::{Project, run_in};
use crate::sample::copy_of;

/// The figures of a query by the text of its first column.
fn figures(project: &Project, sql: &str) -> BTreeMap<String, Vec<f64>> {
    let number = |value: &Value| match value {
        Value::String(text) => text.parse().unwrap_or(f64::NAN),
        value => value.as_f64().unwrap_or(f64::NAN),
    };
    let rows = project.query(sql);
    rows.iter()
        .map(|row| {
            let mut cells = row.as_object().unwrap().values();
            let name = cells.next().unwrap().as_str().unwrap_or("total");
            (name.to_owned(), cells.map(number).collect())
        })
        .collect()
}

/// Whether figures agree to a hundredth of the currency, or nine digits.
#[track_caller]
fn agree(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{found:?} {expected:?}");
    for (found, expected) in found.iter().zip(expected) {
        let slack = 0.005_f64.max(1e-9 * expected.abs());
        assert!(
            (found - expected).abs() < slack,
            "{found} is not {expected}"
        );
    }
}

#[test]
fn siam_coffee_earns_what_a_script_says() {
    let project = copy_of("siam-coffee");
    // The script took every id for a customer of its own.
    std::fs::remove_file(project.path("inbox/ลูกค้า/รวมรหัสซ้ำ.xlsx")).unwrap();
    let ran = run_in(&project.path("."), &["."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);

    let bridge = figures(
        &project,
        "select line, amount from profit_bridge where period = '2026-Q3'",
    );
    agree(&bridge["customers"], &[319693.2738]);
    agree(&bridge["unidentified"], &[10137.4589]);
    agree(&bridge["ledger"], &[194555.1]);
    let sum: f64 = bridge.values().map(|amount| amount[0]).sum();
    agree(&[sum], &[2.0 * 194555.1]);

    let whale = figures(
        &project,
        "select 'all' as of, customers, profitable, breaking_even, unprofitable, total, peak, losses,
                new_customers, new_unprofitable, new_losses
         from whale where period = '2026-Q3' and segment is null",
    );
    agree(
        &whale["all"],
        &[
            2093.0,
            1693.0,
            1693.0,
            400.0,
            1241396.3858,
            1284215.3076,
            42818.9218,
            698.0,
            138.0,
            11981.5092,
        ],
    );
    let tenth = figures(
        &project,
        "select 'first' as of, cumulative from whale_curve where period = '2026-Q3' and place = 210",
    );
    agree(&tenth["first"], &[871876.4778]);

    let returns = figures(
        &project,
        "select case when kind = 'segment' then segment else kind end as of, customers,
                contribution_gain, revenue_gain, spent
         from relationship_returns where period = '2026-Q3' and kind <> 'unassigned'",
    );
    agree(&returns["BZ"], &[5.0, -53.0, -238.0, 0.0]);
    agree(&returns["MGC"], &[259.0, -5306.5, -4402.0, 0.0]);
    agree(&returns["MVC"], &[392.0, 75219.9, 161086.4, 0.0]);
    agree(&returns["Migrator"], &[6.0, 308.0, 917.0, 0.0]);
    agree(&returns["Steady"], &[930.0, 37530.5, 69461.0, 0.0]);
    agree(&returns["total"], &[1592.0, 107698.9, 226824.4, 35952.0]);

    let split = figures(
        &project,
        "select 'all' as of, price, volume, unsplit from price_and_volume where segment is null",
    );
    agree(&split["all"], &[7340.9852, 219483.4148, 0.0]);

    let effects = figures(
        &project,
        "select campaign_id, treated, control, treated_mean, control_mean, standard_error,
                degrees_of_freedom, spent
         from campaign_effects",
    );
    agree(
        &effects["MK-10"],
        &[185.0, 29.0, 165.4919, 82.8448, 32.2718, 54.4379, 6000.0],
    );
    agree(
        &effects["MK-11"],
        &[192.0, 19.0, 150.3906, 154.9474, 60.2031, 20.3911, 3100.0],
    );
}
