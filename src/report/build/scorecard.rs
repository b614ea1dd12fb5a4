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
            bold: self.say(key, &[("score", whole(score)), ("change", by)]),
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
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::diagnostics::Diagnostics;
    use crate::engine::{Measure, MeasureRow};
    use crate::report::locale::tests::locale;
    use crate::scorecard::{FILE, Inputs, KnownMeasure, Level, Supplied, Vocabulary};
    use crate::workspace::{Files, Language};

    /// Every reason the scorecard gives.
    const REASONS: [&str; 15] = [
        "band",
        "column",
        "denominator",
        "floor",
        "measure-empty",
        "not-additive",
        "not-due",
        "overflow",
        "parts",
        "red-flag",
        "scale",
        "script",
        "table",
        "target",
        "typed-only",
    ];

    fn known() -> Vec<KnownMeasure> {
        // The names that the shipped scorecard uses are read from it, so that this test is about
        // words alone.
        let text = crate::workspace::shipped(FILE).unwrap();
        let mut names = BTreeSet::new();
        for line in text.lines().filter(|line| line.starts_with("value = ")) {
            let value = line.trim_start_matches("value = ").trim_matches('"');
            let expression = crate::scorecard::Expression::parse(value).unwrap();
            names.extend(expression.names().iter().map(|name| name.name.clone()));
        }
        names.into_iter().map(KnownMeasure::named).collect()
    }

    fn definition(text: &str) -> Definition {
        let measures = known();
        let vocabulary = Vocabulary {
            measures: &measures,
            tables: &[],
            functions: None,
        };
        let mut problems = Diagnostics::new();
        Definition::read(
            &Files::built_in().with(FILE, text),
            &vocabulary,
            &mut problems,
        )
        .unwrap()
    }

    #[test]
    fn everything_on_the_shipped_scorecard_has_words_in_every_language() {
        let definition = definition("");
        for language in Language::ALL {
            let locale = locale(language, "THB");
            let mut lacking = Vec::new();
            let mut need = |key: String| {
                if !locale.has(&key) {
                    lacking.push(key);
                }
            };
            for kpi in &definition.kpis {
                need(format!("kpi.{}.label", kpi.id));
                need(format!("kpi.{}.formula", kpi.id));
            }
            for (level, kind) in [
                (Level::Perspective, "perspective"),
                (Level::Process, "process"),
                (Level::Objective, "objective"),
            ] {
                let branches = definition.branches(level).into_iter();
                branches
                    .filter(|branch| !branch.id.is_empty())
                    .for_each(|branch| need(format!("{kind}.{}", branch.id)));
            }
            REASONS
                .iter()
                .for_each(|reason| need(format!("missing.{reason}")));
            assert!(lacking.is_empty(), "{}: {lacking:?}", language.code());
        }
    }

    fn row(period: &str, value: f64) -> MeasureRow {
        MeasureRow {
            period: period.parse().unwrap(),
            members: Vec::new(),
            value: Some(value),
            numerator: None,
            denominator: None,
        }
    }

    /// Retention has 60 % of the weight and scores 46, the wallet is missing: between 28 and 68.
    fn small() -> (Definition, Scorecard) {
        let definition = definition(
            "built-in = false\n\
             [[perspective]]\nid = \"customer\"\n\
             [[perspective]]\nid = \"mine\"\nlabel = { en = \"Mine\", th = \"ของเรา\" }\nweight = 0\n\
             [[objective]]\nid = \"increase-loyalty\"\nperspective = \"customer\"\n\
             [[objective]]\nid = \"empty\"\nperspective = \"mine\"\n\
             [[kpi]]\nid = \"C2\"\nobjective = \"increase-loyalty\"\nvalue = \"retained_customers\"\nunit = \"percent\"\nbetter = \"higher\"\ntarget = 1\nweight = 6\ntarget-source = \"board, May\"\n\
             [[kpi]]\nid = \"F2\"\nobjective = \"increase-loyalty\"\nvalue = \"share_of_wallet\"\nunit = \"percent\"\nbetter = \"higher\"\nneeds = [\"wallet\"]\nweight = 4\n\
             [[kpi]]\nid = \"own\"\nobjective = \"empty\"\nvalue = \"revenue_new * 2\"\nunit = \"money\"\nscoring = \"unscored\"\n",
        );
        let measures = [Measure {
            name: "retained_customers".to_owned(),
            dimensions: Vec::new(),
            is_ratio: false,
            rows: vec![row("2026-Q2", 0.78), row("2026-Q3", 0.99)],
            reads: vec!["transactions".to_owned()],
            missing_tables: Vec::new(),
        }];
        let supplied = Supplied {
            tables: BTreeSet::from(["transactions".to_owned()]),
            columns: BTreeSet::new(),
        };
        let inputs = Inputs {
            measures: &measures,
            supplied: &supplied,
            targets: &[],
            manual: &[crate::scorecard::ManualRow {
                kpi: "C2".to_owned(),
                period: "2026-Q3".parse().unwrap(),
                value: 0.46,
                source: Some("the shops".to_owned()),
                note: Some("Two closed.".to_owned()),
                place: None,
            }],
            commentary: &[crate::scorecard::CommentaryRow {
                kpi: "C2".to_owned(),
                period: "2026-H2".parse().unwrap(),
                text: "Weak.".to_owned(),
                author: Some("Noi".to_owned()),
                place: None,
            }],
            initiatives: &[crate::scorecard::InitiativeRow {
                initiative: "Call them".to_owned(),
                owner: None,
                cost: None,
                due: None,
                kpi: Some("C2".to_owned()),
                status: None,
                place: None,
            }],
            functions: None,
            is_complete: true,
        };
        let reported = "2026-Q3".parse().unwrap();
        let periods = ["2026-Q2".parse().unwrap(), reported];
        let evaluated = crate::scorecard::evaluate(
            &definition,
            &inputs,
            &periods,
            reported,
            &mut Diagnostics::new(),
        );
        (definition, evaluated)
    }

    #[test]
    fn the_lead_says_score_change_bounds_and_what_turned_red() {
        let (definition, evaluated) = small();
        let lead = |language| {
            let locale = locale(language, "THB");
            scorecard(&evaluated, &definition, &locale).lead
        };
        let english = lead(Language::En);
        assert_eq!(english.bold, "Score 46 of 100, down 32.");
        assert_eq!(
            english.rest,
            "The true score is between 28 and 68: 60.0% of the weight is measured. Turned red: Customer retention."
        );
        let thai = lead(Language::Th);
        assert_eq!(thai.bold, "ได้ 46 คะแนนจาก 100 ลดลง 32");
        assert!(thai.rest.contains("ลูกค้าที่รักษาไว้ได้"), "{}", thai.rest);
        let vietnamese = lead(Language::Vi);
        assert_eq!(vietnamese.bold, "Đạt 46/100 điểm, giảm 32.");
        assert!(!vietnamese.rest.contains('{'), "{}", vietnamese.rest);
    }

    #[test]
    fn kpis_carry_reasons_sources_and_histories_in_words() {
        let (definition, evaluated) = small();
        let page = scorecard(&evaluated, &definition, &locale(Language::En, "THB"));
        assert_eq!((page.kpis, page.measured), (3, 1));
        let customer = &page.perspectives[0];
        assert_eq!(customer.label, "Customer");
        assert_eq!(
            customer.finding,
            "Down 32 since the last quarter. Turned red: Customer retention."
        );
        let history: Vec<_> = customer
            .node
            .history
            .iter()
            .flatten()
            .map(|s| s.round())
            .collect();
        assert_eq!(history, [78.0, 46.0]);
        assert_eq!(customer.node.previous, Some(78.0));
        let [c2, f2] = customer.processes[0].kpis.as_slice() else {
            panic!("two KPIs");
        };
        assert_eq!(c2.target_source, "board, May");
        assert_eq!(c2.objective, "Increase customer loyalty");
        assert_eq!(c2.scale, [0.0, 0.5, 0.75, 1.0]);
        assert_eq!(
            c2.comment.as_deref(),
            Some("Weak. (Noi) Typed in, from the shops. Two closed.")
        );
        assert_eq!(c2.initiatives, page.initiatives);
        let [call] = page.initiatives.as_slice() else {
            panic!("one initiative");
        };
        assert_eq!(call.kpi_label.as_deref(), Some("Customer retention"));
        assert!(f2.initiatives.is_empty());
        assert_eq!(c2.sources, ["manual_kpi"]);
        assert!((c2.share - 0.6).abs() < 1e-12);
        assert!(c2.change.unwrap().points && c2.change_year.is_none());
        assert_eq!(
            f2.reason.as_deref(),
            Some("No sheet for wallet was supplied.")
        );
        assert_eq!((f2.value, f2.status), (None, model::Status::NotMeasured));
        assert_eq!(page.not_measured[0].cure, "sheet wallet");
        assert_eq!(page.not_measured[0].kpis[0].id, "F2");
        assert_eq!(page.not_measured[0].kpis[0].label, "Share of wallet");
        assert!((page.not_measured[0].share - 0.4).abs() < 1e-12);
        let mine = &page.perspectives[1];
        assert_eq!(mine.label, "Mine");
        assert_eq!(mine.processes[0].kpis[0].label, "own");
        assert_eq!(mine.processes[0].kpis[0].formula, "revenue_new * 2");
        assert_eq!(mine.node.status, model::Status::Information);
        assert_eq!(page.turned_red[0].kpi, "C2");
        let thai = scorecard(&evaluated, &definition, &locale(Language::Th, "THB"));
        assert_eq!(thai.perspectives[1].label, "ของเรา");
        let vietnamese = scorecard(&evaluated, &definition, &locale(Language::Vi, "THB"));
        assert_eq!(vietnamese.perspectives[1].label, "Mine");
    }
}
