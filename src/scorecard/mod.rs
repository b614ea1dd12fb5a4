//! KPIs, scores, roll-up and status: what the balanced scorecard says, without how it looks.
//!
//! In: `rules/scorecard.toml` (the shipped one with the workspace's over it), measures, the rows of
//! the `targets`, `manual_kpi`, `commentary` and `initiatives` sheets. Out: a [`Scorecard`] of plain values, scores, bounds and
//! reasons as message keys, which the report puts into words.
//!
//! - [`Definition`] is what `scorecard.toml` says, read with places and checked as a whole.
//! - [`Expression`] is the arithmetic of a KPI's `value` over measures.
//! - [`score`] turns a value into 0–100; [`rollup`] turns scores into those of objectives,
//!   processes, perspectives and the whole.
//! - [`evaluate()`] does all of it for every period of the history.
//!
//! *Not measured* is never zero: a KPI without its table, its denominator or its rows carries the
//! reason, and every node above it shows the bounds that this leaves open.

mod change;
mod definition;
mod evaluate;
mod expression;
mod kpi;
mod merge;
mod outcome;
mod raw;
mod read;
mod remarks;
pub mod rollup;
pub mod score;
mod sheets;
mod span;
#[cfg(test)]
mod tests;
mod weights;

pub use change::{Change, change};
pub use definition::{
    Band, Better, Branch, Definition, Given, Kpi, Label, Level, Need, Origin, OverTime, Part,
    Scoring, Unit,
};
pub use evaluate::{Inputs, Supplied, evaluate};
pub use expression::{Expression, ExpressionError, Name, Operand};
pub use outcome::{
    Alert, KpiResult, Manual, Member, MissingGroup, PeriodResult, Scorecard, TargetSource,
};
pub use read::{FILE, KnownMeasure, Vocabulary};
pub use remarks::{
    Comment, CommentaryRow, Initiative, InitiativeRow, check_commentary, check_initiatives,
    without_commentary,
};
pub use score::Marks;
pub use sheets::{ManualRow, TargetPeriod, TargetRow, check_manual, check_targets, stated_marks};
pub use span::Span;
