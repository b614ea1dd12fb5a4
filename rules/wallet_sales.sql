-- What customers whose wallet is known by category bought of these categories: revenue of the period, and
-- of the twelve months that end with it (`revenue_12m`).
-- optional: products, customers
with
asked as (
    select distinct b.customer_no, w.customer_id, g.category_no, w.category
    from wallet w
    join buyers b on b.customer_id = w.customer_id
    join sale_categories g on g.category = w.category
),
bought as (
    select a.customer_id, a.category, s.period_no, sum(s.amount) as revenue
    from asked a
    join sales s on s.customer_no = a.customer_no and s.category_no = a.category_no
    group by a.customer_id, a.category, s.period_no
)
select
    b.customer_id,
    b.category,
    p.period,
    sum(b.revenue) filter (where b.period_no = p.period_no) as revenue,
    sum(b.revenue) as revenue_12m
from bought b
join periods p on b.period_no between p.period_no - 3 and p.period_no
group by b.customer_id, b.category, p.period
