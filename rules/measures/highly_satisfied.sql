-- C1 Highly satisfied customers: answers in the top box ÷ valid answers; the latest answer per customer.
select p.period, count(*) filter (where a.score = a.scale_high) as numerator, count(a.score) as denominator
from periods p
left join survey_answers a on a.period = p.period and a.instrument = 'csat'
group by p.period
