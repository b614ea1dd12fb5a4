//! The formats of files: what a file is, by its content before its name, and its cells.
//!
//! A reader knows its format and nothing of tables: it passes cells to a
//! [`SheetSink`] in the order of sheets and rows and keeps none. All of
//! this handles what nobody has checked; it runs in a [child process](super::reader) whenever the
//! program, not a test, is at work.

pub(super) mod archive;
mod encoding;
mod hidden;
mod html;
mod kind;
mod parquet;
pub(super) mod plain;
mod refusal;
mod text;
mod workbook;
mod xml_2003;

use std::path::Path;

use super::cells::SheetSink;
use crate::workspace::Language;
use kind::Kind;
pub(super) use refusal::Refusal;

/// What there is to say of a file that was read to its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Remarks {
    /// The encoding of a text, where nothing but its bytes says so.
    pub(super) guessed_encoding: Option<&'static str>,
    /// What the file is, where its name says something else: `a web page`.
    pub(super) renamed: Option<&'static str>,
}

/// What is known of the encoding of a text before it is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Encodings {
    /// The client's language, which decides between likely ones.
    pub(super) language: Language,
    /// The one that is declared in the settings.
    pub(super) declared: Option<&'static encoding_rs::Encoding>,
}

impl Encodings {
    /// None declared.
    #[cfg(test)]
    pub(super) fn of(language: Language) -> Self {
        Self {
            language,
            declared: None,
        }
    }
}

/// Reads a file into a sink.
///
/// # Errors
/// Why it cannot be read; what the sink was given till then is half a file.
pub(super) fn read<S: SheetSink>(
    path: &Path,
    encodings: Encodings,
    sheets: &mut S,
) -> Result<Remarks, Refusal> {
    let kind = Kind::of(path)?;
    let mut guessed_encoding = None;
    match kind {
        Kind::Xlsx => workbook::xlsx(path, sheets)?,
        Kind::Xlsb => workbook::xlsb(path, sheets)?,
        Kind::Ods => workbook::ods(path, sheets)?,
        Kind::Ole => workbook::ole(path, sheets)?,
        Kind::Parquet => parquet::read(path, sheets)?,
        Kind::Html => guessed_encoding = html::read(path, encodings, sheets)?,
        Kind::Xml2003 => xml_2003::read(path, encodings, sheets)?,
        Kind::Text => guessed_encoding = text::read(path, encodings, sheets)?,
        Kind::Archive => return Err(Refusal::Unsupported("an archive under another name")),
    }
    Ok(Remarks {
        guessed_encoding,
        renamed: (!kind.is_named(&extension(path))).then(|| kind.what()),
    })
}

/// Whether a file is a workbook of Excel 2007 and later, whatever its name says.
///
/// # Errors
/// When it is of a kind that is not read, or damaged so that it cannot be told.
pub(super) fn is_xlsx(path: &Path) -> Result<bool, Refusal> {
    Ok(Kind::of(path)? == Kind::Xlsx)
}

/// Columns a sheet has.
const COLUMNS: u32 = 16_384;

/// Bytes of a cell that are kept of a text that may have no end; Excel keeps half.
const MOST_TEXT: usize = 1 << 16;

/// The ending of a file's name, in small letters.
pub(super) fn extension(path: &Path) -> String {
    path.extension()
        .map(|ending| ending.to_string_lossy().to_lowercase())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use crate::intake::cells::{Cell, CellSink, SheetInfo};

    /// Writes down what it is given: `row: column=cell …`, after `[sheet]` where it has a name.
    #[derive(Default)]
    pub(super) struct Notes(pub(super) Vec<String>);

    impl CellSink for Notes {
        fn row(&mut self, row: u32, _: Option<u32>) -> ControlFlow<()> {
            self.0.push(format!("{row}:"));
            ControlFlow::Continue(())
        }

        fn hidden(&mut self) {
            if let Some(last) = self.0.last_mut() {
                last.push_str(" (hidden)");
            }
        }

        fn cell(&mut self, column: u32, cell: Cell<'_>) {
            if let Some(last) = self.0.last_mut() {
                last.push_str(&format!(" {column}={}", cell.shown()));
            }
        }
    }

    impl SheetSink for Notes {
        type Cells = Self;

        fn open(&mut self, sheet: SheetInfo) -> Self {
            Self(
                sheet
                    .name
                    .map(|name| format!("[{name}]"))
                    .into_iter()
                    .collect(),
            )
        }

        fn close(&mut self, mut cells: Self) {
            self.0.append(&mut cells.0);
        }
    }

    /// The cells of a file of these bytes.
    pub(super) fn rows(bytes: &[u8]) -> Result<Vec<String>, Refusal> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        std::fs::write(&path, bytes).unwrap();
        let mut notes = Notes::default();
        read(&path, Encodings::of(Language::En), &mut notes).map(|_| notes.0)
    }
}
