-- G3 Money from gain sharing: the amounts of agreements that start in the period, so that each counts once.
select p.period, coalesce(sum(a.gain_share_amount), 0) as value
from periods p
left join agreements a on a.starts between p.starts and p.ends
group by p.period
