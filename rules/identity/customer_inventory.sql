-- What each file knows of customers, one row per file and table, and one for all of them (both null).
-- Worked out where something reads it, or where `[identity]` or an id map is there.
--
-- customers: named in it, each once. old_ids: ids in it that are those of customers with another id.
-- listed: of the customers, those the customers table has. only_here: those no other file names.
-- contactable: those with a telephone number or an e-mail address. buyers: those who ever bought.
-- stale: those not heard of (no purchase, answer, question or response) within the activity window
--   that ends with the reported period.
with
named as (
    select 'transactions' as table_name, cast(source_file as varchar) as source_file, customer_id, max(date) as heard
    from transactions where customer_id is not null group by 1, 2, 3
    union all
    select 'customers', cast(source_file as varchar), customer_id, cast(null as date)
    from customers
    union all
    select 'contacts', cast(source_file as varchar), customer_id, cast(null as date)
    from contacts group by 1, 2, 3
    union all
    select 'wallet', cast(source_file as varchar), customer_id, cast(null as date)
    from wallet group by 1, 2, 3
    union all
    select 'surveys', cast(source_file as varchar), customer_id, max(date)
    from surveys where customer_id is not null group by 1, 2, 3
    union all
    select 'referrals', cast(source_file as varchar), referrer_id, max(date)
    from referrals group by 1, 2, 3
    union all
    select 'referrals', cast(source_file as varchar), referred_id, cast(null as date)
    from referrals group by 1, 2, 3
    union all
    select 'leads', cast(source_file as varchar), customer_id, max(converted_on)
    from leads where customer_id is not null group by 1, 2, 3
    union all
    select 'campaign_contacts', cast(source_file as varchar), customer_id, max(responded_on)
    from campaign_contacts group by 1, 2, 3
    union all
    select 'interactions', cast(source_file as varchar), customer_id, cast(max(opened_at) as date)
    from interactions group by 1, 2, 3
    union all
    select 'agreements', cast(source_file as varchar), customer_id, cast(null as date)
    from agreements group by 1, 2, 3
    union all
    select 'activities', cast(source_file as varchar), customer_id, max(date)
    from activities group by 1, 2, 3
    union all
    select 'km_visits', cast(source_file as varchar), customer_id, max(date)
    from km_visits where customer_id is not null group by 1, 2, 3
    -- Rows of the customers table that have become part of another are named by their old ids alone.
    union all
    select table_name, source_file, customer_id, cast(null as date)
    from merged_rows group by 1, 2, 3
),
listed as (
    select customer_id, max(case when phone is not null or email is not null then 1 else 0 end) as contactable
    from customers group by customer_id
),
window_of as (
    select
        cast(date_part('year', p.ends) * 12 + date_part('month', p.ends) as bigint) - s.activity_window_months as last_month
    from settings s
    cross join (select max(ends) as ends from periods) p
),
people as (
    select
        n.customer_id,
        count(distinct n.source_file) as files,
        max(case when n.table_name = 'transactions' then 1 else 0 end) as bought,
        max(n.heard) as heard
    from named n
    group by n.customer_id
),
states as (
    select
        p.customer_id,
        p.files,
        p.bought,
        case when l.customer_id is not null then 1 else 0 end as listed,
        coalesce(l.contactable, 0) as contactable,
        case when coalesce(cast(date_part('year', p.heard) * 12 + date_part('month', p.heard) as bigint) > w.last_month, false)
            then 0 else 1 end as stale
    from people p
    cross join window_of w
    left join listed l on l.customer_id = p.customer_id
),
old as (
    select source_file, table_name, count(distinct from_id) as old_ids
    from merged_rows group by source_file, table_name
)
select
    cast(null as varchar) as source_file,
    cast(null as varchar) as table_name,
    count(*) as customers,
    (select count(*) from merged_customers) as old_ids,
    coalesce(sum(listed), 0) as listed,
    coalesce(sum(case when files = 1 then 1 else 0 end), 0) as only_here,
    coalesce(sum(contactable), 0) as contactable,
    coalesce(sum(bought), 0) as buyers,
    coalesce(sum(stale), 0) as stale
from states
union all
select
    n.source_file,
    n.table_name,
    count(*),
    coalesce(max(o.old_ids), 0),
    sum(s.listed),
    sum(case when s.files = 1 then 1 else 0 end),
    sum(s.contactable),
    sum(s.bought),
    sum(s.stale)
from (select distinct source_file, table_name, customer_id from named) n
join states s on s.customer_id = n.customer_id
left join old o on o.source_file = n.source_file and o.table_name = n.table_name
group by n.source_file, n.table_name
order by source_file nulls first, table_name
