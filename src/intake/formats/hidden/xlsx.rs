//! Rows of workbooks of Excel 2007 and later that are not [plain](super::super::plain), whose scanner
//! tells them itself: `hidden` of `row` in the part of a sheet (ECMA-376, part 1, 18.3.1.73).

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use super::{HiddenRows, ROWS, attribute};
use crate::intake::formats::plain::parts_by_relation;

/// A workbook, to be asked for the rows of one sheet after the other.
pub(in crate::intake::formats) struct Xlsx {
    archive: ZipArchive<BufReader<File>>,
    /// The part of each sheet.
    parts: BTreeMap<String, String>,
}

impl Xlsx {
    /// Reads which sheets there are; none where that cannot be told.
    pub(in crate::intake::formats) fn open(path: &Path) -> Option<Self> {
        let mut archive = ZipArchive::new(BufReader::new(File::open(path).ok()?)).ok()?;
        let related = parts_by_relation(&mut archive, "xl/_rels/workbook.xml.rels").ok()?;
        let workbook = archive.by_name("xl/workbook.xml").ok()?;
        let mut parts = BTreeMap::new();
        let _ = listed(BufReader::new(workbook), |name, relation| {
            if let Some(part) = related.get(&relation) {
                parts.entry(name).or_insert_with(|| part.clone());
            }
        });
        Some(Self { archive, parts })
    }

    /// The hidden rows of a sheet.
    pub(in crate::intake::formats) fn rows(&mut self, sheet: &str) -> HiddenRows {
        let mut hidden = HiddenRows::default();
        if let Some(part) = self.parts.get(sheet)
            && let Ok(input) = self.archive.by_name(part)
        {
            let _ = rows(BufReader::with_capacity(1 << 16, input), &mut hidden);
        }
        hidden
    }
}

/// Name and relation of each sheet that the workbook lists.
fn listed(
    input: impl BufRead,
    mut take: impl FnMut(String, String),
) -> Result<(), quick_xml::Error> {
    let mut reader = Reader::from_reader(input);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer)? {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "sheet" => {
                if let (Some(name), Some(id)) = (attribute(&tag, "name"), attribute(&tag, "r:id")) {
                    take(name, id);
                }
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn rows(input: impl BufRead, hidden: &mut HiddenRows) -> Result<(), quick_xml::Error> {
    let mut reader = Reader::from_reader(input);
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    let mut next = 0;
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer)? {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "row" => {
                let number = attribute(&tag, "r").and_then(|number| number.parse::<u32>().ok());
                let row = number.map_or(next, |number| number.saturating_sub(1));
                let is_hidden = attribute(&tag, "hidden");
                if matches!(is_hidden.as_deref(), Some("1" | "true")) && row < ROWS {
                    hidden.push(row..row + 1);
                }
                next = row.saturating_add(1);
            }
            Event::End(tag) if tag.local_name().as_ref() == "sheetData" => return Ok(()),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}
