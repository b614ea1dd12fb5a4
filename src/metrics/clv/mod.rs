//! Customer lifetime value.
//!
//! ```text
//! DaySales ─► History ─┬► OrderData ─► OrderModel (how often, whether still) ─┬► discounted value
//!                      └► SpendData ─► SpendModel (how much)                 ─┘
//! ```
//!
//! Models are fitted by maximum likelihood; where one cannot be, [`FitProblem`] says why. Time is in
//! weeks, money in currency units, both f64; rates are a year's.

mod ahead;
mod discount;
mod events;
mod formula;
mod history;
mod hypergeometric;
mod lifetimes;
mod maximum;
mod order_fit;
mod orders;
mod portfolio;
mod provide;
mod read;
mod remark;
mod settings;
mod spend;
mod valuation;

#[cfg(test)]
mod tests;

pub use discount::{DAYS_PER_YEAR, WEEKS_PER_MONTH, discounted_orders, rate_per_step};
pub use events::{Event, Yearly, coming_events, event_value};
pub use formula::{Formula, FormulaProblem};
pub use history::{DAYS_PER_WEEK, DaySales, History};
pub use lifetimes::Lifetimes;
pub use order_fit::{FEWEST_REPEATERS, OrderData, OrderFit};
pub use orders::{OrderModel, OrderModelKind};
pub use portfolio::{Customer, DayEarnings, Portfolio};
pub use provide::{Asked, Provided, TABLES, mentioned, provide, register_empty, wanted};
pub use remark::{FormulaRemark, Remark};
pub use settings::Settings;
pub use spend::{SpendData, SpendFit, SpendModel};

pub use valuation::{
    COMFORTABLE, CustomerValue, ExpectedOrders, MOST_CORRELATION, PeriodValuation, Span, Valuer,
};

use maximum::NoMaximum;

pub use maximum::CONVERGED;

/// Why a model does not hold.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FitProblem {
    /// Customers with repeat orders are few.
    #[error("{found} customers with a repeat order are too few to fit it; {needed} are the least")]
    TooFew {
        /// How many there are.
        found: usize,
        /// How many there should be.
        needed: usize,
    },
    /// The search did not end at a maximum.
    #[error("it does not converge: the gradient stays at {gradient:.1e}")]
    NotConverged {
        /// The largest component of the gradient of the mean log-likelihood.
        gradient: f64,
    },
    /// The likelihood grows for ever as a parameter goes to nothing or beyond all bounds.
    #[error("it does not converge: the larger or smaller `{parameter}`, the better it fits")]
    RunsAway {
        /// The parameter.
        parameter: &'static str,
    },
    /// The gamma-gamma model's q is not above 1.
    #[error("what customers spend has no finite mean under it (q = {q:.3}, not above 1)")]
    NoFiniteMean {
        /// The parameter.
        q: f64,
    },
}

impl FitProblem {
    fn of(why: NoMaximum, names: &[&'static str]) -> Self {
        match why {
            NoMaximum::NotConverged(gradient) => Self::NotConverged { gradient },
            NoMaximum::RunsAway(index) => Self::RunsAway {
                parameter: names[index],
            },
        }
    }
}
