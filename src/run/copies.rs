//! The copies of the manager's own workbooks that are handed back: made beside the cache, published
//! with the reports or, where there are none, with the repair list.

use std::path::Path;

use tempfile::TempDir;

use super::publish::Contents;
use crate::diagnostics::Diagnostics;
use crate::engine::internal;
use crate::intake::Intake;
use crate::intake::marked::{Marked, NoCopy};
use crate::message::Argument;
use crate::report::build;
use crate::report::locale::Locale;
use crate::report::model::MarkedCopy;
use crate::workspace::Workspace;

/// The copies of a run, until they are published.
pub(super) struct Copies {
    /// What reports say of them.
    pub(super) said: Vec<MarkedCopy>,
    /// Path within the folder that is published, and what it holds.
    pub(super) files: Vec<(String, Contents)>,
    /// Where they are till then; deleted with it.
    _folder: Option<TempDir>,
}

impl Copies {
    /// Makes them, with notes in the language of the reports, for a place `within` the folder that is
    /// published: nothing or a path that ends in `/`. Where no cell is to be put right nothing is done.
    ///
    /// # Errors
    /// When there is no room to make them.
    pub(super) fn make(
        workspace: &Workspace,
        intake: &Intake,
        locale: &Locale,
        within: &str,
    ) -> Result<Self, Diagnostics> {
        if intake.accounts.iter().all(|of| of.flaws.is_empty()) {
            return Ok(Self {
                said: Vec::new(),
                files: Vec::new(),
                _folder: None,
            });
        }
        let folder = folder(&workspace.root).map_err(internal)?;
        let say = |account: &_, flaw: &_| build::instruction(locale, account, flaw);
        let made = intake.marked_copies(workspace, &say, folder.path());
        let files = made.iter().filter_map(|marked| {
            let copy = marked.copy.as_ref().ok()?;
            let path = format!("{within}{}", copy.name);
            Some((path, Contents::File(copy.file.clone())))
        });
        Ok(Self {
            files: files.collect(),
            said: made
                .iter()
                .map(|marked| said(marked, locale, within))
                .collect(),
            _folder: Some(folder),
        })
    }
}

/// On the disk of the workspace where it can be: copies are as large as the inputs.
fn folder(root: &Path) -> std::io::Result<TempDir> {
    TempDir::new_in(root.join(".quarterdeck")).or_else(|_| TempDir::new())
}

fn said(marked: &Marked, locale: &Locale, within: &str) -> MarkedCopy {
    let (link, name, note) = match &marked.copy {
        Ok(copy) => {
            let link = format!("{within}{}", encoded(&copy.name));
            let was = copy.was.clone();
            let note = was.map(|kind| {
                locale.text_with("quality.copy-xlsx", &[("kind", Argument::Text(kind))])
            });
            (Some(link), Some(copy.name.clone()), note)
        }
        Err(why) => {
            let key = match why {
                NoCopy::Large => "quality.no-copy-large",
                NoCopy::Kind => "quality.no-copy-kind",
                NoCopy::Failed => "quality.no-copy-failed",
            };
            (None, None, Some(locale.text(key).to_owned()))
        }
    };
    MarkedCopy {
        path: marked.path.clone(),
        cells: marked.cells,
        link,
        name,
        note,
    }
}

/// A path as a link says it: everything but letters, digits and what has no meaning in links, encoded.
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn links_are_encoded() {
        assert_eq!(super::encoded("a/ย 1#?.xlsx"), "a/%E0%B8%A2%201%23%3F.xlsx");
    }
}
