//! Reads the scorecard: both files merged, names resolved, and everything that cannot be meant
//! reported with its place.

use std::sync::Arc;

use super::definition::{
    Better, Branch, Definition, Given, Kpi, Label, Level, Need, Origin, OverTime, Scoring, Unit,
};
use super::expression::Expression;
use super::merge::{Merged, Removed, goes_with, merge};
use super::raw::{self, Method, Raw, RawBranch, RawKpi};
use super::score::in_order;
use crate::diagnostics::codes::scorecard::{
    BAD_EXPRESSION, EMPTY_SCORECARD, FLOOR_IS_TARGET, INCOMPLETE_SCORING, MISPLACED, NO_EFFECT,
    OVER_TIME, TARGET_ORDER, UNKNOWN_DIMENSION, UNKNOWN_MEASURE, UNKNOWN_NEED, UNKNOWN_NODE,
    USED_TWICE, WEIGHTS_NOT_100,
};
use crate::diagnostics::codes::workspace::MISSING_KEY;
use crate::diagnostics::{Diagnostic, Diagnostics, Place, Severity, Source, suggestion};
use crate::tables::TableSpec;
use crate::workspace::{Files, Provenance, shipped};

/// The path of the scorecard in a workspace and among the shipped files.
pub const FILE: &str = "rules/scorecard.toml";

/// Share of a node's weight that must be measured where the file does not say.
const MIN_COVERAGE: f64 = 0.6;

/// A measure that KPIs can name, and what is known of it before it is computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownMeasure {
    /// Its name.
    pub name: String,
    /// Its dimensions, where they are known.
    pub dimensions: Option<Vec<String>>,
    /// Whether it gives a numerator and a denominator, where that is known.
    pub is_ratio: Option<bool>,
}

impl KnownMeasure {
    /// A measure of which only the name is known.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            dimensions: None,
            is_ratio: None,
        }
    }
}

/// What a scorecard can refer to.
#[derive(Debug, Clone, Copy)]
pub struct Vocabulary<'a> {
    /// The measures there are.
    pub measures: &'a [KnownMeasure],
    /// The canonical tables.
    pub tables: &'a [TableSpec],
}

impl Vocabulary<'_> {
    fn measure(&self, name: &str) -> Option<&KnownMeasure> {
        self.measures.iter().find(|measure| measure.name == name)
    }
}

impl Definition {
    /// Reads the shipped scorecard with the workspace's over it. Every mistake goes to `problems`;
    /// none is returned when one of them is an error.
    pub fn read(
        files: &Files,
        vocabulary: &Vocabulary<'_>,
        problems: &mut Diagnostics,
    ) -> Option<Self> {
        let mut found = Diagnostics::new();
        let workspace = files
            .get(FILE)
            .filter(|_| files.provenance(FILE) == Some(Provenance::Workspace));
        let over = workspace.map_or_else(Raw::default, |source| {
            raw::read(source, Origin::Workspace, &mut found)
        });
        let base = match over.built_in {
            Some(false) => Raw::default(),
            _ => raw::read(&built_in_source(), Origin::BuiltIn, &mut found),
        };
        let merged = merge(base, over, &mut found);
        let mut builder = Builder {
            vocabulary,
            problems: &mut found,
        };
        let definition = builder.build(merged);
        if definition.kpis.is_empty() && !found.has_errors() {
            let place = workspace.map(|source| Place::text(source, 0..0));
            let mut problem =
                Diagnostic::error(&EMPTY_SCORECARD, "there is no KPI on the scorecard");
            problem.place = place;
            found.push(problem);
        }
        let usable = !found.has_errors();
        problems.extend(found);
        usable.then_some(definition)
    }
}

/// The shipped scorecard under a path that tells it from the workspace's.
fn built_in_source() -> Arc<Source> {
    Source::new(
        format!("{FILE} (built in)"),
        shipped(FILE).unwrap_or_default(),
    )
}

struct Builder<'a> {
    vocabulary: &'a Vocabulary<'a>,
    problems: &'a mut Diagnostics,
}

/// Where a KPI or an objective stands: indices of the perspective and the process.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Position {
    perspective: usize,
    /// None for an objective directly below its perspective.
    process: Option<usize>,
}

/// An objective that has its place.
struct Placed<'r> {
    raw: &'r RawBranch,
    position: Position,
}

impl Builder<'_> {
    fn build(&mut self, merged: Merged) -> Definition {
        let Merged { raw, removed } = merged;
        let processes = self.processes(&raw, &removed);
        let objectives = self.objectives(&raw, &processes, &removed);
        let mut kpis = Vec::new();
        let mut under: Vec<Vec<usize>> = vec![Vec::new(); objectives.len()];
        let mut weights: Vec<Option<Given<f64>>> = Vec::new();
        for raw_kpi in &raw.kpis {
            let Some(stands) = self.placements(raw_kpi, &raw, &processes, &objectives, &removed)
            else {
                continue;
            };
            if let Some(kpi) = self.kpi(raw_kpi) {
                for objective in stands {
                    under[objective].push(kpis.len());
                }
                kpis.push(kpi);
                weights.push(raw_kpi.weight.clone());
            }
        }
        for (objective, members) in objectives.iter().zip(&under) {
            let group: Vec<_> = members.iter().map(|kpi| weights[*kpi].as_ref()).collect();
            self.sum_to_100(&format!("KPIs of `{}`", objective.raw.id.value), &group);
        }
        self.branch_weights(&raw, &processes, &objectives);
        let root = assemble(&raw, &processes, &objectives, under);
        Definition {
            root,
            kpis,
            min_coverage: raw.min_coverage.unwrap_or(MIN_COVERAGE),
        }
    }

    /// Each process with the index of its perspective.
    fn processes<'r>(&mut self, raw: &'r Raw, removed: &Removed) -> Vec<(&'r RawBranch, usize)> {
        let mut found = Vec::new();
        for process in &raw.processes {
            let Some(perspective) = &process.perspective else {
                self.missing("perspective", &process.id);
                continue;
            };
            if goes_with(perspective, &removed.perspectives) {
                continue;
            }
            if let Some(index) = self.find("perspective", perspective, &raw.perspectives) {
                found.push((process, index));
            }
        }
        found
    }

    fn objectives<'r>(
        &mut self,
        raw: &'r Raw,
        processes: &[(&RawBranch, usize)],
        removed: &Removed,
    ) -> Vec<Placed<'r>> {
        let mut found = Vec::new();
        for objective in &raw.objectives {
            let position = match (&objective.process, &objective.perspective) {
                (Some(process), _) if goes_with(process, &removed.processes) => None,
                (_, Some(perspective)) if goes_with(perspective, &removed.perspectives) => None,
                (Some(process), _) => self.find_process(process, processes),
                (None, Some(perspective)) => self
                    .find("perspective", perspective, &raw.perspectives)
                    .map(|perspective| Position {
                        perspective,
                        process: None,
                    }),
                (None, None) => {
                    self.missing("perspective", &objective.id);
                    None
                }
            };
            let Some(position) = position else { continue };
            if let (Some(said), Some(_)) = (&objective.perspective, position.process) {
                self.agrees("perspective", said, &raw.perspectives[position.perspective].id);
            }
            found.push(Placed {
                raw: objective,
                position,
            });
        }
        found
    }

    fn find_process(
        &mut self,
        process: &Given<String>,
        processes: &[(&RawBranch, usize)],
    ) -> Option<Position> {
        let at = processes
            .iter()
            .position(|(known, _)| known.id.value == process.value);
        if at.is_none() {
            let known = processes.iter().map(|(known, _)| known.id.value.as_str());
            self.unknown("process", process, known);
        }
        at.map(|at| Position {
            perspective: processes[at].1,
            process: Some(at),
        })
    }

    /// The objectives a KPI stands under; none where it cannot be placed.
    fn placements(
        &mut self,
        kpi: &RawKpi,
        raw: &Raw,
        processes: &[(&RawBranch, usize)],
        objectives: &[Placed<'_>],
        removed: &Removed,
    ) -> Option<Vec<usize>> {
        let Some(named) = kpi.objectives.as_ref().filter(|named| !named.is_empty()) else {
            self.missing("objective", &kpi.id);
            return None;
        };
        let mut stands = Vec::new();
        for objective in named {
            let at = objectives
                .iter()
                .position(|known| known.raw.id.value == objective.value);
            match at {
                Some(at) if !stands.contains(&at) => stands.push(at),
                Some(_) => {}
                // A shipped KPI goes with the objective, or with what that hung from.
                None if objective.origin == Origin::BuiltIn
                    && kpi.id.origin == Origin::BuiltIn
                    && !removed.is_empty() => {}
                None => {
                    let known = objectives.iter().map(|known| known.raw.id.value.as_str());
                    self.unknown("objective", objective, known);
                }
            }
        }
        let first = objectives.get(*stands.first()?)?.position;
        if let Some(said) = &kpi.perspective {
            self.agrees("perspective", said, &raw.perspectives[first.perspective].id);
        }
        match (&kpi.process, first.process) {
            (Some(said), Some(process)) => self.agrees("process", said, &processes[process].0.id),
            (Some(said), None) => {
                let message = format!(
                    "`process` is `{}`, but the objective of `{}` belongs to no process",
                    said.value, kpi.id.value
                );
                self.problems
                    .push(Diagnostic::error(&MISPLACED, message).at(said.place.clone()));
            }
            (None, _) => {}
        }
        if stands.len() > 1 {
            let message = format!(
                "`{}` stands under {} objectives and counts in each of them",
                kpi.id.value,
                stands.len()
            );
            self.problems
                .push(Diagnostic::warning(&USED_TWICE, message).at(named[1].place.clone()));
        }
        Some(stands)
    }

    fn kpi(&mut self, raw: &RawKpi) -> Option<Kpi> {
        let before = self.errors();
        let value = self.expression(raw);
        let needs = self.needs(raw);
        let better = raw.better.as_ref().map(|better| better.value);
        let scoring = self.scoring(raw);
        let is_scored = !matches!(scoring, Some(Scoring::Unscored | Scoring::Range { .. } | Scoring::Banded(_)));
        if better.is_none() && is_scored && scoring.is_some() {
            self.missing("better", &raw.id);
        }
        let unit = match &raw.unit {
            Some(unit) => unit.value,
            None => {
                self.missing("unit", &raw.id);
                Unit::Number
            }
        };
        let better = better.unwrap_or(Better::Higher);
        if let Some(scoring) = &scoring {
            self.order(raw, scoring, better);
        }
        let over_time = self.over_time(raw, value.as_ref(), unit);
        if let Some(value) = &value {
            self.dimensions(raw, value);
        }
        if self.errors() > before {
            return None;
        }
        let by = raw.by.iter().flatten().map(|by| by.value.clone());
        Some(Kpi {
            id: raw.id.value.clone(),
            label: raw.label.clone().unwrap_or_default(),
            formula: raw.formula.clone().unwrap_or_default(),
            value,
            unit,
            better,
            over_time,
            scoring: scoring?,
            target: raw.target.clone(),
            floor: raw.floor.clone(),
            red_flag: raw.red_flag.clone(),
            target_source: raw.target_source.clone(),
            weight: raw.weight.as_ref().map_or(1.0, |weight| weight.value),
            needs,
            by: by.collect(),
            due: raw.due.as_ref().map(|due| due.value.clone()).unwrap_or_default(),
            place: raw.place().clone(),
        })
    }

    fn errors(&self) -> usize {
        self.problems
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
            .count()
    }

    fn expression(&mut self, raw: &RawKpi) -> Option<Expression> {
        let given = raw.value.as_ref()?;
        let expression = match Expression::parse(&given.value) {
            Ok(expression) => expression,
            Err(error) => {
                self.problems.push(
                    Diagnostic::error(&BAD_EXPRESSION, error.to_string())
                        .at(within(&given.place, &given.value, error.offset))
                        .about(format!("KPI {}", raw.id.value)),
                );
                return None;
            }
        };
        for name in expression.names() {
            if self.vocabulary.measure(&name.name).is_none() {
                let known = self.vocabulary.measures.iter().map(|m| m.name.as_str());
                self.problems.push(
                    Diagnostic::error(&UNKNOWN_MEASURE, format!("there is no measure `{}`", name.name))
                        .at(within(&given.place, &given.value, name.offset))
                        .about(format!("KPI {}", raw.id.value))
                        .maybe_help(suggestion(&name.name, known)),
                );
            }
        }
        Some(expression)
    }

    fn needs(&mut self, raw: &RawKpi) -> Vec<Need> {
        let mut needs = Vec::new();
        for given in raw.needs.iter().flatten() {
            let Ok(need) = given.value.parse::<Need>();
            if !self.vocabulary.tables.is_empty() {
                for part in &need.any_of {
                    self.known_part(&part.table, part.column.as_deref(), given);
                }
            }
            needs.push(need);
        }
        needs
    }

    fn known_part(&mut self, table: &str, column: Option<&str>, given: &Given<String>) {
        let tables = self.vocabulary.tables;
        let Some(spec) = tables.iter().find(|spec| spec.name == table) else {
            let help = suggestion(table, tables.iter().map(|spec| spec.name));
            return self.unknown_need(format!("there is no table `{table}`"), help, given);
        };
        if let Some(column) = column.filter(|column| spec.column(column).is_none()) {
            let help = suggestion(column, spec.columns.iter().map(|known| known.name));
            self.unknown_need(format!("`{table}` has no column `{column}`"), help, given);
        }
    }

    fn unknown_need(&mut self, message: String, help: Option<String>, given: &Given<String>) {
        self.problems.push(
            Diagnostic::error(&UNKNOWN_NEED, message)
                .at(given.place.clone())
                .maybe_help(help),
        );
    }

    fn scoring(&mut self, raw: &RawKpi) -> Option<Scoring> {
        let method = raw.scoring.as_ref().map_or(Method::Linear, |method| method.value);
        let scoring = match method {
            Method::Linear => Some(Scoring::Linear),
            Method::GoalRedFlag => Some(Scoring::GoalRedFlag),
            Method::Binary => Some(Scoring::Binary),
            Method::Unscored => Some(Scoring::Unscored),
            Method::Banded => match &raw.bands {
                Some(bands) if !bands.value.is_empty() => {
                    Some(Scoring::Banded(bands.value.clone()))
                }
                _ => {
                    self.incomplete(raw, "`banded` scoring needs `bands`");
                    None
                }
            },
            Method::Range => match (&raw.best, &raw.zero) {
                (Some(best), Some(zero)) => self.range(raw, best.value, zero),
                _ => {
                    self.incomplete(raw, "`range` scoring needs `best` and `zero`");
                    None
                }
            },
        };
        if method == Method::GoalRedFlag && raw.target.is_some() && raw.red_flag.is_none() {
            self.incomplete(raw, "`goal-red-flag` scoring needs `red-flag` beside `target`");
        }
        self.without_effect(raw, method);
        scoring
    }

    fn range(
        &mut self,
        raw: &RawKpi,
        best: (f64, f64),
        zero: &Given<(f64, f64)>,
    ) -> Option<Scoring> {
        if zero.value.0 < best.0 && best.1 < zero.value.1 {
            return Some(Scoring::Range {
                best,
                zero: zero.value,
            });
        }
        let message = format!(
            "`zero` of `{}` must lie outside `best` on both sides",
            raw.id.value
        );
        self.problems
            .push(Diagnostic::error(&TARGET_ORDER, message).at(zero.place.clone()));
        None
    }

    fn incomplete(&mut self, raw: &RawKpi, message: &str) {
        let place = raw.scoring.as_ref().map_or(raw.place(), |method| &method.place);
        self.problems.push(
            Diagnostic::error(&INCOMPLETE_SCORING, message)
                .at(place.clone())
                .about(format!("KPI {}", raw.id.value)),
        );
    }

    fn without_effect(&mut self, raw: &RawKpi, method: Method) {
        let scored = !matches!(method, Method::Unscored | Method::Banded | Method::Range);
        let uses = |key: &str| match key {
            "target" => scored,
            "floor" => method == Method::Linear,
            "red-flag" => method == Method::GoalRedFlag,
            "bands" => method == Method::Banded,
            _ => method == Method::Range,
        };
        let chosen_by = raw.scoring.as_ref().map(|scoring| scoring.origin);
        let keys = [
            ("target", at(raw.target.as_ref())),
            ("floor", at(raw.floor.as_ref())),
            ("red-flag", at(raw.red_flag.as_ref())),
            ("bands", at(raw.bands.as_ref())),
            ("best", at(raw.best.as_ref())),
            ("zero", at(raw.zero.as_ref())),
        ];
        for (key, given) in keys {
            let Some((origin, place)) = given else { continue };
            // What ships for another method is not the client's doing.
            if uses(key) || (origin == Origin::BuiltIn && chosen_by == Some(Origin::Workspace)) {
                continue;
            }
            let message = format!("`{key}` has no effect with this scoring");
            self.problems.push(
                Diagnostic::warning(&NO_EFFECT, message)
                    .at(place)
                    .about(format!("KPI {}", raw.id.value)),
            );
        }
    }

    /// Target and floor, or goal and red flag, against the declared direction.
    fn order(&mut self, raw: &RawKpi, scoring: &Scoring, better: Better) {
        let (key, worse) = match scoring {
            Scoring::Linear => ("floor", &raw.floor),
            Scoring::GoalRedFlag => ("red-flag", &raw.red_flag),
            _ => return,
        };
        let (Some(worse), Some(target)) = (worse, &raw.target) else {
            return;
        };
        // Point at what the client wrote.
        let (given, other, what) = if worse.origin == Origin::Workspace {
            (worse, target, "the target stands here")
        } else {
            (target, worse, "what it is measured from stands here")
        };
        let problem = if worse.value == target.value {
            let message = format!("`{key}` and `target` are both {}", target.value);
            Diagnostic::error(&FLOOR_IS_TARGET, message)
        } else if in_order(better, worse.value, target.value) {
            return;
        } else {
            let message = format!(
                "`{key}` is {} and `target` {}, but {} is better",
                worse.value,
                target.value,
                better.name()
            );
            Diagnostic::error(&TARGET_ORDER, message)
                .help(format!("swap them, or write `better = \"{}\"`", other_way(better)))
        };
        let problem = problem.at(given.place.clone()).about(format!("KPI {}", raw.id.value));
        self.problems.push(problem.related(other.place.clone(), what));
    }

    fn over_time(&mut self, raw: &RawKpi, value: Option<&Expression>, unit: Unit) -> OverTime {
        let lone = value.and_then(|value| match value.names() {
            [name] if name.name == value.text().trim() => self.vocabulary.measure(&name.name),
            _ => None,
        });
        let is_ratio = lone.and_then(|measure| measure.is_ratio);
        let Some(given) = &raw.over_time else {
            return match (is_ratio, unit) {
                (Some(true), _) | (None, Unit::Percent) => OverTime::Ratio,
                _ => OverTime::Stock,
            };
        };
        let adds_up_shares = unit == Unit::Percent && given.value == OverTime::Flow;
        let loses_parts =
            is_ratio == Some(true) && matches!(given.value, OverTime::Flow | OverTime::Mean);
        if adds_up_shares || loses_parts {
            let message = format!(
                "`{}` is a ratio, and `over-time = \"{}\"` would combine it without its parts",
                raw.id.value,
                given.value.name()
            );
            self.problems.push(
                Diagnostic::warning(&OVER_TIME, message)
                    .at(given.place.clone())
                    .help("write `over-time = \"ratio\"`"),
            );
        }
        given.value
    }

    fn dimensions(&mut self, raw: &RawKpi, value: &Expression) {
        let known: Vec<&KnownMeasure> = value
            .names()
            .iter()
            .filter_map(|name| self.vocabulary.measure(&name.name))
            .collect();
        for by in raw.by.iter().flatten() {
            let lacking = known.iter().find(|measure| {
                let dimensions = measure.dimensions.as_ref();
                dimensions.is_some_and(|dimensions| !dimensions.contains(&by.value))
            });
            if let Some(measure) = lacking {
                let message = format!("`{}` is not broken down by `{}`", measure.name, by.value);
                let names = measure.dimensions.iter().flatten().map(String::as_str);
                self.problems.push(
                    Diagnostic::error(&UNKNOWN_DIMENSION, message)
                        .at(by.place.clone())
                        .maybe_help(suggestion(&by.value, names)),
                );
            }
        }
    }

    fn branch_weights(
        &mut self,
        raw: &Raw,
        processes: &[(&RawBranch, usize)],
        objectives: &[Placed<'_>],
    ) {
        let all: Vec<_> = raw.perspectives.iter().map(|p| p.weight.as_ref()).collect();
        self.sum_to_100("the perspectives", &all);
        for (index, perspective) in raw.perspectives.iter().enumerate() {
            let below = processes.iter().filter(|(_, parent)| *parent == index);
            let group: Vec<_> = below.map(|(process, _)| process.weight.as_ref()).collect();
            self.sum_to_100(&format!("the processes of `{}`", perspective.id.value), &group);
            let group = objective_weights(objectives, index, None);
            self.sum_to_100(&format!("the objectives of `{}`", perspective.id.value), &group);
        }
        for (index, (process, perspective)) in processes.iter().enumerate() {
            let group = objective_weights(objectives, *perspective, Some(index));
            self.sum_to_100(&format!("the objectives of `{}`", process.id.value), &group);
        }
    }

    /// Warns about weights that all are given and come near 100 (or 1) without reaching it.
    fn sum_to_100(&mut self, whose: &str, weights: &[Option<&Given<f64>>]) {
        let given: Vec<&Given<f64>> = weights.iter().copied().flatten().collect();
        if given.len() < 2 || given.len() < weights.len() {
            return;
        }
        let sum: f64 = given.iter().map(|weight| weight.value).sum();
        let off = |whole: f64| (sum / whole - 1.0).abs();
        if off(100.0) > 0.1 && off(1.0) > 0.1 || off(100.0).min(off(1.0)) < 1e-9 {
            return;
        }
        let last = given.iter().rev().find(|weight| weight.origin == Origin::Workspace);
        let place = last.unwrap_or(&given[given.len() - 1]).place.clone();
        let whole = if sum > 2.0 { 100 } else { 1 };
        let sum = (sum * 1e6).round() / 1e6;
        let message = format!("the weights of {whose} add up to {sum}, not {whole}");
        self.problems.push(
            Diagnostic::warning(&WEIGHTS_NOT_100, message)
                .at(place)
                .help("they are scaled to their sum; correct them if percentages were meant"),
        );
    }

    fn find(&mut self, what: &str, id: &Given<String>, among: &[RawBranch]) -> Option<usize> {
        let at = among.iter().position(|known| known.id.value == id.value);
        if at.is_none() {
            self.unknown(what, id, among.iter().map(|known| known.id.value.as_str()));
        }
        at
    }

    fn unknown<'k>(
        &mut self,
        what: &str,
        id: &Given<String>,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        self.problems.push(
            Diagnostic::error(&UNKNOWN_NODE, format!("there is no {what} `{}`", id.value))
                .at(id.place.clone())
                .maybe_help(suggestion(&id.value, known)),
        );
    }

    fn agrees(&mut self, what: &str, said: &Given<String>, is: &Given<String>) {
        if said.value != is.value {
            let message = format!("`{what}` is `{}`, but it stands under `{}`", said.value, is.value);
            self.problems.push(
                Diagnostic::error(&MISPLACED, message)
                    .at(said.place.clone())
                    .help(format!("leave `{what}` out: it follows from what is above")),
            );
        }
    }

    fn missing(&mut self, key: &str, id: &Given<String>) {
        let message = format!("`{}` has no `{key}`", id.value);
        self.problems
            .push(Diagnostic::error(&MISSING_KEY, message).at(id.place.clone()));
    }
}

fn objective_weights<'r>(
    objectives: &[Placed<'r>],
    perspective: usize,
    process: Option<usize>,
) -> Vec<Option<&'r Given<f64>>> {
    let here = Position {
        perspective,
        process,
    };
    objectives
        .iter()
        .filter(|objective| objective.position == here)
        .map(|objective| objective.raw.weight.as_ref())
        .collect()
}

/// The tree, without branches that hold no KPI.
fn assemble(
    raw: &Raw,
    processes: &[(&RawBranch, usize)],
    objectives: &[Placed<'_>],
    under: Vec<Vec<usize>>,
) -> Branch {
    let leaves: Vec<(Position, Branch)> = objectives
        .iter()
        .zip(under)
        .filter(|(_, kpis)| !kpis.is_empty())
        .map(|(objective, kpis)| {
            let mut branch = branch(objective.raw, Level::Objective);
            branch.kpis = kpis;
            (objective.position, branch)
        })
        .collect();
    let at = |position: Position| -> Vec<Branch> {
        let here = leaves.iter().filter(|(stands, _)| *stands == position);
        here.map(|(_, branch)| branch.clone()).collect()
    };
    let mut perspectives = Vec::new();
    for (index, perspective) in raw.perspectives.iter().enumerate() {
        let mut node = branch(perspective, Level::Perspective);
        let direct = at(Position {
            perspective: index,
            process: None,
        });
        if !direct.is_empty() {
            node.children.push(Branch {
                id: String::new(),
                level: Level::Process,
                label: Label::Text(String::new()),
                weight: 1.0,
                children: direct,
                kpis: Vec::new(),
            });
        }
        for (number, (process, parent)) in processes.iter().enumerate() {
            let children = at(Position {
                perspective: index,
                process: Some(number),
            });
            if *parent == index && !children.is_empty() {
                let mut below = branch(process, Level::Process);
                below.children = children;
                node.children.push(below);
            }
        }
        if !node.children.is_empty() {
            perspectives.push(node);
        }
    }
    Branch {
        id: "total".to_owned(),
        level: Level::Total,
        label: Label::Catalogue,
        weight: 1.0,
        children: perspectives,
        kpis: Vec::new(),
    }
}

fn branch(raw: &RawBranch, level: Level) -> Branch {
    Branch {
        id: raw.id.value.clone(),
        level,
        label: raw.label.clone().unwrap_or_default(),
        weight: raw.weight.as_ref().map_or(1.0, |weight| weight.value),
        children: Vec::new(),
        kpis: Vec::new(),
    }
}

fn at<T>(given: Option<&Given<T>>) -> Option<(Origin, Place)> {
    given.map(|given| (given.origin, given.place.clone()))
}

fn other_way(better: Better) -> &'static str {
    match better {
        Better::Higher => Better::Lower.name(),
        Better::Lower => Better::Higher.name(),
    }
}

/// The word at a byte offset of a text value, or the whole value where its quoting moves letters.
fn within(place: &Place, value: &str, offset: usize) -> Place {
    let Place::Text { source, span } = place else {
        return place.clone();
    };
    let written = &source.text[span.clone()];
    let Some(start) = written.find(value).filter(|_| !value.is_empty()) else {
        return place.clone();
    };
    let at = span.start + start + offset.min(value.len().saturating_sub(1));
    Place::text(source, source.word_at(at))
}
