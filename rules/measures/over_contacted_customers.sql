-- Contact pressure: customers contacted more than four times in one month ÷ customers contacted in the period.
select
    p.period,
    count(*) filter (where c.most_in_month > 4) as numerator,
    count(c.customer_id) as denominator
from periods p
left join customer_contacts c on c.period = p.period
group by p.period
