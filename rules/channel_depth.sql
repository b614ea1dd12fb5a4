-- Distinct products bought in each period and channel, summed over customers, and the customers.
-- Distinct values are counted with a filter, not a WHERE: then they are counted in one pass, a number each.
-- one period at a time: period_no
select
    s.period_no,
    h.channel,
    count(distinct s.customer_no * 10000000 + s.product_no) filter (where s.is_purchase) as products,
    count(distinct s.customer_no) filter (where s.is_purchase and s.product_no is not null) as customers
from sale_channels h
join sales s on s.channel_no = h.channel_no
group by s.period_no, h.channel
having count(distinct s.customer_no * 10000000 + s.product_no) filter (where s.is_purchase) > 0
