-- What an activity costs, and from when until when: one row per row of `activity_rates`, each in force
-- until the next one of its activity.
--
-- rate: cost pool ÷ practical capacity where both are given, else the rate as given. It is what could
--   be done that divides, not what was: what was paid for and not used is no customer's fault (R. S.
--   Kaplan, S. R. Anderson, Time-Driven Activity-Based Costing, Harvard Business Review, November 2004).
-- cost_pool, practical_capacity: of `[profitability] cost-pool-months`; both null where a rate is all
--   there is.
-- optional: activity_rates
select
    activity,
    case when pooled then cast(cost_pool / practical_capacity as decimal(38, 6)) else rate end as rate,
    case when pooled then cost_pool end as cost_pool,
    case when pooled then practical_capacity end as practical_capacity,
    valid_from,
    lead(valid_from) over (partition by activity order by valid_from nulls first) as valid_to
from (select *, coalesce(cost_pool >= 0 and practical_capacity > 0, false) as pooled from activity_rates)
