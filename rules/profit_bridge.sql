-- From the profit of customers to the profit of the ledger: one row per period and line, in the order of
-- line_no. What is taken off is negative; the first five lines come to the last.
--
-- customers: profit of all customers whose contribution is known. unidentified: contribution of sales of
--   nobody known, less their share of the cost of channels. others: sales and costs of those who are no
--   customers yet, and costs of customers whose contribution is not known. unused_capacity: cost pools
--   less what activities used of them. unallocated: costs there is no customer for. ledger: all sales
--   whose cost of goods is known less that cost, the pools, and all costs that `[profitability] charge`
--   names, straight from the input tables. It is told by another way than the lines before it, so that
--   they tie out only if no cost was lost or counted twice.
-- No rows for a period in which no cost of goods is known.
-- optional: activities, activity_rates, channel_costs, interactions, campaigns, campaign_contacts, leads, retention_spend, products, customers
with
contacts as (
    select
        c.campaign_id,
        cast(c.cost as double) as cost,
        coalesce(k.contacted_on, c.starts) as date,
        not coalesce(k.control, false) and coalesce(k.delivered, true) and k.campaign_id is not null as reached
    from settings w
    cross join campaigns c
    left join campaign_contacts k on k.campaign_id = c.campaign_id
    where w.charged_costs like '%campaigns%' and c.cost is not null
),
ledger as (
    select period, contribution as amount from period_sales
    union all
    -- Pools are spent whether they are used or not; what has a rate alone costs what it was used.
    select period, -cost as amount from activity_capacity
    union all
    select p.period, -a.cost as amount
    from periods p
    join activity_costs a on a.date between p.starts and p.ends
    where not a.is_pooled
    union all
    select n.period, -c.amount / n.quarters as amount
    from settings w
    cross join channel_costs c
    join period_names n on n.name = c.period
    where w.charged_costs like '%channels%'
    union all
    select n.period, -r.amount / n.quarters as amount
    from settings w
    cross join retention_spend r
    join period_names n on n.name = r.period
    where w.charged_costs like '%retention%'
    union all
    select p.period, -i.cost as amount
    from settings w
    cross join interactions i
    join periods p on cast(i.opened_at as date) between p.starts and p.ends
    where w.charged_costs like '%interactions%'
    union all
    select p.period, -l.cost as amount
    from settings w
    cross join leads l
    join periods p on coalesce(l.converted_on, l.created_on) between p.starts and p.ends
    where w.charged_costs like '%leads%'
    union all
    -- A campaign that reached people in two periods is theirs by how many it reached in each.
    select p.period, cast(-k.cost * k.part as decimal(38, 8)) as amount
    from (
        select
            campaign_id,
            date,
            max(cost) as cost,
            cast(count(*) as double) / max(contacts) as part
        from (
            select *, count(*) over (partition by campaign_id) as contacts
            from contacts
            where reached
        )
        group by campaign_id, date
        union all
        select c.campaign_id, c.starts as date, cast(c.cost as double) as cost, 1.0 as part
        from (select distinct campaign_id from contacts) s
        join campaigns c on c.campaign_id = s.campaign_id
        where c.campaign_id not in (select campaign_id from contacts where reached)
    ) k
    join periods p on k.date between p.starts and p.ends
),
lines as (
    select period, 1 as line_no, 'customers' as line, profit as amount from customer_totals
    union all
    select period, 2 as line_no, 'unidentified' as line, contribution as amount from period_sales where not is_identified
    union all
    select period, 2 as line_no, 'unidentified' as line, -amount as amount from direct_costs where charged_to = 'unidentified'
    union all
    select period, 3 as line_no, 'others' as line, contribution as amount from early_sales
    union all
    select period, 3 as line_no, 'others' as line, -cost_to_serve - direct_cost as amount from customer_costs where not is_customer
    union all
    select period, 3 as line_no, 'others' as line, -costs_without_profit as amount from customer_totals
    union all
    select period, 4 as line_no, 'unused_capacity' as line, used - cost as amount from activity_capacity
    union all
    select period, 5 as line_no, 'unallocated' as line, -amount as amount from direct_costs where charged_to = 'nobody'
    union all
    select period, 6 as line_no, 'ledger' as line, amount from ledger
),
known as (
    select period from period_sales group by period having count(contribution) > 0
)
select
    k.period,
    n.line_no,
    n.line,
    cast(coalesce(sum(l.amount), 0) as decimal(38, 4)) as amount
from known k
cross join (
    values (1, 'customers'), (2, 'unidentified'), (3, 'others'), (4, 'unused_capacity'), (5, 'unallocated'), (6, 'ledger')
) n(line_no, line)
left join lines l on l.period = k.period and l.line = n.line
group by k.period, n.line_no, n.line
