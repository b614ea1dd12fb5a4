//! How customers were scored, who moved and why, and the customer scorecard.

use std::collections::BTreeMap;

use datafusion::arrow::array::Array;

use super::{Sheet, number, text};
use crate::calendar::Quarter;
use crate::diagnostics::Diagnostics;
use crate::metrics::rfm;
use crate::report::build::{
    ClassCutFigures, CriterionFigure, GridCount, MoveCount, RfmCount, RfmMoveCount, RfmScoring,
    ScaleFigure, ScoreBand, ScorecardFigures, ScoredFigure,
};
use crate::rules::{Criterion, Rules, Side};
use crate::run::compute::Computed;

/// Customers whose criteria are shown.
const SCORED: usize = 50;

pub(super) fn moves(computed: &Computed, reported: Quarter) -> Result<Vec<MoveCount>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        &format!(
            "select * from class_moves where period = '{reported}' \
             order by from_class, to_class, because"
        ),
    )?;
    let (from, to) = (sheet.texts("from_class")?, sheet.texts("to_class")?);
    let (because, customers) = (sheet.texts("because")?, sheet.counts("customers")?);
    Ok(sheet
        .rows()
        .map(|row| MoveCount {
            from: text(&from, row),
            to: text(&to, row),
            because: text(&because, row),
            customers: customers.value(row),
        })
        .collect())
}

/// What decided between the classes of the reported period.
pub(super) fn class_cuts(
    computed: &Computed,
    rules: &Rules,
) -> Result<Option<ClassCutFigures>, Diagnostics> {
    let Some(rows) = &computed.reported else {
        return Ok(None);
    };
    let cuts = rules.class_cuts(&rules.facts(&rows.batch)?);
    Ok(cuts.map(|cuts| ClassCutFigures {
        frozen: cuts.frozen,
        constants: cuts.constants.into_iter().collect(),
        band: cuts.band,
    }))
}

pub(super) fn grid(computed: &Computed, reported: Quarter) -> Result<Vec<RfmCount>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        &format!("select * from rfm_grid where period = '{reported}'"),
    )?;
    let (recency, frequency) = (
        sheet.counts("recency_score")?,
        sheet.counts("frequency_score")?,
    );
    let customers = sheet.counts("customers")?;
    Ok(sheet
        .rows()
        .map(|row| RfmCount {
            recency: recency.value(row),
            frequency: frequency.value(row),
            customers: customers.value(row),
        })
        .collect())
}

/// Where the scores of the reported period end, and who has which.
pub(super) fn scoring(computed: &Computed) -> Result<RfmScoring, Diagnostics> {
    let mut scoring = RfmScoring {
        method: computed.customers.rfm_method,
        is_for_few: computed.customers.too_few,
        monetary: computed.customers.rfm_monetary(),
        moves: rfm_moves(computed)?,
        ..RfmScoring::default()
    };
    if let Some(block) = &computed.reported {
        let measured = &block.rfm;
        let ends = measured.ruler.ends().cloned().unwrap_or_default();
        scoring.frozen = measured.frozen;
        scoring.recency = scale(&measured.recency, measured.ruler.recency_ends(), 1);
        scoring.frequency = scale(&measured.frequency, &ends.frequency, 1);
        scoring.monetary_value = scale(&measured.monetary, &ends.monetary, measured.unit);
    }
    Ok(scoring)
}

fn scale(bands: &[rfm::Band; 5], ends: &[i128], unit: i128) -> ScaleFigure {
    let wide = |value: i128| value as f64 / unit.max(1) as f64;
    ScaleFigure {
        ends: ends.iter().map(|end| wide(*end)).collect(),
        bands: bands.map(|band| ScoreBand {
            customers: band.customers,
            range: band.range.map(|(least, most)| (wide(least), wide(most))),
        }),
    }
}

fn rfm_moves(computed: &Computed) -> Result<Vec<RfmMoveCount>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        "select * from rfm_moves order by score, direction, because",
    )?;
    let (scores, directions) = (sheet.texts("score")?, sheet.texts("direction")?);
    let (because, customers) = (sheet.texts("because")?, sheet.counts("customers")?);
    Ok(sheet
        .rows()
        .map(|row| RfmMoveCount {
            score: scores.value(row).to_owned(),
            is_up: text(&directions, row).map(|direction| direction == "up"),
            because: text(&because, row),
            customers: customers.value(row),
        })
        .collect())
}

/// The grid of strength and attractiveness, and the cards of those of the greatest value.
pub(super) fn scorecard(
    computed: &Computed,
    rules: &Rules,
    limits: (f64, f64),
) -> Result<ScorecardFigures, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        "select * from customer_grid order by strength, attractiveness",
    )?;
    let (strength, attractiveness) = (sheet.texts("strength")?, sheet.texts("attractiveness")?);
    let (customers, values) = (sheet.counts("customers")?, sheet.numbers("actual_value")?);
    let cells = sheet
        .rows()
        .map(|row| GridCount {
            strength: text(&strength, row),
            attractiveness: text(&attractiveness, row),
            customers: customers.value(row),
            value: number(&values, row),
        })
        .collect();
    Ok(ScorecardFigures {
        middle_from: limits.0,
        high_from: limits.1,
        cells,
        customers: cards(computed, rules)?,
    })
}

/// The cards of the active customers of the greatest value, then by id.
fn cards(computed: &Computed, rules: &Rules) -> Result<Vec<ScoredFigure>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        &format!(
            "select p.customer_id, c.name, p.segment, p.actual_value, p.strength, p.attractiveness \
             from reported_customers p \
             left join customer_names c on c.customer_id = p.customer_id \
             where p.is_closing \
             order by p.actual_value desc nulls last, p.customer_id limit {SCORED}"
        ),
    )?;
    let (ids, names, classes) = (
        sheet.texts("customer_id")?,
        sheet.texts("name")?,
        sheet.texts("segment")?,
    );
    let of_row = computed.rows_by_customer();
    let shown = ids
        .iter()
        .flatten()
        .filter_map(|id| of_row.get(id).copied());
    let mut criteria = criteria(computed, rules, &shown.collect::<Vec<_>>())?;
    let numbers = |name: &str| sheet.numbers(name);
    let (values, strength) = (numbers("actual_value")?, numbers("strength")?);
    let attractiveness = numbers("attractiveness")?;
    Ok(sheet
        .rows()
        .map(|row| {
            let known = |column: &datafusion::arrow::array::Float64Array| {
                column.is_valid(row).then(|| column.value(row))
            };
            let customer_id = ids.value(row).to_owned();
            ScoredFigure {
                name: text(&names, row),
                class: text(&classes, row),
                actual_value: known(&values),
                strength: known(&strength),
                attractiveness: known(&attractiveness),
                criteria: of_row
                    .get(customer_id.as_str())
                    .and_then(|row| criteria.remove(row))
                    .unwrap_or_default(),
                customer_id,
            }
        })
        .collect())
}

/// What the customers of some rows are judged by.
pub(super) fn criteria(
    computed: &Computed,
    rules: &Rules,
    rows: &[usize],
) -> Result<BTreeMap<usize, Vec<CriterionFigure>>, Diagnostics> {
    let mut criteria = BTreeMap::new();
    if let Some(block) = &computed.reported {
        let facts = rules.facts(&block.batch)?;
        rules.scorecards(&facts, &computed.assignments, rows, |row, card| {
            let of_card = card.iter().flat_map(|card| &card.criteria);
            criteria.insert(row, of_card.map(criterion).collect());
        });
    }
    Ok(criteria)
}

fn criterion(of: &Criterion) -> CriterionFigure {
    CriterionFigure {
        is_strength: of.side == Side::Strength,
        name: of.name.clone(),
        weight: of.weight,
        points: of.points,
    }
}
