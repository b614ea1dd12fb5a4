-- L2 Key staff turnover: key staff who left in the period ÷ the mean of their numbers at its start and end.
-- Not annualised.
with numbers as (
    select
        p.period,
        count(*) filter (where e.left_on between p.starts and p.ends) as leavers,
        count(*) filter (
            where coalesce(e.started_on < p.starts, true) and coalesce(e.left_on >= p.starts, true)
        ) as at_start,
        count(*) filter (
            where coalesce(e.started_on <= p.ends, true) and coalesce(e.left_on > p.ends, true)
        ) as at_end
    from periods p
    join employees e on e.key_staff
    group by p.period
)
select
    p.period,
    coalesce(n.leavers, 0) as numerator,
    cast(coalesce(n.at_start + n.at_end, 0) as decimal(20, 1)) / 2 as denominator
from periods p
left join numbers n on n.period = p.period
