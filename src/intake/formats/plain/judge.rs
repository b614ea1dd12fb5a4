//! The scanner and calamine side by side: what each says of a workbook, in words that can be compared.

use std::io::{Cursor, Write};
use std::ops::ControlFlow;
use std::path::Path;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{NotPlain, Workbook};
use crate::intake::cells::{Cell, CellSink, SheetInfo, SheetSink};
use crate::intake::formats::Refusal;
use crate::intake::formats::workbook::Streamed;

/// What a sink was given, in words.
#[derive(Debug, Default, PartialEq)]
pub(in crate::intake) struct Told {
    /// Its sheets.
    pub(in crate::intake) sheets: Vec<(SheetInfo, Lines)>,
}

/// The rows and cells of a sheet, in words.
#[derive(Debug, Default, PartialEq)]
pub(in crate::intake) struct Lines(pub(in crate::intake) Vec<String>);

impl CellSink for Lines {
    fn row(&mut self, row: u32, _: Option<u32>) -> ControlFlow<()> {
        self.0.push(format!("row {row}"));
        ControlFlow::Continue(())
    }

    fn cell(&mut self, column: u32, cell: Cell<'_>) {
        self.0.push(format!("{column} {cell:?}"));
    }
}

/// A sheet that is being told.
pub(in crate::intake) struct Open(SheetInfo, Lines);

impl CellSink for Open {
    fn row(&mut self, row: u32, fields: Option<u32>) -> ControlFlow<()> {
        self.1.row(row, fields)
    }

    fn cell(&mut self, column: u32, cell: Cell<'_>) {
        self.1.cell(column, cell);
    }
}

impl SheetSink for Told {
    type Cells = Open;

    fn open(&mut self, sheet: SheetInfo) -> Open {
        Open(sheet, Lines::default())
    }

    fn close(&mut self, cells: Open) {
        self.sheets.push((cells.0, cells.1));
    }
}

/// What calamine says of a workbook.
pub(in crate::intake) fn by_calamine(path: &Path) -> Result<Told, Refusal> {
    let mut told = Told::default();
    Streamed::open(path)?.every(&mut told)?;
    Ok(told)
}

/// What the scanner says of a workbook.
pub(in crate::intake) fn scanned(path: &Path) -> Result<Told, NotPlain> {
    let mut book = Workbook::open(path)?;
    let mut told = Told::default();
    let sheets: Vec<SheetInfo> = book.sheets().cloned().collect();
    for (index, info) in sheets.into_iter().enumerate() {
        let mut lines = Lines::default();
        book.sheet(index, &mut lines)?;
        told.sheets.push((info, lines));
    }
    Ok(told)
}

/// The namespace of what a workbook is made of.
pub(in crate::intake) const MAIN: &str =
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// A workbook of one sheet and its shared texts, each a part as it stands.
pub(in crate::intake) fn document(sheet: &[u8], shared: &[u8]) -> Vec<u8> {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                r#"<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#
            ),
        ),
        (
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns="{MAIN}" xmlns:r="{office}"><sheets><sheet name="A &amp; B" sheetId="1" r:id="r1"/></sheets></workbook>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                r#"<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{office}/sharedStrings" Target="/xl/sharedStrings.xml"/><Relationship Id="r3" Type="{office}/styles" Target="styles.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                r#"<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="[h]:mm"/><numFmt numFmtId="165" formatCode="[$-41E]d mmm bbbb"/></numFmts><cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="4"/></cellXfs></styleSheet>"#
            ),
        ),
    ];
    let parts = parts.iter().map(|(name, text)| (*name, text.as_bytes()));
    let own = [
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", shared),
    ];
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let memory = "memory takes what is written";
    for (name, bytes) in parts.chain(own) {
        archive
            .start_file(name, SimpleFileOptions::default())
            .expect(memory);
        archive.write_all(bytes).expect(memory);
    }
    archive.finish().expect(memory).into_inner()
}
