-- Orders of known customers: distinct customer and day with a purchase, or distinct invoices where the
-- client counts those. By segment.
select period, segment, sum(orders) as value
from customer_totals
group by grouping sets ((period), (period, segment))
