-- G2 Jointly developed service agreements in force at the end of the period.
select p.period, count(a.agreement_id) as value
from periods p
left join agreements a
    on a.joint
    and coalesce(a.starts <= p.ends, true)
    and coalesce(a.ends >= p.ends, true)
group by p.period
