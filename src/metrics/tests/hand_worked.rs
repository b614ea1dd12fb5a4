//! A fiscal year from October, small enough to work out by hand.
//!
//! ```text
//!          2026-Q1: Oct Nov Dec 2025   2026-Q2: Jan Feb Mar 2026      2026-Q3: Apr May Jun 2026
//! A        5 Oct 100, 20 Dec 50        10 Feb 80 and 20, 5 Mar −30
//! B        15 Nov 200                                                 20 May 60
//! C                                    10 Jan 40
//! D        1 Dec −15                   15 Mar 0 (a gift)
//! E                                                                   30 Jun 10
//! nobody                               1 Feb 500
//! ```

use std::sync::LazyLock;

use super::{Outcome, register_with, run, table, whole, workspace};
use crate::workspace::RfmMethod;

const TRANSACTIONS: &str = "
    customer_id,date,amount,invoice_id,product_id,category,channel,cost
    A,2025-10-05,100,I1,P1,tea,shop,60
    A,2025-12-20,50,I2,P2,tea,web,
    B,2025-11-15,200,I3,P1,tea,shop,
    D,2025-12-01,-15,I4,P1,tea,shop,
    A,2026-02-10,80,I5,P1,tea,shop,
    A,2026-02-10,20,I6,P3,cups,shop,
    A,2026-03-05,-30,I7,P1,tea,shop,
    C,2026-01-10,40,I8,P3,cups,web,
    D,2026-03-15,0,I9,P4,,web,
    ,2026-02-01,500,I10,P1,tea,shop,
    B,2026-05-20,60,I11,P1,tea,,
    E,2026-06-30,10,I12,P2,tea,web,";

/// A window of two months, RFM over five: one quarter and two months of the one before.
const SETTINGS: &str = "
    [calendar]
    fiscal-year-start = 10
    [activity]
    window-months = 2
    [rfm]
    window-months = 5";

static OUTCOME: LazyLock<Outcome> = LazyLock::new(|| outcome(SETTINGS));

fn outcome(settings: &str) -> Outcome {
    run(&workspace(settings), &[table("transactions", TRANSACTIONS)])
}

/// Active at the end of December: A (20 Dec), B (15 Nov). Of March: A (10 Feb; the return of 5
/// March is no activity), D (15 Mar, a gift). Of June: B (20 May), E (30 Jun).
#[test]
fn the_reconciliation_statement() {
    let found = OUTCOME.lines(
        "select period, opening, new, reactivated, lost_opening, lost_new, closing
         from customer_reconciliation where segment is null order by period",
    );
    let expected = [
        "2026-Q1,0,2,0,0,0,2",
        // A and B were there; C and D came; B and C are gone: 2 + 2 − 1 − 1 = 2.
        "2026-Q2,2,2,0,1,1,2",
        // A and D were there and are gone, E came, B is back: 2 + 1 + 1 − 2 = 2.
        "2026-Q3,2,1,1,2,0,2",
    ];
    assert_eq!(found, expected);
}

#[test]
fn one_customer_after_the_other() {
    let found = OUTCOME.lines(
        "select customer_id, period, orders, revenue, frequency, monetary, recency_days, tenure_days
         from customer_periods order by customer_id, period",
    );
    let expected = [
        // 20 Dec to 31 Dec: 11 days. 5 Oct to 31 Dec: 26 + 30 + 31 = 87 days.
        "A,2026-Q1,2,150.00,2,150.00,11,87",
        // Two lines on 10 Feb are one order; 80 + 20 − 30. November to March: 20 Dec and 10 Feb,
        // 50 + 70. 10 Feb to 31 Mar: 18 + 31 = 49 days. 87 + 31 + 28 + 31 = 177.
        "A,2026-Q2,1,70.00,2,120.00,49,177",
        // February to June holds only 10 Feb. 49 + 30 + 31 + 30 = 140; 177 + 91 = 268.
        "A,2026-Q3,0,0.00,1,70.00,140,268",
        "B,2026-Q1,1,200.00,1,200.00,46,46",
        "B,2026-Q2,0,0.00,1,200.00,136,136",
        "B,2026-Q3,1,60.00,1,60.00,41,227",
        "C,2026-Q2,1,40.00,1,40.00,80,80",
        "C,2026-Q3,0,0.00,0,0.00,171,171",
        // The return of December came before the first purchase: no customer in Q1. It lies in the
        // five months to March all the same, and so in what D is worth: 0 − 15.
        "D,2026-Q2,1,0.00,1,-15.00,16,16",
        "D,2026-Q3,0,0.00,1,0.00,107,107",
        "E,2026-Q3,1,10.00,1,10.00,0,0",
    ];
    assert_eq!(found, expected);
}

#[test]
fn all_sales_are_revenue_whoever_bought() {
    let outcome = &*OUTCOME;
    // 100 + 50 + 200 − 15; 80 + 20 − 30 + 40 + 0 + 500; 60 + 10.
    let revenue = ["2026-Q1", "2026-Q2", "2026-Q3"].map(|q| outcome.value("revenue", q));
    assert_eq!(revenue, [Some(335.0), Some(610.0), Some(70.0)]);
    assert_eq!(outcome.member("revenue", "2026-Q2", "cups"), Some(60.0));
    assert_eq!(outcome.member("revenue", "2026-Q2", "web"), Some(40.0));
    // D's gift names no category; B's purchase in May names no channel.
    assert_eq!(
        outcome.lines("select value from revenue where period = '2026-Q3' and channel = ''"),
        ["60.00"]
    );
    assert_eq!(
        outcome.value("revenue_unidentified", "2026-Q2"),
        Some(500.0)
    );
    assert_eq!(
        outcome.parts("revenue_identified", "2026-Q2"),
        (Some(110.0), Some(610.0))
    );
    // New in Q2: C and D, 40 + 0.
    assert_eq!(
        outcome.value("revenue_new_customers", "2026-Q2"),
        Some(40.0)
    );
    // Cost is known for one line only: 100 − 60.
    assert_eq!(outcome.value("contribution", "2026-Q1"), Some(40.0));
    assert_eq!(outcome.value("contribution", "2026-Q2"), None);
    assert_eq!(
        outcome.parts("contribution_coverage", "2026-Q1"),
        (Some(100.0), Some(335.0))
    );
}

#[test]
fn products_are_counted_per_customer() {
    let outcome = &*OUTCOME;
    // Q2, closing: A bought P1 and P3, D bought P4; a returned product is not bought.
    assert_eq!(
        outcome.parts("products_per_customer", "2026-Q2"),
        (Some(3.0), Some(2.0))
    );
    let channels = outcome.lines(
        "select period, products, channels from customer_periods where customer_id = 'A' order by period",
    );
    assert_eq!(channels, ["2026-Q1,2,2", "2026-Q2,2,1", "2026-Q3,0,0"]);
}

/// A's two lines of 10 February are of two invoices.
#[test]
fn an_order_may_be_an_invoice() {
    let settings = SETTINGS.replace(
        "window-months = 2",
        "window-months = 2\norder = \"invoice\"",
    );
    let found = outcome(&settings).lines(
        "select orders, frequency from customer_periods where customer_id = 'A' order by period",
    );
    assert_eq!(found, ["2,2", "2,3", "0,2"]);
}

/// With a list of customers, sales to others are nobody's.
#[test]
fn a_customer_is_one_on_the_list() {
    let listed = table(
        "customers",
        "customer_id,strategic\nA,true\nB,false\nE,\nZ,true",
    );
    let outcome = run(
        &workspace(SETTINGS),
        &[table("transactions", TRANSACTIONS), listed],
    );
    assert_eq!(
        outcome.lines("select distinct customer_id from customer_periods order by 1"),
        ["A", "B", "E"]
    );
    assert_eq!(outcome.value("revenue", "2026-Q2"), Some(610.0));
    assert_eq!(
        outcome.value("revenue_unidentified", "2026-Q2"),
        Some(540.0)
    );
    // Z never bought: a strategic account is an active one.
    assert_eq!(outcome.value("strategic_accounts", "2026-Q2"), Some(1.0));
}

#[test]
fn the_window_is_derived_and_says_from_what() {
    let settings = SETTINGS.replace("window-months = 2", "");
    let outcome = outcome(&settings);
    let evidence = outcome.prepared.window.derived.unwrap();
    // A: 5 Oct → 20 Dec 76 days, → 10 Feb 52 days. B: 15 Nov → 20 May 186 days. The 90th
    // percentile of three gaps is the third: 186 ÷ 30.4375 = 6.1, so seven months.
    assert_eq!((evidence.gaps, evidence.percentile_days), (3, Some(186)));
    assert_eq!(outcome.prepared.window.months, 7);
}

/// A's row in Q2 is A's again in Q3; customers come in between without shifting the match.
#[test]
fn the_opening_segment_is_that_of_the_period_before() {
    use datafusion::arrow::array::{Array, AsArray, StringViewArray};

    let outcome = outcome(SETTINGS);
    let batch = &whole(&outcome.customers);
    let keys = |i: usize| {
        let column = |name: &str| {
            batch
                .column_by_name(name)
                .unwrap()
                .as_string_view()
                .value(i)
                .to_owned()
        };
        format!("{} {}", column("customer_id"), column("period"))
    };
    let segments: StringViewArray = (0..batch.num_rows()).map(|i| Some(keys(i))).collect();
    register_with(
        &outcome.customers,
        &outcome.engine,
        &outcome.prepared,
        &segments,
    );
    let full = outcome
        .engine
        .ad_hoc("select * from customer_periods order by period, customer_id")
        .unwrap()
        .one()
        .unwrap();
    let opening = full
        .column_by_name("opening_segment")
        .unwrap()
        .as_string_view();
    let found: Vec<String> = (0..full.num_rows())
        .filter(|i| opening.is_valid(*i))
        .map(|i| format!("{} after {}", keys(i), opening.value(i)))
        .collect();
    let expected = [
        "A 2026-Q2 after A 2026-Q1",
        "B 2026-Q2 after B 2026-Q1",
        "A 2026-Q3 after A 2026-Q2",
        "B 2026-Q3 after B 2026-Q2",
        "C 2026-Q3 after C 2026-Q2",
        "D 2026-Q3 after D 2026-Q2",
    ];
    assert_eq!(found, expected);
}

/// Five customers in 2026-Q3. Days turned round: C −171, A −140, D −107, B −41, E 0: by fifths each has
/// a score of its own. By thirds, which end at the second and the fourth, C and A score 1, D and B 3,
/// E 5. Amounts of five months: C 0, D 0, E 10, B 60, A 70, thirds end at 0 and 60. Orders: C 0, the
/// others 1, both thirds end at 1, nobody above.
#[test]
fn few_customers_are_scored_by_thirds_with_a_remark_unless_a_method_is_set() {
    const SCORES: &str = "select customer_id, recency_score, frequency_score, monetary_score
         from customer_periods where period = '2026-Q3' order by customer_id";
    let thirds = ["A,1,1,5", "B,3,1,3", "C,1,1,1", "D,3,1,1", "E,5,1,3"];
    assert_eq!(OUTCOME.lines(SCORES), thirds);
    assert_eq!(OUTCOME.customers.rfm_method, RfmMethod::Thirds);
    let remark = OUTCOME.customers.few_customers().unwrap().unwrap();
    assert_eq!(remark.code.name, "few-customers");
    assert_eq!(remark.severity, crate::diagnostics::Severity::Info);
    assert!(
        remark
            .message
            .starts_with("5 customers in 2026-Q3 are too few"),
        "{}",
        remark.message
    );

    let asked = outcome(&format!("{SETTINGS}\nmethod = \"thirds\""));
    assert_eq!(asked.lines(SCORES), thirds);
    assert!(asked.customers.few_customers().unwrap().is_none());

    let fifths = outcome(&format!("{SETTINGS}\nmethod = \"quantile\""));
    let recency: Vec<_> = fifths
        .lines(SCORES)
        .iter()
        .map(|line| line[..3].to_owned())
        .collect();
    assert_eq!(recency, ["A,2", "B,4", "C,1", "D,3", "E,5"]);
    assert!(fifths.customers.few_customers().unwrap().is_none());
}
