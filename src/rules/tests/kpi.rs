//! Functions that score KPIs: what is refused, what they answer, and how they fail.

use super::*;

fn compile(text: &str) -> (Option<KpiFunctions>, Vec<Diagnostic>) {
    let mut problems = Diagnostics::new();
    let files = Files::built_in().with(KPI_FILE, text);
    let functions = KpiFunctions::compile(&files, &mut problems);
    assert_eq!(functions.is_none(), problems.has_errors());
    (functions, problems.into_iter().collect())
}

fn functions(text: &str) -> KpiFunctions {
    let (functions, problems) = compile(text);
    functions.unwrap_or_else(|| panic!("{problems:#?}"))
}

/// Stock lasts 40 days, 55 the quarter before; 30 are the target.
fn stock() -> KpiFigures {
    KpiFigures {
        id: "stock_days".to_owned(),
        period: "2026-Q3".parse().unwrap(),
        value: 40.0,
        numerator: None,
        denominator: None,
        previous: Some(55.0),
        target: Some(30.0),
        floor: None,
        red_flag: None,
        stretch: None,
    }
}

fn score(body: &str) -> Result<Option<f64>, Diagnostic> {
    functions(&format!("fn f(kpi) {{\n{body}\n}}")).score("f", stock())
}

/// 100 × 30 ÷ 40 = 75, and half of the way from 55 to 30 would be 42.5: 40 has more, 15 of 25.
#[test]
fn a_function_scores_from_the_figures_of_a_kpi() {
    assert_eq!(score("100 * kpi.target / kpi.value").unwrap(), Some(75.0));
    assert_eq!(
        score("100 * (kpi.previous - kpi.value) / (kpi.previous - kpi[\"target\"])").unwrap(),
        Some(60.0)
    );
    assert_eq!(score("kpi.get(\"floor\", 20)").unwrap(), Some(20.0));
    assert_eq!(
        score("if kpi.has(\"floor\") { 1 } else { 0 }").unwrap(),
        Some(0.0)
    );
    assert_eq!(
        score("if kpi.id == \"stock_days\" && kpi.period == \"2026-Q3\" { 7 } else { 0 }").unwrap(),
        Some(7.0)
    );
}

#[test]
fn a_score_is_cut_off_and_missing_is_none() {
    assert_eq!(score("kpi.value * 10").unwrap(), Some(100.0));
    assert_eq!(score("-1").unwrap(), Some(0.0));
    assert_eq!(score("missing()").unwrap(), None);
}

#[test]
fn constants_and_functions_of_the_file_are_at_hand() {
    let file = "const BEST = 20.0;\n\
                fn share(kpi, best) { best / kpi.value }\n\
                fn half(x) { x / 2 }\n\
                fn f(kpi) { half(100 * share(kpi, global::BEST)) }";
    let functions = functions(file);
    // 20 ÷ 40 = 0.5, of 100 is 50, half of it 25.
    assert_eq!(functions.score("f", stock()).unwrap(), Some(25.0));
    assert_eq!(functions.names(), ["f", "half"]);
}

#[test]
fn a_mistake_is_refused_where_it_never_runs() {
    let said = |text: &str| -> Vec<String> {
        let (_, found) = compile(text);
        let one = |d: &Diagnostic| {
            let help = d.help.as_deref().unwrap_or_default();
            format!("{} {}; {help}", place(d), d.message)
        };
        found.iter().map(one).collect()
    };
    assert_eq!(
        said(
            "fn f(kpi) {\n    if false { return helper(kpi, date(2026, 1, 1)); }\n    \
             rond(kpi.get(\"florr\", 0))\n}\nfn helper(it, day) { it.tagret + it.segment + day.year }",
        ),
        [
            "rules/scorecard.rhai:3:5 there is no function `rond`; did you mean `round`?",
            "rules/scorecard.rhai:3:18 a KPI has no figure `florr`; did you mean `floor`?",
            "rules/scorecard.rhai:5:25 a KPI has no figure `tagret`; did you mean `target`?",
            "rules/scorecard.rhai:5:37 a KPI has no figure `segment`; there are: id, period, value, numerator, denominator, previous, target, floor, red_flag, stretch",
        ]
    );
    assert_eq!(
        said("fn f(kpi) { all.count }"),
        ["rules/scorecard.rhai:1:13 `all` is not set anywhere before this line; "]
    );
}

#[test]
fn a_failure_names_the_line_and_the_kpi() {
    let failed = score("let x = 1;\n100 * kpi.value / kpi.floor").unwrap_err();
    assert_eq!(failed.code, &codes::MISSING_FACT);
    assert_eq!(place(&failed), "rules/scorecard.rhai:3:23");
    assert_eq!(failed.message, "the fact `floor` is missing");
    assert_eq!(failed.subject.as_deref(), Some("KPI stock_days, 2026-Q3"));
    assert!(failed.help.unwrap().contains("kpi.has"));

    let endless = score("loop { }").unwrap_err();
    assert_eq!(endless.code, &codes::RULE_LIMIT);
    assert_eq!(place(&endless), "rules/scorecard.rhai:1:11");

    let wrong = score("\"good\"").unwrap_err();
    assert_eq!(wrong.code, &codes::RULE_ANSWER);
    assert!(
        wrong.message.starts_with("`f` gave text;"),
        "{}",
        wrong.message
    );
    assert_eq!(
        score("kpi.value / 0").unwrap_err().code,
        &codes::RULE_FAILED
    );
}

#[test]
fn without_a_file_there_is_nothing_to_compile() {
    let mut problems = Diagnostics::new();
    assert!(KpiFunctions::compile(&Files::built_in(), &mut problems).is_none());
    assert!(problems.is_empty());
}
