-- M3 Retention as most textbooks have it: (active at the end − new) ÷ active at the start. Equals the exact
-- cohort only when no new customer is lost and none returns.
select period, sum(closing) - sum(new) as numerator, sum(opening) as denominator
from customer_totals
group by period
