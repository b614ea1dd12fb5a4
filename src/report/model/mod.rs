//! The report model: the one structure that templates see.
//!
//! It is versioned ([`SCHEMA`]) and documented field by field, because consultants write templates
//! against it. Every field is always present; what is not known is `null` with a reason beside it.
//! Numbers are raw and unrounded: templates print them through the filters of the locale
//! (`docs/templates.md`). Texts are already in the language of the report.

mod care;
mod cohorts;
mod customers;
mod data;
mod index;
mod lifetime;
mod next_best;
mod profiles;
mod receivables;
mod reconciliation;
mod repair_list;
mod roi;
mod scorecard;
mod scoring;
mod surveys;
mod value_map;
mod wallet;
mod worth;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use care::{ContactCount, ContactPressure, Counted, LifeCycle, LifeCycleStage};
pub use cohorts::{CohortCell, CohortGrid, CohortRange, CohortRow};
pub use customers::{ClassRow, CustomerRow, Customers, Ranks};
pub use data::{
    ColumnRead, Data, IdentityReport, InputRows, InventoryRow, MarkedCopy, MergedId, Problem,
    ProblemCell, Repair, RepeatedRow, Returns, SharedValue, UnknownCustomer,
};
pub use index::{Index, IndexEntry};
pub use lifetime::{Lifetime, LifetimeModel, LifetimeParameter, LifetimeRow, LifetimeTest};
pub use next_best::{NextBest, Offer, ProductPair, Suggested};
pub use profiles::{
    Profile, ProfileAnswer, ProfileCriterion, ProfileKnown, ProfileProduct, ProfileQuarter,
    ProfileRequest, ProfileScore, ProfileSource, ProfileSuggestion, Profiles,
};
pub use receivables::{Ageing, Debtor, Receivables};
pub use reconciliation::{Published, Rate, Reconciliation, WindowRow};
pub use repair_list::{OverLimit, RepairList};
pub use roi::{
    BenefitLine, BridgeStep, ChartStep, CostComponent, Flow, Phase, RealisedLine, Roi,
    RoiAssumption, RoiCase, RoiConvention, RoiLine, RoiOption, Scenario, Swing,
};
pub use scorecard::{
    Alert, Change, Counts, Initiative, Kpi, KpiName, Member, Missing, Node, Perspective, Process,
    Scorecard, Span, Status, Unit,
};
pub use scoring::{
    CriterionHead, CustomerScorecard, GridCell, Moves, RfmBand, RfmGrid, RfmMove, RfmScale,
    ScoredCustomer,
};
pub use surveys::{ServiceRow, SurveyRow, Surveys};
pub use value_map::{ValueBase, ValueMap, ValueMark, ValueOfClass, ValueQuarter};
pub use wallet::{CappedWallet, Wallet, WalletGap, WalletMethod, WalletRow, WalletRule};
pub use worth::{
    Bridge, BridgeLine, CampaignEffect, CapacityUse, NewCustomers, PriceAndVolume, Profit,
    Relationship, ReturnRow, SegmentProfit, Tenth, WhaleCurve, WhalePoint,
};

/// The version of this structure; raised when a field changes its meaning or goes away.
pub const SCHEMA: u32 = 1;

/// Everything a report says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The version of quarterdeck.
    pub version: String,
    /// First twelve digits of the hash over everything that governs the run.
    pub run_id: String,
    /// `en`, `th` or `vi`.
    pub language: String,
    /// Whose report it is.
    pub client: Client,
    /// The reported period.
    pub period: Period,
    /// The last day the data cover.
    pub data_to: NaiveDate,
    /// The periods of every history below, oldest first; the reported one is last.
    pub periods: Vec<Period>,
    /// The balanced scorecard.
    pub scorecard: Scorecard,
    /// The return on the CRM investment.
    pub roi: Roi,
    /// The customer base.
    pub customers: Customers,
    /// What was read and what became of each row.
    pub data: Data,
    /// Settings that the client did not make.
    pub defaults: Vec<Default>,
}

/// Whose report it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Client {
    /// Name as printed.
    pub name: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Digits of the currency.
    pub currency_digits: u32,
}

/// A fiscal quarter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Period {
    /// `2026-Q3`.
    pub id: String,
    /// As people write it: `Q3 2026`, `ไตรมาส 3/2569`, `Quý 3/2026`.
    pub label: String,
    /// For axes: `Q3/26`, `3/69`.
    pub short: String,
    /// First day.
    pub starts: NaiveDate,
    /// Last day.
    pub ends: NaiveDate,
}

/// A setting that the client did not make.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Default {
    /// The key that would change it.
    pub key: String,
    /// The value it has.
    pub value: String,
}

/// An opening sentence: what happened in bold, the rest after it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lead {
    /// The finding.
    pub bold: String,
    /// What else to know.
    pub rest: String,
}
