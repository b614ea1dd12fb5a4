-- M5 Share of wallet to the letter: our revenue ÷ what all competitors get from the same customers; can
-- exceed 100 %. By segment.
with covered as (
    select w.period, coalesce(c.segment, '') as segment, w.own, w.total
    from wallet_periods w
    join customer_periods c on c.customer_id = w.customer_id and c.period = w.period
)
select p.period, w.segment, coalesce(sum(w.own), 0) as numerator, coalesce(sum(w.total - w.own), 0) as denominator
from periods p
left join covered w on w.period = p.period
group by grouping sets ((p.period), (p.period, w.segment))
having grouping(w.segment) = 1 or w.segment is not null
