-- F5 Cost of sales: selling cost ÷ net revenue, in total and by channel, each a ratio of sums. Costs given
-- for a longer period than a quarter are spread evenly. Null where no cost is given for the period.
with parts as (
    select
        n.period,
        coalesce(c.channel, '') as channel,
        c.amount / n.quarters as cost,
        cast(null as decimal(38, 2)) as revenue
    from channel_costs c
    join period_names n on n.name = c.period
    union all
    select period, channel, null as cost, revenue from period_sales
)
select period, channel, sum(cost) as numerator, coalesce(sum(revenue), 0) as denominator
from parts
group by grouping sets ((period), (period, channel))
