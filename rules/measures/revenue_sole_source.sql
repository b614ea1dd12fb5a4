-- R2 The share of revenue from customers for whom we are the only supplier (`customers.sole_source`).
-- Null where no customer says so either way.
with sole as (
    select customer_id from customers where sole_source group by customer_id
),
sales_to_sole as (
    select c.period, sum(c.revenue) as revenue
    from customer_periods c
    left semi join sole s on s.customer_id = c.customer_id
    group by c.period
),
all_sales as (
    select period, sum(revenue) as revenue from period_sales group by period
)
select
    a.period,
    case when k.stated > 0 then coalesce(s.revenue, 0) end as numerator,
    a.revenue as denominator
from all_sales a
left join sales_to_sole s on s.period = a.period
cross join (select count(sole_source) as stated from customers) k
