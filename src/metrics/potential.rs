//! What customers could be worth: `potential_value`, with what it rests on.
//!
//! Peppers and Rogers ("Managing Customer Relationships", 2004) take what a customer could be worth from
//! the range of values of similar customers. Peers are alike in some facts (`[value] peers`): numbers
//! by quarter of their ranking (type-1 quartiles, equal values together), anything else by value,
//! missing with missing. The benchmark is a high quantile of those peers of positive value, never their
//! maximum, which one odd customer would set. Where peers are too few, the last of the facts is let
//! go, and where they are too few even so, nothing is said.
//!
//! Where it is known what a customer spends with competitors, that goes before peers. A customer
//! who brings nothing, or less, has no peers: what is wrong there is not that it buys too little.

use std::collections::BTreeMap;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Decimal128Array, Float64Array, Int64Array, RecordBatch,
    StringViewArray, StringViewBuilder,
};
use datafusion::arrow::compute::{cast, take};
use datafusion::arrow::datatypes::{DataType, Float64Type};

use super::customers::{rows_in, text};
use crate::diagnostics::codes::workspace::BAD_VALUE;
use crate::diagnostics::{Diagnostic, Diagnostics, suggestion};
use crate::engine::{Engine, internal};
use crate::tables;
use crate::workspace::Value;

/// Columns of the customers sheet by which peers may be told, each with the customers who have a
/// value in it, in the order of their ids.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ListedColumns(BTreeMap<String, (StringViewArray, StringViewArray)>);

impl ListedColumns {
    /// Reads those that the settings name.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn read(engine: &Engine, value: &Value) -> Result<Self, Diagnostics> {
        let mut columns = BTreeMap::new();
        for key in &value.peers {
            let name = key.name.as_str();
            if !is_listed(name) {
                continue;
            }
            let sql = format!(
                "select customer_id, cast(min({name}) as varchar) as value from customers \
                 where customer_id is not null and {name} is not null \
                 group by customer_id order by customer_id"
            );
            let rows = engine.ad_hoc(&sql)?.one()?;
            let text = |name| -> Result<StringViewArray, Diagnostic> {
                let column = rows.column_by_name(name);
                let column = column.ok_or_else(|| internal(format!("no column `{name}`")))?;
                let column = cast(column, &DataType::Utf8View).map_err(internal)?;
                Ok(column.as_string_view().clone())
            };
            columns.insert(name.to_owned(), (text("customer_id")?, text("value")?));
        }
        Ok(Self(columns))
    }

    /// The values of these customers, who are in the order of their ids.
    fn of(&self, name: &str, customers: &StringViewArray) -> Result<Option<ArrayRef>, Diagnostic> {
        let Some((ids, values)) = self.0.get(name) else {
            return Ok(None);
        };
        let rows = rows_in(ids, customers);
        take(values, &rows, None).map(Some).map_err(internal)
    }
}

/// Whether the customers sheet has a column that peers can be alike in.
fn is_listed(name: &str) -> bool {
    let spec = tables::by_name("customers");
    let mut columns = spec.into_iter().flat_map(|spec| spec.columns);
    name != "customer_id" && columns.any(|column| column.name == name)
}

/// Refuses names that are neither facts nor columns of the customers sheet.
///
/// # Errors
/// Each of them, with its place.
pub(super) fn check_keys(value: &Value, facts: &RecordBatch) -> Result<(), Diagnostics> {
    let mut problems = Diagnostics::new();
    let schema = facts.schema();
    for key in &value.peers {
        if is_listed(&key.name) || schema.column_with_name(&key.name).is_some() {
            continue;
        }
        let spec = tables::by_name("customers");
        let listed = spec.into_iter().flat_map(|spec| spec.columns);
        let known = schema.fields().iter().map(|field| field.name().as_str());
        let known: Vec<&str> = known.chain(listed.map(|column| column.name)).collect();
        let message = format!(
            "`value.peers`: `{}` is neither a fact nor a column of the customers sheet",
            key.name
        );
        let mut problem = Diagnostic::error(&BAD_VALUE, message);
        if let Some(help) = suggestion(&key.name, known) {
            problem = problem.help(help);
        }
        problems.push(match &key.place {
            Some(place) => problem.at(place.clone()),
            None => problem,
        });
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

/// What the customers of a period are alike in, column by column.
pub(super) struct PeerColumns(Vec<PeerColumn>);

enum PeerColumn {
    Numbers(Float64Array),
    Values(StringViewArray),
}

impl PeerColumns {
    /// Of the facts of a period, and what the customers sheet says of their customers.
    pub(super) fn of(
        value: &Value,
        facts: &RecordBatch,
        listed: &ListedColumns,
    ) -> Result<Self, Diagnostic> {
        let customers = text(facts, "customer_id")?;
        let mut columns = Vec::with_capacity(value.peers.len());
        for key in &value.peers {
            let column = match facts.column_by_name(&key.name) {
                Some(column) => Some(column.clone()),
                None => listed.of(&key.name, customers)?,
            };
            let Some(column) = column else { continue };
            columns.push(PeerColumn::of(&column)?);
        }
        Ok(Self(columns))
    }
}

impl PeerColumn {
    fn of(column: &ArrayRef) -> Result<Self, Diagnostic> {
        Ok(if column.data_type().is_numeric() {
            let numbers = cast(column, &DataType::Float64).map_err(internal)?;
            Self::Numbers(numbers.as_primitive::<Float64Type>().clone())
        } else {
            let values = cast(column, &DataType::Utf8View).map_err(internal)?;
            Self::Values(values.as_string_view().clone())
        })
    }
}

/// What a value counts as when customers are told alike; 0 is missing.
#[derive(Debug, Clone, PartialEq)]
enum Coder {
    /// The quarter of the ranking from 1, which ends at these values.
    Quarter([f64; 3]),
    /// A number of its own for each value.
    Own(BTreeMap<String, u32>),
}

impl Coder {
    fn of(column: &PeerColumn) -> Self {
        match column {
            PeerColumn::Numbers(numbers) => {
                let mut known: Vec<f64> = numbers.iter().flatten().collect();
                let cuts = [0.25, 0.5, 0.75].map(|share| match known.len() {
                    0 => f64::INFINITY,
                    count => {
                        *known
                            .select_nth_unstable_by(place(count, share), f64::total_cmp)
                            .1
                    }
                });
                Self::Quarter(cuts)
            }
            PeerColumn::Values(values) => {
                let known: std::collections::BTreeSet<&str> = values.iter().flatten().collect();
                let numbered = known.into_iter().map(str::to_owned).zip(1..);
                Self::Own(numbered.collect())
            }
        }
    }

    /// None for a value that nobody has.
    fn code(&self, column: &PeerColumn, row: usize) -> Option<u32> {
        match (self, column) {
            (Self::Quarter(cuts), PeerColumn::Numbers(numbers)) if numbers.is_valid(row) => {
                let below = cuts.iter().filter(|cut| **cut < numbers.value(row));
                Some(1 + below.count() as u32)
            }
            (Self::Own(known), PeerColumn::Values(values)) if values.is_valid(row) => {
                known.get(values.value(row)).copied()
            }
            _ => Some(0),
        }
    }
}

/// The place of the type-1 quantile among so many ascending values.
fn place(count: usize, share: f64) -> usize {
    let reach = count as f64 * share;
    // As R does: 0.7 × 10 may not become 7.000000000000001 and so the eighth value.
    let fuzz = 4.0 * f64::EPSILON * reach.max(1.0);
    (libm::ceil(reach - fuzz).max(1.0) as usize - 1).min(count - 1)
}

/// Customers who are alike.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Group {
    /// Those of positive value.
    peers: usize,
    /// What the set share of them is not above.
    benchmark: i128,
}

/// Alike in one more fact than the step before.
#[derive(Debug, Clone, PartialEq)]
struct Step {
    coder: Coder,
    /// The group so far and the code of the value, to the finer group.
    finer: BTreeMap<(u32, u32), u32>,
    groups: Vec<Group>,
}

/// The customers of a period as peers of anybody.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Peers {
    /// The coarsest first.
    steps: Vec<Step>,
    fewest: usize,
}

impl Peers {
    /// Of the values of a period's customers, row by row.
    pub(super) fn of(settings: &Value, columns: &PeerColumns, values: &Decimal128Array) -> Self {
        let mut group_of = vec![0_u32; values.len()];
        let mut steps = Vec::with_capacity(columns.0.len());
        for column in &columns.0 {
            let coder = Coder::of(column);
            let mut finer: BTreeMap<(u32, u32), u32> = BTreeMap::new();
            let mut positive: Vec<Vec<i128>> = Vec::new();
            for (row, group) in group_of.iter_mut().enumerate() {
                // Every value of these customers has a code.
                let code = coder.code(column, row).unwrap_or(0);
                let next = finer.len() as u32;
                *group = *finer.entry((*group, code)).or_insert(next);
                if *group == next {
                    positive.push(Vec::new());
                }
                if values.is_valid(row) && values.value(row) > 0 {
                    positive[*group as usize].push(values.value(row));
                }
            }
            let groups = positive.into_iter().map(|mut values| Group {
                peers: values.len(),
                benchmark: match values.len() {
                    0 => 0,
                    count => {
                        *values
                            .select_nth_unstable(place(count, settings.peer_quantile))
                            .1
                    }
                },
            });
            let groups = groups.collect();
            steps.push(Step {
                coder,
                finer,
                groups,
            });
        }
        Self {
            steps,
            fewest: settings.min_peers,
        }
    }

    /// The closest peers of the customer of a row who are enough; else how many there are.
    fn like(&self, columns: &PeerColumns, row: usize) -> Result<Group, usize> {
        let mut group = 0;
        let mut closest = Err(0);
        for (step, column) in self.steps.iter().zip(&columns.0) {
            let code = step.coder.code(column, row);
            let Some(finer) = code.and_then(|code| step.finer.get(&(group, code))) else {
                break;
            };
            group = *finer;
            let found = step.groups[group as usize];
            if found.peers < self.fewest {
                return closest.or(Err(found.peers));
            }
            closest = Ok(found);
        }
        closest
    }
}

/// What customers spend with competitors in a year, in the smallest units of money.
#[derive(Debug)]
pub(super) struct Elsewhere(BTreeMap<String, BTreeMap<String, i128>>);

impl Elsewhere {
    /// Of every period, from `wallet_periods`: four times that of a quarter. A wallet that is less than
    /// what is bought from us says nothing of what is bought elsewhere.
    pub(super) fn read(engine: &Engine, scale: i8) -> Result<Self, Diagnostics> {
        let sql = format!(
            "select period, customer_id, \
                 cast((total - own) * case when of_quarter then 4 else 1 end as decimal(38, {scale})) as elsewhere \
             from wallet_periods where not is_capped"
        );
        let rows = engine.ad_hoc(&sql)?;
        let mut periods: BTreeMap<String, BTreeMap<String, i128>> = BTreeMap::new();
        for batch in &rows.batches {
            let (period, customer) = (text(batch, "period")?, text(batch, "customer_id")?);
            let amounts = batch.column_by_name("elsewhere");
            let amounts = amounts.and_then(|column| column.as_primitive_opt());
            let amounts: &Decimal128Array =
                amounts.ok_or_else(|| internal("`wallet_periods` has no amounts"))?;
            for row in 0..batch.num_rows() {
                let of_period = periods.entry(period.value(row).to_owned()).or_default();
                of_period.insert(customer.value(row).to_owned(), amounts.value(row));
            }
        }
        Ok(Self(periods))
    }

    pub(super) fn of(&self, period: &str) -> Option<&BTreeMap<String, i128>> {
        self.0.get(period)
    }
}

/// How much more a customer would be worth who brought all that competitors get.
#[derive(Debug)]
pub(super) enum Worth {
    /// So much of each unit of revenue.
    Margin(f64),
    /// In proportion to the revenue of the last twelve months.
    Proportion(Decimal128Array),
}

impl Worth {
    /// In the smallest units; none where there is nothing to measure it by.
    fn of(&self, row: usize, value: i128, elsewhere: i128) -> Option<i128> {
        let more = match self {
            Self::Margin(margin) => elsewhere as f64 * margin,
            Self::Proportion(revenue) => {
                let revenue = revenue.value(row);
                if revenue <= 0 || value <= 0 {
                    return None;
                }
                value as f64 * (elsewhere as f64 / revenue as f64)
            }
        };
        // The money of a business is far from the bounds of 128 bits.
        Some(value + libm::round(more) as i128)
    }
}

/// The columns of what customers could be worth.
pub(super) struct Potential {
    /// Money.
    pub(super) value: Decimal128Array,
    /// `wallet`, `peers` or `actual`; null where it cannot be said.
    pub(super) basis: StringViewArray,
    /// Peers of positive value, where they were asked; of the widest circle where even they are too few.
    pub(super) peers: Int64Array,
}

/// What customers of some values could be worth among these peers.
pub(super) fn potential(
    peers: &Peers,
    columns: &PeerColumns,
    values: &Decimal128Array,
    customers: &StringViewArray,
    (elsewhere, worth): (Option<&BTreeMap<String, i128>>, &Worth),
) -> Potential {
    let mut found: Vec<Option<i128>> = Vec::with_capacity(values.len());
    let mut basis = StringViewBuilder::new();
    let mut counts: Vec<Option<i64>> = Vec::with_capacity(values.len());
    for row in 0..values.len() {
        let value = values.is_valid(row).then(|| values.value(row));
        let by_wallet = value.and_then(|value| {
            let elsewhere = elsewhere?.get(customers.value(row))?;
            worth.of(row, value, *elsewhere)
        });
        let like = match (value, by_wallet) {
            (Some(value), None) if value > 0 => Some(peers.like(columns, row)),
            _ => None,
        };
        let (potential, said) = match (value, by_wallet, like) {
            (None, ..) | (_, None, Some(Err(_))) => (None, None),
            (Some(_), Some(most), _) => (Some(most), Some("wallet")),
            (Some(value), None, Some(Ok(group))) if group.benchmark > value => {
                (Some(group.benchmark), Some("peers"))
            }
            (Some(value), None, _) => (Some(value), Some("actual")),
        };
        found.push(potential);
        basis.append_option(said);
        counts.push(like.map(|like| match like {
            Ok(group) => group.peers as i64,
            Err(few) => few as i64,
        }));
    }
    Potential {
        value: found
            .into_iter()
            .collect::<Decimal128Array>()
            .with_data_type(values.data_type().clone()),
        basis: basis.finish(),
        peers: Int64Array::from(counts),
    }
}
