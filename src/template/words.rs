//! What a template says, from the locale catalogue.
//!
//! `template.column.<column>` says what a column is, and `template.column.<table>.<column>` where
//! it is something else in one table; `template.example` has two examples for each, in the same
//! two ways.

use unicode_width::UnicodeWidthStr;

use crate::message::Argument;
use crate::report::locale::Locale;
use crate::tables::{Choice, Column, Kind, TableSpec};
use crate::workspace::Language;

/// What stands between the two examples of a column.
const BETWEEN: char = '|';

/// The words of one table in one language.
pub(super) struct Words<'a> {
    pub(super) table: &'static TableSpec,
    pub(super) locale: &'a Locale,
}

impl<'a> Words<'a> {
    pub(super) fn new(table: &'static TableSpec, locale: &'a Locale) -> Self {
        Self { table, locale }
    }

    /// A text of the templates by what follows `template.`; nothing where there is none.
    pub(super) fn text(&self, key: &str) -> &'a str {
        self.locale
            .get(&format!("template.{key}"))
            .unwrap_or_default()
    }

    /// What the table is called, which names its sheet.
    pub(super) fn title(&self) -> &'a str {
        self.text(&format!("table.{}.title", self.table.name))
    }

    /// What the table is for.
    pub(super) fn purpose(&self) -> &'a str {
        self.text(&format!("table.{}.purpose", self.table.name))
    }

    /// The header of a column: the first it is known by in the language.
    pub(super) fn header(&self, column: &Column) -> &'static str {
        let language = match self.locale.language() {
            Language::En => 0,
            Language::Th => 1,
            Language::Vi => 2,
        };
        column.headers[language]
            .first()
            .copied()
            .unwrap_or(column.name)
    }

    fn of_column(&self, what: &str, column: &Column) -> &'a str {
        let own = format!("{what}.{}.{}", self.table.name, column.name);
        match self.text(&own) {
            "" => self.text(&format!("{what}.{}", column.name)),
            own => own,
        }
    }

    /// What a column is.
    pub(super) fn what(&self, column: &Column) -> &'a str {
        self.of_column("column", column)
    }

    /// How a column is written.
    pub(super) fn how(&self, column: &Column) -> String {
        let with = |key: &str, name: &str, text: String| {
            self.locale.text_with(
                &format!("template.how.{key}"),
                &[(name, Argument::Text(text))],
            )
        };
        match column.kind {
            Kind::Choice(choices) => with("choice", "words", self.choices(choices).join(", ")),
            Kind::Flag => with("flag", "words", self.flags().join(", ")),
            Kind::Money | Kind::Price => with("money", "currency", self.currency()),
            kind => self.text(&format!("how.{}", kind.key())).to_owned(),
        }
    }

    fn currency(&self) -> String {
        self.locale.currency().code.clone()
    }

    /// Whether a column can be done without.
    pub(super) fn needed(&self, column: &Column) -> String {
        match self.need(column) {
            Need::Filled => self.text("needed.filled").to_owned(),
            Need::Present => self.text("needed.present").to_owned(),
            Need::Unless(others) => self.locale.text_with(
                "template.needed.unless",
                &[("columns", Argument::Text(others.join(" + ")))],
            ),
            Need::No => self.text("needed.no").to_owned(),
        }
    }

    /// Whether a column can be done without, and beside what.
    pub(super) fn need(&self, column: &Column) -> Need {
        if column.required {
            return if column.may_be_empty {
                Need::Present
            } else {
                Need::Filled
            };
        }
        for sets in self.table.one_of {
            let Some(own) = sets.iter().position(|set| set.contains(&column.name)) else {
                continue;
            };
            let others = sets.iter().enumerate().filter(|(at, _)| *at != own);
            let others = others.flat_map(|(_, set)| *set);
            let headers = others.filter_map(|name| Some(self.header(self.table.column(name)?)));
            return Need::Unless(headers.collect());
        }
        Need::No
    }

    /// The words of a choice in the language, in the order of the choice.
    pub(super) fn choices(&self, choices: &[Choice]) -> Vec<&'a str> {
        let words = choices.iter();
        words
            .map(|choice| self.text(&format!("choice.{}", choice.value)))
            .collect()
    }

    /// Yes and no.
    pub(super) fn flags(&self) -> Vec<&'a str> {
        vec![self.text("yes"), self.text("no")]
    }

    /// The words a cell of the column is chosen from, where it is.
    pub(super) fn offered(&self, column: &Column) -> Option<Vec<&'a str>> {
        match column.kind {
            Kind::Choice(choices) => Some(self.choices(choices)),
            Kind::Flag => Some(self.flags()),
            _ => None,
        }
    }

    /// Two values a column could have, as they are typed; an empty one is left out.
    pub(super) fn examples(&self, column: &Column) -> Vec<&'a str> {
        let given = self.of_column("example", column).split(BETWEEN);
        let word = |example: &'a str| match (column.kind, example) {
            (Kind::Choice(_), value) => self.text(&format!("choice.{value}")),
            (Kind::Flag, value) => self.text(value),
            (_, value) => value,
        };
        given
            .map(str::trim)
            .map(|example| {
                if example.is_empty() {
                    ""
                } else {
                    word(example)
                }
            })
            .collect()
    }
}

/// Whether a column can be done without.
pub(super) enum Need {
    /// No, and every row fills it in.
    Filled,
    /// No, but a row may leave it empty.
    Present,
    /// Not unless these are there.
    Unless(Vec<&'static str>),
    /// It may be left out.
    No,
}

/// The width of a text in columns of a fixed font: marks above and below Thai letters have none.
pub(super) fn width(text: &str) -> f64 {
    u32::try_from(text.width()).map_or(255.0, f64::from)
}
