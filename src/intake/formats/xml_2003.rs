//! Reads workbooks that Excel 2003 and many report writers save as XML, mostly under the name
//! `.xls` (SpreadsheetML, Microsoft, 2003).

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use encoding_rs::Encoding;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::encoding::{Utf8Reader, detect};
use super::{COLUMNS, Encodings, MOST_TEXT, Refusal};
use crate::intake::cells::{Cell, CellSink, SheetInfo, SheetSink};

/// Reads a workbook into a sink.
///
/// # Errors
/// Why it cannot be read. Entities of its own are not resolved, so that none can be a trap.
pub(super) fn read<S: SheetSink>(
    path: &Path,
    encodings: Encodings,
    sheets: &mut S,
) -> Result<(), Refusal> {
    let encoding = detect(path, encodings, declared(path)?)?.encoding;
    let input = Utf8Reader::new(File::open(path)?, encoding);
    let mut reader = Reader::from_reader(BufReader::with_capacity(1 << 16, input));
    // Report writers forget to close what a browser would close for them.
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    let mut any = false;
    let mut open: Option<Sheet<S::Cells>> = None;
    let mut cell: Option<OpenCell> = None;
    loop {
        let event = reader
            .read_event_into(&mut buffer)
            .map_err(|error| Refusal::Damaged(error.to_string()))?;
        match event {
            Event::Eof => break,
            Event::Start(tag) if is(&tag, "Worksheet") => {
                any = true;
                open = Some(Sheet::new(sheets.open(info(&tag))));
            }
            Event::Empty(tag) if is(&tag, "Worksheet") => {
                any = true;
                let cells = sheets.open(info(&tag));
                sheets.close(cells);
            }
            Event::Start(tag) => {
                if let Some(sheet) = &mut open {
                    sheet.tag(&tag, &mut cell);
                }
            }
            Event::Empty(tag) => {
                if let Some(sheet) = &mut open {
                    // An empty cell takes its place and no more.
                    sheet.tag(&tag, &mut None);
                }
            }
            Event::End(tag) => match (tag.local_name().as_ref(), &mut open) {
                ("Data", Some(sheet)) => {
                    if let Some(cell) = cell.take() {
                        sheet.put(&cell);
                    }
                }
                ("Worksheet", Some(_)) => {
                    if let Some(sheet) = open.take() {
                        sheets.close(sheet.cells);
                    }
                }
                _ => {}
            },
            other => {
                if let Some(cell) = &mut cell {
                    cell.take(&other);
                }
            }
        }
        buffer.clear();
    }
    if open.is_some() {
        return Err(Refusal::Damaged("it ends within a sheet".to_owned()));
    }
    any.then_some(()).ok_or(Refusal::NoWorksheet)
}

/// The encoding that the file says it has.
fn declared(path: &Path) -> Result<Option<&'static Encoding>, Refusal> {
    let mut head = Vec::new();
    File::open(path)?.take(200).read_to_end(&mut head)?;
    let head = String::from_utf8_lossy(&head);
    let label = head
        .split_once("encoding=")
        .and_then(|(_, rest)| rest.split(['"', '\'']).nth(1));
    Ok(label.and_then(|label| Encoding::for_label(label.as_bytes())))
}

fn info(tag: &BytesStart<'_>) -> SheetInfo {
    SheetInfo {
        name: attribute(tag, "Name"),
        hidden: false,
        is_1904: false,
    }
}

fn is(tag: &BytesStart<'_>, name: &str) -> bool {
    tag.local_name().as_ref() == name
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    tag.attributes().with_checks(false).flatten().find_map(|a| {
        (a.key.local_name().as_ref() == name)
            .then(|| a.normalized_value(XmlVersion::Implicit1_0).ok())
            .flatten()
            .map(std::borrow::Cow::into_owned)
    })
}

fn number(tag: &BytesStart<'_>, name: &str) -> Option<u32> {
    attribute(tag, name)?.trim().parse().ok()
}

/// A cell whose text is being read.
struct OpenCell {
    kind: String,
    text: String,
}

impl OpenCell {
    /// Takes what is text of an event.
    fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::Text(text) => self.push(&text.xml10_content()),
            Event::CData(text) => self.push(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                if let Ok(Some(letter)) = reference.resolve_char_ref() {
                    self.push(letter.encode_utf8(&mut [0; 4]));
                } else if let Some(text) = resolve_xml_entity(reference) {
                    self.push(text);
                }
            }
            _ => {}
        }
    }

    fn push(&mut self, text: &str) {
        if self.text.len() < MOST_TEXT {
            self.text.push_str(text);
        }
    }
}

/// A sheet being read.
struct Sheet<C> {
    cells: C,
    /// The current row, from 1; 0 before the first.
    row: u32,
    announced: bool,
    hidden: bool,
    /// The column of the current cell, and where the next goes.
    column: u32,
    next: u32,
    stopped: bool,
}

impl<C: CellSink> Sheet<C> {
    fn new(cells: C) -> Self {
        Self {
            cells,
            row: 0,
            announced: false,
            hidden: false,
            column: 0,
            next: 0,
            stopped: false,
        }
    }

    fn tag(&mut self, tag: &BytesStart<'_>, cell: &mut Option<OpenCell>) {
        match tag.local_name().as_ref() {
            "Row" => {
                // Rows are in order; one that claims to stand above is the next.
                let row = number(tag, "Index").filter(|row| *row > self.row);
                self.row = row.unwrap_or(self.row.saturating_add(1));
                (self.next, self.announced) = (0, false);
                self.hidden = attribute(tag, "Hidden").is_some_and(|hidden| hidden == "1");
            }
            "Cell" => {
                let index = number(tag, "Index").map(|index| index.saturating_sub(1));
                self.column = index.filter(|at| *at >= self.next).unwrap_or(self.next);
                let across = number(tag, "MergeAcross").unwrap_or(0).min(COLUMNS);
                self.next = self.column.saturating_add(1 + across);
            }
            "Data" => {
                *cell = Some(OpenCell {
                    kind: attribute(tag, "Type").unwrap_or_default(),
                    text: String::new(),
                });
            }
            _ => {}
        }
    }

    fn put(&mut self, cell: &OpenCell) {
        let text = cell.text.trim();
        if text.is_empty() || self.stopped || self.row == 0 || self.column >= COLUMNS {
            return;
        }
        if !std::mem::replace(&mut self.announced, true) {
            self.stopped = self.cells.row(self.row, None).is_break();
            if self.stopped {
                return;
            }
            if self.hidden {
                self.cells.hidden();
            }
        }
        let value = match cell.kind.as_str() {
            "Number" => text.parse().map_or(Cell::Text(text), Cell::Number),
            "Boolean" => Cell::Bool(text == "1" || text.eq_ignore_ascii_case("true")),
            "Error" => Cell::Error(text),
            "DateTime" => {
                let text = text.strip_suffix(".000").unwrap_or(text);
                Cell::Text(text.strip_suffix("T00:00:00").unwrap_or(text))
            }
            _ => Cell::Text(text),
        };
        self.cells.cell(self.column, value);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::rows;
    use super::Refusal;

    const HEAD: &str = "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n\
        <Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" \
        xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">";

    #[test]
    fn hidden_rows_are_told() {
        let row = |hidden: &str| {
            format!("<Row {hidden}><Cell><Data ss:Type=\"String\">a</Data></Cell></Row>")
        };
        let text = format!(
            "{HEAD}<Worksheet ss:Name=\"S\"><Table>{}{}</Table></Worksheet></Workbook>",
            row("ss:Hidden=\"1\""),
            row("")
        );
        assert_eq!(
            rows(text.as_bytes()).unwrap(),
            ["[S]", "1: (hidden) 0=a", "2: 0=a"]
        );
    }

    #[test]
    fn sheets_rows_and_kinds() {
        let text = format!(
            "{HEAD}<Worksheet ss:Name=\"ขาย &amp; คืน\"><Table>\
            <Row><Cell ss:MergeAcross=\"1\"><Data ss:Type=\"String\">Title</Data></Cell><Cell/>\
            <Cell><Data ss:Type=\"String\">x</Data></Cell></Row>\
            <Row ss:Index=\"4\"><Cell ss:Index=\"2\"><Data ss:Type=\"Number\">1887.85</Data></Cell>\
            <Cell><Data ss:Type=\"DateTime\">2026-01-02T00:00:00.000</Data></Cell>\
            <Cell><Data ss:Type=\"Boolean\">1</Data></Cell>\
            <Cell><Data ss:Type=\"Error\">#N/A</Data></Cell>\
            <Cell><ss:Data ss:Type=\"String\">a&#10;<B>b</B> &lt;c&gt;</ss:Data></Cell></Row>\
            </Table></Worksheet><Worksheet ss:Name=\"Two\"/></Workbook>"
        );
        assert_eq!(
            rows(text.as_bytes()).unwrap(),
            [
                "[ขาย & คืน]",
                "1: 0=Title 3=x",
                "4: 1=1887.85 2=2026-01-02 3=true 4=#N/A 5=a\nb <c>",
                "[Two]",
            ]
        );
    }

    #[test]
    fn entities_of_its_own_are_no_trap() {
        let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
        let text = HEAD.replacen("?>\n", &format!("?>\n{bomb}"), 1);
        let text = format!(
            "{text}<Worksheet ss:Name=\"S\"><Table><Row><Cell><Data ss:Type=\"String\">&b;c</Data>\
            </Cell></Row></Table></Worksheet></Workbook>"
        );
        assert_eq!(rows(text.as_bytes()).unwrap(), ["[S]", "1: 0=c"]);
    }

    #[test]
    fn half_a_workbook_is_damaged() {
        let text = format!("{HEAD}<Worksheet ss:Name=\"S\"><Table><Row>");
        assert!(matches!(rows(text.as_bytes()), Err(Refusal::Damaged(_))));
        let none = format!("{HEAD}</Workbook>");
        assert_eq!(rows(none.as_bytes()), Err(Refusal::NoWorksheet));
    }
}
