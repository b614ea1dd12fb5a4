-- Distinct product categories bought within the activity window that ends with each period, summed over
-- customers: a category counts in every period whose window holds a purchase in it.
-- one period at a time: period_no
select period_no, count(*) as categories
from (
    select distinct p.period_no, s.customer_no, s.category_no
    from settings w
    cross join periods p
    join sales s
        on s.period_no <= p.period_no
        and (s.period_no - 1) * 3 + s.month_of_period > p.period_no * 3 - w.activity_window_months
    where s.is_purchase and s.customer_no is not null and s.category_no is not null
)
group by period_no
