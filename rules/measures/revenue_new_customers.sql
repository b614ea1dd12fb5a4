-- Revenue from customers whose first purchase lies in the period. Money. Part of F1.
select period, coalesce(sum(revenue) filter (where is_new_customer), 0) as value
from period_sales
group by period
