//! Several quarters as one: the fiscal year to date and the last four quarters, each beside the same
//! quarters a year before.

use serde::Serialize;

use super::change::Change;
use super::definition::{Kpi, OverTime};
use super::expression::{Operand, no_denominator};
use crate::calendar::Quarter;
use crate::message::Message;

/// A KPI over several quarters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Span {
    /// Its value; none where the quarters cannot be combined or one of them is not measured.
    pub value: Option<f64>,
    /// For a ratio, the sum of what was divided.
    pub numerator: Option<f64>,
    /// For a ratio, the sum of what it was divided by.
    pub denominator: Option<f64>,
    /// Its value over the same quarters a year before.
    pub base: Option<f64>,
    /// The change from `base`.
    pub change: Option<Change>,
    /// Why it has no value.
    pub reason: Option<Message>,
}

/// The quarters of the fiscal year through `reported`.
pub(super) fn year_to_date(reported: Quarter) -> impl Iterator<Item = Quarter> {
    let first = Quarter {
        year: reported.year,
        number: 1,
    };
    first.through(reported)
}

/// `reported` and the three quarters before it.
pub(super) fn four_quarters(reported: Quarter) -> impl Iterator<Item = Quarter> {
    reported.plus(-3).through(reported)
}

/// Combines the quarters of a KPI the way it declares: a flow adds up, a ratio is worked out again
/// from the sums of its parts and never as a mean of ratios. What is a level, a mean, or a count of
/// distinct things has no sum.
///
/// # Errors
/// Why there is no value: what the first quarter without one says, or `missing.not-additive`,
/// `missing.parts`, `missing.denominator`.
pub(super) fn combine(
    kpi: &Kpi,
    quarters: impl Iterator<Item = Result<Operand, Message>>,
) -> Result<Operand, Message> {
    match kpi.over_time {
        OverTime::Flow => {
            let values = quarters.map(|quarter| Ok(quarter?.value));
            Ok(Operand::from(values.sum::<Result<f64, Message>>()?))
        }
        OverTime::Ratio => {
            let (mut numerator, mut denominator) = (0.0, 0.0);
            for quarter in quarters {
                let quarter = quarter?;
                let parts = quarter.numerator.zip(quarter.denominator);
                // A ratio that was typed in has no parts.
                let (above, below) = parts.ok_or_else(|| Message::key("missing.parts"))?;
                numerator += above;
                denominator += below;
            }
            if denominator == 0.0 {
                return Err(no_denominator(&kpi.id));
            }
            Ok(Operand {
                value: numerator / denominator,
                numerator: Some(numerator),
                denominator: Some(denominator),
            })
        }
        OverTime::Stock | OverTime::Mean | OverTime::Distinct => {
            Err(Message::key("missing.not-additive"))
        }
    }
}
