//! Reads text files with delimiters: CSV, TSV and their like.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use csv::{ReaderBuilder, StringRecord};

use super::encoding::{Utf8Reader, detect};
use super::{Encodings, Refusal};
use crate::intake::cells::{Cell, CellSink, SheetInfo, SheetSink};

/// How much of a file is looked at to find its delimiter.
const HEAD: usize = 1 << 16;

/// Reads a file into a sink; returns the encoding where it was guessed.
///
/// # Errors
/// What the system or the csv reader says.
pub(super) fn read<S: SheetSink>(
    path: &Path,
    encodings: Encodings,
    sheets: &mut S,
) -> Result<Option<&'static str>, Refusal> {
    let detected = detect(path, encodings, None)?;
    let input = File::open(path)?;
    let mut input = BufReader::with_capacity(HEAD, Utf8Reader::new(input, detected.encoding));
    let head = Head::of(&mut input)?;
    let mut cells = sheets.open(SheetInfo {
        name: None,
        hidden: false,
        is_1904: false,
    });
    records(input, &head, &mut cells).map_err(|error| Refusal::Io(error.to_string()))?;
    sheets.close(cells);
    Ok(detected.guessed.then(|| detected.encoding.name()))
}

fn records<R: BufRead, C: CellSink>(input: R, head: &Head, cells: &mut C) -> csv::Result<()> {
    let mut reader = ReaderBuilder::new()
        .delimiter(head.delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(Rows::new(input, head.delimiter));
    let mut record = StringRecord::new();
    let mut row = head.lines_taken;
    while reader.read_record(&mut record)? {
        row = row.saturating_add(1);
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        let fields = u32::try_from(record.len()).ok();
        if cells.row(row, fields).is_break() {
            break;
        }
        for (column, field) in (0u32..).zip(&record) {
            let field = field.trim();
            if !field.is_empty() {
                cells.cell(column, formula_error(field));
            }
        }
    }
    Ok(())
}

/// A text, or the error of a formula, which survives an export as text.
pub(super) fn formula_error(field: &str) -> Cell<'_> {
    match field {
        "#N/A" | "#REF!" | "#DIV/0!" | "#VALUE!" | "#NAME?" | "#NUM!" | "#NULL!" => {
            Cell::Error(field)
        }
        _ => Cell::Text(field),
    }
}

/// What the beginning of a text file says about the rest.
struct Head {
    delimiter: u8,
    /// Lines before the first record that are no records: `sep=;`.
    lines_taken: u32,
}

impl Head {
    fn of<R: Read>(input: &mut BufReader<R>) -> io::Result<Self> {
        skip_marks(input)?;
        let head = String::from_utf8_lossy(input.fill_buf()?).into_owned();
        let first = head.lines().next().unwrap_or("");
        let declared = first
            .trim_matches('"')
            .strip_prefix("sep=")
            .filter(|rest| rest.len() <= 1 || *rest == "\\t");
        if let Some(rest) = declared {
            let mut line = Vec::new();
            input.read_until(b'\n', &mut line)?;
            let delimiter = rest.bytes().next().filter(|b| *b != b'\\').unwrap_or(b'\t');
            return Ok(Self {
                delimiter,
                lines_taken: 1,
            });
        }
        Ok(Self {
            delimiter: delimiter(&head),
            lines_taken: 0,
        })
    }
}

/// Some programs write a second byte-order mark, which would stand inside the first field.
fn skip_marks<R: Read>(input: &mut BufReader<R>) -> io::Result<()> {
    while input.fill_buf()?.starts_with("\u{feff}".as_bytes()) {
        input.consume(3);
    }
    Ok(())
}

/// The delimiter that cuts the beginning of the file most evenly, into two fields or more.
fn delimiter(head: &str) -> u8 {
    // The last line may be cut off.
    let whole = head.rfind(['\n', '\r']).filter(|_| head.len() >= HEAD / 2);
    let head = whole.map_or(head, |end| &head[..end]);
    let mut best = (0, 0, b',');
    for candidate in *b",;\t|" {
        let mut reader = ReaderBuilder::new()
            .delimiter(candidate)
            .has_headers(false)
            .flexible(true)
            .from_reader(head.as_bytes());
        let mut widths: Vec<usize> = reader
            .records()
            .take(50)
            .map_while(Result::ok)
            .map(|record| record.len())
            .filter(|width| *width > 1)
            .collect();
        widths.sort_unstable();
        // The most frequent width, and how often it comes.
        let common = widths
            .chunk_by(|a, b| a == b)
            .map(|same| (same.len(), same[0]))
            .max();
        if let Some((rows, width)) = common
            && (rows, width) > (best.0, best.1)
        {
            best = (rows, width, candidate);
        }
    }
    best.2
}

/// Passes a text file on with every row a record: the csv reader passes over empty lines without a
/// word, and rows below them would be reported at the wrong place. An empty line becomes an empty
/// field in quotes; line ends become `\n`.
struct Rows<R> {
    inner: R,
    delimiter: u8,
    state: Within,
    /// Bytes to be passed on.
    ready: Vec<u8>,
    taken: usize,
}

/// Where in a row the next byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// At its start.
    Row,
    /// At its start, after a `\r` that a `\n` may belong to.
    RowAfterReturn,
    /// At the start of a field other than the first.
    Field,
    /// In a field without quotes.
    Plain,
    /// In a field within quotes.
    Quoted,
    /// After a quote within quotes, which ends them or stands for itself.
    Quote,
}

impl<R: BufRead> Rows<R> {
    fn new(inner: R, delimiter: u8) -> Self {
        Self {
            inner,
            delimiter,
            state: Within::Row,
            ready: Vec::new(),
            taken: 0,
        }
    }

    /// Makes the next stretch of the input ready.
    fn fill(&mut self) -> io::Result<()> {
        let chunk = self.inner.fill_buf()?;
        let length = chunk.len();
        self.ready.clear();
        self.taken = 0;
        for &byte in chunk {
            self.state = pass(self.state, byte, self.delimiter, &mut self.ready);
        }
        self.inner.consume(length);
        Ok(())
    }
}

/// Passes one byte on; returns where the next one stands.
fn pass(state: Within, byte: u8, delimiter: u8, ready: &mut Vec<u8>) -> Within {
    let at_start = matches!(state, Within::Row | Within::RowAfterReturn);
    if byte == b'\n' && state == Within::RowAfterReturn {
        return Within::Row;
    }
    if matches!(byte, b'\n' | b'\r') && state != Within::Quoted {
        if at_start {
            ready.extend_from_slice(b"\"\"");
        }
        ready.push(b'\n');
        return if byte == b'\r' {
            Within::RowAfterReturn
        } else {
            Within::Row
        };
    }
    ready.push(byte);
    match (state, byte) {
        (Within::Quoted, b'"') => Within::Quote,
        (Within::Quoted, _) | (Within::Quote, b'"') => Within::Quoted,
        (_, byte) if byte == delimiter => Within::Field,
        (Within::Plain | Within::Quote, _) => Within::Plain,
        (_, b'"') => Within::Quoted,
        _ => Within::Plain,
    }
}

impl<R: BufRead> Read for Rows<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.ready.len() {
            self.fill()?;
            // A stretch that is nothing but the second half of a line end makes nothing ready,
            // and nothing ready means the end to the caller.
            if self.ready.is_empty() {
                self.fill()?;
            }
        }
        let n = out.len().min(self.ready.len() - self.taken);
        out[..n].copy_from_slice(&self.ready[self.taken..self.taken + n]);
        self.taken += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::Notes;
    use super::*;
    use crate::workspace::Language;

    fn rows(bytes: &[u8]) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        let full = dir.path().join("a.csv");
        std::fs::write(&full, bytes).unwrap();
        let mut notes = Notes::default();
        read(&full, Encodings::of(Language::En), &mut notes).unwrap();
        notes.0
    }

    #[test]
    fn the_delimiter_is_found() {
        for text in [
            "id,date\n1,\"2,5\"\n",
            "id;date\n1;2,5\n",
            "id\tdate\n1\t2,5\n",
            "id|date\n1|2,5\n",
        ] {
            assert_eq!(
                rows(text.as_bytes()),
                ["1: 0=id 1=date", "2: 0=1 1=2,5"],
                "{text}"
            );
        }
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_counts_them() {
        let text = "id,note\n1,\"two\nlines\"\n\n2,x\n,\n3,y\n";
        assert_eq!(
            rows(text.as_bytes()),
            [
                "1: 0=id 1=note",
                "2: 0=1 1=two\nlines",
                "4: 0=2 1=x",
                "6: 0=3 1=y"
            ]
        );
        assert_eq!(
            rows(b"Title\r\n\r\n\r\nid,x\r\n1,\"a \"\"b\"\"\r\n\r\nc\"\r\n2,5\" pipe\r\n"),
            [
                "1: 0=Title",
                "4: 0=id 1=x",
                "5: 0=1 1=a \"b\"\r\n\r\nc",
                "6: 0=2 1=5\" pipe"
            ]
        );
        assert_eq!(rows(b"sep=;\nid;x\n1;2\n"), ["2: 0=id 1=x", "3: 0=1 1=2"]);
        assert_eq!(
            rows(b"id,x\r1,2\r"),
            ["1: 0=id 1=x", "2: 0=1 1=2"],
            "line ends of old Macs"
        );
        let marks = [b"\xef\xbb\xbf\xef\xbb\xbf".as_slice(), b"\"id\",x\n1,2\n"].concat();
        assert_eq!(rows(&marks), ["1: 0=id 1=x", "2: 0=1 1=2"]);
    }

    #[test]
    fn errors_of_formulas_are_errors() {
        assert_eq!(formula_error("#N/A"), Cell::Error("#N/A"));
        assert_eq!(formula_error("N/A"), Cell::Text("N/A"));
    }
}
