//! Rows of binary workbooks: the bit `fDyZero` of `BrtRowHdr` (MS-XLSB 2.4.740) in the part of a sheet.

use std::io::{BufRead, Read};

use super::package::Package;
use super::{HiddenRows, ROWS, bytes, skip};

const ROW_HEADER: u16 = 0x00;
const END_OF_ROWS: u16 = 0x92;
const SHEET: u16 = 0x9c;
const END_OF_SHEETS: u16 = 0x90;
/// Where the flags of a row stand in its record, and which says that it is hidden.
const FLAGS: usize = 11;
const HIDDEN: u8 = 0x10;
/// Bytes that the record of a sheet takes at most, of which its names are the most.
const LONGEST_SHEET: u64 = 1 << 12;

/// What a binary workbook is made of.
pub(super) const PACKAGE: Package = Package {
    workbook: "workbook.bin",
    listed,
    rows,
};

/// Name and relation of each sheet that the workbook lists.
fn listed(mut input: &mut dyn BufRead, take: &mut dyn FnMut(String, String)) -> Option<()> {
    loop {
        let (kind, length) = record(&mut input)?;
        if kind == END_OF_SHEETS {
            return Some(());
        }
        if kind != SHEET || length > LONGEST_SHEET {
            skip(&mut input, length)?;
            continue;
        }
        let mut body = Vec::new();
        Read::take(&mut input, length).read_to_end(&mut body).ok()?;
        // What it is and its number stand before.
        let mut rest = body.get(8..)?;
        let relation = wide(&mut rest)?;
        take(wide(&mut rest)?, relation);
    }
}

fn rows(mut input: &mut dyn BufRead, hidden: &mut HiddenRows) -> Option<()> {
    loop {
        let (kind, length) = record(&mut input)?;
        if kind == END_OF_ROWS {
            return Some(());
        }
        if kind != ROW_HEADER || length <= FLAGS as u64 {
            skip(&mut input, length)?;
            continue;
        }
        let head = bytes::<{ FLAGS + 1 }>(&mut input)?;
        let row = u32::from_le_bytes([head[0], head[1], head[2], head[3]]);
        if head[FLAGS] & HIDDEN != 0 && row < ROWS {
            hidden.push(row..row + 1);
        }
        skip(&mut input, length - head.len() as u64)?;
    }
}

/// The type of the next record and the length of its body (MS-XLSB 2.1.4): each in groups of seven
/// bits, the lowest first, the type in two at most and the length in four.
fn record(input: &mut impl BufRead) -> Option<(u16, u64)> {
    let kind = groups(input, 2)?;
    Some((u16::try_from(kind).ok()?, groups(input, 4)?))
}

fn groups(input: &mut impl BufRead, most: u32) -> Option<u64> {
    let mut number = 0;
    for group in 0..most {
        let [byte] = bytes(input)?;
        number |= u64::from(byte & 0x7f) << (7 * group);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(number)
}

/// A text with its length before it, in units of UTF-16.
fn wide(rest: &mut &[u8]) -> Option<String> {
    let length = u32::from_le_bytes(bytes(rest)?);
    let length = usize::try_from(length).ok()?.checked_mul(2)?;
    let (text, after) = rest.split_at_checked(length)?;
    *rest = after;
    let units = text.as_chunks::<2>().0.iter().copied();
    let units: Vec<u16> = units.map(u16::from_le_bytes).collect();
    String::from_utf16(&units).ok()
}
