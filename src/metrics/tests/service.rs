//! Surveys, service levels, receivables, life-cycle stages and contact pressure, worked out by hand.

use super::{Outcome, run, table, workspace};

fn outcome(tables: &[(&str, &str)]) -> Outcome {
    let inputs: Vec<_> = tables.iter().map(|(name, csv)| table(name, csv)).collect();
    run(&workspace("[activity]\nwindow-months = 6"), &inputs)
}

const SALES: (&str, &str) = (
    "transactions",
    "customer_id,date,amount\nA,2026-01-10,100\nA,2026-04-10,100\nB,2026-06-30,100",
);

/// Anonymous answers to `nps`: so many of each score in each quarter.
fn answers(quarters: [(&str, [(u32, u32); 3]); 2]) -> String {
    let mut csv = "date,instrument,score\n".to_owned();
    for (day, scores) in quarters {
        for (score, times) in scores {
            for _ in 0..times {
                csv += &format!("{day},nps,{score}\n");
            }
        }
    }
    csv
}

fn figures(outcome: &Outcome, sql: &str) -> Vec<Vec<f64>> {
    let lines = outcome.lines(sql);
    let parse = |cell: &str| cell.parse().unwrap_or(f64::NAN);
    lines
        .iter()
        .map(|line| line.split(',').map(parse).collect())
        .collect()
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 5e-7, "{found} is not {expected}");
}

/// Of p = ½ and d = ⅙ among 200 the score is 33.3 ± 10.3 (cybaea, 2016): SE = √((½ + ⅙ − ⅑) / 200) =
/// 0.0527046. 600 answers, which split evenly, have it divided by √3.
#[test]
fn net_promoter_score_has_its_published_margin() {
    let csv = answers([
        ("2026-03-01", [(9, 300), (7, 200), (6, 100)]),
        ("2026-05-01", [(10, 330), (8, 180), (0, 90)]),
    ]);
    let outcome = outcome(&[SALES, ("surveys", &csv)]);
    let rows = figures(
        &outcome,
        "select n, value, low, high, change, change_margin from survey_results \
         where segment is null order by period",
    );
    let [first, second] = [&rows[0], &rows[1]];
    near(first[0], 600.0);
    near(first[1], 1.0 / 3.0);
    let margin = (first[3] - first[2]) / 2.0;
    near(margin * 3f64.sqrt(), 1.959_964 * 0.052_704_628);
    assert_eq!(format!("{:.1}", margin * 3f64.sqrt() * 100.0), "10.3");
    // 55 % less 15 %: 40, up by 6.7; SE = √((0.7 − 0.16) / 600) = 0.03; 0.0304290 before.
    near(second[1], 0.4);
    near(second[4], 0.4 - 1.0 / 3.0);
    near(
        second[5],
        1.959_964 * (0.03f64.powi(2) + 0.030_429_03f64.powi(2)).sqrt(),
    );
    let significant = outcome.lines(
        "select is_significant from survey_results where segment is null and period = '2026-Q2'",
    );
    assert_eq!(significant, ["false"]);
}

/// Ten customers are active and one who answered is not; five of the eleven answered. Two promoters, a
/// passive, two detractors: 0 ± 1.96 √(0.8 / 5) √(6 / 10).
#[test]
fn a_known_base_narrows_the_margin() {
    let mut sales = "customer_id,date,amount\nOLD,2025-01-10,5\n".to_owned();
    for customer in 0..10 {
        sales += &format!("C{customer},2026-06-30,10\n");
    }
    let csv = "date,instrument,score,customer_id\n2026-05-01,nps,9,C0\n2026-05-01,nps,10,C1\n\
        2026-05-01,nps,8,C2\n2026-05-01,nps,0,C3\n2026-05-01,nps,6,OLD";
    let outcome = outcome(&[("transactions", &sales), ("surveys", csv)]);
    let rows = figures(
        &outcome,
        "select answered_of, answered_inactive, value, high from survey_results where segment is null",
    );
    assert_eq!(rows[0][..3], [11.0, 1.0, 0.0]);
    near(
        rows[0][3],
        1.959_964 * (0.8f64 / 5.0).sqrt() * (6.0f64 / 10.0).sqrt(),
    );
    // Everybody is asked and answers: nothing is left to chance.
    let asked =
        outcome.lines("select is_small, is_significant from survey_results where segment is null");
    assert_eq!(asked, ["true,"]);
}

/// 8 of 10 in the two best boxes: Wilson 0.4902 to 0.9433 (Newcombe, 1998, by the same formula).
#[test]
fn satisfaction_is_the_share_of_the_two_best_boxes_with_its_mean() {
    let scores = [5, 5, 5, 5, 4, 4, 4, 4, 3, 1];
    let csv: String = std::iter::once("date,instrument,score".to_owned())
        .chain(
            scores
                .iter()
                .map(|score| format!("\n2026-05-01,csat,{score}")),
        )
        .collect();
    let outcome = outcome(&[SALES, ("surveys", &csv)]);
    let rows = figures(
        &outcome,
        "select value, low, high, mean from survey_results where segment is null",
    );
    assert_eq!((rows[0][0], rows[0][3]), (0.8, 4.0));
    assert!(
        (rows[0][1] - 0.4902).abs() < 5e-5 && (rows[0][2] - 0.9433).abs() < 5e-5,
        "{rows:?}"
    );
}

/// 1–5, 1–7 and 0–10 in one column: 4 of 5, 6 of 7 and 9 of 10 are in the two best boxes; the mean is on
/// 1–5, which most are on: 4, 5, 3, 1 + 5 × 4 ÷ 6 and 1 + 9 × 4 ÷ 10 come to 4.186667.
#[test]
fn mixed_scales_do_not_mix() {
    let csv = "date,instrument,score,scale_low,scale_high\n2026-05-01,csat,4,,\n2026-05-01,csat,5,1,5\n\
        2026-05-01,csat,3,,\n2026-05-01,csat,6,1,7\n2026-05-01,csat,9,0,10";
    let outcome = outcome(&[SALES, ("surveys", csv)]);
    let rows = figures(
        &outcome,
        "select favourable, n, mean, scale_low, scale_high from survey_results where segment is null",
    );
    assert_eq!(rows[0][..2], [4.0, 5.0]);
    near(rows[0][2], (12.0 + 1.0 + 20.0 / 6.0 + 1.0 + 3.6) / 5.0);
    assert_eq!(rows[0][3..], [1.0, 5.0]);
    near(
        outcome.value("satisfaction_score", "2026-Q2").unwrap(),
        (12.0 + 1.0 + 20.0 / 6.0 + 1.0 + 3.6) / 5.0,
    );
}

#[test]
fn invalid_answers_are_listed_and_give_way_to_the_last_valid_one() {
    let csv = "date,instrument,score,customer_id,scale_low,scale_high\n\
        2026-05-01,nps,10,A,,\n2026-05-02,nps,11,A,,\n2026-05-03,nps,4,B,1,5\n\
        2026-05-04,csat,3,B,5,5\n2026-05-05,nps,9,,,";
    let outcome = outcome(&[SALES, ("surveys", csv)]);
    assert_eq!(
        outcome.lines(
            "select source_row, problem from survey_scores where problem is not null order by 1"
        ),
        ["3,off-scale", "4,not-0-to-10", "5,no-scale"]
    );
    assert_eq!(
        outcome.parts("net_promoter_score", "2026-Q2"),
        (Some(2.0), Some(2.0))
    );
}

/// Four closed in 1, 2, 4 and 30 hours: the median is 3, nine in ten took at most 30. One is open past
/// its target, one before it, one without a target; a visit is no request.
#[test]
fn service_levels_by_hand() {
    let csv = "customer_id,channel,kind,opened_at,closed_at,target_hours\n\
        A,web,help,2026-04-01T09:00:00,2026-04-01T10:00:00,4\n\
        A,web,help,2026-04-02T09:00:00,2026-04-02T11:00:00,4\n\
        A,web,complaint,2026-03-31T20:00:00,2026-04-01T00:00:00,4\n\
        A,web,complaint,2026-04-03T00:00:00,2026-04-04T06:00:00,24\n\
        A,line,help,2026-06-28T09:00:00,,4\n\
        A,line,help,2026-06-30T23:00:00,2026-07-01T01:00:00,4\n\
        A,,help,2026-06-29T09:00:00,,\n\
        A,shop,visit,2026-05-01T09:00:00,2026-05-01T10:00:00,";
    let outcome = outcome(&[SALES, ("interactions", csv)]);
    let rows = |condition: &str| {
        outcome.lines(&format!(
            "select opened, closed, within, due, open_at_end, overdue_at_end, median_hours, p90_hours \
             from service_levels where period = '2026-Q2' and {condition}"
        ))
    };
    assert_eq!(
        rows("channel is null and kind is null"),
        ["6,4,3,5,3,1,3.0,30.0"]
    );
    assert_eq!(
        rows("channel = 'web' and kind is null"),
        ["3,4,3,4,0,0,3.0,30.0"]
    );
    assert_eq!(
        rows("channel is null and kind = 'complaint'"),
        ["1,2,1,2,0,0,17.0,30.0"]
    );
    assert_eq!(
        rows("channel = 'line' and kind = 'help'"),
        ["2,0,0,1,2,1,,"]
    );
    assert_eq!(rows("channel = '' and kind is null"), ["1,0,0,0,1,0,,"]);
    // The measure of R3 and the table say the same.
    assert_eq!(
        outcome.parts("service_level", "2026-Q2"),
        (Some(3.0), Some(5.0))
    );
    // Opened on the last evening of the first quarter, and open then.
    let before = "select opened, closed, open_at_end from service_levels \
         where period = '2026-Q1' and channel is null and kind is null";
    assert_eq!(outcome.lines(before), ["1,0,1"]);
}

/// At the end of June (day 181): 107 not due (due on the 30th counts so), 50 one day late, 40 thirty-one,
/// 30 sixty-one, 20 ninety-one days; 10 paid on 1 July is owed on 30 June. The return takes 5 off the 50.
const CREDIT: &str = "customer_id,date,transaction_id,amount,tax,due_date,paid_date,returns_transaction_id\n\
    A,2026-06-01,T1,100,7,2026-06-30,,\n\
    A,2026-05-30,T2,50,,2026-06-29,,\n\
    A,2026-06-15,T9,-5,,,,T2\n\
    B,2026-04-30,T3,40,,2026-05-30,,\n\
    B,2026-03-31,T4,30,,2026-04-30,,\n\
    B,2026-03-01,T5,20,,2026-03-31,,\n\
    C,2026-06-01,T6,10,,2026-07-15,2026-07-01,\n\
    C,2026-06-01,T7,70,,2026-07-15,2026-06-10,\n\
    C,2026-06-02,T8,999,,,,\n\
    D,2026-06-30,,1,,,,";

#[test]
fn receivables_age_from_the_day_they_are_due() {
    let outcome = outcome(&[("transactions", CREDIT)]);
    let rows = |condition: &str| {
        figures(
            &outcome,
            &format!(
                "select outstanding, not_due, days_1_30, days_31_60, days_61_90, days_over_90, overdue, \
                     credit_sales, days_sales_outstanding \
                 from receivables where period = '2026-Q2' and {condition}"
            ),
        )
    };
    let total = &rows("customer_id is null")[0];
    // Credit sales of the quarter: 107 + 50 − 5 + 40 + 10 + 70 = 272; the quarter has 91 days.
    assert_eq!(
        total[..8],
        [252.0, 117.0, 45.0, 40.0, 30.0, 20.0, 135.0, 272.0]
    );
    near(total[8], 252.0 / 272.0 * 91.0);
    assert_eq!(rows("customer_id = 'B'")[0][..2], [90.0, 0.0]);
    // Cash sales are owed by nobody.
    assert_eq!(rows("customer_id = 'D'"), Vec::<Vec<f64>>::new());
    assert_eq!(rows("customer_id = 'C'")[0][0], 10.0);
    // At the end of March T4 was not due, and T5 due that day.
    let before = "select outstanding, not_due from receivables \
         where period = '2026-Q1' and customer_id is null";
    assert_eq!(figures(&outcome, before), [[50.0, 50.0]]);
}

#[test]
fn without_days_of_payment_there_are_no_receivables() {
    let due_only = "customer_id,date,amount,due_date\nA,2026-06-01,100,2026-06-30";
    for lines in [SALES.1, due_only] {
        let outcome = outcome(&[("transactions", lines)]);
        assert_eq!(
            outcome.lines("select * from receivables"),
            Vec::<String>::new()
        );
    }
}

#[test]
fn credit_days_stand_in_for_a_due_date() {
    let lines = "customer_id,date,amount,due_date,paid_date\n\
        A,2026-04-01,100,,2026-07-31\nB,2026-04-01,100,,2026-07-31\nB,2026-06-30,1,,";
    let customers = "customer_id,credit_days\nA,60\nB,";
    let outcome = outcome(&[("transactions", lines), ("customers", customers)]);
    // A's were due on 31 May, 30 days before; B's at once, 90 days before.
    assert_eq!(
        outcome.lines(
            "select customer_id, cast(days_1_30 as int), cast(days_61_90 as int) from receivables \
             where period = '2026-Q2' and customer_id is not null order by 1"
        ),
        ["A,100,0", "B,0,100"]
    );
}

#[test]
fn life_cycle_stages_by_hand() {
    let monthly = |id: &str, months: &[&str]| -> String {
        months
            .iter()
            .map(|month| format!("{id},{month}-15,10\n"))
            .collect()
    };
    let lines = [
        "customer_id,date,amount\nNEW,2026-06-30,10\nLAPSED,2025-01-15,10\n".to_owned(),
        "BACK,2025-01-15,10\nBACK,2026-06-01,10\n".to_owned(),
        // Active a year ago, and five orders since.
        monthly(
            "LOYAL",
            &[
                "2025-05", "2025-09", "2025-12", "2026-02", "2026-04", "2026-06",
            ],
        ),
        // Active a year ago, but three orders only.
        monthly("SLOW", &["2025-05", "2025-12", "2026-03", "2026-05"]),
        // Fourteen orders in twelve months, silent since 5 April: 86 days > 3 × 365 ÷ 14 = 78.
        monthly("QUIET", &["2025-05"]),
        (0..13)
            .map(|n| format!("QUIET,2026-03-{:02},10\n", n + 1))
            .collect(),
        "QUIET,2026-04-05,10\n".to_owned(),
        // One order in the window: 102 and 91 days ago, of which half a window of 182 allows 91.
        "ONCE,2026-03-20,10\nRECENT,2026-03-31,10\n".to_owned(),
    ]
    .concat();
    let leads = "lead_id,created_on,converted_on\nL1,2026-01-01,2026-02-01\nL2,2026-01-01,2026-07-01\n\
        L3,2026-05-01,\nL4,2026-07-05,";
    let outcome = outcome(&[("transactions", &lines), ("leads", leads)]);
    assert_eq!(
        outcome.lines(
            "select customer_id, life_cycle_stage from customer_periods where period = '2026-Q2' order by 1"
        ),
        [
            "BACK,reactivated",
            "LAPSED,lapsed",
            "LOYAL,loyal",
            "NEW,new",
            "ONCE,at-risk",
            "QUIET,at-risk",
            "RECENT,developing",
            "SLOW,developing"
        ]
    );
    assert_eq!(outcome.value("life_cycle_customers", "2026-Q2"), Some(8.0));
    assert_eq!(
        outcome.member("life_cycle_customers", "2026-Q2", "prospect"),
        Some(2.0)
    );
    assert_eq!(
        outcome.member("life_cycle_customers", "2026-Q2", "at-risk"),
        Some(2.0)
    );
    // A quarter earlier, by a window of six months: ONCE and RECENT were new in March; QUIET had come back in
    // March after ten months; LOYAL was not active a year before, and SLOW had three orders: developing both;
    // BACK and LAPSED had been silent for a year; of NEW nobody knew.
    let moves = outcome.lines(
        "select from_stage, to_stage, customers from life_cycle_moves order by 1 nulls last, 2",
    );
    assert_eq!(
        moves,
        [
            "developing,developing,1",
            "developing,loyal,1",
            "lapsed,lapsed,1",
            "lapsed,reactivated,1",
            "new,at-risk,1",
            "new,developing,1",
            "reactivated,at-risk,1",
            ",new,1"
        ]
    );
}

#[test]
fn preferred_channel_is_what_was_said_else_what_is_used() {
    let lines = "customer_id,date,amount,channel\n\
        A,2026-04-01,10,web\nB,2026-04-01,10,web\nB,2026-04-02,10,shop\nB,2026-04-02,10,shop\n\
        C,2026-04-01,10,web\nC,2026-04-02,10,web\nC,2026-04-03,10,shop\nC,2025-06-30,10,shop\nC,2025-06-29,10,shop\n\
        D,2026-06-30,10,";
    let customers = "customer_id,preferred_channel\nA,LINE\nB,\nC,\nD,";
    let outcome = outcome(&[("transactions", lines), ("customers", customers)]);
    // B bought once through each, last in the shop, where two lines are one order. What C bought in the
    // shop lies more than four quarters back.
    assert_eq!(
        outcome.lines(
            "select customer_id, preferred_channel, channel_is_stated from customer_periods \
             where period = '2026-Q2' order by 1"
        ),
        ["A,LINE,true", "B,shop,false", "C,web,false", "D,,"]
    );
    let before = "select count(preferred_channel) from customer_periods where period < '2026-Q2'";
    assert_eq!(outcome.lines(before), ["0"]);
}

/// A: five contacts in April, one in May, and a complaint on the thirtieth day after the last. B: one, to
/// which B responded. C: not delivered. D: control group.
#[test]
fn contact_pressure_by_hand() {
    let contacts = "campaign_id,customer_id,contacted_on,delivered,responded_on,control\n\
        K,A,2026-04-01,true,,\nK,A,2026-04-02,true,,\nK,A,2026-04-03,,,\nK,A,2026-04-04,,,\nK,A,2026-04-30,,,\n\
        K,A,2026-05-01,,,\nK,B,2026-05-01,true,2026-05-02,\nK,C,2026-05-01,false,,\nK,D,2026-05-01,true,,true";
    let interactions = "customer_id,kind,opened_at\nA,complaint,2026-05-31T10:00:00\n\
        B,complaint,2026-06-01T10:00:00\nB,help,2026-05-02T10:00:00";
    let sales =
        "customer_id,date,amount\nA,2026-04-01,1\nB,2026-04-01,1\nC,2026-04-01,1\nD,2026-06-30,1";
    let customers = "customer_id,consent\nA,false\nB,true\nC,\nD,false";
    let outcome = outcome(&[
        ("transactions", sales),
        ("campaign_contacts", contacts),
        ("interactions", interactions),
        ("customers", customers),
    ]);
    let period = "2026-Q2";
    assert_eq!(
        outcome.parts("contacts_per_customer", period),
        (Some(7.0), Some(6.0))
    );
    assert_eq!(
        outcome.parts("over_contacted_customers", period),
        (Some(1.0), Some(2.0))
    );
    assert_eq!(
        outcome.parts("complaints_after_contact", period),
        (Some(1.0), Some(2.0))
    );
    assert_eq!(
        outcome.parts("contacted_without_consent", period),
        (Some(1.0), Some(2.0))
    );
    assert_eq!(
        outcome.lines(
            "select customer_id, campaign_contacts_quarter, campaign_contacts_month, complained_after_contact \
             from customer_periods where period = '2026-Q2' order by 1"
        ),
        ["A,6,5,true", "B,1,1,false", "C,0,0,false", "D,0,0,false"]
    );
    assert_eq!(
        outcome.lines(
            "select contacts, customers, responded, complained from contact_response order by 1"
        ),
        ["1,1,1,0", "6,1,0,1"]
    );
    // Without a list of contacts nothing is known of any.
    let outcome = self::outcome(&[("transactions", sales)]);
    assert_eq!(
        outcome.lines("select count(campaign_contacts_quarter) from customer_periods"),
        ["0"]
    );
}
