-- M1 Lost customers: active at the start, or new in the period, and not active at its end. By segment, of
-- opening customers that at the start.
select period, segment, sum(lost_opening) + sum(lost_new) as value
from customer_reconciliation
group by period, segment
