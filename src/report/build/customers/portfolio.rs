//! The value classes: the opening sentence, who is in which class, who moved.

use std::collections::BTreeMap;

use super::value_map::Valued;
use super::{ClassCutFigures, CustomerFigures, Portfolio, share};
use crate::calendar::Quarter;
use crate::message::Argument;
use crate::report::locale::Locale;
use crate::report::model;

/// The order in which value classes are shown; a client's own follow by name.
const CLASS_ORDER: [&str; 5] = ["MVC", "MGC", "Steady", "Migrator", "BZ"];

/// Opening sentence: how many are active, and where the value is.
pub(super) fn lead(
    now: &model::Reconciliation,
    before: Option<&model::Reconciliation>,
    classes: &[model::ClassRow],
    locale: &Locale,
) -> model::Lead {
    let active = ("active", Argument::Count(now.closing));
    let bold = match before.map(|before| now.closing - before.closing) {
        None => locale.text_with("portfolio.lead-first", &[active]),
        Some(0) => locale.text_with("portfolio.lead-same", &[active]),
        Some(change) => {
            let key = if change > 0 {
                "portfolio.lead-more"
            } else {
                "portfolio.lead-fewer"
            };
            locale.text_with(key, &[active, ("change", Argument::Count(change.abs()))])
        }
    };
    let mut rest = Vec::new();
    let largest = classes.iter().rev().skip(1).filter_map(|class| {
        let share = class.value_share.filter(|share| *share > 0.0)?;
        Some((share, class))
    });
    if let Some((share, class)) = largest.max_by(|a, b| a.0.total_cmp(&b.0)) {
        rest.push(locale.text_with(
            "portfolio.lead-value",
            &[
                ("class", Argument::Text(class.class.clone())),
                ("customers", Argument::Count(class.customers)),
                ("share", Argument::Percent(share)),
            ],
        ));
    }
    if now.opening > 0 {
        rest.push(locale.text_with(
            "portfolio.lead-lost",
            &[
                ("lost", Argument::Count(now.lost_opening)),
                ("opening", Argument::Count(now.opening)),
            ],
        ));
    }
    model::Lead {
        bold,
        rest: rest.join(" "),
    }
}

/// The classes in their order with customers, then the total.
pub(super) fn classes(
    figures: &CustomerFigures,
    now: Option<Quarter>,
    locale: &Locale,
) -> Vec<model::ClassRow> {
    let mut of_now: BTreeMap<(usize, String), Portfolio> = BTreeMap::new();
    let mut before: BTreeMap<String, i64> = BTreeMap::new();
    let previous = now.map(|now| now.plus(-1));
    for row in &figures.portfolio {
        let class = row.class.clone().unwrap_or_default();
        if Some(row.period) == now {
            of_now.insert((rank(&class), class), row.clone());
        } else if Some(row.period) == previous {
            before.insert(class, row.customers);
        }
    }
    for (position, class) in CLASS_ORDER.iter().enumerate() {
        of_now
            .entry((position, (*class).to_owned()))
            .or_insert_with(|| Portfolio {
                period: now.unwrap_or(Quarter {
                    year: 1970,
                    number: 1,
                }),
                class: Some((*class).to_owned()),
                customers: 0,
                value: 0.0,
                revenue: 0.0,
            });
    }
    let has_previous = figures.periods.len() > 1;
    let customers: i64 = of_now.values().map(|row| row.customers).sum();
    let value: f64 = of_now.values().map(|row| row.value).sum();
    let revenue: f64 = of_now.values().map(|row| row.revenue).sum();
    let mut rows: Vec<_> = of_now
        .into_iter()
        .map(|((_, class), row)| model::ClassRow {
            label: class_text("class", &class, locale),
            treatment: class_text("treatment", &class, locale),
            customers: row.customers,
            previous: has_previous.then(|| before.get(&class).copied().unwrap_or(0)),
            share: share(row.customers as f64, customers as f64),
            value: row.value,
            value_share: share(row.value, value),
            mean_value: middle(figures, Some(&class)).map(|middle| middle.0),
            median_value: middle(figures, Some(&class)).map(|middle| middle.1),
            revenue: row.revenue,
            class,
        })
        .collect();
    rows.push(model::ClassRow {
        class: String::new(),
        label: locale.text("portfolio.all").to_owned(),
        customers,
        previous: has_previous.then(|| before.values().sum()),
        share: share(customers as f64, customers as f64),
        value,
        value_share: share(value, value),
        mean_value: middle(figures, None).map(|middle| middle.0),
        median_value: middle(figures, None).map(|middle| middle.1),
        revenue,
        treatment: String::new(),
    });
    rows
}

/// Mean and median of the actual value of the active customers of a class, or of all, as far as it is known. A
/// few large customers lift the mean and not the median, which of two in the middle is their mean.
fn middle(figures: &CustomerFigures, class: Option<&str>) -> Option<(f64, f64)> {
    let of = &figures.value_map;
    let within = |valued: &&Valued| {
        valued.is_active && class.is_none_or(|class| of.classes[valued.class] == class)
    };
    let values = of.customers.iter().filter(within);
    mean_and_median(values.map(|valued| valued.actual).collect())
}

fn mean_and_median(mut values: Vec<f64>) -> Option<(f64, f64)> {
    values.sort_by(f64::total_cmp);
    let at = values.len() / 2;
    let median = match values.len() % 2 {
        1 => *values.get(at)?,
        _ => (values.get(at.checked_sub(1)?)? + values.get(at)?) / 2.0,
    };
    Some((values.iter().sum::<f64>() / values.len() as f64, median))
}

/// What the catalogue says of a class; a client's own class is its own label.
pub(super) fn class_text(section: &str, class: &str, locale: &Locale) -> String {
    let key = format!("{section}.{}", class.to_lowercase());
    if locale.has(&key) {
        locale.text(&key).to_owned()
    } else if section == "class" && !class.is_empty() {
        class.to_owned()
    } else {
        String::new()
    }
}

pub(super) fn rank(class: &str) -> usize {
    CLASS_ORDER
        .iter()
        .position(|known| *known == class)
        .unwrap_or(CLASS_ORDER.len())
}

pub(super) fn moves(figures: &CustomerFigures, locale: &Locale) -> model::Moves {
    let mut names: Vec<String> = figures
        .moves
        .iter()
        .flat_map(|m| [&m.from, &m.to])
        .flatten()
        .cloned()
        .chain(CLASS_ORDER.map(str::to_owned))
        .collect();
    names.sort_by_key(|name| (rank(name), name.clone()));
    names.dedup();
    let size = names.len() + 1;
    let position = |name: &Option<String>| {
        name.as_ref()
            .and_then(|name| names.iter().position(|known| known == name))
            .unwrap_or(size - 1)
    };
    let mut counts = vec![vec![0; size]; size];
    let mut by_ruler = counts.clone();
    let (mut behaviour, mut ruler) = (0, 0);
    for m in &figures.moves {
        let (from, to) = (position(&m.from), position(&m.to));
        counts[from][to] += m.customers;
        match m.because.as_deref() {
            Some("ruler") => {
                by_ruler[from][to] += m.customers;
                ruler += m.customers;
            }
            Some(_) => behaviour += m.customers,
            None => {}
        }
    }
    let cuts = figures.class_cuts.as_ref();
    model::Moves {
        classes: names,
        counts,
        by_ruler,
        behaviour,
        ruler,
        cuts_said: cuts.map_or_else(String::new, |cuts| cuts_said(cuts, locale)),
        is_frozen: cuts.is_some_and(|cuts| cuts.frozen.is_some()),
    }
}

/// Whose cut points between the classes were used, and what they are by the names the rule has for them.
fn cuts_said(cuts: &ClassCutFigures, locale: &Locale) -> String {
    let number = |value: f64| {
        let digits = if value.abs() < 100.0 { 2 } else { 0 };
        locale.number(value, digits)
    };
    let named = cuts.constants.iter();
    let named = named.map(|(name, value)| format!("{name} {}", number(*value)));
    let cuts_of: Vec<String> = named.collect();
    let args = [
        ("cuts", Argument::Text(cuts_of.join(" · "))),
        ("band", Argument::Text(number(cuts.band))),
    ];
    let whose = match cuts.frozen {
        Some(as_of) => {
            let period = ("period", Argument::Text(locale.quarter(as_of)));
            locale.text_with("scoring.class-cuts.frozen", &[period])
        }
        None => locale.text("scoring.class-cuts.own").to_owned(),
    };
    let which = match cuts.constants.is_empty() {
        true => "scoring.class-cuts.band",
        false => "scoring.class-cuts.which",
    };
    format!("{whose} {}", locale.text_with(which, &args))
}

#[cfg(test)]
mod tests {
    use super::mean_and_median;

    /// Methods §5.3: one customer of 1,000 beside four of 10 to 40 makes an average of 220 that none of the four
    /// comes near.
    #[test]
    fn a_few_large_customers_lift_the_mean_and_not_the_median() {
        let values = vec![1000.0, 10.0, 40.0, 20.0, 30.0];
        assert_eq!(mean_and_median(values), Some((220.0, 30.0)));
        assert_eq!(mean_and_median(vec![1.0, 4.0]), Some((2.5, 2.5)));
        assert_eq!(mean_and_median(vec![7.0]), Some((7.0, 7.0)));
        assert_eq!(mean_and_median(Vec::new()), None);
    }
}
