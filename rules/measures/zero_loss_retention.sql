-- M3 Retention on the base at zero loss (ระดับอัตราการสูญเสียเป็นศูนย์): customers active at the end ÷
-- (active at the start + new).
select period, sum(closing) as numerator, sum(opening) + sum(new) as denominator
from customer_totals
group by period
