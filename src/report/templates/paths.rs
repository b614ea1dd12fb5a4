//! The fields that a template expression names: `kpi.value`, `periods[0].label`.

use std::ops::Range;

use tera::{State, Value};

use crate::diagnostics::suggestion;

/// A field named in an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Path {
    /// The name it starts from.
    root: String,
    /// What follows, each with its place in the template.
    steps: Vec<(Step, Range<usize>)>,
    /// Where the root stands.
    at: Range<usize>,
}

#[derive(Debug, Clone, PartialEq)]
enum Step {
    Field(String),
    Index(usize),
}

/// A field that does not exist: where, and what to say.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unknown {
    pub(super) at: Range<usize>,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

/// Words of the language, and names that Tera itself provides.
const KEYWORDS: [&str; 18] = [
    "and",
    "or",
    "not",
    "in",
    "is",
    "if",
    "elif",
    "else",
    "for",
    "set",
    "set_global",
    "filter",
    "true",
    "false",
    "none",
    "None",
    "loop",
    "body",
];

/// The fields named in the expression at `inner`, left to right.
///
/// Left out are names that are no fields (filters, tests, functions, arguments), fields whose
/// absence the template provides for (`is defined`, `| default`), and list comprehensions, whose
/// names exist only within them.
pub(super) fn of(text: &str, inner: Range<usize>) -> Vec<Path> {
    let expression = &text[inner.clone()];
    let mut reader = Reader {
        text,
        at: inner.start,
        end: inner.end,
    };
    let component = expression.trim_start().starts_with('<');
    let loop_tag = expression.trim_start().starts_with("for ");
    let mut found = Vec::new();
    let mut braces = 0usize;
    let mut before = Before::Other;
    let mut comprehension = false;
    while let Some(c) = reader.peek() {
        match c {
            '"' | '\'' | '`' => {
                reader.string(c);
                before = Before::Other;
            }
            c if c.is_ascii_digit() => {
                reader.take(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
                before = Before::Other;
            }
            c if c.is_ascii_alphabetic() || c == '_' => {
                let start = reader.at;
                let name = reader.name();
                let named = |what: &[&str]| what.contains(&name);
                comprehension |= name == "for" && !(loop_tag && found.is_empty());
                let attribute = component && braces == 0;
                let is_field = !KEYWORDS.contains(&name)
                    && before == Before::Other
                    && !attribute
                    && !reader.follows_call_or_argument();
                if is_field
                    && !(loop_tag && found.is_empty() && !after_in(text, inner.start, start))
                {
                    let path = reader.path(name, start);
                    if !reader.absence_is_provided_for() {
                        found.push(path);
                    }
                }
                before = match before {
                    Before::Test if named(&["not"]) => Before::Test,
                    _ if named(&["is"]) => Before::Test,
                    _ => Before::Other,
                };
            }
            c => {
                match c {
                    '{' => braces += 1,
                    '}' => braces = braces.saturating_sub(1),
                    _ => {}
                }
                if !c.is_whitespace() {
                    before = if c == '|' || c == '.' || c == '@' {
                        Before::Name
                    } else {
                        Before::Other
                    };
                }
                reader.at += c.len_utf8();
            }
        }
    }
    if comprehension { Vec::new() } else { found }
}

/// What stands before a name.
#[derive(PartialEq, Clone, Copy)]
enum Before {
    /// A pipe or a dot: a filter, or a field of something computed.
    Name,
    /// `is`: a test.
    Test,
    Other,
}

/// Whether the loop tag that starts at `from` has had its `in` before `at`.
fn after_in(text: &str, from: usize, at: usize) -> bool {
    text[from..at].split_whitespace().any(|word| word == "in")
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    end: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..self.end]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self, accept: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !accept(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn name(&mut self) -> &'a str {
        self.take(|c| c.is_ascii_alphanumeric() || c == '_')
    }

    fn string(&mut self, quote: char) -> &'a str {
        let rest = self.rest();
        let mut escaped = false;
        let close = rest.char_indices().skip(1).find(|(_, c)| {
            let closes = *c == quote && !escaped;
            escaped = *c == '\\' && !escaped;
            closes
        });
        let close = close.map_or(rest.len(), |(at, _)| at);
        self.at += (close + 1).min(rest.len());
        rest.get(1..close).unwrap_or_default()
    }

    fn follows_call_or_argument(&self) -> bool {
        let rest = self.rest().trim_start();
        rest.starts_with('(') || (rest.starts_with('=') && !rest.starts_with("=="))
    }

    /// `x is defined`, `x is not undefined`, `x | default(…)`.
    fn absence_is_provided_for(&self) -> bool {
        let mut words = self
            .rest()
            .split(|c: char| c.is_whitespace() || c == '(' || c == ')')
            .filter(|word| !word.is_empty());
        match words.next() {
            Some("is") => words
                .find(|word| *word != "not")
                .is_some_and(|test| test == "defined" || test == "undefined"),
            Some("|") => words.next() == Some("default"),
            Some(word) => word == "|default",
            None => false,
        }
    }

    fn path(&mut self, root: &str, start: usize) -> Path {
        let mut steps = Vec::new();
        let at = start..self.at;
        loop {
            let rest = self.rest();
            let optional = usize::from(rest.starts_with('?'));
            let rest = &rest[optional..];
            if rest.starts_with('.')
                && rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            {
                self.at += optional + 1;
                let from = self.at;
                let name = self.name().to_owned();
                steps.push((Step::Field(name), from..self.at));
            } else if let Some(step) = rest.strip_prefix('[').and_then(subscript) {
                let from = self.at + optional + 1;
                let length = rest.find(']').unwrap_or(rest.len() - 1);
                steps.push((step, from..self.at + optional + length));
                self.at += optional + length + 1;
            } else {
                break;
            }
        }
        Path {
            root: root.to_owned(),
            steps,
            at,
        }
    }
}

/// A constant between brackets; none for anything computed.
fn subscript(rest: &str) -> Option<Step> {
    let inner = rest[..rest.find(']')?].trim();
    if let Ok(index) = inner.parse() {
        return Some(Step::Index(index));
    }
    let quote = inner.chars().next().filter(|c| "\"'`".contains(*c))?;
    let name = inner.strip_prefix(quote)?.strip_suffix(quote)?;
    Some(Step::Field(name.to_owned()))
}

impl Path {
    /// Follows the path in the values a template sees there; what is not known is an error, what is
    /// null or out of range is not: the model says what may be missing, the template must ask.
    pub(super) fn follow(&self, state: &State, names: &[String]) -> Result<(), Unknown> {
        let Ok(Some(mut value)) = state.get::<Value>(&self.root) else {
            return Err(Unknown {
                at: self.at.clone(),
                message: format!("there is no `{}` here", self.root),
                help: suggestion(&self.root, names.iter().map(String::as_str)),
            });
        };
        let mut name = self.root.clone();
        for (step, at) in &self.steps {
            let next = match step {
                Step::Field(field) => match value.as_map() {
                    Some(map) => {
                        let found = map.iter().find(|(key, _)| key.as_str() == Some(field));
                        match found {
                            Some((_, found)) => found.clone(),
                            None => {
                                let known: Vec<&str> =
                                    map.keys().filter_map(|key| key.as_str()).collect();
                                return Err(no_field(field, &name, at, &known));
                            }
                        }
                    }
                    None if value.is_none() => return Ok(()),
                    None => return Err(no_field(field, &name, at, &[])),
                },
                Step::Index(index) => match value.as_array().and_then(|items| items.get(*index)) {
                    Some(item) => item.clone(),
                    None => return Ok(()),
                },
            };
            if let Step::Field(field) = step {
                name.clone_from(field);
            }
            value = next;
        }
        Ok(())
    }
}

fn no_field(field: &str, of: &str, at: &Range<usize>, known: &[&str]) -> Unknown {
    Unknown {
        at: at.clone(),
        message: format!("`{of}` has no field `{field}`"),
        help: suggestion(field, known.iter().copied()).or_else(|| {
            (!known.is_empty()).then(|| format!("its fields are: {}", known.join(", ")))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(expression: &str) -> Vec<String> {
        of(expression, 0..expression.len())
            .into_iter()
            .map(|path| {
                let steps = path.steps.iter().map(|(step, at)| match step {
                    Step::Field(name) => {
                        assert!(expression[at.clone()].contains(name.as_str()));
                        format!(".{name}")
                    }
                    Step::Index(index) => format!("[{index}]"),
                });
                format!("{}{}", path.root, steps.collect::<String>())
            })
            .collect()
    }

    #[test]
    fn fields_are_told_from_other_names() {
        assert_eq!(
            said(" t(key=\"a.b\", n=kpi.value | money(digits=d)) "),
            ["kpi.value", "d"]
        );
        assert_eq!(
            said("if a.b == \"x.y\" and not c?.d or e is none"),
            ["a.b", "c.d", "e"]
        );
        assert_eq!(said("for kpi in process.kpis"), ["process.kpis"]);
        assert_eq!(said("for name, kpi in all[\"kpis\"]"), ["all.kpis"]);
        assert_eq!(said("set x = a if b else c"), ["a", "b", "c"]);
        assert_eq!(
            said("periods[0].label ~ counts[i][2]"),
            ["periods[0].label", "counts", "i"]
        );
        assert_eq!(
            said(" <row kpi={process.kpi} wide=\"a\" /> "),
            ["process.kpi"]
        );
        assert_eq!(said("a.b is defined and c.d | default(value=e.f)"), ["e.f"]);
        assert_eq!(said("[x.y for x in xs]"), Vec::<String>::new());
        assert_eq!(said("loop.last or 1.5 > v"), ["v"]);
    }
}
