//! The value map: what customers are worth against what they could be worth.
//!
//! Values of customers lie decades apart, so the map's axes are logarithmic and customers who are alike
//! in class and in both values share a mark. What is worth nothing or less has no logarithm and stands
//! in a strip of its own. One line quarters the map, in both directions: where the top fifth begins.

use std::collections::BTreeMap;

use super::portfolio::{class_text, rank};
use crate::message::Argument;
use crate::report::locale::Locale;
use crate::report::model::{Lead, ValueBase, ValueMap, ValueMark, ValueOfClass, ValueQuarter};

/// The most steps that an axis is cut into.
const MOST_STEPS: f64 = 22.0;

/// Steps of a decade, the finest first.
const STEPS_PER_DECADE: [f64; 5] = [8.0, 6.0, 4.0, 3.0, 2.0];

/// The quarters of the map, in their order.
const QUARTERS: [&str; 4] = ["keep", "grow", "serve", "decide"];

/// A customer of the reported period whose value is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Valued {
    /// The place of its class among the classes.
    pub class: usize,
    /// Whether it is active at the end of the period.
    pub is_active: bool,
    /// In currency units.
    pub actual: f64,
    /// None where it is not known.
    pub potential: Option<f64>,
    /// Whether potential is told by what it spends with competitors.
    pub by_wallet: bool,
    /// Whether it is told by its peers.
    pub by_peers: bool,
}

/// What the map is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueMapFigures {
    /// The names of the classes; empty for none.
    pub classes: Vec<String>,
    /// All customers.
    pub customers: Vec<Valued>,
    /// What actual value is.
    pub value_basis: &'static str,
    /// What peers are alike in.
    pub alike: Vec<String>,
    /// The share of peers at or below the benchmark.
    pub quantile: f64,
    /// The fewest peers.
    pub min_peers: i64,
}

/// The map as the report shows it.
pub(super) fn value_map(figures: &ValueMapFigures, locale: &Locale) -> ValueMap {
    let cut = cut(figures);
    let active: Vec<&Valued> = figures.customers.iter().filter(|c| c.is_active).collect();
    let placed = active
        .iter()
        .filter_map(|customer| Some((*customer, customer.potential?)));
    let placed: Vec<(&Valued, f64)> = placed.collect();
    let known = !placed.is_empty();
    let classes = of_classes(figures, &active, locale);
    let order: Vec<&str> = classes
        .iter()
        .filter(|row| !row.total)
        .map(|row| row.class.as_str())
        .collect();
    let quarters = quarters(figures, &placed, cut, &order, locale);
    ValueMap {
        known,
        reason: (!known).then(|| locale.text("value-map.none").to_owned()),
        lead: lead(&classes, &quarters, locale),
        cut,
        marks: marks(figures, &placed),
        bases: bases(&active, locale),
        method: method(figures, locale),
        quarters,
        classes,
    }
}

/// Where the top fifth of the positive values begins (type 1); 0 where nothing is positive.
fn cut(figures: &ValueMapFigures) -> f64 {
    let values = figures.customers.iter().map(|customer| customer.actual);
    let mut positive: Vec<f64> = values.filter(|value| *value > 0.0).collect();
    if positive.is_empty() {
        return 0.0;
    }
    let place = (positive.len() * 4).div_ceil(5) - 1;
    *positive.select_nth_unstable_by(place, f64::total_cmp).1
}

fn quarter_of(actual: f64, potential: f64, cut: f64) -> usize {
    if actual <= 0.0 {
        3
    } else if actual >= cut {
        0
    } else if potential >= cut {
        1
    } else {
        2
    }
}

fn quarters(
    figures: &ValueMapFigures,
    placed: &[(&Valued, f64)],
    cut: f64,
    order: &[&str],
    locale: &Locale,
) -> Vec<ValueQuarter> {
    let mut rows: Vec<ValueQuarter> = QUARTERS
        .iter()
        .chain(&["total"])
        .map(|id| ValueQuarter {
            id: (*id).to_owned(),
            label: locale.text(&format!("value-map.quarter.{id}")).to_owned(),
            customers: 0,
            actual: 0.0,
            potential: 0.0,
            by_class: vec![0; order.len()],
        })
        .collect();
    let place_of: Vec<Option<usize>> = figures
        .classes
        .iter()
        .map(|class| order.iter().position(|known| known == class))
        .collect();
    for (customer, potential) in placed {
        for at in [quarter_of(customer.actual, *potential, cut), QUARTERS.len()] {
            let row = &mut rows[at];
            row.customers += 1;
            row.actual += customer.actual;
            row.potential += potential;
            if let Some(place) = place_of[customer.class] {
                row.by_class[place] += 1;
            }
        }
    }
    rows
}

fn of_classes(figures: &ValueMapFigures, active: &[&Valued], locale: &Locale) -> Vec<ValueOfClass> {
    let row = |class: &str, total: bool| ValueOfClass {
        class: class.to_owned(),
        label: match total {
            true => locale.text("portfolio.all").to_owned(),
            false => class_text("class", class, locale),
        },
        total,
        customers: 0,
        unknown: 0,
        actual: 0.0,
        potential: 0.0,
        gap: 0.0,
    };
    let mut rows: Vec<ValueOfClass> = figures.classes.iter().map(|c| row(c, false)).collect();
    let mut total = row("", true);
    for customer in active {
        for row in [&mut rows[customer.class], &mut total] {
            match customer.potential {
                Some(potential) => {
                    row.customers += 1;
                    row.actual += customer.actual;
                    row.potential += potential;
                }
                None => row.unknown += 1,
            }
        }
    }
    rows.retain(|row| row.customers + row.unknown > 0);
    rows.sort_by_key(|row| (rank(&row.class), row.class.clone()));
    rows.push(total);
    for row in &mut rows {
        row.gap = row.potential - row.actual;
    }
    rows
}

fn bases(active: &[&Valued], locale: &Locale) -> Vec<ValueBase> {
    let id = |customer: &Valued| match customer.potential {
        None => 3,
        Some(_) if customer.by_wallet => 1,
        Some(_) if customer.by_peers => 0,
        Some(_) => 2,
    };
    let mut counts = [0i64; 4];
    for customer in active {
        counts[id(customer)] += 1;
    }
    let named = ["peers", "wallet", "actual", "unknown"]
        .into_iter()
        .zip(counts);
    named
        .filter(|(_, customers)| *customers > 0)
        .map(|(id, customers)| ValueBase {
            id: id.to_owned(),
            label: locale.text(&format!("value-map.basis.{id}")).to_owned(),
            customers,
        })
        .collect()
}

/// Customers of one step of either axis together, by the class of most of them.
fn marks(figures: &ValueMapFigures, placed: &[(&Valued, f64)]) -> Vec<ValueMark> {
    let values = placed
        .iter()
        .flat_map(|(customer, potential)| [customer.actual, *potential]);
    let positive = values.filter(|value| *value > 0.0);
    let (low, high) = positive.fold((f64::INFINITY, 0.0_f64), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    let decades = match low < high {
        true => libm::log10(high / low),
        false => 1.0,
    };
    let finest = STEPS_PER_DECADE.into_iter();
    let mut fitting = finest.filter(|steps| steps * decades <= MOST_STEPS);
    let steps = fitting.next().unwrap_or(MOST_STEPS / decades);
    let step = |value: f64| (value > 0.0).then(|| libm::floor(libm::log10(value) * steps) as i64);
    let mut cells: BTreeMap<(Option<i64>, Option<i64>), Cell> = BTreeMap::new();
    for (customer, potential) in placed {
        let cell = cells
            .entry((step(customer.actual), step(*potential)))
            .or_default();
        cell.customers += 1;
        cell.actual += customer.actual;
        cell.potential += potential;
        *cell.classes.entry(customer.class).or_default() += 1;
    }
    cells
        .into_values()
        .map(|cell| {
            let most = cell.classes.iter();
            let most = most.max_by_key(|(class, count)| {
                let name = figures.classes[**class].as_str();
                (**count, std::cmp::Reverse((rank(name), name)))
            });
            let customers = cell.customers as f64;
            ValueMark {
                class: most.map_or(String::new(), |(class, _)| figures.classes[*class].clone()),
                customers: cell.customers,
                actual: cell.actual / customers,
                potential: cell.potential / customers,
            }
        })
        .collect()
}

#[derive(Default)]
struct Cell {
    customers: i64,
    actual: f64,
    potential: f64,
    classes: BTreeMap<usize, i64>,
}

fn lead(classes: &[ValueOfClass], quarters: &[ValueQuarter], locale: &Locale) -> Lead {
    let silence = Lead {
        bold: String::new(),
        rest: String::new(),
    };
    let Some(total) = classes.last().filter(|total| total.customers > 0) else {
        return silence;
    };
    let args = |gap: f64, customers: i64| {
        [
            ("gap", Argument::Money(gap)),
            ("actual", Argument::Money(total.actual)),
            ("customers", Argument::Count(customers)),
        ]
    };
    let grow = quarters.iter().find(|quarter| quarter.id == "grow");
    Lead {
        bold: locale.text_with("value-map.lead", &args(total.gap, total.customers)),
        rest: match grow.filter(|grow| grow.customers > 0) {
            Some(grow) => {
                let gap = grow.potential - grow.actual;
                locale.text_with("value-map.lead-grow", &args(gap, grow.customers))
            }
            None => String::new(),
        },
    }
}

fn method(figures: &ValueMapFigures, locale: &Locale) -> Vec<String> {
    let named = figures.alike.iter().map(|name| {
        let key = format!("value-map.alike.{name}");
        match locale.has(&key) {
            true => locale.text(&key).to_owned(),
            false => name.clone(),
        }
    });
    let alike: Vec<String> = named.collect();
    vec![
        locale
            .text(&format!("value-map.value.{}", figures.value_basis))
            .to_owned(),
        locale.text_with(
            "value-map.method",
            &[
                ("alike", Argument::Text(alike.join(", "))),
                ("quantile", Argument::Percent(figures.quantile)),
                ("fewest", Argument::Count(figures.min_peers)),
            ],
        ),
        locale.text("value-map.method-wallet").to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::locale::tests::english;

    /// Ten earners worth 1 to 10: the top fifth begins at 8 (type 1). One without a potential, one worth
    /// less than nothing, one who has left.
    fn figures() -> ValueMapFigures {
        let customer = |class: usize, actual: f64, potential: Option<f64>| Valued {
            class,
            is_active: true,
            actual,
            potential,
            by_wallet: false,
            by_peers: potential.is_some_and(|potential| potential > actual),
        };
        let mut customers: Vec<Valued> = (1..=10)
            .map(|x| {
                let actual = f64::from(x);
                let class = if x >= 8 { 0 } else { 1 };
                customer(
                    class,
                    actual,
                    Some(actual.max(if x > 3 { 9.0 } else { 4.0 })),
                )
            })
            .collect();
        customers[9].is_active = false;
        customers.push(customer(1, 2.0, None));
        customers.push(customer(2, -5.0, Some(-5.0)));
        ValueMapFigures {
            classes: ["MVC", "MGC", "BZ"].map(str::to_owned).to_vec(),
            customers,
            value_basis: "contribution",
            alike: vec!["frequency".to_owned(), "floor".to_owned()],
            quantile: 0.8,
            min_peers: 10,
        }
    }

    #[test]
    fn the_map_is_quartered_where_the_top_fifth_begins() {
        let map = value_map(&figures(), &english());
        // Eleven positive values with the one of unknown potential: 1 to 10 and 2; the ninth is 8.
        assert_eq!(map.cut, 8.0);
        let rows: Vec<(&str, i64, f64, f64, Vec<i64>)> = map
            .quarters
            .iter()
            .map(|q| {
                (
                    q.id.as_str(),
                    q.customers,
                    q.actual,
                    q.potential,
                    q.by_class.clone(),
                )
            })
            .collect();
        assert_eq!(
            rows,
            [
                ("keep", 2, 17.0, 18.0, vec![2, 0, 0]),
                ("grow", 4, 22.0, 36.0, vec![0, 4, 0]),
                ("serve", 3, 6.0, 12.0, vec![0, 3, 0]),
                ("decide", 1, -5.0, -5.0, vec![0, 0, 1]),
                ("total", 10, 40.0, 61.0, vec![2, 7, 1]),
            ]
        );
        let unknown: Vec<i64> = map.classes.iter().map(|row| row.unknown).collect();
        assert_eq!(unknown, [0, 1, 0, 1]);
        let bases: Vec<(&str, i64)> = map
            .bases
            .iter()
            .map(|base| (base.id.as_str(), base.customers))
            .collect();
        assert_eq!(bases, [("peers", 8), ("actual", 2), ("unknown", 1)]);
        let marked: i64 = map.marks.iter().map(|mark| mark.customers).sum();
        assert_eq!(marked, 10);
        assert!(map.method[1].contains("floor"), "{:?}", map.method);
    }

    /// A hundred thousand customers over six decades make a few hundred marks.
    #[test]
    fn marks_are_few_however_many_customers() {
        let mut figures = figures();
        figures.customers = (0..100_000)
            .map(|x| {
                let actual = libm::pow(10.0, f64::from(x % 601) / 100.0);
                Valued {
                    class: x as usize % 3,
                    is_active: true,
                    actual,
                    potential: Some(actual * f64::from(1 + x % 7)),
                    by_wallet: false,
                    by_peers: true,
                }
            })
            .collect();
        let map = value_map(&figures, &english());
        assert!((20..400).contains(&map.marks.len()), "{}", map.marks.len());
    }

    #[test]
    fn nobody_is_nothing() {
        let mut figures = figures();
        figures.customers.clear();
        let map = value_map(&figures, &english());
        assert!(!map.known && map.reason.is_some() && map.marks.is_empty());
    }
}
