-- M7 Strength of the relationship: mean of the customer scorecard over active customers who have one.
-- Score. By segment.
select period, segment, sum(closing_strength) as numerator, sum(closing_with_strength) as denominator
from customer_totals
group by grouping sets ((period), (period, segment))
