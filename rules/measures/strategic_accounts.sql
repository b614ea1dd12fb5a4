-- S3 Strategic accounts: active customers marked as strategic. The mark is today's, for all periods.
with strategic as (
    select customer_id from customers where strategic group by customer_id
),
active as (
    select c.period, count(*) as accounts
    from customer_periods c
    left semi join strategic s on s.customer_id = c.customer_id
    where c.is_closing
    group by c.period
)
select p.period, coalesce(a.accounts, 0) as value
from periods p
left join active a on a.period = p.period
