-- F4 Customer profitability: profit (contribution less cost to serve and direct cost) per active customer.
-- Money. By segment. Null where no cost of goods is known.
select period, segment, sum(profit) as numerator, sum(closing) as denominator
from customer_totals
group by grouping sets ((period), (period, segment))
