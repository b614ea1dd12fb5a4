-- Every answer to a survey with the scale it was given on, and what is wrong with it: `no-scale` (its
-- ends do not make one), `not-0-to-10` (a likelihood to recommend asked on another scale), `off-scale`.
-- Null: it counts. Where no scale is given it is 0 to 10 for nps, 0 to 1 for brand awareness and
-- preference, and 1 to 5 for all others.
-- rank_problem: what is wrong with the place the answer gives us among brands: `no-brands` (it does not say
-- among how many), `beyond-brands` (below 1, or more than there are brands). The answer itself counts.
with scaled as (
    select
        p.period,
        s.date,
        s.instrument,
        s.customer_id,
        cast(s.score as decimal(20, 6)) as score,
        cast(coalesce(
            s.scale_low,
            case when s.instrument in ('nps', 'brand_awareness', 'brand_preference') then 0 else 1 end
        ) as decimal(20, 6)) as scale_low,
        cast(coalesce(
            s.scale_high,
            case
                when s.instrument = 'nps' then 10
                when s.instrument in ('brand_awareness', 'brand_preference') then 1
                else 5
            end
        ) as decimal(20, 6)) as scale_high,
        cast(s.brand_rank as decimal(20, 6)) as brand_rank,
        cast(s.brands as decimal(20, 6)) as brands,
        s.source_file,
        s.source_sheet,
        s.source_row
    from surveys s
    join periods p on s.date between p.starts and p.ends
    where s.score is not null
)
select
    *,
    case
        when scale_low >= scale_high then 'no-scale'
        when instrument = 'nps' and (scale_low not in (0, 1) or scale_high <> 10) then 'not-0-to-10'
        when score < scale_low or score > scale_high then 'off-scale'
    end as problem,
    case
        when brand_rank is not null and brands is null then 'no-brands'
        when brand_rank < 1 or brand_rank > brands then 'beyond-brands'
    end as rank_problem
from scaled
