-- How many days customers let pass between two days of purchase, and how often: the evidence for
-- how long a customer counts as active where `[activity] window-months` does not say.
select days, count(*) as gaps
from (
    select
        cast(
            cast(date as int) - cast(lag(date) over (partition by customer_id order by date) as int)
            as bigint
        ) as days
    from (
        select distinct customer_id, date
        from transactions
        where customer_id is not null
          and amount >= 0
          and date <= (select max(ends) from periods)
    )
)
where days is not null
group by days
order by days
