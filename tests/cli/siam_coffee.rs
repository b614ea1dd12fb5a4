//! The sample with every table and the ordinary mess, held against what its writer says of it.
//!
//! `source/ledger.json` is written by the generator, which uses nothing of the program.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::project::run_in;
use crate::sample::copy_of;

/// The counts of a row of the account, as the ledger and as `run.json` name them.
const COUNTS: [(&str, &str); 7] = [
    ("read", "rows_read"),
    ("used", "rows_used"),
    ("set_aside", "rows_set_aside"),
    ("duplicate", "rows_duplicate"),
    ("unmatched", "rows_unmatched"),
    ("out_of_period", "rows_out_of_period"),
    ("blank", "rows_blank"),
];

type Accounts = BTreeMap<(String, Option<String>), (String, Vec<u64>)>;

fn accounts(of: &Value, name: impl Fn(&(&'static str, &'static str)) -> &'static str) -> Accounts {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    of.as_array()
        .unwrap()
        .iter()
        .map(|sheet| {
            let counts = COUNTS
                .iter()
                .map(|count| sheet[name(count)].as_u64().unwrap());
            (
                (text(&sheet["path"]).unwrap(), text(&sheet["sheet"])),
                (text(&sheet["table"]).unwrap(), counts.collect()),
            )
        })
        .collect()
}

#[test]
fn siam_coffee_is_read_as_its_writer_says() {
    let project = copy_of("siam-coffee");
    let ran = run_in(&project.path("."), &["."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let record = project.record("2026-Q3");
    let ledger: Value = serde_json::from_str(&project.read("source/ledger.json")).unwrap();

    // Every row of every sheet ended as it was meant to, and every table is there.
    let written = accounts(&ledger["files"], |count| count.0);
    let read = accounts(&record["inputs"], |count| count.1);
    assert_eq!(read, written);
    let tables: std::collections::BTreeSet<&String> = read.values().map(|sheet| &sheet.0).collect();
    assert_eq!(tables.len(), 27, "{tables:?}");

    // What was sold, quarter by quarter, to the satang.
    let rows = project.query("select period, sum(revenue) as revenue from period_sales group by 1");
    let read: BTreeMap<String, String> = rows
        .iter()
        .map(|row| {
            let text = |name: &str| row[name].as_str().unwrap().to_owned();
            (text("period"), text("revenue"))
        })
        .collect();
    let written: BTreeMap<String, String> =
        serde_json::from_value(ledger["revenue"].clone()).unwrap();
    assert_eq!(read.len(), 12);
    assert_eq!(read, written);

    // Every id that the writer knows to be another's has become it, and no other has.
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    let rows = project.query("select from_id, customer_id from merged_customers");
    let merged: BTreeMap<String, String> = rows
        .iter()
        .map(|row| (text(row, "from_id"), text(row, "customer_id")))
        .collect();
    let same: BTreeMap<String, String> = serde_json::from_value(ledger["same"].clone()).unwrap();
    assert!(same.len() > 3);
    assert_eq!(merged, same);
    let rows = project.query(
        "select customer_id from transactions where customer_id in (select from_id from merged_customers)",
    );
    assert!(rows.is_empty(), "{rows:?}");
    // Three people with two cards are asked about, the telephone of the head office is not.
    let rows = project.query("select from_id, agrees from likely_matches");
    let agrees: Vec<String> = rows.iter().map(|row| text(row, "agrees")).collect();
    assert_eq!(
        agrees,
        [
            "phone + name + birth-date",
            "phone + name + birth-date",
            "phone"
        ]
    );
    assert!(
        project
            .path("reports/2026-Q3/to-confirm/likely-matches-2026-Q3.xlsx")
            .exists()
    );
    // A family: both its members, under the id of one.
    let rows = project.query("select customer_id, household_id from customer_groups");
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert_eq!(rows[0]["household_id"], rows[1]["household_id"]);

    // Lifetime value is not computed for the scorecard yet; everything else is.
    let kpis = record["kpis"].as_array().unwrap();
    let reported = kpis.iter().filter(|kpi| kpi["period"] == "2026-Q3");
    let missing: Vec<&str> = reported
        .filter(|kpi| kpi["value"].is_null())
        .map(|kpi| kpi["id"].as_str().unwrap())
        .collect();
    assert_eq!(missing, ["R4", "M4"]);
    let status = |status: &str| kpis.iter().filter(|kpi| kpi["status"] == status).count();
    for (name, least) in [("good", 10), ("watch", 6), ("act", 3)] {
        assert!(status(name) >= least, "{} are {name}", status(name));
    }
    assert!(record["roi"]["case"]["payback_months"]["value"].is_number());

    // A first run says each kind of remark once: a page of them would hide what is wrong.
    let remarks = ran.stderr.matches("[buddhist-years]").count();
    assert_eq!(remarks, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("more remarks like those above"),
        "{}",
        ran.stderr
    );
}
