-- M6 Return on relationship, in revenue: the gain in revenue over the same period a year earlier of all customers
-- active at the start, those who left included, per unit spent on keeping customers. By segment at the
-- start; spending on no segment stands under an empty text. Null in the first year.
with parts as (
    select period, opening_segment as segment, opening_revenue_gain as gain, cast(null as decimal(38, 2)) as spent
    from customer_totals
    union all
    select n.period, coalesce(s.segment, '') as segment, null as gain, s.amount / n.quarters as spent
    from retention_spend s
    join period_names n on n.name = s.period
)
select period, segment, sum(gain) as numerator, coalesce(sum(spent), 0) as denominator
from parts
group by grouping sets ((period), (period, segment))
