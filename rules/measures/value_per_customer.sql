-- Actual value per active customer. Money. By segment. See `actual_value`.
select period, segment, coalesce(sum(closing_value), 0) as numerator, sum(closing) as denominator
from customer_totals
group by grouping sets ((period), (period, segment))
