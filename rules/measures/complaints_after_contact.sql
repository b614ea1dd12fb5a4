-- Contact pressure: customers who complained within 30 days after a contact by a campaign ÷ customers contacted in
-- the period. Of the last 30 days only what has come so far is known.
select
    p.period,
    count(*) filter (where c.has_complained) as numerator,
    count(c.customer_id) as denominator
from periods p
left join customer_contacts c on c.period = p.period
group by p.period
