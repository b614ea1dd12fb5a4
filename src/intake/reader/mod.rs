//! Who reads the files of the inbox: a process of this program for each, within limits of memory and
//! time, or, in tests of the library, this process.
//!
//! ```text
//!            order (JSON, stdin)               file of the inbox
//!  this ───────────────────────► reading ◄───────────────────────
//!  process ◄─────────────────── process        formats ► sheet ► table
//!            rows read (stderr)   │
//!        ◄────────────────────────┘
//!            handover (a file: Arrow IPC and what is to be said) ──► cache
//! ```
//!
//! A spreadsheet is made by anybody, and the libraries that read them ask for whatever a file says it
//! needs: gigabytes for a sheet of a few kilobytes, or a panic for a byte too few. So no cell of a
//! file is ever seen by the process that computes and publishes.

mod cache;
mod child;
mod handover;
mod order;
mod packed;
mod perform;
mod said;
mod serve;

use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempDir};

use super::discover::{InputFilePath, Offered, Seen, not_offered, offered};
use super::formats::Refusal;
use super::formats::archive::Contents;
use super::marked::SheetMarks;
use super::{FileResult, Progress};
use crate::diagnostics::codes::intake::{CHANGED_INPUT, READER_FAILED};
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::workspace::{Reader, Workspace};
use cache::Cache;
pub use child::VERB;
use order::{Allowance, Order, Work};
pub use serve::serve;

/// Reads the files of one workspace.
pub(super) struct Session<'a> {
    workspace: &'a Workspace,
    cache: Option<Cache>,
    /// Where archives are taken apart; deleted with it.
    unpacked: Option<TempDir>,
}

impl<'a> Session<'a> {
    /// A session that reads tables, or no more than headers, which are not kept.
    pub(super) fn new(workspace: &'a Workspace, headers_only: bool) -> Self {
        let by_program = matches!(workspace.reader, Reader::Program(_));
        let kept = by_program && !headers_only && workspace.config.input.cache;
        Self {
            workspace,
            cache: kept.then(|| Cache::open(&workspace.root)).flatten(),
            unpacked: None,
        }
    }

    /// Files with the archives among them replaced by what is in them, sorted by path.
    pub(super) fn unpack(
        &mut self,
        files: Vec<InputFilePath>,
        problems: &mut Diagnostics,
    ) -> Vec<InputFilePath> {
        let mut all = Vec::new();
        for (number, file) in files.into_iter().enumerate() {
            if !file.archive {
                all.push(file);
                continue;
            }
            match self.unpack_one(&file, number) {
                Ok((Contents::Workbook, _)) => all.push(InputFilePath {
                    archive: false,
                    ..file
                }),
                Ok((Contents::Files(inner), folder)) => {
                    if inner.is_empty() {
                        problems.push(Refusal::Empty.diagnostic(&file.path));
                    }
                    for inner in inner {
                        let path = format!("{}/{}", file.path, inner.name);
                        let Some(stored) = inner.stored else {
                            problems.push(match offered(Path::new(&inner.name)) {
                                Offered::Other(what) => not_offered(&path, what),
                                _ => Refusal::Unsupported("an archive within an archive")
                                    .diagnostic(&path),
                            });
                            continue;
                        };
                        let full = folder.join(stored);
                        match Seen::of(&full) {
                            Ok(seen) if seen.is_empty() => {
                                problems.push(Refusal::Empty.diagnostic(&path));
                            }
                            Ok(seen) => all.push(InputFilePath {
                                in_inbox: format!("{}/{}", file.in_inbox, inner.name),
                                full,
                                path,
                                archive: false,
                                seen,
                            }),
                            Err(error) => problems.push(Refusal::from(error).diagnostic(&path)),
                        }
                    }
                }
                Err(found) => problems.extend(found),
            }
        }
        all.sort_by(|a, b| a.path.cmp(&b.path));
        all
    }

    fn unpack_one(
        &mut self,
        file: &InputFilePath,
        number: usize,
    ) -> Result<(Contents, PathBuf), Vec<Diagnostic>> {
        let failed = |error: std::io::Error| vec![Refusal::from(error).diagnostic(&file.path)];
        let folder = match &self.unpacked {
            Some(folder) => folder,
            None => self.unpacked.insert(self.folder().map_err(failed)?),
        };
        let folder = folder.path().join(number.to_string());
        std::fs::create_dir(&folder).map_err(failed)?;
        let order = Order::of(self.workspace, file, Work::Unpack);
        let (result, _) = self.perform(&order, file, Some(&folder), &|_, _| {});
        match result.contents {
            Some(contents) => Ok((contents, folder)),
            None => Err(result.problems),
        }
    }

    /// A new folder for what is large and soon gone: on the disk of the workspace where it can be.
    fn folder(&self) -> std::io::Result<TempDir> {
        match &self.cache {
            Some(cache) => TempDir::new_in(cache.folder()),
            None => TempDir::new(),
        }
    }

    /// The headers of a file.
    pub(super) fn headers(&self, file: &InputFilePath) -> FileResult {
        let order = Order::of(self.workspace, file, Work::Headers);
        let (result, _) = self.perform(&order, file, None, &|_, _| {});
        self.restored(result)
    }

    /// The tables of a file, whose content has this hash.
    pub(super) fn tables(
        &self,
        file: &InputFilePath,
        content: &str,
        progress: Progress<'_>,
    ) -> FileResult {
        let order = Order::of(self.workspace, file, Work::Rows);
        let name = Cache::name(&order, content);
        if let Some(cache) = &self.cache {
            cache.seen(content);
            if let Some(found) = cache.find(&name, self.money_scale()) {
                return self.restored(found);
            }
        }
        let (result, handed_over) = self.perform(&order, file, None, progress);
        if Seen::of(&file.full).ok() != Some(file.seen) {
            return FileResult::of_problem(changed(&file.path));
        }
        if let (Some(cache), Some(handed_over)) = (&self.cache, handed_over) {
            cache.keep(&name, &result, handed_over);
        }
        self.restored(result)
    }

    /// Ends the session, and deletes what was kept and will not be asked for again. Where archives were
    /// taken apart that is done when what is given back goes: till then their files may be read again.
    pub(super) fn end(self) -> Option<Unpacked> {
        if self.unpacked.is_some() {
            return Some(Unpacked {
                folder: self.unpacked,
                cache: self.cache,
            });
        }
        if let Some(cache) = self.cache {
            cache.tidy();
        }
        None
    }

    /// Makes a copy of a file in which cells are marked; whether it could be made.
    pub(super) fn mark(&self, file: &InputFilePath, marks: Vec<SheetMarks>, to: &Path) -> bool {
        let mut order = Order::of(self.workspace, file, Work::Mark);
        order.marks = marks;
        let (result, _) = self.perform(&order, file, Some(to), &|_, _| {});
        result.problems.is_empty() && Seen::of(&file.full).ok() == Some(file.seen)
    }

    fn money_scale(&self) -> i8 {
        self.workspace.config.client.currency.scale()
    }

    fn restored(&self, mut result: FileResult) -> FileResult {
        said::restore_places(&mut result.problems, self.workspace.config.source.as_ref());
        result
    }

    /// Has an order carried out; also the file in which the result was handed over, if it was.
    fn perform(
        &self,
        order: &Order,
        file: &InputFilePath,
        into: Option<&Path>,
        progress: Progress<'_>,
    ) -> (FileResult, Option<NamedTempFile>) {
        let program = match &self.workspace.reader {
            Reader::ThisProcess => return (perform::perform(order, file, into, progress), None),
            Reader::Program(program) => program,
        };
        let allowance = Allowance::from(self.workspace.config.input.limits);
        let out = match &self.cache {
            Some(cache) => NamedTempFile::new_in(cache.folder()),
            None => NamedTempFile::new(),
        };
        let out = match out {
            Ok(out) => out,
            Err(error) => return (FileResult::of_problem(no_room(&file.path, &error)), None),
        };
        let rows = |rows| progress(&file.path, rows);
        let ended = child::run(
            program,
            order,
            allowance,
            (&file.full, out.path(), into),
            &rows,
        );
        if let Err(death) = ended {
            let problem = death.diagnostic(&file.path, allowance);
            return (FileResult::of_problem(problem), None);
        }
        match handover::take(out.path(), self.money_scale()) {
            Ok(result) => (result, Some(out)),
            Err(damaged) => {
                let problem = Diagnostic::error(&READER_FAILED, damaged.to_string())
                    .at(Place::File(file.path.clone()))
                    .help("run again; if it stays so, the disk or the program is damaged");
                (FileResult::of_problem(problem), None)
            }
        }
    }
}

/// The files taken out of archives, and the folder of the cache that they are in.
#[derive(Debug)]
pub(super) struct Unpacked {
    folder: Option<TempDir>,
    cache: Option<Cache>,
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        drop(self.folder.take());
        if let Some(cache) = self.cache.take() {
            cache.tidy();
        }
    }
}

fn changed(path: &str) -> Diagnostic {
    Diagnostic::error(&CHANGED_INPUT, "the file was written to while it was read")
        .at(Place::File(path.to_owned()))
        .help("run again when it is there as a whole")
}

fn no_room(path: &str, error: &std::io::Error) -> Diagnostic {
    let message = format!("the file cannot be read: there is no room to work in ({error})");
    Diagnostic::error(&READER_FAILED, message)
        .at(Place::File(path.to_owned()))
        .help("make room on the disk, and check that the temporary folder can be written to")
}
