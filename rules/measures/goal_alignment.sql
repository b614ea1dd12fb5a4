-- L6 Goal alignment: employees with at least one goal linked to the scorecard ÷ employees. Goals are today's, so
-- that only the reported period has a figure.
with
staff as (
    select employee_id
    from employees
    where left_on is null or left_on > (select max(ends) from periods)
    group by employee_id
),
linked as (
    select employee_id from goals where linked_kpi is not null group by employee_id
)
select
    s.reported_period as period,
    count(l.employee_id) as numerator,
    count(f.employee_id) as denominator
from settings s
left join staff f on true
left join linked l on l.employee_id = f.employee_id
group by s.reported_period
