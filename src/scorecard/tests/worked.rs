//! Scorecards worked out from measures written by hand.

use std::collections::BTreeSet;

use super::*;
use crate::engine::{Measure, MeasureRow};
use crate::message::{Argument, Message};
use crate::scorecard::score::Status;

pub(super) fn measure(name: &str, dimensions: &[&str], rows: Vec<MeasureRow>) -> Measure {
    Measure {
        name: name.to_owned(),
        dimensions: dimensions.iter().map(|d| (*d).to_owned()).collect(),
        is_ratio: rows.iter().any(|row| row.denominator.is_some()),
        rows,
        reads: vec!["transactions".to_owned()],
        missing_tables: Vec::new(),
    }
}

pub(super) fn level(period: &str, members: &[Option<&str>], value: f64) -> MeasureRow {
    MeasureRow {
        period: quarter(period),
        members: members.iter().map(|m| m.map(str::to_owned)).collect(),
        value: Some(value),
        numerator: None,
        denominator: None,
    }
}

pub(super) fn ratio(
    period: &str,
    members: &[Option<&str>],
    numerator: f64,
    denominator: f64,
) -> MeasureRow {
    MeasureRow {
        value: (denominator != 0.0).then(|| numerator / denominator),
        numerator: Some(numerator),
        denominator: Some(denominator),
        ..level(period, members, 0.0)
    }
}

pub(super) fn supplied(tables: &[&str]) -> Supplied {
    Supplied {
        tables: tables.iter().map(|t| (*t).to_owned()).collect(),
        columns: BTreeSet::new(),
    }
}

pub(super) fn work_out(
    definition: &Definition,
    measures: &[Measure],
    targets: &[TargetRow],
    manual: &[ManualRow],
    reported: &str,
) -> Scorecard {
    let supplied = supplied(&["transactions"]);
    let inputs = Inputs {
        measures,
        supplied: &supplied,
        targets,
        manual,
        commentary: &[],
        initiatives: &[],
        functions: None,
        is_complete: true,
    };
    let reported = quarter(reported);
    let periods: Vec<_> = reported.plus(-5).through(reported).collect();
    let mut problems = Diagnostics::new();
    let scorecard = evaluate(definition, &inputs, &periods, reported, &mut problems);
    assert!(problems.is_empty());
    scorecard
}

pub(super) fn result<'a>(
    definition: &Definition,
    scorecard: &'a Scorecard,
    id: &str,
) -> &'a KpiResult {
    let at = definition.kpis.iter().position(|kpi| kpi.id == id).unwrap();
    &scorecard.reported().kpis[at]
}

const LOYALTY: &str = "[[kpi]]\nid = \"C2\"\ntarget = 0.72\nfloor = 0.60\n\
    [[kpi]]\nid = \"F1\"\nvalue = \"revenue\"\ntarget = 1000\nby = [\"segment\", \"channel\"]\n\
    [[kpi]]\nid = \"aov\"\nobjective = \"sales-productivity\"\nvalue = \"revenue / orders\"\nunit = \"money\"\nbetter = \"higher\"\nby = [\"segment\"]\n";

fn measures() -> Vec<Measure> {
    vec![
        measure(
            "retained_customers",
            &["segment"],
            vec![
                ratio("2025-Q3", &[None], 60.0, 100.0),
                ratio("2026-Q2", &[None], 70.0, 100.0),
                ratio("2026-Q3", &[None], 68.0, 110.0),
                ratio("2026-Q3", &[Some("MVC")], 9.0, 10.0),
                ratio("2026-Q3", &[Some("BZ")], 59.0, 100.0),
            ],
        ),
        measure(
            "revenue",
            &["segment", "channel"],
            vec![
                level("2026-Q2", &[None, None], 800.0),
                level("2026-Q3", &[None, None], 900.0),
                level("2026-Q3", &[Some("MVC"), None], 600.0),
                level("2026-Q3", &[Some("BZ"), None], 300.0),
                level("2026-Q3", &[None, Some("")], 900.0),
            ],
        ),
        measure(
            "orders",
            &["segment"],
            vec![
                level("2026-Q3", &[None], 45.0),
                level("2026-Q3", &[Some("MVC")], 20.0),
                level("2026-Q3", &[Some("BZ")], 0.0),
            ],
        ),
        measure("opening_customers", &[], vec![level("2026-Q3", &[], 110.0)]),
        measure("active_customers", &[], vec![level("2026-Q3", &[], 100.0)]),
        measure(
            "acquisition_rate",
            &[],
            vec![ratio("2026-Q3", &[], 5.0, 0.0)],
        ),
    ]
}

#[test]
fn values_scores_and_changes_of_a_period() {
    let definition = definition(Some(LOYALTY));
    let scorecard = work_out(&definition, &measures(), &[], &[], "2026-Q3");
    let c2 = result(&definition, &scorecard, "C2");
    assert_eq!((c2.numerator, c2.denominator), (Some(68.0), Some(110.0)));
    // (68/110 − 0.60) / (0.72 − 0.60) = 0.15151…
    assert!((c2.score.unwrap() - 15.151_515).abs() < 1e-5);
    assert_eq!(
        (c2.status, c2.target_source),
        (Status::Act, TargetSource::Workspace)
    );
    let at = definition
        .kpis
        .iter()
        .position(|kpi| kpi.id == "C2")
        .unwrap();
    let change = scorecard.changes[at].unwrap();
    assert!(change.points && (change.amount.unwrap() - (68.0 / 110.0 - 0.7)).abs() < 1e-12);
    assert_eq!(scorecard.changes_year[at].unwrap().better, Some(true));
    assert_eq!(scorecard.turned_red.len(), 1);
    assert_eq!(scorecard.turned_red[0].kpi, at);
    let f1 = result(&definition, &scorecard, "F1");
    assert_eq!((f1.score, f1.marks.floor), (Some(90.0), Some(0.0)));
    let aov = result(&definition, &scorecard, "aov");
    assert_eq!((aov.value, aov.status), (Some(20.0), Status::Information));
    assert_eq!(aov.reason, Some(Message::key("missing.target")));
    assert_eq!(scorecard.periods.len(), 6);
    let m1 = result(&definition, &scorecard, "M1");
    assert_eq!(
        (m1.value, m1.status, &m1.reason),
        (Some(-10.0), Status::Information, &None)
    );
}

/// The total of a ratio is the sum of numerators over the sum of denominators; the mean of the
/// members' ratios, (0.9 + 0.59) ÷ 2 = 0.745, would look like success.
#[test]
fn ratio_mean_of_ratios() {
    let definition = definition(Some(LOYALTY));
    let scorecard = work_out(&definition, &measures(), &[], &[], "2026-Q3");
    let at = definition
        .kpis
        .iter()
        .position(|kpi| kpi.id == "C2")
        .unwrap();
    let members = &scorecard.breakdowns[at];
    let parts = |of: fn(&Member) -> Option<f64>| members.iter().filter_map(of).sum::<f64>();
    let total = parts(|m| m.numerator) / parts(|m| m.denominator);
    assert_eq!(scorecard.reported().kpis[at].value, Some(total));
    let mean = parts(|m| m.value) / 2.0;
    assert!((mean - 0.745).abs() < 1e-12 && (total - mean).abs() > 0.1);
}

/// A customer who bought in two channels counts in each and once in total: the total is the row of
/// the total, never the sum of its members.
#[test]
fn distinct_not_additive() {
    let definition = definition(Some(
        "[[kpi]]\nid = \"R1\"\nvalue = \"active_customers\"\nby = [\"channel\"]\n",
    ));
    let buyers = measure(
        "active_customers",
        &["channel"],
        vec![
            level("2026-Q3", &[Some("shop")], 70.0),
            level("2026-Q3", &[Some("web")], 50.0),
            level("2026-Q3", &[None], 100.0),
        ],
    );
    let scorecard = work_out(&definition, &[buyers], &[], &[], "2026-Q3");
    assert_eq!(result(&definition, &scorecard, "R1").value, Some(100.0));
    let at = definition
        .kpis
        .iter()
        .position(|kpi| kpi.id == "R1")
        .unwrap();
    let sum: f64 = scorecard.breakdowns[at]
        .iter()
        .filter_map(|m| m.value)
        .sum();
    assert_eq!(sum, 120.0);
}

#[test]
fn a_breakdown_is_worked_out_member_by_member() {
    let definition = definition(Some(LOYALTY));
    let scorecard = work_out(&definition, &measures(), &[], &[], "2026-Q3");
    let members = |id: &str| {
        let at = definition.kpis.iter().position(|kpi| kpi.id == id).unwrap();
        let shown = scorecard.breakdowns[at].iter();
        shown
            .map(|m| (m.dimension.as_str(), m.member.as_str(), m.value))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        members("F1"),
        [
            ("segment", "BZ", Some(300.0)),
            ("segment", "MVC", Some(600.0)),
            ("channel", "", Some(900.0)),
        ]
    );
    // BZ has no orders: nothing to divide by, so no value, and not zero.
    assert_eq!(
        members("aov"),
        [("segment", "BZ", None), ("segment", "MVC", Some(30.0))]
    );
}

#[test]
fn what_is_not_measured_says_why_and_is_never_zero() {
    let definition = definition(Some(LOYALTY));
    let mut all = measures();
    all.push(measure(
        "joint_agreements",
        &[],
        vec![level("2026-Q3", &[], 0.0)],
    ));
    let mut wallet = measure("share_of_wallet", &[], vec![]);
    wallet.missing_tables = vec!["wallet".to_owned()];
    all.push(wallet);
    let scorecard = work_out(&definition, &all, &[], &[], "2026-Q3");
    let reason = |id: &str| {
        let kpi = result(&definition, &scorecard, id);
        assert_eq!((kpi.value, kpi.score), (None, None), "{id}");
        match kpi.reason.clone().unwrap() {
            Message::Keyed { key, args } => {
                let args: Vec<_> = args
                    .values()
                    .map(|argument| match argument {
                        Argument::Text(text) => text.clone(),
                        other => panic!("{other:?}"),
                    })
                    .collect();
                (key, args.join(" "))
            }
            Message::Plain(text) => panic!("{text}"),
        }
    };
    let is = |key: &str, args: &str| (key.to_owned(), args.to_owned());
    assert_eq!(reason("F2"), is("missing.table", "wallet"));
    assert_eq!(reason("G2"), is("missing.table", "agreements"));
    assert_eq!(reason("L6"), is("missing.table", "employees, goals"));
    assert_eq!(reason("F4"), is("missing.column", "transactions.cost"));
    assert_eq!(reason("M2"), is("missing.denominator", "acquisition_rate"));
    assert_eq!(
        reason("R1"),
        is("missing.measure-empty", "premium_customers")
    );
    assert_eq!(reason("R4"), is("missing.typed-only", ""));
    let surveys = scorecard
        .not_measured
        .iter()
        .find(|group| {
            group.reason
                == Message::key("missing.table").with("table", Argument::Text("surveys".into()))
        })
        .unwrap();
    let ids: Vec<_> = surveys
        .kpis
        .iter()
        .map(|kpi| definition.kpis[*kpi].id.as_str())
        .collect();
    assert_eq!(ids, ["C1", "S4", "Q1", "L5"]);
    let total = &scorecard.reported().total;
    let missing: f64 = scorecard.not_measured.iter().map(|group| group.share).sum();
    assert!((missing - (1.0 - total.coverage)).abs() < 1e-9);
    assert_eq!(total.status, Status::InsufficientData);
    assert_eq!(total.children[3].status, Status::NotMeasured);
}

#[test]
fn a_typed_value_is_a_value() {
    let definition = definition(Some(LOYALTY));
    let row = |kpi: &str, value| ManualRow {
        kpi: kpi.to_owned(),
        period: quarter("2026-Q3"),
        value,
        source: Some("HR".to_owned()),
        note: None,
        place: None,
    };
    let manual = [row("L1", 0.78), row("C2", 0.72)];
    let scorecard = work_out(&definition, &measures(), &[], &manual, "2026-Q3");
    let l1 = result(&definition, &scorecard, "L1");
    // (0.78 − 0.50) / (0.85 − 0.50) = 0.8
    assert!((l1.score.unwrap() - 80.0).abs() < 1e-9);
    assert_eq!(l1.target_source, TargetSource::BuiltIn);
    assert_eq!(l1.manual.as_ref().unwrap().source.as_deref(), Some("HR"));
    assert_eq!(result(&definition, &scorecard, "C2").score, Some(100.0));
}

#[test]
fn the_targets_sheet_wins_and_is_dated() {
    let definition = definition(Some(LOYALTY));
    let row = |kpi: &str, period: &str, target, floor, weight| TargetRow {
        kpi: kpi.to_owned(),
        period: period.parse().unwrap(),
        target: Some(target),
        floor,
        red_flag: None,
        stretch: None,
        weight,
        place: None,
    };
    let rows = [
        row("F1", "2026", 4800.0, None, None),
        row("C2", "2026", 0.80, None, None),
        row("C2", "2026-Q3", 0.64, Some(0.54), Some(3.0)),
        row("L3", "2026", 0.40, None, None),
    ];
    let scorecard = work_out(&definition, &measures(), &rows, &[], "2026-Q3");
    // A year's revenue is spread evenly: 4,800 is 1,200 a quarter.
    let f1 = result(&definition, &scorecard, "F1");
    assert_eq!((f1.marks.target, f1.score), (Some(1200.0), Some(75.0)));
    assert_eq!(f1.target_source, TargetSource::SheetLonger);
    let c2 = result(&definition, &scorecard, "C2");
    assert_eq!(
        (c2.marks.target, c2.marks.floor, c2.weight),
        (Some(0.64), Some(0.54), 3.0)
    );
    assert_eq!(c2.target_source, TargetSource::Sheet);
    // The quarter before has the year's target and the workspace's floor: a rate is not spread.
    let at = definition
        .kpis
        .iter()
        .position(|kpi| kpi.id == "C2")
        .unwrap();
    let before = &scorecard.previous.kpis[at];
    assert_eq!(
        (before.marks.target, before.marks.floor, before.weight),
        (Some(0.80), Some(0.60), 1.0)
    );
    assert!((before.score.unwrap() - 50.0).abs() < 1e-9);
    // A target below the shipped floor leaves that floor behind.
    assert_eq!(result(&definition, &scorecard, "L3").marks.floor, Some(0.0));
}

#[test]
fn periods_of_targets_are_read_as_written() {
    assert_eq!("2026-H2".parse(), Ok(TargetPeriod::Half(2026, 2)));
    assert_eq!("2026".parse(), Ok(TargetPeriod::Year(2026)));
    assert!("2569".parse::<TargetPeriod>().unwrap_err().contains("2026"));
    for wrong in ["2026-H3", "2026-07", "Q3", "", "26"] {
        assert!(wrong.parse::<TargetPeriod>().is_err(), "{wrong}");
    }
}

#[test]
fn what_is_not_due_carries_no_weight() {
    let definition = definition(Some("[[kpi]]\nid = \"C1\"\ndue = [2, 4]\n"));
    let due = work_out(&definition, &[], &[], &[], "2026-Q2");
    assert_eq!(result(&definition, &due, "C1").status, Status::NotMeasured);
    let not_due = work_out(&definition, &[], &[], &[], "2026-Q3");
    let c1 = result(&definition, &not_due, "C1");
    assert_eq!(
        (c1.status, c1.reason.clone()),
        (Status::NotDue, Some(Message::key("missing.not-due")))
    );
    let at = definition
        .kpis
        .iter()
        .position(|kpi| kpi.id == "C1")
        .unwrap();
    assert_eq!(not_due.reported().total.share_of(at), 0.0);
}

#[test]
fn a_target_without_a_usable_scale_leaves_the_kpi_unscored() {
    let definition = definition(Some("[[kpi]]\nid = \"C2\"\ntarget = -2\n"));
    let scorecard = work_out(&definition, &measures(), &[], &[], "2026-Q3");
    let c2 = result(&definition, &scorecard, "C2");
    assert_eq!((c2.score, c2.status), (None, Status::Information));
    assert_eq!(c2.reason, Some(Message::key("missing.floor")));
}

/// CDNOW's second quarter of 1998, the figures counted from its 69,659 purchases with a script
/// that shares nothing with the program: revenue 213,330.48 (262,823.89 the quarter before), 5,664
/// orders, 3,317 buyers, 5,374 active (6,084 at the start, of whom 1,684 left; 974 came back out of
/// 17,486 dormant), 5,115 of 8,332 buyers of twelve months with two or more orders.
#[test]
fn the_sample_comes_to_a_score_with_bounds() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/cdnow");
    let text = std::fs::read_to_string(format!("{folder}/{FILE}")).unwrap();
    let mut known = vocabulary();
    known.extend(["cohort_buyers", "win_back"].map(KnownMeasure::named));
    let mut problems = Diagnostics::new();
    let vocabulary = Vocabulary {
        measures: &known,
        tables: &[],
        functions: None,
    };
    let files = Files::built_in().with(FILE, &text);
    let sample = Definition::read(&files, &vocabulary, &mut problems).unwrap();
    let at = "1998-Q2";
    let measures = [
        measure(
            "revenue",
            &[],
            vec![
                level(at, &[], 213_330.48),
                level("1998-Q1", &[], 262_823.89),
            ],
        ),
        measure("revenue_new", &[], vec![level(at, &[], 0.0)]),
        measure("active_customers", &[], vec![level(at, &[], 5374.0)]),
        measure("opening_customers", &[], vec![level(at, &[], 6084.0)]),
        measure("orders", &[], vec![level(at, &[], 5664.0)]),
        measure(
            "average_order_value",
            &[],
            vec![ratio(at, &[], 213_330.48, 5664.0)],
        ),
        measure(
            "retained_customers",
            &[],
            vec![ratio(at, &[], 4400.0, 6084.0)],
        ),
        measure(
            "repeat_customers",
            &[],
            vec![ratio(at, &[], 5115.0, 8332.0)],
        ),
        measure("cohort_buyers", &[], vec![ratio(at, &[], 3317.0, 23_570.0)]),
        measure("win_back", &[], vec![ratio(at, &[], 974.0, 17_486.0)]),
    ];
    let scorecard = work_out(&sample, &measures, &[], &[], at);
    let score = |id: &str| result(&sample, &scorecard, id).score.unwrap();
    let close = |found: f64, expected: f64| assert!((found - expected).abs() < 0.01, "{found}");
    close(score("revenue"), 37.23); // (213,330.48 − 183,977) ÷ (262,824 − 183,977)
    close(score("revenue_per_active"), 59.46); // 39.697 of 34.56 … 43.20
    close(score("average_order_value"), 73.52); // 37.664 of 31.82 … 39.77
    close(score("C2"), 51.01); // 72.32 % of 68.99 … 75.52
    close(score("active_base"), 27.74); // 33.33 − 33.33 × (5,476 − 5,374) ÷ (6,084 − 5,476)
    close(score("orders_per_active"), 85.24); // 1.05396 of 0.869 … 1.086
    close(score("repeat_share"), 87.28); // 61.39 % of 44.51 … 63.85
    close(score("cohort_buyers"), 34.65); // 14.073 % of 12.95 … 16.19
    assert_eq!(score("win_back"), 0.0); // 5.57 %, below the floor of 5.76
    let total = &scorecard.reported().total;
    let covered: Vec<_> = total
        .children
        .iter()
        .map(|node| (node.coverage * 1e4).round() / 1e4)
        .collect();
    // Financial: (4 + 4 × 6/8) of 4 + 4 + 1 + 1, revenue from new customers being without a target;
    // customer: 6 × 12/13 of 6 + 1 + 1.
    assert_eq!(covered, [0.7, 0.6923, 0.0, 0.0]);
    // (4 × 37.23 + 3 × (59.46 + 73.52) ÷ 2) ÷ 7, and
    // (3 × 51.01 + 2 × (27.74 + 85.24 + 87.28 + 34.65) + 1 × 0) ÷ 12.
    close(total.children[0].score.unwrap(), 49.77);
    close(total.children[1].score.unwrap(), 51.90);
    assert_eq!(total.children[2].status, Status::NotMeasured);
    assert_eq!(total.children[3].status, Status::NotMeasured);
    let score = total.score.unwrap();
    assert!(total.low < score && score < total.high && total.coverage > 0.6);
}
