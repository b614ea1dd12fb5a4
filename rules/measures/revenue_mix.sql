-- F3 Revenue mix: each category's share of all revenue. By category (empty: not stated).
select
    s.period,
    s.category,
    sum(s.revenue) as numerator,
    max(t.revenue) as denominator
from period_sales s
join (select period, sum(revenue) as revenue from period_sales group by period) t on t.period = s.period
group by grouping sets ((s.period), (s.period, s.category))
