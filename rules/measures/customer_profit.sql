-- F4, S1 Profit of customers: contribution less cost to serve (activities at their rates) and direct cost
-- (channels, interactions, campaigns, leads, retention spending), as far as they are known.
-- Money. By segment. Null where no cost of goods is known.
select period, segment, sum(profit) as value
from customer_totals
group by grouping sets ((period), (period, segment))
