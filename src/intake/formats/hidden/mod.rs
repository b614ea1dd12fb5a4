//! Which rows are hidden, by hand or by a filter, in workbooks whose reader does not say.
//!
//! calamine gives the cells of a workbook and nothing of the rows they stand in. So the parts of the
//! file that hold rows are gone through a second time, for that alone: rows are counted as calamine
//! counts them, no cell is kept, and of the hidden rows only where stretches of them begin and end.
//! [Plain](super::plain) sheets need none of it, since their scanner is ours and sees the rows.
//!
//! What cannot be read ends the search without a word: whether a file is damaged is for the reader of
//! its cells to say.

mod ods;
mod package;
mod xls;
mod xlsb;
mod xlsx;

use std::borrow::Cow;
use std::io::{BufRead, Read};
use std::ops::Range;

use quick_xml::escape::unescape;
use quick_xml::events::BytesStart;

pub(super) use ods::ods;
pub(super) use package::Book;
pub(super) use xls::xls;

/// Rows that a sheet of any format can have.
const ROWS: u32 = 1 << 20;

/// The hidden rows of a sheet, counted from 0: stretches in their order, at most half as many as rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct HiddenRows(Vec<Range<u32>>);

impl HiddenRows {
    /// None.
    pub(super) const NONE: Self = Self(Vec::new());

    /// Adds rows below those known. Others are passed over: formats list rows in their order.
    fn push(&mut self, rows: Range<u32>) {
        if rows.is_empty() || rows.end > ROWS {
            return;
        }
        match self.0.last_mut() {
            Some(last) if rows.start < last.end => {}
            Some(last) if rows.start == last.end => last.end = rows.end,
            _ => self.0.push(rows),
        }
    }

    /// Whether a row is among them.
    pub(super) fn contains(&self, row: u32) -> bool {
        let at = self.0.partition_point(|stretch| stretch.end <= row);
        self.0.get(at).is_some_and(|stretch| stretch.start <= row)
    }
}

/// An attribute by its name as written.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    let mut readable = attributes.with_checks(false).flatten();
    let found = readable.find(|attribute| attribute.key.as_ref() == name)?;
    let raw: &str = found.value.as_ref();
    unescape(raw).ok().map(Cow::into_owned)
}

/// The next bytes, if there are as many.
fn bytes<const N: usize>(input: &mut impl Read) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    input.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

/// Passes over bytes; none when there are not as many.
fn skip(input: &mut impl BufRead, mut length: u64) -> Option<()> {
    while length > 0 {
        let there = input.fill_buf().ok()?.len();
        if there == 0 {
            return None;
        }
        let passed = length.min(there as u64);
        // No more than is there.
        input.consume(passed as usize);
        length -= passed;
    }
    Some(())
}

#[cfg(test)]
mod tests;
