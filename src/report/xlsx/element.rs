//! Printed markup as a tree of elements, each with the place it was printed from.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::fields::Problems;
use super::origin::{Mark, Origins};
use crate::diagnostics::codes;

/// An element of the markup.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) mark: Mark,
    pub(super) attributes: Vec<(String, String)>,
    /// All text directly inside, joined, without white space at either end.
    pub(super) text: String,
    pub(super) children: Vec<Element>,
}

/// Parses a whole document. What is wrong with it is in `problems`; then there is no tree.
pub(super) fn parse(markup: &str, problems: &mut Problems<'_>) -> Option<Element> {
    let mut parser = Parser {
        problems,
        mark: Mark::default(),
        open: Vec::new(),
        root: None,
    };
    let mut reader = Reader::from_str(markup);
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(event) => {
                if let Err(message) = parser.event(event) {
                    parser.malformed(&message);
                    return None;
                }
            }
            Err(error) => {
                parser.malformed(&error.to_string());
                return None;
            }
        }
    }
    if let Some(open) = parser.open.last() {
        let message = format!("`<{}>` is never closed", open.name);
        parser.malformed(&message);
        return None;
    }
    if parser.root.is_none() {
        parser.malformed("there is no `<workbook>` in it");
    }
    parser.root
}

struct Parser<'a, 'b> {
    problems: &'a mut Problems<'b>,
    /// Of the tag read last.
    mark: Mark,
    open: Vec<Element>,
    root: Option<Element>,
}

impl Parser<'_, '_> {
    fn event(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            Event::Start(tag) => {
                let element = self.element(&tag)?;
                self.open.push(element);
            }
            Event::Empty(tag) => {
                let element = self.element(&tag)?;
                self.close(element)?;
            }
            Event::End(_) => {
                // The reader has matched the names.
                if let Some(element) = self.open.pop() {
                    self.close(element)?;
                }
            }
            Event::Text(text) => self.text(&text.xml10_content())?,
            Event::CData(text) => self.text(&text.xml10_content())?,
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref().map_err(|e| e.to_string())?;
                match (character, &*reference) {
                    (Some(character), _) => self.text(character.encode_utf8(&mut [0; 4]))?,
                    (None, "lt") => self.text("<")?,
                    (None, "gt") => self.text(">")?,
                    (None, "amp") => self.text("&")?,
                    (None, "quot") => self.text("\"")?,
                    (None, "apos") => self.text("'")?,
                    (None, name) => return Err(format!("`&{name};` is not known in XML")),
                }
            }
            Event::PI(instruction) if instruction.target() == "at" => {
                if let Some(mark) = Origins::read(instruction.content()) {
                    self.mark = mark;
                }
            }
            Event::DocType(_) => return Err("a document type is not read".to_owned()),
            Event::PI(_) | Event::Comment(_) | Event::Decl(_) | Event::Eof => {}
        }
        Ok(())
    }

    fn element(&mut self, tag: &BytesStart<'_>) -> Result<Element, String> {
        let mut attributes = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|e| e.to_string())?;
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|e| e.to_string())?;
            attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
        }
        Ok(Element {
            name: tag.name().as_ref().to_owned(),
            mark: self.mark,
            attributes,
            ..Element::default()
        })
    }

    fn text(&mut self, text: &str) -> Result<(), String> {
        match self.open.last_mut() {
            Some(element) => {
                element.text.push_str(text);
                Ok(())
            }
            None if text.trim().is_empty() => Ok(()),
            None => Err("there is text outside `<workbook>`".to_owned()),
        }
    }

    fn close(&mut self, mut element: Element) -> Result<(), String> {
        let trimmed = element.text.trim();
        if trimmed.len() != element.text.len() {
            element.text = trimmed.to_owned();
        }
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None if self.root.is_none() => self.root = Some(element),
            None => return Err(format!("`<{}>` stands after the end", element.name)),
        }
        Ok(())
    }

    fn malformed(&mut self, message: &str) {
        let element = self.open.last().map_or("workbook", |e| e.name.as_str());
        let element = element.to_owned();
        self.problems.add(
            &codes::report::WORKBOOK_XML,
            self.mark,
            &element,
            None,
            format!("what the template prints is not XML from here on: {message}"),
            None,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Source;

    fn parsed(markup: &str) -> Result<Element, String> {
        let source = Source::new("t.xlsx.xml", "<a>\n<b>\n</a>\n");
        let origins = Origins::single(&source);
        let mut problems = Problems::new(&origins);
        match parse(markup, &mut problems) {
            Some(element) => Ok(element),
            None => {
                let found = problems.into_diagnostics();
                let first = found.iter().next().unwrap();
                let place = first.place.as_ref().unwrap();
                Err(format!("{place} {}", first.message))
            }
        }
    }

    #[test]
    fn a_tree_with_its_text_and_marks() {
        let root =
            parsed("<a x='1 &amp; 2'> <?at 0 4?><b>&lt;i&gt; &#x0E01;<![CDATA[<]]> </b></a>");
        let root = root.unwrap();
        assert_eq!(root.attributes, [("x".to_owned(), "1 & 2".to_owned())]);
        assert_eq!(root.text, "");
        assert_eq!(root.children[0].text, "<i> ก<");
        assert_eq!(root.children[0].mark, Origins::read("0 4").unwrap());
    }

    #[test]
    fn what_is_not_xml_is_placed_at_the_last_tag() {
        let wrong = parsed("<?at 0 0?><a><?at 0 4?><b></a>").unwrap_err();
        assert!(wrong.starts_with("t.xlsx.xml:2:2 "), "{wrong}");
        assert!(parsed("<a>&nbsp;</a>").unwrap_err().contains("`&nbsp;`"));
        assert!(parsed("<a>").unwrap_err().contains("`<a>` is never closed"));
        assert!(parsed("").unwrap_err().contains("no `<workbook>`"));
        assert!(parsed("<!DOCTYPE a []><a/>").is_err());
        assert!(parsed("<a/><b/>").is_err());
    }
}
