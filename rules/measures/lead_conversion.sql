-- Q2 Lead conversion: of the leads created in the period, those converted within 90 days. Leads too young to
-- have had their 90 days by the end of the reported period do not count yet.
with mature as (
    select
        p.period,
        l.converted_on <= l.created_on + interval '90 days' as converted
    from leads l
    join periods p on l.created_on between p.starts and p.ends
    where l.created_on + interval '90 days' <= (select max(ends) from periods)
)
select
    p.period,
    count(*) filter (where m.converted) as numerator,
    count(m.period) as denominator
from periods p
left join mature m on m.period = p.period
group by p.period
