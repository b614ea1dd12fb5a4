//! A part of a workbook as it is unpacked, a window at a time.

use std::io::Read;

use memchr::memmem;
use quick_xml::events::Event;

use super::NotPlain;
use super::sheet::is_name;

/// Bytes asked for at once.
const STEP: usize = 1 << 18;

/// Bytes that one cell or text may take: a cell holds 32,767 characters, each of up to six bytes
/// when it is escaped.
const LONGEST: usize = 1 << 19;

/// A window on a stream; what has been passed is given up.
pub(super) struct Window<R> {
    input: R,
    buffer: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R: Read> Window<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            buffer: Vec::with_capacity(2 * STEP),
            at: 0,
            ended: false,
        }
    }

    /// What is in sight.
    pub(super) fn seen(&self) -> &[u8] {
        &self.buffer[self.at..]
    }

    /// Passes so many bytes.
    pub(super) fn pass(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Brings more into sight.
    ///
    /// # Errors
    /// When there is no more, or when what is in sight is too long to be one thing.
    pub(super) fn more(&mut self) -> Result<(), NotPlain> {
        if self.ended || self.seen().len() > LONGEST {
            return Err(NotPlain);
        }
        self.buffer.drain(..self.at);
        self.at = 0;
        let before = self.buffer.len();
        self.buffer.resize(before + STEP, 0);
        let mut filled = before;
        while filled < self.buffer.len() {
            match self.input.read(&mut self.buffer[filled..])? {
                0 => {
                    self.ended = true;
                    break;
                }
                read => filled += read,
            }
        }
        self.buffer.truncate(filled);
        if filled == before {
            return Err(NotPlain);
        }
        Ok(())
    }

    /// Passes everything up to and with the start tag of an element, whose attributes are of no
    /// interest; whether it has content.
    ///
    /// # Errors
    /// When it is not there, is not in UTF-8, or a comment, a document type or damage comes first.
    pub(super) fn enter(&mut self, element: &str) -> Result<bool, NotPlain> {
        let tag = format!("<{element}");
        let start = loop {
            let seen = self.seen();
            match memmem::find(seen, tag.as_bytes()) {
                Some(found) if memchr::memchr(b'>', &seen[found..]).is_some() => break found,
                _ => self.more()?,
            }
        };
        let (prolog, rest) = self.seen().split_at(start);
        if memmem::find(prolog, b"<!").is_some() || !in_utf8(prolog) {
            return Err(NotPlain);
        }
        let end = memchr::memchr(b'>', rest).ok_or(NotPlain)?;
        if !matches!(rest[tag.len()], b' ' | b'>' | b'/') {
            return Err(NotPlain);
        }
        if !ends_in(&self.seen()[..start + end + 1], element) {
            return Err(NotPlain);
        }
        let has_content = rest[end - 1] != b'/';
        self.pass(start + end + 1);
        Ok(has_content)
    }
}

/// Whether a document up to the end of a tag is made of whole tags, of which the last is this element's.
fn ends_in(prolog: &[u8], element: &str) -> bool {
    let mut reader = quick_xml::Reader::from_reader(prolog);
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    let mut is_element = false;
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) => return is_element,
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                is_element = tag.name().as_ref() == element;
                let sound = tag.attributes().all(|attribute| {
                    attribute.is_ok_and(|attribute| is_name(attribute.key.as_ref().as_bytes()))
                });
                if !sound {
                    return false;
                }
            }
            Ok(_) => is_element = false,
            Err(_) => return false,
        }
    }
}

/// Whether a document says that it is in UTF-8, or says nothing.
fn in_utf8(prolog: &[u8]) -> bool {
    let declaration = match memmem::find(prolog, b"?>") {
        Some(end) => prolog[..end].to_ascii_lowercase(),
        None => Vec::new(),
    };
    let is_said = memmem::find(&declaration, b"encoding").is_some();
    !prolog.starts_with(&[0xFE, 0xFF])
        && !prolog.starts_with(&[0xFF, 0xFE])
        && (!is_said || memmem::find(&declaration, b"utf-8").is_some())
}
