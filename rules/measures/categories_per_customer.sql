-- C3 Depth of relationship: distinct product categories bought within the activity window, per customer
-- active at the end of the period. Null where no category is named.
with
bought as (
    select customer_no, category_no, period_no, max(month_of_period) as month_of_period
    from sales
    where is_purchase and customer_no is not null and category_no is not null
    group by 1, 2, 3
),
-- A category counts from the quarter of a purchase until the window has passed it, or until it is
-- bought again and counts anew.
spans as (
    select
        b.period_no as from_no,
        least(
            ((b.period_no - 1) * 3 + b.month_of_period + w.activity_window_months + 2) / 3,
            coalesce(
                lead(b.period_no) over (partition by b.customer_no, b.category_no order by b.period_no),
                1000000
            )
        ) as until_no
    from bought b
    cross join settings w
),
counts as (
    select from_no, until_no, count(*) as categories from spans group by 1, 2
),
depth as (
    select p.period, sum(c.categories) as categories
    from periods p
    join counts c on c.from_no <= p.period_no and p.period_no < c.until_no
    group by p.period
),
active as (
    select period, sum(closing) as closing from customer_totals group by period
)
select a.period, d.categories as numerator, a.closing as denominator
from active a
left join depth d on d.period = a.period
