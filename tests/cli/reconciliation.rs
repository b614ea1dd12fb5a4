//! The statement starts from what was published, says what has changed since, and says so when it does
//! not balance.

use serde_json::Value;

use crate::project::Project;

const LEDGER: &str = "reports/2025-Q3/ledger/closing-customers.json";

/// The shop with its third quarter of 2025 published, and a window that late lines do not change.
fn published() -> Project {
    let project = Project::shop();
    project.write(
        "quarterdeck.toml",
        "[client]\nname = \"Shop\"\n\n[activity]\nwindow-months = 6\n",
    );
    let ran = project.run(&["--period", "2025-Q3", "."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    project
}

/// The lines of the statement of 2025-Q4 in total.
fn statement(project: &Project) -> Value {
    let rows = project.query(
        "select published, merged, restated, opening, closing from customer_reconciliation
         where segment is null and period = '2025-Q4'",
    );
    rows[0].clone()
}

fn closing_of_ledger(project: &Project) -> Vec<String> {
    let ledger: Value = serde_json::from_str(&project.read(LEDGER)).unwrap();
    let classes = ledger["customers"].as_object().unwrap();
    let ids = classes.values().flat_map(|ids| ids.as_array().unwrap());
    ids.map(|id| id.as_str().unwrap().to_owned()).collect()
}

#[test]
fn late_invoices_are_restated_and_merged_customers_are_not_lost() {
    let project = published();
    let before = closing_of_ledger(&project);
    let count = before.len() as i64;
    let unchanged = statement(&project);
    assert_eq!(unchanged["published"], count);
    assert_eq!(
        (&unchanged["merged"], &unchanged["restated"]),
        (&0.into(), &0.into())
    );

    // Two customers nobody had heard of turn up with invoices of the quarter before, and C002, who was
    // active, turns out to be C001.
    assert!(before.contains(&"C001".to_owned()) && before.contains(&"C002".to_owned()));
    project.edit(
        "inbox/sales.csv",
        "C001,2025-12-31",
        "L001,2025-09-30,9.00,tea,shop\nL002,2025-09-30,9.00,tea,shop\nC001,2025-12-31",
    );
    project.write("inbox/id_map.csv", "From ID,To ID,Kind\nC002,C001,same\n");
    let changed = statement(&project);
    assert_eq!(changed["published"], count);
    assert_eq!(changed["merged"], 1);
    assert_eq!(changed["restated"], 2);
    assert_eq!(changed["opening"], count + 1);
    // Published, they are what the quarter after is compared with: the run says which ledger it was.
    let ran = project.run(&["."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let page = project.read("reports/2025-Q4/customers.html");
    assert!(page.contains(&format!(
        "as published {count} − merged 1, restated +2 = opening {}",
        count + 1
    )));
    let record = project.record("2025-Q4");
    let listed = project.record("2025-Q3");
    let ledger = listed["outputs"].as_array().unwrap().iter();
    let ledger = ledger
        .into_iter()
        .find(|o| o["path"] == "ledger/closing-customers.json");
    assert_eq!(
        record["options"]["published-before"],
        ledger.unwrap()["sha256"]
    );
}

#[test]
fn a_ledger_that_was_changed_is_not_believed() {
    let project = published();
    let ledger = project.read(LEDGER).replace("C001", "X001");
    project.write(LEDGER, &ledger);
    let ran = project.run(&["."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("ledger-damaged"), "{}", ran.stderr);
    assert!(ran.stderr.contains("were changed since"), "{}", ran.stderr);
    assert_eq!(statement(&project)["published"], Value::Null);
    // Published anew, it is whole again.
    assert_eq!(project.run(&["--period", "2025-Q3", "."]).status, 0);
    let ran = project.run(&["."]);
    assert!(!ran.stderr.contains("ledger-damaged"), "{}", ran.stderr);
    assert_ne!(statement(&project)["published"], Value::Null);
}

#[test]
fn a_statement_that_does_not_balance_is_said_in_red() {
    let project = published();
    assert_eq!(
        project
            .run(&["eject", "rules/customer_totals.sql", "."])
            .status,
        0
    );
    // A new customer is counted twice.
    project.edit(
        "rules/customer_totals.sql",
        "count(*) filter (where c.is_new) as new",
        "2 * count(*) filter (where c.is_new) as new",
    );
    let ran = project.run(&["."]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("does-not-balance"), "{}", ran.stderr);
    let page = project.read("reports/2025-Q4/customers.html");
    assert!(
        page.contains("<p class=\"say bad\"><b>Does not balance</b>"),
        "no banner"
    );
}
