//! Who gets a profile: what `profile` answers, when it is asked, and whom the shipped rule chooses.

use super::*;

/// The shipped rules but for the class, over customers of these values: A, C, E, … are active, A bought on the
/// last day, B ten days before it, and so on.
fn shipped(values: &[Option<f64>], class: &str) -> Found {
    let batch = facts(values);
    let segment = format!("fn segment(c, all) {{ class(\"{class}\") }}");
    let files = Files::built_in()
        .with("rules/segmentation.rhai", &segment)
        .with("rules/scoring.rhai", SCORE)
        .with("rules/actions.rhai", ACTIONS);
    let rules = compiled(&files, &batch);
    let facts = rules.facts(&batch).unwrap();
    let found = assigned(&rules, &facts, Acted::Every);
    assert!(found.all.failures.is_empty(), "{:#?}", found.all.failures);
    assert_eq!(found.all.interpreted, 0);
    found
}

fn keys(found: &Found, row: usize) -> Vec<String> {
    let key = |message: Message| match message {
        Message::Keyed { key, .. } => key,
        Message::Plain(text) => text,
    };
    found.grounds(row).into_iter().map(key).collect()
}

/// Values 1 to 24 for A to X: the ten above 14 are O to X, of whom the active ones stand at even places: O, Q,
/// S, U, W. Who is not of the most valuable class is not looked at for silence.
#[test]
fn the_ten_of_the_greatest_value_who_are_active_get_one() {
    let values: Vec<_> = (1..=24).map(|x| Some(f64::from(x))).collect();
    let found = shipped(&values, "Steady");
    let rows: Vec<usize> = found.profiled().collect();
    assert_eq!(rows, [14, 16, 18, 20, 22]);
    assert_eq!(keys(&found, 14), ["profile.best"]);
}

/// Twelve of the most valuable class, all worth the same: none is above the eleventh. Silent for more than 90
/// days are those from the tenth on (K: 100 days), and those at odd places are gone.
#[test]
fn the_most_valuable_who_go_quiet_or_are_gone_get_one() {
    let found = shipped(&[Some(5.0); 12], "MVC");
    let rows: Vec<usize> = found.profiled().collect();
    assert_eq!(rows, [1, 3, 5, 7, 9, 10, 11]);
    assert_eq!(keys(&found, 3), ["profile.gone"]);
    assert_eq!(keys(&found, 10), ["profile.quiet"]);
    let days = Message::key("profile.quiet").with("days", Argument::Count(100));
    assert_eq!(found.grounds(10), [days]);
}

/// With no more than ten who bring anything, each of them is among the ten; who brings nothing is not.
#[test]
fn a_small_base_is_all_of_it() {
    let found = shipped(&[Some(3.0), None, Some(0.0), None, Some(2.0)], "Steady");
    let rows: Vec<usize> = found.profiled().collect();
    assert_eq!(rows, [0, 4]);
}

#[test]
fn profiles_are_for_the_periods_asked_for_and_see_class_and_scores() {
    let batch = facts_of(&[Some(1.0); 4], |at| ["2026-Q2", "2026-Q3"][at / 2]);
    let files = Files::built_in()
        .with("rules/segmentation.rhai", "fn segment(c, all) { class(c.branch) }")
        .with(
            "rules/scoring.rhai",
            "fn score(c, all) { scorecard([strength(\"s\", 1, points(c, \"recency_days\", [10, 20, 30, 40]))]) }",
        )
        .with("rules/actions.rhai", ACTIONS)
        .with(
            "rules/profiles.rhai",
            "fn profile(c, all) { if c.strength > 60 { [because(\"On the list.\"), because(\"profile.gone\", #{ days: c.recency_days, who: c.segment })] } else { [] } }",
        );
    let rules = compiled(&files, &batch);
    let facts = rules.facts(&batch).unwrap();
    let third = Quarter {
        year: 2026,
        number: 3,
    };
    let found = assigned(&rules, &facts, Acted::Only(BTreeSet::from([third])));
    // Recency 0, 10, 20, 30 days: strength 0, 25, 50, 75.
    assert_eq!(found.profiled().collect::<Vec<_>>(), [3]);
    let gone = Message::key("profile.gone")
        .with("days", Argument::Count(30))
        .with("who", Argument::Text("south".to_owned()));
    assert_eq!(
        found.grounds(3),
        [Message::Plain("On the list.".to_owned()), gone]
    );
    let second = Quarter {
        year: 2026,
        number: 2,
    };
    let found = assigned(&rules, &facts, Acted::Only(BTreeSet::from([second])));
    assert_eq!(found.profiled().count(), 0);
}

/// What is said in a list of reasons is not what is said in a list of actions, lowered or not.
#[test]
fn an_action_is_no_reason_for_a_profile() {
    let batch = facts(&[Some(1.0)]);
    for (file, body, words) in [
        (
            "rules/profiles.rhai",
            "fn profile(c, all) { [action(\"Ring them.\")] }",
            "`profile` gave a list with an action in it, not because(…)",
        ),
        (
            "rules/profiles.rhai",
            "fn profile(c, all) { true }",
            "`profile` gave a yes or no; every path through it must end in a list, [] for none",
        ),
        (
            "rules/actions.rhai",
            "fn actions(c, all) { [because(\"So.\")] }",
            "`actions` gave a list with a reason for a profile in it, not action(…)",
        ),
    ] {
        let rules = compiled(
            &files("fn segment(c, all) { class(\"A\") }").with(file, body),
            &batch,
        );
        let facts = rules.facts(&batch).unwrap();
        let found = assigned(&rules, &facts, Acted::Every);
        assert_eq!(found.all.failures[0].diagnostic.message, words);
    }
}

#[test]
fn a_typo_in_a_profile_is_refused() {
    let found = problems(&files("fn segment(c, all) { class(\"A\") }").with(
        "rules/profiles.rhai",
        "fn profile(c, all) { if c.strenght > 1 { [becuase(\"x\")] } else { [] } }",
    ));
    let messages: Vec<&str> = found.iter().map(|found| found.message.as_str()).collect();
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert_eq!(found[0].code, &codes::UNKNOWN_FACT);
    assert_eq!(found[1].code, &codes::UNKNOWN_FUNCTION);
    assert_eq!(found[1].help.as_deref(), Some("did you mean `because`?"));
}
