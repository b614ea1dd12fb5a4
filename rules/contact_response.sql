-- Response and complaints by how often a customer was contacted in the period: where the first falls and
-- the second rises, customers are pressed rather than courted. One row per period and number of contacts.
select
    period,
    contacts,
    count(*) as customers,
    count(*) filter (where has_responded) as responded,
    count(*) filter (where has_complained) as complained
from customer_contacts
group by period, contacts
