-- Contactable customers: active customers with a telephone number or an e-mail address. The list is today's,
-- so that only the reported period has a figure.
with reachable as (
    select customer_id from customers where phone is not null or email is not null group by customer_id
)
select
    s.reported_period as period,
    count(r.customer_id) as numerator,
    count(c.customer_id) as denominator
from settings s
left join customer_periods c on c.period = s.reported_period and c.is_closing
left join reachable r on r.customer_id = c.customer_id
group by s.reported_period
