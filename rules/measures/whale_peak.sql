-- S2 Peak of the whale curve: the profit of all profitable customers over the twelve months that end with
-- the period ÷ the profit of all. Null where that is not positive, or next to nothing beside gains and losses.
select period, peak as numerator, case when is_relative then total end as denominator
from whale
where segment is null
