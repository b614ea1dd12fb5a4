-- The names of customers, one each: the first in the alphabet where files disagree.
-- optional: customers
select customer_id, min(name) as name
from customers
where name is not null
group by customer_id
