-- R1 Premium customers: active customers of a premium tier (today's, for all periods) or, where the list of
-- customers gives no tiers, of the value class MVC.
-- optional: customers
with tiers as (
    select
        customer_id,
        max(lower(tier)) in (
            'premium', 'vip', 'platinum', 'gold', 'diamond',
            'พรีเมียม', 'ชั้นดี', 'ทอง', 'แพลทินัม', 'cao cấp', 'vàng', 'bạch kim', 'kim cương'
        ) as premium
    from customers
    where tier is not null
    group by customer_id
),
given as (
    select count(*) > 0 as tiers from tiers
),
active as (
    select
        c.period,
        count(*) filter (where case when g.tiers then t.premium else c.segment = 'MVC' end) as customers
    from customer_periods c
    left join tiers t on t.customer_id = c.customer_id
    cross join given g
    where c.is_closing
    group by c.period
)
select p.period, coalesce(a.customers, 0) as value
from periods p
left join active a on a.period = p.period
