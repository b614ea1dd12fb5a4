-- One row per product that was sold, numbered; a product without an id goes by its name.
-- optional: products
select
    row_number() over (order by s.product) as product_no,
    s.product,
    p.category,
    p.launched_on,
    p.unit_cost
from (
    select distinct coalesce(product_id, product_name) as product from transactions
) s
left join (
    select
        product_id,
        max(category) as category,
        max(launched_on) as launched_on,
        max(unit_cost) as unit_cost
    from products
    group by product_id
) p on p.product_id = s.product
where s.product is not null
