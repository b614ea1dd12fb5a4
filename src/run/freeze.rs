//! Freezing cut points, of RFM scores or between the value classes, so that who does nothing new stays
//! where it is.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::lock::Lock;
use super::plan::Plan;
use super::{Computed, Progress, Until, compute, plan};
use crate::calendar::Quarter;
use crate::diagnostics::codes::workspace::{ALREADY_THERE, BAD_VALUE, NOT_WRITTEN};
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::metrics::Trial;
use crate::metrics::rfm::{self, Frozen, FrozenCuts};
use crate::rules::{CLASS_CUTS_FILE, FrozenClasses};
use crate::workspace::{RfmMethod, Workspace};

/// What is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruler {
    /// Recency, frequency and monetary value.
    Rfm,
    /// Actual value, between the classes.
    Classes,
}

impl Ruler {
    fn file(self) -> &'static str {
        match self {
            Self::Rfm => rfm::FILE,
            Self::Classes => CLASS_CUTS_FILE,
        }
    }
}

/// Cut points that were frozen.
#[derive(Debug)]
pub struct Freeze {
    /// As of the end of which period.
    pub as_of: Quarter,
    /// The period from which on others hold; none where these hold on.
    pub until: Option<Quarter>,
    /// The file.
    pub path: PathBuf,
    /// What was found on the way.
    pub problems: Diagnostics,
}

/// Finds the cut points of a workspace's period and writes them to the file of their ruler, beside those of
/// other periods; `force` puts them in the place of those of the same period, and drops those that do not
/// go with the settings any more.
///
/// # Errors
/// When cut points of the period are there and `force` is not, when there are none that hold for everybody,
/// and all that stands in the way of a run. Then the file is as it was.
pub fn freeze(
    workspace: &Workspace,
    ruler: Ruler,
    force: bool,
    progress: &dyn Progress,
) -> Result<Freeze, Diagnostics> {
    let mut problems = Diagnostics::new();
    let mut wrong = Diagnostics::new();
    let known = Known::read(workspace, ruler, &mut wrong);
    if wrong.has_errors() && !force {
        return Err(wrong);
    }
    if ruler == Ruler::Rfm {
        refuse_method(workspace)?;
    }

    // What is frozen must not decide what there is to freeze.
    let mut unfrozen = workspace.clone();
    unfrozen.files = unfrozen.files.without(ruler.file());
    let plan = plan(&unfrozen, Trial::Planned, &mut problems)?;
    let computed = compute(&unfrozen, &plan, Until::Rules, progress, &mut problems)?;
    let period = computed.prepared.timeline.reported;
    if known.has(period) && !force {
        let message = format!("the cut points of {period} are frozen already");
        let problem = Diagnostic::error(&ALREADY_THERE, message)
            .at(Place::File(ruler.file().to_owned()))
            .help(
                "`--force` replaces them; `--period` freezes those of another quarter beside them",
            );
        return Err(problem.into());
    }
    let frozen = known.with_those_of(workspace, &plan, &computed)?;
    let path = workspace.root.join(ruler.file());
    let lock = Lock::take(&workspace.root).map_err(|error| error.diagnostic())?;
    write(&lock, &path, &frozen.text(workspace)).map_err(|error| {
        let message = format!("`{}` cannot be written: {error}", ruler.file());
        Diagnostic::error(&NOT_WRITTEN, message).at(Place::File(ruler.file().to_owned()))
    })?;
    Ok(Freeze {
        as_of: period,
        until: frozen.next_after(period),
        path,
        problems,
    })
}

/// What was frozen by one ruler.
enum Known {
    Rfm(Frozen),
    Classes(FrozenClasses),
}

impl Known {
    fn read(workspace: &Workspace, ruler: Ruler, problems: &mut Diagnostics) -> Self {
        let (files, config) = (&workspace.files, &workspace.config);
        match ruler {
            Ruler::Rfm => Self::Rfm(Frozen::read(files, config, problems)),
            Ruler::Classes => {
                let currency = &config.client.currency.code;
                Self::Classes(FrozenClasses::read(files, currency, problems))
            }
        }
    }

    fn has(&self, period: Quarter) -> bool {
        match self {
            Self::Rfm(frozen) => frozen.has(period),
            Self::Classes(frozen) => frozen.has(period),
        }
    }

    fn next_after(&self, period: Quarter) -> Option<Quarter> {
        match self {
            Self::Rfm(frozen) => frozen.next_after(period),
            Self::Classes(frozen) => frozen.next_after(period),
        }
    }

    fn text(&self, workspace: &Workspace) -> String {
        let scale = u32::try_from(workspace.config.client.currency.scale()).unwrap_or(2);
        match self {
            Self::Rfm(frozen) => frozen.text(scale),
            Self::Classes(frozen) => frozen.text(),
        }
    }

    /// With the cut points of what was computed.
    fn with_those_of(
        self,
        workspace: &Workspace,
        plan: &Plan,
        computed: &Computed,
    ) -> Result<Self, Diagnostics> {
        let period = computed.prepared.timeline.reported;
        let rows = computed.reported.as_ref();
        let Some(rows) = rows.filter(|rows| rows.batch.num_rows() > 0) else {
            let message =
                format!("nobody had bought by the end of {period}: there is nothing to cut");
            return Err(Diagnostic::error(&BAD_VALUE, message).into());
        };
        let nothing = |message: &str| Diagnostic::error(&BAD_VALUE, message);
        let config = &workspace.config;
        Ok(match self {
            Self::Rfm(known) => {
                let cuts = FrozenCuts::of(period, &rows.rfm, config);
                let cuts = cuts.ok_or_else(|| nothing("there are no cut points for everybody"))?;
                Self::Rfm(known.with(cuts))
            }
            Self::Classes(known) => {
                let cuts = plan.rules.class_cuts(&plan.rules.facts(&rows.batch)?);
                let cuts = cuts.filter(|cuts| !cuts.constants.is_empty());
                let cuts = cuts.ok_or_else(|| {
                    nothing("`rules/segmentation.rhai` has no constant at its top that is a number")
                        .help("work cut points out as constants, as the file that ships does")
                })?;
                Self::Classes(known.with(cuts.freeze(period, &config.client.currency.code)))
            }
        })
    }
}

/// A method without cut points that hold for everybody has nothing to freeze.
fn refuse_method(workspace: &Workspace) -> Result<(), Diagnostics> {
    let method = workspace.config.rfm.method.unwrap_or_default();
    if !matches!(method, RfmMethod::Rank | RfmMethod::Nested) {
        return Ok(());
    }
    let message = format!(
        "the RFM method \"{}\" has no cut points that hold for everybody, so there is nothing to freeze",
        method.name()
    );
    Err(Diagnostic::error(&BAD_VALUE, message)
        .help("set `[rfm] method` to \"quantile\", \"thirds\", \"quantile-7\" or \"thresholds\"")
        .into())
}

/// Puts the file in place whole: who reads it meanwhile has the old one or the new one.
fn write(_lock: &Lock, path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    // A hidden file is none of the workspace's, should the run end here.
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let new = folder.join(format!(".{name}.new"));
    let mut file = File::create(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(new, path)
}
