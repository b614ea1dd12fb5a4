-- What it cost to serve each customer: activities in the period at the rate in force on their day.
-- Null without activities and their rates; zero for a customer who caused none.
-- optional: activities, activity_rates
with
rates as (
    select
        activity,
        rate,
        valid_from,
        lead(valid_from) over (partition by activity order by valid_from nulls first) as valid_to
    from activity_rates
),
costs as (
    select a.customer_id, p.period, sum(a.quantity * r.rate) as cost
    from activities a
    join periods p on a.date between p.starts and p.ends
    join rates r
        on r.activity = a.activity
        and (r.valid_from is null or a.date >= r.valid_from)
        and (r.valid_to is null or a.date < r.valid_to)
    group by a.customer_id, p.period
)
select
    b.customer_id,
    b.period,
    cast(coalesce(c.cost, 0) as decimal(38, 4)) as cost_to_serve
from customer_base b
left join costs c on c.customer_id = b.customer_id and c.period = b.period
cross join (
    select count(*) filter (where name in ('activities', 'activity_rates')) as tables
    from supplied_tables
) s
where s.tables = 2
