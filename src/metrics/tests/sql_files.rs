//! What a consultant can get wrong in SQL, and what is said about it.

use super::{run, said, table, workspace};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::engine::{Engine, Options};
use crate::metrics::{Planned, Trial, plan};

/// The problems found in the shipped files with some added or replaced.
fn problems(files: &[(&str, &str)]) -> Vec<Diagnostic> {
    let mut workspace = workspace("");
    for (path, text) in files {
        workspace.files = workspace.files.with(path, text);
    }
    plan(&workspace, Trial::Ran)
        .err()
        .into_iter()
        .flatten()
        .collect()
}

/// The one problem found, as `code place: message; help`.
fn problem(path: &str, text: &str) -> String {
    let found = problems(&[(path, text)]);
    assert_eq!(
        found.len(),
        1,
        "{:#?}",
        found.iter().map(said).collect::<Vec<_>>()
    );
    said(&found[0])
}

#[test]
fn the_shipped_files_are_right() {
    let found: Vec<String> = problems(&[]).iter().map(said).collect();
    assert_eq!(found, Vec::<String>::new());
}

/// What a run knows before it opens an input is what `check` finds out by running.
#[test]
fn what_is_planned_is_what_is_run() {
    let workspace = workspace("");
    let [planned, ran] = [Trial::Planned, Trial::Ran].map(|trial| plan(&workspace, trial));
    let (planned, ran) = (planned.unwrap(), ran.unwrap());
    assert_eq!(planned.facts, ran.facts);
    assert_eq!(planned.plans.reads(), ran.plans.reads());
    let kinds = |plan: &Planned| -> Vec<(String, Vec<String>, bool)> {
        let measures = plan.measures.iter();
        measures
            .map(|m| (m.name.clone(), m.dimensions.clone(), m.is_ratio))
            .collect()
    };
    assert_eq!(kinds(&planned), kinds(&ran));
}

#[test]
fn a_typo_in_a_column_is_found_with_its_place() {
    assert_eq!(
        problem(
            "rules/measures/mine.sql",
            "-- ลูกค้า\nselect period,\n  sum(revenu) as value\nfrom customer_periods group by period",
        ),
        "unknown-sql-column rules/measures/mine.sql:3:7: there is no column `revenu`; did you mean `revenue`?"
    );
    assert_eq!(
        problem(
            "rules/facts/mine.sql",
            "select b.customer_id, b.period, b.orderz as mine from customer_base b",
        ),
        "unknown-sql-column rules/facts/mine.sql:1:33: `b` has no column `orderz`; did you mean `orders`?"
    );
}

#[test]
fn unknown_tables_and_functions_are_found_with_their_place() {
    assert_eq!(
        problem(
            "rules/measures/mine.sql",
            "select period, 1 as value\nfrom customer_perids",
        ),
        "unknown-sql-table rules/measures/mine.sql:2:6: there is no table `customer_perids`; did you mean `customer_periods`?"
    );
    assert_eq!(
        problem(
            "rules/measures/mine.sql",
            "select period, summ(revenue) as value from customer_periods group by period",
        ),
        "unknown-sql-function rules/measures/mine.sql:1:16: there is no function `summ`; did you mean `sum`?"
    );
    let clock = problem(
        "rules/measures/mine.sql",
        "select period, 1 as value from periods where ends < now()",
    );
    assert!(
        clock.starts_with("unknown-sql-function rules/measures/mine.sql:1:53"),
        "{clock}"
    );
}

#[test]
fn syntax_errors_have_their_place() {
    let found = problem(
        "rules/measures/mine.sql",
        "select period,\n  sum(revenue as value from periods",
    );
    assert!(
        found.starts_with("sql-syntax rules/measures/mine.sql:2:"),
        "{found}"
    );
}

#[test]
fn types_that_do_not_fit_are_refused() {
    let found = problem(
        "rules/measures/mine.sql",
        "select period, sum(customer_id) as value from customer_periods group by period",
    );
    assert_eq!(
        found,
        "sql-invalid rules/measures/mine.sql:1:16: `sum` does not take values of these types; -"
    );
}

#[test]
fn only_one_select_is_a_query() {
    for text in [
        "create table t as select 1",
        "copy transactions to 'all.csv'",
        "set datafusion.execution.batch_size = 1",
        "delete from transactions",
        "select period, 1 as value from periods; select 2",
        "-- nothing here",
    ] {
        let found = problem("rules/measures/mine.sql", text);
        assert!(
            found.starts_with("not-a-query rules/measures/mine.sql"),
            "{text}: {found}"
        );
    }
}

#[test]
fn the_same_holds_for_what_is_typed() {
    let engine = Engine::new(&Options::default()).unwrap();
    for sql in [
        "create table t as select 1",
        "create view v as select 1",
        "create external table t stored as csv location 'x.csv'",
        "copy (select 1) to 'all.csv'",
        "set datafusion.execution.batch_size = 1",
        "insert into t values (1)",
        "select 1; select 2",
        "explain copy (select 1) to 'all.csv'",
    ] {
        let found: Diagnostics = engine.ad_hoc(sql).unwrap_err();
        assert_eq!(
            found.iter().next().unwrap().code.name,
            "not-a-query",
            "{sql}"
        );
    }
    assert_eq!(engine.ad_hoc("select 1 as one").unwrap().len(), 1);
    assert!(engine.ad_hoc("select * from 'Cargo.toml'").is_err());
    assert!(engine.ad_hoc("show tables").is_ok());
}

#[test]
fn columns_must_be_what_the_folder_asks_for() {
    assert_eq!(
        problem(
            "rules/facts/mine.sql",
            "select customer_id, 1 as mine from customer_base"
        ),
        "wrong-columns rules/facts/mine.sql: `mine` does not return `period`; \
         facts return `customer_id, period` and then their columns"
    );
    let found = problem(
        "rules/measures/mine.sql",
        "select period, 1 as numerator from periods",
    );
    assert!(found.starts_with("wrong-columns"), "{found}");
    let found = problem(
        "rules/measures/mine.sql",
        "select period, period as value from periods",
    );
    assert!(
        found.starts_with("wrong-columns") || found.starts_with("not-a"),
        "{found}"
    );
}

#[test]
fn a_query_runs_by_the_period_only_if_it_returns_one() {
    assert_eq!(
        problem(
            "rules/facts/mine.sql",
            "-- one period at a time: customer\nselect customer_id, period, 1 as mine from customer_base",
        ),
        "wrong-columns rules/facts/mine.sql:1:26: a query cannot run by `customer`, one period at a time; say `period` or `period_no`, whichever the query returns"
    );
    assert_eq!(
        problem(
            "rules/mine.sql",
            "-- one period at a time: period_no\nselect period, 1 as mine from periods",
        ),
        "wrong-columns rules/mine.sql: the query runs by `period_no`, and does not return it; return `period_no`, or delete the remark `one period at a time`"
    );
}

#[test]
fn only_the_period_it_runs_for_is_given_to_a_query() {
    assert_eq!(
        problem(
            "rules/mine.sql",
            "-- one period at a time: period_no\nselect max(period_no) as period_no from periods where period = $quarter",
        ),
        "sql-invalid rules/mine.sql:2:64: nothing gives `$quarter` a value; the period it runs for is `$period`, its number `$period_no`"
    );
    assert_eq!(
        problem(
            "rules/measures/mine.sql",
            "select period, 1 as value from periods where period_no > $1",
        ),
        "sql-invalid rules/measures/mine.sql:1:58: nothing gives `$1` a value; write the value itself; a period is given as `$period` to a query that says `-- one period at a time: period`"
    );
}

#[test]
fn names_clash() {
    let found = problem(
        "rules/measures/surveys.sql",
        "select period, 1 as value from periods",
    );
    assert!(
        found.starts_with("name-clash rules/measures/surveys.sql"),
        "{found}"
    );
    let found = problem("rules/facts/revenue.sql", "select 1");
    assert!(found.starts_with("name-clash"), "{found}");

    let found = problems(&[
        (
            "rules/facts/one.sql",
            "select customer_id, period, orders as depth from customer_base",
        ),
        (
            "rules/facts/two.sql",
            "select customer_id, period,\n orders as depth from customer_base",
        ),
    ]);
    assert_eq!(
        found.len(),
        1,
        "{:#?}",
        found.iter().map(said).collect::<Vec<_>>()
    );
    assert_eq!(
        said(&found[0]),
        "name-clash rules/facts/two.sql:2:12: the fact `depth` is given twice; rename one of the columns with `as`"
    );
    let other = found[0].related[0].place.to_string();
    assert_eq!(other, "rules/facts/one.sql:1:39");
    let found = problem(
        "rules/facts/mine.sql",
        "select customer_id, period, 1 as segment from customer_base",
    );
    assert!(
        found.starts_with("name-clash rules/facts/mine.sql:1:34"),
        "{found}"
    );
}

#[test]
fn circles_are_found_with_all_places() {
    let found = problems(&[
        ("rules/measures/one.sql", "select period, value from two"),
        ("rules/measures/two.sql", "select period, value\nfrom one"),
    ]);
    assert_eq!(
        found.len(),
        1,
        "{:#?}",
        found.iter().map(said).collect::<Vec<_>>()
    );
    assert_eq!(
        said(&found[0]),
        "query-cycle rules/measures/one.sql:1:27: `one`, `two` read each other in a circle; -"
    );
    assert_eq!(
        found[0].related[0].place.to_string(),
        "rules/measures/two.sql:2:6"
    );
}

#[test]
fn facts_come_before_customer_periods() {
    let found = problem(
        "rules/facts/mine.sql",
        "select customer_id, period, 1 as mine from customer_periods",
    );
    assert!(
        found.starts_with("out-of-order rules/facts/mine.sql:1:44"),
        "{found}"
    );
    let found = problem(
        "rules/facts/mine.sql",
        "select customer_id, period, 1 as mine from reported_customers",
    );
    assert!(
        found.contains("is computed before `reported_customers`"),
        "{found}"
    );
    let found = problem(
        "rules/facts/mine.sql",
        "select b.customer_id, b.period, 1 as mine from customer_base b cross join customer_reconciliation r",
    );
    assert!(
        found.starts_with("out-of-order rules/facts/mine.sql:1:75"),
        "{found}"
    );
}

#[test]
fn mistakes_in_several_files_are_found_together() {
    let found = problems(&[
        (
            "rules/measures/one.sql",
            "select period, nothing as value from periods",
        ),
        ("rules/measures/two.sql", "select period, value from one"),
        (
            "rules/measures/three.sql",
            "select period, nichts as value from periods",
        ),
    ]);
    // `two` rests on `one` and is not blamed for it.
    let files: Vec<&str> = found
        .iter()
        .filter_map(|p| Some(p.place.as_ref()?.file()))
        .collect();
    assert_eq!(
        files,
        ["rules/measures/one.sql", "rules/measures/three.sql"]
    );
}

#[test]
fn a_division_by_zero_names_the_file() {
    let engine = Engine::new(&Options::default()).unwrap();
    let found = engine
        .ad_hoc("select 1 / (x - x) as y from (values (1), (2)) t(x)")
        .unwrap_err();
    let problem = found.iter().next().unwrap();
    assert_eq!(problem.code.name, "sql-failed");
    assert_eq!(problem.message, "a division by zero");
    assert!(problem.help.as_ref().unwrap().contains("nullif"));
}

#[test]
fn more_than_one_row_per_customer_is_refused() {
    let mut workspace = workspace("");
    workspace.files = workspace.files.with(
        "rules/facts/mine.sql",
        "select b.customer_id, b.period, t.amount as mine
         from customer_base b join transactions t on t.customer_id = b.customer_id",
    );
    let inputs = [table(
        "transactions",
        "customer_id,date,amount\nA,2026-01-05,1\nA,2026-03-31,2",
    )];
    let engine = Engine::new(&Options::default()).unwrap();
    let (timeline, _) = crate::metrics::timeline(&workspace, &inputs).unwrap();
    let prepared = super::prepare(&engine, &workspace, timeline, &inputs).unwrap();
    let found = super::CustomerPeriods::compute(&engine, &prepared, &workspace.config).unwrap_err();
    let problem = found.iter().next().unwrap();
    assert_eq!(problem.code.name, "rows-per-key");
    assert_eq!(problem.subject.as_deref(), Some("customer A"));
}

#[test]
fn optional_tables_are_not_missing() {
    let inputs = [table(
        "transactions",
        "customer_id,date,amount\nA,2026-03-31,1",
    )];
    let outcome = run(&workspace(""), &inputs);
    let missing = |name: &str| outcome.measures[name].missing_tables.clone();
    assert!(missing("active_customers").is_empty());
    assert!(missing("revenue").is_empty());
    assert_eq!(missing("cost_of_sales"), ["channel_costs"]);
    assert_eq!(missing("strategic_accounts"), ["customers"]);
    assert!(
        outcome.measures["revenue"]
            .reads
            .contains(&"transactions".to_owned())
    );
}
