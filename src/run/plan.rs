//! The plan: everything that governs a run, read, compiled and checked before any input is opened.

use crate::diagnostics::Diagnostics;
use crate::engine::Plans;
use crate::metrics::{self, Trial};
use crate::report::locale::Locale;
use crate::report::templates;
use crate::report::xlsx::{self, SampleBulk};
use crate::roi;
use crate::rules::{FrozenClasses, KPI_FILE, KpiFunctions, Rules, Settings};
use crate::scorecard::{Definition, KnownMeasure, Vocabulary};
use crate::tables;
use crate::workspace::{Files, Workspace};

/// Where templates and texts are.
const TEMPLATES: &str = "report-templates";

/// What governs a run, ready to be used.
pub struct Plan {
    /// The rules, compiled for the facts there will be.
    pub rules: Rules,
    /// The scorecard, its KPIs resolved against the measures there will be.
    pub scorecard: Definition,
    /// The functions that score KPIs, where the workspace has any.
    pub functions: Option<KpiFunctions>,
    /// The investment case as `roi.toml` has it.
    pub roi: roi::Plan,
    /// The words of the report's language.
    pub locale: Locale,
    /// How each SQL file is run.
    pub plans: Plans,
}

/// Makes the plan, its queries tried as far as asked for; what is worth knowing but no mistake goes to `problems`.
///
/// # Errors
/// Every mistake in rules, queries, scorecard, ROI case and templates, at once.
pub fn plan(
    workspace: &Workspace,
    trial: Trial,
    problems: &mut Diagnostics,
) -> Result<Plan, Diagnostics> {
    let config = &workspace.config;
    let files = &workspace.files;
    let mut found = Diagnostics::new();
    let locale = Locale::load(
        files,
        config.client.language,
        &config.client.currency,
        &mut found,
    );
    let queries = metrics::plan(workspace, trial)
        .map_err(|wrong| found.extend(wrong))
        .ok();
    let rules = queries.as_ref().and_then(|queries| {
        let settings = Settings {
            calendar: config.calendar.fiscal,
            value_band: config.value.band,
            frozen: FrozenClasses::read(files, &config.client.currency.code, &mut found),
        };
        Rules::compile(files, &queries.facts, settings, &mut found)
    });
    // Where a query is wrong the measures are known by name at least, and so is who uses them.
    let measures = match &queries {
        Some(queries) => queries.measures.iter().map(KnownMeasure::of).collect(),
        None => measures_by_name(files),
    };
    let functions = KpiFunctions::compile(files, &mut found);
    let function_names = match &functions {
        Some(functions) => Some(functions.names()),
        // A file that does not compile has been complained of.
        None => files.get(KPI_FILE).is_none().then(Vec::new),
    };
    let vocabulary = Vocabulary {
        measures: &measures,
        tables: tables::all(),
        functions: function_names.as_deref(),
    };
    let scorecard = Definition::read(files, &vocabulary, &mut found);
    let names: Vec<&str> = measures.iter().map(|m| m.name.as_str()).collect();
    let case = roi::read(files, &names, &mut found);
    // What ships is right in all its branches: tests see to that.
    if trial == Trial::Ran || files.has_own(TEMPLATES) {
        found.extend(templates::check(files));
        if let (Some(queries), Some(locale), false) = (&queries, &locale, found.has_errors()) {
            let bulk = SampleBulk::with_facts(&queries.facts);
            found.extend(xlsx::check(files, locale, &bulk));
        }
    }
    if found.has_errors() {
        return Err(found);
    }
    problems.extend(found);
    match (queries, rules, scorecard, locale) {
        (Some(queries), Some(rules), Some(scorecard), Some(locale)) => Ok(Plan {
            rules,
            scorecard,
            functions,
            roi: case,
            locale,
            plans: queries.plans,
        }),
        _ => Err(std::mem::take(problems)),
    }
}

/// The measures by the names of their files.
fn measures_by_name(files: &Files) -> Vec<KnownMeasure> {
    files
        .under("rules/measures", "sql")
        .filter_map(|source| source.path.rsplit('/').next()?.strip_suffix(".sql"))
        .map(KnownMeasure::named)
        .collect()
}
