-- Answers per period: the latest valid one of each customer to each instrument, and every anonymous
-- one. common_score: on the scale (common_low to common_high) that most answers to the instrument were
-- ever given on, so that a mean does not mix scales; the longer of two as frequent.
with
scales as (
    select instrument, scale_low, scale_high, count(*) as answers
    from survey_scores
    where problem is null
    group by instrument, scale_low, scale_high
),
common as (
    select
        instrument,
        scale_low as common_low,
        scale_high as common_high,
        row_number() over (
            partition by instrument order by answers desc, scale_high - scale_low desc, scale_low
        ) as place
    from scales
),
latest as (
    select
        *,
        row_number() over (
            partition by period, instrument, customer_id
            order by date desc, source_file, source_sheet, source_row desc
        ) as place
    from survey_scores
    where problem is null
)
select
    l.period,
    l.instrument,
    l.customer_id,
    l.score,
    l.scale_low,
    l.scale_high,
    c.common_low,
    c.common_high,
    case
        when l.scale_low = c.common_low and l.scale_high = c.common_high then l.score
        else cast(
            cast(c.common_low as double)
            + cast(l.score - l.scale_low as double) * cast(c.common_high - c.common_low as double)
                / cast(l.scale_high - l.scale_low as double)
            as decimal(20, 6)
        )
    end as common_score
from latest l
join common c on c.instrument = l.instrument and c.place = 1
where l.customer_id is null or l.place = 1
