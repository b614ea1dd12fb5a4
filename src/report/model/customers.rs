//! The customer base: classes, the reconciliation of the customers, RFM, moves and lists.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    CohortGrid, ContactPressure, CustomerScorecard, Lead, LifeCycle, Lifetime, Moves, NextBest,
    Profiles, Profit, Published, Rate, Receivables, Reconciliation, Relationship, RfmGrid,
    ServiceRow, Suggested, Surveys, ValueMap, Wallet, WindowRow,
};

/// The customer base.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Customers {
    /// Opening sentence.
    pub lead: Lead,
    /// Months that make a customer active.
    pub window_months: u32,
    /// What they were derived from, in a sentence; null where the client set them.
    pub window_evidence: Option<String>,
    /// What `actual_value` is: `clv`, `contribution`, `margin` or `revenue`.
    pub value_basis: String,
    /// Active customers at the end of the period.
    pub active: i64,
    /// The portfolio by value class, then the total.
    pub classes: Vec<ClassRow>,
    /// The reconciliation statement, in total.
    pub reconciliation: Reconciliation,
    /// Its history over the report's periods.
    pub reconciliation_history: Vec<Reconciliation>,
    /// The statement of the period by segment; empty where there is one segment only.
    pub reconciliation_segments: Vec<Reconciliation>,
    /// The classes added up: the statement in total where it balances.
    pub reconciliation_added: Reconciliation,
    /// Why the statement does not balance, one sentence each; empty where it does.
    pub imbalances: Vec<String>,
    /// What was published of the period before; null where nothing was.
    pub published: Option<Published>,
    /// The rates of acquisition and retention that circulate, each with its formula in figures.
    pub retention: Vec<Rate>,
    /// That the data start too late to tell new customers from returning ones; null where they do not.
    pub short_history: Option<String>,
    /// The period under shorter and longer activity windows, the shortest first.
    pub windows: Vec<WindowRow>,
    /// Cohorts by the calendar and by age; empty where no quarter is over.
    pub cohorts: Vec<CohortGrid>,
    /// Counts by recency score (rows, 5 first) and frequency score (columns, 1 first).
    pub rfm: RfmGrid,
    /// From class (rows) to class (columns) since the previous period.
    pub moves: Moves,
    /// How strong and how attractive the relationships are.
    pub scorecard: CustomerScorecard,
    /// The best customers by value.
    pub top: Vec<CustomerRow>,
    /// The worst customers by value.
    pub bottom: Vec<CustomerRow>,
    /// Answers to surveys.
    pub surveys: Surveys,
    /// How requests were served: over all, by channel, by kind, by both; empty without any.
    pub service: Vec<ServiceRow>,
    /// What customers owe.
    pub receivables: Receivables,
    /// What to offer whom.
    pub next_best: NextBest,
    /// Where customers stand in the relationship.
    pub life_cycle: LifeCycle,
    /// How often campaigns reached customers.
    pub pressure: ContactPressure,
    /// The customers with a page of their own.
    pub profiles: Profiles,
    /// Sales that no customer could be found for.
    pub unidentified_revenue: f64,
    /// All revenue of the period.
    pub revenue: f64,
    /// What customers bring, and what unprofitable ones take.
    pub profit: Profit,
    /// What spending to keep customers brought.
    pub relationship: Relationship,
    /// What customers are worth against what they could be.
    pub value_map: ValueMap,
    /// What part of what they spend they spend with us.
    pub wallet: Wallet,
    /// What they are worth to come.
    pub lifetime: Lifetime,
}

/// One value class of the portfolio.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassRow {
    /// `MVC`, `MGC`, `Steady`, `Migrator`, `BZ`, or the client's own.
    pub class: String,
    /// Its name in words.
    pub label: String,
    /// Active customers in it.
    pub customers: i64,
    /// Active customers in it in the previous period.
    pub previous: Option<i64>,
    /// Share of active customers, 0 to 1.
    pub share: Option<f64>,
    /// Sum of actual value.
    pub value: f64,
    /// Share of the sum of actual value.
    pub value_share: Option<f64>,
    /// Actual value of one customer on average; a few large ones lift it.
    pub mean_value: Option<f64>,
    /// The actual value that half of them do not reach.
    pub median_value: Option<f64>,
    /// Revenue of the period.
    pub revenue: f64,
    /// What to do with it.
    pub treatment: String,
}

/// Where a customer stands among the active ones, 1 the best, by two values that rank otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ranks {
    /// By residual lifetime value.
    pub lifetime: i64,
    /// By what the last twelve months brought: contribution, or revenue where no cost is known.
    pub last_year: i64,
}

/// One customer in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CustomerRow {
    /// Id as written.
    pub customer_id: String,
    /// Name, where there is one.
    pub name: Option<String>,
    /// Value class.
    pub class: Option<String>,
    /// Why it is in it.
    pub reason: Option<String>,
    /// Actual value.
    pub actual_value: Option<f64>,
    /// Where it stands; null unless actual value is lifetime value.
    pub ranks: Option<Ranks>,
    /// Potential value.
    pub potential_value: Option<f64>,
    /// Revenue of the period.
    pub revenue: f64,
    /// Orders in the RFM window.
    pub frequency: i64,
    /// Day of the last purchase.
    pub last_purchase: Option<NaiveDate>,
    /// RFM scores, such as `5-4-3`.
    pub rfm: String,
    /// First action.
    pub action: Option<String>,
    /// The first product to offer.
    pub suggested: Option<Suggested>,
    /// Where its profile stands in `profiles.html`, such as `c-1`; null without one.
    pub profile: Option<String>,
}
