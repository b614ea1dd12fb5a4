//! Values that no cell holds alone: the branch is the name of the sheet, the day stands in one column
//! and the month in the name of the file.
//!
//! `values = { branch = "{sheet}", date = "{Day} {file:sales-*}" }` makes a column of names and cells.
//! Within braces stands `sheet`, `file` (its name without the ending), `folder` (the one it is in), or
//! a header of the sheet. A name may be cut by a pattern behind a colon: the `*` is what is taken, or
//! of several the one in brackets, `{file:*-(*)-final}`.
//!
//! `group` is the heading of a group: a text that stands alone above the rows it is for, as `Branch:
//! Siam` in an accountant's export. It holds until the next. With a pattern, `{group:Branch: *}`, only
//! rows that are like it are headings.

use unicode_normalization::UnicodeNormalization;

/// A value as declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Composed(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Name(Name, Option<Pattern>),
    Group(Option<Pattern>),
    Header(String),
}

/// What has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Sheet,
    File,
    Folder,
}

/// The names that stand for themselves in the values of a sheet.
pub(super) struct Names<'a> {
    /// The file's path within the inbox.
    pub(super) in_inbox: &'a str,
    /// The sheet; none in a text file.
    pub(super) sheet: Option<&'a str>,
}

/// A value of one sheet: names are filled in, cells are told by their columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Filled(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Cell(u32),
    Group {
        pattern: Option<Pattern>,
        /// What the last heading says.
        now: Option<String>,
    },
}

impl std::str::FromStr for Composed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find(['{', '}']) {
            let (before, brace) = rest.split_at(open);
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            let inner = brace
                .strip_prefix('{')
                .and_then(|inner| inner.split_once('}'));
            let Some((inner, after)) = inner else {
                return Err(format!("a brace of `{text}` has no other half"));
            };
            parts.push(Part::of(inner.trim())?);
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self(parts))
    }
}

impl Part {
    fn of(inner: &str) -> Result<Self, String> {
        let (word, pattern) = match inner.split_once(':') {
            Some((word, pattern)) => (word.trim(), Some(pattern)),
            None => (inner, None),
        };
        let pattern_of = |pattern: Option<&str>| -> Result<Option<Pattern>, String> {
            pattern.map(|pattern| pattern.trim().parse()).transpose()
        };
        let name = match word {
            "group" => return Ok(Self::Group(pattern_of(pattern)?)),
            "sheet" => Name::Sheet,
            "file" => Name::File,
            "folder" => Name::Folder,
            "" => return Err("there is nothing between the braces".to_owned()),
            // A header may have a colon in it.
            _ => return Ok(Self::Header(inner.to_owned())),
        };
        Ok(Self::Name(name, pattern_of(pattern)?))
    }
}

impl Composed {
    /// The headers it is made of.
    pub(super) fn headers(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Header(header) => Some(header.as_str()),
            _ => None,
        })
    }

    /// Whether the heading of a group is in it.
    pub(super) fn is_of_group(&self) -> bool {
        self.0.iter().any(|part| matches!(part, Part::Group(_)))
    }

    /// The value for a sheet; `column` tells where a header stands.
    ///
    /// # Errors
    /// The sentence that says why a name does not give what is wanted of it.
    pub(super) fn fill(
        &self,
        names: &Names<'_>,
        column: impl Fn(&str) -> Option<u32>,
    ) -> Result<Filled, String> {
        let pieces = self.0.iter().map(|part| match part {
            Part::Text(text) => Ok(Piece::Text(text.clone())),
            Part::Name(name, pattern) => names.get(*name, pattern.as_ref()).map(Piece::Text),
            Part::Group(pattern) => Ok(Piece::Group {
                pattern: pattern.clone(),
                now: None,
            }),
            Part::Header(header) => match column(header) {
                Some(column) => Ok(Piece::Cell(column)),
                None => Err(format!("there is no header `{header}`")),
            },
        });
        pieces.collect::<Result<_, _>>().map(Filled)
    }
}

impl Names<'_> {
    fn get(&self, name: Name, pattern: Option<&Pattern>) -> Result<String, String> {
        let (what, text) = match name {
            Name::Sheet => ("sheet", self.sheet),
            Name::File => {
                let file = self.in_inbox.rsplit('/').next();
                let stem = file.map(|file| file.rsplit_once('.').map_or(file, |(stem, _)| stem));
                ("file", stem)
            }
            Name::Folder => ("folder", self.in_inbox.rsplit('/').nth(1)),
        };
        let Some(text) = text else {
            return Err(match name {
                Name::Sheet => "a text file has no sheet to be named by".to_owned(),
                _ => "the file is in no folder of the inbox".to_owned(),
            });
        };
        match pattern {
            None => Ok(text.nfc().collect()),
            Some(pattern) => pattern.take(text).ok_or_else(|| {
                format!(
                    "the name of the {what}, `{text}`, is not like `{}`",
                    pattern.written
                )
            }),
        }
    }
}

impl Filled {
    /// Whether the heading of a group is in it.
    pub(super) fn is_of_group(&self) -> bool {
        let mut pieces = self.0.iter();
        pieces.any(|piece| matches!(piece, Piece::Group { .. }))
    }

    /// Takes the text of a row for the heading of a group, where it is like a pattern; whether it is.
    pub(super) fn heading_like(&mut self, text: &str) -> bool {
        self.heading(|pattern| pattern.and_then(|pattern| pattern.take(text)))
    }

    /// Takes the text of a row for the heading of a group that has no pattern; whether there is one.
    pub(super) fn heading_alone(&mut self, text: &str) -> bool {
        self.heading(|pattern| pattern.is_none().then(|| text.to_owned()))
    }

    fn heading(&mut self, said: impl Fn(Option<&Pattern>) -> Option<String>) -> bool {
        let mut any = false;
        for piece in &mut self.0 {
            if let Piece::Group { pattern, now } = piece
                && let Some(said) = said(pattern.as_ref())
            {
                *now = Some(said);
                any = true;
            }
        }
        any
    }

    /// The value of a row; nothing where all the cells it is made of are empty, and there is no heading.
    pub(super) fn of_row<'a>(
        &self,
        cell: impl Fn(u32) -> Option<std::borrow::Cow<'a, str>>,
    ) -> Option<String> {
        let (mut text, mut cells, mut filled) = (String::new(), 0, 0);
        for piece in &self.0 {
            let said = match piece {
                Piece::Text(own) => {
                    text.push_str(own);
                    continue;
                }
                Piece::Cell(column) => cell(*column),
                Piece::Group { now, .. } => now.as_deref().map(std::borrow::Cow::from),
            };
            cells += 1;
            if let Some(said) = said {
                filled += 1;
                text.push_str(&said);
            }
        }
        // A name without a middle name has two spaces.
        let words: Vec<&str> = text.split_whitespace().collect();
        (cells == 0 || filled > 0).then(|| words.join(" "))
    }
}

/// A pattern of a name, one of whose stars is what is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    written: String,
    pieces: Vec<Token>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Letter(char),
    Star { taken: bool },
}

impl std::str::FromStr for Pattern {
    type Err = String;

    fn from_str(written: &str) -> Result<Self, String> {
        let stars = written.matches('*').count();
        let bracketed = written.matches("(*)").count();
        if stars == 0 || bracketed > 1 || stars > 1 && bracketed == 0 {
            return Err(format!(
                "`{written}` needs one `*` for what is taken of the name, or `(*)` for one of several"
            ));
        }
        let marked = written.replace("(*)", "\0");
        let pieces = plain(&marked).into_iter().map(|c| match c {
            '\0' => Token::Star { taken: true },
            '*' => Token::Star {
                taken: bracketed == 0,
            },
            c => Token::Letter(c),
        });
        Ok(Self {
            written: written.to_owned(),
            pieces: pieces.collect(),
        })
    }
}

impl Pattern {
    /// What its star stands for in a name; stars stand for as little as they can.
    fn take(&self, name: &str) -> Option<String> {
        let name: Vec<char> = name.nfc().collect();
        let taken = take(&self.pieces, &name, 0)?;
        let text: String = name.get(taken)?.iter().collect();
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

fn take(pieces: &[Token], name: &[char], at: usize) -> Option<std::ops::Range<usize>> {
    let Some((first, rest)) = pieces.split_first() else {
        // Nothing has been taken yet; the star that is fills it in.
        return (at == name.len()).then_some(0..0);
    };
    match first {
        Token::Letter(wanted) => {
            let found = name.get(at)?;
            let same = found == wanted || found.to_lowercase().eq(wanted.to_lowercase());
            same.then(|| take(rest, name, at + 1))?
        }
        Token::Star { taken } => (at..=name.len()).find_map(|end| {
            let within = take(rest, name, end)?;
            Some(if *taken { at..end } else { within })
        }),
    }
}

fn plain(text: &str) -> Vec<char> {
    text.nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(written: &str, in_inbox: &str, sheet: Option<&str>) -> Result<String, String> {
        let composed: Composed = written.parse()?;
        let names = Names { in_inbox, sheet };
        let filled = composed.fill(&names, |header| (header == "Day").then_some(3))?;
        let row = filled.of_row(|column| (column == 3).then(|| "5".into()));
        Ok(row.unwrap_or_default())
    }

    #[test]
    fn names_and_cells_make_a_value() {
        for (written, expected) in [
            ("{sheet}", "ม.ค. 2567"),
            ("{Day} {sheet}", "5 ม.ค. 2567"),
            ("{file}", "sales-Silom-2026"),
            ("{file:sales-(*)-*}", "Silom"),
            ("{file:SALES-*-2026}", "Silom"),
            ("{folder}", "north"),
            ("shop", "shop"),
            ("{Day}/{file:*-*-(*)}", "5/2026"),
        ] {
            let found = value(
                written,
                "2026/north/sales-Silom-2026.xlsx",
                Some("ม.ค. 2567"),
            );
            assert_eq!(found.as_deref(), Ok(expected), "{written}");
        }
    }

    #[test]
    fn what_a_name_does_not_give_is_said() {
        let wrong = |written| value(written, "sales.csv", None).unwrap_err();
        assert_eq!(wrong("{sheet}"), "a text file has no sheet to be named by");
        assert_eq!(wrong("{folder}"), "the file is in no folder of the inbox");
        assert_eq!(
            wrong("{file:sales-*}"),
            "the name of the file, `sales`, is not like `sales-*`"
        );
        assert_eq!(wrong("{Tag}"), "there is no header `Tag`");
        assert_eq!(wrong("{file"), "a brace of `{file` has no other half");
        assert!(wrong("{file:sales}").contains("needs one `*`"));
        assert!(wrong("{file:*-*}").contains("`(*)`"));
    }

    #[test]
    fn a_heading_of_a_group_holds_until_the_next() {
        let names = Names {
            in_inbox: "a.xlsx",
            sheet: None,
        };
        let filled = |written: &str| {
            let composed: Composed = written.parse().unwrap();
            assert!(composed.is_of_group());
            composed.fill(&names, |_| None).unwrap()
        };
        let now = |filled: &Filled| filled.of_row(|_| None);
        let mut branch = filled("{group:Branch: *}");
        assert_eq!(now(&branch), None);
        assert!(!branch.heading_alone("Branch: Siam"), "it has a pattern");
        assert!(branch.heading_like("BRANCH: Siam"));
        assert!(!branch.heading_like("Siam"));
        assert_eq!(now(&branch).as_deref(), Some("Siam"));
        assert!(branch.heading_like("Branch: Silom"));
        assert_eq!(now(&branch).as_deref(), Some("Silom"));
        let mut alone = filled("TH {group}");
        assert!(!alone.heading_like("Siam"));
        assert!(alone.heading_alone("Siam"));
        assert_eq!(now(&alone).as_deref(), Some("TH Siam"));
    }

    #[test]
    fn a_row_without_its_cells_has_no_value() {
        let composed: Composed = "{Day} {sheet}".parse().unwrap();
        let names = Names {
            in_inbox: "a.xlsx",
            sheet: Some("May"),
        };
        let filled = composed.fill(&names, |_| Some(0)).unwrap();
        assert_eq!(filled.of_row(|_| None), None);
        let alone: Composed = "{sheet}".parse().unwrap();
        let filled = alone.fill(&names, |_| None).unwrap();
        assert_eq!(filled.of_row(|_| None).as_deref(), Some("May"));
    }
}
