-- S1 Profit contribution by segment: each segment's share of the contribution of known customers.
-- Null where no cost is known.
select
    c.period,
    c.segment,
    sum(c.contribution) as numerator,
    max(t.contribution) as denominator
from customer_totals c
join (
    select period, sum(contribution) as contribution from customer_totals group by period
) t on t.period = c.period
group by grouping sets ((c.period), (c.period, c.segment))
