//! What is said about a case: names, timings, assumptions, remarks, the opening sentence.

use rust_decimal::Decimal;

use crate::message::Argument;
use crate::report::locale::Locale;
use crate::report::model::{Lead, RoiAssumption};
use crate::roi::case::{Attribution, Line, Ramp, Setting, Side, Timing};
use crate::roi::{
    Appraisal, Assumption, BreakEven, SMALL_INITIAL, Unit, Valuation, finance, first_month, float,
};

/// An appraisal with the language it is told in.
pub(super) struct Words<'a> {
    pub(super) of: &'a Appraisal,
    pub(super) locale: &'a Locale,
}

impl Words<'_> {
    pub(super) fn say(&self, key: &str) -> String {
        self.locale.text(key).to_owned()
    }

    pub(super) fn fill(&self, key: &str, args: &[(&str, String)]) -> String {
        let args: Vec<_> = args
            .iter()
            .map(|(name, text)| (*name, Argument::Text(text.clone())))
            .collect();
        self.locale.text_with(key, &args)
    }

    pub(super) fn counted(&self, key: &str, count: i64) -> String {
        self.locale
            .text_with(key, &[("count", Argument::Count(count))])
    }

    pub(super) fn years(&self) -> String {
        self.counted("roi.years", i64::from(self.of.case.horizon_years))
    }

    /// A rate or share without a decimal where it has none: 10%, 12.5%.
    pub(super) fn share(&self, share: f64) -> String {
        let whole = (share * 100.0 - (share * 100.0).round()).abs() < 1e-9;
        self.locale.percent(share, if whole { 0 } else { 1 })
    }

    pub(super) fn payback(&self, months: Option<f64>) -> String {
        match months {
            Some(months) => self.locale.months_long(months),
            None => self.fill("roi.not-within", &[("years", self.years())]),
        }
    }

    /// The client's words in the language of the report, where the case translates them.
    pub(super) fn own(&self, text: &str) -> String {
        let translations = &self.of.case.translations;
        translations.of(text, self.locale.language()).to_owned()
    }

    /// The name of a line: the client's words, or its component's or catalogue entry's.
    pub(super) fn line(&self, line: &Line) -> String {
        let label = line.label.as_deref();
        label.map_or_else(|| self.kind(line), |label| self.own(label))
    }

    /// The name of the component or catalogue entry of a line.
    pub(super) fn kind(&self, line: &Line) -> String {
        match line.side {
            Side::Cost => self.say(&format!("component.{}", line.number)),
            Side::Benefit => self.say(&format!("benefit.{}", line.number)),
        }
    }

    pub(super) fn attribution(&self, attribution: Attribution) -> String {
        self.say(&format!("roi.attribution.{}", attribution.name()))
    }

    /// The name of a step; step 0 is the start.
    pub(super) fn step(&self, step: usize) -> String {
        if step == 0 {
            return self.say("roi.step.start");
        }
        let key = match self.of.case.timing {
            Timing::Annual => "roi.step.year",
            Timing::Monthly => "roi.step.month",
        };
        self.fill(key, &[("n", step.to_string())])
    }

    /// When a line flows.
    pub(super) fn timing(&self, line: &Line) -> String {
        let month = first_month(&self.of.case, line, 0).to_string();
        let key = match (line.every, line.side) {
            (None, _) => "once".to_owned(),
            (Some(every), Side::Cost) => every.name().to_owned(),
            (Some(every), Side::Benefit) => format!("per-{}", every.name()),
        };
        let mut said = self.fill(&format!("roi.timing.{key}"), &[("month", month)]);
        let ramp = match &line.ramp {
            _ if line.every.is_none() => None,
            Ramp::None => None,
            Ramp::Months(months) => Some(self.fill(
                "roi.timing.ramp-months",
                &[("months", self.locale.months_long(f64::from(*months)))],
            )),
            Ramp::Shares(shares) => {
                let shares: Vec<_> = shares.iter().map(|s| self.share(float(*s))).collect();
                Some(self.fill("roi.timing.ramp-shares", &[("shares", shares.join(" → "))]))
            }
        };
        if let Some(ramp) = ramp {
            said = format!("{said}, {ramp}");
        }
        said
    }

    /// Where a line's figure comes from.
    pub(super) fn source(&self, line: &Line) -> String {
        use crate::diagnostics::Place;
        let from = match &line.place {
            Place::Text { .. } => self.say("roi.assumption.file"),
            place => place.to_string(),
        };
        match &line.source {
            Some(source) => format!("{from}: {}", self.own(source)),
            None => self.fill("roi.assumption.no-source", &[("file", from)]),
        }
    }

    /// A figure of a line at one of its points: an amount, or a factor as a percentage.
    pub(super) fn point(&self, line: &Line, point: Decimal) -> String {
        if line.measure.is_some() {
            self.factor(point)
        } else {
            self.locale.amount(float(point))
        }
    }

    /// A factor of a measure: a share as percent with what digits it needs, a larger one as it is.
    fn factor(&self, factor: Decimal) -> String {
        let percent = (factor * Decimal::ONE_HUNDRED).normalize();
        if factor.abs() <= Decimal::ONE {
            self.locale.percent(float(factor), percent.scale().min(4))
        } else {
            self.locale
                .number(float(factor), factor.normalize().scale().min(4))
        }
    }

    /// The name of a measure, where the catalogues have one.
    pub(super) fn measure(&self, name: &str) -> String {
        let key = format!("measure.{name}");
        if self.locale.has(&key) {
            self.say(&key)
        } else {
            name.to_owned()
        }
    }

    /// Why a line has no figure.
    pub(super) fn missing(&self, line: &Line, tables: &[String]) -> String {
        if tables.is_empty() {
            let measure = self.measure(line.measure.as_deref().unwrap_or_default());
            self.fill("roi.missing.value", &[("measure", measure)])
        } else {
            self.fill("roi.missing.tables", &[("tables", tables.join(", "))])
        }
    }

    pub(super) fn break_even(&self, break_even: BreakEven) -> String {
        match break_even {
            BreakEven::At(multiple) => self.fill(
                "roi.break-even.at",
                &[("share", self.locale.percent(multiple, 0))],
            ),
            BreakEven::NotNeeded => self.say("roi.break-even.not-needed"),
            BreakEven::Never => self.say("roi.break-even.never"),
        }
    }

    /// The opening sentence.
    pub(super) fn lead(&self) -> Lead {
        let base = &self.of.base;
        let costs = base.total_costs();
        let benefits = base.total_benefits();
        let money = |amount: f64| self.locale.amount(amount);
        let years = ("years", self.years());
        let basis = self.fill(
            "roi.lead.basis",
            &[years.clone(), ("rate", self.share(base.hurdle_rate))],
        );
        if benefits.is_zero() {
            let costs = ("costs", money(float(costs)));
            return lead(
                self.fill("roi.lead.no-benefit", &[costs, years]),
                String::new(),
            );
        }
        if costs.is_zero() {
            let benefits = ("benefits", money(float(benefits)));
            return lead(
                self.fill("roi.lead.no-cost", &[benefits, years]),
                String::new(),
            );
        }
        let payback = base.payback_months();
        let npv = ("npv", money(base.npv.abs()));
        let bold = match payback.last {
            Some(months) => {
                let key = if base.npv < 0.0 {
                    "below-hurdle"
                } else {
                    "pays-back"
                };
                let payback = ("payback", self.locale.months_long(months));
                self.fill(&format!("roi.lead.{key}"), &[payback, npv])
            }
            None if payback.first.is_some() => self.fill("roi.lead.ends-below", &[years]),
            None => self.fill("roi.lead.never", &[years, npv]),
        };
        let hinge = self.of.swings.first().map(|swing| {
            let assumption = ("assumption", self.assumption(swing.of));
            self.fill("roi.lead.hinge", &[assumption])
        });
        lead(bold, format!("{basis} {}", hinge.unwrap_or_default()))
    }

    /// The name of what sensitivity moves.
    pub(super) fn assumption(&self, of: Assumption) -> String {
        match of {
            Assumption::Line(index) => match self.of.case.lines.get(index) {
                Some(line) => self.line(line),
                None => String::new(),
            },
            Assumption::HurdleRate => self.say("roi.swing.hurdle-rate"),
            Assumption::GoLive => self.say("roi.swing.go-live"),
        }
    }

    /// Everything the case assumes: its frame, then its lines.
    pub(super) fn assumptions(&self) -> Vec<RoiAssumption> {
        let case = &self.of.case;
        let file = self.say("roi.assumption.file");
        let frame = |key: &str, value: String, setting: Setting| {
            let is_default = case.defaults.contains(&setting);
            let source = if is_default {
                self.say("roi.assumption.default")
            } else {
                file.clone()
            };
            self.assumed(key, value, source, is_default)
        };
        let date = |day| self.locale.date(day);
        let rate = self.share(case.hurdle_rate);
        let rate = match case.timing {
            Timing::Annual => self.fill("roi.assumption.hurdle-rate-value", &[("rate", rate)]),
            Timing::Monthly => {
                let month = finance::period_rate(case.hurdle_rate, 12);
                let month = ("month", self.locale.percent(month, 3));
                self.fill(
                    "roi.assumption.hurdle-rate-monthly",
                    &[("rate", rate), month],
                )
            }
        };
        let go_live = self.fill(
            "roi.assumption.go-live-value",
            &[
                ("date", date(case.day(case.go_live))),
                ("month", case.go_live.to_string()),
            ],
        );
        let timing = self.say(&format!("roi.assumption.{}", case.timing.name()));
        let mut said = vec![
            frame("starts", date(case.starts), Setting::Starts),
            frame("go-live", go_live, Setting::GoLive),
            frame("horizon", self.years(), Setting::HorizonYears),
            frame("hurdle-rate", rate, Setting::HurdleRate),
            frame("timing", timing, Setting::Timing),
        ];
        if let Some(option) = case.option {
            let option = self.say(&format!("roi.option.{}", option.name()));
            said.push(self.assumed("option", option, file.clone(), false));
        }
        let not_counted = self.say("roi.assumption.not-counted");
        said.push(self.assumed("tax", not_counted.clone(), "—".to_owned(), false));
        let cautious = self.say("roi.assumption.residual-source");
        said.push(self.assumed("residual", not_counted, cautious, false));
        let counted = case.lines.iter().zip(&self.of.units);
        said.extend(
            counted
                .filter(|(line, _)| case.counts(line, case.option))
                .map(|(line, unit)| RoiAssumption {
                    label: self.line(line),
                    value: self.line_value(line, unit),
                    source: self.source(line),
                    is_default: false,
                }),
        );
        said
    }

    fn assumed(&self, key: &str, value: String, source: String, is_default: bool) -> RoiAssumption {
        RoiAssumption {
            label: self.say(&format!("roi.assumption.{key}")),
            value,
            source,
            is_default,
        }
    }

    /// A line's figure with all that changes it.
    fn line_value(&self, line: &Line, unit: &Unit) -> String {
        let mut parts = vec![match (unit, &line.measure) {
            (Unit::Measure(value), Some(measure)) => {
                let amount = float(*value * line.points.likely);
                let factor = ("factor", self.factor(line.points.likely));
                let amount = ("amount", self.locale.amount(amount));
                let measure = ("measure", self.measure_of(measure, *value));
                self.fill("roi.assumption.measure", &[measure, factor, amount])
            }
            (Unit::Missing { tables }, _) => self.missing(line, tables),
            _ => self.locale.amount(float(line.points.likely)),
        }];
        parts.push(self.timing(line));
        if line.points.has_range() {
            let low = self.point(line, line.points.low.unwrap_or(line.points.likely));
            let high = self.point(line, line.points.high.unwrap_or(line.points.likely));
            parts.push(self.fill("roi.assumption.range", &[("low", low), ("high", high)]));
        }
        if line.realisation != Decimal::ONE {
            let share = self.share(float(line.realisation));
            parts.push(self.fill("roi.assumption.realisation", &[("share", share)]));
        }
        if !line.risk.is_zero() {
            let share = self.share(float(line.risk));
            parts.push(self.fill("roi.assumption.risk", &[("share", share)]));
        }
        parts.join("; ")
    }

    /// A measure with its value and period.
    pub(super) fn measure_of(&self, measure: &str, value: Decimal) -> String {
        self.fill(
            "roi.assumption.measure-of",
            &[
                ("measure", self.measure(measure)),
                ("value", self.locale.number(float(value), 0)),
                ("period", self.locale.quarter(self.of.period)),
            ],
        )
    }

    /// Remarks to print beside the figures, the gravest first.
    pub(super) fn warnings(&self) -> Vec<String> {
        let case = &self.of.case;
        let base = &self.of.base;
        let mut said = self.left_out();
        let costs = float(base.total_costs());
        let initial = float(self.of.initial) / costs;
        if self.of.initial > Decimal::ZERO && initial < SMALL_INITIAL {
            let share = ("share", self.locale.percent(initial, 0));
            said.push(self.fill(
                "roi.warning.small-initial",
                &[share, ("years", self.years())],
            ));
        }
        let rates = base.irr();
        if rates.len() > 1 {
            let rates: Vec<_> = rates.iter().map(|r| self.locale.percent(*r, 1)).collect();
            said.push(self.fill("roi.warning.several-irr", &[("rates", rates.join(", "))]));
        }
        said.extend(self.about_payback(base));
        let benefits = case
            .lines
            .iter()
            .filter(|line| line.side == Side::Benefit && case.counts(line, case.option));
        let mut attributions = benefits.map(|line| line.attribution).peekable();
        if let Some(npv) = self.of.npv_without_associated {
            let npv = ("npv", self.locale.amount(npv));
            said.push(self.fill("roi.warning.associated", &[npv]));
        } else if attributions.peek().is_some()
            && attributions.all(|attribution| attribution == Attribution::Associated)
        {
            said.push(self.say("roi.warning.all-associated"));
        }
        if self
            .of
            .units
            .iter()
            .any(|unit| matches!(unit, Unit::Measure(_)))
        {
            let period = ("period", self.locale.quarter(self.of.period));
            said.push(self.fill("roi.warning.measure-held", &[period]));
        }
        let lines = case
            .lines
            .iter()
            .filter(|line| case.counts(line, case.option));
        let count = |wanted: &dyn Fn(&Line) -> bool| {
            lines.clone().filter(|line| wanted(line)).count() as i64
        };
        for (key, count) in [
            ("no-range", count(&|line| !line.points.has_range())),
            ("from-sheet", count(&|line| !is_from_file(line))),
        ] {
            if count > 0 {
                said.push(self.counted(&format!("roi.warning.{key}"), count));
            }
        }
        said
    }

    fn left_out(&self) -> Vec<String> {
        let lines = self.of.case.lines.iter().zip(&self.of.units);
        lines
            .filter_map(|(line, unit)| {
                let Unit::Missing { tables } = unit else {
                    return None;
                };
                let reason = ("reason", self.missing(line, tables));
                Some(self.fill("roi.warning.left-out", &[("line", self.line(line)), reason]))
            })
            .collect()
    }

    fn about_payback(&self, base: &Valuation) -> Option<String> {
        let payback = base.payback_months();
        match (payback.first, payback.last) {
            (Some(0.0), Some(0.0)) => Some(self.say("roi.warning.at-once")),
            (Some(first), last) if last != Some(first) => {
                let first = ("first", self.locale.months_long(first));
                Some(self.fill("roi.warning.second-dip", &[first]))
            }
            _ => None,
        }
    }
}

fn is_from_file(line: &Line) -> bool {
    matches!(line.place, crate::diagnostics::Place::Text { .. })
}

fn lead(bold: String, rest: String) -> Lead {
    Lead { bold, rest }
}
