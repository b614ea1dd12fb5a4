-- Life-cycle stages of the reported period, and where the same customers stood in the period before: one
-- row per pair of stages, with customers, their actual value and their revenue of the period. Null in
-- from_stage: no customer yet. What the stages mean is in `facts/life_cycle.sql`.
with before as (
    select c.customer_id, c.life_cycle_stage
    from settings s
    join periods r on r.period = s.reported_period
    join periods p on p.period_no = r.period_no - 1
    join customer_periods c on c.period = p.period
)
select
    n.period,
    b.life_cycle_stage as from_stage,
    n.life_cycle_stage as to_stage,
    count(*) as customers,
    sum(n.actual_value) as actual_value,
    sum(n.revenue) as revenue
from before b
right join reported_customers n on n.customer_id = b.customer_id
group by n.period, b.life_cycle_stage, n.life_cycle_stage
