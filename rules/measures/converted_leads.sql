-- Q2 Leads converted in the period, whenever they were created.
select p.period, count(l.lead_id) as value
from periods p
left join leads l on l.converted_on between p.starts and p.ends
group by p.period
