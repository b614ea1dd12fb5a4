//! What customers could be worth, worked out by hand.

use std::fmt::Write;

use super::{Outcome, facts, run, table, workspace};
use crate::tables::InputTable;

/// Forty who buy once on the same day, for 1 to 40; others are added.
fn forty(more: &str) -> InputTable {
    let mut csv = "customer_id,date,amount\n".to_owned();
    for x in 1..=40 {
        let _ = writeln!(csv, "C{x:02},2026-06-30,{x}");
    }
    table("transactions", &(csv + more))
}

fn values(outcome: &Outcome, who: &str) -> Vec<String> {
    outcome.lines(&format!(
        "select customer_id, cast(actual_value as double), value_basis,
                cast(potential_value as double), potential_basis, potential_peers
         from reported_customers where {who} order by customer_id"
    ))
}

const WINDOW: &str = "[activity]\nwindow-months = 12\n";

/// The 80th percentile of 1 to 40 (type 1) is 32. Who is worth more could be worth what it is.
#[test]
fn the_best_fifth_of_peers() {
    let outcome = run(&workspace(WINDOW), &[forty("")]);
    assert_eq!(
        values(&outcome, "customer_id in ('C01', 'C31', 'C32', 'C40')"),
        [
            "C01,1.0,revenue,32.0,peers,40",
            "C31,31.0,revenue,32.0,peers,40",
            "C32,32.0,revenue,32.0,actual,40",
            "C40,40.0,revenue,40.0,actual,40",
        ]
    );
    // 90 of 100 are at or below the 36th.
    let settings = format!("{WINDOW}[value]\npeer-quantile = 0.9");
    let outcome = run(&workspace(&settings), &[forty("")]);
    let first = values(&outcome, "customer_id = 'C01'");
    assert_eq!(first, ["C01,1.0,revenue,36.0,peers,40"]);
}

/// Methods §17, potential from the maximum: one worth ten thousand lifts nobody.
#[test]
fn potential_is_not_the_maximum() {
    let outcome = run(&workspace(WINDOW), &[forty("C40,2026-06-30,9960")]);
    let first = values(&outcome, "customer_id in ('C01', 'C40')");
    assert_eq!(
        first,
        [
            "C01,1.0,revenue,32.0,peers,40",
            "C40,10000.0,revenue,10000.0,actual,40",
        ]
    );
}

/// Forty alike who came today, and nine who came a year ago: of these nine alone there are too few, and so
/// the forty-nine who buy as often are asked. P80 of 1 to 40 and nine times 100 is the 40th, 40.
/// Who buys on three days has nobody like it: its potential is not known, which is not zero.
#[test]
fn too_few_peers_give_way_to_more() {
    let mut more = String::new();
    for x in 1..=9 {
        let _ = writeln!(more, "D{x},2025-07-01,100");
    }
    let thrice = "E1,2026-06-28,5\nE1,2026-06-29,5\nE1,2026-06-30,5\n";
    let outcome = run(&workspace(WINDOW), &[forty(&(more + thrice))]);
    assert_eq!(
        values(&outcome, "customer_id in ('C01', 'D1', 'E1')"),
        [
            "C01,1.0,revenue,32.0,peers,40",
            "D1,100.0,revenue,100.0,actual,49",
            "E1,15.0,revenue,,,1",
        ]
    );
}

/// By the client's own grouping: C01 to C20 are cafés, whose 80th percentile is 16, the others hotels.
#[test]
fn peers_are_of_the_clients_own_grouping() {
    let mut csv = "customer_id,segment_hint\n".to_owned();
    for x in 1..=40 {
        let kind = if x <= 20 { "café" } else { "hotel" };
        let _ = writeln!(csv, "C{x:02},{kind}");
    }
    let outcome = run(&workspace(WINDOW), &[forty(""), table("customers", &csv)]);
    assert_eq!(
        values(&outcome, "customer_id in ('C01', 'C21')"),
        [
            "C01,1.0,revenue,16.0,peers,20",
            "C21,21.0,revenue,36.0,peers,20",
        ]
    );
}

/// What competitors get goes before peers: 40 a quarter, at four quarters a year and a margin of 30 %.
/// A: contribution 6 of revenue 20. The margin is that of all, (6 + 24) ÷ (20 + 80). Who buys for more than
/// its wallet has one that is out of date, and so peers are asked; there are none.
#[test]
fn what_competitors_get_goes_before_peers() {
    let sales = "customer_id,date,amount,cost\nA,2026-06-30,20,14\nB,2026-06-30,80,56\n";
    let wallet = "customer_id,amount,period\nA,60,2026-Q2\nB,50,2026-Q2";
    let inputs = [table("transactions", sales), table("wallet", wallet)];
    let outcome = run(&workspace(WINDOW), &inputs);
    assert_eq!(
        values(&outcome, "true"),
        ["A,6.0,contribution,54.0,wallet,", "B,24.0,contribution,,,2",]
    );
}

/// Who costs more than it brings has no peers, and could be worth what it is; with what it spends elsewhere
/// more: -10 + 100 × the margin of all, (30 - 10) ÷ 100.
#[test]
fn loss_makers_have_no_peers() {
    let sales = "customer_id,date,amount,cost\nA,2026-06-30,80,50\nB,2026-06-30,10,20\nC,2026-06-30,10,10\n";
    let wallet = "customer_id,amount,measures,period\nB,100,competitors,2026";
    let inputs = [table("transactions", sales), table("wallet", wallet)];
    let outcome = run(&workspace(WINDOW), &inputs);
    assert_eq!(
        values(&outcome, "customer_id <> 'A'"),
        [
            "B,-10.0,contribution,10.0,wallet,",
            "C,0.0,contribution,0.0,actual,",
        ]
    );
}

#[test]
fn peers_are_alike_in_what_there_is() {
    let settings = format!("{WINDOW}[value]\npeers = [\"tier\", \"frequenzy\"]");
    let workspace = workspace(&settings);
    let ran = std::panic::catch_unwind(|| facts(&workspace, &[forty("")]));
    let said = *ran.err().unwrap().downcast::<String>().unwrap();
    assert!(
        said.contains("`frequenzy` is neither a fact nor a column"),
        "{said}"
    );
    assert!(said.contains("did you mean `frequency`?"), "{said}");
}

/// Purchases in the models' own way: what a value is made of changes with the setting, and only then are
/// models fitted. Too few repeat for a model, so contribution stands in, and every row says which.
#[test]
fn value_is_of_the_past_where_no_model_holds() {
    let settings = format!("{WINDOW}[value]\nbasis = \"clv\"");
    let outcome = run(&workspace(&settings), &[forty("")]);
    let bases = outcome.lines("select distinct value_basis from reported_customers");
    assert_eq!(bases, ["revenue"]);
    assert!(outcome.prepared.lifetimes.is_some());
    let plain = run(&workspace(WINDOW), &[forty("")]);
    assert!(plain.prepared.lifetimes.is_none());
}

const PURCHASES: &str = include_str!("../../../tests/data/cdnow/purchases.csv");

/// Residual lifetime value of CDNOW's customers: each value is that of `customer_clv`, to the cent, and
/// money in it is the same. Nobody could be worth less than it is.
#[test]
fn value_is_residual_lifetime_value_where_asked() {
    let mut settings = workspace("[value]\nbasis = \"clv\"");
    settings.files = settings.files.with(
        "rules/lifetimes.sql",
        "select customer_id, period, clv from customer_clv where model = 'mbgnbd'",
    );
    let outcome = run(&settings, &[table("transactions", PURCHASES)]);
    let differ = outcome.lines(
        "select count(*), count(*) filter (where abs(cast(r.actual_value as double) - l.clv) > 0.00501),
                count(*) filter (where r.value_basis <> 'clv'),
                count(*) filter (where r.potential_value < r.actual_value)
         from reported_customers r
         join lifetimes l on l.customer_id = r.customer_id and l.period = r.period",
    );
    assert_eq!(differ, ["23570,0,0,0"]);
}
