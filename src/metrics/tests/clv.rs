//! Customer lifetime value through the tables it stands in.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::{Outcome, run, table, workspace};
use crate::metrics::clv::{
    self, Customer, CustomerValue, DayEarnings, DaySales, Formula, Portfolio, Settings, Span,
    Valuer,
};
use crate::workspace::Workspace;

const PURCHASES: &str = include_str!("../../../tests/data/cdnow/purchases.csv");

/// The workspace with a fact that rules read, which is what makes the tables wanted.
fn with_fact(settings: &str, sql: &str) -> Workspace {
    let mut workspace = workspace(settings);
    workspace.files = workspace.files.with("rules/facts/lifetime.sql", sql);
    workspace
}

const FACT: &str = "
    select customer_id, period, clv as lifetime_value, probability_alive
    from customer_clv
    where model = 'mbgnbd'";

/// The parameters and log-likelihoods of the reference for 1997-09-30 (lifetimes' likelihoods, whole
/// CDNOW master), the sums over its customers, and a fact that rules and measures read.
#[test]
fn the_tables_hold_the_reference_fits_and_facts_read_them() {
    let outcome = run(&with_fact("", FACT), &[table("transactions", PURCHASES)]);
    let fits = outcome.lines(
        "select model, parameter, round(value, 4) from clv_fits
         where period = '1997-Q3' and parameter in ('r', 'alpha', 'a', 'b', 'p', 'q', 'v')
         order by model, parameter",
    );
    let expected = [
        "bgnbd,a,0.7234",
        "bgnbd,alpha,4.7889",
        "bgnbd,b,2.1611",
        "bgnbd,r,0.2516",
        "gamma_gamma,p,6.2754",
        "gamma_gamma,q,3.6245",
        "gamma_gamma,v,14.9837",
        "mbgnbd,a,0.8075",
        "mbgnbd,alpha,7.3103",
        "mbgnbd,b,1.2284",
        "mbgnbd,r,0.6371",
    ];
    assert_eq!(fits, expected);
    let likelihoods = outcome.lines(
        "select model, round(value, 2) from clv_fits
         where period = '1997-Q3' and parameter = 'log_likelihood' order by model",
    );
    let expected = [
        "bgnbd,-95368.44",
        "gamma_gamma,-40763.48",
        "mbgnbd,-95336.96",
    ];
    assert_eq!(likelihoods, expected);
    // The reference for customer 00003: 2 repeat orders, 12.857 and 38.714 weeks, 20.15 on average.
    let third = outcome.lines(
        "select model, repeat_orders, round(recency_weeks, 4), round(age_weeks, 4),
                mean_repeat_value, round(probability_alive, 4), round(expected_orders_39w, 4),
                round(expected_order_value, 4)
         from customer_clv
         where customer_id = '00003' and period = '1997-Q3' and model in ('bgnbd', 'mbgnbd')
         order by model",
    );
    let expected = [
        "bgnbd,2,12.8571,38.7143,20.15,0.3642,0.6174,22.8614",
        "mbgnbd,2,12.8571,38.7143,20.15,0.3121,0.5716,22.8614",
    ];
    assert_eq!(third, expected);
    let facts = outcome.lines(
        "select count(*), count(lifetime_value), count(probability_alive) from customer_periods
         where period = '1998-Q2'",
    );
    assert_eq!(facts, ["23570,23570,23570"]);
    // Historic value is what was paid, all of it, since no cost is known.
    let historic = outcome.lines(
        "select cast(round(sum(clv) * 100) as bigint) from customer_clv
         where model = 'historic' and period = '1998-Q2'",
    );
    assert_eq!(historic, ["250031563"]);
}

#[test]
fn nothing_is_worked_out_that_nobody_reads() {
    let inputs = [table(
        "transactions",
        "customer_id,date,amount\nA,2026-03-31,1",
    )];
    let outcome = run(&workspace(""), &inputs);
    let count = |outcome: &Outcome| outcome.lines("select count(*) from customer_clv");
    assert_eq!(count(&outcome), ["0"]);
    assert!(!clv::wanted(&outcome.prepared.queries));
    assert!(clv::mentioned("select * from Customer_CLV"));
    assert!(!clv::mentioned("select * from customer_periods"));
    let outcome = run(&with_fact("", FACT), &inputs);
    assert!(clv::wanted(&outcome.prepared.queries));
    assert_eq!(count(&outcome), ["1"]);
}

/// Ten customers buy for 100 in each quarter's first month at a cost of 60; two stop after 2025-Q2.
/// With a window of three months, in the last four quarters: opening 10, 10, 8, 8; kept 10, 8, 8, 8
/// of 36. They bring 1000, 800, 800, 800 at 40 %: 1360 ÷ 34 stayed = 40 a quarter.
#[test]
fn too_few_customers_fall_back_to_the_formula_and_say_why() {
    let mut text = "customer_id,date,amount,cost\n".to_owned();
    for (quarter, day) in [
        "2025-01-15",
        "2025-04-15",
        "2025-07-15",
        "2025-10-15",
        "2026-01-15",
        "2026-03-31",
    ]
    .iter()
    .enumerate()
    {
        let buyers = if quarter < 2 { 10 } else { 8 };
        for customer in 0..buyers {
            text.push_str(&format!("K{customer},{day},100,60\n"));
        }
    }
    let text = text.replace("2026-03-31", "2026-03-30");
    let settings = "[activity]\nwindow-months = 3\n[calendar]\nperiod = \"2026-Q1\"\ndata-to = 2026-03-31\n[clv]\ndiscount-rate = 0.1\nhorizon-months = 12";
    let outcome = run(&with_fact(settings, FACT), &[table("transactions", &text)]);
    let said: Vec<&str> = outcome
        .prepared
        .warnings
        .iter()
        .map(|problem| problem.message.as_str())
        .collect();
    let few = "too few to fit it; 50 are the least";
    assert!(
        said.iter()
            .any(|said| said.contains("`bgnbd` is left out") && said.contains(few)),
        "{said:?}"
    );
    assert!(
        said.iter()
            .any(|said| said.contains("values are by formula")),
        "{said:?}"
    );
    let fits = outcome.lines(
        "select parameter, value from clv_fits
         where period = '2026-Q1' and model = 'formula' and parameter in ('retention', 'margin')
         order by parameter",
    );
    // 2025-Q2 to 2026-Q1: 10 + 10 + 8 + 8 active at the start, 10 + 8 + 8 + 8 at the end; what the
    // active brought: 40 each of 10, 8, 8, and twice 40 each of 8 = 400 + 320 + 320 + 640.
    let expected = [
        format!("margin,{}", 1680.0 / 34.0),
        format!("retention,{}", 34.0 / 36.0),
    ];
    assert_eq!(fits, expected);
    let rate = libm::pow(1.1, 0.25) - 1.0;
    let formula = Formula::new(1680.0 / 34.0, 34.0 / 36.0, rate).unwrap();
    let values = outcome.lines(
        "select round(clv, 6), count(*) from customer_clv
         where period = '2026-Q1' and model = 'formula' group by 1 order by 1",
    );
    let four = (formula.residual_truncated(4) * 1e6).round() / 1e6;
    assert_eq!(values, ["0.0,2".to_owned(), format!("{four},8")]);
    // Six orders of 40 each, seven for nobody.
    let historic = outcome.lines(
        "select clv, count(*) from customer_clv
         where period = '2026-Q1' and model = 'historic' group by 1 order by 1",
    );
    assert_eq!(historic, ["80.0,2", "240.0,8"]);
}

/// The table per segment says what the formulas say.
#[test]
fn values_per_segment_are_those_of_the_formulas() {
    let settings = "[activity]\nwindow-months = 3\n[clv]\ndiscount-rate = 0.2\nretention-uplift = 0.04\nrequired-margin = 0.25";
    let outcome = run(&workspace(settings), &[table("transactions", PURCHASES)]);
    let rows = outcome.lines(
        "select margin, retention, discount, new_customer, residual, new_customer_truncated,
                residual_truncated, retention_ceiling, acquisition_ceiling, quarters
         from segment_clv where segment is null and period = '1998-Q2'",
    );
    assert_eq!(rows.len(), 1);
    let row: Vec<f64> = rows[0]
        .split(',')
        .map(|cell| cell.parse().unwrap())
        .collect();
    assert!((row[2] - clv::rate_per_step(0.2, 4.0)).abs() < 1e-14);
    let formula = Formula::new(row[0], row[1], row[2]).unwrap();
    let expected = [
        formula.new_customer(),
        formula.residual(),
        formula.new_customer_truncated(12),
        formula.residual_truncated(12),
        formula.retention_ceiling(0.04),
        formula.acquisition_ceiling(0.25),
        4.0,
    ];
    for (found, expected) in row[3..].iter().zip(expected) {
        assert!(
            (found / expected - 1.0).abs() < 1e-12,
            "{found} is not {expected}"
        );
    }
    // Nobody could have stayed in the first quarter: that is missing, not nothing.
    let first = outcome.lines(
        "select retention, new_customer, residual, retention_ceiling, acquisition_ceiling
         from segment_clv where segment is null and period = '1997-Q1'",
    );
    assert_eq!(first, [",,,,"]);
    // Margin and retention against the reconciliation statement: opening, lost, revenue, closing.
    let checked = outcome.lines(
        "select sum(r.opening - r.lost_opening) / cast(sum(r.opening) as double),
                cast(sum(c.revenue) as double) / sum(r.closing)
         from customer_reconciliation r
         join (select period, sum(revenue) as revenue from customer_periods group by period) c
           on c.period = r.period
         where r.segment is null and r.period >= '1997-Q3'",
    );
    let checked: Vec<f64> = checked[0]
        .split(',')
        .map(|cell| cell.parse().unwrap())
        .collect();
    assert!((row[1] - checked[0]).abs() < 1e-12 && (row[0] - checked[1]).abs() < 1e-9);
}

/// Every tenth customer of CDNOW, amounts in cents, with what serving one of them cost in 1998.
fn tenth(served: &str, cost: i128) -> Portfolio {
    tenth_until(served, cost, i32::MAX)
}

/// The same without what came after a day.
fn tenth_until(served: &str, cost: i128, last: i32) -> Portfolio {
    let mut lines: BTreeMap<&str, Vec<(i32, i128)>> = BTreeMap::new();
    for line in PURCHASES.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        if cells[0].ends_with('3') && day(cells[1]) <= last {
            let cents = cells[2].replace('.', "").parse().unwrap();
            lines
                .entry(cells[0])
                .or_default()
                .push((day(cells[1]), cents));
        }
    }
    let customers = lines.into_iter().map(|(id, lines)| {
        let days = DaySales::merge(lines).into_iter().map(earnings).collect();
        let costs = if id == served {
            vec![(day("1998-02-01"), cost)]
        } else {
            Vec::new()
        };
        Customer::new(id, days).served(costs)
    });
    Portfolio {
        customers: customers.collect(),
        unit: 100.0,
    }
}

/// The values of customer 00003 by model, at the end of the data.
fn third(cost: i128) -> BTreeMap<&'static str, f64> {
    let portfolio = tenth("00003", cost);
    assert_eq!(portfolio.customers[0].id, "00003");
    let span = span(day("1998-04-01"), day("1998-06-30"));
    let values = Valuer::new(&portfolio, SETTINGS).value(span).customers;
    let of_third = values.iter().filter(|value| value.customer == 0);
    of_third.map(|value| (value.model, value.clv)).collect()
}

/// One who calls for help too often is worth less than nothing; without costs there are no such rows.
#[test]
fn costs_of_serving_make_values_negative() {
    let without = third(0);
    assert!(
        without["mbgnbd"] > 0.0 && without["bgnbd"] > 0.0,
        "{without:?}"
    );
    let costly = third(1_000_000);
    assert_eq!(costly["mbgnbd"], without["mbgnbd"]);
    assert!(costly["events"] < 0.0, "{costly:?}");
    // A cent hardly matters.
    assert!((third(1)["events"] / without["mbgnbd"] - 1.0).abs() < 1e-3);
    let none = Valuer::new(&tenth("nobody", 0), SETTINGS)
        .value(span(day("1998-04-01"), day("1998-06-30")));
    assert!(none.customers.iter().all(|value| value.model != "events"));
}

/// The first customer brought the second, who bought for 1,000 in the last year before the end and for 500
/// before the referral: a quarter of 1,000 a year is credited to the first for two years, falling off as its
/// orders do and by the chance that it is alive. Nothing is credited unless the client says so.
#[test]
fn referrals_are_credited_where_the_client_says_so() {
    let (starts, ends) = (day("1998-04-01"), day("1998-06-30"));
    let value = |credit: f64| {
        let mut portfolio = tenth("nobody", 0);
        let sold = |on: &str, cents| DaySales {
            day: day(on),
            amount: cents,
            is_order: true,
        };
        let days = [sold("1997-12-01", 50_000), sold("1998-03-01", 100_000)];
        portfolio.customers[1] = Customer::new("brought", days.map(earnings).to_vec());
        let first = portfolio.customers[0].clone();
        portfolio.customers[0] = first.brought(vec![(1, day("1998-01-01"))]);
        let settings = Settings {
            referral_credit: credit,
            ..SETTINGS
        };
        let values = Valuer::new(&portfolio, settings).value(span(starts, ends));
        let of = |model: &'static str, customer: usize| {
            let mut all = values.customers.iter();
            let found = all.find(|value| value.model == model && value.customer == customer);
            found.map(|value| value.clv)
        };
        (
            of("events", 0),
            of("mbgnbd", 0),
            of("events", 1),
            of("mbgnbd", 1),
        )
    };
    assert_eq!(value(0.0).0, None);
    let (with, without, other, other_without) = value(0.25);
    let (with, without) = (with.unwrap(), without.unwrap());
    // At most two years' credit, discounted; half the share is half the credit.
    assert!(with > without && with - without < 500.0, "{with} {without}");
    let (half, ..) = value(0.125);
    let ratio = (with - without) / (half.unwrap() - without);
    assert!((ratio - 2.0).abs() < 1e-9, "{ratio}");
    // Who brought nobody is credited with nothing.
    assert!((other.unwrap() / other_without.unwrap() - 1.0).abs() < 1e-9);
}

/// 100 − 60 twice, less 12 for winning A, 5 and 7 for serving it; what is to come of it counts later. B was
/// brought by A: nothing of that is historic.
#[test]
fn historic_value_is_after_winning_and_serving() {
    let inputs = [
        table(
            "transactions",
            "customer_id,date,amount,cost\nA,2025-12-10,100,60\nA,2026-01-10,100,60\nB,2026-03-31,50,20",
        ),
        table(
            "leads",
            "lead_id,created_on,converted_on,customer_id,cost\nL1,2025-11-01,2025-12-10,A,12\nL2,2025-11-01,,,8",
        ),
        table(
            "interactions",
            "customer_id,opened_at,kind,cost\nA,2025-12-11T10:00:00,help,5\nA,2026-02-01T10:00:00,help,7",
        ),
        table(
            "referrals",
            "referrer_id,referred_id,date\nA,B,2026-01-01\nA,A,2026-01-01\nA,Z,",
        ),
    ];
    let fact =
        "select customer_id, period, clv as historic from customer_clv where model = 'historic'";
    let outcome = run(&with_fact("[clv]\nreferral-credit = 0.5", fact), &inputs);
    assert_eq!(
        outcome.lines(
            "select customer_id, period, historic from customer_periods order by period, customer_id"
        ),
        ["A,2025-Q4,23.0", "A,2026-Q1,56.0", "B,2026-Q1,30.0"]
    );
}

/// The same on trade for which the models are known to hold: they were fitted, and to the same bits.
#[test]
fn nothing_later_leaks_into_the_models() {
    let ends = ["1997-03-31", "1997-06-30", "1997-09-30"].map(day);
    let values = |last: i32| {
        let portfolio = tenth_until("nobody", 0, last);
        let mut valuer = Valuer::new(&portfolio, SETTINGS);
        ends.map(|end| valuer.value(span(end - 90, end)))
    };
    let (whole, part) = (values(i32::MAX), values(ends[2]));
    assert_eq!(whole, part);
    for period in whole {
        for model in ["bgnbd", "mbgnbd", "gamma_gamma"] {
            assert!(period.fits.iter().any(|fit| fit.0 == model), "{model}");
        }
    }
}

/// Days since 1970-01-01, which is what the default is.
fn day(text: &str) -> i32 {
    let days = (text.parse::<NaiveDate>().unwrap() - NaiveDate::default()).num_days();
    i32::try_from(days).unwrap()
}

const SETTINGS: Settings = Settings {
    annual_rate: 0.1,
    horizon_months: 24,
    margin: None,
    margin_without_costs: None,
    referral_credit: 0.0,
    window_months: 6,
};

fn earnings(sales: DaySales) -> DayEarnings {
    DayEarnings {
        sales,
        contribution: 0,
        covered: None,
    }
}

fn span(starts: i32, ends: i32) -> Span {
    Span {
        starts,
        ends,
        opening_from: starts - 182,
        closing_from: ends - 182,
    }
}

/// Days and amounts of up to 120 customers over five quarters of 91 days.
fn trade() -> impl Strategy<Value = Vec<Vec<(i32, i128)>>> {
    let line = (0i32..455, -200_000i128..1_000_000);
    proptest::collection::vec(proptest::collection::vec(line, 1..12), 3..120)
}

fn valued(trade: &[Vec<(i32, i128)>], quarters: i32) -> Vec<Vec<CustomerValue>> {
    let portfolio = Portfolio {
        customers: trade
            .iter()
            .enumerate()
            .map(|(customer, lines)| {
                let days = DaySales::merge(lines.iter().copied())
                    .into_iter()
                    .map(earnings);
                Customer::new(format!("K{customer:03}"), days.collect())
            })
            .collect(),
        unit: 1e4,
    };
    let mut valuer = Valuer::new(&portfolio, SETTINGS);
    (0..quarters)
        .map(|quarter| {
            valuer
                .value(span(quarter * 91, quarter * 91 + 90))
                .customers
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// With everything after the third quarter taken away, the first three are the same to the bit.
    #[test]
    fn nothing_later_leaks_into_a_period(trade in trade()) {
        let cut: Vec<Vec<(i32, i128)>> = trade
            .iter()
            .map(|lines| lines.iter().copied().filter(|(day, _)| *day < 3 * 91).collect())
            .collect();
        let (whole, part) = (valued(&trade, 5), valued(&cut, 3));
        prop_assert_eq!(&whole[..3], &part[..]);
        for value in whole.iter().flatten() {
            prop_assert!(value.clv.is_finite(), "{:?}", value);
            if let Some(orders) = value.orders {
                prop_assert!((0.0..=1.0).contains(&orders.probability_alive));
                prop_assert!(orders.in_39_weeks >= 0.0 && orders.in_39_weeks <= orders.in_52_weeks);
            }
        }
    }

    /// The order of lines changes nothing.
    #[test]
    fn shuffled_lines_change_nothing(trade in trade()) {
        let turned: Vec<Vec<(i32, i128)>> = trade
            .iter()
            .map(|lines| lines.iter().rev().copied().collect())
            .collect();
        prop_assert_eq!(valued(&trade, 2), valued(&turned, 2));
    }
}
