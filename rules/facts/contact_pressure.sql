-- How often campaigns reached each customer: `campaign_contacts_quarter` in the period, and
-- `campaign_contacts_month` in the busiest month of it. Null without a list of contacts; zero for
-- customers nobody contacted. `complained_after_contact`: within 30 days.
-- optional: campaign_contacts, interactions
select
    b.customer_id,
    b.period,
    coalesce(c.contacts, 0) as campaign_contacts_quarter,
    coalesce(c.most_in_month, 0) as campaign_contacts_month,
    coalesce(c.has_complained, false) as complained_after_contact
from customer_contacts c
right join customer_base b on b.customer_id = c.customer_id and b.period = c.period
cross join (
    select count(*) filter (where name = 'campaign_contacts') > 0 as listed from supplied_tables
) s
where s.listed
