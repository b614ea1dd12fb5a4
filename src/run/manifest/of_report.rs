//! The parts of the record that the report model holds.

use super::{
    ManifestCase, ManifestFigure, ManifestInput, ManifestKpi, ManifestNode, ManifestRates,
    ManifestRoi,
};
use crate::report::model::{InputRows, Kpi, Node, Report, Roi, RoiCase};

/// Every KPI, in the order of the scorecard.
pub(super) fn kpis(report: &Report) -> Vec<ManifestKpi> {
    let perspectives = &report.scorecard.perspectives;
    perspectives
        .iter()
        .flat_map(|perspective| &perspective.processes)
        .flat_map(|process| &process.kpis)
        .map(|kpi| ManifestKpi::of(kpi, &report.period.id))
        .collect()
}

/// The roll-up, from the top.
pub(super) fn nodes(report: &Report) -> Vec<ManifestNode> {
    let entry = |id: String, node: &Node| ManifestNode {
        id,
        score: node.score.map(unsigned_zero),
        low: unsigned_zero(node.low),
        high: unsigned_zero(node.high),
        coverage: unsigned_zero(node.coverage),
        status: node.status,
    };
    let mut nodes = vec![entry("total".to_owned(), &report.scorecard.total)];
    for perspective in &report.scorecard.perspectives {
        nodes.push(entry(perspective.id.clone(), &perspective.node));
        for process in perspective.processes.iter().filter(|p| !p.id.is_empty()) {
            let id = format!("{}/{}", perspective.id, process.id);
            nodes.push(entry(id, &process.node));
        }
    }
    nodes
}

impl ManifestInput {
    pub(super) fn of(rows: &InputRows) -> Self {
        Self {
            path: rows.path.clone(),
            sha256: rows.sha256.clone(),
            table: rows.table.clone(),
            sheet: rows.sheet.clone(),
            rows_read: rows.rows_read,
            rows_used: rows.rows_used,
            rows_set_aside: rows.rows_set_aside,
            rows_duplicate: rows.rows_duplicate,
            rows_unmatched: rows.rows_unmatched,
            rows_out_of_period: rows.rows_out_of_period,
            rows_blank: rows.rows_blank,
            begins: rows.begins.clone(),
        }
    }
}

impl ManifestKpi {
    fn of(kpi: &Kpi, period: &str) -> Self {
        Self {
            id: kpi.id.clone(),
            period: period.to_owned(),
            value: kpi.value.map(unsigned_zero),
            numerator: kpi.numerator.map(unsigned_zero),
            denominator: kpi.denominator.map(unsigned_zero),
            unit: kpi.unit,
            target: kpi.target.map(unsigned_zero),
            score: kpi.score.map(unsigned_zero),
            status: kpi.status,
            reason: kpi.reason.clone(),
        }
    }
}

impl ManifestRoi {
    pub(super) fn of(roi: &Roi) -> Self {
        Self {
            case: roi.case.as_ref().map(ManifestCase::of),
            reason: roi.reason.clone(),
        }
    }
}

impl ManifestCase {
    fn of(case: &RoiCase) -> Self {
        let conventions = case.conventions.iter().map(|convention| {
            let figure = ManifestFigure::of(convention.value, "there is nothing to divide by");
            (convention.id.clone(), figure)
        });
        Self {
            name: case.name.clone(),
            starts: case.starts,
            go_live: case.go_live,
            horizon_years: case.horizon_years,
            hurdle_rate: case.hurdle_rate,
            timing: case.timing.clone(),
            npv: unsigned_zero(case.npv),
            pv_costs: unsigned_zero(case.pv_costs),
            pv_benefits: unsigned_zero(case.pv_benefits),
            deepest_cash_need: unsigned_zero(case.deepest),
            irr: ManifestRates {
                values: case.irr.iter().copied().map(unsigned_zero).collect(),
                reason: case.irr.is_empty().then(|| case.irr_note.clone()),
            },
            payback_months: ManifestFigure::of(case.payback_months, &case.payback),
            discounted_payback_months: ManifestFigure::of(
                case.discounted_payback_months,
                &case.discounted_payback,
            ),
            roi: conventions.collect(),
        }
    }
}

impl ManifestFigure {
    fn of(value: Option<f64>, reason: &str) -> Self {
        Self {
            value: value.map(unsigned_zero),
            reason: value.is_none().then(|| reason.to_owned()),
        }
    }
}

/// Zero without a sign: the sign of a zero depends on the order of additions, not on the data.
fn unsigned_zero(value: f64) -> f64 {
    value + 0.0
}
