-- Distinct products bought in each period and channel, summed over customers, and the customers.
-- one period at a time: period_no
with bought as (
    select distinct period_no, channel_no, customer_no, product_no
    from sales
    where is_purchase
      and channel_no is not null
      and customer_no is not null
      and product_no is not null
)
select b.period_no, h.channel, count(*) as products, count(distinct b.customer_no) as customers
from sale_channels h
join bought b on b.channel_no = h.channel_no
group by b.period_no, h.channel
