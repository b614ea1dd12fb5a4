-- How customers went from one quarter with purchases to the next: all that can be asked about who was
-- active when, under any window and by cohort, in few rows.
--
-- cohort_no: the period of the first purchase ever. period_no, month_no: a period with purchases, and
--   the month of the last of them, counted from 0 at the first month of the first period.
-- next_…: the same of the next such period of the same customers; null where there is none yet.
-- customers: who took this step.
-- optional: products, customers
with
calendar as (
    select cast(min(date_part('year', starts) * 12 + date_part('month', starts)) as bigint) as first_month
    from periods
),
bought as (
    select
        q.customer_no,
        q.period_no,
        cast(date_part('year', q.last_purchase) * 12 + date_part('month', q.last_purchase) as bigint)
            - c.first_month as month_no
    from calendar c
    cross join customer_quarters q
    where q.last_purchase is not null
),
steps as (
    select
        first_value(period_no) over own as cohort_no,
        period_no,
        month_no,
        lead(period_no) over own as next_period_no,
        lead(month_no) over own as next_month_no
    from bought
    window own as (partition by customer_no order by period_no)
)
select cohort_no, period_no, month_no, next_period_no, next_month_no, count(*) as customers
from steps
group by cohort_no, period_no, month_no, next_period_no, next_month_no
order by cohort_no, period_no, month_no, next_period_no, next_month_no
