//! All 69,659 purchases of the CDNOW master data (Fader and Hardie), 1997-01-01 to 1998-06-30.

use super::{run, table, workspace};

/// Per quarter with a window of six months: revenue, orders (distinct customer and day), opening,
/// new, reactivated, lost opening, lost new, closing. Computed with this awk program
/// (`awk -F, -v W=6 -f it purchases.csv`), and again with sets in Python, to the same figures:
///
/// ```awk
/// function month(d) { return substr(d,1,4)*12 + substr(d,6,2) - 1 }
/// NR > 1 { m = month($2); q = int(m/3) - 1997*4; rev[q] += $3
///   if (!(($1,$2) in day)) { day[$1,$2] = 1; orders[q]++ }
///   if (!($1 in first) || m < first[$1]) first[$1] = m
///   bought[$1,m] = 1 }
/// function active(c, end,   k) { for (k = end-W+1; k <= end; k++) if ((c,k) in bought) return 1; return 0 }
/// END { for (q = 0; q < 6; q++) { e = (1997*4+q)*3+2; B=N=R=Lo=Ln=E=0
///   for (c in first) { o = active(c, e-3); x = active(c, e); n = (int(first[c]/3) == 1997*4+q)
///     B += o; N += n; E += x; Lo += (o && !x); Ln += (n && !x); R += (x && !o && !n && first[c] <= e) }
///   printf "%d-Q%d,%.2f,%d,%d,%d,%d,%d,%d,%d\n", 1997+int(q/4), q%4+1, rev[q], orders[q], B, N, R, Lo, Ln, E } }
/// ```
const EXPECTED: [&str; 6] = [
    "1997-Q1,1071805.47,31141,0,23570,0,0,0,23570",
    "1997-Q2,359153.66,9473,23570,0,0,0,0,23570",
    "1997-Q3,292395.37,7293,23570,0,0,16220,0,7350",
    "1997-Q4,300806.76,7412,7350,0,1350,2279,0,6421",
    "1998-Q1,262823.89,6608,6421,0,1235,1572,0,6084",
    "1998-Q2,213330.48,5664,6084,0,974,1684,0,5374",
];

const PURCHASES: &str = include_str!("../../../tests/data/cdnow/purchases.csv");

#[test]
fn the_quarters_of_cdnow() {
    let outcome = run(
        &workspace("[activity]\nwindow-months = 6"),
        &[table("transactions", PURCHASES)],
    );
    let statement = outcome.lines(
        "select r.period, c.revenue, c.orders, r.opening, r.new, r.reactivated, r.lost_opening,
                r.lost_new, r.closing
         from customer_reconciliation r
         join (select period, sum(revenue) as revenue, sum(orders) as orders
               from customer_periods group by period) c on c.period = r.period
         where r.segment is null
         order by r.period",
    );
    assert_eq!(statement, EXPECTED);
    for line in EXPECTED {
        let cells: Vec<&str> = line.split(',').collect();
        let n = |i: usize| cells[i].parse::<f64>().unwrap();
        assert_eq!(n(3) + n(4) + n(5) - n(6) - n(7), n(8));
        assert_eq!(outcome.value("revenue", cells[0]), Some(n(1)));
        assert_eq!(outcome.value("orders", cells[0]), Some(n(2)));
        assert_eq!(outcome.value("active_customers", cells[0]), Some(n(8)));
        let kept = n(3) - n(6);
        assert_eq!(
            outcome.parts("retained_customers", cells[0]),
            (Some(kept), Some(n(3)))
        );
    }
    // Nobody was a customer before the first quarter: a rate over nobody is no rate.
    assert_eq!(outcome.value("retained_customers", "1997-Q1"), None);
}

/// With fiscal quarters from February the customers fall into two cohorts, those of January and those of
/// February and March. Cohort, alignment, k, customers, active, active or later, revenue so far; the data
/// end with 30 April 1998. Computed with DuckDB 1.4.4 from the same file, the cells that are not over left
/// out by hand (31 January 1997 + 91 × 5 − 1 days is 30 April 1998):
///
/// ```sql
/// create table p as select customer_id, date::date as d, amount::decimal(18, 2) as a
///   from read_csv('purchases.csv', all_varchar = true) where date <= '1998-04-30';
/// create table f as select customer_id, min(d) as d0 from p group by 1;
/// create table x as select p.*, d0, (year(d0) * 12 + month(d0) - 2) // 3 as c,
///   (year(d) * 12 + month(d) - 2) // 3 - (year(d0) * 12 + month(d0) - 2) // 3 as k -- age: (d - d0) // 91
///   from p join f using (customer_id);
/// with l as (select customer_id, c, max(k) as m from x group by 1, 2)
/// select c, k, (select count(distinct customer_id) from x y where y.c = x.c), count(distinct customer_id),
///   (select count(*) from l where l.c = x.c and l.m >= x.k),
///   (select sum(a) from x y where y.c = x.c and y.k <= x.k)
/// from x group by c, k order by c, k;
/// ```
const COHORTS: [&str; 20] = [
    "1997-Q4,calendar,0,7846,7846,7846,299060.17",
    "1997-Q4,calendar,1,7846,2104,3587,451441.11",
    "1997-Q4,calendar,2,7846,1551,2858,561822.27",
    "1997-Q4,calendar,3,7846,1300,2377,651033.33",
    "1997-Q4,calendar,4,7846,1353,1941,751276.88",
    "1997-Q4,calendar,5,7846,1223,1223,835682.64",
    "1998-Q1,calendar,0,15724,15724,15724,763188.85",
    "1998-Q1,calendar,1,15724,3387,6137,991215.74",
    "1998-Q1,calendar,2,15724,2729,4960,1162101.94",
    "1998-Q1,calendar,3,15724,2680,3969,1349641.16",
    "1998-Q1,calendar,4,15724,2536,2536,1517534.03",
    "1997-Q4,age,0,7846,7846,7846,434295.60",
    "1997-Q4,age,1,7846,1532,2937,538717.39",
    "1997-Q4,age,2,7846,1359,2482,634274.85",
    "1997-Q4,age,3,7846,1364,2022,736502.03",
    "1997-Q4,age,4,7846,1242,1347,824867.53",
    "1998-Q1,age,0,15724,15724,15724,830954.15",
    "1998-Q1,age,1,15724,3157,5765,1043378.54",
    "1998-Q1,age,2,15724,2803,4682,1230770.34",
    "1998-Q1,age,3,15724,2529,3549,1398449.52",
];

#[test]
fn the_cohorts_of_cdnow() {
    let until_april: String = PURCHASES
        .lines()
        .filter(|line| {
            line.split(',')
                .nth(1)
                .is_some_and(|day| day <= "1998-04-30" || day == "date")
        })
        .flat_map(|line| [line, "\n"])
        .collect();
    let outcome = run(
        &workspace("[calendar]\nfiscal-year-start = 2\n[activity]\nwindow-months = 6"),
        &[table("transactions", &until_april)],
    );
    let cells = outcome.lines(
        "select cohort, alignment, k, customers, active, active_or_later, revenue_so_far
         from cohorts order by alignment desc, cohort, k",
    );
    assert_eq!(cells, COHORTS);
}
