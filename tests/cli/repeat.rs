//! The same answer from the same input, an honest exit status, and never half a report.

use crate::project::Project;

#[test]
fn two_runs_give_the_same_bytes() {
    let project = Project::shop();
    let first = project.run(&["."]);
    assert_eq!(first.status, 0, "{}", first.stderr);
    let published = project.published();
    assert_eq!(project.run(&["."]).status, 0);
    let again = project.published();
    assert_eq!(
        published.iter().map(|(name, _)| name).collect::<Vec<_>>(),
        again.iter().map(|(name, _)| name).collect::<Vec<_>>()
    );
    for ((name, before), (_, after)) in published.iter().zip(&again) {
        assert!(before == after, "{name} differs between two runs");
    }
}

/// What was read is kept between runs; whether it is there, damaged or forbidden changes no byte.
#[test]
fn what_is_kept_of_inputs_changes_no_byte() {
    let project = Project::shop();
    assert_eq!(project.run(&["."]).status, 0);
    let published = project.published();
    let cache = project.path(".quarterdeck/cache");
    let entries: Vec<_> = std::fs::read_dir(&cache)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|entry| !entry.ends_with("in-use"))
        .collect();
    assert_eq!(entries.len(), 1);
    let mut damaged = std::fs::read(&entries[0]).unwrap();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    std::fs::write(&entries[0], damaged).unwrap();
    assert_eq!(project.run(&["."]).status, 0);
    assert!(project.published() == published, "a damaged entry was used");
    std::fs::remove_dir_all(&cache).unwrap();
    project.edit("quarterdeck.toml", "# cache = true", "cache = false");
    assert_eq!(project.run(&["."]).status, 0);
    assert!(
        project.published() == published,
        "without a cache it differs"
    );
    assert!(!cache.exists());
}

#[test]
fn the_inbox_is_only_read() {
    let project = Project::shop();
    let before = project.read("inbox/sales.csv");
    project.run(&["."]);
    assert_eq!(project.read("inbox/sales.csv"), before);
    assert_eq!(std::fs::read_dir(project.path("inbox")).unwrap().count(), 1);
}

#[test]
fn too_many_unreadable_rows_publish_nothing_and_leave_the_last_report() {
    let project = Project::shop();
    assert_eq!(project.run(&["."]).status, 0);
    let good = project.published();
    let broken = project.read("inbox/sales.csv").replace("2025-", "20x5-");
    project.write("inbox/sales.csv", &broken);
    let ran = project.run(&["."]);
    assert_eq!(ran.status, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("inbox/sales.csv"), "{}", ran.stderr);
    // What is handed back to be mended stands beside the reports, and is none.
    let (handed, reports): (Vec<_>, Vec<_>) = project
        .published()
        .into_iter()
        .partition(|(name, _)| name.starts_with("to-fix/"));
    assert!(reports == good, "the last good report was touched");
    assert!(!handed.is_empty());
}

#[test]
fn a_few_unreadable_rows_are_set_aside_and_counted() {
    let project = Project::shop();
    project.edit("inbox/sales.csv", "C001,2025-12-31", "C001,31/31/2025");
    project.edit("inbox/sales.csv", "C060,", "C060x,");
    let ran = project.run(&["run", "--period", "2025-Q3", "."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let strict = project.run(&["run", "--period", "2025-Q3", "--fail-on", "warning", "."]);
    assert_eq!(strict.status, 1, "{}", strict.stderr);
    let record = project.record("2025-Q3");
    let input = &record["inputs"][0];
    assert_eq!(input["rows_set_aside"], 1);
    let count = |kind: &str| input[format!("rows_{kind}")].as_u64().unwrap();
    let kinds = [
        "used",
        "set_aside",
        "duplicate",
        "unmatched",
        "out_of_period",
        "blank",
    ];
    assert_eq!(kinds.map(count).iter().sum::<u64>(), count("read"));
    assert!(count("out_of_period") > 0);
}

#[test]
fn a_second_run_waits_for_nobody_and_changes_nothing() {
    let project = Project::shop();
    assert_eq!(project.run(&["."]).status, 0);
    let good = project.published();
    let lock = std::fs::File::options()
        .write(true)
        .open(project.path(".quarterdeck/lock"))
        .unwrap();
    lock.lock().unwrap();
    let ran = project.run(&["."]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("another run"), "{}", ran.stderr);
    assert!(project.published() == good);
    assert_eq!(project.run(&["query", "select 1 as one"]).status, 0);
}

#[test]
fn what_lies_after_the_period_is_in_none_of_its_figures() {
    let project = Project::shop();
    let figures = |project: &Project| {
        project.run(&["run", "--period", "2024-Q4", "."]);
        let record = project.record("2024-Q4");
        (record["kpis"].clone(), record["nodes"].clone())
    };
    let before = figures(&project);
    let later = project.read("inbox/sales.csv") + "C777,2026-05-05,99999,tea,shop\n";
    project.write("inbox/sales.csv", &later);
    assert!(
        before == figures(&project),
        "a later purchase changed an earlier period"
    );
}

#[test]
fn the_language_of_the_reports_does_not_change_how_files_are_read() {
    // In a Thai file `4,800` is four thousand eight hundred; in a Vietnamese one it would be 4.8.
    let project = Project::empty()
        .with(
            "quarterdeck.toml",
            "[client]\nlanguage = \"th\"\ncurrency = \"THB\"\n",
        )
        .with(
            "inbox/sales.csv",
            "Customer ID,Date,Amount\nA,2026-01-05,\"4,800\"\nB,2026-03-31,\"1,200\"\n",
        );
    let sql = "select sum(amount) as amount from transactions";
    for language in ["th", "vi", "en"] {
        let arguments = ["query", sql, "--format", "csv", "--language", language];
        let ran = project.run(&arguments);
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        assert_eq!(ran.stdout, "amount\n6000.00\n", "{language}");
    }
}
