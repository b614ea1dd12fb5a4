-- Profit after all costs that are known: sales less cost of goods, activities with their unused capacity,
-- channels, interactions, campaigns, leads and retention spending, as `[profitability] charge` has it.
-- Money. `profit_bridge` leads to it from the profit of customers. Null where no cost of goods is known.
select period, amount as value
from profit_bridge
where line = 'ledger'
