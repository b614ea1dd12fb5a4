-- G4 Hours of training and visits per active customer. Hours.
select t.period, max(h.value) as numerator, sum(t.closing) as denominator
from customer_totals t
join hours_with_customers h on h.period = t.period
group by t.period
