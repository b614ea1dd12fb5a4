-- G4 Hours spent with customers: training and visits. Hours.
with given as (
    select p.period, cast(i.hours as decimal(20, 4)) as hours
    from interactions i
    join periods p on cast(i.opened_at as date) between p.starts and p.ends
    where i.kind in ('training', 'visit')
)
select p.period, coalesce(sum(g.hours), 0) as value
from periods p
left join given g on g.period = p.period
group by p.period
