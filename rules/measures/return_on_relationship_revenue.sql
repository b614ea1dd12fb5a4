-- M6 Return on relationship, in revenue: the gain in revenue over the same period a year earlier of all customers
-- active at the start, those who left included, per unit spent on keeping customers. By segment at the
-- start; spending on no segment stands under an empty text. Null in the first year.
select period, segment, sum(revenue_gain) as numerator, sum(spent) as denominator
from relationship_returns
group by period, segment
