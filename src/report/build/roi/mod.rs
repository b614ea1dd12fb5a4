//! The ROI part of the report model, from an appraisal.

mod fixture;
#[cfg(test)]
pub(crate) mod tests;
mod words;

use rust_decimal::Decimal;

use crate::report::locale::Locale;
use crate::report::model::{
    BenefitLine, BridgeStep, ChartStep, CostComponent, Flow, Lead, Phase, RealisedLine, Roi,
    RoiCase, RoiConvention, RoiLine, RoiOption, Scenario, Swing,
};
use crate::roi::case::{self, IMPLEMENTATION_TIME, Level, Line, Side, Timing};
use crate::roi::{
    Appraisal, Assumption, BreakEven, Unit, Valuation, finance, first_month, float, floats,
    initial_cost, is_initial, monthly_shares,
};

pub(in crate::report) use fixture::full_case;
use words::Words;

/// Months of a project quarter, into which a chart gathers months.
const QUARTER: usize = 3;

/// The ROI part of a report; without an appraisal it says how to supply a case.
pub fn roi(appraisal: Option<&Appraisal>, locale: &Locale) -> Roi {
    let Some(of) = appraisal else {
        let reason = locale.text("roi.no-case").to_owned();
        return Roi {
            lead: Lead {
                bold: locale.text("roi.lead.no-case").to_owned(),
                rest: String::new(),
            },
            case: None,
            reason: Some(reason),
        };
    };
    let words = Words { of, locale };
    Roi {
        lead: words.lead(),
        case: Some(words.case()),
        reason: None,
    }
}

impl Words<'_> {
    fn case(&self) -> RoiCase {
        let (case, base) = (&self.of.case, &self.of.base);
        let flows = self.flows();
        let payback = base.payback_months().last;
        let discounted = base.discounted_payback_months().last;
        let (deepest_step, deepest) = finance::deepest(&base.net);
        let irr = base.irr();
        let irr_note = match irr.len() {
            0 => "none",
            1 => "single",
            _ => "several",
        };
        let (chart, chart_months) = self.chart(&flows);
        RoiCase {
            name: self.own(&case.name),
            horizon_years: case.horizon_years,
            hurdle_rate: case.hurdle_rate,
            hurdle_rate_label: self.share(case.hurdle_rate),
            step_rate: finance::period_rate(case.hurdle_rate, base.per_year),
            timing: case.timing.name().to_owned(),
            steps_per_year: base.per_year,
            starts: case.starts,
            go_live: case.day(case.go_live),
            go_live_month: case.go_live,
            npv: base.npv,
            pv_costs: base.pv_costs,
            pv_benefits: base.pv_benefits,
            initial: float(self.of.initial),
            total_costs: float(base.total_costs()),
            total_benefits: float(base.total_benefits()),
            irr,
            irr_note: self.say(&format!("roi.irr.{irr_note}")),
            xirr: self.of.xirr.clone(),
            payback_months: payback,
            payback: self.payback(payback),
            discounted_payback_months: discounted,
            discounted_payback: self.payback(discounted),
            deepest,
            deepest_at: self.step(deepest_step),
            conventions: self.conventions(),
            flows,
            chart,
            chart_months,
            bridge: self.bridge(),
            costs: self.costs(),
            benefits: self.benefits(),
            lines: self.lines(),
            scenarios: self.scenarios(),
            sensitivity: self.sensitivity(),
            phases: self.phases(),
            options: self.options(),
            realised: self.realised(),
            assumptions: self.assumptions(),
            warnings: self.warnings(),
        }
    }

    fn conventions(&self) -> Vec<RoiConvention> {
        let roi = self.of.conventions;
        let figures = [
            ("seed", roi.seed),
            ("simple", roi.simple),
            ("tei", roi.tei),
            ("nucleus", roi.nucleus),
        ];
        let rate = self.share(self.of.case.hurdle_rate);
        let args = [("years", self.years()), ("rate", rate)];
        let convention = |(id, value): (&str, Option<f64>)| RoiConvention {
            id: id.to_owned(),
            label: self.say(&format!("roi.convention.{id}.label")),
            value,
            definition: self.fill(&format!("roi.convention.{id}.definition"), &args),
            use_when: self.say(&format!("roi.convention.{id}.use")),
        };
        figures.map(convention).to_vec()
    }

    fn flows(&self) -> Vec<Flow> {
        let (case, base) = (&self.of.case, &self.of.base);
        let sums = finance::cumulative(&base.net);
        let present = base.present_values();
        (0u32..)
            .zip(base.costs.iter().zip(&base.benefits))
            .zip(base.net.iter().zip(sums).zip(present))
            .map(
                |((step, (costs, benefits)), ((net, cumulative), present_value))| {
                    let falls_on = case.day(step * case.timing.months());
                    Flow {
                        label: self.step(step as usize),
                        step,
                        falls_on,
                        costs: float(*costs),
                        benefits: float(*benefits),
                        net: *net,
                        cumulative,
                        discount_factor: finance::discount_factor(
                            case.hurdle_rate,
                            step as usize,
                            base.per_year,
                        ),
                        present_value,
                        // A step ends the day before the next begins.
                        forecast: falls_on.pred_opt() > Some(self.of.data_to),
                    }
                },
            )
            .collect()
    }

    /// Flows for a chart: the start, then quarters of months, or years. Also the months in a step.
    fn chart(&self, flows: &[Flow]) -> (Vec<ChartStep>, u32) {
        let (gather, months) = match self.of.case.timing {
            Timing::Annual => (1, 12),
            Timing::Monthly => (QUARTER, QUARTER as u32),
        };
        let (start, rest) = flows.split_at(flows.len().min(1));
        let groups = start.chunks(1).chain(rest.chunks(gather));
        let steps = groups.filter_map(|group| {
            let last = group.last()?;
            Some(ChartStep {
                label: match self.of.case.timing {
                    Timing::Annual => last.label.clone(),
                    Timing::Monthly => last.step.to_string(),
                },
                costs: group.iter().map(|flow| flow.costs).sum(),
                benefits: group.iter().map(|flow| flow.benefits).sum(),
                net: group.iter().map(|flow| flow.net).sum(),
                cumulative: last.cumulative,
                forecast: last.forecast,
            })
        });
        (steps.collect(), months)
    }

    fn bridge(&self) -> Vec<BridgeStep> {
        let base = &self.of.base;
        let (initial, costs) = (self.of.initial, base.total_costs());
        let years = [("years", self.years())];
        let step = |label: String, amount: Decimal, total: bool| BridgeStep {
            label,
            value: float(amount),
            total,
        };
        let mut steps = vec![
            step(self.say("roi.bridge.initial"), -initial, false),
            step(
                self.fill("roi.bridge.running", &years),
                initial - costs,
                false,
            ),
        ];
        for benefit in &self.of.benefits {
            if let (Some(line), Some(total)) = (self.line_at(benefit.line), benefit.total) {
                steps.push(step(self.line(line), total, false));
            }
        }
        let net = base.total_benefits() - costs;
        steps.push(step(self.fill("roi.bridge.net", &years), net, true));
        steps
    }

    fn line_at(&self, index: usize) -> Option<&Line> {
        self.of.case.lines.get(index)
    }

    fn costs(&self) -> Vec<CostComponent> {
        let case = &self.of.case;
        let component = |of: &crate::roi::Component| {
            let is_time = of.number == IMPLEMENTATION_TIME;
            let note = is_time.then(|| match case.go_live {
                0 => self.say("roi.component.duration-none"),
                months => {
                    let months = self.locale.months_long(f64::from(months));
                    self.fill("roi.component.duration", &[("months", months)])
                }
            });
            CostComponent {
                component: of.number,
                label: self.say(&format!("component.{}", of.number)),
                initial: of.initial.map(float),
                recurring: of.recurring.map(float),
                flows: floats(&of.flows),
                supplied: of.is_supplied() || is_time,
                room: of.room.map(|(start, _)| start),
                room_yearly: of.room.map(|(_, yearly)| yearly),
                note,
            }
        };
        self.of.components.iter().map(component).collect()
    }

    fn benefits(&self) -> Vec<BenefitLine> {
        let lines = self.of.benefits.iter().filter_map(|benefit| {
            let line = self.line_at(benefit.line)?;
            let flows = self.of.base.lines.get(benefit.line)?;
            let reason = match self.of.units.get(benefit.line) {
                Some(Unit::Missing { tables }) => Some(self.missing(line, tables)),
                _ => None,
            };
            Some(BenefitLine {
                benefit: line.number,
                label: self.line(line),
                catalogue: self.kind(line),
                total: benefit.total.map(float),
                break_even_note: match &reason {
                    None => self.break_even(benefit.break_even),
                    Some(_) => crate::report::locale::MISSING.to_owned(),
                },
                reason,
                flows: floats(flows.as_deref().unwrap_or_default()),
                attribution: line.attribution.name().to_owned(),
                attribution_label: self.attribution(line.attribution),
                break_even: match benefit.break_even {
                    BreakEven::At(multiple) => Some(multiple),
                    BreakEven::NotNeeded | BreakEven::Never => None,
                },
            })
        });
        lines.collect()
    }

    /// Whether a line counts in the base.
    fn is_counted(&self, index: usize) -> bool {
        matches!(self.of.base.lines.get(index), Some(Some(_)))
    }

    fn lines(&self) -> Vec<RoiLine> {
        let case = &self.of.case;
        let lines = case.lines.iter().zip(&self.of.units).enumerate();
        lines
            .filter_map(|(index, (line, unit))| {
                let flows = self.of.base.lines.get(index)?.as_ref()?;
                let (unit, unit_label) = match (unit, &line.measure) {
                    (Unit::Measure(value), Some(name)) => (*value, self.measure_of(name, *value)),
                    _ => (Decimal::ONE, String::new()),
                };
                let mut shares = monthly_shares(case, line, 0, case.months());
                if line.side == Side::Benefit {
                    let earlier = case.months() + first_month(case, line, 0);
                    shares = monthly_shares(case, line, 0, earlier);
                }
                Some(RoiLine {
                    label: self.line(line),
                    side: match line.side {
                        Side::Cost => "cost".to_owned(),
                        Side::Benefit => "benefit".to_owned(),
                    },
                    number: line.number,
                    kind: self.kind(line),
                    low: float(line.points.at(Level::Low)),
                    likely: float(line.points.likely),
                    high: float(line.points.at(Level::High)),
                    is_factor: line.measure.is_some(),
                    unit: float(unit),
                    unit_label,
                    realisation: float(line.realisation),
                    risk: float(line.risk),
                    timing: self.timing(line),
                    source: self.source(line),
                    initial: is_initial(case, index),
                    first_month: first_month(case, line, 0),
                    shares: floats(&shares),
                    flows: floats(flows),
                })
            })
            .collect()
    }

    fn scenarios(&self) -> Vec<Scenario> {
        let case = &self.of.case;
        let mut said = vec![self.scenario(
            self.say("roi.scenario.base"),
            self.say("roi.scenario.as-base"),
            &self.of.base,
            &[],
            0,
        )];
        for (scenario, valuation) in case.scenarios.iter().zip(&self.of.scenarios) {
            let label = match scenario.name.as_str() {
                "worst" => self.say("roi.scenario.worst"),
                "best" => self.say("roi.scenario.best"),
                own => own.to_owned(),
            };
            let what = self.what_differs(scenario);
            let (levels, shift) = (&scenario.levels, scenario.shift);
            said.push(self.scenario(label, what, valuation, levels, shift));
        }
        said
    }

    fn scenario(
        &self,
        label: String,
        what: String,
        valuation: &Valuation,
        levels: &[Level],
        shift: i32,
    ) -> Scenario {
        let payback = valuation.payback_months().last;
        let counted = (0..self.of.case.lines.len()).filter(|index| self.is_counted(*index));
        Scenario {
            label,
            what,
            npv: valuation.npv,
            roi: valuation.roi_tei(),
            payback_months: payback,
            payback: self.payback(payback),
            deepest: finance::deepest(&valuation.net).1,
            levels: counted
                .map(
                    |index| match levels.get(index).copied().unwrap_or_default() {
                        Level::Low => 1,
                        Level::Likely => 2,
                        Level::High => 3,
                    },
                )
                .collect(),
            shift,
            hurdle_rate: valuation.hurdle_rate,
        }
    }

    fn what_differs(&self, scenario: &case::Scenario) -> String {
        let at = |level: Level| {
            let lines = self.of.case.lines.iter().zip(&scenario.levels);
            let names: Vec<_> = lines
                .filter(|(_, at)| **at == level)
                .map(|(line, _)| self.line(line))
                .collect();
            (!names.is_empty()).then(|| names.join(", "))
        };
        let mut parts = Vec::new();
        for (level, key) in [(Level::Low, "low"), (Level::High, "high")] {
            let key = format!("roi.scenario.{key}");
            parts.extend(at(level).map(|lines| self.fill(&key, &[("lines", lines)])));
        }
        if scenario.shift != 0 {
            let key = if scenario.shift > 0 {
                "later"
            } else {
                "earlier"
            };
            let months = f64::from(scenario.shift.unsigned_abs());
            let months = ("months", self.locale.months_long(months));
            parts.push(self.fill(&format!("roi.scenario.{key}"), &[months]));
        }
        if let Some(rate) = scenario.hurdle_rate {
            parts.push(self.fill("roi.scenario.rate", &[("rate", self.share(rate))]));
        }
        if parts.is_empty() {
            self.say("roi.scenario.as-base")
        } else {
            parts.join("; ")
        }
    }

    fn sensitivity(&self) -> Vec<Swing> {
        let ranges = self.of.case.ranges;
        let months = |shift: i32| {
            let months = self.locale.signed(f64::from(shift), 0);
            self.fill("roi.swing.months", &[("months", months)])
        };
        let swings = self.of.swings.iter().map(|swing| {
            let (low, high) = match swing.of {
                Assumption::Line(index) => match self.line_at(index) {
                    Some(line) => (
                        self.point(line, line.points.at(Level::Low)),
                        self.point(line, line.points.at(Level::High)),
                    ),
                    None => Default::default(),
                },
                Assumption::HurdleRate => (
                    self.share(ranges.hurdle_rate.0),
                    self.share(ranges.hurdle_rate.1),
                ),
                Assumption::GoLive => (months(ranges.shift.0), months(ranges.shift.1)),
            };
            Swing {
                label: self.assumption(swing.of),
                low,
                high,
                npv_low: swing.npv_low,
                npv_high: swing.npv_high,
            }
        });
        swings.collect()
    }

    fn phases(&self) -> Vec<Phase> {
        let case = &self.of.case;
        let phases = self.of.phases.iter().map(|totals| {
            let phase = totals.phase.and_then(|phase| case.phases.get(phase));
            Phase {
                label: match phase {
                    Some(phase) => self.own(&phase.name),
                    None => self.say("roi.phase.none"),
                },
                month: phase.map_or(0, |phase| phase.month),
                go_live_month: phase.map_or(case.go_live, |phase| phase.go_live),
                costs: float(totals.costs),
                benefits: float(totals.benefits),
            }
        });
        phases.collect()
    }

    fn options(&self) -> Vec<RoiOption> {
        let case = &self.of.case;
        let options = self.of.options.iter().map(|(option, valuation)| {
            let id = option.name();
            RoiOption {
                id: id.to_owned(),
                label: self.say(&format!("roi.option.{id}")),
                chosen: case.option == Some(*option),
                initial: float(initial_cost(case, valuation)),
                total_costs: float(valuation.total_costs()),
                npv: valuation.npv,
                payback: self.payback(valuation.payback_months().last),
                deepest: finance::deepest(&valuation.net).1,
                main_risk: self.say(&format!("roi.option.{id}-risk")),
            }
        });
        options.collect()
    }

    fn realised(&self) -> Vec<RealisedLine> {
        let lines = self.of.realised.iter().filter_map(|of| {
            let line = self.line_at(of.line)?;
            Some(RealisedLine {
                label: self.line(line),
                side: match line.side {
                    Side::Cost => "cost".to_owned(),
                    Side::Benefit => "benefit".to_owned(),
                },
                plan: float(of.plan),
                realised: float(of.realised),
                difference: float(of.realised - of.plan),
                evidence: match line.side {
                    Side::Cost => self.source(line),
                    Side::Benefit => self.attribution(line.attribution),
                },
            })
        });
        lines.collect()
    }
}
