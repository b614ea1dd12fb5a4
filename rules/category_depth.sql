-- Distinct product categories bought within the activity window that ends with each period, summed over
-- customers: a category counts in every period whose window holds a purchase in it.
-- Distinct values are counted with a filter, not a WHERE: then they are counted in one pass, a number each.
-- one period at a time: period_no
select
    max($period_no) as period_no,
    count(distinct customer_no * 1000000 + category_no) filter (where is_purchase) as categories
from sales
where period_no <= $period_no
    and (period_no - 1) * 3 + month_of_period
        > $period_no * 3 - (select activity_window_months from settings)
having count(distinct customer_no * 1000000 + category_no) filter (where is_purchase) > 0
