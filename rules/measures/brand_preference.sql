-- S4 Brand preference: respondents who name us their first choice (the top of the scale) ÷ valid answers.
select p.period, count(*) filter (where a.score = a.scale_high) as numerator, count(a.score) as denominator
from periods p
left join survey_answers a on a.period = p.period and a.instrument = 'brand_preference'
group by p.period
