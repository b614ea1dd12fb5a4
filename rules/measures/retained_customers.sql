-- C2, M3 Customer retention, the exact cohort: customers active at the start and at the end ÷ those active
-- at the start; never above 100 %. By segment at the start.
select period, opening_segment as segment, sum(kept) as numerator, sum(opening) as denominator
from customer_totals
group by grouping sets ((period), (period, opening_segment))
