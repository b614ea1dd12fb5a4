-- F3 How close the revenue mix is to its target: 1 less half the sum of all differences between a
-- category's share and its target share; 1 is on mix. The targets are the rows of `targets` with kpi
-- F3 and a category as class; they are taken in proportion, whatever they add up to.
-- Null without such targets, and without revenue.
with aims as (
    select n.period, t.class as category, max(cast(t.target as decimal(20, 6))) as target
    from targets t
    join period_names n on n.name = t.period
    where t.kpi = 'F3' and t.class is not null and t.target > 0
    group by 1, 2
),
aim_totals as (
    select period, sum(target) as target from aims group by period
),
actuals as (
    select period, category, sum(revenue) as revenue from period_sales group by 1, 2
),
actual_totals as (
    select period, sum(revenue) as revenue from period_sales group by period
),
members as (
    select period, category from aims
    union
    select period, category from actuals
),
differences as (
    select
        m.period,
        abs(
            coalesce(cast(a.revenue as double) / nullif(cast(t.revenue as double), 0), 0)
            - coalesce(cast(i.target as double) / cast(s.target as double), 0)
        ) as difference
    from members m
    join aim_totals s on s.period = m.period
    join actual_totals t on t.period = m.period
    left join actuals a on a.period = m.period and a.category = m.category
    left join aims i on i.period = m.period and i.category = m.category
    where t.revenue > 0
)
-- Summed exactly, so that the order of the categories cannot show.
select p.period, 1 - sum(cast(d.difference as decimal(20, 12))) / 2 as value
from periods p
left join differences d on d.period = p.period
group by p.period
