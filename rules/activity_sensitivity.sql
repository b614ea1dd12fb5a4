-- What the activity window decides: customers per period as they would be counted with the window of
-- the settings, three months less and three months more. The row of the settings' own window equals
-- the reconciliation statement.
--
-- opening, retained (of them active at the end), new, lost_new, closing: as in `customer_base`;
-- lost_opening = opening − retained, reactivated = closing − retained − (new − lost_new).
-- optional: products, customers
with
windows as (
    select s.activity_window_months + d.months as window_months
    from settings s
    cross join (select -3 as months union all select 0 as months union all select 3 as months) d
    where s.activity_window_months + d.months > 0
),
-- A period's last month is the one numbered 3 × period_no − 1. A purchase makes active while fewer
-- months than the window lie between.
sums as (
    select
        p.period,
        w.window_months,
        sum(s.customers) filter (
            where s.period_no < p.period_no
              and coalesce(s.next_period_no, p.period_no) >= p.period_no
              and 3 * p.period_no - 4 - s.month_no < w.window_months
        ) as opening,
        sum(s.customers) filter (
            where s.period_no < p.period_no
              and 3 * p.period_no - 4 - s.month_no < w.window_months
              and (
                  coalesce(s.next_period_no, p.period_no + 1) > p.period_no
                  and 3 * p.period_no - 1 - s.month_no < w.window_months
                  or s.next_period_no = p.period_no
                  and 3 * p.period_no - 1 - s.next_month_no < w.window_months
              )
        ) as retained,
        sum(s.customers) filter (
            where s.cohort_no = p.period_no and s.period_no = p.period_no
        ) as new,
        sum(s.customers) filter (
            where s.cohort_no = p.period_no and s.period_no = p.period_no
              and 3 * p.period_no - 1 - s.month_no >= w.window_months
        ) as lost_new,
        sum(s.customers) filter (
            where coalesce(s.next_period_no, p.period_no + 1) > p.period_no
              and 3 * p.period_no - 1 - s.month_no < w.window_months
        ) as closing
    from periods p
    cross join windows w
    left join purchase_steps s on s.period_no <= p.period_no
    group by p.period, w.window_months
),
counted as (
    select
        period,
        window_months,
        coalesce(opening, 0) as opening,
        coalesce(retained, 0) as retained,
        coalesce(new, 0) as new,
        coalesce(lost_new, 0) as lost_new,
        coalesce(closing, 0) as closing
    from sums
)
select
    period,
    window_months,
    opening,
    retained,
    opening - retained as lost_opening,
    new,
    lost_new,
    closing - retained - (new - lost_new) as reactivated,
    closing
from counted
order by period, window_months
