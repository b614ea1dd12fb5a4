-- Ids under which nobody buys any more because they were another customer's: `from_id` is now counted
-- as `to_id`. One row per `from_id`.
-- optional: id_map, products, customers
select m.from_id, min(m.to_id) as to_id
from id_map m
left join buyers b on b.customer_id = m.from_id
where b.customer_id is null
  and coalesce(m.kind, 'same') = 'same'
  and coalesce(m.confirmed, true)
  and m.from_id <> m.to_id
group by m.from_id
