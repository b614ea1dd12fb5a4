//! The plan: everything that governs a run, read, compiled and checked before any input is opened.

use crate::diagnostics::Diagnostics;
use crate::metrics;
use crate::report::locale::Locale;
use crate::report::templates;
use crate::roi;
use crate::rules::{Rules, Settings};
use crate::scorecard::{Definition, KnownMeasure, Vocabulary};
use crate::tables;
use crate::workspace::Workspace;

/// What governs a run, ready to be used.
pub struct Plan {
    /// The rules, compiled for the facts there will be.
    pub rules: Rules,
    /// The scorecard, its KPIs resolved against the measures there will be.
    pub scorecard: Definition,
    /// The investment case as `roi.toml` has it.
    pub roi: roi::Plan,
    /// The words of the report's language.
    pub locale: Locale,
}

/// Makes the plan; what is worth knowing but no mistake goes to `problems`.
///
/// # Errors
/// Every mistake in rules, queries, scorecard, ROI case and templates, at once.
pub fn plan(workspace: &Workspace, problems: &mut Diagnostics) -> Result<Plan, Diagnostics> {
    let config = &workspace.config;
    let files = &workspace.files;
    let mut found = Diagnostics::new();
    let locale = Locale::load(
        files,
        config.client.language,
        &config.client.currency,
        &mut found,
    );
    let queries = metrics::plan(workspace)
        .map_err(|wrong| found.extend(wrong))
        .ok();
    let mut rules = None;
    let mut scorecard = None;
    let mut case = roi::Plan::default();
    if let Some(queries) = &queries {
        let settings = Settings {
            calendar: config.calendar.fiscal,
            value_band: config.value.band,
        };
        rules = Rules::compile(files, &queries.facts, settings, &mut found);
        let measures: Vec<_> = queries.measures.iter().map(KnownMeasure::of).collect();
        let vocabulary = Vocabulary {
            measures: &measures,
            tables: tables::all(),
        };
        scorecard = Definition::read(files, &vocabulary, &mut found);
        let names: Vec<&str> = queries.measures.iter().map(|m| m.name.as_str()).collect();
        case = roi::read(files, &names, &mut found);
    }
    found.extend(templates::check(files));
    if found.has_errors() {
        return Err(found);
    }
    problems.extend(found);
    match (rules, scorecard, locale) {
        (Some(rules), Some(scorecard), Some(locale)) => Ok(Plan {
            rules,
            scorecard,
            roi: case,
            locale,
        }),
        _ => Err(std::mem::take(problems)),
    }
}
