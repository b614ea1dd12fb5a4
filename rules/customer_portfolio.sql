-- The customer portfolio: per period and value class, how many customers are active at the period's
-- end, what they are worth and what they bought in the period. A null class: the rules gave none.
select
    period,
    segment,
    count(*) as customers,
    sum(actual_value) as actual_value,
    sum(revenue) as revenue
from customer_periods
where is_closing
group by period, segment
