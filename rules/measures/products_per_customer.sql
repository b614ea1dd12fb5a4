-- G1 Number of products per customer: distinct products bought in the period by each customer who is
-- active at its end, per such customer. By channel: distinct products per customer who bought in it.
-- Null where no product is named.
select period, null as channel, sum(closing_products) as numerator, sum(closing) as denominator
from customer_totals
group by period
union all
select p.period, d.channel, d.products, d.customers
from channel_depth d
join periods p on p.period_no = d.period_no
