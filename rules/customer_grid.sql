-- The customer scorecard as a grid of the reported period: active customers and their value by how
-- strong and how attractive the relationship is (low, middle, high: `[customer-scorecard]`). Null
-- where a customer has no score on that side.
with placed as (
    select
        c.period,
        case
            when c.strength >= s.scorecard_high_from then 'high'
            when c.strength >= s.scorecard_middle_from then 'middle'
            when c.strength is not null then 'low'
        end as strength,
        case
            when c.attractiveness >= s.scorecard_high_from then 'high'
            when c.attractiveness >= s.scorecard_middle_from then 'middle'
            when c.attractiveness is not null then 'low'
        end as attractiveness,
        c.actual_value
    from reported_customers c
    cross join settings s
    where c.is_closing
)
select period, strength, attractiveness, count(*) as customers, sum(actual_value) as actual_value
from placed
group by period, strength, attractiveness
