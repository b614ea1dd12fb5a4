//! Archives: bounded before anything is unpacked, and the spreadsheets of a `.zip` taken out.
//!
//! Every size is the one that the archive declares: its reader stops at an entry that holds more.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use zip::ZipArchive;
use zip::result::ZipError;

use super::Refusal;
use super::kind::Kind;
use crate::intake::discover::{Offered, offered, temporary};

/// Entries an archive may have.
const MOST_ENTRIES: usize = 50_000;
/// Bytes that a file may unpack to: a full sheet of Excel with a hundred columns is about half.
const MOST_UNPACKED: u64 = 8_000_000_000;
/// How many times its size a file may unpack to. Sheets are packed 1 to 30, traps 1 to 1,000.
const MOST_RATIO: u64 = 300;
/// Below this the ratio does not matter.
const SMALL: u64 = 256_000_000;
/// Spreadsheets that one archive may bring.
const MOST_FILES: usize = 2_000;

/// A file taken out of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::intake) struct Unpacked {
    /// Its path in the archive, composed, with `/`.
    pub(in crate::intake) name: String,
    /// Its name in the folder it was put into; none where it is not read.
    pub(in crate::intake) stored: Option<String>,
}

/// What a `.zip` turned out to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::intake) enum Contents {
    /// A workbook under the name of an archive.
    Workbook,
    /// Files, in the order of their names.
    Files(Vec<Unpacked>),
}

/// Takes the spreadsheets out of an archive and puts them into a folder.
///
/// # Errors
/// When it is no archive, is damaged or protected, or holds more than is read.
pub(in crate::intake) fn unpack(path: &Path, into: &Path) -> Result<Contents, Refusal> {
    if Kind::of(path)? != Kind::Archive {
        return Ok(Contents::Workbook);
    }
    let mut zip = ZipArchive::new(BufReader::new(File::open(path)?)).map_err(in_words)?;
    bounded(&mut zip)?;
    let names = names(&mut zip)?;
    let mut files: Vec<Unpacked> = Vec::new();
    for (index, name) in names {
        if name.split('/').any(temporary) {
            continue;
        }
        let stored = match offered(Path::new(&name)) {
            Offered::Spreadsheet => {
                let ending = super::extension(Path::new(&name));
                let stored = format!("{:05}.{ending}", files.len());
                let mut entry = zip.by_index(index).map_err(in_words)?;
                let mut out = File::create(into.join(&stored))?;
                io::copy(&mut entry, &mut out).map_err(|error| damaged(&error))?;
                Some(stored)
            }
            Offered::Archive | Offered::Other(_) => None,
        };
        files.push(Unpacked { name, stored });
        if files.len() > MOST_FILES {
            return Err(Refusal::Oversized(format!(
                "it holds more than {MOST_FILES} files"
            )));
        }
    }
    Ok(Contents::Files(files))
}

/// The files of an archive, by name. Names are UTF-8 where they say so or could be, and else in the
/// encoding that their bytes look like: Windows writes them in that of the system.
fn names<R: Read + Seek>(zip: &mut ZipArchive<R>) -> Result<Vec<(usize, String)>, Refusal> {
    let mut raw = Vec::new();
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    for index in 0..zip.len() {
        let entry = zip.by_index_raw(index).map_err(in_words)?;
        if entry.is_file() {
            detector.feed(entry.name_raw(), false);
            raw.push((index, entry.name_raw().to_vec()));
        }
    }
    detector.feed(&[], true);
    let encoding = detector.guess(None, Utf8Detection::Allow);
    let mut names: Vec<(usize, String)> = raw
        .into_iter()
        .filter_map(|(index, name)| {
            let name = String::from_utf8(name)
                .unwrap_or_else(|error| encoding.decode(error.as_bytes()).0.into_owned());
            let inner: PathBuf = Path::new(&name.replace('\\', "/"))
                .components()
                .filter(|part| matches!(part, std::path::Component::Normal(_)))
                .collect();
            let inner: String = inner.to_string_lossy().replace('\\', "/").nfc().collect();
            (!inner.is_empty()).then_some((index, inner))
        })
        .collect();
    names.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
    // An archive may say one name twice; the last is what every program unpacks.
    names.reverse();
    names.dedup_by(|a, b| a.1 == b.1);
    names.reverse();
    Ok(names)
}

/// Refuses an archive that unpacks to more than is read.
pub(super) fn bounded<R: Read + Seek>(zip: &mut ZipArchive<R>) -> Result<(), Refusal> {
    if zip.len() > MOST_ENTRIES {
        let how = format!("it has {} parts, and {MOST_ENTRIES} are allowed", zip.len());
        return Err(Refusal::Oversized(how));
    }
    let (mut unpacked, mut packed) = (0u64, 0u64);
    for index in 0..zip.len() {
        let entry = zip.by_index_raw(index).map_err(in_words)?;
        unpacked = unpacked.saturating_add(entry.size());
        packed = packed.saturating_add(entry.compressed_size());
    }
    let megabytes = unpacked / 1_000_000;
    if unpacked > MOST_UNPACKED {
        let most = MOST_UNPACKED / 1_000_000;
        let how = format!("it unpacks to {megabytes} MB, and {most} MB are allowed");
        return Err(Refusal::Oversized(how));
    }
    if unpacked > SMALL && unpacked / packed.max(1) > MOST_RATIO {
        let times = unpacked / packed.max(1);
        let how =
            format!("it unpacks to {megabytes} MB, {times} times its size, as no real data do");
        return Err(Refusal::Oversized(how));
    }
    Ok(())
}

/// What the reader of archives says, for those who made the file.
pub(super) fn in_words(error: ZipError) -> Refusal {
    match error {
        ZipError::UnsupportedArchive(text) if text == ZipError::PASSWORD_REQUIRED => {
            Refusal::Protected
        }
        ZipError::InvalidPassword => Refusal::Protected,
        ZipError::Io(error) => damaged(&error),
        error => Refusal::Damaged(error.to_string()),
    }
}

/// An archive ends early, or an entry holds something else than it declares.
fn damaged(error: &io::Error) -> Refusal {
    Refusal::Damaged(error.to_string())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::write::SimpleFileOptions;

    use super::*;

    fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn unpacked(bytes: &[u8]) -> (Result<Contents, Refusal>, tempfile::TempDir) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.zip");
        std::fs::write(&path, bytes).unwrap();
        (unpack(&path, dir.path()), dir)
    }

    #[test]
    fn spreadsheets_are_taken_out_and_nothing_leaves_the_folder() {
        let bytes = zip_of(&[
            ("b/ยอดขาย.csv", b"id,date\n"),
            ("../../a.csv", b"id\n"),
            ("__MACOSX/._a.csv", b"x"),
            ("c.zip", b"PK"),
            ("read me.pdf", b"%PDF"),
        ]);
        let (contents, dir) = unpacked(&bytes);
        let file = |name: &str, stored: Option<&str>| Unpacked {
            name: name.to_owned(),
            stored: stored.map(str::to_owned),
        };
        let expected = vec![
            file("a.csv", Some("00000.csv")),
            file("b/ยอดขาย.csv", Some("00001.csv")),
            file("c.zip", None),
            file("read me.pdf", None),
        ];
        assert_eq!(contents, Ok(Contents::Files(expected)));
        let stored = std::fs::read(dir.path().join("00001.csv")).unwrap();
        assert_eq!(stored, b"id,date\n");
    }

    #[test]
    fn a_trap_is_not_unpacked() {
        // 300 MB of zeros pack to 300 kB.
        let zeros = vec![0u8; 300_000_000];
        let bytes = zip_of(&[("a.csv", &zeros)]);
        assert!(bytes.len() < 400_000);
        let (refused, dir) = unpacked(&bytes);
        let Err(Refusal::Oversized(how)) = refused else {
            panic!("{refused:?}")
        };
        assert!(how.starts_with("it unpacks to 300 MB, "), "{how}");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_name_that_is_not_utf8_is_read_as_its_bytes_look() {
        let name = "ยอดขายประจำเดือนมกราคม.csv";
        let (thai, _, _) = encoding_rs::WINDOWS_874.encode(name);
        // The writer takes text only, so the bytes of a name of the same length are replaced.
        let stand_in = "x".repeat(thai.len());
        let mut bytes = zip_of(&[(&stand_in, b"id\n")]);
        let at: Vec<usize> = (0..bytes.len() - thai.len())
            .filter(|at| &bytes[*at..at + thai.len()] == stand_in.as_bytes())
            .collect();
        for at in at {
            bytes[at..at + thai.len()].copy_from_slice(&thai);
        }
        let (contents, _dir) = unpacked(&bytes);
        let Ok(Contents::Files(files)) = contents else {
            panic!("{contents:?}")
        };
        assert_eq!(files[0].name, name);
    }
}
