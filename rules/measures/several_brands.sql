-- The share of the customers who ranked us that use more than one brand. The Wallet Allocation Rule is made
-- for markets where it is 40 % or more.
select p.period, count(*) filter (where r.brands > 1) as numerator, count(r.brands) as denominator
from periods p
left join wallet_ranks r on r.period = p.period
group by p.period
