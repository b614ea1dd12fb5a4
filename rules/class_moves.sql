-- Class moves: per period, how many customers went from which value class to which. Null in
-- from_class: not active at the period's start; null in to_class: not active at its end.
--
-- because, in the reported period: `behaviour` where a customer would have changed class by the cuts
-- of the period before too, `ruler` where it would not have; null for who stayed, came or left.
with steps as (
    select
        period,
        case when is_opening then opening_segment end as from_class,
        case when is_closing then segment end as to_class,
        cast(null as varchar) as because
    from customer_periods
    where (is_opening or is_closing)
        and period <> (select reported_period from settings)
    union all
    select
        r.period,
        case when r.is_opening then r.opening_segment end as from_class,
        case when r.is_closing then r.segment end as to_class,
        case when r.is_opening and r.is_closing then m.segment_because end as because
    from reported_customers r
    left join customer_moves m on m.customer_id = r.customer_id
    where r.is_opening or r.is_closing
)
select period, from_class, to_class, because, count(*) as customers
from steps
group by period, from_class, to_class, because
