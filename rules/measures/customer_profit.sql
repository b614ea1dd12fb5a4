-- F4, S1 Profit of customers: contribution less cost to serve, where activities and their rates are known.
-- Money. By segment. Null where no cost of goods is known.
select period, segment, sum(profit) as value
from customer_totals
group by grouping sets ((period), (period, segment))
