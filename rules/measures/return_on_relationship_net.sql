-- M6 Return on relationship, net: the same gain in contribution less what was spent, per unit spent. By
-- segment at the start; spending on no segment stands under an empty text. Null in the first year, and
-- where no cost of goods is known.
select period, segment, sum(contribution_gain) - sum(spent) as numerator, sum(spent) as denominator
from relationship_returns
group by period, segment
