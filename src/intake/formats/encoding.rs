//! Text files in whatever encoding, as UTF-8.
//!
//! A byte-order mark decides; else a file that is valid UTF-8 is UTF-8; else the encoding is found
//! from the bytes (windows-874 for Thai, windows-1258 for Vietnamese, windows-1252).

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_874, WINDOWS_1252,
    WINDOWS_1258,
};

use super::Encodings;
use crate::workspace::Language;

/// What a text file is encoded in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Detected {
    /// The encoding.
    pub(super) encoding: &'static Encoding,
    /// Whether nothing but the bytes themselves says so.
    pub(super) guessed: bool,
}

/// Finds the encoding of a file. A mark counts most, then what the settings declare, then bytes that
/// can only be UTF-8, then what the file says of itself; the client's language decides between likely
/// ones.
pub(super) fn detect(
    path: &Path,
    encodings: Encodings,
    of_itself: Option<&'static Encoding>,
) -> io::Result<Detected> {
    let sure = |encoding| Detected {
        encoding,
        guessed: false,
    };
    let mut file = File::open(path)?;
    let mut buffer = vec![0u8; 1 << 16];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut utf8 = Utf8Check::default();
    let mut first = true;
    loop {
        let n = file.read(&mut buffer)?;
        let bytes = &buffer[..n];
        if first {
            if let Some((encoding, _)) = Encoding::for_bom(bytes) {
                return Ok(sure(encoding));
            }
            if let Some(declared) = encodings.declared {
                return Ok(sure(declared));
            }
            if let Some(encoding) = utf16_without_mark(bytes) {
                return Ok(Detected {
                    encoding,
                    guessed: true,
                });
            }
            first = false;
        }
        detector.feed(bytes, n == 0);
        utf8.feed(bytes);
        if n == 0 {
            break;
        }
    }
    if utf8.valid() {
        return Ok(sure(UTF_8));
    }
    if let Some(encoding) = of_itself.filter(|encoding| encoding.is_ascii_compatible()) {
        return Ok(sure(encoding));
    }
    Ok(Detected {
        encoding: guess(&detector, encodings.language),
        guessed: true,
    })
}

/// The encodings that files of our readers' countries have, and the country for which each is likely.
const LIKELY: [(&Encoding, Option<&[u8]>); 3] = [
    (WINDOWS_874, Some(b"th")),
    (WINDOWS_1258, Some(b"vn")),
    (WINDOWS_1252, None),
];

/// A file of a few letters can be many things; one of what is likely here is taken before any other.
fn guess(detector: &EncodingDetector, language: Language) -> &'static Encoding {
    let guessed = |country: Option<&[u8]>| detector.guess(country, Utf8Detection::Deny);
    let first = guessed(match language {
        Language::Th => Some(b"th"),
        Language::Vi => Some(b"vn"),
        Language::En => None,
    });
    if LIKELY.iter().any(|(likely, _)| *likely == first) {
        return first;
    }
    let likely = LIKELY.iter();
    likely
        .map(|(likely, country)| (*likely, guessed(*country)))
        .find(|(likely, found)| likely == found)
        .map_or(first, |(likely, _)| likely)
}

/// Latin text in UTF-16 has a zero in every other byte, and no other encoding has zeros.
pub(super) fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(1024)];
    let zeros = |parity: usize| {
        head.iter()
            .skip(parity)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let enough = head.len() / 8;
    match (zeros(0), zeros(1)) {
        (0, odd) if odd > enough => Some(UTF_16LE),
        (even, 0) if even > enough => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether a stream of bytes is valid UTF-8.
#[derive(Default)]
struct Utf8Check {
    /// The start of a character that the last chunk cut off.
    carry: Vec<u8>,
    broken: bool,
}

impl Utf8Check {
    fn feed(&mut self, bytes: &[u8]) {
        if self.broken {
            return;
        }
        let joined;
        let bytes = if self.carry.is_empty() {
            bytes
        } else {
            self.carry.extend_from_slice(bytes);
            joined = std::mem::take(&mut self.carry);
            &joined
        };
        if let Err(error) = std::str::from_utf8(bytes) {
            match error.error_len() {
                Some(_) => self.broken = true,
                None => self.carry = bytes[error.valid_up_to()..].to_vec(),
            }
        }
    }

    fn valid(&self) -> bool {
        !self.broken && self.carry.is_empty()
    }
}

/// Reads a file as UTF-8, whatever it is encoded in; byte-order marks are taken off.
pub(super) struct Utf8Reader<R> {
    inner: R,
    decoder: Decoder,
    /// Bytes as read, and how many of them wait to be decoded.
    input: Vec<u8>,
    waiting: std::ops::Range<usize>,
    /// Decoded text, and how much of it waits to be taken: a caller may ask for fewer bytes than
    /// one letter has.
    output: Vec<u8>,
    ready: std::ops::Range<usize>,
    input_ended: bool,
    finished: bool,
}

impl<R: Read> Utf8Reader<R> {
    /// A reader of bytes in an encoding.
    pub(super) fn new(inner: R, encoding: &'static Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            input: vec![0; 1 << 16],
            waiting: 0..0,
            output: vec![0; 1 << 17],
            ready: 0..0,
            input_ended: false,
            finished: false,
        }
    }

    /// Decodes until something is ready or the input has ended.
    fn fill(&mut self) -> io::Result<()> {
        while self.ready.is_empty() && !self.finished {
            if self.waiting.is_empty() && !self.input_ended {
                let n = self.inner.read(&mut self.input)?;
                self.waiting = 0..n;
                self.input_ended = n == 0;
            }
            let input = &self.input[self.waiting.clone()];
            let (result, read, written, _) =
                self.decoder
                    .decode_to_utf8(input, &mut self.output, self.input_ended);
            self.waiting.start += read;
            self.ready = 0..written;
            self.finished = self.input_ended && result == CoderResult::InputEmpty;
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf8Reader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.fill()?;
        let n = self.ready.len().min(out.len());
        let end = self.ready.start + n;
        out[..n].copy_from_slice(&self.output[self.ready.start..end]);
        self.ready.start = end;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(bytes: &[u8], language: Language) -> (&'static str, bool, String) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.csv");
        std::fs::write(&path, bytes).unwrap();
        let found = detect(&path, Encodings::of(language), None).unwrap();
        let mut text = String::new();
        Utf8Reader::new(File::open(&path).unwrap(), found.encoding)
            .read_to_string(&mut text)
            .unwrap();
        (found.encoding.name(), found.guessed, text)
    }

    const THAI: &str = "รหัสลูกค้า,วันที่,จำนวนเงิน\nก001,31/12/2567,สมชาย ใจดี\n";

    #[test]
    fn utf8_with_and_without_mark() {
        assert_eq!(
            round(THAI.as_bytes(), Language::Th),
            ("UTF-8", false, THAI.to_owned())
        );
        let marked = [b"\xef\xbb\xbf", THAI.as_bytes()].concat();
        assert_eq!(
            round(&marked, Language::Th),
            ("UTF-8", false, THAI.to_owned())
        );
    }

    #[test]
    fn utf16_with_and_without_mark() {
        let units: Vec<u8> = "id,date\n1,2026-01-01\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let marked = [b"\xff\xfe", units.as_slice()].concat();
        assert_eq!(round(&marked, Language::En).0, "UTF-16LE");
        assert_eq!(round(&units, Language::En).2, "id,date\n1,2026-01-01\n");
    }

    #[test]
    fn legacy_thai_and_vietnamese() {
        let (thai, _, _) = encoding_rs::WINDOWS_874.encode(THAI);
        assert_eq!(
            round(&thai, Language::Th),
            ("windows-874", true, THAI.to_owned())
        );
        // windows-1258 writes tones as combining marks.
        let decomposed = "Ma\u{303} kha\u{301}ch ha\u{300}ng,Nga\u{300}y,Tha\u{300}nh tiê\u{300}n\nKH1,31/12/2026,Trâ\u{300}n Thi\u{323} Hoa\n";
        let (bytes, _, lossy) = encoding_rs::WINDOWS_1258.encode(decomposed);
        assert!(!lossy);
        let (name, guessed, text) = round(&bytes, Language::Vi);
        assert_eq!((name, guessed), ("windows-1258", true));
        assert_eq!(
            crate::tables::header::normalise(text.split(',').next().unwrap()),
            "mãkháchhàng"
        );
    }

    #[test]
    fn utf16_of_both_byte_orders_in_thai() {
        let little: Vec<u8> = THAI.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = THAI.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for (bytes, name) in [(&little, "UTF-16LE"), (&big, "UTF-16BE")] {
            assert_eq!(round(bytes, Language::Th), (name, true, THAI.to_owned()));
        }
        let marked = [b"\xfe\xff", big.as_slice()].concat();
        assert_eq!(
            round(&marked, Language::Th),
            ("UTF-16BE", false, THAI.to_owned())
        );
    }

    #[test]
    fn a_declared_encoding_counts_less_than_a_mark_only() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.csv");
        let declared = Encodings {
            language: Language::En,
            declared: Encoding::for_label(b"tis-620"),
        };
        let found = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            let found = detect(&path, declared, None).unwrap();
            (found.encoding.name(), found.guessed)
        };
        // Five bytes of Thai are as good as any western word.
        assert_eq!(found(b"id\n\xca\xd5\xc5\xc1\n"), ("windows-874", false));
        assert_eq!(found(b"id\nplain\n"), ("windows-874", false));
        assert_eq!(found(b"\xef\xbb\xbfid\n"), ("UTF-8", false));
    }

    /// A few letters are all there is in many files of digits.
    #[test]
    fn a_single_word_is_enough() {
        let thai = "id,date,amount,branch\n1,2026-01-01,5,สีลม\n2,2026-01-02,6,online\n";
        let western = "id,date,amount,name\n1,2026-01-01,5,José Muñoz\n2,2026-01-02,6,Zoë Müller\n";
        for (text, encoding, language) in [
            (thai, encoding_rs::WINDOWS_874, Language::Th),
            (thai, encoding_rs::WINDOWS_874, Language::En),
            (western, encoding_rs::WINDOWS_1252, Language::En),
            (western, encoding_rs::WINDOWS_1252, Language::Th),
        ] {
            let (bytes, _, lossy) = encoding.encode(text);
            assert!(!lossy);
            assert_eq!(
                round(&bytes, language),
                (encoding.name(), true, text.to_owned()),
                "{language:?}"
            );
        }
    }

    #[test]
    fn a_caller_may_take_a_byte_at_a_time() {
        let mut reader = Utf8Reader::new(THAI.as_bytes(), UTF_8);
        let (mut bytes, mut byte) = (Vec::new(), [0]);
        while reader.read(&mut byte).unwrap() > 0 {
            bytes.push(byte[0]);
        }
        assert_eq!(bytes, THAI.as_bytes());
    }

    #[test]
    fn a_character_cut_by_a_chunk_is_no_error() {
        let mut check = Utf8Check::default();
        for byte in THAI.as_bytes() {
            check.feed(&[*byte]);
        }
        assert!(check.valid());
        check.feed(&[0xe0]);
        assert!(!check.valid());
    }
}
