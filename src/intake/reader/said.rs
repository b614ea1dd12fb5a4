//! What is said of a file, as text between processes: names of codes, tables and columns stand for
//! what is declared once in the program.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::packed::Packing;
use crate::diagnostics::codes::intake::ALL;
use crate::diagnostics::{Diagnostic, Place, Related, Severity, Source};
use crate::intake::evidence::{Evidence, Ground};
use crate::intake::fix::Fix;
use crate::intake::flaw::Flaws;
use crate::intake::formats::archive::Contents;
use crate::intake::{Recognised, RecognisedColumn, Why};
use crate::tables::{TableSpec, by_name};

/// Everything about a file but the rows of its tables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Said {
    pub(super) tables: Vec<TableSaid>,
    pub(super) recognised: Vec<RecognisedSaid>,
    pub(super) fixes: Vec<Fix>,
    pub(super) sheets: Vec<String>,
    pub(super) problems: Vec<ProblemSaid>,
    pub(super) sha256: String,
    pub(super) contents: Option<Contents>,
}

/// A sheet read as a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct TableSaid {
    pub(super) sheet: Option<String>,
    pub(super) table: String,
    pub(super) columns: Vec<String>,
    pub(super) read: u64,
    pub(super) blank: u64,
    pub(super) set_aside: u64,
    pub(super) flaws: Flaws,
    pub(super) begins: String,
    pub(super) evidence: Vec<EvidenceSaid>,
    pub(super) rows: u64,
    pub(super) values: Vec<ColumnSaid>,
}

/// How a column was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct EvidenceSaid {
    name: String,
    header: String,
    column: Option<u32>,
    why: Why,
    filled: u64,
    grounds: Vec<Ground>,
}

/// A column as a stretch of the file this is in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct ColumnSaid {
    pub(super) name: String,
    /// Where it begins and how many bytes it is.
    pub(super) at: u64,
    pub(super) length: u64,
    pub(super) checksum: u32,
    /// What the values there are of those of the column.
    pub(super) packing: Packing,
}

/// A sheet recognised by its headers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct RecognisedSaid {
    path: String,
    sheet: Option<String>,
    table: String,
    header_row: u32,
    columns: Vec<(String, String, Option<u32>, Why)>,
    unused: Vec<String>,
}

/// A diagnostic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct ProblemSaid {
    code: String,
    severity: String,
    message: String,
    place: Option<PlaceSaid>,
    subject: Option<String>,
    help: Option<String>,
    related: Vec<(PlaceSaid, String)>,
    count: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum PlaceSaid {
    Text {
        path: String,
        span: Range<usize>,
    },
    Cell {
        file: String,
        sheet: Option<String>,
        row: Option<u32>,
        column: Option<u32>,
    },
    File(String),
}

impl RecognisedSaid {
    pub(super) fn of(recognised: &Recognised) -> Self {
        let columns = recognised.columns.iter();
        Self {
            path: recognised.path.clone(),
            sheet: recognised.sheet.clone(),
            table: recognised.table.to_owned(),
            header_row: recognised.header_row,
            columns: columns
                .map(|found| {
                    let name = found.name.to_owned();
                    (name, found.header.clone(), found.column, found.why)
                })
                .collect(),
            unused: recognised.unused.clone(),
        }
    }

    /// Nothing where a table or a column is not known.
    pub(super) fn recognised(self) -> Option<Recognised> {
        let table = by_name(&self.table)?;
        let columns = self.columns.into_iter();
        Some(Recognised {
            path: self.path,
            sheet: self.sheet,
            table: table.name,
            header_row: self.header_row,
            columns: columns
                .map(|(name, header, column, why)| {
                    Some(RecognisedColumn {
                        name: table.column(&name)?.name,
                        header,
                        column,
                        why,
                    })
                })
                .collect::<Option<_>>()?,
            unused: self.unused,
        })
    }
}

impl EvidenceSaid {
    pub(super) fn of(evidence: &Evidence) -> Self {
        let Evidence {
            name,
            header,
            column,
            why,
            filled,
            grounds,
        } = evidence;
        Self {
            name: (*name).to_owned(),
            header: header.clone(),
            column: *column,
            why: *why,
            filled: *filled,
            grounds: grounds.clone(),
        }
    }

    /// Nothing where the column is not known.
    pub(super) fn evidence(self, table: &TableSpec) -> Option<Evidence> {
        Some(Evidence {
            name: table.column(&self.name)?.name,
            header: self.header,
            column: self.column,
            why: self.why,
            filled: self.filled,
            grounds: self.grounds,
        })
    }
}

impl TableSaid {
    /// The table and its columns; nothing where one is not known.
    pub(super) fn declared(&self) -> Option<(&'static TableSpec, Vec<&'static str>)> {
        let table = by_name(&self.table)?;
        let columns = self.columns.iter();
        let columns = columns.map(|name| Some(table.column(name)?.name));
        Some((table, columns.collect::<Option<_>>()?))
    }
}

impl ProblemSaid {
    pub(super) fn of(problem: &Diagnostic) -> Self {
        let Diagnostic {
            code,
            severity,
            message,
            place,
            subject,
            help,
            related,
            count,
        } = problem;
        let related = related.iter();
        Self {
            code: code.name.to_owned(),
            severity: severity.to_string(),
            message: message.clone(),
            place: place.as_ref().map(PlaceSaid::of),
            subject: subject.clone(),
            help: help.clone(),
            related: related
                .map(|related| (PlaceSaid::of(&related.place), related.message.clone()))
                .collect(),
            count: *count,
        }
    }

    /// Nothing where the code is not one of the intake's.
    pub(super) fn diagnostic(self) -> Option<Diagnostic> {
        let related = self.related.into_iter();
        Some(Diagnostic {
            code: ALL.iter().copied().find(|code| code.name == self.code)?,
            severity: self.severity.parse::<Severity>().ok()?,
            message: self.message,
            place: self.place.map(PlaceSaid::place),
            subject: self.subject,
            help: self.help,
            related: related
                .map(|(place, message)| Related {
                    place: place.place(),
                    message,
                })
                .collect(),
            count: self.count,
        })
    }
}

impl PlaceSaid {
    fn of(place: &Place) -> Self {
        match place.clone() {
            Place::Text { source, span } => Self::Text {
                path: source.path.clone(),
                span,
            },
            Place::Cell {
                file,
                sheet,
                row,
                column,
            } => Self::Cell {
                file,
                sheet,
                row,
                column,
            },
            Place::File(file) => Self::File(file),
        }
    }

    fn place(self) -> Place {
        match self {
            Self::Text { path, span } => Place::Text {
                source: Source::new(path, ""),
                span,
            },
            Self::Cell {
                file,
                sheet,
                row,
                column,
            } => Place::Cell {
                file,
                sheet,
                row,
                column,
            },
            Self::File(file) => Place::File(file),
        }
    }
}

/// Puts the texts back that places are in: a reading process knows where a declaration stands, not
/// what stands there.
pub(super) fn restore_places(problems: &mut [Diagnostic], settings: Option<&Arc<Source>>) {
    for problem in problems {
        let related = problem.related.iter_mut().map(|related| &mut related.place);
        for place in problem.place.iter_mut().chain(related) {
            let restored = match place {
                Place::Text { source, span } => match settings {
                    Some(settings) if settings.path == source.path => {
                        Place::text(settings, span.clone())
                    }
                    _ => Place::File(source.path.clone()),
                },
                _ => continue,
            };
            *place = restored;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::codes::intake::{NO_SUCH_HEADER, UNREADABLE_VALUE};

    #[test]
    fn a_diagnostic_is_the_same_on_the_other_side() {
        let settings = Source::new("quarterdeck.toml", "[[input.file]]\nmatch = \"a\"\n");
        let problem = Diagnostic::error(&NO_SUCH_HEADER, "there is no header `x`")
            .at(Place::cell("inbox/a.xlsx", Some("ยอด"), Some(3), None))
            .help("did you mean `y`?")
            .about("customer C1")
            .related(Place::text(&settings, 2..13), "declared here")
            .times(7);
        let text = serde_json::to_string(&ProblemSaid::of(&problem)).unwrap();
        let said: ProblemSaid = serde_json::from_str(&text).unwrap();
        let mut back = [said.diagnostic().unwrap()];
        restore_places(&mut back, Some(&settings));
        assert_eq!(back[0], problem);
    }

    #[test]
    fn what_is_not_declared_is_nothing() {
        let problem = Diagnostic::warning(&UNREADABLE_VALUE, "x");
        let mut said = ProblemSaid::of(&problem);
        said.code = "no-such-code".to_owned();
        assert_eq!(said.diagnostic(), None);
    }
}
