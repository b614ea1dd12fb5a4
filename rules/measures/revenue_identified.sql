-- The share of revenue that is known to come from a customer.
select
    period,
    coalesce(sum(revenue) filter (where is_identified), 0) as numerator,
    sum(revenue) as denominator
from period_sales
group by period
