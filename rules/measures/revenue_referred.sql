-- C4 The share of revenue that comes from referred customers: those with a referrer, or whose source of
-- acquisition says so; nobody refers himself, though two cards of his may. Null where neither customers nor referrals were supplied.
-- optional: customers, referrals
with referred as (
    select customer_id
    from customers
    where referred_by <> customer_id
       or lower(acquisition_source) in (
           'referral', 'referred', 'word of mouth', 'word-of-mouth', 'recommendation',
           'แนะนำ', 'บอกต่อ', 'เพื่อนแนะนำ', 'giới thiệu', 'bạn bè giới thiệu', 'truyền miệng'
       )
    union
    select referred_id from referrals where referrer_id <> referred_id
),
sales_to_referred as (
    select c.period, sum(c.revenue) as revenue
    from customer_periods c
    left semi join referred r on r.customer_id = c.customer_id
    group by c.period
),
all_sales as (
    select period, sum(revenue) as revenue from period_sales group by period
)
select
    a.period,
    case when s.tables > 0 then coalesce(r.revenue, 0) end as numerator,
    a.revenue as denominator
from all_sales a
left join sales_to_referred r on r.period = a.period
cross join (
    select count(*) filter (where name in ('customers', 'referrals')) as tables from supplied_tables
) s
