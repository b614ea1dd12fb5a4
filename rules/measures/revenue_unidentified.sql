-- Revenue for which no customer could be found. Money.
select period, coalesce(sum(revenue) filter (where not is_identified), 0) as value
from period_sales
group by period
