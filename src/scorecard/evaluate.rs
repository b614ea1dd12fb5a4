//! Works a scorecard out: values, scores, roll-up and comparisons for every period of a history.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, change};
use super::definition::{Definition, Kpi, OverTime, Part, Scoring};
use super::expression::{Expression, Operand, no_denominator};
use super::outcome::{Alert, KpiResult, Manual, Member, MissingGroup, PeriodResult, Scorecard};
use super::remarks::{self, CommentaryRow, InitiativeRow};
use super::rollup::{Leaf, roll_up};
use super::score::{self, Marks, NoScore, Status};
use super::sheets::{ManualRow, TargetRow, in_force};
use super::span::{self, Span};
use crate::calendar::Quarter;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::engine::{Measure, MeasureRow};
use crate::message::{Argument, Message};
use crate::rules::{KpiFigures, KpiFunctions};

/// The tables there are, and the columns that hold anything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Supplied {
    /// Canonical tables that there were files for.
    pub tables: BTreeSet<String>,
    /// Table and column of every column with at least one value.
    pub columns: BTreeSet<(String, String)>,
}

impl Supplied {
    fn has(&self, part: &Part) -> bool {
        match &part.column {
            None => self.tables.contains(&part.table),
            Some(column) => self.columns.contains(&(part.table.clone(), column.clone())),
        }
    }
}

/// What a scorecard is worked out from.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// Every measure.
    pub measures: &'a [Measure],
    /// The tables and columns there are.
    pub supplied: &'a Supplied,
    /// The rows of the targets sheet.
    pub targets: &'a [TargetRow],
    /// The rows of the manual KPI sheet.
    pub manual: &'a [ManualRow],
    /// The rows of the commentary sheet.
    pub commentary: &'a [CommentaryRow],
    /// The rows of the initiatives sheet.
    pub initiatives: &'a [InitiativeRow],
    /// The functions of those KPIs that are scored by one.
    pub functions: Option<&'a KpiFunctions>,
    /// Whether the data reach the end of the reported quarter: part of one is not compared with a
    /// whole one.
    pub is_complete: bool,
}

/// Works out `periods`, oldest first; the last is the reported one, `reported` where there is none.
/// A function that fails for a KPI leaves it without a score and is an error in `problems`.
pub fn evaluate(
    definition: &Definition,
    inputs: &Inputs<'_>,
    periods: &[Quarter],
    reported: Quarter,
    problems: &mut Diagnostics,
) -> Scorecard {
    let at = Evaluation {
        definition,
        inputs,
        measures: inputs
            .measures
            .iter()
            .map(|m| (m.name.as_str(), m))
            .collect(),
        failures: RefCell::default(),
    };
    let mut history: Vec<PeriodResult> = periods
        .iter()
        .filter(|period| **period < reported)
        .map(|period| at.period(*period))
        .collect();
    let previous = at.period(reported.plus(-1));
    let now = at.period(reported);
    let changes_from = |quarter: Quarter| {
        let base = at.period(quarter);
        let pairs = definition.kpis.iter().zip(base.kpis.iter().zip(&now.kpis));
        pairs
            .map(|(kpi, (base, now))| at.change(kpi, base.value, now.value))
            .collect()
    };
    let spans = |of: &dyn Fn(Quarter) -> Vec<Quarter>| {
        let (now, before) = (of(reported), of(reported.plus(-4)));
        let kpis = definition.kpis.iter();
        kpis.map(|kpi| at.span(kpi, &now, &before)).collect()
    };
    let scorecard = Scorecard {
        changes: changes_from(reported.plus(-1)),
        changes_year: changes_from(reported.plus(-4)),
        to_date: spans(&|last| span::year_to_date(last).collect()),
        four_quarters: spans(&|last| span::four_quarters(last).collect()),
        breakdowns: definition
            .kpis
            .iter()
            .map(|kpi| at.breakdown(kpi, reported))
            .collect(),
        sources: definition.kpis.iter().map(|kpi| at.sources(kpi)).collect(),
        initiatives: remarks::initiatives(definition, inputs.initiatives),
        turned_red: turned_red(&previous, &now),
        not_measured: not_measured(&now),
        previous,
        periods: {
            history.push(now);
            history
        },
    };
    problems.extend(at.failures.into_inner().into_values());
    scorecard
}

struct Evaluation<'a> {
    definition: &'a Definition,
    inputs: &'a Inputs<'a>,
    measures: BTreeMap<&'a str, &'a Measure>,
    /// What went wrong in functions, once per KPI and message: a line that fails in one period
    /// mostly fails in others.
    failures: RefCell<BTreeMap<(String, String), Diagnostic>>,
}

impl Evaluation<'_> {
    fn period(&self, quarter: Quarter) -> PeriodResult {
        let kpis: Vec<KpiResult> = self
            .definition
            .kpis
            .iter()
            .map(|kpi| self.kpi(kpi, quarter))
            .collect();
        let declared = self.definition.kpis.iter();
        let leaves: Vec<Leaf> = kpis
            .iter()
            .zip(declared)
            .map(|(result, kpi)| Leaf {
                // What is never scored carries no weight, measured or not.
                weight: match kpi.scoring {
                    Scoring::Unscored => 0.0,
                    _ => result.weight,
                },
                status: result.status,
                score: result.score,
            })
            .collect();
        let total = roll_up(&self.definition.root, &leaves, self.definition.min_coverage);
        PeriodResult {
            period: quarter,
            kpis,
            total,
        }
    }

    fn kpi(&self, kpi: &Kpi, quarter: Quarter) -> KpiResult {
        let force = in_force(kpi, self.inputs.targets, quarter);
        let typed = self.typed(kpi, quarter);
        let measured = self.measured(kpi, quarter);
        let mut result = KpiResult {
            id: kpi.id.clone(),
            value: None,
            numerator: None,
            denominator: None,
            marks: force.marks,
            target_source: force.source,
            weight: force.weight,
            score: None,
            status: Status::NotMeasured,
            reason: None,
            manual: typed.map(|row| Manual {
                source: row.source.clone(),
                note: row.note.clone(),
            }),
            comments: remarks::comments(self.inputs.commentary, &kpi.id, quarter),
        };
        match measured {
            Ok(operand) => {
                result.value = Some(operand.value);
                result.numerator = operand.numerator;
                result.denominator = operand.denominator;
                self.score(kpi, quarter, operand, &mut result);
            }
            Err(_) if !kpi.due.is_empty() && !kpi.due.contains(&quarter.number) => {
                result.status = Status::NotDue;
                result.reason = Some(Message::key("missing.not-due"));
            }
            Err(reason) => result.reason = Some(reason),
        }
        result
    }

    /// A change; none between part of a flow and a whole one.
    fn change(&self, kpi: &Kpi, base: Option<f64>, now: Option<f64>) -> Option<Change> {
        let comparable = self.inputs.is_complete || kpi.over_time != OverTime::Flow;
        change(kpi, base, now).filter(|_| comparable)
    }

    fn span(&self, kpi: &Kpi, quarters: &[Quarter], before: &[Quarter]) -> Span {
        let over = |quarters: &[Quarter]| {
            let values = quarters.iter().map(|quarter| self.measured(kpi, *quarter));
            span::combine(kpi, values)
        };
        let base = over(before).ok().map(|operand| operand.value);
        let (operand, reason) = match over(quarters) {
            Ok(operand) => (Some(operand), None),
            Err(reason) => (None, Some(reason)),
        };
        let value = operand.map(|operand| operand.value);
        Span {
            value,
            numerator: operand.and_then(|operand| operand.numerator),
            denominator: operand.and_then(|operand| operand.denominator),
            base,
            change: self.change(kpi, base, value),
            reason,
        }
    }

    fn typed(&self, kpi: &Kpi, quarter: Quarter) -> Option<&ManualRow> {
        let rows = self.inputs.manual.iter().rev();
        let mut own = rows.filter(|row| row.kpi == kpi.id && row.period == quarter);
        own.next()
    }

    /// The value that was typed in, else the one that the measures give.
    fn measured(&self, kpi: &Kpi, quarter: Quarter) -> Result<Operand, Message> {
        match self.typed(kpi, quarter) {
            Some(row) => Ok(row.value.into()),
            None => self.value(kpi, quarter),
        }
    }

    fn score(&self, kpi: &Kpi, quarter: Quarter, operand: Operand, result: &mut KpiResult) {
        let score = match &kpi.scoring {
            Scoring::Script(function) => {
                self.script(function, kpi, quarter, operand, &result.marks)
            }
            scoring => score::score(scoring, kpi.better, &result.marks, operand.value),
        };
        match score {
            Ok(score) => {
                result.score = Some(score);
                result.status = score::status(Some(&kpi.scoring), score);
            }
            Err(why) => {
                result.status = Status::Information;
                result.reason = no_score(why, &kpi.scoring);
            }
        }
    }

    /// What the client's own function makes of a KPI.
    fn script(
        &self,
        function: &str,
        kpi: &Kpi,
        quarter: Quarter,
        operand: Operand,
        marks: &Marks,
    ) -> Result<f64, NoScore> {
        let functions = self.inputs.functions.ok_or(NoScore::NoAnswer)?;
        let previous = self.measured(kpi, quarter.plus(-1)).ok();
        let figures = KpiFigures {
            id: kpi.id.clone(),
            period: quarter,
            value: operand.value,
            numerator: operand.numerator,
            denominator: operand.denominator,
            previous: previous.map(|operand| operand.value),
            target: marks.target,
            floor: marks.floor,
            red_flag: marks.red_flag,
            stretch: marks.stretch,
        };
        match functions.score(function, figures) {
            Ok(score) => score.ok_or(NoScore::NoAnswer),
            Err(problem) => {
                let key = (kpi.id.clone(), problem.message.clone());
                self.failures.borrow_mut().insert(key, problem);
                Err(NoScore::NoAnswer)
            }
        }
    }

    fn value(&self, kpi: &Kpi, quarter: Quarter) -> Result<Operand, Message> {
        self.has_what_it_needs(kpi)?;
        let Some(expression) = &kpi.value else {
            return Err(Message::key("missing.typed-only"));
        };
        expression.evaluate(&|name| {
            let measure = self.measures.get(name).ok_or_else(|| empty(name))?;
            operand(name, measure.total(quarter))
        })
    }

    /// A measure over a table that was not supplied would say zero where nothing is known.
    fn has_what_it_needs(&self, kpi: &Kpi) -> Result<(), Message> {
        let supplied = self.inputs.supplied;
        let mut tables: BTreeSet<&str> = BTreeSet::new();
        let mut columns: BTreeSet<String> = BTreeSet::new();
        for need in &kpi.needs {
            if need.any_of.iter().any(|part| supplied.has(part)) {
                continue;
            }
            // The table that is there but lacks the column is the nearest cure.
            let near = need
                .any_of
                .iter()
                .find(|part| supplied.tables.contains(&part.table));
            match near.or(need.any_of.first()) {
                Some(part) if near.is_some() => {
                    columns.insert(part.to_string());
                }
                Some(part) => {
                    tables.insert(&part.table);
                }
                None => {}
            }
        }
        let alternatives: BTreeSet<&str> = kpi
            .needs
            .iter()
            .filter(|need| need.any_of.len() > 1)
            .flat_map(|need| need.any_of.iter().map(|part| part.table.as_str()))
            .collect();
        for measure in self.measures_of(kpi) {
            let lacking = measure.missing_tables.iter().map(String::as_str);
            tables.extend(lacking.filter(|table| !alternatives.contains(table)));
        }
        if !tables.is_empty() {
            let list: Vec<&str> = tables.into_iter().collect();
            return Err(
                Message::key("missing.table").with("table", Argument::Text(list.join(", ")))
            );
        }
        if !columns.is_empty() {
            let list: Vec<String> = columns.into_iter().collect();
            let column = Argument::Text(list.join(", "));
            return Err(Message::key("missing.column").with("column", column));
        }
        Ok(())
    }

    fn measures_of<'k>(&'k self, kpi: &'k Kpi) -> impl Iterator<Item = &'k Measure> {
        let names = kpi.value.iter().flat_map(Expression::names);
        names.filter_map(|name| self.measures.get(name.name.as_str()).copied())
    }

    /// What it is computed from: the tables its measures read and it needs, as far as supplied.
    fn sources(&self, kpi: &Kpi) -> Vec<String> {
        let read = self
            .measures_of(kpi)
            .flat_map(|measure| measure.reads.iter());
        let needed = kpi.needs.iter().flat_map(|need| &need.any_of);
        let tables: BTreeSet<&String> = read.chain(needed.map(|part| &part.table)).collect();
        tables
            .into_iter()
            .filter(|table| self.inputs.supplied.tables.contains(*table))
            .cloned()
            .collect()
    }

    fn breakdown(&self, kpi: &Kpi, quarter: Quarter) -> Vec<Member> {
        let Some(expression) = &kpi.value else {
            return Vec::new();
        };
        if self.has_what_it_needs(kpi).is_err() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for dimension in &kpi.by {
            let Some(columns) = self.columns(kpi, dimension) else {
                continue;
            };
            let members: BTreeSet<&str> = columns
                .iter()
                .flat_map(|(measure, column)| {
                    let rows = measure.rows.iter().filter(|row| row.period == quarter);
                    rows.filter_map(|row| alone(row, *column))
                })
                .collect();
            for member in members {
                let value = expression.evaluate(&|name| {
                    let (measure, column) = columns
                        .iter()
                        .find(|(measure, _)| measure.name == name)
                        .ok_or_else(|| empty(name))?;
                    let row = measure
                        .rows
                        .iter()
                        .find(|row| row.period == quarter && alone(row, *column) == Some(member));
                    operand(name, row)
                });
                let value = value.ok();
                found.push(Member {
                    dimension: dimension.clone(),
                    member: member.to_owned(),
                    value: value.map(|operand| operand.value),
                    numerator: value.and_then(|operand| operand.numerator),
                    denominator: value.and_then(|operand| operand.denominator),
                });
            }
        }
        found
    }

    /// The measures of a KPI, each with its column of a dimension; none when one lacks it.
    fn columns(&self, kpi: &Kpi, dimension: &str) -> Option<Vec<(&Measure, usize)>> {
        let columns: Option<Vec<(&Measure, usize)>> = kpi
            .value
            .iter()
            .flat_map(Expression::names)
            .map(|name| {
                let measure = self.measures.get(name.name.as_str()).copied()?;
                let column = measure
                    .dimensions
                    .iter()
                    .position(|known| known == dimension)?;
                Some((measure, column))
            })
            .collect();
        columns.filter(|columns| !columns.is_empty())
    }
}

/// The member of a row in one dimension, where it is the total over every other.
fn alone(row: &MeasureRow, column: usize) -> Option<&str> {
    let others = row
        .members
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != column);
    let is_total_elsewhere = others.clone().all(|(_, member)| member.is_none());
    is_total_elsewhere
        .then(|| row.members.get(column)?.as_deref())
        .flatten()
}

fn operand(name: &str, row: Option<&MeasureRow>) -> Result<Operand, Message> {
    let row = row.ok_or_else(|| empty(name))?;
    if let (Some(numerator), Some(denominator)) = (row.numerator, row.denominator) {
        if denominator == 0.0 {
            return Err(no_denominator(name));
        }
        return Ok(Operand {
            value: numerator / denominator,
            numerator: row.numerator,
            denominator: row.denominator,
        });
    }
    row.value.map(Operand::from).ok_or_else(|| empty(name))
}

fn empty(measure: &str) -> Message {
    Message::key("missing.measure-empty").with("measure", Argument::Text(measure.to_owned()))
}

/// Why a measured KPI has no score; nothing to say where none was asked for.
fn no_score(why: NoScore, scoring: &Scoring) -> Option<Message> {
    let key = match why {
        NoScore::Unscored => return None,
        NoScore::NoTarget => "missing.target",
        NoScore::NoFloor if *scoring == Scoring::GoalRedFlag => "missing.red-flag",
        NoScore::NoFloor => "missing.floor",
        NoScore::BadScale => "missing.scale",
        NoScore::NoBand => "missing.band",
        NoScore::NoAnswer => "missing.script",
    };
    Some(Message::key(key))
}

fn turned_red(previous: &PeriodResult, now: &PeriodResult) -> Vec<Alert> {
    let mut found: Vec<(f64, Alert)> = previous
        .kpis
        .iter()
        .zip(&now.kpis)
        .enumerate()
        .filter(|(_, (before, after))| {
            after.status == Status::Act && matches!(before.status, Status::Good | Status::Watch)
        })
        .map(|(kpi, (before, after))| {
            let alert = Alert {
                kpi,
                previous: before.value,
                value: after.value,
                target: after.marks.target,
            };
            (after.score.unwrap_or_default(), alert)
        })
        .collect();
    found.sort_by(|(a, one), (b, other)| a.total_cmp(b).then(one.kpi.cmp(&other.kpi)));
    found.into_iter().map(|(_, alert)| alert).collect()
}

fn not_measured(now: &PeriodResult) -> Vec<MissingGroup> {
    let mut groups: Vec<MissingGroup> = Vec::new();
    for (index, kpi) in now.kpis.iter().enumerate() {
        let (Status::NotMeasured, Some(reason)) = (kpi.status, &kpi.reason) else {
            continue;
        };
        let share = now.total.share_of(index);
        match groups.iter_mut().find(|group| group.reason == *reason) {
            Some(group) => {
                group.kpis.push(index);
                group.share += share;
            }
            None => groups.push(MissingGroup {
                reason: reason.clone(),
                kpis: vec![index],
                share,
            }),
        }
    }
    groups.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.kpis.cmp(&b.kpis)));
    groups
}
