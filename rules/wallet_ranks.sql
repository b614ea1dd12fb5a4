-- The latest answer of each customer per period, and every anonymous one, that ranks us among the brands
-- the customer uses, and the share of wallet that follows from it by the Wallet Allocation Rule
-- (Keiningham, Aksoy, Buoye, Williams, 2011): (1 - rank / (brands + 1)) * 2 / brands. Two brands in
-- one place have the mean of their ranks, such as 1.5 for both in the first; else a customer's shares do
-- not come to 100 %.
-- optional: customers
with
ranked as (
    select
        p.period,
        s.customer_id,
        cast(s.brand_rank as double) as brand_rank,
        cast(s.brands as double) as brands,
        row_number() over (
            partition by p.period, s.customer_id
            order by s.date desc, s.source_file, s.source_sheet, s.source_row desc
        ) as place
    from surveys s
    join periods p on s.date between p.starts and p.ends
    where s.brand_rank between 1 and s.brands
)
select
    period,
    customer_id,
    brand_rank,
    brands,
    cast((1 - brand_rank / (brands + 1)) * 2 / brands as decimal(20, 6)) as share
from ranked
where customer_id is null or place = 1
