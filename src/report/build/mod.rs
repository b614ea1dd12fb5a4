//! From figures to the report model: texts in the language of the report, sentences that state
//! findings, and nothing computed that a stage above could have computed.

mod customers;
mod evidence;
mod quality;
mod roi;
mod scorecard;

pub use customers::{
    Alignment, ClassCutFigures, CohortFigure, CriterionFigure, CustomerFigures, EffectFigures,
    GridCount, Imbalance, LifetimeFigures, Listed, MoveCount, Portfolio, ProfitFigures,
    PublishedBefore, RateParts, Reconciled, RelationshipFigures, ReturnFigures, RfmCount,
    RfmMoveCount, RfmScoring, ScaleFigure, ScoreBand, ScorecardFigures, ScoredFigure,
    SegmentLifetime, Statement, ValueMapFigures, Valued, WalletFigures, WalletRuleFigures,
    WalletSum, WhaleFigures, WindowFigure, customers, imbalances,
};
pub use customers::{
    MovedFigure, ProfileFigure, ProfileFigures, QuarterFigure, SourceRow, StageMove,
    SuggestedFigure,
};
pub use quality::{Quality, instruction, table_label};
pub(super) use roi::full_case;
pub use roi::roi;
pub use scorecard::{kpi_words, scorecard};

use crate::calendar::{FiscalCalendar, Quarter};
use crate::report::locale::Locale;
use crate::report::model;

/// A fiscal quarter as reports name it.
pub fn period(quarter: Quarter, calendar: FiscalCalendar, locale: &Locale) -> model::Period {
    model::Period {
        id: quarter.to_string(),
        label: locale.quarter(quarter),
        short: locale.quarter_short(quarter),
        starts: calendar.starts(quarter),
        ends: calendar.ends(quarter),
    }
}
