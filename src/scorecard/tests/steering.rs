//! What a client steers with: functions that score, stretches, sums over quarters, commentary.

use super::worked::{level, measure, ratio, result, supplied, work_out};
use super::*;
use crate::diagnostics::Diagnostic;
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
        functions: Some(&functions),
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
    assert_eq!(problem.severity, crate::diagnostics::Severity::Error);
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
    assert_eq!(marks(&[year.clone()]), (Some(1000.0), Some(1200.0)));
    // The sheet's target has passed the settings' stretch.
    let passed = target_row("F1", "2026", Some(4000.0), None);
    assert_eq!(marks(&[passed]), (Some(1000.0), None));
    let within = target_row("F1", "2026", Some(4000.0), Some(3900.0));
    let mut problems = Diagnostics::new();
    check_targets(&definition, &[within, year], &mut problems);
    let codes: Vec<_> = problems.iter().map(|problem| problem.code.name).collect();
    assert_eq!(codes, ["stretch-within-target", "repeated-sheet-row"]);
}
