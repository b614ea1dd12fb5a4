//! What SQL cannot say well: which periods there are, how long a customer counts as active, RFM
//! scores and value.
//!
//! In: the tables of the intake and the settings. Out, through the engine: [`Timeline`] (periods and
//! activity window), then [`CustomerPeriods`], to which the rules add their assignments before the
//! measures are run.
//!
//! ```text
//! prepare ─► Timeline ─► CustomerPeriods::compute ─► rules ─► CustomerPeriods::register ─► engine::measures
//! ```

mod activity;
mod check;
pub mod clv;
mod customers;
pub mod effect;
mod moves;
pub mod next_best;
mod potential;
mod prepare;
mod published;
pub mod rfm;
pub mod scores;
mod timeline;
mod value;

#[cfg(test)]
mod tests;

pub use activity::{ActivityWindow, GapEvidence};
pub use check::{Planned, Trial, plan};
pub use customers::{CustomerPeriods, Judge, PeriodRows};
pub use potential::ListedColumns;
pub use prepare::{PROVIDED, Prepared, prepare, timeline};
pub use published::PublishedClosing;
pub use timeline::Timeline;
pub use value::ValueBasis;
