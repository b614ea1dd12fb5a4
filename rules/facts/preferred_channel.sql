-- How to reach each customer: `preferred_channel`, as the customer said, else the one bought through
-- most (`usual_channels`); `channel_is_stated` tells which. Only in the reported period: the list of
-- customers is today's.
-- optional: customers
with
stated as (
    select customer_id, min(preferred_channel) as channel
    from customers
    where preferred_channel is not null
    group by customer_id
),
known as (
    select
        coalesce(s.customer_id, u.customer_id) as customer_id,
        coalesce(s.channel, u.channel) as preferred_channel,
        s.channel is not null as channel_is_stated
    from stated s
    full join usual_channels u on u.customer_id = s.customer_id
)
select k.customer_id, w.reported_period as period, k.preferred_channel, k.channel_is_stated
from settings w
cross join known k
