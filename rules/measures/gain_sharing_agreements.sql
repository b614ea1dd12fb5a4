-- G3 Agreements that share gains, in force at the end of the period.
select p.period, count(a.agreement_id) as value
from periods p
left join agreements a
    on a.gain_share_amount is not null
    and coalesce(a.starts <= p.ends, true)
    and coalesce(a.ends >= p.ends, true)
group by p.period
