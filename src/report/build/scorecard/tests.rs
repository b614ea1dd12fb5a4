//! The scorecard's model from a definition and what came out of it.

use std::collections::BTreeSet;

use super::*;
use crate::diagnostics::Diagnostics;
use crate::engine::{Measure, MeasureRow};
use crate::report::locale::tests::locale;
use crate::scorecard::{FILE, Inputs, KnownMeasure, Level, Supplied, Vocabulary};
use crate::workspace::{Files, Language};

/// Every reason the scorecard gives.
const REASONS: [&str; 15] = [
    "band",
    "column",
    "denominator",
    "floor",
    "measure-empty",
    "not-additive",
    "not-due",
    "overflow",
    "parts",
    "red-flag",
    "scale",
    "script",
    "table",
    "target",
    "typed-only",
];

fn known() -> Vec<KnownMeasure> {
    // The names that the shipped scorecard uses are read from it, so that this test is about
    // words alone.
    let text = crate::workspace::shipped(FILE).unwrap();
    let mut names = BTreeSet::new();
    for line in text.lines().filter(|line| line.starts_with("value = ")) {
        let value = line.trim_start_matches("value = ").trim_matches('"');
        let expression = crate::scorecard::Expression::parse(value).unwrap();
        names.extend(expression.names().iter().map(|name| name.name.clone()));
    }
    names.into_iter().map(KnownMeasure::named).collect()
}

fn definition(text: &str) -> Definition {
    let measures = known();
    let vocabulary = Vocabulary {
        measures: &measures,
        tables: &[],
        functions: None,
    };
    let mut problems = Diagnostics::new();
    Definition::read(
        &Files::built_in().with(FILE, text),
        &vocabulary,
        &mut problems,
    )
    .unwrap()
}

#[test]
fn everything_on_the_shipped_scorecard_has_words_in_every_language() {
    let definition = definition("");
    for language in Language::ALL {
        let locale = locale(language, "THB");
        let mut lacking = Vec::new();
        let mut need = |key: String| {
            if !locale.has(&key) {
                lacking.push(key);
            }
        };
        for kpi in &definition.kpis {
            need(format!("kpi.{}.label", kpi.id));
            need(format!("kpi.{}.formula", kpi.id));
        }
        for (level, kind) in [
            (Level::Perspective, "perspective"),
            (Level::Process, "process"),
            (Level::Objective, "objective"),
        ] {
            let branches = definition.branches(level).into_iter();
            branches
                .filter(|branch| !branch.id.is_empty())
                .for_each(|branch| need(format!("{kind}.{}", branch.id)));
        }
        REASONS
            .iter()
            .for_each(|reason| need(format!("missing.{reason}")));
        assert!(lacking.is_empty(), "{}: {lacking:?}", language.code());
    }
}

fn row(period: &str, value: f64) -> MeasureRow {
    MeasureRow {
        period: period.parse().unwrap(),
        members: Vec::new(),
        value: Some(value),
        numerator: None,
        denominator: None,
    }
}

/// Retention has 60 % of the weight and scores 46, the wallet is missing: between 28 and 68.
fn small() -> (Definition, Scorecard) {
    let definition = definition(
        "built-in = false\n\
         [[perspective]]\nid = \"customer\"\n\
         [[perspective]]\nid = \"mine\"\nlabel = { en = \"Mine\", th = \"ของเรา\" }\nweight = 0\n\
         [[objective]]\nid = \"increase-loyalty\"\nperspective = \"customer\"\n\
         [[objective]]\nid = \"empty\"\nperspective = \"mine\"\n\
         [[kpi]]\nid = \"C2\"\nobjective = \"increase-loyalty\"\nvalue = \"retained_customers\"\nunit = \"percent\"\nbetter = \"higher\"\ntarget = 1\nweight = 6\ntarget-source = \"board, May\"\n\
         [[kpi]]\nid = \"F2\"\nobjective = \"increase-loyalty\"\nvalue = \"share_of_wallet\"\nunit = \"percent\"\nbetter = \"higher\"\nneeds = [\"wallet\"]\nweight = 4\n\
         [[kpi]]\nid = \"own\"\nobjective = \"empty\"\nvalue = \"revenue_new * 2\"\nunit = \"money\"\nscoring = \"unscored\"\n",
    );
    let measures = [Measure {
        name: "retained_customers".to_owned(),
        dimensions: Vec::new(),
        is_ratio: false,
        rows: vec![row("2026-Q2", 0.78), row("2026-Q3", 0.99)],
        reads: vec!["transactions".to_owned()],
        missing_tables: Vec::new(),
    }];
    let supplied = Supplied {
        tables: BTreeSet::from(["transactions".to_owned()]),
        columns: BTreeSet::new(),
    };
    let inputs = Inputs {
        measures: &measures,
        supplied: &supplied,
        targets: &[],
        manual: &[crate::scorecard::ManualRow {
            kpi: "C2".to_owned(),
            period: "2026-Q3".parse().unwrap(),
            value: 0.46,
            source: Some("the shops".to_owned()),
            note: Some("Two closed.".to_owned()),
            place: None,
        }],
        commentary: &[crate::scorecard::CommentaryRow {
            kpi: "C2".to_owned(),
            period: "2026-H2".parse().unwrap(),
            text: "Weak.".to_owned(),
            author: Some("Noi".to_owned()),
            place: None,
        }],
        initiatives: &[crate::scorecard::InitiativeRow {
            initiative: "Call them".to_owned(),
            owner: None,
            cost: None,
            due: None,
            kpi: Some("C2".to_owned()),
            status: None,
            place: None,
        }],
        functions: None,
        is_complete: true,
    };
    let reported = "2026-Q3".parse().unwrap();
    let periods = ["2026-Q2".parse().unwrap(), reported];
    let evaluated = crate::scorecard::evaluate(
        &definition,
        &inputs,
        &periods,
        reported,
        &mut Diagnostics::new(),
    );
    (definition, evaluated)
}

#[test]
fn the_lead_says_score_change_bounds_and_what_turned_red() {
    let (definition, evaluated) = small();
    let lead = |language| {
        let locale = locale(language, "THB");
        scorecard(&evaluated, &definition, &locale).lead
    };
    let english = lead(Language::En);
    assert_eq!(english.bold, "Score 46 of 100, down 32.");
    assert_eq!(
        english.rest,
        "The true score is between 28 and 68: 60.0% of the weight is measured. Turned red: Customer retention."
    );
    let thai = lead(Language::Th);
    assert_eq!(thai.bold, "ได้ 46 คะแนนจาก 100 ลดลง 32");
    assert!(thai.rest.contains("ลูกค้าที่รักษาไว้ได้"), "{}", thai.rest);
    let vietnamese = lead(Language::Vi);
    assert_eq!(vietnamese.bold, "Đạt 46/100 điểm, giảm 32.");
    assert!(!vietnamese.rest.contains('{'), "{}", vietnamese.rest);
}

#[test]
fn kpis_carry_reasons_sources_and_histories_in_words() {
    let (definition, evaluated) = small();
    let page = scorecard(&evaluated, &definition, &locale(Language::En, "THB"));
    assert_eq!((page.kpis, page.measured), (3, 1));
    let customer = &page.perspectives[0];
    assert_eq!(customer.label, "Customer");
    assert_eq!(
        customer.finding,
        "Down 32 since the last quarter. Turned red: Customer retention."
    );
    let history: Vec<_> = customer
        .node
        .history
        .iter()
        .flatten()
        .map(|s| s.round())
        .collect();
    assert_eq!(history, [78.0, 46.0]);
    assert_eq!(customer.node.previous, Some(78.0));
    let [c2, f2] = customer.processes[0].kpis.as_slice() else {
        panic!("two KPIs");
    };
    assert_eq!(c2.target_source, "board, May");
    assert_eq!(c2.objective, "Increase customer loyalty");
    assert_eq!(c2.scale, [0.0, 0.5, 0.75, 1.0]);
    assert_eq!(
        c2.comment.as_deref(),
        Some("Weak. (Noi) Typed in, from the shops. Two closed.")
    );
    assert_eq!(c2.initiatives, page.initiatives);
    let [call] = page.initiatives.as_slice() else {
        panic!("one initiative");
    };
    assert_eq!(call.kpi_label.as_deref(), Some("Customer retention"));
    assert!(f2.initiatives.is_empty());
    assert_eq!(c2.sources, ["manual_kpi"]);
    assert!((c2.share - 0.6).abs() < 1e-12);
    assert!(c2.change.unwrap().points && c2.change_year.is_none());
    assert_eq!(
        f2.reason.as_deref(),
        Some("No sheet for wallet was supplied.")
    );
    assert_eq!((f2.value, f2.status), (None, model::Status::NotMeasured));
    assert_eq!(page.not_measured[0].cure, "sheet wallet");
    assert_eq!(page.not_measured[0].kpis[0].id, "F2");
    assert_eq!(page.not_measured[0].kpis[0].label, "Share of wallet");
    assert!((page.not_measured[0].share - 0.4).abs() < 1e-12);
    let mine = &page.perspectives[1];
    assert_eq!(mine.label, "Mine");
    assert_eq!(mine.processes[0].kpis[0].label, "own");
    assert_eq!(mine.processes[0].kpis[0].formula, "revenue_new * 2");
    assert_eq!(mine.node.status, model::Status::Information);
    assert_eq!(page.turned_red[0].kpi, "C2");
    let thai = scorecard(&evaluated, &definition, &locale(Language::Th, "THB"));
    assert_eq!(thai.perspectives[1].label, "ของเรา");
    let vietnamese = scorecard(&evaluated, &definition, &locale(Language::Vi, "THB"));
    assert_eq!(vietnamese.perspectives[1].label, "Mine");
}
