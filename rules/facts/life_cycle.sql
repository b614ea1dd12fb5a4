-- Where each customer stands in the relationship at the end of the period, the first that holds:
--
-- lapsed: no purchase within the activity window.
-- new: first purchase ever in the period. reactivated: back after a whole window without one.
-- at-risk: silent for more than three times the usual gap between orders, which is the days of the RFM
--   window (or since the first purchase) by the orders in it; after fewer than two orders, for more
--   than half the activity window. A month counts as a twelfth of 365 days.
-- loyal: active a year ago too, and four or more orders in the RFM window.
-- developing: all others.
-- Those who have not bought yet are prospects: the measure `life_cycle_customers` counts them.
select
    b.customer_id,
    b.period,
    case
        when not b.is_closing then 'lapsed'
        when b.is_new then 'new'
        when b.is_reactivated then 'reactivated'
        when b.frequency >= 2
            and b.recency_days * b.frequency > 3 * least(b.tenure_days, w.rfm_window_months * 365 / 12)
            then 'at-risk'
        when b.frequency < 2 and b.recency_days * 24 > w.activity_window_months * 365 then 'at-risk'
        when b.was_active_year_ago and b.frequency >= 4 then 'loyal'
        else 'developing'
    end as life_cycle_stage
from settings w
cross join customer_base b
