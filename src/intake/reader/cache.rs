//! What was read is kept until its input changes: one file per input and order, named after both, in
//! `.quarterdeck/cache` of the workspace.
//!
//! An entry is used only where the same bytes were read by the same order and the same code, and is
//! whole. Everything else is as if there were none: it can be deleted at any time, and nothing that
//! is published depends on it.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::handover;
use super::order::{Order, READS_AS};
use crate::diagnostics::Severity;
use crate::intake::FileResult;

/// How many orders of one content are kept: a workspace may be run in three languages.
const ORDERS: usize = 4;

/// What the name of an entry ends in.
const ENTRY: &str = ".read";
/// Locked, shared, by every process that works in the folder.
const IN_USE: &str = "in-use";

/// The entries of a workspace.
#[derive(Debug)]
pub(super) struct Cache {
    folder: PathBuf,
    in_use: File,
    /// The contents that are still in the inbox.
    contents: Mutex<BTreeSet<String>>,
}

impl Cache {
    /// The cache of a workspace; none where its folder cannot be made.
    pub(super) fn open(root: &Path) -> Option<Self> {
        let folder = root.join(".quarterdeck").join("cache");
        std::fs::create_dir_all(&folder).ok()?;
        let in_use = File::create(folder.join(IN_USE)).ok()?;
        in_use.lock_shared().ok()?;
        Some(Self {
            folder,
            in_use,
            contents: Mutex::default(),
        })
    }

    /// Where entries are.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The name of an entry: the code, the content, the order.
    pub(super) fn name(order: &Order, content: &str) -> String {
        let order = serde_json::to_vec(&order.without_places()).unwrap_or_default();
        let order: String = Sha256::digest(order)
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!("{READS_AS}-{content}-{order}{ENTRY}")
    }

    /// What was read, where it is kept and whole.
    pub(super) fn find(&self, name: &str, money_scale: i8) -> Option<FileResult> {
        let path = self.folder.join(name);
        if !path.exists() {
            return None;
        }
        let found = handover::take(&path, money_scale).ok();
        if found.is_none() {
            // It is damaged: it will be written anew.
            let _ = std::fs::remove_file(&path);
        }
        found
    }

    /// Keeps what was read, in the file it was handed over in. A file with an error stops the run
    /// and is about to change.
    pub(super) fn keep(&self, name: &str, result: &FileResult, file: NamedTempFile) {
        let wrong = result
            .problems
            .iter()
            .any(|p| p.severity == Severity::Error);
        if !wrong {
            // Where it cannot be kept it is read again next time.
            let _ = file.persist(self.folder.join(name));
        }
    }

    /// A content is in the inbox.
    pub(super) fn seen(&self, content: &str) {
        if let Ok(mut contents) = self.contents.lock() {
            contents.insert(content.to_owned());
        }
    }

    /// Deletes what no input of the inbox and no order will ask for again, and, where nobody else is
    /// at work, what a process that was killed left half done.
    pub(super) fn tidy(self) {
        let Ok(entries) = std::fs::read_dir(&self.folder) else {
            return;
        };
        let contents = self.contents.into_inner().unwrap_or_default();
        let alone = self.in_use.unlock().is_ok() && self.in_use.try_lock().is_ok();
        let mut kept: Vec<(String, Option<std::time::SystemTime>, PathBuf)> = Vec::new();
        for entry in entries.flatten() {
            let (name, path) = (entry.file_name(), entry.path());
            let name = name.to_string_lossy();
            let mut parts = name.split('-');
            let known = parts.next() == Some(READS_AS);
            let content = parts.next().unwrap_or_default();
            if !name.ends_with(ENTRY) {
                if alone && name != IN_USE {
                    let _ = std::fs::remove_file(&path).or_else(|_| std::fs::remove_dir_all(&path));
                }
            } else if known && contents.contains(content) {
                let written = entry.metadata().and_then(|entry| entry.modified()).ok();
                kept.push((content.to_owned(), written, path));
            } else {
                let _ = std::fs::remove_file(path);
            }
        }
        // Of one content, the newest last.
        kept.sort();
        for same in kept.chunk_by(|a, b| a.0 == b.0) {
            for (.., path) in &same[..same.len().saturating_sub(ORDERS)] {
                let _ = std::fs::remove_file(path);
            }
        }
    }
}
