//! Return on relationship and what campaigns changed, worked out by hand.

use datafusion::arrow::array::{AsArray, StringViewArray};

use super::{Outcome, facts, good, register_with, run, table, whole, workspace};
use crate::engine::{Engine, Format, measures, write_rows};

/// A stays and grows, B leaves, C comes.
const TRANSACTIONS: &str = "customer_id,date,amount,cost\n\
    A,2025-02-01,200,100\n\
    B,2025-03-01,200,100\n\
    A,2025-11-01,10,5\n\
    A,2026-02-01,240,120\n\
    C,2026-03-31,90,40";

const RETURNS: &str = "select kind, segment, customers, lost, contribution_then, contribution_gain, revenue_gain, spent
    from relationship_returns where period = '2026-Q1' order by kind, segment";

fn with(settings: &str, spending: &str) -> Outcome {
    run(
        &workspace(&format!("[activity]\nwindow-months = 12\n{settings}")),
        &[
            table("transactions", TRANSACTIONS),
            table("retention_spend", spending),
        ],
    )
}

/// A brings 20 more, B, who left, 100 less. To look at those who stayed alone would call it a gain.
#[test]
fn ror_survivor_bias() {
    let outcome = with("", "period,amount,segment\n2026-Q1,40,");
    assert_eq!(
        outcome.lines(RETURNS),
        [
            "segment,,2,1,200.00,-80.00,-160.00,0.00",
            "total,,2,1,200.00,-80.00,-160.00,40.00",
            // Spending on no segment is divided among none.
            "unassigned,,0,0,,,,40.00",
        ]
    );
    assert_eq!(
        outcome.parts("return_on_relationship", "2026-Q1"),
        (Some(-80.0), Some(40.0))
    );
    // (−80 − 40) ÷ 40.
    assert_eq!(
        outcome.value("return_on_relationship_net", "2026-Q1"),
        Some(-3.0)
    );
    assert_eq!(
        outcome.value("return_on_relationship_revenue", "2026-Q1"),
        Some(-4.0)
    );
}

/// Asked for, 40 on nobody are divided. By revenue of the quarter, of who was there at its start: A of Steady 240,
/// B of MVC 0, C of nothing is new, so all of it is Steady's; by contacts, of which B had three and A one, 30 and
/// 10. Nobody contacted: it stays where it is.
#[test]
fn spending_on_nobody_is_divided_only_where_asked() {
    let of = |settings: &str, contacts: &str| {
        let workspace = workspace(&format!("[activity]\nwindow-months = 12\n{settings}"));
        let inputs = [
            table("transactions", TRANSACTIONS),
            table("retention_spend", "period,amount,segment\n2026-Q1,40,"),
            table(
                "campaign_contacts",
                &format!("campaign_id,customer_id,contacted_on,delivered{contacts}"),
            ),
        ];
        let (engine, prepared, customers) = facts(&workspace, &inputs);
        let batch = &whole(&customers);
        let ids = batch
            .column_by_name("customer_id")
            .unwrap()
            .as_string_view();
        let segments: StringViewArray = (0..batch.num_rows())
            .map(|row| match ids.value(row) {
                "B" => Some("MVC"),
                _ => Some("Steady"),
            })
            .collect();
        register_with(&customers, &engine, &prepared, &segments);
        let (_, problems) = measures(&engine, &prepared.queries, &prepared.supplied);
        assert!(problems.is_empty());
        lines(
            &engine,
            "select kind, segment, spent from relationship_returns where period = '2026-Q1' order by kind, segment",
        )
    };
    let contacts = "\nK,B,2026-01-05,true\nK,B,2026-01-06,true\nK,B,2026-01-07,true\nK,A,2026-01-05,true\n\
        K,C,2026-01-05,true\nK,A,2026-01-08,false";
    let asked = |by: &str| format!("[return-on-relationship]\nallocate = \"{by}\"");
    let own = [
        "segment,MVC,0.00",
        "segment,Steady,0.00",
        "total,,40.00",
        "unassigned,,40.00",
    ];
    assert_eq!(of("", contacts), own);
    let by_revenue = of(&asked("revenue"), contacts);
    assert_eq!(
        by_revenue,
        ["segment,MVC,0.00", "segment,Steady,40.00", "total,,40.00"]
    );
    let by_contacts = of(&asked("contacts"), contacts);
    assert_eq!(
        by_contacts,
        ["segment,MVC,30.00", "segment,Steady,10.00", "total,,40.00"]
    );
    assert_eq!(of(&asked("contacts"), "\nK,A,2025-01-08,true"), own);
}

/// Spending shows a quarter later.
#[test]
fn spending_may_come_before_its_effect() {
    let spending = "period,amount\n2025-Q4,25\n2026-Q1,40";
    let denominator = |settings: &str| {
        let outcome = with(settings, spending);
        outcome.parts("return_on_relationship", "2026-Q1").1
    };
    assert_eq!(denominator(""), Some(40.0));
    assert_eq!(
        denominator("[return-on-relationship]\nlag-quarters = 1"),
        Some(25.0)
    );
}

/// Nothing spent: neither infinite nor zero.
#[test]
fn nothing_spent_has_no_return() {
    let outcome = with("", "period,amount\n2025-Q1,40");
    assert_eq!(
        outcome.parts("return_on_relationship", "2026-Q1"),
        (Some(-80.0), Some(0.0))
    );
    for measure in ["return_on_relationship", "return_on_relationship_net"] {
        assert_eq!(outcome.value(measure, "2026-Q1"), None, "{measure}");
    }
}

/// What was bought a year ago at an unknown cost is no contribution of nothing: there is no gain to tell.
#[test]
fn a_cost_not_known_then_is_no_gain_now() {
    let outcome = run(
        &workspace("[activity]\nwindow-months = 12"),
        &[table(
            "transactions",
            "customer_id,date,amount,cost\nA,2025-02-01,200,\nA,2025-11-01,10,5\nA,2026-03-31,240,120",
        )],
    );
    assert_eq!(
        outcome.lines(
            "select revenue_gain, contribution_gain from relationship_returns
             where period = '2026-Q1' and kind = 'total'"
        ),
        ["40.00,"]
    );
}

/// A rose to MVC because it bought more. In the segments of the end MVC would have gained 300 and Steady
/// lost 50; it was Steady that gained 250, and nobody was MVC when the 20 for MVC were spent.
#[test]
fn segments_at_end_of_period() {
    let workspace = workspace("[activity]\nwindow-months = 12");
    let inputs = [
        table(
            "transactions",
            "customer_id,date,amount,cost\n\
             A,2025-02-01,100,0\nB,2025-02-01,100,0\n\
             A,2025-11-01,10,0\nB,2025-11-01,10,0\n\
             A,2026-02-01,400,0\nB,2026-03-31,50,0",
        ),
        table(
            "retention_spend",
            "period,amount,segment,customer_id\n\
             2026-Q1,20,MVC,\n2026-Q1,50,Steady,\n2026-Q1,30,,A\n2026-Q1,7,,Z",
        ),
    ];
    let (engine, prepared, customers) = facts(&workspace, &inputs);
    let batch = &whole(&customers);
    let text = |name: &str| batch.column_by_name(name).unwrap().as_string_view();
    let (ids, periods) = (text("customer_id"), text("period"));
    let segments: StringViewArray = (0..batch.num_rows())
        .map(|row| match (ids.value(row), periods.value(row)) {
            ("A", "2026-Q1") => Some("MVC"),
            _ => Some("Steady"),
        })
        .collect();
    register_with(&customers, &engine, &prepared, &segments);
    let (_, problems) = measures(&engine, &prepared.queries, &prepared.supplied);
    good(if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    });
    assert_eq!(
        lines(&engine, RETURNS),
        [
            "segment,MVC,0,0,,,,20.00",
            // 50 for Steady, and the 30 for A, who was Steady.
            "segment,Steady,2,0,200.00,250.00,250.00,80.00",
            "total,,2,0,200.00,250.00,250.00,107.00",
            // Nobody knows Z.
            "unassigned,,0,0,,,,7.00",
        ]
    );
}

fn lines(engine: &Engine, sql: &str) -> Vec<String> {
    let mut out = Vec::new();
    write_rows(&engine.ad_hoc(sql).unwrap(), Format::Csv, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    text.lines().skip(1).map(str::to_owned).collect()
}

/// P: 10 for 100, then 12 for 144. Price (12 − 10) × 12 = 24, volume (12 − 10) × 10 = 20. Q is bought now
/// alone: volume. A line without a quantity cannot be split. 24 + 20 + 30 + 7 = 81.
#[test]
fn price_and_volume() {
    let outcome = run(
        &workspace("[activity]\nwindow-months = 12"),
        &[table(
            "transactions",
            "customer_id,date,amount,product_id,quantity\n\
             A,2025-02-01,110,P,11\n\
             A,2025-02-02,-10,P,1\n\
             A,2025-11-01,999,P,1\n\
             A,2026-02-01,144,P,12\n\
             A,2026-02-01,30,Q,3\n\
             A,2026-02-01,7,Q,\n\
             C,2026-03-31,500,P,1",
        )],
    );
    assert_eq!(
        outcome.lines("select segment, price, volume, unsplit from price_and_volume order by 1"),
        [",24.00,50.00,7.00", ",24.00,50.00,7.00"]
    );
    assert_eq!(
        outcome.lines(
            "select revenue_gain from relationship_returns where period = '2026-Q1' and kind = 'total'"
        ),
        ["81.00"]
    );
}

/// Treated 10, 14, 18: mean 14, variance 16. Control 8, 12: mean 10, variance 8. The error is
/// √(16 ÷ 3 + 8 ÷ 2) = √9.3333, its degrees of freedom 9.3333² ÷ (5.3333² ÷ 2 + 4² ÷ 1) = 2.8824.
#[test]
fn a_control_group_makes_it_causal() {
    let outcome = run(
        &workspace(""),
        &[
            table(
                "transactions",
                "customer_id,date,amount,cost\n\
                 T1,2026-01-10,20,10\nT2,2026-01-10,24,10\nT3,2026-02-10,28,10\n\
                 C1,2026-03-10,18,10\nC2,2026-03-31,22,10\nF,2026-03-31,900,10",
            ),
            table("campaigns", "campaign_id,name,cost\nK1,Spring,30"),
            table(
                "campaign_contacts",
                "campaign_id,customer_id,contacted_on,delivered,control\n\
                 K1,T1,2026-01-05,true,false\n\
                 K1,T2,2026-01-05,true,false\n\
                 K1,T2,2026-01-06,true,false\n\
                 K1,T3,2026-01-05,false,false\n\
                 K1,C1,2026-01-05,,true\n\
                 K1,C2,2026-01-05,,true\n\
                 K1,F,2026-01-05,,true\n\
                 K1,F,2026-01-05,true,false\n\
                 K1,G,2026-01-05,true,",
            ),
        ],
    );
    // F is in both groups, G in neither.
    assert_eq!(
        outcome.lines(
            "select campaign_id, name, outcome, treated, control, treated_mean, control_mean, effect,
                    round(standard_error, 4), round(degrees_of_freedom, 4), spent
             from campaign_effects"
        ),
        ["K1,Spring,contribution,3,2,14.0,10.0,4.0,3.0551,2.8824,30.0"]
    );
}
