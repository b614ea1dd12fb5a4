-- M3 Churn: customers active at the start and not at the end ÷ those active at the start. By segment at
-- the start.
select period, opening_segment as segment, sum(lost_opening) as numerator, sum(opening) as denominator
from customer_totals
group by grouping sets ((period), (period, opening_segment))
