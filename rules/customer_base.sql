-- The customer base: one row per customer and period, from that of the first purchase on.
--
-- active at a day: a purchase in the `activity_window_months` that end with it. opening: active at
--   the day before the period; closing: active at its end; new: first purchase ever in it;
--   reactivated: known before, not opening, closing; lost: opening, or new, and not closing.
-- orders, revenue, contribution, products, channels: of the period. Returns count on their own date.
-- frequency, monetary: orders and revenue of the `rfm_window_months` that end with the period.
-- revenue_12m, contribution_12m: of the period and the three before it.
-- revenue_year_ago, contribution_year_ago: of the same period a year earlier; null where the data
--   do not reach back that far.
-- recency_days: from the last purchase ever to the period's end. tenure_days: from the first.
-- contribution: null where no cost is known. products, channels: null where the data name none.
-- optional: products, customers
with
numbered as (
    select
        period,
        starts,
        ends,
        cast(date_part('year', ends) * 12 + date_part('month', ends) as bigint) as last_month,
        row_number() over (order by starts) as period_no
    from periods
),
known as (
    select
        sum(products) > 0 as products,
        sum(channels) > 0 as channels,
        count(contribution) > 0 as costs
    from customer_quarters
),
-- A look-back is summed by what enters it and what leaves it again, so that no period has to look
-- at the ones before: a quarter leaves when the window's whole quarters have passed it, its late
-- months one quarter later.
flows as (
    select
        b.customer_no,
        p.period_no,
        0 as orders,
        0 as revenue,
        cast(null as decimal(38, 4)) as contribution,
        cast(null as date) as last_purchase,
        0 as products,
        0 as channels,
        0 as frequency,
        0 as monetary
    from buyers b
    join numbered p on p.ends >= b.first_purchase
    union all
    select
        customer_no,
        period_no,
        orders,
        revenue,
        contribution,
        last_purchase,
        products,
        channels,
        orders as frequency,
        revenue as monetary
    from customer_quarters
    union all
    select
        q.customer_no,
        q.period_no + w.rfm_window_months / 3 as period_no,
        0 as orders,
        0 as revenue,
        null as contribution,
        null as last_purchase,
        0 as products,
        0 as channels,
        q.late_orders - q.orders as frequency,
        coalesce(q.late_revenue, 0) - q.revenue as monetary
    from customer_quarters q
    cross join settings w
    union all
    select
        q.customer_no,
        q.period_no + w.rfm_window_months / 3 + 1 as period_no,
        0 as orders,
        0 as revenue,
        null as contribution,
        null as last_purchase,
        0 as products,
        0 as channels,
        -q.late_orders as frequency,
        -q.late_revenue as monetary
    from customer_quarters q
    cross join settings w
    where w.rfm_window_months % 3 > 0
),
quarters as (
    select
        customer_no,
        period_no,
        sum(orders) as orders,
        sum(revenue) as revenue,
        sum(contribution) as contribution,
        max(last_purchase) as last_purchase,
        sum(products) as products,
        sum(channels) as channels,
        sum(frequency) as frequency,
        sum(monetary) as monetary
    from flows
    where period_no <= (select count(*) from periods)
    group by customer_no, period_no
),
running as (
    select
        customer_no,
        period_no,
        orders,
        revenue,
        contribution,
        products,
        channels,
        max(last_purchase) over before as purchase_before,
        max(last_purchase) over so_far as last_purchase,
        sum(frequency) over so_far as frequency,
        sum(monetary) over so_far as monetary,
        sum(revenue) over a_year as revenue_12m,
        sum(contribution) over a_year as contribution_12m,
        lag(revenue, 4) over by_period as revenue_year_ago,
        lag(contribution, 4) over by_period as contribution_year_ago
    from quarters
    window
        by_period as (partition by customer_no order by period_no),
        so_far as (partition by customer_no order by period_no rows between unbounded preceding and current row),
        before as (partition by customer_no order by period_no rows between unbounded preceding and 1 preceding),
        a_year as (partition by customer_no order by period_no rows between 3 preceding and current row)
),
states as (
    select
        r.*,
        b.customer_id,
        b.first_purchase,
        p.period,
        p.ends,
        b.first_purchase >= p.starts as is_new,
        coalesce(
            cast(date_part('year', r.purchase_before) * 12 + date_part('month', r.purchase_before) as bigint)
                > p.last_month - 3 - w.activity_window_months,
            false
        ) as is_opening,
        cast(date_part('year', r.last_purchase) * 12 + date_part('month', r.last_purchase) as bigint)
            > p.last_month - w.activity_window_months as is_closing
    from running r
    join buyers b on b.customer_no = r.customer_no
    join numbered p on p.period_no = r.period_no
    cross join settings w
    -- A return before the first purchase makes a period, but no customer.
    where p.ends >= b.first_purchase
)
select
    s.customer_id,
    s.period,
    s.is_opening,
    s.is_new,
    s.is_closing and not s.is_opening and not s.is_new as is_reactivated,
    s.is_opening and not s.is_closing as is_lost_opening,
    s.is_new and not s.is_closing as is_lost_new,
    s.is_closing,
    s.orders,
    s.revenue,
    case when k.costs and (s.contribution is not null or s.orders = 0 and s.revenue = 0)
        then coalesce(s.contribution, 0) end as contribution,
    cast(cast(s.ends as int) - cast(s.last_purchase as int) as bigint) as recency_days,
    s.frequency,
    s.monetary,
    cast(cast(s.ends as int) - cast(s.first_purchase as int) as bigint) as tenure_days,
    s.first_purchase,
    s.last_purchase,
    case when k.products then s.products end as products,
    case when k.channels then s.channels end as channels,
    s.revenue_12m,
    s.contribution_12m,
    case when s.period_no > 4 then coalesce(s.revenue_year_ago, 0) end as revenue_year_ago,
    case when s.period_no > 4 and k.costs then coalesce(s.contribution_year_ago, 0) end as contribution_year_ago
from states s
cross join known k
order by s.period_no, s.customer_no
