//! What was read of a file, as a file: how a reading process hands tables over, and how they are
//! kept until their input changes.
//!
//! ```text
//! magic · column 1 of table 1 · column 2 of table 1 · … · what is said, as JSON · its length · checksum
//! ```
//!
//! Each column begins and ends at a multiple of 64 bytes and is [packed](super::packed): numbers as they
//! are written there, all else as a stream of Arrow IPC, which a reader takes into a buffer, of which the
//! packed values are stretches. Nothing is parsed, columns are taken side by side, and the memory of a
//! column goes with the column. What is said holds the checksum (CRC-32) of each column; the one at the
//! end is of the magic and of what is said, so no byte is without. No array is decoded before its
//! checksum was compared; numbers can be wrong and no more, and are given up where it is another.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::buffer::Buffer;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::ipc::reader::StreamDecoder;
use arrow::ipc::writer::StreamWriter;
use datafusion::arrow;
use rayon::prelude::*;

use super::packed::{Line, Packed, Packing, pack, unpack};
use super::said::{ColumnSaid, EvidenceSaid, ProblemSaid, RecognisedSaid, Said, TableSaid};
use crate::intake::FileResult;
use crate::intake::table::SheetTable;
use crate::tables::ORIGIN;

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

impl From<ArrowError> for Damaged {
    fn from(error: ArrowError) -> Self {
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
            flaws: table.flaws.clone(),
            begins: table.begins.clone(),
            evidence: table.evidence.iter().map(EvidenceSaid::of).collect(),
            rows: table.batch.num_rows() as u64,
            values: values(table, &mut out)?,
        });
    }
    let said = Said {
        tables,
        recognised: result.recognised.iter().map(RecognisedSaid::of).collect(),
        fixes: result.fixes.clone(),
        sheets: result.sheets.clone(),
        problems: result.problems.iter().map(ProblemSaid::of).collect(),
        sha256: result.sha256.clone(),
        contents: result.contents.clone(),
    };
    let said = serde_json::to_vec(&said)?;
    out.write_all(&said)?;
    out.write_all(&(said.len() as u64).to_le_bytes())?;
    out.write_all(&checksum(&[MAGIC, &said]).to_le_bytes())?;
    out.flush()
}

/// The columns of a table, without those that the sheet does not have.
fn values<W: Write>(table: &SheetTable, out: &mut Counted<W>) -> io::Result<Vec<ColumnSaid>> {
    let schema = table.batch.schema();
    let there = |name: &str| table.columns.contains(&name) || ORIGIN.contains(&name);
    let columns = (0..schema.fields().len()).filter(|at| there(schema.field(*at).name()));
    columns
        .map(|at| {
            let begins = out.written;
            out.checksum = crc32fast::Hasher::new();
            let packing = match pack(table.batch.column(at)) {
                Packed::Array(packed, packing) => {
                    stream(packed, &mut *out).map_err(io::Error::other)?;
                    packing
                }
                Packed::Numbers(bytes, line) => {
                    out.write_all(&bytes)?;
                    Packing::Line(line)
                }
            };
            out.pad()?;
            Ok(ColumnSaid {
                name: schema.field(at).name().clone(),
                packing,
                at: begins,
                length: out.written - begins,
                checksum: out.checksum.clone().finalize(),
            })
        })
        .collect()
}

fn stream<W: Write>(column: ArrayRef, out: W) -> Result<(), ArrowError> {
    let schema = Schema::new(vec![Field::new("", column.data_type().clone(), true)]);
    let batch = RecordBatch::try_new(Arc::new(schema), vec![column])?;
    let mut writer = StreamWriter::try_new(out, &batch.schema())?;
    writer.write(&batch)?;
    writer.finish()
}

fn checksum(parts: &[&[u8]]) -> u32 {
    let mut checksum = crc32fast::Hasher::new();
    for part in parts {
        checksum.update(part);
    }
    checksum.finalize()
}

/// Takes over what was read. `money_scale` is that of the order it was read by.
///
/// # Errors
/// When the file is not whole, or does not hold what this version writes.
pub(super) fn take(path: &Path, money_scale: i8) -> Result<FileResult, Damaged> {
    let wrong = |what: &str| Damaged(what.to_owned());
    let length = std::fs::metadata(path)?.len();
    if length < (MAGIC.len() + TAIL) as u64 {
        return Err(wrong("it is cut off"));
    }
    let tail = bytes(path, length - TAIL as u64, TAIL as u64)?;
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0u64, |n, b| n << 8 | u64::from(*b));
    let said_length = number(&tail[..TAIL - 4]);
    let said_at = (length - TAIL as u64)
        .checked_sub(said_length)
        .ok_or_else(|| wrong("its parts are longer than it is"))?;
    let said_bytes = bytes(path, said_at, said_length)?;
    let magic = bytes(path, 0, MAGIC.len() as u64)?;
    if u64::from(checksum(&[&magic, &said_bytes])) != number(&tail[TAIL - 4..]) {
        return Err(wrong("its checksum is another"));
    }
    if magic.as_slice() != MAGIC {
        return Err(wrong("it begins otherwise"));
    }
    let said: Said =
        serde_json::from_slice(&said_bytes).map_err(|error| Damaged(error.to_string()))?;

    let tables = said.tables.into_iter();
    let tables = tables
        .map(|table| taken(table, path, said_at, money_scale))
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
        sha256: said.sha256,
        contents: said.contents,
    })
}

/// A stretch of a file, in a buffer of its own; the system gives large ones aligned.
fn bytes(path: &Path, at: u64, length: u64) -> io::Result<Vec<u8>> {
    let capacity = usize::try_from(length).map_err(io::Error::other)?;
    let mut bytes = Vec::with_capacity(capacity);
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(at))?;
    match file.take(length).read_to_end(&mut bytes)? {
        read if read == capacity => Ok(bytes),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// The values of a column of `rows`, whose parts of the file end at `end`.
fn values_of(
    said: &ColumnSaid,
    schema: &SchemaRef,
    rows: usize,
    (path, end): (&Path, u64),
) -> Result<ArrayRef, Damaged> {
    let wrong = |what: &str| Damaged(what.to_owned());
    let field = schema.field_with_name(&said.name)?;
    let last = said.at.checked_add(said.length);
    if last.is_none_or(|last| last > end) {
        return Err(wrong("its parts are longer than it is"));
    }
    if let Packing::Line(line) = said.packing {
        return numbers(said, line, field.data_type(), rows, path);
    }
    let stream = bytes(path, said.at, said.length)?;
    // Arrow takes what it is given for sound, and panics on a stream whose lengths are not what they were.
    if checksum(&[&stream]) != said.checksum {
        return Err(wrong("the checksum of a column is another"));
    }
    let batch = StreamDecoder::new()
        .decode(&mut Buffer::from_vec(stream))?
        .ok_or_else(|| wrong("a column has no rows"))?;
    if batch.num_columns() != 1 {
        return Err(wrong("a stream is not of one column"));
    }
    Ok(unpack(
        batch.column(0),
        said.packing,
        field.data_type(),
        rows,
    )?)
}

/// A column of numbers above a line.
fn numbers(
    said: &ColumnSaid,
    line: Line,
    kind: &DataType,
    rows: usize,
    path: &Path,
) -> Result<ArrayRef, Damaged> {
    let wrong = |what: &str| Damaged(what.to_owned());
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(said.at))?;
    let mut input = Summed {
        input: file.take(said.length),
        checksum: crc32fast::Hasher::new(),
    };
    let column = line.read(&mut input, kind, rows)?;
    // What is left is there for the next column to begin where it does.
    io::copy(&mut input, &mut io::sink())?;
    if input.checksum.finalize() != said.checksum {
        return Err(wrong("the checksum of a column is another"));
    }
    column.ok_or_else(|| wrong("a column of numbers holds none"))
}

/// Sums up what is read.
struct Summed<R> {
    input: R,
    checksum: crc32fast::Hasher,
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.input.read(buffer)?;
        self.checksum.update(&buffer[..n]);
        Ok(n)
    }
}

fn taken(
    said: TableSaid,
    path: &Path,
    end: u64,
    money_scale: i8,
) -> Result<(Option<String>, SheetTable), Damaged> {
    let wrong = |what: &str| Damaged(what.to_owned());
    let (table, columns) = said
        .declared()
        .ok_or_else(|| wrong("it names an unknown table"))?;
    let rows = usize::try_from(said.rows).map_err(|_| wrong("it is too long"))?;
    let schema = table.schema(money_scale);
    let arrays: Vec<ArrayRef> = said
        .values
        .par_iter()
        .map(|column| values_of(column, &schema, rows, (path, end)))
        .collect::<Result<_, _>>()?;
    let column = |name: &str| {
        let found = said.values.iter().position(|column| column.name == name);
        found.map(|at| Arc::clone(&arrays[at]))
    };
    let evidence = said.evidence.into_iter();
    let evidence = evidence.map(|of| of.evidence(table)).collect::<Option<_>>();
    let table = SheetTable {
        evidence: evidence.ok_or_else(|| wrong("it names an unknown column"))?,
        table,
        batch: table.batch(money_scale, rows, column)?,
        columns,
        read: said.read,
        blank: said.blank,
        set_aside: said.set_aside,
        problems: Vec::new(),
        flaws: said.flaws,
        begins: said.begins,
    };
    Ok((said.sheet, table))
}

/// Counts what is written, and sums up each column.
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
