//! The pipeline: from a workspace to published reports, all or nothing.
//!
//! [`plan()`] reads, compiles and checks everything that governs a run before any input is opened;
//! [`compute()`] works out all figures; [`run`] renders them and publishes. Nothing is written before
//! everything is rendered.

mod compute;
mod copies;
mod decided;
mod figures;
pub mod freeze;
mod handed_back;
mod identified;
mod index;
mod ledger;
pub mod lock;
pub mod manifest;
mod plan;
mod profiled;
pub mod publish;
mod report;
mod scores;
mod sheets;
mod steering;

use std::path::PathBuf;

pub use compute::{Computed, Until, compute, source_rows};
pub use plan::{Plan, plan};
pub use profiled::Profiled;
pub use steering::{Steering, steering};

use crate::diagnostics::{Diagnostics, Severity};
use crate::intake::Account;
use crate::metrics::Trial;
use crate::report::model::Report;
use crate::report::{build, html, xlsx};
use crate::workspace::Workspace;
use compute::{Inbox, compute_from};
use copies::Copies;
use identified::Identified;
use lock::Lock;
use manifest::{FileHash, Governed, Manifest};
use publish::{Contents, Publication};
use report::CustomerRows;

/// Reports that were published.
#[derive(Debug)]
pub struct Done {
    /// The reported period.
    pub period: String,
    /// The folder they are in.
    pub folder: PathBuf,
    /// The reports in it, in order.
    pub files: Vec<String>,
    /// What became of the rows of each sheet.
    pub accounts: Vec<Account>,
    /// What was found on the way.
    pub problems: Diagnostics,
}

/// Publishes the reports of a workspace.
///
/// # Errors
/// Everything that stands in the way. Then what was published is untouched, and nothing is written; but
/// where it is that too many rows were set aside, `reports/to-fix/` holds what is to be mended.
pub fn run(workspace: &Workspace, progress: &dyn Progress) -> Result<Done, Diagnostics> {
    let mut problems = Diagnostics::new();
    progress.stage(Stage::Plan);
    let plan = plan(workspace, Trial::Planned, &mut problems)?;
    let lock = Lock::take(&workspace.root).map_err(|error| error.diagnostic())?;
    let reports = workspace.reports();
    let failed = |error: publish::PublishError| error.diagnostic(&workspace.root);
    publish::recover(&lock, &reports).map_err(failed)?;

    let inbox = Inbox::read(workspace, progress);
    if !inbox.intake.over_limits(&workspace.config.input).is_empty() {
        return Err(handed_back::instead(
            workspace, &plan, &lock, inbox, problems,
        ));
    }
    let until = Until::Reports;
    let mut computed = compute_from(workspace, &plan, until, inbox, progress, &mut problems)?;
    progress.stage(Stage::Report);
    let governed = governed(workspace, &computed);
    let mut copies = Copies::make(
        workspace,
        &computed.intake,
        &plan.locale,
        &format!("{}/", publish::TO_FIX),
    )?;
    let mut identified = Identified::of(&computed, &plan.locale)?;
    let said = report::SaidElsewhere {
        run_id: &governed.run_id(),
        copies: &copies.said,
        identity: identified.said.as_ref(),
    };
    let report = report::report(workspace, &plan, &computed, &said, &mut problems)?;

    progress.stage(Stage::Render);
    let quality = build::Quality::new(&computed.intake, &problems, &copies.said, &plan.locale)
        .with_identity(identified.said.as_ref());
    let rows = CustomerRows::of(&computed, &plan, &quality)?;
    let ledger = ledger::of(&computed)?;
    // All that is left to say is in the report and these rows.
    let accounts = std::mem::take(&mut computed.intake.accounts);
    drop(computed);
    let mut files = render(workspace, &plan, &report, &rows)?;
    files.append(&mut copies.files);
    files.append(&mut identified.files);
    let names = files.iter().map(|(name, _)| name.clone()).collect();
    // For the next run, not for readers.
    files.push((ledger::LEDGER.to_owned(), Contents::Bytes(ledger)));
    let outputs = publish::outputs(&files).map_err(failed)?;
    let manifest = Manifest::new(&report, &governed, outputs, &problems);
    let fiscal = workspace.config.calendar.fiscal;
    let index = index::index(&reports, &report, &manifest, fiscal, &plan.locale).map_err(failed)?;
    let index = html::index(&index, &workspace.files, &plan.locale)?;

    progress.stage(Stage::Publish);
    let publication = Publication {
        period: report.period.id.clone(),
        files,
        manifest: manifest.to_bytes()?,
        index: index.into_bytes(),
    };
    let published = publish::publish(&lock, &reports, &publication).map_err(failed)?;
    if let Err(error) = publish::take_back(&lock, &reports, &governed.input_hashes()) {
        // The reports are there; what is left of an earlier run is not worth calling them failed.
        let mut problem = error.diagnostic(&workspace.root);
        problem.severity = Severity::Warning;
        problems.push(problem);
    }
    Ok(Done {
        period: publication.period,
        folder: published.folder,
        files: names,
        accounts,
        problems,
    })
}

/// What decides the outcome of a run.
fn governed(workspace: &Workspace, computed: &Computed) -> Governed {
    let files = |folder: &str| {
        let prefix = format!("{folder}/");
        let paths = workspace
            .files
            .paths()
            .filter(|path| path.starts_with(&prefix));
        paths
            .filter_map(|path| workspace.files.get(path))
            .map(|source| FileHash::of(source.path.clone(), &source.text))
            .collect()
    };
    let inputs = computed.intake.accounts.iter().map(|account| FileHash {
        path: account.path.clone(),
        sha256: account.sha256.clone(),
    });
    let mut options = manifest::options(&workspace.config);
    let ledger = computed.published.as_ref().map(|ledger| &ledger.sha256);
    options.insert("published-before".to_owned(), serde_json::json!(ledger));
    Governed {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        options,
        inputs: inputs.collect(),
        rules: files("rules"),
        templates: files("report-templates"),
    }
}

/// Every page and workbook of the period, rendered in memory.
fn render(
    workspace: &Workspace,
    plan: &Plan,
    report: &Report,
    rows: &CustomerRows,
) -> Result<Vec<(String, Contents)>, Diagnostics> {
    let pages = html::render(report, &workspace.files, &plan.locale)?;
    let workbooks = xlsx::render(report, &workspace.files, &plan.locale, rows)?;
    let pages = pages
        .into_iter()
        .map(|(name, text)| (name, Contents::Bytes(text.into_bytes())));
    let workbooks = workbooks
        .into_iter()
        .map(|(name, bytes)| (name, Contents::Bytes(bytes)));
    Ok(pages.chain(workbooks).collect())
}

/// Told what a run is doing, so that a person can watch it.
pub trait Progress: Sync {
    /// A stage begins; the one before it is over.
    fn stage(&self, stage: Stage);
    /// So many rows of a file have been read.
    fn rows(&self, file: &str, rows: u64);
}

/// The stages of a run, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Settings, rules and templates are checked.
    Plan,
    /// Spreadsheets become tables.
    Intake,
    /// Facts per customer and period.
    Facts,
    /// Segment, scores and actions per customer.
    Rules,
    /// Measures per period.
    Measures,
    /// KPIs, scores, ROI and the report model.
    Report,
    /// HTML and workbooks.
    Render,
    /// All of it into place.
    Publish,
}

impl Stage {
    /// Its name in logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Intake => "intake",
            Self::Facts => "facts",
            Self::Rules => "rules",
            Self::Measures => "measures",
            Self::Report => "report",
            Self::Render => "render",
            Self::Publish => "publish",
        }
    }

    /// What to tell a person meanwhile.
    pub fn doing(self) -> &'static str {
        match self {
            Self::Plan => "checking settings, rules and templates",
            Self::Intake => "reading spreadsheets",
            Self::Facts => "working out facts per customer",
            Self::Rules => "applying the rules to every customer",
            Self::Measures => "working out measures",
            Self::Report => "scoring",
            Self::Render => "writing web pages and workbooks",
            Self::Publish => "publishing",
        }
    }
}
