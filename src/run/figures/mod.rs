//! The figures of the customer report, read from the derived tables and the facts.

mod care;
mod cohorts;
mod lifetime;
mod next_best;
mod profiles;
mod receivables;
mod reconciliation;
mod scoring;
mod surveys;
mod value_map;
mod wallet;
mod worth;

pub(super) use next_best::IN_WORKBOOK;
pub(super) use surveys::rejected_answers;

use std::collections::HashMap;

use datafusion::arrow::array::{
    Array, AsArray, BooleanArray, Float64Array, Int64Array, RecordBatch, StringViewArray,
};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Date32Type};

use super::compute::Computed;
use crate::calendar::Quarter;
use crate::diagnostics::Diagnostics;
use crate::engine::internal;
use crate::metrics::ValueBasis;
use crate::report::build::{CustomerFigures, Listed, Portfolio};
use crate::report::model::Ranks;
use crate::rules::Rules;
use crate::workspace::Config;

/// Customers shown at either end of the list.
const LISTED: usize = 10;

/// Reads everything the customer report shows; `periods` are those of its histories.
pub(super) fn customer_figures(
    computed: &Computed,
    periods: &[Quarter],
    rules: &Rules,
    config: &Config,
) -> Result<CustomerFigures, Diagnostics> {
    let reported = computed.prepared.timeline.reported;
    let revenue = computed.total("revenue", reported).unwrap_or(0.0);
    let (top, bottom) = listed(computed)?;
    let of_cards = config.customer_scorecard;
    let limits = (of_cards.middle_from, of_cards.high_from);
    Ok(CustomerFigures {
        periods: periods.to_vec(),
        window_months: computed.prepared.window.months,
        gaps: reconciliation::gaps(computed),
        value_basis: value_basis(computed).to_owned(),
        portfolio: portfolio(computed)?,
        reconciliation: reconciliation::statements(computed)?,
        published: reconciliation::published(computed),
        rates: reconciliation::rate_parts(computed, reported),
        short_history: reconciliation::short_history(computed),
        windows: reconciliation::windows(computed, reported)?,
        cohorts: cohorts::cells(computed)?,
        moves: scoring::moves(computed, reported)?,
        class_cuts: scoring::class_cuts(computed, rules)?,
        rfm: scoring::grid(computed, reported)?,
        scoring: scoring::scoring(computed)?,
        scorecard: scoring::scorecard(computed, rules, limits)?,
        top,
        bottom,
        surveys: surveys::surveys(computed, reported)?,
        service: surveys::service(computed, reported)?,
        receivables: receivables::receivables(computed, reported)?,
        next_best: next_best::next_best(computed, config.next_best_product)?,
        stage_moves: care::stage_moves(computed)?,
        prospects: care::prospects(computed, reported),
        pressure: care::pressure(computed, reported)?,
        profiles: profiles::profiles(computed, rules, config, reported)?,
        revenue,
        unidentified_revenue: computed
            .total("revenue_unidentified", reported)
            .unwrap_or(0.0),
        profit: worth::profit(computed, config)?,
        relationship: worth::relationship(computed, config)?,
        value_map: value_map::value_map(computed, config)?,
        wallet: wallet::wallet(computed, reported)?,
        lifetime: lifetime::lifetime(computed, config)?,
    })
}

/// What the actual value of the reported period is.
fn value_basis(computed: &Computed) -> &'static str {
    let reported = computed.reported.as_ref();
    let basis = reported.map_or(ValueBasis::Revenue, |rows| rows.value_basis);
    basis.name()
}

/// The rows of a query as columns that can be read by name.
struct Sheet(RecordBatch);

impl Sheet {
    fn of(computed: &Computed, sql: &str) -> Result<Self, Diagnostics> {
        Ok(Self(computed.engine.ad_hoc(sql)?.one()?))
    }

    fn texts(&self, name: &str) -> Result<StringViewArray, Diagnostics> {
        Ok(self
            .column(name, &DataType::Utf8View)?
            .as_string_view()
            .clone())
    }

    fn counts(&self, name: &str) -> Result<Int64Array, Diagnostics> {
        let column = self.column(name, &DataType::Int64)?;
        Ok(column.as_primitive().clone())
    }

    fn flags(&self, name: &str) -> Result<BooleanArray, Diagnostics> {
        let column = self.column(name, &DataType::Boolean)?;
        Ok(column.as_boolean().clone())
    }

    fn numbers(&self, name: &str) -> Result<Float64Array, Diagnostics> {
        let column = self.column(name, &DataType::Float64)?;
        Ok(column.as_primitive().clone())
    }

    fn column(
        &self,
        name: &str,
        kind: &DataType,
    ) -> Result<datafusion::arrow::array::ArrayRef, Diagnostics> {
        let column = self
            .0
            .column_by_name(name)
            .ok_or_else(|| internal(format!("no column `{name}`")))?;
        Ok(cast(column, kind).map_err(internal)?)
    }

    fn rows(&self) -> std::ops::Range<usize> {
        0..self.0.num_rows()
    }
}

fn text(column: &StringViewArray, row: usize) -> Option<String> {
    column.is_valid(row).then(|| column.value(row).to_owned())
}

fn number(column: &Float64Array, row: usize) -> f64 {
    if column.is_valid(row) {
        column.value(row)
    } else {
        0.0
    }
}

fn known(column: &Float64Array, row: usize) -> Option<f64> {
    column.is_valid(row).then(|| column.value(row))
}

fn count(column: &Int64Array, row: usize) -> Option<i64> {
    column.is_valid(row).then(|| column.value(row))
}

fn quarter(column: &StringViewArray, row: usize) -> Result<Quarter, Diagnostics> {
    Ok(column.value(row).parse().map_err(internal)?)
}

fn portfolio(computed: &Computed) -> Result<Vec<Portfolio>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        "select * from customer_portfolio order by period, segment",
    )?;
    let (periods, classes) = (sheet.texts("period")?, sheet.texts("segment")?);
    let customers = sheet.counts("customers")?;
    let (values, revenues) = (sheet.numbers("actual_value")?, sheet.numbers("revenue")?);
    sheet
        .rows()
        .map(|row| {
            Ok(Portfolio {
                period: quarter(&periods, row)?,
                class: text(&classes, row),
                customers: customers.value(row),
                value: number(&values, row),
                revenue: number(&revenues, row),
            })
        })
        .collect()
}

/// The best and the worst active customers by actual value, then id.
fn listed(computed: &Computed) -> Result<(Vec<Listed>, Vec<Listed>), Diagnostics> {
    let rows = computed.rows_by_customer();
    // Lifetime value and what the last year brought rank customers otherwise: both are shown.
    let by_lifetime = value_basis(computed) == ValueBasis::Clv.name();
    let (ranks, of) = match by_lifetime {
        false => ("", "reported_customers"),
        true => (
            ", p.lifetime_rank, p.last_year_rank",
            "(select *, rank() over (order by actual_value desc nulls last) as lifetime_rank, \
                 rank() over (order by coalesce(contribution_12m, revenue_12m) desc) as last_year_rank \
                 from reported_customers where is_closing)",
        ),
    };
    let list = |direction: &str| -> Result<Vec<Listed>, Diagnostics> {
        let sheet = Sheet::of(
            computed,
            &format!(
                "select p.*, c.name, s.product, s.because_product, s.n_ab, s.n_a{ranks} \
                 from {of} p \
                 left join next_best_products s on s.customer_id = p.customer_id and s.rank = 1 \
                 left join customer_names c on c.customer_id = p.customer_id \
                 where p.is_closing \
                 order by p.actual_value {direction} nulls last, p.customer_id limit {LISTED}"
            ),
        )?;
        sheet
            .rows()
            .map(|row| one(computed, &sheet, row, (&rows, by_lifetime)))
            .collect()
    };
    Ok((list("desc")?, list("asc")?))
}

fn one(
    computed: &Computed,
    sheet: &Sheet,
    row: usize,
    (rows, by_lifetime): (&HashMap<&str, usize>, bool),
) -> Result<Listed, Diagnostics> {
    let customer_id = sheet.texts("customer_id")?.value(row).to_owned();
    let in_facts = rows.get(customer_id.as_str()).copied();
    let value = |name: &str| -> Result<Option<f64>, Diagnostics> {
        let column = sheet.numbers(name)?;
        Ok(column.is_valid(row).then(|| column.value(row)))
    };
    let score = |name: &str| -> Result<String, Diagnostics> {
        let column = sheet.counts(name)?;
        Ok(if column.is_valid(row) {
            column.value(row).to_string()
        } else {
            "–".to_owned()
        })
    };
    let ranks = match by_lifetime {
        true => Some(Ranks {
            lifetime: sheet.counts("lifetime_rank")?.value(row),
            last_year: sheet.counts("last_year_rank")?.value(row),
        }),
        false => None,
    };
    let last = sheet.column("last_purchase", &DataType::Date32)?;
    let last = last.as_primitive::<Date32Type>();
    Ok(Listed {
        name: text(&sheet.texts("name")?, row),
        class: text(&sheet.texts("segment")?, row),
        reason: in_facts.and_then(|row| computed.assignments.reason(row)),
        action: in_facts.and_then(|row| computed.assignments.actions(row).into_iter().next()),
        suggested: next_best::suggested(sheet, row)?,
        actual_value: value("actual_value")?,
        ranks,
        potential_value: value("potential_value")?,
        revenue: value("revenue")?.unwrap_or(0.0),
        frequency: sheet.counts("frequency")?.value(row),
        last_purchase: last
            .is_valid(row)
            .then(|| last.value_as_date(row))
            .flatten(),
        rfm: format!(
            "{}-{}-{}",
            score("recency_score")?,
            score("frequency_score")?,
            score("monetary_score")?
        ),
        customer_id,
    })
}

impl Computed {
    /// The total of a measure in a period.
    pub fn total(&self, measure: &str, period: Quarter) -> Option<f64> {
        let measure = self.measures.iter().find(|m| m.name == measure)?;
        measure.total(period)?.value
    }
}
