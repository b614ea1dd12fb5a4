//! What the report says of lifetime value.

use super::{Sheet, known, text};
use crate::diagnostics::Diagnostics;
use crate::report::build::{LifetimeFigures, SegmentLifetime};
use crate::run::compute::Computed;
use crate::workspace::Config;

pub(super) fn lifetime(
    computed: &Computed,
    config: &Config,
) -> Result<LifetimeFigures, Diagnostics> {
    let reported = computed.prepared.timeline.reported;
    let lifetimes = computed.prepared.lifetimes.as_deref();
    let segments = segments(computed)?;
    let quarters = segments.iter().map(|row| row.quarters).max();
    Ok(LifetimeFigures {
        quarters: quarters.unwrap_or(0),
        segments,
        value_basis: super::value_basis(computed),
        annual_rate: config.clv.discount_rate,
        horizon_months: i64::from(config.clv.horizon_months),
        uplift: config.clv.retention_uplift,
        required_margin: config.clv.required_margin,
        margin_is_known: computed.total("contribution", reported).is_some(),
        margin: config.clv.margin.or(config.value.margin),
        fitted: lifetimes.is_some(),
        model: lifetimes.and_then(|lifetimes| lifetimes.model(reported)),
        fits: match lifetimes {
            Some(_) => fits(computed)?,
            None => Vec::new(),
        },
        remarks: lifetimes
            .map(|lifetimes| lifetimes.remarks(reported).to_vec())
            .unwrap_or_default(),
    })
}

fn segments(computed: &Computed) -> Result<Vec<SegmentLifetime>, Diagnostics> {
    let reported = computed.prepared.timeline.reported;
    let sheet = Sheet::of(
        computed,
        &format!("select * from segment_clv where period = '{reported}' order by segment"),
    )?;
    let segments = sheet.texts("segment")?;
    let quarters = sheet.counts("quarters")?;
    let numbers = |name: &str| sheet.numbers(name);
    let (margin, retention) = (numbers("margin")?, numbers("retention")?);
    let (new, residual) = (numbers("new_customer")?, numbers("residual")?);
    let truncated = numbers("residual_truncated")?;
    let keep = numbers("retention_ceiling")?;
    let win = numbers("acquisition_ceiling")?;
    let row = |row| SegmentLifetime {
        segment: text(&segments, row),
        quarters: quarters.value(row),
        margin: known(&margin, row),
        retention: known(&retention, row),
        new_customer: known(&new, row),
        residual: known(&residual, row),
        residual_truncated: known(&truncated, row),
        keep: known(&keep, row),
        win: known(&win, row),
    };
    Ok(sheet.rows().map(row).collect())
}

/// Model, parameter and value of the reported period.
fn fits(computed: &Computed) -> Result<Vec<(String, String, f64)>, Diagnostics> {
    let reported = computed.prepared.timeline.reported;
    let sheet = Sheet::of(
        computed,
        &format!(
            "select model, parameter, value from clv_fits where period = '{reported}' \
             order by model, parameter"
        ),
    )?;
    let (models, parameters) = (sheet.texts("model")?, sheet.texts("parameter")?);
    let values = sheet.numbers("value")?;
    let fit = |row| {
        let (model, parameter) = (models.value(row), parameters.value(row));
        (model.to_owned(), parameter.to_owned(), values.value(row))
    };
    Ok(sheet.rows().map(fit).collect())
}
