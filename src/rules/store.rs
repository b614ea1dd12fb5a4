//! The answers of a million customer-periods, kept small.
//!
//! A rule gives the same few texts to everybody; what differs are their numbers. So a text is kept
//! once as a template, and each answer is a reference to it and its values in one long list.

use rhai::{Dynamic, Map};

use super::outcome::{Text, argument, is_key};
use crate::message::{Argument, Message};

/// What kind of argument fills a placeholder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Key,
    Count,
    Number,
    Money,
    Percent,
    Date,
}

/// A value without its kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell {
    Float(f64),
    Whole(i64),
    Day(chrono::NaiveDate),
    /// Into the list of texts.
    Text(u32),
}

/// What fills a placeholder, not kept yet.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fill<'a> {
    Cell(Cell),
    Text(&'a str),
}

/// An answer in parts: what it has in common with others, and what fills its text in.
pub(super) struct Parts<'a> {
    /// The class, for reasons.
    pub(super) class: &'a str,
    /// The line that decided, for reasons.
    pub(super) line: u32,
    /// The key or the client's own words; empty for none.
    pub(super) text: &'a str,
    /// The names of the placeholders, ascending.
    pub(super) names: &'a [String],
    /// What fills each.
    pub(super) fills: &'a [(Kind, Fill<'a>)],
}

impl Parts<'_> {
    fn template(&self) -> Template {
        let kinds = self.fills.iter().map(|(kind, _)| *kind);
        Template {
            class: self.class.to_owned(),
            line: self.line,
            text: self.text.to_owned(),
            args: self.names.iter().cloned().zip(kinds).collect(),
        }
    }
}

/// What many answers have in common.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Template {
    /// The class, for reasons.
    pub(super) class: String,
    /// The line that decided, for reasons.
    pub(super) line: u32,
    /// The key or the client's own words; empty for none.
    pub(super) text: String,
    args: Vec<(String, Kind)>,
}

impl Template {
    fn fits(&self, class: &str, line: u32, text: Option<&Text>) -> bool {
        self.line == line
            && self.class == class
            && self.text == text.map_or("", |text| text.key.as_str())
            && self.same_args(text.map(|text| &text.args))
    }

    fn same_args(&self, args: Option<&Map>) -> bool {
        let Some(args) = args else {
            return self.args.is_empty();
        };
        self.args.len() == args.len()
            && self
                .args
                .iter()
                .zip(args)
                .all(|((name, kind), (given, value))| {
                    name == given.as_str() && kind_of(value) == Some(*kind)
                })
    }
}

fn kind_of(value: &Dynamic) -> Option<Kind> {
    if value.is_float() {
        return Some(Kind::Number);
    }
    Some(match argument(value)? {
        Argument::Text(_) => Kind::Text,
        Argument::Key(_) => Kind::Key,
        Argument::Count(_) => Kind::Count,
        Argument::Number(_) => Kind::Number,
        Argument::Money(_) => Kind::Money,
        Argument::Percent(_) => Kind::Percent,
        Argument::Date(_) => Kind::Date,
    })
}

/// Many answers.
#[derive(Debug, Clone, Default)]
pub(super) struct Answers {
    templates: Vec<Template>,
    of: Vec<u32>,
    start: Vec<u32>,
    cells: Vec<Cell>,
    texts: Vec<String>,
}

impl Answers {
    /// Keeps an answer and gives its number.
    pub(super) fn push(&mut self, class: &str, line: u32, text: Option<&Text>) -> u32 {
        let found = self
            .templates
            .iter()
            .position(|t| t.fits(class, line, text));
        let template = found.unwrap_or_else(|| {
            let args = text.iter().flat_map(|text| &text.args);
            self.templates.push(Template {
                class: class.to_owned(),
                line,
                text: text.map(|text| text.key.to_string()).unwrap_or_default(),
                args: args
                    .filter_map(|(name, value)| Some((name.to_string(), kind_of(value)?)))
                    .collect(),
            });
            self.templates.len() - 1
        });
        self.of.push(template as u32);
        self.start.push(self.cells.len() as u32);
        for value in text.iter().flat_map(|text| text.args.values()) {
            let cell = match argument(value) {
                Some(Argument::Number(x) | Argument::Money(x) | Argument::Percent(x)) => {
                    Cell::Float(x)
                }
                Some(Argument::Count(x)) => Cell::Whole(x),
                Some(Argument::Date(day)) => Cell::Day(day),
                Some(Argument::Text(text) | Argument::Key(text)) => self.text(text),
                // `Text::new` has refused anything else.
                None => continue,
            };
            self.cells.push(cell);
        }
        self.of.len() as u32 - 1
    }

    /// Keeps an answer that comes in parts and gives its number. `known` are the templates that
    /// answers of this class, line, text and names have had, and is kept up to date.
    pub(super) fn push_parts(&mut self, known: &mut Vec<u32>, parts: &Parts<'_>) -> u32 {
        let kinds = || parts.fills.iter().map(|(kind, _)| *kind);
        let fits = |template: &&u32| {
            let args = &self.templates[**template as usize].args;
            args.iter().map(|(_, kind)| *kind).eq(kinds())
        };
        let template = known.iter().find(fits).copied().unwrap_or_else(|| {
            let template = self.template_number(parts.template());
            known.push(template);
            template
        });
        self.of.push(template);
        self.start.push(self.cells.len() as u32);
        for (_, fill) in parts.fills {
            let cell = match fill {
                Fill::Cell(cell) => *cell,
                Fill::Text(text) => self.text((*text).to_owned()),
            };
            self.cells.push(cell);
        }
        self.of.len() as u32 - 1
    }

    /// The number of a template, which is kept if it is new.
    fn template_number(&mut self, template: Template) -> u32 {
        let known = self.templates.iter().position(|known| *known == template);
        known.unwrap_or_else(|| {
            self.templates.push(template);
            self.templates.len() - 1
        }) as u32
    }

    fn text(&mut self, text: String) -> Cell {
        self.texts.push(text);
        Cell::Text(self.texts.len() as u32 - 1)
    }

    /// Takes over the answers of another and gives the number of its first.
    pub(super) fn append(&mut self, other: Self) -> u32 {
        let (first, cells, texts) = (self.of.len(), self.cells.len(), self.texts.len());
        let renamed: Vec<u32> = other
            .templates
            .into_iter()
            .map(|template| self.template_number(template))
            .collect();
        self.of
            .extend(other.of.iter().map(|template| renamed[*template as usize]));
        self.start
            .extend(other.start.iter().map(|start| start + cells as u32));
        self.cells
            .extend(other.cells.into_iter().map(|cell| match cell {
                Cell::Text(text) => Cell::Text(text + texts as u32),
                other => other,
            }));
        self.texts.extend(other.texts);
        first as u32
    }

    /// What an answer has in common with others.
    pub(super) fn template(&self, answer: u32) -> &Template {
        &self.templates[self.of[answer as usize] as usize]
    }

    /// Every template that was used.
    pub(super) fn templates(&self) -> &[Template] {
        &self.templates
    }

    /// The text of an answer; none where it has none.
    pub(super) fn message(&self, answer: u32) -> Option<Message> {
        let template = self.template(answer);
        if template.text.is_empty() {
            return None;
        }
        if !is_key(&template.text) {
            return Some(Message::Plain(template.text.clone()));
        }
        let start = self.start[answer as usize] as usize;
        let mut message = Message::key(template.text.as_str());
        for ((name, kind), cell) in template.args.iter().zip(&self.cells[start..]) {
            message = message.with(name, self.restore(*kind, *cell));
        }
        Some(message)
    }

    fn restore(&self, kind: Kind, cell: Cell) -> Argument {
        match (cell, kind) {
            (Cell::Float(x), Kind::Money) => Argument::Money(x),
            (Cell::Float(x), Kind::Percent) => Argument::Percent(x),
            (Cell::Float(x), _) => Argument::Number(x),
            (Cell::Whole(x), _) => Argument::Count(x),
            (Cell::Day(day), _) => Argument::Date(day),
            (Cell::Text(text), Kind::Key) => Argument::Key(self.texts[text as usize].clone()),
            (Cell::Text(text), _) => Argument::Text(self.texts[text as usize].clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::outcome::Shown;

    fn text(key: &str, value: Dynamic) -> Text {
        let args = Map::from([("value".into(), value)]);
        Text::new(key.into(), args).unwrap()
    }

    #[test]
    fn answers_come_back_as_they_went_in() {
        let money = |x| Dynamic::from(Shown(Argument::Money(x)));
        let mut one = Answers::default();
        one.push("BZ", 3, Some(&text("reason.a", money(1.5))));
        let mut two = Answers::default();
        two.push(
            "MVC",
            7,
            Some(&text("reason.b", Dynamic::from("Bangkok".to_owned()))),
        );
        two.push("BZ", 3, Some(&text("reason.a", money(2.5))));
        two.push("Own", 9, None);
        assert_eq!(one.append(two), 1);
        assert_eq!(one.templates().len(), 3);
        let value = |answer| one.message(answer);
        assert_eq!(
            value(0),
            Some(Message::key("reason.a").with("value", Argument::Money(1.5)))
        );
        let bangkok = Argument::Text("Bangkok".to_owned());
        assert_eq!(
            value(1),
            Some(Message::key("reason.b").with("value", bangkok))
        );
        assert_eq!(
            value(2),
            Some(Message::key("reason.a").with("value", Argument::Money(2.5)))
        );
        assert_eq!(value(3), None);
        assert_eq!(one.template(3).class, "Own");
    }
}
