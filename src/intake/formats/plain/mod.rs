//! Plain workbooks, scanned: most of a run over a large workbook is the reading of its cells, and
//! almost every sheet that a till or an accounting system exports is of the plainest kind.
//!
//! [`Workbook::open`] and [`Workbook::sheet`] read what they know and give up on anything else: a
//! prefix on the elements, a cell without a place, formatted pieces in a text, an entity of the
//! document's own. Then calamine reads the sheet, from its start. It is the judge as well: what it
//! would say of a workbook is what the scanner must say, cell by cell, and which of the workbook's
//! styles are dates is asked of calamine itself.

#[cfg(any(test, feature = "fuzzing"))]
pub(in crate::intake) mod judge;
mod parts;
mod sheet;
mod strings;
mod styles;
mod window;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use zip::ZipArchive;

use crate::intake::cells::{CellSink, SheetInfo};
use parts::Part;
use strings::Strings;
use styles::Style;

/// Bytes of a part that are read whole: none but the sheets and the shared texts are larger in a
/// workbook that is plain.
const LARGEST_PART: u64 = 8 << 20;

/// What the scanner does not know, or what failed; calamine is to read it, and to say what is wrong.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::intake) struct NotPlain;

impl<E: std::error::Error> From<E> for NotPlain {
    fn from(_: E) -> Self {
        Self
    }
}

/// A workbook of Excel 2007 and later.
pub(super) struct Workbook {
    archive: ZipArchive<BufReader<File>>,
    sheets: Vec<(SheetInfo, Part)>,
    strings: Strings,
    styles: Vec<Style>,
}

impl Workbook {
    /// Reads all but the sheets.
    ///
    /// # Errors
    /// When it is not plain.
    pub(super) fn open(path: &Path) -> Result<Self, NotPlain> {
        let input = BufReader::with_capacity(1 << 16, File::open(path)?);
        let mut archive = ZipArchive::new(input)?;
        let book = parts::workbook(&mut archive)?;
        let strings = match &book.strings {
            Some(part) => Strings::read(archive.by_name(&part.0)?)?,
            None => Strings::default(),
        };
        let styles = match &book.styles {
            Some(part) => styles::of(&whole(&mut archive, part)?)?,
            None => Vec::new(),
        };
        Ok(Self {
            archive,
            sheets: book.sheets,
            strings,
            styles,
        })
    }

    /// Its worksheets in their order.
    pub(super) fn sheets(&self) -> impl Iterator<Item = &SheetInfo> {
        self.sheets.iter().map(|(info, _)| info)
    }

    /// Gives the cells of a worksheet, by its place among them, until the sink wants no more.
    ///
    /// # Errors
    /// When it is not plain; then the sink has been given some of its cells.
    pub(super) fn sheet<S: CellSink>(
        &mut self,
        index: usize,
        cells: &mut S,
    ) -> Result<(), NotPlain> {
        let (_, part) = self.sheets.get(index).ok_or(NotPlain)?;
        let input = self.archive.by_name(&part.0)?;
        sheet::read(input, &self.strings, &self.styles, cells)
    }
}

/// The parts that a part of relations names, by the ids of these.
///
/// # Errors
/// When it is not there, or not as it always is.
pub(super) fn parts_by_relation(
    archive: &mut ZipArchive<BufReader<File>>,
    relations: &str,
) -> Result<BTreeMap<String, String>, NotPlain> {
    let text = whole(archive, &Part(relations.to_owned()))?;
    parts::by_relation(&text)
}

/// A part of the workbook as text.
fn whole(archive: &mut ZipArchive<BufReader<File>>, part: &Part) -> Result<String, NotPlain> {
    let mut text = String::new();
    let mut input = archive.by_name(&part.0)?.take(LARGEST_PART + 1);
    input.read_to_string(&mut text)?;
    if text.len() as u64 > LARGEST_PART {
        return Err(NotPlain);
    }
    Ok(text)
}
