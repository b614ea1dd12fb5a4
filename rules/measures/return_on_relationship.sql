-- M6 Return on relationship: the gain in contribution over the same period a year earlier of all customers
-- active at the start, those who left included, per unit spent on keeping customers. By segment at the
-- start; spending on no segment stands under an empty text. Null in the first year, and where no cost of goods is known.
select period, segment, sum(contribution_gain) as numerator, sum(spent) as denominator
from relationship_returns
group by period, segment
