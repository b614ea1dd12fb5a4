-- M1 Active customers: with a purchase in the activity window that ends with the period. By segment.
select period, segment, sum(closing) as value
from customer_totals
group by grouping sets ((period), (period, segment))
