-- L1 Readiness of staff: employees who hold every skill at the level asked of them or of their job ÷ employees
-- of whom any is asked. Skills are today's, so that only the reported period has a figure.
-- optional: employees
with
staff as (
    select employee_id, max(job) as job
    from (
        select employee_id, job from skills where employee_id is not null
        union all
        select employee_id, job from employees
        where left_on is null or left_on > (select max(ends) from periods)
    )
    group by employee_id
),
asked as (
    select employee_id, skill, max(required_level) as level
    from (
        select employee_id, skill, required_level
        from skills
        where employee_id is not null and required_level is not null
        union all
        select f.employee_id, s.skill, s.required_level
        from skills s
        join staff f on f.job = s.job
        where s.employee_id is null and s.required_level is not null
    )
    group by employee_id, skill
),
held as (
    select employee_id, skill, max(held_level) as level
    from skills
    where employee_id is not null
    group by employee_id, skill
),
ready as (
    select a.employee_id, bool_and(coalesce(h.level >= a.level, false)) as ready
    from asked a
    left join held h on h.employee_id = a.employee_id and h.skill = a.skill
    group by a.employee_id
)
select
    s.reported_period as period,
    count(*) filter (where r.ready) as numerator,
    count(r.employee_id) as denominator
from settings s
left join ready r on true
group by s.reported_period
