//! A typo in each of the five languages is refused before anything is read or written, with its
//! file, line and a suggestion, also where the data never lead.

use crate::project::{Project, Ran};

/// `check` and `run` both refuse, and nothing is published.
fn refused(project: &Project, code: &str, place: &str, suggestion: &str) {
    for verb in ["check", "run"] {
        let Ran { status, stderr, .. } = project.run(&[verb]);
        assert_eq!(status, 2, "{verb}: {stderr}");
        assert!(stderr.contains(code), "{verb}: no `{code}` in\n{stderr}");
        assert!(stderr.contains(place), "{verb}: no `{place}` in\n{stderr}");
        assert!(
            stderr.contains(suggestion),
            "{verb}: no `{suggestion}` in\n{stderr}"
        );
    }
    assert!(!project.path("reports").exists());
}

/// The 1-based line on which a text stands in a file of the workspace.
fn line_of(project: &Project, path: &str, text: &str) -> usize {
    let content = project.read(path);
    1 + content
        .lines()
        .position(|line| line.contains(text))
        .unwrap_or_else(|| panic!("{path} has no `{text}`"))
}

#[test]
fn a_typo_in_a_toml_key() {
    let project = Project::shop();
    project.edit("quarterdeck.toml", "currency = ", "curency = ");
    let line = line_of(&project, "quarterdeck.toml", "curency");
    refused(
        &project,
        "unknown-key",
        &format!("quarterdeck.toml:{line}:1"),
        "did you mean `currency`?",
    );
}

#[test]
fn a_typo_in_a_key_of_the_scorecard() {
    let project = Project::shop().with(
        "rules/scorecard.toml",
        "[[kpi]]\nid = \"C2\"\ntraget = 0.9\n",
    );
    refused(
        &project,
        "unknown-key",
        "rules/scorecard.toml:3:1",
        "did you mean `target`?",
    );
}

#[test]
fn a_typo_in_a_sql_column() {
    let project = Project::shop().with(
        "rules/measures/big_orders.sql",
        "select period,\n       count(*) filter (where revenu > 100) as value\nfrom customer_periods\ngroup by period\n",
    );
    refused(
        &project,
        "revenu",
        "rules/measures/big_orders.sql:2:31",
        "`revenue`",
    );
}

#[test]
fn a_typo_in_a_fact_in_a_branch_never_taken() {
    let project = Project::shop().with(
        "rules/segmentation.rhai",
        "fn segment(c, all) {\n    if c.orders < -1 {\n        return class(\"X\", `${c.recencydays}`);\n    }\n    class(\"Steady\", \"all alike\")\n}\n",
    );
    refused(
        &project,
        "recencydays",
        "rules/segmentation.rhai:3:",
        "did you mean `recency_days`?",
    );
}

#[test]
fn a_typo_in_a_function_in_a_branch_never_taken() {
    let project = Project::shop().with(
        "rules/segmentation.rhai",
        "fn segment(c, all) {\n    if c.orders < -1 {\n        return clas(\"X\", \"never\");\n    }\n    class(\"Steady\", \"all alike\")\n}\n",
    );
    refused(&project, "clas", "rules/segmentation.rhai:3:", "`class`");
}

#[test]
fn a_typo_in_a_function_that_scores_a_kpi() {
    let project = Project::shop()
        .with(
            "rules/scorecard.toml",
            "[[kpi]]\nid = \"C2\"\nscoring = \"script\"\nscript = \"by_stps\"\n",
        )
        .with("rules/scorecard.rhai", "fn by_steps(kpi) { 50 }\n");
    refused(
        &project,
        "unknown-kpi-function",
        "rules/scorecard.toml:4:10",
        "did you mean `by_steps`?",
    );
    project.edit("rules/scorecard.toml", "by_stps", "by_steps");
    project.write(
        "rules/scorecard.rhai",
        "fn by_steps(kpi) {\n    if false { return kpi.tagret; }\n    50\n}\n",
    );
    refused(
        &project,
        "unknown-fact",
        "rules/scorecard.rhai:2:27",
        "did you mean `target`?",
    );
}

#[test]
fn a_typo_in_a_template_field_in_a_branch_never_taken() {
    let project = Project::shop();
    let ejected = project.run(&["eject", "report-templates/scorecard.html"]);
    assert_eq!(ejected.status, 0, "{}", ejected.stderr);
    let page = project.read("report-templates/scorecard.html");
    let at = page.find("{% block").expect("the page is made of blocks");
    let at = at + page[at..].find("%}").unwrap() + 2;
    let typo = "{% if client.name == \"nobody\" %}{{ client.curency }}{% endif %}";
    project.write(
        "report-templates/scorecard.html",
        &format!("{}{typo}{}", &page[..at], &page[at..]),
    );
    let line = line_of(&project, "report-templates/scorecard.html", "curency");
    refused(
        &project,
        "curency",
        &format!("report-templates/scorecard.html:{line}:"),
        "currency",
    );
}

#[test]
fn all_mistakes_are_said_at_once() {
    let project = Project::shop()
        .with("rules/measures/a.sql", "select perod from periods")
        .with(
            "rules/scorecard.toml",
            "[[kpi]]\nid = \"C2\"\ntraget = 0.9\n",
        );
    let Ran { status, stderr, .. } = project.run(&["check"]);
    assert_eq!(status, 2);
    assert!(
        stderr.contains("perod") && stderr.contains("traget"),
        "{stderr}"
    );
}

#[test]
fn arguments_that_make_no_sense() {
    let project = Project::empty();
    assert_eq!(project.run(&["run", "nowhere"]).status, 2);
    assert_eq!(project.run(&["--period", "2569-Q1"]).status, 2);
    assert_eq!(project.run(&["frobnicate", "--x"]).status, 2);
    assert_eq!(project.run(&["--help"]).status, 0);
    assert_eq!(project.run(&["--version"]).status, 0);
}

#[test]
fn an_empty_folder_is_refused_with_what_to_do() {
    let project = Project::empty();
    let Ran { status, stderr, .. } = project.run(&["."]);
    assert_eq!(status, 2);
    assert!(stderr.contains("transactions"), "{stderr}");
}
