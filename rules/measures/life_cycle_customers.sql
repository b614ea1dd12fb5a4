-- Customers by life-cycle stage, those who once bought in any; prospects, leads that have neither become customers
-- nor bought by the end of the period, are a stage of their own and not in the total.
-- optional: leads
select period, null as stage, count(customer_id) as value
from (
    select p.period, c.customer_id
    from periods p
    left join customer_periods c on c.period = p.period
) t
group by period
union all
select period, life_cycle_stage, count(*)
from customer_periods
group by period, life_cycle_stage
union all
select p.period, 'prospect', count(*)
from periods p
join leads l
    on l.created_on <= p.ends
    and (l.converted_on is null or l.converted_on > p.ends)
group by p.period
