-- M1 Reactivated customers: known before, not active at the start, active at the end. By segment.
select period, segment, sum(reactivated) as value
from customer_totals
group by grouping sets ((period), (period, segment))
