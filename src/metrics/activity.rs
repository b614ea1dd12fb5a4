//! How long after a purchase a customer counts as active, derived from how customers buy.

use crate::diagnostics::Diagnostics;
use crate::engine::{Engine, internal};
use crate::workspace::Files;

use datafusion::arrow::array::AsArray;
use datafusion::arrow::datatypes::Int64Type;

/// The file that counts the gaps between purchases.
const GAPS: &str = "rules/calendar/purchase_gaps.sql";

/// The mean length of a month of the Gregorian calendar's 365.25-day year, in days.
const DAYS_PER_MONTH: f64 = 365.25 / 12.0;

/// The shortest and longest window that is derived, in months.
const RANGE: (u32, u32) = (3, 24);

/// The months within which a purchase makes a customer active.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActivityWindow {
    /// Its length.
    pub months: u32,
    /// What it was derived from; none when the client set it.
    pub derived: Option<GapEvidence>,
}

/// The gaps between the purchase days of one and the same customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GapEvidence {
    /// How many gaps there are.
    pub gaps: i64,
    /// The 90th percentile of their lengths in days (inverse of the distribution function, type 1);
    /// none when nobody bought twice.
    pub percentile_days: Option<i64>,
}

impl ActivityWindow {
    /// Its length, and what it was derived from, in words for the list of defaults.
    pub fn describe(self) -> String {
        match self.derived {
            Some(GapEvidence {
                gaps,
                percentile_days: Some(days),
            }) => format!(
                "{} (90 % of the {gaps} gaps between a customer's purchases are at most {days} days)",
                self.months
            ),
            Some(_) => format!("{} (nobody bought twice)", self.months),
            None => self.months.to_string(),
        }
    }

    /// The window the client set, or the 90th percentile of the gaps, rounded up to whole months of
    /// 365.25 ÷ 12 days, at least 3 and at most 24 of them; 12 when nobody bought twice.
    ///
    /// # Errors
    /// When the gaps cannot be counted.
    pub(super) fn of(
        set: Option<u32>,
        engine: &Engine,
        files: &Files,
    ) -> Result<Self, Diagnostics> {
        if let Some(months) = set {
            return Ok(Self {
                months,
                derived: None,
            });
        }
        let source = files
            .get(GAPS)
            .ok_or_else(|| internal(format!("there is no `{GAPS}`")))?;
        let batch = engine.query(source)?.one()?;
        let column = |name: &str| {
            let column = batch
                .column_by_name(name)
                .and_then(|c| c.as_primitive_opt::<Int64Type>())
                .ok_or_else(|| internal(format!("`{GAPS}` returns no whole numbers as `{name}`")));
            column.map(|c| c.values().to_vec())
        };
        let mut histogram: Vec<(i64, i64)> =
            column("days")?.into_iter().zip(column("gaps")?).collect();
        histogram.sort_unstable();
        Ok(Self::derive(&histogram))
    }

    /// From days and how often they were seen, ascending.
    fn derive(histogram: &[(i64, i64)]) -> Self {
        let gaps: i64 = histogram.iter().map(|(_, count)| count).sum();
        let rank = (gaps * 9 + 9) / 10;
        let mut so_far = 0;
        let percentile_days = histogram.iter().find_map(|(days, count)| {
            so_far += count;
            (so_far >= rank && gaps > 0).then_some(*days)
        });
        let months = percentile_days.map_or(12, |days| {
            let months = (days as f64 / DAYS_PER_MONTH).ceil() as u32;
            months.clamp(RANGE.0, RANGE.1)
        });
        Self {
            months,
            derived: Some(GapEvidence {
                gaps,
                percentile_days,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten gaps: the ninth smallest is the 90th percentile of type 1.
    #[test]
    fn the_ninth_of_ten_gaps_decides() {
        let window = ActivityWindow::derive(&[(10, 5), (40, 3), (150, 1), (900, 1)]);
        let evidence = window.derived.unwrap();
        assert_eq!(evidence.gaps, 10);
        assert_eq!(evidence.percentile_days, Some(150));
        // 150 ÷ 30.4375 = 4.93, rounded up.
        assert_eq!(window.months, 5);
    }

    #[test]
    fn the_window_has_bounds_and_a_default() {
        assert_eq!(ActivityWindow::derive(&[(7, 100)]).months, 3);
        assert_eq!(ActivityWindow::derive(&[(2000, 3)]).months, 24);
        assert_eq!(ActivityWindow::derive(&[]).months, 12);
        // Exactly four months: 121.75 days would be, 122 days are more.
        assert_eq!(ActivityWindow::derive(&[(121, 1)]).months, 4);
        assert_eq!(ActivityWindow::derive(&[(122, 1)]).months, 5);
    }
}
