//! Scores from purchases on: how they move, what freezing does, and what a customer is valued by.

use super::{facts, good, run, table, workspace};
use crate::metrics::rfm::{FILE, Frozen};
use crate::workspace::Workspace;

/// Orders of 100 customers on days ending with 31 March 2025: 54 buy once, 20 twice, 10 three times, 6
/// four, 4 five, 2 six, then 8, 10, 20 and 54 times, for 10 each. In the quarter after, those 20 come
/// back three times, and nobody else does anything.
fn purchases() -> String {
    let mut times: Vec<i64> = Vec::new();
    for (orders, customers) in [(1, 54), (2, 20), (3, 10), (4, 6), (5, 4), (6, 2)] {
        times.extend(std::iter::repeat_n(orders, customers));
    }
    times.extend([8, 10, 20, 54]);
    let last = chrono::NaiveDate::from_ymd_opt(2025, 3, 31).unwrap();
    let mut text = "customer_id,date,amount\n".to_owned();
    for (customer, orders) in times.into_iter().enumerate() {
        for back in 0..orders {
            let day = last - chrono::Days::new(back as u64);
            text.push_str(&format!("K{customer:02},{day},10\n"));
        }
        if orders == 2 {
            for day in 28..=30 {
                text.push_str(&format!("K{customer:02},2025-06-{day},10\n"));
            }
        }
    }
    text
}

const COUNTED: &str = "select rfm_because, count(*) as customers from customer_moves
    group by rfm_because order by rfm_because";

/// Methods §1. Frequency is cut at 1, 1, 2, 3 in the first quarter, at 1, 1, 3, 5 in the second: three
/// orders scored 4 and score 3, four and five scored 5 and score 4, though these 20 customers did
/// nothing. By the cuts of the quarter before they would be where they were: the ruler moved them. The
/// 20 who came back moved by their own behaviour.
#[test]
fn quantile_drift_changes_class() {
    let inputs = [table("transactions", &purchases())];
    let outcome = run(&workspace(""), &inputs);
    assert_eq!(outcome.lines(COUNTED), ["behaviour,20", "ruler,20", ",60"]);
    let of = |customer: &str| {
        outcome.lines(&format!(
            "select opening_frequency_score, frequency_score, frequency_score_by_ruler_before, rfm_because
             from customer_moves where customer_id = '{customer}'"
        ))
    };
    assert_eq!(of("K74"), ["4,3,4,ruler"]);
    assert_eq!(of("K84"), ["5,4,5,ruler"]);
    assert_eq!(of("K60"), ["3,4,5,behaviour"]);
    assert_eq!(of("K00"), ["1,1,1,"]);
    let moves = outcome.lines(
        "select direction, because, customers from rfm_moves where score = 'frequency'
         order by direction, because",
    );
    assert_eq!(moves, ["down,ruler,20", "up,behaviour,20"]);
}

/// Groups by rank have no ruler that could be laid on other customers: who moved is known, why is not.
#[test]
fn ranks_cannot_tell_why() {
    let inputs = [table("transactions", &purchases())];
    let outcome = run(&workspace("[rfm]\nmethod = \"rank\""), &inputs);
    let told = "select count(*) from customer_moves where rfm_because is not null";
    assert_eq!(outcome.lines(told), ["0"]);
    let moved = outcome.lines(
        "select count(*) from customer_moves where frequency_score <> opening_frequency_score",
    );
    assert_ne!(moved, ["0"]);
}

/// The workspace with the cut points of its first quarter frozen.
fn frozen(settings: &str) -> Workspace {
    let mut workspace = workspace(settings);
    let inputs = [table("transactions", &purchases())];
    let (_, _, customers) = facts(&workspace, &inputs);
    let first = customers.periods().next().unwrap().unwrap();
    let cuts = crate::metrics::rfm::FrozenCuts::of(first.period, &first.rfm, &workspace.config);
    let text = Frozen::default().with(cuts.unwrap()).text(2);
    workspace.files = workspace.files.with(FILE, &text);
    workspace
}

/// With the first quarter's cuts frozen nobody moves but by behaviour, and the scores of the first
/// quarter are what they were.
#[test]
fn frozen_cuts_do_not_drift() {
    let inputs = [table("transactions", &purchases())];
    let workspace = frozen("");
    let outcome = run(&workspace, &inputs);
    assert_eq!(outcome.lines(COUNTED), ["behaviour,20", ",80"]);
    let scores =
        "select count(*) from customer_moves where frequency_score < opening_frequency_score";
    assert_eq!(outcome.lines(scores), ["0"]);
    let blocks: Vec<_> = outcome.customers.periods().map(Result::unwrap).collect();
    assert!(
        blocks
            .iter()
            .all(|block| block.rfm.frozen == "2025-Q1".parse().ok())
    );
    assert_eq!(
        blocks[0].rfm.frequency.map(|band| band.customers),
        [54, 0, 20, 10, 16]
    );
}

/// What is written is read back, whatever the amounts; a later section takes over from its period on.
#[test]
fn frozen_cuts_are_read_back_and_succeed_each_other() {
    let workspace = frozen("[rfm]\nmonetary = \"mean\"");
    let mut problems = crate::diagnostics::Diagnostics::new();
    let read = Frozen::read(&workspace.files, &workspace.config, &mut problems);
    assert!(problems.is_empty(), "{problems:?}");
    let text = &workspace.files.get(FILE).unwrap().text;
    assert_eq!(&read.text(2), text);
    assert!(text.contains("orders = [1, 1, 2, 3]"), "{text}");
    assert!(
        text.contains("amounts = [10.00, 10.00, 10.00, 10.00]"),
        "{text}"
    );
    assert!(
        text.contains("frequency-customers = [54, 0, 20, 10, 16]"),
        "{text}"
    );
    let quarter = |text: &str| text.parse().unwrap();
    assert!(read.in_force(quarter("2024-Q4")).is_none());
    let first = read.in_force(quarter("2025-Q1")).unwrap().clone();
    let later = crate::metrics::rfm::FrozenCuts {
        as_of: quarter("2026-Q1"),
        ..first.clone()
    };
    let both = read.with(later);
    let as_of = |period: &str| both.in_force(quarter(period)).unwrap().as_of.to_string();
    assert_eq!(as_of("2025-Q4"), "2025-Q1");
    assert_eq!(as_of("2026-Q1"), "2026-Q1");
    assert_eq!(
        both.next_after(quarter("2025-Q1")),
        Some(quarter("2026-Q1"))
    );
}

/// Everything wrong with the file, and everything in the settings that it does not go with, is said
/// with its place.
#[test]
fn frozen_cuts_that_do_not_fit_are_refused() {
    let said = |settings: &str, edit: &dyn Fn(&str) -> String| {
        let good = frozen("");
        let mut workspace = workspace(settings);
        let text = edit(&good.files.get(FILE).unwrap().text);
        workspace.files = workspace.files.with(FILE, &text);
        let mut problems = crate::diagnostics::Diagnostics::new();
        let read = Frozen::read(&workspace.files, &workspace.config, &mut problems);
        assert!(read.in_force("2030-Q1".parse().unwrap()).is_none());
        problems
            .iter()
            .map(super::said)
            .collect::<Vec<_>>()
            .join("\n")
    };
    let same = |text: &str| text.to_owned();
    for (settings, key) in [
        (
            "[rfm]\nmethod = \"thirds\"",
            "rfm.method` quantile, which is thirds now",
        ),
        (
            "[rfm]\nmonetary = \"mean\"",
            "rfm.monetary` total, which is mean now",
        ),
        (
            "[rfm]\nwindow-months = 6",
            "rfm.window-months` 12, which is 6 now",
        ),
        (
            "[client]\ncurrency = \"THB\"",
            "client.currency` USD, which is THB now",
        ),
    ] {
        let found = said(settings, &same);
        assert!(found.contains(key), "{found}");
        assert!(
            found.contains("quarterdeck freeze --period 2025-Q1 --force"),
            "{found}"
        );
    }
    for (from, to, expected) in [
        ("[1, 1, 2, 3]", "[1, 1, 2]", "`orders` takes four numbers"),
        (
            "[1, 1, 2, 3]",
            "[1, 2, 1, 3]",
            "none less than the one before",
        ),
        ("orders =", "ordres =", "`orders` is missing"),
        ("2025-Q1", "1st quarter", "bad-value"),
        ("\"quantile\"", "\"decile\"", "`decile` is not one of"),
    ] {
        let found = said("", &|text: &str| text.replace(from, to));
        assert!(found.contains(expected), "{found}");
    }
    let twice = said("", &|text: &str| format!("{text}\n[broken"));
    assert!(twice.contains("not valid TOML"), "{twice}");
}

/// Methods §17: a buyer who comes once a year, for Christmas, is worth the year's contribution at the
/// end of every quarter, not nothing three times out of four.
#[test]
fn a_seasonal_buyer_is_valued_by_the_year() {
    let csv = "customer_id,date,amount,cost
        S,2023-12-20,1000,600
        S,2024-12-20,1000,600
        Z,2023-10-01,5,1
        Z,2025-09-30,5,1";
    let outcome = run(&workspace(""), &[table("transactions", csv)]);
    let values = outcome.lines(
        "select period, actual_value from customer_periods
         where customer_id = 'S' and period between '2024-Q4' and '2025-Q3' order by period",
    );
    assert_eq!(
        values,
        [
            "2024-Q4,400.00",
            "2025-Q1,400.00",
            "2025-Q2,400.00",
            "2025-Q3,400.00"
        ]
    );
}

/// `[rfm.thresholds]` and `monetary = "mean"` reach the scores: K99 ordered 54 times for 10 each.
#[test]
fn thresholds_and_means_reach_the_scores() {
    let inputs = [table("transactions", &purchases())];
    let settings = "[rfm]\nmonetary = \"mean\"\n[rfm.thresholds]\nfrequency = [2, 3, 5, 10]\n\
                    monetary = [5, 10, 20, 50]";
    let outcome = run(&workspace(settings), &inputs);
    let scores = |customer: &str| {
        outcome.lines(&format!(
            "select frequency_score, monetary_score from customer_periods
             where period = '2025-Q1' and customer_id = '{customer}'"
        ))
    };
    assert_eq!(scores("K00"), ["1,3"]);
    assert_eq!(scores("K60"), ["2,3"]);
    assert_eq!(scores("K84"), ["3,3"]);
    assert_eq!(scores("K99"), ["5,3"]);
    let method = good(Ok(outcome.customers.rfm_method));
    assert_eq!(method.name(), "thresholds");
}
