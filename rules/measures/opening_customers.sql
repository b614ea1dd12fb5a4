-- M1 Opening customers: active at the day before the period starts. By segment at that time.
select period, opening_segment as segment, sum(opening) as value
from customer_totals
group by grouping sets ((period), (period, opening_segment))
