-- Sales per period, channel and category, told apart by whether the customer is known, is new, and
-- whether the product is new: few rows, from which measures read. An empty text is *not stated*.
-- optional: products, customers
select
    p.period,
    coalesce(s.channel, '') as channel,
    coalesce(s.category, '') as category,
    s.customer_no is not null as is_identified,
    coalesce(s.is_new_customer, false) as is_new_customer,
    coalesce(s.is_new_product, false) as is_new_product,
    coalesce(sum(s.amount), 0) as revenue,
    sum(s.contribution) as contribution,
    coalesce(sum(s.amount) filter (where s.contribution is not null), 0) as revenue_with_cost
from periods p
left join sales s on s.period_no = p.period_no
group by 1, 2, 3, 4, 5, 6
