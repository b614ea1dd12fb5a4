//! Reads the scorecard: both files merged, names resolved, and everything that cannot be meant
//! reported with its place.

use std::sync::Arc;

use super::definition::{Branch, Definition, Given, Label, Level, Origin};
use super::merge::{Merged, Removed, goes_with, merge};
use super::raw::{self, Raw, RawBranch, RawKpi};
use crate::diagnostics::codes::scorecard::{EMPTY_SCORECARD, MISPLACED, UNKNOWN_NODE, USED_TWICE};
use crate::diagnostics::codes::workspace::MISSING_KEY;
use crate::diagnostics::{Diagnostic, Diagnostics, Place, Source, suggestion};
use crate::engine::Measure;
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

    /// A measure as it came out of the engine, over the data or over nothing.
    pub fn of(measure: &Measure) -> Self {
        Self {
            name: measure.name.clone(),
            dimensions: Some(measure.dimensions.clone()),
            is_ratio: Some(measure.is_ratio),
        }
    }
}

/// What a scorecard can refer to.
#[derive(Debug, Clone, Copy)]
pub struct Vocabulary<'a> {
    /// The measures there are.
    pub measures: &'a [KnownMeasure],
    /// The canonical tables; with none, what KPIs need is not looked at.
    pub tables: &'a [&'static TableSpec],
    /// The functions of `rules/scorecard.rhai`; with none, those that KPIs name are not looked at.
    pub functions: Option<&'a [&'a str]>,
}

impl Vocabulary<'_> {
    pub(super) fn measure(&self, name: &str) -> Option<&KnownMeasure> {
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

/// Puts the scorecard together: this file places everything, `kpi` checks each KPI by itself,
/// `weights` looks at siblings.
pub(super) struct Builder<'a> {
    pub(super) vocabulary: &'a Vocabulary<'a>,
    pub(super) problems: &'a mut Diagnostics,
}

/// Where a KPI or an objective stands: indices of the perspective and the process.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) perspective: usize,
    /// None for an objective directly below its perspective.
    pub(super) process: Option<usize>,
}

/// An objective that has its place.
pub(super) struct Placed<'r> {
    pub(super) raw: &'r RawBranch,
    pub(super) position: Position,
}

impl Builder<'_> {
    fn build(&mut self, merged: Merged) -> Definition {
        let Merged { raw, mut removed } = merged;
        let processes = self.processes(&raw, &mut removed);
        let objectives = self.objectives(&raw, &processes, &mut removed);
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
    fn processes<'r>(
        &mut self,
        raw: &'r Raw,
        removed: &mut Removed,
    ) -> Vec<(&'r RawBranch, usize)> {
        let mut found = Vec::new();
        for process in &raw.processes {
            let Some(perspective) = &process.perspective else {
                self.missing("perspective", &process.id);
                continue;
            };
            if goes_with(perspective, &removed.perspectives) {
                removed.processes.insert(process.id.value.clone());
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
        removed: &mut Removed,
    ) -> Vec<Placed<'r>> {
        let mut found = Vec::new();
        for objective in &raw.objectives {
            let goes = |parent: &Option<Given<String>>, gone| {
                parent
                    .as_ref()
                    .is_some_and(|parent| goes_with(parent, gone))
            };
            if goes(&objective.process, &removed.processes)
                || goes(&objective.perspective, &removed.perspectives)
            {
                removed.objectives.insert(objective.id.value.clone());
                continue;
            }
            let position = match (&objective.process, &objective.perspective) {
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
                self.agrees(
                    "perspective",
                    said,
                    &raw.perspectives[position.perspective].id,
                );
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
                None if kpi.id.origin == Origin::BuiltIn
                    && goes_with(objective, &removed.objectives) => {}
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
            let message = format!(
                "`{what}` is `{}`, but it stands under `{}`",
                said.value, is.value
            );
            self.problems.push(
                Diagnostic::error(&MISPLACED, message)
                    .at(said.place.clone())
                    .help(format!("leave `{what}` out: it follows from what is above")),
            );
        }
    }

    pub(super) fn missing(&mut self, key: &str, id: &Given<String>) {
        let message = format!("`{}` has no `{key}`", id.value);
        self.problems
            .push(Diagnostic::error(&MISSING_KEY, message).at(id.place.clone()));
    }
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
