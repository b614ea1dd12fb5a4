-- The customer base: one row per customer and period, from that of the first purchase on.
--
-- active at a day: a purchase in the `activity_window_months` that end with it. opening: active at
--   the day before the period; closing: active at its end; new: first purchase ever in it;
--   reactivated: known before, not opening, closing; lost: opening, or new, and not closing.
-- was_active_year_ago: active at the end of the same period a year earlier.
-- orders, revenue, contribution, products, channels: of the period. Returns count on their own date.
-- frequency, monetary: orders and revenue of the `rfm_window_months` that end with the period.
-- revenue_12m, contribution_12m: of the period and the three before it.
-- revenue_year_ago, contribution_year_ago: of the same period a year earlier; null where the data
--   do not reach back that far, and a contribution also where no cost was known of what was bought then.
-- recency_days: from the last purchase ever to the period's end. tenure_days: from the first.
-- purchase_before: the last purchase before the period.
-- contribution: null where no cost is known. products, channels: null where the data name none.
-- optional: products, customers
-- one period at a time: period
with
this as (
    select p.*, a.closing_from, a.opening_from, a.year_ago_from
    from periods p
    join activity_windows a on a.period = p.period
    where p.period = $period
),
known as (
    select
        sum(products) > 0 as products,
        sum(channels) > 0 as channels,
        count(contribution) > 0 as costs
    from customer_quarters
),
-- The period looks back on all quarters through its own; how far says each filter. A look-back that
-- is no whole number of quarters takes the late months of the one it cuts.
running as (
    select
        q.customer_no,
        coalesce(sum(q.orders) filter (where q.period_no = $period_no), 0) as orders,
        coalesce(sum(q.revenue) filter (where q.period_no = $period_no), 0) as revenue,
        sum(q.contribution) filter (where q.period_no = $period_no) as contribution,
        coalesce(sum(q.products) filter (where q.period_no = $period_no), 0) as products,
        coalesce(sum(q.channels) filter (where q.period_no = $period_no), 0) as channels,
        max(q.last_purchase) as last_purchase,
        max(q.last_purchase) filter (where q.period_no < $period_no) as purchase_before,
        max(q.last_purchase) filter (where q.period_no < $period_no - 3) as purchase_year_ago,
        coalesce(sum(
            case when q.period_no > p.whole_from_no then q.orders else q.late_orders end
        ) filter (where q.period_no >= p.whole_from_no), 0) as frequency,
        coalesce(sum(
            case when q.period_no > p.whole_from_no then q.revenue else q.late_revenue end
        ) filter (where q.period_no >= p.whole_from_no), 0) as monetary,
        coalesce(sum(q.revenue) filter (where q.period_no > $period_no - 4), 0) as revenue_12m,
        sum(q.contribution) filter (where q.period_no > $period_no - 4) as contribution_12m,
        sum(q.revenue) filter (where q.period_no = $period_no - 4) as revenue_year_ago,
        sum(q.contribution) filter (where q.period_no = $period_no - 4) as contribution_year_ago
    from (select $period_no - rfm_window_months / 3 as whole_from_no from settings) p
    cross join customer_quarters q
    where q.period_no <= $period_no
    group by q.customer_no
),
states as (
    select
        r.*,
        b.customer_id,
        b.first_purchase,
        p.period,
        p.period_no,
        p.ends,
        b.first_purchase >= p.starts as is_new,
        coalesce(r.purchase_before >= p.opening_from, false) as is_opening,
        r.last_purchase >= p.closing_from as is_closing,
        coalesce(r.purchase_year_ago >= p.year_ago_from, false) as was_active_year_ago
    from this p
    cross join running r
    -- Last, so that rows come in the order of the buyers and need no sorting.
    join buyers b on b.customer_no = r.customer_no
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
    s.was_active_year_ago,
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
    s.purchase_before,
    case when k.products then s.products end as products,
    case when k.channels then s.channels end as channels,
    s.revenue_12m,
    s.contribution_12m,
    case when s.period_no > 4 then coalesce(s.revenue_year_ago, 0) end as revenue_year_ago,
    case when s.period_no > 4 and k.costs
        and (s.contribution_year_ago is not null or coalesce(s.revenue_year_ago, 0) = 0)
        then coalesce(s.contribution_year_ago, 0) end as contribution_year_ago
from known k
cross join states s
