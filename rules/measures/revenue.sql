-- Net revenue: amounts on their own dates, returns taken off. All sales, of known customers or not.
-- Money. By segment of the customer (empty: nobody's), channel and category (empty: not stated).
select period, null as segment, channel, category, sum(revenue) as value
from period_sales
group by grouping sets ((period), (period, channel), (period, category))
union all
select period, segment, null as channel, null as category, sum(revenue) as value
from (
    select period, segment, revenue from customer_totals
    union all
    -- What belongs to no row of the customer base is the rest.
    select period, '' as segment, revenue from period_sales
    union all
    select period, '' as segment, -revenue as revenue from customer_totals
)
group by period, segment
