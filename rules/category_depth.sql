-- Distinct product categories bought within the activity window that ends with each period, summed over
-- customers: a category counts in every period whose window holds a purchase in it.
-- Distinct values are counted with a filter, not a WHERE: then they are counted in one pass, a number each.
-- one period at a time: period_no
select
    p.period_no,
    count(distinct s.customer_no * 1000000 + s.category_no) filter (where s.is_purchase) as categories
from settings w
cross join periods p
join sales s
    on s.period_no <= p.period_no
    and (s.period_no - 1) * 3 + s.month_of_period > p.period_no * 3 - w.activity_window_months
group by p.period_no
having count(distinct s.customer_no * 1000000 + s.category_no) filter (where s.is_purchase) > 0
