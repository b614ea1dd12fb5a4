-- What each customer cost in each period: a row for every customer and period with a cost.
--
-- cost_to_serve: activities. direct_cost: what `direct_costs` charges. is_customer: bought by the end of
--   the period; what was spent on somebody before is in the bridge to the ledger, not in the customer's
--   profit.
-- optional: activities, activity_rates, channel_costs, interactions, campaigns, campaign_contacts, leads, retention_spend, products, customers
with costs as (
    select p.period, a.customer_id, a.cost as cost_to_serve, cast(0 as decimal(38, 8)) as direct_cost
    from periods p
    join activity_costs a on a.date between p.starts and p.ends
    where a.cost is not null
    union all
    select period, customer_id, cast(0 as decimal(38, 4)) as cost_to_serve, amount as direct_cost
    from direct_costs
    where charged_to = 'customer'
)
select
    p.period,
    p.period_no,
    c.customer_id,
    coalesce(b.first_purchase <= p.ends, false) as is_customer,
    sum(c.cost_to_serve) as cost_to_serve,
    sum(c.direct_cost) as direct_cost
from buyers b
right join costs c on b.customer_id = c.customer_id
join periods p on p.period = c.period
group by p.period, p.period_no, c.customer_id, b.first_purchase, p.ends
