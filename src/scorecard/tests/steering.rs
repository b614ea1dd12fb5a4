//! What a client steers with: functions that score, stretches, sums over quarters, commentary.

use super::worked::{level, measure, ratio, result, supplied, work_out};
use super::*;
use crate::diagnostics::{Diagnostic, Place, Severity};
use crate::engine::{Measure, MeasureRow};
use crate::message::Message;
use crate::rules::{KPI_FILE, KpiFunctions};
use crate::scorecard::score::Status;

const SCRIPTED: &str =
    "[[kpi]]\nid = \"C2\"\ntarget = 0.72\nscoring = \"script\"\nscript = \"by_steps\"\n";

/// Retention of 68 in 110 after 70 in 100, with a function as C2's scoring.
fn scripted(function: &str) -> (KpiResult, Vec<Diagnostic>) {
    let definition = definition(Some(SCRIPTED));
    let mut problems = Diagnostics::new();
    let files = Files::built_in().with(KPI_FILE, function);
    let functions = KpiFunctions::compile(&files, &mut problems).unwrap();
    let measures = [measure(
        "retained_customers",
        &[],
        vec![
            ratio("2026-Q2", &[], 70.0, 100.0),
            ratio("2026-Q3", &[], 68.0, 110.0),
        ],
    )];
    let supplied = supplied(&["transactions"]);
    let inputs = Inputs {
        measures: &measures,
        supplied: &supplied,
        targets: &[],
        manual: &[],
        commentary: &[],
        initiatives: &[],
        functions: Some(&functions),
        is_complete: true,
    };
    let reported = quarter("2026-Q3");
    let scorecard = evaluate(
        &definition,
        &inputs,
        &[reported.plus(-1), reported],
        reported,
        &mut problems,
    );
    let c2 = result(&definition, &scorecard, "C2").clone();
    (c2, problems.into_iter().collect())
}

/// 2 × 68 ÷ 110 × 50 = 61.8181…, and 0.7 of the quarter before is above 68 ÷ 110: ten off.
#[test]
fn a_clients_function_scores() {
    let (c2, problems) = scripted(
        "fn by_steps(kpi) {\n    let score = 100 * kpi.numerator / kpi.denominator;\n    \
         if kpi.get(\"previous\", 0) > kpi.value { score - 10 } else { score }\n}",
    );
    assert!(problems.is_empty(), "{problems:#?}");
    assert!((c2.score.unwrap() - 51.818_181).abs() < 1e-5);
    assert_eq!(c2.status, Status::Watch);
    assert_eq!(c2.marks.target, Some(0.72));
}

#[test]
fn a_function_may_answer_that_it_cannot_tell() {
    let (c2, problems) = scripted("fn by_steps(kpi) { missing() }");
    assert!(problems.is_empty());
    assert_eq!((c2.score, c2.status), (None, Status::Information));
    assert_eq!(c2.reason, Some(Message::key("missing.script")));
}

/// It is worked out for several periods, and said once.
#[test]
fn a_function_that_fails_is_an_error_said_once() {
    let (c2, problems) = scripted("fn by_steps(kpi) { kpi.value / kpi.red_flag }");
    assert_eq!(c2.score, None);
    let [problem] = problems.as_slice() else {
        panic!("{problems:#?}");
    };
    assert_eq!(problem.severity, Severity::Error);
    assert!(problem.subject.as_deref().unwrap().starts_with("KPI C2, "));
}

fn target_row(kpi: &str, period: &str, target: Option<f64>, stretch: Option<f64>) -> TargetRow {
    TargetRow {
        kpi: kpi.to_owned(),
        period: period.parse().unwrap(),
        target,
        floor: None,
        red_flag: None,
        stretch,
        weight: None,
        place: None,
    }
}

/// 4,000 a year is 1,000 a quarter, its stretch 4,800 is 1,200; 1,100 of 1,000 scores 100 and no more.
#[test]
fn a_stretch_is_shown_and_scores_no_more_than_the_target() {
    let definition = definition(Some(
        "[[kpi]]\nid = \"F1\"\nvalue = \"revenue\"\ntarget = 900\nstretch = 950\n",
    ));
    let revenue = [measure("revenue", &[], vec![level("2026-Q3", &[], 1100.0)])];
    let marks = |rows: &[TargetRow]| {
        let scorecard = work_out(&definition, &revenue, rows, &[], "2026-Q3");
        let f1 = result(&definition, &scorecard, "F1");
        assert_eq!(f1.score, Some(100.0));
        (f1.marks.target, f1.marks.stretch)
    };
    assert_eq!(marks(&[]), (Some(900.0), Some(950.0)));
    let year = target_row("F1", "2026", Some(4000.0), Some(4800.0));
    assert_eq!(
        marks(std::slice::from_ref(&year)),
        (Some(1000.0), Some(1200.0))
    );
    // The sheet's target has passed the settings' stretch.
    let passed = target_row("F1", "2026", Some(4000.0), None);
    assert_eq!(marks(&[passed]), (Some(1000.0), None));
    let within = target_row("F1", "2026", Some(4000.0), Some(3900.0));
    let mut problems = Diagnostics::new();
    check_targets(&definition, &[within, year], &mut problems);
    let codes: Vec<_> = problems.iter().map(|problem| problem.code.name).collect();
    assert_eq!(codes, ["stretch-within-target", "repeated-sheet-row"]);
}

/// Revenue of seven quarters, the first of them of no report; orders to divide it by.
fn history() -> Vec<Measure> {
    let sales = [
        ("2025-Q1", 100.0, 10.0),
        ("2025-Q2", 200.0, 10.0),
        ("2025-Q3", 300.0, 10.0),
        ("2025-Q4", 400.0, 10.0),
        ("2026-Q1", 150.0, 30.0),
        ("2026-Q2", 250.0, 10.0),
        ("2026-Q3", 320.0, 8.0),
    ];
    let rows = |row: &dyn Fn(&(&str, f64, f64)) -> MeasureRow| sales.iter().map(row).collect();
    vec![
        measure(
            "revenue",
            &[],
            rows(&|(q, revenue, _)| level(q, &[], *revenue)),
        ),
        measure(
            "orders",
            &[],
            rows(&|(q, _, orders)| level(q, &[], *orders)),
        ),
        measure(
            "average_order_value",
            &[],
            rows(&|(q, revenue, orders)| ratio(q, &[], *revenue, *orders)),
        ),
    ]
}

const SPANS: &str = "[[kpi]]\nid = \"F1\"\nvalue = \"revenue\"\n\
    [[kpi]]\nid = \"aov\"\nobjective = \"sales-productivity\"\nvalue = \"average_order_value\"\nunit = \"money\"\nbetter = \"higher\"\nover-time = \"ratio\"\n\
    [[kpi]]\nid = \"aov2\"\nobjective = \"sales-productivity\"\nvalue = \"revenue / orders\"\nunit = \"money\"\nbetter = \"higher\"\nover-time = \"ratio\"\n\
    [[kpi]]\nid = \"base\"\nobjective = \"sales-productivity\"\nvalue = \"orders\"\nunit = \"count\"\nbetter = \"higher\"\nover-time = \"stock\"\n";

fn spans(definition: &Definition, scorecard: &Scorecard, id: &str) -> (Span, Span) {
    let at = definition.kpis.iter().position(|kpi| kpi.id == id).unwrap();
    (
        scorecard.to_date[at].clone(),
        scorecard.four_quarters[at].clone(),
    )
}

/// A flow adds up: 150 + 250 + 320 = 720 after 100 + 200 + 300 = 600, a fifth more; with 2025-Q4,
/// 400 + 720 = 1,120, and 2024-Q4, which the year before would need, is not there.
#[test]
fn a_flow_adds_up_over_the_fiscal_year_and_four_quarters() {
    let definition = definition(Some(SPANS));
    let scorecard = work_out(&definition, &history(), &[], &[], "2026-Q3");
    let (to_date, four) = spans(&definition, &scorecard, "F1");
    assert_eq!((to_date.value, to_date.base), (Some(720.0), Some(600.0)));
    let change = to_date.change.unwrap();
    assert!((change.amount.unwrap() - 0.2).abs() < 1e-12);
    assert_eq!((change.points, change.better), (false, Some(true)));
    assert_eq!((four.value, four.base), (Some(1120.0), None));
    assert_eq!((four.change, four.reason), (None, None));
}

/// 720 ÷ (30 + 10 + 8) = 15; the mean of 5, 25 and 40 would be 23.33.
#[test]
fn ratio_to_date_is_a_ratio_of_sums() {
    let definition = definition(Some(SPANS));
    let scorecard = work_out(&definition, &history(), &[], &[], "2026-Q3");
    for id in ["aov", "aov2"] {
        let (to_date, _) = spans(&definition, &scorecard, id);
        assert_eq!(
            (to_date.numerator, to_date.denominator),
            (Some(720.0), Some(48.0))
        );
        assert_eq!(
            (to_date.value, to_date.base),
            (Some(15.0), Some(20.0)),
            "{id}"
        );
    }
}

#[test]
fn what_has_no_sum_is_not_summed() {
    let definition = definition(Some(SPANS));
    let scorecard = work_out(&definition, &history(), &[], &[], "2026-Q3");
    let (to_date, four) = spans(&definition, &scorecard, "base");
    assert_eq!((to_date.value, to_date.change), (None, None));
    let not_additive = Some(Message::key("missing.not-additive"));
    assert_eq!(
        (&to_date.reason, &four.reason),
        (&not_additive, &not_additive)
    );

    // A typed amount is part of the sum: 150 + 250 + 500; a typed ratio has no parts to add.
    let typed = |kpi: &str| ManualRow {
        kpi: kpi.to_owned(),
        period: quarter("2026-Q3"),
        value: 500.0,
        source: None,
        note: None,
        place: None,
    };
    let manual = [typed("F1"), typed("aov")];
    let scorecard = work_out(&definition, &history(), &[], &manual, "2026-Q3");
    assert_eq!(spans(&definition, &scorecard, "F1").0.value, Some(900.0));
    let (to_date, _) = spans(&definition, &scorecard, "aov");
    assert_eq!(to_date.value, None);
    assert_eq!(to_date.reason, Some(Message::key("missing.parts")));
}

/// Nothing is known of 2024: a year that starts before the data has no sum, and not a smaller one.
#[test]
fn a_quarter_without_data_leaves_no_sum() {
    let definition = definition(Some(SPANS));
    let scorecard = work_out(&definition, &history(), &[], &[], "2025-Q2");
    let (to_date, four) = spans(&definition, &scorecard, "F1");
    assert_eq!((to_date.value, to_date.base), (Some(300.0), None));
    assert_eq!(four.value, None);
    assert!(
        matches!(four.reason, Some(Message::Keyed { key, .. }) if key == "missing.measure-empty")
    );
}

/// The data end within 2026-Q3: its revenue is not held against whole quarters, its ratio may be.
#[test]
fn partial_quarter_vs_full() {
    let definition = definition(Some(SPANS));
    let measures = history();
    let supplied = supplied(&["transactions"]);
    let inputs = Inputs {
        measures: &measures,
        supplied: &supplied,
        targets: &[],
        manual: &[],
        commentary: &[],
        initiatives: &[],
        functions: None,
        is_complete: false,
    };
    let reported = quarter("2026-Q3");
    let mut problems = Diagnostics::new();
    let scorecard = evaluate(&definition, &inputs, &[reported], reported, &mut problems);
    let at = |id: &str| definition.kpis.iter().position(|kpi| kpi.id == id).unwrap();
    assert_eq!(scorecard.changes[at("F1")], None);
    assert_eq!(scorecard.changes_year[at("F1")], None);
    assert_eq!(scorecard.to_date[at("F1")].change, None);
    assert_eq!(scorecard.to_date[at("F1")].value, Some(720.0));
    assert!(scorecard.changes[at("aov")].is_some());
}

fn comment(kpi: &str, period: &str, text: &str) -> CommentaryRow {
    CommentaryRow {
        kpi: kpi.to_owned(),
        period: period.parse().unwrap(),
        text: text.to_owned(),
        author: Some("Noi".to_owned()),
        place: Some(Place::cell(
            "inbox/c.xlsx",
            Some("commentary"),
            Some(7),
            None,
        )),
    }
}

fn initiative(kpi: Option<&str>) -> InitiativeRow {
    InitiativeRow {
        initiative: "Call those who left".to_owned(),
        owner: Some("Noi".to_owned()),
        cost: Some(12_000.0),
        due: None,
        kpi: kpi.map(str::to_owned),
        status: None,
        place: Some(Place::cell(
            "inbox/i.xlsx",
            Some("initiatives"),
            Some(3),
            None,
        )),
    }
}

/// C2 scores (0.61 − 0.60) ÷ (0.72 − 0.60) = 8.3 and F1 600 of 1,000 is 60: C2 alone is to act on.
fn remarked(
    commentary: &[CommentaryRow],
    initiatives: &[InitiativeRow],
) -> (Definition, Scorecard) {
    let definition = definition(Some(
        "[[kpi]]\nid = \"C2\"\ntarget = 0.72\nfloor = 0.60\n\
         [[kpi]]\nid = \"F1\"\nvalue = \"revenue\"\ntarget = 1000\n",
    ));
    let measures = [
        measure(
            "retained_customers",
            &[],
            vec![ratio("2026-Q3", &[], 61.0, 100.0)],
        ),
        measure("revenue", &[], vec![level("2026-Q3", &[], 600.0)]),
    ];
    let supplied = supplied(&["transactions", "commentary"]);
    let inputs = Inputs {
        measures: &measures,
        supplied: &supplied,
        targets: &[],
        manual: &[],
        commentary,
        initiatives,
        functions: None,
        is_complete: true,
    };
    let reported = quarter("2026-Q3");
    let mut problems = Diagnostics::new();
    let scorecard = evaluate(&definition, &inputs, &[reported], reported, &mut problems);
    (definition, scorecard)
}

#[test]
fn what_is_to_act_on_demands_a_word() {
    let (definition, scorecard) = remarked(&[], &[]);
    let problem = without_commentary(&scorecard).unwrap();
    assert_eq!(
        problem.message,
        "no commentary in 2026-Q3 on C2, where action is needed"
    );
    assert_eq!(
        (problem.code.name, problem.count),
        ("missing-commentary", 1)
    );
    assert_eq!(problem.severity, Severity::Warning);
    assert_eq!(result(&definition, &scorecard, "C2").comments, []);

    // One of the year before does not do; those of the quarter and of its half do, both of them.
    let old = comment("C2", "2025-Q3", "A flood.");
    let (_, scorecard) = remarked(std::slice::from_ref(&old), &[]);
    assert!(without_commentary(&scorecard).is_some());
    let rows = [
        old,
        comment("C2", "2026-H2", "Two shops closed."),
        comment("C2", "2026-Q3", "They open in May."),
    ];
    let (definition, scorecard) = remarked(&rows, &[]);
    assert!(without_commentary(&scorecard).is_none());
    let said: Vec<_> = result(&definition, &scorecard, "C2")
        .comments
        .iter()
        .map(|comment| comment.text.as_str())
        .collect();
    assert_eq!(said, ["Two shops closed.", "They open in May."]);
}

#[test]
fn initiatives_stand_under_their_kpi() {
    let rows = [
        initiative(Some("C2")),
        initiative(None),
        initiative(Some("C22")),
    ];
    let (definition, scorecard) = remarked(&[], &rows);
    let at = definition.kpis.iter().position(|kpi| kpi.id == "C2");
    let linked: Vec<_> = scorecard.initiatives.iter().map(|row| row.kpi).collect();
    assert_eq!(linked, [at, None, None]);
    assert_eq!(scorecard.initiatives[0].cost, Some(12_000.0));

    let mut problems = Diagnostics::new();
    check_initiatives(&definition, &rows, &mut problems);
    check_commentary(
        &definition,
        &[comment("F11", "2026-Q3", "x")],
        &mut problems,
    );
    let said: Vec<_> = problems
        .iter()
        .map(|d| {
            let place = d.place.as_ref().unwrap();
            let help = d.help.as_deref().unwrap();
            assert!(help.starts_with("did you mean"), "{help}");
            format!("{place}: {}", d.message)
        })
        .collect();
    assert_eq!(
        said,
        [
            "inbox/i.xlsx, sheet `initiatives`, row 3: there is no KPI `C22`",
            "inbox/c.xlsx, sheet `commentary`, row 7: there is no KPI `F11`",
        ]
    );
}
