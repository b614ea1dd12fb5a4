-- Net promoter score: (promoters 9–10 − detractors 0–6) ÷ all answers, from −1 to 1.
select p.period, count(*) filter (where a.score >= 9) - count(*) filter (where a.score <= 6) as numerator, count(a.score) as denominator
from periods p
left join survey_answers a on a.period = p.period and a.instrument = 'nps'
group by p.period
