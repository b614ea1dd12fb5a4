//! Life-cycle stages: who is in which, who moved.

use super::share;
use crate::report::locale::Locale;
use crate::report::model::{LifeCycle, LifeCycleStage};

/// The order of the relationship; a client's own stages follow by name.
const ORDER: [&str; 6] = [
    "new",
    "developing",
    "loyal",
    "reactivated",
    "at-risk",
    "lapsed",
];

/// Customers who went from one stage to another.
#[derive(Debug, Clone, PartialEq)]
pub struct StageMove {
    /// None for who was no customer in the period before.
    pub from: Option<String>,
    /// The stage they are in.
    pub to: String,
    /// How many.
    pub customers: i64,
    /// Sum of their actual value; none where none is known.
    pub value: Option<f64>,
    /// Their revenue of the period.
    pub revenue: f64,
}

/// The stages in their order; without customers there are none.
pub(super) fn life_cycle(
    moves: &[StageMove],
    prospects: Option<i64>,
    has_previous: bool,
    locale: &Locale,
) -> LifeCycle {
    let names = names(moves);
    let place = |name: &str| names.iter().position(|known| known == name);
    let mut counts = vec![vec![0; names.len()]; names.len() + 1];
    for of in moves {
        // Who is in no stage of before stands in the last row.
        let from = match &of.from {
            Some(from) => place(from),
            None => Some(names.len()),
        };
        if let (Some(from), Some(to)) = (from, place(&of.to)) {
            counts[from][to] += of.customers;
        }
    }
    let customers: i64 = moves.iter().map(|of| of.customers).sum();
    let value: f64 = moves.iter().filter_map(|of| of.value).sum();
    let stages: Vec<LifeCycleStage> = names
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let own: Vec<&StageMove> = moves.iter().filter(|of| of.to == *name).collect();
            let here: i64 = own.iter().map(|of| of.customers).sum();
            let known: Vec<f64> = own.iter().filter_map(|of| of.value).collect();
            let worth = (!known.is_empty()).then(|| known.iter().sum::<f64>());
            let previous: i64 = counts[at].iter().sum();
            let stayed = counts[at][at];
            LifeCycleStage {
                label: stage_label(name, locale),
                means: text("means", name, locale).unwrap_or_default(),
                customers: here,
                previous: has_previous.then_some(previous),
                share: share(here as f64, customers as f64),
                value: worth,
                value_share: worth.and_then(|worth| share(worth, value)),
                revenue: own.iter().map(|of| of.revenue).sum(),
                came: here - stayed,
                went: previous - stayed,
                stage: name.clone(),
            }
        })
        .collect();
    let moved = moves
        .iter()
        .filter(|of| of.from.as_ref().is_some_and(|from| *from != of.to))
        .map(|of| of.customers)
        .sum();
    LifeCycle {
        stages,
        prospects,
        moves: if has_previous { counts } else { Vec::new() },
        moved,
    }
}

fn names(moves: &[StageMove]) -> Vec<String> {
    let met = moves.iter().flat_map(|of| of.from.iter().chain([&of.to]));
    let mut names: Vec<String> = met.cloned().collect();
    if !names.is_empty() {
        names.extend(ORDER.map(str::to_owned));
    }
    let rank = |name: &String| ORDER.iter().position(|known| known == name);
    names.sort_by_key(|name| (rank(name).unwrap_or(ORDER.len()), name.clone()));
    names.dedup();
    names
}

/// A stage in words; a client's own is its own label.
pub(super) fn stage_label(stage: &str, locale: &Locale) -> String {
    text("stage", stage, locale).unwrap_or_else(|| stage.to_owned())
}

fn text(section: &str, stage: &str, locale: &Locale) -> Option<String> {
    let key = format!("care.{section}.{stage}");
    locale.has(&key).then(|| locale.text(&key).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Language;

    fn moved(from: &str, to: &str, customers: i64, value: f64) -> StageMove {
        StageMove {
            from: Some(from.to_owned()).filter(|from| !from.is_empty()),
            to: to.to_owned(),
            customers,
            value: Some(value),
            revenue: 10.0,
        }
    }

    /// Ten customers: two came as new; of three loyal ones one fell silent; four stayed developing, one
    /// lapsed. Loyal: two now and three before, none came and one went; the value of the loyal is 60 of
    /// 100. Moved are those who were somewhere else: two.
    #[test]
    fn stages_are_counted_now_and_then() {
        let moves = [
            moved("", "new", 2, 5.0),
            moved("loyal", "loyal", 2, 60.0),
            moved("loyal", "at-risk", 1, 15.0),
            moved("developing", "developing", 4, 20.0),
            moved("developing", "lapsed", 1, 0.0),
        ];
        let locale = crate::report::locale::tests::locale(Language::En, "USD");
        let found = life_cycle(&moves, None, true, &locale);
        let names: Vec<&str> = found.stages.iter().map(|s| s.stage.as_str()).collect();
        assert_eq!(names, ORDER);
        let loyal = &found.stages[2];
        assert_eq!((loyal.customers, loyal.previous), (2, Some(3)));
        assert_eq!((loyal.came, loyal.went), (0, 1));
        assert_eq!((loyal.share, loyal.value_share), (Some(0.2), Some(0.6)));
        let new = &found.stages[0];
        assert_eq!((new.customers, new.previous, new.came), (2, Some(0), 2));
        let back = &found.stages[3];
        assert_eq!(
            (back.customers, back.value, back.value_share),
            (0, None, None)
        );
        assert_eq!(found.moved, 2);
        assert_eq!(found.moves[6][0], 2);
        assert_eq!(found.moves[1], [0, 4, 0, 0, 0, 1]);
    }

    #[test]
    fn a_first_period_has_no_moves_and_a_stage_of_ones_own_comes_last() {
        let locale = crate::report::locale::tests::locale(Language::En, "USD");
        let found = life_cycle(&[moved("", "asleep", 3, 1.0)], Some(0), false, &locale);
        assert!(found.moves.is_empty());
        assert_eq!(found.prospects, Some(0));
        let last = found.stages.last().unwrap();
        assert_eq!((last.label.as_str(), last.previous), ("asleep", None));
        assert!(life_cycle(&[], None, true, &locale).stages.is_empty());
    }
}
