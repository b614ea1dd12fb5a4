-- Contribution: revenue less cost of goods, over the sales whose cost is known; `contribution_coverage`
-- says how much that is. Money. By segment of the customer and by channel. Null where no cost is known.
select period, null as segment, channel, sum(contribution) as value
from period_sales
group by grouping sets ((period), (period, channel))
union all
select period, segment, null, sum(contribution)
from customer_totals
group by period, segment
