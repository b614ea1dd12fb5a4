//! Rows of spreadsheets of LibreOffice: `table:visibility` of `table:table-row` in `content.xml`
//! (OpenDocument 1.3, part 3, 19.749), which stands for `table:number-rows-repeated` rows.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::{HiddenRows, ROWS, attribute};

const TABLE: &str = "table:table";
const ROW: &str = "table:table-row";

/// The hidden rows of every sheet that has a name.
pub(in crate::intake::formats) fn ods(path: &Path) -> BTreeMap<String, HiddenRows> {
    let mut found = BTreeMap::new();
    if let Ok(file) = File::open(path)
        && let Ok(mut archive) = ZipArchive::new(BufReader::new(file))
        && let Ok(content) = archive.by_name("content.xml")
    {
        // What was found before the damage is as good as nothing, since the file is refused.
        let _ = sheets(BufReader::with_capacity(1 << 16, content), &mut found);
    }
    found
}

/// A sheet that is being gone through.
#[derive(Default)]
struct Open {
    name: String,
    hidden: HiddenRows,
    next: u32,
    /// How many rows are open: more than one where a table stands in a cell.
    rows: u32,
}

fn sheets(
    input: impl BufRead,
    found: &mut BTreeMap<String, HiddenRows>,
) -> Result<(), quick_xml::Error> {
    let mut reader = Reader::from_reader(input);
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    let mut open: Option<Open> = None;
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer)?;
        match (&event, &mut open) {
            (Event::Start(tag), None) if tag.name().as_ref() == TABLE => {
                open = attribute(tag, "table:name").map(|name| Open {
                    name,
                    ..Open::default()
                });
            }
            (Event::Start(tag), Some(sheet)) if tag.name().as_ref() == ROW => {
                sheet.row(tag);
                sheet.rows = sheet.rows.saturating_add(1);
            }
            (Event::Empty(tag), Some(sheet)) if tag.name().as_ref() == ROW => sheet.row(tag),
            (Event::End(tag), Some(sheet)) => match tag.name().as_ref() {
                ROW => sheet.rows = sheet.rows.saturating_sub(1),
                TABLE if sheet.rows == 0 => {
                    if let Some(sheet) = open.take() {
                        found.insert(sheet.name, sheet.hidden);
                    }
                }
                _ => {}
            },
            (Event::Eof, _) => return Ok(()),
            _ => {}
        }
    }
}

impl Open {
    /// A row of the sheet, or of a table in one of its cells, which is not counted.
    fn row(&mut self, tag: &BytesStart<'_>) {
        if self.rows > 0 {
            return;
        }
        let repeated = attribute(tag, "table:number-rows-repeated");
        let repeated = repeated.map_or(Some(1), |count| count.parse().ok());
        let end = self.next.saturating_add(repeated.unwrap_or(1)).min(ROWS);
        let visibility = attribute(tag, "table:visibility");
        if matches!(visibility.as_deref(), Some("collapse" | "filter")) {
            self.hidden.push(self.next..end);
        }
        self.next = end;
    }
}
