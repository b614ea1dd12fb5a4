//! The return on the CRM investment: an investment case read, scheduled, valued and appraised.
//!
//! In: `rules/roi.toml`, the rows of a `crm_project` sheet, and the measures of the reported period
//! that benefits are tied to. Out: an [`Appraisal`] — cash flows, net present value, every internal
//! rate of return, payback, the four figures that are all called ROI, scenarios, sensitivity, the
//! eight cost components with what is *not supplied*.
//!
//! ```text
//! roi.toml ──read──► Plan ──case(rows)──► Case ──appraise(measures)──► Appraisal
//! ```
//!
//! Money is exact until it is discounted. No figure is made up: a component without a line is *not
//! supplied*, a benefit whose measure has no value is left out and said to be.

mod appraisal;
pub mod case;
pub mod finance;
mod read;
mod schedule;
mod sheet;
mod translation;
mod valuation;

pub use appraisal::{
    Appraisal, Assumption, Benefit, BreakEven, Component, Conventions, PhaseTotals, Realised,
    SMALL_INITIAL, Swing, Unit, appraise, dated, initial_cost, is_initial,
};
pub use case::Case;
pub use read::{FILE, Plan, parse, read};
pub use schedule::{first_month, monthly_shares, weight};
pub use sheet::ProjectRow;
pub use translation::Translations;
pub use valuation::{Assumptions, Valuation, float, floats, value};

#[cfg(test)]
mod tests;
