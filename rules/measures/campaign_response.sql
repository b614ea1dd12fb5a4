-- Q3 Campaign response: distinct customers who responded ÷ distinct customers reached. What was not delivered
-- reached nobody; control groups do not count. By channel of the campaign (empty: not stated).
-- optional: campaigns
with channels as (
    select campaign_id, max(channel) as channel from campaigns group by campaign_id
),
reached as (
    select
        p.period,
        coalesce(c.channel, '') as channel,
        r.customer_id,
        case when r.responded_on <= l.last_day then r.customer_id end as responder
    from campaign_contacts r
    join periods p on r.contacted_on between p.starts and p.ends
    left join channels c on c.campaign_id = r.campaign_id
    cross join (select max(ends) as last_day from periods) l
    where coalesce(r.delivered, true) and not coalesce(r.control, false)
)
select
    p.period,
    null as channel,
    count(distinct r.responder) as numerator,
    count(distinct r.customer_id) as denominator
from periods p
left join reached r on r.period = p.period
group by p.period
union all
select period, channel, count(distinct responder), count(distinct customer_id)
from reached
group by period, channel
