//! All customers' sales, and what they say as of a day: histories, margin, what was earned.

use super::{DAYS_PER_YEAR, DaySales, History};

/// Sales of one customer on one day with what is known of their costs. Amounts are in the smallest
/// units the money is kept in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayEarnings {
    /// The sales.
    pub sales: DaySales,
    /// Amounts less cost of goods, of the lines whose cost is known.
    pub contribution: i128,
    /// The amounts of those lines; none where no line's cost is known.
    pub covered: Option<i128>,
}

/// A customer's sales.
#[derive(Debug, Clone, PartialEq)]
pub struct Customer {
    /// The id.
    pub id: String,
    /// In the order of the days, each once.
    sales: Vec<DaySales>,
    earnings: Vec<DayEarnings>,
    /// What serving cost, by day.
    costs: Vec<(i32, i128)>,
    /// What winning the customer cost, by day.
    won: Vec<(i32, i128)>,
    /// The places of those the customer brought, and from which day on.
    brought: Vec<(usize, i32)>,
}

impl Customer {
    /// Of the days in order, each once.
    pub fn new(id: impl Into<String>, days: Vec<DayEarnings>) -> Self {
        Self {
            id: id.into(),
            sales: days.iter().map(|day| day.sales).collect(),
            earnings: days,
            costs: Vec::new(),
            won: Vec::new(),
            brought: Vec::new(),
        }
    }

    /// With what serving the customer cost, by day, in any order.
    pub fn served(mut self, mut costs: Vec<(i32, i128)>) -> Self {
        costs.sort_unstable();
        self.costs = costs;
        self
    }

    /// With what it cost to win the customer, by day.
    pub fn won(mut self, costs: Vec<(i32, i128)>) -> Self {
        self.won = costs;
        self
    }

    /// With those the customer brought, by their place in the portfolio, and from which day on each.
    pub fn brought(mut self, brought: Vec<(usize, i32)>) -> Self {
        self.brought = brought;
        self
    }

    /// What winning and serving the customer has cost through a day, in the smallest units.
    fn cost_so_far(&self, day: i32) -> i128 {
        let all = self.costs.iter().chain(&self.won);
        all.filter(|(on, _)| *on <= day).map(|(_, cost)| cost).sum()
    }

    /// What serving cost in the year through a day, in the smallest units.
    fn yearly_cost(&self, day: i32) -> i128 {
        let from = day - DAYS_PER_YEAR as i32;
        let within = self.costs.iter().filter(|(on, _)| *on > from && *on <= day);
        within.map(|(_, cost)| cost).sum()
    }

    /// The last day of an order through a day.
    fn last_order(&self, day: i32) -> Option<i32> {
        let known = self.sales.partition_point(|sales| sales.day <= day);
        let mut orders = self.sales[..known].iter().rev();
        orders.find(|sales| sales.is_order).map(|sales| sales.day)
    }

    /// Whether there was an order from one day through another.
    pub(super) fn ordered_within(&self, from: i32, through: i32) -> bool {
        self.last_order(through).is_some_and(|day| day >= from)
    }

    fn earnings(&self, from: i32, through: i32) -> &[DayEarnings] {
        let start = self.sales.partition_point(|sales| sales.day < from);
        let end = self.sales.partition_point(|sales| sales.day <= through);
        &self.earnings[start..end.max(start)]
    }
}

/// Sums over days.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Earned {
    amount: i128,
    contribution: i128,
    covered: Option<i128>,
}

impl Earned {
    fn add(&mut self, day: &DayEarnings) {
        self.amount += day.sales.amount;
        self.contribution += day.contribution;
        self.covered = match (self.covered, day.covered) {
            (None, more) => more,
            (some, None) => some,
            (Some(some), Some(more)) => Some(some + more),
        };
    }
}

/// All customers.
#[derive(Debug, Clone, PartialEq)]
pub struct Portfolio {
    /// In the order of their ids.
    pub customers: Vec<Customer>,
    /// How many of the smallest units make one unit of currency.
    pub unit: f64,
}

impl Portfolio {
    /// The customers known at a day, by their place, with their histories.
    pub(super) fn histories(&self, day: i32) -> Vec<(usize, History)> {
        self.customers
            .iter()
            .enumerate()
            .filter_map(|(place, customer)| {
                Some((place, History::as_of(&customer.sales, day, self.unit)?))
            })
            .collect()
    }

    /// What serving a customer cost in the year through a day, in currency units.
    pub(super) fn yearly_cost(&self, customer: usize, day: i32) -> f64 {
        self.customers[customer].yearly_cost(day) as f64 / self.unit
    }

    /// What winning and serving a customer has cost through a day, in currency units.
    pub(super) fn cost_so_far(&self, customer: usize, day: i32) -> f64 {
        self.customers[customer].cost_so_far(day) as f64 / self.unit
    }

    /// What those whom a customer brought have brought in the year through a day, net of cost of goods, in
    /// currency units: nothing before the referral.
    pub(super) fn yearly_referred(&self, customer: usize, day: i32, margin: &Margin) -> f64 {
        let from = day - DAYS_PER_YEAR as i32 + 1;
        let brought = self.customers[customer].brought.iter();
        brought
            .map(|(place, since)| {
                let one = [&self.customers[*place]];
                self.earned(one, (from.max(*since), day), margin)
            })
            .sum()
    }

    /// Whether any customer is known to have brought another.
    pub(super) fn knows_referrals(&self) -> bool {
        self.customers.iter().any(|c| !c.brought.is_empty())
    }

    /// Whether any cost of serving is known by a day.
    pub(super) fn knows_costs(&self, day: i32) -> bool {
        let by_then =
            |customer: &Customer| customer.costs.first().is_some_and(|(on, _)| *on <= day);
        self.customers.iter().any(by_then)
    }

    /// Contribution per unit of revenue over the year through a day, of what has known costs; none
    /// where nothing has, or it did not sell for more than nothing.
    pub(super) fn observed_margin(&self, day: i32) -> Option<f64> {
        let from = day - DAYS_PER_YEAR as i32;
        let mut earned = Earned::default();
        for customer in &self.customers {
            for day in customer.earnings(from, day) {
                earned.add(day);
            }
        }
        let covered = earned.covered.filter(|covered| *covered > 0)?;
        Some(earned.contribution as f64 / covered as f64)
    }

    /// What some customers brought from one day through another, net of cost of goods, in currency
    /// units: contribution where `costs` are known, else revenue times the margin.
    pub(super) fn earned<'a>(
        &self,
        customers: impl IntoIterator<Item = &'a Customer>,
        (from, through): (i32, i32),
        margin: &Margin,
    ) -> f64 {
        let mut earned = Earned::default();
        for customer in customers {
            for day in customer.earnings(from, through) {
                earned.add(day);
            }
        }
        margin.of(&earned) / self.unit
    }
}

/// What of revenue is left when goods are paid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Margin {
    /// Contribution per unit of revenue.
    pub(super) share: f64,
    /// Whether it is taken from the data, and contribution is at hand for the past itself.
    pub(super) observed: bool,
}

impl Margin {
    fn of(&self, earned: &Earned) -> f64 {
        if self.observed {
            earned.contribution as f64
        } else {
            earned.amount as f64 * self.share
        }
    }
}
