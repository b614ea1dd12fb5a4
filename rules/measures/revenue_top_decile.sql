-- Concentration: the share of the revenue of the look-back of RFM that comes from the tenth of its
-- buyers who spend most.
with ranked as (
    select
        period,
        monetary,
        row_number() over (partition by period order by monetary desc) as place,
        count(*) over (partition by period) as buyers
    from customer_periods
    where frequency > 0
)
select
    p.period,
    coalesce(sum(r.monetary) filter (where r.place <= (r.buyers + 9) / 10), 0) as numerator,
    coalesce(sum(r.monetary), 0) as denominator
from periods p
left join ranked r on r.period = p.period
group by p.period
