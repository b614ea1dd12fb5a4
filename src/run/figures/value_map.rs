//! What customers are worth against what they could be, one by one, for the map.

use std::collections::BTreeMap;

use datafusion::arrow::array::Array;

use super::{Sheet, known};
use crate::diagnostics::Diagnostics;
use crate::report::build::{ValueMapFigures, Valued};
use crate::run::compute::Computed;
use crate::workspace::Config;

/// Reads the customers of the reported period.
pub(super) fn value_map(
    computed: &Computed,
    config: &Config,
) -> Result<ValueMapFigures, Diagnostics> {
    // In order: amounts are added up, and the last digits of a sum are those of its order.
    let sheet = Sheet::of(
        computed,
        "select segment, is_closing, actual_value, potential_value, potential_basis \
         from reported_customers where actual_value is not null \
         order by actual_value, potential_value, segment",
    )?;
    let (classes, bases) = (sheet.texts("segment")?, sheet.texts("potential_basis")?);
    let active = sheet.flags("is_closing")?;
    let actual = sheet.numbers("actual_value")?;
    let potential = sheet.numbers("potential_value")?;
    // The names are few and the customers many.
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut customers = Vec::with_capacity(sheet.rows().len());
    for row in sheet.rows() {
        let class = match classes.is_valid(row) {
            true => classes.value(row),
            false => "",
        };
        let next = places.len();
        customers.push(Valued {
            class: *places.entry(class).or_insert(next),
            is_active: active.value(row),
            actual: actual.value(row),
            potential: known(&potential, row),
            by_wallet: bases.is_valid(row) && bases.value(row) == "wallet",
            by_peers: bases.is_valid(row) && bases.value(row) == "peers",
        });
    }
    let mut classes = vec![String::new(); places.len()];
    for (class, place) in places {
        class.clone_into(&mut classes[place]);
    }
    Ok(ValueMapFigures {
        classes,
        customers,
        value_basis: super::value_basis(computed),
        alike: config
            .value
            .peers
            .iter()
            .map(|key| key.name.clone())
            .collect(),
        quantile: config.value.peer_quantile,
        min_peers: config.value.min_peers as i64,
    })
}
