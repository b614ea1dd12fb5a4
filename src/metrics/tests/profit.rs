//! The profit of customers and its bridge to the ledger, worked out by hand.

use std::sync::LazyLock;

use super::{Outcome, run, table, workspace};
use crate::tables::InputTable;

/// A and B buy; a passer-by does; D brings something back and buys only in the next quarter.
const TRANSACTIONS: &str = "customer_id,date,amount,cost,channel\n\
    A,2026-01-10,1000,600,shop\n\
    B,2026-02-10,500,200,web\n\
    ,2026-02-11,300,100,shop\n\
    A,2026-03-31,-100,-60,shop\n\
    D,2026-01-05,-50,-20,web\n\
    D,2026-04-05,80,50,web\n\
    A,2026-06-30,10,5,web";

fn inputs() -> Vec<InputTable> {
    [
        ("transactions", TRANSACTIONS),
        (
            "activities",
            "customer_id,activity,quantity,date\n\
             A,pack,4,2026-01-15\n\
             B,pack,2,2026-02-15\n\
             X,pack,1,2026-02-20\n\
             A,visit,1,2026-03-01\n\
             B,gift,1,2026-03-01",
        ),
        // The rate of packing is 4,800 ÷ 1,200 = 4, whatever stands beside it.
        (
            "activity_rates",
            "activity,rate,cost_pool,practical_capacity\npack,99,4800,1200\nvisit,70,,",
        ),
        (
            "channel_costs",
            "channel,period,amount\nshop,2026-Q1,140\nweb,2026,400\nphone,2026-Q1,25",
        ),
        (
            "interactions",
            "customer_id,opened_at,kind,cost\n\
             A,2026-02-01T10:00:00,help,30\n\
             B,2026-02-02T10:00:00,help,",
        ),
        (
            "campaigns",
            "campaign_id,starts,cost\nK1,2026-01-01,60\nK2,2026-02-01,15",
        ),
        (
            "campaign_contacts",
            "campaign_id,customer_id,contacted_on,delivered,control\n\
             K1,A,2026-01-20,true,\n\
             K1,B,2026-01-20,,false\n\
             K1,D,2026-01-20,,true\n\
             K1,Y,2026-01-20,false,",
        ),
        (
            "leads",
            "lead_id,created_on,converted_on,customer_id,cost\n\
             L1,2026-01-02,2026-02-10,B,12\n\
             L2,2026-01-05,,,8",
        ),
        (
            "retention_spend",
            "period,amount,customer_id\n2026-Q1,50,A\n2026-Q1,40,",
        ),
    ]
    .map(|(name, csv)| table(name, csv))
    .into()
}

static OUTCOME: LazyLock<Outcome> =
    LazyLock::new(|| run(&workspace("[activity]\nwindow-months = 6"), &inputs()));

fn bridge(outcome: &Outcome) -> Vec<String> {
    outcome
        .lines("select line, amount from profit_bridge where period = '2026-Q1' order by line_no")
}

#[test]
fn costs_find_their_customer() {
    let found = OUTCOME.lines(
        "select source, charged_to, customer_id, round(amount, 2) from direct_costs
         where period = '2026-Q1' order by 1, 2, 3",
    );
    let expected = [
        // 60 over the two who were reached; the control group and who was not reached cost nothing.
        "campaigns,customer,A,30.0",
        "campaigns,customer,B,30.0",
        // Nobody was contacted for the second.
        "campaigns,nobody,,15.0",
        // 140 over purchases of 1,300: 1,000 of A and 300 of nobody known. The return gives no share.
        "channels,customer,A,107.69",
        // A quarter of the year's 400, all of it B's: what D brought back is no purchase.
        "channels,customer,B,100.0",
        // Nobody telephoned.
        "channels,nobody,,25.0",
        "channels,unidentified,,32.31",
        "interactions,customer,A,30.0",
        "leads,customer,B,12.0",
        "leads,nobody,,8.0",
        "retention,customer,A,50.0",
        "retention,nobody,,40.0",
    ];
    let found: Vec<String> = found
        .iter()
        .map(|line| {
            let (head, amount) = line.rsplit_once(',').unwrap();
            format!("{head},{:?}", amount.parse::<f64>().unwrap())
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn profit_is_what_is_left_of_the_contribution() {
    let found = OUTCOME.lines(
        "select customer_id, contribution, cost_to_serve, direct_cost, costs_12m
         from customer_periods where period = '2026-Q1' order by 1",
    );
    let expected = [
        // 400 − 40; 4 × 4 + 70; 107.692308 + 30 + 30 + 50.
        "A,360.00,86.00,217.692308,303.692308",
        // 2 × 4, and a gift without a rate, which costs nothing; 100 + 30 + 12.
        "B,300.00,8.00,142.00,150.00",
    ];
    assert_eq!(found, expected);
    // 360 − 303.692308 and 300 − 150.
    assert_eq!(
        OUTCOME.value("customer_profit", "2026-Q1"),
        Some(206.307692)
    );
    assert_eq!(
        OUTCOME.parts("profit_per_customer", "2026-Q1"),
        (Some(206.307692), Some(2.0))
    );
    assert_eq!(
        OUTCOME.parts("unprofitable_customers", "2026-Q1"),
        (Some(0.0), Some(2.0))
    );
    assert_eq!(OUTCOME.value("unrated_activities", "2026-Q1"), Some(1.0));
}

#[test]
fn the_bridge_ties_out() {
    let expected = [
        "customers,206.3077",
        // 200 less its share of the shop, 140 × 300 ÷ 1,300.
        "unidentified,167.6923",
        // −50 + 20 of D, who is no customer yet, and X's packing.
        "others,-34.00",
        // A quarter of 4,800 less 7 × 4.
        "unused_capacity,-1172.00",
        // 25 + 15 + 8 + 40.
        "unallocated,-88.00",
        // 360 + 300 + 200 − 30 − 1,200 − 70 − 265 − 30 − 75 − 20 − 90.
        "ledger,-920.00",
    ];
    assert_eq!(bridge(&OUTCOME), expected);
    assert_eq!(OUTCOME.value("ledger_profit", "2026-Q1"), Some(-920.0));
    assert_eq!(OUTCOME.value("unused_capacity", "2026-Q1"), Some(1172.0));
    assert_eq!(
        OUTCOME.parts("capacity_use", "2026-Q1"),
        (Some(28.0), Some(1200.0))
    );
    assert_eq!(
        OUTCOME.lines(
            "select period from (select period, sum(case when line = 'ledger' then -amount else amount end) as off
             from profit_bridge group by period) where abs(off) > 0.001"
        ),
        Vec::<String>::new()
    );
}

/// Only interactions are charged, and a cost pool is that of a quarter.
#[test]
fn what_is_charged_is_the_clients_to_say() {
    let settings = "[activity]\nwindow-months = 6\n\
        [profitability]\ncharge = [\"interactions\"]\ncost-pool-months = 3";
    let outcome = run(&workspace(settings), &inputs());
    let expected = [
        // 360 − 86 − 30 and 300 − 8.
        "customers,536.00",
        "unidentified,200.00",
        "others,-34.00",
        "unused_capacity,-4772.00",
        "unallocated,0.00",
        // 830 − 4,800 − 70 − 30.
        "ledger,-4070.00",
    ];
    assert_eq!(bridge(&outcome), expected);
}

/// A sheet may give the pool and what it has capacity for, and no rate: 4,800 ÷ 1,200 = 4 for packing, three of
/// which are 12. Where there is capacity for nothing there is no rate.
#[test]
fn a_rate_is_worked_out_of_pool_and_capacity_alone() {
    let outcome = run(
        &workspace(""),
        &[
            table(
                "transactions",
                "customer_id,date,amount,cost\nA,2026-03-31,10,5",
            ),
            table(
                "activities",
                "customer_id,activity,quantity,date\nA,pack,3,2026-02-01\nA,visit,1,2026-02-01",
            ),
            table(
                "activity_rates",
                "activity,cost_pool,practical_capacity\npack,4800,1200\nvisit,100,0",
            ),
        ],
    );
    let costs = "select customer_id, cost_to_serve from customer_periods where period = '2026-Q1'";
    assert_eq!(outcome.lines(costs), ["A,12.00"]);
    assert_eq!(outcome.value("unrated_activities", "2026-Q1"), Some(1.0));
}

/// A rate that begins within a quarter has its share of the days: 31 of 90 are January's.
#[test]
fn a_pool_counts_by_the_days_it_is_in_force() {
    let outcome = run(
        &workspace(""),
        &[
            table(
                "transactions",
                "customer_id,date,amount,cost\nA,2026-03-31,10,5",
            ),
            table(
                "activity_rates",
                "activity,rate,cost_pool,practical_capacity,valid_from\n\
                 pack,1,3600,3600,2025-01-01\npack,2,7200,3600,2026-02-01",
            ),
        ],
    );
    // 900 × 31 ÷ 90 + 1,800 × 59 ÷ 90.
    assert_eq!(outcome.value("unused_capacity", "2026-Q1"), Some(1490.0));
}

/// Without any cost table the profit is the contribution, and there is no cost of goods to tell it by.
#[test]
fn without_costs_nothing_is_made_up() {
    let bare = |csv: &str| run(&workspace(""), &[table("transactions", csv)]);
    let outcome = bare("customer_id,date,amount,cost\nA,2026-01-10,100,60\nB,2026-03-31,50,");
    assert_eq!(outcome.value("customer_profit", "2026-Q1"), Some(40.0));
    assert_eq!(
        outcome.lines(
            "select customers, total, unknown, revenue_unknown, with_costs from whale where segment is null"
        ),
        ["1,40.00,1,50.00,0"]
    );
    let outcome = bare("customer_id,date,amount\nA,2026-01-10,100\nB,2026-03-31,50");
    assert_eq!(outcome.value("customer_profit", "2026-Q1"), None);
    for empty in ["whale", "whale_curve", "profit_bridge"] {
        let rows = outcome.lines(&format!("select count(*) from {empty}"));
        assert_eq!(rows, ["0"], "{empty}");
    }
}

/// Customers with these profits, out of a cost of goods; the first comes last in the file.
fn with_profits(profits: &[i64]) -> Outcome {
    let mut csv = "customer_id,date,amount,cost\n".to_owned();
    for (number, profit) in profits.iter().enumerate().rev() {
        csv.push_str(&format!("K{number:02},2026-03-31,100,{}\n", 100 - profit));
    }
    run(&workspace(""), &[table("transactions", &csv)])
}

const WHALE: &str =
    "select customers, profitable, breaking_even, unprofitable, total, peak, losses, is_relative
    from whale where segment is null";

/// Ordered by profit, not by revenue or id: the last by id brings most profit out of the least revenue.
#[test]
fn the_whale_curve_is_not_ordered_by_revenue() {
    let csv = "customer_id,date,amount,cost\nA,2026-03-31,900,920\nB,2026-03-31,500,490\nC,2026-03-31,100,40";
    let outcome = run(&workspace(""), &[table("transactions", csv)]);
    let found = outcome.lines("select place, cumulative from whale_curve order by place");
    assert_eq!(found, ["1,60.00", "2,70.00", "3,50.00"]);
}

/// Profits 50, 40, 30, 10, 5, 2, 0, −5, −12, −20: a total of 100, a peak of 137 % at 60 to 70 % of the
/// customers, and 37 destroyed.
#[test]
fn the_whale_curve() {
    let outcome = with_profits(&[50, 40, 30, 10, 5, 2, 0, -5, -12, -20]);
    assert_eq!(outcome.lines(WHALE), ["10,6,7,3,100.00,137.00,37.00,true"]);
    assert_eq!(
        outcome.parts("whale_peak", "2026-Q1"),
        (Some(137.0), Some(100.0))
    );
    assert_eq!(outcome.value("customer_losses", "2026-Q1"), Some(37.0));
    let found = outcome.lines("select place, cumulative from whale_curve order by place");
    let expected = [50, 90, 120, 130, 135, 137, 137, 132, 120, 100];
    let expected: Vec<String> = (1..)
        .zip(expected)
        .map(|(place, sum)| format!("{place},{sum}.00"))
        .collect();
    assert_eq!(found, expected);
}

/// Percent of 1 would be 10,000 at the peak, and of −40 they would be below zero where there is profit.
#[test]
fn whale_total_near_zero() {
    let outcome = with_profits(&[100, -50, -49]);
    assert_eq!(outcome.lines(WHALE), ["3,1,1,2,1.00,100.00,99.00,false"]);
    assert_eq!(outcome.parts("whale_peak", "2026-Q1"), (Some(100.0), None));
    assert_eq!(outcome.value("whale_peak", "2026-Q1"), None);
    let outcome = with_profits(&[10, -50]);
    assert_eq!(outcome.lines(WHALE), ["2,1,1,1,-40.00,10.00,50.00,false"]);
    // A twentieth of gains and losses together is enough: 11 of 110 + 99.
    let outcome = with_profits(&[110, -99]);
    assert_eq!(outcome.lines(WHALE), ["2,1,1,1,11.00,110.00,99.00,true"]);
}

/// 1,000 customers make at most 184 points, every tenth of the customers among them.
#[test]
fn a_long_curve_is_thinned() {
    let profits: Vec<i64> = (0..1000).map(|number| 70 - number / 10).collect();
    let mut csv = "customer_id,date,amount,cost\n".to_owned();
    for (number, profit) in profits.iter().enumerate() {
        csv.push_str(&format!("K{number:04},2026-03-31,100,{}\n", 100 - profit));
    }
    let outcome = run(&workspace(""), &[table("transactions", &csv)]);
    let places: Vec<usize> = outcome
        .lines("select place from whale_curve order by place")
        .iter()
        .map(|place| place.parse().unwrap())
        .collect();
    assert!(places.len() <= 184, "{}", places.len());
    for place in (1..=10).map(|tenth| tenth * 100).chain([1, 700, 710]) {
        assert!(places.contains(&place), "{place}");
    }
    // The sum of the first hundred: ten each of 70, 69, … 61.
    assert_eq!(
        outcome.lines("select cumulative from whale_curve where place = 100"),
        ["6550.00"]
    );
}

/// Twelve months: the four quarters to the period's end, and who first bought in them is new.
#[test]
fn twelve_months_and_the_new() {
    let outcome = run(
        &workspace("[activity]\nwindow-months = 12"),
        &[
            table(
                "transactions",
                "customer_id,date,amount,cost\n\
                 A,2025-01-10,1000,1\n\
                 A,2025-05-10,100,60\n\
                 B,2025-08-10,100,90\n\
                 A,2026-03-31,100,60",
            ),
            table(
                "interactions",
                "customer_id,opened_at,kind,cost\n\
                 A,2025-02-01T10:00:00,help,500\n\
                 B,2025-08-11T10:00:00,help,25",
            ),
        ],
    );
    // Of A 40 + 40, the January before and its help left out; of B 10 − 25.
    assert_eq!(
        outcome.lines(
            "select customer_id, contribution_12m, costs_12m from customer_periods
             where period = '2026-Q1' order by 1"
        ),
        ["A,80.00,0.00", "B,10.00,25.00"]
    );
    assert_eq!(
        outcome.lines(
            "select total, new_customers, new_unprofitable, new_losses, with_costs from whale
             where period = '2026-Q1' and segment is null"
        ),
        ["65.00,1,1,15.00,1"]
    );
    // Four quarters of data reach back no further: nobody is known to be new.
    assert_eq!(
        outcome.lines(
            "select quarters, new_customers from whale where period = '2025-Q4' and segment is null"
        ),
        ["4,"]
    );
}
