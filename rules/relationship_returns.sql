-- Return on relationship in its parts: one row per period and segment, one of kind `unassigned` for what
-- was spent on no segment, and one of kind `total`.
--
-- customers: active at the start of the period, in the segment they had then, whatever became of them;
--   lost: those of them who are not active at its end. revenue_then, contribution_then: of these customers
--   in the same period a year earlier; …_gain: what they brought more, those who left included. Null in the
--   first year, a contribution also where no cost of goods is known.
-- spent: on keeping customers, `[return-on-relationship] lag-quarters` before. Spending that names a customer
--   stands with the segment the customer had at the start; what names neither is left unassigned, unless
--   `[return-on-relationship] allocate` asks for it to be divided: by `revenue` of the period, or by `contacts`
--   in it, of the customers active at its start. Where there is nothing to divide it by it stays unassigned.
-- optional: products, customers, customer_contacts
with
named as (
    select
        p.period,
        s.segment,
        s.customer_id,
        s.amount / n.quarters as amount
    from settings w
    cross join retention_spend s
    join period_names n on n.name = s.period
    join periods q on q.period = n.period
    join periods p on p.period_no = q.period_no + w.return_lag_quarters
),
spent as (
    select
        n.period,
        coalesce(n.segment, case when c.is_opening then c.opening_segment end) as segment,
        sum(n.amount) as amount
    from named n
    left join customer_periods c on c.customer_id = n.customer_id and c.period = n.period
    group by 1, 2
),
weighed as (
    select
        t.period,
        t.opening_segment as segment,
        cast(t.opening_revenue_then + t.opening_revenue_gain as double) as weight
    from settings w
    cross join customer_totals t
    where w.return_allocated_by = 'revenue' and t.opening > 0
    union all
    select c.period, coalesce(c.opening_segment, '') as segment, cast(k.contacts as double) as weight
    from (
        select k.customer_id, k.period, k.contacts
        from settings w
        cross join customer_contacts k
        where w.return_allocated_by = 'contacts'
    ) k
    join customer_periods c on c.customer_id = k.customer_id and c.period = k.period
    where c.is_opening
),
shared as (
    select
        period,
        segment,
        sum(weight) / sum(sum(weight)) over (partition by period) as share
    from weighed
    where weight > 0
    group by period, segment
),
assigned as (
    select period, segment, amount from spent where segment is not null
    union all
    select
        s.period,
        h.segment,
        case
            when h.segment is null then s.amount
            else cast(cast(s.amount as double) * h.share as decimal(38, 6))
        end as amount
    from shared h
    right join (select period, amount from spent where segment is null) s on s.period = h.period
),
parts as (
    select
        period,
        'segment' as kind,
        opening_segment as segment,
        opening as customers,
        lost_opening as lost,
        opening_revenue_then as revenue_then,
        opening_revenue_gain as revenue_gain,
        opening_contribution_then as contribution_then,
        opening_contribution_gain as contribution_gain,
        cast(null as decimal(38, 6)) as spent
    from customer_totals
    where opening > 0
    union all
    select
        period,
        case when segment is null then 'unassigned' else 'segment' end as kind,
        coalesce(segment, '') as segment,
        0 as customers,
        0 as lost,
        null as revenue_then,
        null as revenue_gain,
        null as contribution_then,
        null as contribution_gain,
        amount as spent
    from assigned
    union all
    -- A period without customers and without spending has a total all the same.
    select period, 'total' as kind, '' as segment, 0 as customers, 0 as lost, null as revenue_then,
        null as revenue_gain, null as contribution_then, null as contribution_gain, null as spent
    from periods
)
select
    period,
    coalesce(kind, 'total') as kind,
    segment,
    sum(customers) as customers,
    sum(lost) as lost,
    sum(revenue_then) as revenue_then,
    sum(revenue_gain) as revenue_gain,
    sum(contribution_then) as contribution_then,
    sum(contribution_gain) as contribution_gain,
    coalesce(sum(spent), 0) as spent
from parts
group by grouping sets ((period), (period, kind, segment))
having coalesce(kind, '') <> 'total'
