-- Q1 Brand awareness: respondents who know us (anything above the foot of the scale) ÷ valid answers.
select p.period, count(*) filter (where a.score > a.scale_low) as numerator, count(a.score) as denominator
from periods p
left join survey_answers a on a.period = p.period and a.instrument = 'brand_awareness'
group by p.period
