-- How much of the gain in revenue of the customers active at the start of the reported period is price and
-- how much is volume: one row per segment they had at the start, and one with a null segment for all.
--
-- price: (price now − price then) × quantity now, product by product, of products bought in both periods;
--   volume: (quantity now − quantity then) × price then, and products bought in one of the two alone; a
--   price is what the segment paid for the product, amount ÷ quantity. (Sales-price and sales-volume
--   variance: C. T. Horngren, S. M. Datar, M. V. Rajan, Cost Accounting.) unsplit: lines without a product
--   or a quantity. The three come to the gain in revenue; the total is the sum of the segments.
-- No rows in the first year.
-- optional: customers
with
of_base as (
    select
        coalesce(c.opening_segment, '') as segment,
        b.product,
        coalesce(sum(b.quantity) filter (where not b.is_now), 0) as quantity_then,
        coalesce(sum(b.quantity) filter (where b.is_now), 0) as quantity_now,
        coalesce(sum(b.amount) filter (where not b.is_now), 0) as amount_then,
        coalesce(sum(b.amount) filter (where b.is_now), 0) as amount_now
    from reported_customers c
    join products_then_and_now b on b.customer_id = c.customer_id
    where c.is_opening
    group by 1, 2
),
priced as (
    select
        segment,
        product is not null as is_split,
        amount_now - amount_then as gain,
        case when product is not null and quantity_then > 0 and quantity_now > 0 then
            cast(
                cast(amount_now as double)
                    - cast(amount_then as double) / cast(quantity_then as double) * cast(quantity_now as double)
                as decimal(38, 4)
            )
        else 0 end as price
    from of_base
)
select
    segment,
    sum(price) as price,
    sum(case when is_split then gain - price else 0 end) as volume,
    sum(case when is_split then 0 else gain end) as unsplit
from priced
group by grouping sets ((), (segment))
having count(*) > 0
