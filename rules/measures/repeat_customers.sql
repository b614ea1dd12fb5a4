-- Repeat customers: those with two or more orders in the look-back of RFM, among those with any.
-- By segment.
select period, segment, sum(look_back_repeaters) as numerator, sum(look_back_buyers) as denominator
from customer_totals
group by grouping sets ((period), (period, segment))
