-- Each customer's latest answers by the end of the period: satisfaction (`csat`) and likelihood to
-- recommend (`nps`), as scored. Null for those who were never asked.
-- optional: surveys
with latest as (
    select
        s.customer_id,
        p.period,
        s.instrument,
        s.score,
        row_number() over (
            partition by s.customer_id, p.period, s.instrument
            order by s.date desc, s.source_file, s.source_sheet, s.source_row desc
        ) as place
    from surveys s
    join periods p on s.date <= p.ends
    where s.customer_id is not null
      and s.instrument in ('csat', 'nps')
)
select
    customer_id,
    period,
    max(score) filter (where instrument = 'csat') as csat,
    max(score) filter (where instrument = 'nps') as nps
from latest
where place = 1
group by customer_id, period
