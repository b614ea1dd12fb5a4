//! Rows of the `commentary` and `initiatives` sheets: what managers say about a KPI, and what is being
//! done to move it.

use chrono::NaiveDate;
use serde::Serialize;

use super::definition::Definition;
use super::outcome::Scorecard;
use super::score::Status;
use super::sheets::{TargetPeriod, known};
use crate::calendar::Quarter;
use crate::diagnostics::codes::scorecard::NO_COMMENTARY;
use crate::diagnostics::{Diagnostic, Diagnostics, Place};

/// A row of the commentary sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct CommentaryRow {
    /// The KPI's id.
    pub kpi: String,
    /// The period it is about.
    pub period: TargetPeriod,
    /// What is said.
    pub text: String,
    /// Who says it.
    pub author: Option<String>,
    /// Where it stands.
    pub place: Option<Place>,
}

/// A row of the initiatives sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct InitiativeRow {
    /// What is being done.
    pub initiative: String,
    /// Who sees to it.
    pub owner: Option<String>,
    /// What it costs, in the client's currency.
    pub cost: Option<f64>,
    /// The day by which it is to be done.
    pub due: Option<NaiveDate>,
    /// The id of the KPI that it is to move.
    pub kpi: Option<String>,
    /// How far it is, in the client's words.
    pub status: Option<String>,
    /// Where it stands.
    pub place: Option<Place>,
}

/// What is said about a KPI.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comment {
    /// What is said.
    pub text: String,
    /// Who says it.
    pub author: Option<String>,
}

/// What is being done to move a KPI.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Initiative {
    /// What is being done.
    pub initiative: String,
    /// Who sees to it.
    pub owner: Option<String>,
    /// What it costs.
    pub cost: Option<f64>,
    /// The day by which it is to be done.
    pub due: Option<NaiveDate>,
    /// How far it is.
    pub status: Option<String>,
    /// The index of its KPI in the definition; none for one that is linked to none.
    pub kpi: Option<usize>,
}

/// What is said about a KPI in a quarter, in the order of the sheet.
pub(super) fn comments(rows: &[CommentaryRow], kpi: &str, quarter: Quarter) -> Vec<Comment> {
    rows.iter()
        .filter(|row| row.kpi == kpi && row.period.holds(quarter))
        .map(|row| Comment {
            text: row.text.clone(),
            author: row.author.clone(),
        })
        .collect()
}

/// The initiatives in the order of the sheet, each with its KPI.
pub(super) fn initiatives(definition: &Definition, rows: &[InitiativeRow]) -> Vec<Initiative> {
    rows.iter()
        .map(|row| Initiative {
            initiative: row.initiative.clone(),
            owner: row.owner.clone(),
            cost: row.cost,
            due: row.due,
            status: row.status.clone(),
            kpi: row
                .kpi
                .as_ref()
                .and_then(|id| definition.kpis.iter().position(|kpi| kpi.id == *id)),
        })
        .collect()
}

/// Warns about rows of the commentary sheet for KPIs that there are not.
pub fn check_commentary(
    definition: &Definition,
    rows: &[CommentaryRow],
    problems: &mut Diagnostics,
) {
    for row in rows {
        known(definition, &row.kpi, row.place.as_ref(), problems);
    }
}

/// Warns about initiatives that are linked to KPIs that there are not.
pub fn check_initiatives(
    definition: &Definition,
    rows: &[InitiativeRow],
    problems: &mut Diagnostics,
) {
    for row in rows {
        if let Some(kpi) = &row.kpi {
            known(definition, kpi, row.place.as_ref(), problems);
        }
    }
}

/// A KPI to act on demands a word from its owner: those of the reported quarter that have none. Only
/// for a client who keeps a commentary sheet.
pub fn without_commentary(scorecard: &Scorecard) -> Option<Diagnostic> {
    let now = scorecard.reported();
    let silent: Vec<&str> = now
        .kpis
        .iter()
        .filter(|kpi| kpi.status == Status::Act && kpi.comments.is_empty())
        .map(|kpi| kpi.id.as_str())
        .collect();
    let message = format!(
        "no commentary in {} on {}, where action is needed",
        now.period,
        silent.join(", ")
    );
    (!silent.is_empty()).then(|| {
        Diagnostic::warning(&NO_COMMENTARY, message)
            .help("add a row per KPI to the commentary sheet: kpi, period, text, author")
    })
}
