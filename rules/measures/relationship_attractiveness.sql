-- M7 Attractiveness of the relationship: mean of the customer scorecard over active customers who have
-- one. Score. By segment.
select period, segment, sum(closing_attractiveness) as numerator, sum(closing_with_attractiveness) as denominator
from customer_totals
group by grouping sets ((period), (period, segment))
