-- M3 Retention over four quarters, as measured: customers active at the end of the same quarter a year
-- earlier and now ÷ those active then. Not the fourth power of a quarter's rate, which would be the same
-- only if everybody were as likely to leave in every quarter.
select period, sum(year_ago_kept) as numerator, sum(year_ago) as denominator
from customer_totals
group by period
