//! What a file is, by its content: tills write web pages and call them `.xls`, and people rename
//! what they cannot open.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use encoding_rs::Encoding;
use zip::ZipArchive;

use super::Refusal;
use super::archive;

/// What a file that can be read is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A workbook of Excel 2007 and later.
    Xlsx,
    /// The same in binary.
    Xlsb,
    /// A spreadsheet of LibreOffice and its like.
    Ods,
    /// A workbook of Excel 97 to 2003, or one of any age under a password.
    Ole,
    /// A Parquet file.
    Parquet,
    /// A web page, with its table or tables.
    Html,
    /// A workbook as XML, which Excel 2003 and many report writers make.
    Xml2003,
    /// A text with delimiters.
    Text,
    /// An archive of files.
    Archive,
}

/// How much of a file is looked at.
const HEAD: u64 = 4096;

impl Kind {
    /// What a file is.
    ///
    /// # Errors
    /// When it is of a kind that is not read, or damaged so that it cannot be told.
    pub(super) fn of(path: &Path) -> Result<Self, Refusal> {
        let mut head = Vec::new();
        File::open(path)?.take(HEAD).read_to_end(&mut head)?;
        if head.is_empty() {
            return Err(Refusal::Empty);
        }
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            return in_zip(path);
        }
        if head.starts_with(b"PAR1") {
            return Ok(Self::Parquet);
        }
        if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            return Ok(Self::Ole);
        }
        if let Some(what) = never_read(&head) {
            return Err(Refusal::Unsupported(what));
        }
        markup(&head)
    }

    /// What it is called in a message.
    pub(super) fn what(self) -> &'static str {
        match self {
            Self::Xlsx => "an Excel workbook (.xlsx)",
            Self::Xlsb => "an Excel binary workbook (.xlsb)",
            Self::Ods => "an OpenDocument spreadsheet (.ods)",
            Self::Ole => "an Excel 97–2003 workbook (.xls)",
            Self::Parquet => "a Parquet file",
            Self::Html => "a web page",
            Self::Xml2003 => "an XML spreadsheet",
            Self::Text => "a text with delimiters (.csv)",
            Self::Archive => "an archive (.zip)",
        }
    }

    /// Whether a file of this kind may have a name with this ending, in small letters.
    pub(super) fn is_named(self, extension: &str) -> bool {
        let names: &[&str] = match self {
            Self::Xlsx => &["xlsx", "xlsm", "xltx", "xltm"],
            Self::Xlsb => &["xlsb"],
            Self::Ods => &["ods", "ots"],
            Self::Ole => &["xls", "xlt"],
            Self::Parquet => &["parquet"],
            Self::Html => &["html", "htm"],
            Self::Xml2003 => &["xml"],
            Self::Text => &["csv", "tsv", "tab", "txt"],
            Self::Archive => &["zip"],
        };
        names.contains(&extension)
    }
}

/// What an archive of parts is: all newer office files are one.
fn in_zip(path: &Path) -> Result<Kind, Refusal> {
    let mut zip = ZipArchive::new(BufReader::new(File::open(path)?)).map_err(archive::in_words)?;
    let names: Vec<String> = zip
        .file_names_raw()
        .map(|name| {
            String::from_utf8_lossy(name)
                .to_lowercase()
                .replace('\\', "/")
        })
        .collect();
    let has = |wanted: fn(&str) -> bool| names.iter().any(|name| wanted(name));
    let kind = if has(|name| name == "xl/workbook.bin") {
        Kind::Xlsb
    } else if has(|name| name.starts_with("xl/") && name.ends_with(".xml")) {
        Kind::Xlsx
    } else if has(|name| name.starts_with("word/")) {
        return Err(Refusal::Unsupported("a Word document"));
    } else if has(|name| name.starts_with("ppt/")) {
        return Err(Refusal::Unsupported("a PowerPoint presentation"));
    } else if has(|name| {
        name.starts_with("index/") && name.ends_with(".iwa") || name == "index.zip"
    }) {
        return Err(Refusal::Unsupported("a Numbers spreadsheet"));
    } else if has(|name| name == "content.xml") && has(|name| name == "mimetype") {
        let mut mime = String::new();
        if let Ok(part) = zip.by_name("mimetype") {
            part.take(200).read_to_string(&mut mime)?;
        }
        if !mime.contains("opendocument.spreadsheet") {
            return Err(Refusal::Unsupported(
                "an OpenDocument file other than a spreadsheet",
            ));
        }
        Kind::Ods
    } else if has(|name| name == "[content_types].xml") {
        return Err(Refusal::Damaged("it has no part with cells".to_owned()));
    } else {
        return Ok(Kind::Archive);
    };
    archive::bounded(&mut zip)?;
    Ok(kind)
}

/// Kinds that are known by their first bytes and not read.
fn never_read(head: &[u8]) -> Option<&'static str> {
    let kinds: [(&[u8], &str); 15] = [
        (b"%PDF", "a PDF document"),
        (b"\x1f\x8b", "an archive (gzip)"),
        (b"7z\xbc\xaf", "an archive (7-Zip)"),
        (b"Rar!", "an archive (RAR)"),
        (b"\x89PNG", "an image"),
        (b"\xff\xd8\xff", "an image"),
        (b"GIF8", "an image"),
        (b"{\\rtf", "a Word document"),
        (b"SQLite format 3", "a database"),
        (b"\0\x01\0\0Standard", "an Access database"),
        (b"MIME-Version:", "a web archive (.mht)"),
        // The streams of Excel 2 to 4 and of Excel 5 without a container.
        (b"\x09\x00\x04\x00", "an Excel file from before 1993"),
        (b"\x09\x02\x06\x00", "an Excel file from before 1993"),
        (b"\x09\x04\x06\x00", "an Excel file from before 1995"),
        (b"\x09\x08\x08\x00", "an Excel file from before 1997"),
    ];
    let kind = kinds.iter().find(|(magic, _)| head.starts_with(magic));
    kind.map(|(_, what)| *what)
}

/// Markup or plain text.
fn markup(head: &[u8]) -> Result<Kind, Refusal> {
    let encoding = Encoding::for_bom(head)
        .map(|(encoding, _)| encoding)
        .or_else(|| super::encoding::utf16_without_mark(head));
    let text = match encoding {
        Some(encoding) => encoding.decode(head).0,
        None if head.contains(&0) => {
            return Err(Refusal::Unsupported(
                "a file that is no spreadsheet, whatever its name says,",
            ));
        }
        None => String::from_utf8_lossy(head),
    };
    let text = text.trim_start().to_lowercase();
    if !text.starts_with('<') {
        return Ok(Kind::Text);
    }
    if text.contains("urn:schemas-microsoft-com:office:spreadsheet") && text.starts_with("<?xml") {
        return Ok(Kind::Xml2003);
    }
    let page = [
        "<html",
        "<table",
        "<!doctype html",
        "<head",
        "<body",
        "<meta",
        "<style",
        "<div",
    ];
    if page.iter().any(|tag| text.contains(tag)) {
        return Ok(Kind::Html);
    }
    if text.starts_with("<?xml") || text.starts_with("<!--") {
        return Err(Refusal::Unsupported("an XML file"));
    }
    Ok(Kind::Text)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn kind(bytes: &[u8]) -> Result<Kind, Refusal> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        std::fs::write(&path, bytes).unwrap();
        Kind::of(&path)
    }

    fn zip_of(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, text) in parts {
            let options = zip::write::SimpleFileOptions::default();
            zip.start_file(*name, options).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn content_decides() {
        let utf16: Vec<u8> = "\u{feff}<html><table>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        for (bytes, expected) in [
            (b"id,date\n".as_slice(), Kind::Text),
            (b"<5 baht,date\n", Kind::Text),
            ("\u{feff}\n <!DOCTYPE html>".as_bytes(), Kind::Html),
            (b"<TABLE border=1><tr>", Kind::Html),
            (&utf16, Kind::Html),
            (
                b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
                Kind::Xml2003,
            ),
            (b"PAR1....", Kind::Parquet),
            (&[0xd0, 0xcf, 0x11, 0xe0, 0xa1], Kind::Ole),
            (&zip_of(&[("xl/workbook.xml", "")]), Kind::Xlsx),
            (&zip_of(&[("xl/workbook.bin", "")]), Kind::Xlsb),
            (
                &zip_of(&[
                    ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
                    ("content.xml", ""),
                ]),
                Kind::Ods,
            ),
            (&zip_of(&[("a.csv", "id")]), Kind::Archive),
        ] {
            assert_eq!(kind(bytes), Ok(expected), "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn what_is_not_read_is_named() {
        for (bytes, expected) in [
            (b"%PDF-1.7".as_slice(), "a PDF document"),
            (b"<?xml version=\"1.0\"?><invoice/>", "an XML file"),
            (&zip_of(&[("word/document.xml", "")]), "a Word document"),
            (
                &zip_of(&[("Index/Document.iwa", "")]),
                "a Numbers spreadsheet",
            ),
            (b"\x1f\x8b\x08", "an archive (gzip)"),
            (b"\x09\x04\x06\x00\0\0", "an Excel file from before 1995"),
        ] {
            assert_eq!(kind(bytes), Err(Refusal::Unsupported(expected)));
        }
        assert_eq!(kind(b""), Err(Refusal::Empty));
        let whole = zip_of(&[("xl/workbook.xml", "text")]);
        assert!(matches!(
            kind(&whole[..whole.len() / 2]),
            Err(Refusal::Damaged(_))
        ));
    }
}
