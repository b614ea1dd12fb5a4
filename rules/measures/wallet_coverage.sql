-- F2 The share of the revenue of known customers that comes from those whose wallet is known.
with covered as (
    select c.period, sum(c.revenue) as revenue
    from customer_periods c
    left semi join wallet_periods w on w.customer_id = c.customer_id and w.period = c.period
    group by c.period
)
select t.period, coalesce(max(c.revenue), 0) as numerator, sum(t.revenue) as denominator
from customer_totals t
left join covered c on c.period = t.period
group by t.period
