//! Who gets a profile, and what is taken down for it before the tables it comes from are given up.
//!
//! Facts and what the rules say of the reported period are there until the reports are made. Everything
//! else that a profile shows (earlier quarters, purchases line by line, requests, where it all stands)
//! is read here, between the rules and the measures, of the chosen customers alone.

mod recent;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Decimal128Type, Float64Type, Int64Type,
};

use crate::calendar::Quarter;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::engine::{CUSTOMER_MOVES, Engine, internal};
use crate::metrics::PeriodRows;
use crate::rules::Assignments;
pub(super) use recent::{Purchases, Recent};

/// What is read of tables that the reports do not read, or not all of these columns of: it stays
/// until the rules are done.
pub(super) const READ_FOR_PROFILES: [(&str, &[&str]); 4] = [
    (
        "customer_periods",
        &["customer_id", "period", "orders", "revenue", "contribution"],
    ),
    (
        "customers",
        &[
            "customer_id",
            "name",
            "consent",
            "source_file",
            "source_sheet",
            "source_row",
        ],
    ),
    (
        "interactions",
        &[
            "customer_id",
            "opened_at",
            "closed_at",
            "kind",
            "channel",
            "source_file",
            "source_sheet",
            "source_row",
        ],
    ),
    ("products", &["product_id", "name"]),
];

/// A row of an input.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    /// The file, relative to the workspace.
    pub(super) file: String,
    /// The sheet; none for a text file.
    pub(super) sheet: Option<String>,
    /// As in the sheet.
    pub(super) row: i64,
}

/// Rows of an input, as they were met.
pub(super) type Rows = Vec<Row>;

/// A quarter of a customer from that of the first purchase on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct QuarterOf {
    pub(super) orders: i64,
    pub(super) revenue: f64,
    /// None where no cost is known.
    pub(super) contribution: Option<f64>,
}

/// A request or complaint.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Request {
    /// None where it is not stated.
    pub(super) kind: Option<String>,
    pub(super) channel: Option<String>,
    pub(super) opened: NaiveDate,
    /// None where it is open at the end of the period.
    pub(super) closed: Option<NaiveDate>,
}

/// Where a customer was in the period before, and what moved it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Moved {
    pub(super) class: Option<String>,
    /// `behaviour` or `ruler`.
    pub(super) class_because: Option<String>,
    /// Scores of recency, frequency and monetary value.
    pub(super) scores: [Option<i64>; 3],
    /// `behaviour` or `ruler`.
    pub(super) scores_because: Option<String>,
}

/// A customer with a profile.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chosen {
    pub(super) customer: String,
    /// The row in the facts of the reported period.
    pub(super) row: usize,
    pub(super) quarters: BTreeMap<Quarter, QuarterOf>,
    pub(super) purchases: Purchases,
    /// None for who was no customer in the period before.
    pub(super) before: Option<Moved>,
    /// None where it is not stated.
    pub(super) consent: Option<bool>,
    /// Open at the end of the period, then the others of the window, each the latest first.
    pub(super) requests: Vec<Request>,
    /// By table.
    pub(super) sources: BTreeMap<&'static str, Rows>,
}

/// Those who get a profile.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Profiled {
    /// How many the rules chose.
    pub(super) chosen: usize,
    /// Those of the greatest actual value, then by id.
    pub(super) customers: Vec<Chosen>,
    /// Names of the products they bought, by id.
    pub(super) product_names: BTreeMap<String, String>,
}

/// The months whose purchases and requests a profile shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
}

impl Profiled {
    /// Those whom the rules chose, at most so many, with all that is to be taken down of them.
    ///
    /// # Errors
    /// Only if a table is not what it is declared as.
    pub(super) fn of(
        engine: &Engine,
        reported: &PeriodRows,
        assignments: &Assignments,
        recent: &mut Recent,
        window: Window,
        most: usize,
    ) -> Result<Self, Diagnostics> {
        let (chosen, picked) = pick(reported, assignments, most)?;
        let mut found = Self {
            chosen,
            customers: picked,
            ..Self::default()
        };
        if found.customers.is_empty() {
            return Ok(found);
        }
        let ids: Vec<String> = found
            .customers
            .iter()
            .map(|chosen| chosen.customer.clone())
            .collect();
        let list = in_list(ids.iter().map(String::as_str));
        let mut by_id: BTreeMap<&str, &mut Chosen> = ids
            .iter()
            .map(String::as_str)
            .zip(&mut found.customers)
            .collect();
        quarters(engine, &list, &mut by_id)?;
        moves(engine, &list, &mut by_id)?;
        listed(engine, &list, &mut by_id)?;
        requests(engine, &list, window, &mut by_id)?;
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        for (customer, mut purchases) in recent.of(&ids)? {
            if let Some(chosen) = by_id.get_mut(customer.as_str()) {
                let rows = std::mem::take(&mut purchases.rows);
                chosen.sources.insert("transactions", rows);
                chosen.purchases = purchases;
            }
        }
        found.product_names = product_names(engine, &found.customers)?;
        Ok(found)
    }
}

/// How many were chosen, and those of the greatest actual value among them; who has none comes last.
fn pick(
    reported: &PeriodRows,
    assignments: &Assignments,
    most: usize,
) -> Result<(usize, Vec<Chosen>), Diagnostic> {
    let column = |name: &str| {
        let column = reported.batch.column_by_name(name);
        column.ok_or_else(|| internal(format!("no column `{name}`")))
    };
    let ids = column("customer_id")?
        .as_string_view_opt()
        .ok_or_else(|| internal("`customer_id` is no text"))?;
    let values = column("actual_value")?
        .as_primitive_opt::<Decimal128Type>()
        .ok_or_else(|| internal("`actual_value` is not exact"))?;
    let mut rows: Vec<usize> = assignments.profiled().collect();
    let chosen = rows.len();
    let value = |row: usize| values.is_valid(row).then(|| values.value(row));
    rows.sort_by(|a, b| (value(*b), ids.value(*a)).cmp(&(value(*a), ids.value(*b))));
    rows.truncate(most);
    let picked = rows.into_iter().map(|row| Chosen {
        customer: ids.value(row).to_owned(),
        row,
        quarters: BTreeMap::new(),
        purchases: Purchases::default(),
        before: None,
        consent: None,
        requests: Vec::new(),
        sources: BTreeMap::new(),
    });
    Ok((chosen, picked.collect()))
}

/// Texts as SQL lists them: `('A', 'O''Brien')`.
pub(super) fn in_list<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = texts
        .map(|text| format!("'{}'", text.replace('\'', "''")))
        .collect();
    format!("({})", quoted.join(", "))
}

/// The rows of a query, one column at a time.
struct Read(RecordBatch);

impl Read {
    fn of(engine: &Engine, sql: &str) -> Result<Self, Diagnostics> {
        Ok(Self(engine.ad_hoc(sql)?.one()?))
    }

    fn texts(&self, name: &str) -> Result<Vec<Option<String>>, Diagnostic> {
        let column = self.column(name, &DataType::Utf8View)?;
        let texts = column.as_string_view().iter();
        Ok(texts.map(|text| text.map(str::to_owned)).collect())
    }

    fn numbers<T: ArrowPrimitiveType>(
        &self,
        name: &str,
    ) -> Result<Vec<Option<T::Native>>, Diagnostic> {
        let column = self.column(name, &T::DATA_TYPE)?;
        Ok(column.as_primitive::<T>().iter().collect())
    }

    fn flags(&self, name: &str) -> Result<Vec<Option<bool>>, Diagnostic> {
        let column = self.column(name, &DataType::Boolean)?;
        Ok(column.as_boolean().iter().collect())
    }

    fn days(&self, name: &str) -> Result<Vec<Option<NaiveDate>>, Diagnostic> {
        let column = self.column(name, &DataType::Date32)?;
        let days = column.as_primitive::<Date32Type>();
        Ok((0..days.len())
            .map(|row| days.is_valid(row).then(|| days.value_as_date(row))?)
            .collect())
    }

    fn rows(&self) -> Result<Rows, Diagnostic> {
        let (files, sheets) = (self.texts("source_file")?, self.texts("source_sheet")?);
        let numbers = self.numbers::<Int64Type>("source_row")?;
        let rows = files.into_iter().zip(sheets).zip(numbers);
        Ok(rows
            .map(|((file, sheet), row)| Row {
                file: file.unwrap_or_default(),
                sheet: sheet.filter(|sheet| !sheet.is_empty()),
                row: row.unwrap_or_default(),
            })
            .collect())
    }

    fn column(
        &self,
        name: &str,
        kind: &DataType,
    ) -> Result<datafusion::arrow::array::ArrayRef, Diagnostic> {
        let column = self.0.column_by_name(name);
        let column = column.ok_or_else(|| internal(format!("no column `{name}`")))?;
        cast(column, kind).map_err(internal)
    }
}

type ById<'a> = BTreeMap<&'a str, &'a mut Chosen>;

fn quarters(engine: &Engine, list: &str, by_id: &mut ById<'_>) -> Result<(), Diagnostics> {
    let read = Read::of(
        engine,
        &format!(
            "select customer_id, period, orders, revenue, contribution \
             from customer_periods where customer_id in {list} order by customer_id, period"
        ),
    )?;
    let (ids, periods) = (read.texts("customer_id")?, read.texts("period")?);
    let orders = read.numbers::<Int64Type>("orders")?;
    let revenue = read.numbers::<Float64Type>("revenue")?;
    let contribution = read.numbers::<Float64Type>("contribution")?;
    for (row, (id, period)) in ids.iter().zip(&periods).enumerate() {
        let (Some(id), Some(period)) = (id, period) else {
            continue;
        };
        let period: Quarter = period.parse().map_err(internal)?;
        if let Some(chosen) = by_id.get_mut(id.as_str()) {
            let of = QuarterOf {
                orders: orders[row].unwrap_or(0),
                revenue: revenue[row].unwrap_or(0.0),
                contribution: contribution[row],
            };
            chosen.quarters.insert(period, of);
        }
    }
    Ok(())
}

fn moves(engine: &Engine, list: &str, by_id: &mut ById<'_>) -> Result<(), Diagnostics> {
    let read = Read::of(
        engine,
        &format!("select * from {CUSTOMER_MOVES} where customer_id in {list}"),
    )?;
    let ids = read.texts("customer_id")?;
    let (classes, class_because) = (
        read.texts("opening_segment")?,
        read.texts("segment_because")?,
    );
    let score = |name: &str| read.numbers::<Int64Type>(&format!("opening_{name}_score"));
    let (recency, frequency, monetary) =
        (score("recency")?, score("frequency")?, score("monetary")?);
    let scores_because = read.texts("rfm_because")?;
    for (row, id) in ids.iter().enumerate() {
        if let Some(chosen) = id.as_ref().and_then(|id| by_id.get_mut(id.as_str())) {
            chosen.before = Some(Moved {
                class: classes[row].clone(),
                class_because: class_because[row].clone(),
                scores: [recency[row], frequency[row], monetary[row]],
                scores_because: scores_because[row].clone(),
            });
        }
    }
    Ok(())
}

/// What the list of customers says of them: of several rows, a withheld consent counts.
fn listed(engine: &Engine, list: &str, by_id: &mut ById<'_>) -> Result<(), Diagnostics> {
    let read = Read::of(
        engine,
        &format!(
            "select customer_id, consent, source_file, source_sheet, source_row \
             from customers where customer_id in {list} \
             order by customer_id, source_file, source_sheet, source_row"
        ),
    )?;
    let (ids, consents) = (read.texts("customer_id")?, read.flags("consent")?);
    for ((id, consent), row) in ids.iter().zip(consents).zip(read.rows()?) {
        if let Some(chosen) = id.as_ref().and_then(|id| by_id.get_mut(id.as_str())) {
            chosen.consent = match (chosen.consent, consent) {
                (Some(known), Some(consent)) => Some(known && consent),
                (known, consent) => known.or(consent),
            };
            chosen.sources.entry("customers").or_default().push(row);
        }
    }
    Ok(())
}

fn requests(
    engine: &Engine,
    list: &str,
    window: Window,
    by_id: &mut ById<'_>,
) -> Result<(), Diagnostics> {
    let Window { from, to } = window;
    let read = Read::of(
        engine,
        &format!(
            "select customer_id, kind, channel, opened, case when closed <= date '{to}' then closed end as closed, \
                    source_file, source_sheet, source_row \
             from ( \
                 select *, cast(opened_at as date) as opened, cast(closed_at as date) as closed \
                 from interactions where customer_id in {list} \
             ) \
             where opened <= date '{to}' and (opened >= date '{from}' or closed is null or closed > date '{to}') \
             order by customer_id, closed is null or closed > date '{to}' desc, opened desc, \
                      source_file, source_sheet, source_row"
        ),
    )?;
    let (ids, kinds) = (read.texts("customer_id")?, read.texts("kind")?);
    let channels = read.texts("channel")?;
    let (opened, closed) = (read.days("opened")?, read.days("closed")?);
    for (at, row) in read.rows()?.into_iter().enumerate() {
        let chosen = ids[at].as_ref().and_then(|id| by_id.get_mut(id.as_str()));
        if let (Some(chosen), Some(opened)) = (chosen, opened[at]) {
            chosen.requests.push(Request {
                kind: kinds[at].clone(),
                channel: channels[at].clone(),
                opened,
                closed: closed[at],
            });
            chosen.sources.entry("interactions").or_default().push(row);
        }
    }
    Ok(())
}

/// The names that the list of products has for what these customers bought.
fn product_names(
    engine: &Engine,
    customers: &[Chosen],
) -> Result<BTreeMap<String, String>, Diagnostics> {
    let bought = customers
        .iter()
        .flat_map(|chosen| &chosen.purchases.products);
    let ids: std::collections::BTreeSet<&str> =
        bought.map(|bought| bought.product.as_str()).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let read = Read::of(
        engine,
        &format!(
            "select product_id, min(name) as name from products \
             where product_id in {} and name is not null group by product_id",
            in_list(ids.into_iter())
        ),
    )?;
    let names = read
        .texts("product_id")?
        .into_iter()
        .zip(read.texts("name")?);
    Ok(names.filter_map(|(id, name)| Some((id?, name?))).collect())
}
