//! What is to be said of the models of a period: which do not hold and why, and which hold badly.

use super::{FitProblem, FormulaProblem, OrderModelKind};

/// What is to be said of a period's models.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Remark {
    /// A model of orders is left out.
    #[error("`{}` is left out: {problem}", .kind.name())]
    Orders {
        /// Which.
        kind: OrderModelKind,
        /// Why.
        problem: FitProblem,
    },
    /// Each order is taken for worth the mean of all repeat orders.
    #[error(
        "every order is taken for worth the mean of all repeat orders, without `gamma_gamma`: {0}"
    )]
    Spend(FitProblem),
    /// No model of orders holds, nor the formula.
    #[error("no value can be told, since neither model holds and by formula {0}")]
    Formula(FormulaRemark),
    /// No model of orders holds.
    #[error(
        "values are by formula, one margin and one retention for all: no model of orders holds"
    )]
    ByFormula,
    /// Spending is not independent of frequency.
    #[error(
        "what customers spend depends on how often they order (correlation {0:.2}): `gamma_gamma` takes the two for independent"
    )]
    Correlated(f64),
    /// Customers are few or known for a short time.
    #[error(
        "the models rest on {repeaters} customers with repeat orders, known for {weeks:.0} weeks at most: values are rough"
    )]
    Thin {
        /// Customers with a repeat order.
        repeaters: usize,
        /// The longest a customer is known.
        weeks: f64,
    },
}

/// Why the formula gives nothing.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum FormulaRemark {
    /// Nobody was active at the start of the periods looked at, or nobody stayed.
    #[error("there is nobody who could have stayed")]
    Nobody,
    /// The figures make none.
    #[error("{0}")]
    Problem(#[from] FormulaProblem),
}
