//! DataFusion, embedded: facts per customer and period, measures per period, from SQL files.
//!
//! In: tables in memory ([`Engine::register`]) and the SQL files of a workspace ([`Queries`]). Out:
//! [`customer_facts`], one batch of one row per customer and period, and [`measures()`]. What happens
//! between the two (scores, value, the rules' assignments) is the business of the modules below.
//!
//! Figures do not depend on the number of threads: what ships sums decimals and whole numbers only,
//! and functions of the clock or of chance are not there.

mod error;
mod facts;
mod format;
mod measure;
mod measures;
mod normalise;
mod one_row_first;
mod plans;
mod queries;
mod reads;
mod session;
mod statement;
mod views;

pub use facts::{customer_facts, give_up_unread};
pub use format::{Format, write_rows};
pub use measure::{Measure, MeasureRow};
pub use measures::measures;
pub use plans::Plans;
pub use queries::{
    BASE, CUSTOMER_MOVES, CUSTOMER_PERIODS, CUSTOMER_SCORES, Kind, Queries, Query,
    REPORTED_CUSTOMERS, ToCome,
};
pub use reads::{Reads, ReadsByFile};
pub(crate) use session::internal;
pub use session::{Engine, Options, Rows};
