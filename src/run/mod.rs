//! The pipeline: from a workspace to published reports, all or nothing.

/// Told what a run is doing, so that a person can watch it.
pub trait Progress: Sync {
    /// A stage begins; the one before it is over.
    fn stage(&self, stage: Stage);
    /// So many rows of a file have been read.
    fn rows(&self, file: &str, rows: u64);
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quiet;

impl Progress for Quiet {
    fn stage(&self, _: Stage) {}
    fn rows(&self, _: &str, _: u64) {}
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
//! The run: its lock, its record, and the publishing of its reports.

pub mod lock;
pub mod manifest;
pub mod publish;
