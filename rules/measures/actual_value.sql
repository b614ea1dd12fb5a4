-- The actual value of active customers: contribution of the last twelve months, or revenue times margin
-- where no cost is known. Money. By segment.
select period, segment, coalesce(sum(closing_value), 0) as value
from customer_totals
group by grouping sets ((period), (period, segment))
