//! The texts that cells share, end to end in one piece.

use std::borrow::Cow;
use std::io::Read;

use quick_xml::escape::unescape;

use super::NotPlain;
use super::window::Window;

/// The shared texts of a workbook.
#[derive(Debug, Default)]
pub(super) struct Strings {
    text: String,
    /// Where each ends.
    ends: Vec<u32>,
}

impl Strings {
    /// The text of a number.
    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = match index.checked_sub(1) {
            Some(before) => self.ends[before] as usize,
            None => 0,
        };
        Some(&self.text[start..end])
    }

    /// Reads the part of the shared texts.
    ///
    /// # Errors
    /// When a text is made of formatted pieces, or anything else than one text.
    pub(super) fn read(input: impl Read) -> Result<Self, NotPlain> {
        let mut window = Window::new(input);
        let mut strings = Self::default();
        if !window.enter("sst")? {
            return Ok(strings);
        }
        loop {
            let seen = window.seen();
            let space = spaces(seen);
            let item = &seen[space..];
            if item.starts_with(b"</sst>") {
                return Ok(strings);
            }
            if item.starts_with(b"<si/>") {
                strings.push("")?;
                window.pass(space + b"<si/>".len());
                continue;
            }
            let Some(content) = item.strip_prefix(b"<si>") else {
                // Whatever it is, it may not be in sight as a whole yet.
                if b"</sst>".starts_with(item) || b"<si/>".starts_with(item) {
                    window.more()?;
                    continue;
                }
                return Err(NotPlain);
            };
            let Some((text, length)) = text(content, b"</si>")? else {
                window.more()?;
                continue;
            };
            strings.push(&text)?;
            window.pass(space + b"<si>".len() + length);
        }
    }

    fn push(&mut self, text: &str) -> Result<(), NotPlain> {
        self.text.push_str(text);
        self.ends.push(u32::try_from(self.text.len())?);
        Ok(())
    }
}

/// How many bytes of white space come first.
pub(super) fn spaces(seen: &[u8]) -> usize {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
    seen.iter()
        .position(|byte| !is_space(byte))
        .unwrap_or(seen.len())
}

/// The one `<t>` that comes before a closing tag, and how long both are; none when they are not in
/// sight as a whole.
pub(super) fn text<'a>(
    seen: &'a [u8],
    close: &[u8],
) -> Result<Option<(Cow<'a, str>, usize)>, NotPlain> {
    const PRESERVED: &[u8] = b"<t xml:space=\"preserve\">";
    let (content, preserved, opening) = if let Some(rest) = seen.strip_prefix(b"<t>") {
        (rest, false, b"<t>".len())
    } else if let Some(rest) = seen.strip_prefix(PRESERVED) {
        (rest, true, PRESERVED.len())
    } else if PRESERVED.starts_with(seen) || b"<t>".starts_with(seen) {
        return Ok(None);
    } else {
        return Err(NotPlain);
    };
    let Some(length) = memchr::memchr(b'<', content) else {
        return Ok(None);
    };
    let after = &content[length..];
    let whole = b"</t>".len() + close.len();
    if after.len() < whole {
        return Ok(None);
    }
    if !after.starts_with(b"</t>") || !after[b"</t>".len()..].starts_with(close) {
        return Err(NotPlain);
    }
    let text = written(&content[..length])?;
    let text = if preserved { text } else { trimmed(text) };
    Ok(Some((text, opening + length + whole)))
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    let space = [' ', '\t', '\n'];
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches(space)),
        Cow::Owned(text) => Cow::Owned(text.trim_matches(space).to_owned()),
    }
}

/// A text as it was before it was put into the document.
pub(super) fn written(raw: &[u8]) -> Result<Cow<'_, str>, NotPlain> {
    let text = std::str::from_utf8(raw)?;
    // Line ends are made equal, and `_x000D_` stands for a character: rare, and calamine's.
    let odd = memchr::memchr2_iter(b'\r', b'_', raw)
        .any(|at| raw[at] == b'\r' || raw.get(at + 1) == Some(&b'x'));
    if odd {
        return Err(NotPlain);
    }
    if memchr::memchr(b'&', raw).is_none() {
        return Ok(Cow::Borrowed(text));
    }
    Ok(unescape(text)?)
}
