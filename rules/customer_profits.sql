-- Profit of the twelve months that end with each period: one row per period and customer who bought or
-- cost anything in them and whose contribution is known.
--
-- profit: contribution less cost to serve and direct cost, of the period and the three before it (fewer
--   where the data begin later: `quarters`). The costs of a customer count from the period of the first
--   purchase on. is_new: first purchase within the twelve months, so that what it cost to win the customer
--   may stand in them; null where the data do not reach back further.
-- optional: products, customers
-- one period at a time: period
select
    c.period,
    c.customer_id,
    coalesce(c.segment, '') as segment,
    least(p.period_no, 4) as quarters,
    case when p.period_no > 4 then c.first_purchase >= f.starts end as is_new,
    c.revenue_12m as revenue,
    coalesce(c.costs_12m, 0) as costs,
    coalesce(c.contribution_12m, 0) - coalesce(c.costs_12m, 0) as profit
from (select count(contribution) > 0 as known from period_sales) k
cross join periods p
join periods f on f.period_no = greatest(p.period_no - 3, 1)
join customer_periods c on c.period = p.period
where k.known
  and (c.contribution_12m is not null or c.revenue_12m = 0 and c.costs_12m <> 0)
