//! The customer report: portfolio, reconciliation, retention, RFM grid, class moves, lists.

mod care;
mod cohorts;
mod lifetime;
mod portfolio;
mod profiles;
mod profit;
mod reconciliation;
mod relationship;
mod rfm;
mod scorecard;
mod value_map;
mod wallet;

use chrono::NaiveDate;

use crate::calendar::Quarter;
use crate::message::Message;
use crate::report::locale::Locale;
use crate::report::model;
pub use care::StageMove;
pub use cohorts::{Alignment, CohortFigure};
pub use lifetime::{LifetimeFigures, SegmentLifetime};
use portfolio::{classes, lead, moves};
pub use profiles::{
    MovedFigure, ProfileFigure, ProfileFigures, QuarterFigure, SourceRow, SuggestedFigure,
};
pub use profit::{ProfitFigures, WhaleFigures};
pub use reconciliation::{
    Imbalance, PublishedBefore, RateParts, Reconciled, Statement, WindowFigure, imbalances,
};
use reconciliation::{
    added, nothing, published, rates, reconciliation, segments, short_history, window_evidence,
};
pub use relationship::{EffectFigures, RelationshipFigures, ReturnFigures};
use rfm::grid;
pub use rfm::{RfmCount, RfmMoveCount, RfmScoring, ScaleFigure, ScoreBand};
use scorecard::scorecard;
pub use scorecard::{CriterionFigure, GridCount, ScorecardFigures, ScoredFigure};
pub use value_map::{ValueMapFigures, Valued};
pub use wallet::{WalletFigures, WalletRuleFigures, WalletSum};

/// One class of one period, counted over the customers that are active at its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Portfolio {
    /// The period.
    pub period: Quarter,
    /// The class; none for customers the rules gave none.
    pub class: Option<String>,
    /// Active customers.
    pub customers: i64,
    /// Sum of their actual value.
    pub value: f64,
    /// Their revenue in the period.
    pub revenue: f64,
}

/// Customers who went from one class to another; none is *not active*.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct MoveCount {
    pub from: Option<String>,
    pub to: Option<String>,
    /// `behaviour` or `ruler`; none for who stayed, came or left, and where it cannot be told.
    pub because: Option<String>,
    pub customers: i64,
}

/// A customer of a list, with reason and action still by key.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Listed {
    pub customer_id: String,
    pub name: Option<String>,
    pub class: Option<String>,
    pub reason: Option<Message>,
    pub actual_value: Option<f64>,
    pub ranks: Option<model::Ranks>,
    pub potential_value: Option<f64>,
    pub revenue: f64,
    pub frequency: i64,
    pub last_purchase: Option<NaiveDate>,
    pub rfm: String,
    pub action: Option<Message>,
    pub suggested: Option<model::Suggested>,
}

/// The cut points between the classes of the reported period.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassCutFigures {
    /// The period whose they are, where they were frozen.
    pub frozen: Option<Quarter>,
    /// The constants of the rule that are numbers.
    pub constants: Vec<(String, f64)>,
    /// What counts as nothing, up and down from zero.
    pub band: f64,
}

/// Everything the customer report is made from.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerFigures {
    /// The periods shown, oldest first; the reported one is last.
    pub periods: Vec<Quarter>,
    /// Months that make a customer active.
    pub window_months: u32,
    /// Gaps between purchases and the days within which 90 % of them lie, where the months are derived
    /// from these.
    pub gaps: Option<(i64, i64)>,
    /// `clv`, `contribution`, `margin` or `revenue`.
    pub value_basis: String,
    /// All classes of the reported period and the one before.
    pub portfolio: Vec<Portfolio>,
    /// Of all periods in total, and by segment.
    pub reconciliation: Vec<Reconciled>,
    /// What was published of the period before.
    pub published: Option<PublishedBefore>,
    /// Numerator and denominator of the rates that the statement does not give.
    pub rates: RateParts,
    /// The first day of the data, where that is too late to tell new customers from returning ones.
    pub short_history: Option<NaiveDate>,
    /// The reported period under several activity windows, the shortest first.
    pub windows: Vec<WindowFigure>,
    /// Cells of cohorts, those of one cohort together and in order.
    pub cohorts: Vec<CohortFigure>,
    /// Moves into the reported period.
    pub moves: Vec<MoveCount>,
    /// What decided between the classes; none where nobody was classed.
    pub class_cuts: Option<ClassCutFigures>,
    /// Counts of the reported period.
    pub rfm: Vec<RfmCount>,
    /// How it was scored.
    pub scoring: RfmScoring,
    /// The customer scorecard.
    pub scorecard: ScorecardFigures,
    /// The best by actual value, then id.
    pub top: Vec<Listed>,
    /// The worst by actual value, then id.
    pub bottom: Vec<Listed>,
    /// Answers to surveys.
    pub surveys: model::Surveys,
    /// How requests were served.
    pub service: Vec<model::ServiceRow>,
    /// What customers owe.
    pub receivables: model::Receivables,
    /// What to offer whom.
    pub next_best: model::NextBest,
    /// Moves between life-cycle stages into the reported period.
    pub stage_moves: Vec<StageMove>,
    /// Leads that are no customers yet; none without a list of leads.
    pub prospects: Option<i64>,
    /// How often campaigns reached customers.
    pub pressure: model::ContactPressure,
    /// Those with a profile.
    pub profiles: ProfileFigures,
    /// Revenue of the period.
    pub revenue: f64,
    /// That of it which belongs to no known customer.
    pub unidentified_revenue: f64,
    /// The profit of customers.
    pub profit: ProfitFigures,
    /// The return on keeping them.
    pub relationship: RelationshipFigures,
    /// What they are worth against what they could be.
    pub value_map: ValueMapFigures,
    /// What part of what they spend they spend with us.
    pub wallet: WalletFigures,
    /// What they are worth to come.
    pub lifetime: LifetimeFigures,
}

/// The customer part of the report model.
pub fn customers(figures: &CustomerFigures, locale: &Locale) -> model::Customers {
    let now = figures.periods.last().copied();
    let history: Vec<_> = figures
        .periods
        .iter()
        .map(|period| {
            let mut all = figures.reconciliation.iter();
            let found = all.find(|r| r.period == *period && r.segment.is_none());
            reconciliation(found.unwrap_or(&nothing(*period)), locale)
        })
        .collect();
    let current = history.last().cloned().unwrap_or_else(|| {
        let never = Quarter {
            year: 1970,
            number: 1,
        };
        reconciliation(&nothing(never), locale)
    });
    let classes = classes(figures, now, locale);
    let profiles = profiles::profiles(&figures.profiles, &figures.periods, locale);
    let list = |rows: &[Listed]| {
        let rows = rows.iter();
        rows.map(|row| listed(row, &profiles, locale)).collect()
    };
    model::Customers {
        lead: lead(&current, history.iter().rev().nth(1), &classes, locale),
        window_months: figures.window_months,
        window_evidence: window_evidence(figures, locale),
        value_basis: figures.value_basis.clone(),
        active: current.closing,
        retention: rates(&current, &figures.rates, locale),
        reconciliation_segments: segments(figures, now, locale),
        reconciliation_added: added(figures, now, locale),
        imbalances: imbalances(&figures.reconciliation)
            .iter()
            .map(|found| found.said(locale))
            .collect(),
        published: published(figures, now, locale),
        short_history: short_history(figures, locale),
        windows: figures
            .windows
            .iter()
            .map(|window| window.row(figures.window_months))
            .collect(),
        cohorts: cohorts::grids(&figures.cohorts, &figures.periods, locale),
        moves: moves(figures, locale),
        rfm: grid(figures, locale),
        scorecard: scorecard(&figures.scorecard, locale),
        top: list(&figures.top),
        bottom: list(&figures.bottom),
        surveys: figures.surveys.clone(),
        service: figures.service.clone(),
        receivables: figures.receivables.clone(),
        next_best: figures.next_best.clone(),
        life_cycle: care::life_cycle(
            &figures.stage_moves,
            figures.prospects,
            figures.periods.len() > 1,
            locale,
        ),
        pressure: figures.pressure.clone(),
        profiles,
        unidentified_revenue: figures.unidentified_revenue,
        revenue: figures.revenue,
        profit: profit::profit(&figures.profit, locale),
        relationship: relationship::relationship(&figures.relationship, locale),
        value_map: value_map::value_map(&figures.value_map, locale),
        wallet: wallet::wallet(&figures.wallet, locale),
        lifetime: lifetime::lifetime(&figures.lifetime, locale),
        classes,
        reconciliation: current,
        reconciliation_history: history,
    }
}

fn listed(row: &Listed, profiles: &model::Profiles, locale: &Locale) -> model::CustomerRow {
    let mut profiles = profiles.customers.iter();
    model::CustomerRow {
        profile: profiles
            .find(|profile| profile.customer_id == row.customer_id)
            .map(|profile| profile.anchor.clone()),
        customer_id: row.customer_id.clone(),
        name: row.name.clone(),
        class: row.class.clone(),
        reason: row.reason.as_ref().map(|reason| locale.message(reason)),
        ranks: row.ranks.clone(),
        actual_value: row.actual_value,
        potential_value: row.potential_value,
        revenue: row.revenue,
        frequency: row.frequency,
        last_purchase: row.last_purchase,
        rfm: row.rfm.clone(),
        action: row.action.as_ref().map(|action| locale.message(action)),
        suggested: row.suggested.clone(),
    }
}

/// A share of a whole; none of nothing.
fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}
