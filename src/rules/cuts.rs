//! Frozen cut points between the value classes: `rules/class-cuts.toml`, written by
//! `quarterdeck freeze --classes` and by nothing else.
//!
//! `rules/segmentation.rhai` works its cut points out as constants at its top, from everybody in a period,
//! and so a customer who does nothing new changes class when the others do. Frozen, these constants and the
//! band around zero are those of one period for every later one, until others are frozen. What was published
//! before stays as it was.
//!
//! Constants are numbers of a rule that anybody may have changed since, in money of some kind: the file holds
//! the statements they were worked out by and what values were made of, and does not go with others.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::calendar::Quarter;
use crate::diagnostics::codes::workspace::{BAD_VALUE, MISSING_KEY};
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::workspace::{AsOf, Dated, Files, Table};

use super::script::Stage;

/// The file, within a workspace.
pub const CLASS_CUTS_FILE: &str = "rules/class-cuts.toml";

/// What stands above the sections.
const HEAD: &str = "\
# Cut points between the value classes, written by `quarterdeck freeze --classes`. Those of a section hold
# for its period and every later one, until the next section's: the constants of rules/segmentation.rhai
# that are numbers, and the band around zero within which a value counts as nothing.
";

/// The cut points between the classes as of the end of a period.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassCuts {
    /// The period at whose end they were found.
    pub as_of: Quarter,
    /// What actual values were made of then, as in `value_basis`.
    pub basis: String,
    /// The currency of the values.
    pub currency: String,
    /// What counts as nothing, up and down from zero.
    pub band: f64,
    /// The constants of the rule that are numbers, by name.
    pub constants: BTreeMap<String, f64>,
    /// The statements that made them, see `statements`.
    pub rule: String,
}

impl ClassCuts {
    fn write(&self, out: &mut String) {
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "\n[[cuts]]\nas-of = \"{}\"\nbasis = \"{}\"\ncurrency = \"{}\"\nband = {:?}\nrule = \"{}\"\n\
             \n[cuts.constants]\n",
            self.as_of,
            self.basis,
            self.currency,
            self.band,
            self.rule.replace('\\', "\\\\").replace('"', "\\\""),
        );
        for (name, value) in &self.constants {
            let _ = writeln!(out, "{name} = {value:?}");
        }
    }
}

impl AsOf for ClassCuts {
    fn as_of(&self) -> Quarter {
        self.as_of
    }
}

/// All cut points between classes that were ever frozen.
pub type FrozenClasses = Dated<ClassCuts>;

impl Dated<ClassCuts> {
    /// Those a workspace holds; none without the file. Mistakes, and cut points that do not go with the
    /// currency or the rule there is now, go to `problems`, and their section is left out.
    pub fn read(files: &Files, currency: &str, problems: &mut Diagnostics) -> Self {
        let mut cuts = Self::cuts(files, CLASS_CUTS_FILE, problems, |table, wrong| {
            read_section(table, currency, wrong)
        });
        // Those before it may have been found otherwise: what they cut is what they cut.
        let rule = written(files);
        if let Some(last) = cuts.pop_if(|last| last.rule != rule) {
            let message = format!(
                "the cut points of {} were frozen when `{}` worked them out otherwise",
                last.as_of,
                Stage::Segment.path()
            );
            problems.push(
                Diagnostic::error(&BAD_VALUE, message)
                    .at(Place::File(CLASS_CUTS_FILE.to_owned()))
                    .help(format!(
                        "freeze anew: `quarterdeck freeze --classes --period {} --force`",
                        last.as_of
                    )),
            );
        }
        cuts
    }

    /// The file.
    pub fn text(&self) -> String {
        let mut out = HEAD.to_owned();
        for cuts in self.iter() {
            cuts.write(&mut out);
        }
        out
    }
}

fn read_section(
    table: &mut Table<'_>,
    currency: &str,
    problems: &mut Diagnostics,
) -> Option<ClassCuts> {
    for key in ["as-of", "basis", "currency", "band", "rule"] {
        table.require(key, problems);
    }
    let as_of = table.parsed("as-of", problems);
    let basis = table.text("basis", problems);
    let frozen = table.text("currency", problems);
    let band = table.number("band", problems);
    let rule = table.text("rule", problems);
    let mut constants = BTreeMap::new();
    match table.table("constants", problems) {
        Some(of) => {
            for key in of.keys() {
                let value = of.number_named(&key.value, f64::MIN..=f64::MAX, problems);
                constants.extend(value.map(|value| (key.value, value.value)));
            }
        }
        None => {
            let problem = Diagnostic::error(&MISSING_KEY, "`constants` is missing");
            problems.push(problem.at(table.place()));
        }
    }
    let (as_of, basis, frozen) = (as_of?.value, basis?.value, frozen?);
    if frozen.value != currency {
        let message = format!(
            "the cut points of {as_of} were frozen with `client.currency` {}, which is {currency} now",
            frozen.value
        );
        problems.push(
            Diagnostic::error(&BAD_VALUE, message)
                .at(frozen.place)
                .help(format!(
                    "set `client.currency` back, or freeze anew: \
                     `quarterdeck freeze --classes --period {as_of} --force`"
                )),
        );
    }
    Some(ClassCuts {
        as_of,
        basis,
        currency: frozen.value,
        band: band?.value,
        constants,
        rule: rule?.value,
    })
}

/// The constants of the segmentation rule as its file has them.
pub(super) fn written(files: &Files) -> String {
    files
        .get(Stage::Segment.path())
        .map(|source| statements(&source.text))
        .unwrap_or_default()
}

/// The `const` statements at the top of a rule file, one blank where there is any white space, without
/// comments: what changes in them is more than the looks.
pub(super) fn statements(text: &str) -> String {
    let (mut depth, mut said, mut found) = (0_usize, String::new(), Vec::new());
    for (c, quoted) in code(text) {
        said.push(c);
        if quoted {
            continue;
        }
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        // A function ends with its brace, a statement with its semicolon.
        let is_function = said.trim_start().starts_with("fn ");
        if depth == 0 && (c == ';' || (c == '}' && is_function)) {
            let words: Vec<&str> = said.split_whitespace().collect();
            if words.first() == Some(&"const") {
                found.push(words.join(" "));
            }
            said.clear();
        }
    }
    found.join(" ")
}

/// A rule file without its comments; of every character, whether it is part of a text in quotes.
fn code(text: &str) -> Vec<(char, bool)> {
    let mut kept = Vec::with_capacity(text.len());
    let mut quote: Option<char> = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match (quote, c, rest.peek()) {
            (Some(_), '\\', _) => {
                kept.push((c, true));
                kept.extend(rest.next().map(|c| (c, true)));
                continue;
            }
            (Some(open), _, _) if c == open => quote = None,
            (Some(_), ..) => {}
            (None, '"' | '`' | '\'', _) => quote = Some(c),
            (None, '/', Some('/')) => {
                rest.by_ref().find(|c| *c == '\n');
                kept.push(('\n', false));
                continue;
            }
            (None, '/', Some('*')) => {
                let mut before = ' ';
                rest.by_ref().skip(1).find(|c| {
                    let ends = before == '*' && *c == '/';
                    before = *c;
                    ends
                });
                kept.push((' ', false));
                continue;
            }
            (None, ..) => {}
        }
        kept.push((c, quote.is_some()));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statements_are_those_of_the_constants() {
        let text = "// const NOT = 1;\nconst TOP =  if all.count > 0 { 2.5 }\n else { 0.0 }; /* const NOR = 2; */\n\
            fn f(x) { const INNER = 3; x }\nlet y = 4;\nconst SAID = \"a // b; \\\" c\";\n";
        assert_eq!(
            statements(text),
            "const TOP = if all.count > 0 { 2.5 } else { 0.0 }; const SAID = \"a // b; \\\" c\";"
        );
        let shipped = written(&Files::built_in());
        assert!(shipped.starts_with("const EARNERS = all.actual_value.positive(); const TOP = "));
        assert!(shipped.ends_with("const GAP = 0.5 * TOP;"), "{shipped}");
    }

    #[test]
    fn what_is_written_is_read_back() {
        let cuts = |as_of: &str, top| ClassCuts {
            as_of: as_of.parse().unwrap(),
            basis: "contribution".to_owned(),
            currency: "THB".to_owned(),
            band: 1.0 / 3.0,
            constants: [("TOP", top), ("GAP", -2.0), ("HUGE", 1e21)]
                .map(|(name, value)| (name.to_owned(), value))
                .into(),
            rule: written(&Files::built_in()),
        };
        let frozen = FrozenClasses::default()
            .with(cuts("2026-Q1", 100.0))
            .with(cuts("2025-Q1", 90.5));
        let files = Files::built_in().with(CLASS_CUTS_FILE, &frozen.text());
        let mut problems = Diagnostics::new();
        let read = FrozenClasses::read(&files, "THB", &mut problems);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(read, frozen);
        let quarter = |text: &str| text.parse().unwrap();
        assert!(read.in_force(quarter("2024-Q4")).is_none());
        let in_force = |period| read.in_force(quarter(period)).map(|cuts| cuts.as_of);
        assert_eq!(in_force("2025-Q4"), Some(quarter("2025-Q1")));
        assert_eq!(in_force("2027-Q1"), Some(quarter("2026-Q1")));
        assert_eq!(
            read.next_after(quarter("2025-Q1")),
            Some(quarter("2026-Q1"))
        );
    }

    /// A rule that works its cut points out otherwise, and money of another kind, are said and not used.
    #[test]
    fn what_does_not_fit_is_refused() {
        let cuts = ClassCuts {
            as_of: "2026-Q1".parse().unwrap(),
            basis: "contribution".to_owned(),
            currency: "THB".to_owned(),
            band: 1.0,
            constants: [("TOP".to_owned(), 5.0)].into(),
            rule: written(&Files::built_in()),
        };
        let text = FrozenClasses::default().with(cuts).text();
        let said = |files: Files, currency: &str| {
            let mut problems = Diagnostics::new();
            let read = FrozenClasses::read(&files, currency, &mut problems);
            assert_eq!(read, FrozenClasses::default());
            let messages: Vec<&str> = problems.iter().map(|p| p.message.as_str()).collect();
            messages.join("\n")
        };
        let files = Files::built_in().with(CLASS_CUTS_FILE, &text);
        let rule = files.get(Stage::Segment.path()).unwrap().text.clone();
        let changed = rule.replace("quantile(0.80)", "quantile(0.90)");
        assert_ne!(changed, rule);
        let found = said(files.clone().with(Stage::Segment.path(), &changed), "THB");
        assert!(found.contains("worked them out otherwise"), "{found}");
        let found = said(files.clone(), "USD");
        assert!(
            found.contains("`client.currency` THB, which is USD now"),
            "{found}"
        );
        for (from, to, expected) in [
            ("band = 1.0", "bend = 1.0", "`cuts.band` is missing"),
            ("TOP = 5.0", "TOP = \"high\"", "a number"),
            ("[cuts.constants]\nTOP = 5.0", "", "`constants` is missing"),
            ("2026-Q1", "spring", "spring"),
        ] {
            let wrong = text.replace(from, to);
            assert_ne!(wrong, text);
            let found = said(files.clone().with(CLASS_CUTS_FILE, &wrong), "THB");
            assert!(found.contains(expected), "{found}");
        }
        // Comments are not what cuts.
        let commented = format!("// The top fifth.\n{rule}");
        let mut problems = Diagnostics::new();
        let files = files.with(Stage::Segment.path(), &commented);
        let read = FrozenClasses::read(&files, "THB", &mut problems);
        assert!(problems.is_empty() && read.has("2026-Q1".parse().unwrap()));
    }
}
