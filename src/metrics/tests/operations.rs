//! The measures that need more than transactions, on two quarters worked out by hand.

use std::sync::LazyLock;

use super::{Outcome, run, table, workspace};

/// Active at the end of the first quarter: A, B; of the second: A, B, C.
/// Revenue 100 + 300; then 50 + 150 + 200, of which shop 250 and web 150, cups 50 and tea 350.
static OUTCOME: LazyLock<Outcome> = LazyLock::new(|| {
    let tables = [
        (
            "transactions",
            "customer_id,date,amount,channel,category\n\
            A,2026-01-10,100,shop,tea\n\
            B,2026-02-10,300,web,tea\n\
            A,2026-04-10,50,shop,cups\n\
            B,2026-05-10,150,web,tea\n\
            C,2026-06-30,200,shop,tea",
        ),
        (
            "customers",
            "customer_id,name,phone,email,acquisition_source,strategic,sole_source,tier\n\
            A,Anong,081,,walk-in,true,true,Gold\n\
            B,,,b@example.com,Referral,,false,\n\
            C,,,,,,,",
        ),
        ("referrals", "referrer_id,referred_id\nA,C"),
        (
            "wallet",
            "customer_id,amount,period,measures\n\
            A,200,2026-Q2,total\n\
            B,450,,competitors",
        ),
        (
            "channel_costs",
            "channel,period,amount\n\
            shop,2026-Q2,25\n\
            shop,2026,40\n\
            web,2026-04,30",
        ),
        (
            "surveys",
            "date,instrument,score,customer_id\n\
            2026-04-01,csat,3,A\n\
            2026-05-01,csat,5,A\n\
            2026-05-01,csat,5,B\n\
            2026-05-01,csat,4,\n\
            2026-05-01,csat,7,\n\
            2026-05-01,nps,10,A\n\
            2026-05-01,nps,9,B\n\
            2026-05-01,nps,6,C\n\
            2026-05-01,nps,8,\n\
            2026-05-02,brand_awareness,1,\n\
            2026-05-03,brand_awareness,0,\n\
            2026-05-04,brand_awareness,1,\n\
            2026-05-02,brand_preference,1,\n\
            2026-05-03,brand_preference,0,\n\
            2026-05-02,feedback,3,\n\
            2026-05-02,culture,5,",
        ),
        (
            "leads",
            "lead_id,created_on,converted_on\n\
            L1,2026-01-15,2026-02-01\n\
            L2,2026-01-20,\n\
            L3,2026-02-01,2026-06-20\n\
            L4,2026-05-01,2026-05-02",
        ),
        ("campaigns", "campaign_id,channel\nK1,mail\nK2,line"),
        (
            "campaign_contacts",
            "campaign_id,customer_id,contacted_on,delivered,responded_on,control\n\
            K1,A,2026-04-02,true,2026-04-05,\n\
            K1,B,2026-04-02,false,,\n\
            K1,C,2026-04-02,,,\n\
            K2,A,2026-05-02,true,,\n\
            K2,B,2026-05-02,true,2026-05-03,true",
        ),
        (
            "partners",
            "partner_id,rating,period,revenue\n\
            P1,3,2026-Q1,\n\
            P2,5,2026-Q1,50\n\
            P1,4,2026-Q2,100\n\
            P2,2,2026-Q2,300",
        ),
        (
            "interactions",
            "customer_id,channel,kind,opened_at,closed_at,target_hours,hours\n\
            A,web,help,2026-04-01T09:00:00,2026-04-01T10:00:00,2,\n\
            B,web,complaint,2026-04-02T09:00:00,2026-04-03T09:00:00,8,\n\
            C,line,complaint,2026-06-29T09:00:00,,4,\n\
            C,line,help,2026-06-30T20:00:00,,48,\n\
            A,shop,training,2026-04-05T09:00:00,,,3\n\
            B,shop,visit,2026-04-06T09:00:00,,,1.5",
        ),
        (
            "agreements",
            "agreement_id,customer_id,starts,ends,joint,gain_share_amount\n\
            G1,A,2026-01-01,2026-12-31,true,1000\n\
            G2,B,2026-04-01,,false,500\n\
            G3,C,2025-01-01,2026-05-31,true,",
        ),
        (
            "employees",
            "employee_id,key_staff,started_on,left_on,job\n\
            E1,true,2025-01-01,,service\n\
            E2,true,2025-01-01,2026-05-15,service\n\
            E3,false,2025-01-01,,service\n\
            E4,true,2026-04-15,,sales",
        ),
        (
            "skills",
            "employee_id,job,skill,required_level,held_level\n\
            E1,,crm,3,4\n\
            E3,,crm,3,2\n\
            ,sales,negotiation,2,",
        ),
        (
            "goals",
            "employee_id,goal,linked_kpi\nE1,more,F1\nE2,more,F1\nE3,better,",
        ),
        (
            "km_visits",
            "date,customer_id,visits\n\
            2026-01-05,,4\n\
            2026-04-03,A,2\n\
            2026-04-04,A,1\n\
            2026-04-05,B,1",
        ),
        (
            "targets",
            "kpi,period,target,class\nF3,2026,0.6,tea\nF3,2026,0.4,cups\nF1,2026,9,",
        ),
        (
            "retention_spend",
            "period,amount,segment\n2026-Q2,30,MVC\n2026-H1,20,",
        ),
    ];
    let inputs: Vec<_> = tables.iter().map(|(name, csv)| table(name, csv)).collect();
    run(&workspace("[activity]\nwindow-months = 6"), &inputs)
});

/// Checks numerator and denominator in the two quarters.
fn ratio(measure: &str, first: (f64, f64), second: (f64, f64)) {
    for (period, (numerator, denominator)) in [("2026-Q1", first), ("2026-Q2", second)] {
        let found = OUTCOME.parts(measure, period);
        assert_eq!(
            found,
            (Some(numerator), Some(denominator)),
            "{measure} of {period}"
        );
    }
}

fn value(measure: &str, first: f64, second: f64) {
    for (period, value) in [("2026-Q1", first), ("2026-Q2", second)] {
        assert_eq!(
            OUTCOME.value(measure, period),
            Some(value),
            "{measure} of {period}"
        );
    }
}

#[test]
fn share_of_wallet() {
    // A's wallet is of the second quarter alone. B's is of a year: twelve months' revenue of 300,
    // then 450, and 450 with competitors.
    ratio(
        "share_of_wallet",
        (300.0, 750.0),
        (50.0 + 450.0, 200.0 + 900.0),
    );
    ratio("wallet_odds", (300.0, 450.0), (500.0, 150.0 + 450.0));
    ratio("wallet_coverage", (300.0, 400.0), (200.0, 400.0));
}

#[test]
fn cost_of_sales_spreads_what_is_given_for_a_year() {
    // 40 for the year are 10 a quarter; April lies in the second quarter.
    ratio("cost_of_sales", (10.0, 400.0), (25.0 + 10.0 + 30.0, 400.0));
    assert_eq!(
        OUTCOME.member("cost_of_sales", "2026-Q2", "shop"),
        Some(35.0 / 250.0)
    );
    assert_eq!(
        OUTCOME.member("cost_of_sales", "2026-Q2", "web"),
        Some(30.0 / 150.0)
    );
    // No cost is given for the web in the first quarter: unknown, not free.
    assert_eq!(OUTCOME.member("cost_of_sales", "2026-Q1", "web"), None);
}

#[test]
fn surveys_count_the_latest_valid_answer() {
    // A's first answer gave way to the second; 7 is off the scale: 5, 5, 4.
    ratio("highly_satisfied", (0.0, 0.0), (2.0, 3.0));
    ratio("satisfaction_score", (0.0, 0.0), (14.0, 3.0));
    // 10 and 9 promote, 6 detracts, 8 does neither.
    ratio("net_promoter_score", (0.0, 0.0), (1.0, 4.0));
    ratio("brand_awareness", (0.0, 0.0), (2.0, 3.0));
    ratio("brand_preference", (0.0, 0.0), (1.0, 2.0));
    // (3 − 1) ÷ 4 and (5 − 1) ÷ 4.
    ratio("feedback_score", (0.0, 0.0), (1.5, 2.0));
    value("feedback_answers", 0.0, 2.0);
    assert_eq!(OUTCOME.value("highly_satisfied", "2026-Q1"), None);
}

#[test]
fn leads_convert_within_ninety_days_or_are_too_young() {
    // The 90 days of L1 to L3 end on 15 and 20 April and 2 May: L1 in time, L2 never, L3 after 139 days.
    // L4's end after June.
    ratio("lead_conversion", (0.0, 0.0), (1.0, 3.0));
    value("converted_leads", 1.0, 2.0);
}

#[test]
fn campaigns_reach_who_got_them() {
    // Reached: A twice and C; B got nothing once and was control once. A responded.
    ratio("campaign_response", (0.0, 0.0), (1.0, 2.0));
    assert_eq!(
        OUTCOME.member("campaign_response", "2026-Q2", "mail"),
        Some(0.5)
    );
    assert_eq!(
        OUTCOME.member("campaign_response", "2026-Q2", "line"),
        Some(0.0)
    );
}

#[test]
fn partners_weigh_by_revenue_where_all_give_it() {
    // 3 + 5 over two, since P1 gives no revenue; then 4 × 100 + 2 × 300 over 400.
    ratio("partner_quality", (8.0, 2.0), (1000.0, 400.0));
}

#[test]
fn service_level_counts_what_is_overdue() {
    // In time: the first. Late: the second. Overdue: the third. The fourth has until July.
    ratio("service_level", (0.0, 0.0), (1.0, 3.0));
    assert_eq!(OUTCOME.member("service_level", "2026-Q2", "web"), Some(0.5));
    assert_eq!(
        OUTCOME.member("service_level", "2026-Q2", "line"),
        Some(0.0)
    );
    value("complaints", 0.0, 2.0);
    value("hours_with_customers", 0.0, 4.5);
    ratio("hours_per_customer", (0.0, 2.0), (4.5, 3.0));
}

#[test]
fn agreements_in_force() {
    // G3 ends in May.
    value("joint_agreements", 2.0, 1.0);
    value("gain_sharing_agreements", 1.0, 2.0);
    value("gain_sharing_amount", 1000.0, 500.0);
}

#[test]
fn people() {
    // Key staff: E1 and E2; E2 left, E4 came: two at either end.
    ratio("key_staff_turnover", (0.0, 2.0), (1.0, 2.0));
    value("km_visitors", 4.0, 2.0);
    // Snapshots: of the reported period alone. E2 has left; E4 lacks what sales asks.
    assert_eq!(
        OUTCOME.parts("staff_readiness", "2026-Q2"),
        (Some(1.0), Some(3.0))
    );
    assert_eq!(
        OUTCOME.parts("goal_alignment", "2026-Q2"),
        (Some(1.0), Some(3.0))
    );
    assert!(
        OUTCOME.measures["goal_alignment"]
            .total("2026-Q1".parse().unwrap())
            .is_none()
    );
}

#[test]
fn what_the_list_of_customers_says() {
    // B was referred by its source, C by the list of referrals.
    ratio("revenue_referred", (300.0, 400.0), (350.0, 400.0));
    ratio("revenue_sole_source", (100.0, 400.0), (50.0, 400.0));
    value("strategic_accounts", 1.0, 1.0);
    value("premium_customers", 1.0, 1.0);
    assert_eq!(
        OUTCOME.parts("contactable_customers", "2026-Q2"),
        (Some(2.0), Some(3.0))
    );
    // A: name, telephone, source. B: e-mail, source. C: nothing. Of seven fields each.
    assert_eq!(
        OUTCOME.parts("data_readiness", "2026-Q2"),
        (Some(5.0), Some(21.0))
    );
}

#[test]
fn the_mix_against_its_target() {
    assert_eq!(
        OUTCOME.member("revenue_mix", "2026-Q2", "cups"),
        Some(0.125)
    );
    // All tea: 1 − ½ × (0.4 + 0.4). Then 0.875 and 0.125 against 0.6 and 0.4: 1 − ½ × 0.55.
    value("revenue_mix_attainment", 0.6, 0.725);
}

#[test]
fn categories_count_within_the_window() {
    // A bought tea in January and cups in April, both within the six months to June; B tea; C tea.
    ratio("categories_per_customer", (2.0, 2.0), (4.0, 3.0));
    // All of A's, B's and C's: 100 of 400 … the best tenth of two, and of three, is one: B.
    ratio("revenue_top_decile", (300.0, 400.0), (450.0, 800.0));
    ratio("repeat_customers", (0.0, 2.0), (2.0, 3.0));
}

#[test]
fn spending_to_keep_customers() {
    // Half of 20 each; 30 for MVC in the second.
    value("retention_spending", 10.0, 40.0);
    assert_eq!(
        OUTCOME.member("retention_spending", "2026-Q2", "MVC"),
        Some(30.0)
    );
    // Nothing to compare with a year earlier.
    assert_eq!(
        OUTCOME.parts("return_on_relationship_revenue", "2026-Q2"),
        (None, Some(40.0))
    );
}

/// A: 100 − 60 a year earlier, 180 − 100 now. B: 200 − 100 a year earlier, nothing now, and active at
/// the start still. C is new and no part of the relationship.
#[test]
fn return_on_relationship() {
    let outcome = run(
        &workspace("[activity]\nwindow-months = 12"),
        &[
            table(
                "transactions",
                "customer_id,date,amount,cost\n\
                 A,2025-02-01,100,60\n\
                 B,2025-03-01,200,100\n\
                 A,2025-11-01,50,20\n\
                 A,2026-02-01,180,100\n\
                 C,2026-03-31,10,5",
            ),
            table("retention_spend", "period,amount,segment\n2026-Q1,30,"),
            table(
                "activities",
                "customer_id,activity,quantity,date\nA,visit,2,2026-02-03\nA,visit,1,2026-03-03",
            ),
            table(
                "activity_rates",
                "activity,rate,valid_from\nvisit,15,\nvisit,20,2026-03-01",
            ),
        ],
    );
    let parts = |measure: &str| outcome.parts(measure, "2026-Q1");
    // 80 + 0 − 40 − 100.
    assert_eq!(parts("return_on_relationship"), (Some(-60.0), Some(30.0)));
    assert_eq!(
        parts("return_on_relationship_revenue"),
        (Some(-120.0), Some(30.0))
    );
    assert_eq!(parts("net_revenue_retention"), (Some(180.0), Some(300.0)));
    assert_eq!(parts("gross_revenue_retention"), (Some(100.0), Some(300.0)));
    // A costs 2 × 15 + 1 × 20 to serve: 80 − 50, and 5 from C; A and C are active.
    assert_eq!(parts("profit_per_customer"), (Some(35.0), Some(2.0)));
    assert_eq!(parts("contribution_coverage"), (Some(190.0), Some(190.0)));
    // Contribution of twelve months: A 30 + 80, C 5. B has gone.
    assert_eq!(outcome.value("actual_value", "2026-Q1"), Some(115.0));
}
