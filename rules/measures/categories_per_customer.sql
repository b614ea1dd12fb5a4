-- C3 Depth of relationship: distinct product categories bought within the activity window, per customer
-- active at the end of the period. Null where no category is named.
with active as (
    select period, sum(closing) as closing from customer_totals group by period
)
select a.period, d.categories as numerator, a.closing as denominator
from active a
join periods p on p.period = a.period
left join category_depth d on d.period_no = p.period_no
