//! The shipped rules: hand-made customers through each of their branches, and their words.

use std::collections::BTreeMap;

use super::*;
use crate::rules::{check, texts};

/// A customer of the hand-made base; what is not said is an ordinary buyer.
#[derive(Clone, Copy)]
struct Buyer {
    id: &'static str,
    value: Option<f64>,
    potential: Option<f64>,
    peers: Option<i64>,
    frequency: i64,
    monetary: f64,
    recency: i64,
    tenure: i64,
    is_new: bool,
    is_closing: bool,
    channels: Option<i64>,
    /// Of the period, and of the same a year ago.
    revenues: (Option<f64>, Option<f64>),
    known: Known,
}

/// What there need not be a sheet of.
#[derive(Clone, Copy)]
struct Known {
    csat: Option<f64>,
    wallet: Option<f64>,
    overdue: Option<f64>,
    referred: Option<i64>,
    strategic: Option<bool>,
}

const BUYER: Buyer = Buyer {
    id: "",
    value: Some(100.0),
    potential: None,
    peers: None,
    frequency: 4,
    monetary: 100.0,
    recency: 20,
    tenure: 800,
    is_new: false,
    is_closing: true,
    channels: Some(1),
    revenues: (Some(100.0), None),
    known: Known {
        csat: None,
        wallet: None,
        overdue: None,
        referred: None,
        strategic: None,
    },
};

/// The columns of `customer_periods` that the shipped rules read, as the engine types them.
fn batch(buyers: &[Buyer]) -> RecordBatch {
    fn column<T>(buyers: &[Buyer], of: impl Fn(&Buyer) -> T) -> Vec<T> {
        buyers.iter().map(of).collect()
    }
    let text = |of: fn(&Buyer) -> &'static str| -> ArrayRef {
        Arc::new(StringViewArray::from(column(buyers, of)))
    };
    let money = |of: fn(&Buyer) -> Option<f64>| -> ArrayRef {
        let cents = buyers
            .iter()
            .map(|b| of(b).map(|x| (x * 100.0).round() as i128));
        Arc::new(
            cents
                .collect::<Decimal128Array>()
                .with_precision_and_scale(38, 2)
                .unwrap(),
        )
    };
    let whole = |of: fn(&Buyer) -> Option<i64>| -> ArrayRef {
        Arc::new(Int64Array::from(column(buyers, of)))
    };
    let flag =
        |of: fn(&Buyer) -> bool| -> ArrayRef { Arc::new(BooleanArray::from(column(buyers, of))) };
    let share = |of: fn(&Buyer) -> Option<f64>| -> ArrayRef {
        Arc::new(Float64Array::from(column(buyers, of)))
    };
    let strategic: ArrayRef = Arc::new(BooleanArray::from(column(buyers, |b| b.known.strategic)));
    let columns = vec![
        ("customer_id", text(|b| b.id), true),
        ("period", text(|_| "2026-Q3"), true),
        ("is_new", flag(|b| b.is_new), true),
        ("is_closing", flag(|b| b.is_closing), true),
        ("contribution", money(|b| b.value), true),
        ("recency_days", whole(|b| Some(b.recency)), true),
        ("frequency", whole(|b| Some(b.frequency)), true),
        ("monetary", money(|b| Some(b.monetary)), true),
        ("tenure_days", whole(|b| Some(b.tenure)), true),
        ("products", whole(|_| None), true),
        ("channels", whole(|b| b.channels), true),
        ("actual_value", money(|b| b.value), true),
        ("potential_value", money(|b| b.potential), true),
        ("potential_peers", whole(|b| b.peers), true),
        ("revenue", money(|b| b.revenues.0), true),
        ("revenue_year_ago", money(|b| b.revenues.1), true),
        ("csat", money(|b| b.known.csat), true),
        ("share_of_wallet", share(|b| b.known.wallet), true),
        ("overdue_share", share(|b| b.known.overdue), true),
        ("referred_customers", whole(|b| b.known.referred), true),
        ("is_strategic", strategic, true),
    ];
    RecordBatch::try_from_iter_with_nullable(columns).unwrap()
}

/// So many alike, worth 1 and up, who could be worth as much as the best fifth of them.
fn alike(count: u32, potential: f64) -> Vec<Buyer> {
    (1..=count)
        .map(|x| Buyer {
            value: Some(f64::from(x)),
            potential: Some(f64::from(x).max(potential)),
            ..BUYER
        })
        .collect()
}

fn assign(buyers: &[Buyer]) -> (Rules, Arc<Facts>, Found) {
    let batch = batch(buyers);
    let rules = compiled(&Files::built_in(), &batch);
    let facts = rules.facts(&batch).unwrap();
    let found = assigned(&rules, &facts, Acted::Every);
    assert!(found.all.failures.is_empty(), "{:#?}", found.all.failures);
    (rules, facts, found)
}

fn key(message: Option<Message>) -> String {
    match message {
        Some(Message::Keyed { key, .. }) => key,
        other => panic!("{other:?}"),
    }
}

/// Forty alike, worth 1 to 40: the top fifth starts at 32 (type 1), half of which is 16. They buy as
/// often and have been customers as long, so all could be worth 32: 17 to 31 lack less
/// than 16 and are Steady, 1 to 16 lack 16 or more and are MGC.
#[test]
fn value_classes_of_forty_alike() {
    let buyers = alike(40, 32.0);
    let (_, _, found) = assign(&buyers);
    let mut counts = BTreeMap::new();
    for row in 0..40 {
        *counts.entry(found.segment(row).unwrap()).or_insert(0) += 1;
    }
    assert_eq!(
        counts,
        BTreeMap::from([("MGC", 16), ("MVC", 9), ("Steady", 15)])
    );
    assert_eq!(found.segment(15), Some("MGC"));
    assert_eq!(found.segment(16), Some("Steady"));
    assert_eq!(found.segment(31), Some("MVC"));
    let expected = Message::key("reason.top-fifth")
        .with("cut", Argument::Money(32.0))
        .with("value", Argument::Money(32.0));
    assert_eq!(found.reason(31), Some(expected));
}

/// Among the top fifth, and 16 or more short of what it could be worth: kept first, and flagged (the half of the
/// cut of 32 is 16).
#[test]
fn most_valuable_with_room_is_said() {
    let mut buyers = alike(40, 32.0);
    buyers[39].potential = Some(56.0);
    buyers[38].potential = Some(54.0);
    let (_, _, found) = assign(&buyers);
    let of = |row| (found.segment(row).unwrap(), key(found.reason(row)));
    assert_eq!(of(39), ("MVC", "reason.top-fifth-with-room".to_owned()));
    assert_eq!(of(38), ("MVC", "reason.top-fifth".to_owned()));
}

/// Those at or below the band of 1 % of the mean, and those of whom too little is known.
#[test]
fn the_edge_and_the_unknown() {
    let mut buyers: Vec<Buyer> = (0..20).map(|_| BUYER).collect();
    let odd = [
        Buyer {
            value: Some(-50.0),
            ..BUYER
        },
        Buyer {
            value: Some(-50.0),
            potential: Some(10.0),
            ..BUYER
        },
        Buyer {
            value: Some(-50.0),
            tenure: 179,
            ..BUYER
        },
        Buyer {
            value: Some(-0.5),
            ..BUYER
        },
        Buyer {
            value: Some(0.0),
            ..BUYER
        },
        Buyer {
            value: None,
            ..BUYER
        },
        Buyer {
            value: Some(20.0),
            peers: Some(1),
            ..BUYER
        },
        Buyer {
            value: Some(20.0),
            potential: Some(90.0),
            ..BUYER
        },
        Buyer {
            value: Some(20.0),
            potential: Some(21.0),
            ..BUYER
        },
    ];
    buyers.extend(odd);
    let (_, _, found) = assign(&buyers);
    let seen: Vec<(&str, String)> = (20..29)
        .map(|row| (found.segment(row).unwrap(), key(found.reason(row))))
        .collect();
    let seen: Vec<(&str, &str)> = seen
        .iter()
        .map(|(class, key)| (*class, key.as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            ("BZ", "reason.below-zero"),
            ("Migrator", "reason.loss-with-potential"),
            ("Migrator", "reason.too-new"),
            ("Migrator", "reason.on-the-edge"),
            ("Migrator", "reason.on-the-edge"),
            ("Migrator", "reason.value-unknown"),
            ("Migrator", "reason.potential-unknown"),
            ("MGC", "reason.room-to-grow"),
            ("Steady", "reason.steady"),
        ]
    );
}

#[test]
fn nobody_earns_anything() {
    let (_, _, found) = assign(&[Buyer {
        value: Some(0.0),
        frequency: 0,
        monetary: 0.0,
        ..BUYER
    }]);
    assert_eq!(found.segment(0), Some("Migrator"));
}

/// Strength by hand: tenure 800 days 4 points × 1, recency 20 days 5 × 2, frequency 4 orders 3 × 2,
/// breadth not measured, channels 2 points × 0.5: (75 + 200 + 100 + 12.5) ÷ 5.5 = 70.4545….
#[test]
fn the_customer_scorecard() {
    let buyers: Vec<Buyer> = (0..10).map(|_| BUYER).collect();
    let (rules, facts, found) = assign(&buyers);
    let strength = found.strength(0).unwrap();
    assert!((strength - 387.5 / 5.5).abs() < 1e-12, "{strength}");
    let explanation = rules.explain(&facts, 0);
    let card = explanation.scorecard.unwrap();
    let points: Vec<_> = card
        .criteria
        .iter()
        .map(|c| (c.name.as_str(), c.points))
        .collect();
    assert_eq!(
        points,
        [
            ("tenure", Some(4.0)),
            ("recency", Some(5.0)),
            ("frequency", Some(3.0)),
            ("breadth", None),
            ("channels", Some(2.0)),
            ("satisfaction", None),
            ("wallet", None),
            ("payment", None),
            ("value", Some(1.0)),
            ("spend", Some(1.0)),
            ("contribution", Some(1.0)),
            ("potential", None),
            ("basket", Some(3.0)),
            ("growth", None),
            ("fit", None),
            ("referrals", None),
        ]
    );
    assert_eq!(card.strength(), Some(strength));
    assert_eq!(card.coverage(Side::Strength), Some(5.5 / 10.5));
}

/// What sheets beside the sales say takes part where they say it: an answer of 4, 60 % of the wallet, a fifth of
/// what is owed overdue, a quarter more revenue than a year ago. The first is strategic and brought two others;
/// of the others that is known not to be so.
#[test]
fn what_is_known_beside_sales_takes_part() {
    let mut buyers: Vec<Buyer> = (0..10).map(|_| BUYER).collect();
    buyers[0].revenues = (Some(125.0), Some(100.0));
    buyers[0].known = Known {
        csat: Some(4.0),
        wallet: Some(0.6),
        overdue: Some(0.2),
        referred: Some(2),
        strategic: Some(true),
    };
    buyers[1].revenues = (Some(0.0), Some(0.0));
    let (rules, facts, found) = assign(&buyers);
    let points = |row: usize| -> Vec<Option<f64>> {
        let card = rules.explain(&facts, row).scorecard.unwrap();
        let beside = [
            "satisfaction",
            "wallet",
            "payment",
            "growth",
            "fit",
            "referrals",
        ];
        let of = |name: &str| card.criteria.iter().find(|c| c.name == name);
        beside.map(|name| of(name).unwrap().points).to_vec()
    };
    let all = [4.0, 4.0, 3.0, 5.0, 5.0, 4.0];
    assert_eq!(points(0), all.map(Some));
    // Nothing bought a year ago is no base for growth.
    assert_eq!(points(1), [None, None, None, None, Some(3.0), Some(1.0)]);
    // (387.5 + 75 × 1.5 + 75 × 1.5 + 50) ÷ (5.5 + 4).
    let strength = found.strength(0).unwrap();
    assert!((strength - 662.5 / 9.5).abs() < 1e-12, "{strength}");
}

#[test]
fn actions_follow_the_class() {
    let keys = |buyer: Buyer| -> Vec<String> {
        let mut buyers = alike(40, 32.0);
        buyers.push(buyer);
        let (_, _, found) = assign(&buyers);
        found
            .actions(40)
            .into_iter()
            .map(|message| key(Some(message)))
            .collect()
    };
    let mvc = Buyer {
        value: Some(99.0),
        ..BUYER
    };
    assert_eq!(keys(mvc), ["action.keep"]);
    assert_eq!(
        keys(Buyer { recency: 91, ..mvc }),
        ["action.call-now", "action.keep"]
    );
    assert_eq!(
        keys(Buyer {
            is_closing: false,
            ..mvc
        }),
        ["action.win-back", "action.keep"]
    );
    let mgc = Buyer {
        value: Some(5.0),
        potential: Some(32.0),
        ..BUYER
    };
    assert_eq!(keys(mgc), ["action.cross-sell", "action.second-channel"]);
    assert_eq!(
        keys(Buyer {
            channels: None,
            ..mgc
        }),
        ["action.cross-sell"]
    );
    let steady = Buyer {
        value: Some(30.0),
        potential: Some(32.0),
        ..BUYER
    };
    assert_eq!(keys(steady), ["action.serve-efficiently"]);
    assert_eq!(
        keys(Buyer {
            is_closing: false,
            ..steady
        }),
        ["action.remind"]
    );
    assert_eq!(
        keys(Buyer {
            is_new: true,
            ..steady
        }),
        ["action.second-purchase"]
    );
    let bz = Buyer {
        value: Some(-9.0),
        ..BUYER
    };
    assert_eq!(keys(bz), ["action.make-profitable", "action.let-go"]);
    let migrator = Buyer {
        value: Some(0.0),
        ..BUYER
    };
    assert_eq!(
        keys(migrator),
        ["action.ask-feedback", "action.mass-marketing"]
    );
    assert_eq!(
        keys(Buyer {
            is_closing: false,
            ..migrator
        }),
        ["action.mass-marketing"]
    );
}

/// Every text the shipped rules name is in all three catalogues with the placeholders they fill, and
/// the catalogues hold no reason or action that no rule names.
#[test]
fn the_words_are_all_there_and_none_is_left_over() {
    let batch = batch(&[BUYER]);
    let mut found = Diagnostics::new();
    let rules = Rules::compile(
        &Files::built_in(),
        &batch.schema(),
        Settings::default(),
        &mut found,
    );
    assert!(found.is_empty(), "{found:#?}");
    let rules = rules.unwrap();
    let functions = api::functions(&rules.engine);
    let mut named = BTreeSet::new();
    for (script, _) in &rules.scripts {
        let seen = check::check(script, &rules.schema, &functions, &mut found);
        named.extend(seen.keys.into_iter().map(|used| used.key));
    }
    for class in ["mvc", "mgc", "bz", "migrator", "steady"] {
        named.insert(format!("treatment.{class}"));
    }
    for (language, catalogue) in texts::catalogues(&Files::built_in()) {
        let sections = [
            "reason.",
            "action.",
            "class.",
            "treatment.",
            "criterion.",
            "profile.",
        ];
        let there: BTreeSet<String> = catalogue
            .keys()
            .filter(|key| sections.iter().any(|section| key.starts_with(section)))
            .cloned()
            .collect();
        assert_eq!(there, named, "{}", language.code());
    }
}

/// Worth 10 where the top fifth starts at 32: no MVC, but 22 short of what its peers are worth.
#[test]
fn explain_of_the_shipped_rules_shows_why_not_the_next_class() {
    let buyers = alike(40, 32.0);
    let (rules, facts, _) = assign(&buyers);
    let found = rules.explain(&facts, 9);
    assert_eq!(found.segment.unwrap().0, "MGC");
    let steps: Vec<String> = found
        .steps
        .iter()
        .filter(|step| step.file == "rules/segmentation.rhai")
        .map(|step| {
            step.values
                .iter()
                .map(|(what, value)| format!("{what} = {value}"))
                .collect::<Vec<_>>()
                .join(" · ")
        })
        .collect();
    assert!(steps.iter().any(|s| s == "10 >= 32 = false"), "{steps:#?}");
    assert!(steps.iter().any(|s| s == "22 >= 16 = true"), "{steps:#?}");
    assert_eq!(found.reads[..2], ["actual_value", "potential_value"]);
}

/// Methods §17, class by revenue: who buys for most and costs more than it brings is no MVC.
#[test]
fn class_is_not_by_revenue() {
    let mut buyers = alike(40, 32.0);
    buyers.push(Buyer {
        value: Some(-200.0),
        monetary: 1_000_000.0,
        ..BUYER
    });
    let (_, _, found) = assign(&buyers);
    assert_eq!(found.segment(40), Some("BZ"));
}

/// A customer below zero is held out of BZ for 180 days, not for 181.
#[test]
fn new_customers_are_held_out_of_bz_for_180_days() {
    let class_after = |tenure| {
        let mut buyers: Vec<Buyer> = (0..20).map(|_| BUYER).collect();
        buyers.push(Buyer {
            value: Some(-50.0),
            tenure,
            ..BUYER
        });
        let (_, _, found) = assign(&buyers);
        found.segment(20).map(str::to_owned)
    };
    assert_eq!(class_after(179).as_deref(), Some("Migrator"));
    assert_eq!(class_after(180).as_deref(), Some("BZ"));
}

/// Forty alike worth 1 to 40, and a period later all but three are worth twice as much. By the cuts of
/// the later period, 62 for an MVC, the one still worth 33 is none; measured among the customers of the
/// period before it is one still, so the ruler moved it. Who went from 20 to 40 moved by itself. The best
/// fifth were worth 32 and are worth 64. Who buys as nobody does has no peers, then or now.
#[test]
fn a_class_among_the_customers_of_another_period() {
    let earlier = alike(40, 32.0);
    let mut later = earlier.clone();
    for (row, buyer) in later.iter_mut().enumerate() {
        if ![9, 32, 24].contains(&row) {
            buyer.value = buyer.value.map(|value| value * 2.0);
        }
        buyer.potential = buyer.value.map(|value| value.max(64.0));
    }
    later[24].frequency = 40;
    later[24].potential = None;
    let mut among_earlier = later.clone();
    for buyer in &mut among_earlier {
        buyer.potential = buyer
            .potential
            .and(buyer.value)
            .map(|value| value.max(32.0));
    }
    let (rules, before, _) = assign(&earlier);
    let now = rules.facts(&batch(&later)).unwrap();
    let among_earlier = rules.facts(&batch(&among_earlier)).unwrap();
    let assigner = rules.assigner(Acted::Every);
    let own = assigned(&rules, &now, Acted::Every);
    let classes = assigner.classes_by(&among_earlier, &before);
    let of = |row: usize| (own.segment(row).unwrap(), classes.value(row));
    assert_eq!(of(32), ("MGC", "MVC"));
    assert_eq!(of(19), ("Steady", "MVC"));
    assert_eq!(of(9), ("MGC", "MGC"));
    assert_eq!(of(24), ("Migrator", "Migrator"));
    // Measured among themselves, customers are where they are.
    let again = assigner.classes_by(&before, &Arc::clone(&before));
    let (_, _, first) = assign(&earlier);
    assert!((0..40).all(|row| first.segment(row) == Some(again.value(row))));
}

/// Criterion by criterion the cards say what the two scores are made of, for every customer.
#[test]
fn cards_add_up_to_the_scores() {
    let buyers: Vec<Buyer> = (1..=40)
        .map(|x| Buyer {
            value: Some(f64::from(x)),
            frequency: i64::from(x % 12),
            monetary: f64::from(x * 7 % 90),
            tenure: i64::from(x) * 60,
            ..BUYER
        })
        .collect();
    let (rules, facts, _) = assign(&buyers);
    let assignments = rules.assigner(Acted::Every).assign(&facts);
    let rows: Vec<usize> = (0..40).rev().collect();
    let mut seen = Vec::new();
    rules.scorecards(&facts, &assignments, &rows, |row, card| {
        let card = card.unwrap();
        assert_eq!(card.strength(), assignments.strength(row));
        assert_eq!(card.attractiveness(), assignments.attractiveness(row));
        assert_eq!(card.criteria.len(), 16);
        seen.push(row);
    });
    assert_eq!(seen, rows);
}
