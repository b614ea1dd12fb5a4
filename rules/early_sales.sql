-- Sales to customers before their first purchase, which are returns: they belong to a period, but to no
-- row of the customer base.
-- optional: products, customers
select
    p.period,
    sum(q.revenue) as revenue,
    sum(q.contribution) as contribution
from buyers b
join customer_quarters q on q.customer_no = b.customer_no
join periods p on p.period_no = q.period_no
where p.ends < b.first_purchase
group by p.period
