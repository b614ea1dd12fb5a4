-- The channel that each customer bought through most often in the four quarters that end with the
-- reported one: by orders, then the one used last, then its name.
-- Orders are counted with a filter, not a WHERE: then they are counted in one pass.
-- optional: products, customers
with
counted as (
    select
        s.customer_no,
        s.channel_no,
        count(distinct s.order_no) filter (where s.is_order) as orders,
        max(s.date) filter (where s.is_order) as last_used
    from (
        select p.period_no from settings w join periods p on p.period = w.reported_period
    ) r
    cross join sales s
    where s.customer_no is not null
      and s.channel_no is not null
      and s.period_no > r.period_no - 4
    group by s.customer_no, s.channel_no
),
-- Orders, day and number of the channel as one number, of which the greatest is wanted.
best as (
    select
        customer_no,
        max(orders * 10000000000000 + cast(cast(last_used as int) as bigint) * 1000000 + 999999 - channel_no) as place
    from counted
    where orders > 0
    group by customer_no
)
select b.customer_id, h.channel
from sale_channels h
join best p on h.channel_no = 999999 - p.place % 1000000
join buyers b on b.customer_no = p.customer_no
