-- What serving each customer cost. cost_to_serve: activities in the period at the rate in force on their
-- day; null without activities and their rates. direct_cost: channels, interactions, campaigns, leads and
-- retention spending charged to the customer; null where no such table is there. costs_12m: both, of the
-- period and the three before it. Zero for a customer who caused none.
-- optional: activities, activity_rates, channel_costs, interactions, campaigns, campaign_contacts, leads, retention_spend, products, customers
with year as (
    select c.customer_id, p.period, sum(c.cost_to_serve + c.direct_cost) as costs
    from customer_costs c
    join periods p on p.period_no between c.period_no and c.period_no + 3
    where c.is_customer
    group by c.customer_id, p.period
)
select
    b.customer_id,
    b.period,
    case when s.activities = 2 then cast(coalesce(c.cost_to_serve, 0) as decimal(38, 4)) end as cost_to_serve,
    case when s.others > 0 then cast(coalesce(c.direct_cost, 0) as decimal(38, 6)) end as direct_cost,
    cast(coalesce(y.costs, 0) as decimal(38, 6)) as costs_12m
from customer_base b
left join customer_costs c on c.customer_id = b.customer_id and c.period = b.period
left join year y on y.customer_id = b.customer_id and y.period = b.period
cross join (
    select
        count(*) filter (where name in ('activities', 'activity_rates')) as activities,
        count(*) filter (
            where name in ('channel_costs', 'interactions', 'campaigns', 'leads', 'retention_spend')
        ) as others
    from supplied_tables
) s
where s.activities = 2 or s.others > 0
