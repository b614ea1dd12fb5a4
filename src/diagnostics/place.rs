//! Where a problem is: a stretch of a text file, a cell of a sheet, or a file as a whole.

use std::ops::Range;
use std::sync::Arc;

/// A text file of the workspace (or embedded), kept so that a place in it can be shown.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// Path relative to the workspace, with `/`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl Source {
    /// A source to place things in.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self {
            path: path.into(),
            text: text.into(),
        })
    }

    /// The byte offset of a 1-based line and a 1-based column counted in characters.
    ///
    /// Past the end of a line or of the text, the nearest offset that exists.
    pub fn offset(&self, line: usize, column: usize) -> usize {
        let mut start = 0;
        for _ in 1..line {
            match self.text[start..].find('\n') {
                Some(newline) => start += newline + 1,
                None => return self.text.len(),
            }
        }
        let line_end = self.text[start..]
            .find('\n')
            .map_or(self.text.len(), |newline| start + newline);
        self.text[start..line_end]
            .char_indices()
            .nth(column.saturating_sub(1))
            .map_or(line_end, |(at, _)| start + at)
    }

    /// The 1-based line and character column of a byte offset.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let before = &self.text[..self.snap(offset)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (
            before.matches('\n').count() + 1,
            before[line_start..].chars().count() + 1,
        )
    }

    /// The identifier (or single character) that starts at a byte offset, for languages that tell
    /// where a problem starts but not where it ends.
    pub fn word_at(&self, offset: usize) -> Range<usize> {
        let start = self.snap(offset);
        let rest = &self.text[start..];
        let word: usize = rest
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .map(char::len_utf8)
            .sum();
        let length = if word > 0 {
            word
        } else {
            rest.chars()
                .next()
                .filter(|c| *c != '\n')
                .map_or(0, char::len_utf8)
        };
        start..start + length
    }

    /// The nearest character boundary at or before an offset, so that no span can split a letter.
    fn snap(&self, offset: usize) -> usize {
        self.text.floor_char_boundary(offset.min(self.text.len()))
    }

    /// A span clamped to the text and to character boundaries.
    pub fn clamp(&self, span: &Range<usize>) -> Range<usize> {
        let start = self.snap(span.start);
        start..self.snap(span.end).max(start)
    }
}

/// Where a problem is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A stretch of a text file.
    Text {
        /// The file.
        source: Arc<Source>,
        /// Byte range in its text.
        span: Range<usize>,
    },
    /// A cell, a row or a column of a sheet.
    Cell {
        /// Path relative to the workspace, with `/`.
        file: String,
        /// Sheet name; none for CSV.
        sheet: Option<String>,
        /// 1-based row as the spreadsheet shows it; none for a whole column or sheet.
        row: Option<u32>,
        /// 0-based column; none for a whole row or sheet.
        column: Option<u32>,
    },
    /// A file as a whole.
    File(String),
}

impl Place {
    /// A stretch of a text file.
    pub fn text(source: &Arc<Source>, span: Range<usize>) -> Self {
        Self::Text {
            source: Arc::clone(source),
            span: source.clamp(&span),
        }
    }

    /// The word at a 1-based line and column.
    pub fn line(source: &Arc<Source>, line: usize, column: usize) -> Self {
        Self::Text {
            source: Arc::clone(source),
            span: source.word_at(source.offset(line, column)),
        }
    }

    /// A cell; `row` is 1-based, `column` 0-based.
    pub fn cell(file: &str, sheet: Option<&str>, row: Option<u32>, column: Option<u32>) -> Self {
        Self::Cell {
            file: file.to_owned(),
            sheet: sheet.map(str::to_owned),
            row,
            column,
        }
    }

    /// The file it is in, relative to the workspace.
    pub fn file(&self) -> &str {
        match self {
            Self::Text { source, .. } => &source.path,
            Self::Cell { file, .. } | Self::File(file) => file,
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text { source, span } => {
                let (line, column) = source.line_column(span.start);
                write!(f, "{}:{line}:{column}", source.path)
            }
            Self::Cell {
                file,
                sheet,
                row,
                column,
            } => {
                f.write_str(file)?;
                if let Some(sheet) = sheet {
                    write!(f, ", sheet `{sheet}`")?;
                }
                match (row, column) {
                    (Some(row), Some(column)) => {
                        write!(f, ", cell {}", cell_address(*row, *column))
                    }
                    (Some(row), None) => write!(f, ", row {row}"),
                    (None, Some(column)) => write!(f, ", column {}", column_letters(*column)),
                    (None, None) => Ok(()),
                }
            }
            Self::File(file) => f.write_str(file),
        }
    }
}

/// `B17` for the 1-based row 17 and the 0-based column 1.
pub fn cell_address(row: u32, column: u32) -> String {
    format!("{}{row}", column_letters(column))
}

/// `A` for column 0, `AA` for column 26.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn columns_are_counted_in_characters() {
        let source = Source::new("a.toml", "x = 1\nชื่อ = \"ก\"\n");
        let offset = source.offset(2, 6);
        assert_eq!(&source.text[offset..=offset], "=");
        assert_eq!(source.line_column(offset), (2, 6));
    }

    #[test]
    fn letters_of_columns() {
        assert_eq!(column_letters(0), "A");
        assert_eq!(column_letters(25), "Z");
        assert_eq!(column_letters(26), "AA");
        assert_eq!(column_letters(16383), "XFD");
        assert_eq!(cell_address(17, 1), "B17");
    }

    proptest! {
        #[test]
        fn any_span_can_be_placed(text in "\\PC{0,20}\n\\PC{0,20}", a in 0usize..80, b in 0usize..80) {
            let source = Source::new("x", text);
            let place = Place::text(&source, a..b);
            prop_assert!(!place.to_string().is_empty());
            let word = source.word_at(a);
            prop_assert!(source.text.get(word).is_some());
        }
    }
}
