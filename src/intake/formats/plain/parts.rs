//! What a workbook says of itself: its sheets, and in which parts of the file things are.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::{NotPlain, SheetInfo, whole};

/// The name of a part in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part(pub(super) String);

/// What there is in a workbook.
pub(super) struct Book {
    /// Its worksheets in their order.
    pub(super) sheets: Vec<(SheetInfo, Part)>,
    /// The texts that cells share.
    pub(super) strings: Option<Part>,
    /// How cells are formatted.
    pub(super) styles: Option<Part>,
}

/// A part that another refers to.
struct Related {
    /// The last word of its type, such as `worksheet`.
    kind: String,
    part: Part,
}

/// Reads the workbook's own part and its relations.
///
/// # Errors
/// When they are not where they always are, or not as they always are.
pub(super) fn workbook(archive: &mut ZipArchive<BufReader<File>>) -> Result<Book, NotPlain> {
    let related = relations(&whole(
        archive,
        &Part("xl/_rels/workbook.xml.rels".to_owned()),
    )?)?;
    let text = whole(archive, &Part("xl/workbook.xml".to_owned()))?;
    let (listed, is_1904) = listed(&text)?;
    let mut sheets = Vec::new();
    for (name, hidden, id) in listed {
        let related = related.get(&id).ok_or(NotPlain)?;
        // A sheet that is one chart has no cells.
        if related.kind == "worksheet" {
            let info = SheetInfo {
                name: Some(name),
                hidden,
                is_1904,
            };
            sheets.push((info, related.part.clone()));
        } else if related.kind != "chartsheet" {
            return Err(NotPlain);
        }
    }
    let only = |kind: &str| {
        let found = related.values().find(|related| related.kind == kind);
        found.map(|related| related.part.clone())
    };
    Ok(Book {
        sheets,
        strings: only("sharedStrings"),
        styles: only("styles"),
    })
}

/// The parts that a text of relations names, by the ids of these.
///
/// # Errors
/// As [`workbook`].
pub(super) fn by_relation(text: &str) -> Result<BTreeMap<String, String>, NotPlain> {
    let related = relations(text)?.into_iter();
    Ok(related.map(|(id, related)| (id, related.part.0)).collect())
}

fn relations(text: &str) -> Result<BTreeMap<String, Related>, NotPlain> {
    let mut reader = Reader::from_str(text);
    let mut found = BTreeMap::new();
    let mut whole = false;
    loop {
        match reader.read_event()? {
            Event::Start(element) | Event::Empty(element)
                if element.name().as_ref() == "Relationship" =>
            {
                let id = attribute(&element, "Id")?.ok_or(NotPlain)?;
                let kind = attribute(&element, "Type")?.ok_or(NotPlain)?;
                let target = attribute(&element, "Target")?.ok_or(NotPlain)?;
                let part = match target.strip_prefix('/') {
                    Some(absolute) => absolute.to_owned(),
                    None if target.contains("..") => return Err(NotPlain),
                    None => format!("xl/{target}"),
                };
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                let part = Part(part);
                found.insert(id, Related { kind, part });
            }
            Event::End(element) if element.name().as_ref() == "Relationships" => whole = true,
            // The reader does not mind what is never closed, and there may have been more.
            Event::Eof if !whole => return Err(NotPlain),
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// The sheets as listed, with whether they are hidden and by which relation they are found; and
/// whether days are counted from 1904.
#[allow(clippy::type_complexity)]
fn listed(text: &str) -> Result<(Vec<(String, bool, String)>, bool), NotPlain> {
    let mut reader = Reader::from_str(text);
    let mut sheets = Vec::new();
    let mut is_1904 = false;
    let mut whole = false;
    loop {
        match reader.read_event()? {
            Event::Start(element) | Event::Empty(element) => match element.name().as_ref() {
                "sheet" => {
                    let name = attribute(&element, "name")?.ok_or(NotPlain)?;
                    let id = attribute(&element, "r:id")?.ok_or(NotPlain)?;
                    let state = attribute(&element, "state")?;
                    let hidden = !matches!(state.as_deref(), None | Some("visible"));
                    sheets.push((name, hidden, id));
                }
                "workbookPr" => {
                    let epoch = attribute(&element, "date1904")?;
                    is_1904 = match epoch.as_deref() {
                        None | Some("0" | "false") => false,
                        Some("1" | "true") => true,
                        Some(_) => return Err(NotPlain),
                    };
                }
                "workbook" | "sheets" => {}
                other if other.ends_with(":sheet") => return Err(NotPlain),
                _ => {}
            },
            Event::End(element) if element.name().as_ref() == "workbook" => whole = true,
            Event::Eof if sheets.is_empty() || !whole => return Err(NotPlain),
            Event::Eof => return Ok((sheets, is_1904)),
            _ => {}
        }
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, NotPlain> {
    for attribute in element.attributes() {
        let attribute = attribute?;
        if attribute.key.as_ref() == name {
            let raw: &str = attribute.value.as_ref();
            return Ok(Some(unescape(raw)?.into_owned()));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The next sheet may be what was cut off.
    #[test]
    fn a_list_that_is_cut_off_is_not_plain() {
        let list = "<workbook><sheets><sheet name=\"A\" r:id=\"r1\"/></sheets></workbook>";
        assert_eq!(listed(list).map(|(sheets, _)| sheets.len()), Ok(1));
        assert_eq!(listed(&list[..list.len() - 11]).err(), Some(NotPlain));
        let list = "<Relationships><Relationship Id=\"r1\" Type=\"a/worksheet\" Target=\"b\"/></Relationships>";
        assert_eq!(relations(list).map(|found| found.len()).ok(), Some(1));
        assert!(relations(&list[..list.len() - 16]).is_err());
    }
}
