use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::diagnostics::codes::workspace::BAD_VALUE;
use crate::diagnostics::{Place, Source};
use crate::report::fixture;
use crate::report::model::{InputRows, Kpi, Roi, RoiCase};
use crate::workspace::Config;

/// A KPI of the fixture with other figures.
fn kpi(id: &str, value: Option<f64>, score: Option<f64>, status: Status) -> Kpi {
    let mut kpi = fixture::full().scorecard.perspectives[0].processes[0].kpis[0].clone();
    kpi.id = id.to_owned();
    kpi.unit = Unit::Percent;
    kpi.value = value;
    kpi.numerator = value.map(|value| value * 200.0);
    kpi.denominator = value.map(|_| 200.0);
    kpi.target = Some(0.85);
    kpi.score = score;
    kpi.status = status;
    kpi.reason = value.is_none().then(|| "no survey was supplied".to_owned());
    kpi
}

/// A case that does not pay back discounted, and for which there is no rate of return.
fn case() -> RoiCase {
    let mut case = fixture::full().roi.case.unwrap();
    case.payback_months = Some(25.0);
    case.discounted_payback_months = None;
    case.discounted_payback = "not within 3 years".to_owned();
    case.irr = Vec::new();
    case.irr_note = "no rate".to_owned();
    case.conventions.truncate(1);
    case.conventions[0].id = "tei".to_owned();
    case.conventions[0].value = Some(-0.125);
    case
}

fn rows() -> InputRows {
    InputRows {
        path: "inbox/ยอดขาย.xlsx".to_owned(),
        sheet: Some("รายการ".to_owned()),
        begins: None,
        table: "transactions".to_owned(),
        label: String::new(),
        sha256: "ab".repeat(32),
        rows_read: 100,
        rows_used: 90,
        rows_set_aside: 2,
        rows_duplicate: 3,
        rows_unmatched: 1,
        rows_out_of_period: 3,
        rows_blank: 1,
    }
}

/// Two perspectives of the fixture, one with a nameless process, and three KPIs.
fn report() -> Report {
    let mut report = fixture::full();
    report.run_id = governed().run_id();
    report.roi = Roi {
        case: Some(case()),
        reason: None,
        ..report.roi
    };
    report.data.inputs = vec![rows()];
    report.scorecard.perspectives.drain(..1);
    report.scorecard.perspectives.truncate(2);
    let [customer, process] = report.scorecard.perspectives.as_mut_slice() else {
        unreachable!("the fixture has four perspectives")
    };
    customer.processes[0].id = String::new();
    customer.processes[0].kpis = vec![
        kpi("C1", None, None, Status::NotMeasured),
        kpi("C2", Some(0.8), Some(80.0), Status::Good),
    ];
    process.processes[0].id = "delivery".to_owned();
    process.processes[0].kpis = vec![kpi("I1", Some(-0.0), None, Status::Information)];
    report
}

fn config(text: &str) -> Config {
    let mut problems = Diagnostics::new();
    let source = Source::new("quarterdeck.toml", text);
    let config = Config::parse(&source, "client", &mut problems);
    assert!(problems.is_empty(), "{problems:?}");
    config
}

fn governed() -> Governed {
    Governed {
        version: "0.1.0".to_owned(),
        options: options(&config("[activity]\nwindow-months = 6\n")),
        inputs: vec![FileHash {
            path: rows().path,
            sha256: rows().sha256,
        }],
        rules: vec![FileHash::of(
            "rules/segmentation.rhai",
            "fn segment(c, all) {}",
        )],
        templates: vec![FileHash::of("report-templates/scorecard.html", "<p>")],
    }
}

fn manifest(report: &Report) -> Manifest {
    let found = Diagnostics::from(
        Diagnostic::warning(&BAD_VALUE, "no date")
            .at(Place::cell("inbox/a.csv", None, Some(57), Some(1)))
            .about("customer C-1"),
    );
    let outputs = vec![FileHash::of("scorecard.html", "<p>")];
    Manifest::new(report, &governed(), outputs, &found)
}

fn wrong(change: impl FnOnce(&mut Report)) -> String {
    let mut report = report();
    change(&mut report);
    let found = manifest(&report).to_bytes().unwrap_err();
    assert_eq!(found.len(), 1, "{found:?}");
    found.iter().next().unwrap().message.clone()
}

/// The names and their order are what other tools rely on.
#[test]
fn the_record_has_the_fields_of_the_contract_in_its_order() {
    let json: Value = serde_json::from_slice(&manifest(&report()).to_bytes().unwrap()).unwrap();
    let keys = |value: &Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(
        keys(&json),
        [
            "schema",
            "version",
            "workspace",
            "period",
            "language",
            "options",
            "inputs",
            "rules",
            "templates",
            "outputs",
            "kpis",
            "nodes",
            "roi",
            "diagnostics"
        ]
    );
    assert_eq!(
        keys(&json["inputs"][0]),
        [
            "path",
            "sha256",
            "table",
            "sheet",
            "rows_read",
            "rows_used",
            "rows_set_aside",
            "rows_duplicate",
            "rows_unmatched",
            "rows_out_of_period",
            "rows_blank"
        ]
    );
    let mut several = report();
    several.data.inputs[0].begins = Some("E2".to_owned());
    let several: Value = serde_json::from_slice(&manifest(&several).to_bytes().unwrap()).unwrap();
    assert_eq!(several["inputs"][0]["begins"], "E2");
    assert_eq!(keys(&json["rules"][0]), ["path", "sha256"]);
    assert_eq!(
        keys(&json["kpis"][0]),
        [
            "id",
            "period",
            "value",
            "numerator",
            "denominator",
            "unit",
            "target",
            "score",
            "status",
            "reason"
        ]
    );
    assert_eq!(
        keys(&json["nodes"][0]),
        ["id", "score", "low", "high", "coverage", "status"]
    );
    assert_eq!(json["diagnostics"][0]["place"]["cell"], "B57");
    assert_eq!(json["diagnostics"][0]["subject"], "customer C-1");
}

#[test]
fn what_is_missing_is_null_with_its_reason() {
    let json: Value = serde_json::from_slice(&manifest(&report()).to_bytes().unwrap()).unwrap();
    assert_eq!(
        json["kpis"][0],
        json!({
            "id": "C1", "period": "2026-Q3", "value": null, "numerator": null, "denominator": null,
            "unit": "percent", "target": 0.85, "score": null, "status": "not-measured",
            "reason": "no survey was supplied",
        })
    );
    let roi = &json["roi"]["case"];
    assert_eq!(
        roi["payback_months"],
        json!({ "value": 25.0, "reason": null })
    );
    assert_eq!(
        roi["discounted_payback_months"],
        json!({ "value": null, "reason": "not within 3 years" })
    );
    assert_eq!(roi["irr"], json!({ "values": [], "reason": "no rate" }));
    assert_eq!(roi["roi"]["tei"]["value"], json!(-0.125));
}

#[test]
fn the_roll_up_is_listed_from_the_top_without_nameless_processes() {
    let manifest = manifest(&report());
    let ids: Vec<_> = manifest.nodes.iter().map(|node| node.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "total",
            "customer",
            "internal-process",
            "internal-process/delivery"
        ]
    );
}

#[test]
fn the_record_reads_back_and_names_its_run() {
    let manifest = manifest(&report());
    let bytes = manifest.to_bytes().unwrap();
    let read = Manifest::from_bytes(&bytes).unwrap();
    assert_eq!(read, manifest);
    assert_eq!(read.run_id(), report().run_id);
    assert_eq!(bytes.last(), Some(&b'\n'));
    let newer = String::from_utf8(bytes)
        .unwrap()
        .replace("\"schema\": 1", "\"schema\": 2");
    assert_eq!(Manifest::from_bytes(newer.as_bytes()), None);
}

/// The sum of no terms, or of terms that cancel, may be −0; which depends on the order.
#[test]
fn zero_has_no_sign() {
    let text = String::from_utf8(manifest(&report()).to_bytes().unwrap()).unwrap();
    assert!(!text.contains("-0.0"), "{text}");
}

#[test]
fn everything_that_governs_a_run_changes_its_id() {
    let id = governed().run_id();
    assert_eq!(id.len(), 12);
    let changed = |change: fn(&mut Governed)| {
        let mut other = governed();
        change(&mut other);
        other.run_id()
    };
    assert_ne!(id, changed(|g| g.version.push('1')));
    assert_ne!(id, changed(|g| g.options = options(&config(""))));
    assert_ne!(id, changed(|g| g.inputs[0].sha256 = "cd".repeat(32)));
    assert_ne!(id, changed(|g| g.rules.clear()));
    assert_ne!(id, changed(|g| g.templates[0].path.push('2')));
    // A file read for two of its sheets is one input.
    assert_eq!(id, changed(|g| g.inputs.push(g.inputs[0].clone())));
}

#[test]
fn options_hold_defaults_and_declared_inputs() {
    let options = options(&config(
        "[calendar]\nfiscal-year-start = 10\n[[input.file]]\nmatch = \"a*.csv\"\ncolumns = { customer_id = \"รหัส\" }\n",
    ));
    assert_eq!(options["calendar.fiscal-year-start"], 10);
    assert_eq!(options["calendar.year-label"], "end");
    assert_eq!(options["rfm.window-months"], 12);
    assert_eq!(options["rfm.method"], "quantile");
    assert_eq!(options["activity.order"], "day");
    assert_eq!(options["activity.window-months"], Value::Null);
    assert_eq!(options["input.file"][0]["columns"]["customer_id"], "รหัส");
}

#[test]
fn a_record_that_contradicts_itself_is_not_written() {
    fn first(report: &mut Report, at: usize) -> &mut Kpi {
        &mut report.scorecard.perspectives[0].processes[0].kpis[at]
    }
    assert_eq!(
        wrong(|r| r.data.inputs[0].rows_used = 89),
        "`inbox/ยอดขาย.xlsx`: 100 rows were read and 99 accounted for"
    );
    assert!(wrong(|r| first(r, 0).reason = None).contains("C1 has no value and no reason"));
    assert!(wrong(|r| first(r, 1).value = Some(f64::NAN)).contains("C2 has a figure"));
    assert!(wrong(|r| first(r, 1).score = None).contains("status of KPI C2"));
    assert!(wrong(|r| r.scorecard.total.high = f64::INFINITY).contains("`total`"));
    assert!(wrong(|r| r.roi.case = None).contains("no reason why"));
    assert!(wrong(|r| r.roi.case.as_mut().unwrap().npv = f64::NAN).contains("the ROI"));
    assert!(wrong(|r| r.data.inputs[0].path = "/home/me/a.csv".to_owned()).contains("one machine"));
    assert!(wrong(|r| r.data.inputs[0].path = "C:\\a.csv".to_owned()).contains("one machine"));
}

/// The text of a rule is at hand as it was read; its hash is that of `sha256sum`.
#[test]
fn hashes_are_those_of_other_tools() {
    // printf abc | sha256sum
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let source: Arc<Source> = Source::new("rules/a.sql", "abc");
    assert_eq!(FileHash::of(source.path.as_str(), &source.text).sha256, abc);
}
