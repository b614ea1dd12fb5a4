-- M5 Share of wallet by the Wallet Allocation Rule: the mean over the customers who ranked us among the
-- brands they use. See `wallet_ranks`.
select p.period, coalesce(sum(r.share), 0) as numerator, count(r.share) as denominator
from periods p
left join wallet_ranks r on r.period = p.period
group by p.period
