-- What each customer bought in each period in which there were sales to them: one row per customer
-- and period, by number.
--
-- late_…: the same, of those months at the period's end that a look-back of `rfm_window_months`
-- still holds where that is no whole number of quarters.
-- optional: products, customers
-- one period at a time: period_no
select
    s.customer_no,
    max(s.period_no) as period_no,
    count(distinct s.order_no) filter (where s.is_order) as orders,
    count(distinct s.order_no) filter (
        where s.is_order and s.month_of_period > 3 - w.rfm_window_months % 3
    ) as late_orders,
    sum(s.amount) as revenue,
    sum(s.amount) filter (where s.month_of_period > 3 - w.rfm_window_months % 3) as late_revenue,
    sum(s.contribution) as contribution,
    max(s.date) filter (where s.is_purchase) as last_purchase,
    count(distinct s.product_no) filter (where s.is_purchase) as products,
    count(distinct s.channel_no) filter (where s.is_purchase) as channels
from settings w
cross join sales s
where s.period_no = $period_no and s.customer_no is not null
group by s.customer_no
