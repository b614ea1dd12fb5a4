-- What activities could have done in each period, and what was used of it: one row per period and
-- activity that has a cost pool and a practical capacity.
--
-- cost, capacity: the quarter's share of the pool and of the capacity (`[profitability] cost-pool-months`
--   says what they are of), by days where a rate begins within it. used: what the period's activities cost
--   at their rates, whoever caused them; used_quantity: how many they were. Used may exceed the cost of
--   the pool: then the capacity given is less than what was done.
-- optional: activities, activity_rates
with
spans as (
    select
        p.period,
        r.activity,
        cast(r.cost_pool as double) * 3 / w.cost_pool_months as cost,
        cast(r.practical_capacity as double) * 3 / w.cost_pool_months as capacity,
        cast(p.ends as int) - cast(p.starts as int) + 1 as days,
        cast(least(coalesce(r.valid_to, p.ends + interval '1 day'), p.ends + interval '1 day') as date) as until,
        cast(greatest(coalesce(r.valid_from, p.starts), p.starts) as date) as since
    from settings w
    cross join activity_rate_spans r
    cross join periods p
    where r.cost_pool is not null
),
pools as (
    select
        period,
        activity,
        sum(cast(cost * (cast(until as int) - cast(since as int)) / days as decimal(38, 6))) as cost,
        sum(cast(capacity * (cast(until as int) - cast(since as int)) / days as decimal(38, 6))) as capacity
    from spans
    where until > since
    group by period, activity
),
used as (
    select p.period, a.activity, sum(a.cost) as cost, sum(a.quantity) as quantity
    from periods p
    join activity_costs a on a.date between p.starts and p.ends
    where a.is_pooled
    group by p.period, a.activity
)
select
    k.period,
    k.activity,
    k.cost,
    k.capacity,
    coalesce(u.cost, 0) as used,
    coalesce(u.quantity, 0) as used_quantity
from pools k
left join used u on u.period = k.period and u.activity = k.activity
