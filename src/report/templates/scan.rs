//! Finds the tags of a template and rewrites them, keeping every offset traceable to the original.
//!
//! Tera prints a null as nothing and a raw float with all its digits, and never looks at a branch
//! it does not take. Both are mended in the text, before Tera sees it: what is printed goes through
//! a filter that refuses nulls and raw floats ([`for_rendering`]); and for checking, conditions are
//! replaced by probes of the fields they name, so that every branch is rendered ([`for_checking`]).

use std::ops::Range;

use super::paths::{self, Path};

/// The filter that every printed expression passes.
pub(super) const PRINT: &str = "__print";
/// The function that looks at a field without printing it.
pub(super) const PROBE: &str = "__probe";

/// A `{{ … }}` or `{% … %}`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tag {
    /// With its delimiters.
    pub(super) outer: Range<usize>,
    /// Without delimiters and dashes.
    pub(super) inner: Range<usize>,
    /// Whether it is `{{ … }}`.
    pub(super) prints: bool,
}

/// A template as Tera gets it.
#[derive(Debug, Default)]
pub(super) struct Rewritten {
    pub(super) text: String,
    /// What was replaced by what, in order of the original.
    edits: Vec<(Range<usize>, usize)>,
}

impl Rewritten {
    /// The offset in the original of an offset in the rewritten text; within an insertion, the
    /// place it was inserted at.
    pub(super) fn original(&self, offset: usize) -> usize {
        let (mut new, mut old) = (0, 0);
        for (replaced, length) in &self.edits {
            let unchanged = replaced.start - old;
            if offset < new + unchanged {
                break;
            }
            new += unchanged;
            if offset < new + length {
                return replaced.start;
            }
            new += length;
            old = replaced.end;
        }
        old + (offset - new)
    }
}

/// Collects replacements and applies them at once.
#[derive(Default)]
struct Editor {
    edits: Vec<(Range<usize>, String)>,
}

impl Editor {
    fn insert(&mut self, at: usize, text: String) {
        self.replace(at..at, text);
    }

    fn replace(&mut self, range: Range<usize>, text: String) {
        self.edits.push((range, text));
    }

    fn apply(mut self, original: &str) -> Rewritten {
        // Stable: insertions at one place stay in the order they were made, before what replaces it.
        self.edits
            .sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = Rewritten::default();
        let mut from = 0;
        for (range, text) in self.edits {
            out.text.push_str(&original[from..range.start]);
            out.text.push_str(&text);
            from = range.end;
            out.edits.push((range, text.len()));
        }
        out.text.push_str(&original[from..]);
        out
    }
}

/// Every tag of a template, in order; comments and raw text are left out. Stops at what is not
/// closed: Tera says so itself.
pub(super) fn tags(text: &str) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(open) = text[from..].find('{').map(|at| from + at) {
        let Some(kind) = text[open + 1..].chars().next() else {
            break;
        };
        let end = match kind {
            '#' => text[open..].find("#}").map(|at| open + at + 2),
            '{' | '%' => tag(text, open, kind == '{').map(|tag| {
                let inner = text[tag.inner.clone()].trim();
                let raw = inner == "raw" && !tag.prints;
                let end = if raw {
                    end_of_raw(text, tag.outer.end)
                } else {
                    tag.outer.end
                };
                if !raw {
                    found.push(tag);
                }
                end
            }),
            _ => Some(open + 1),
        };
        match end {
            Some(end) => from = end,
            None => break,
        }
    }
    found
}

/// The tag that opens at an offset.
fn tag(text: &str, open: usize, prints: bool) -> Option<Tag> {
    let close = if prints { "}}" } else { "%}" };
    let bytes = text.as_bytes();
    let mut at = open + 2;
    let mut braces = 0usize;
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'"' | b'\'' | b'`') => at = end_of_string(bytes, at, quote)?,
            b'}' | b'%' if braces == 0 && text[at..].starts_with(close) => {
                let mut inner = open + 2..at;
                if bytes[inner.start] == b'-' {
                    inner.start += 1;
                }
                if inner.end > inner.start && bytes[inner.end - 1] == b'-' {
                    inner.end -= 1;
                }
                return Some(Tag {
                    outer: open..at + 2,
                    inner,
                    prints,
                });
            }
            b'{' => braces += 1,
            b'}' => braces = braces.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The offset of the quote that closes a string.
fn end_of_string(bytes: &[u8], open: usize, quote: u8) -> Option<usize> {
    let mut at = open + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            byte if byte == quote => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

fn end_of_raw(text: &str, from: usize) -> usize {
    text[from..]
        .match_indices("{%")
        .find(|(at, _)| {
            text[from + at + 2..]
                .trim_start_matches('-')
                .trim_start()
                .starts_with("endraw")
        })
        .and_then(|(at, _)| text[from + at..].find("%}").map(|end| from + at + end + 2))
        .unwrap_or(text.len())
}

/// The first word of a tag: `if`, `for`, `else`; `<` for a component.
pub(super) fn word<'a>(text: &'a str, tag: &Tag) -> &'a str {
    let inner = text[tag.inner.clone()].trim_start();
    let end = inner
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .unwrap_or(inner.len());
    if end == 0 && inner.starts_with('<') {
        &inner[..1]
    } else {
        &inner[..end]
    }
}

/// The template as it is rendered: what is printed passes [`PRINT`].
pub(super) fn for_rendering(text: &str) -> Rewritten {
    let mut editor = Editor::default();
    for tag in tags(text).iter().filter(|tag| tag.prints) {
        guard(text, tag, &mut editor);
    }
    editor.apply(text)
}

fn guard(text: &str, tag: &Tag, editor: &mut Editor) {
    let inner = &text[tag.inner.clone()];
    let expression = inner.trim();
    // A component and the parent's block write markup of their own.
    if expression.is_empty() || expression.starts_with('<') || expression.starts_with("super(") {
        return;
    }
    let start = tag.inner.start + (inner.len() - inner.trim_start().len());
    let end = start + expression.len();
    editor.insert(start, "(".to_owned());
    editor.insert(end, format!(") | {PRINT}"));
}

/// The template with every branch taken, and the fields its probes look at: probe `n` at `first +
/// n`. The two ways of an `if`, an empty `for` and what follows a `break` are all rendered; what
/// names a field that does not exist is noted and then left out, so that the rest is looked at too.
pub(super) fn for_checking(text: &str, first: usize) -> (Rewritten, Vec<Path>) {
    let mut checker = Checker {
        editor: Editor::default(),
        probed: Vec::new(),
        open: Vec::new(),
        first,
    };
    for tag in tags(text) {
        checker.rewrite(text, &tag);
    }
    (checker.editor.apply(text), checker.probed)
}

struct Checker {
    editor: Editor,
    probed: Vec<Path>,
    open: Vec<Open>,
    first: usize,
}

/// A tag that waits for its end.
#[derive(PartialEq)]
enum Open {
    If,
    For { emptied: bool },
}

impl Checker {
    /// A call that follows all the fields named within a tag and says whether all exist.
    fn probe(&mut self, text: &str, tag: &Tag) -> String {
        let from = self.first + self.probed.len();
        self.probed.extend(paths::of(text, tag.inner.clone()));
        let to = self.first + self.probed.len();
        format!("{PROBE}(from={from}, to={to})")
    }

    fn rewrite(&mut self, text: &str, tag: &Tag) {
        const END_IF: &str = "{% endif %}";
        if tag.prints {
            let probe = self.probe(text, tag);
            self.editor
                .insert(tag.outer.start, format!("{{% if {probe} %}}"));
            guard(text, tag, &mut self.editor);
            self.editor.insert(tag.outer.end, END_IF.to_owned());
            return;
        }
        match word(text, tag) {
            word @ ("if" | "elif") => {
                if word == "if" {
                    self.open.push(Open::If);
                }
                let probe = self.probe(text, tag);
                self.editor
                    .replace(tag.outer.clone(), format!("{{{{ {probe} }}}}"));
            }
            "endif" => {
                self.open.pop();
                self.editor.replace(tag.outer.clone(), String::new());
            }
            "for" => {
                self.open.push(Open::For { emptied: false });
                let probe = self.probe(text, tag);
                self.editor
                    .insert(tag.outer.start, format!("{{% if {probe} %}}"));
            }
            "endfor" => match self.open.pop() {
                Some(Open::For { emptied: true }) => {
                    self.editor.replace(tag.outer.clone(), String::new());
                }
                _ => self.editor.insert(tag.outer.end, END_IF.to_owned()),
            },
            "else" => {
                let ended = match self.open.last_mut() {
                    Some(Open::For { emptied }) => {
                        *emptied = true;
                        format!("{{% endfor %}}{END_IF}")
                    }
                    _ => String::new(),
                };
                self.editor.replace(tag.outer.clone(), ended);
            }
            "break" | "continue" => self.editor.replace(tag.outer.clone(), String::new()),
            "set" | "set_global" | "filter" | "<" => {
                let probe = self.probe(text, tag);
                self.editor
                    .insert(tag.outer.start, format!("{{{{ {probe} }}}}"));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn inner(text: &str) -> Vec<&str> {
        tags(text)
            .iter()
            .map(|tag| text[tag.inner.clone()].trim())
            .collect()
    }

    #[test]
    fn tags_are_found_around_strings_comments_and_raw_text() {
        let text = "a {{ x | f(s=\"}}\") }} {# {{ no }} #} {%- if y -%} { {% raw %}{{ z }}{% endraw %} {{ <c m={ {\"k\": {\"l\": 1}} } /> }}";
        assert_eq!(
            inner(text),
            ["x | f(s=\"}}\")", "if y", "<c m={ {\"k\": {\"l\": 1}} } />"]
        );
        assert_eq!(inner("{{ never closed"), Vec::<&str>::new());
    }

    #[test]
    fn what_is_printed_is_guarded() {
        assert_eq!(
            for_rendering("<b>{{- a if b else c -}}</b>{{ super() }}{{<c/>}}{% if a %}").text,
            "<b>{{- (a if b else c) | __print -}}</b>{{ super() }}{{<c/>}}{% if a %}"
        );
    }

    #[test]
    fn every_branch_is_taken() {
        let text = "{% if a.b %}1{% elif c %}2{% else %}3{% endif %}{% for x in d %}4{% continue %}{% else %}5{% endfor %}";
        let (rewritten, probed) = for_checking(text, 7);
        assert_eq!(
            rewritten.text,
            "{{ __probe(from=7, to=8) }}1{{ __probe(from=8, to=9) }}23{% if __probe(from=9, to=10) %}{% for x in d %}4{% endfor %}{% endif %}5"
        );
        assert_eq!(probed.len(), 3);
    }

    #[test]
    fn offsets_lead_back() {
        let text = "ก{% if a %}\n{{ b }} c{% endif %}";
        let (rewritten, _) = for_checking(text, 0);
        let c = rewritten.text.find(" c").unwrap() + 1;
        assert_eq!(&text[rewritten.original(c)..=rewritten.original(c)], "c");
        let b = rewritten.text.find("(b)").unwrap() + 1;
        assert_eq!(rewritten.original(b), text.find(" b ").unwrap() + 1);
    }

    proptest! {
        #[test]
        fn any_text_is_scanned(text in "[{}%#\"'a. ก\\-\n<=|(]{0,60}") {
            let rewritten = for_rendering(&text);
            for offset in 0..=rewritten.text.len() {
                prop_assert!(rewritten.original(offset) <= text.len());
            }
            let (checking, _) = for_checking(&text, 0);
            for offset in 0..=checking.text.len() {
                prop_assert!(checking.original(offset) <= text.len());
            }
        }
    }
}
