-- Mean tenure of active customers: days from the first purchase to the end of the period. By segment.
select period, segment, coalesce(sum(closing_tenure_days), 0) as numerator, sum(closing) as denominator
from customer_totals
group by grouping sets ((period), (period, segment))
