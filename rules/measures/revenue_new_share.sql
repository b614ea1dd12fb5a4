-- F1 Revenue from new customers and new products, as a share of all revenue. See `revenue_new`.
select
    period,
    coalesce(sum(revenue) filter (where is_new_customer or is_new_product), 0) as numerator,
    sum(revenue) as denominator
from period_sales
group by period
