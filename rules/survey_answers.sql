-- Answers per period: the latest of each customer to each instrument, and every anonymous one.
-- Scores off the scale do not count. Where no scale is given it is 0 to 10 for nps, 0 to 1 for brand
-- awareness and preference, and 1 to 5 for all others.
with scaled as (
    select
        p.period,
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
        row_number() over (
            partition by p.period, s.instrument, s.customer_id
            order by s.date desc, s.source_file, s.source_sheet, s.source_row desc
        ) as place
    from surveys s
    join periods p on s.date between p.starts and p.ends
    where s.score is not null
)
select period, instrument, customer_id, score, scale_low, scale_high
from scaled
where (customer_id is null or place = 1)
  and score between scale_low and scale_high
  and scale_low < scale_high
