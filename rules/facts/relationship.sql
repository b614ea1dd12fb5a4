-- What else says how firm and how attractive a relationship is, of those of whom it is known; null for
-- everybody else.
--
-- share_of_wallet: our part of what the customer spends, 0 to 1 (`wallet_periods`).
-- overdue_share: the part of what it owes at the end of the period that is overdue, 0 to 1; 0 where it bought
--   on credit and owes nothing (`receivables`).
-- referred_customers: how many of those it brought had bought by the end of the period.
-- is_strategic: true where the customers sheet says so. The mark is today's, for all periods.
-- optional: customers, referrals, wallet, products
with
referred as (
    select r.referrer_id, r.referred_id, b.first_purchase
    from (
        select referrer_id, referred_id from referrals
        union
        select referred_by as referrer_id, customer_id as referred_id from customers where referred_by is not null
    ) r
    join buyers b on b.customer_id = r.referred_id
    where r.referrer_id <> r.referred_id
),
known as (
    select
        customer_id,
        period,
        cast(own as double) / cast(total as double) as share_of_wallet,
        cast(null as double) as overdue_share,
        cast(null as bigint) as referred_customers,
        cast(null as boolean) as is_strategic
    from wallet_periods
    where total > 0
    union all
    select
        customer_id,
        period,
        cast(null as double) as share_of_wallet,
        case when outstanding > 0 then cast(overdue as double) / cast(outstanding as double) else 0 end as overdue_share,
        cast(null as bigint) as referred_customers,
        cast(null as boolean) as is_strategic
    from receivables
    where customer_id <> ''
    union all
    select
        r.referrer_id as customer_id,
        p.period,
        cast(null as double) as share_of_wallet,
        cast(null as double) as overdue_share,
        count(*) as referred_customers,
        cast(null as boolean) as is_strategic
    from periods p
    join referred r on r.first_purchase <= p.ends
    group by r.referrer_id, p.period
    union all
    select
        c.customer_id,
        p.period,
        cast(null as double) as share_of_wallet,
        cast(null as double) as overdue_share,
        cast(null as bigint) as referred_customers,
        true as is_strategic
    from (select distinct customer_id from customers where strategic) c
    cross join periods p
)
select
    customer_id,
    period,
    max(share_of_wallet) as share_of_wallet,
    max(overdue_share) as overdue_share,
    max(referred_customers) as referred_customers,
    bool_or(is_strategic) as is_strategic
from known
group by customer_id, period
