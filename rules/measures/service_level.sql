-- R3 Service level: requests closed in the period within their target time ÷ requests closed in it or overdue at
-- its end. Requests without a target time do not count. By channel (empty: not stated).
with requests as (
    select
        coalesce(channel, '') as channel,
        cast(opened_at as date) as opened_on,
        cast(closed_at as date) as closed_on,
        cast(closed_at as bigint) as closed,
        cast(opened_at as bigint) + cast(target_hours * 3600 as bigint) as due
    from interactions
    where target_hours is not null and opened_at is not null
),
counted as (
    select
        p.period,
        r.channel,
        r.closed_on <= p.ends and r.closed <= r.due as met
    from requests r
    join periods p
        on r.closed_on between p.starts and p.ends
        or (
            r.opened_on <= p.ends
            and (r.closed_on is null or r.closed_on > p.ends)
            and r.due < (cast(cast(p.ends as int) as bigint) + 1) * 86400
        )
)
select
    p.period,
    null as channel,
    count(*) filter (where c.met) as numerator,
    count(c.period) as denominator
from periods p
left join counted c on c.period = p.period
group by p.period
union all
select period, channel, count(*) filter (where met), count(*)
from counted
group by period, channel
