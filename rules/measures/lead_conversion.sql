-- Q2 Lead conversion: of the leads whose 90 days ended in the period, those converted within them. By the day
-- they were created the latest quarter would rest on the leads of its first days alone: the others are too young.
with mature as (
    select
        p.period,
        l.converted_on <= l.created_on + interval '90 days' as converted
    from leads l
    join periods p on l.created_on + interval '90 days' between p.starts and p.ends
)
select
    p.period,
    count(*) filter (where m.converted) as numerator,
    count(m.period) as denominator
from periods p
left join mature m on m.period = p.period
group by p.period
