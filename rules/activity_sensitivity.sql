-- What the activity window decides: customers per period as they would be counted with the window of
-- the settings, three months less and three months more. The row of the settings' own window equals
-- the reconciliation statement.
--
-- opening, retained (of them active at the end), new, lost_new, closing: as in `customer_base`;
-- lost_opening = opening − retained, reactivated = closing − retained − (new − lost_new).
-- optional: products, customers
-- one period at a time: period
with
windows as (
    select s.activity_window_months + d.months as window_months
    from settings s
    cross join (select -3 as months union all select 0 as months union all select 3 as months) d
    where s.activity_window_months + d.months > 0
),
calendar as (
    select cast(min(date_part('year', starts) * 12 + date_part('month', starts)) as bigint) as first_month
    from periods
),
-- The months of each customer's last purchase before the period and by its end, counted from 0 at the
-- first month of the first period.
last_months as (
    select
        p.period,
        p.period_no,
        q.customer_no,
        min(q.period_no) = p.period_no as is_new,
        max(q.month_no) filter (where q.period_no < p.period_no) as month_before,
        max(q.month_no) as month_no
    from periods p
    join (
        select
            q.customer_no,
            q.period_no,
            cast(date_part('year', q.last_purchase) * 12 + date_part('month', q.last_purchase) as bigint)
                - c.first_month as month_no
        from calendar c
        cross join customer_quarters q
        where q.last_purchase is not null
    ) q on q.period_no <= p.period_no
    group by p.period, p.period_no, q.customer_no
),
groups as (
    select
        period,
        is_new,
        3 * period_no - 4 - month_before as since_before,
        3 * period_no - 1 - month_no as since,
        count(*) as customers
    from last_months
    group by period, is_new, 3 * period_no - 4 - month_before, 3 * period_no - 1 - month_no
),
-- A purchase makes active while fewer months than the window lie between.
counted as (
    select
        p.period,
        w.window_months,
        coalesce(sum(g.customers) filter (where g.since_before < w.window_months), 0) as opening,
        coalesce(
            sum(g.customers) filter (
                where g.since_before < w.window_months and g.since < w.window_months
            ), 0
        ) as retained,
        coalesce(sum(g.customers) filter (where g.is_new), 0) as new,
        coalesce(sum(g.customers) filter (where g.is_new and g.since >= w.window_months), 0) as lost_new,
        coalesce(sum(g.customers) filter (where g.since < w.window_months), 0) as closing
    from periods p
    cross join windows w
    left join groups g on g.period = p.period
    group by p.period, w.window_months
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
