//! The settings of a run as its record shows them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::workspace::{ChargedCost, Config, Country, Identity, InputFile, Key, Thresholds};

/// The settings in force by their keys, defaults included.
pub fn options(config: &Config) -> BTreeMap<String, Value> {
    // Taken apart so that a setting that is added cannot be forgotten here.
    let Config {
        client,
        calendar,
        input,
        identity,
        activity,
        order_unit,
        return_day,
        rfm,
        value,
        clv,
        customer_scorecard,
        next_best_product,
        profiles,
        profitability,
        return_on_relationship,
        // What it may use changes no figure.
        engine: _,
        defaults: _,
        source: _,
    } = config;
    let fiscal = calendar.fiscal;
    let charged = profitability.charge.iter().copied().map(ChargedCost::name);
    let entries = [
        ("client.name", json!(client.name)),
        ("client.language", json!(client.language)),
        ("client.currency", json!(client.currency.code)),
        ("calendar.fiscal-year-start", json!(fiscal.start_month())),
        (
            "calendar.year-label",
            json!(format!("{:?}", fiscal.label()).to_lowercase()),
        ),
        (
            "calendar.period",
            json!(calendar.period.map(|p| p.to_string())),
        ),
        ("calendar.data-to", json!(calendar.data_to)),
        ("input.language", json!(input.language)),
        ("input.folder", json!(input.folder)),
        ("input.max-set-aside", json!(input.max_set_aside)),
        (
            "input.max-set-aside-of",
            input
                .max_set_aside_of
                .iter()
                .map(|limit| (limit.table.clone(), json!(limit.share)))
                .collect(),
        ),
        ("input.file", input.files.iter().map(declared).collect()),
        (
            "identity",
            identity.as_ref().map_or(Value::Null, identified),
        ),
        ("activity.window-months", json!(activity.window_months)),
        (
            "activity.order",
            json!(format!("{order_unit:?}").to_lowercase()),
        ),
        ("returns.count-on", json!(return_day.name())),
        ("rfm.window-months", json!(rfm.window_months)),
        ("rfm.method", json!(rfm.method.unwrap_or_default().name())),
        ("rfm.monetary", json!(rfm.monetary.name())),
        ("rfm.thresholds", thresholds(&rfm.thresholds)),
        ("value.margin", json!(value.margin)),
        ("value.band", json!(value.band)),
        ("value.basis", json!(value.basis.name())),
        (
            "value.peers",
            value.peers.iter().map(|key| json!(key.name)).collect(),
        ),
        ("value.min-peers", json!(value.min_peers)),
        ("value.peer-quantile", json!(value.peer_quantile)),
        ("clv.discount-rate", json!(clv.discount_rate)),
        ("clv.horizon-months", json!(clv.horizon_months)),
        ("clv.margin", json!(clv.margin)),
        ("clv.retention-uplift", json!(clv.retention_uplift)),
        ("clv.required-margin", json!(clv.required_margin)),
        (
            "return-on-relationship.allocate",
            json!(return_on_relationship.allocate.name()),
        ),
        ("clv.referral-credit", json!(clv.referral_credit)),
        ("clv.fit", json!(clv.fit)),
        (
            "customer-scorecard.middle-from",
            json!(customer_scorecard.middle_from),
        ),
        (
            "customer-scorecard.high-from",
            json!(customer_scorecard.high_from),
        ),
        (
            "next-best-product.level",
            json!(next_best_product.level.name()),
        ),
        (
            "next-best-product.window-months",
            json!(next_best_product.window_months),
        ),
        (
            "next-best-product.min-count",
            json!(next_best_product.min_count),
        ),
        (
            "next-best-product.max-per-customer",
            json!(next_best_product.max_per_customer),
        ),
        ("profiles.most", json!(profiles.most)),
        ("profitability.charge", charged.collect()),
        (
            "profitability.cost-pool-months",
            json!(profitability.cost_pool_months),
        ),
        (
            "return-on-relationship.lag-quarters",
            json!(return_on_relationship.lag_quarters),
        ),
    ];
    entries
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

fn thresholds(of: &Thresholds) -> Value {
    let Thresholds {
        recency,
        frequency,
        monetary,
    } = of;
    json!({"recency": recency, "frequency": frequency, "monetary": monetary})
}

fn identified(identity: &Identity) -> Value {
    let Identity {
        keys,
        propose,
        most_shared,
        contacts_are_accounts,
        country,
    } = identity;
    let names = |keys: &[Key]| keys.iter().map(Key::to_string).collect::<Vec<_>>();
    json!({
        "keys": names(keys), "propose": names(propose), "max-shared": most_shared,
        "contacts-are-accounts": contacts_are_accounts, "country": country.map(Country::code),
    })
}

fn declared(file: &InputFile) -> Value {
    let InputFile {
        matches,
        sheet,
        table,
        columns,
        values,
        unpivot,
        dates,
        encoding,
        digits,
        fill_down,
        place: _,
    } = file;
    let columns: BTreeMap<_, _> = columns.iter().cloned().collect();
    let values: BTreeMap<_, _> = values.iter().cloned().collect();
    let digits: BTreeMap<_, _> = digits.iter().cloned().collect();
    json!({
        "match": matches, "sheet": sheet, "table": table, "columns": columns, "values": values,
        "unpivot": unpivot, "dates": dates, "encoding": encoding, "digits": digits,
        "fill-down": fill_down,
    })
}
