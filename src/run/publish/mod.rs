//! Publishing, all or nothing: reports in memory or in temporary files in, `reports/<period>/` and
//! `reports/index.html` out.
//!
//! Everything is written and synced to a folder of its own inside `reports/`, then swapped in by
//! one rename. Until that rename the last published reports are untouched; after it the new ones
//! are complete. What a killed run leaves behind is put in order by [`recover`]. The steps and
//! what each leaves on disk are in `swap`.
//!
//! A folder of reports belongs to quarterdeck only as far as its `run.json` says: what a manager
//! saved beside the reports is carried over, never deleted. The same holds of `reports/to-fix/`, which
//! a run leaves instead of reports ([`hand_back()`]).

mod hand_back;
mod swap;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

pub use hand_back::{hand_back, take_back};

use super::lock::Lock;
use super::manifest::{self, FileHash, Manifest};
use crate::diagnostics::codes::run::PUBLISH_FAILED;
use crate::diagnostics::{Diagnostic, Place};

/// The record of a run, beside the reports it is about.
pub const MANIFEST: &str = "run.json";

/// The folder of the copies that managers are to mend: beside the reports of a period, or in its place.
pub const TO_FIX: &str = "to-fix";

/// The folder of the workbooks that ask.
pub const TO_CONFIRM: &str = "to-confirm";

/// What a published file holds.
#[derive(Debug)]
pub enum Contents {
    /// Rendered in memory.
    Bytes(Vec<u8>),
    /// Rendered to a file of the caller's, which is copied and stays the caller's.
    File(PathBuf),
}

impl Contents {
    /// SHA-256 in hexadecimal digits.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn sha256(&self) -> io::Result<String> {
        match self {
            Self::Bytes(bytes) => Ok(manifest::sha256(bytes)),
            Self::File(path) => manifest::sha256_of_file(path),
        }
    }
}

/// The reports of one period, ready to be published.
#[derive(Debug)]
pub struct Publication {
    /// The period, which names the folder: `2026-Q3`.
    pub period: String,
    /// Path within the folder, with `/`, to what it holds; without `run.json`.
    pub files: Vec<(String, Contents)>,
    /// `run.json`.
    pub manifest: Vec<u8>,
    /// The new `reports/index.html`, over what is published and this period.
    pub index: Vec<u8>,
}

/// What became of a publication.
#[derive(Debug, PartialEq, Eq)]
pub struct Published {
    /// The folder of the period.
    pub folder: PathBuf,
    /// Files found there that quarterdeck had not written, carried over; relative, sorted.
    pub kept: Vec<String>,
}

/// A published period, for the index.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedPeriod {
    /// The name of its folder.
    pub period: String,
    /// Its `run.json`; none where another version wrote one that cannot be read here.
    pub manifest: Option<Manifest>,
}

/// Why nothing was published. The last published reports are untouched.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The file system refused.
    #[error("cannot {action} `{}`: {source}", path.display())]
    Io {
        /// What was tried: `write`, `replace`.
        action: &'static str,
        /// What it was tried on.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A report's path would leave its folder.
    #[error("`{0}` is not a path within the folder of a report")]
    Outside(String),
    /// Two reports have one path.
    #[error("two reports would be written to `{0}`")]
    Twice(String),
}

impl PublishError {
    fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }

    /// As it is said to the user; paths are shown relative to the workspace at `root`.
    pub fn diagnostic(&self, root: &Path) -> Diagnostic {
        let Self::Io {
            action,
            path,
            source,
        } = self
        else {
            return Diagnostic::error(&PUBLISH_FAILED, self.to_string());
        };
        let path = path.strip_prefix(root).unwrap_or(path);
        let path = path.to_string_lossy().replace('\\', "/");
        let message = format!("publishing failed: cannot {action} `{path}`: {source}");
        let help = match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "make room on the disk and run again"
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                "check the permissions of `reports/`, and close its workbooks if one is open"
            }
            io::ErrorKind::ResourceBusy | io::ErrorKind::DirectoryNotEmpty => {
                "close the workbooks of `reports/` and run again"
            }
            _ => "remove the cause and run again",
        };
        Diagnostic::error(&PUBLISH_FAILED, message)
            .at(Place::File(path))
            .help(help)
    }
}

/// The hash of every file, sorted by path, as `run.json` lists them.
///
/// # Errors
/// When a temporary file cannot be read.
pub fn outputs(files: &[(String, Contents)]) -> Result<Vec<FileHash>, PublishError> {
    let mut hashes = Vec::with_capacity(files.len());
    for (path, contents) in files {
        let sha256 = contents
            .sha256()
            .map_err(PublishError::io("read", Path::new(path)))?;
        hashes.push(FileHash {
            path: path.clone(),
            sha256,
        });
    }
    hashes.sort();
    Ok(hashes)
}

/// Puts in order what a killed run left in `reports/`; called once a run holds the lock.
///
/// # Errors
/// When what is left can neither be finished nor removed.
pub fn recover(_lock: &Lock, reports: &Path) -> Result<(), PublishError> {
    swap::recover(reports)
}

/// Publishes the reports of a period in place of those that are there.
///
/// # Errors
/// When a path is unfit or the file system refuses; then the last published reports are untouched.
pub fn publish(
    lock: &Lock,
    reports: &Path,
    publication: &Publication,
) -> Result<Published, PublishError> {
    check_paths(&publication.period, &publication.files)?;
    recover(lock, reports)?;
    let published = stage(reports, publication).and_then(|kept| {
        swap::swap_in(reports, &publication.period)?;
        Ok(kept)
    });
    // Published or not, what tidying up fails at is done again by the next run.
    let _ = swap::recover(reports);
    let kept = published?;
    Ok(Published {
        folder: reports.join(&publication.period),
        kept,
    })
}

/// The periods published in `reports/`, by name; none when there is no such folder.
///
/// # Errors
/// When the folder cannot be listed.
pub fn published(reports: &Path) -> Result<Vec<PublishedPeriod>, PublishError> {
    let mut periods = Vec::new();
    for period in swap::period_folders(reports)? {
        let path = reports.join(&period).join(MANIFEST);
        if let Ok(bytes) = std::fs::read(&path) {
            periods.push(PublishedPeriod {
                period,
                manifest: Manifest::from_bytes(&bytes),
            });
        }
    }
    Ok(periods)
}

fn check_paths(folder: &str, files: &[(String, Contents)]) -> Result<(), PublishError> {
    let outside = |path: &str| PublishError::Outside(path.to_owned());
    if !is_within(folder) || folder.contains('/') {
        return Err(outside(folder));
    }
    let mut seen = BTreeSet::from([MANIFEST]);
    for (path, _) in files {
        if !is_within(path) {
            return Err(outside(path));
        }
        if !seen.insert(path) {
            return Err(PublishError::Twice(path.clone()));
        }
    }
    Ok(())
}

/// Whether a path stays in its folder on every system, and is not hidden.
fn is_within(path: &str) -> bool {
    !path.contains(['\\', ':', '\0'])
        && path
            .split('/')
            .all(|part| !part.is_empty() && !part.starts_with('.'))
}

/// Writes and syncs everything to the staging folder, and gives what was carried over.
fn stage(reports: &Path, publication: &Publication) -> Result<Vec<String>, PublishError> {
    let staging = reports.join(swap::STAGING);
    write_all(&staging, &publication.files, &publication.manifest)?;
    let kept = carry_over(&reports.join(&publication.period), &staging, Kept::OfPeriod)?;
    sync_folders(&staging)?;

    let index = swap::staged_index(reports, &publication.manifest);
    write(&index, &Contents::Bytes(publication.index.clone()))?;
    sync_above(reports)?;
    Ok(kept)
}

/// Writes the files of a folder and its record to the staging folder.
fn write_all(
    staging: &Path,
    files: &[(String, Contents)],
    manifest: &[u8],
) -> Result<(), PublishError> {
    std::fs::create_dir_all(staging).map_err(PublishError::io("make", staging))?;
    for (path, contents) in files {
        write(&staging.join(path), contents)?;
    }
    write(
        &staging.join(MANIFEST),
        &Contents::Bytes(manifest.to_owned()),
    )
}

fn sync_above(reports: &Path) -> Result<(), PublishError> {
    swap::sync_folder(reports)?;
    reports.parent().map_or(Ok(()), swap::sync_folder)
}

fn write(path: &Path, contents: &Contents) -> Result<(), PublishError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(PublishError::io("make", folder))?;
    }
    let written = || {
        let mut file = File::create(path)?;
        match contents {
            Contents::Bytes(bytes) => file.write_all(bytes)?,
            // Not renamed: a temporary file is private to its maker, a report is not.
            Contents::File(from) => {
                io::copy(&mut File::open(from)?, &mut file)?;
            }
        }
        file.sync_all()
    };
    written().map_err(PublishError::io("write", path))
}

/// What is kept of a folder besides what others put there: copies that somebody has been mending, which
/// is hours of work, saved in the wrong place.
#[derive(Clone, Copy)]
enum Kept<'a> {
    /// Reports, with copies in folders of their own.
    OfPeriod,
    /// Copies alone, but for those that are in the inbox by now: files of these hashes.
    OfToFix(&'a BTreeSet<String>),
}

impl Kept<'_> {
    /// Whether a file of ours is a copy that is not any more what we wrote.
    fn is_mended(self, name: &str, path: &Path, sha256: &str) -> bool {
        let is_within = |folder| {
            let rest = name.strip_prefix(folder);
            rest.is_some_and(|rest: &str| rest.starts_with('/'))
        };
        let is_copy = match self {
            Self::OfPeriod => is_within(TO_FIX) || is_within(TO_CONFIRM),
            Self::OfToFix(_) => name != MANIFEST,
        };
        is_copy
            && manifest::sha256_of_file(path).is_ok_and(|now| {
                now != sha256 && !matches!(self, Self::OfToFix(inbox) if inbox.contains(&now))
            })
    }
}

/// Links what a published folder holds that quarterdeck did not write, or that is to be kept all the
/// same, into the staging folder.
fn carry_over(
    published: &Path,
    staging: &Path,
    kept_too: Kept<'_>,
) -> Result<Vec<String>, PublishError> {
    let ours = written_by_us(published);
    let mut kept = Vec::new();
    let entries = WalkDir::new(published)
        .follow_links(false)
        .sort_by_file_name();
    for entry in entries.into_iter().filter_map(Result::ok) {
        let Ok(relative) = entry.path().strip_prefix(published) else {
            continue;
        };
        let mut name = relative.to_string_lossy().replace('\\', "/");
        // Office's lock files are nobody's work.
        let is_lock = entry.file_name().to_string_lossy().starts_with("~$");
        if entry.file_type().is_dir() || is_lock {
            continue;
        }
        match ours.get(&name) {
            Some(sha256) if kept_too.is_mended(&name, entry.path(), sha256) => {
                name = beside(&name, staging);
            }
            Some(_) => continue,
            // A report that an older run of the same period wrote without a record.
            None if matches!(kept_too, Kept::OfPeriod) && staging.join(&name).exists() => continue,
            None => name = beside(&name, staging),
        }
        let to = staging.join(&name);
        if let Some(folder) = to.parent() {
            std::fs::create_dir_all(folder).map_err(PublishError::io("make", folder))?;
        }
        if std::fs::hard_link(entry.path(), &to).is_err() {
            std::fs::copy(entry.path(), &to).map_err(PublishError::io("keep", entry.path()))?;
        }
        kept.push(name);
    }
    Ok(kept)
}

/// A name that no report takes: the same where it can be, else with a number before the ending.
fn beside(name: &str, staging: &Path) -> String {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    std::iter::once(name.to_owned())
        .chain((2..).map(|number| format!("{stem} ({number}).{ending}")))
        .find(|name| !staging.join(name).exists())
        .unwrap_or_else(|| name.to_owned())
}

/// The files of a period's folder that its `run.json` lists with their hashes, and that itself.
fn written_by_us(published: &Path) -> BTreeMap<String, String> {
    let mut ours = BTreeMap::from([(MANIFEST.to_owned(), String::new())]);
    let listed = std::fs::read(published.join(MANIFEST))
        .ok()
        .and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
    let outputs = listed.as_ref().and_then(|json| json["outputs"].as_array());
    for output in outputs.into_iter().flatten() {
        let text = |key: &str| output[key].as_str().map(str::to_owned);
        if let Some(path) = text("path") {
            ours.insert(path, text("sha256").unwrap_or_default());
        }
    }
    ours
}

fn sync_folders(root: &Path) -> Result<(), PublishError> {
    WalkDir::new(root)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_dir())
        .try_for_each(|entry| swap::sync_folder(entry.path()))
}
