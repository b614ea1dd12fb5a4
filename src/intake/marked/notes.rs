//! The notes of a sheet: a part with their texts, and a drawing with their boxes.
//!
//! Where a sheet has notes of its own they are kept; ours stand below the text of one that a marked
//! cell has already. Notes of ours from an earlier copy go: the cell was mended, or gets a new one.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, Writer};

use super::sheet::{Cells, column_of};
use super::styles::{attribute, local};
use super::{AUTHOR, Mark};
use crate::diagnostics::cell_address;

#[cfg(test)]
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// The notes of a sheet that had none.
pub(super) const NO_TEXTS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<comments xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><authors></authors><commentList></commentList></comments>";

/// The drawing of a sheet that had none.
pub(super) const NO_BOXES: &str = "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"1\"/></o:shapelayout></xml>";

/// Letters of a note's line, and the height of a line in points.
const LINE: usize = 34;
const LINE_HEIGHT: f64 = 14.5;

/// The texts with ours added, the cells that need a box, and those whose box goes.
///
/// None where the part is not as such parts are.
pub(super) fn texts(part: &str, marks: &[Mark]) -> Option<(String, Cells, Cells)> {
    let mut ours: BTreeMap<(u32, u32), &str> = BTreeMap::new();
    for mark in marks {
        if let Some(note) = &mark.note {
            ours.insert((mark.row - 1, mark.column), note);
        }
    }
    let mut notes = Texts {
        out: Writer::new(Vec::with_capacity(part.len() + 256 * marks.len())),
        ours,
        prefix: String::new(),
        authors: 0,
        author: None,
        known: Vec::new(),
        gone: Cells::new(),
    };
    notes.read(part)?;
    let boxes = notes.ours.keys().copied().collect();
    let text = String::from_utf8(notes.out.into_inner()).ok()?;
    Some((text, boxes, notes.gone))
}

struct Texts<'a> {
    out: Writer<Vec<u8>>,
    /// Ours that are still to be put somewhere, by row and column from 0.
    ours: BTreeMap<(u32, u32), &'a str>,
    prefix: String,
    authors: usize,
    /// The number of ours among the authors.
    author: Option<usize>,
    /// The authors' names.
    known: Vec<String>,
    gone: Cells,
}

impl Texts<'_> {
    fn read(&mut self, part: &str) -> Option<()> {
        let mut reader = Reader::from_str(part);
        let mut path: Vec<String> = Vec::new();
        // The note of ours that the one being read takes, and whether a piece of it is to be closed.
        let (mut joined, mut piece) = (None, false);
        loop {
            let event = reader.read_event().ok()?;
            match &event {
                Event::DocType(_) => return None,
                Event::Eof => return path.is_empty().then_some(()),
                Event::Start(element) | Event::Empty(element) => {
                    let name = local(element);
                    let is_empty = matches!(event, Event::Empty(_));
                    if path.is_empty() {
                        let whole = element.name();
                        let whole: &str = whole.as_ref();
                        self.prefix = whole[..whole.len() - name.len()].to_owned();
                    }
                    if is_empty && (name == "authors" || name == "commentList") {
                        self.put(&format!("<{}{name}>", self.prefix))?;
                        self.close(&name)?;
                        self.put(&format!("</{}{name}>", self.prefix))?;
                        continue;
                    }
                    if name == "author" {
                        self.authors += 1;
                        self.known.push(String::new());
                    }
                    if name == "comment" {
                        if self.is_ours(element) {
                            if !is_empty {
                                let end = element.to_end().into_owned();
                                reader.read_to_end(end.name()).ok()?;
                            }
                            continue;
                        }
                        joined = place(element).and_then(|place| self.ours.remove(&place));
                    }
                    // Plain text beside formatted pieces is not shown: it becomes a piece.
                    if joined.is_some() && name == "t" && path.last().is_some_and(|of| of == "text")
                    {
                        self.put(&format!("<{}r>", self.prefix))?;
                        piece = !is_empty;
                    }
                    if !is_empty {
                        path.push(name);
                    }
                }
                Event::Text(text) if path.last().is_some_and(|of| of == "author") => {
                    let text: &str = text;
                    self.known.last_mut()?.push_str(text);
                }
                Event::End(_) => {
                    let name = path.pop()?;
                    if name == "text"
                        && let Some(note) = joined.take()
                    {
                        self.piece(&format!("\n{note}"))?;
                    }
                    self.close(&name)?;
                    let closes = piece && name == "t";
                    self.out.write_event(event).ok()?;
                    if closes {
                        piece = false;
                        self.put(&format!("</{}r>", self.prefix))?;
                    }
                    continue;
                }
                _ => {}
            }
            self.out.write_event(event).ok()?;
        }
    }

    /// Whether a note is by us, of an earlier copy; its box goes as well.
    fn is_ours(&mut self, element: &BytesStart<'_>) -> bool {
        let author = attribute(element, "authorId").and_then(|author| author.parse().ok());
        let author = author.and_then(|author: usize| self.known.get(author));
        let ours = author.is_some_and(|author| author == AUTHOR);
        if ours && let Some(place) = place(element) {
            self.gone.insert(place);
        }
        ours
    }

    /// What comes at the end of a list.
    fn close(&mut self, name: &str) -> Option<()> {
        match name {
            "authors" => {
                let known = self.known.iter().position(|author| author == AUTHOR);
                self.author = Some(known.unwrap_or(self.authors));
                if known.is_none() {
                    let prefix = &self.prefix;
                    self.put(&format!("<{prefix}author>{AUTHOR}</{prefix}author>"))?;
                }
            }
            "commentList" => {
                let author = self.author?;
                for ((row, column), note) in self.ours.clone() {
                    let (prefix, place) = (&self.prefix, cell_address(row + 1, column));
                    let open = format!(
                        "<{prefix}comment ref=\"{place}\" authorId=\"{author}\" shapeId=\"0\"><{prefix}text>"
                    );
                    self.put(&open)?;
                    self.piece(note)?;
                    let prefix = &self.prefix;
                    self.put(&format!("</{prefix}text></{prefix}comment>"))?;
                }
            }
            _ => {}
        }
        Some(())
    }

    fn put(&mut self, markup: &str) -> Option<()> {
        self.out.get_mut().extend_from_slice(markup.as_bytes());
        Some(())
    }

    /// A piece of text in a face that has Thai and Vietnamese.
    fn piece(&mut self, text: &str) -> Option<()> {
        let prefix = &self.prefix;
        let piece = format!(
            "<{prefix}r><{prefix}rPr><{prefix}sz val=\"9\"/><{prefix}color indexed=\"81\"/><{prefix}rFont val=\"Tahoma\"/><{prefix}family val=\"2\"/></{prefix}rPr><{prefix}t xml:space=\"preserve\">{}</{prefix}t></{prefix}r>",
            escaped(text)
        );
        self.put(&piece)
    }
}

/// The row and column, from 0, that a note is about.
fn place(element: &BytesStart<'_>) -> Option<(u32, u32)> {
    let place = attribute(element, "ref")?;
    let digits = place.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let row: u32 = digits.parse().ok()?;
    Some((row.checked_sub(1)?, column_of(&place)?))
}

/// Text as content of an element, without the characters that XML has no word for.
fn escaped(text: &str) -> String {
    let allowed = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    let allowed = |c: &char| allowed(c) && !matches!(c, '\u{fffe}' | '\u{ffff}');
    let text: String = text.chars().filter(allowed).collect();
    quick_xml::escape::escape(&text).into_owned()
}

/// The drawing with boxes added for some cells and taken away for others, rows and columns from 0.
///
/// Such drawings are not always well-formed, so they are cut at the boxes and not parsed.
pub(super) fn boxes(part: &str, marks: &[Mark], add: &Cells, gone: &Cells) -> Option<String> {
    let names = Prefixes::of(part);
    let end = part.rfind("</xml>")?;
    let (open, close) = (
        format!("<{}:shape ", names.v),
        format!("</{}:shape>", names.v),
    );
    let mut out = String::with_capacity(part.len() + 900 * add.len());
    let mut rest = &part[..end];
    while let Some(from) = rest.find(&open) {
        let to = rest[from..].find(&close)? + from + close.len();
        let shape = &rest[from..to];
        out.push_str(&rest[..from]);
        if !names.box_of(shape).is_some_and(|cell| gone.contains(&cell)) {
            out.push_str(shape);
        }
        rest = &rest[to..];
    }
    out.push_str(rest);
    if !add.is_empty() && !out.contains("id=\"_x0000_t202\"") {
        names.shape_type(&mut out);
    }
    let mut number = last_number(part).max(1024);
    for mark in marks {
        let cell = (mark.row - 1, mark.column);
        let Some(note) = mark.note.as_ref().filter(|_| add.contains(&cell)) else {
            continue;
        };
        number += 1;
        names.shape(&mut out, number, cell, note);
    }
    out.push_str(&part[end..]);
    Some(out)
}

/// What stands before the names of a drawing's elements, which is not the same in every program.
struct Prefixes {
    v: String,
    o: String,
    x: String,
    /// Declarations of those that the drawing does not have.
    declared: String,
}

impl Prefixes {
    fn of(part: &str) -> Self {
        let mut declared = String::new();
        let mut prefix = |usual: &str, space: &str| {
            let at = part
                .find(&format!("=\"{space}\""))
                .or_else(|| part.find(&format!("='{space}'")));
            let known = at.and_then(|at| {
                let from = part[..at].rfind("xmlns:")? + "xmlns:".len();
                Some(part[from..at].trim().to_owned())
            });
            known
                .filter(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric()))
                .unwrap_or_else(|| {
                    let _ = write!(declared, " xmlns:{usual}=\"{space}\"");
                    usual.to_owned()
                })
        };
        let v = prefix("v", "urn:schemas-microsoft-com:vml");
        let o = prefix("o", "urn:schemas-microsoft-com:office:office");
        let x = prefix("x", "urn:schemas-microsoft-com:office:excel");
        Self { v, o, x, declared }
    }

    /// The cell that a box is about, if it is a note's.
    fn box_of(&self, shape: &str) -> Option<(u32, u32)> {
        let inside = |name: &str| -> Option<u32> {
            let open = format!("<{}:{name}>", self.x);
            let from = shape.find(&open)? + open.len();
            let to = shape[from..].find('<')? + from;
            shape[from..to].trim().parse().ok()
        };
        shape
            .contains("ObjectType=\"Note\"")
            .then(|| Some((inside("Row")?, inside("Column")?)))?
    }

    fn shape_type(&self, out: &mut String) {
        let Self { v, o, declared, .. } = self;
        let _ = write!(
            out,
            "<{v}:shapetype{declared} id=\"_x0000_t202\" coordsize=\"21600,21600\" {o}:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\"><{v}:stroke joinstyle=\"miter\"/><{v}:path gradientshapeok=\"t\" {o}:connecttype=\"rect\"/></{v}:shapetype>"
        );
    }

    fn shape(&self, out: &mut String, number: u32, (row, column): (u32, u32), note: &str) {
        let Self { v, o, x, declared } = self;
        let lines: usize = note
            .lines()
            .map(|line| line.chars().count() / LINE + 1)
            .sum();
        let height = LINE_HEIGHT * (lines + 1) as f64;
        // Rows of the common height, so that the box is as high as its text.
        let (left, right) = (column + 1, column + 4);
        let bottom = row + 1 + (height / 15.0).ceil() as u32;
        let _ = write!(
            out,
            "<{v}:shape{declared} id=\"_x0000_s{number}\" type=\"#_x0000_t202\" style=\"position:absolute;margin-left:60pt;margin-top:1.5pt;width:210pt;height:{height}pt;z-index:1;visibility:hidden\" fillcolor=\"#ffffe1\" {o}:insetmode=\"auto\"><{v}:fill color2=\"#ffffe1\"/><{v}:shadow on=\"t\" color=\"black\" obscured=\"t\"/><{v}:path {o}:connecttype=\"none\"/><{v}:textbox style=\"mso-direction-alt:auto\"><div style=\"text-align:left\"></div></{v}:textbox><{x}:ClientData ObjectType=\"Note\"><{x}:MoveWithCells/><{x}:SizeWithCells/><{x}:Anchor>{left}, 12, {row}, 4, {right}, 40, {bottom}, 4</{x}:Anchor><{x}:AutoFill>False</{x}:AutoFill><{x}:Row>{row}</{x}:Row><{x}:Column>{column}</{x}:Column></{x}:ClientData></{v}:shape>"
        );
    }
}

/// The highest number that a shape of the drawing has.
fn last_number(part: &str) -> u32 {
    part.split("_x0000_s")
        .skip(1)
        .filter_map(|rest| {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            rest[..digits].parse().ok()
        })
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(row: u32, column: u32, note: &str) -> Mark {
        Mark {
            row,
            column,
            aside: true,
            note: Some(note.to_owned()),
        }
    }

    #[test]
    fn notes_are_added_to_none() {
        let marks = [mark(7, 1, "a < b & “c”"), mark(9, 0, "ที่ 2")];
        let (text, add, gone) = texts(NO_TEXTS, &marks).unwrap();
        assert!(text.contains(MAIN));
        assert!(
            text.contains("<author>quarterdeck</author></authors>"),
            "{text}"
        );
        assert!(text.contains("ref=\"B7\" authorId=\"0\""), "{text}");
        assert!(text.contains("a &lt; b &amp; “c”</t>"), "{text}");
        assert_eq!(add, Cells::from([(6, 1), (8, 0)]));
        assert!(gone.is_empty());
        let drawing = boxes(NO_BOXES, &marks, &add, &gone).unwrap();
        assert_eq!(drawing.matches("<v:shape ").count(), 2);
        assert!(drawing.contains("_x0000_s1025") && drawing.contains("_x0000_s1026"));
        assert!(drawing.contains("<x:Row>6</x:Row><x:Column>1</x:Column>"));
        assert!(drawing.ends_with("</xml>"));
    }

    #[test]
    fn the_managers_notes_stay_and_ours_of_before_go() {
        let before = NO_TEXTS
            .replace(
                "<authors></authors>",
                "<authors><author>Mali</author><author>quarterdeck</author></authors>",
            )
            .replace(
                "<commentList></commentList>",
                "<commentList><comment ref=\"A2\" authorId=\"0\"><text><t>mine</t></text></comment><comment ref=\"B7\" authorId=\"1\"><text><r><t>old</t></r></text></comment><comment ref=\"C3\" authorId=\"0\"><text><t>hers</t></text></comment></commentList>",
            );
        let marks = [mark(2, 0, "new"), mark(8, 1, "more")];
        let (text, add, gone) = texts(&before, &marks).unwrap();
        assert!(!text.contains("old"), "{text}");
        assert!(text.contains("<r><t>mine</t></r><r>"), "{text}");
        assert!(text.contains("\nnew</t>"), "{text}");
        assert!(text.contains("<text><t>hers</t></text>"), "{text}");
        assert!(text.contains("ref=\"B8\" authorId=\"1\""), "{text}");
        // A2 has a box of its own.
        assert_eq!(add, Cells::from([(7, 1)]));
        assert_eq!(gone, Cells::from([(6, 1)]));
        let mut drawing = String::new();
        Prefixes::of(NO_BOXES).shape(&mut drawing, 1030, (6, 1), "old");
        Prefixes::of(NO_BOXES).shape(&mut drawing, 1031, (1, 0), "mine");
        // As Excel writes it: not well-formed.
        let drawing = NO_BOXES.replace("</xml>", &format!("<br>{drawing}</xml>"));
        let drawn = boxes(&drawing, &marks, &add, &gone).unwrap();
        assert!(!drawn.contains("_x0000_s1030"), "{drawn}");
        assert!(drawn.contains("_x0000_s1031") && drawn.contains("_x0000_s1032"));
    }

    /// openpyxl, for one, writes the prefixes of its XML library.
    #[test]
    fn boxes_have_the_prefixes_of_their_drawing() {
        let part = NO_BOXES
            .replace("xmlns:v=", "xmlns:ns1=")
            .replace("v:ext", "ns1:ext")
            .replace(" xmlns:x=\"urn:schemas-microsoft-com:office:excel\"", "");
        let marks = [mark(7, 1, "a")];
        let drawn = boxes(&part, &marks, &Cells::from([(6, 1)]), &Cells::new()).unwrap();
        assert!(
            drawn.contains("<ns1:shape xmlns:x=\"urn:schemas-microsoft-com:office:excel\" id="),
            "{drawn}"
        );
        assert!(!drawn.contains("<v:"), "{drawn}");
        let mut reader = Reader::from_str(&drawn);
        while !matches!(reader.read_event().unwrap(), Event::Eof) {}
        let again = boxes(&drawn, &[], &Cells::new(), &Cells::from([(6, 1)])).unwrap();
        assert!(!again.contains(":shape "), "{again}");
    }
}
