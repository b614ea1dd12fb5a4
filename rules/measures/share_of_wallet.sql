-- F2, M5 Share of wallet: our revenue ÷ all that customers with a known wallet spend, a ratio of sums.
-- By segment. See `wallet_coverage`.
select p.period, w.segment, coalesce(sum(w.own), 0) as numerator, coalesce(sum(w.total), 0) as denominator
from periods p
left join wallet_periods w on w.period = p.period
group by grouping sets ((p.period), (p.period, w.segment))
having grouping(w.segment) = 1 or w.segment is not null
