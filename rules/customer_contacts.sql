-- How often campaigns reached each customer in each period, and what came of it: one row per customer
-- and period with a contact. What was not delivered reached nobody; control groups do not count.
--
-- most_in_month: contacts in the calendar month with the most. has_responded: to any of them.
-- has_complained: a complaint was opened within 30 days after one of them, whatever it was about.
-- optional: interactions
with
reached as (
    select p.period, r.customer_id, r.contacted_on, r.responded_on
    from campaign_contacts r
    join periods p on r.contacted_on between p.starts and p.ends
    where r.customer_id is not null and coalesce(r.delivered, true) and not coalesce(r.control, false)
),
complaints as (
    select customer_id, cast(opened_at as date) as opened_on
    from interactions
    where kind = 'complaint' and opened_at is not null
),
complained as (
    select distinct r.period, r.customer_id
    from complaints c
    join reached r
        on r.customer_id = c.customer_id
        and c.opened_on between r.contacted_on and r.contacted_on + interval '30 days'
    cross join (select max(ends) as last_day from periods) l
    where c.opened_on <= l.last_day
),
by_month as (
    select
        r.period,
        r.customer_id,
        count(*) as contacts,
        bool_or(coalesce(r.responded_on <= l.last_day, false)) as has_responded
    from reached r
    cross join (select max(ends) as last_day from periods) l
    group by r.period, r.customer_id, date_part('year', r.contacted_on), date_part('month', r.contacted_on)
),
counted as (
    select
        period,
        customer_id,
        sum(contacts) as contacts,
        max(contacts) as most_in_month,
        bool_or(has_responded) as has_responded
    from by_month
    group by period, customer_id
)
select n.*, c.customer_id is not null as has_complained
from complained c
right join counted n on n.period = c.period and n.customer_id = c.customer_id
