//! The reconciliation statement, the rates beside it, and the customers under other activity windows.

use chrono::NaiveDate;
use datafusion::arrow::array::{Array, Int64Array};

use super::{Sheet, quarter, text};
use crate::calendar::Quarter;
use crate::diagnostics::Diagnostics;
use crate::report::build::{PublishedBefore, RateParts, Reconciled, Statement, WindowFigure};
use crate::run::compute::Computed;

/// The statements of all periods, in total and by segment.
pub(super) fn statements(computed: &Computed) -> Result<Vec<Reconciled>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        "select * from customer_reconciliation order by period, segment nulls first",
    )?;
    let (periods, segments) = (sheet.texts("period")?, sheet.texts("segment")?);
    let published = sheet.counts("published")?;
    let count = |name: &str| sheet.counts(name);
    let (opening, new, reactivated) = (count("opening")?, count("new")?, count("reactivated")?);
    let (lost_opening, lost_new) = (count("lost_opening")?, count("lost_new")?);
    let (moved_in, moved_out) = (count("transferred_in")?, count("transferred_out")?);
    let (merged, restated, closing) = (count("merged")?, count("restated")?, count("closing")?);
    sheet
        .rows()
        .map(|row| {
            let known = |column: &Int64Array| column.is_valid(row).then(|| column.value(row));
            Ok(Reconciled {
                period: quarter(&periods, row)?,
                segment: text(&segments, row),
                lines: Statement {
                    published: known(&published),
                    merged: merged.value(row),
                    restated: restated.value(row),
                    opening: opening.value(row),
                    new: new.value(row),
                    reactivated: reactivated.value(row),
                    lost_opening: lost_opening.value(row),
                    lost_new: lost_new.value(row),
                    transferred_in: moved_in.value(row),
                    transferred_out: moved_out.value(row),
                    closing: closing.value(row),
                },
            })
        })
        .collect()
}

pub(super) fn published(computed: &Computed) -> Option<PublishedBefore> {
    let ledger = computed.published.as_ref()?;
    Some(PublishedBefore {
        window_months: ledger.closing.activity_window_months,
    })
}

pub(super) fn rate_parts(computed: &Computed, reported: Quarter) -> RateParts {
    let parts = |measure: &str| {
        let measure = computed.measures.iter().find(|m| m.name == measure)?;
        let total = measure.total(reported)?;
        Some((total.numerator?, total.denominator?))
    };
    RateParts {
        annual: parts("annual_retention"),
        gross_revenue: parts("gross_revenue_retention"),
        net_revenue: parts("net_revenue_retention"),
    }
}

/// How many gaps between purchases the window was derived from, and how many days most of them last.
pub(super) fn gaps(computed: &Computed) -> Option<(i64, i64)> {
    let evidence = computed.prepared.window.derived?;
    Some((evidence.gaps, evidence.percentile_days?))
}

/// The first day of the data, where it lies within one activity window before the period.
pub(super) fn short_history(computed: &Computed) -> Option<NaiveDate> {
    let prepared = &computed.prepared;
    let short = prepared.timeline.short_history(prepared.window.months);
    short.map(|_| prepared.timeline.first_day)
}

/// The reported period under each activity window.
pub(super) fn windows(
    computed: &Computed,
    reported: Quarter,
) -> Result<Vec<WindowFigure>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        &format!(
            "select * from activity_sensitivity where period = '{reported}' order by window_months"
        ),
    )?;
    let count = |name: &str| sheet.counts(name);
    let (months, opening, retained) = (
        count("window_months")?,
        count("opening")?,
        count("retained")?,
    );
    let (new, reactivated) = (count("new")?, count("reactivated")?);
    let (lost_opening, lost_new) = (count("lost_opening")?, count("lost_new")?);
    let closing = count("closing")?;
    let row = |row: usize| WindowFigure {
        months: u32::try_from(months.value(row)).unwrap_or(0),
        opening: opening.value(row),
        retained: retained.value(row),
        new: new.value(row),
        reactivated: reactivated.value(row),
        lost_opening: lost_opening.value(row),
        lost_new: lost_new.value(row),
        closing: closing.value(row),
    };
    Ok(sheet.rows().map(row).collect())
}
