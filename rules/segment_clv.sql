-- What customers of a segment are worth by formula, and the most to spend on them: one row per period
-- and segment, and one with a null segment for all. Money is per customer.
--
-- All is of a quarter, over the last four (`quarters`, fewer at the start of the data): retention of
--   the customers active at its start, in their segment then; margin, the contribution less cost to
--   serve and direct cost (revenue times the margin set, where no cost is known) per customer active at
--   its end.
-- new_customer: m(1 + d) / (1 + d - r), the first payment at once. residual: m r / (1 + d - r), of
--   one who has just paid. _truncated: of the payments within `horizon_months` alone.
-- retention_ceiling: the most to spend in a quarter to keep a customer, `[clv] retention-uplift` times
--   the residual value. acquisition_ceiling: the most to spend to win one, the value of a new customer
--   less `[clv] required-margin` of it. Never below zero.
-- Null where nobody was there who could have stayed, or nobody leaves and nothing is discounted.
with
looked_at as (
    select p.period, q.period as quarter
    from periods p
    join periods q on q.period_no between p.period_no - 3 and p.period_no
),
stayed as (
    select
        l.period,
        t.opening_segment as segment,
        sum(t.opening) as opening,
        sum(t.kept) as kept,
        count(distinct l.quarter) as quarters
    from looked_at l
    join customer_totals t on t.period = l.quarter
    group by grouping sets ((l.period), (l.period, t.opening_segment))
),
earned as (
    select
        l.period,
        t.segment,
        sum(t.closing) as closing,
        sum(t.profit) as profit,
        sum(t.revenue) as revenue
    from looked_at l
    join customer_totals t on t.period = l.quarter
    group by grouping sets ((l.period), (l.period, t.segment))
),
rates as (
    select
        s.period,
        s.segment,
        s.quarters,
        w.clv_horizon_months as horizon_months,
        w.clv_retention_uplift as uplift,
        w.clv_required_margin as required_margin,
        coalesce(
            cast(e.profit as double),
            cast(e.revenue as double) * coalesce(w.clv_margin, cast(w.margin as double))
        ) / nullif(cast(e.closing as double), 0) as margin,
        cast(s.kept as double) / nullif(cast(s.opening as double), 0) as retention,
        power(1 + w.clv_discount_rate, 0.25) - 1 as discount
    from settings w
    cross join stayed s
    left join earned e on e.period = s.period and e.segment is not distinct from s.segment
),
valued as (
    select
        *,
        margin * (1 + discount) / nullif(1 + discount - retention, 0) as new_customer,
        margin * retention / nullif(1 + discount - retention, 0) as residual,
        1 - power(retention / (1 + discount), (horizon_months + 2) / 3) as within_horizon
    from rates
)
select
    period,
    segment,
    quarters,
    margin,
    retention,
    discount,
    new_customer,
    residual,
    horizon_months,
    new_customer * within_horizon as new_customer_truncated,
    residual * within_horizon as residual_truncated,
    case when residual < 0 then 0 else uplift * residual end as retention_ceiling,
    case when new_customer < 0 then 0 else (1 - required_margin) * new_customer end as acquisition_ceiling
from valued
