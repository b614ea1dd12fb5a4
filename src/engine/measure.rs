//! Measures: values about the business per period, and per member of a dimension.

use crate::calendar::Quarter;

/// The rows of one `rules/measures/*.sql`.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// The file's stem, by which KPIs and SQL know it.
    pub name: String,
    /// Columns beside `period` and the values; null in one means the total over it.
    pub dimensions: Vec<String>,
    /// Whether it gives `numerator, denominator` rather than `value`.
    pub is_ratio: bool,
    /// Sorted by period, then members.
    pub rows: Vec<MeasureRow>,
    /// Input tables it reads, directly or through other queries, sorted.
    pub reads: Vec<String>,
    /// Those of `reads` that were not supplied.
    pub missing_tables: Vec<String>,
}

/// One row of a measure. Money arrives here as f64: it is summed exactly before.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureRow {
    /// The fiscal quarter.
    pub period: Quarter,
    /// One per dimension; none is the total.
    pub members: Vec<Option<String>>,
    /// The value; for a ratio, numerator ÷ denominator where that exists.
    pub value: Option<f64>,
    /// For ratios.
    pub numerator: Option<f64>,
    /// For ratios.
    pub denominator: Option<f64>,
}

impl Measure {
    /// The row of a period in total: every member null.
    pub fn total(&self, period: Quarter) -> Option<&MeasureRow> {
        self.rows
            .iter()
            .find(|row| row.period == period && row.members.iter().all(Option::is_none))
    }
}
