-- The whale curve in figures, over the twelve months that end with each period: one row per period and
-- segment, and one with a null segment for all customers.
--
-- Customers by profit, the best first: cumulative profit rises to `peak` with the last who brings a profit
-- (`profitable` of `customers`; those up to `breaking_even` bring none and cost none), and falls by `losses`
-- to `total`. A curve relative to its total says something only where `is_relative`: the total is positive,
-- and no less than a twentieth of gains and losses together, beyond which percentages explode (published
-- curves peak at 120 % to 225 % of the total); else it is drawn in money.
-- new_…: of customers who first bought within the twelve months. with_costs, revenue_with_costs:
-- customers for whom any cost to serve or direct cost is recorded, and their revenue; unknown,
-- revenue_unknown: customers who bought and whose contribution is not known, who are in no other column.
-- optional: products, customers
with
parts as (
    select
        period,
        segment,
        quarters,
        1 as customers,
        is_new,
        revenue,
        costs,
        profit,
        0 as unknown,
        cast(null as decimal(38, 2)) as revenue_unknown
    from customer_profits
    union all
    select
        period,
        coalesce(segment, '') as segment,
        null as quarters,
        0 as customers,
        null as is_new,
        null as revenue,
        null as costs,
        null as profit,
        1 as unknown,
        revenue_12m as revenue_unknown
    from customer_periods
    where contribution_12m is null and revenue_12m <> 0
),
sums as (
    select
        period,
        segment,
        max(quarters) as quarters,
        sum(customers) as customers,
        count(*) filter (where profit > 0) as profitable,
        count(*) filter (where profit >= 0) as breaking_even,
        count(*) filter (where profit < 0) as unprofitable,
        coalesce(sum(profit), 0) as total,
        coalesce(sum(profit) filter (where profit > 0), 0) as peak,
        coalesce(-sum(profit) filter (where profit < 0), 0) as losses,
        coalesce(sum(revenue), 0) as revenue,
        case when count(is_new) > 0 then count(*) filter (where is_new) end as new_customers,
        case when count(is_new) > 0 then count(*) filter (where is_new and profit < 0) end as new_unprofitable,
        case when count(is_new) > 0 then coalesce(-sum(profit) filter (where is_new and profit < 0), 0) end as new_losses,
        count(*) filter (where costs <> 0) as with_costs,
        coalesce(sum(revenue) filter (where costs <> 0), 0) as revenue_with_costs,
        sum(unknown) as unknown,
        coalesce(sum(revenue_unknown), 0) as revenue_unknown
    from parts
    group by grouping sets ((period), (period, segment))
)
select *, total > 0 and 20 * total >= peak + losses as is_relative
from sums
where customers > 0
