-- What `customer_periods` adds up to per period, segment and opening segment: few rows, from which
-- most measures about customers read. A period without customers has one row of zeros.
--
-- segment: of the period; opening_segment: of the period before, for those who were active then, and
--   of the period for all others. An empty text is *not stated*.
-- kept: opening and closing. year_ago…: active at the end of the same period a year earlier, and of
--   them now. closing_…: of the customers active at the end of the period.
-- look_back_…: customers with one, and with two or more orders in the `rfm_window_months`.
-- then_…: of the customers with revenue in the same period a year earlier: their revenue then and
--   now, and the smaller of the two.
-- opening_…: of the customers active at the start: now, and in the same period a year earlier.
-- profit: contribution less cost to serve and direct cost, where the contribution is known;
--   costs_without_profit: the costs of the others.
select
    p.period,
    coalesce(c.segment, '') as segment,
    case when c.is_opening then coalesce(c.opening_segment, '') else coalesce(c.segment, '') end as opening_segment,
    count(*) filter (where c.is_opening) as opening,
    count(*) filter (where c.is_new) as new,
    count(*) filter (where c.is_reactivated) as reactivated,
    count(*) filter (where c.is_lost_opening) as lost_opening,
    count(*) filter (where c.is_lost_new) as lost_new,
    count(*) filter (where c.is_closing) as closing,
    count(*) filter (where c.is_opening and c.is_closing) as kept,
    count(*) filter (where c.was_active_year_ago) as year_ago,
    count(*) filter (where c.was_active_year_ago and c.is_closing) as year_ago_kept,
    coalesce(sum(c.orders), 0) as orders,
    coalesce(sum(c.revenue), 0) as revenue,
    sum(c.contribution) as contribution,
    sum(c.contribution - coalesce(c.cost_to_serve, 0) - coalesce(c.direct_cost, 0)) as profit,
    sum(coalesce(c.cost_to_serve, 0) + coalesce(c.direct_cost, 0)) filter (where c.contribution is null) as costs_without_profit,
    count(*) filter (where c.is_closing and c.contribution is not null) as closing_with_profit,
    count(*) filter (
        where c.is_closing and c.contribution - coalesce(c.cost_to_serve, 0) - coalesce(c.direct_cost, 0) < 0
    ) as closing_unprofitable,
    sum(c.products) filter (where c.is_closing) as closing_products,
    sum(c.tenure_days) filter (where c.is_closing) as closing_tenure_days,
    sum(c.actual_value) filter (where c.is_closing) as closing_value,
    sum(cast(c.strength as decimal(20, 6))) filter (where c.is_closing) as closing_strength,
    count(c.strength) filter (where c.is_closing) as closing_with_strength,
    sum(cast(c.attractiveness as decimal(20, 6))) filter (where c.is_closing) as closing_attractiveness,
    count(c.attractiveness) filter (where c.is_closing) as closing_with_attractiveness,
    count(*) filter (where c.frequency > 0) as look_back_buyers,
    count(*) filter (where c.frequency > 1) as look_back_repeaters,
    sum(c.revenue_year_ago) filter (where c.revenue_year_ago > 0) as then_revenue,
    sum(c.revenue) filter (where c.revenue_year_ago > 0) as then_revenue_now,
    sum(least(c.revenue, c.revenue_year_ago)) filter (where c.revenue_year_ago > 0) as then_revenue_kept,
    sum(c.revenue_year_ago) filter (where c.is_opening) as opening_revenue_then,
    sum(c.contribution_year_ago) filter (where c.is_opening and c.contribution is not null) as opening_contribution_then,
    sum(c.revenue - c.revenue_year_ago) filter (where c.is_opening) as opening_revenue_gain,
    sum(c.contribution - c.contribution_year_ago) filter (where c.is_opening) as opening_contribution_gain
from periods p
left join customer_periods c on c.period = p.period
group by 1, 2, 3
