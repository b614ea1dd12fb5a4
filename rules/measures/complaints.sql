-- Complaints opened in the period. By channel (empty: not stated).
with complaints as (
    select p.period, coalesce(i.channel, '') as channel
    from interactions i
    join periods p on cast(i.opened_at as date) between p.starts and p.ends
    where i.kind = 'complaint'
)
select p.period, null as channel, count(c.period) as value
from periods p
left join complaints c on c.period = p.period
group by p.period
union all
select period, channel, count(*)
from complaints
group by period, channel
