//! Whole cases through the real path: text in, appraisal out.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::case::{Attribution, Case, Line, Ramp, Ranges, Side, ThreePoint, Timing};
use super::*;
use crate::calendar::Quarter;
use crate::diagnostics::{Diagnostics, Place, Source};
use crate::engine::{Measure, MeasureRow};
use crate::workspace::Language;

fn line(side: Side, number: u8, amount: i64) -> Line {
    Line {
        side,
        number,
        name: format!("line {number}"),
        label: None,
        measure: None,
        points: ThreePoint {
            low: None,
            likely: Decimal::from(amount),
            high: None,
        },
        month: None,
        every: None,
        phase: None,
        option: None,
        ramp: Ramp::None,
        realisation: Decimal::ONE,
        attribution: Attribution::Estimated,
        risk: Decimal::ZERO,
        source: None,
        realised: None,
        place: Place::File("rules/roi.toml".to_owned()),
    }
}

pub(super) fn cost(component: u8, amount: i64) -> Line {
    line(Side::Cost, component, amount)
}

pub(super) fn benefit(catalogue: u8, amount: i64) -> Line {
    line(Side::Benefit, catalogue, amount)
}

/// A three-year case without lines, started on 1 January 2026.
pub(super) fn case(timing: Timing, go_live: u32) -> Case {
    Case {
        name: "CRM".to_owned(),
        starts: day(2026, 1, 1),
        go_live,
        horizon_years: 3,
        hurdle_rate: 0.10,
        timing,
        option: None,
        lines: Vec::new(),
        phases: Vec::new(),
        scenarios: Vec::new(),
        translations: Translations::default(),
        ranges: Ranges {
            hurdle_rate: (0.05, 0.15),
            shift: (-(go_live as i32), 6),
        },
        defaults: Vec::new(),
    }
}

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

const PERIOD: Quarter = Quarter {
    year: 2026,
    number: 3,
};

fn measure(name: &str, value: Option<f64>, missing: &[&str]) -> Measure {
    Measure {
        name: name.to_owned(),
        dimensions: Vec::new(),
        is_ratio: false,
        rows: vec![MeasureRow {
            period: PERIOD,
            members: Vec::new(),
            value,
            numerator: None,
            denominator: None,
        }],
        reads: Vec::new(),
        missing_tables: missing.iter().map(|t| (*t).to_owned()).collect(),
    }
}

fn plan(text: &str, problems: &mut Diagnostics) -> Plan {
    parse(&Source::new(FILE, text), &["revenue", "orders"], problems)
}

/// Reads and appraises a text that must be free of problems.
fn worked(text: &str, rows: &[ProjectRow], measures: &[Measure]) -> Appraisal {
    let mut problems = Diagnostics::new();
    let case = plan(text, &mut problems)
        .case(rows, day(2026, 1, 1), &mut problems)
        .unwrap();
    let found = appraise(case, measures, PERIOD, day(2026, 9, 30), &mut problems);
    assert!(!problems.has_errors(), "{problems:?}");
    found
}

fn said(problems: &Diagnostics) -> Vec<String> {
    let said = |d: &crate::diagnostics::Diagnostic| {
        let place = d.place.as_ref().map_or(String::new(), ToString::to_string);
        let help = d
            .help
            .as_deref()
            .map_or(String::new(), |help| format!(" ({help})"));
        format!("{} {place} {}{help}", d.code.name, d.message)
    };
    problems.iter().map(said).collect()
}

fn near(found: f64, expected: f64, tolerance: f64) {
    assert!(
        (found - expected).abs() <= tolerance,
        "{found} is not {expected} ± {tolerance}"
    );
}

/// The table of Forrester's *The Total Economic Impact of Salesloft*, page 20: costs and benefits
/// risk-adjusted, initial and three years, 10 %.
const SALESLOFT: &str = r#"
[case]
name = "Salesloft"
starts = 2021-01-01
go-live = 0
hurdle-rate = 0.10
timing = "annual"

[[cost]]
component = 1
label = "initial"
amount = 53_150
[[cost]]
component = 8
label = "year 1"
month = 12
amount = 666_715
[[cost]]
component = 8
label = "year 2"
month = 24
amount = 636_772
[[cost]]
component = 8
label = "year 3"
month = 36
amount = 647_783

[[benefit]]
catalogue = 1
label = "benefits of year 1"
month = 12
amount = 1_606_511
[[benefit]]
catalogue = 1
label = "benefits of year 2"
month = 24
amount = 3_061_331
[[benefit]]
catalogue = 1
label = "benefits of year 3"
month = 36
amount = 4_229_760
"#;

#[test]
fn a_published_tei_table_to_the_dollar() {
    let found = worked(SALESLOFT, &[], &[]);
    assert_eq!(
        found.base.costs,
        [53_150, 666_715, 636_772, 647_783].map(Decimal::from)
    );
    assert_eq!(
        found.base.benefits,
        [0, 1_606_511, 3_061_331, 4_229_760].map(Decimal::from)
    );
    assert_eq!(found.base.pv_costs.round(), 1_672_201.0);
    assert_eq!(found.base.pv_benefits.round(), 7_168_371.0);
    assert_eq!(found.base.npv.round(), 5_496_170.0);
    let roi = found.conventions;
    near(roi.tei.unwrap(), 3.287, 0.0005);
    near(roi.simple.unwrap(), 3.439, 0.0005);
    near(roi.nucleus.unwrap(), 43.56, 0.005);
    near(roi.seed.unwrap(), 130.69, 0.005);
    // Payback under six months as published: 53,150 ÷ 939,796 of a year.
    near(
        found.base.payback_months().last.unwrap() / 12.0,
        0.057,
        0.0005,
    );
    let irr = found.base.irr();
    assert_eq!(irr.len(), 1);
    near(irr[0], 19.116, 0.0005);
    assert_eq!(found.initial, Decimal::from(53_150));
    // 53,150 of 2,004,420: ratios over the initial cost explode.
    assert!(float(found.initial) / float(found.base.total_costs()) < SMALL_INITIAL);
}

#[test]
fn the_cash_that_must_be_at_hand() {
    let found = worked(SALESLOFT, &[], &[]);
    assert_eq!(finance::deepest(&found.base.net), (0, -53_150.0));
}

const SMALL: &str = r#"
[case]
starts = 2026-01-01
go-live = 2026-07-01
hurdle-rate = 0.12
timing = "monthly"
risk = 0.1

[[phase]]
name = "sales"
[[phase]]
name = "service"
month = 12
go-live = 15

[[cost]]
component = 1
amount = 1000
[[cost]]
component = 8
label = "Running"
low = 80
likely = 100
high = 150
every = "month"
risk = 0
[[cost]]
component = 4
label = "Service desk"
phase = "service"
amount = 500

[[benefit]]
catalogue = 1
label = "Kept customers"
measure = "revenue"
low = 0.01
likely = 0.02
high = 0.03
ramp = [0.5, 1.0]
realisation = 0.8
attribution = "associated"
risk = 0.2
[[benefit]]
catalogue = 5
label = "Hours"
phase = "service"
every = "year"
amount = 2400
attribution = "proven"
risk = 0

[[scenario]]
name = "worst"
low = ["kept customers"]
high = ["Running"]
go-live-shift = 3
hurdle-rate = 0.15
"#;

/// Revenue 60,000 a quarter × 2 % × 0.8 × (1 − 0.2) = 768 a quarter, 256 a month; half of it in the
/// first three months after month 6.
#[test]
fn a_benefit_tied_to_a_measure() {
    let found = worked(SMALL, &[], &[measure("revenue", Some(60_000.0), &[])]);
    assert_eq!(found.case.go_live, 6);
    let kept = found.base.lines[3].as_ref().unwrap();
    assert_eq!(kept[6], Decimal::ZERO);
    assert_eq!(kept[7], Decimal::from(128));
    assert_eq!(kept[9], Decimal::from(128));
    assert_eq!(kept[10], Decimal::from(256));
    assert_eq!(
        found.benefits[0].total.unwrap(),
        Decimal::from(3 * 128 + 27 * 256)
    );
    // Cost of the setup with its risk: 1000 × 1.1; of the service desk in month 12.
    assert_eq!(found.initial, Decimal::from(1100));
    assert_eq!(found.base.costs[12], Decimal::from(650));
    // Service benefits run from month 16: 21 months at 200.
    assert_eq!(found.benefits[1].total.unwrap(), Decimal::from(4200));
    assert_eq!(found.phases[1].costs, Decimal::from(550));
    assert_eq!(found.phases[1].benefits, Decimal::from(4200));
    assert_eq!(found.phases[2].phase, None);
}

#[test]
fn a_measure_without_a_value_is_not_zero() {
    let mut problems = Diagnostics::new();
    let case = plan(SMALL, &mut problems)
        .case(&[], day(2026, 1, 1), &mut problems)
        .unwrap();
    let measures = [measure("revenue", None, &["products"])];
    let found = appraise(case, &measures, PERIOD, day(2026, 9, 30), &mut problems);
    assert_eq!(
        found.units[3],
        Unit::Missing {
            tables: vec!["products".to_owned()]
        }
    );
    assert_eq!(found.benefits[0].total, None);
    assert_eq!(found.base.total_benefits(), Decimal::from(4200));
    assert_eq!(said(&problems).len(), 1);
    assert!(
        said(&problems)[0].contains("no table `products`"),
        "{problems:?}"
    );
}

/// NPV is linear in every line, so that break-even, room and swings can be checked by setting them.
#[test]
fn what_brings_npv_to_zero_does() {
    let measures = [measure("revenue", Some(60_000.0), &[])];
    let found = worked(SMALL, &[], &measures);
    let npv = found.base.npv;
    assert!(npv > 0.0, "{npv}");
    let BreakEven::At(multiple) = found.benefits[0].break_even else {
        panic!("{:?}", found.benefits[0]);
    };
    let at_multiple = [measure("revenue", Some(60_000.0 * multiple), &[])];
    near(worked(SMALL, &[], &at_multiple).base.npv, 0.0, 1e-6);

    let missing: Vec<u8> = found
        .components
        .iter()
        .filter(|c| c.room.is_some())
        .map(|c| c.number)
        .collect();
    assert_eq!(missing, [2, 3, 5, 6]);
    let (at_start, per_year) = found.components[1].room.unwrap();
    near(at_start, npv, 1e-9);
    for row in [
        format!("[[cost]]\ncomponent = 2\nrisk = 0\namount = {at_start:.9}\n"),
        format!("[[cost]]\ncomponent = 2\nrisk = 0\nevery = \"year\"\namount = {per_year:.9}\n"),
    ] {
        near(
            worked(&format!("{SMALL}{row}"), &[], &measures).base.npv,
            0.0,
            1e-6,
        );
    }
    let running = found
        .swings
        .iter()
        .find(|s| s.of == Assumption::Line(1))
        .unwrap();
    assert!(running.npv_low > npv && running.npv_high < npv);
    let widths: Vec<_> = found
        .swings
        .iter()
        .map(|s| (s.npv_high - s.npv_low).abs())
        .collect();
    assert!(widths.is_sorted_by(|a, b| a >= b), "{widths:?}");
    assert_eq!(found.swings.len(), 4);
}

#[test]
fn a_scenario_is_a_set_chosen_by_line() {
    let measures = [measure("revenue", Some(60_000.0), &[])];
    let found = worked(SMALL, &[], &measures);
    let by_hand = SMALL
        .replace("likely = 0.02", "likely = 0.01")
        .replace("likely = 100", "likely = 150")
        .replace("go-live = 2026-07-01", "go-live = 9")
        .replace("go-live = 15", "go-live = 18")
        .replace("hurdle-rate = 0.12", "hurdle-rate = 0.15");
    near(
        found.scenarios[0].npv,
        worked(&by_hand, &[], &measures).base.npv,
        1e-9,
    );
    near(
        found.npv_without_associated.unwrap(),
        found.base.npv - found.base.pv_line(3),
        1e-9,
    );
}

fn row(line: &str, kind: &str, amount: i64) -> ProjectRow {
    ProjectRow {
        line: line.to_owned(),
        kind: kind.to_owned(),
        amount: Some(Decimal::from(amount)),
        low: None,
        likely: None,
        high: None,
        component: Some(8),
        benefit: Some(1),
        option: None,
        phase: None,
        month: None,
        recurring: None,
        realised_amount: None,
        place: Place::Cell {
            file: "inbox/project.xlsx".to_owned(),
            sheet: Some("CRM".to_owned()),
            row: Some(2),
            column: None,
        },
    }
}

#[test]
fn the_sheet_wins_line_by_line() {
    let mut problems = Diagnostics::new();
    let mut again = row("running ", "cost", 200);
    again.recurring = Some("month".to_owned());
    again.realised_amount = Some(Decimal::from(1500));
    let rows = [
        again,
        row("Licences", "cost", 50),
        row("Licences", "cost", 10),
        row("x", "coast", 1),
    ];
    let case = plan(SMALL, &mut problems)
        .case(&rows, day(2020, 1, 1), &mut problems)
        .unwrap();
    let names: Vec<_> = case.lines.iter().map(|line| line.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "component 1",
            "running",
            "Service desk",
            "Licences",
            "Licences",
            "Kept customers",
            "Hours"
        ]
    );
    // What only the file says of a line stays: its risk of 0 and its label.
    assert_eq!(case.lines[1].risk, Decimal::ZERO);
    assert_eq!(case.lines[1].label.as_deref(), Some("Running"));
    assert_eq!(case.lines[3].risk, Decimal::new(1, 1));
    let said = said(&problems);
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].starts_with("roi-sheet-wins"));
    assert!(said[1].contains("`coast` is not one of cost, benefit"));
    // Months 1 to 9 lie before the data's last day.
    let found = appraise(case, &[], PERIOD, day(2026, 9, 30), &mut problems);
    assert_eq!(found.realised[0].plan, Decimal::from(1800));
    assert_eq!(found.realised[0].realised, Decimal::from(1500));
}

#[test]
fn a_sheet_alone_is_a_case_with_printed_defaults() {
    let mut problems = Diagnostics::new();
    let case = Plan::default()
        .case(
            &[row("Licences", "cost", 50)],
            day(2026, 1, 1),
            &mut problems,
        )
        .unwrap();
    assert_eq!(case.defaults.len(), 5);
    assert_eq!(case.starts, day(2026, 1, 1));
    assert!(
        Plan::default()
            .case(&[], day(2026, 1, 1), &mut problems)
            .is_none()
    );
    assert!(problems.is_empty());
}

#[test]
fn options_share_the_benefits() {
    let text = SMALL.replace(
        "timing = \"monthly\"",
        "timing = \"monthly\"\noption = \"buy\"",
    ) + "[[cost]]\ncomponent = 3\noption = \"buy\"\namount = 2000\nrisk = 0\n\
           [[cost]]\ncomponent = 4\nlabel = \"Own developers\"\noption = \"build\"\namount = 5000\nrisk = 0\n";
    let measures = [measure("revenue", Some(60_000.0), &[])];
    let found = worked(&text, &[], &measures);
    let [(_, build), (_, buy)] = &found.options[..] else {
        panic!("{:?}", found.options);
    };
    near(buy.npv - build.npv, 3000.0, 1e-9);
    near(found.base.npv, buy.npv, 0.0);
    assert_eq!(found.components[3].initial, Some(Decimal::ZERO));

    let mut problems = Diagnostics::new();
    let text = text.replace("option = \"buy\"\nrisk = 0.1", "risk = 0.1");
    let _ = plan(&text, &mut problems).case(&[], day(2026, 1, 1), &mut problems);
    assert_eq!(said(&problems).len(), 1);
    assert!(
        said(&problems)[0].contains("options build, buy"),
        "{problems:?}"
    );
}

#[test]
fn every_mistake_of_a_file_at_once() {
    let mut problems = Diagnostics::new();
    let text = r#"[case]
starts = 2026-01-01
go-live = 2025-01-01
hurdle = 0.1
[[cost]]
component = 9
amount = 5
phase = "pilot"
[[cost]]
component = 1
low = 5
amount = 3
[[cost]]
component = 2
[[benefit]]
catalogue = 1
label = "Kept"
measure = "revenues"
factor = 0.1
ramp = [0.5, 2]
[[benefit]]
catalogue = 2
label = "kept"
amount = 1
[[phase]]
name = "pilots"
[[scenario]]
name = "worst"
low = ["Keept"]
"#;
    let _ = plan(text, &mut problems).case(&[], day(2026, 1, 1), &mut problems);
    insta::assert_snapshot!(said(&problems).join("\n"), @r"
    unknown-key rules/roi.toml:4:1 unknown key `case.hurdle` (did you mean `hurdle-rate`?)
    bad-value rules/roi.toml:6:13 `cost.component` is 9; it must be from 1 to 8
    roi-unknown-phase rules/roi.toml:8:9 there is no phase `pilot` (did you mean `pilots`?)
    roi-bad-range rules/roi.toml:12:10 low 5, likely 3, high 3 do not ascend
    missing-key rules/roi.toml:13:1 the line has no `amount` (give the amount, or `low`, `likely` and `high`; leave the line out where it is not known, and the report says *not supplied*)
    roi-unknown-measure rules/roi.toml:18:11 there is no measure `revenues` (did you mean `revenue`?)
    bad-value rules/roi.toml:20:8 `ramp` takes months, or shares from 0 to 1
    roi-duplicate-line rules/roi.toml:21:1 there are two lines `kept` (give each a `label` of its own)
    bad-value rules/roi.toml:3:11 going live on 2025-01-01 is before the start on 2026-01-01
    roi-unknown-line rules/roi.toml:29:8 scenario `worst`: there is no line `Keept` (did you mean `Kept`?)
    ");
}

#[test]
fn the_shipped_file_holds_no_case() {
    let mut problems = Diagnostics::new();
    let files = crate::workspace::Files::built_in();
    assert!(files.get(FILE).is_some());
    let plan = read(&files, &[], &mut problems);
    assert!(plan.case(&[], day(2026, 1, 1), &mut problems).is_none());
    assert!(problems.is_empty(), "{problems:?}");
}

const TRANSLATED: &str = r#"
[case]
name = "CRM"
starts = 2026-10-01

[[cost]]
component = 1
label = "Team"
amount = 10
source = "two people"

[[translation]]
text = "Team"
th = "ทีม"

[[translation]]
text = "two people"
vi = "hai người"
"#;

#[test]
fn a_text_is_said_in_the_language_of_the_reader() {
    let mut problems = Diagnostics::new();
    let source = Source::new("rules/roi.toml", TRANSLATED);
    let plan = parse(&source, &[], &mut problems);
    let case = plan.case(&[], day(2026, 10, 1), &mut problems).unwrap();
    let said = |text, language| case.translations.of(text, language).to_owned();
    assert_eq!(said("Team", Language::Th), "ทีม");
    assert_eq!(said("Team", Language::Vi), "Team");
    assert_eq!(said("two people", Language::Vi), "hai người");
    assert_eq!(said("CRM", Language::Th), "CRM");
    assert_eq!(problems.len(), 0, "{problems:?}");
}

#[test]
fn a_translation_of_nothing_is_reported() {
    let mut problems = Diagnostics::new();
    let text = TRANSLATED.replace("text = \"Team\"", "text = \"Taem\"");
    let source = Source::new("rules/roi.toml", text);
    let plan = parse(&source, &[], &mut problems);
    plan.case(&[], day(2026, 10, 1), &mut problems).unwrap();
    let found: Vec<_> = problems.iter().collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].code.name, "roi-unused-translation");
}
