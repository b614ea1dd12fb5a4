//! What the customers table says of each customer, in normal form.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::arrow::array::{Array, AsArray, RecordBatch, StringViewArray};
use datafusion::arrow::datatypes::Date32Type;

use super::declared::Declared;
use super::matching::Evidence;
use super::normal;
use crate::tables::InputTable;
use crate::workspace::{Country, Identity, Key, Trait};

/// One entry for each customer of the table, ids that are one taken together, by id.
pub(super) fn of(table: &InputTable, declared: &Declared, settings: &Identity) -> Vec<Evidence> {
    let used: BTreeSet<Trait> = settings
        .keys
        .iter()
        .chain(&settings.propose)
        .flat_map(Key::traits)
        .copied()
        // Which two customers both have, and differ in, keeps them apart whatever they share.
        .chain([Trait::TaxId, Trait::BirthDate])
        .collect();
    let targets: BTreeSet<&str> = declared.same.values().map(|(to, _)| to.as_str()).collect();
    let mut customers: BTreeMap<&str, Evidence> = BTreeMap::new();
    for batch in &table.batches {
        let columns = Columns::of(batch);
        let Some(ids) = columns.id else { continue };
        for (row, id) in ids.iter().enumerate() {
            let Some(id) = id else { continue };
            let id = declared.root(id);
            let customer = customers.entry(id).or_insert_with(|| Evidence {
                id: id.to_owned(),
                is_target: targets.contains(id),
                ..Evidence::default()
            });
            if let Some(day) = columns.day(columns.acquired_on, row) {
                customer.since = Some(customer.since.map_or(day, |since| since.min(day)));
            }
            let mut known: BTreeMap<Trait, BTreeSet<String>> = BTreeMap::new();
            for of in &used {
                let values = columns.values(*of, row, settings.country);
                if !values.is_empty() {
                    known.insert(*of, values.into_iter().collect());
                }
            }
            customer.rows.push(known);
        }
    }
    customers.into_values().collect()
}

/// The columns that say who a customer is.
struct Columns<'a> {
    id: Option<&'a StringViewArray>,
    texts: BTreeMap<Trait, &'a StringViewArray>,
    birth_date: Option<&'a dyn Array>,
    acquired_on: Option<&'a dyn Array>,
}

impl<'a> Columns<'a> {
    fn of(batch: &'a RecordBatch) -> Self {
        let text = |name: &str| batch.column_by_name(name)?.as_string_view_opt();
        let day = |name: &str| batch.column_by_name(name).map(AsRef::as_ref);
        let texts = [
            (Trait::TaxId, "tax_id"),
            (Trait::Phone, "phone"),
            (Trait::Email, "email"),
            (Trait::Name, "name"),
            (Trait::Address, "address"),
            (Trait::Province, "province"),
        ];
        Self {
            id: text("customer_id"),
            texts: texts
                .into_iter()
                .filter_map(|(of, name)| Some((of, text(name)?)))
                .collect(),
            birth_date: day("birth_date"),
            acquired_on: day("acquired_on"),
        }
    }

    fn day(&self, column: Option<&dyn Array>, row: usize) -> Option<i32> {
        let days = column?.as_primitive_opt::<Date32Type>()?;
        days.is_valid(row).then(|| days.value(row))
    }

    fn values(&self, of: Trait, row: usize, country: Option<Country>) -> Vec<String> {
        if of == Trait::BirthDate {
            let day = self.day(self.birth_date, row);
            let day = day.and_then(chrono::NaiveDate::from_epoch_days);
            return day.map(|day| day.to_string()).into_iter().collect();
        }
        let texts = self.texts.get(&of).filter(|texts| texts.is_valid(row));
        let Some(text) = texts.map(|texts| texts.value(row)) else {
            return Vec::new();
        };
        let one = match of {
            Trait::Phone => return normal::phones(text, country),
            Trait::TaxId => normal::tax_id(text, country),
            Trait::Email => normal::email(text),
            Trait::Name => normal::name(text),
            Trait::Address | Trait::Province | Trait::BirthDate => normal::plain(text),
        };
        one.into_iter().collect()
    }
}
