-- L5 Customer survey: mean answer to the feedback and culture surveys, as a share of their scale.
select p.period, coalesce(sum((a.score - a.scale_low) / (a.scale_high - a.scale_low)), 0) as numerator, count(a.score) as denominator
from periods p
left join survey_answers a on a.period = p.period and a.instrument in ('feedback', 'culture')
group by p.period
