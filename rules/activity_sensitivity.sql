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
-- Whole calendar months from the last purchase to the end of the period, and to its start.
groups as (
    select
        p.period,
        b.is_new,
        cast(date_part('year', p.ends) * 12 + date_part('month', p.ends) as bigint) - 3
            - cast(date_part('year', b.purchase_before) * 12 + date_part('month', b.purchase_before) as bigint)
            as since_before,
        cast(date_part('year', p.ends) * 12 + date_part('month', p.ends) as bigint)
            - cast(date_part('year', b.last_purchase) * 12 + date_part('month', b.last_purchase) as bigint)
            as since,
        count(*) as customers
    from periods p
    join customer_base b on b.period = p.period
    group by 1, 2, 3, 4
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
