//! The sample's case told in three languages.

use std::io::Cursor;

use calamine::{DataType, Reader};
use chrono::NaiveDate;

use super::*;
use crate::calendar::Quarter;
use crate::diagnostics::{Diagnostics, Source, human};
use crate::engine::{Measure, MeasureRow};
use crate::report::locale::tests::locale;
use crate::report::templates::Templates;
use crate::report::xlsx::{NoBulk, Origins};
use crate::roi::{FILE, appraise, parse};
use crate::workspace::{Files, Language};

const SAMPLE: &str = include_str!("../../../../samples/cdnow/rules/roi.toml");

/// The sample appraised for 1998-Q2, with that quarter's revenue summed from CDNOW_master.txt.
pub(crate) fn sample() -> Appraisal {
    sample_of(SAMPLE)
}

fn sample_of(text: &str) -> Appraisal {
    let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
    let period: Quarter = "1998-Q2".parse().unwrap();
    let revenue = Measure {
        name: "revenue".to_owned(),
        dimensions: Vec::new(),
        is_ratio: false,
        rows: vec![MeasureRow {
            period,
            members: Vec::new(),
            value: Some(213_330.48),
            numerator: None,
            denominator: None,
        }],
        reads: Vec::new(),
        missing_tables: Vec::new(),
    };
    let mut problems = Diagnostics::new();
    let plan = parse(&Source::new(FILE, text), &["revenue"], &mut problems);
    let case = plan.case(&[], day(1998, 1, 1), &mut problems).unwrap();
    let of = appraise(case, &[revenue], period, day(1998, 6, 30), &mut problems);
    assert!(problems.is_empty(), "{problems:?}");
    of
}

fn texts(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => found.push(text.clone()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        serde_json::Value::Object(fields) => fields.values().for_each(|f| texts(f, found)),
        _ => {}
    }
}

#[test]
fn every_text_is_found_and_filled_in_every_language() {
    let of = sample();
    for language in Language::ALL {
        let told = roi(Some(&of), &locale(language, "USD"));
        let mut found = Vec::new();
        texts(&serde_json::to_value(&told).unwrap(), &mut found);
        for text in found {
            let is_key = ["roi.", "component.", "benefit."].iter().any(|p| {
                text.strip_prefix(p)
                    .is_some_and(|rest| !rest.starts_with("toml"))
            });
            assert!(
                !is_key && !text.contains('{'),
                "{}: {text}",
                language.code()
            );
        }
    }
}

#[test]
fn without_a_case_it_says_how_to_supply_one() {
    let told = roi(None, &locale(Language::En, "USD"));
    assert_eq!(told.case, None);
    assert!(told.reason.unwrap().contains("crm_project"));
}

#[test]
fn the_sample_in_words() {
    let told = roi(Some(&sample()), &locale(Language::En, "USD"));
    let case = told.case.as_ref().unwrap();
    let mut said = vec![format!("{} {}", told.lead.bold, told.lead.rest)];
    said.extend(
        case.assumptions
            .iter()
            .map(|a| format!("{} = {} [{}]", a.label, a.value, a.source)),
    );
    said.extend(
        case.scenarios
            .iter()
            .map(|s| format!("{}: {:.2}, {}, {}", s.label, s.npv, s.payback, s.what)),
    );
    said.extend(case.sensitivity.iter().map(|s| {
        format!(
            "{}: {} {:.2}, {} {:.2}",
            s.label, s.low, s.npv_low, s.high, s.npv_high
        )
    }));
    said.extend(case.costs.iter().map(|c| {
        format!(
            "{} {}: {:?} {:?} room {:?} {:?}",
            c.component,
            c.label,
            c.initial,
            c.recurring,
            c.room.map(f64::round),
            c.note
        )
    }));
    said.extend(
        case.benefits
            .iter()
            .map(|b| format!("{}: {:?} {}", b.label, b.total, b.break_even_note)),
    );
    said.extend(
        case.options
            .iter()
            .map(|o| format!("{}: {:.2} {} {}", o.label, o.npv, o.payback, o.chosen)),
    );
    said.extend(
        case.conventions
            .iter()
            .map(|c| format!("{}: {:.4?}", c.id, c.value)),
    );
    said.extend(case.warnings.iter().cloned());
    insta::assert_snapshot!(said.join("\n"), @r#"
    The CRM project is expected to pay back in 28 months and create $3,987 (net present value over 3 years, discounted at 12% a year). The result depends most on: More repeat purchases.
    Project start = 1 Jan 1998 [roi.toml]
    Go-live, benefits from then on = 1 Jul 1998 (month 6) [roi.toml]
    Horizon = 3 years [roi.toml]
    Hurdle rate = 12% a year (0.949% a month) [roi.toml]
    Flows = by month, each at its end; the flow at the start is not discounted [roi.toml]
    Deployment = Buy software [roi.toml]
    Tax and inflation = not counted [—]
    Value after the horizon = not counted [cautious: NPV may be understated]
    Project team = $4,000; once, month 0; from $3,500 to $6,000; risk 10% [roi.toml: assumption: one person for five weeks]
    New contact processes = $2,500; once, month 3; risk 10% [roi.toml: assumption: four workshops and their write-up]
    Server and licences = $6,000; once, month 0; from $5,500 to $7,500 [roi.toml: assumption: a list price, so without a risk factor]
    Fitting it to the shop = $3,000; once, month 4; from $2,000 to $5,500; risk 10% [roi.toml: assumption: the line that overruns most often]
    Training = $1,200; once, month 5; risk 10% [roi.toml: assumption: two days for six people]
    Refresher training = $400; every year from month 18; risk 10% [roi.toml: assumption]
    Running it = $450; every month from month 7; from $380 to $600; risk 10% [roi.toml: assumption: hosting, mailing and a tenth of a person]
    More repeat purchases = Net revenue (213,330 in Q2 1998) × 2% = $4,267; per quarter, after month 6, growing 25% → 50% → 75% → 100%; from 1% to 2.5%; risk 20% [roi.toml: assumption: 8 % uplift × 25 % gross margin; to be proven with a control group that gets no mail]
    Fewer letters and calls = $540; per month, after month 12; from $250 to $700; 75% realised; risk 10% [roi.toml: assumption: 30 hours a month at 18 dollars]
    Customers won back = $900; per quarter, after month 6, growing over 12 months; from $300 to $1,400; risk 30% [roi.toml: assumption; buyers also come back by themselves, so the cause is not shown]
    Base: 3987.16, 28 months, every line at its likely figure
    Worst: -19763.35, not within 3 years, low: More repeat purchases, Customers won back; high: Fitting it to the shop, Running it; benefits 3 months later
    Best: 12930.89, 23 months, low: Fitting it to the shop; high: More repeat purchases, Fewer letters and calls
    More repeat purchases: 1% -7659.87, 2.5% 9810.68
    Go-live earlier or later: −2 months 7091.43, +6 months -4981.46
    Running it: $380 5878.98, $600 -66.74
    Fewer letters and calls: $250 251.62, $700 6048.15
    Customers won back: $300 1246.12, $1,400 6271.36
    Hurdle rate: 8% 5574.50, 20% 1317.00
    Fitting it to the shop: $2,000 5046.38, $5,500 1339.11
    Project team: $3,500 4537.16, $6,000 1787.16
    Server and licences: $5,500 4487.16, $7,500 2487.16
    1 Project set-up: Some(4400.0) Some(0.0) room None None
    2 Process redesign: Some(2750.0) Some(0.0) room None None
    3 Hardware and software: Some(6000.0) Some(0.0) room None None
    4 Customisation: Some(3300.0) Some(0.0) room None None
    5 Upkeep by own IT or outside help: None None room Some(3987.0) None
    6 Staff training: Some(1320.0) Some(880.0) room None None
    7 Implementation time: None None room None Some("6 months to go-live")
    8 Running cost: Some(0.0) Some(14850.0) room None None
    More repeat purchases: Some(29012.94528) 83% of plan
    Fewer letters and calls: Some(8748.0) 43% of plan
    Customers won back: Some(5145.0) 3% of plan
    Build in-house: -2426.21 34 months false
    Buy software: 3987.16 28 months true
    seed: Some(1.5293)
    simple: Some(0.2808)
    tei: Some(0.1313)
    nucleus: Some(0.5098)
    Some benefits only move along with the CRM; that it causes them is not shown. Without them NPV is −$124.
    Benefits tied to a measure hold the figure of Q2 1998 over the whole horizon; they move with every report.
    3 lines have no low and high, so sensitivity and scenarios cannot move them.
    "#);
}

/// What the workbook computes live must be what was computed here: every step of every line is its
/// likely amount × unit × realisation × (1 ± risk) × the shares of its months.
#[test]
fn the_lines_rebuild_the_flows() {
    for text in [
        SAMPLE.to_owned(),
        SAMPLE.replace("\"monthly\"", "\"annual\""),
    ] {
        let told = roi(Some(&sample_of(&text)), &locale(Language::En, "USD"));
        let case = told.case.unwrap();
        let months = 12 / case.steps_per_year as usize;
        for line in &case.lines {
            let sign = if line.side == "cost" { 1.0 } else { -1.0 };
            let money = line.likely * line.unit * line.realisation * (1.0 + sign * line.risk);
            for (step, flow) in line.flows.iter().enumerate() {
                let last = step * months;
                let first = if step == 0 { 0 } else { last - months + 1 };
                let share: f64 = line.shares[first..=last].iter().sum();
                assert!(
                    (money * share - flow).abs() < 1e-6,
                    "{} step {step}",
                    line.label
                );
            }
        }
        let net: f64 = case.flows.iter().map(|flow| flow.net).sum();
        let bridge: f64 = case
            .bridge
            .iter()
            .filter(|s| !s.total)
            .map(|s| s.value)
            .sum();
        assert!((net - bridge).abs() < 1e-6);
        assert!((case.bridge.last().unwrap().value - net).abs() < 1e-6);
        let chart: f64 = case.chart.iter().map(|step| step.net).sum();
        assert!((chart - net).abs() < 1e-6);
    }
}
/// A whole report with the ROI part of an appraisal, in the sample's currency and period.
fn report(of: Option<&Appraisal>, locale: &Locale) -> crate::report::model::Report {
    let mut report = crate::report::fixture::full();
    report.language = locale.language().code().to_owned();
    report.period.label = locale.quarter("1998-Q2".parse().unwrap());
    report.roi = roi(of, locale);
    report
}

/// A template of the shipped ones rendered, with the origins for the workbook's writer.
fn rendered(name: &str, of: Option<&Appraisal>, language: Language) -> (String, Origins) {
    let files = Files::built_in();
    let origins = Origins::of(&files);
    let locale = locale(language, "USD");
    let templates = Templates::compile(&origins.mark(files), &locale).unwrap();
    let text = templates.render(name, &report(of, &locale));
    (
        text.unwrap_or_else(|problem| panic!("{}", human(&problem, false))),
        origins,
    )
}

fn workbook(of: Option<&Appraisal>, language: Language) -> Vec<u8> {
    let (text, origins) = rendered("roi.xlsx.xml", of, language);
    let mut out = Cursor::new(Vec::new());
    let found = crate::report::xlsx::write(&text, &origins, &NoBulk, &mut out);
    let found = found.unwrap_or_else(|problems| problems);
    let said: String = found.iter().map(|problem| human(problem, false)).collect();
    assert!(said.is_empty(), "{said}");
    out.into_inner()
}

#[test]
fn the_workbook_is_written_in_every_language_and_timing() {
    let yearly = SAMPLE.replace("\"monthly\"", "\"annual\"");
    let (costs_only, _) = SAMPLE.split_once("# --- benefits").unwrap();
    let cases = [sample(), sample_of(&yearly), sample_of(costs_only)];
    for language in Language::ALL {
        for of in cases.iter().map(Some).chain([None]) {
            assert!(!workbook(of, language).is_empty());
        }
    }
}

#[test]
fn the_workbook_holds_live_formulas_with_what_was_computed() {
    let mut book: calamine::Xlsx<_> =
        calamine::open_workbook_from_rs(Cursor::new(workbook(Some(&sample()), Language::En)))
            .unwrap();
    let formulas = book.worksheet_formula("Cash flow").unwrap();
    let values = book.worksheet_range("Cash flow").unwrap();
    let row = |label: &str| {
        let row = values.rows().position(|row| row[0] == *label).unwrap();
        (row as u32, 1)
    };
    let npv = row("NPV");
    assert_eq!(
        formulas.get_value(npv).unwrap(),
        "$B$23+NPV(step_rate,$C$23:$AL$23)",
        "the first flow is not discounted"
    );
    let value = values.get_value(npv).unwrap().get_float().unwrap();
    assert!((value - sample().base.npv).abs() < 1e-9);
    let missing = values
        .get_value(row("5 Upkeep by own IT or outside help"))
        .unwrap();
    assert_eq!(missing.to_string(), "Not supplied");
    let audit = book.worksheet_range("Audit").unwrap();
    assert!(audit.rows().skip(4).all(|row| row[4] == *"same"));
}

#[test]
fn the_page_says_what_is_not_supplied() {
    for (language, said) in [
        (Language::En, "Not supplied"),
        (Language::Th, "ยังไม่มีข้อมูล"),
        (Language::Vi, "Chưa cung cấp"),
    ] {
        let (page, _) = rendered("roi.html", Some(&sample()), language);
        assert_eq!(
            page.matches(&format!("{said}</span>")).count(),
            1,
            "{}",
            language.code()
        );
        let (page, _) = rendered("roi.html", None, language);
        assert_eq!(
            page.matches(&format!("{said}</span>")).count(),
            8,
            "{}",
            language.code()
        );
        assert!(page.contains("crm_project"));
    }
}
