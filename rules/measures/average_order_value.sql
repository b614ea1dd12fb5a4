-- Average order value: revenue of known customers per order. Money. By segment.
select period, segment, sum(revenue) as numerator, sum(orders) as denominator
from customer_totals
group by grouping sets ((period), (period, segment))
