//! Every lint with a bad example and its place.

use proptest::prelude::*;

use super::*;

#[test]
fn a_workspace_changes_single_keys_and_adds_and_drops_kpis() {
    let definition = definition(Some(
        "[[kpi]]\nid = \"C2\"\ntarget = 0.7\nfloor = 0.5\n\
         [[kpi]]\nid = \"M7\"\nremove = true\n\
         [[perspective]]\nid = \"learning-growth\"\nremove = true\n\
         [[objective]]\nid = \"mine\"\nprocess = \"growth\"\nlabel = { en = \"Mine\", th = \"ของเรา\" }\n\
         [[kpi]]\nid = \"basket_2\"\nobjective = \"mine\"\nlabel = \"Basket\"\n\
         value = \"revenue / orders\"\nunit = \"money\"\nbetter = \"higher\"\n",
    ));
    let c2 = definition.kpi("C2").unwrap();
    assert_eq!(
        c2.target.as_ref().map(|t| (t.value, t.origin)),
        Some((0.7, Origin::Workspace))
    );
    assert_eq!(c2.value.as_ref().unwrap().text(), "retained_customers");
    assert!(definition.kpi("M7").is_none() && definition.kpi("L1").is_none());
    assert_eq!(definition.root.children.len(), 3);
    let basket = definition.kpi("basket_2").unwrap();
    assert_eq!(basket.label, Label::Text("Basket".to_owned()));
    let growth = definition
        .branches(Level::Process)
        .into_iter()
        .find(|p| p.id == "growth")
        .unwrap();
    assert_eq!(growth.children.last().unwrap().id, "mine");
}

#[test]
fn a_client_may_start_from_nothing() {
    let definition = definition(Some(
        "built-in = false\nmin-coverage = 0.5\n[[perspective]]\nid = \"one\"\nlabel = \"One\"\n\
         [[objective]]\nid = \"o\"\nperspective = \"one\"\nlabel = \"O\"\n\
         [[kpi]]\nid = \"k\"\nobjective = \"o\"\nlabel = \"K\"\nvalue = \"revenue\"\nunit = \"money\"\nbetter = \"higher\"\n",
    ));
    assert_eq!((definition.kpis.len(), definition.min_coverage), (1, 0.5));
    assert_eq!(
        said("built-in = false\n"),
        ["empty-scorecard rules/scorecard.toml:1:1 there is no KPI on the scorecard"]
    );
}

#[test]
fn an_unknown_measure_is_shown_at_its_letters() {
    assert_eq!(
        said("[[kpi]]\nid = \"C2\"\nvalue = \"revenue / retaned_customers\"\n"),
        [
            "unknown-measure rules/scorecard.toml:3:20 there is no measure `retaned_customers` (did you mean `retained_customers`?)"
        ]
    );
    assert_eq!(
        said("[[kpi]]\nid = \"C2\"\nvalue = '''sqrt(revenue)'''\n"),
        [
            "bad-kpi-value rules/scorecard.toml:3:12 `sqrt` cannot stand here: a value is names of measures, numbers, + - * /, parentheses, min(…) and max(…)"
        ]
    );
}

#[test]
fn unknown_names_get_the_nearest() {
    assert_eq!(
        said("[[kpi]]\nid = \"C2\"\nobjective = \"increase-loyality\"\n"),
        [
            "unknown-scorecard-node rules/scorecard.toml:3:13 there is no objective `increase-loyality` (did you mean `increase-loyalty`?)"
        ]
    );
    assert_eq!(
        said("[[objective]]\nid = \"o\"\nperspective = \"finance\"\n"),
        [
            "unknown-scorecard-node rules/scorecard.toml:3:15 there is no perspective `finance` (did you mean `financial`?)"
        ]
    );
    assert_eq!(
        said("[[objective]]\nid = \"o\"\nprocess = \"selektion\"\n"),
        [
            "unknown-scorecard-node rules/scorecard.toml:3:11 there is no process `selektion` (did you mean `selection`?)"
        ]
    );
    assert_eq!(
        said("[[kpi]]\nid = \"C9\"\nremove = true\n"),
        ["unknown-scorecard-node rules/scorecard.toml:2:6 there is no kpi `C9` to remove"]
    );
    assert_eq!(
        said("[[kpi]]\nid = \"C2\"\nwieght = 2\n"),
        ["unknown-key rules/scorecard.toml:3:1 unknown key `kpi.wieght` (did you mean `weight`?)"]
    );
}

#[test]
fn ids_are_unique_and_plain() {
    assert_eq!(
        said("[[kpi]]\nid = \"C2\"\n[[kpi]]\nid = \"C2\"\n"),
        ["duplicate-scorecard-id rules/scorecard.toml:4:6 kpi `C2` is declared twice"]
    );
    assert_eq!(
        said("[[kpi]]\nid = \"C 2\"\n[[process]]\nid = \"ก\"\n"),
        [
            "bad-scorecard-id rules/scorecard.toml:4:6 `ก` is not an id: it may hold letters, digits, hyphens and underscores (the name that people read goes into `label`)",
            "bad-scorecard-id rules/scorecard.toml:2:6 `C 2` is not an id: it may hold letters, digits and underscores (the name that people read goes into `label`)",
        ]
    );
}

#[test]
fn target_and_floor_are_looked_at_against_the_direction() {
    assert_eq!(
        said("[[kpi]]\nid = \"F5\"\ntarget = 0.17\nfloor = 0.13\n"),
        [
            "target-against-direction rules/scorecard.toml:4:9 `floor` is 0.13 and `target` 0.17, but lower is better (swap them, or write `better = \"higher\"`)"
        ]
    );
    assert_eq!(
        said("[[kpi]]\nid = \"C2\"\ntarget = 0.7\nfloor = 0.7\n"),
        ["floor-equals-target rules/scorecard.toml:4:9 `floor` and `target` are both 0.7"]
    );
    assert_eq!(
        said("[[kpi]]\nid = \"C2\"\nscoring = \"goal-red-flag\"\ntarget = 0.5\nred-flag = 0.6\n"),
        [
            "target-against-direction rules/scorecard.toml:5:12 `red-flag` is 0.6 and `target` 0.5, but higher is better (swap them, or write `better = \"lower\"`)"
        ]
    );
    // A target that passes the shipped floor: the client's figure is pointed at.
    assert_eq!(
        said("[[kpi]]\nid = \"L3\"\ntarget = 0.4\n"),
        [
            "target-against-direction rules/scorecard.toml:3:10 `floor` is 0.5 and `target` 0.4, but higher is better (swap them, or write `better = \"lower\"`)"
        ]
    );
}

#[test]
fn a_scoring_method_has_its_figures_and_no_others() {
    assert_eq!(
        said("[[kpi]]\nid = \"C2\"\nscoring = \"goal-red-flag\"\ntarget = 0.5\n"),
        [
            "incomplete-scoring rules/scorecard.toml:3:11 `goal-red-flag` scoring needs `red-flag` beside `target`"
        ]
    );
    assert_eq!(
        said("[[kpi]]\nid = \"C2\"\nscoring = \"banded\"\n"),
        ["incomplete-scoring rules/scorecard.toml:3:11 `banded` scoring needs `bands`"]
    );
    assert_eq!(
        said("[[kpi]]\nid = \"C2\"\nscoring = \"range\"\nbest = [1, 2]\nzero = [1, 3]\n"),
        [
            "target-against-direction rules/scorecard.toml:5:8 `zero` of `C2` must lie outside `best` on both sides"
        ]
    );
    assert_eq!(
        said("[[kpi]]\nid = \"C2\"\nscoring = \"binary\"\ntarget = 0.5\nfloor = 0.1\n"),
        ["key-without-effect rules/scorecard.toml:5:9 `floor` has no effect with this scoring"]
    );
    assert_eq!(
        said("[[kpi]]\nid = \"C2\"\nscoring = \"linaer\"\nunit = \"percents\"\n"),
        [
            "bad-value rules/scorecard.toml:4:8 `kpi.unit`: `percents` is not one of money, percent, count, number, score, hours, days",
            "bad-value rules/scorecard.toml:3:11 `kpi.scoring`: `linaer` is not one of linear, goal-red-flag, banded, range, binary, unscored, script",
        ]
    );
}

/// The functions there are: `by_steps` and `never`.
#[test]
fn a_function_that_scores_must_be_there() {
    assert_eq!(
        said("[[kpi]]\nid = \"C2\"\nscoring = \"script\"\nscript = \"by_stps\"\n"),
        [
            "unknown-kpi-function rules/scorecard.toml:4:10 there is no function `by_stps(kpi)` in rules/scorecard.rhai (did you mean `by_steps`?)"
        ]
    );
    assert_eq!(
        said("[[kpi]]\nid = \"C2\"\nscoring = \"script\"\n"),
        [
            "incomplete-scoring rules/scorecard.toml:3:11 `script` scoring needs `script`, the name of a function"
        ]
    );
    assert_eq!(
        said("[[kpi]]\nid = \"C2\"\nscript = \"by_steps\"\n"),
        ["key-without-effect rules/scorecard.toml:3:10 `script` has no effect with this scoring"]
    );
    let good = "[[kpi]]\nid = \"C2\"\nscoring = \"script\"\nscript = \"by_steps\"\nfloor = 0.1\nred-flag = 0.2\n";
    assert_eq!(said(good), [""; 0]);
}

#[test]
fn a_stretch_lies_beyond_the_target() {
    assert_eq!(
        said("[[kpi]]\nid = \"C2\"\ntarget = 0.7\nstretch = 0.6\n"),
        [
            "stretch-within-target rules/scorecard.toml:4:11 `stretch` is 0.6 and `target` 0.7, but higher is better"
        ]
    );
    assert_eq!(
        said("[[kpi]]\nid = \"F5\"\ntarget = 0.13\nstretch = 0.1\n"),
        [""; 0]
    );
}

#[test]
fn weights_are_not_negative_and_percentages_add_up() {
    assert_eq!(
        said("[[kpi]]\nid = \"C2\"\nweight = -1\n"),
        ["bad-value rules/scorecard.toml:3:10 `weight` is -1; a weight cannot be negative"]
    );
    assert_eq!(
        said("[[perspective]]\nid = \"customer\"\nweight = 22\n"),
        [
            "weights-not-100 rules/scorecard.toml:3:10 the weights of the perspectives add up to 97, not 100 (they are scaled to their sum; correct them if percentages were meant)"
        ]
    );
    assert_eq!(
        said(
            "[[kpi]]\nid = \"C2\"\nweight = 0.7\n[[kpi]]\nid = \"C3\"\nweight = 0.27\n[[kpi]]\nid=\"M1\"\nweight=0\n[[kpi]]\nid=\"M3\"\nweight=0"
        ),
        [
            "weights-not-100 rules/scorecard.toml:12:8 the weights of KPIs of `increase-loyalty` add up to 0.97, not 1 (they are scaled to their sum; correct them if percentages were meant)"
        ]
    );
    assert!(said("[[perspective]]\nid = \"customer\"\nweight = 50\n").is_empty());
}

#[test]
fn a_kpi_stands_in_one_place_unless_it_says_so() {
    assert_eq!(
        said("[[kpi]]\nid = \"C2\"\nobjectives = [\"increase-loyalty\", \"raving-fans\"]\n"),
        [
            "kpi-used-twice rules/scorecard.toml:3:35 `C2` stands under 2 objectives and counts in each of them"
        ]
    );
    assert_eq!(
        said("[[kpi]]\nid = \"C2\"\nperspective = \"financial\"\n"),
        [
            "misplaced-on-scorecard rules/scorecard.toml:3:15 `perspective` is `financial`, but it stands under `customer` (leave `perspective` out: it follows from what is above)"
        ]
    );
    assert_eq!(
        said(
            "[[kpi]]\nid = \"mine\"\nvalue = \"revenue\"\nunit = \"money\"\nbetter = \"higher\"\n"
        ),
        ["missing-key rules/scorecard.toml:2:6 `mine` has no `objective`"]
    );
    assert_eq!(
        said("[[kpi]]\nid = \"mine\"\nobjective = \"raving-fans\"\nvalue = \"revenue\"\n"),
        [
            "missing-key rules/scorecard.toml:2:6 `mine` has no `better`",
            "missing-key rules/scorecard.toml:2:6 `mine` has no `unit`",
        ]
    );
}

#[test]
fn ratios_are_not_added_and_dimensions_exist() {
    assert_eq!(
        said("[[kpi]]\nid = \"C2\"\nover-time = \"mean\"\n"),
        [
            "over-time-mismatch rules/scorecard.toml:3:13 `C2` is a ratio, and `over-time = \"mean\"` would combine it without its parts (write `over-time = \"ratio\"`)"
        ]
    );
    assert_eq!(
        said("[[kpi]]\nid = \"F1\"\nvalue = \"revenue\"\nby = [\"segmnet\"]\n"),
        [
            "unknown-dimension rules/scorecard.toml:4:7 `revenue` is not broken down by `segmnet` (did you mean `segment`?)"
        ]
    );
}

#[test]
fn a_needed_table_is_a_canonical_one() {
    let measures = vocabulary();
    let mut problems = Diagnostics::new();
    let text = "built-in = false\n[[perspective]]\nid = \"p\"\n[[objective]]\nid = \"o\"\nperspective = \"p\"\n\
                [[kpi]]\nid = \"k\"\nobjective = \"o\"\nunit = \"money\"\nbetter = \"higher\"\n\
                needs = [\"wallet.amonut\", \"walet\", \"wallet or wallet.amount\"]\n";
    let read = Definition::read(
        &Files::built_in().with(FILE, text),
        &Vocabulary {
            measures: &measures,
            tables: crate::tables::all(),
            functions: None,
        },
        &mut problems,
    );
    assert!(read.is_none());
    let said: Vec<_> = problems
        .iter()
        .map(|d| {
            format!(
                "{} {} {}",
                d.place.as_ref().unwrap(),
                d.message,
                d.help.as_deref().unwrap()
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            "rules/scorecard.toml:12:10 `wallet` has no column `amonut` did you mean `amount`?",
            "rules/scorecard.toml:12:27 there is no table `walet` did you mean `wallet`?",
        ]
    );
}

#[test]
fn rows_of_the_sheets_are_looked_at_too() {
    let definition = definition(None);
    let row = |kpi: &str, target, floor| TargetRow {
        kpi: kpi.to_owned(),
        period: "2026".parse().unwrap(),
        target: Some(target),
        floor,
        red_flag: None,
        stretch: None,
        weight: None,
        place: Some(crate::diagnostics::Place::cell(
            "inbox/t.xlsx",
            Some("targets"),
            Some(3),
            Some(0),
        )),
    };
    let mut problems = Diagnostics::new();
    let rows = [
        row("C22", 1.0, None),
        row("F5", 0.2, Some(0.1)),
        row("F5", 0.1, Some(0.2)),
        row("C2", 0.7, None),
    ];
    check_targets(&definition, &rows, &mut problems);
    let manual = ManualRow {
        kpi: "L99".to_owned(),
        period: quarter("2026-Q1"),
        value: 1.0,
        source: None,
        note: None,
        place: None,
    };
    check_manual(&definition, &[manual], &mut problems);
    let codes: Vec<_> = problems
        .iter()
        .map(|d| (d.code.name, d.message.as_str()))
        .collect();
    assert_eq!(
        codes,
        [
            ("unknown-kpi", "there is no KPI `C22`"),
            (
                "unusable-target",
                "the target 0.2 of `F5` is measured from 0.1, but lower is better"
            ),
            (
                "repeated-sheet-row",
                "`F5` has several rows for one period; the last one holds"
            ),
            ("unknown-kpi", "there is no KPI `L99`"),
        ]
    );
    assert_eq!(
        problems
            .iter()
            .next()
            .unwrap()
            .place
            .as_ref()
            .unwrap()
            .to_string(),
        "inbox/t.xlsx, sheet `targets`, cell A3"
    );
}

proptest! {
    /// Reading never panics, whatever stands in the file, and an unusable one has an error.
    #[test]
    fn any_file_is_read_or_refused(text in "(\\[\\[(kpi|objective|process)\\]\\]\n|id = \"[CF]?[0-9]\"\n|target = -?[0-9]\n|floor = [0-9]\n|value = \"[a-z/+() ]{0,9}\"\n|weight = [0-9]\n){0,8}") {
        let mut problems = Diagnostics::new();
        let usable = read(Some(&text), &mut problems).is_some();
        prop_assert_eq!(usable, !problems.has_errors());
    }
}
