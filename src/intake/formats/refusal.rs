//! Why a file is not read, in words for those who made it.

use crate::diagnostics::codes::intake::{
    DAMAGED_INPUT, EMPTY_INPUT, NO_WORKSHEET, OVERSIZED_INPUT, PROTECTED_INPUT, UNREADABLE_INPUT,
    UNSUPPORTED_INPUT,
};
use crate::diagnostics::{Diagnostic, Place};

/// Why a file, or the rest of one, is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::intake) enum Refusal {
    /// The system does not give it.
    Io(String),
    /// It is protected by a password.
    Protected,
    /// It is cut off, or is not what it begins as; what exactly, for those who can use it.
    Damaged(String),
    /// It is of a kind that is not read: `a Word document`.
    Unsupported(&'static str),
    /// It has no bytes, or no entries.
    Empty,
    /// None of its sheets has a filled cell.
    Blank,
    /// It has charts, macros or dialogs, but no sheet with cells.
    NoWorksheet,
    /// Unpacked it is larger than is read; how large.
    Oversized(String),
}

impl Refusal {
    /// As it is said of a file.
    pub(in crate::intake) fn diagnostic(&self, path: &str) -> Diagnostic {
        let diagnostic = match self {
            Self::Io(reason) => Diagnostic::error(
                &UNREADABLE_INPUT,
                format!("the file cannot be read: {reason}"),
            )
            .help("check that it is there, that it may be read, and that no program holds it open"),
            Self::Protected => {
                Diagnostic::error(&PROTECTED_INPUT, "the file is protected by a password")
                    .help("open it, save it without a password, and replace it")
            }
            Self::Damaged(how) => Diagnostic::error(
                &DAMAGED_INPUT,
                format!("the file cannot be read: it is damaged ({how})"),
            )
            .help("open it, save it again as .xlsx or .csv, and replace it; if it does not open, export it again"),
            Self::Unsupported(what) => {
                Diagnostic::error(&UNSUPPORTED_INPUT, format!("{what} is not read"))
                    .help("save it as .xlsx or .csv, or take it out of the inbox")
            }
            Self::Empty => Diagnostic::warning(&EMPTY_INPUT, "the file is empty")
                .help("export it again, or take it out of the inbox"),
            Self::Blank => Diagnostic::warning(&EMPTY_INPUT, "no cell of the file is filled")
                .help("drop the file that holds the data, or take this one out of the inbox"),
            Self::NoWorksheet => Diagnostic::warning(
                &NO_WORKSHEET,
                "the workbook has no sheet with cells, only charts or macros",
            )
            .help("drop the workbook that the charts are made from, or take this one out of the inbox"),
            Self::Oversized(how) => Diagnostic::error(
                &OVERSIZED_INPUT,
                format!("the file is not read: {how}"),
            )
            .help("if it is real data, export it as .csv or in parts; if nobody knows it, delete it"),
        };
        diagnostic.at(Place::File(path.to_owned()))
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error.to_string())
    }
}
