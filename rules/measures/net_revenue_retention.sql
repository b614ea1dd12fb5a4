-- Net revenue retention: what the buyers of the same period a year earlier spent now ÷ what they spent then;
-- can exceed 100 %. By segment. Null in the first year.
select period, segment, sum(then_revenue_now) as numerator, sum(then_revenue) as denominator
from customer_totals
group by grouping sets ((period), (period, segment))
