//! Reads the tables of a web page, which many tills call `.xls`.
//!
//! The page is cut into tags and never held as a tree, so that memory does not grow with it. All its
//! tables are one sheet, as Excel opens them: each `tr` is the next row, and cells that span columns
//! and rows push the others aside.

use std::cell::RefCell;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use encoding_rs::Encoding;
use html5ever::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::encoding::{Utf8Reader, detect};
use super::text::formula_error;
use super::{COLUMNS, Encodings, MOST_TEXT, Refusal};
use crate::intake::cells::{CellSink, SheetInfo, SheetSink};

/// Columns a cell may span, as the standard has it.
const MOST_COLUMNS_SPANNED: u32 = 1_000;
/// Rows a cell may span, as the standard has it.
const MOST_ROWS_SPANNED: u32 = 65_534;

/// Reads a page into a sink; returns the encoding where it was guessed.
///
/// # Errors
/// When the system does not give it, or it has no table.
pub(super) fn read<S: SheetSink>(
    path: &Path,
    encodings: Encodings,
    sheets: &mut S,
) -> Result<Option<&'static str>, Refusal> {
    let detected = detect(path, encodings, declared(path)?)?;
    let mut input = Utf8Reader::new(File::open(path)?, detected.encoding);
    let mut cells = sheets.open(SheetInfo {
        name: None,
        hidden: false,
        is_1904: false,
    });
    let tokenizer = Tokenizer::new(
        Page(RefCell::new(Rows::new(&mut cells))),
        TokenizerOpts::default(),
    );
    let queue = BufferQueue::default();
    let mut bytes = Vec::new();
    let mut chunk = vec![0; 1 << 16];
    while !tokenizer.sink.0.borrow().stopped {
        let n = input.read(&mut chunk)?;
        if n == 0 {
            break;
        }
        bytes.extend_from_slice(&chunk[..n]);
        // The decoder gives whole letters, a chunk may cut one.
        let whole = match std::str::from_utf8(&bytes) {
            Ok(text) => text.len(),
            Err(error) => error.valid_up_to(),
        };
        queue.push_back(StrTendril::from(
            String::from_utf8_lossy(&bytes[..whole]).as_ref(),
        ));
        bytes.drain(..whole);
        while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
    }
    tokenizer.end();
    let any_row = {
        let mut rows = tokenizer.sink.0.borrow_mut();
        rows.end_cell();
        rows.row > 0
    };
    drop(tokenizer);
    if !any_row {
        return Err(Refusal::Unsupported("a web page without a table"));
    }
    sheets.close(cells);
    Ok(detected.guessed.then(|| detected.encoding.name()))
}

/// The encoding that a page says it has.
fn declared(path: &Path) -> Result<Option<&'static Encoding>, Refusal> {
    let mut head = Vec::new();
    File::open(path)?.take(4096).read_to_end(&mut head)?;
    let head = String::from_utf8_lossy(&head).to_lowercase();
    let Some(at) = head.find("charset=") else {
        return Ok(None);
    };
    let label: String = head[at + "charset=".len()..]
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect();
    Ok(Encoding::for_label(label.as_bytes()))
}

/// Takes the tags of a page.
struct Page<'c, C>(RefCell<Rows<'c, C>>);

impl<C: CellSink> TokenSink for Page<'_, C> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut rows = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => rows.text(&text),
            Token::TagToken(tag) => return rows.tag(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// The rows of the tables so far.
struct Rows<'c, C> {
    cells: &'c mut C,
    /// The current row, from 1; 0 before the first.
    row: u32,
    /// Whether the sink knows of it.
    announced: bool,
    /// Where its next cell goes.
    column: u32,
    /// By column: the last row that a cell from above covers.
    covered: Vec<u32>,
    /// The cell that is open: its text, and how many columns and rows it spans.
    open: Option<(String, u32, u32)>,
    /// Whether what comes is a script or a style.
    raw: bool,
    /// Whether the sink wants no more.
    stopped: bool,
}

impl<'c, C: CellSink> Rows<'c, C> {
    fn new(cells: &'c mut C) -> Self {
        Self {
            cells,
            row: 0,
            announced: false,
            column: 0,
            covered: Vec::new(),
            open: None,
            raw: false,
            stopped: false,
        }
    }

    fn text(&mut self, text: &str) {
        if let Some((open, ..)) = &mut self.open
            && !self.raw
            && open.len() < MOST_TEXT
        {
            open.push_str(text);
        }
    }

    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let starts = tag.kind == TagKind::StartTag;
        match &*tag.name {
            "script" | "style" => {
                self.raw = starts;
                if starts {
                    let kind = if &*tag.name == "script" {
                        RawKind::ScriptData
                    } else {
                        RawKind::Rawtext
                    };
                    return TokenSinkResult::RawData(kind);
                }
            }
            "table" => {
                self.end_cell();
                self.covered.clear();
            }
            "tr" => {
                self.end_cell();
                if starts {
                    self.begin_row();
                }
            }
            "td" | "th" => {
                self.end_cell();
                if starts {
                    if self.row == 0 {
                        self.begin_row();
                    }
                    self.open = Some((
                        String::new(),
                        spanned(tag, "colspan", MOST_COLUMNS_SPANNED),
                        spanned(tag, "rowspan", MOST_ROWS_SPANNED),
                    ));
                }
            }
            "br" | "p" | "div" | "li" => self.text(" "),
            _ => {}
        }
        TokenSinkResult::Continue
    }

    fn begin_row(&mut self) {
        self.row = self.row.saturating_add(1);
        self.column = 0;
        self.announced = false;
    }

    /// Passes the open cell on, if one is open.
    fn end_cell(&mut self) {
        let Some((text, columns, rows)) = self.open.take() else {
            return;
        };
        let covered = |covered: &[u32], column: u32| {
            covered
                .get(column as usize)
                .is_some_and(|until| *until >= self.row)
        };
        while covered(&self.covered, self.column) {
            self.column += 1;
        }
        let column = self.column;
        self.column = column.saturating_add(columns).min(COLUMNS);
        if rows > 1 {
            let end = self.column as usize;
            if self.covered.len() < end {
                self.covered.resize(end, 0);
            }
            self.covered[column.min(self.column) as usize..end]
                .fill(self.row.saturating_add(rows - 1));
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() || self.stopped || column >= COLUMNS {
            return;
        }
        if !std::mem::replace(&mut self.announced, true)
            && self.cells.row(self.row, None).is_break()
        {
            self.stopped = true;
            return;
        }
        self.cells.cell(column, formula_error(&text));
    }
}

/// How many columns or rows a cell spans.
fn spanned(tag: &Tag, name: &str, most: u32) -> u32 {
    let value = tag.attrs.iter().find(|attr| &*attr.name.local == name);
    let value = value.and_then(|attr| attr.value.trim().parse::<u32>().ok());
    value.unwrap_or(1).clamp(1, most)
}

#[cfg(test)]
mod tests {
    use super::super::tests::rows;

    #[test]
    fn a_table_is_read_as_excel_opens_it() {
        let page = "<html><head><style>td { color: red }</style><title>Sales</title></head><body>\
            <table><tr><td colspan=3>ยอดขาย &amp; คืน</table>\
            <table border=1><tr><th rowspan='2'>Customer&nbsp;ID<th colspan=\"2\">Sale<tr><th>Date<th>Amount\
            <tbody><tr><td>C1</td><td>2026-01-02<br></td><td>1,887.85<script>x = '<td>'</script></td></tr>\
            <tr><td> </td><td></td></tr><tr><td>C2<td>2026-01-03<td>#N/A</table></body>";
        assert_eq!(
            rows(page.as_bytes()).unwrap(),
            [
                "1: 0=ยอดขาย & คืน",
                "2: 0=Customer ID 1=Sale",
                "3: 1=Date 2=Amount",
                "4: 0=C1 1=2026-01-02 2=1,887.85",
                "6: 0=C2 1=2026-01-03 2=#N/A",
            ]
        );
    }

    #[test]
    fn the_declared_encoding_counts() {
        let page = "<html><meta charset=windows-874><table><tr><td>ลูกค้า</td></tr></table>";
        let (bytes, ..) = encoding_rs::WINDOWS_874.encode(page);
        assert_eq!(rows(&bytes).unwrap(), ["1: 0=ลูกค้า"]);
    }

    #[test]
    fn spans_without_bound_cost_nothing() {
        let page = "<table><tr><td colspan=4294967295 rowspan=4294967295>a<td>b".repeat(2_000);
        let rows = rows(page.as_bytes()).unwrap();
        assert_eq!(rows[0], "1: 0=a 1000=b");
        assert_eq!(rows.len(), 2_000);
    }

    #[test]
    fn a_page_without_a_table_is_refused() {
        let page = "<html><body>Your session has ended.</body></html>";
        let refused = rows(page.as_bytes()).unwrap_err();
        assert_eq!(
            refused,
            super::Refusal::Unsupported("a web page without a table")
        );
    }
}
