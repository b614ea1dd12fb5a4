-- S2 Unprofitable customers: active customers with a profit below zero in the period, among those whose
-- profit is known. By segment.
select period, segment, sum(closing_unprofitable) as numerator, sum(closing_with_profit) as denominator
from customer_totals
group by grouping sets ((period), (period, segment))
