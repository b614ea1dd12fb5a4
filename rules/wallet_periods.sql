-- What customers with a known wallet spend with us (own) and in all (total), per period.
--
-- A wallet given for a quarter is held against the revenue of that quarter; one given for a year, or
-- without a period, against the revenue of the twelve months that end with the quarter. Where only
-- what competitors get is known, the total is that and our own.
with given as (
    select
        w.customer_id,
        n.period,
        n.quarters = 1 as of_quarter,
        sum(w.amount) filter (where coalesce(w.measures, 'total') = 'total') as total,
        sum(w.amount) filter (where w.measures = 'competitors') as competitors
    from wallet w
    join period_names n on n.name = w.period and (n.quarters = 4 or n.name = n.period)
    group by 1, 2, 3
    union all
    select
        w.customer_id,
        p.period,
        false,
        sum(w.amount) filter (where coalesce(w.measures, 'total') = 'total'),
        sum(w.amount) filter (where w.measures = 'competitors')
    from wallet w
    cross join periods p
    where w.period is null
    group by 1, 2
),
best as (
    select
        customer_id, period, of_quarter, total, competitors,
        row_number() over (
            partition by customer_id, period
            order by of_quarter desc, total nulls last, competitors nulls last
        ) as place
    from given
),
own as (
    select
        c.customer_id,
        c.period,
        coalesce(c.segment, '') as segment,
        case when b.of_quarter then c.revenue else c.revenue_12m end as own,
        b.total,
        b.competitors
    from best b
    join customer_periods c on c.customer_id = b.customer_id and c.period = b.period
    where b.place = 1
)
select customer_id, period, segment, own, coalesce(total, own + competitors) as total
from own
