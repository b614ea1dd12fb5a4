-- What activities cost, each at the rate in force on its day. cost is null where no rate is; activities
-- without a day are in no period and cost nothing here.
-- optional: activities, activity_rates
select
    a.customer_id,
    a.date,
    a.activity,
    a.quantity,
    r.cost_pool is not null as is_pooled,
    cast(a.quantity * r.rate as decimal(38, 4)) as cost
from activity_rate_spans r
right join activities a
    on r.activity = a.activity
    and (r.valid_from is null or a.date >= r.valid_from)
    and (r.valid_to is null or a.date < r.valid_to)
where a.date is not null
