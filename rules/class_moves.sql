-- Class moves: per period, how many customers went from which value class to which. Null in
-- from_class: not active at the period's start; null in to_class: not active at its end.
with steps as (
    select
        period,
        case when is_opening then opening_segment end as from_class,
        case when is_closing then segment end as to_class
    from customer_periods
    where is_opening or is_closing
)
select period, from_class, to_class, count(*) as customers
from steps
group by period, from_class, to_class
