-- Use of capacity: what the activities of the period cost at their rates ÷ the cost pools they draw on.
-- By activity. Null where no activity has a cost pool and a practical capacity.
-- optional: activities
select period, activity, sum(used) as numerator, sum(cost) as denominator
from activity_capacity
group by grouping sets ((period), (period, activity))
