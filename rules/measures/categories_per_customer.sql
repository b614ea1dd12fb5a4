-- C3 Depth of relationship: distinct product categories bought within the activity window, per customer
-- active at the end of the period. Null where no category is named.
with
bought as (
    select customer_no, category_no, period_no, max(month_of_period) as month_of_period
    from sales
    where is_purchase and customer_no is not null and category_no is not null
    group by 1, 2, 3
),
-- A category counts in every period whose window holds its last purchase by then.
depth as (
    select period, count(*) as categories
    from (
        select distinct p.period, b.customer_no, b.category_no
        from settings w
        cross join periods p
        join bought b
            on b.period_no <= p.period_no
            and (b.period_no - 1) * 3 + b.month_of_period > p.period_no * 3 - w.activity_window_months
    )
    group by period
),
active as (
    select period, sum(closing) as closing from customer_totals group by period
)
select a.period, d.categories as numerator, a.closing as denominator
from active a
left join depth d on d.period = a.period
