//! The files of a workspace laid over those that ship with the binary.
//!
//! Everything under `rules/` and `report-templates/` is embedded; a workspace overrides any file by
//! holding one of the same path, and adds files beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use walkdir::WalkDir;

use crate::diagnostics::{Diagnostic, Place, Source, codes};

static RULES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");
static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/report-templates");

/// Where a file came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provenance {
    /// It ships with the binary.
    BuiltIn,
    /// The workspace holds it.
    Workspace,
}

/// The text files a run is governed by, by path relative to the workspace, with `/`.
#[derive(Debug, Clone)]
pub struct Files {
    files: BTreeMap<String, (Provenance, Arc<Source>)>,
}

impl Files {
    /// The shipped files alone.
    pub fn built_in() -> Self {
        let mut files = BTreeMap::new();
        for (folder, dir) in [("rules", &RULES), ("report-templates", &TEMPLATES)] {
            collect(folder, dir, &mut files);
        }
        Self { files }
    }

    /// The shipped files with those of the workspace over them.
    ///
    /// # Errors
    /// One diagnostic per file that exists and cannot be read as UTF-8 text.
    pub fn of(root: &Path) -> Result<Self, Vec<Diagnostic>> {
        let mut files = Self::built_in();
        let mut problems = Vec::new();
        for (path, full) in text_files(root) {
            match std::fs::read_to_string(&full) {
                Ok(text) => {
                    let text = text
                        .strip_prefix('\u{feff}')
                        .map(str::to_owned)
                        .unwrap_or(text);
                    let source = Source::new(path.clone(), text);
                    files.files.insert(path, (Provenance::Workspace, source));
                }
                Err(error) => problems.push(
                    Diagnostic::error(
                        &codes::workspace::UNREADABLE_FILE,
                        format!("`{path}` cannot be read: {error}"),
                    )
                    .at(Place::File(path)),
                ),
            }
        }
        if problems.is_empty() {
            Ok(files)
        } else {
            Err(problems)
        }
    }

    /// A file by its path, such as `rules/segmentation.rhai`.
    pub fn get(&self, path: &str) -> Option<&Arc<Source>> {
        self.files.get(path).map(|(_, source)| source)
    }

    /// Where a file came from.
    pub fn provenance(&self, path: &str) -> Option<Provenance> {
        self.files.get(path).map(|(provenance, _)| *provenance)
    }

    /// The files directly or anywhere under a folder that have an extension, sorted by path.
    pub fn under<'a>(
        &'a self,
        folder: &'a str,
        extension: &'a str,
    ) -> impl Iterator<Item = &'a Arc<Source>> {
        self.files.iter().filter_map(move |(path, (_, source))| {
            let rest = path.strip_prefix(folder)?.strip_prefix('/')?;
            let matches = rest.strip_suffix(extension)?.ends_with('.');
            matches.then_some(source)
        })
    }

    /// Whether the workspace has a file of its own below a folder.
    pub fn has_own(&self, folder: &str) -> bool {
        let mut files = self.files.iter();
        files.any(|(path, (provenance, _))| {
            *provenance == Provenance::Workspace
                && path
                    .strip_prefix(folder)
                    .is_some_and(|rest| rest.starts_with('/'))
        })
    }

    /// All paths, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// A copy without one file.
    #[must_use]
    pub fn without(mut self, path: &str) -> Self {
        self.files.remove(path);
        self
    }

    /// A copy with one file replaced or added, as a workspace would hold it.
    #[must_use]
    pub fn with(mut self, path: &str, text: &str) -> Self {
        let source = Source::new(path, text);
        self.files
            .insert(path.to_owned(), (Provenance::Workspace, source));
        self
    }
}

/// The shipped text of a path, for `eject`.
pub fn shipped(path: &str) -> Option<&'static str> {
    let (folder, rest) = path.split_once('/')?;
    let dir = match folder {
        "rules" => &RULES,
        "report-templates" => &TEMPLATES,
        _ => return None,
    };
    dir.get_file(rest)?.contents_utf8()
}

fn collect(
    folder: &str,
    dir: &Dir<'static>,
    files: &mut BTreeMap<String, (Provenance, Arc<Source>)>,
) {
    for file in dir.files() {
        // Shipped files are checked to be UTF-8 by a test.
        if let (Some(rest), Some(text)) = (file.path().to_str(), file.contents_utf8()) {
            let path = format!("{folder}/{}", rest.replace('\\', "/"));
            let source = Source::new(path.clone(), text);
            files.insert(path, (Provenance::BuiltIn, source));
        }
    }
    for sub in dir.dirs() {
        collect(folder, sub, files);
    }
}

/// The files of a workspace that are text and ours, sorted; hidden and backup files are skipped.
fn text_files(root: &Path) -> BTreeSet<(String, PathBuf)> {
    const EXTENSIONS: [&str; 9] = [
        "toml", "sql", "rhai", "html", "xml", "css", "svg", "js", "md",
    ];
    let mut found = BTreeSet::new();
    for folder in ["rules", "report-templates"] {
        let entries = WalkDir::new(root.join(folder))
            .follow_links(false)
            .max_depth(8)
            .into_iter()
            .filter_entry(|entry| !entry.file_name().to_string_lossy().starts_with('.'));
        for entry in entries.filter_map(Result::ok) {
            let path = entry.path();
            let known = path
                .extension()
                .and_then(|e| e.to_str())
                .is_some_and(|e| EXTENSIONS.contains(&e));
            if let (true, true, Ok(relative)) =
                (entry.file_type().is_file(), known, path.strip_prefix(root))
            {
                let relative = relative.to_string_lossy().replace('\\', "/");
                found.insert((relative, path.to_owned()));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_file_is_text() {
        fn count(dir: &Dir<'static>) -> usize {
            dir.files().count() + dir.dirs().map(count).sum::<usize>()
        }
        assert_eq!(
            Files::built_in().files.len(),
            count(&RULES) + count(&TEMPLATES)
        );
    }

    #[test]
    fn a_workspace_file_wins_over_the_shipped_one() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("rules/facts")).unwrap();
        std::fs::write(root.path().join("rules/facts/mine.sql"), "select 1").unwrap();
        std::fs::write(root.path().join("rules/facts/.hidden.sql"), "select 2").unwrap();
        let files = Files::of(root.path()).unwrap();
        assert_eq!(
            files.provenance("rules/facts/mine.sql"),
            Some(Provenance::Workspace)
        );
        assert!(files.get("rules/facts/.hidden.sql").is_none());
        let facts: Vec<_> = files.under("rules/facts", "sql").collect();
        assert!(facts.iter().any(|s| s.path == "rules/facts/mine.sql"));
    }
}
