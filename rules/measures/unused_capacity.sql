-- Unused capacity: cost pools less what the activities of the period used of them. Money, charged to no
-- customer. By activity. Null where no activity has a cost pool and a practical capacity.
-- optional: activities
select period, activity, sum(cost - used) as value
from activity_capacity
group by grouping sets ((period), (period, activity))
