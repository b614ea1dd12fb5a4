-- Cohorts: what became of the customers whose first purchase ever fell into one quarter. One row per
-- cohort, alignment and k, and only where all of the cohort have been through k to its end: what is
-- not over yet has no row, never a zero.
--
-- alignment: `calendar`: k counts fiscal quarters after that of the first purchase, and period is the
--   quarter; `age`: k counts stretches of 91 days from each customer's own first purchase.
-- customers: of the cohort. active: of them with a purchase in k (classic). active_or_later: in k or
--   at any time after it, through the reported period (rolling; never less than classic, and not to
--   be compared with it). Both are everybody at k = 0.
-- revenue_so_far, contribution_so_far: of the cohort from k = 0 through k; over `customers` they are
--   per original customer. A return that came before the first purchase counts at k = 0.
-- is_pre_history: the quarter is less than one activity window after the start of the data, so who
--   seems new in it may have bought before.
-- optional: products, customers
with
numbered as (
    select
        p.period,
        p.period_no,
        p.ends,
        s.data_to,
        cast(date_part('year', p.starts) * 12 + date_part('month', p.starts) as bigint)
            - s.activity_window_months
            < cast(date_part('year', s.data_from) * 12 + date_part('month', s.data_from) as bigint)
                + case when date_part('day', s.data_from) > 1 then 1 else 0 end as is_pre_history
    from periods p
    cross join settings s
),
calendar as (
    select cast(min(date_part('year', starts) * 12 + date_part('month', starts)) as bigint) as first_month
    from periods
),
starts as (
    select
        b.customer_no,
        b.first_purchase,
        b.last_purchase,
        (cast(date_part('year', b.first_purchase) * 12 + date_part('month', b.first_purchase) as bigint)
            - c.first_month) / 3 + 1 as cohort_no,
        (cast(date_part('year', b.last_purchase) * 12 + date_part('month', b.last_purchase) as bigint)
            - c.first_month) / 3 + 1 as last_no
    from calendar c
    cross join buyers b
),
sizes as (
    select cohort_no, count(*) as customers
    from starts
    group by cohort_no
),
-- Counts and money by the calendar come of the quarters that are there already.
quarters as (
    select
        s.customer_no,
        s.cohort_no,
        greatest(q.period_no - s.cohort_no, 0) as k,
        q.last_purchase is not null as bought,
        q.revenue,
        q.contribution
    from starts s
    join customer_quarters q on q.customer_no = s.customer_no
),
seen as (
    select
        'calendar' as alignment,
        cohort_no,
        k,
        count(*) filter (where bought) as active,
        0 as last_seen,
        sum(revenue) as revenue,
        sum(contribution) as contribution
    from quarters
    group by cohort_no, k
    union all
    select 'calendar' as alignment, cohort_no, k, 0 as active, count(*) as last_seen, 0 as revenue, 0 as contribution
    from (select cohort_no, last_no - cohort_no as k from starts)
    group by cohort_no, k
    union all
    -- By age every line of sale has to be looked at, once; the filter at the count sees to that.
    select
        'age' as alignment,
        s.cohort_no,
        greatest(cast(cast(l.date as int) - cast(s.first_purchase as int) as bigint), 0) / 91 as k,
        count(distinct s.customer_no) filter (where l.is_purchase) as active,
        0 as last_seen,
        sum(l.amount) as revenue,
        sum(l.contribution) as contribution
    from starts s
    join sales l on l.customer_no = s.customer_no
    group by s.cohort_no, 3
    union all
    select 'age' as alignment, cohort_no, k, 0 as active, count(*) as last_seen, 0 as revenue, 0 as contribution
    from (
        select cohort_no, cast(cast(last_purchase as int) - cast(first_purchase as int) as bigint) / 91 as k
        from starts
    )
    group by cohort_no, k
),
sums as (
    select
        alignment,
        cohort_no,
        k,
        sum(active) as active,
        sum(last_seen) as last_seen,
        sum(revenue) as revenue,
        sum(contribution) as contribution
    from seen
    group by alignment, cohort_no, k
),
costs as (
    select count(contribution) > 0 as known from customer_quarters
),
-- The cells that are over: by the calendar the quarters through the last complete one, by age the
-- stretches that even who came on the quarter's last day has been through.
cells as (
    select
        'calendar' as alignment,
        c.period_no as cohort_no,
        n.period_no - c.period_no as k,
        n.period
    from numbered c
    join numbered n on n.period_no >= c.period_no
    where n.ends <= n.data_to
    union all
    select
        'age' as alignment,
        c.period_no as cohort_no,
        n.period_no - 1 as k,
        null as period
    from numbered c
    cross join numbered n
    where cast(c.ends as int) + 91 * n.period_no - 1 <= cast(n.data_to as int)
)
select
    n.period as cohort,
    c.alignment,
    c.k,
    c.period,
    z.customers,
    coalesce(s.active, 0) as active,
    z.customers - coalesce(sum(s.last_seen) over before, 0) as active_or_later,
    coalesce(sum(s.revenue) over through, 0) as revenue_so_far,
    case when t.known then coalesce(sum(s.contribution) over through, 0) end as contribution_so_far,
    n.is_pre_history
from costs t
cross join sizes z
join numbered n on n.period_no = z.cohort_no
join cells c on c.cohort_no = z.cohort_no
left join sums s on s.alignment = c.alignment and s.cohort_no = c.cohort_no and s.k = c.k
window
    before as (
        partition by c.alignment, c.cohort_no order by c.k
        rows between unbounded preceding and 1 preceding
    ),
    through as (
        partition by c.alignment, c.cohort_no order by c.k
        rows between unbounded preceding and current row
    )
order by c.alignment desc, c.cohort_no, c.k
