//! Rows of workbooks of Excel 97 to 2003: the bit `fDyZero` of `Row` (MS-XLS 2.4.221) in the part of the
//! workbook's stream that a `BoundSheet8` (2.4.28) points to.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use super::{HiddenRows, bytes, skip};

const SHEET: u16 = 0x0085;
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000a;
const ROW: u16 = 0x0208;
/// Where the flags of a row stand in its record, and which says that it is hidden.
const FLAGS: usize = 12;
const HIDDEN: u8 = 0x20;
/// How deep parts may stand in one another: a chart in a sheet is the second.
const DEEPEST: usize = 16;

/// The hidden rows of each sheet, in the order in which the workbook lists them, chart sheets and
/// modules among them.
pub(in crate::intake::formats) fn xls(path: &Path) -> Vec<HiddenRows> {
    let mut found = Vec::new();
    if let Ok(file) = File::open(path)
        && let Ok(mut container) = cfb::CompoundFile::open(BufReader::new(file))
    {
        let stream = container.open_stream("/Workbook");
        if let Ok(stream) = stream.or_else(|_| container.open_stream("/Book")) {
            sheets(BufReader::with_capacity(1 << 16, stream), &mut found);
        }
    }
    found
}

/// One walk over all records, whatever they point to.
pub(super) fn sheets(mut input: impl BufRead, found: &mut Vec<HiddenRows>) -> Option<()> {
    let mut starts: BTreeMap<u64, usize> = BTreeMap::new();
    // Which sheet each of the parts that are open is, if it is one.
    let mut open: Vec<Option<usize>> = Vec::new();
    let mut at = 0u64;
    loop {
        let [kind, length] = [bytes(&mut input)?, bytes(&mut input)?].map(u16::from_le_bytes);
        let mut left = u64::from(length);
        match kind {
            BEGIN if open.len() == DEEPEST => return None,
            BEGIN => open.push(starts.get(&at).copied()),
            END => {
                open.pop();
            }
            SHEET if left >= 4 => {
                let start = u32::from_le_bytes(bytes(&mut input)?);
                left -= 4;
                starts.entry(u64::from(start)).or_insert(found.len());
                found.push(HiddenRows::default());
            }
            ROW if left > FLAGS as u64 => {
                let head = bytes::<{ FLAGS + 1 }>(&mut input)?;
                left -= head.len() as u64;
                let row = u32::from(u16::from_le_bytes([head[0], head[1]]));
                let sheet = open.last().copied().flatten();
                if let Some(sheet) = sheet.and_then(|sheet| found.get_mut(sheet))
                    && head[FLAGS] & HIDDEN != 0
                {
                    sheet.push(row..row + 1);
                }
            }
            _ => {}
        }
        skip(&mut input, left)?;
        at += 4 + u64::from(length);
    }
}
