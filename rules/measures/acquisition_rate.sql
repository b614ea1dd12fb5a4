-- M2 Acquisition rate: new customers ÷ customers active at the start.
select period, sum(new) as numerator, sum(opening) as denominator
from customer_totals
group by period
