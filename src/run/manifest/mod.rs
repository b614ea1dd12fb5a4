//! `run.json`: what a run read, what governed it, what it found and what it wrote.
//!
//! The record is made from the report model, so that it and the pages cannot disagree, and holds
//! nothing that differs between two runs on the same input: no clock, no duration, no thread count,
//! no absolute path. Paths of inputs, rules and templates are relative to the workspace, those of
//! outputs to the folder of the record. A missing value is null with a reason beside it.

mod check;
mod hash;
mod of_report;
mod options;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::diagnostics::codes::run::MANIFEST_INCONSISTENT;
use crate::diagnostics::{self, Diagnostic, Diagnostics};
use crate::report::model::{Report, Status, Unit};

pub use hash::{FileHash, sha256, sha256_of_file};
pub use options::options;

/// The version of this structure; raised when a field changes its meaning or goes away.
pub const SCHEMA: u32 = 1;

/// What decides the outcome of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Governed {
    /// The version of quarterdeck.
    pub version: String,
    /// [`options()`].
    pub options: BTreeMap<String, Value>,
    /// Every file read.
    pub inputs: Vec<FileHash>,
    /// Every rule in force, shipped or the workspace's.
    pub rules: Vec<FileHash>,
    /// Every template and catalogue in force, shipped or the workspace's.
    pub templates: Vec<FileHash>,
}

impl Governed {
    /// SHA-256 of every file read.
    pub fn input_hashes(&self) -> BTreeSet<String> {
        let hashes = self.inputs.iter().map(|input| input.sha256.clone());
        hashes.collect()
    }

    /// The first twelve digits of the hash over all of it, printed at the foot of every report.
    pub fn run_id(&self) -> String {
        let mut sorted = self.clone();
        for files in [&mut sorted.inputs, &mut sorted.rules, &mut sorted.templates] {
            files.sort();
            files.dedup();
        }
        // All that can fail is a map with keys other than text, and there is none.
        let bytes = serde_json::to_vec(&sorted).unwrap_or_default();
        let mut id = sha256(&bytes);
        id.truncate(12);
        id
    }
}

/// The rows of one table of a sheet; the kinds add up to `rows_read`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct ManifestInput {
    pub path: String,
    pub sha256: String,
    pub table: String,
    pub sheet: Option<String>,
    pub rows_read: u64,
    pub rows_used: u64,
    pub rows_set_aside: u64,
    pub rows_duplicate: u64,
    pub rows_unmatched: u64,
    pub rows_out_of_period: u64,
    pub rows_blank: u64,
    /// The cell that the header of the table begins at; there only where the sheet holds several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begins: Option<String>,
}

/// One KPI of the reported period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ManifestKpi {
    /// Its code.
    pub id: String,
    /// The period.
    pub period: String,
    /// Its value; null when not measured.
    pub value: Option<f64>,
    /// For ratios.
    pub numerator: Option<f64>,
    /// For ratios.
    pub denominator: Option<f64>,
    /// How its numbers are to be read.
    pub unit: Unit,
    /// The target in force; null when it has none.
    pub target: Option<f64>,
    /// 0 to 100, unrounded.
    pub score: Option<f64>,
    /// Its status.
    pub status: Status,
    /// Why it has no value or no score, in the language of the report.
    pub reason: Option<String>,
}

/// The scorecard as a whole, a perspective or a process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ManifestNode {
    /// `total`, `financial`, `internal-process/delivery`.
    pub id: String,
    /// 0 to 100; null when too little below it is measured.
    pub score: Option<f64>,
    /// The score if everything unmeasured scored 0.
    pub low: f64,
    /// The score if everything unmeasured scored 100.
    pub high: f64,
    /// Share of the weight below that is measured, 0 to 1.
    pub coverage: f64,
    /// Its status.
    pub status: Status,
}

/// The return on the CRM investment; either a case or the reason why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ManifestRoi {
    /// The case worked out.
    pub case: Option<ManifestCase>,
    /// Why there is none.
    pub reason: Option<String>,
}

/// The figures of an investment case; money in the client's currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct ManifestCase {
    pub name: String,
    pub starts: chrono::NaiveDate,
    pub go_live: chrono::NaiveDate,
    pub horizon_years: u32,
    pub hurdle_rate: f64,
    pub timing: String,
    pub npv: f64,
    pub pv_costs: f64,
    pub pv_benefits: f64,
    pub deepest_cash_need: f64,
    pub irr: ManifestRates,
    pub payback_months: ManifestFigure,
    pub discounted_payback_months: ManifestFigure,
    /// The ROI conventions by id: `seed`, `simple`, `tei`, `nucleus`.
    pub roi: BTreeMap<String, ManifestFigure>,
}

/// A figure that may not exist.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct ManifestFigure {
    pub value: Option<f64>,
    pub reason: Option<String>,
}

/// Every rate that solves an equation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct ManifestRates {
    pub values: Vec<f64>,
    pub reason: Option<String>,
}

/// The record of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The version of quarterdeck.
    pub version: String,
    /// The client's name.
    pub workspace: String,
    /// The reported period.
    pub period: String,
    /// The language of the reports.
    pub language: String,
    /// [`options()`].
    pub options: BTreeMap<String, Value>,
    /// One per sheet read, in the order of reading.
    pub inputs: Vec<ManifestInput>,
    /// Every rule in force.
    pub rules: Vec<FileHash>,
    /// Every template and catalogue in force.
    pub templates: Vec<FileHash>,
    /// The files beside this one.
    pub outputs: Vec<FileHash>,
    /// Every KPI, in the order of the scorecard.
    pub kpis: Vec<ManifestKpi>,
    /// The roll-up, from the top.
    pub nodes: Vec<ManifestNode>,
    /// The return on the CRM investment.
    pub roi: ManifestRoi,
    /// What was found, as [`diagnostics::json`] says it.
    pub diagnostics: Vec<Value>,
}

impl Manifest {
    /// The record of a run that ends in a report and the outputs made of it.
    pub fn new(
        report: &Report,
        governed: &Governed,
        outputs: Vec<FileHash>,
        found: &Diagnostics,
    ) -> Self {
        Self {
            schema: SCHEMA,
            version: governed.version.clone(),
            workspace: report.client.name.clone(),
            period: report.period.id.clone(),
            language: report.language.clone(),
            options: governed.options.clone(),
            inputs: report.data.inputs.iter().map(ManifestInput::of).collect(),
            rules: governed.rules.clone(),
            templates: governed.templates.clone(),
            outputs,
            kpis: of_report::kpis(report),
            nodes: of_report::nodes(report),
            roi: ManifestRoi::of(&report.roi),
            diagnostics: found.iter().map(diagnostics::json).collect(),
        }
    }

    /// The bytes of `run.json`.
    ///
    /// # Errors
    /// When the record contradicts itself: our fault, and a reason not to publish.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Diagnostics> {
        let mut problems = Diagnostics::new();
        for message in check::contradictions(self) {
            problems.push(Diagnostic::error(&MANIFEST_INCONSISTENT, message));
        }
        match serde_json::to_vec_pretty(self) {
            Ok(mut bytes) if problems.is_empty() => {
                bytes.push(b'\n');
                return Ok(bytes);
            }
            Ok(_) => {}
            Err(error) => {
                problems.push(Diagnostic::error(&MANIFEST_INCONSISTENT, error.to_string()));
            }
        }
        Err(problems)
    }

    /// Reads a record back; none where another version wrote it.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let manifest: Self = serde_json::from_slice(bytes).ok()?;
        (manifest.schema == SCHEMA).then_some(manifest)
    }

    /// [`Governed::run_id`] of the run this is the record of.
    pub fn run_id(&self) -> String {
        let file = |input: &ManifestInput| FileHash {
            path: input.path.clone(),
            sha256: input.sha256.clone(),
        };
        Governed {
            version: self.version.clone(),
            options: self.options.clone(),
            inputs: self.inputs.iter().map(file).collect(),
            rules: self.rules.clone(),
            templates: self.templates.clone(),
        }
        .run_id()
    }
}
