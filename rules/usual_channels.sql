-- The channel that each customer bought through most often in the four quarters that end with the
-- reported one: by orders, then the one used last, then its name.
-- optional: products, customers
with
counted as (
    select s.customer_no, s.channel_no, count(distinct s.order_no) as orders, max(s.date) as last_used
    from (
        select p.period_no from settings w join periods p on p.period = w.reported_period
    ) r
    cross join sales s
    where s.is_order
      and s.customer_no is not null
      and s.channel_no is not null
      and s.period_no > r.period_no - 4
    group by s.customer_no, s.channel_no
),
placed as (
    select
        c.customer_no,
        h.channel,
        row_number() over (
            partition by c.customer_no order by c.orders desc, c.last_used desc, h.channel
        ) as place
    from sale_channels h
    join counted c on c.channel_no = h.channel_no
)
select b.customer_id, p.channel
from buyers b
join placed p on p.customer_no = b.customer_no
where p.place = 1
