//! Rows of workbooks of Excel 2007 and later that are not [plain](super::super::plain), whose scanner
//! tells them itself: `hidden` of `row` in the part of a sheet (ECMA-376, part 1, 18.3.1.73).

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::package::Package;
use super::{HiddenRows, ROWS, attribute};

/// What a workbook is made of.
pub(super) const PACKAGE: Package = Package {
    workbook: "workbook.xml",
    listed,
    rows,
};

/// Name and relation of each sheet that the workbook lists.
fn listed(input: &mut dyn BufRead, take: &mut dyn FnMut(String, String)) -> Option<()> {
    let mut reader = Reader::from_reader(input);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "sheet" => {
                if let (Some(name), Some(id)) = (attribute(&tag, "name"), attribute(&tag, "r:id")) {
                    take(name, id);
                }
            }
            Event::Eof => return Some(()),
            _ => {}
        }
    }
}

fn rows(input: &mut dyn BufRead, hidden: &mut HiddenRows) -> Option<()> {
    let mut reader = Reader::from_reader(input);
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    let mut next = 0;
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "row" => {
                let number = attribute(&tag, "r").and_then(|number| number.parse::<u32>().ok());
                let row = number.map_or(next, |number| number.saturating_sub(1));
                let is_hidden = attribute(&tag, "hidden");
                if matches!(is_hidden.as_deref(), Some("1" | "true")) && row < ROWS {
                    hidden.push(row..row + 1);
                }
                next = row.saturating_add(1);
            }
            Event::End(tag) if tag.local_name().as_ref() == "sheetData" => return Some(()),
            Event::Eof => return Some(()),
            _ => {}
        }
    }
}
