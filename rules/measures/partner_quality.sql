-- Q4 Quality of partners: mean rating, weighted by the revenue through each partner where all of them give it,
-- else each alike. A rating of a longer period holds for each of its quarters.
with rated as (
    select
        n.period,
        cast(r.rating as decimal(12, 6)) as rating,
        case
            when count(*) over (partition by n.period) = count(r.revenue) over (partition by n.period)
            then cast(r.revenue as decimal(24, 2))
            else 1
        end as weight
    from partners r
    join period_names n on n.name = r.period
    where r.rating is not null
)
select
    p.period,
    coalesce(sum(r.rating * r.weight), 0) as numerator,
    coalesce(sum(r.weight), 0) as denominator
from periods p
left join rated r on r.period = p.period
group by p.period
