//! The cells of a plain sheet.

use std::borrow::Cow;
use std::io::Read;

use memchr::{memchr, memmem};
use quick_xml::escape::unescape;

use super::NotPlain;
use super::strings::{Strings, spaces, text, written};
use super::styles::Style;
use super::window::Window;
use crate::intake::cells::{Cell, CellSink};
use crate::intake::formats::COLUMNS;

/// The rows a sheet has.
const ROWS: u32 = 1_048_576;

/// What comes next in a sheet, and how long it is.
enum Next<'a> {
    /// A row begins: its number, and whether it is hidden.
    Row(u32, bool, usize),
    /// A cell: its column from 0, and what it holds.
    Cell(u32, Option<Value<'a>>, usize),
    /// A row ends, or one that holds nothing has passed.
    Passed(usize),
    /// The last row is over.
    End,
    /// It is not in sight as a whole.
    More,
}

/// What a cell holds, as written.
struct Value<'a> {
    kind: Kind,
    style: Option<u32>,
    raw: &'a [u8],
    /// A text of the cell's own.
    own: Option<Cow<'a, str>>,
}

/// What a cell says it holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Shared,
    Formula,
    Inline,
    Flag,
    Error,
}

/// Gives the cells of a sheet to a sink.
pub(super) fn read<S: CellSink>(
    input: impl Read,
    strings: &Strings,
    styles: &[Style],
    cells: &mut S,
) -> Result<(), NotPlain> {
    let mut window = Window::new(input);
    if !window.enter("sheetData")? {
        return Ok(());
    }
    let (mut row, mut hidden, mut announced) = (0, false, false);
    loop {
        let length = match next(window.seen(), row)? {
            Next::Row(number, is_hidden, length) => {
                (row, hidden, announced) = (number, is_hidden, false);
                length
            }
            Next::Cell(column, value, length) => {
                let value = value
                    .map(|value| cell(&value, strings, styles))
                    .transpose()?;
                if let Some(cell) = value.as_ref().and_then(Shown::cell) {
                    if !announced {
                        announced = true;
                        if cells.row(row, None).is_break() {
                            return Ok(());
                        }
                        if hidden {
                            cells.hidden();
                        }
                    }
                    cells.cell(column, cell);
                }
                length
            }
            Next::Passed(length) => length,
            Next::End => return Ok(()),
            Next::More => {
                window.more()?;
                continue;
            }
        };
        window.pass(length);
    }
}

fn next(seen: &[u8], row: u32) -> Result<Next<'_>, NotPlain> {
    let space = spaces(seen);
    let tag = &seen[space..];
    if tag.starts_with(b"<c ") {
        return one_cell(&tag[2..], row, space + 2);
    }
    if tag.starts_with(b"</row>") {
        return Ok(Next::Passed(space + b"</row>".len()));
    }
    if tag.starts_with(b"<row ") {
        let Some(end) = memchr(b'>', tag) else {
            return Ok(Next::More);
        };
        let (mut number, mut hidden) = (None, false);
        let empty = attributes(&tag[4..end], |name, value| {
            match name {
                b"r" => number = Some(whole(value)?),
                b"hidden" => hidden = matches!(value, b"1" | b"true"),
                _ => {}
            }
            Ok(())
        })?;
        let number = number.filter(|number| *number > row && *number <= ROWS);
        let number = number.ok_or(NotPlain)?;
        return Ok(if empty {
            Next::Passed(space + end + 1)
        } else {
            Next::Row(number, hidden, space + end + 1)
        });
    }
    if tag.starts_with(b"</sheetData>") {
        return Ok(Next::End);
    }
    let tags: [&[u8]; 4] = [b"<c ", b"</row>", b"<row ", b"</sheetData>"];
    if tags.iter().any(|known| known.starts_with(tag)) {
        return Ok(Next::More);
    }
    Err(NotPlain)
}

/// A cell from its attributes on; `before` is what comes before them.
fn one_cell(tag: &[u8], row: u32, before: usize) -> Result<Next<'_>, NotPlain> {
    let Some(end) = memchr(b'>', tag) else {
        return Ok(Next::More);
    };
    let (mut column, mut style, mut kind) = (None, None, Kind::Number);
    let empty = attributes(&tag[..end], |name, value| {
        match name {
            b"r" => column = Some(place(value, row)?),
            b"s" => style = Some(whole(value)?),
            b"t" => {
                kind = match value {
                    b"n" => Kind::Number,
                    b"s" => Kind::Shared,
                    b"str" => Kind::Formula,
                    b"inlineStr" => Kind::Inline,
                    b"b" => Kind::Flag,
                    b"e" => Kind::Error,
                    _ => return Err(NotPlain),
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    let column = column.ok_or(NotPlain)?;
    let start = end + 1;
    if empty {
        return Ok(Next::Cell(column, None, before + start));
    }
    let Some((raw, own, length)) = content(&tag[start..], kind)? else {
        return Ok(Next::More);
    };
    let value = Value {
        kind,
        style,
        raw,
        own,
    };
    Ok(Next::Cell(column, Some(value), before + start + length))
}

type Content<'a> = (&'a [u8], Option<Cow<'a, str>>, usize);

/// The content of a cell through its closing tag: what stands in `<v>`, or the text of its own.
fn content(seen: &[u8], kind: Kind) -> Result<Option<Content<'_>>, NotPlain> {
    let mut at = 0;
    let mut formula = false;
    loop {
        let tag = &seen[at..];
        if tag.starts_with(b"<v>") {
            let from = at + b"<v>".len();
            let Some(length) = memchr(b'<', &seen[from..]) else {
                return Ok(None);
            };
            let closing = &seen[from + length..];
            const CLOSED: &[u8] = b"</v></c>";
            if closing.len() < CLOSED.len() {
                return Ok(None);
            }
            if !closing.starts_with(CLOSED) || kind == Kind::Inline {
                return Err(NotPlain);
            }
            let raw = &seen[from..from + length];
            return Ok(Some((raw, None, from + length + CLOSED.len())));
        }
        if tag.starts_with(b"</c>") {
            return Ok(Some((&[], None, at + b"</c>".len())));
        }
        if tag.starts_with(b"<is>") && kind == Kind::Inline {
            let from = at + b"<is>".len();
            let found = text(&seen[from..], b"</is></c>")?;
            return Ok(found.map(|(text, length)| (&seen[..0], Some(text), from + length)));
        }
        if !formula && (tag.starts_with(b"<f>") || tag.starts_with(b"<f ")) {
            formula = true;
            let Some(end) = memchr(b'>', tag) else {
                return Ok(None);
            };
            if attributes(&tag[b"<f".len()..end], |_, _| Ok(()))? {
                at += end + 1;
                continue;
            }
            let opened = end + 1;
            let Some(end) = memmem::find(tag, b"</f>") else {
                return Ok(None);
            };
            // Nothing is within a formula but its text, and that is whole.
            let formula = &tag[opened..end];
            if memchr(b'<', formula).is_some() {
                return Err(NotPlain);
            }
            if memchr(b'&', formula).is_some() {
                unescape(std::str::from_utf8(formula)?)?;
            }
            at += end + b"</f>".len();
            continue;
        }
        let tags: [&[u8]; 4] = [b"<v>", b"</c>", b"<is>", b"<f>"];
        if tags.iter().any(|known| known.starts_with(tag)) {
            return Ok(None);
        }
        return Err(NotPlain);
    }
}

/// Gives the attributes of a tag, from behind its name to before its end; whether it ends there.
fn attributes<'a>(
    mut tag: &'a [u8],
    mut take: impl FnMut(&'a [u8], &'a [u8]) -> Result<(), NotPlain>,
) -> Result<bool, NotPlain> {
    let empty = tag.last() == Some(&b'/');
    if empty {
        tag = &tag[..tag.len() - 1];
    }
    loop {
        tag = &tag[spaces(tag)..];
        if tag.is_empty() {
            return Ok(empty);
        }
        // A few bytes each: a search made for long stretches takes longer to set up than to find.
        let equals = tag.iter().position(|byte| *byte == b'=');
        let equals = equals.ok_or(NotPlain)?;
        let (name, rest) = (&tag[..equals], &tag[equals + 1..]);
        if !is_name(name) {
            return Err(NotPlain);
        }
        let rest = rest.strip_prefix(b"\"").ok_or(NotPlain)?;
        let end = rest.iter().position(|byte| *byte == b'"');
        let end = end.ok_or(NotPlain)?;
        take(name, &rest[..end])?;
        tag = &rest[end + 1..];
    }
}

/// Whether an attribute may be called so: a quote, say, would begin a value for other readers.
pub(super) fn is_name(name: &[u8]) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-' | b'_');
    !name.is_empty() && name.iter().all(plain)
}

/// A number of digits alone.
fn whole(digits: &[u8]) -> Result<u32, NotPlain> {
    if digits.is_empty() || digits.len() > 9 {
        return Err(NotPlain);
    }
    digits.iter().try_fold(0, |number, digit| match digit {
        b'0'..=b'9' => Ok(number * 10 + u32::from(digit - b'0')),
        _ => Err(NotPlain),
    })
}

/// The column of a place such as `AB12`, from 0; the row must be the one it stands in.
fn place(value: &[u8], row: u32) -> Result<u32, NotPlain> {
    let letters = value.iter().take_while(|byte| byte.is_ascii_uppercase());
    let letters = letters.count();
    if letters == 0 || letters > 3 || whole(&value[letters..])? != row {
        return Err(NotPlain);
    }
    let column = value[..letters].iter().fold(0, |column, letter| {
        column * 26 + u32::from(letter - b'A') + 1
    });
    if column > COLUMNS {
        return Err(NotPlain);
    }
    Ok(column - 1)
}

/// What a cell holds.
enum Shown<'a> {
    Nothing,
    Text(Cow<'a, str>),
    Number(f64),
    Serial(f64),
    Duration(f64),
    Flag(bool),
    Error(&'a str),
}

impl Shown<'_> {
    /// The cell; none where people see nothing in it.
    fn cell(&self) -> Option<Cell<'_>> {
        Some(match self {
            Self::Nothing => return None,
            Self::Text(text) if text.chars().all(crate::intake::values::number::is_space) => {
                return None;
            }
            Self::Text(text) => Cell::Text(text),
            Self::Number(x) => Cell::Number(*x),
            Self::Serial(x) => Cell::Serial(*x),
            Self::Duration(x) => Cell::Duration(*x),
            Self::Flag(yes) => Cell::Bool(*yes),
            Self::Error(shown) => Cell::Error(shown),
        })
    }
}

/// The errors of formulas.
const ERRORS: [&str; 8] = [
    "#DIV/0!",
    "#N/A",
    "#NAME?",
    "#NULL!",
    "#NUM!",
    "#REF!",
    "#VALUE!",
    "#GETTING_DATA",
];

fn cell<'a>(
    value: &Value<'a>,
    strings: &'a Strings,
    styles: &[Style],
) -> Result<Shown<'a>, NotPlain> {
    let raw = value.raw;
    if let Some(own) = &value.own {
        return Ok(Shown::Text(own.clone()));
    }
    if raw.is_empty() {
        return Ok(Shown::Nothing);
    }
    Ok(match value.kind {
        Kind::Shared => {
            let index = whole(raw)? as usize;
            Shown::Text(Cow::Borrowed(strings.get(index).ok_or(NotPlain)?))
        }
        Kind::Number => {
            let style = match value.style {
                Some(style) => *styles.get(style as usize).ok_or(NotPlain)?,
                None => Style::Number,
            };
            let x = number(raw)?;
            match style {
                Style::Number => Shown::Number(x),
                Style::Date => Shown::Serial(x),
                Style::Duration => Shown::Duration(x),
            }
        }
        Kind::Formula => Shown::Text(written(raw)?),
        Kind::Flag => match raw {
            b"0" => Shown::Flag(false),
            b"1" => Shown::Flag(true),
            _ => return Err(NotPlain),
        },
        Kind::Error => {
            let known = ERRORS.iter().find(|error| error.as_bytes() == raw);
            Shown::Error(known.ok_or(NotPlain)?)
        }
        Kind::Inline => return Err(NotPlain),
    })
}

/// A number of digits, a point and an exponent; Rust would read more.
fn number(raw: &[u8]) -> Result<f64, NotPlain> {
    if let Ok(whole) = whole(raw) {
        return Ok(f64::from(whole));
    }
    let plain =
        |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'E' | b'e');
    if !raw.iter().all(plain) || raw.starts_with(b"+") {
        return Err(NotPlain);
    }
    Ok(std::str::from_utf8(raw)?.parse()?)
}
