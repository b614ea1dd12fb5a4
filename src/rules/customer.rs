//! The facts of customers, read in place from Arrow columns, and the `c` of the rules.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use datafusion::arrow::array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array,
    StringViewArray,
};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::arrow::record_batch::RecordBatch;
use rhai::{Dynamic, EvalAltResult, ImmutableString};

use super::values::{Day, FaultKind, fault, number_text, wrong};
use crate::calendar::Quarter;
use crate::diagnostics::suggestion;

/// What a fact is to a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactKind {
    /// A number with decimals.
    Number,
    /// An amount in the client's currency; a number in rules.
    Money,
    /// A whole number.
    Whole,
    /// Yes or no.
    Flag,
    /// Text.
    Text,
    /// A civil day.
    Date,
}

impl FactKind {
    /// What a column of this type is to a rule; none for lists and the like.
    pub fn of(data_type: &DataType) -> Option<Self> {
        Some(match data_type {
            DataType::Float16 | DataType::Float32 | DataType::Float64 => Self::Number,
            DataType::Decimal32(..)
            | DataType::Decimal64(..)
            | DataType::Decimal128(..)
            | DataType::Decimal256(..) => Self::Money,
            integer if integer.is_integer() => Self::Whole,
            DataType::Boolean => Self::Flag,
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Self::Text,
            DataType::Dictionary(_, values) => Self::of(values)?,
            DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => Self::Date,
            _ => return None,
        })
    }

    /// Whether a population has figures of it.
    pub fn is_figure(self) -> bool {
        matches!(self, Self::Number | Self::Money | Self::Whole | Self::Flag)
    }
}

/// A fact's name and kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactColumn {
    /// As rules write it.
    pub name: String,
    /// What it is.
    pub kind: FactKind,
}

/// A value of a fact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum FactValue<'a> {
    Number(f64),
    Money(f64),
    Whole(i64),
    Flag(bool),
    Text(&'a str),
    Date(NaiveDate),
}

impl FactValue<'_> {
    /// The number it is; 1 and 0 for yes and no.
    pub(super) fn number(self) -> Option<f64> {
        match self {
            Self::Number(x) | Self::Money(x) => Some(x),
            Self::Whole(x) => Some(x as f64),
            Self::Flag(x) => Some(f64::from(u8::from(x))),
            Self::Text(_) | Self::Date(_) => None,
        }
    }

    fn dynamic(self) -> Dynamic {
        match self {
            Self::Number(x) | Self::Money(x) => Dynamic::from_float(x),
            Self::Whole(x) => Dynamic::from_int(x),
            Self::Flag(x) => Dynamic::from_bool(x),
            Self::Text(x) => Dynamic::from(ImmutableString::from(x)),
            Self::Date(x) => Dynamic::from(Day(x)),
        }
    }
}

impl std::fmt::Display for FactValue<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(x) => f.write_str(&number_text(*x)),
            Self::Money(x) => write!(f, "{x:.2}"),
            Self::Whole(x) => write!(f, "{x}"),
            Self::Flag(x) => write!(f, "{x}"),
            Self::Text(x) => f.write_str(x),
            Self::Date(x) => write!(f, "{x}"),
        }
    }
}

/// A column as the rules read it.
#[derive(Debug, Clone)]
enum Column {
    Number(Float64Array),
    /// The array and 10 to the power of its scale.
    Money(Decimal128Array, f64),
    Whole(Int64Array),
    Flag(BooleanArray),
    Text(StringViewArray),
    Date(Date32Array),
}

impl Column {
    fn of(kind: FactKind, array: &ArrayRef) -> Result<Self, String> {
        let as_type = |data_type: &DataType| cast(array, data_type).map_err(|e| e.to_string());
        Ok(match kind {
            FactKind::Number => {
                Self::Number(Float64Array::from(as_type(&DataType::Float64)?.to_data()))
            }
            FactKind::Money => {
                let scale = match array.data_type() {
                    DataType::Decimal32(_, scale)
                    | DataType::Decimal64(_, scale)
                    | DataType::Decimal128(_, scale)
                    | DataType::Decimal256(_, scale) => *scale,
                    _ => 2,
                };
                let exact = as_type(&DataType::Decimal128(38, scale))?;
                Self::Money(
                    Decimal128Array::from(exact.to_data()),
                    libm::pow(10.0, f64::from(scale)),
                )
            }
            FactKind::Whole => Self::Whole(Int64Array::from(as_type(&DataType::Int64)?.to_data())),
            FactKind::Flag => {
                Self::Flag(BooleanArray::from(as_type(&DataType::Boolean)?.to_data()))
            }
            FactKind::Text => Self::Text(StringViewArray::from(
                as_type(&DataType::Utf8View)?.to_data(),
            )),
            FactKind::Date => Self::Date(Date32Array::from(as_type(&DataType::Date32)?.to_data())),
        })
    }

    /// The value of a row; none when it is missing. A number that is not finite counts as missing.
    fn value(&self, row: usize) -> Option<FactValue<'_>> {
        match self {
            Self::Number(a) => (a.is_valid(row) && a.value(row).is_finite())
                .then(|| FactValue::Number(a.value(row))),
            Self::Money(a, unit) => a
                .is_valid(row)
                .then(|| FactValue::Money(a.value(row) as f64 / unit)),
            Self::Whole(a) => a.is_valid(row).then(|| FactValue::Whole(a.value(row))),
            Self::Flag(a) => a.is_valid(row).then(|| FactValue::Flag(a.value(row))),
            Self::Text(a) => a.is_valid(row).then(|| FactValue::Text(a.value(row))),
            // A day beyond what a date can be counts as missing too.
            Self::Date(a) if a.is_valid(row) => a.value_as_date(row).map(FactValue::Date),
            Self::Date(_) => None,
        }
    }
}

/// The facts of every customer and period, in the columns that the rules were compiled for.
#[derive(Debug)]
pub struct Facts {
    columns: Vec<Column>,
    pub(super) schema: Arc<[FactColumn]>,
    index: BTreeMap<String, usize>,
    customer: usize,
    rows: usize,
    periods: BTreeMap<Quarter, Vec<u32>>,
    period_of: Vec<Quarter>,
}

impl Facts {
    /// Takes the columns of `schema` out of a batch; `customer_id` and `period` must be among them.
    pub(super) fn new(schema: Arc<[FactColumn]>, batch: &RecordBatch) -> Result<Self, String> {
        let mut columns = Vec::with_capacity(schema.len());
        let mut index = BTreeMap::new();
        for (at, fact) in schema.iter().enumerate() {
            let array = batch
                .column_by_name(&fact.name)
                .ok_or_else(|| format!("the facts have no column `{}`", fact.name))?;
            columns.push(Column::of(fact.kind, array)?);
            index.insert(fact.name.clone(), at);
        }
        let find = |name: &str| {
            let at = index.get(name).copied();
            at.ok_or_else(|| format!("the facts have no column `{name}`"))
        };
        let (customer, period) = (find("customer_id")?, find("period")?);
        let (period_of, periods) = by_period(&columns[period], batch.num_rows())?;
        Ok(Self {
            columns,
            schema,
            index,
            customer,
            rows: batch.num_rows(),
            periods,
            period_of,
        })
    }

    /// How many rows there are: customers times periods.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The rows of each period, ascending.
    pub(super) fn periods(&self) -> &BTreeMap<Quarter, Vec<u32>> {
        &self.periods
    }

    /// The row of a customer in a period.
    pub fn row_of(&self, customer: &str, period: Quarter) -> Option<usize> {
        let rows = self.periods.get(&period)?.iter();
        rows.map(|row| *row as usize)
            .find(|row| self.customer(*row) == customer)
    }

    /// The customer of a row; empty where the id is missing.
    pub fn customer(&self, row: usize) -> &str {
        match self.value(self.customer, row) {
            Some(FactValue::Text(id)) => id,
            _ => "",
        }
    }

    /// The period of a row.
    pub fn period(&self, row: usize) -> Quarter {
        self.period_of[row]
    }

    pub(super) fn value(&self, column: usize, row: usize) -> Option<FactValue<'_>> {
        self.columns[column].value(row)
    }

    pub(super) fn column_named(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    /// The column of a name that a rule made up at run time, or the error that says what there is.
    pub(super) fn find(&self, name: &str) -> Result<usize, Box<EvalAltResult>> {
        self.column_named(name).ok_or_else(|| {
            let help = suggestion(name, self.schema.iter().map(|fact| fact.name.as_str()));
            let help = help.map(|help| format!("; {help}")).unwrap_or_default();
            wrong(format!("there is no fact `{name}`{help}"))
        })
    }
}

/// The period of each row, and the rows of each period.
type ByPeriod = (Vec<Quarter>, BTreeMap<Quarter, Vec<u32>>);

fn by_period(column: &Column, rows: usize) -> Result<ByPeriod, String> {
    let mut of_row = Vec::with_capacity(rows);
    let mut of_period: BTreeMap<Quarter, Vec<u32>> = BTreeMap::new();
    let mut last: Option<(String, Quarter)> = None;
    for row in 0..rows {
        let Some(FactValue::Text(text)) = column.value(row) else {
            return Err("a row of the facts has no period".to_owned());
        };
        let quarter = match &last {
            Some((known, quarter)) if known == text => *quarter,
            _ => text.parse()?,
        };
        if last.as_ref().is_none_or(|(known, _)| known != text) {
            last = Some((text.to_owned(), quarter));
        }
        of_row.push(quarter);
        let row = u32::try_from(row).map_err(|_| "more rows of facts than 4 billion".to_owned())?;
        of_period.entry(quarter).or_default().push(row);
    }
    Ok((of_row, of_period))
}

/// What the rules before have found for a customer: the segment for `score`, and the scores too for
/// `actions`.
#[derive(Debug, Clone, Default)]
pub(super) struct SoFar {
    pub(super) segment: Option<ImmutableString>,
    pub(super) strength: Option<f64>,
    pub(super) attractiveness: Option<f64>,
}

/// The facts that rules themselves establish, and the scripts that may read them.
pub(super) const ESTABLISHED: [&str; 3] = ["segment", "strength", "attractiveness"];

/// One customer in one period: the `c` of the rules.
#[derive(Debug, Clone)]
pub(super) struct Customer {
    pub(super) facts: Arc<Facts>,
    pub(super) row: u32,
    pub(super) so_far: SoFar,
}

impl Customer {
    /// The value of a fact by column.
    pub(super) fn at(&self, column: usize) -> Result<Dynamic, Box<EvalAltResult>> {
        match self.facts.value(column, self.row as usize) {
            Some(value) => Ok(value.dynamic()),
            None => Err(fault(
                FaultKind::MissingFact,
                self.facts.schema[column].name.as_str(),
            )),
        }
    }

    /// What the rules before have found, under one of [`ESTABLISHED`].
    pub(super) fn established(&self, name: &str) -> Option<Dynamic> {
        match name {
            "segment" => self.so_far.segment.clone().map(Dynamic::from),
            "strength" => self.so_far.strength.map(Dynamic::from_float),
            "attractiveness" => self.so_far.attractiveness.map(Dynamic::from_float),
            _ => None,
        }
    }

    /// The value of a fact by name; none when it is missing.
    pub(super) fn lookup(&self, name: &str) -> Result<Option<Dynamic>, Box<EvalAltResult>> {
        if ESTABLISHED.contains(&name) {
            return Ok(self.established(name));
        }
        let column = self.facts.find(name)?;
        let value = self.facts.value(column, self.row as usize);
        Ok(value.map(FactValue::dynamic))
    }

    /// The number that a fact is; none when it is missing.
    pub(super) fn number(&self, name: &str) -> Result<Option<f64>, Box<EvalAltResult>> {
        let Some(value) = self.lookup(name)? else {
            return Ok(None);
        };
        let number = value
            .as_float()
            .ok()
            .or(value.as_int().ok().map(|x| x as f64));
        match number {
            Some(number) => Ok(Some(number)),
            None => Err(wrong(format!("the fact `{name}` is not a number"))),
        }
    }
}
