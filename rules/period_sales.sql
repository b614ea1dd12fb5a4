-- Sales per period, channel and category, told apart by whether the customer is known, is new, and
-- whether the product is new: few rows, from which measures read. An empty text is *not stated*.
-- optional: products, customers
with sums as (
    select
        period_no,
        channel_no,
        category_no,
        customer_no is not null as is_identified,
        is_new_customer,
        is_new_product,
        sum(amount) as revenue,
        sum(contribution) as contribution,
        sum(amount) filter (where contribution is not null) as revenue_with_cost
    from sales
    group by 1, 2, 3, 4, 5, 6
)
select
    p.period,
    coalesce(h.channel, '') as channel,
    coalesce(g.category, '') as category,
    coalesce(s.is_identified, false) as is_identified,
    coalesce(s.is_new_customer, false) as is_new_customer,
    coalesce(s.is_new_product, false) as is_new_product,
    coalesce(s.revenue, 0) as revenue,
    s.contribution,
    coalesce(s.revenue_with_cost, 0) as revenue_with_cost
from periods p
left join sums s on s.period_no = p.period_no
left join sale_channels h on h.channel_no = s.channel_no
left join sale_categories g on g.category_no = s.category_no
