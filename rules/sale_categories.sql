-- The product categories of the sales, told by their lines or by the products, numbered in the order of
-- their names.
-- optional: products
select row_number() over (order by category) as category_no, category
from (
    select category from transactions where category is not null
    union
    select category from sold_products where category is not null
)
