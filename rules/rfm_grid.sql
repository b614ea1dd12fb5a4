-- How many customers, active or not, have which recency and frequency score, per period.
select period, recency_score, frequency_score, count(*) as customers
from customer_periods
group by period, recency_score, frequency_score
