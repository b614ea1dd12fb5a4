//! `freeze`: cut points that stay, refusals that leave the file alone, and a report that says so.

use crate::project::Project;

const FILE: &str = "rules/rfm-cuts.toml";
const CLASS_CUTS: &str = "rules/class-cuts.toml";

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

/// Cut points between the classes: frozen once, dated, printed; nobody moves because of them, and a rule
/// that cuts otherwise has to be frozen anew.
#[test]
fn cut_points_between_classes_are_frozen_and_hold() {
    let project = shop();
    let ran = project.run(&["freeze", "--classes", "--period", "2025-Q3", "."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let said = "The cut points between the classes of 2025-Q3 are frozen and hold for every period";
    assert!(ran.stderr.contains(said), "{}", ran.stderr);
    let first = project.read(CLASS_CUTS);
    for part in [
        "as-of = \"2025-Q3\"",
        "basis = ",
        "band = ",
        "TOP = ",
        "GAP = ",
    ] {
        assert!(first.contains(part), "{first}");
    }
    assert!(!project.path(FILE).exists() && !project.path("rules/.class-cuts.toml.new").exists());

    let ran = project.run(&["freeze", "--classes", "--period", "2025-Q3", "."]);
    assert_eq!(ran.status, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("already-there"), "{}", ran.stderr);
    let ran = project.run(&["freeze", "--classes", "--period", "2025-Q3", "--force", "."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert_eq!(project.read(CLASS_CUTS), first);

    // The classes of the next quarter are cut where the frozen ones say, each with that cut.
    let top = number_of(&first, "TOP = ");
    project.write(
        CLASS_CUTS,
        &first.replace(&format!("TOP = {top:?}"), "TOP = 0.5"),
    );
    let ran = project.run(&["."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let page = project.read("reports/2025-Q4/customers.html");
    assert!(page.contains("Cut points between the classes: those of Q3 2025, frozen."));
    assert!(page.contains("TOP 0.50"));
    let wrong = project.query(
        "select customer_id from customer_periods
         where period = '2025-Q4' and (actual_value >= 0.5) <> (segment = 'MVC')",
    );
    assert_eq!(wrong, Vec::<serde_json::Value>::new());
    // What was before is as it was.
    let before =
        "select customer_id, segment from customer_periods where period = '2025-Q2' order by 1";
    let with = project.query(before);
    std::fs::remove_file(project.path(CLASS_CUTS)).unwrap();
    assert_eq!(project.query(before), with);
    let now = project.query(
        "select count(*) as n from customer_periods where period = '2025-Q4' and segment = 'MVC'",
    );
    let all = project.query("select count(*) as n from customer_periods where period = '2025-Q4' and actual_value >= 0.5");
    assert!(now[0]["n"].as_i64() < all[0]["n"].as_i64());

    project.write(CLASS_CUTS, &first);
    assert_eq!(
        project
            .run(&["eject", "rules/segmentation.rhai", "."])
            .status,
        0
    );
    assert_eq!(project.run(&["check", "."]).status, 0);
    project.edit(
        "rules/segmentation.rhai",
        "EARNERS.quantile(0.80)",
        "EARNERS.quantile(0.90)",
    );
    let ran = project.run(&["check", "."]);
    assert_eq!(ran.status, 2, "{}", ran.stdout);
    assert!(
        ran.stderr.contains("worked them out otherwise"),
        "{}",
        ran.stderr
    );
}

/// Frozen in revenue, and then costs become known: what was frozen says nothing of contribution.
#[test]
fn cut_points_of_other_values_do_not_hold() {
    let project = shop();
    assert_eq!(project.run(&["freeze", "--classes", "."]).status, 0);
    let frozen = project.read(CLASS_CUTS);
    let basis = frozen.lines().find(|line| line.starts_with("basis = "));
    let other = frozen.replace(basis.unwrap(), "basis = \"clv\"");
    project.write(CLASS_CUTS, &other.replace("\nTOP = ", "\nTOP = 99999"));
    let ran = project.run(&["."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("unfit-cuts"), "{}", ran.stderr);
    let page = project.read("reports/2025-Q4/customers.html");
    assert!(page.contains("Cut points between the classes: those of this quarter"));
    let found = project.query("select count(*) as n from reported_customers where segment = 'MVC'");
    assert!(found[0]["n"].as_i64() > Some(0));
}

fn number_of(text: &str, key: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(key));
    line.unwrap().parse().unwrap()
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
    assert_eq!(all, customers * 16);
    assert_eq!(rows[0]["criteria"], 16);
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
