//! What a record may not say: figures that are no numbers, gaps without a reason, rows unaccounted for.

use super::{Manifest, ManifestCase, ManifestKpi};
use crate::report::model::Status;

/// What a reader of the record could not make sense of.
pub(super) fn contradictions(manifest: &Manifest) -> Vec<String> {
    let mut found = Vec::new();
    for input in &manifest.inputs {
        let sum = input.rows_used
            + input.rows_set_aside
            + input.rows_duplicate
            + input.rows_unmatched
            + input.rows_out_of_period
            + input.rows_blank;
        if sum != input.rows_read {
            found.push(format!(
                "`{}`: {} rows were read and {sum} accounted for",
                input.path, input.rows_read
            ));
        }
    }
    for kpi in &manifest.kpis {
        found.extend(kpi.contradiction());
    }
    for node in &manifest.nodes {
        let finite = [
            Some(node.low),
            Some(node.high),
            Some(node.coverage),
            node.score,
        ];
        if finite.into_iter().flatten().any(|x| !x.is_finite()) {
            found.push(format!("`{}` has a figure that is not a number", node.id));
        }
    }
    if manifest.roi.case.is_none() && manifest.roi.reason.is_none() {
        found.push("there is no ROI and no reason why".to_owned());
    }
    if manifest
        .roi
        .case
        .as_ref()
        .is_some_and(|case| !case.is_finite())
    {
        found.push("the ROI has a figure that is not a number".to_owned());
    }
    let paths = manifest.inputs.iter().map(|input| &input.path);
    let hashed = [&manifest.rules, &manifest.templates, &manifest.outputs];
    let paths = paths.chain(hashed.into_iter().flatten().map(|file| &file.path));
    for path in paths.filter(|path| is_absolute(path)) {
        found.push(format!("`{path}` is a path of one machine"));
    }
    found
}

impl ManifestKpi {
    fn contradiction(&self) -> Option<String> {
        let id = &self.id;
        let figures = [
            self.value,
            self.numerator,
            self.denominator,
            self.target,
            self.score,
        ];
        let judged = matches!(self.status, Status::Good | Status::Watch | Status::Act);
        if figures.into_iter().flatten().any(|x| !x.is_finite()) {
            Some(format!("KPI {id} has a figure that is not a number"))
        } else if self.value.is_none() && self.reason.is_none() {
            Some(format!("KPI {id} has no value and no reason why"))
        } else if judged != self.score.is_some() {
            Some(format!("the status of KPI {id} does not go with its score"))
        } else {
            None
        }
    }
}

impl ManifestCase {
    fn is_finite(&self) -> bool {
        let payback = [&self.payback_months, &self.discounted_payback_months];
        let figures = self.roi.values().chain(payback).filter_map(|f| f.value);
        figures
            .chain(self.irr.values.iter().copied())
            .chain([self.hurdle_rate, self.npv, self.pv_costs])
            .chain([self.pv_benefits, self.deepest_cash_need])
            .all(f64::is_finite)
    }
}

/// Whether a path starts at a root, of this or another system.
fn is_absolute(path: &str) -> bool {
    let drive =
        matches!(path.as_bytes(), [letter, b':', b'/' | b'\\', ..] if letter.is_ascii_alphabetic());
    drive || path.starts_with(['/', '\\'])
}
