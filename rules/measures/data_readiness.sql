-- L3 The database is ready for use: the share of seven fields that are filled in for active customers: name,
-- telephone, e-mail, address or province, source of acquisition, preferred channel, consent. The list is
-- today's, so that only the reported period has a figure.
with filled as (
    select
        customer_id,
        max(
            case when name is not null then 1 else 0 end
            + case when phone is not null then 1 else 0 end
            + case when email is not null then 1 else 0 end
            + case when address is not null or province is not null then 1 else 0 end
            + case when acquisition_source is not null then 1 else 0 end
            + case when preferred_channel is not null then 1 else 0 end
            + case when consent is not null then 1 else 0 end
        ) as fields
    from customers
    group by customer_id
)
select
    s.reported_period as period,
    coalesce(sum(f.fields), 0) as numerator,
    7 * count(c.customer_id) as denominator
from settings s
left join customer_periods c on c.period = s.reported_period and c.is_closing
left join filled f on f.customer_id = c.customer_id
group by s.reported_period
