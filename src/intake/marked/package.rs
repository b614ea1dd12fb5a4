//! A workbook of Excel 2007 and later with marked cells: its package is copied part by part, compressed
//! as it is, but for the sheets with marks, their notes, the styles, and what says where those are.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::notes::{self, NO_BOXES, NO_TEXTS};
use super::sheet::{self, Cells, Colours};
use super::styles::{self, Styles, attribute, local};
use super::{SheetMarks, failed};
use crate::intake::formats::Refusal;

/// Bytes of a part that is edited as a whole. Sheets are streamed.
const LARGEST_PART: u64 = 64 << 20;

const TYPES: &str = "[Content_Types].xml";
const NOTES_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";
const DRAWING_TYPE: &str = "application/vnd.openxmlformats-officedocument.vmlDrawing";
const STYLES_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// The relations of a part that has none.
const NO_RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"></Relationships>";

type Archive = ZipArchive<BufReader<File>>;

/// Makes the copy.
///
/// # Errors
/// When the package is not as packages are, or the copy cannot be written.
pub(super) fn write(
    from: &Path,
    ending: &str,
    marks: &[SheetMarks],
    to: &Path,
) -> Result<(), Refusal> {
    let file = File::open(from)?;
    let archive = ZipArchive::new(BufReader::with_capacity(1 << 16, file)).map_err(failed)?;
    let mut package = Package::open(archive)?;
    let keeps_macros = matches!(ending, "xlsm" | "xltm");
    if !keeps_macros && package.types.contains("macroEnabled") {
        return Err(failed("a workbook with macros under another name"));
    }
    for marks in marks.iter().filter(|marks| !marks.marks.is_empty()) {
        package.mark(marks)?;
    }
    package.write(to)
}

/// A relation of a part.
struct Relation {
    id: String,
    /// The last word of its type: `worksheet`, `comments`.
    kind: String,
    /// The part it leads to.
    part: String,
}

/// What is done to a sheet.
struct Edit {
    colours: Colours,
    /// The relation by which its notes are drawn, where that is new.
    notes: Option<String>,
}

struct Package {
    archive: Archive,
    types: String,
    /// The part of each sheet by its name.
    sheets: BTreeMap<String, String>,
    styles: Styles,
    styles_part: String,
    edits: BTreeMap<String, Edit>,
    /// Parts that were edited whole, or are new.
    parts: BTreeMap<String, String>,
}

impl Package {
    fn open(mut archive: Archive) -> Result<Self, Refusal> {
        let types = whole(&mut archive, TYPES)?.ok_or_else(|| failed("no content types"))?;
        let root = relations(&mut archive, "")?;
        let of = |found: &[Relation], kind: &str| {
            let relation = found.iter().find(|relation| relation.kind == kind);
            relation.map(|relation| relation.part.clone())
        };
        let workbook = of(&root, "officeDocument").ok_or_else(|| failed("no workbook"))?;
        let related = relations(&mut archive, &workbook)?;
        let book = whole(&mut archive, &workbook)?.ok_or_else(|| failed("no workbook"))?;
        let sheets = sheets(&book, &related)?;
        let mut parts = BTreeMap::new();
        let styles_part = of(&related, "styles");
        let text = match &styles_part {
            Some(part) => whole(&mut archive, part)?,
            None => None,
        };
        let mut types = types;
        let (styles_part, text) = match (styles_part, text) {
            (Some(part), Some(text)) => (part, text),
            _ => {
                let part = format!("{}qdStyles.xml", folder(&workbook));
                types = overridden(&types, &part, STYLES_TYPE)?;
                let name = relations_of(&workbook);
                let text = whole(&mut archive, &name)?.unwrap_or_else(|| NO_RELATIONS.to_owned());
                parts.insert(name, related_to(&text, "qdStyles", "styles", &part)?);
                (part, styles::PLAIN.to_owned())
            }
        };
        Ok(Self {
            types,
            sheets,
            styles: Styles::read(text).ok_or_else(|| failed("styles that are not understood"))?,
            styles_part,
            edits: BTreeMap::new(),
            parts,
            archive,
        })
    }

    /// Prepares what marking a sheet takes; the sheet itself is edited as it is copied.
    fn mark(&mut self, marks: &SheetMarks) -> Result<(), Refusal> {
        let name = marks.sheet.as_deref().unwrap_or_default();
        let part = self.sheets.get(name).cloned();
        let part = part.ok_or_else(|| failed("a sheet that is not there"))?;
        let relation_part = relations_of(&part);
        let related = relations(&mut self.archive, &part)?;
        let text = whole(&mut self.archive, &relation_part)?;
        let mut text = text.unwrap_or_else(|| NO_RELATIONS.to_owned());

        let texts_part = related.iter().find(|relation| relation.kind == "comments");
        let texts_part = texts_part.map(|relation| relation.part.clone());
        let texts = match &texts_part {
            Some(part) => whole(&mut self.archive, part)?,
            None => None,
        };
        let had = texts.as_deref().unwrap_or(NO_TEXTS);
        let (texts, add, gone) = notes::texts(had, &marks.marks)
            .ok_or_else(|| failed("notes that are not understood"))?;
        let texts_part = match texts_part {
            Some(part) => part,
            None => {
                let part = self.free("xl/comments", ".xml");
                text = related_to(&text, "qdNotes", "comments", &part)?;
                self.types = overridden(&self.types, &part, NOTES_TYPE)?;
                part
            }
        };
        self.parts.insert(texts_part, texts);
        let notes = self.draw(marks, &part, &related, (&add, &gone), &mut text)?;
        self.parts.insert(relation_part, text);
        let colours = sheet::colours(&marks.marks);
        self.edits.insert(part, Edit { colours, notes });
        Ok(())
    }

    /// Draws the boxes of notes; the relation by which the sheet is to point at them, where it is new.
    fn draw(
        &mut self,
        marks: &SheetMarks,
        sheet: &str,
        related: &[Relation],
        (add, gone): (&Cells, &Cells),
        relations: &mut String,
    ) -> Result<Option<String>, Refusal> {
        let drawings = related.iter().any(|of| of.kind == "vmlDrawing");
        let id = match drawings {
            true => {
                let input = self.archive.by_name(sheet).map_err(failed)?;
                sheet::drawing_of_notes(BufReader::new(input))?
            }
            false => None,
        };
        let part = related.iter().find(|of| Some(&of.id) == id.as_ref());
        let (part, text, new) = match part.map(|relation| relation.part.clone()) {
            Some(part) => {
                let text = whole(&mut self.archive, &part)?;
                (part, text.ok_or_else(|| failed("no drawing"))?, None)
            }
            None => {
                let part = self.free("xl/drawings/vmlDrawing", ".vml");
                *relations = related_to(relations, "qdDrawing", "vmlDrawing", &part)?;
                self.types = with_default(&self.types, "vml", DRAWING_TYPE)?;
                (part, NO_BOXES.to_owned(), Some("qdDrawing".to_owned()))
            }
        };
        let drawn = notes::boxes(&text, &marks.marks, add, gone)
            .ok_or_else(|| failed("a drawing that is not understood"))?;
        self.parts.insert(part, drawn);
        Ok(new)
    }

    /// A name that no part has.
    fn free(&self, stem: &str, ending: &str) -> String {
        let taken = |name: &str| {
            let same = |known: &str| known.eq_ignore_ascii_case(name);
            let mut names = self.archive.file_names().flatten();
            names.any(|known| same(&known)) || self.parts.keys().any(|known| same(known))
        };
        (1u32..)
            .map(|number| format!("{stem}{number}{ending}"))
            .find(|name| !taken(name))
            .unwrap_or_else(|| format!("{stem}{ending}"))
    }

    fn write(mut self, to: &Path) -> Result<(), Refusal> {
        self.parts.insert(TYPES.to_owned(), self.types.clone());
        let mut out = ZipWriter::new(BufWriter::with_capacity(1 << 16, File::create(to)?));
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default())
            .large_file(false);
        for index in 0..self.archive.len() {
            let entry = self.archive.by_index_raw(index).map_err(failed)?;
            let name = entry.name().map_err(failed)?.into_owned();
            if let Some(edit) = self.edits.get(&name) {
                drop(entry);
                let input = self.archive.by_index(index).map_err(failed)?;
                let options = options.large_file(input.size() > u64::from(u32::MAX) / 2);
                out.start_file(name, options).map_err(failed)?;
                let notes = edit.notes.as_deref();
                let input = BufReader::with_capacity(1 << 16, input);
                sheet::write(input, &mut out, &edit.colours, &mut self.styles, notes)?;
            } else if let Some(text) = self.parts.remove(&name) {
                drop(entry);
                out.start_file(name, options).map_err(failed)?;
                out.write_all(text.as_bytes())?;
            } else if name != self.styles_part {
                // As it is, compressed as it is.
                out.raw_copy_file(entry).map_err(failed)?;
            }
        }
        let styles = (self.styles_part, self.styles.finish());
        for (name, text) in self.parts.into_iter().chain([styles]) {
            out.start_file(name, options).map_err(failed)?;
            out.write_all(text.as_bytes())?;
        }
        out.finish().map_err(failed)?.flush()?;
        Ok(())
    }
}

/// A part as text; none where there is no such part.
fn whole(archive: &mut Archive, name: &str) -> Result<Option<String>, Refusal> {
    let input = match archive.by_name(name) {
        Ok(input) => input,
        Err(zip::result::ZipError::FileNotFound) => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let mut text = String::new();
    input.take(LARGEST_PART + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LARGEST_PART {
        return Err(failed(format!("`{name}` is too large")));
    }
    Ok(Some(text))
}

/// The folder of a part, with its slash.
fn folder(part: &str) -> &str {
    part.rfind('/').map_or("", |at| &part[..=at])
}

/// The part that holds the relations of a part.
fn relations_of(part: &str) -> String {
    let folder = folder(part);
    format!("{folder}_rels/{}.rels", &part[folder.len()..])
}

/// What a part is related to.
fn relations(archive: &mut Archive, part: &str) -> Result<Vec<Relation>, Refusal> {
    let Some(text) = whole(archive, &relations_of(part))? else {
        return Ok(Vec::new());
    };
    let mut reader = Reader::from_str(&text);
    let mut found = Vec::new();
    loop {
        match reader.read_event().map_err(failed)? {
            Event::Start(element) | Event::Empty(element) if local(&element) == "Relationship" => {
                let get = |name: &str| attribute(&element, name);
                let outside = get("TargetMode").is_some_and(|mode| mode == "External");
                let (Some(id), Some(kind), Some(target)) = (get("Id"), get("Type"), get("Target"))
                else {
                    continue;
                };
                if outside {
                    continue;
                }
                let target = unescape(&target).map_err(failed)?;
                found.push(Relation {
                    id,
                    kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                    part: resolved(folder(part), &target),
                });
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// A target of a relation as the name of a part.
fn resolved(folder: &str, target: &str) -> String {
    let whole = match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("{folder}{target}"),
    };
    let mut path: Vec<&str> = Vec::new();
    for step in whole.split('/') {
        match step {
            "." | "" => {}
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path.join("/")
}

/// The part of each sheet by its name.
fn sheets(book: &str, related: &[Relation]) -> Result<BTreeMap<String, String>, Refusal> {
    let mut reader = Reader::from_str(book);
    let mut found = BTreeMap::new();
    loop {
        match reader.read_event().map_err(failed)? {
            Event::Start(element) | Event::Empty(element) if local(&element) == "sheet" => {
                let id = element.attributes().flatten().find_map(|attribute| {
                    let name = attribute.key.local_name();
                    let name: &str = name.as_ref();
                    (name == "id").then(|| attribute.value.to_string())
                });
                let name = attribute(&element, "name").unwrap_or_default();
                let name = unescape(&name).map_err(failed)?.into_owned();
                let part = related.iter().find(|of| Some(&of.id) == id.as_ref());
                if let Some(part) = part {
                    found.insert(name, part.part.clone());
                }
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// A list of relations with one more.
fn related_to(text: &str, id: &str, kind: &str, part: &str) -> Result<String, Refusal> {
    let (text, prefix) = opened(text, "Relationships")?;
    let relation = format!(
        "<{prefix}Relationship Id=\"{id}\" Type=\"{RELATIONS}/{kind}\" Target=\"/{part}\"/>"
    );
    inserted(&text, "Relationships", &relation)
}

/// The content types with one for a part.
fn overridden(types: &str, part: &str, kind: &str) -> Result<String, Refusal> {
    let (types, prefix) = opened(types, "Types")?;
    let entry = format!("<{prefix}Override PartName=\"/{part}\" ContentType=\"{kind}\"/>");
    inserted(&types, "Types", &entry)
}

/// The content types with one for every part with an ending.
fn with_default(types: &str, ending: &str, kind: &str) -> Result<String, Refusal> {
    let (types, prefix) = opened(types, "Types")?;
    let lower = types.to_ascii_lowercase();
    if lower.contains(&format!("extension=\"{ending}\"")) {
        return Ok(types);
    }
    let entry = format!("<{prefix}Default Extension=\"{ending}\" ContentType=\"{kind}\"/>");
    // Defaults come before parts by name.
    let at = types
        .find(&format!("<{prefix}Default"))
        .or_else(|| types.find(&format!("<{prefix}Override")));
    match at {
        Some(at) => Ok(format!("{}{entry}{}", &types[..at], &types[at..])),
        None => inserted(&types, "Types", &entry),
    }
}

/// A list whose element has an end tag of its own, and the prefix of its elements.
fn opened(text: &str, name: &str) -> Result<(String, String), Refusal> {
    let mut reader = Reader::from_str(text);
    loop {
        let from = reader.buffer_position();
        match reader.read_event().map_err(failed)? {
            Event::Start(element) if local(&element) == name => {
                return Ok((text.to_owned(), prefix_of(&element, name)));
            }
            Event::Empty(element) if local(&element) == name => {
                let inside: &str = &element;
                let prefix = prefix_of(&element, name);
                let before = &text[..usize::try_from(from).unwrap_or(0)];
                return Ok((format!("{before}<{inside}></{prefix}{name}>"), prefix));
            }
            Event::Eof => return Err(failed(format!("no `{name}`"))),
            _ => {}
        }
    }
}

fn prefix_of(element: &quick_xml::events::BytesStart<'_>, name: &str) -> String {
    let whole = element.name();
    let whole: &str = whole.as_ref();
    whole[..whole.len() - name.len()].to_owned()
}

/// A list with one more at its end.
fn inserted(text: &str, name: &str, entry: &str) -> Result<String, Refusal> {
    let at = text
        .rfind(&format!("{name}>"))
        .and_then(|at| text[..at].rfind("</"))
        .ok_or_else(|| failed(format!("no end of `{name}`")))?;
    Ok(format!("{}{entry}{}", &text[..at], &text[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_parts() {
        assert_eq!(
            resolved("xl/", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml"
        );
        assert_eq!(
            resolved("xl/worksheets/", "../comments1.xml"),
            "xl/comments1.xml"
        );
        assert_eq!(resolved("xl/", "/xl/styles.xml"), "xl/styles.xml");
        assert_eq!(resolved("", "../../x"), "x");
        assert_eq!(
            relations_of("xl/worksheets/sheet1.xml"),
            "xl/worksheets/_rels/sheet1.xml.rels"
        );
        assert_eq!(relations_of(""), "_rels/.rels");
    }

    #[test]
    fn lists_grow_at_their_end() {
        let grown = related_to(NO_RELATIONS, "a", "comments", "xl/c.xml").unwrap();
        assert!(
            grown.ends_with("Target=\"/xl/c.xml\"/></Relationships>"),
            "{grown}"
        );
        let empty = "<Relationships xmlns=\"x\"/>";
        let grown = related_to(empty, "a", "styles", "s.xml").unwrap();
        assert!(
            grown.starts_with("<Relationships xmlns=\"x\"><Relationship "),
            "{grown}"
        );
        let types = "<Types><Default Extension=\"xml\" ContentType=\"a\"/><Override PartName=\"/b\" ContentType=\"c\"/></Types>";
        let grown = with_default(types, "vml", "v").unwrap();
        assert!(
            grown.starts_with("<Types><Default Extension=\"vml\""),
            "{grown}"
        );
        assert_eq!(with_default(&grown, "vml", "v").unwrap(), grown);
    }
}
