-- G1 Number of products per customer: distinct products bought in the period by each customer who is
-- active at its end, per such customer. By channel: distinct products per customer who bought in it.
-- Null where no product is named.
with bought as (
    select distinct period_no, channel_no, customer_no, product_no
    from sales
    where is_purchase and channel_no is not null and customer_no is not null and product_no is not null
)
select period, null as channel, sum(closing_products) as numerator, sum(closing) as denominator
from customer_totals
group by period
union all
select p.period, h.channel, count(*), count(distinct b.customer_no)
from sale_channels h
join bought b on b.channel_no = h.channel_no
join periods p on p.period_no = b.period_no
group by p.period, h.channel
