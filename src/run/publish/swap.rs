//! The swap of a staged folder with the published one, and recovery from being killed in it.
//!
//! Inside `reports/`, in this order, each step leaving what [`recover`] finds if the run ends there:
//!
//! | step | on disk | recovery |
//! |---|---|---|
//! | stage | `.staging/` partly or wholly written | removed |
//! | stage the index | `.index-<hash of run.json>.html` | removed: no period has that `run.json` |
//! | swap, one exchange | the period is new, `.staging/` is the old one | `.staging/` removed, index put in place |
//! | where there is no exchange: set the old aside | `.previous-<period>/`, no period | renamed back |
//! | and rename the new | the period is new, `.previous-<period>/` | removed, index put in place |
//! | put the index in place | `index.html` is new | |
//! | remove the old | | |
//!
//! So after a kill the reports are those before or those after, never a mixture, and with an
//! exchange (Linux, macOS) they are in place at every moment.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::{MANIFEST, PublishError};
use crate::run::manifest::sha256;

/// The folder that reports are written to before they are swapped in.
pub(super) const STAGING: &str = ".staging";
const PREVIOUS: &str = ".previous-";
const STAGED_INDEX: &str = ".index-";
const INDEX: &str = "index.html";

/// Where the index waits for the period whose `run.json` this is to be in place.
pub(super) fn staged_index(reports: &Path, manifest: &[u8]) -> PathBuf {
    let digest = sha256(manifest);
    reports.join(format!("{STAGED_INDEX}{}.html", &digest[..16]))
}

/// Puts the staged folder in the place of a period's.
pub(super) fn swap_in(reports: &Path, period: &str) -> Result<(), PublishError> {
    swap_with(reports, period, exchange)
}

/// [`swap_in`] by a given way to exchange two folders, which fails where there is none.
pub(super) fn swap_with(
    reports: &Path,
    period: &str,
    exchange: impl FnOnce(&Path, &Path) -> io::Result<()>,
) -> Result<(), PublishError> {
    let (staging, target) = (reports.join(STAGING), reports.join(period));
    let failed = || PublishError::io("replace", &target);
    if target.symlink_metadata().is_err() {
        std::fs::rename(&staging, &target).map_err(failed())?;
    } else if let Err(error) = exchange(&staging, &target) {
        if !no_such_operation(&error) {
            return Err(failed()(error));
        }
        let previous = reports.join(format!("{PREVIOUS}{period}"));
        std::fs::rename(&target, &previous).map_err(failed())?;
        if let Err(error) = std::fs::rename(&staging, &target) {
            // If this fails too, the next run's recovery does it.
            let _ = std::fs::rename(&previous, &target);
            return Err(failed()(error));
        }
    }
    sync_folder(reports)
}

/// Brings `reports/` to the state before or after the swap in which a run was killed.
pub(super) fn recover(reports: &Path) -> Result<(), PublishError> {
    let left = names(reports)?;
    if !left.iter().any(|name| is_ours(name)) {
        return Ok(());
    }
    for (name, period) in previous(&left) {
        let target = reports.join(period);
        if target.symlink_metadata().is_err() {
            std::fs::rename(reports.join(name), &target)
                .map_err(PublishError::io("restore", &target))?;
        }
    }
    finish_index(reports, &left)?;
    remove(&reports.join(STAGING))?;
    for (name, _) in previous(&left) {
        remove(&reports.join(name))?;
    }
    sync_folder(reports)
}

fn is_ours(name: &str) -> bool {
    name == STAGING || name.starts_with(PREVIOUS) || name.starts_with(STAGED_INDEX)
}

/// The folders set aside, with the periods they are of.
fn previous(names: &[String]) -> impl Iterator<Item = (&String, &str)> {
    names
        .iter()
        .filter_map(|name| Some((name, name.strip_prefix(PREVIOUS)?)))
}

/// Puts a staged index in place if the run it is of is published, else removes it.
fn finish_index(reports: &Path, names: &[String]) -> Result<(), PublishError> {
    let in_place: Vec<PathBuf> = period_folders(reports)?
        .iter()
        .filter_map(|period| std::fs::read(reports.join(period).join(MANIFEST)).ok())
        .map(|manifest| staged_index(reports, &manifest))
        .collect();
    for name in names.iter().filter(|name| name.starts_with(STAGED_INDEX)) {
        let staged = reports.join(name);
        if in_place.contains(&staged) {
            let index = reports.join(INDEX);
            std::fs::rename(&staged, &index).map_err(PublishError::io("replace", &index))?;
        } else {
            remove(&staged)?;
        }
    }
    Ok(())
}

/// The folders of `reports/` that a period can have, by name; none when there is no such folder.
pub(super) fn period_folders(reports: &Path) -> Result<Vec<String>, PublishError> {
    let mut folders = names(reports)?;
    folders.retain(|name| !name.starts_with('.') && reports.join(name).is_dir());
    Ok(folders)
}

/// Makes the entries of a folder outlast a power cut, where the system has a way to ask for it.
pub(super) fn sync_folder(path: &Path) -> Result<(), PublishError> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    let path = if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    };
    match File::open(path).and_then(|folder| folder.sync_all()) {
        // Some network file systems have no way to.
        Err(error) if !no_such_operation(&error) => Err(PublishError::io("sync", path)(error)),
        _ => Ok(()),
    }
}

fn names(folder: &Path) -> Result<Vec<String>, PublishError> {
    let failed = || PublishError::io("list", folder);
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed()(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(failed())?.file_name();
        names.extend(name.into_string().ok());
    }
    names.sort();
    Ok(names)
}

/// Removes a folder or a file, which need not be there.
fn remove(path: &Path) -> Result<(), PublishError> {
    let removed = match path.symlink_metadata() {
        Ok(found) if found.is_dir() => std::fs::remove_dir_all(path),
        Ok(_) => std::fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(PublishError::io("remove", path)(error))
        }
        _ => Ok(()),
    }
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Whether the file system, rather than its state, stands in the way.
fn no_such_operation(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput
    )
}
