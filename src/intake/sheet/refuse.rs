//! Why a sheet is not read as a table, and what to do about it.

use super::SheetReader;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::intake::{
    AMBIGUOUS_HEADER, AMBIGUOUS_TABLE, NO_SUCH_HEADER, NO_VALUE, UNKNOWN_SHEET,
};
use crate::intake::recognise::{Candidate, Mapping, Nearest, Outcome, Unclear, suggest_header};
use crate::intake::table::{declare_column, quoted};

impl SheetReader<'_> {
    /// Says why a sheet is not read.
    pub(super) fn refuse(&mut self, outcome: Outcome, rows: &[Candidate]) {
        match outcome {
            Outcome::Table(_) => {}
            Outcome::Ambiguous { row, tables } => {
                let message = format!(
                    "the headers fit tables `{}` equally well",
                    tables.join("` and `")
                );
                self.problems.push(
                    Diagnostic::error(&AMBIGUOUS_TABLE, message)
                        .at(self.place(Some(row), None))
                        .help(self.declare_table(tables[0])),
                );
            }
            Outcome::Unclear {
                table,
                row,
                unclear,
            } => self.unclear(table, row, &unclear),
            Outcome::NoSuchHeader {
                column,
                header,
                row,
            } => {
                let message =
                    format!("there is no header `{header}`, which is declared for `{column}`");
                let mut diagnostic = Diagnostic::error(&NO_SUCH_HEADER, message)
                    .at(self.place(Some(row), None))
                    .maybe_help(suggest_header(&header, rows));
                if let Some(source) = self.declared.and_then(|declared| declared.source) {
                    diagnostic = diagnostic.related(source.place.clone(), "declared here");
                }
                self.problems.push(diagnostic);
            }
            Outcome::Unknown(None) if rows.is_empty() => {}
            Outcome::Unknown(near) => self.unknown(near),
        }
    }

    fn unclear(&mut self, table: &str, row: u32, unclear: &Unclear) {
        let message = format!(
            "{} could each be `{}` of table `{table}`",
            unclear.said(),
            unclear.name
        );
        let (first, text) = &unclear.headers[0];
        let sheet = self.sheet.name.as_deref();
        let mut diagnostic = Diagnostic::error(&AMBIGUOUS_HEADER, message)
            .at(self.place(Some(row), Some(*first)))
            .help(declare_column(&self.file.path, sheet, unclear.name, text));
        for (column, text) in &unclear.headers[1..] {
            let place = self.place(Some(row), Some(*column));
            diagnostic = diagnostic.related(place, format!("`{text}` is here"));
        }
        self.problems.push(diagnostic);
    }

    fn unknown(&mut self, near: Option<Nearest>) {
        let Some(near) = near.filter(|near| near.found > 1 || self.declared.is_some()) else {
            let message = "the sheet looks like no table";
            self.stranger = Some(
                Diagnostic::warning(&UNKNOWN_SHEET, message)
                    .at(self.place(None, None))
                    .help("a table has a row of headers; `quarterdeck check` lists what was recognised"),
            );
            return;
        };
        let message = format!(
            "the sheet looks like table `{}`, but has no column for {}",
            near.table,
            near.lacks.join(" and for ")
        );
        let help = if near.hints.is_empty() {
            "name the columns so, or map them with `columns` in an `[[input.file]]`".to_owned()
        } else {
            near.hints.join("; ")
        };
        self.problems.push(
            Diagnostic::warning(&UNKNOWN_SHEET, message)
                .at(self.place(Some(near.row), None))
                .help(help),
        );
    }

    fn declare_table(&self, table: &str) -> String {
        let file = self.file.path.rsplit('/').next().unwrap_or(&self.file.path);
        let sheet = self.sheet.name.as_deref();
        let sheet = sheet
            .map(|name| format!("sheet = {}\n", quoted(name)))
            .unwrap_or_default();
        format!(
            "say which in quarterdeck.toml:\n[[input.file]]\nmatch = {}\n{sheet}table = {}",
            quoted(file),
            quoted(table)
        )
    }

    /// Says that a value cannot be put together for this sheet.
    pub(super) fn no_value(&self, mapping: &Mapping, column: u32, why: &str) -> Diagnostic {
        let found = mapping.found.iter().find(|found| found.column == column);
        let name = found.map_or("", |found| mapping.table.columns[found.position].name);
        self.not_made(&format!("`{name}`"), why)
    }

    /// Something that is made of names and cannot be.
    pub(super) fn not_made(&self, what: &str, why: &str) -> Diagnostic {
        let message = format!("{what} cannot be put together: {why}");
        let problem = Diagnostic::error(&NO_VALUE, message).at(self.place(None, None));
        match self.declared.and_then(|declared| declared.source) {
            Some(source) => problem.related(source.place.clone(), "declared here"),
            None => problem,
        }
    }
}
