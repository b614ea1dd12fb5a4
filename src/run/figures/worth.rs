//! What the report says of the profit of customers and of the return on keeping them.

use datafusion::arrow::array::{Array, Float64Array, Int64Array};

use super::{Sheet, number, quarter, text};
use crate::calendar::Quarter;
use crate::diagnostics::Diagnostics;
use crate::metrics::effect;
use crate::report::build::{
    EffectFigures, ProfitFigures, RelationshipFigures, ReturnFigures, WhaleFigures,
};
use crate::run::compute::Computed;
use crate::workspace::{Allocation, Config};

/// The profit of customers as of the reported period.
pub(super) fn profit(computed: &Computed, config: &Config) -> Result<ProfitFigures, Diagnostics> {
    let timeline = &computed.prepared.timeline;
    let reported = timeline.reported;
    let year: Vec<Quarter> = timeline.periods.iter().rev().take(4).copied().collect();
    let first = year.last().copied().unwrap_or(reported);
    Ok(ProfitFigures {
        whale: whale(computed, reported)?,
        curve: curve(computed, reported)?,
        bridge: bridge(computed, reported)?,
        capacity: capacity(computed, reported)?,
        cost_coverage: cost_coverage(computed, &year),
        unrated: year
            .iter()
            .filter_map(|period| computed.total("unrated_activities", *period))
            .sum::<f64>() as i64,
        starts: timeline.fiscal.starts(first),
        ends: timeline.ends(),
        half_coin: 0.5 / 10f64.powi(config.client.currency.digits as i32),
    })
}

fn optional(column: &Float64Array, row: usize) -> Option<f64> {
    column.is_valid(row).then(|| column.value(row))
}

fn whale(computed: &Computed, reported: Quarter) -> Result<Vec<WhaleFigures>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        &format!("select * from whale where period = '{reported}' order by segment"),
    )?;
    let segments = sheet.texts("segment")?;
    let relative = sheet.counts("is_relative")?;
    let counts = |name: &str| sheet.counts(name);
    let amounts = |name: &str| sheet.numbers(name);
    let whole = |column: &Int64Array, row: usize| column.is_valid(row).then(|| column.value(row));
    let (quarters, customers) = (counts("quarters")?, counts("customers")?);
    let (profitable, breaking_even) = (counts("profitable")?, counts("breaking_even")?);
    let (unprofitable, unknown) = (counts("unprofitable")?, counts("unknown")?);
    let (new, new_unprofitable) = (counts("new_customers")?, counts("new_unprofitable")?);
    let with_costs = counts("with_costs")?;
    let (total, peak, losses) = (amounts("total")?, amounts("peak")?, amounts("losses")?);
    let (revenue, new_losses) = (amounts("revenue")?, amounts("new_losses")?);
    let revenue_with_costs = amounts("revenue_with_costs")?;
    let revenue_unknown = amounts("revenue_unknown")?;
    Ok(sheet
        .rows()
        .map(|row| WhaleFigures {
            segment: text(&segments, row),
            quarters: quarters.value(row),
            customers: customers.value(row),
            profitable: profitable.value(row),
            breaking_even: breaking_even.value(row),
            unprofitable: unprofitable.value(row),
            total: number(&total, row),
            peak: number(&peak, row),
            losses: number(&losses, row),
            relative: relative.value(row) != 0,
            revenue: number(&revenue, row),
            new_customers: whole(&new, row),
            new_unprofitable: whole(&new_unprofitable, row),
            new_losses: optional(&new_losses, row),
            with_costs: with_costs.value(row),
            revenue_with_costs: number(&revenue_with_costs, row),
            unknown: unknown.value(row),
            revenue_unknown: number(&revenue_unknown, row),
        })
        .collect())
}

fn curve(computed: &Computed, reported: Quarter) -> Result<Vec<(i64, f64)>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        &format!("select * from whale_curve where period = '{reported}' order by place"),
    )?;
    let (places, cumulative) = (sheet.counts("place")?, sheet.numbers("cumulative")?);
    let point = |row| (places.value(row), number(&cumulative, row));
    Ok(sheet.rows().map(point).collect())
}

fn bridge(computed: &Computed, reported: Quarter) -> Result<Vec<(String, f64)>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        &format!("select * from profit_bridge where period = '{reported}' order by line_no"),
    )?;
    let (lines, amounts) = (sheet.texts("line")?, sheet.numbers("amount")?);
    let line = |row| (lines.value(row).to_owned(), number(&amounts, row));
    Ok(sheet.rows().map(line).collect())
}

fn capacity(
    computed: &Computed,
    reported: Quarter,
) -> Result<Vec<(String, f64, f64)>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        &format!("select * from activity_capacity where period = '{reported}' order by activity"),
    )?;
    let activities = sheet.texts("activity")?;
    let (cost, used) = (sheet.numbers("cost")?, sheet.numbers("used")?);
    let pool = |row| {
        let activity = activities.value(row).to_owned();
        (activity, number(&cost, row), number(&used, row))
    };
    Ok(sheet.rows().map(pool).collect())
}

/// The share of revenue whose cost of goods is known, over some quarters: a ratio of sums.
fn cost_coverage(computed: &Computed, year: &[Quarter]) -> Option<f64> {
    let mut measures = computed.measures.iter();
    let measure = measures.find(|measure| measure.name == "contribution_coverage")?;
    let rows = || year.iter().filter_map(|period| measure.total(*period));
    let known: f64 = rows().filter_map(|row| row.numerator).sum();
    let all: f64 = rows().filter_map(|row| row.denominator).sum();
    (all > 0.0).then(|| known / all)
}

/// The return on keeping customers in the reported period.
pub(super) fn relationship(
    computed: &Computed,
    config: &Config,
) -> Result<RelationshipFigures, Diagnostics> {
    let reported = computed.prepared.timeline.reported;
    Ok(RelationshipFigures {
        period: reported,
        lag_quarters: config.return_on_relationship.lag_quarters as i32,
        allocated_by: match config.return_on_relationship.allocate {
            Allocation::None => None,
            asked => Some(asked.name()),
        },
        spending_known: computed.prepared.supplied.contains("retention_spend"),
        rows: returns(computed, reported)?,
        price_and_volume: price_and_volume(computed)?,
        campaigns: campaigns(computed, reported)?,
    })
}

fn returns(computed: &Computed, reported: Quarter) -> Result<Vec<ReturnFigures>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        &format!(
            "select * from relationship_returns where period = '{reported}' order by kind, segment"
        ),
    )?;
    let (kinds, segments) = (sheet.texts("kind")?, sheet.texts("segment")?);
    let (customers, lost) = (sheet.counts("customers")?, sheet.counts("lost")?);
    let then = sheet.numbers("contribution_then")?;
    let gain = sheet.numbers("contribution_gain")?;
    let revenue_gain = sheet.numbers("revenue_gain")?;
    let spent = sheet.numbers("spent")?;
    Ok(sheet
        .rows()
        .map(|row| ReturnFigures {
            kind: kinds.value(row).to_owned(),
            segment: text(&segments, row).unwrap_or_default(),
            customers: customers.value(row),
            lost: lost.value(row),
            contribution_then: optional(&then, row),
            contribution_gain: optional(&gain, row),
            revenue_gain: optional(&revenue_gain, row),
            spent: number(&spent, row),
        })
        .collect())
}

fn price_and_volume(computed: &Computed) -> Result<Option<(f64, f64, f64)>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        "select * from price_and_volume where segment is null",
    )?;
    let (price, volume) = (sheet.numbers("price")?, sheet.numbers("volume")?);
    let unsplit = sheet.numbers("unsplit")?;
    let parts = |row| {
        let parts = (number(&price, row), number(&volume, row));
        (parts.0, parts.1, number(&unsplit, row))
    };
    Ok(sheet.rows().next().map(parts))
}

/// Campaigns with a control group whose outcome falls into the last four quarters, the newest first.
fn campaigns(computed: &Computed, reported: Quarter) -> Result<Vec<EffectFigures>, Diagnostics> {
    let oldest = reported.plus(-3);
    let sheet = Sheet::of(
        computed,
        &format!(
            "select * from campaign_effects where period between '{oldest}' and '{reported}' \
             order by period desc, campaign_id"
        ),
    )?;
    let (ids, names) = (sheet.texts("campaign_id")?, sheet.texts("name")?);
    let (periods, outcomes) = (sheet.texts("period")?, sheet.texts("outcome")?);
    let (treated, control) = (sheet.counts("treated")?, sheet.counts("control")?);
    let treated_mean = sheet.numbers("treated_mean")?;
    let control_mean = sheet.numbers("control_mean")?;
    let effects = sheet.numbers("effect")?;
    let errors = sheet.numbers("standard_error")?;
    let degrees = sheet.numbers("degrees_of_freedom")?;
    let spent = sheet.numbers("spent")?;
    sheet
        .rows()
        .map(|row| {
            Ok(EffectFigures {
                campaign: ids.value(row).to_owned(),
                name: text(&names, row),
                period: quarter(&periods, row)?,
                outcome: outcomes.value(row).to_owned(),
                treated: treated.value(row),
                control: control.value(row),
                treated_mean: number(&treated_mean, row),
                control_mean: number(&control_mean, row),
                effect: number(&effects, row),
                interval: effect::interval(
                    number(&effects, row),
                    optional(&errors, row),
                    optional(&degrees, row),
                ),
                spent: optional(&spent, row),
            })
        })
        .collect()
}
