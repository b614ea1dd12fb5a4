//! `freeze`: cut points that stay, refusals that leave the file alone, and a report that says so.

use crate::project::Project;

const FILE: &str = "rules/rfm-cuts.toml";

fn shop() -> Project {
    let project = Project::shop();
    project.write(
        "quarterdeck.toml",
        "[client]\nname = \"Shop\"\n\n[rfm]\nmethod = \"quantile\"\n",
    );
    project
}

#[test]
fn cut_points_are_frozen_once_and_hold() {
    let project = shop();
    let ran = project.run(&["freeze", "--period", "2025-Q3", "."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(
        ran.stderr
            .contains("2025-Q3 are frozen and hold for every period from it on")
    );
    let first = project.read(FILE);
    assert!(first.contains("as-of = \"2025-Q3\"") && first.contains("method = \"quantile\""));

    // A second time it is refused, and the file stays.
    let ran = project.run(&["freeze", "--period", "2025-Q3", "."]);
    assert_eq!(ran.status, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("already-there") && ran.stderr.contains("--force"));
    assert_eq!(project.read(FILE), first);
    let ran = project.run(&["freeze", "--period", "2025-Q3", "--force", "."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert_eq!(project.read(FILE), first);

    // Another period stands beside it.
    let ran = project.run(&["freeze", "--period", "2025-Q2", "."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("hold from it on, until 2025-Q3"),
        "{}",
        ran.stderr
    );
    assert_eq!(project.read(FILE).matches("[[cuts]]").count(), 2);
    assert!(!project.path("rules/.rfm-cuts.toml.new").exists());

    // The report says whose cut points they are, and no score moved because of them.
    let ran = project.run(&["."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let page = project.read("reports/2025-Q4/customers.html");
    assert!(page.contains("Cut points of Q3 2025, frozen."));
    let moved = project
        .query("select coalesce(sum(customers), 0) as n from rfm_moves where because = 'ruler'");
    assert_eq!(moved[0]["n"], 0);
    let why = project.run(&["explain", "C001", "."]);
    assert!(
        why.stdout.contains("  RFM ") && why.stdout.contains("class in the period before"),
        "{}",
        why.stdout
    );
    let record = project.record("2025-Q4");
    let rules = record["rules"].as_array().unwrap();
    assert!(rules.iter().any(|rule| rule["path"] == FILE));
}

#[test]
fn a_file_that_does_not_fit_stops_the_run_and_is_replaced_by_force() {
    let project = shop();
    assert_eq!(project.run(&["freeze", "."]).status, 0);
    project.edit("quarterdeck.toml", "\"quantile\"", "\"thirds\"");
    let ran = project.run(&["check", "."]);
    assert_eq!(ran.status, 2, "{}", ran.stdout);
    assert!(
        ran.stderr
            .contains("`rfm.method` quantile, which is thirds now"),
        "{}",
        ran.stderr
    );
    let before = project.read(FILE);
    assert_eq!(project.run(&["freeze", "."]).status, 2);
    assert_eq!(project.read(FILE), before);
    let ran = project.run(&["freeze", "--force", "."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(project.read(FILE).contains("method = \"thirds\""));
    assert_eq!(project.run(&["check", "."]).status, 0);
}

#[test]
fn a_method_without_cut_points_has_nothing_to_freeze() {
    let project = shop();
    project.edit("quarterdeck.toml", "\"quantile\"", "\"rank\"");
    let ran = project.run(&["freeze", "."]);
    assert_eq!(ran.status, 2);
    assert!(
        ran.stderr
            .contains("has no cut points that hold for everybody"),
        "{}",
        ran.stderr
    );
    assert!(!project.path(FILE).exists());
}

/// The customer scorecard in SQL: a row for each criterion of each customer, on demand.
#[test]
fn the_customer_scorecard_can_be_queried() {
    let project = shop();
    let rows = project.query(
        "select count(*) as n, count(distinct customer_id) as customers, count(distinct criterion) as criteria,
                min(points) as least, max(points) as most
         from customer_scores",
    );
    let (all, customers) = (
        rows[0]["n"].as_i64().unwrap(),
        rows[0]["customers"].as_i64().unwrap(),
    );
    assert_eq!(all, customers * 10);
    assert_eq!(rows[0]["criteria"], 10);
    assert!(rows[0]["least"].as_f64() >= Some(1.0) && rows[0]["most"].as_f64() <= Some(5.0));
    let reported = project.query("select count(*) as n from reported_customers");
    assert_eq!(reported[0]["n"], customers);
    // The weighted points are the two scores of the customer.
    let wrong = project.query(
        "select s.customer_id
         from (select customer_id, side, sum(weight * (points - 1) * 25) as points, sum(weight) as weight
               from customer_scores where points is not null group by customer_id, side) s
         join reported_customers c on c.customer_id = s.customer_id
         where abs(s.points / s.weight - case s.side when 'strength' then c.strength else c.attractiveness end) > 1e-9",
    );
    assert_eq!(wrong, Vec::<serde_json::Value>::new());
}
