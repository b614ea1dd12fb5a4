//! The balanced scorecard: findings in a sentence, KPIs with their reasons, what is not measured.

use crate::message::{Argument, Message};
use crate::report::locale::Locale;
use crate::report::model;
use crate::scorecard::rollup::{Counts, Rolled};
use crate::scorecard::score::{self, Status};
use crate::scorecard::{
    Better, Branch, Change, Definition, Initiative, Kpi, KpiResult, Label, Scorecard, Span,
    TargetSource, Unit,
};

/// The scorecard part of the report model; its histories have one entry per period evaluated.
pub fn scorecard(
    evaluated: &Scorecard,
    definition: &Definition,
    locale: &Locale,
) -> model::Scorecard {
    let page = Page {
        evaluated,
        definition,
        locale,
    };
    let now = evaluated.reported();
    model::Scorecard {
        lead: page.lead(),
        total: page.node(&[]),
        kpis: count(now.kpis.len()),
        measured: count(now.kpis.iter().filter(|kpi| kpi.value.is_some()).count()),
        perspectives: page.perspectives(),
        turned_red: page.alerts(),
        not_measured: page.missing(),
        initiatives: page.initiatives(|_| true),
    }
}

struct Page<'a> {
    evaluated: &'a Scorecard,
    definition: &'a Definition,
    locale: &'a Locale,
}

impl Page<'_> {
    fn lead(&self) -> model::Lead {
        let total = &self.evaluated.reported().total;
        let Some(score) = total.score else {
            let (key, rest) = match total.status {
                Status::InsufficientData => ("insufficient", self.bounds(total)),
                Status::Information => ("unscored", self.say("lead.add-targets", &[])),
                _ => (
                    "nothing",
                    self.not_measured_first("finding.nothing", total, &|_| true),
                ),
            };
            return model::Lead {
                bold: self.say(&format!("lead.{key}"), &[]),
                rest,
            };
        };
        let change = self.change_of(total, self.evaluated.previous.total.score);
        let key = match change {
            None => "lead.first",
            Some(0) => "lead.same",
            Some(1..) => "lead.up",
            Some(_) => "lead.down",
        };
        let by = Argument::Count(change.unwrap_or_default().abs());
        let mut rest = vec![self.bounds(total)];
        rest.extend(self.turned_red("lead.turned-red", &|_| true));
        model::Lead {
            bold: self.say(
                key,
                &[
                    ("score", Argument::Text(self.locale.score(score))),
                    ("change", by),
                ],
            ),
            rest: rest.join(" "),
        }
    }

    fn bounds(&self, node: &Rolled) -> String {
        if node.coverage >= 1.0 {
            return self.say("lead.whole", &[]);
        }
        let args = [
            ("low", whole(node.low)),
            ("high", whole(node.high)),
            ("coverage", Argument::Percent(node.coverage)),
        ];
        self.say("lead.bounds", &args)
    }

    /// The change of a score, between the figures as printed; none without one of them.
    fn change_of(&self, node: &Rolled, previous: Option<f64>) -> Option<i64> {
        Some(rounded(node.score?) - rounded(previous?))
    }

    fn say(&self, key: &str, args: &[(&str, Argument)]) -> String {
        self.locale.text_with(&format!("scorecard.{key}"), args)
    }

    fn turned_red(&self, key: &str, among: &dyn Fn(usize) -> bool) -> Option<String> {
        let alerts = self.evaluated.turned_red.iter();
        let labels: Vec<String> = alerts
            .filter(|alert| among(alert.kpi))
            .map(|alert| self.kpi_label(&self.definition.kpis[alert.kpi]))
            .collect();
        let list = Argument::Text(labels.join(", "));
        (!labels.is_empty()).then(|| self.say(key, &[("kpis", list)]))
    }

    fn perspectives(&self) -> Vec<model::Perspective> {
        let branches = self.definition.root.children.iter().enumerate();
        branches
            .map(|(at, branch)| model::Perspective {
                id: branch.id.clone(),
                label: self.branch_label("perspective", branch),
                finding: self.finding(at),
                node: self.node(&[at]),
                processes: self.processes(at, branch),
            })
            .collect()
    }

    fn processes(&self, perspective: usize, branch: &Branch) -> Vec<model::Process> {
        let processes = branch.children.iter().enumerate();
        processes
            .map(|(at, process)| {
                let rolled = &self.evaluated.reported().total.children[perspective].children[at];
                let objectives = process.children.iter().zip(&rolled.children);
                model::Process {
                    id: process.id.clone(),
                    label: match process.id.as_str() {
                        "" => String::new(),
                        _ => self.branch_label("process", process),
                    },
                    node: self.node(&[perspective, at]),
                    kpis: objectives
                        .flat_map(|(objective, rolled)| {
                            let label = self.branch_label("objective", objective);
                            let kpis = rolled.kpis.iter();
                            kpis.map(move |(kpi, share)| self.kpi(*kpi, *share, label.clone()))
                                .collect::<Vec<_>>()
                        })
                        .collect(),
                }
            })
            .collect()
    }

    /// The finding of a perspective: where it stands and moves, what turned red or holds it back.
    fn finding(&self, at: usize) -> String {
        let now = &self.evaluated.reported().total.children[at];
        let mut below = Vec::new();
        now.walk(&mut |node| below.extend(node.kpis.iter().copied()));
        let among = |kpi: usize| below.iter().any(|(known, _)| *known == kpi);
        match now.status {
            Status::NotMeasured => {
                return self.not_measured_first("finding.nothing", now, &among);
            }
            Status::InsufficientData => {
                return self.not_measured_first("finding.insufficient", now, &among);
            }
            Status::Information => return self.say("finding.information", &[]),
            _ => {}
        }
        let previous = self.evaluated.previous.total.children.get(at);
        let mut sentences = Vec::new();
        if let Some(change) = self.change_of(now, previous.and_then(|node| node.score)) {
            let key = match change {
                0 => "finding.same",
                1.. => "finding.up",
                _ => "finding.down",
            };
            sentences.push(self.say(key, &[("change", Argument::Count(change.abs()))]));
        }
        let red = self.turned_red("finding.turned-red", &among);
        sentences.push(red.unwrap_or_else(|| self.weakest(&below)));
        sentences.join(" ")
    }

    /// The KPI that costs most: its share of the weight times what it lacks to 100.
    fn weakest(&self, below: &[(usize, f64)]) -> String {
        let results = &self.evaluated.reported().kpis;
        let mut worst: Option<(f64, usize, f64)> = None;
        for (kpi, share) in below {
            let result = &results[*kpi];
            if let (Some(score), Status::Watch | Status::Act) = (result.score, result.status) {
                let cost = share * (100.0 - score);
                if worst.is_none_or(|(most, ..)| cost > most) {
                    worst = Some((cost, *kpi, score));
                }
            }
        }
        match worst {
            None => self.say("finding.all-good", &[]),
            Some((_, kpi, score)) => {
                let label = self.kpi_label(&self.definition.kpis[kpi]);
                let args = [("kpi", Argument::Text(label)), ("score", whole(score))];
                self.say("finding.weakest", &args)
            }
        }
    }

    /// A sentence with the cure that would add most weight among some KPIs.
    fn not_measured_first(
        &self,
        key: &str,
        node: &Rolled,
        among: &dyn Fn(usize) -> bool,
    ) -> String {
        let total = &self.evaluated.reported().total;
        let mut best: Option<(f64, &Message)> = None;
        for group in &self.evaluated.not_measured {
            let here = group.kpis.iter().filter(|kpi| among(**kpi));
            let share: f64 = here.map(|kpi| total.share_of(*kpi)).sum();
            if share > 0.0 && best.is_none_or(|(most, _)| share > most) {
                best = Some((share, &group.reason));
            }
        }
        let cure = best
            .map(|(_, reason)| self.cure(reason))
            .unwrap_or_default();
        let args = [
            ("cure", Argument::Text(cure)),
            ("coverage", Argument::Percent(node.coverage)),
        ];
        self.say(key, &args)
    }

    /// A node by the indices of the branches that lead to it.
    fn node(&self, path: &[usize]) -> model::Node {
        let at = |root: &Rolled| -> Option<f64> { descend(root, path)?.score };
        let now = &self.evaluated.reported().total;
        let node = descend(now, path).unwrap_or(now);
        model::Node {
            score: node.score,
            low: node.low,
            high: node.high,
            coverage: node.coverage,
            status: status(node.status),
            share: node.share,
            previous: at(&self.evaluated.previous.total),
            history: self
                .evaluated
                .periods
                .iter()
                .map(|period| at(&period.total))
                .collect(),
            counts: counts(&node.counts),
        }
    }

    fn kpi(&self, at: usize, share: f64, objective: String) -> model::Kpi {
        let kpi = &self.definition.kpis[at];
        let (label, formula) = kpi_words(kpi, self.locale);
        let result = &self.evaluated.reported().kpis[at];
        let values = self
            .evaluated
            .periods
            .iter()
            .map(|period| period.kpis[at].value);
        model::Kpi {
            id: kpi.id.clone(),
            label,
            objective,
            unit: unit(kpi.unit),
            value: result.value,
            numerator: result.numerator,
            denominator: result.denominator,
            target: result.marks.target,
            floor: result.marks.floor,
            stretch: result.marks.stretch,
            target_source: self.target_source(kpi, result),
            higher_is_better: kpi.better == Better::Higher,
            scoring: kpi.scoring.name().to_owned(),
            score: result.score,
            status: status(result.status),
            reason: result
                .reason
                .as_ref()
                .map(|reason| self.locale.message(reason)),
            weight: result.weight,
            share,
            scale: score::scale(&kpi.scoring, kpi.better, &result.marks),
            history: values.collect(),
            change: self.evaluated.changes[at].map(change),
            change_year: self.evaluated.changes_year[at].map(change),
            to_date: self.span(&self.evaluated.to_date[at]),
            four_quarters: self.span(&self.evaluated.four_quarters[at]),
            breakdown: self.breakdown(at),
            formula,
            sources: match &result.manual {
                Some(_) => vec!["manual_kpi".to_owned()],
                None => self.evaluated.sources[at].clone(),
            },
            comment: self.comment(result),
            initiatives: self.initiatives(|initiative| initiative.kpi == Some(at)),
        }
    }

    fn span(&self, span: &Span) -> model::Span {
        let reason = span.reason.as_ref();
        model::Span {
            value: span.value,
            base: span.base,
            change: span.change.map(change),
            reason: reason.map(|reason| self.locale.message(reason)),
        }
    }

    /// What a dimension is called; a client's own by its own name.
    fn dimension(&self, name: &str) -> String {
        let key = format!("dimension.{name}");
        if self.locale.has(&format!("scorecard.{key}")) {
            self.say(&key, &[])
        } else {
            name.to_owned()
        }
    }

    fn breakdown(&self, at: usize) -> Vec<model::Member> {
        let members = self.evaluated.breakdowns[at].iter();
        members
            .map(|member| model::Member {
                dimension: self.dimension(&member.dimension),
                member: match member.member.as_str() {
                    "" => self.say("unstated", &[]),
                    stated => stated.to_owned(),
                },
                value: member.value,
                numerator: member.numerator,
                denominator: member.denominator,
            })
            .collect()
    }

    fn target_source(&self, kpi: &Kpi, result: &KpiResult) -> String {
        let key = match result.target_source {
            TargetSource::None => "target.none",
            TargetSource::BuiltIn => "target.built-in",
            TargetSource::Sheet => "target.sheet",
            TargetSource::SheetLonger => "target.sheet-longer",
            TargetSource::Workspace => match &kpi.target_source {
                Some(source) => return own_words(source, self.locale).unwrap_or_default(),
                None => "target.workspace",
            },
        };
        self.say(key, &[])
    }

    /// What its owner has to say, and what is to be known of a value that was typed in.
    fn comment(&self, result: &KpiResult) -> Option<String> {
        let said = result.comments.iter().map(|comment| match &comment.author {
            Some(author) => self.say(
                "comment",
                &[
                    ("text", Argument::Text(comment.text.clone())),
                    ("author", Argument::Text(author.clone())),
                ],
            ),
            None => comment.text.clone(),
        });
        let all: Vec<String> = said.chain(self.typed(result)).collect();
        (!all.is_empty()).then(|| all.join(" "))
    }

    fn typed(&self, result: &KpiResult) -> Option<String> {
        let manual = result.manual.as_ref()?;
        let said = match &manual.source {
            Some(source) => self.say("manual", &[("source", Argument::Text(source.clone()))]),
            None => self.say("manual-unnamed", &[]),
        };
        Some(match &manual.note {
            Some(note) => format!("{said} {note}"),
            None => said,
        })
    }

    fn initiatives(&self, among: impl Fn(&Initiative) -> bool) -> Vec<model::Initiative> {
        let initiatives = self.evaluated.initiatives.iter();
        initiatives
            .filter(|initiative| among(initiative))
            .map(|initiative| {
                let kpi = initiative.kpi.map(|at| &self.definition.kpis[at]);
                model::Initiative {
                    initiative: initiative.initiative.clone(),
                    kpi: kpi.map(|kpi| kpi.id.clone()),
                    kpi_label: kpi.map(|kpi| self.kpi_label(kpi)),
                    owner: initiative.owner.clone(),
                    cost: initiative.cost,
                    due: initiative.due,
                    status: initiative.status.clone(),
                }
            })
            .collect()
    }

    fn alerts(&self) -> Vec<model::Alert> {
        let alerts = self.evaluated.turned_red.iter();
        alerts
            .map(|alert| {
                let kpi = &self.definition.kpis[alert.kpi];
                model::Alert {
                    kpi: kpi.id.clone(),
                    label: self.kpi_label(kpi),
                    unit: unit(kpi.unit),
                    previous: alert.previous,
                    value: alert.value,
                    target: alert.target,
                }
            })
            .collect()
    }

    fn missing(&self) -> Vec<model::Missing> {
        let groups = self.evaluated.not_measured.iter();
        groups
            .map(|group| model::Missing {
                cure: self.cure(&group.reason),
                kpis: group
                    .kpis
                    .iter()
                    .map(|kpi| &self.definition.kpis[*kpi])
                    .map(|kpi| model::KpiName {
                        id: kpi.id.clone(),
                        label: self.kpi_label(kpi),
                    })
                    .collect(),
                share: group.share,
            })
            .collect()
    }

    /// What would cure a reason: its own words where no cure is known.
    fn cure(&self, reason: &Message) -> String {
        if let Message::Keyed { key, args } = reason
            && let Some(name) = key.strip_prefix("missing.")
        {
            let cure = format!("missing.cure.{name}");
            if self.locale.has(&cure) {
                return self.locale.filled(&cure, args);
            }
        }
        self.locale.message(reason)
    }

    fn branch_label(&self, kind: &str, branch: &Branch) -> String {
        self.label(&branch.label, &format!("{kind}.{}", branch.id), &branch.id)
    }

    fn kpi_label(&self, kpi: &Kpi) -> String {
        self.label(&kpi.label, &format!("kpi.{}.label", kpi.id), &kpi.id)
    }

    fn label(&self, label: &Label, key: &str, otherwise: &str) -> String {
        words(label, key, otherwise, self.locale)
    }
}

/// The label of a KPI, and its formula in words or, without any, as it is computed.
pub fn kpi_words(kpi: &Kpi, locale: &Locale) -> (String, String) {
    let label = words(
        &kpi.label,
        &format!("kpi.{}.label", kpi.id),
        &kpi.id,
        locale,
    );
    let expression = kpi.value.as_ref().map_or("", |value| value.text());
    let key = format!("kpi.{}.formula", kpi.id);
    (label, words(&kpi.formula, &key, expression, locale))
}

/// The client's own words, else those of the catalogue, else `otherwise`.
fn words(label: &Label, key: &str, otherwise: &str, locale: &Locale) -> String {
    own_words(label, locale).unwrap_or_else(|| {
        let text = if locale.has(key) {
            locale.text(key)
        } else {
            otherwise
        };
        text.to_owned()
    })
}

/// The client's own words: in the language of the report, else in English, else in any.
fn own_words(label: &Label, locale: &Locale) -> Option<String> {
    match label {
        Label::Catalogue => None,
        Label::Text(text) => Some(text.clone()),
        Label::Languages(texts) => texts
            .get(locale.language().code())
            .or_else(|| texts.get("en"))
            .or_else(|| texts.values().next())
            .cloned(),
    }
}

fn descend<'r>(root: &'r Rolled, path: &[usize]) -> Option<&'r Rolled> {
    path.iter()
        .try_fold(root, |node, at| node.children.get(*at))
}

fn rounded(score: f64) -> i64 {
    score.round() as i64
}

fn whole(score: f64) -> Argument {
    Argument::Count(rounded(score))
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn status(status: Status) -> model::Status {
    match status {
        Status::Good => model::Status::Good,
        Status::Watch => model::Status::Watch,
        Status::Act => model::Status::Act,
        Status::NotMeasured => model::Status::NotMeasured,
        Status::InsufficientData => model::Status::InsufficientData,
        Status::NotDue => model::Status::NotDue,
        Status::Information => model::Status::Information,
    }
}

fn counts(counts: &Counts) -> model::Counts {
    model::Counts {
        good: counts.good,
        watch: counts.watch,
        act: counts.act,
        not_measured: counts.not_measured,
        not_due: counts.not_due,
        information: counts.information,
    }
}

fn unit(unit: Unit) -> model::Unit {
    match unit {
        Unit::Money => model::Unit::Money,
        Unit::Percent => model::Unit::Percent,
        Unit::Count => model::Unit::Count,
        Unit::Number => model::Unit::Number,
        Unit::Score => model::Unit::Score,
        Unit::Hours => model::Unit::Hours,
        Unit::Days => model::Unit::Days,
    }
}

fn change(change: Change) -> model::Change {
    model::Change {
        amount: change.amount,
        points: change.points,
        better: change.better,
    }
}

#[cfg(test)]
mod tests;
