//! Next best product, from transactions to suggestions.
//!
//! `tests/data/next_best/completejourney.csv` are the lines of the last quarter of 2017 in the sixteen
//! product categories (as products) that most households bought, of the sample of transactions in the
//! R package `completejourney` (CC0). `reference_pairs.csv` was counted from it with DuckDB, by joining
//! the distinct products of each household (or basket) with themselves, and worked out in Python, the
//! bounds as roots of (p - x)² = z² x (1 - x) / n.

use super::{Outcome, run, table, workspace};
use crate::metrics::next_best::{self, Wanted};
use crate::tables::InputTable;

const LINES: &str = include_str!("../../../tests/data/next_best/completejourney.csv");
const PAIRS: &str = include_str!("../../../tests/data/next_best/reference_pairs.csv");

/// A run in which both tables were asked for.
fn asked(settings: &str, inputs: &[InputTable]) -> Outcome {
    let workspace = workspace(settings);
    let outcome = run(&workspace, inputs);
    let (timeline, settings) = (
        &outcome.prepared.timeline,
        workspace.config.next_best_product,
    );
    next_best::provide(&outcome.engine, timeline, settings, Wanted::AllLevels).unwrap();
    outcome
}

#[test]
fn pairs_of_real_baskets_are_those_of_another_program() {
    let outcome = asked("", &[table("transactions", LINES)]);
    let found = outcome.lines(
        "select level, product_a, product_b, n_ab, n_a, n_b, n, support, confidence, confidence_low, \
             lift, leverage, kulczynski, imbalance \
         from product_pairs order by level, product_a, product_b",
    );
    let expected: Vec<&str> = PAIRS.lines().skip(1).collect();
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        let (found, expected): (Vec<&str>, Vec<&str>) =
            (found.split(',').collect(), expected.split(',').collect());
        assert_eq!(found[..7], expected[..7]);
        for (found, reference) in found[7..].iter().zip(&expected[7..]) {
            let (found, reference): (f64, f64) =
                (found.parse().unwrap(), reference.parse().unwrap());
            let error = (found - reference).abs();
            assert!(error <= 1e-12, "{expected:?}: {found} is not {reference}");
        }
    }
}

/// Counted from the reference's pairs in Python: for each household the three products it lacks with
/// the highest bound ÷ base rate above 1.
#[test]
fn suggestions_are_those_of_another_program() {
    let outcome = asked("", &[table("transactions", LINES)]);
    let all = "select count(distinct customer_id), count(*) from next_best_products";
    assert_eq!(outcome.lines(all), ["1659,4949"]);
    let of = |customer: &str| {
        outcome.lines(&format!(
            "select product_id, because_product_id, n_ab, n_a from next_best_products \
             where customer_id = '{customer}' order by rank"
        ))
    };
    assert_eq!(
        of("583"),
        [
            "SOUP,CRACKERS/MISC BKD FD,74,215",
            "FRZN MEAT/MEAT DINNERS,FROZEN PIZZA,77,255",
            "COLD CEREAL,CHEESE,96,448"
        ]
    );
    assert_eq!(
        of("2"),
        [
            "VEGETABLES - SHELF STABLE,BEEF,83,284",
            "BAKED BREAD/BUNS/ROLLS,BEEF,97,284",
            "CHEESE,BEEF,98,284"
        ]
    );
    let firsts = "select product_id, count(*) from next_best_products where rank = 1 \
         group by product_id order by product_id";
    let expected = [
        "BAG SNACKS,50",
        "BAKED BREAD/BUNS/ROLLS,60",
        "BEEF,224",
        "CANDY - PACKAGED,1",
        "CANNED JUICES,48",
        "CHEESE,79",
        "COLD CEREAL,334",
        "CRACKERS/MISC BKD FD,337",
        "FLUID MILK PRODUCTS,28",
        "FROZEN PIZZA,86",
        "FRZN MEAT/MEAT DINNERS,86",
        "SOUP,164",
        "VEGETABLES - SHELF STABLE,153",
        "YOGURT,9",
    ];
    assert_eq!(outcome.lines(firsts), expected);
}

/// Ten buy tea, eight of them cups, too; ten others buy coffee. Y alone has tea and no cups.
fn tea_and_cups(more: &str) -> InputTable {
    let mut csv = "customer_id,date,product_id,amount\n".to_owned();
    for customer in 0..8 {
        csv += &format!("T{customer},2026-01-10,tea,100\nT{customer},2026-02-10,cups,50\n");
    }
    for customer in 0..10 {
        csv += &format!("C{customer},2026-01-15,coffee,80\n");
    }
    csv += "X,2026-01-10,tea,100\nY,2026-01-10,tea,100\nZ,2026-03-31,coffee,80\n";
    table("transactions", &(csv + more))
}

const OFFERED: &str = "select customer_id, product_id, because_product_id, n_ab, n_a, n_b, n from next_best_products \
     order by customer_id, rank";

/// 8 of the 10 with tea have cups, 8 of all 21: at least 0.8 with 10, 0.490, is above 8 ÷ 21 = 0.381.
#[test]
fn eight_of_ten_who_bought_tea_bought_cups() {
    let outcome = asked("", &[tea_and_cups("")]);
    assert_eq!(
        outcome.lines(OFFERED),
        ["X,cups,tea,8,10,8,21", "Y,cups,tea,8,10,8,21"]
    );
}

#[test]
fn two_customers_make_no_lift() {
    let more = "C0,2026-02-01,gold,900\nC0,2026-02-01,silver,500\nC1,2026-02-01,gold,900\n\
        C1,2026-02-02,silver,500\nC2,2026-02-02,silver,500";
    let outcome = asked("", &[tea_and_cups(more)]);
    let rare = "select count(*) from product_pairs where level = 'customer' and (product_a = 'gold' or product_b = 'gold')";
    assert_eq!(outcome.lines(rare), ["0"]);
    let outcome = asked("[next-best-product]\nmin-count = 2", &[tea_and_cups(more)]);
    assert_eq!(outcome.lines(rare), ["4"]);
}

#[test]
fn returns_are_no_purchases() {
    // X took all of its cups back: it had them, so they are not offered again, and they count for nobody.
    let more = "X,2026-02-01,cups,50\nX,2026-02-05,cups,-50\n";
    let outcome = asked("", &[tea_and_cups(more)]);
    assert_eq!(outcome.lines(OFFERED), ["Y,cups,tea,8,10,8,21"]);
    // A return without a purchase is no purchase either.
    let more = "Y,2026-02-05,cups,-50\n";
    let outcome = asked("", &[tea_and_cups(more)]);
    assert_eq!(
        outcome.lines(OFFERED),
        ["X,cups,tea,8,10,8,21", "Y,cups,tea,8,10,8,21"]
    );
}

#[test]
fn nothing_after_the_period_leaks_in() {
    let more = "X,2026-04-02,cups,50\nY,2026-06-30,coffee,10\n";
    let settings = "[calendar]\nperiod = \"2026-Q1\"";
    let before = asked(settings, &[tea_and_cups("")]).lines(OFFERED);
    assert_eq!(
        asked(settings, &[tea_and_cups(more)]).lines(OFFERED),
        before
    );
}

#[test]
fn purchases_before_the_window_are_owned_but_speak_for_nothing() {
    let more = "Y,2024-12-31,cups,50\nZ,2024-12-31,tea,100\n";
    let outcome = asked("", &[tea_and_cups(more)]);
    // Y has had cups. Z's tea is too long ago.
    assert_eq!(outcome.lines(OFFERED), ["X,cups,tea,8,10,8,21"]);
}

#[test]
fn what_is_out_of_stock_is_not_offered() {
    let stock = |left: &str| {
        table(
            "products",
            &format!("product_id,name,in_stock\ncups,Cups,{left}"),
        )
    };
    let outcome = asked("", &[tea_and_cups(""), stock("0")]);
    assert_eq!(outcome.lines(OFFERED), Vec::<String>::new());
    for left in ["", "3"] {
        let outcome = asked("", &[tea_and_cups(""), stock(left)]);
        let named = "select product from next_best_products";
        assert_eq!(outcome.lines(named), ["Cups", "Cups"], "{left}");
    }
}

/// X is of no segment, and Y of one that is written otherwise.
#[test]
fn what_is_for_some_segments_is_offered_to_them_alone() {
    let offered = |to: &str| {
        let cups = format!("product_id,name,offered_to\ncups,Cups,{to}");
        let tea = (0..8).map(|n| format!("T{n},retail\n"));
        let coffee = (0..10).map(|n| format!("C{n},retail\n"));
        let customers: String = tea.chain(coffee).collect();
        let customers = format!("customer_id,segment_hint\n{customers}X,\nY, Wholesale\nZ,retail");
        let tables = [
            tea_and_cups(""),
            table("products", &cups),
            table("customers", &customers),
        ];
        asked("", &tables).lines("select customer_id from next_best_products order by 1")
    };
    assert_eq!(offered(""), ["X", "Y"]);
    assert_eq!(offered("retail; wholesale"), ["Y"]);
    assert_eq!(offered("retail"), Vec::<String>::new());
}

/// A cup sells at 50 and costs 20. Of nine sold one comes back: (400 − 160) ÷ 8.
#[test]
fn expected_margin_is_contribution_by_purchase() {
    let lines = "customer_id,date,product_id,quantity,amount\n\
        A,2026-01-01,cups,1,50\nB,2026-01-01,cups,2,100\nB,2026-01-02,cups,1,-50\nA,2026-01-01,tea,1,10";
    let costs = table("products", "product_id,unit_cost\ncups,20");
    let lines: String = std::iter::once(lines.to_owned())
        .chain((0..6).map(|n| format!("\nC{n},2026-03-31,tea,1,10\nC{n},2026-03-31,cups,1,50")))
        .chain((0..3).map(|n| format!("\nD{n},2026-03-31,tea,1,10")))
        .chain((0..20).map(|n| format!("\nE{n},2026-03-31,milk,1,10")))
        .collect();
    let outcome = asked("", &[table("transactions", &lines), costs]);
    // Revenue of cups: 50 + 100 - 50 + 6 × 50 = 400; cost (1 + 2 - 1 + 6) × 20 = 160.
    assert_eq!(
        outcome.lines(
            "select distinct expected_margin from next_best_products where product_id = 'cups'"
        ),
        ["30.0"]
    );
}

#[test]
fn baskets_are_invoices_and_days_without() {
    let lines = "customer_id,date,invoice_id,product_id,amount\n\
        A,2026-03-01,I1,tea,1\nA,2026-03-31,I1,cups,1\n\
        A,2026-03-01,,tea,1\nA,2026-03-01,,milk,1\nA,2026-03-02,,cups,1\n\
        ,2026-03-05,7,tea,1\n,2026-03-05,7,cups,1\n\
        ,2026-03-06,7,milk,1\n\
        ,2026-03-06,,tea,1\n\
        B,2026-03-05,7,milk,1";
    let outcome = asked(
        "[next-best-product]\nmin-count = 1",
        &[table("transactions", lines)],
    );
    // A's invoice; A's two days; 7 of the 5th, 7 of the 6th, B's 7. A line of nobody without an invoice
    // is in no basket.
    assert_eq!(
        outcome.lines(
            "select product_a, product_b, n_ab, n_a, n_b, n from product_pairs \
             where level = 'basket' and product_a < product_b order by 1, 2"
        ),
        ["cups,tea,2,3,3,6", "milk,tea,1,3,3,6"]
    );
}

#[test]
fn shuffled_lines_change_nothing() {
    let (head, lines) = LINES.split_once('\n').unwrap();
    let mut turned: Vec<&str> = lines.lines().collect();
    turned.reverse();
    let turned = format!("{head}\n{}", turned.join("\n"));
    let all = "select * from next_best_products order by customer_id, rank";
    let pairs = "select * from product_pairs order by level, product_a, product_b";
    let (one, other) = (
        asked("", &[table("transactions", LINES)]),
        asked("", &[table("transactions", &turned)]),
    );
    assert_eq!(one.lines(all), other.lines(all));
    assert_eq!(one.lines(pairs), other.lines(pairs));
}

#[test]
fn nobody_pays_for_what_nobody_reads() {
    let outcome = run(&workspace(""), &[tea_and_cups("")]);
    assert_eq!(
        Wanted::by_queries(&outcome.prepared.queries),
        Wanted::Nothing
    );
    assert_eq!(outcome.lines(OFFERED), Vec::<String>::new());
    assert_eq!(
        Wanted::by_statement("select * from Next_Best_Products"),
        Wanted::Suggestions
    );
    assert_eq!(
        Wanted::by_statement("select * from product_pairs"),
        Wanted::AllLevels
    );
    assert_eq!(Wanted::by_statement("select 1"), Wanted::Nothing);
}

/// A fact that reads them makes them, and rules see it.
#[test]
fn a_fact_may_read_suggestions() {
    let mut workspace = workspace("");
    workspace.files = workspace.files.with(
        "rules/facts/offer.sql",
        "select customer_id, period, max(product_id) as offer from next_best_products \
         where rank = 1 group by customer_id, period",
    );
    let outcome = run(&workspace, &[tea_and_cups("")]);
    assert_eq!(
        outcome.lines(
            "select customer_id, offer from customer_periods where offer is not null order by 1"
        ),
        ["X,cups", "Y,cups"]
    );
}
