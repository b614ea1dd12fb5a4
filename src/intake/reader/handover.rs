//! What was read of a file, as a file: how a reading process hands tables over, and how they are
//! kept until their input changes.
//!
//! ```text
//! magic · rows of table 1 · rows of table 2 · … · what is said, as JSON · its length · checksum
//! ```
//!
//! Rows are streams of Arrow IPC, uncompressed, each at a multiple of 64 bytes, so that a reader
//! takes the file into one aligned buffer and the columns are stretches of that buffer: nothing is
//! parsed, converted or copied cell by cell. The checksum (CRC-32) covers all before it.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::buffer::{Buffer, MutableBuffer};
use arrow::ipc::reader::StreamDecoder;
use arrow::ipc::writer::StreamWriter;
use datafusion::arrow;

use super::said::{ProblemSaid, RecognisedSaid, Said, TableSaid};
use crate::intake::FileResult;
use crate::intake::table::SheetTable;
use crate::tables::{ORIGIN, TableSpec};

const MAGIC: &[u8; ALIGNMENT] =
    b"quarterdeck: what was read of an input file, for its eyes only.\n";
/// Where streams begin; the same that Arrow pads to.
const ALIGNMENT: usize = 64;
/// The length of what is said, and the checksum.
const TAIL: usize = 8 + 4;

/// Why a file cannot be taken over: it is cut off or altered, or of another version.
#[derive(Debug, thiserror::Error)]
#[error("what was handed over is damaged: {0}")]
pub(super) struct Damaged(String);

impl From<io::Error> for Damaged {
    fn from(error: io::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<arrow::error::ArrowError> for Damaged {
    fn from(error: arrow::error::ArrowError) -> Self {
        Self(error.to_string())
    }
}

/// Writes what was read into an empty file.
///
/// # Errors
/// When the disk is full, and the like.
pub(super) fn write(result: &FileResult, file: &mut File) -> io::Result<()> {
    let mut out = Counted {
        inner: BufWriter::with_capacity(1 << 20, file),
        checksum: crc32fast::Hasher::new(),
        written: 0,
    };
    out.write_all(MAGIC)?;
    let mut tables = Vec::new();
    for (sheet, table) in &result.tables {
        let at = out.written;
        rows(table, &mut out).map_err(io::Error::other)?;
        let length = out.written - at;
        out.pad()?;
        tables.push(TableSaid {
            sheet: sheet.clone(),
            table: table.table.name.to_owned(),
            columns: table
                .columns
                .iter()
                .map(|name| (*name).to_owned())
                .collect(),
            read: table.read,
            blank: table.blank,
            set_aside: table.set_aside,
            at,
            length,
        });
    }
    let said = Said {
        tables,
        recognised: result.recognised.iter().map(RecognisedSaid::of).collect(),
        fixes: result.fixes.clone(),
        sheets: result.sheets.clone(),
        problems: result.problems.iter().map(ProblemSaid::of).collect(),
        contents: result.contents.clone(),
    };
    let said = serde_json::to_vec(&said)?;
    out.write_all(&said)?;
    out.write_all(&(said.len() as u64).to_le_bytes())?;
    let checksum = out.checksum.clone().finalize();
    out.write_all(&checksum.to_le_bytes())?;
    out.flush()
}

/// The rows of a table, without columns that the sheet does not have.
fn rows<W: Write>(table: &SheetTable, out: W) -> Result<(), arrow::error::ArrowError> {
    let schema = table.batch.schema();
    let there = |name: &str| table.columns.contains(&name) || ORIGIN.contains(&name);
    let columns: Vec<usize> = (0..schema.fields().len())
        .filter(|at| there(schema.field(*at).name()))
        .collect();
    let batch = table.batch.project(&columns)?;
    let mut writer = StreamWriter::try_new(out, &batch.schema())?;
    writer.write(&batch)?;
    writer.finish()
}

/// Takes over what was read. `money_scale` is that of the order it was read by.
///
/// # Errors
/// When the file is not whole, or does not hold what this version writes.
pub(super) fn take(file: &mut File, money_scale: i8) -> Result<FileResult, Damaged> {
    let wrong = |what: &str| Damaged(what.to_owned());
    file.seek(SeekFrom::Start(0))?;
    let length = usize::try_from(file.metadata()?.len()).map_err(|_| wrong("it is too long"))?;
    if length < MAGIC.len() + TAIL {
        return Err(wrong("it is cut off"));
    }
    let mut bytes = MutableBuffer::from_len_zeroed(length);
    file.read_exact(&mut bytes)?;
    let bytes = Buffer::from(bytes);
    let (body, checksum) = bytes.split_at(length - 4);
    let (content, said_length) = body.split_at(length - TAIL);
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0u64, |n, b| n << 8 | u64::from(*b));
    if !content.starts_with(MAGIC) {
        return Err(wrong("it begins otherwise"));
    }
    if u64::from(crc32fast::hash(body)) != number(checksum) {
        return Err(wrong("its checksum is another"));
    }
    let said_at = usize::try_from(number(said_length))
        .ok()
        .and_then(|said| content.len().checked_sub(said))
        .ok_or_else(|| wrong("its parts are longer than it is"))?;
    let said: Said =
        serde_json::from_slice(&content[said_at..]).map_err(|error| Damaged(error.to_string()))?;
    let tables = said
        .tables
        .into_iter()
        .map(|table| taken(table, &bytes, said_at, money_scale))
        .collect::<Result<_, _>>()?;
    let recognised = said.recognised.into_iter();
    let problems = said.problems.into_iter();
    Ok(FileResult {
        fixes: said.fixes,
        tables,
        recognised: recognised
            .map(RecognisedSaid::recognised)
            .collect::<Option<_>>()
            .ok_or_else(|| wrong("it names an unknown table"))?,
        sheets: said.sheets,
        problems: problems
            .map(ProblemSaid::diagnostic)
            .collect::<Option<_>>()
            .ok_or_else(|| wrong("it names an unknown code"))?,
        contents: said.contents,
    })
}

fn taken(
    said: TableSaid,
    bytes: &Buffer,
    end: usize,
    money_scale: i8,
) -> Result<(Option<String>, SheetTable), Damaged> {
    let wrong = |what: &str| Damaged(what.to_owned());
    let (table, columns) = said
        .declared()
        .ok_or_else(|| wrong("it names an unknown table"))?;
    let at = usize::try_from(said.at).unwrap_or(usize::MAX);
    let length = usize::try_from(said.length).unwrap_or(usize::MAX);
    if at.checked_add(length).is_none_or(|last| last > end) {
        return Err(wrong("its parts are longer than it is"));
    }
    let mut stream = bytes.slice_with_length(at, length);
    let mut decoder = StreamDecoder::new();
    let batch = decoder
        .decode(&mut stream)?
        .ok_or_else(|| wrong("a table has no rows"))?;
    let table = SheetTable {
        table,
        batch: whole(table, &batch, money_scale)?,
        columns,
        read: said.read,
        blank: said.blank,
        set_aside: said.set_aside,
        problems: Vec::new(),
    };
    Ok((said.sheet, table))
}

/// A batch with the columns of its table, in their types; those that the sheet does not have are
/// empty.
fn whole(table: &TableSpec, batch: &RecordBatch, money_scale: i8) -> Result<RecordBatch, Damaged> {
    let column = |name: &str| batch.column_by_name(name).map(Arc::clone);
    Ok(table.batch(money_scale, batch.num_rows(), column)?)
}

/// Counts and sums up what is written.
struct Counted<W> {
    inner: W,
    checksum: crc32fast::Hasher,
    written: u64,
}

impl<W: Write> Counted<W> {
    /// Up to where the next stream may begin.
    fn pad(&mut self) -> io::Result<()> {
        let past = (self.written % ALIGNMENT as u64) as usize;
        self.write_all(&[0; ALIGNMENT][..(ALIGNMENT - past) % ALIGNMENT])
    }
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.inner.write(bytes)?;
        self.checksum.update(&bytes[..n]);
        self.written += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
