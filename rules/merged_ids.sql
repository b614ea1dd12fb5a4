-- Ids under which nobody buys any more because they are another customer's: `from_id` is counted as
-- `to_id`, at the end of its chain. One row per `from_id`.
select from_id, customer_id as to_id
from merged_customers
