-- The share of revenue whose cost of goods is known: how far figures of contribution and profit reach.
select period, sum(revenue_with_cost) as numerator, sum(revenue) as denominator
from period_sales
group by period
