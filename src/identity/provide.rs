//! What SQL can read of who is who.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringViewArray,
};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};

use super::{Identities, inventory};
use crate::diagnostics::{Diagnostic, Place};
use crate::engine::{Engine, internal};
use crate::intake::Intake;
use crate::workspace::Trait;

/// The tables' names.
pub const TABLES: [&str; 5] = [
    "merged_customers",
    "merged_rows",
    "likely_matches",
    "customer_groups",
    inventory::TABLE,
];

/// Columns of a table, and whether each is a whole number.
type Columns = &'static [(&'static str, bool)];

const MERGED: Columns = &[
    ("from_id", false),
    ("customer_id", false),
    ("key", false),
    ("source_file", false),
    ("source_sheet", false),
    ("source_row", true),
    ("rows", true),
];
const RENAMED: Columns = &[
    ("table_name", false),
    ("source_file", false),
    ("source_sheet", false),
    ("from_id", false),
    ("customer_id", false),
    ("rows", true),
];
const LIKELY: Columns = &[
    ("from_id", false),
    ("customer_id", false),
    ("agrees", false),
    ("differs", false),
];
const GROUPS: Columns = &[
    ("customer_id", false),
    ("household_id", false),
    ("account_id", false),
];

/// Registers, without rows where there is nothing to say,
///
/// * `merged_customers(from_id, customer_id, key, source_file, source_sheet, source_row, rows)`: every
///   id that is another's, why (`id-map`, `contact`, or the key: `name + birth-date`), where that is
///   said, and how many cells name it;
/// * `merged_rows(table_name, source_file, source_sheet, from_id, customer_id, rows)`: in which sheets;
/// * `likely_matches(from_id, customer_id, agrees, differs)`: pairs that may be one customer, with what
///   they have in common and what they differ in;
/// * `customer_groups(customer_id, household_id, account_id)`: customers with a household or an account,
///   by an `id_map`, else by the customers table;
/// * `customer_inventory`, which [`inventory::provide`] fills where it is read.
///
/// # Errors
/// When the engine refuses.
pub fn register(
    engine: &Engine,
    intake: Option<&Intake>,
    identities: &Identities,
) -> Result<(), Diagnostic> {
    put(engine, "merged_customers", MERGED, &merged(identities))?;
    put(engine, "merged_rows", RENAMED, &renamed(intake, identities))?;
    put(engine, "likely_matches", LIKELY, &likely(identities))?;
    put(
        engine,
        "customer_groups",
        GROUPS,
        &groups(intake, identities),
    )?;
    engine.register(inventory::TABLE, inventory::schema(), &[])
}

type Row = Vec<Option<String>>;

/// Registers rows of texts under a schema.
fn put(engine: &Engine, name: &str, columns: Columns, rows: &[Row]) -> Result<(), Diagnostic> {
    let fields = columns.iter().map(|(name, is_number)| {
        let kind = if *is_number {
            DataType::Int64
        } else {
            DataType::Utf8View
        };
        Field::new(*name, kind, true)
    });
    let schema: SchemaRef = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    if rows.is_empty() {
        return engine.register(name, schema, &[]);
    }
    let arrays = columns
        .iter()
        .enumerate()
        .map(|(at, (_, is_number))| -> ArrayRef {
            let values = rows.iter().map(|row| row[at].as_deref());
            match is_number {
                true => Arc::new(Int64Array::from_iter(
                    values.map(|text| text?.parse::<i64>().ok()),
                )),
                false => Arc::new(StringViewArray::from_iter(values)),
            }
        });
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays.collect()).map_err(internal)?;
    engine.register(name, schema, &[batch])
}

fn merged(identities: &Identities) -> Vec<Row> {
    let of = |merged: &super::Merged| {
        let (file, sheet, row) = match &merged.place {
            Some(Place::Cell {
                file, sheet, row, ..
            }) => (
                Some(file.clone()),
                sheet.clone(),
                row.map(|row| row.to_string()),
            ),
            _ => (None, None, None),
        };
        vec![
            Some(merged.from.clone()),
            Some(merged.to.clone()),
            Some(merged.because.to_string()),
            file,
            sheet,
            row,
            Some(merged.rows.to_string()),
        ]
    };
    identities.merged.iter().map(of).collect()
}

fn renamed(intake: Option<&Intake>, identities: &Identities) -> Vec<Row> {
    let of = |rows: &crate::intake::RenamedRows| {
        let account = intake?.accounts.get(rows.account)?;
        let to = identities.merged_from(&rows.from)?;
        Some(vec![
            Some(rows.table.to_owned()),
            Some(account.path.clone()),
            account.sheet.clone(),
            Some(rows.from.clone()),
            Some(to.to.clone()),
            Some(rows.rows.to_string()),
        ])
    };
    identities.renamed.iter().filter_map(of).collect()
}

fn likely(identities: &Identities) -> Vec<Row> {
    fn names<'a>(of: impl Iterator<Item = &'a Trait>) -> Option<String> {
        let names: Vec<&str> = of.map(|of| of.name()).collect();
        (!names.is_empty()).then(|| names.join(" + "))
    }
    let of = |proposal: &super::Proposal| {
        vec![
            Some(proposal.from.clone()),
            Some(proposal.to.clone()),
            names(proposal.agrees.keys()),
            names(proposal.differs.keys()),
        ]
    };
    identities.proposals.iter().map(of).collect()
}

/// What an id map says goes before what the customers table says. Where a household is called by the
/// id of one of its members, that member is of it.
fn groups(intake: Option<&Intake>, identities: &Identities) -> Vec<Row> {
    let listed = intake.map(households).unwrap_or_default();
    let mut households: BTreeMap<String, String> = listed.clone();
    for (customer, group) in &identities.households {
        let group = listed.get(group).unwrap_or(group);
        households.insert(customer.clone(), group.clone());
    }
    let mut accounts = identities.accounts.clone();
    for head in heads(intake, &identities.households) {
        households.entry(head.clone()).or_insert(head);
    }
    for head in heads(intake, &identities.accounts) {
        accounts.entry(head.clone()).or_insert(head);
    }
    let mut customers: Vec<&String> = households.keys().chain(accounts.keys()).collect();
    customers.sort_unstable();
    customers.dedup();
    let of = |id: &String| {
        vec![
            Some(id.clone()),
            households.get(id).cloned(),
            accounts.get(id).cloned(),
        ]
    };
    customers.into_iter().map(of).collect()
}

/// The households of the customers table.
fn households(intake: &Intake) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let batches = intake
        .table("customers")
        .map(|table| table.batches.as_slice());
    for batch in batches.unwrap_or_default() {
        let text = |name: &str| batch.column_by_name(name)?.as_string_view_opt();
        let (Some(ids), Some(of)) = (text("customer_id"), text("household_id")) else {
            continue;
        };
        if of.null_count() == of.len() {
            continue;
        }
        for (id, household) in ids.iter().zip(of) {
            if let (Some(id), Some(household)) = (id, household) {
                found.insert(id.to_owned(), household.to_owned());
            }
        }
    }
    found
}

/// The groups that are called by the id of a customer of the list.
fn heads(intake: Option<&Intake>, groups: &BTreeMap<String, String>) -> Vec<String> {
    if groups.is_empty() {
        return Vec::new();
    }
    let wanted: BTreeSet<&str> = groups.values().map(String::as_str).collect();
    let table = intake.and_then(|intake| intake.table("customers"));
    let batches = table.map(|table| table.batches.as_slice());
    let listed = batches.unwrap_or_default().iter();
    let listed =
        listed.filter_map(|batch| batch.column_by_name("customer_id")?.as_string_view_opt());
    let found: BTreeSet<&str> = listed
        .flat_map(|ids| ids.iter().flatten())
        .filter(|id| wanted.contains(id))
        .collect();
    found.into_iter().map(str::to_owned).collect()
}
