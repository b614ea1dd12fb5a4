//! `[input]` of the settings: what is to be read, and how.

use serde::{Deserialize, Serialize};

use super::config::{Defaults, Language, Memory};
use super::toml_reader::{Located, Table};
use crate::diagnostics::codes::workspace::BAD_VALUE;
use crate::diagnostics::{Diagnostic, Diagnostics, Place, suggestion};

/// What is to be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// The language the files are taken to be written in where they do not say: that of the client,
    /// whatever language a run is asked to report in.
    pub language: Language,
    /// The inbox, relative to the workspace.
    pub folder: String,
    /// What recognition by header is not enough for.
    pub files: Vec<InputFile>,
    /// The share of a table's rows that may be set aside before the run stops, 0 to 1.
    pub max_set_aside: f64,
    /// The same for tables of which less, or more, may be set aside.
    pub max_set_aside_of: Vec<TableLimit>,
    /// What reading one file may take.
    pub limits: ReadLimits,
    /// Whether what was read of a file is kept until the file changes.
    pub cache: bool,
}

/// The share of one table's rows that may be set aside.
#[derive(Debug, Clone, PartialEq)]
pub struct TableLimit {
    /// The table.
    pub table: String,
    /// 0 to 1.
    pub share: f64,
    /// Where it stands, for messages about it.
    pub place: Place,
}

/// What reading one file may take before it is given up. No figure depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadLimits {
    /// Memory, beside that of the program itself.
    pub memory: Memory,
    /// Seconds, on the clock and of processor time.
    pub seconds: u64,
}

impl Default for ReadLimits {
    /// Room for a full sheet of Excel with dozens of columns, several times over.
    fn default() -> Self {
        Self {
            memory: Memory(4_000_000_000),
            seconds: 600,
        }
    }
}

/// A declared input: how files that match are to be read.
#[derive(Debug, Clone, PartialEq)]
pub struct InputFile {
    /// Glob over the file's path within the inbox.
    pub matches: String,
    /// Sheet name; none for every sheet.
    pub sheet: Option<String>,
    /// The canonical table; none to recognise it by its headers.
    pub table: Option<String>,
    /// Canonical column to header as written in the file.
    pub columns: Vec<(String, String)>,
    /// Canonical column to what it is made of: names of the file and the sheet, and other cells of
    /// the row, such as `{Day} {sheet}`.
    pub values: Vec<(String, String)>,
    /// Columns headed by months, each cell of which is a row of its own.
    pub unpivot: Option<Unpivot>,
    /// The order of day, month and year in text dates: `D/M/Y`, `M/D/Y` or `Y/M/D`.
    pub dates: Option<String>,
    /// The encoding of a text file, by a name that browsers know: `windows-874`, `tis-620`.
    pub encoding: Option<String>,
    /// Column of ids to the digits that its ids have: those of fewer, which lost their leading zeros
    /// in a spreadsheet, are filled up.
    pub digits: Vec<(String, u32)>,
    /// Columns of which one cell stands for the rows below it that have none.
    pub fill_down: Vec<String>,
    /// Where the declaration stands, for messages about it.
    pub place: Place,
}

/// How the columns of a wide sheet become rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unpivot {
    /// The canonical column that the cells below months are.
    pub value: String,
    /// The canonical column that the month is; none for the date of the table, or its period.
    pub month: Option<String>,
    /// Whether a month stands for its first day, not its last.
    pub first_day: bool,
    /// The year of months that are headed without one, made of the names of the file and the sheet.
    pub year: Option<String>,
}

/// Reads `[input]`.
pub(super) fn read_input(
    table: &mut Table<'_>,
    language: Language,
    defaults: &mut Defaults,
    problems: &mut Diagnostics,
) -> Input {
    let folder = match table.text("folder", problems) {
        Some(folder) => folder.value,
        None => defaults.take("input.folder", "inbox".to_owned()),
    };
    let max_set_aside = match table.number_in("max-set-aside", 0.0..=1.0, problems) {
        Some(share) => share.value,
        None => defaults.take("input.max-set-aside", 0.05),
    };
    let max_set_aside_of = read_table_limits(table, problems);
    let limits = ReadLimits::default();
    let memory = table.parsed("memory-limit", problems);
    let seconds = table.whole("time-limit-seconds", 1..=86_400, problems);
    let limits = ReadLimits {
        memory: memory.map_or(limits.memory, |memory| memory.value),
        seconds: seconds.map_or(limits.seconds, |seconds| seconds.value as u64),
    };
    let cache = table.boolean("cache", problems);
    let files = table
        .tables("file", problems)
        .into_iter()
        .filter_map(|file| read_input_file(file, problems))
        .collect();
    Input {
        language,
        folder,
        files,
        max_set_aside,
        max_set_aside_of,
        limits,
        cache: cache.is_none_or(|cache| cache.value),
    }
}

/// `max-set-aside-of = { transactions = 0.01 }`; whether there are such tables is the intake's to say.
fn read_table_limits(table: &mut Table<'_>, problems: &mut Diagnostics) -> Vec<TableLimit> {
    let Some(of) = table.table("max-set-aside-of", problems) else {
        return Vec::new();
    };
    of.keys()
        .into_iter()
        .filter_map(|key| {
            let share = of.number_named(&key.value, 0.0..=1.0, problems)?;
            Some(TableLimit {
                table: key.value,
                share: share.value,
                place: key.place,
            })
        })
        .collect()
}

fn read_input_file(mut table: Table<'_>, problems: &mut Diagnostics) -> Option<InputFile> {
    let place = table.place();
    let matches = table.required_text("match", problems);
    let sheet = table.text("sheet", problems).map(|text| text.value);
    let canonical = table.text("table", problems).map(|text| text.value);
    let dates = table.text("dates", problems);
    if let Some(order) = &dates
        && !["D/M/Y", "M/D/Y", "Y/M/D"].contains(&order.value.as_str())
    {
        let message = format!(
            "`dates`: `{}` is not one of D/M/Y, M/D/Y, Y/M/D",
            order.value
        );
        problems.push(Diagnostic::error(&BAD_VALUE, message).at(order.place.clone()));
    }
    let encoding = table.text("encoding", problems);
    if let Some(encoding) = &encoding {
        known_encoding(encoding, problems);
    }
    let columns = texts_by_key(&mut table, "columns", problems);
    let values = texts_by_key(&mut table, "values", problems);
    let digits = read_digits(&mut table, problems);
    let fill_down = table.texts("fill-down", problems).map(|names| names.value);
    let unpivot = table.table("unpivot", problems);
    let unpivot = unpivot.and_then(|unpivot| read_unpivot(unpivot, problems));
    table.finish(problems);
    Some(InputFile {
        matches: matches?.value,
        sheet,
        table: canonical,
        columns,
        values,
        unpivot,
        dates: dates.map(|dates| dates.value),
        encoding: encoding.map(|encoding| encoding.value),
        digits,
        fill_down: fill_down
            .into_iter()
            .flatten()
            .map(|name| name.value)
            .collect(),
        place,
    })
}

/// `digits = { customer_id = 6 }`; whether it is a column of ids is the intake's to say.
fn read_digits(table: &mut Table<'_>, problems: &mut Diagnostics) -> Vec<(String, u32)> {
    let Some(of) = table.table("digits", problems) else {
        return Vec::new();
    };
    let keys = of.keys().into_iter();
    keys.filter_map(|key| {
        let digits = of.number_named(&key.value, 1.0..=30.0, problems)?;
        if digits.value.fract() != 0.0 {
            let message = format!("`digits.{}` must be a whole number", key.value);
            problems.push(Diagnostic::error(&BAD_VALUE, message).at(digits.place));
            return None;
        }
        Some((key.value, digits.value as u32))
    })
    .collect()
}

fn read_unpivot(mut table: Table<'_>, problems: &mut Diagnostics) -> Option<Unpivot> {
    let value = table.required_text("value", problems);
    let month = table.text("month", problems);
    let day = table.text("day", problems);
    let year = table.text("year", problems);
    if let Some(day) = &day
        && !["first", "last"].contains(&day.value.as_str())
    {
        let message = format!("`unpivot.day`: `{}` is not one of first, last", day.value);
        problems.push(Diagnostic::error(&BAD_VALUE, message).at(day.place.clone()));
    }
    table.finish(problems);
    Some(Unpivot {
        value: value?.value,
        month: month.map(|month| month.value),
        first_day: day.is_some_and(|day| day.value == "first"),
        year: year.map(|year| year.value),
    })
}

/// A table of texts whose keys are names of columns.
fn texts_by_key(
    table: &mut Table<'_>,
    key: &'static str,
    problems: &mut Diagnostics,
) -> Vec<(String, String)> {
    let Some(map) = table.table(key, problems) else {
        return Vec::new();
    };
    let keys = map.keys().into_iter();
    keys.filter_map(|key| Some((map.text_named(&key.value, problems)?.value, key.value)))
        .map(|(text, key)| (key, text))
        .collect()
}

/// Names of encodings that files of our readers' countries have, for suggestions.
const ENCODINGS: [&str; 12] = [
    "utf-8",
    "utf-16le",
    "utf-16be",
    "windows-874",
    "tis-620",
    "iso-8859-11",
    "windows-1258",
    "windows-1252",
    "iso-8859-1",
    "iso-8859-15",
    "gb18030",
    "shift_jis",
];

fn known_encoding(name: &Located<String>, problems: &mut Diagnostics) {
    let known = encoding_rs::Encoding::for_label_no_replacement(name.value.as_bytes());
    if known.is_none() {
        let message = format!("`encoding`: there is no encoding `{}`", name.value);
        problems.push(
            Diagnostic::error(&BAD_VALUE, message)
                .at(name.place.clone())
                .maybe_help(suggestion(&name.value, ENCODINGS.iter().copied())),
        );
    }
}
