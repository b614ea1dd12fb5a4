//! Freezing the cut points of RFM scores, so that who does nothing new keeps its scores.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::lock::Lock;
use super::{Progress, Until, compute, plan};
use crate::calendar::Quarter;
use crate::diagnostics::codes::workspace::{ALREADY_THERE, BAD_VALUE, NOT_WRITTEN};
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::metrics::Trial;
use crate::metrics::rfm::{FILE, Frozen, FrozenCuts};
use crate::workspace::{RfmMethod, Workspace};

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

/// Finds the cut points of a workspace's period by its method and writes them to `rules/rfm-cuts.toml`,
/// beside those of other periods; `force` puts them in the place of those of the same period, and drops
/// those that do not go with the settings any more.
///
/// # Errors
/// When cut points of the period are there and `force` is not, when the method has none that hold for
/// everybody, and all that stands in the way of a run. Then the file is as it was.
pub fn freeze(
    workspace: &Workspace,
    force: bool,
    progress: &dyn Progress,
) -> Result<Freeze, Diagnostics> {
    let mut problems = Diagnostics::new();
    let mut wrong = Diagnostics::new();
    let known = Frozen::read(&workspace.files, &workspace.config, &mut wrong);
    if wrong.has_errors() && !force {
        return Err(wrong);
    }
    refuse_method(workspace)?;

    // What is frozen must not decide what there is to freeze.
    let mut unfrozen = workspace.clone();
    unfrozen.files = unfrozen.files.without(FILE);
    let plan = plan(&unfrozen, Trial::Planned, &mut problems)?;
    let computed = compute(&unfrozen, &plan, Until::Rules, progress, &mut problems)?;
    let period = computed.prepared.timeline.reported;
    if known.has(period) && !force {
        let message = format!("the cut points of {period} are frozen already");
        let problem = Diagnostic::error(&ALREADY_THERE, message)
            .at(Place::File(FILE.to_owned()))
            .help(
                "`--force` replaces them; `--period` freezes those of another quarter beside them",
            );
        return Err(problem.into());
    }
    let block = computed.reported.filter(|block| block.batch.num_rows() > 0);
    let cuts = block.and_then(|block| FrozenCuts::of(period, &block.rfm, &workspace.config));
    let Some(cuts) = cuts else {
        let message = format!("nobody had bought by the end of {period}: there is nothing to cut");
        return Err(Diagnostic::error(&BAD_VALUE, message).into());
    };
    let frozen = known.with(cuts);
    let scale = u32::try_from(workspace.config.client.currency.scale()).unwrap_or(2);
    let path = workspace.root.join(FILE);
    let lock = Lock::take(&workspace.root).map_err(|error| error.diagnostic())?;
    write(&lock, &path, &frozen.text(scale)).map_err(|error| {
        let message = format!("`{FILE}` cannot be written: {error}");
        Diagnostic::error(&NOT_WRITTEN, message).at(Place::File(FILE.to_owned()))
    })?;
    Ok(Freeze {
        as_of: period,
        until: frozen.next_after(period),
        path,
        problems,
    })
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
    let new = folder.join(".rfm-cuts.toml.new");
    let mut file = File::create(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(new, path)
}
