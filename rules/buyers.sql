-- One row per customer who bought, numbered in the order of the ids, with their first and last purchase
-- through the reported period.
--
-- A zero amount is a purchase (a gift); returns alone make nobody a customer. Where a list of
-- customers was supplied, only those on it count, and what others bought is unidentified revenue.
-- optional: customers
select
    row_number() over (order by b.customer_id) as customer_no,
    b.customer_id,
    b.first_purchase,
    b.last_purchase
from (
    select customer_id, min(date) as first_purchase, max(date) as last_purchase
    from transactions
    where customer_id is not null
      and amount >= 0
      and date <= (select max(ends) from periods)
    group by customer_id
) b
left join (select distinct customer_id from customers) c on c.customer_id = b.customer_id
cross join (
    select count(*) filter (where name = 'customers') > 0 as listed from supplied_tables
) s
where c.customer_id is not null or not s.listed
