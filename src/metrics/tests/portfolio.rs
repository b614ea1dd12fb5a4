//! The statement, the activity window and the cohorts on random purchases, against definitions written
//! out naively.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use datafusion::arrow::array::StringViewArray;
use proptest::prelude::*;

use super::oracle::{Line, csv, trade};
use super::{Outcome, facts, register_with, run, table, text_at, whole, workspace};
use crate::calendar::{FiscalCalendar, Quarter, YearLabel};
use crate::engine::{Engine, measures};

const STATEMENT: &str = "select period, coalesce(segment, 'all'), opening, new, reactivated, lost_opening, \
     lost_new, transferred_in, transferred_out, closing from customer_reconciliation order by 1, 2";

fn settings(start: u32, w: u32, period: Quarter) -> String {
    format!(
        "[calendar]\nfiscal-year-start = {start}\nperiod = \"{period}\"\n[activity]\nwindow-months = {w}"
    )
}

/// What the engine says, customers put into classes by a rule that moves them about.
fn classed(settings: &str, lines: &[Line]) -> Engine {
    let (engine, prepared, customers) =
        facts(&workspace(settings), &[table("transactions", &csv(lines))]);
    let batch = whole(&customers);
    let segments: StringViewArray = (0..batch.num_rows())
        .map(|row| {
            let id = text_at(&batch, "customer_id", row);
            let period = text_at(&batch, "period", row);
            let seed: usize = id.bytes().chain(period.bytes()).map(usize::from).sum();
            ["MVC", "Steady", "BZ"].get(seed % 4).copied()
        })
        .collect();
    register_with(&customers, &engine, &prepared, &segments);
    let (_, problems) = measures(&engine, &prepared.queries, &prepared.supplied);
    assert!(problems.is_empty());
    engine
}

fn lines_of(engine: &Engine, sql: &str) -> Vec<String> {
    let mut out = Vec::new();
    let rows = engine.ad_hoc(sql).unwrap();
    crate::engine::write_rows(&rows, crate::engine::Format::Csv, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    text.lines().skip(1).map(str::to_owned).collect()
}

/// Every cell of the cohorts by both alignments: who bought in it, who in it or later, and revenue so far
/// in cents.
fn expected_cohorts(
    lines: &[Line],
    fiscal: FiscalCalendar,
    periods: &[Quarter],
    data_to: NaiveDate,
) -> BTreeSet<String> {
    let mut first: BTreeMap<u8, NaiveDate> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.cents >= 0) {
        let day = first.entry(line.customer).or_insert(line.day);
        *day = line.day.min(*day);
    }
    let mut cells = BTreeSet::new();
    for (at, cohort) in periods.iter().enumerate() {
        let members: Vec<u8> = first
            .iter()
            .filter(|(_, day)| fiscal.quarter_of(**day) == *cohort)
            .map(|(customer, _)| *customer)
            .collect();
        if members.is_empty() {
            continue;
        }
        let place = |alignment: &str, line: &Line| -> i64 {
            let days = (line.day - first[&line.customer]).num_days();
            match alignment {
                "age" => days.max(0) / 91,
                _ => {
                    let quarter = fiscal.quarter_of(line.day);
                    let at_line = periods.iter().position(|p| *p == quarter).unwrap();
                    (at_line as i64 - at as i64).max(0)
                }
            }
        };
        for alignment in ["age", "calendar"] {
            for k in 0..periods.len() as i64 {
                let over = match alignment {
                    "age" => fiscal.ends(*cohort) + Days::new(91 * (k as u64 + 1) - 1),
                    _ => match periods.get(at + k as usize) {
                        Some(period) => fiscal.ends(*period),
                        None => continue,
                    },
                };
                if over > data_to {
                    continue;
                }
                let of_cohort = || lines.iter().filter(|line| members.contains(&line.customer));
                let buyers = |holds: &dyn Fn(i64) -> bool| {
                    of_cohort()
                        .filter(|line| line.cents >= 0 && holds(place(alignment, line)))
                        .map(|line| line.customer)
                        .collect::<BTreeSet<u8>>()
                        .len()
                };
                let cents: i64 = of_cohort()
                    .filter(|line| place(alignment, line) <= k)
                    .map(|line| line.cents)
                    .sum();
                cells.insert(format!(
                    "{cohort},{alignment},{k},{},{},{},{cents}",
                    members.len(),
                    buyers(&|at| at == k),
                    buyers(&|at| at >= k),
                ));
            }
        }
    }
    cells
}

const COHORTS: &str = "select cohort, alignment, k, customers, active, active_or_later, \
     cast(revenue_so_far * 100 as bigint) from cohorts";

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    /// In total and in every class the statement comes to its closing; what leaves a class comes into
    /// another; classes add up to the total; every opening is the closing before; the classes of a
    /// period share out its customers.
    #[test]
    fn the_statement_balances(lines in trade(), start in 1u32..=12, w in 1u32..=14) {
        let fiscal = FiscalCalendar::new(start, YearLabel::End).unwrap();
        let last = fiscal.quarter_of(lines.iter().map(|l| l.day).max().unwrap());
        let engine = classed(&settings(start, w, last), &lines);
        let none: Vec<String> = Vec::new();
        prop_assert_eq!(&lines_of(&engine, "select * from customer_reconciliation
            where opening + new + reactivated - lost_opening - lost_new + transferred_in - transferred_out
                <> closing"), &none);
        prop_assert_eq!(&lines_of(&engine, "select t.period from customer_reconciliation t
            join (select period, sum(opening) as o, sum(closing) as c, sum(new) as n, sum(reactivated) as r,
                    sum(lost_opening) as a, sum(lost_new) as b, sum(transferred_in) as i,
                    sum(transferred_out) as u
                  from customer_reconciliation where segment is not null group by period) s
              on s.period = t.period
            where t.segment is null and (t.opening <> s.o or t.closing <> s.c or t.new <> s.n
              or t.reactivated <> s.r or t.lost_opening <> s.a or t.lost_new <> s.b or s.i <> s.u)"), &none);
        prop_assert_eq!(&lines_of(&engine, "select a.period, a.segment from customer_reconciliation a
            join periods p on p.period = a.period
            join periods q on q.period_no = p.period_no - 1
            left join customer_reconciliation b
              on b.period = q.period and coalesce(b.segment, 'all') = coalesce(a.segment, 'all')
            where a.opening <> coalesce(b.closing, 0)"), &none);
        prop_assert_eq!(&lines_of(&engine, "select c.period from customer_reconciliation c
            join (select period, count(*) filter (where is_closing) as n from customer_periods group by period) n
              on n.period = c.period
            where c.segment is null and c.closing <> n.n"), &none);
    }

    /// What steps from purchase to purchase say of a window is what the statement of a run with that
    /// window says.
    #[test]
    fn another_window_is_another_statement(lines in trade(), start in 1u32..=12, w in 4u32..=12) {
        let fiscal = FiscalCalendar::new(start, YearLabel::End).unwrap();
        let last = fiscal.quarter_of(lines.iter().map(|l| l.day).max().unwrap());
        let outcome = |w: u32| run(
            &workspace(&settings(start, w, last)),
            &[table("transactions", &csv(&lines))],
        );
        let own = outcome(w);
        for other in [w - 3, w, w + 3] {
            let shown = own.lines(&format!(
                "select period, opening, new, reactivated, lost_opening, lost_new, closing
                 from activity_sensitivity where window_months = {other} order by period"
            ));
            let counted = outcome(other).lines(
                "select period, opening, new, reactivated, lost_opening, lost_new, closing
                 from customer_reconciliation where segment is null order by period",
            );
            prop_assert_eq!(shown, counted, "{} months", other);
        }
    }

    /// The order of rows changes nothing; a later purchase no statement of a period before it, and of
    /// the cohorts nothing but who came back later.
    #[test]
    fn what_comes_later_changes_nothing_before(
        lines in trade(), start in 1u32..=12, w in 1u32..=14, later in 0u64..200,
    ) {
        let fiscal = FiscalCalendar::new(start, YearLabel::End).unwrap();
        let last = fiscal.quarter_of(lines.iter().map(|l| l.day).max().unwrap());
        let before = classed(&settings(start, w, last), &lines);
        let shuffled: Vec<Line> = lines.iter().rev().cloned().collect();
        let again = classed(&settings(start, w, last), &shuffled);
        for sql in [STATEMENT, "select * from cohorts order by cohort, alignment, k"] {
            prop_assert_eq!(lines_of(&before, sql), lines_of(&again, sql));
        }
        let mut more = lines;
        let day = fiscal.starts(last.plus(1)) + Days::new(later);
        more.push(Line { customer: 1, day, cents: 500 });
        let after = classed(&settings(start, w, fiscal.quarter_of(day)), &more);
        let known = |row: &String| row.split(',').next().unwrap().parse::<Quarter>().unwrap() <= last;
        let then: Vec<String> = lines_of(&after, STATEMENT).into_iter().filter(known).collect();
        prop_assert_eq!(lines_of(&before, STATEMENT), then);
        const CELLS: &str = "select period, cohort, k, customers, active, revenue_so_far from cohorts
             where alignment = 'calendar' order by cohort, k";
        let then: BTreeSet<String> = lines_of(&after, CELLS).into_iter().filter(known).collect();
        for cell in lines_of(&before, CELLS) {
            prop_assert!(then.contains(&cell), "{}", cell);
        }
    }

    #[test]
    fn cohorts_are_what_the_method_says(lines in trade(), start in 1u32..=12) {
        let fiscal = FiscalCalendar::new(start, YearLabel::End).unwrap();
        let day = |pick: fn(&mut dyn Iterator<Item = NaiveDate>) -> Option<NaiveDate>| {
            pick(&mut lines.iter().map(|l| l.day)).unwrap()
        };
        let (first, end) = (day(|days| days.min()), day(|days| days.max()));
        let last = fiscal.quarter_of(end);
        let periods: Vec<Quarter> = fiscal.quarter_of(first).through(last).collect();
        let outcome = run(
            &workspace(&settings(start, 6, last)),
            &[table("transactions", &csv(&lines))],
        );
        let found: BTreeSet<String> = outcome.lines(COHORTS).into_iter().collect();
        prop_assert_eq!(found, expected_cohorts(&lines, fiscal, &periods, end));
    }
}

/// One purchase a day from each of these customers: `10 × A 2026-01-10`.
fn purchases(groups: &[(usize, &str, &[&str])]) -> String {
    let mut csv = "customer_id,date,amount\n".to_owned();
    for (count, name, days) in groups {
        for number in 0..*count {
            for day in *days {
                csv.push_str(&format!("{name}{number:03},{day},1\n"));
            }
        }
    }
    csv
}

fn of(settings: &str, csv: &str) -> Outcome {
    run(&workspace(settings), &[table("transactions", csv)])
}

/// The worked example of the seminar in hundreds: 100 customers at the start, 30 new, 15 of the old and 5
/// of the new lost, 110 at the end. One statement, three rates: 85 ÷ 100, (110 − 30) ÷ 100,
/// 110 ÷ 130 = 84.615 %.
#[test]
fn retention_denominator() {
    let csv = purchases(&[
        (85, "stayed", &["2026-03-10", "2026-06-10"]),
        (15, "left", &["2026-03-10"]),
        (25, "came", &["2026-06-30"]),
        // With a window of two months a purchase of April is over by the end of June.
        (5, "passed", &["2026-04-05"]),
    ]);
    let outcome = of("[activity]\nwindow-months = 2", &csv);
    let statement =
        "select opening, new, zero_loss_base, reactivated, lost_opening, lost_new, closing
         from customer_reconciliation where segment is null and period = '2026-Q2'";
    assert_eq!(outcome.lines(statement), ["100,30,130,0,15,5,110"]);
    let rate = |measure: &str| outcome.value(measure, "2026-Q2").unwrap();
    assert_eq!(rate("retained_customers"), 0.85);
    assert_eq!(rate("churn_rate"), 0.15);
    assert_eq!(rate("end_less_new_retention"), 0.80);
    assert!((rate("zero_loss_retention") - 0.84615).abs() < 5e-6);
    assert_eq!(rate("acquisition_rate"), 0.30);
}

/// Who bought before the window is known all the same: back, not new.
#[test]
fn new_customer_by_window() {
    let csv = purchases(&[
        (1, "old", &["2025-01-10", "2026-02-10"]),
        (1, "new", &["2026-02-10", "2026-03-31"]),
    ]);
    let outcome = of("[activity]\nwindow-months = 6", &csv);
    assert_eq!(outcome.value("new_customers", "2026-Q1"), Some(1.0));
    assert_eq!(outcome.value("reactivated_customers", "2026-Q1"), Some(1.0));
}

/// One customer who buys in every quarter is one customer of the year, not four.
#[test]
fn distinct_not_additive() {
    let days = ["2025-02-01", "2025-05-01", "2025-08-01", "2025-12-31"];
    let outcome = of(
        "[activity]\nwindow-months = 12",
        &purchases(&[(1, "A", &days)]),
    );
    let quarters = ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"];
    let sum: f64 = quarters
        .iter()
        .filter_map(|quarter| outcome.value("active_customers", quarter))
        .sum();
    assert_eq!(sum, 4.0);
    assert_eq!(outcome.value("active_customers", "2025-Q4"), Some(1.0));
    assert_eq!(outcome.lines("select count(*) from buyers"), ["1"]);
}

/// Without its own line whoever comes back would break the statement: 1 + 0 − 0 is not 2.
#[test]
fn reactivated_breaks_identity() {
    let csv = purchases(&[
        (1, "steady", &["2025-11-10", "2026-02-10", "2026-05-10"]),
        (1, "back", &["2025-05-10", "2026-06-30"]),
    ]);
    let outcome = of("[activity]\nwindow-months = 6", &csv);
    let statement = outcome.lines(
        "select opening, new, lost_opening, lost_new, reactivated, closing
         from customer_reconciliation where segment is null and period = '2026-Q2'",
    );
    assert_eq!(statement, ["1,0,0,0,1,2"]);
}

/// The quarter before was published with three customers. Since then `C-old` turned out to be C, and a late
/// invoice made D active in it: 3 − 1 + 1 = 3 at the opening. Nobody was lost.
#[test]
fn merge_counted_as_lost() {
    use crate::identity::{Because, Identities, Merged};
    use crate::metrics::{CustomerPeriods, PublishedClosing, prepare};

    let workspace = workspace("[activity]\nwindow-months = 6");
    let csv = "customer_id,date,amount\nA,2026-02-01,1\nC,2026-02-02,1\nD,2026-03-31,1\nA,2026-06-30,1\n\
        C,2026-06-30,1\nD,2026-06-30,1";
    let inputs = [table("transactions", csv)];
    let engine = Engine::new(&crate::engine::Options::default()).unwrap();
    let (timeline, _) = crate::metrics::timeline(&workspace, &inputs).unwrap();
    let prepared = super::good(prepare(&engine, &workspace, timeline, &inputs));
    let merged = Merged {
        from: "C-old".to_owned(),
        to: "C".to_owned(),
        because: Because::IdMap,
        place: None,
        rows: 0,
    };
    let identities = Identities {
        asked: true,
        merged: vec![merged],
        ..Identities::default()
    };
    crate::identity::register(&engine, None, &identities).unwrap();
    let ids = ["A", "C", "C-old"].map(str::to_owned).to_vec();
    let published = PublishedClosing {
        period: "2026-Q1".to_owned(),
        activity_window_months: 6,
        customers: [(String::new(), ids)].into(),
    };
    published.register(&engine).unwrap();
    let customers = CustomerPeriods::compute(&engine, &prepared, &workspace.config);
    let mut customers = super::good(customers);
    super::good(customers.register(&engine, &prepared.queries, |_| Ok(Vec::new())));
    let (_, problems) = measures(&engine, &prepared.queries, &prepared.supplied);
    assert!(problems.is_empty());
    let statement = lines_of(
        &engine,
        "select period, segment, published, merged, restated, opening, lost_opening, closing
         from customer_reconciliation order by period, segment nulls first",
    );
    let expected = [
        "2026-Q1,,,0,0,0,0,3",
        "2026-Q1,,,0,0,0,0,3",
        "2026-Q2,,3,1,1,3,0,3",
        "2026-Q2,,3,1,1,3,0,3",
    ];
    assert_eq!(statement, expected);
}

/// What is not over yet has no row; what is over and empty has a zero.
#[test]
fn censored_cell_is_zero() {
    let csv = purchases(&[
        (2, "early", &["2025-07-10"]),
        (1, "late", &["2025-10-10", "2026-03-31"]),
    ]);
    let outcome = of("[activity]\nwindow-months = 6", &csv);
    let cells = outcome.lines(
        "select cohort, k, active from cohorts where alignment = 'calendar' order by cohort, k",
    );
    let expected = [
        "2025-Q3,0,2",
        "2025-Q3,1,0",
        "2025-Q3,2,0",
        "2025-Q4,0,1",
        "2025-Q4,1,1",
    ];
    assert_eq!(cells, expected);
    // By age the first cohort's last possible customer, of 30 September, is 182 days old on 30 March:
    // two whole stretches; that of 31 December is 91 days old on 31 March: one.
    let cells = outcome
        .lines("select cohort, k, active from cohorts where alignment = 'age' order by cohort, k");
    assert_eq!(cells, ["2025-Q3,0,2", "2025-Q3,1,0", "2025-Q4,0,1"]);
}

/// A quarter that is still running is not set beside whole ones.
#[test]
fn partial_quarter_vs_full() {
    let csv = purchases(&[(3, "A", &["2025-10-10", "2026-01-10", "2026-04-02"])]);
    let settings = "[activity]\nwindow-months = 6\n[calendar]\nperiod = \"2026-Q2\"";
    let cells = "select period, active from cohorts where alignment = 'calendar' order by k";
    assert_eq!(of(settings, &csv).lines(cells), ["2025-Q4,3", "2026-Q1,3"]);
    // Said to be complete, it is whole.
    let settings = format!("{settings}\ndata-to = 2026-06-30");
    assert_eq!(
        of(&settings, &csv).lines(cells),
        ["2025-Q4,3", "2026-Q1,3", "2026-Q2,3"]
    );
}

/// The data start in the middle of January 2025. With a window of six months who seems new in the third
/// quarter may have bought in the first half of January; in the fourth nobody may.
#[test]
fn the_first_cohorts_may_have_bought_before() {
    let days = ["2025-01-15", "2025-05-01", "2025-08-01", "2025-12-31"];
    let csv: String = (0..4).fold("customer_id,date,amount\n".to_owned(), |csv, at| {
        format!("{csv}K{at},{},1\n", days[at])
    });
    let marks = "select cohort, is_pre_history from cohorts where alignment = 'calendar' and k = 0
         order by cohort";
    let found = of("[activity]\nwindow-months = 6", &csv).lines(marks);
    let expected = [
        "2025-Q1,true",
        "2025-Q2,true",
        "2025-Q3,true",
        "2025-Q4,false",
    ];
    assert_eq!(found, expected);
    // From the first of January on the third quarter is six whole months in.
    let csv = csv.replace("2025-01-15", "2025-01-01");
    let found = of("[activity]\nwindow-months = 6", &csv).lines(marks);
    assert_eq!(found[2], "2025-Q3,false");
}

/// Over four quarters: of two active at the end of 2025-Q1 one is at the end of 2026-Q1, though each
/// quarter between kept what it had. Not 1 × 1 × 1 × ½ of anything.
#[test]
fn a_year_is_measured_not_raised_to_a_power() {
    let csv = purchases(&[
        (1, "stays", &["2025-03-10", "2025-09-10", "2026-03-31"]),
        (1, "leaves", &["2025-03-10", "2025-08-10"]),
    ]);
    let outcome = of("[activity]\nwindow-months = 6", &csv);
    let parts = |period| outcome.parts("annual_retention", period);
    assert_eq!(parts("2026-Q1"), (Some(1.0), Some(2.0)));
    assert_eq!(parts("2025-Q4"), (Some(0.0), Some(0.0)));
    assert_eq!(outcome.value("annual_retention", "2025-Q4"), None);
}
