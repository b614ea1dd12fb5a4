//! The cells of the cohorts.

use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::datatypes::DataType;

use super::{Sheet, number, quarter};
use crate::diagnostics::Diagnostics;
use crate::engine::internal;
use crate::report::build::{Alignment, CohortFigure};
use crate::run::compute::Computed;

pub(super) fn cells(computed: &Computed) -> Result<Vec<CohortFigure>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        "select * from cohorts order by alignment, cohort, k",
    )?;
    let (cohorts, alignments) = (sheet.texts("cohort")?, sheet.texts("alignment")?);
    let (k, customers) = (sheet.counts("k")?, sheet.counts("customers")?);
    let (active, later) = (sheet.counts("active")?, sheet.counts("active_or_later")?);
    let revenue = sheet.numbers("revenue_so_far")?;
    let contribution = sheet.numbers("contribution_so_far")?;
    let pre_history = sheet.column("is_pre_history", &DataType::Boolean)?;
    let pre_history = pre_history.as_boolean();
    sheet
        .rows()
        .map(|row| {
            let name = alignments.value(row);
            let alignment = Alignment::ALL
                .into_iter()
                .find(|alignment| alignment.name() == name)
                .ok_or_else(|| internal(format!("`cohorts` knows no alignment `{name}`")))?;
            Ok(CohortFigure {
                cohort: quarter(&cohorts, row)?,
                alignment,
                k: usize::try_from(k.value(row)).map_err(internal)?,
                customers: customers.value(row),
                active: active.value(row),
                active_or_later: later.value(row),
                revenue_so_far: number(&revenue, row),
                contribution_so_far: contribution.is_valid(row).then(|| contribution.value(row)),
                is_pre_history: pre_history.value(row),
            })
        })
        .collect()
}
