-- L4 Visitors of the knowledge-management system: distinct customers or, where visits name no customer, visits.
select
    p.period,
    case
        when count(v.customer_id) > 0 then count(distinct v.customer_id)
        else coalesce(sum(case when v.date is not null then coalesce(v.visits, 1) end), 0)
    end as value
from periods p
left join km_visits v on v.date between p.starts and p.ends
group by p.period
