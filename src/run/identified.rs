//! Who is who, as reports show it, and the workbook that asks what nobody can be sure of.

use std::collections::BTreeMap;

use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::datatypes::Int64Type;

use super::compute::Computed;
use super::publish::{Contents, TO_CONFIRM};
use crate::diagnostics::{Diagnostics, Place};
use crate::engine::internal;
use crate::identity::{Because, INVENTORY, INVENTORY_COLUMNS, Proposal};
use crate::message::Argument;
use crate::report::locale::Locale;
use crate::report::model::{IdentityReport, InventoryRow, MergedId, SharedValue};
use crate::template::{Pair, matches};
use crate::workspace::Trait;

/// The workbook that asks, and what reports say of who is who.
#[derive(Debug, Default)]
pub(super) struct Identified {
    /// What reports say; none where nobody asked.
    pub(super) said: Option<IdentityReport>,
    /// Path within the folder of the period, and what it holds.
    pub(super) files: Vec<(String, Contents)>,
}

impl Identified {
    /// In the language of the reports; nothing where there is neither an id map nor `[identity]`.
    ///
    /// # Errors
    /// When a table cannot be read or the workbook cannot be written: our fault.
    pub(super) fn of(computed: &Computed, locale: &Locale) -> Result<Self, Diagnostics> {
        let identities = &computed.identities;
        if !identities.asked {
            return Ok(Self::default());
        }
        let mut files = Vec::new();
        let mut link = None;
        if !identities.proposals.is_empty() {
            let names = names(computed)?;
            let pairs: Vec<Pair> = identities
                .proposals
                .iter()
                .map(|of| pair(of, &names, locale))
                .collect();
            let bytes = matches(&pairs, locale).map_err(internal)?;
            // The period is in the name, so that the answers of two quarters stand side by side.
            let period = computed.prepared.timeline.reported;
            let path = format!("{TO_CONFIRM}/likely-matches-{period}.xlsx");
            link = Some(path.clone());
            files.push((path, Contents::Bytes(bytes)));
        }
        let (total, inventory) = inventory(computed, locale)?;
        let reported = computed.prepared.timeline.reported;
        let said = IdentityReport {
            total,
            inventory,
            revenue_identified: computed.total("revenue_identified", reported),
            merged: identities
                .merged
                .iter()
                .map(|of| merged(of, locale))
                .collect(),
            proposed: identities.proposals.len() as u64 + identities.more_proposals,
            confirm_link: link,
            shared: identities
                .shared
                .iter()
                .map(|of| SharedValue {
                    key: said_traits(of.key.traits().iter(), locale),
                    value: of.value.clone(),
                    customers: of.customers,
                })
                .collect(),
        };
        Ok(Self {
            said: Some(said),
            files,
        })
    }
}

fn merged(of: &crate::identity::Merged, locale: &Locale) -> MergedId {
    MergedId {
        from: of.from.clone(),
        to: of.to.clone(),
        because: match &of.because {
            Because::IdMap => locale.text("identity.key.id-map").to_owned(),
            Because::Contact => locale.text("identity.key.contact").to_owned(),
            Because::Key(key) => said_traits(key.traits().iter(), locale),
        },
        rows: of.rows,
        place: of.place.as_ref().map(|place| match place {
            Place::Cell {
                file, sheet, row, ..
            } => {
                let row = row.map(|row| {
                    let row = Argument::Text(row.to_string());
                    locale.text_with("quality.row", &[("row", row)])
                });
                let parts = [Some(file.clone()), sheet.clone(), row];
                parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
            }
            place => place.to_string(),
        }),
    }
}

fn said_traits<'a>(traits: impl Iterator<Item = &'a Trait>, locale: &Locale) -> String {
    let words = traits.map(|of| {
        locale
            .get(&format!("identity.key.{}", of.name()))
            .unwrap_or(of.name())
    });
    words.collect::<Vec<_>>().join(" + ")
}

/// The names of all customers that may be another, by id.
fn names(computed: &Computed) -> Result<BTreeMap<String, String>, Diagnostics> {
    let rows = computed.engine.ad_hoc(
        "select customer_id, name from customer_names where customer_id in \
             (select from_id from likely_matches union all select customer_id from likely_matches)",
    )?;
    let mut names = BTreeMap::new();
    for batch in &rows.batches {
        let text = |name: &str| batch.column_by_name(name)?.as_string_view_opt();
        let (Some(ids), Some(of)) = (text("customer_id"), text("name")) else {
            continue;
        };
        for (id, name) in ids.iter().zip(of) {
            if let (Some(id), Some(name)) = (id, name) {
                names.insert(id.to_owned(), name.to_owned());
            }
        }
    }
    Ok(names)
}

fn pair(of: &Proposal, names: &BTreeMap<String, String>, locale: &Locale) -> Pair {
    let word = |of: Trait| said_traits(std::iter::once(&of), locale);
    let shown = |of: Trait, value: &str| match of {
        // Names stand beside; what is kept without spaces is not for reading.
        Trait::Name | Trait::Address | Trait::Province => None,
        Trait::BirthDate => value.parse().ok().map(|day| locale.date(day)),
        Trait::TaxId | Trait::Phone | Trait::Email => Some(value.to_owned()),
    };
    let agrees = of.agrees.iter().map(|(of, value)| match shown(*of, value) {
        Some(value) => format!("{} {value}", word(*of)),
        None => word(*of),
    });
    let differs = of.differs.iter().map(|(of, (first, second))| {
        let text =
            |value: &String| Argument::Text(shown(*of, value).unwrap_or_else(|| value.clone()));
        let against = [("first", text(first)), ("second", text(second))];
        format!(
            "{} {}",
            word(*of),
            locale.text_with("identity.against", &against)
        )
    });
    Pair {
        from: of.from.clone(),
        from_name: names.get(&of.from).cloned(),
        to: of.to.clone(),
        to_name: names.get(&of.to).cloned(),
        agrees: agrees.collect::<Vec<_>>().join(", "),
        differs: differs.collect::<Vec<_>>().join(", "),
    }
}

/// The rows of the inventory: that of all files, and those of each.
fn inventory(
    computed: &Computed,
    locale: &Locale,
) -> Result<(InventoryRow, Vec<InventoryRow>), Diagnostics> {
    let columns = INVENTORY_COLUMNS.join(", ");
    let rows = computed
        .engine
        .ad_hoc(&format!("select {columns} from {INVENTORY}"))?;
    let batch = rows.one()?;
    let text = |at: usize, row: usize| {
        let texts = batch.column(at).as_string_view_opt()?;
        texts.is_valid(row).then(|| texts.value(row).to_owned())
    };
    let number = |at: usize, row: usize| {
        let numbers = batch.column(at).as_primitive_opt::<Int64Type>();
        let number = numbers
            .filter(|of| of.is_valid(row))
            .map_or(0, |of| of.value(row));
        u64::try_from(number).unwrap_or(0)
    };
    let row = |row: usize| InventoryRow {
        path: text(0, row),
        table: text(1, row).map(|table| {
            let key = format!("template.table.{table}.title");
            locale.get(&key).map_or(table, str::to_owned)
        }),
        customers: number(2, row),
        old_ids: number(3, row),
        listed: number(4, row),
        only_here: number(5, row),
        contactable: number(6, row),
        buyers: number(7, row),
        stale: number(8, row),
    };
    let (mut total, mut files) = (InventoryRow::default(), Vec::new());
    for at in 0..batch.num_rows() {
        let of = row(at);
        match of.path {
            None => total = of,
            Some(_) => files.push(of),
        }
    }
    files.sort_by(|a, b| (&a.path, &a.table).cmp(&(&b.path, &b.table)));
    Ok((total, files))
}
