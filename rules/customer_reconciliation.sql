-- The customer reconciliation statement, in total (segment null) and per segment:
--
--   published − merged + restated = opening
--   opening + new + reactivated − lost_opening − lost_new + transferred_in − transferred_out = closing
--
-- zero_loss_base: opening + new, what there would be had nobody been lost (ระดับอัตราการสูญเสียเป็นศูนย์).
-- Opening and lost customers stand under the segment of the period before, all others under that of
-- the period. Every opening is the closing before it as the data have it now.
-- published: of the reported period, the closing of the period before as its reports say; null where
--   there are none. merged: ids of them that were one customer's. restated: what else has changed since
--   then: late and edited lines, rules, settings. Both are 0 where nothing was published.
with parts as (
    select
        period,
        segment,
        0 as published,
        0 as merged,
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
        0 as published,
        0 as merged,
        opening,
        0 as new,
        0 as reactivated,
        lost_opening,
        0 as lost_new,
        0 as closing,
        0 as transferred_in,
        case when segment <> opening_segment then kept else 0 end as transferred_out
    from customer_totals
    union all
    select
        period,
        segment,
        customers as published,
        merged,
        0 as opening,
        0 as new,
        0 as reactivated,
        0 as lost_opening,
        0 as lost_new,
        0 as closing,
        0 as transferred_in,
        0 as transferred_out
    from published_openings
),
sums as (
    select
        period,
        segment,
        sum(published) as published,
        sum(merged) as merged,
        sum(opening) as opening,
        sum(new) as new,
        sum(reactivated) as reactivated,
        sum(lost_opening) as lost_opening,
        sum(lost_new) as lost_new,
        sum(transferred_in) as transferred_in,
        sum(transferred_out) as transferred_out,
        sum(closing) as closing
    from parts
    group by grouping sets ((period), (period, segment))
),
known as (
    select w.reported_period as period
    from settings w
    cross join published_closings c
)
select
    s.period,
    s.segment,
    case when k.period is not null then s.published end as published,
    s.opening,
    s.new,
    s.reactivated,
    s.lost_opening,
    s.lost_new,
    s.transferred_in,
    s.transferred_out,
    s.merged,
    case when k.period is not null then s.opening - s.published + s.merged else 0 end as restated,
    s.closing,
    s.opening + s.new as zero_loss_base
from known k
right join sums s on s.period = k.period
