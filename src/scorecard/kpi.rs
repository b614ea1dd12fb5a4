//! Checks one KPI by itself: its value, what it needs, how it is scored.

use super::definition::{Better, Given, Kpi, Need, Origin, OverTime, Scoring, Unit};
use super::expression::Expression;
use super::raw::{Method, RawKpi};
use super::read::{Builder, KnownMeasure};
use super::score::in_order;
use crate::diagnostics::codes::scorecard::{
    BAD_EXPRESSION, FLOOR_IS_TARGET, INCOMPLETE_SCORING, NO_EFFECT, OVER_TIME,
    STRETCH_WITHIN_TARGET, TARGET_ORDER, UNKNOWN_DIMENSION, UNKNOWN_MEASURE, UNKNOWN_NEED,
    UNKNOWN_SCRIPT,
};
use crate::diagnostics::{Diagnostic, Place, Severity, suggestion};
use crate::rules::KPI_FILE;

impl Builder<'_> {
    /// The KPI, or none when something in it is an error.
    pub(super) fn kpi(&mut self, raw: &RawKpi) -> Option<Kpi> {
        let before = self.errors();
        let value = self.expression(raw);
        let needs = self.needs(raw);
        let better = raw.better.as_ref().map(|better| better.value);
        let scoring = self.scoring(raw);
        let is_scored = !matches!(
            scoring,
            Some(Scoring::Unscored | Scoring::Range { .. } | Scoring::Banded(_))
        );
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
        self.stretch(raw, better);
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
            stretch: raw.stretch.clone(),
            target_source: raw.target_source.clone(),
            weight: raw.weight.as_ref().map_or(1.0, |weight| weight.value),
            needs,
            by: by.collect(),
            due: raw
                .due
                .as_ref()
                .map(|due| due.value.clone())
                .unwrap_or_default(),
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
                    Diagnostic::error(
                        &UNKNOWN_MEASURE,
                        format!("there is no measure `{}`", name.name),
                    )
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
        let method = raw
            .scoring
            .as_ref()
            .map_or(Method::Linear, |method| method.value);
        let scoring = match method {
            Method::Linear => Some(Scoring::Linear),
            Method::GoalRedFlag => Some(Scoring::GoalRedFlag),
            Method::Binary => Some(Scoring::Binary),
            Method::Unscored => Some(Scoring::Unscored),
            Method::Script => self.script(raw),
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
            self.incomplete(
                raw,
                "`goal-red-flag` scoring needs `red-flag` beside `target`",
            );
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

    /// The function that a KPI names, which must be there.
    fn script(&mut self, raw: &RawKpi) -> Option<Scoring> {
        let Some(named) = &raw.script else {
            self.incomplete(
                raw,
                "`script` scoring needs `script`, the name of a function",
            );
            return None;
        };
        let is_unknown = |known: &[&str]| !known.contains(&named.value.as_str());
        if let Some(known) = self.vocabulary.functions.filter(|known| is_unknown(known)) {
            let message = format!("there is no function `{}(kpi)` in {KPI_FILE}", named.value);
            let help = suggestion(&named.value, known.iter().copied())
                .unwrap_or_else(|| format!("write it there: `fn {}(kpi) {{ … }}`", named.value));
            self.problems.push(
                Diagnostic::error(&UNKNOWN_SCRIPT, message)
                    .at(named.place.clone())
                    .about(format!("KPI {}", raw.id.value))
                    .help(help),
            );
        }
        Some(Scoring::Script(named.value.clone()))
    }

    fn incomplete(&mut self, raw: &RawKpi, message: &str) {
        let place = raw
            .scoring
            .as_ref()
            .map_or(raw.place(), |method| &method.place);
        self.problems.push(
            Diagnostic::error(&INCOMPLETE_SCORING, message)
                .at(place.clone())
                .about(format!("KPI {}", raw.id.value)),
        );
    }

    fn without_effect(&mut self, raw: &RawKpi, method: Method) {
        let scored = !matches!(method, Method::Unscored | Method::Banded | Method::Range);
        let uses = |key: &str| match key {
            "target" | "stretch" => scored,
            "floor" => matches!(method, Method::Linear | Method::Script),
            "red-flag" => matches!(method, Method::GoalRedFlag | Method::Script),
            "script" => method == Method::Script,
            "bands" => method == Method::Banded,
            _ => method == Method::Range,
        };
        let chosen_by = raw.scoring.as_ref().map(|scoring| scoring.origin);
        let keys = [
            ("target", at(raw.target.as_ref())),
            ("stretch", at(raw.stretch.as_ref())),
            ("floor", at(raw.floor.as_ref())),
            ("red-flag", at(raw.red_flag.as_ref())),
            ("script", at(raw.script.as_ref())),
            ("bands", at(raw.bands.as_ref())),
            ("best", at(raw.best.as_ref())),
            ("zero", at(raw.zero.as_ref())),
        ];
        for (key, given) in keys {
            let Some((origin, place)) = given else {
                continue;
            };
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
            Diagnostic::error(&TARGET_ORDER, message).help(format!(
                "swap them, or write `better = \"{}\"`",
                other_way(better)
            ))
        };
        let problem = problem
            .at(given.place.clone())
            .about(format!("KPI {}", raw.id.value));
        self.problems
            .push(problem.related(other.place.clone(), what));
    }

    /// A stretch that is no further than the target is nothing to aim at.
    fn stretch(&mut self, raw: &RawKpi, better: Better) {
        let (Some(stretch), Some(target)) = (&raw.stretch, &raw.target) else {
            return;
        };
        if !in_order(better, target.value, stretch.value) {
            let message = format!(
                "`stretch` is {} and `target` {}, but {} is better",
                stretch.value,
                target.value,
                better.name()
            );
            self.problems.push(
                Diagnostic::warning(&STRETCH_WITHIN_TARGET, message)
                    .at(stretch.place.clone())
                    .about(format!("KPI {}", raw.id.value))
                    .related(target.place.clone(), "the target stands here"),
            );
        }
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
