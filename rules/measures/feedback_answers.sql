-- L5 Answers to the feedback and culture surveys: whether customers were asked at all.
select p.period, count(a.score) as value
from periods p
left join survey_answers a on a.period = p.period and a.instrument in ('feedback', 'culture')
group by p.period
