//! The workspace's scorecard laid over the shipped one, by id and key by key.

use std::collections::BTreeSet;

use super::definition::{Given, Origin};
use super::raw::{Raw, RawBranch, RawKpi};
use crate::diagnostics::codes::scorecard::UNKNOWN_NODE;
use crate::diagnostics::{Diagnostic, Diagnostics, suggestion};

/// The two files as one, and the ids that were removed.
#[derive(Debug)]
pub(super) struct Merged {
    pub(super) raw: Raw,
    pub(super) removed: Removed,
}

/// What a workspace removed, so that what hung from it goes too.
#[derive(Debug, Default)]
pub(super) struct Removed {
    pub(super) perspectives: BTreeSet<String>,
    pub(super) processes: BTreeSet<String>,
    pub(super) objectives: BTreeSet<String>,
}

/// Lays `over` on `base`. A key given above wins; `remove = true` drops an entry.
pub(super) fn merge(base: Raw, over: Raw, problems: &mut Diagnostics) -> Merged {
    let mut removed = Removed::default();
    let raw = Raw {
        built_in: over.built_in,
        min_coverage: over.min_coverage.or(base.min_coverage),
        perspectives: lay(
            "perspective",
            base.perspectives,
            over.perspectives,
            &mut removed.perspectives,
            problems,
        ),
        processes: lay(
            "process",
            base.processes,
            over.processes,
            &mut removed.processes,
            problems,
        ),
        objectives: lay(
            "objective",
            base.objectives,
            over.objectives,
            &mut removed.objectives,
            problems,
        ),
        kpis: lay("kpi", base.kpis, over.kpis, &mut BTreeSet::new(), problems),
    };
    Merged { raw, removed }
}

/// Something with an id that another of the same id can be laid over.
trait Entry {
    fn id(&self) -> &Given<String>;
    fn is_removal(&self) -> bool;
    fn laid_over(self, base: Self) -> Self;
}

fn lay<T: Entry>(
    what: &str,
    base: Vec<T>,
    over: Vec<T>,
    removed: &mut BTreeSet<String>,
    problems: &mut Diagnostics,
) -> Vec<T> {
    let mut entries = base;
    for entry in over {
        let at = entries
            .iter()
            .position(|known| known.id().value == entry.id().value);
        match (at, entry.is_removal()) {
            (Some(at), true) => {
                entries.remove(at);
                removed.insert(entry.id().value.clone());
            }
            (Some(at), false) => {
                let below = entries.remove(at);
                entries.insert(at, entry.laid_over(below));
            }
            (None, false) => entries.push(entry),
            (None, true) => {
                let id = entry.id();
                let message = format!("there is no {what} `{}` to remove", id.value);
                let known = entries.iter().map(|known| known.id().value.as_str());
                problems.push(
                    Diagnostic::error(&UNKNOWN_NODE, message)
                        .at(id.place.clone())
                        .maybe_help(suggestion(&id.value, known)),
                );
            }
        }
    }
    entries
}

impl Entry for RawBranch {
    fn id(&self) -> &Given<String> {
        &self.id
    }

    fn is_removal(&self) -> bool {
        self.remove
    }

    fn laid_over(self, base: Self) -> Self {
        // A branch that is moved to another process leaves the perspective of the old one behind.
        let moved = self.process.is_some() || self.perspective.is_some();
        Self {
            id: self.id,
            remove: false,
            perspective: if moved {
                self.perspective
            } else {
                base.perspective
            },
            process: if moved { self.process } else { base.process },
            label: self.label.or(base.label),
            weight: self.weight.or(base.weight),
        }
    }
}

impl Entry for RawKpi {
    fn id(&self) -> &Given<String> {
        &self.id
    }

    fn is_removal(&self) -> bool {
        self.remove
    }

    fn laid_over(self, base: Self) -> Self {
        let moved = self.objectives.is_some();
        Self {
            id: self.id,
            remove: false,
            perspective: if moved {
                self.perspective
            } else {
                self.perspective.or(base.perspective)
            },
            process: if moved {
                self.process
            } else {
                self.process.or(base.process)
            },
            objectives: self.objectives.or(base.objectives),
            label: self.label.or(base.label),
            formula: self.formula.or(base.formula),
            value: self.value.or(base.value),
            unit: self.unit.or(base.unit),
            better: self.better.or(base.better),
            over_time: self.over_time.or(base.over_time),
            scoring: self.scoring.or(base.scoring),
            script: self.script.or(base.script),
            bands: self.bands.or(base.bands),
            best: self.best.or(base.best),
            zero: self.zero.or(base.zero),
            target: self.target.or(base.target),
            floor: self.floor.or(base.floor),
            red_flag: self.red_flag.or(base.red_flag),
            stretch: self.stretch.or(base.stretch),
            target_source: self.target_source.or(base.target_source),
            weight: self.weight.or(base.weight),
            needs: self.needs.or(base.needs),
            by: self.by.or(base.by),
            due: self.due.or(base.due),
        }
    }
}

/// Whether a shipped entry goes because what it hangs from was removed.
pub(super) fn goes_with(parent: &Given<String>, removed: &BTreeSet<String>) -> bool {
    parent.origin == Origin::BuiltIn && removed.contains(&parent.value)
}
