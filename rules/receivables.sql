-- What customers owe at the end of each period, by how long it is overdue: one row per period and
-- customer (empty: not stated) who owes or bought on credit, and one with a null customer for all.
--
-- A sale on credit has a due date or the day it was paid on; without a due date it is due after the
--   customer's credit days, else at once. Owed is the amount with tax, from the sale until the day it
--   is paid. A return without dates of its own goes with the sale it takes back.
-- not_due: due on the period's last day or later; days_1_30 and so on: overdue by so many days.
-- days_sales_outstanding: outstanding ÷ the period's sales on credit × its days; null without any.
-- No rows where the data say of no sale when it was paid: everything would seem to be owed.
-- optional: customers
with
originals as (
    select transaction_id, max(due_date) as due_date, max(paid_date) as paid_date
    from transactions
    where transaction_id is not null and (due_date is not null or paid_date is not null)
    group by transaction_id
),
terms as (
    select customer_id, max(credit_days) as credit_days from customers group by customer_id
),
dated as (
    select
        t.customer_id,
        cast(t.date as int) as sold,
        coalesce(cast(t.due_date as int), cast(o.due_date as int)) as due,
        coalesce(cast(t.paid_date as int), cast(o.paid_date as int)) as paid,
        cast(t.amount + coalesce(t.tax, 0) as decimal(38, 4)) as owed
    from originals o
    right join transactions t on o.transaction_id = t.returns_transaction_id
),
credit as (
    select
        coalesce(d.customer_id, '') as customer_id,
        d.sold,
        coalesce(cast(d.due as bigint), cast(d.sold as bigint) + coalesce(t.credit_days, 0)) as due,
        d.paid,
        d.owed
    from terms t
    right join dated d on t.customer_id = d.customer_id
    where d.due is not null or d.paid is not null
),
standing as (
    select
        p.period,
        c.customer_id,
        cast(p.ends as int) - cast(p.starts as int) + 1 as days,
        case when c.sold >= cast(p.starts as int) then c.owed end as credit_sales,
        case when c.paid is null or c.paid > cast(p.ends as int) then c.owed end as outstanding,
        cast(cast(p.ends as int) as bigint) - c.due as late
    from periods p
    join credit c
        on c.sold <= cast(p.ends as int)
        and (c.paid is null or c.paid > cast(p.ends as int) or c.sold >= cast(p.starts as int))
),
summed as (
    select
        period,
        customer_id,
        max(days) as days,
        coalesce(sum(outstanding), 0) as outstanding,
        coalesce(sum(outstanding) filter (where late <= 0), 0) as not_due,
        coalesce(sum(outstanding) filter (where late between 1 and 30), 0) as days_1_30,
        coalesce(sum(outstanding) filter (where late between 31 and 60), 0) as days_31_60,
        coalesce(sum(outstanding) filter (where late between 61 and 90), 0) as days_61_90,
        coalesce(sum(outstanding) filter (where late > 90), 0) as days_over_90,
        coalesce(sum(credit_sales), 0) as credit_sales
    from standing
    group by grouping sets ((period), (period, customer_id))
)
select
    s.period,
    s.customer_id,
    s.outstanding,
    s.not_due,
    s.days_1_30,
    s.days_31_60,
    s.days_61_90,
    s.days_over_90,
    s.outstanding - s.not_due as overdue,
    s.credit_sales,
    case
        when s.credit_sales > 0
            then cast(s.outstanding as double) / cast(s.credit_sales as double) * cast(s.days as double)
    end as days_sales_outstanding
from summed s
cross join (select count(paid_date) > 0 as known from transactions) k
where k.known
