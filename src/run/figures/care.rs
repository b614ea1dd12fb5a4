//! Where customers stand in the relationship, and how often they are contacted.

use std::collections::BTreeMap;

use super::{Sheet, count, known, number, text};
use crate::calendar::Quarter;
use crate::diagnostics::Diagnostics;
use crate::report::build::StageMove;
use crate::report::model::{ContactCount, ContactPressure, Counted};
use crate::run::compute::Computed;

/// From so many contacts on, customers stand together.
const OR_MORE: i64 = 7;

/// How many customers went from which stage to which.
pub(super) fn stage_moves(computed: &Computed) -> Result<Vec<StageMove>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        "select * from life_cycle_moves order by from_stage, to_stage",
    )?;
    let (from, to) = (sheet.texts("from_stage")?, sheet.texts("to_stage")?);
    let customers = sheet.counts("customers")?;
    let (values, revenues) = (sheet.numbers("actual_value")?, sheet.numbers("revenue")?);
    let rows = sheet.rows().map(|row| StageMove {
        from: text(&from, row),
        to: text(&to, row).unwrap_or_default(),
        customers: customers.value(row),
        value: known(&values, row),
        revenue: number(&revenues, row),
    });
    Ok(rows.collect())
}

/// Leads that are no customers yet; none without a list of leads.
pub(super) fn prospects(computed: &Computed, reported: Quarter) -> Option<i64> {
    if !computed.prepared.supplied.contains("leads") {
        return None;
    }
    let measure = computed
        .measures
        .iter()
        .find(|measure| measure.name == "life_cycle_customers")?;
    let of_prospects =
        |members: &[Option<String>]| members.first().and_then(Option::as_deref) == Some("prospect");
    let mut rows = measure.rows.iter();
    let found = rows.find(|row| row.period == reported && of_prospects(&row.members));
    Some(found.and_then(|row| row.value).unwrap_or(0.0) as i64)
}

pub(super) fn pressure(
    computed: &Computed,
    reported: Quarter,
) -> Result<ContactPressure, Diagnostics> {
    let supplied = &computed.prepared.supplied;
    if !supplied.contains("campaign_contacts") {
        return Ok(ContactPressure::default());
    }
    let complaints_known = supplied.contains("interactions");
    let sheet = Sheet::of(
        computed,
        &format!("select * from contact_response where period = '{reported}' order by contacts"),
    )?;
    let counts = |name: &str| sheet.counts(name);
    let (contacts, customers) = (counts("contacts")?, counts("customers")?);
    let (responded, complained) = (counts("responded")?, counts("complained")?);
    let mut by_count: BTreeMap<i64, ContactCount> = BTreeMap::new();
    let (mut contacted, mut all_contacts) = (0, 0);
    for row in sheet.rows() {
        let times = contacts.value(row).min(OR_MORE);
        let of = by_count.entry(times).or_insert_with(|| ContactCount {
            contacts: times,
            or_more: times == OR_MORE,
            customers: 0,
            share: None,
            responded: 0,
            response: None,
            complained: complaints_known.then_some(0),
        });
        of.customers += customers.value(row);
        of.responded += responded.value(row);
        of.complained = of.complained.map(|so_far| so_far + complained.value(row));
        contacted += customers.value(row);
        all_contacts += contacts.value(row) * customers.value(row);
    }
    let mut rows: Vec<ContactCount> = by_count.into_values().collect();
    for row in &mut rows {
        row.share = share(row.customers, contacted);
        row.response = share(row.responded, row.customers);
    }
    let counted = |measure: &str| counted(computed, measure, reported);
    Ok(ContactPressure {
        known: true,
        complaints_known,
        contacted,
        not_contacted: not_contacted(computed)?,
        contacts: all_contacts,
        per_month: (contacted > 0).then(|| all_contacts as f64 / (contacted * 3) as f64),
        rows,
        over_contacted: counted("over_contacted_customers"),
        without_consent: counted("contacted_without_consent"),
        complained: counted("complaints_after_contact"),
    })
}

/// Active customers of the period whom no campaign reached.
fn not_contacted(computed: &Computed) -> Result<i64, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        "select count(*) as customers from reported_customers \
         where is_closing and coalesce(campaign_contacts_quarter, 0) = 0",
    )?;
    Ok(count(&sheet.counts("customers")?, 0).unwrap_or(0))
}

/// Numerator and denominator of a measure; nobody of nobody where there is none.
fn counted(computed: &Computed, measure: &str, reported: Quarter) -> Counted {
    let measure = computed.measures.iter().find(|m| m.name == measure);
    let total = measure.and_then(|measure| measure.total(reported));
    let whole = |figure: Option<f64>| figure.unwrap_or(0.0) as i64;
    let customers = whole(total.and_then(|total| total.numerator));
    let of = whole(total.and_then(|total| total.denominator));
    Counted {
        customers,
        of,
        share: share(customers, of),
    }
}

fn share(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
