-- Revenue from products launched within twelve months before the sale. Money. Part of F1.
-- Null where no product has a launch day.
select
    s.period,
    case when max(l.launched) > 0 then coalesce(sum(s.revenue) filter (where s.is_new_product), 0) end as value
from period_sales s
cross join (select count(launched_on) as launched from products) l
group by s.period
