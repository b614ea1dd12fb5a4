//! A sheet with coloured cells: every event goes out as it came in, but the tags of the cells to mark.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, Write};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, Writer};

use super::styles::{Styles, attribute, local, with_attributes};
use crate::diagnostics::cell_address;

/// What stands after the notes of a sheet, of which the first there is decides where they go.
const AFTER_NOTES: [&str; 8] = [
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
];

/// Where relations of the common and of the strict form are declared.
const RELATIONS: [&str; 2] = [
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
];

/// The cells to colour, by row from 1 and column from 0: the place of their colour.
pub(super) type Colours = BTreeMap<u32, BTreeMap<u32, usize>>;

/// Copies a sheet, colouring cells and, where `notes` is given, pointing at the notes by that relation.
///
/// # Errors
/// When the sheet cannot be read or the copy not be written.
pub(super) fn write<R: BufRead, W: Write>(
    from: R,
    to: W,
    colours: &Colours,
    styles: &mut Styles,
    notes: Option<&str>,
) -> io::Result<()> {
    let mut reader = Reader::from_reader(from);
    reader.config_mut().check_end_names = false;
    let mut sheet = Sheet {
        out: Writer::new(to),
        colours: colours.clone(),
        styles,
        notes,
        prefix: String::new(),
        strict: false,
        columns: Vec::new(),
        depth: 0,
        row: 0,
        column: None,
        row_format: None,
        in_data: false,
    };
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader
            .read_event_into(&mut buffer)
            .map_err(io::Error::other)?
        {
            Event::Eof => return Ok(()),
            Event::DocType(_) => return Err(io::Error::other("a document type in a sheet")),
            Event::Start(element) => {
                sheet.start(&element, false)?;
                sheet.depth += 1;
            }
            Event::Empty(element) => sheet.start(&element, true)?,
            Event::End(element) => {
                sheet.depth = sheet.depth.saturating_sub(1);
                let name = element.local_name();
                let name: &str = name.as_ref();
                sheet.end(name)?;
                sheet.out.write_event(Event::End(element))?;
            }
            event => sheet.out.write_event(event)?,
        }
    }
}

/// The relation that a sheet's notes are drawn by, if it has any.
///
/// # Errors
/// When the sheet cannot be read.
pub(super) fn drawing_of_notes<R: BufRead>(from: R) -> io::Result<Option<String>> {
    let mut reader = Reader::from_reader(from);
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader
            .read_event_into(&mut buffer)
            .map_err(io::Error::other)?
        {
            Event::Eof => return Ok(None),
            Event::Start(element) | Event::Empty(element) if local(&element) == "legacyDrawing" => {
                return Ok(relation(&element));
            }
            _ => {}
        }
    }
}

/// The relation an element names, whatever prefix relations have.
fn relation(element: &BytesStart<'_>) -> Option<String> {
    element.attributes().flatten().find_map(|attribute| {
        let name = attribute.key.local_name();
        let name: &str = name.as_ref();
        (name == "id").then(|| attribute.value.to_string())
    })
}

struct Sheet<'a, W: Write> {
    out: Writer<W>,
    /// The cells that are still to come.
    colours: Colours,
    styles: &'a mut Styles,
    /// The relation of the notes, until the sheet points at them.
    notes: Option<&'a str>,
    prefix: String,
    strict: bool,
    /// Formats of whole columns: first, last, format.
    columns: Vec<(u32, u32, usize)>,
    depth: usize,
    row: u32,
    /// The last column of the row there was a cell in.
    column: Option<u32>,
    row_format: Option<usize>,
    in_data: bool,
}

impl<W: Write> Sheet<'_, W> {
    fn start(&mut self, element: &BytesStart<'_>, is_empty: bool) -> io::Result<()> {
        let name = local(element);
        match name.as_str() {
            _ if self.depth == 0 => {
                let whole = element.name();
                let whole: &str = whole.as_ref();
                self.prefix = whole[..whole.len() - name.len()].to_owned();
                let text: &str = element;
                self.strict = text.contains(RELATIONS[1]);
            }
            "col" => self.format_of_columns(element),
            "sheetData" if self.depth == 1 => {
                self.in_data = !is_empty;
                if is_empty && !self.colours.is_empty() {
                    let name = self.name("sheetData");
                    let text: &str = element;
                    write!(self.out.get_mut(), "<{text}>")?;
                    self.rows_before(u32::MAX)?;
                    return write!(self.out.get_mut(), "</{name}>");
                }
            }
            "row" if self.in_data && self.depth == 2 => return self.begin_row(element, is_empty),
            "c" if self.in_data && self.depth == 3 => return self.cell(element, is_empty),
            "legacyDrawing" if self.depth == 1 => self.notes = None,
            name if self.depth == 1 && AFTER_NOTES.contains(&name) => self.point_at_notes()?,
            _ => {}
        }
        self.tag(element, is_empty)
    }

    fn end(&mut self, name: &str) -> io::Result<()> {
        match name {
            "row" if self.in_data && self.depth == 2 => self.cells_before(u32::MAX),
            "sheetData" if self.depth == 1 => {
                self.rows_before(u32::MAX)?;
                self.in_data = false;
                Ok(())
            }
            _ if self.depth == 0 => self.point_at_notes(),
            _ => Ok(()),
        }
    }

    fn name(&self, local: &str) -> String {
        format!("{}{local}", self.prefix)
    }

    fn tag(&mut self, element: &BytesStart<'_>, is_empty: bool) -> io::Result<()> {
        let element = element.borrow();
        self.out.write_event(match is_empty {
            true => Event::Empty(element),
            false => Event::Start(element),
        })
    }

    fn format_of_columns(&mut self, element: &BytesStart<'_>) {
        let number = |name: &str| attribute(element, name)?.parse::<u32>().ok();
        if let (Some(first), Some(last), Some(format)) =
            (number("min"), number("max"), number("style"))
        {
            self.columns.push((first, last, format as usize));
        }
    }

    fn begin_row(&mut self, element: &BytesStart<'_>, is_empty: bool) -> io::Result<()> {
        let number = attribute(element, "r").and_then(|row| row.parse().ok());
        let row = number.unwrap_or(self.row + 1);
        self.rows_before(row)?;
        self.row = row;
        self.column = None;
        let customised = attribute(element, "customFormat");
        self.row_format = customised
            .filter(|flag| flag == "1" || flag == "true")
            .and_then(|_| attribute(element, "s")?.parse().ok());
        let marked = self.colours.contains_key(&row);
        // What a row spans is a hint, and may be wrong when a cell is added.
        let text = match marked {
            true => with_attributes(element, &[("spans", "")]),
            false => {
                let text: &str = element;
                text.to_owned()
            }
        };
        if !is_empty {
            return write!(self.out.get_mut(), "<{text}>");
        }
        if !marked {
            return write!(self.out.get_mut(), "<{text}/>");
        }
        write!(self.out.get_mut(), "<{text}>")?;
        self.cells_before(u32::MAX)?;
        let name = self.name("row");
        write!(self.out.get_mut(), "</{name}>")
    }

    fn cell(&mut self, element: &BytesStart<'_>, is_empty: bool) -> io::Result<()> {
        let known = attribute(element, "r").and_then(|place| column_of(&place));
        let column = known.unwrap_or_else(|| self.column.map_or(0, |column| column + 1));
        self.cells_before(column)?;
        self.column = Some(column);
        let row = self.colours.get_mut(&self.row);
        let colour = row.and_then(|row| row.remove(&column));
        if colour.is_none() && !self.styles.any_ours() {
            return self.tag(element, is_empty);
        }
        let format = attribute(element, "s").and_then(|format| format.parse().ok());
        let format: usize = format.unwrap_or(0);
        let format = match colour {
            Some(colour) => Some(self.styles.coloured(format, colour)),
            None => self.styles.bared(format),
        };
        let Some(format) = format else {
            return self.tag(element, is_empty);
        };
        let text = with_attributes(element, &[("s", &format.to_string())]);
        let close = if is_empty { "/" } else { "" };
        write!(self.out.get_mut(), "<{text}{close}>")
    }

    /// Adds the marked cells of the row that stand before a column and were not there.
    fn cells_before(&mut self, column: u32) -> io::Result<()> {
        let Some(mut row) = self.colours.remove(&self.row) else {
            return Ok(());
        };
        let later = row.split_off(&column);
        for (column, colour) in row {
            self.add_cell(self.row, column, colour)?;
        }
        if !later.is_empty() {
            self.colours.insert(self.row, later);
        }
        Ok(())
    }

    /// Adds the rows with marked cells that stand before a row and were not there.
    fn rows_before(&mut self, row: u32) -> io::Result<()> {
        let later = self.colours.split_off(&row);
        let now = std::mem::replace(&mut self.colours, later);
        let name = self.name("row");
        for (number, cells) in now {
            // A row that has been passed is there twice or out of order; its cells are left alone.
            if number <= self.row {
                continue;
            }
            self.row_format = None;
            write!(self.out.get_mut(), "<{name} r=\"{number}\">")?;
            for (column, colour) in cells {
                self.add_cell(number, column, colour)?;
            }
            write!(self.out.get_mut(), "</{name}>")?;
        }
        Ok(())
    }

    fn add_cell(&mut self, row: u32, column: u32, colour: usize) -> io::Result<()> {
        let of_column = || {
            let at = column + 1;
            let mut columns = self.columns.iter();
            columns
                .find_map(|(first, last, format)| (*first..=*last).contains(&at).then_some(*format))
        };
        let format = self.row_format.or_else(of_column).unwrap_or(0);
        let format = self.styles.coloured(format, colour);
        let (name, place) = (self.name("c"), cell_address(row, column));
        write!(self.out.get_mut(), "<{name} r=\"{place}\" s=\"{format}\"/>")
    }

    fn point_at_notes(&mut self) -> io::Result<()> {
        let Some(id) = self.notes.take() else {
            return Ok(());
        };
        let name = self.name("legacyDrawing");
        let space = RELATIONS[usize::from(self.strict)];
        write!(
            self.out.get_mut(),
            "<{name} xmlns:r=\"{space}\" r:id=\"{id}\"/>"
        )
    }
}

/// The column of an address such as `B17`, from 0.
pub(super) fn column_of(place: &str) -> Option<u32> {
    let letters = place.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = letters.bytes().try_fold(0u32, |number, letter| {
        let digit = u32::from(letter.to_ascii_uppercase().checked_sub(b'A')?);
        (digit < 26).then_some(())?;
        number.checked_mul(26)?.checked_add(digit + 1)
    })?;
    (1..=16_384).contains(&number).then(|| number - 1)
}

/// The cells to colour in a sheet.
pub(super) fn colours(marks: &[super::Mark]) -> Colours {
    let mut colours = Colours::new();
    for mark in marks {
        let row = colours.entry(mark.row).or_default();
        row.insert(mark.column, mark.colour());
    }
    colours
}

/// Rows and columns from 0, of cells.
pub(super) type Cells = BTreeSet<(u32, u32)>;

#[cfg(test)]
mod tests {
    use super::super::styles::PLAIN;
    use super::*;

    fn marked(sheet: &str, cells: &[(u32, u32)], notes: Option<&str>) -> String {
        let mut styles = Styles::read(PLAIN.to_owned()).unwrap();
        let mut colours = Colours::new();
        for (row, column) in cells {
            colours.entry(*row).or_default().insert(*column, 0);
        }
        let mut out = Vec::new();
        write(sheet.as_bytes(), &mut out, &colours, &mut styles, notes).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// Quotes, spaces, entities, comments, unknown elements: nothing of it is ours to tidy.
    #[test]
    fn what_is_not_marked_goes_through_byte_for_byte() {
        let sheet = "<?xml version=\"1.0\"?>\n<!-- x --><worksheet  xmlns='m' xmlns:r=\"r\" ><sheetPr  />\r\n<sheetData><row r=\"1\"  spans='1:2'><c r=\"A1\" t='inlineStr'><is><t xml:space=\"preserve\"> a &amp; &#x2013; </t></is></c><c r=\"B1\" s=\"0\"><f>A1&gt;2</f><v>1</v></c></row></sheetData><mergeCells count=\"1\"><mergeCell ref=\"A1:B1\"/></mergeCells><x14:ext><![CDATA[ ]] > ]]></x14:ext></worksheet>\n";
        assert_eq!(marked(sheet, &[], None), sheet);
    }

    #[test]
    fn cells_are_coloured_where_they_are_and_added_where_they_are_not() {
        let sheet = "<worksheet><cols><col min=\"2\" max=\"2\" style=\"0\"/></cols><sheetData><row r=\"2\" spans=\"1:1\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"D2\"/></row><row r=\"5\"/></sheetData><tableParts/></worksheet>";
        let cells = [(2, 0), (2, 1), (2, 3), (3, 0), (5, 2), (9, 0)];
        assert_eq!(
            marked(sheet, &cells, Some("n1")),
            "<worksheet><cols><col min=\"2\" max=\"2\" style=\"0\"/></cols><sheetData><row r=\"2\"><c r=\"A2\" t=\"s\" s=\"1\"><v>0</v></c><c r=\"B2\" s=\"1\"/><c r=\"D2\" s=\"1\"/></row><row r=\"3\"><c r=\"A3\" s=\"1\"/></row><row r=\"5\"><c r=\"C5\" s=\"1\"/></row><row r=\"9\"><c r=\"A9\" s=\"1\"/></row></sheetData><legacyDrawing xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" r:id=\"n1\"/><tableParts/></worksheet>"
        );
    }

    #[test]
    fn cells_without_an_address_are_counted() {
        let sheet = "<x:worksheet><x:sheetData><x:row><x:c/><x:c><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>";
        assert_eq!(
            marked(sheet, &[(1, 1)], None),
            "<x:worksheet><x:sheetData><x:row><x:c/><x:c s=\"1\"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>"
        );
    }

    #[test]
    fn columns_of_addresses() {
        assert_eq!(column_of("A1"), Some(0));
        assert_eq!(column_of("XFD1048576"), Some(16_383));
        assert_eq!(column_of("XFE1"), None);
        assert_eq!(column_of("17"), None);
        assert_eq!(column_of("?1"), None);
    }
}
