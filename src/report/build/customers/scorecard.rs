//! The customer scorecard: a grid of how strong and how attractive the relationships are, and the cards
//! of single customers.

use super::share;
use crate::report::locale::Locale;
use crate::report::model;

/// From the weakest to the strongest.
const BANDS: [&str; 3] = ["low", "middle", "high"];

/// What the grid and the cards are made from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ScorecardFigures {
    /// From which score on a side is middling.
    pub middle_from: f64,
    /// From which score on a side is high.
    pub high_from: f64,
    /// Active customers by both sides.
    pub cells: Vec<GridCount>,
    /// Those of the greatest value, then by id.
    pub customers: Vec<ScoredFigure>,
}

/// Active customers of a cell.
#[derive(Debug, Clone, PartialEq)]
pub struct GridCount {
    /// `low`, `middle` or `high`; none where nothing of it could be measured.
    pub strength: Option<String>,
    /// The same.
    pub attractiveness: Option<String>,
    /// How many.
    pub customers: i64,
    /// Sum of their actual value.
    pub value: f64,
}

/// The card of a customer.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct ScoredFigure {
    pub customer_id: String,
    pub name: Option<String>,
    pub class: Option<String>,
    pub actual_value: Option<f64>,
    pub strength: Option<f64>,
    pub attractiveness: Option<f64>,
    pub criteria: Vec<CriterionFigure>,
}

/// A criterion of a card.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct CriterionFigure {
    pub is_strength: bool,
    pub name: String,
    pub weight: f64,
    pub points: Option<f64>,
}

impl CriterionFigure {
    fn is_that(&self, head: &model::CriterionHead) -> bool {
        self.name == head.id && side(self.is_strength) == head.side
    }
}

fn side(is_strength: bool) -> &'static str {
    if is_strength {
        "strength"
    } else {
        "attractiveness"
    }
}

pub(super) fn scorecard(figures: &ScorecardFigures, locale: &Locale) -> model::CustomerScorecard {
    let all: i64 = figures.cells.iter().map(|cell| cell.customers).sum();
    let placed = |cell: &&GridCount| cell.strength.is_some() && cell.attractiveness.is_some();
    let of_cells = || figures.cells.iter().filter(placed);
    let customers: i64 = of_cells().map(|cell| cell.customers).sum();
    let value: f64 = of_cells().map(|cell| cell.value).sum();
    let mut cells = Vec::with_capacity(9);
    for attractiveness in BANDS.into_iter().rev() {
        for strength in BANDS {
            let found = of_cells().find(|cell| {
                cell.strength.as_deref() == Some(strength)
                    && cell.attractiveness.as_deref() == Some(attractiveness)
            });
            let (of_cell, of_value) = found.map_or((0, 0.0), |cell| (cell.customers, cell.value));
            let key = format!("scoring.treatment.{attractiveness}-{strength}");
            cells.push(model::GridCell {
                strength: strength.to_owned(),
                attractiveness: attractiveness.to_owned(),
                customers: of_cell,
                share: share(of_cell as f64, customers as f64),
                value: of_value,
                value_share: share(of_value, value),
                treatment: locale.text(&key).to_owned(),
            });
        }
    }
    let criteria = heads(&figures.customers, locale);
    model::CustomerScorecard {
        middle_from: figures.middle_from,
        high_from: figures.high_from,
        placed: customers,
        unplaced: all - customers,
        cells,
        customers: figures
            .customers
            .iter()
            .map(|customer| card(customer, &criteria))
            .collect(),
        criteria,
    }
}

/// Every criterion that anybody was judged by: strength, then attractiveness, each in the order of the
/// cards.
fn heads(customers: &[ScoredFigure], locale: &Locale) -> Vec<model::CriterionHead> {
    let mut heads: Vec<model::CriterionHead> = Vec::new();
    for is_strength in [true, false] {
        let all = customers.iter().flat_map(|customer| &customer.criteria);
        for criterion in all.filter(|criterion| criterion.is_strength == is_strength) {
            if heads.iter().any(|head| criterion.is_that(head)) {
                continue;
            }
            // A client's own criterion is its own label.
            let key = format!("criterion.{}", criterion.name);
            heads.push(model::CriterionHead {
                id: criterion.name.clone(),
                label: if locale.has(&key) {
                    locale.text(&key).to_owned()
                } else {
                    criterion.name.clone()
                },
                side: side(is_strength).to_owned(),
                weight: criterion.weight,
            });
        }
    }
    heads
}

fn card(figure: &ScoredFigure, criteria: &[model::CriterionHead]) -> model::ScoredCustomer {
    let points = |head: &model::CriterionHead| {
        let mut own = figure.criteria.iter();
        own.find(|criterion| criterion.is_that(head))?.points
    };
    model::ScoredCustomer {
        customer_id: figure.customer_id.clone(),
        name: figure.name.clone(),
        class: figure.class.clone(),
        actual_value: figure.actual_value,
        strength: figure.strength,
        attractiveness: figure.attractiveness,
        points: criteria.iter().map(points).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::locale::tests::locale;
    use crate::workspace::Language;

    fn count(strength: Option<&str>, attractiveness: &str, customers: i64) -> GridCount {
        GridCount {
            strength: strength.map(str::to_owned),
            attractiveness: Some(attractiveness.to_owned()),
            customers,
            value: 10.0 * customers as f64,
        }
    }

    /// Nine cells whatever there is: 30 of 40 placed customers, 75 %, are strong and attractive.
    #[test]
    fn everybody_is_in_a_cell_or_counted_apart() {
        let figures = ScorecardFigures {
            middle_from: 33.3,
            high_from: 66.7,
            cells: vec![
                count(Some("high"), "high", 30),
                count(Some("low"), "middle", 10),
                count(None, "low", 3),
            ],
            customers: Vec::new(),
        };
        let card = scorecard(&figures, &locale(Language::En, "USD"));
        assert_eq!((card.placed, card.unplaced), (40, 3));
        assert_eq!(card.cells.len(), 9);
        // The most attractive row first, the strongest column last.
        assert_eq!(card.cells[2].customers, 30);
        assert_eq!(card.cells[2].share, Some(0.75));
        assert_eq!(card.cells[2].value_share, Some(0.75));
        assert_eq!(card.cells[3].customers, 10);
        assert!(card.cells.iter().all(|cell| !cell.treatment.is_empty()));
        let distinct: std::collections::BTreeSet<&str> = card
            .cells
            .iter()
            .map(|cell| cell.treatment.as_str())
            .collect();
        assert_eq!(distinct.len(), 9);
    }

    #[test]
    fn criteria_of_different_customers_share_the_columns() {
        let criterion = |is_strength, name: &str, points| CriterionFigure {
            is_strength,
            name: name.to_owned(),
            weight: 1.5,
            points,
        };
        let customer = |criteria| ScoredFigure {
            customer_id: "1".to_owned(),
            name: None,
            class: None,
            actual_value: None,
            strength: None,
            attractiveness: None,
            criteria,
        };
        let figures = ScorecardFigures {
            customers: vec![
                customer(vec![
                    criterion(false, "value", Some(4.0)),
                    criterion(true, "recency", None),
                ]),
                customer(vec![criterion(true, "own trust", Some(2.0))]),
            ],
            ..ScorecardFigures::default()
        };
        let card = scorecard(&figures, &locale(Language::En, "USD"));
        let labels: Vec<&str> = card.criteria.iter().map(|c| c.label.as_str()).collect();
        assert_eq!(
            labels,
            ["Time since the last purchase", "own trust", "Actual value"]
        );
        assert_eq!(card.customers[0].points, [None, None, Some(4.0)]);
        assert_eq!(card.customers[1].points, [None, Some(2.0), None]);
    }
}
