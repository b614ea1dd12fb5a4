//! Cohorts as grids: one row per quarter of first purchase, one column per stretch of time since.

use std::collections::BTreeMap;

use crate::calendar::Quarter;
use crate::report::locale::Locale;
use crate::report::model;

/// Cohorts of fewer customers say little.
const ENOUGH: i64 = 30;

/// From what on time is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alignment {
    /// Fiscal quarters after that of the first purchase.
    Calendar,
    /// Stretches of 91 days from each customer's own first purchase.
    Age,
}

impl Alignment {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Calendar, Self::Age];

    /// Its name in SQL and in the model.
    pub fn name(self) -> &'static str {
        match self {
            Self::Calendar => "calendar",
            Self::Age => "age",
        }
    }
}

/// What a cohort did in one stretch of time that is over.
#[derive(Debug, Clone, PartialEq)]
pub struct CohortFigure {
    /// The quarter of the first purchase.
    pub cohort: Quarter,
    /// From what on `k` counts.
    pub alignment: Alignment,
    /// The stretch, the first being 0.
    pub k: usize,
    /// Customers of the cohort.
    pub customers: i64,
    /// Customers with a purchase in the stretch.
    pub active: i64,
    /// Customers with a purchase in it or later.
    pub active_or_later: i64,
    /// Revenue of the cohort through the stretch.
    pub revenue_so_far: f64,
    /// Contribution of the cohort through the stretch; none where no cost is known.
    pub contribution_so_far: Option<f64>,
    /// Whether its customers may have bought before the data start.
    pub is_pre_history: bool,
}

impl CohortFigure {
    fn value(&self) -> f64 {
        self.contribution_so_far.unwrap_or(self.revenue_so_far)
    }
}

/// The grids of the cohorts that began in the periods shown; none where nothing is over.
pub(super) fn grids(
    figures: &[CohortFigure],
    periods: &[Quarter],
    locale: &Locale,
) -> Vec<model::CohortGrid> {
    let shown = |figure: &&CohortFigure| periods.contains(&figure.cohort);
    Alignment::ALL
        .into_iter()
        .filter_map(|alignment| {
            let cells: Vec<&CohortFigure> = figures
                .iter()
                .filter(|figure| figure.alignment == alignment)
                .filter(shown)
                .collect();
            (!cells.is_empty()).then(|| grid(alignment, &cells, locale))
        })
        .collect()
}

fn grid(alignment: Alignment, cells: &[&CohortFigure], locale: &Locale) -> model::CohortGrid {
    let longest = cells.iter().map(|cell| cell.k).max().unwrap_or(0);
    let mut cohorts: BTreeMap<Quarter, Vec<&CohortFigure>> = BTreeMap::new();
    for cell in cells {
        cohorts.entry(cell.cohort).or_default().push(cell);
    }
    let rows: Vec<_> = cohorts
        .iter()
        .map(|(cohort, cells)| row(locale.quarter(*cohort), cells, longest))
        .collect();
    let range = |first: usize, of: fn(&model::CohortCell) -> Option<f64>| {
        let large = rows.iter().filter(|row| !row.is_small);
        let cells = large.flat_map(|row| row.cells.iter().skip(first));
        let range = cells.filter_map(of).map(|value| (value, value));
        let range = range.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        let (least, most) = range.unwrap_or_default();
        model::CohortRange { least, most }
    };
    model::CohortGrid {
        alignment: alignment.name().to_owned(),
        longest: u32::try_from(longest).unwrap_or(u32::MAX),
        averages: averages(cells, longest, locale),
        active: range(1, |cell| cell.share),
        active_or_later: range(1, |cell| cell.share_or_later),
        value: range(0, |cell| cell.value_per_customer),
        value_kind: if cells.iter().any(|cell| cell.contribution_so_far.is_some()) {
            "contribution".to_owned()
        } else {
            "revenue".to_owned()
        },
        rows,
    }
}

/// A row of these cells: of one cohort, or of several that are added up.
fn row(label: String, cells: &[&CohortFigure], longest: usize) -> model::CohortRow {
    let customers = cells.iter().filter(|cell| cell.k == 0);
    let customers: i64 = customers.map(|cell| cell.customers).sum();
    model::CohortRow {
        label,
        customers,
        is_small: customers < ENOUGH,
        is_pre_history: cells.iter().any(|cell| cell.is_pre_history),
        cells: (0..=longest)
            .map(|k| {
                let there: Vec<&&CohortFigure> = cells.iter().filter(|cell| cell.k == k).collect();
                cell(&there)
            })
            .collect(),
    }
}

/// The cells of one k together, each cohort weighing as much as it has customers.
fn cell(cells: &[&&CohortFigure]) -> model::CohortCell {
    if cells.is_empty() {
        return model::CohortCell::default();
    }
    let sum = |of: fn(&CohortFigure) -> i64| cells.iter().map(|cell| of(cell)).sum::<i64>();
    let customers = sum(|cell| cell.customers);
    let (active, active_or_later) = (sum(|cell| cell.active), sum(|cell| cell.active_or_later));
    let value: f64 = cells.iter().map(|cell| cell.value()).sum();
    let per_customer = |figure: f64| (customers > 0).then(|| figure / customers as f64);
    model::CohortCell {
        customers: Some(customers),
        active: Some(active),
        active_or_later: Some(active_or_later),
        share: per_customer(active as f64),
        share_or_later: per_customer(active_or_later as f64),
        value_so_far: Some(value),
        value_per_customer: per_customer(value),
    }
}

/// Over all cohorts, and without those of before the data where there are such and others.
fn averages(cells: &[&CohortFigure], longest: usize, locale: &Locale) -> Vec<model::CohortRow> {
    let average = |key: &str, cells: &[&CohortFigure]| {
        let mut row = row(locale.text(key).to_owned(), cells, longest);
        row.is_pre_history = false;
        row
    };
    let mut averages = vec![average("portfolio.cohort-average", cells)];
    let known = cells.iter().filter(|cell| !cell.is_pre_history);
    let known: Vec<&CohortFigure> = known.copied().collect();
    if !known.is_empty() && known.len() < cells.len() {
        averages.push(average("portfolio.cohort-average-known", &known));
    }
    averages
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::locale::tests::locale;
    use crate::workspace::Language;

    fn figure(number: u32, k: usize, customers: i64, active: i64) -> CohortFigure {
        CohortFigure {
            cohort: Quarter { year: 2026, number },
            alignment: Alignment::Calendar,
            k,
            customers,
            active,
            active_or_later: active,
            revenue_so_far: 10.0 * (k + 1) as f64 * customers as f64,
            contribution_so_far: None,
            is_pre_history: number == 1,
        }
    }

    fn one_grid() -> model::CohortGrid {
        let figures = [
            figure(1, 0, 100, 100),
            figure(1, 1, 100, 50),
            figure(1, 2, 100, 40),
            figure(2, 0, 20, 20),
            figure(2, 1, 20, 20),
            figure(3, 0, 30, 30),
        ];
        let periods = [1, 2, 3].map(|number| Quarter { year: 2026, number });
        let mut grids = grids(&figures, &periods, &locale(Language::En, "USD"));
        assert_eq!(grids.len(), 1);
        grids.remove(0)
    }

    /// Methods §4: what is not over is blank, never a zero.
    #[test]
    fn censored_cell_is_zero() {
        let grid = one_grid();
        let shown: Vec<Vec<Option<f64>>> = grid
            .rows
            .iter()
            .map(|row| row.cells.iter().map(|cell| cell.share).collect())
            .collect();
        let expected = [
            vec![Some(1.0), Some(0.5), Some(0.4)],
            vec![Some(1.0), Some(1.0), None],
            vec![Some(1.0), None, None],
        ];
        assert_eq!(shown, expected);
        assert_eq!(grid.longest, 2);
    }

    /// (50 + 20) ÷ (100 + 20) = 58.3 %, not the mean of 50 % and 100 %; after two quarters only the
    /// first cohort has got there.
    #[test]
    fn an_average_weighs_by_customers_over_who_came_that_far() {
        let grid = one_grid();
        let average = &grid.averages[0];
        let shares: Vec<f64> = average.cells.iter().filter_map(|cell| cell.share).collect();
        assert_eq!(shares, [1.0, 70.0 / 120.0, 0.4]);
        // Without the first cohort, whose customers may have bought before: of 20, all came back.
        let known = &grid.averages[1];
        assert_eq!(known.cells[1].share, Some(1.0));
        assert_eq!(known.cells[2].share, None);
        // The second cohort is too small to give colours their ends.
        assert_eq!((grid.active.least, grid.active.most), (0.4, 0.5));
    }

    #[test]
    fn fewer_than_thirty_are_few() {
        let few: Vec<bool> = one_grid().rows.iter().map(|row| row.is_small).collect();
        assert_eq!(few, [false, true, false]);
    }
}
