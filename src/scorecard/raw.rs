//! `scorecard.toml` as written: every key optional, every value with its place.

use std::collections::BTreeMap;

use super::definition::{Band, Better, Given, Label, Origin, OverTime, Scoring, Unit};
use crate::diagnostics::codes::scorecard::{BAD_ID, DUPLICATE_ID};
use crate::diagnostics::codes::workspace::BAD_VALUE;
use crate::diagnostics::{Diagnostic, Diagnostics, Place, Source, suggestion};
use crate::workspace::{Document, Language, Located, Table};

/// One file.
#[derive(Debug, Default)]
pub(super) struct Raw {
    pub(super) built_in: Option<bool>,
    pub(super) min_coverage: Option<f64>,
    pub(super) perspectives: Vec<RawBranch>,
    pub(super) processes: Vec<RawBranch>,
    pub(super) objectives: Vec<RawBranch>,
    pub(super) kpis: Vec<RawKpi>,
}

/// A perspective, a process or an objective.
#[derive(Debug)]
pub(super) struct RawBranch {
    pub(super) id: Given<String>,
    pub(super) remove: bool,
    pub(super) perspective: Option<Given<String>>,
    pub(super) process: Option<Given<String>>,
    pub(super) label: Option<Label>,
    pub(super) weight: Option<Given<f64>>,
}

/// A KPI.
#[derive(Debug)]
pub(super) struct RawKpi {
    pub(super) id: Given<String>,
    pub(super) remove: bool,
    pub(super) perspective: Option<Given<String>>,
    pub(super) process: Option<Given<String>>,
    pub(super) objectives: Option<Vec<Given<String>>>,
    pub(super) label: Option<Label>,
    pub(super) formula: Option<Label>,
    pub(super) value: Option<Given<String>>,
    pub(super) unit: Option<Given<Unit>>,
    pub(super) better: Option<Given<Better>>,
    pub(super) over_time: Option<Given<OverTime>>,
    pub(super) scoring: Option<Given<Method>>,
    pub(super) script: Option<Given<String>>,
    pub(super) bands: Option<Given<Vec<Band>>>,
    pub(super) best: Option<Given<(f64, f64)>>,
    pub(super) zero: Option<Given<(f64, f64)>>,
    pub(super) target: Option<Given<f64>>,
    pub(super) floor: Option<Given<f64>>,
    pub(super) red_flag: Option<Given<f64>>,
    pub(super) stretch: Option<Given<f64>>,
    pub(super) target_source: Option<Label>,
    pub(super) weight: Option<Given<f64>>,
    pub(super) needs: Option<Vec<Given<String>>>,
    pub(super) by: Option<Vec<Given<String>>>,
    pub(super) due: Option<Given<Vec<u32>>>,
}

/// The name of a scoring method; its figures stand in keys of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Linear,
    GoalRedFlag,
    Banded,
    Range,
    Binary,
    Unscored,
    Script,
}

impl std::str::FromStr for Method {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "linear" => Ok(Self::Linear),
            "goal-red-flag" => Ok(Self::GoalRedFlag),
            "banded" => Ok(Self::Banded),
            "range" => Ok(Self::Range),
            "binary" => Ok(Self::Binary),
            "unscored" => Ok(Self::Unscored),
            "script" => Ok(Self::Script),
            other => Err(format!(
                "`{other}` is not one of {}",
                Scoring::NAMES.join(", ")
            )),
        }
    }
}

/// What kind of id it is, and so what it may hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum IdOf {
    Branch,
    Kpi,
}

/// A file being read.
struct Reader<'p> {
    origin: Origin,
    problems: &'p mut Diagnostics,
}

/// Reads one file; mistakes go to `problems`, and what could be read is returned.
pub(super) fn read(
    source: &std::sync::Arc<Source>,
    origin: Origin,
    problems: &mut Diagnostics,
) -> Raw {
    let document = match Document::parse(source) {
        Ok(document) => document,
        Err(problem) => {
            problems.push(problem);
            return Raw::default();
        }
    };
    let mut root = document.root();
    let mut reader = Reader { origin, problems };
    let raw = Raw {
        built_in: root.boolean("built-in", reader.problems).map(|v| v.value),
        min_coverage: root
            .number_in("min-coverage", 0.0..=1.0, reader.problems)
            .map(|v| v.value),
        perspectives: reader.branches(&mut root, "perspective"),
        processes: reader.branches(&mut root, "process"),
        objectives: reader.branches(&mut root, "objective"),
        kpis: reader.kpis(&mut root),
    };
    root.finish(reader.problems);
    raw
}

impl Reader<'_> {
    fn given<T>(&self, located: Located<T>) -> Given<T> {
        Given {
            value: located.value,
            origin: self.origin,
            place: located.place,
        }
    }

    fn branches(&mut self, root: &mut Table<'_>, key: &'static str) -> Vec<RawBranch> {
        let mut found: Vec<RawBranch> = Vec::new();
        for mut table in root.tables(key, self.problems) {
            let Some(id) = self.id(&mut table, IdOf::Branch) else {
                continue;
            };
            if let Some(first) = found.iter().find(|branch| branch.id.value == id.value) {
                self.duplicate(key, &id, &first.id);
                continue;
            }
            let remove = self.flag(&mut table, "remove");
            let perspective = match key {
                "perspective" => None,
                _ => self.text(&mut table, "perspective"),
            };
            let process = match key {
                "objective" => self.text(&mut table, "process"),
                _ => None,
            };
            let label = self.label(&mut table, "label");
            let weight = self.weight(&mut table);
            table.finish(self.problems);
            found.push(RawBranch {
                id,
                remove,
                perspective,
                process,
                label,
                weight,
            });
        }
        found
    }

    fn kpis(&mut self, root: &mut Table<'_>) -> Vec<RawKpi> {
        let mut found: Vec<RawKpi> = Vec::new();
        for mut table in root.tables("kpi", self.problems) {
            let Some(id) = self.id(&mut table, IdOf::Kpi) else {
                continue;
            };
            if let Some(first) = found.iter().find(|kpi| kpi.id.value == id.value) {
                self.duplicate("kpi", &id, &first.id);
                continue;
            }
            let kpi = self.kpi(id, &mut table);
            table.finish(self.problems);
            found.push(kpi);
        }
        found
    }

    fn kpi(&mut self, id: Given<String>, table: &mut Table<'_>) -> RawKpi {
        RawKpi {
            id,
            remove: self.flag(table, "remove"),
            perspective: self.text(table, "perspective"),
            process: self.text(table, "process"),
            objectives: self.objectives(table),
            label: self.label(table, "label"),
            formula: self.label(table, "formula"),
            value: self.text(table, "value"),
            unit: self.named(table, "unit"),
            better: self.named(table, "better"),
            over_time: self.named(table, "over-time"),
            scoring: self.named(table, "scoring"),
            script: self.text(table, "script"),
            bands: self.bands(table),
            best: self.pair(table, "best"),
            zero: self.pair(table, "zero"),
            target: self.number(table, "target"),
            floor: self.number(table, "floor"),
            red_flag: self.number(table, "red-flag"),
            stretch: self.number(table, "stretch"),
            target_source: self.label(table, "target-source"),
            weight: self.weight(table),
            needs: self.list(table, "needs"),
            by: self.list(table, "by"),
            due: self.due(table),
        }
    }

    fn id(&mut self, table: &mut Table<'_>, of: IdOf) -> Option<Given<String>> {
        let id = table.required_text("id", self.problems)?;
        let allowed =
            |c: char| c.is_ascii_alphanumeric() || c == '_' || (of == IdOf::Branch && c == '-');
        if id.value.is_empty() || !id.value.chars().all(allowed) {
            let what = match of {
                IdOf::Kpi => "letters, digits and underscores",
                IdOf::Branch => "letters, digits, hyphens and underscores",
            };
            let message = format!("`{}` is not an id: it may hold {what}", id.value);
            self.problems.push(
                Diagnostic::error(&BAD_ID, message)
                    .at(id.place)
                    .help("the name that people read goes into `label`"),
            );
            return None;
        }
        Some(self.given(id))
    }

    fn duplicate(&mut self, what: &str, id: &Given<String>, first: &Given<String>) {
        let message = format!("{what} `{}` is declared twice", id.value);
        self.problems.push(
            Diagnostic::error(&DUPLICATE_ID, message)
                .at(id.place.clone())
                .related(first.place.clone(), "first declared here"),
        );
    }

    fn text(&mut self, table: &mut Table<'_>, key: &'static str) -> Option<Given<String>> {
        table.text(key, self.problems).map(|v| self.given(v))
    }

    fn number(&mut self, table: &mut Table<'_>, key: &'static str) -> Option<Given<f64>> {
        table.number(key, self.problems).map(|v| self.given(v))
    }

    fn flag(&mut self, table: &mut Table<'_>, key: &'static str) -> bool {
        table.boolean(key, self.problems).is_some_and(|v| v.value)
    }

    fn named<T: std::str::FromStr<Err = String>>(
        &mut self,
        table: &mut Table<'_>,
        key: &'static str,
    ) -> Option<Given<T>> {
        table.parsed(key, self.problems).map(|v| self.given(v))
    }

    fn weight(&mut self, table: &mut Table<'_>) -> Option<Given<f64>> {
        let weight = table.number("weight", self.problems)?;
        if weight.value < 0.0 {
            let message = format!("`weight` is {}; a weight cannot be negative", weight.value);
            self.problems
                .push(Diagnostic::error(&BAD_VALUE, message).at(weight.place));
            return None;
        }
        Some(self.given(weight))
    }

    fn list(&mut self, table: &mut Table<'_>, key: &'static str) -> Option<Vec<Given<String>>> {
        let found = table.texts(key, self.problems)?;
        Some(found.value.into_iter().map(|v| self.given(v)).collect())
    }

    /// `objective = "…"`, or `objectives = ["…", "…"]` for a KPI that stands under several.
    fn objectives(&mut self, table: &mut Table<'_>) -> Option<Vec<Given<String>>> {
        let one = self.text(table, "objective");
        let several = self.list(table, "objectives");
        match (one, several) {
            (Some(one), Some(mut several)) => {
                several.insert(0, one);
                Some(several)
            }
            (Some(one), None) => Some(vec![one]),
            (None, several) => several,
        }
    }

    fn pair(&mut self, table: &mut Table<'_>, key: &'static str) -> Option<Given<(f64, f64)>> {
        let found = table.numbers(key, self.problems)?;
        match found.value.as_slice() {
            [low, high] if low <= high => Some(self.given(Located {
                value: (*low, *high),
                place: found.place,
            })),
            _ => {
                let message = format!("`{key}` takes two numbers, the lower one first");
                self.problems
                    .push(Diagnostic::error(&BAD_VALUE, message).at(found.place));
                None
            }
        }
    }

    fn due(&mut self, table: &mut Table<'_>) -> Option<Given<Vec<u32>>> {
        let found = table.numbers("due", self.problems)?;
        let mut quarters = Vec::new();
        for number in &found.value {
            match [1.0, 2.0, 3.0, 4.0].iter().position(|q| q == number) {
                Some(index) => quarters.push(index as u32 + 1),
                None => {
                    let message = format!("`due` holds {number}; fiscal quarters are 1 to 4");
                    self.problems
                        .push(Diagnostic::error(&BAD_VALUE, message).at(found.place));
                    return None;
                }
            }
        }
        Some(self.given(Located {
            value: quarters,
            place: found.place,
        }))
    }

    fn bands(&mut self, table: &mut Table<'_>) -> Option<Given<Vec<Band>>> {
        if !table.has("bands") {
            return None;
        }
        let place = table.place_of("bands");
        let mut bands = Vec::new();
        for mut entry in table.tables("bands", self.problems) {
            entry.require("score", self.problems);
            let score = entry.number_in("score", 0.0..=100.0, self.problems);
            let mut bound = |key| entry.number(key, self.problems).map(|v| v.value);
            let band = Band {
                at_least: bound("at-least"),
                above: bound("above"),
                at_most: bound("at-most"),
                below: bound("below"),
                score: score.map_or(0.0, |score| score.value),
            };
            entry.finish(self.problems);
            bands.push(band);
        }
        Some(self.given(Located {
            value: bands,
            place,
        }))
    }

    /// A text, or a table of texts by language.
    fn label(&mut self, table: &mut Table<'_>, key: &'static str) -> Option<Label> {
        if !table.has(key) {
            return None;
        }
        let mut not_a_text = Diagnostics::new();
        if let Some(text) = table.text(key, &mut not_a_text) {
            return Some(Label::Text(text.value));
        }
        let languages = table.table(key, self.problems)?;
        let mut texts = BTreeMap::new();
        for language in languages.keys() {
            let known = Language::ALL.map(Language::code);
            if known.contains(&language.value.as_str()) {
                if let Some(text) = languages.text_named(&language.value, self.problems) {
                    texts.insert(language.value, text.value);
                }
            } else {
                self.unknown_language(&language, &known);
            }
        }
        Some(Label::Languages(texts))
    }

    fn unknown_language(&mut self, language: &Located<String>, known: &[&str]) {
        let message = format!("`{}` is not a language of the reports", language.value);
        self.problems.push(
            Diagnostic::error(&BAD_VALUE, message)
                .at(language.place.clone())
                .maybe_help(suggestion(&language.value, known.iter().copied())),
        );
    }
}

impl RawKpi {
    /// Where the KPI's value for a key stands, else where the KPI is declared.
    pub(super) fn place(&self) -> &Place {
        &self.id.place
    }
}
