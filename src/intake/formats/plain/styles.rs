//! Which styles of a workbook make a number a date: calamine is asked, by a workbook of one row with
//! a cell of each.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use calamine::{DataRef, Reader as _, Xlsx};
use quick_xml::Reader;
use quick_xml::events::Event;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::NotPlain;

/// What a style makes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// A number.
    Number,
    /// A date.
    Date,
    /// A duration.
    Duration,
}

const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>"#;
const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="s" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const BOOK_RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;

/// What each style of a part of styles makes of a number.
///
/// # Errors
/// When the part cannot be read.
pub(super) fn of(styles: &str) -> Result<Vec<Style>, NotPlain> {
    let count = count(styles)?;
    let mut sheet = String::from(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#,
    );
    for style in 0..count {
        write!(
            sheet,
            r#"<row r="{0}"><c r="A{0}" s="{style}"><v>1</v></c></row>"#,
            style + 1
        )?;
    }
    sheet.push_str("</sheetData></worksheet>");

    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, text) in [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELATIONS),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", BOOK_RELATIONS),
        ("xl/styles.xml", styles),
        ("xl/worksheets/sheet1.xml", &sheet),
    ] {
        archive.start_file(name, stored)?;
        archive.write_all(text.as_bytes())?;
    }
    let mut book = Xlsx::new(archive.finish()?)?;
    let mut cells = book.worksheet_cells_reader("s")?;
    let mut found = Vec::with_capacity(count);
    while let Some(cell) = cells.next_cell()? {
        found.push(match cell.get_value() {
            DataRef::Float(_) => Style::Number,
            DataRef::DateTime(at) if at.is_duration() => Style::Duration,
            DataRef::DateTime(_) => Style::Date,
            _ => return Err(NotPlain),
        });
    }
    if found.len() == count {
        Ok(found)
    } else {
        Err(NotPlain)
    }
}

/// How many formats of cells there are.
fn count(styles: &str) -> Result<usize, NotPlain> {
    let mut reader = Reader::from_str(styles);
    let mut inside = false;
    let mut count = 0;
    loop {
        match reader.read_event()? {
            Event::Start(element) if element.local_name().as_ref() == "cellXfs" => inside = true,
            Event::End(element) if element.local_name().as_ref() == "cellXfs" => return Ok(count),
            Event::Start(element) | Event::Empty(element) if inside => {
                count += usize::from(element.local_name().as_ref() == "xf");
            }
            Event::Eof => return Ok(count),
            _ => {}
        }
    }
}
