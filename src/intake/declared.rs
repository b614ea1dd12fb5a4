//! The `[[input.file]]` declarations: checked, and found for a file and sheet.

use std::collections::BTreeSet;

use encoding_rs::Encoding;
use unicode_normalization::UnicodeNormalization;

use super::columns::Conventions;
use super::composed::Composed;
use super::discover::InputFilePath;
use super::glob;
use crate::diagnostics::codes::intake::{
    BAD_VALUE_PATTERN, NO_SUCH_INPUT, UNKNOWN_COLUMN, UNKNOWN_TABLE,
};
use crate::diagnostics::{Diagnostic, Diagnostics, suggestion};
use crate::tables::{Column, Kind, TableSpec, all, by_name};
use crate::workspace::InputFile;

/// Columns headed by months, as declared of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Months {
    /// The position of the column that the cells below them are.
    pub(super) value: usize,
    /// That of the column that the month is.
    pub(super) month: usize,
    /// Whether a month stands for its first day.
    pub(super) first_day: bool,
}

/// One declaration.
pub(super) struct Declared<'a> {
    /// The table, where it says which.
    pub(super) table: Option<&'static TableSpec>,
    columns: Vec<(&'a str, &'a str)>,
    values: Vec<(&'a str, Composed)>,
    unpivot: Option<Months>,
    year: Option<Composed>,
    digits: Vec<(&'static str, u32)>,
    fill_down: Vec<&'static str>,
    /// As it stands in quarterdeck.toml; none only in tests.
    pub(super) source: Option<&'a InputFile>,
}

impl<'a> Declared<'a> {
    /// Canonical columns and the headers declared for them.
    pub(super) fn columns(&self) -> Vec<(&'a str, &'a str)> {
        self.columns.clone()
    }

    /// Canonical columns and what they are put together of.
    pub(super) fn values(&self) -> &[(&'a str, Composed)] {
        &self.values
    }

    /// How columns headed by months become rows of the table, which it says.
    pub(super) fn months(&self) -> Option<Months> {
        self.unpivot
    }

    /// What the year of months without one is made of.
    pub(super) fn year(&self) -> Option<&Composed> {
        self.year.as_ref()
    }

    /// Whether a sheet it is for may be this table: the declared one, or one that has all declared
    /// columns.
    pub(super) fn allows(&self, table: &TableSpec) -> bool {
        match self.table {
            Some(declared) => declared.name == table.name,
            None => {
                let columns = self.columns.iter().map(|(name, _)| name);
                let values = self.values.iter().map(|(name, _)| name);
                columns
                    .chain(values)
                    .all(|name| table.column(name).is_some())
            }
        }
    }

    /// Sets what the declaration says about reading values.
    pub(super) fn set(&self, conventions: &mut Conventions) {
        let dates = self.source.and_then(|source| source.dates.as_deref());
        conventions.order = dates.and_then(|dates| dates.parse().ok());
        conventions.digits = self.digits.clone();
        conventions.fill_down = self.fill_down.clone();
    }

    /// A declaration to be tried over the one in force.
    pub(super) fn trial(
        table: Option<&'static TableSpec>,
        columns: &'a [(String, String)],
        now: Option<&Declared<'a>>,
    ) -> Self {
        let columns = columns.iter();
        Self {
            table,
            columns: columns
                .map(|(name, header)| (name.as_str(), header.as_str()))
                .collect(),
            values: now.map(|now| now.values.clone()).unwrap_or_default(),
            unpivot: now.and_then(|now| now.unpivot),
            year: now.and_then(|now| now.year.clone()),
            digits: now.map(|now| now.digits.clone()).unwrap_or_default(),
            fill_down: now.map(|now| now.fill_down.clone()).unwrap_or_default(),
            source: None,
        }
    }

    #[cfg(test)]
    pub(super) fn for_test(
        table: Option<&'static TableSpec>,
        columns: &'a [(String, String)],
    ) -> Self {
        Self::trial(table, columns, None)
    }
}

/// All declarations of a workspace.
pub(super) struct Declarations<'a>(Vec<Declared<'a>>);

impl<'a> Declarations<'a> {
    /// Checks the declarations against the tables and the files there are.
    pub(super) fn check(
        declared: &'a [InputFile],
        files: &[InputFilePath],
        problems: &mut Diagnostics,
    ) -> Self {
        let checked = declared.iter().map(|source| {
            if !files
                .iter()
                .any(|file| glob::matches(&source.matches, &file.in_inbox))
            {
                let message = format!(
                    "`match = \"{}\"` matches no file of the inbox",
                    source.matches
                );
                let known = files.iter().map(|file| file.in_inbox.as_str());
                problems.push(
                    Diagnostic::warning(&NO_SUCH_INPUT, message)
                        .at(source.place.clone())
                        .maybe_help(suggestion(&source.matches, known)),
                );
            }
            Declared {
                table: table_of(source, problems),
                columns: columns_of(source, &source.columns, problems),
                values: values_of(source, problems),
                unpivot: months_of(source, problems),
                year: year_of(source, problems),
                digits: digits_of(source, problems),
                fill_down: fill_down_of(source, problems),
                source: Some(source),
            }
        });
        Self(checked.collect())
    }

    /// The first declaration for a sheet of a file.
    pub(super) fn of(&self, file: &InputFilePath, sheet: Option<&str>) -> Option<&Declared<'a>> {
        self.0.iter().find(|declared| {
            declared.source.is_some_and(|source| {
                glob::matches(&source.matches, &file.in_inbox)
                    && source
                        .sheet
                        .as_deref()
                        .is_none_or(|wanted| sheet.is_some_and(|name| same_sheet(wanted, name)))
            })
        })
    }

    /// The encoding declared for a file that has one.
    pub(super) fn encoding(&self, file: &InputFilePath) -> Option<&'static Encoding> {
        let encoding = self.of(file, None)?.source?.encoding.as_deref()?;
        Encoding::for_label_no_replacement(encoding.as_bytes())
    }

    /// Reports the declarations of sheets that a file they match does not have.
    pub(super) fn check_sheets(
        &self,
        file: &InputFilePath,
        sheets: &[String],
        problems: &mut Diagnostics,
    ) {
        for source in self.0.iter().filter_map(|declared| declared.source) {
            let Some(wanted) = &source.sheet else {
                continue;
            };
            if glob::matches(&source.matches, &file.in_inbox)
                && !sheets.iter().any(|name| same_sheet(wanted, name))
            {
                let message = format!("`{}` has no sheet `{wanted}`", file.path);
                problems.push(
                    Diagnostic::warning(&NO_SUCH_INPUT, message)
                        .at(source.place.clone())
                        .maybe_help(suggestion(wanted, sheets.iter().map(String::as_str))),
                );
            }
        }
    }
}

fn same_sheet(wanted: &str, name: &str) -> bool {
    let plain = |text: &str| -> String { text.trim().nfc().flat_map(char::to_lowercase).collect() };
    plain(wanted) == plain(name)
}

fn table_of(source: &InputFile, problems: &mut Diagnostics) -> Option<&'static TableSpec> {
    let name = source.table.as_deref()?;
    let table = by_name(name);
    if table.is_none() {
        let known = all().iter().map(|table| table.name);
        problems.push(
            Diagnostic::error(&UNKNOWN_TABLE, format!("there is no table `{name}`"))
                .at(source.place.clone())
                .maybe_help(suggestion(name, known)),
        );
    }
    table
}

/// How months become rows, where that is declared and can be.
fn months_of(source: &InputFile, problems: &mut Diagnostics) -> Option<Months> {
    let unpivot = source.unpivot.as_ref()?;
    let mut wrong = |message: String, help: Option<String>| {
        problems.push(
            Diagnostic::error(&UNKNOWN_COLUMN, message)
                .at(source.place.clone())
                .maybe_help(help),
        );
    };
    let Some(name) = source.table.as_deref() else {
        let message = "`unpivot` needs `table`: its columns are those of one table";
        wrong(message.to_owned(), None);
        return None;
    };
    // A table that does not exist has been told.
    let table = by_name(name)?;
    let mut position = |column: &str| {
        let found = table.position(column);
        if found.is_none() {
            let known = table.columns.iter().map(|column| column.name);
            let message = format!("table `{name}` has no column `{column}`");
            wrong(message, suggestion(column, known));
        }
        found
    };
    let value = position(&unpivot.value)?;
    let month = match &unpivot.month {
        Some(month) => position(month)?,
        None => position(table.dated.unwrap_or("period"))?,
    };
    Some(Months {
        value,
        month,
        first_day: unpivot.first_day,
    })
}

/// The year of months that are headed without one.
fn year_of(source: &InputFile, problems: &mut Diagnostics) -> Option<Composed> {
    let written = source.unpivot.as_ref()?.year.as_deref()?;
    let year: Result<Composed, String> = written.parse();
    let year = year.and_then(|year| {
        let group = year.is_of_group().then_some("group");
        let header = year.headers().next().or(group).map(str::to_owned);
        match header {
            None => Ok(year),
            Some(header) => Err(format!("`{{{header}}}` is a heading, not a name")),
        }
    });
    let why = match year {
        Ok(year) => return Some(year),
        Err(why) => why,
    };
    problems.push(
        Diagnostic::error(&BAD_VALUE_PATTERN, format!("the year of `unpivot`: {why}"))
            .at(source.place.clone()),
    );
    None
}

/// The values that are put together, as far as they can be.
fn values_of<'a>(source: &'a InputFile, problems: &mut Diagnostics) -> Vec<(&'a str, Composed)> {
    let mut values = Vec::new();
    for (name, written) in columns_of(source, &source.values, problems) {
        match written.parse() {
            Ok(composed) => values.push((name, composed)),
            Err(why) => problems.push(
                Diagnostic::error(&BAD_VALUE_PATTERN, format!("the value of `{name}`: {why}"))
                    .at(source.place.clone()),
            ),
        }
    }
    values
}

/// The columns of ids with the digits declared for them.
fn digits_of(source: &InputFile, problems: &mut Diagnostics) -> Vec<(&'static str, u32)> {
    let ids = names_of(source, |column| column.kind == Kind::Id);
    let declared = source.digits.iter();
    let found = declared.filter_map(|(name, digits)| {
        let message = || format!("`digits`: `{name}` is no column of ids");
        Some((named(&ids, name, source, message, problems)?, *digits))
    });
    found.collect()
}

/// The columns of which one cell stands for several rows.
fn fill_down_of(source: &InputFile, problems: &mut Diagnostics) -> Vec<&'static str> {
    let known = names_of(source, |_| true);
    let declared = source.fill_down.iter();
    let found = declared.filter_map(|name| {
        let message = || format!("`fill-down`: there is no column `{name}`");
        named(&known, name, source, message, problems)
    });
    found.collect()
}

/// The names of columns of the declared table, or of any where none is declared.
fn names_of(source: &InputFile, wanted: impl Fn(&Column) -> bool) -> BTreeSet<&'static str> {
    let declared = source.table.as_deref();
    let tables = all().iter();
    let tables = tables.filter(|table| declared.is_none_or(|name| name == table.name));
    let columns = tables.flat_map(|table| table.columns);
    let columns = columns.filter(|column| wanted(column));
    columns.map(|column| column.name).collect()
}

/// The one of these names that was declared; where there is none, that is told.
fn named(
    known: &BTreeSet<&'static str>,
    name: &str,
    source: &InputFile,
    message: impl Fn() -> String,
    problems: &mut Diagnostics,
) -> Option<&'static str> {
    let found = known.get(name).copied();
    if found.is_none() {
        problems.push(
            Diagnostic::error(&UNKNOWN_COLUMN, message())
                .at(source.place.clone())
                .maybe_help(suggestion(name, known.iter().copied())),
        );
    }
    found
}

/// Those of the declared columns that there are.
fn columns_of<'a>(
    source: &'a InputFile,
    declared: &'a [(String, String)],
    problems: &mut Diagnostics,
) -> Vec<(&'a str, &'a str)> {
    let tables: Vec<&TableSpec> = match source.table.as_deref() {
        Some(name) => match by_name(name) {
            Some(table) => vec![table],
            // Its columns cannot be judged without it.
            None => return Vec::new(),
        },
        None => all().to_vec(),
    };
    let mut known: Vec<&str> = tables
        .iter()
        .flat_map(|table| table.columns.iter().map(|column| column.name))
        .collect();
    known.sort_unstable();
    known.dedup();
    let mut columns = Vec::new();
    for (name, header) in declared {
        if known.binary_search(&name.as_str()).is_ok() {
            columns.push((name.as_str(), header.as_str()));
            continue;
        }
        let message = match source.table.as_deref() {
            Some(table) => format!("table `{table}` has no column `{name}`"),
            None => format!("no table has a column `{name}`"),
        };
        problems.push(
            Diagnostic::error(&UNKNOWN_COLUMN, message)
                .at(source.place.clone())
                .maybe_help(suggestion(name, known.iter().copied())),
        );
    }
    columns
}
