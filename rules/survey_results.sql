-- What surveys say, with how far chance could have moved it: one row per period, instrument and segment
-- of those who answered (empty: not known), and one with a null segment for all.
--
-- value: of nps, promoters (9 or 10) less detractors (0 to 6) among all answers, from -1 to 1; of
--   brand_awareness the share above the foot of the scale, of brand_preference that at its top; of all
--   others the share in the two best boxes. favourable, unfavourable: the answers counted.
-- low, high: 95 % interval. Of nps value ± 1.96 SE, SE = √((p + d - (p - d)²) / n); of a share, Wilson's
--   (1927). answered_of: customers active at the period's end or among those who answered. Where every
--   answer has a customer, SE is multiplied by √((N - n) / (N - 1)), N = answered_of; null where no
--   answer has one. An nps of answers that are all alike has no interval.
-- mean: on the common scale of the instrument (`survey_answers`), from scale_low to scale_high.
-- change: value less that of the period before; change_margin: 1.96 √(SE² + SE²). is_significant: the
--   change is larger; both null where either rests on fewer than 30 answers, which is_small says.
-- Who was asked is nowhere in the data: there is no response rate, but how many of `answered_of` answered.
with
known as (
    select
        a.*,
        case when c.customer_id is null then '' else coalesce(c.segment, '') end as segment,
        a.customer_id is not null and not coalesce(c.is_closing, false) as is_inactive
    from survey_answers a
    left join customer_periods c on c.period = a.period and c.customer_id = a.customer_id
),
judged as (
    select
        *,
        case instrument
            when 'nps' then score >= 9
            when 'brand_awareness' then score > scale_low
            when 'brand_preference' then score = scale_high
            else case when scale_high - scale_low < 2 then score = scale_high else score >= scale_high - 1 end
        end as is_favourable,
        instrument = 'nps' and score <= 6 as is_unfavourable
    from known
),
counted as (
    select
        period,
        instrument,
        segment,
        count(*) as n,
        count(customer_id) as customers,
        count(*) filter (where is_inactive) as inactive,
        count(*) filter (where is_favourable) as favourable,
        count(*) filter (where is_unfavourable) as unfavourable,
        sum(common_score) as total,
        max(common_low) as scale_low,
        max(common_high) as scale_high
    from judged
    group by grouping sets ((period, instrument), (period, instrument, segment))
),
active as (
    select period, segment, sum(closing) as customers
    from customer_totals
    group by grouping sets ((period), (period, segment))
),
based as (
    select
        p.period_no,
        c.*,
        coalesce(a.customers, 0) + c.inactive as answered_of,
        cast(c.favourable as double) / cast(c.n as double) as p,
        cast(c.unfavourable as double) / cast(c.n as double) as d,
        cast(c.n as double) as answers
    from periods p
    join counted c on c.period = p.period
    left join active a on a.period = c.period and a.segment is not distinct from c.segment
),
measured as (
    select
        *,
        p - d as value,
        sqrt((p + d - (p - d) * (p - d)) / answers) * case
            when instrument = 'nps' and customers = n and answered_of > 1
                then sqrt(cast(answered_of - n as double) / cast(answered_of - 1 as double))
            else 1
        end as error,
        1 + 3.841458820694124 / answers as widened,
        p + 1.920729410347062 / answers as centre,
        1.959963984540054 * sqrt(p * (1 - p) / answers + 0.960364705173531 / (answers * answers)) as half
    from based
)
select
    m.period,
    m.instrument,
    m.segment,
    m.n,
    m.customers,
    case when m.customers > 0 then m.answered_of end as answered_of,
    m.inactive as answered_inactive,
    m.favourable,
    m.unfavourable,
    m.value,
    case
        when m.instrument = 'nps' and m.error = 0 and (m.customers < m.n or m.n < m.answered_of) then null
        when m.instrument = 'nps' then greatest(m.value - 1.959963984540054 * m.error, -1)
        else greatest((m.centre - m.half) / m.widened, 0)
    end as low,
    case
        when m.instrument = 'nps' and m.error = 0 and (m.customers < m.n or m.n < m.answered_of) then null
        when m.instrument = 'nps' then least(m.value + 1.959963984540054 * m.error, 1)
        else least((m.centre + m.half) / m.widened, 1)
    end as high,
    cast(m.total as double) / m.answers as mean,
    m.scale_low,
    m.scale_high,
    m.n < 30 as is_small,
    m.value - b.value as change,
    case
        when m.n >= 30 and b.n >= 30
            then 1.959963984540054 * sqrt(m.error * m.error + b.error * b.error)
    end as change_margin,
    case
        when m.n >= 30 and b.n >= 30
            then abs(m.value - b.value) > 1.959963984540054 * sqrt(m.error * m.error + b.error * b.error)
    end as is_significant
from measured m
left join measured b
    on b.period_no = m.period_no - 1
    and b.instrument = m.instrument
    and b.segment is not distinct from m.segment
