-- The customer reconciliation statement, in total (segment null) and per segment:
--
--   opening + new + reactivated − lost_opening − lost_new + transferred_in − transferred_out = closing
--
-- Opening and lost customers stand under the segment of the period before, all others under that of
-- the period. merged and restated are zero within one run: identities are settled before anything is
-- counted, and every opening is the closing before it. Against figures published earlier, the ledger
-- restates.
with parts as (
    select
        period,
        segment,
        0 as opening,
        new,
        reactivated,
        0 as lost_opening,
        lost_new,
        closing,
        case when segment <> opening_segment then kept else 0 end as transferred_in,
        0 as transferred_out
    from customer_totals
    union all
    select
        period,
        opening_segment as segment,
        opening,
        0 as new,
        0 as reactivated,
        lost_opening,
        0 as lost_new,
        0 as closing,
        0 as transferred_in,
        case when segment <> opening_segment then kept else 0 end as transferred_out
    from customer_totals
)
select
    period,
    segment,
    sum(opening) as opening,
    sum(new) as new,
    sum(reactivated) as reactivated,
    sum(lost_opening) as lost_opening,
    sum(lost_new) as lost_new,
    sum(transferred_in) as transferred_in,
    sum(transferred_out) as transferred_out,
    0 as merged,
    0 as restated,
    sum(closing) as closing
from parts
group by grouping sets ((period), (period, segment))
