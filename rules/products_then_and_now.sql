-- What customers bought of each product in the reported period and in the same period a year earlier: the
-- quantities that `price_and_volume` needs, for no other period, since they are many.
--
-- A return takes its quantity off. product and quantity are null where a line names no product or no quantity.
with two as (
    select r.period, r.starts, r.ends, r.period_no = n.period_no as is_now
    from settings w
    join periods n on n.period = w.reported_period
    join periods r on r.period_no in (n.period_no, n.period_no - 4)
    where n.period_no > 4
)
select
    t.customer_id,
    w.is_now,
    case when t.quantity <> 0 then coalesce(t.product_id, t.product_name) end as product,
    sum(case when t.amount < 0 then -abs(t.quantity) else t.quantity end) as quantity,
    sum(t.amount) as amount
from two w
join transactions t on t.date between w.starts and w.ends
where t.customer_id is not null
group by 1, 2, 3
