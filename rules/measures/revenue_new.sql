-- F1 Revenue from new customers and new products: sales to customers whose first purchase lies in the
-- period, or of products launched within twelve months before the sale; what is both counts once.
-- Money.
select period, coalesce(sum(revenue) filter (where is_new_customer or is_new_product), 0) as value
from period_sales
group by period
