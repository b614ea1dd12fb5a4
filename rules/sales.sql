-- The lines of `transactions` through the reported period, with numbers for what is counted; the
-- names are in `buyers`, `sold_products`, `sale_channels` and `sale_categories`.
--
-- contribution: amount less cost of goods; the cost is `cost`, else amount less `profit`, else the
--   product's unit cost times the quantity (less than nothing for a return). Null where none is known.
-- order_no: the same for all lines of one order: a customer's purchases of a day, or of an invoice
--   where the client counts invoices. An invoice over several days is dated by its first purchase.
-- new_product: launched within the twelve months before the sale.
-- The small table stands first in every join: it is held in memory, and the lines stream past it.
-- optional: products, customers
with
calendar as (
    select cast(min(date_part('year', starts) * 12 + date_part('month', starts)) as bigint) as first_month
    from periods
),
invoices as (
    select
        customer_id,
        invoice_id,
        min(date) as date,
        row_number() over (order by customer_id, invoice_id) as invoice_no
    from settings
    cross join transactions
    where settings.order_unit = 'invoice'
      and customer_id is not null
      and invoice_id is not null
      and amount >= 0
    group by customer_id, invoice_id
),
lines as (
    select
        t.date,
        cast(date_part('year', t.date) * 12 + date_part('month', t.date) as bigint) - c.first_month as months,
        t.customer_id,
        t.invoice_id,
        coalesce(t.product_id, t.product_name) as product,
        t.channel,
        t.category,
        t.quantity,
        t.amount,
        coalesce(t.cost, t.amount - t.profit) as cost
    from calendar c
    cross join transactions t
),
first_purchases as (
    select
        b.customer_no,
        b.customer_id,
        cast(date_part('year', b.first_purchase) * 12 + date_part('month', b.first_purchase) as bigint)
            - c.first_month as first_months
    from calendar c
    cross join buyers b
),
of_buyers as (
    select l.*, b.customer_no, b.first_months
    from first_purchases b
    right join lines l on b.customer_id = l.customer_id
),
of_products as (
    select
        l.months,
        l.date,
        l.customer_id,
        l.customer_no,
        l.first_months,
        l.invoice_id,
        p.product_no,
        l.channel,
        coalesce(l.category, p.category) as category,
        l.amount,
        l.amount - coalesce(
            l.cost,
            case when l.amount < 0 then -abs(l.quantity) else l.quantity end * p.unit_cost
        ) as contribution,
        p.launched_on + interval '12 months' > l.date and p.launched_on <= l.date as new_product
    from sold_products p
    right join of_buyers l on p.product = l.product
),
of_orders as (
    select
        l.*,
        coalesce(-cast(i.invoice_no as bigint), cast(cast(l.date as int) as bigint)) as order_no,
        coalesce(i.date, l.date) as order_date
    from invoices i
    right join of_products l on i.customer_id = l.customer_id and i.invoice_id = l.invoice_id
)
select
    l.months / 3 + 1 as period_no,
    l.months % 3 + 1 as month_of_period,
    l.date,
    l.customer_no,
    l.order_no,
    l.amount >= 0 as is_purchase,
    l.amount >= 0 and l.order_date = l.date as is_order,
    coalesce(l.first_months / 3 = l.months / 3, false) as is_new_customer,
    coalesce(l.new_product, false) as is_new_product,
    l.product_no,
    h.channel_no,
    g.category_no,
    l.amount,
    cast(l.contribution as decimal(38, 4)) as contribution
from sale_categories g
right join (
    sale_channels h
    right join of_orders l on h.channel = l.channel
) on g.category = l.category
