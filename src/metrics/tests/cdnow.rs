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
