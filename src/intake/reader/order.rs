//! What a reading process is told: everything that influences how a file is read, and nothing else.
//! The same order over the same bytes by the same code gives the same tables, which is what the
//! [cache](super::cache) stands on.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diagnostics::{Place, Source};
use crate::intake::columns::Conventions;
use crate::intake::discover::InputFilePath;
use crate::intake::glob;
use crate::intake::marked::SheetMarks;
use crate::intake::values::number::Mark;
use crate::workspace::{Currency, InputFile, Language, ReadLimits, Unpivot, Workspace};

/// The code that reads: its sources, those it stands on, and its dependencies.
pub(super) const READS_AS: &str = env!("QUARTERDECK_READS_AS");

/// The name of the settings file, as places in it say it.
const SETTINGS: &str = "quarterdeck.toml";

/// What is wanted of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Work {
    /// Its tables.
    Rows,
    /// What its headers are.
    Headers,
    /// The files in it.
    Unpack,
    /// A copy with marked cells.
    Mark,
}

/// An order to read one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Order {
    /// [`READS_AS`] of the process that gives it.
    pub(super) reads_as: String,
    /// What is wanted.
    pub(super) work: Work,
    /// As the file is shown and recorded.
    pub(super) path: String,
    /// As patterns see it.
    pub(super) in_inbox: String,
    language: String,
    currency: String,
    declared: Vec<DeclaredFile>,
    /// The cells to mark in a copy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) marks: Vec<SheetMarks>,
}

/// An `[[input.file]]` that is for the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct DeclaredFile {
    matches: String,
    sheet: Option<String>,
    table: Option<String>,
    columns: Vec<(String, String)>,
    values: Vec<(String, String)>,
    unpivot: Option<Unpivot>,
    dates: Option<String>,
    encoding: Option<String>,
    digits: Vec<(String, u32)>,
    fill_down: Vec<String>,
    /// Where it stands in the settings.
    span: (usize, usize),
}

/// What reading may take, as a reading process is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Allowance {
    /// Bytes beside those of the program.
    pub(super) memory: u64,
    /// Seconds.
    pub(super) seconds: u64,
}

impl From<ReadLimits> for Allowance {
    fn from(limits: ReadLimits) -> Self {
        Self {
            memory: limits.memory.0 as u64,
            seconds: limits.seconds,
        }
    }
}

impl Order {
    /// The order for a file of a workspace.
    pub(super) fn of(workspace: &Workspace, file: &InputFilePath, work: Work) -> Self {
        let client = &workspace.config.client;
        let declared = workspace.config.input.files.iter();
        Self {
            reads_as: READS_AS.to_owned(),
            work,
            path: file.path.clone(),
            in_inbox: file.in_inbox.clone(),
            language: workspace.config.input.language.code().to_owned(),
            currency: client.currency.code.clone(),
            declared: declared
                .filter(|declared| glob::matches(&declared.matches, &file.in_inbox))
                .map(DeclaredFile::of)
                .collect(),
            marks: Vec::new(),
        }
    }

    /// The client's language.
    pub(super) fn language(&self) -> Language {
        self.language.parse().unwrap_or(Language::En)
    }

    /// What cells are read by where they do not speak for themselves.
    pub(super) fn conventions(&self) -> Conventions {
        let currency: Currency = self.currency.parse().unwrap_or_else(|_| Currency {
            code: self.currency.clone(),
            digits: 2,
        });
        Conventions {
            whole_amounts: currency.digits == 0,
            money_scale: u32::from(currency.scale().unsigned_abs()),
            currency: currency.code,
            mark: match self.language() {
                Language::Vi => Mark::Comma,
                Language::En | Language::Th => Mark::Point,
            },
            order: None,
            is_1904: false,
            digits: Vec::new(),
            fill_down: Vec::new(),
        }
    }

    /// The declarations that are for the file.
    pub(super) fn declared(&self) -> Vec<InputFile> {
        let settings = Source::new(SETTINGS, "");
        self.declared
            .iter()
            .map(|declared| declared.input_file(&settings))
            .collect()
    }

    /// The order without what changes nothing but where a declaration stands.
    pub(super) fn without_places(&self) -> Self {
        let mut order = self.clone();
        for declared in &mut order.declared {
            declared.span = (0, 0);
        }
        order
    }
}

impl DeclaredFile {
    fn of(file: &InputFile) -> Self {
        let InputFile {
            matches,
            sheet,
            table,
            columns,
            values,
            unpivot,
            dates,
            encoding,
            digits,
            fill_down,
            place,
        } = file.clone();
        let span = match place {
            Place::Text { span, .. } => (span.start, span.end),
            _ => (0, 0),
        };
        Self {
            matches,
            sheet,
            table,
            columns,
            values,
            unpivot,
            dates,
            encoding,
            digits,
            fill_down,
            span,
        }
    }

    fn input_file(&self, settings: &Arc<Source>) -> InputFile {
        InputFile {
            matches: self.matches.clone(),
            sheet: self.sheet.clone(),
            table: self.table.clone(),
            columns: self.columns.clone(),
            values: self.values.clone(),
            unpivot: self.unpivot.clone(),
            dates: self.dates.clone(),
            encoding: self.encoding.clone(),
            digits: self.digits.clone(),
            fill_down: self.fill_down.clone(),
            // The text is with the process that gave the order, which puts it back.
            place: Place::Text {
                source: Arc::clone(settings),
                span: self.span.0..self.span.1,
            },
        }
    }
}
