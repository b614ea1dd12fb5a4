//! What ships, and the sample: complete, and with nothing named that is not there.

use std::collections::BTreeSet;

use super::*;

/// 28 objectives and 31 indicators, counted line by line in the course notes: financial 4 and 5,
/// customer 3 and 4, selection, acquisition and retention 4 and 4, growth 3 and 4, competence,
/// information and environment 2 and 2.
#[test]
fn the_shipped_scorecard_is_that_of_the_course_notes() {
    let definition = definition(None);
    assert_eq!(definition.branches(Level::Objective).len(), 28);
    let of_notes = |id: &str| !id.starts_with('M');
    assert_eq!(
        definition
            .kpis
            .iter()
            .filter(|kpi| of_notes(&kpi.id))
            .count(),
        31
    );
    assert_eq!(
        definition
            .kpis
            .iter()
            .filter(|kpi| !of_notes(&kpi.id))
            .count(),
        7
    );
    let mut counted = Vec::new();
    for perspective in &definition.root.children {
        for process in &perspective.children {
            let name = if process.id.is_empty() {
                &perspective.id
            } else {
                &process.id
            };
            let kpis = process
                .children
                .iter()
                .flat_map(|objective| &objective.kpis);
            let indicators = kpis
                .filter(|kpi| of_notes(&definition.kpis[**kpi].id))
                .count();
            counted.push((name.as_str(), process.children.len(), indicators));
        }
    }
    assert_eq!(
        counted,
        [
            ("financial", 4, 5),
            ("customer", 3, 4),
            ("selection", 4, 4),
            ("acquisition", 4, 4),
            ("retention", 4, 4),
            ("growth", 3, 4),
            ("competence", 2, 2),
            ("information", 2, 2),
            ("environment", 2, 2),
        ]
    );
    let ids: BTreeSet<_> = definition.kpis.iter().map(|kpi| &kpi.id).collect();
    assert_eq!(ids.len(), definition.kpis.len());
}

/// Each measure that the shipped scorecard names is a shipped file.
#[test]
fn the_shipped_scorecard_names_shipped_measures() {
    let files = Files::built_in();
    for kpi in &definition(None).kpis {
        for name in kpi.value.iter().flat_map(Expression::names) {
            let path = format!("rules/measures/{}.sql", name.name);
            assert!(files.get(&path).is_some(), "{}: {path}", kpi.id);
        }
    }
}

/// The sample for a client with purchases alone: at least eight KPIs that purchases give, financial
/// and customer scored, the other two perspectives there, and a source for every target.
#[test]
fn the_sample_scores_purchases_and_says_where_its_targets_are_from() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/cdnow");
    let text = std::fs::read_to_string(format!("{folder}/{FILE}")).unwrap();
    let mut measures = vocabulary();
    for file in std::fs::read_dir(format!("{folder}/rules/measures")).unwrap() {
        let path = file.unwrap().path();
        measures.push(KnownMeasure::named(
            path.file_stem().unwrap().to_str().unwrap(),
        ));
    }
    let vocabulary = Vocabulary {
        measures: &measures,
        tables: crate::tables::all(),
        functions: None,
    };
    let mut problems = Diagnostics::new();
    let files = Files::built_in().with(FILE, &text);
    let sample = Definition::read(&files, &vocabulary, &mut problems).unwrap();
    assert!(problems.is_empty());
    assert_eq!(sample.root.children.len(), 4);
    let mut own = 0;
    for kpi in &sample.kpis {
        let is_own = |given: &Given<f64>| given.origin == Origin::Workspace;
        if kpi.target.as_ref().is_some_and(is_own) {
            own += 1;
            assert!(
                kpi.target_source.is_some(),
                "{} does not say where its target is from",
                kpi.id
            );
            assert!(kpi.needs.is_empty(), "{} needs more than purchases", kpi.id);
        }
    }
    assert!(own >= 8, "{own}");
    let kinds: Vec<_> = sample
        .root
        .children
        .iter()
        .map(|branch| branch.id.as_str())
        .collect();
    assert_eq!(
        kinds,
        [
            "financial",
            "customer",
            "internal-process",
            "learning-growth"
        ]
    );
}

#[test]
fn the_shipped_directions_are_those_of_the_course_notes() {
    let definition = definition(None);
    let lower: Vec<_> = definition
        .kpis
        .iter()
        .filter(|kpi| kpi.better == Better::Lower)
        .map(|kpi| kpi.id.as_str())
        .collect();
    assert_eq!(lower, ["F5", "S2", "L2"]);
    for (id, dimension) in [
        ("F5", "channel"),
        ("S1", "segment"),
        ("R3", "channel"),
        ("G1", "channel"),
    ] {
        assert_eq!(definition.kpi(id).unwrap().by, [dimension], "{id}");
    }
}
