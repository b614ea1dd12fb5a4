-- M6 Money spent on keeping customers; what is given for a longer period than a quarter is spread evenly.
-- By segment (empty: spent on none in particular).
with spent as (
    select n.period, coalesce(s.segment, '') as segment, s.amount / n.quarters as amount
    from retention_spend s
    join period_names n on n.name = s.period
)
select p.period, null as segment, coalesce(sum(s.amount), 0) as value
from periods p
left join spent s on s.period = p.period
group by p.period
union all
select period, segment, sum(amount)
from spent
group by period, segment
