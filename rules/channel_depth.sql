-- Distinct products bought in each period and channel, summed over customers, and the customers.
-- Distinct values are counted with a filter, not a WHERE: then they are counted in one pass, a number each.
-- one period at a time: period_no
select d.period_no, h.channel, d.products, d.customers
from sale_channels h
join (
    select
        max(period_no) as period_no,
        channel_no,
        count(distinct customer_no * 10000000 + product_no) filter (where is_purchase) as products,
        count(distinct customer_no) filter (where is_purchase and product_no is not null) as customers
    from sales
    where period_no = $period_no
    group by channel_no
) d on d.channel_no = h.channel_no
where d.products > 0
