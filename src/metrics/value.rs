//! What customers are worth, `actual_value`, with what that is made of, and what they could be worth.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, Decimal128Array, RecordBatch, StringViewBuilder};
use datafusion::arrow::datatypes::{DataType, Field};

use super::Prepared;
use super::clv::Lifetimes;
use super::customers::{decimals, text};
use super::potential::{
    Elsewhere, ListedColumns, PeerColumns, Peers, Worth, check_keys, potential,
};
use crate::calendar::Quarter;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::engine::{Engine, Rows};
use crate::workspace::{self, Basis, Config};

/// What `actual_value` is, since it depends on what the client records and asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueBasis {
    /// Residual lifetime value by a model of single customers.
    Clv,
    /// Contribution of the last twelve months.
    Contribution,
    /// Net revenue of the last twelve months times the margin the client set.
    Margin,
    /// Net revenue of the last twelve months.
    Revenue,
}

impl ValueBasis {
    /// Its name in `value_basis` and in the report model.
    pub fn name(self) -> &'static str {
        match self {
            Self::Clv => "clv",
            Self::Contribution => "contribution",
            Self::Margin => "margin",
            Self::Revenue => "revenue",
        }
    }
}

/// The value of a period's customers.
pub(super) struct Valued {
    /// `actual_value`, `value_basis`, `potential_value`, `potential_basis`, `potential_peers`.
    pub(super) columns: Vec<(Field, ArrayRef)>,
    /// The mean of the positive actual values, in currency units; zero without any.
    pub(super) mean: f64,
    pub(super) basis: ValueBasis,
    pub(super) peers: Peers,
}

/// How values are worked out.
#[derive(Debug, Clone)]
pub(super) struct Valuation {
    /// Where no lifetime value is there.
    basis: ValueBasis,
    /// The column it is made of, and what that is multiplied with.
    column: &'static str,
    margin: Option<f64>,
    money_scale: i8,
    settings: workspace::Value,
    /// None where values are of the past.
    lifetimes: Option<Arc<Lifetimes>>,
    listed: Arc<ListedColumns>,
    elsewhere: Arc<Elsewhere>,
}

impl Valuation {
    /// By lifetime value where that is asked for and known; else by contribution of the last twelve
    /// months where any is known, else revenue times the margin.
    pub(super) fn of(
        engine: &Engine,
        facts: &Rows,
        prepared: &Prepared,
        config: &Config,
    ) -> Result<Self, Diagnostics> {
        let nobody = RecordBatch::new_empty(Arc::clone(&facts.schema));
        check_keys(&config.value, &nobody)?;
        let mut any_contribution = false;
        for batch in &facts.batches {
            let (contribution, _) = decimals(batch, "contribution_12m")?;
            any_contribution |= contribution.null_count() < contribution.len();
        }
        let margin = config.value.margin;
        let (basis, column, margin) = match margin {
            _ if any_contribution => (ValueBasis::Contribution, "contribution_12m", None),
            Some(margin) if margin < 1.0 => (ValueBasis::Margin, "revenue_12m", Some(margin)),
            _ => (ValueBasis::Revenue, "revenue_12m", margin),
        };
        let money_scale = config.client.currency.scale();
        let lifetimes = prepared.lifetimes.clone();
        Ok(Self {
            basis,
            column,
            margin,
            money_scale,
            settings: config.value.clone(),
            lifetimes: lifetimes.filter(|_| config.value.basis == Basis::Clv),
            listed: Arc::clone(&prepared.listed),
            elsewhere: Arc::new(Elsewhere::read(engine, money_scale)?),
        })
    }

    /// The value of the customers of a period; without one, of nobody.
    pub(super) fn value(
        &self,
        facts: &RecordBatch,
        period: Option<Quarter>,
    ) -> Result<Valued, Diagnostic> {
        let (values, basis) = self.actual(facts, period)?;
        let columns = PeerColumns::of(&self.settings, facts, &self.listed)?;
        let peers = Peers::of(&self.settings, &columns, &values);
        let mean = mean_positive(&values);
        let mut added = self.potential_columns(facts, period, &values, (&columns, &peers))?;
        let mut said = StringViewBuilder::new();
        for value in &values {
            said.append_option(value.map(|_| basis.name()));
        }
        added.splice(
            0..0,
            [
                column("actual_value", Arc::new(values)),
                column("value_basis", Arc::new(said.finish())),
            ],
        );
        Ok(Valued {
            columns: added,
            mean,
            basis,
            peers,
        })
    }

    /// What the customers of rows that have their values could be worth among some peers.
    pub(super) fn potential(
        &self,
        rows: &RecordBatch,
        period: Quarter,
        peers: &Peers,
    ) -> Result<Vec<(Field, ArrayRef)>, Diagnostic> {
        let (values, _) = decimals(rows, "actual_value")?;
        let columns = PeerColumns::of(&self.settings, rows, &self.listed)?;
        self.potential_columns(rows, Some(period), values, (&columns, peers))
    }

    fn potential_columns(
        &self,
        facts: &RecordBatch,
        period: Option<Quarter>,
        values: &Decimal128Array,
        (columns, peers): (&PeerColumns, &Peers),
    ) -> Result<Vec<(Field, ArrayRef)>, Diagnostic> {
        let worth = match (self.lifetimes_of(period), self.basis) {
            (Some(_), _) => {
                let (revenue, scale) = decimals(facts, "revenue_12m")?;
                Worth::Proportion(rescaled(revenue, scale, self.money_scale, None))
            }
            (None, ValueBasis::Contribution) => Worth::Margin(mean_margin(facts)?),
            (None, _) => Worth::Margin(self.margin.unwrap_or(1.0)),
        };
        let elsewhere = period.and_then(|period| self.elsewhere.of(&period.to_string()));
        let customers = text(facts, "customer_id")?;
        let found = potential(peers, columns, values, customers, (elsewhere, &worth));
        Ok(vec![
            column("potential_value", Arc::new(found.value)),
            column("potential_basis", Arc::new(found.basis)),
            column("potential_peers", Arc::new(found.peers)),
        ])
    }

    fn lifetimes_of(&self, period: Option<Quarter>) -> Option<&Lifetimes> {
        let lifetimes = self.lifetimes.as_deref()?;
        lifetimes.holds(period?).then_some(lifetimes)
    }

    fn actual(
        &self,
        facts: &RecordBatch,
        period: Option<Quarter>,
    ) -> Result<(Decimal128Array, ValueBasis), Diagnostic> {
        // Both are needed, whichever the value is made of.
        decimals(facts, "contribution_12m")?;
        decimals(facts, "revenue_12m")?;
        if let (Some(lifetimes), Some(period)) = (self.lifetimes_of(period), period) {
            let customers = text(facts, "customer_id")?;
            let unit = power_of_ten(self.money_scale) as f64;
            let values = lifetimes.beside(period, customers);
            let money = values.map(|value| value.map(|value| libm::round(value * unit) as i128));
            return Ok((in_money(money.collect(), self.money_scale), ValueBasis::Clv));
        }
        let (values, scale) = decimals(facts, self.column)?;
        let values = rescaled(values, scale, self.money_scale, self.margin);
        Ok((values, self.basis))
    }
}

fn column(name: &str, array: ArrayRef) -> (Field, ArrayRef) {
    (Field::new(name, array.data_type().clone(), true), array)
}

/// Contribution per unit of revenue of the last twelve months, over customers of whom it is known;
/// none below zero.
fn mean_margin(facts: &RecordBatch) -> Result<f64, Diagnostic> {
    let (contribution, of_contribution) = decimals(facts, "contribution_12m")?;
    let (revenue, of_revenue) = decimals(facts, "revenue_12m")?;
    let (mut earned, mut sold) = (0i128, 0i128);
    for (contribution, revenue) in contribution.iter().zip(revenue) {
        if let (Some(contribution), Some(revenue)) = (contribution, revenue) {
            earned += contribution;
            sold += revenue;
        }
    }
    if sold <= 0 || earned <= 0 {
        return Ok(0.0);
    }
    let unit = |scale| power_of_ten(scale) as f64;
    Ok((earned as f64 / unit(of_contribution)) / (sold as f64 / unit(of_revenue)))
}

/// Millionths, in which a margin is taken.
const MARGIN_UNITS: i128 = 1_000_000;

/// The values in another scale, times a margin, rounded half away from zero.
fn rescaled(values: &Decimal128Array, from: i8, to: i8, margin: Option<f64>) -> Decimal128Array {
    if from == to && margin.is_none() {
        return values.clone();
    }
    let margin = margin.map_or(MARGIN_UNITS, |m| (m * MARGIN_UNITS as f64).round() as i128);
    let divisor = power_of_ten(from) * MARGIN_UNITS;
    let factor = power_of_ten(to) * margin;
    let values = values
        .iter()
        .map(|value| value.map(|value| divide_half_away(value * factor, divisor)));
    in_money(values.collect(), to)
}

fn in_money(values: Decimal128Array, scale: i8) -> Decimal128Array {
    values.with_data_type(DataType::Decimal128(38, scale))
}

fn divide_half_away(value: i128, divisor: i128) -> i128 {
    (value + value.signum() * (divisor / 2)) / divisor
}

pub(super) fn power_of_ten(scale: i8) -> i128 {
    10i128.pow(u32::from(scale.unsigned_abs()))
}

/// The mean of the positive values, in currency units; zero without any.
fn mean_positive(values: &Decimal128Array) -> f64 {
    let positive = values.iter().flatten().filter(|value| *value > 0);
    let (sum, count) = positive.fold((0i128, 0i128), |(sum, n), value| (sum + value, n + 1));
    if count == 0 {
        return 0.0;
    }
    sum as f64 / count as f64 / power_of_ten(values.scale()) as f64
}
