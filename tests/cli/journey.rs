//! What the README tells a consultant to do, done.

use calamine::{Data, Reader, Xlsx, open_workbook};

use crate::project::Project;

/// All texts and numbers of a sheet, row by row.
fn sheet(project: &Project, path: &str, index: usize) -> Vec<Vec<Data>> {
    let mut workbook: Xlsx<_> = open_workbook(project.path(path)).unwrap();
    let name = workbook.sheet_names()[index].clone();
    let range = workbook.worksheet_range(&name).unwrap();
    range.rows().map(<[Data]>::to_vec).collect()
}

/// The number in a column of the row whose first cell is an id.
fn number(rows: &[Vec<Data>], id: &str, column: usize) -> Option<f64> {
    rows.iter()
        .find(|row| row.first().is_some_and(|cell| *cell == *id))
        .and_then(|row| match row.get(column) {
            Some(Data::Float(number)) => Some(*number),
            _ => None,
        })
}

#[test]
fn a_changed_threshold_and_a_changed_target_reach_every_report() {
    let project = Project::shop();
    let ran = project.run(&["."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(project.path("reports/index.html").exists());
    let classes = "select segment, count(*) as n from customer_periods \
                   where period = '2025-Q4' and is_closing group by segment order by segment";
    let before = project.query(classes);

    let ejected = project.run(&["eject", "rules/segmentation.rhai"]);
    assert_eq!(ejected.status, 0, "{}", ejected.stderr);
    project.edit(
        "rules/segmentation.rhai",
        "EARNERS.quantile(0.80)",
        "EARNERS.quantile(0.40)",
    );
    project.write(
        "rules/scorecard.toml",
        "[[kpi]]\nid = \"C2\"\ntarget = 0.815\nfloor = 0.415\ntarget-source = \"agreed on 5 January\"\n",
    );
    let ran = project.run(&["."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);

    let after = project.query(classes);
    assert_ne!(before, after, "the threshold moved nobody");
    let mvc = after.iter().find(|row| row["segment"] == "MVC").unwrap();
    let mvc = mvc["n"].as_u64().unwrap();

    let record = project.record("2025-Q4");
    let kpi = record["kpis"]
        .as_array()
        .unwrap()
        .iter()
        .find(|kpi| kpi["id"] == "C2")
        .unwrap();
    assert_eq!(kpi["target"], 0.815);
    let rules: Vec<_> = record["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| rule["path"].as_str().unwrap())
        .collect();
    assert!(rules.contains(&"rules/segmentation.rhai"), "{rules:?}");

    let page = project.read("reports/2025-Q4/scorecard.html");
    assert!(page.contains("81.5%"), "the target is not on the page");
    let page = project.read("reports/2025-Q4/customers.html");
    assert!(
        page.contains("MVC") && page.contains(&format!(">{mvc}<")),
        "{mvc} MVC not on the page"
    );

    let scorecard = sheet(&project, "reports/2025-Q4/scorecard.xlsx", 1);
    assert_eq!(number(&scorecard, "C2", 3), Some(0.815), "{scorecard:?}");
    let mut workbook: Xlsx<_> =
        open_workbook(project.path("reports/2025-Q4/customers.xlsx")).unwrap();
    let customers = workbook.worksheet_range("Customers").unwrap();
    let in_workbook = customers
        .rows()
        .filter(|row| row.iter().any(|cell| *cell == *"MVC"))
        .count() as u64;
    assert!(
        in_workbook >= mvc,
        "{in_workbook} rows of class MVC for {mvc} active ones"
    );
}

#[test]
fn every_language_is_printed() {
    let project = Project::shop();
    for (language, word) in [("en", "scorecard"), ("th", "สกอร์การ์ด"), ("vi", "Thẻ điểm")]
    {
        let ran = project.run(&["run", "--language", language, "."]);
        assert_eq!(ran.status, 0, "{language}: {}", ran.stderr);
        let page = project.read("reports/2025-Q4/scorecard.html");
        assert!(page.contains(&format!("lang=\"{language}\"")));
        assert!(page.contains(word), "{language}");
    }
}

#[test]
fn explain_shows_the_line_that_decided_and_the_rows_behind() {
    let project = Project::shop();
    let ran = project.run(&["explain", "C014"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    for part in [
        "C014",
        "2025-Q4",
        "rules/segmentation.rhai:",
        "actual_value",
        "inbox/sales.csv",
    ] {
        assert!(ran.stdout.contains(part), "no {part} in\n{}", ran.stdout);
    }
    let unknown = project.run(&["explain", "C0140"]);
    assert_eq!(unknown.status, 2);
    assert!(unknown.stderr.contains("C014"), "{}", unknown.stderr);
}

#[test]
fn explain_says_what_a_code_means_and_how_a_kpi_is_made() {
    let project = Project::shop();
    let ran = project.run(&["explain", "--code", "unknown-key"]);
    assert!(ran.status == 0 && ran.stdout.contains("unknown-key"));
    let ran = project.run(&["explain", "--kpi", "C2"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("rules/measures/"), "{}", ran.stdout);
}

#[test]
fn query_reads_everything_and_changes_nothing() {
    let project = Project::shop();
    let rows = project.query("select period, sum(amount) as revenue from periods p join transactions t on t.date between p.starts and p.ends group by period order by period");
    assert_eq!(rows.len(), 8);
    assert!(rows[0]["revenue"].is_string(), "money is exact: {rows:?}");
    let csv = project.run(&["query", "select 1 as a, 'x' as b", "--format", "csv"]);
    assert_eq!(csv.stdout, "a,b\n1,x\n");
    for refused in [
        "drop table periods",
        "copy periods to 'x.csv'",
        "set x = 1",
        "create table t as select 1",
    ] {
        assert_eq!(project.run(&["query", refused]).status, 2, "{refused}");
    }
    assert!(!project.path("reports").exists());
}

#[test]
fn a_folder_without_settings_runs_on_printed_defaults() {
    let project = Project::empty();
    let sales = Project::shop().read("inbox/sales.csv");
    project.write("sales.csv", &sales);
    let ran = project.run(&["."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let page = project.read("reports/2025-Q4/scorecard.html");
    assert!(
        page.contains("activity.window-months"),
        "defaults are not printed"
    );
    // Its own reports are no input of the next run.
    assert_eq!(project.run(&["."]).status, 0);
    let record = project.record("2025-Q4");
    assert_eq!(record["inputs"].as_array().unwrap().len(), 1);
}
