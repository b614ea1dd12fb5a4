-- Costs that are somebody's without being an activity: one row per period, source and customer.
--
-- source: `channels`: what a channel costs, shared by what was bought through it (returns give no share).
--   `interactions`: their cost, on the day they were opened. `campaigns`: the cost, in equal parts over
--   the contacts that were reached, a control group left out, on the day of the contact. `leads`: the
--   cost, on the day they became a customer, else on the day they came. `retention`: spending to keep
--   customers that names one. An amount that stands in two tables is charged twice: `[profitability]
--   charge` names the sources to charge.
-- charged_to: `customer`; `unidentified`, the share of sales of nobody known; `nobody`, what there is no
--   customer for: a channel without sales, a campaign without contacts, a lead that became nothing,
--   spending on all.
-- optional: channel_costs, interactions, campaigns, campaign_contacts, leads, retention_spend, products, customers
with
of_channels as (
    select n.period, c.channel, sum(c.amount / n.quarters) as cost
    from settings w
    cross join channel_costs c
    join period_names n on n.name = c.period
    where w.charged_costs like '%channels%'
    group by n.period, c.channel
),
bought as (
    select k.period, k.channel, s.customer_no, sum(s.amount) as amount
    from of_channels k
    join periods p on p.period = k.period
    join sale_channels h on h.channel = k.channel
    join sales s on s.channel_no = h.channel_no and s.period_no = p.period_no
    where s.is_purchase
    group by k.period, k.channel, s.customer_no
),
sold as (
    select period, channel, sum(amount) as amount
    from bought
    group by period, channel
    having sum(amount) > 0
),
reached as (
    select
        k.campaign_id,
        k.customer_id,
        coalesce(k.contacted_on, c.starts) as date,
        cast(c.cost as double) as cost,
        count(*) over (partition by k.campaign_id) as contacts
    from settings w
    cross join campaigns c
    join campaign_contacts k on k.campaign_id = c.campaign_id
    where w.charged_costs like '%campaigns%'
      and c.cost is not null
      and not coalesce(k.control, false)
      and coalesce(k.delivered, true)
),
dated as (
    select 'interactions' as source, i.customer_id, cast(i.opened_at as date) as date, cast(i.cost as decimal(38, 8)) as amount
    from settings w
    cross join interactions i
    where w.charged_costs like '%interactions%' and i.cost is not null
    union all
    select 'campaigns' as source, customer_id, date, cast(cost / contacts as decimal(38, 8)) as amount
    from reached
    union all
    select 'campaigns' as source, cast(null as varchar) as customer_id, c.starts as date, cast(c.cost as decimal(38, 8)) as amount
    from settings w
    cross join campaigns c
    left join (select distinct campaign_id from reached) k on k.campaign_id = c.campaign_id
    where w.charged_costs like '%campaigns%' and c.cost is not null and k.campaign_id is null
    union all
    select
        'leads' as source,
        case when l.converted_on is not null then l.customer_id end as customer_id,
        coalesce(l.converted_on, l.created_on) as date,
        cast(l.cost as decimal(38, 8)) as amount
    from settings w
    cross join leads l
    where w.charged_costs like '%leads%' and l.cost is not null
),
costs as (
    select
        b.period,
        'channels' as source,
        u.customer_id,
        case when b.customer_no is null then 'unidentified' else 'customer' end as charged_to,
        cast(cast(b.amount as double) / cast(s.amount as double) * cast(k.cost as double) as decimal(38, 8)) as amount
    from of_channels k
    join sold s on s.period = k.period and s.channel = k.channel
    join bought b on b.period = k.period and b.channel = k.channel
    left join buyers u on u.customer_no = b.customer_no
    union all
    select k.period, 'channels' as source, cast(null as varchar) as customer_id, 'nobody' as charged_to, cast(k.cost as decimal(38, 8)) as amount
    from of_channels k
    left join sold s on s.period = k.period and s.channel = k.channel
    where s.channel is null
    union all
    select
        p.period,
        d.source,
        d.customer_id,
        case when d.customer_id is null then 'nobody' else 'customer' end as charged_to,
        d.amount
    from periods p
    join dated d on d.date between p.starts and p.ends
    union all
    select
        n.period,
        'retention' as source,
        r.customer_id,
        case when r.customer_id is null then 'nobody' else 'customer' end as charged_to,
        cast(r.amount / n.quarters as decimal(38, 8)) as amount
    from settings w
    cross join retention_spend r
    join period_names n on n.name = r.period
    where w.charged_costs like '%retention%'
)
select period, source, customer_id, charged_to, sum(amount) as amount
from costs
group by period, source, customer_id, charged_to
