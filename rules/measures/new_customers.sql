-- M1 New customers: first purchase ever in the period. By segment.
select period, segment, sum(new) as value
from customer_totals
group by grouping sets ((period), (period, segment))
