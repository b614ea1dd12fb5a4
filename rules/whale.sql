-- The whale curve in figures, over the twelve months that end with each period: one row per period and
-- segment, and one with a null segment for all customers.
--
-- Customers by profit, the best first: cumulative profit rises to `peak` with the last who brings a profit
-- (`profitable` of `customers`; those up to `breaking_even` bring none and cost none), and falls by `losses`
-- to `total`. A curve relative to its total says something only where `is_relative`: the total is positive,
-- and no less than a twentieth of gains and losses together, beyond which percentages explode (published
-- curves peak at 140 % to 225 % of the total: R. Cooper, R. S. Kaplan, 1991); else it is drawn in money.
-- new_…: of customers who first bought within the twelve months. with_costs, revenue_with_costs:
-- customers for whom any cost to serve or direct cost is recorded, and their revenue; unknown,
-- revenue_unknown: customers who bought and whose contribution is not known, who are in no other column.
-- A customer is in it who bought or cost anything in the twelve months: profit is `contribution_12m` less
-- `costs_12m`, where the contribution is known or nothing was bought.
-- optional: products, customers
with
parts as (
    select
        c.period,
        coalesce(c.segment, '') as segment,
        p.quarters,
        case when p.is_whole then c.first_purchase >= p.since end as is_new,
        c.revenue_12m as revenue,
        coalesce(c.costs_12m, 0) as costs,
        case when c.contribution_12m is not null or c.revenue_12m = 0 and c.costs_12m <> 0
            then coalesce(c.contribution_12m, 0) - coalesce(c.costs_12m, 0) end as profit
    from (select count(contribution) > 0 as known from period_sales) k
    cross join (
        select p.period, least(p.period_no, 4) as quarters, p.period_no > 4 as is_whole, f.starts as since
        from periods p
        join periods f on f.period_no = greatest(p.period_no - 3, 1)
    ) p
    join customer_periods c on c.period = p.period
    where k.known and (c.contribution_12m is not null or c.revenue_12m <> 0 or c.costs_12m <> 0)
),
sums as (
    select
        period,
        segment,
        max(quarters) as quarters,
        count(profit) as customers,
        count(*) filter (where profit > 0) as profitable,
        count(*) filter (where profit >= 0) as breaking_even,
        count(*) filter (where profit < 0) as unprofitable,
        coalesce(sum(profit), 0) as total,
        coalesce(sum(profit) filter (where profit > 0), 0) as peak,
        coalesce(-sum(profit) filter (where profit < 0), 0) as losses,
        coalesce(sum(revenue) filter (where profit is not null), 0) as revenue,
        case when count(is_new) > 0 then count(profit) filter (where is_new) end as new_customers,
        case when count(is_new) > 0 then count(*) filter (where is_new and profit < 0) end as new_unprofitable,
        case when count(is_new) > 0 then coalesce(-sum(profit) filter (where is_new and profit < 0), 0) end as new_losses,
        count(profit) filter (where costs <> 0) as with_costs,
        coalesce(sum(revenue) filter (where profit is not null and costs <> 0), 0) as revenue_with_costs,
        count(*) filter (where profit is null) as unknown,
        coalesce(sum(revenue) filter (where profit is null), 0) as revenue_unknown
    from parts
    group by grouping sets ((period), (period, segment))
)
select *, total > 0 and 20 * total >= peak + losses as is_relative
from sums
where customers > 0
