//! The account of the rows: every row of every file ends as one thing, and returns find their sale.

use quarterdeck::intake::Account;
use quarterdeck::workspace::{ReturnDay, Workspace};

use super::{Project, column, said};

fn rows(account: &Account) -> [u64; 7] {
    [
        account.rows_read,
        account.rows_used,
        account.rows_set_aside,
        account.rows_duplicate,
        account.rows_unmatched,
        account.rows_out_of_period,
        account.rows_blank,
    ]
}

const CUSTOMERS: &str = "customer_id,name\nC1,Ann\nC2,Binh\n";

/// One row of each kind: used, set aside, duplicate, unmatched, after the period, blank.
#[test]
fn every_row_is_one_thing() {
    let sales = "transaction_id,customer_id,date,amount\nT1,C1,2026-03-01,1\nT2,C1,2026-03-32,1\nT1,C1,2026-03-01,1\nT3,C9,2026-03-02,1\nT4,C2,2026-04-01,1\n\n,,,\nT5,C2,2026-03-03,1\n";
    let project = Project::new("[input]\nmax-set-aside = 0.5\n")
        .file("c.csv", CUSTOMERS)
        .file("s.csv", sales);
    let (mut intake, mut problems) = project.read();
    intake.cut_off(chrono::NaiveDate::from_ymd_opt(2026, 3, 31).unwrap());
    intake.match_customers(&mut problems);
    let account = &intake.accounts[1];
    assert!(account.balances());
    // Lines 2 to 9 of the file: eight rows, two of them with nothing in them.
    assert_eq!(rows(account), [8, 2, 1, 1, 1, 1, 2]);
    let flaws: Vec<_> = account
        .flaws
        .found
        .iter()
        .map(|flaw| (flaw.row, flaw.column, flaw.fault.key(), flaw.shown.as_str()))
        .collect();
    assert_eq!(
        flaws,
        [
            (3, Some(2), "no-such-day", "2026-03-32"),
            (5, Some(1), "unknown-customer", "C9"),
        ]
    );
    assert_eq!(intake.repeats.len(), 1);
    assert_eq!(intake.repeats[0].again, (1, 4));
    assert_eq!(intake.repeats[0].first, (1, 2));
}

/// Not transactions alone: a survey of nobody known is a survey, and counted as unmatched. Where no
/// list of customers was supplied they are those who bought.
#[test]
fn strangers_are_counted_in_every_table() {
    let sales = "customer_id,date,amount\nC1,2026-03-01,1\nC3,2026-03-01,1\n";
    let surveys = "date,instrument,score,customer_id\n2026-03-01,csat,5,C1\n2026-03-02,csat,4,C2\n2026-03-02,csat,4,\n2026-03-02,csat,4,C8\n";
    let project = Project::new("").file("s.csv", sales).file("v.csv", surveys);
    let (mut intake, mut problems) = project.read();
    intake.match_customers(&mut problems);
    assert_eq!(rows(&intake.accounts[0])[1..5], [2, 0, 0, 0]);
    assert_eq!(rows(&intake.accounts[1])[1..5], [2, 0, 0, 2]);
    assert!(
        said(&problems).contains(
            &"info unmatched-rows inbox/v.csv, row 3: surveys name customers who never bought ×2"
                .to_owned()
        ),
        "{:#?}",
        said(&problems)
    );
    // Whoever never bought may still be a customer: nothing is to be put right.
    assert!(intake.accounts[1].flaws.is_empty());

    let project = project.file("c.csv", CUSTOMERS);
    let (mut intake, mut problems) = project.read();
    intake.match_customers(&mut problems);
    let of = |path: &str| intake.accounts.iter().find(|of| of.path == path).unwrap();
    assert_eq!(rows(of("inbox/s.csv"))[4], 1);
    assert_eq!(rows(of("inbox/v.csv"))[4], 1);
    let unknown: Vec<_> = intake
        .unknown_customers
        .iter()
        .map(|customer| (customer.id.as_str(), customer.rows))
        .collect();
    assert_eq!(unknown, [("C3", 1), ("C8", 1)]);
    assert_eq!(of("inbox/v.csv").flaws.len(), 1);
}

#[test]
fn returns_are_linked_by_an_id_or_by_the_number_of_their_invoice() {
    let by_id = "transaction_id,customer_id,date,amount,returns_transaction_id\nT1,C1,2026-03-01,10,\nT2,C1,2026-03-02,-10,T1\nT3,C1,2026-03-02,-5,T9\nT4,C2,2026-03-03,-1,\n";
    let (mut intake, mut problems) = Project::new("").file("s.csv", by_id).read();
    intake.link_returns(ReturnDay::Return, &mut problems);
    let returns = intake.returns.unwrap();
    assert_eq!((returns.rows, returns.linked, returns.lost), (3, 1, 1));
    assert_eq!(returns.alone(), 1);
    let told: Vec<_> = said(&problems)
        .into_iter()
        .filter(|line| line.contains("returns-without-sale"))
        .collect();
    assert_eq!(
        told,
        [
            "info returns-without-sale inbox/s.csv, row 4: returns name a sale that is not among the transactions",
            "info returns-without-sale: returns do not say which sale they belong to",
        ]
    );

    let by_invoice = "invoice_id,customer_id,date,amount\n536365,C1,2026-03-01,10\nC536365,C1,2026-03-02,-10\nC536366,C1,2026-03-02,-5\nCX,C1,2026-03-02,7\n";
    let (mut intake, mut problems) = Project::new("").file("s.csv", by_invoice).read();
    intake.link_returns(ReturnDay::Return, &mut problems);
    let returns = intake.returns.unwrap();
    assert_eq!((returns.rows, returns.linked, returns.lost), (2, 1, 1));

    let (mut intake, mut problems) = Project::new("").file("c.csv", CUSTOMERS).read();
    intake.link_returns(ReturnDay::Return, &mut problems);
    assert_eq!(intake.returns, None);
}

/// A sale of two lines is as old as its first; a sale that is dated after its return draws nothing
/// into a later period; who names no sale, or one that is not there, counts on its own day.
#[test]
fn returns_count_on_the_day_of_their_sale_where_the_client_asks() {
    let sales = "transaction_id,invoice_id,customer_id,date,amount,returns_transaction_id\n\
                 T1,7,C1,2026-02-01,10,\n\
                 T2,8,C1,2026-02-03,10,\n\
                 T3,8,C1,2026-02-02,10,\n\
                 T4,,C1,2026-05-01,-10,T1\n\
                 T5,C8,C1,2026-05-02,-10,\n\
                 T6,,C1,2026-05-03,-10,T9\n\
                 T7,,C1,2026-05-04,-10,\n\
                 T8,,C1,2026-01-05,-10,T2\n";
    let read = |counts_on| {
        let (mut intake, mut problems) = Project::new("").file("s.csv", sales).read();
        intake.link_returns(counts_on, &mut problems);
        let restated = intake.returns.unwrap().restated;
        (column(&intake, "transactions", "date"), restated)
    };
    let (own, restated) = read(ReturnDay::Return);
    assert_eq!(
        own[3..],
        [
            "2026-05-01",
            "2026-05-02",
            "2026-05-03",
            "2026-05-04",
            "2026-01-05"
        ]
    );
    assert_eq!(restated, None);
    let (of_sale, restated) = read(ReturnDay::Sale);
    assert_eq!(of_sale[..3], own[..3]);
    assert_eq!(
        of_sale[3..],
        [
            "2026-02-01",
            "2026-02-02",
            "2026-05-03",
            "2026-05-04",
            "2026-01-05"
        ]
    );
    assert_eq!(restated, Some(2));
}

#[test]
fn a_table_can_have_a_limit_of_its_own() {
    let sales = "customer_id,date,amount\nC1,2026-03-01,1\nC1,2026-03-32,1\n";
    let surveys = "date,instrument,score\n2026-03-01,csat,5\n2026-03-02,csat,many\n";
    let stopped = |settings: &str| {
        let project = Project::new(settings)
            .file("s.csv", sales)
            .file("v.csv", surveys);
        let (_, problems) = project.read();
        said(&problems)
            .into_iter()
            .filter(|line| line.starts_with("error"))
            .collect::<Vec<_>>()
    };
    let half = "of 2 rows of table";
    let both = stopped("");
    assert_eq!(both.len(), 2);
    assert!(both.iter().all(|line| line.contains(half)), "{both:?}");
    let of = "[input]\nmax-set-aside-of = { surveys = 0.5 }\n";
    let one = stopped(of);
    assert_eq!(one.len(), 1);
    assert!(one[0].contains("`transactions`"), "{one:?}");
    let none = stopped("[input]\nmax-set-aside = 0.5\n");
    assert!(none.is_empty(), "{none:?}");
    let strict = "[input]\nmax-set-aside = 1\n[input.max-set-aside-of]\ntransactions = 0\n";
    assert_eq!(stopped(strict).len(), 1);
    let unknown = "[input]\nmax-set-aside = 1\nmax-set-aside-of = { transaction = 0.5 }\n";
    let unknown = stopped(unknown);
    assert_eq!(
        unknown,
        ["error unknown-input-table quarterdeck.toml:3:22: there is no table `transaction`"]
    );
}

#[test]
fn a_limit_is_a_share() {
    let project =
        Project::new("[input]\nmax-set-aside-of = { transactions = 1.5, surveys = \"x\" }\n");
    let found = Workspace::open(project.0.path()).unwrap_err();
    let said = said(&found);
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(
        said[0].contains("bad-value") && said[1].contains("wrong-type"),
        "{said:?}"
    );
}

/// An empty cell of a row that is set aside for another has to be filled, too: the next run would come
/// back with it.
#[test]
fn all_that_is_wrong_with_a_row_is_told_at_once() {
    let sales =
        "customer_id,date,quantity,unit_price\nC1,2026-03-32,,x\nC1,,1,2\nC1,2026-03-01,2,3\n";
    let (intake, _) = Project::new("[input]\nmax-set-aside = 1\n")
        .file("s.csv", sales)
        .read();
    let flaws: Vec<_> = intake.accounts[0]
        .flaws
        .found
        .iter()
        .map(|flaw| (flaw.row, flaw.column, flaw.fault.key()))
        .collect();
    assert_eq!(
        flaws,
        [
            (2, Some(1), "no-such-day"),
            (2, Some(3), "not-a"),
            (3, Some(1), "missing"),
        ]
    );
}
