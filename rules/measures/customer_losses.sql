-- S2 Losses with customers: what unprofitable customers took from the profit of the others over the twelve
-- months that end with the period. Money. By segment. Null where no cost of goods is known.
select period, segment, losses as value
from whale
