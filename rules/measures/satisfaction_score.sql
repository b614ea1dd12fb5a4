-- C1 Mean satisfaction, on the scale that most answers are on.
select p.period, coalesce(sum(a.common_score), 0) as numerator, count(a.score) as denominator
from periods p
left join survey_answers a on a.period = p.period and a.instrument = 'csat'
group by p.period
