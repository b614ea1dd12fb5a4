//! Which files of the inbox there are, of what kind, and which are the same twice.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use walkdir::{DirEntry, WalkDir};

use crate::diagnostics::codes::intake::{
    EMPTY_INBOX, IGNORED_FILE, UNREADABLE_INPUT, UNSUPPORTED_INPUT,
};
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::workspace::Workspace;

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// A workbook of Excel 2007 and later.
    Xlsx,
    /// A text file with delimiters.
    Text,
}

/// A file to be read.
#[derive(Debug, Clone)]
pub(super) struct InputFilePath {
    /// Where it is on this machine.
    pub(super) full: PathBuf,
    /// Relative to the workspace, with `/`, composed: as it is shown and recorded.
    pub(super) path: String,
    /// Relative to the inbox, for the patterns of `[[input.file]]`.
    pub(super) in_inbox: String,
    /// How it is read.
    pub(super) format: Format,
}

/// The files of the inbox that can be read, sorted by path; each that cannot is one diagnostic.
pub(super) fn discover(workspace: &Workspace, problems: &mut Diagnostics) -> Vec<InputFilePath> {
    let inbox = workspace.inbox();
    let is_root = workspace.config.input.folder == ".";
    let prefix = shown_folder(&workspace.config.input.folder);
    let entries = WalkDir::new(&inbox)
        .follow_links(true)
        .max_depth(16)
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !passed_over(entry, is_root));
    let mut found = Vec::new();
    for entry in entries {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                let inner = entry.path().strip_prefix(&inbox).unwrap_or(entry.path());
                let inner: String = inner.to_string_lossy().replace('\\', "/").nfc().collect();
                found.push((format!("{prefix}{inner}"), inner, entry.into_path()));
            }
            Ok(_) => {}
            Err(error) => problems.push(unreadable(&prefix, &error.to_string())),
        }
    }
    found.sort();
    let mut files = Vec::new();
    for (path, in_inbox, full) in found {
        match format_of(&full) {
            Ok(format) => files.push(InputFilePath {
                full,
                path,
                in_inbox,
                format,
            }),
            Err(problem) => problems.extend(problem.diagnostic(path)),
        }
    }
    if files.is_empty() {
        problems.push(
            Diagnostic::error(&EMPTY_INBOX, "there is no spreadsheet in the inbox")
                .at(Place::File(if prefix.is_empty() {
                    ".".to_owned()
                } else {
                    prefix
                }))
                .help("put at least one .xlsx or .csv file with transactions there"),
        );
    }
    files
}

/// The inbox as paths in it are shown: nothing, or ending in `/`.
fn shown_folder(folder: &str) -> String {
    let path = Path::new(folder);
    let parts: Vec<String> = path
        .components()
        .filter_map(|part| match part {
            std::path::Component::Normal(name) => Some(name.to_string_lossy().nfc().collect()),
            _ => None,
        })
        .collect();
    let shown = if path.is_absolute() {
        parts.last().cloned().unwrap_or_default()
    } else {
        parts.join("/")
    };
    if shown.is_empty() {
        shown
    } else {
        format!("{shown}/")
    }
}

/// Lock files, temporary and hidden files, and, where the workspace is its own inbox, what is not
/// the manager's.
fn passed_over(entry: &DirEntry, is_root: bool) -> bool {
    let name = entry.file_name().to_string_lossy();
    let lower = name.to_lowercase();
    let temporary = name.starts_with('.')
        || name.starts_with('~')
        || matches!(lower.as_str(), "thumbs.db" | "desktop.ini")
        || [
            ".tmp",
            ".temp",
            ".part",
            ".partial",
            ".crdownload",
            ".download",
            ".swp",
            ".bak",
        ]
        .iter()
        .any(|ending| lower.ends_with(ending));
    let ours = is_root
        && entry.depth() == 1
        && entry.file_type().is_dir()
        && matches!(name.as_ref(), "reports" | "rules" | "report-templates");
    temporary || ours
}

/// Why a file is not read.
enum NotRead {
    Io(io::Error),
    Unsupported(&'static str),
    Protected,
    NoSpreadsheet,
    Empty,
}

impl NotRead {
    fn diagnostic(self, path: String) -> Option<Diagnostic> {
        let place = Place::File(path);
        let diagnostic = match self {
            Self::Io(error) => {
                return Some(unreadable(place.file(), &error.to_string()));
            }
            Self::Unsupported(what) => {
                Diagnostic::error(&UNSUPPORTED_INPUT, format!("{what} is not read"))
                    .help("save it as .xlsx or .csv, or take it out of the inbox")
            }
            Self::Protected => Diagnostic::error(
                &UNREADABLE_INPUT,
                "the file is protected by a password, or is an old Excel file under a new name",
            )
            .help("open it, save it as .xlsx without a password, and replace it"),
            Self::NoSpreadsheet => Diagnostic::info(
                &IGNORED_FILE,
                "the file is no spreadsheet and was passed over",
            ),
            Self::Empty => Diagnostic::warning(&UNREADABLE_INPUT, "the file is empty")
                .help("export it again, or take it out of the inbox"),
        };
        Some(diagnostic.at(place))
    }
}

/// The diagnostic for a file that cannot be read.
pub(super) fn unreadable(path: &str, reason: &str) -> Diagnostic {
    Diagnostic::error(
        &UNREADABLE_INPUT,
        format!("the file cannot be read: {reason}"),
    )
    .at(Place::File(path.to_owned()))
    .help("open it, save it again as .xlsx or .csv, and replace it")
}

/// The kind of a file, by its first bytes before its name, which people change.
fn format_of(path: &Path) -> Result<Format, NotRead> {
    let extension = path
        .extension()
        .map(|e| e.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    match extension.as_str() {
        "xlsx" | "xlsm" | "xltx" | "xltm" | "xls" | "csv" | "tsv" | "tab" | "txt" => {}
        "xlsb" => return Err(NotRead::Unsupported("an Excel binary workbook (.xlsb)")),
        "ods" => return Err(NotRead::Unsupported("an OpenDocument spreadsheet (.ods)")),
        "numbers" => return Err(NotRead::Unsupported("a Numbers spreadsheet")),
        "parquet" => return Err(NotRead::Unsupported("a Parquet file")),
        "zip" | "gz" | "7z" | "rar" => return Err(NotRead::Unsupported("an archive")),
        _ => return Err(NotRead::NoSpreadsheet),
    }
    let mut head = [0u8; 512];
    let mut file = File::open(path).map_err(NotRead::Io)?;
    let mut filled = 0;
    while filled < head.len() {
        match file.read(&mut head[filled..]).map_err(NotRead::Io)? {
            0 => break,
            n => filled += n,
        }
    }
    let head = &head[..filled];
    let is_text = matches!(extension.as_str(), "csv" | "tsv" | "tab" | "txt");
    if head.is_empty() {
        Err(NotRead::Empty)
    } else if head.starts_with(b"PK\x03\x04") {
        Ok(Format::Xlsx)
    } else if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        match extension.as_str() {
            "xls" => Err(NotRead::Unsupported("an Excel 97–2003 workbook (.xls)")),
            _ => Err(NotRead::Protected),
        }
    } else if is_text {
        Ok(Format::Text)
    } else if extension == "xls" {
        Err(NotRead::Unsupported(
            "a web page or text under the name of a workbook (.xls)",
        ))
    } else {
        Err(NotRead::Io(io::Error::new(
            io::ErrorKind::InvalidData,
            "it is not a workbook, whatever its name says",
        )))
    }
}

/// The SHA-256 of each file, in hexadecimal, side by side.
pub(super) fn hashes(files: &[InputFilePath]) -> Vec<io::Result<String>> {
    files.par_iter().map(|file| sha256(&file.full)).collect()
}

fn sha256(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    io::copy(&mut file, &mut HashWriter(&mut hasher))?;
    Ok(hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// Hashes what is written.
struct HashWriter<'a>(&'a mut Sha256);

impl io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_managers_spreadsheets_are_found() {
        let root = tempfile::tempdir().unwrap();
        let write = |path: &str, bytes: &[u8]| {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        };
        write("b.csv", b"a,b\n");
        write("a.xlsx", b"PK\x03\x04");
        write("sub/renamed.xls", b"PK\x03\x04");
        write("~$a.xlsx", b"x");
        write(".hidden.csv", b"x");
        write(".~lock.a.xlsx#", b"x");
        write("half.csv.part", b"x");
        write("x.tmp", b"x");
        write("reports/2026-Q3/scorecard.xlsx", b"PK\x03\x04");
        write(".quarterdeck/cache.csv", b"x");
        write("old.xls", &[0xd0, 0xcf, 0x11, 0xe0, 0]);
        write("secret.xlsx", &[0xd0, 0xcf, 0x11, 0xe0, 0]);
        write("fake.xlsx", b"hello");
        write("empty.csv", b"");
        write("data.parquet", b"PAR1");
        write("notes.pdf", b"%PDF");
        let workspace = Workspace::open(root.path()).unwrap();
        let mut problems = Diagnostics::new();
        let files = discover(&workspace, &mut problems);
        let paths: Vec<_> = files
            .iter()
            .map(|file| (file.path.as_str(), file.format))
            .collect();
        assert_eq!(
            paths,
            [
                ("a.xlsx", Format::Xlsx),
                ("b.csv", Format::Text),
                ("sub/renamed.xls", Format::Xlsx)
            ]
        );
        let said: Vec<_> = problems
            .iter()
            .map(|d| {
                format!(
                    "{} {} {}",
                    d.severity,
                    d.code.name,
                    d.place.as_ref().unwrap()
                )
            })
            .collect();
        assert_eq!(
            said,
            [
                "error unsupported-input data.parquet",
                "warning unreadable-input empty.csv",
                "error unreadable-input fake.xlsx",
                "info ignored-file notes.pdf",
                "error unsupported-input old.xls",
                "error unreadable-input secret.xlsx",
            ]
        );
    }

    #[test]
    fn the_hash_is_the_one_sha256sum_prints() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("abc.csv");
        std::fs::write(&path, "abc").unwrap();
        assert_eq!(
            sha256(&path).unwrap(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn paths_are_shown_from_the_workspace() {
        assert_eq!(shown_folder("inbox"), "inbox/");
        assert_eq!(shown_folder("./data/in/"), "data/in/");
        assert_eq!(shown_folder("."), "");
        assert_eq!(shown_folder("/srv/share"), "share/");
    }
}
