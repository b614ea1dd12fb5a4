//! Cells and ranges: `E5:E9`, and `{id:E}` for rows whose number the template does not know.

use std::collections::BTreeMap;

use crate::diagnostics::column_letters;

/// Rows of a sheet, in Excel.
pub(super) const MAX_ROWS: u32 = 1_048_576;
/// Columns of a sheet, in Excel.
pub(super) const MAX_COLUMNS: u32 = 16_384;

/// A range of cells; rows and columns are 0-based and inclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Range {
    /// The sheet it names, if it names one.
    pub(super) sheet: Option<String>,
    pub(super) first_row: u32,
    pub(super) first_column: u16,
    pub(super) last_row: u32,
    pub(super) last_column: u16,
}

impl Range {
    /// Reads `E5`, `$E$5:E9` or `'A sheet'!E5:E9`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches('=');
        let (sheet, cells) = match text.rsplit_once('!') {
            Some((sheet, cells)) => (Some(unquoted(sheet)?), cells),
            None => (None, text),
        };
        let (first, last) = cells.split_once(':').unwrap_or((cells, cells));
        let (first_row, first_column) = cell(first)?;
        let (last_row, last_column) = cell(last)?;
        let ordered = first_row <= last_row && first_column <= last_column;
        ordered.then_some(Self {
            sheet,
            first_row,
            first_column,
            last_row,
            last_column,
        })
    }

    /// `$E$5:$E$9`, or `$E$5` for one cell.
    pub(super) fn absolute(&self) -> String {
        let corner =
            |row: u32, column: u16| format!("${}${}", column_letters(u32::from(column)), row + 1);
        let first = corner(self.first_row, self.first_column);
        let last = corner(self.last_row, self.last_column);
        if first == last {
            first
        } else {
            format!("{first}:{last}")
        }
    }

    /// With the sheet in front.
    pub(super) fn on(&self, sheet: &str) -> String {
        format!("{}!{}", quoted(sheet), self.absolute())
    }
}

/// A sheet name as formulas write it.
pub(super) fn quoted(sheet: &str) -> String {
    format!("'{}'", sheet.replace('\'', "''"))
}

fn unquoted(sheet: &str) -> Option<String> {
    match sheet.strip_prefix('\'') {
        Some(rest) => Some(rest.strip_suffix('\'')?.replace("''", "'")),
        None => (!sheet.is_empty()).then(|| sheet.to_owned()),
    }
}

/// `$E$5` as 0-based row and column.
pub(super) fn cell(text: &str) -> Option<(u32, u16)> {
    let text = text.trim();
    let text = text.strip_prefix('$').unwrap_or(text);
    let digits = text.find(|c: char| !c.is_ascii_alphabetic())?;
    let (letters, number) = text.split_at(digits);
    let number = number.strip_prefix('$').unwrap_or(number);
    if !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let row: u32 = number.parse().ok()?;
    if !(1..=MAX_ROWS).contains(&row) {
        return None;
    }
    Some((row - 1, column(letters)?))
}

/// `E` as a 0-based column.
pub(super) fn column(letters: &str) -> Option<u16> {
    let short = (1..=3).contains(&letters.len());
    if !short || !letters.bytes().all(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let number = letters.bytes().fold(0u32, |sum, letter| {
        sum * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1
    });
    (number <= MAX_COLUMNS)
        .then(|| u16::try_from(number - 1).ok())
        .flatten()
}

/// `E`, or `E+3` for `H`, as templates count columns in loops.
pub(super) fn moved_column(text: &str) -> Option<u16> {
    let (letters, by) = text.split_once('+').unwrap_or((text, "0"));
    let moved = column(letters.trim())?.checked_add(by.trim().parse().ok()?)?;
    (u32::from(moved) < MAX_COLUMNS).then_some(moved)
}

/// The rows an id stands for; none where a group has no rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rows {
    pub(super) sheet: usize,
    /// 0-based first and last row.
    pub(super) span: Option<(u32, u32)>,
}

/// Why a reference cannot be resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ReferenceError {
    /// No row or group has this id.
    Unknown(String),
    /// The group has no rows.
    Empty(String),
    /// It cannot be read.
    Malformed(String),
}

/// All ids of a workbook.
#[derive(Debug, Default)]
pub(super) struct Ids {
    pub(super) rows: BTreeMap<String, Rows>,
    /// Sheet names by index.
    pub(super) sheets: Vec<String>,
}

/// Where a reference is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Here {
    pub(super) sheet: usize,
    /// 0-based row, for `C#`.
    pub(super) row: Option<u32>,
}

impl Ids {
    /// What an id in braces stands for: `kpis:C:J`, `kpis@last:E`, `total:E`.
    fn range(&self, reference: &str) -> Result<(usize, Range), ReferenceError> {
        let malformed = || ReferenceError::Malformed(format!("{{{reference}}}"));
        let mut parts = reference.split(':').map(str::trim);
        let id = parts.next().ok_or_else(malformed)?;
        let first = parts.next().and_then(moved_column).ok_or_else(malformed)?;
        let last = match parts.next() {
            Some(letters) => moved_column(letters).ok_or_else(malformed)?,
            None => first,
        };
        if parts.next().is_some() || last < first {
            return Err(malformed());
        }
        let (id, end) = match id.split_once('@') {
            Some((id, end)) => (id, Some(end)),
            None => (id, None),
        };
        let Some(rows) = self.rows.get(id) else {
            return Err(ReferenceError::Unknown(id.to_owned()));
        };
        let Some((top, bottom)) = rows.span else {
            return Err(ReferenceError::Empty(id.to_owned()));
        };
        let (first_row, last_row) = match end {
            None => (top, bottom),
            Some("first") => (top, top),
            Some("last") => (bottom, bottom),
            Some(_) => return Err(malformed()),
        };
        let range = Range {
            sheet: None,
            first_row,
            first_column: first,
            last_row,
            last_column: last,
        };
        Ok((rows.sheet, range))
    }

    /// A formula or range with every `{id:C}` and `C#` replaced by an address.
    ///
    /// Text in double quotes and sheet names in single quotes are left alone, and so are braces
    /// that hold an array of constants.
    pub(super) fn expand(&self, text: &str, here: Here) -> Result<String, ReferenceError> {
        let mut out = String::with_capacity(text.len() + 16);
        let mut rest = text;
        let mut quote: Option<char> = None;
        while let Some(first) = rest.chars().next() {
            let mut length = first.len_utf8();
            match first {
                _ if quote == Some(first) => quote = None,
                '"' | '\'' if quote.is_none() => quote = Some(first),
                '{' if quote.is_none() && rest[1..].starts_with(|c: char| c.is_alphabetic()) => {
                    let close = rest
                        .find('}')
                        .ok_or_else(|| ReferenceError::Malformed(rest.to_owned()))?;
                    let (sheet, range) = self.range(&rest[1..close])?;
                    out.push_str(&self.address(sheet, &range, here));
                    rest = &rest[close + 1..];
                    continue;
                }
                '#' if quote.is_none() => {
                    if let (Some(row), true) = (here.row, ends_in_column(&out)) {
                        out.push_str(&(row + 1).to_string());
                        rest = &rest[1..];
                        continue;
                    }
                }
                _ => length = first.len_utf8(),
            }
            out.push_str(&rest[..length]);
            rest = &rest[length..];
        }
        Ok(out)
    }

    fn address(&self, sheet: usize, range: &Range, here: Here) -> String {
        match self.sheets.get(sheet) {
            Some(name) if sheet != here.sheet => range.on(name),
            _ => range.absolute(),
        }
    }

    /// A range, with the sheet it is on.
    pub(super) fn resolve(&self, text: &str, here: Here) -> Result<(usize, Range), ReferenceError> {
        let expanded = self.expand(text, here)?;
        let malformed = || ReferenceError::Malformed(text.to_owned());
        let range = Range::parse(&expanded).ok_or_else(malformed)?;
        let sheet = match &range.sheet {
            None => here.sheet,
            Some(name) => self
                .sheets
                .iter()
                .position(|known| known == name)
                .ok_or_else(malformed)?,
        };
        Ok((sheet, range))
    }
}

/// Whether what was written so far ends in a column: letters that no name or number precedes.
fn ends_in_column(text: &str) -> bool {
    let letters = text
        .bytes()
        .rev()
        .take_while(u8::is_ascii_uppercase)
        .count();
    let before = text[..text.len() - letters].chars().next_back();
    let stands_alone = before.is_none_or(|c| !(c.is_alphanumeric() || "_.#]".contains(c)));
    (1..=3).contains(&letters) && stands_alone
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ids() -> Ids {
        let rows = |sheet, span| Rows { sheet, span };
        Ids {
            rows: BTreeMap::from([
                ("kpis".to_owned(), rows(0, Some((4, 8)))),
                ("t-F5".to_owned(), rows(1, Some((6, 6)))),
                ("none".to_owned(), rows(0, None)),
            ]),
            sheets: vec!["Score".to_owned(), "It's".to_owned()],
        }
    }

    fn expanded(text: &str) -> Result<String, ReferenceError> {
        let row = Some(6);
        ids().expand(text, Here { sheet: 0, row })
    }

    #[test]
    fn references_become_addresses() {
        let cases = [
            ("SUM({kpis:E})", "SUM($E$5:$E$9)"),
            ("{kpis@last:C:J}", "$C$9:$J$9"),
            ("{kpis@first:C+0:C+7}", "$C$5:$J$5"),
            ("{kpis@first:C+0:C+7}", "$C$5:$J$5"),
            ("{t-F5:C}*2", "'It''s'!$C$7*2"),
            (
                "IF(ISNUMBER(C#),$D#,\"C# {kpis:E}\")",
                "IF(ISNUMBER(C7),$D7,\"C# {kpis:E}\")",
            ),
            ("'A {kpis:E}'!B2", "'A {kpis:E}'!B2"),
            ("{1,2}&customers[#Headers]", "{1,2}&customers[#Headers]"),
            ("A5#+#N/A+aC#+AAAA#", "A5#+#N/A+aC#+AAAA#"),
        ];
        for (text, expected) in cases {
            assert_eq!(expanded(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_resolved_is_named() {
        let unknown = ReferenceError::Unknown("kpi".to_owned());
        assert_eq!(expanded("{kpi:E}"), Err(unknown));
        let empty = ReferenceError::Empty("none".to_owned());
        assert_eq!(expanded("{none:E}"), Err(empty));
        for text in [
            "{kpis}",
            "{kpis:E:C}",
            "{kpis:5}",
            "{kpis@middle:E}",
            "{kpis:E",
        ] {
            let found = expanded(text);
            assert!(matches!(found, Err(ReferenceError::Malformed(_))), "{text}");
        }
    }

    #[test]
    fn ranges_outside_a_sheet_are_none() {
        for text in [
            "A0", "XFE1", "A1048577", "E9:E5", "", "5E", "A1:", "'x!A1", "A1B",
        ] {
            assert_eq!(Range::parse(text), None, "{text}");
        }
        let last = Range::parse("'It''s'!XFD1048576").unwrap();
        assert_eq!(last.sheet.as_deref(), Some("It's"));
        assert_eq!((last.last_row, last.last_column), (1_048_575, 16_383));
    }

    proptest! {
        #[test]
        fn addresses_round_trip(row in 0..MAX_ROWS, column in 0u16..16_384) {
            let range = Range { sheet: None, first_row: row, first_column: column,
                last_row: row, last_column: column };
            prop_assert_eq!(Range::parse(&range.absolute()), Some(range));
        }

        #[test]
        fn anything_can_be_expanded_or_refused(text in "\\PC{0,40}") {
            let _ = expanded(&text);
        }
    }
}
