-- The share of all customers known by the end of a period who ordered in it.
select
    period,
    count(*) filter (where orders > 0) as numerator,
    count(*) as denominator
from customer_periods
group by period
