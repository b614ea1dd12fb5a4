-- Moves of RFM scores into the reported period: of how many customers a score, or any of the three
-- (rfm), went up or down, and because of what: `behaviour` where it would have by the cut points of
-- the period before too, `ruler` where it would not have, null where the method cannot tell.
with scores as (
    select
        'recency' as score,
        opening_recency_score as before,
        recency_score as now,
        recency_score_by_ruler_before as by_ruler
    from customer_moves
    union all
    select
        'frequency' as score,
        opening_frequency_score as before,
        frequency_score as now,
        frequency_score_by_ruler_before as by_ruler
    from customer_moves
    union all
    select
        'monetary' as score,
        opening_monetary_score as before,
        monetary_score as now,
        monetary_score_by_ruler_before as by_ruler
    from customer_moves
),
steps as (
    select
        score,
        case when now > before then 'up' else 'down' end as direction,
        case when by_ruler = before then 'ruler' when by_ruler is not null then 'behaviour' end as because
    from scores
    where now <> before
    union all
    select 'rfm' as score, cast(null as varchar) as direction, rfm_because as because
    from customer_moves
    where recency_score <> opening_recency_score
        or frequency_score <> opening_frequency_score
        or monetary_score <> opening_monetary_score
)
select (select reported_period from settings) as period, score, direction, because, count(*) as customers
from steps
group by score, direction, because
