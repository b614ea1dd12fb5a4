//! What customers bring and what keeping them brings: profit, the whale curve, the bridge to the
//! ledger, return on relationship, what campaigns changed.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Lead;

/// The profit of customers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profit {
    /// Whether it is known of anybody; if not, the rest is empty.
    pub known: bool,
    /// Why it is not known.
    pub reason: Option<String>,
    /// Opening sentence.
    pub lead: Lead,
    /// First day of the months that curve, tenths and segments are of.
    pub starts: NaiveDate,
    /// Their last day.
    pub ends: NaiveDate,
    /// How many months: 12, or fewer where the data begin later.
    pub months: i64,
    /// Customers who bought or cost anything in them, and whose profit is known.
    pub customers: i64,
    /// Those of them who cost more than they brought.
    pub unprofitable: i64,
    /// Share of them, 0 to 1.
    pub unprofitable_share: Option<f64>,
    /// Those who first bought within the months; null where the data reach back no further.
    pub new: Option<NewCustomers>,
    /// The whale curve.
    pub curve: WhaleCurve,
    /// Tenths of the customers, the most profitable first.
    pub tenths: Vec<Tenth>,
    /// By segment at the period's end.
    pub segments: Vec<SegmentProfit>,
    /// How far the figures reach, a sentence each.
    pub coverage: Vec<String>,
    /// From the profit of customers to that of the ledger, in the reported quarter.
    pub bridge: Bridge,
    /// What activities could have done in the reported quarter, and what was used.
    pub capacity: Vec<CapacityUse>,
}

/// Customers who carry what it cost to win them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewCustomers {
    /// How many.
    pub customers: i64,
    /// How many of them cost more than they brought.
    pub unprofitable: i64,
    /// What these cost more, above zero.
    pub losses: f64,
}

/// Cumulative profit, the most profitable customers first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WhaleCurve {
    /// At most 184 points, which are all where there are no more customers.
    pub points: Vec<WhalePoint>,
    /// Profit of all.
    pub total: f64,
    /// Profit of all profitable customers: where the curve is highest.
    pub peak: f64,
    /// What unprofitable customers destroy: peak less total.
    pub losses: f64,
    /// Whether percent of the total say something; if not, the curve is drawn in money.
    pub relative: bool,
    /// Peak ÷ total.
    pub peak_share: Option<f64>,
    /// Losses ÷ total.
    pub lost_share: Option<f64>,
    /// Share of customers at which the curve reaches its peak, 0 to 1.
    pub peak_from: Option<f64>,
    /// Share of customers at which it leaves it: those between break even.
    pub peak_to: Option<f64>,
}

/// A point of the whale curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WhalePoint {
    /// How many customers.
    pub customers: i64,
    /// Share of all, above 0 to 1.
    pub customers_share: f64,
    /// Their profit together.
    pub cumulative: f64,
}

/// A tenth of the customers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tenth {
    /// 1 for the most profitable.
    pub tenth: i64,
    /// How many customers.
    pub customers: i64,
    /// Their profit.
    pub profit: f64,
    /// Profit through this tenth.
    pub cumulative: f64,
    /// The same as a share of the total; null where the curve is not relative to it.
    pub cumulative_share: Option<f64>,
}

/// The profit of a segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SegmentProfit {
    /// The class; empty for customers the rules gave none.
    pub class: String,
    /// Its name in words; of the total, what it is called.
    pub label: String,
    /// Whether this is all customers.
    pub total: bool,
    /// Customers.
    pub customers: i64,
    /// Unprofitable ones.
    pub unprofitable: i64,
    /// Share of them, 0 to 1.
    pub unprofitable_share: Option<f64>,
    /// Profit.
    pub profit: f64,
    /// What unprofitable ones take away, above zero.
    pub losses: f64,
}

/// From the profit of customers to that of the ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bridge {
    /// In order, the ledger last; what is taken off is negative.
    pub lines: Vec<BridgeLine>,
    /// The profit of the ledger, summed straight from the input tables.
    pub ledger: f64,
    /// The lines together less the ledger: zero, or a cost was lost or counted twice.
    pub difference: f64,
    /// Whether the lines come to the ledger, to half of the smallest coin.
    pub ties_out: bool,
}

/// A line of the bridge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BridgeLine {
    /// `customers`, `unidentified`, `others`, `unused_capacity`, `unallocated` or `ledger`.
    pub id: String,
    /// Its name.
    pub label: String,
    /// What it adds; of the ledger, its profit.
    pub value: f64,
    /// Whether it stands for itself, as the first and the last do.
    pub total: bool,
}

/// An activity's cost pool and what was used of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CapacityUse {
    /// The activity.
    pub activity: String,
    /// What it costs a quarter.
    pub cost: f64,
    /// What was used, at its rates.
    pub used: f64,
    /// What was not, charged to nobody.
    pub unused: f64,
    /// Used ÷ cost.
    pub share: Option<f64>,
}

/// What spending to keep customers brought.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Relationship {
    /// Whether there is a year earlier to compare with; if not, the rest is empty.
    pub known: bool,
    /// Why there is nothing to say.
    pub reason: Option<String>,
    /// Opening sentence.
    pub lead: Lead,
    /// The same period a year earlier, as people write it.
    pub compared_with: String,
    /// The period of the spending, as people write it.
    pub spent_in: String,
    /// What spending on no class was divided by, in a sentence; null where it stands in its own line.
    pub allocated: Option<String>,
    /// By segment at the start, spending on no segment, and the total.
    pub rows: Vec<ReturnRow>,
    /// The gain in revenue told apart; null where no quantities are known.
    pub price_and_volume: Option<PriceAndVolume>,
    /// Campaigns with a control group over the last four quarters.
    pub campaigns: Vec<CampaignEffect>,
}

/// The return of a segment, or of all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReturnRow {
    /// `segment`, `unassigned` or `total`.
    pub kind: String,
    /// The class at the start of the period; empty for none.
    pub class: String,
    /// Its name in words.
    pub label: String,
    /// Customers active at the start.
    pub customers: i64,
    /// Those of them who are not active at the end.
    pub lost: i64,
    /// Their contribution a year earlier.
    pub contribution_then: Option<f64>,
    /// What they brought more now.
    pub contribution_gain: Option<f64>,
    /// The same of revenue.
    pub revenue_gain: Option<f64>,
    /// What was spent on keeping them.
    pub spent: f64,
    /// Gain in contribution ÷ spent.
    pub gross: Option<f64>,
    /// (Gain in contribution − spent) ÷ spent.
    pub net: Option<f64>,
    /// Gain in revenue ÷ spent.
    pub revenue: Option<f64>,
    /// Why there is no return.
    pub reason: Option<String>,
}

/// A gain in revenue, told apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PriceAndVolume {
    /// What other prices brought.
    pub price: f64,
    /// What other quantities brought.
    pub volume: f64,
    /// Of lines without a product or a quantity.
    pub unsplit: f64,
}

/// What a campaign changed, against its control group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CampaignEffect {
    /// Its id.
    pub campaign: String,
    /// Its name.
    pub name: Option<String>,
    /// The period looked at, as people write it.
    pub period: String,
    /// `contribution` or `revenue`.
    pub outcome: String,
    /// Customers treated.
    pub treated: i64,
    /// Customers of the control group.
    pub control: i64,
    /// Mean of the treated.
    pub treated_mean: f64,
    /// Mean of the control group.
    pub control_mean: f64,
    /// What the campaign changed per customer.
    pub effect: f64,
    /// At least that, with 95 % confidence.
    pub low: Option<f64>,
    /// At most that.
    pub high: Option<f64>,
    /// What the campaign cost.
    pub spent: Option<f64>,
    /// Effect on all treated ÷ spent.
    pub gross: Option<f64>,
    /// At least that, with 95 % confidence.
    pub gross_low: Option<f64>,
    /// At most that.
    pub gross_high: Option<f64>,
    /// `better`, `worse`, or `unclear` where chance alone could have made it.
    pub verdict: String,
    /// The verdict in words.
    pub said: String,
    /// Whether a group is smaller than 30.
    pub few: bool,
}
