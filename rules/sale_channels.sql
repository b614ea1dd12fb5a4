-- The channels of the sales, numbered in the order of their names.
select row_number() over (order by channel) as channel_no, channel
from (select distinct channel from transactions where channel is not null)
