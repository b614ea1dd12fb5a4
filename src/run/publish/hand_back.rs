//! `reports/to-fix/`: what a run leaves when too many rows were set aside for a report.
//!
//! It is put in place and taken away as the folder of a period is, through `swap`: whole or not at
//! all, whenever the run is killed. `reports/<period>/` and `index.html` are not touched. Its `run.json`
//! says no more than which files in it are ours.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::{
    Contents, Kept, Lock, MANIFEST, PublishError, TO_FIX, carry_over, check_paths, outputs,
    sync_above, sync_folders, write_all,
};
use crate::run::publish::swap;

/// Puts files in place of what an earlier run handed back, and gives their folder.
///
/// What others put there stays, and so does a copy that somebody has been mending; unless it is in the
/// inbox by now, as a file of one of these SHA-256.
///
/// # Errors
/// When a path is unfit, something that is no folder is in the way, or the file system refuses; then
/// the folder is as it was.
pub fn hand_back(
    lock: &Lock,
    reports: &Path,
    files: &[(String, Contents)],
    in_inbox: &BTreeSet<String>,
) -> Result<PathBuf, PublishError> {
    check_paths(TO_FIX, files)?;
    super::recover(lock, reports)?;
    let folder = reports.join(TO_FIX);
    if folder.symlink_metadata().is_ok_and(|found| !found.is_dir()) {
        let in_the_way = std::io::ErrorKind::NotADirectory;
        return Err(PublishError::io("replace", &folder)(in_the_way.into()));
    }
    let staging = reports.join(swap::STAGING);
    let staged = || {
        let manifest = json!({ "stopped": true, "outputs": outputs(files)? });
        let manifest = format!("{manifest:#}\n").into_bytes();
        write_all(&staging, files, &manifest)?;
        carry_over(&folder, &staging, Kept::OfToFix(in_inbox))?;
        sync_folders(&staging)?;
        sync_above(reports)
    };
    let put = staged().and_then(|()| swap::swap_in(reports, TO_FIX));
    // What tidying up fails at is done again by the next run.
    let _ = swap::recover(reports);
    put.map(|()| folder)
}

/// Takes away what an earlier run handed back, now that there are reports. What others put there stays,
/// and so does a copy that was mended and is not in the inbox, as a file of one of these SHA-256.
///
/// # Errors
/// When the file system refuses; then the folder is as it was.
pub fn take_back(
    lock: &Lock,
    reports: &Path,
    in_inbox: &BTreeSet<String>,
) -> Result<(), PublishError> {
    super::recover(lock, reports)?;
    let folder = reports.join(TO_FIX);
    let is_folder = folder.symlink_metadata().is_ok_and(|found| found.is_dir());
    if !is_folder || !folder.join(MANIFEST).is_file() {
        return Ok(());
    }
    let staging = reports.join(swap::STAGING);
    let taken = carry_over(&folder, &staging, Kept::OfToFix(in_inbox)).and_then(|kept| {
        if kept.is_empty() {
            // What is there under this name is what the next recovery removes.
            std::fs::rename(&folder, &staging).map_err(PublishError::io("remove", &folder))?;
            return swap::sync_folder(reports);
        }
        sync_folders(&staging)?;
        swap::swap_in(reports, TO_FIX)
    });
    let tidied = swap::recover(reports);
    taken.and(tidied)
}
