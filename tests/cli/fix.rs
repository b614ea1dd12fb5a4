//! `check --fix` prints declarations that settle what is unclear: appended to the settings they are
//! all it takes.

use crate::project::Project;

const UNCLEAR: [(&str, &str); 6] = [
    // A header misspelled, in a folder; another file has the same name.
    (
        "inbox/north/a.csv",
        "Customer ID,Date,Amuont\nC1,2026-01-05,10\n",
    ),
    ("inbox/a.csv", "Customer ID,Date,Amount\nC2,2026-01-05,10\n"),
    // Nothing that is known: the cells tell.
    (
        "inbox/who.csv",
        "Report of the shop\n\nWho,When,Paid,Where\nC3,05/01/2026,\"1,250.00\",Silom\nC4,25/01/2026,80.50,Ari\n",
    ),
    // Two tables have these headers.
    ("inbox/b.csv", "Customer ID,Period,Amount\nC1,2026,5\n"),
    // Two headers may be the date, and two the branch.
    (
        "inbox/c.csv",
        "Customer ID,Sale Date,Purchase Date,Amount,Store,Shop\nC5,2026-01-01,2026-01-02,5,S1,S2\n",
    ),
    // Not a table, beside none.
    ("inbox/note.csv", "made by,the shop\n"),
];

#[test]
fn what_fix_prints_settles_what_is_unclear() {
    let mut project = Project::empty().with("quarterdeck.toml", "[client]\nname = \"A\"\n");
    for (path, text) in UNCLEAR {
        project = project.with(path, text);
    }
    let before = project.run(&["check"]);
    assert_eq!(before.status, 2, "{}", before.stderr);
    assert!(
        before
            .stdout
            .contains("`quarterdeck check --fix` prints what would settle 4 of the sheets"),
        "{}",
        before.stdout
    );
    let fix = project.run(&["check", "--fix"]).stdout;
    let parsed: toml::Table = fix.parse().unwrap();
    assert_eq!(
        parsed["input"]["file"].as_array().unwrap().len(),
        4,
        "{fix}"
    );
    for said in [
        "# `date` may also be \"Purchase Date\"",
        "# it may also be table `retention_spend`",
        "# no header of it is known: a guess by what its cells hold",
        "# `amount` by what \"Paid\" holds",
        "match = \"./north/a.csv\"",
    ] {
        assert!(fix.contains(said), "{fix}");
    }
    let settings = project.read("quarterdeck.toml");
    let project = project.with("quarterdeck.toml", &format!("{settings}{fix}"));
    let after = project.run(&["check"]);
    assert_eq!(after.status, 0, "{}\n{fix}", after.stderr);
    for (path, table) in [
        ("inbox/north/a.csv", "transactions"),
        ("inbox/a.csv", "transactions"),
        ("inbox/who.csv", "transactions"),
        ("inbox/b.csv", "wallet"),
        ("inbox/c.csv", "transactions"),
    ] {
        assert!(
            after.stdout.contains(&format!("{path}: {table}, headers")),
            "{}\n{fix}",
            after.stdout
        );
    }
    assert_eq!(project.run(&["check", "--fix"]).stdout, "");
    let sum = "select count(*) as n, sum(amount) as total from transactions";
    let read = project.run(&["query", sum, "--format", "csv"]);
    assert!(
        read.stdout.contains("5,1355.50"),
        "{}{}",
        read.stdout,
        read.stderr
    );
}

#[test]
fn a_declaration_that_is_not_right_is_to_be_put_right() {
    let project = Project::empty()
        .with(
            "quarterdeck.toml",
            "[[input.file]]\nmatch = \"*.csv\"\ncolumns = { customer_id = \"Code No\" }\ndates = \"M/D/Y\"\n",
        )
        .with("inbox/a.csv", "Code,Date,Amount\nC1,01/02/2026,5\n");
    let fix = project.run(&["check", "--fix"]).stdout;
    assert!(
        fix.contains("# put it before the [[input.file]] at quarterdeck.toml:1:1"),
        "{fix}"
    );
    let settings = project.read("quarterdeck.toml");
    let project = project.with("quarterdeck.toml", &format!("{fix}{settings}"));
    let after = project.run(&["check"]);
    assert_eq!(after.status, 0, "{}\n{fix}", after.stderr);
    let read = project.run(&["query", "select date from transactions", "--format", "csv"]);
    assert!(read.stdout.contains("2026-01-02"), "{}", read.stdout);
}
