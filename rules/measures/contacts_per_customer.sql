-- Contact pressure: contacts by campaigns that reached a customer, per contacted customer and month.
select p.period, coalesce(sum(c.contacts), 0) as numerator, count(c.customer_id) * 3 as denominator
from periods p
left join customer_contacts c on c.period = p.period
group by p.period
