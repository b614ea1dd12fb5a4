-- Contact pressure: contacted customers who have withheld or withdrawn their consent ÷ contacted customers whose
-- consent is known. The list is today's, so that only the reported period has a figure.
with consents as (
    select customer_id, bool_and(consent) as consents from customers where consent is not null group by customer_id
)
select
    s.reported_period as period,
    count(*) filter (where not k.consents) as numerator,
    count(k.consents) as denominator
from settings s
left join customer_contacts c on c.period = s.reported_period
left join consents k on k.customer_id = c.customer_id
group by s.reported_period
