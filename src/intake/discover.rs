//! Which files of the inbox there are by their names, and which are the same twice.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rayon::prelude::*;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use walkdir::{DirEntry, WalkDir};

use super::formats::{self, Refusal};
use crate::diagnostics::codes::intake::{EMPTY_INBOX, IGNORED_FILE};
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::workspace::Workspace;

/// A file to be read.
#[derive(Debug, Clone)]
pub(super) struct InputFilePath {
    /// Where it is on this machine.
    pub(super) full: PathBuf,
    /// Relative to the workspace, with `/`, composed: as it is shown and recorded.
    pub(super) path: String,
    /// Relative to the inbox, for the patterns of `[[input.file]]`.
    pub(super) in_inbox: String,
    /// Whether it is to be unpacked first.
    pub(super) archive: bool,
    /// What it was like when it was found.
    pub(super) seen: Seen,
}

/// What changes when a file is written to: its length and time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Seen(u64, Option<SystemTime>);

impl Seen {
    /// What a file is like now.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let metadata = std::fs::metadata(path)?;
        Ok(Self(metadata.len(), metadata.modified().ok()))
    }

    /// How long it is.
    pub(super) fn bytes(self) -> u64 {
        self.0
    }

    /// Whether there is nothing in it.
    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }
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
            Err(error) => problems.push(Refusal::Io(error.to_string()).diagnostic(&prefix)),
        }
    }
    found.sort();
    let mut files = Vec::new();
    for (path, in_inbox, full) in found {
        let archive = match offered(&full) {
            Offered::Spreadsheet => false,
            Offered::Archive => true,
            Offered::Other(what) => {
                problems.push(not_offered(&path, what));
                continue;
            }
        };
        match Seen::of(&full) {
            Ok(seen) if seen.is_empty() => problems.push(Refusal::Empty.diagnostic(&path)),
            Ok(seen) => files.push(InputFilePath {
                full,
                path,
                in_inbox,
                archive,
                seen,
            }),
            Err(error) => problems.push(Refusal::from(error).diagnostic(&path)),
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
    let ours = is_root
        && entry.depth() == 1
        && entry.file_type().is_dir()
        && matches!(
            name.as_ref(),
            "reports" | "rules" | "report-templates" | "templates"
        );
    ours || temporary(&name)
}

/// Whether a name is that of a program at work: no data of a manager.
pub(super) fn temporary(name: &str) -> bool {
    let lower = name.to_lowercase();
    name.starts_with('.')
        || name.starts_with('~')
        || matches!(lower.as_str(), "thumbs.db" | "desktop.ini" | "__macosx")
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
        .any(|ending| lower.ends_with(ending))
}

/// What a name offers; what the file is its content says, when it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Offered {
    /// Something to be read.
    Spreadsheet,
    /// Something to be unpacked.
    Archive,
    /// Nothing that is read; what it is, where managers may well have data in it.
    Other(Option<&'static str>),
}

/// What the name of a file offers.
pub(super) fn offered(path: &Path) -> Offered {
    match formats::extension(path).as_str() {
        "xlsx" | "xlsm" | "xltx" | "xltm" | "xlsb" | "xls" | "xlt" | "ods" | "ots" | "csv"
        | "tsv" | "tab" | "txt" | "parquet" => Offered::Spreadsheet,
        "zip" => Offered::Archive,
        "numbers" => Offered::Other(Some("a Numbers spreadsheet")),
        "gz" | "7z" | "rar" => Offered::Other(Some("an archive other than .zip")),
        _ => Offered::Other(None),
    }
}

/// What is said of a file whose name offers nothing that is read.
pub(super) fn not_offered(path: &str, what: Option<&'static str>) -> Diagnostic {
    match what {
        Some(what) => Refusal::Unsupported(what).diagnostic(path),
        None => Diagnostic::info(
            &IGNORED_FILE,
            "the file is no spreadsheet and was passed over",
        )
        .at(Place::File(path.to_owned())),
    }
}

/// Bytes of a file that are hashed at once.
const PIECE: u64 = 1 << 20;

/// What tells the contents of files from one another, side by side: the SHA-256 of the length and of
/// the SHA-256 of each piece, in hexadecimal. It is taken of every file in every run, so it is made of
/// pieces, which all cores share.
pub(super) fn contents(files: &[InputFilePath]) -> Vec<io::Result<String>> {
    let content = |file: &InputFilePath| -> io::Result<String> {
        let length = file.seen.bytes();
        let starts: Vec<u64> = (0..length.div_ceil(PIECE)).map(|n| n * PIECE).collect();
        let pieces: Vec<_> = starts
            .into_par_iter()
            .map(|start| {
                let mut input = File::open(&file.full)?;
                input.seek(SeekFrom::Start(start))?;
                digest(input.take(PIECE))
            })
            .collect::<io::Result<_>>()?;
        let mut whole = Sha256::new();
        whole.update(length.to_le_bytes());
        pieces.iter().for_each(|piece| whole.update(piece));
        Ok(hexadecimal(&whole.finalize()))
    };
    files.par_iter().map(content).collect()
}

/// The SHA-256 of a file, in hexadecimal.
pub(super) fn sha256(path: &Path) -> io::Result<String> {
    digest(File::open(path)?).map(|digest| hexadecimal(&digest))
}

fn digest(mut input: impl Read) -> io::Result<[u8; 32]> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match input.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finalize().into()),
            Ok(read) => hasher.update(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
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
        write("all.zip", b"PK\x03\x04");
        write("all.rar", b"Rar!");
        write("empty.csv", b"");
        write("data.parquet", b"PAR1");
        write("notes.pdf", b"%PDF");
        let workspace = Workspace::open(root.path()).unwrap();
        let mut problems = Diagnostics::new();
        let files = discover(&workspace, &mut problems);
        let paths: Vec<_> = files
            .iter()
            .map(|file| (file.path.as_str(), file.archive))
            .collect();
        assert_eq!(
            paths,
            [
                ("a.xlsx", false),
                ("all.zip", true),
                ("b.csv", false),
                ("data.parquet", false),
                ("old.xls", false),
                ("sub/renamed.xls", false),
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
                "error unsupported-input all.rar",
                "warning empty-input empty.csv",
                "info ignored-file notes.pdf",
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
    fn contents_are_told_apart_by_every_byte_and_their_length() {
        let root = tempfile::tempdir().unwrap();
        let of = |bytes: &[u8]| {
            let path = root.path().join("a.csv");
            std::fs::write(&path, bytes).unwrap();
            let file = InputFilePath {
                seen: Seen::of(&path).unwrap(),
                full: path,
                path: String::new(),
                in_inbox: String::new(),
                archive: false,
            };
            contents(&[file]).remove(0).unwrap()
        };
        let piece = PIECE as usize;
        let mut bytes = vec![7; 2 * piece + 1];
        let whole = of(&bytes);
        assert_eq!(of(&bytes), whole);
        let mut others = vec![of(&bytes[1..]), of(&bytes[..piece]), of(b"")];
        for at in [0, piece - 1, piece, 2 * piece] {
            bytes[at] ^= 1;
            others.push(of(&bytes));
            bytes[at] ^= 1;
        }
        others.push(whole);
        let count = others.len();
        others.sort();
        others.dedup();
        assert_eq!(others.len(), count);
    }

    #[test]
    fn paths_are_shown_from_the_workspace() {
        assert_eq!(shown_folder("inbox"), "inbox/");
        assert_eq!(shown_folder("./data/in/"), "data/in/");
        assert_eq!(shown_folder("."), "");
        assert_eq!(shown_folder("/srv/share"), "share/");
    }
}
