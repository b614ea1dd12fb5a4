-- What customers with a known wallet spend with us and in all, per period.
--
-- A wallet of a quarter, of all three of its months, or half of one of a half-year is held against the
--   revenue of the quarter (`of_quarter`); one of a fiscal year, or without a period, against that of
--   the twelve months that end with the quarter. The closest there is counts; one of an earlier year
--   says nothing of this one.
-- A wallet of one category is held against what was bought of that category. One of everything goes
--   before those of categories.
-- What is known in several ways counts once, by the best of them: what the customer said, then its purchase
--   ledger, then a way with another name, then a model, then no word of how; told by how `method` begins.
-- Where only what competitors get is known, the wallet is that and our own.
-- own: never below zero, whatever was returned. stated: what the sheet says the wallet is. total: that,
--   but never less than own, category by category; is_capped: where it would have been, so that what the
--   sheet says is too old or wrong.
-- capped_…: of the category that is most so (null for everything).
-- method: how the wallet is known; null where the sheet says nothing, or of its categories different things.
-- optional: products, customers
with
named as (
    select
        w.customer_id, w.category, w.measures, w.amount, w.method, n.period, n.name,
        case
            when n.quarters = 4 then 4
            when n.quarters = 2 then 3
            when n.name = n.period then 1
            else 2
        end as grain
    from wallet w
    join period_names n on n.name = w.period
    union all
    select
        w.customer_id, w.category, w.measures, w.amount, w.method, p.period,
        cast(null as varchar) as name,
        5 as grain
    from wallet w
    cross join periods p
    where w.period is null
),
given as (
    select
        customer_id,
        period,
        grain,
        category,
        method,
        sum(case when grain = 3 then amount / 2 else amount end)
            filter (where coalesce(measures, 'total') = 'total') as total,
        sum(case when grain = 3 then amount / 2 else amount end)
            filter (where measures = 'competitors') as competitors
    from named
    group by customer_id, period, grain, category, method
    having grain <> 2 or count(distinct name) = 3
),
ranked as (
    select
        *,
        grain <= 3 as of_quarter,
        dense_rank() over (
            partition by customer_id, period
            order by grain, case when category is null then 0 else 1 end
        ) as place,
        row_number() over (
            partition by customer_id, period, grain, category
            order by
                case
                    when method is null then 5
                    when regexp_like(
                        lower(method),
                        '^(stated|asked|customer|interview|survey|ลูกค้า|ถาม|สอบถาม|สัมภาษณ์|khách|hỏi|phỏng vấn|khảo sát)'
                    ) then 1
                    when regexp_like(lower(method), '^(purchase|ledger|สมุดซื้อ|บัญชีซื้อ|sổ mua)') then 2
                    when regexp_like(
                        lower(method), '^(model|estimat|แบบจำลอง|ประเมิน|ประมาณ|mô hình|ước)'
                    ) then 4
                    else 3
                end,
                method
        ) as source
    from given
),
spent as (
    select
        g.customer_id,
        g.period,
        g.category,
        g.of_quarter,
        g.method,
        g.total,
        g.competitors,
        case
            when g.category is null and g.of_quarter then greatest(b.revenue, 0)
            when g.category is null then greatest(b.revenue_12m, 0)
            when g.of_quarter then greatest(coalesce(s.revenue, 0), 0)
            else greatest(coalesce(s.revenue_12m, 0), 0)
        end as own
    from wallet_sales s
    right join (
        select r.*
        from ranked r
        where r.place = 1 and r.source = 1
    ) g on s.customer_id = g.customer_id and s.period = g.period and s.category = g.category
    join customer_base b on b.customer_id = g.customer_id and b.period = g.period
),
stated as (
    select *, greatest(coalesce(total, own + competitors), 0) as stated
    from spent
),
measured as (
    select
        *,
        row_number() over (
            partition by customer_id, period
            order by own - stated desc, category
        ) as place
    from stated
)
select
    customer_id,
    period,
    of_quarter,
    case when min(method) = max(method) and count(method) = count(*) then min(method) end as method,
    cast(sum(own) as decimal(38, 4)) as own,
    cast(sum(stated) as decimal(38, 4)) as stated,
    cast(sum(greatest(own, stated)) as decimal(38, 4)) as total,
    bool_or(own > stated) as is_capped,
    max(category) filter (where own > stated and place = 1) as capped_category,
    cast(sum(own) filter (where own > stated and place = 1) as decimal(38, 4)) as capped_own,
    cast(sum(stated) filter (where own > stated and place = 1) as decimal(38, 4)) as capped_stated
from measured
group by customer_id, period, of_quarter
