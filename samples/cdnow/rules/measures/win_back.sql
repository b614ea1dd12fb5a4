-- Customers reactivated in a period, among the known ones who were not active at its start.
select
    period,
    count(*) filter (where is_reactivated) as numerator,
    count(*) filter (where not is_opening and not is_new) as denominator
from customer_periods
group by period
