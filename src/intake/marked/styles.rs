//! The styles of a workbook with a coloured twin for each style that a marked cell has.
//!
//! Only the two lists that grow are touched, `fills` and `cellXfs`; everything else stays byte for
//! byte, and so does the number of every style there was.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::COLOURS;

/// The styles of a workbook that has none.
pub(super) const PLAIN: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><fonts count=\"1\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/></cellXfs></styleSheet>";

/// The styles, growing.
pub(super) struct Styles {
    text: String,
    /// What stands before the names of elements: empty, or `x:`.
    prefix: String,
    fills: List,
    formats: List,
    /// Each format as written.
    written: Vec<Range<usize>>,
    /// The fills of an earlier copy.
    ours: BTreeSet<usize>,
    /// The fill each format has.
    fill_of: Vec<usize>,
    /// Twins by format and fill; none to take the colour off.
    twins: BTreeMap<(usize, Option<usize>), usize>,
    added: Vec<String>,
}

/// A list of the styles: its opening tag, where its end tag begins, and how many items it has.
#[derive(Default)]
struct List {
    open: Range<usize>,
    close: usize,
    items: usize,
}

impl Styles {
    /// Reads the part; none where it is not as such parts are.
    pub(super) fn read(text: String) -> Option<Self> {
        let mut reader = Reader::from_str(&text);
        let (mut fills, mut formats) = (List::default(), List::default());
        let (mut written, mut fill_of) = (Vec::new(), Vec::new());
        let mut ours = BTreeSet::new();
        let mut prefix = String::new();
        let mut path: Vec<String> = Vec::new();
        let mut began = 0;
        loop {
            let from = usize::try_from(reader.buffer_position()).ok()?;
            let event = reader.read_event().ok()?;
            let to = usize::try_from(reader.buffer_position()).ok()?;
            let (element, is_empty) = match &event {
                Event::Start(element) => (element, false),
                Event::Empty(element) => (element, true),
                Event::End(_) => {
                    let name = path.pop()?;
                    match (name.as_str(), path.len()) {
                        ("fills", 1) => fills.close = from,
                        ("cellXfs", 1) => formats.close = from,
                        ("xf", 2) if path[1] == "cellXfs" => written.push(began..to),
                        _ => {}
                    }
                    continue;
                }
                Event::Eof => break,
                Event::DocType(_) => return None,
                _ => continue,
            };
            let name = local(element);
            match (path.len(), path.get(1).map(String::as_str), name.as_str()) {
                (0, ..) => {
                    let whole = element.name();
                    let whole: &str = whole.as_ref();
                    prefix = whole[..whole.len() - name.len()].to_owned();
                }
                (1, _, "fills") if !is_empty => fills.open = from..to,
                (1, _, "cellXfs") if !is_empty => formats.open = from..to,
                (2, Some("fills"), "fill") => fills.items += 1,
                (4, Some("fills"), "fgColor") => {
                    let colour = attribute(element, "rgb").unwrap_or_default();
                    if COLOURS.contains(&colour.as_str()) {
                        ours.insert(fills.items - 1);
                    }
                }
                (2, Some("cellXfs"), "xf") => {
                    formats.items += 1;
                    began = from;
                    let fill = attribute(element, "fillId").and_then(|fill| fill.parse().ok());
                    fill_of.push(fill.unwrap_or(0));
                    if is_empty {
                        written.push(from..to);
                    }
                }
                _ => {}
            }
            if !is_empty {
                path.push(name);
            }
        }
        let sound = path.is_empty()
            && fills.close > fills.open.end
            && formats.close > formats.open.end
            && written.len() == formats.items;
        sound.then_some(Self {
            text,
            prefix,
            fills,
            formats,
            written,
            ours,
            fill_of,
            twins: BTreeMap::new(),
            added: Vec::new(),
        })
    }

    /// The number of the format that is this one in a colour of ours.
    pub(super) fn coloured(&mut self, format: usize, colour: usize) -> usize {
        self.twin(format, Some(colour))
    }

    /// Whether any format has a colour of ours from an earlier copy.
    pub(super) fn any_ours(&self) -> bool {
        !self.ours.is_empty()
    }

    /// For a format with a colour of an earlier copy: the number of the one without.
    pub(super) fn bared(&mut self, format: usize) -> Option<usize> {
        let fill = self.fill_of.get(format)?;
        self.ours.contains(fill).then(|| self.twin(format, None))
    }

    fn twin(&mut self, format: usize, colour: Option<usize>) -> usize {
        // A number that no format has means the first.
        let format = if format < self.written.len() {
            format
        } else {
            0
        };
        if let Some(known) = self.twins.get(&(format, colour)) {
            return *known;
        }
        let number = self.formats.items + self.added.len();
        let fill = colour.map_or(0, |colour| self.fills.items + colour);
        let written = self.written.get(format).cloned().unwrap_or(0..0);
        let added = with_fill(&self.text[written], &self.prefix, fill);
        self.added.push(added);
        self.twins.insert((format, colour), number);
        number
    }

    /// The part with what was added.
    pub(super) fn finish(self) -> String {
        let prefix = &self.prefix;
        let mut fills = String::new();
        for colour in COLOURS {
            let _ = write!(
                fills,
                "<{prefix}fill><{prefix}patternFill patternType=\"solid\"><{prefix}fgColor rgb=\"{colour}\"/><{prefix}bgColor indexed=\"64\"/></{prefix}patternFill></{prefix}fill>"
            );
        }
        let mut edits = [
            (
                self.fills.open.clone(),
                counted(
                    &self.text[self.fills.open.clone()],
                    self.fills.items + COLOURS.len(),
                ),
            ),
            (self.fills.close..self.fills.close, fills),
            (
                self.formats.open.clone(),
                counted(
                    &self.text[self.formats.open.clone()],
                    self.formats.items + self.added.len(),
                ),
            ),
            (self.formats.close..self.formats.close, self.added.concat()),
        ];
        edits.sort_by_key(|(range, _)| range.start);
        let mut out = String::with_capacity(self.text.len() + 4096);
        let mut done = 0;
        for (range, put) in edits {
            out.push_str(&self.text[done..range.start]);
            out.push_str(&put);
            done = range.end;
        }
        out.push_str(&self.text[done..]);
        out
    }
}

/// The name of an element without its prefix.
pub(super) fn local(element: &BytesStart<'_>) -> String {
    let name = element.local_name();
    let name: &str = name.as_ref();
    name.to_owned()
}

/// An attribute as written, which none that is asked for here needs to be unescaped.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    attributes.with_checks(false);
    attributes.flatten().find_map(|attribute| {
        let key: &str = attribute.key.as_ref();
        (key == name).then(|| attribute.value.to_string())
    })
}

/// The inside of a tag with some attributes set, the others as they were.
pub(super) fn with_attributes(element: &BytesStart<'_>, set: &[(&str, &str)]) -> String {
    let name = element.name();
    let name: &str = name.as_ref();
    let mut out = name.to_owned();
    let mut attributes = element.attributes();
    attributes.with_checks(false);
    for attribute in attributes.flatten() {
        let key: &str = attribute.key.as_ref();
        if set.iter().any(|(name, _)| *name == key) {
            continue;
        }
        let value: &str = &attribute.value;
        let quote = if value.contains('"') { '\'' } else { '"' };
        let _ = write!(out, " {key}={quote}{value}{quote}");
    }
    for (key, value) in set.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = write!(out, " {key}=\"{value}\"");
    }
    out
}

/// A format as written with another fill.
fn with_fill(written: &str, prefix: &str, fill: usize) -> String {
    let fill = fill.to_string();
    let set = [("fillId", fill.as_str()), ("applyFill", "1")];
    let mut reader = Reader::from_str(written);
    match reader.read_event() {
        Ok(Event::Empty(element)) => format!("<{}/>", with_attributes(&element, &set)),
        Ok(Event::Start(element)) => {
            let after = usize::try_from(reader.buffer_position()).unwrap_or(written.len());
            format!("<{}>{}", with_attributes(&element, &set), &written[after..])
        }
        _ => format!("<{prefix}xf fillId=\"{fill}\" applyFill=\"1\"/>"),
    }
}

/// An opening tag with its count.
fn counted(tag: &str, items: usize) -> String {
    let mut reader = Reader::from_str(tag);
    match reader.read_event() {
        Ok(Event::Start(element)) => {
            format!(
                "<{}>",
                with_attributes(&element, &[("count", &items.to_string())])
            )
        }
        _ => tag.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_twin_differs_in_its_fill_alone() {
        let xf = "<xf numFmtId=\"14\" fontId=\"3\" fillId=\"1\" borderId=\"2\" xfId=\"0\" applyNumberFormat=\"1\"><alignment wrapText=\"1\"/></xf>";
        let text = PLAIN.replace(
            "xfId=\"0\"/></cellXfs>",
            &format!("xfId=\"0\"/>{xf}</cellXfs>"),
        );
        let mut styles = Styles::read(text.clone()).unwrap();
        assert_eq!(styles.coloured(1, 0), 2);
        assert_eq!(styles.coloured(1, 0), 2);
        assert_eq!(styles.coloured(0, 1), 3);
        assert!(styles.bared(1).is_none());
        let out = styles.finish();
        assert!(out.contains("<fills count=\"4\">"), "{out}");
        assert!(out.contains("<cellXfs count=\"4\">"), "{out}");
        assert!(out.contains(xf), "{out}");
        let twin = "<xf numFmtId=\"14\" fontId=\"3\" borderId=\"2\" xfId=\"0\" applyNumberFormat=\"1\" fillId=\"2\" applyFill=\"1\"><alignment wrapText=\"1\"/></xf>";
        assert!(out.contains(twin), "{out}");
        // What was there stands where it stood.
        let mut again = Styles::read(out).unwrap();
        assert_eq!(again.formats.items, 4);
        assert_eq!(again.bared(2), Some(4));
    }

    #[test]
    fn what_is_no_style_sheet_is_not_touched() {
        assert!(Styles::read("<a><b/></a>".to_owned()).is_none());
        assert!(Styles::read("<styleSheet><fills/>".to_owned()).is_none());
    }
}
