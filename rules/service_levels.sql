-- How requests were served: one row per period, channel and kind (empty: not stated); a null channel or
-- kind is the total over it. A request is a complaint, a call for help, what has no kind, and anything
-- with a target time.
--
-- opened, closed: in the period. within: closed in it within the target time; due: closed in it or
--   overdue at its end, of those with a target time. open_at_end, overdue_at_end: at the period's end.
-- median_hours, p90_hours: from opening to closing, of those closed in the period; exact. The median of
--   an even number is the mean of the two in the middle; p90 is the shortest time that nine in ten did
--   not exceed. A request that was closed before it was opened has no time.
with
requests as (
    select
        channel,
        kind,
        cast(opened_at as date) as opened_on,
        cast(closed_at as date) as closed_on,
        cast(opened_at as bigint) as opened,
        cast(closed_at as bigint) as closed,
        cast(opened_at as bigint) + cast(target_hours * 3600 as bigint) as due
    from interactions
    where opened_at is not null
      and (target_hours is not null or kind is null or kind in ('complaint', 'help'))
),
by_period as (
    select
        p.period,
        coalesce(r.channel, '') as channel,
        coalesce(r.kind, '') as kind,
        r.opened_on >= p.starts as is_opened,
        coalesce(r.closed_on <= p.ends, false) as is_closed,
        coalesce(r.closed_on <= p.ends and r.closed <= r.due, false) as is_within,
        coalesce(r.due < (cast(cast(p.ends as int) as bigint) + 1) * 86400, false) as is_due,
        r.due is not null as has_target,
        case when r.closed_on <= p.ends and r.closed >= r.opened then r.closed - r.opened end as seconds
    from periods p
    join requests r on r.opened_on <= p.ends and (r.closed_on is null or r.closed_on >= p.starts)
),
levels as (
    select true as by_channel, true as by_kind
    union all select true, false
    union all select false, true
    union all select false, false
),
placed as (
    select
        b.period,
        case when l.by_channel then b.channel end as channel,
        case when l.by_kind then b.kind end as kind,
        b.is_opened,
        b.is_closed,
        b.is_within,
        b.is_due,
        b.has_target,
        b.seconds,
        count(b.seconds) over (
            partition by b.period,
                case when l.by_channel then b.channel end, case when l.by_kind then b.kind end
        ) as times,
        row_number() over (
            partition by b.period,
                case when l.by_channel then b.channel end, case when l.by_kind then b.kind end
            order by b.seconds nulls last
        ) as place
    from levels l
    cross join by_period b
)
select
    period,
    channel,
    kind,
    count(*) filter (where is_opened) as opened,
    count(*) filter (where is_closed) as closed,
    count(*) filter (where is_within) as within,
    count(*) filter (where has_target and (is_closed or is_due)) as due,
    count(*) filter (where not is_closed) as open_at_end,
    count(*) filter (where not is_closed and is_due) as overdue_at_end,
    cast(sum(seconds) filter (where place in ((times + 1) / 2, (times + 2) / 2)) as double)
        / nullif(cast(count(seconds) filter (where place in ((times + 1) / 2, (times + 2) / 2)) as double), 0)
        / 3600 as median_hours,
    cast(max(seconds) filter (where place = (9 * times + 9) / 10) as double) / 3600 as p90_hours
from placed
group by period, channel, kind
