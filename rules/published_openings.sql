-- The opening customers of the reported period as they were published, as the closing customers of the
-- period before, per segment of then. merged: of them, ids of one and the same customer beyond the first,
-- now that the ids are settled. No rows where nothing was published.
-- optional: products, customers
with settled as (
    select
        p.segment,
        row_number() over (
            partition by coalesce(m.to_id, p.customer_id)
            order by m.to_id is not null, p.customer_id
        ) as place
    from merged_ids m
    right join published_customers p on p.customer_id = m.from_id
)
select
    w.reported_period as period,
    s.segment,
    count(*) as customers,
    count(*) filter (where s.place > 1) as merged
from settings w
cross join settled s
group by w.reported_period, s.segment
