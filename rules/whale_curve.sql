-- The points of the whale curve over the twelve months that end with each period, the best customer first,
-- equal ones by id: at most 184 of them, which is every customer where there are no more.
--
-- place: how many customers; cumulative: their profit together. Every tenth of the customers is among the
-- points, and so are the first, the last, the peak and where those who break even end.
-- optional: products, customers
-- one period at a time: period
with
profits as (
    select
        c.period,
        c.customer_id,
        coalesce(c.contribution_12m, 0) - coalesce(c.costs_12m, 0) as profit
    from (select count(contribution) > 0 as known from period_sales) k
    cross join customer_periods c
    where k.known and (c.contribution_12m is not null or c.revenue_12m = 0 and c.costs_12m <> 0)
),
ranked as (
    select
        period,
        cast(row_number() over (partition by period order by profit desc, customer_id) as bigint) as place,
        sum(profit) over (
            partition by period order by profit desc, customer_id
            rows between unbounded preceding and current row
        ) as cumulative,
        count(*) over (partition by period) as customers,
        count(*) filter (where profit > 0) over (partition by period) as profitable,
        count(*) filter (where profit >= 0) over (partition by period) as breaking_even
    from profits
)
select period, place, customers, cumulative
from ranked
where place in (1, customers, profitable, breaking_even)
   or place * 180 / customers > (place - 1) * 180 / customers
