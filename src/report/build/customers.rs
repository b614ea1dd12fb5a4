//! The customer report: portfolio, reconciliation, retention, RFM grid, class moves, lists.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::calendar::Quarter;
use crate::message::{Argument, Message};
use crate::report::locale::Locale;
use crate::report::model;

/// The order in which value classes are shown; a client's own follow by name.
const CLASS_ORDER: [&str; 5] = ["MVC", "MGC", "Steady", "Migrator", "BZ"];

/// One class of one period, counted over the customers that are active at its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Portfolio {
    /// The period.
    pub period: Quarter,
    /// The class; none for customers the rules gave none.
    pub class: Option<String>,
    /// Active customers.
    pub customers: i64,
    /// Sum of their actual value.
    pub value: f64,
    /// Their revenue in the period.
    pub revenue: f64,
}

/// The reconciliation of one period in total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Reconciled {
    pub period: Quarter,
    pub opening: i64,
    pub new: i64,
    pub reactivated: i64,
    pub lost_opening: i64,
    pub lost_new: i64,
    pub closing: i64,
}

/// Customers who went from one class to another; none is *not active*.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct MoveCount {
    pub from: Option<String>,
    pub to: Option<String>,
    pub customers: i64,
}

/// Customers with a recency and a frequency score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct RfmCount {
    pub recency: i64,
    pub frequency: i64,
    pub customers: i64,
}

/// A customer of a list, with reason and action still by key.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Listed {
    pub customer_id: String,
    pub name: Option<String>,
    pub class: Option<String>,
    pub reason: Option<Message>,
    pub actual_value: Option<f64>,
    pub potential_value: Option<f64>,
    pub revenue: f64,
    pub frequency: i64,
    pub last_purchase: Option<NaiveDate>,
    pub rfm: String,
    pub action: Option<Message>,
}

/// Everything the customer report is made from.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerFigures {
    /// The periods shown, oldest first; the reported one is last.
    pub periods: Vec<Quarter>,
    /// Months that make a customer active.
    pub window_months: u32,
    /// `contribution` or `revenue`.
    pub value_basis: String,
    /// All classes of the reported period and the one before.
    pub portfolio: Vec<Portfolio>,
    /// One per period shown.
    pub reconciliation: Vec<Reconciled>,
    /// Moves into the reported period.
    pub moves: Vec<MoveCount>,
    /// Counts of the reported period.
    pub rfm: Vec<RfmCount>,
    /// Where the scores of recency and frequency end.
    pub cuts: RfmCuts,
    /// The best by actual value, then id.
    pub top: Vec<Listed>,
    /// The worst by actual value, then id.
    pub bottom: Vec<Listed>,
    /// Revenue of the period.
    pub revenue: f64,
    /// That of it which belongs to no known customer.
    pub unidentified_revenue: f64,
}

/// Where the scores of the reported period end; empty where there are none. Equal ends leave the
/// score between them out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RfmCuts {
    /// The most days since the last purchase that score 5, 4, 3 and 2.
    pub most_days: Vec<i64>,
    /// The most orders that score 1, 2, 3 and 4.
    pub most_orders: Vec<i64>,
}

/// The customer part of the report model.
pub fn customers(figures: &CustomerFigures, locale: &Locale) -> model::Customers {
    let now = figures.periods.last().copied();
    let history: Vec<_> = figures
        .periods
        .iter()
        .map(|period| {
            let found = figures.reconciliation.iter().find(|r| r.period == *period);
            reconciliation(found.copied().unwrap_or(nothing(*period)), locale)
        })
        .collect();
    let current = history.last().cloned().unwrap_or_else(|| {
        reconciliation(
            nothing(Quarter {
                year: 1970,
                number: 1,
            }),
            locale,
        )
    });
    let classes = classes(figures, now, locale);
    model::Customers {
        lead: lead(&current, history.iter().rev().nth(1), &classes, locale),
        window_months: figures.window_months,
        value_basis: figures.value_basis.clone(),
        active: current.closing,
        retention: rates(&current, locale),
        moves: moves(figures),
        rfm: grid(figures, locale),
        top: figures.top.iter().map(|row| listed(row, locale)).collect(),
        bottom: figures
            .bottom
            .iter()
            .map(|row| listed(row, locale))
            .collect(),
        unidentified_revenue: figures.unidentified_revenue,
        revenue: figures.revenue,
        classes,
        reconciliation: current,
        reconciliation_history: history,
    }
}

fn nothing(period: Quarter) -> Reconciled {
    Reconciled {
        period,
        opening: 0,
        new: 0,
        reactivated: 0,
        lost_opening: 0,
        lost_new: 0,
        closing: 0,
    }
}

fn reconciliation(r: Reconciled, locale: &Locale) -> model::Reconciliation {
    model::Reconciliation {
        period: r.period.to_string(),
        label: locale.quarter(r.period),
        opening: r.opening,
        new: r.new,
        zero_loss: r.opening + r.new,
        reactivated: r.reactivated,
        lost_opening: r.lost_opening,
        lost_new: r.lost_new,
        closing: r.closing,
        balances: r.opening + r.new + r.reactivated - r.lost_opening - r.lost_new == r.closing,
    }
}

/// Opening sentence: how many are active, and where the value is.
fn lead(
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
fn classes(
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
        revenue,
        treatment: String::new(),
    });
    rows
}

/// What the catalogue says of a class; a client's own class is its own label.
fn class_text(section: &str, class: &str, locale: &Locale) -> String {
    let key = format!("{section}.{}", class.to_lowercase());
    if locale.has(&key) {
        locale.text(&key).to_owned()
    } else if section == "class" && !class.is_empty() {
        class.to_owned()
    } else {
        String::new()
    }
}

fn rank(class: &str) -> usize {
    CLASS_ORDER
        .iter()
        .position(|known| *known == class)
        .unwrap_or(CLASS_ORDER.len())
}

fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// The rates that circulate under the name of acquisition and retention, each worked out.
fn rates(r: &model::Reconciliation, locale: &Locale) -> Vec<model::Rate> {
    let rate = |id: &str, numerator: i64, denominator: i64| {
        let value = share(numerator as f64, denominator as f64);
        let rate = value.map_or(Argument::Text("—".to_owned()), Argument::Percent);
        let count = |name, value| (name, Argument::Count(value));
        model::Rate {
            id: id.to_owned(),
            label: locale
                .text(&format!("portfolio.rate.{id}.label"))
                .to_owned(),
            worked: locale.text_with(
                &format!("portfolio.rate.{id}.worked"),
                &[
                    count("opening", r.opening),
                    count("new", r.new),
                    count("lost", r.lost_opening),
                    count("closing", r.closing),
                    count("zero_loss", r.zero_loss),
                    ("rate", rate),
                ],
            ),
            value,
        }
    };
    vec![
        rate("acquisition", r.new, r.opening),
        rate("cohort", r.opening - r.lost_opening, r.opening),
        rate("zero-loss", r.closing, r.zero_loss),
        rate("end-less-new", r.closing - r.new, r.opening),
    ]
}

fn moves(figures: &CustomerFigures) -> model::Moves {
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
    for m in &figures.moves {
        counts[position(&m.from)][position(&m.to)] += m.customers;
    }
    model::Moves {
        classes: names,
        counts,
    }
}

fn grid(figures: &CustomerFigures, locale: &Locale) -> model::RfmGrid {
    let mut counts = vec![vec![0; 5]; 5];
    for cell in &figures.rfm {
        if let (1..=5, 1..=5) = (cell.recency, cell.frequency) {
            counts[(5 - cell.recency) as usize][(cell.frequency - 1) as usize] += cell.customers;
        }
    }
    let recency = possible(&figures.cuts.most_days);
    let frequency = possible(&figures.cuts.most_orders);
    model::RfmGrid {
        counts,
        recency: bands(&figures.cuts.most_days, &recency, "recency", locale),
        recency_scores: (1..=5)
            .rev()
            .zip(&recency)
            .filter_map(|(score, possible)| possible.then_some(score))
            .collect(),
        frequency: bands(&figures.cuts.most_orders, &frequency, "frequency", locale),
        frequency_scores: (1..=5)
            .zip(&frequency)
            .filter_map(|(score, possible)| possible.then_some(score))
            .collect(),
    }
}

/// Which of five bands anybody can be in: one that ends where the band before it ends is empty.
fn possible(most: &[i64]) -> [bool; 5] {
    let mut possible = [true; 5];
    possible[0] = most.first().is_none_or(|most| *most >= 0);
    for (band, pair) in possible.iter_mut().skip(1).zip(most.windows(2).take(3)) {
        *band = pair[0] < pair[1];
    }
    possible
}

/// What each band means, in words; nothing for one that nobody can be in.
fn bands(most: &[i64], possible: &[bool; 5], key: &str, locale: &Locale) -> Vec<String> {
    let said = |edge: &str, most: i64| {
        let edge = if edge == "up-to" && most == 0 {
            "none"
        } else {
            edge
        };
        let at = [("at", Argument::Count(most))];
        locale.text_with(&format!("portfolio.{key}.{edge}"), &at)
    };
    let mut bands: Vec<_> = most
        .iter()
        .take(4)
        .map(|most| said("up-to", *most))
        .collect();
    bands.resize(4, String::new());
    bands.push(
        most.last()
            .map_or(String::new(), |most| said("over", *most)),
    );
    for (band, possible) in bands.iter_mut().zip(possible) {
        if !possible {
            band.clear();
        }
    }
    bands
}

fn listed(row: &Listed, locale: &Locale) -> model::CustomerRow {
    model::CustomerRow {
        customer_id: row.customer_id.clone(),
        name: row.name.clone(),
        class: row.class.clone(),
        reason: row.reason.as_ref().map(|reason| locale.message(reason)),
        actual_value: row.actual_value,
        potential_value: row.potential_value,
        revenue: row.revenue,
        frequency: row.frequency,
        last_purchase: row.last_purchase,
        rfm: row.rfm.clone(),
        action: row.action.as_ref().map(|action| locale.message(action)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::locale::tests::locale;
    use crate::workspace::Language;

    fn frequency(most: &[i64]) -> Vec<String> {
        bands(
            most,
            &possible(most),
            "frequency",
            &locale(Language::En, "USD"),
        )
    }

    #[test]
    fn bands_that_end_together_are_one() {
        assert_eq!(
            frequency(&[0, 0, 0, 2]),
            ["none", "", "", "up to 2", "over 2"]
        );
        assert_eq!(
            frequency(&[1, 2, 4, 9]),
            ["up to 1", "up to 2", "up to 4", "up to 9", "over 9"]
        );
        assert_eq!(frequency(&[]), [""; 5]);
    }

    /// Where everybody bought on the last day, the cut points are 0 days and nobody is before them.
    #[test]
    fn a_band_below_nothing_is_empty() {
        assert_eq!(
            possible(&[-1, -1, -1, -1]),
            [false, false, false, false, true]
        );
    }
}
