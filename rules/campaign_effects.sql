-- What campaigns changed, where a control group says what would have happened anyway: one row per campaign
-- and period of its contacts, in the period in which the outcome is looked at (`[return-on-relationship]
-- lag-quarters` later). Only this is a causal effect, and only if chance chose the control group.
--
-- outcome: a customer's `contribution` in the period, `revenue` where no cost of goods is known. treated,
--   control: customers of either group, delivered or not (by intention to treat); who is in both groups
--   of a campaign, or whose contribution is not known, is in neither. effect: difference of the means, per
--   customer. standard_error, degrees_of_freedom: of unequal variances (B. L. Welch, Biometrika 34, 1947);
--   null with fewer than two customers in a group. spent: the campaign's cost, by contacts where they fall
--   into several periods.
-- optional: products, customers, campaigns
with
contacts as (
    select
        k.campaign_id,
        p.period_no,
        k.customer_id,
        bool_and(k.control) as control,
        bool_or(k.control) as ever_control
    from campaign_contacts k
    join periods p on k.contacted_on between p.starts and p.ends
    where k.control is not null
    group by k.campaign_id, p.period_no, k.customer_id
),
groups as (
    select c.campaign_id, p.period, c.customer_id, c.control, o.known
    from settings w
    cross join (select count(contribution) > 0 as known from period_sales) o
    cross join contacts c
    join periods p on p.period_no = c.period_no + w.return_lag_quarters
    where c.control = c.ever_control
),
outcomes as (
    select
        g.campaign_id,
        g.period,
        g.control,
        g.known,
        cast(case
            when c.customer_id is null then 0
            when g.known then c.contribution
            else c.revenue
        end as decimal(38, 4)) as x
    from groups g
    left join customer_periods c on c.customer_id = g.customer_id and c.period = g.period
),
sums as (
    select
        campaign_id,
        period,
        bool_and(known) as known,
        count(x) filter (where not control) as treated,
        count(x) filter (where control) as control,
        cast(sum(x) filter (where not control) as double) as treated_sum,
        cast(sum(x) filter (where control) as double) as control_sum,
        cast(sum(x * x) filter (where not control) as double) as treated_squares,
        cast(sum(x * x) filter (where control) as double) as control_squares
    from outcomes
    group by campaign_id, period
),
moments as (
    select
        *,
        treated_sum / treated as treated_mean,
        control_sum / control as control_mean,
        -- The square of what the mean of a group is off by; chance in the last digits is no variance.
        greatest(treated_squares - treated_sum * treated_sum / treated, 0) / nullif(treated - 1, 0) / treated as treated_off,
        greatest(control_squares - control_sum * control_sum / control, 0) / nullif(control - 1, 0) / control as control_off
    from sums
    where treated > 0 and control > 0
),
costs as (
    select k.campaign_id, p.period, cast(max(c.cost) as double) * count(*) / max(k.contacts) as cost
    from settings w
    cross join campaigns c
    join (
        select *, count(*) over (partition by campaign_id) as contacts
        from campaign_contacts
        where not coalesce(control, false) and coalesce(delivered, true)
    ) k on k.campaign_id = c.campaign_id
    join periods q on k.contacted_on between q.starts and q.ends
    join periods p on p.period_no = q.period_no + w.return_lag_quarters
    group by k.campaign_id, p.period
)
select
    m.period,
    m.campaign_id,
    n.name,
    case when m.known then 'contribution' else 'revenue' end as outcome,
    m.treated,
    m.control,
    m.treated_mean,
    m.control_mean,
    m.treated_mean - m.control_mean as effect,
    sqrt(m.treated_off + m.control_off) as standard_error,
    (m.treated_off + m.control_off) * (m.treated_off + m.control_off) / nullif(
        m.treated_off * m.treated_off / nullif(m.treated - 1, 0) + m.control_off * m.control_off / nullif(m.control - 1, 0),
        0
    ) as degrees_of_freedom,
    c.cost as spent
from moments m
left join costs c on c.campaign_id = m.campaign_id and c.period = m.period
left join (select campaign_id, max(name) as name from campaigns group by campaign_id) n on n.campaign_id = m.campaign_id
