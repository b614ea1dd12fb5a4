-- M5 Share of wallet to the letter: our revenue ÷ what all competitors get from the same customers; can
-- exceed 100 %. By segment.
select p.period, w.segment, coalesce(sum(w.own), 0) as numerator, coalesce(sum(w.total - w.own), 0) as denominator
from periods p
left join wallet_periods w on w.period = p.period
group by grouping sets ((p.period), (p.period, w.segment))
having grouping(w.segment) = 1 or w.segment is not null
