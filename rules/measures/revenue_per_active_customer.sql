-- Revenue of known customers per active customer. Money. By segment.
select period, segment, sum(revenue) as numerator, sum(closing) as denominator
from customer_totals
group by grouping sets ((period), (period, segment))
