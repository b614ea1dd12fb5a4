//! One run at a time per workspace.
//!
//! The lock is the operating system's, on `.quarterdeck/lock`: it goes with the process however
//! that ends, so there is never a stale lock to remove. Holding a [`Lock`] is what entitles to
//! [publish](super::publish); verbs that only read take none.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::run::{LOCK_FAILED, WORKSPACE_LOCKED};

/// The right to publish in a workspace, given up when dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Why a workspace could not be locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another run holds it.
    #[error("another run is at work in this workspace{}", holder.map_or_else(String::new, |id| format!(" (process {id})")))]
    Held {
        /// The process that holds it, where it could be read.
        holder: Option<u32>,
    },
    /// The file cannot be made or locked.
    #[error("cannot lock `{}`: {source}", path.display())]
    Io {
        /// The lock file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
}

impl Lock {
    /// Takes the lock of the workspace at `root`, at once or not at all.
    ///
    /// # Errors
    /// When another run holds it, or the file cannot be made or locked.
    pub fn take(root: &Path) -> Result<Self, LockError> {
        let folder = root.join(".quarterdeck");
        let path = folder.join("lock");
        let failed = |source| LockError::Io {
            path: path.clone(),
            source,
        };
        std::fs::create_dir_all(&folder).map_err(failed)?;
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = read_holder(&mut file);
                return Err(LockError::Held { holder });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        // Who holds it is a courtesy to the one who finds it held: not worth failing for.
        let _ = file
            .set_len(0)
            .and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok(Self { _file: file })
    }
}

/// The process id in a lock file; none where the system forbids reading what is locked.
fn read_holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

impl LockError {
    /// As it is said to the user.
    pub fn diagnostic(&self) -> Diagnostic {
        match self {
            Self::Held { .. } => Diagnostic::error(&WORKSPACE_LOCKED, self.to_string()).help(
                "wait for it to end and run again; `query`, `explain` and `check` work meanwhile",
            ),
            Self::Io { .. } => Diagnostic::error(&LOCK_FAILED, self.to_string())
                .help("check that the workspace can be written to"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_is_refused_and_told_who_holds_it() {
        let root = tempfile::tempdir().unwrap();
        let lock = Lock::take(root.path()).unwrap();
        let refused = Lock::take(root.path()).unwrap_err();
        let diagnostic = refused.diagnostic();
        assert_eq!(diagnostic.code.name, "workspace-locked");
        // Windows does not let a locked file be read.
        if cfg!(unix) {
            let id = std::process::id().to_string();
            assert!(diagnostic.message.contains(&id), "{}", diagnostic.message);
        }
        drop(lock);
        Lock::take(root.path()).unwrap();
    }

    #[test]
    fn a_lock_file_left_behind_by_a_dead_run_locks_nothing() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join(".quarterdeck")).unwrap();
        std::fs::write(root.path().join(".quarterdeck/lock"), "4000000000\n").unwrap();
        let _lock = Lock::take(root.path()).unwrap();
        let holder = std::fs::read_to_string(root.path().join(".quarterdeck/lock"));
        if cfg!(unix) {
            assert_eq!(holder.unwrap(), format!("{}\n", std::process::id()));
        }
    }

    #[test]
    fn a_workspace_that_cannot_be_written_says_so() {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join(".quarterdeck"), "in the way").unwrap();
        let failed = Lock::take(root.path()).unwrap_err();
        assert_eq!(failed.diagnostic().code.name, "lock-failed");
    }
}
