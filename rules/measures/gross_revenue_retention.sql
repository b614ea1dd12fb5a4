-- Gross revenue retention: as net, but nobody counts for more than they spent then; at most 100 %.
-- By segment. Null in the first year.
select period, segment, sum(then_revenue_kept) as numerator, sum(then_revenue) as denominator
from customer_totals
group by grouping sets ((period), (period, segment))
