//! The rules as a whole: what `check` refuses, what a run gives, what `explain` shows.

mod documented;
mod kpi;
mod lowered;
mod profiles;
mod shipped;

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array,
    StringViewArray, UInt32Array,
};
use datafusion::arrow::compute::take_record_batch;
use datafusion::arrow::record_batch::RecordBatch;

use super::*;
use crate::calendar::Quarter;
use crate::diagnostics::{Severity, codes::rules as codes};
use crate::message::{Argument, Message};

const SCORE: &str = "fn score(c, all) { scorecard([]) }";
const ACTIONS: &str = "fn actions(c, all) { [] }";
const PROFILES: &str = "fn profile(c, all) { [] }";

/// Facts of customers A, B, C, … in 2026-Q3 with these actual values; `nps` is known of A alone.
fn facts(values: &[Option<f64>]) -> RecordBatch {
    facts_of(values, |_| "2026-Q3")
}

fn facts_of(values: &[Option<f64>], period: impl Fn(usize) -> &'static str) -> RecordBatch {
    let n = values.len();
    let id = |at: usize| {
        let letter = char::from(b'A' + (at % 26) as u8);
        match at / 26 {
            0 => letter.to_string(),
            round => format!("{letter}{round}"),
        }
    };
    let cents = |x: &Option<f64>| x.map(|x| (x * 100.0).round() as i128);
    let money: Decimal128Array = values.iter().map(cents).collect();
    let money = money.with_precision_and_scale(38, 2).unwrap();
    // 2026-09-01 is day 20,697 after 1970-01-01.
    let columns: Vec<(&str, ArrayRef)> = vec![
        (
            "customer_id",
            Arc::new((0..n).map(|at| Some(id(at))).collect::<StringViewArray>()),
        ),
        (
            "period",
            Arc::new(
                (0..n)
                    .map(|at| Some(period(at)))
                    .collect::<StringViewArray>(),
            ),
        ),
        ("actual_value", Arc::new(money)),
        ("orders", Arc::new((0..n as i64).collect::<Int64Array>())),
        (
            "recency_days",
            Arc::new((0..n as i64).map(|at| at * 10).collect::<Int64Array>()),
        ),
        (
            "nps",
            Arc::new(
                (0..n)
                    .map(|at| (at == 0).then_some(9.0))
                    .collect::<Float64Array>(),
            ),
        ),
        (
            "is_closing",
            Arc::new((0..n).map(|at| Some(at % 2 == 0)).collect::<BooleanArray>()),
        ),
        (
            "branch",
            Arc::new(
                (0..n)
                    .map(|at| Some(["north", "south"][at % 2]))
                    .collect::<StringViewArray>(),
            ),
        ),
        (
            "last_purchase",
            Arc::new(
                (0..n as i32)
                    .map(|at| Some(20_697 - at))
                    .collect::<Date32Array>(),
            ),
        ),
    ];
    RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )
    .unwrap()
}

fn files(segment: &str) -> Files {
    Files::built_in()
        .with("rules/segmentation.rhai", segment)
        .with("rules/scoring.rhai", SCORE)
        .with("rules/actions.rhai", ACTIONS)
        .with("rules/profiles.rhai", PROFILES)
}

fn problems(files: &Files) -> Vec<Diagnostic> {
    let mut problems = Diagnostics::new();
    let batch = facts(&[Some(1.0)]);
    let rules = Rules::compile(files, &batch.schema(), Settings::default(), &mut problems);
    assert_eq!(rules.is_none(), problems.has_errors());
    problems.into_iter().collect()
}

fn compiled(files: &Files, batch: &RecordBatch) -> Rules {
    let mut problems = Diagnostics::new();
    let rules = Rules::compile(files, &batch.schema(), Settings::default(), &mut problems);
    rules.unwrap_or_else(|| panic!("{problems:#?}"))
}

/// What rules found for each row, and over all.
struct Found {
    rows: Assignments,
    all: Findings,
}

impl std::ops::Deref for Found {
    type Target = Assignments;

    fn deref(&self) -> &Assignments {
        &self.rows
    }
}

/// The rules run over these facts alone.
fn assigned(rules: &Rules, facts: &Arc<Facts>, acted: Acted) -> Found {
    let mut assigner = rules.assigner(acted);
    Found {
        rows: assigner.assign(facts),
        all: assigner.finish(),
    }
}

/// Runs `segment` with this body over customers of these values.
fn run(body: &str, values: &[Option<f64>]) -> (Rules, Arc<Facts>, Found) {
    let batch = facts(values);
    let rules = compiled(
        &files(&format!("fn segment(c, all) {{\n{body}\n}}")),
        &batch,
    );
    let facts = rules.facts(&batch).unwrap();
    let found = assigned(&rules, &facts, Acted::Every);
    (rules, facts, found)
}

/// What an expression comes to for customer A among values 1 to 10, as text.
fn value(expression: &str) -> Result<String, String> {
    let values: Vec<_> = (1..=10).map(|x| Some(f64::from(x))).collect();
    let (_, _, found) = run(&format!("class(`${{{expression}}}`)"), &values);
    match found.all.failures.first() {
        Some(failure) => Err(failure.diagnostic.message.clone()),
        None => Ok(found.segment(0).unwrap().to_owned()),
    }
}

fn place(diagnostic: &Diagnostic) -> String {
    diagnostic.place.as_ref().unwrap().to_string()
}

#[test]
fn a_typo_in_a_fact_is_refused_where_it_never_runs() {
    let found = problems(&files(
        "fn segment(c, all) {\n    if false {\n        return class(\"A\", \"x\", #{ d: c.recencydays });\n    }\n    class(\"B\")\n}",
    ));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].code, &codes::UNKNOWN_FACT);
    assert_eq!(place(&found[0]), "rules/segmentation.rhai:3:40");
    assert_eq!(
        found[0].help.as_deref(),
        Some("did you mean `recency_days`?")
    );
}

#[test]
fn a_typo_in_a_function_is_refused_where_it_never_runs() {
    let found = problems(&files(
        "fn segment(c, all) {\n    switch c.branch {\n        \"nowhere\" => clas(\"A\"),\n        _ => class(\"B\"),\n    }\n}",
    ));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].code, &codes::UNKNOWN_FUNCTION);
    assert_eq!(place(&found[0]), "rules/segmentation.rhai:3:22");
    assert_eq!(found[0].help.as_deref(), Some("did you mean `class`?"));
}

#[test]
fn every_mistake_is_found_at_once_whatever_the_receiver() {
    let found = problems(&files(
        r#"fn segment(c, all) {
    let x = all.actual_valeu.positive().quantil(0.8);
    let y = all.branch;
    let z = c.get("npx", 0) + helper(c);
    let w = c.segment;
    if c.has("recency") { x = c["ordres"]; }
    let v = all.like(c, "orders", "brnch").count;
    let u = c.get("nps");
    class("A", "reason.below-zeroo")
}
fn helper(customer) {
    customer.last_purchase.yaer + customer.count + segment(1)
}"#,
    ));
    let seen: Vec<(String, &str)> = found
        .iter()
        .map(|d| (place(d), d.message.as_str()))
        .collect();
    let at = |line: usize, column: usize| format!("rules/segmentation.rhai:{line}:{column}");
    assert_eq!(
        seen,
        [
            (at(2, 17), "there is no fact `actual_valeu`"),
            (at(2, 41), "there is no function `quantil`"),
            (
                at(3, 17),
                "a population has no figures of `branch`, which is not a number"
            ),
            (at(4, 19), "there is no fact `npx`"),
            (at(5, 15), "`segment` is not known yet when `segment` runs"),
            (at(6, 14), "there is no fact `recency`"),
            (at(6, 33), "there is no fact `ordres`"),
            (at(7, 35), "there is no fact `brnch`"),
            (
                at(8, 15),
                "`get` takes 3 arguments, counting what stands before the dot, not 2"
            ),
            (at(12, 28), "there is no fact `yaer`"),
            (at(12, 44), "there is no fact `count`"),
            (
                at(12, 52),
                "`segment` takes 2 arguments, counting what stands before the dot, not 1"
            ),
            (
                at(9, 16),
                "the text `reason.below-zeroo` is missing from the catalogue of en, th, vi"
            ),
        ]
    );
    let help = |at: usize| found[at].help.as_deref();
    assert_eq!(help(0), Some("did you mean `actual_value`?"));
    assert_eq!(help(9), Some("did you mean `year`?"));
    assert_eq!(help(12), Some("did you mean `reason.below-zero`?"));
    assert_eq!(found[12].severity, Severity::Warning);
}

#[test]
fn a_text_whose_placeholder_is_not_filled_is_warned_of() {
    let found = problems(&files(
        "fn segment(c, all) { class(\"A\", \"reason.top-fifth\", #{ value: money(1) }) }",
    ));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].message, "the text `reason.top-fifth` needs `cut`");
}

#[test]
fn the_entry_point_must_be_there_and_take_two() {
    let missing = problems(&files("fn segmnt(c, all) { class(\"A\") }"));
    assert_eq!(missing[0].code, &codes::MISSING_RULE);
    assert_eq!(
        missing[0].help.as_deref(),
        Some("rename `segmnt` to `segment`")
    );
    let one = problems(&files("fn segment(c) { class(\"A\") }"));
    assert_eq!(one[0].code, &codes::MISSING_RULE);
    assert_eq!(place(&one[0]), "rules/segmentation.rhai:1:15");
}

#[test]
fn the_sandbox_is_closed() {
    for (line, word) in [
        ("eval(\"1\")", "eval"),
        ("import \"x\" as y", "import"),
        ("print(\"x\")", "print"),
        ("debug(\"x\")", "debug"),
        ("Fn(\"segment\")", "Fn"),
    ] {
        let found = problems(&files(&format!(
            "fn segment(c, all) {{\n    {line};\n    class(\"A\")\n}}"
        )));
        assert_eq!(found[0].code, &codes::RULE_SYNTAX, "{line}: {found:?}");
        assert_eq!(
            found[0].message,
            format!("`{word}` is not available in rules")
        );
    }
    for call in ["sleep(1)", "timestamp()", "exit()", "parse_json(\"1\")"] {
        let found = problems(&files(&format!(
            "fn segment(c, all) {{ {call}; class(\"A\") }}"
        )));
        assert_eq!(found[0].code, &codes::UNKNOWN_FUNCTION, "{call}");
    }
}

#[test]
fn a_fact_without_its_customer_is_understood() {
    let found = problems(&files(
        "fn segment(c, all) {\n    if recency_days > 3 { class(\"A\") } else { class(\"B\") }\n}",
    ));
    assert_eq!(found[0].code, &codes::RULE_SYNTAX);
    assert_eq!(place(&found[0]), "rules/segmentation.rhai:2:8");
    assert_eq!(
        found[0].help.as_deref(),
        Some("a fact is read from the customer: `c.recency_days`")
    );
}

/// Nothing is greater than 3, `"10"` is not greater than `9`, and `7 / 2` is 3 in plain rhai, all
/// without a word.
#[test]
fn the_traps_of_rhai_are_errors_or_mean_what_they_say() {
    let wrong = |expression: &str, message: &str| {
        assert_eq!(value(expression), Err(message.to_owned()), "{expression}");
    };
    wrong("() > 3", "`>` compares nothing with a whole number");
    wrong("\"10\" > 9", "`>` compares text with a whole number");
    wrong("c.branch == 5.0", "`==` compares text with a number");
    wrong(
        "c.last_purchase < 3",
        "`<` compares a date with a whole number",
    );
    wrong(
        "c.branch == 'n'",
        "`==` compares text with a single character (texts stand in double quotes)",
    );
    wrong("1 / 0", "a division by zero");
    wrong("1.0 / 0.0", "a division by zero");
    wrong("\"a\" + 1", "`+` does not go with text and a whole number");
    wrong("9223372036854775807 + 1", "a whole number grew too large");
    wrong(
        "all.nps.above(100).mean()",
        "there is no mean of some `nps`: nobody in the population has such a value; ask `count()` first",
    );
    assert_eq!(value("7 / 2").as_deref(), Ok("3.5"));
    assert_eq!(value("2 ** 10").as_deref(), Ok("1024"));
    assert_eq!(value("c.orders / 1 < 0.5 && !false").as_deref(), Ok("true"));
    assert_eq!(
        value("{ let x = 1; x += 2; x -= 0.5; x *= 2; x }").as_deref(),
        Ok("5")
    );
    assert_eq!(value("-c.actual_value").as_deref(), Ok("-1"));
    assert_eq!(
        value("c.branch == \"north\" && \"nor\" in c.branch").as_deref(),
        Ok("true")
    );
    assert_eq!(value("c.last_purchase").as_deref(), Ok("2026-09-01"));
    assert_eq!(value("all.ends - c.last_purchase").as_deref(), Ok("29"));
    assert_eq!(
        value("all.ends.days_since(date(2026, 1, 1))").as_deref(),
        Ok("272")
    );
}

/// Values 1 to 10: the 80th percentile (type 1) is 8, the mean 5.5, the median 5.
#[test]
fn figures_of_a_population() {
    for (expression, expected) in [
        ("all.count", "10"),
        ("all.period", "2026-Q3"),
        ("all.actual_value.quantile(0.80)", "8"),
        ("all.actual_value.median()", "5"),
        ("all.actual_value.mean()", "5.5"),
        ("all.actual_value.sum()", "55"),
        ("all.actual_value.above(7).count()", "3"),
        ("all.actual_value.above(7).sum()", "27"),
        ("all.actual_value.below(3).max()", "2"),
        ("all.actual_value.above(2).below(5).mean()", "3.5"),
        ("all.actual_value.positive().min()", "1"),
        ("all.nps.count()", "1"),
        ("all.is_closing.mean()", "0.5"),
        ("all.value_band", "0.055"),
        // A, C, E, G, I are of the north: 1 + 3 + 5 + 7 + 9.
        ("all.like(c, \"branch\").actual_value.sum()", "25"),
        // The quartile cut points of 1 to 10 are 3, 5, 8: A is with 1, 2, 3, of whom the north has 1 and 3.
        (
            "all.like(c, \"branch\", \"actual_value\").actual_value.max()",
            "3",
        ),
        ("all.like(c, \"actual_value\").count", "3"),
    ] {
        assert_eq!(value(expression).as_deref(), Ok(expected), "{expression}");
    }
    assert!(value("all.nps.quantile(1.5)").is_err());
}

#[test]
fn a_missing_fact_names_the_customer_and_the_line() {
    let (_, _, found) = run(
        "let a = 1;\nif c.nps >= 9 { return class(\"A\"); }\nclass(\"B\")",
        &[Some(1.0); 8],
    );
    assert_eq!(found.segment(0), Some("A"));
    assert_eq!(found.segment(1), None);
    assert_eq!(found.all.failures.len(), 1);
    let failure = &found.all.failures[0];
    assert_eq!(failure.diagnostic.code, &codes::MISSING_FACT);
    assert_eq!(failure.diagnostic.message, "the fact `nps` is missing");
    assert_eq!(place(&failure.diagnostic), "rules/segmentation.rhai:3:6");
    assert_eq!(
        failure.diagnostic.subject.as_deref(),
        Some("customer B, 2026-Q3")
    );
    assert_eq!(failure.diagnostic.count, 7);
    let named: Vec<&str> = failure
        .customers
        .iter()
        .map(|(_, id)| id.as_str())
        .collect();
    assert_eq!(named, ["B", "C", "D", "E", "F"]);
}

#[test]
fn a_missing_fact_can_be_asked_for() {
    let (_, _, found) = run(
        "if c.has(\"nps\") { class(\"asked\") } else { class(`${c.get(\"nps\", -1)}`) }",
        &[Some(1.0); 2],
    );
    assert_eq!(
        (found.segment(0), found.segment(1)),
        (Some("asked"), Some("-1"))
    );
    assert!(found.all.failures.is_empty());
}

#[test]
fn the_place_of_a_failure_is_the_innermost_line() {
    let batch = facts(&[Some(1.0)]);
    let rules = compiled(
        &files(
            "fn segment(c, all) {\n    helper(c)\n}\nfn helper(c) {\n    let x = 1;\n    class(1 / (x - 1))\n}",
        ),
        &batch,
    );
    let facts = rules.facts(&batch).unwrap();
    let found = assigned(&rules, &facts, Acted::Every);
    assert_eq!(
        place(&found.all.failures[0].diagnostic),
        "rules/segmentation.rhai:6:13"
    );
}

#[test]
fn limits_stop_what_does_not_end() {
    for (body, message) in [
        ("loop { }", "the rule took more than 50000 steps"),
        (
            "let s = \"ab\"; for i in 0..40 { s += s; }",
            "a text or a list grew larger than a rule may make one",
        ),
        (
            "let l = []; for i in 0..2000 { l.push(i); }",
            "a text or a list grew larger than a rule may make one",
        ),
        ("deep(1);", "functions called each other more than 32 deep"),
    ] {
        let batch = facts(&[Some(1.0); 3]);
        let text = format!(
            "fn deep(x) {{ deep(x + 1) }}\nfn segment(c, all) {{\n{body}\nclass(\"A\")\n}}"
        );
        let rules = compiled(&files(&text), &batch);
        let facts = rules.facts(&batch).unwrap();
        let found = assigned(&rules, &facts, Acted::Every);
        let failure = &found.all.failures[0].diagnostic;
        assert_eq!(failure.code, &codes::RULE_LIMIT, "{body}");
        assert_eq!(failure.message, message);
        assert!(
            place(failure).starts_with("rules/segmentation.rhai:"),
            "{}",
            place(failure)
        );
        // The first ends the batch: the limit is not paid for every customer.
        assert_eq!(failure.count, 1);
    }
}

#[test]
fn an_answer_of_another_kind_is_refused() {
    let (_, _, found) = run(
        "if c.orders > 0 { return 5; }\nclass(\"A\")",
        &[Some(1.0); 2],
    );
    let failure = &found.all.failures[0].diagnostic;
    assert_eq!(failure.code, &codes::RULE_ANSWER);
    assert_eq!(
        failure.message,
        "`segment` gave a whole number; every path through it must end in class(…)"
    );
    assert_eq!(place(failure), "rules/segmentation.rhai:1:20");
}

#[test]
fn constants_of_a_file_are_known_to_its_functions() {
    let batch = facts(&[Some(1.0), Some(9.0)]);
    let text = "const BAR = all.actual_value.mean();\nfn segment(c, all) {\n    if c.actual_value >= global::BAR { class(\"high\") } else { class(\"low\") }\n}";
    let rules = compiled(&files(text), &batch);
    let facts = rules.facts(&batch).unwrap();
    let found = assigned(&rules, &facts, Acted::Every);
    assert_eq!(
        (found.segment(0), found.segment(1)),
        (Some("low"), Some("high"))
    );
}

#[test]
fn a_constant_that_fails_is_said_at_its_line() {
    let batch = facts(&[Some(-1.0); 3]);
    let text =
        "const TOP = all.actual_value.positive().max();\nfn segment(c, all) { class(\"A\") }";
    let rules = compiled(&files(text), &batch);
    let facts = rules.facts(&batch).unwrap();
    let found = assigned(&rules, &facts, Acted::Every);
    let failure = &found.all.failures[0].diagnostic;
    assert_eq!(place(failure), "rules/segmentation.rhai:1:41");
    assert_eq!(failure.count, 3);
    let typo = problems(&files(
        "const TOP = all.actual_valu.mean();\nfn segment(c, all) { class(\"A\") }",
    ));
    assert_eq!(typo[0].code, &codes::UNKNOWN_FACT);
    assert_eq!(place(&typo[0]), "rules/segmentation.rhai:1:17");
}

#[test]
fn a_rule_that_nobody_meets_is_remarked_on() {
    let (_, _, found) = run(
        "if c.actual_value > 100.0 {\n    return class(\"Whale\");\n}\nclass(\"Fish\")",
        &[Some(1.0), Some(2.0)],
    );
    assert_eq!(found.all.remarks.len(), 1);
    assert_eq!(
        found.all.remarks[0].message,
        "no customer of any period came to `Whale` here"
    );
    assert_eq!(place(&found.all.remarks[0]), "rules/segmentation.rhai:3:12");
}

#[test]
fn actions_are_for_the_periods_asked_for_and_scores_for_all() {
    let batch = facts_of(&[Some(1.0); 4], |at| ["2026-Q2", "2026-Q3"][at / 2]);
    let files = Files::built_in()
        .with("rules/segmentation.rhai", "fn segment(c, all) { class(c.branch) }")
        .with(
            "rules/scoring.rhai",
            "fn score(c, all) { scorecard([strength(\"s\", 1, points(c, \"recency_days\", [10, 20, 30, 40])), attractiveness(\"a\", 1, points(c, \"nps\", [1, 2, 3, 4]))]) }",
        )
        .with(
            "rules/actions.rhai",
            "fn actions(c, all) { if c.strength > 60 { return [action(\"Ring them.\"), action(\"action.keep\", #{ who: c.segment, since: c.last_purchase })]; } [] }",
        );
    let rules = compiled(&files, &batch);
    let facts = rules.facts(&batch).unwrap();
    let only = Acted::Only(BTreeSet::from([Quarter {
        year: 2026,
        number: 3,
    }]));
    let found = assigned(&rules, &facts, only);
    assert!(found.all.failures.is_empty(), "{:#?}", found.all.failures);
    assert_eq!(found.classes(), BTreeSet::from(["north", "south"]));
    // Recency 0, 10, 20, 30 days: 1, 2, 3, 4 points.
    let strength: Vec<_> = (0..4).map(|row| found.strength(row)).collect();
    assert_eq!(strength, [0.0, 25.0, 50.0, 75.0].map(Some));
    assert_eq!(found.attractiveness(2), None);
    assert!(found.actions(1).is_empty() && found.actions(2).is_empty());
    let expected = Message::key("action.keep")
        .with("since", Argument::Date("2026-08-29".parse().unwrap()))
        .with("who", Argument::Text("south".to_owned()));
    assert_eq!(
        found.actions(3),
        [Message::Plain("Ring them.".to_owned()), expected]
    );
    let columns = found.columns();
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        ["segment", "segment_reason", "strength", "attractiveness"]
    );
    assert!(columns.iter().all(|(_, array)| array.len() == 4));
    assert_eq!(columns[2].1.null_count(), 0);
}

/// Ten thousand customers of three periods, on one core and on four, and with the rows reversed.
#[test]
fn the_result_does_not_depend_on_cores_or_the_order_of_rows() {
    let values: Vec<Option<f64>> = (0..10_000)
        .map(|at| Some(f64::from(at * 7919 % 10_007) - 500.0))
        .collect();
    let batch = facts_of(&values, |at| ["2026-Q1", "2026-Q2", "2026-Q3"][at % 3]);
    let body = "fn segment(c, all) { if c.actual_value < 0.0 { let x = c.nps; } if c.actual_value >= all.actual_value.positive().quantile(0.8) { class(\"top\", \"because\") } else { class(\"rest\", \"reason.below-zero\", #{ value: money(c.actual_value) }) } }";
    let rules = compiled(&files(body), &batch);
    let assign = |batch: &RecordBatch, threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let facts = rules.facts(batch).unwrap();
        let found = pool.install(|| assigned(&rules, &facts, Acted::Every));
        let mut rows: Vec<_> = (0..facts.len())
            .map(|row| {
                let id = (facts.period(row), facts.customer(row).to_owned());
                (id, found.segment(row).map(str::to_owned), found.reason(row))
            })
            .collect();
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        let failures: Vec<_> = found
            .all
            .failures
            .iter()
            .map(|f| {
                (
                    f.diagnostic.subject.clone(),
                    f.diagnostic.count,
                    f.customers.clone(),
                )
            })
            .collect();
        (rows, failures)
    };
    let one = assign(&batch, 1);
    assert_eq!(one.1.len(), 1);
    assert!(one == assign(&batch, 4));
    let backwards: UInt32Array = (0..batch.num_rows() as u32).rev().collect();
    let backwards = take_record_batch(&batch, &backwards).unwrap();
    assert!(one == assign(&backwards, 3));
}

#[test]
fn explain_shows_the_line_that_decided() {
    let values: Vec<_> = (1..=10).map(|x| Some(f64::from(x))).collect();
    let (rules, facts, _) = run(
        "let bar = all.actual_value.positive().quantile(0.80);\nif c.actual_value >= bar {\n    return class(\"MVC\", \"reason.top-fifth\", #{ value: money(c.actual_value), cut: money(bar) });\n}\nclass(\"Steady\")",
        &values,
    );
    let row = facts
        .row_of(
            "I",
            Quarter {
                year: 2026,
                number: 3,
            },
        )
        .unwrap();
    let found = rules.explain(&facts, row);
    assert_eq!(found.customer, "I");
    assert_eq!(found.reads, ["actual_value"]);
    assert!(
        found
            .facts
            .contains(&("actual_value".to_owned(), Some("9.00".to_owned())))
    );
    assert!(found.facts.contains(&("nps".to_owned(), None)));
    assert_eq!(found.segment.as_ref().unwrap().0, "MVC");
    let steps: Vec<String> = found.steps.iter().map(Step::describe).collect();
    assert_eq!(
        steps,
        [
            "rules/segmentation.rhai:2  quantile 0.8 of positive `actual_value` = 8",
            "rules/segmentation.rhai:3  actual_value = 9 · 9 >= 8 = true",
            "rules/segmentation.rhai:4  actual_value = 9 · class = MVC",
        ]
    );
    assert_eq!(found.steps[1].text, "if c.actual_value >= bar {");
    assert!(found.problems.is_empty());
}

#[test]
fn explain_shows_a_failure_too() {
    let (rules, facts, _) = run(
        "if c.nps > 5 { return class(\"A\"); }\nclass(\"B\")",
        &[Some(1.0); 2],
    );
    let found = rules.explain(&facts, 1);
    assert_eq!(found.segment, None);
    assert_eq!(found.problems[0].code, &codes::MISSING_FACT);
    assert_eq!(
        found.problems[0].subject.as_deref(),
        Some("customer B, 2026-Q3")
    );
    assert_eq!(
        found.steps[0].values,
        [("nps".to_owned(), "missing".to_owned())]
    );
}

#[test]
fn a_fact_may_not_take_a_name_of_the_rules() {
    let batch = facts(&[Some(1.0)]);
    let extra: ArrayRef = Arc::new(StringViewArray::from(vec!["x"]));
    let mut columns: Vec<(String, ArrayRef, bool)> = batch
        .schema()
        .fields()
        .iter()
        .zip(batch.columns())
        .map(|(field, array)| (field.name().clone(), Arc::clone(array), true))
        .collect();
    columns.push(("segment".to_owned(), extra, true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let mut problems = Diagnostics::new();
    let rules = Rules::compile(
        &files("fn segment(c, all) { class(\"A\") }"),
        &batch.schema(),
        Settings::default(),
        &mut problems,
    );
    assert!(rules.is_none());
    assert_eq!(
        problems.iter().next().unwrap().code,
        &codes::UNREADABLE_FACT
    );
}
