-- M1 Customers won and lost within one period. By segment.
select period, segment, sum(lost_new) as value
from customer_totals
group by grouping sets ((period), (period, segment))
