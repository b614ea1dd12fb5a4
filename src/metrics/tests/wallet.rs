//! Shares of wallet, worked out by hand.

use super::{Outcome, run, table, workspace};
use crate::tables::InputTable;

/// Revenue of 2026-Q2, and of the year that ends with it: A 80 and 180 (tea 60 and 160), B 130 and 130,
/// C 50 and 50, D 200 and 200, E 40 and 40 less a return of 100, F 10 and 10.
fn inputs(wallet: &str, surveys: &str) -> Vec<InputTable> {
    vec![
        table(
            "transactions",
            "customer_id,date,amount,category\n\
            A,2026-01-10,100,tea\n\
            A,2026-04-10,60,tea\n\
            A,2026-05-10,20,cups\n\
            B,2026-04-10,130,tea\n\
            C,2026-05-10,50,tea\n\
            D,2026-06-10,200,cups\n\
            E,2026-04-10,40,tea\n\
            E,2026-05-10,-100,tea\n\
            F,2026-06-30,10,tea",
        ),
        table("wallet", wallet),
        table("surveys", surveys),
    ]
}

fn outcome(wallet: &str) -> Outcome {
    run(
        &workspace("[activity]\nwindow-months = 12"),
        &inputs(wallet, "date,instrument,score"),
    )
}

fn wallets(outcome: &Outcome) -> Vec<String> {
    outcome.lines(
        "select customer_id, of_quarter, cast(own as double), cast(stated as double),
                cast(total as double), is_capped
         from wallet_periods where period = '2026-Q2' order by customer_id",
    )
}

/// Methods §6: B bought for 130 of a wallet of 100. The share is 100 %, never 130, and B is flagged; in all
/// (80 + 130) ÷ (200 + 130), a ratio of sums and not the mean of 40 and 100 %.
#[test]
fn wallet_over_100() {
    let outcome = outcome("customer_id,amount,period\nA,200,2026-Q2\nB,100,2026-Q2");
    assert_eq!(
        wallets(&outcome),
        [
            "A,true,80.0,200.0,200.0,false",
            "B,true,130.0,100.0,130.0,true"
        ]
    );
    let share = outcome.parts("share_of_wallet", "2026-Q2");
    assert_eq!(share, (Some(210.0), Some(330.0)));
    // The ratio to competitors' revenue: 210 ÷ 120.
    let odds = outcome.parts("wallet_odds", "2026-Q2");
    assert_eq!(odds, (Some(210.0), Some(120.0)));
}

/// Methods §6: C to F, whose wallet nobody knows, are in neither figure of the share; the coverage says so,
/// 210 of 410 in revenue. A ratio of sums, not of rates: see `wallet_over_100`.
#[test]
fn unknown_wallet_is_not_all_of_it() {
    let outcome = outcome("customer_id,amount,period\nA,200,2026-Q2\nB,260,2026-Q2");
    let share = outcome.parts("share_of_wallet", "2026-Q2");
    assert_eq!(share, (Some(210.0), Some(460.0)));
    let coverage = outcome.parts("wallet_coverage", "2026-Q2");
    assert_eq!(coverage, (Some(210.0), Some(410.0)));
    // Of the quarter before nothing is known, and nothing is not 100 %.
    let before = outcome.parts("share_of_wallet", "2026-Q1");
    assert_eq!(before, (Some(0.0), Some(0.0)));
}

/// A wallet of tea is held against tea: 60 of 240, not 80. One of everything goes before those of
/// categories (C), and each category is capped by itself (D: cups 200 of 150, tea 0 of 50).
#[test]
fn own_spend_is_of_the_same_category() {
    let outcome = outcome(
        "customer_id,amount,period,category\n\
        A,240,2026-Q2,tea\n\
        C,500,2026-Q2,\n\
        C,60,2026-Q2,tea\n\
        D,150,2026-Q2,cups\n\
        D,50,2026-Q2,tea",
    );
    assert_eq!(
        wallets(&outcome),
        [
            "A,true,60.0,240.0,240.0,false",
            "C,true,50.0,500.0,500.0,false",
            "D,true,200.0,200.0,250.0,true",
        ]
    );
}

/// Of a year: twelve months' revenue, tea alone for A. Of a half: half of it against the quarter. Of
/// months: all three or none. What is given for the quarter goes before what is given for the year. A
/// year that is over says nothing of this one.
#[test]
fn wallets_are_of_the_period_they_were_given_for() {
    let outcome = outcome(
        "customer_id,amount,period,category,measures\n\
        A,320,2026,tea,total\n\
        B,400,2026-H1,,total\n\
        C,20,2026-04,,total\n\
        C,30,2026-05,,total\n\
        C,50,2026-06,,total\n\
        D,500,2026-04,,total\n\
        E,90,2026-Q2,,competitors\n\
        F,40,2026-Q2,,total\n\
        F,4000,2026,,total\n\
        F,9,2025,,total",
    );
    assert_eq!(
        wallets(&outcome),
        [
            "A,false,160.0,320.0,320.0,false",
            "B,true,130.0,200.0,200.0,false",
            "C,true,50.0,100.0,100.0,false",
            // A net return is no negative share: nothing of ours, and the wallet is competitors'.
            "E,true,0.0,90.0,90.0,false",
            "F,true,10.0,40.0,40.0,false",
        ]
    );
}

/// Methods §6 ranks the sources: what the customer said goes before its ledger, that before a model. They are
/// never added up. Of B the categories are known in different ways.
#[test]
fn the_best_source_counts_once() {
    let outcome = outcome(
        "customer_id,amount,period,category,measures,method\n\
        A,999,2026-Q2,,total,model\n\
        A,300,2026-Q2,,total,Purchase ledger\n\
        A,200,2026-Q2,,total,Stated\n\
        B,900,2026-Q2,tea,total,Model\n\
        B,150,2026-Q2,tea,total,trade press\n\
        B,50,2026-Q2,cups,total,ledger\n\
        C,70,2026-Q2,,total,\n\
        C,80,2026-Q2,,total,model",
    );
    assert_eq!(
        wallets(&outcome),
        [
            "A,true,80.0,200.0,200.0,false",
            "B,true,130.0,200.0,200.0,false",
            "C,true,50.0,80.0,80.0,false",
        ]
    );
    let methods =
        "select customer_id, method from wallet_periods where period = '2026-Q2' order by 1";
    assert_eq!(outcome.lines(methods), ["A,Stated", "B,", "C,model"]);
}

fn ranks(answers: &[(&str, &str, u32)]) -> Outcome {
    let mut csv = "date,instrument,score,customer_id,brand_rank,brands\n".to_owned();
    for (customer, rank, brands) in answers {
        csv += &format!("2026-05-01,csat,4,{customer},{rank},{brands}\n");
    }
    let wallet = "customer_id,amount,period";
    run(
        &workspace("[activity]\nwindow-months = 12"),
        &inputs(wallet, &csv),
    )
}

fn shares(outcome: &Outcome) -> Vec<String> {
    let sql = "select brand_rank, round(cast(share as double) * 100, 2) from wallet_ranks
               order by brands, brand_rank";
    outcome.lines(sql)
}

/// Keiningham, Aksoy, Williams, Buoye, "The Wallet Allocation Rule" (2015), appendix: 2 brands 66.67 and
/// 33.33; 3 brands 50, 33.33, 16.67; 4 brands 40, 30, 20, 10.
#[test]
fn wallet_allocation_rule_of_two_three_and_four_brands() {
    let mut answers = Vec::new();
    for brands in 2..=4 {
        for rank in ["1", "2", "3", "4"].into_iter().take(brands) {
            answers.push(("", rank, brands as u32));
        }
    }
    let outcome = ranks(&answers);
    assert_eq!(
        shares(&outcome),
        [
            "1.0,66.67",
            "2.0,33.33",
            "1.0,50.0",
            "2.0,33.33",
            "3.0,16.67",
            "1.0,40.0",
            "2.0,30.0",
            "3.0,20.0",
            "4.0,10.0"
        ]
    );
    // Nine shares of three wholes.
    let (sum, count) = outcome.parts("wallet_allocation", "2026-Q2");
    assert!((sum.unwrap() - 3.0).abs() < 1e-5, "{sum:?}");
    assert_eq!(count, Some(9.0));
}

/// Two brands in the first of three places: 1.5 each, 41.67 %, and the third keeps 16.67 %: 100 % in all.
/// With rank 1 for both it would be 116.67 %.
#[test]
fn ties_in_rank_take_the_mean() {
    let outcome = ranks(&[("", "1.5", 3), ("", "1.5", 3), ("", "3", 3)]);
    assert_eq!(shares(&outcome), ["1.5,41.67", "1.5,41.67", "3.0,16.67"]);
}

/// The latest answer of a customer counts, a rank beyond the brands does not, and one brand is all of it.
#[test]
fn one_answer_for_each_customer() {
    let outcome = ranks(&[
        ("A", "2", 2),
        ("A", "1", 2),
        ("B", "3", 2),
        ("C", "0", 2),
        ("D", "1", 1),
    ]);
    let rows = outcome.lines(
        "select customer_id, brand_rank, cast(share as double) from wallet_ranks order by customer_id",
    );
    assert_eq!(rows, ["A,1.0,0.666667", "D,1.0,1.0"]);
    let several = outcome.parts("several_brands", "2026-Q2");
    assert_eq!(several, (Some(1.0), Some(2.0)));
    // What does not count is said, each row of it, and the answers themselves count.
    let wrong = outcome.lines(
        "select customer_id, rank_problem, problem from survey_scores
         where rank_problem is not null order by customer_id",
    );
    assert_eq!(wrong, ["B,beyond-brands,", "C,beyond-brands,"]);
}
