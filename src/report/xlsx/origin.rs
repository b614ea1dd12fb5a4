//! From a tag of printed markup back to the tag of the template that printed it.
//!
//! Before a template is rendered, a processing instruction `<?at TEMPLATE OFFSET?>` is put in front
//! of every start tag. It survives loops, includes and components, because it is part of what they
//! print, and the parser of the markup takes it out again.

use std::sync::Arc;

use crate::diagnostics::{Place, Source};
use crate::workspace::Files;

/// Where an element was printed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Mark {
    /// Index into [`Origins`].
    template: usize,
    /// Byte offset of the tag's `<`; none in markup that no template printed.
    offset: Option<usize>,
}

/// The templates that markup may have been printed by, in the order of their marks.
#[derive(Debug, Clone)]
pub struct Origins(Vec<Arc<Source>>);

impl Origins {
    /// Every workbook template of a workspace.
    pub fn of(files: &Files) -> Self {
        let templates = files
            .under("report-templates", "xml")
            .filter(|source| source.path.ends_with(".xlsx.xml"));
        Self(templates.map(Arc::clone).collect())
    }

    /// One text, marked or not.
    pub fn single(source: &Arc<Source>) -> Self {
        Self(vec![Arc::clone(source)])
    }

    /// The workspace's files with every workbook template marked, to be rendered instead of them.
    #[must_use]
    pub fn mark(&self, files: Files) -> Files {
        let mut files = files;
        for (index, source) in self.0.iter().enumerate() {
            files = files.with(&source.path, &marked(&source.text, index));
        }
        files
    }

    /// Reads the body of a processing instruction `at`.
    pub(super) fn read(body: &str) -> Option<Mark> {
        let (template, offset) = body.trim().split_once(' ')?;
        Some(Mark {
            template: template.parse().ok()?,
            offset: Some(offset.parse().ok()?),
        })
    }

    /// The attribute of an element, or the element, in its template.
    pub(super) fn place(
        &self,
        mark: Mark,
        element: &str,
        attribute: Option<&str>,
    ) -> Option<Place> {
        let source = self.0.get(mark.template).or_else(|| self.0.first())?;
        let Some(start) = mark.offset else {
            return Some(Place::File(source.path.clone()));
        };
        let tag = source.text.get(start..).unwrap_or_default();
        if let Some(name) = attribute
            && let Some(at) = find_attribute(tag, name)
        {
            return Some(Place::text(source, start + at..start + at + name.len()));
        }
        Some(Place::text(source, start + 1..start + 1 + element.len()))
    }
}

/// Offset of an attribute's name in the tag that a text starts with.
fn find_attribute(tag: &str, name: &str) -> Option<usize> {
    let end = tag
        .match_indices('<')
        .nth(1)
        .map_or(tag.len(), |(at, _)| at);
    let tag = &tag[..end];
    tag.match_indices(name)
        .find(|(at, _)| {
            let before = tag[..*at].chars().next_back();
            let after = tag[at + name.len()..].trim_start().chars().next();
            before.is_some_and(|c| c.is_whitespace() || c == '}') && after == Some('=')
        })
        .map(|(at, _)| at)
}

/// A template with a mark in front of every start tag.
fn marked(text: &str, template: usize) -> String {
    // What is skipped as a whole: no start tag in it is markup.
    const SKIPPED: [(&str, &str); 6] = [
        ("{{", "}}"),
        ("{%", "%}"),
        ("{#", "#}"),
        ("<!--", "-->"),
        ("<![CDATA[", "]]>"),
        ("<?", "?>"),
    ];
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if let Some((open, close)) = SKIPPED.iter().find(|(o, _)| rest.starts_with(o))
        {
            let body = &rest[open.len()..];
            body.find(close)
                .map_or(rest.len(), |at| open.len() + at + close.len())
        } else {
            let tag = first == '<' && rest[1..].starts_with(|c: char| c.is_ascii_alphabetic());
            if tag {
                let offset = text.len() - rest.len();
                out.push_str(&format!("<?at {template} {offset}?>"));
            }
            first.len_utf8()
        };
        let (piece, after) = rest.split_at(length);
        out.push_str(piece);
        rest = after;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn start_tags_are_marked_and_nothing_else_is() {
        let text = "<?xml version=\"1.0\"?>{# <no> #}<a>{% if x < y %}<b c=\"{{ 1 <2 }}\"/>\
                    {% endif %}<!-- <no> --></a>";
        let expected = "<?xml version=\"1.0\"?>{# <no> #}<?at 3 31?><a>{% if x < y %}\
                        <?at 3 48?><b c=\"{{ 1 <2 }}\"/>{% endif %}<!-- <no> --></a>";
        assert_eq!(marked(text, 3), expected);
    }

    #[test]
    fn a_place_is_the_attribute_where_it_can_be_found() {
        let source = Source::new("t.xlsx.xml", "<a>\n  <cell/><cell numbr=\"1\"/>\n</a>");
        let origins = Origins::single(&source);
        let mark = Origins::read(" 0 13").unwrap();
        let place = |attribute| origins.place(mark, "cell", attribute).unwrap().to_string();
        assert_eq!(place(Some("numbr")), "t.xlsx.xml:2:16");
        assert_eq!(place(None), "t.xlsx.xml:2:11");
    }
}
