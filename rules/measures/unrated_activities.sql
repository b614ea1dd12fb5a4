-- Activities that have no rate on their day, and so cost nothing in any figure. Count.
-- optional: activities, activity_rates
select p.period, count(a.activity) as value
from periods p
left join (select activity, date from activity_costs where cost is null) a on a.date between p.starts and p.ends
group by p.period
