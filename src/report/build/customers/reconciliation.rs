//! The reconciliation statement, whether it balances, and the rates of acquisition and retention.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::portfolio::{class_text, rank};
use super::{CustomerFigures, share};
use crate::calendar::Quarter;
use crate::message::{Argument, Message};
use crate::report::locale::{Locale, MISSING};
use crate::report::model;

/// The reconciliation of one period, in total or of one segment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct Statement {
    pub published: Option<i64>,
    pub merged: i64,
    pub restated: i64,
    pub opening: i64,
    pub new: i64,
    pub reactivated: i64,
    pub lost_opening: i64,
    pub lost_new: i64,
    pub transferred_in: i64,
    pub transferred_out: i64,
    pub closing: i64,
}

/// A statement and what it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciled {
    /// The period.
    pub period: Quarter,
    /// The segment, empty for customers without one; none for the total.
    pub segment: Option<String>,
    /// Its lines.
    pub lines: Statement,
}

/// What was published of the period before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublishedBefore {
    /// The months that made a customer active then.
    pub window_months: u32,
}

/// Numerator and denominator of rates that the statement does not give; none where not measured.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RateParts {
    /// Of those active a year ago: active now, and all.
    pub annual: Option<(f64, f64)>,
    /// Of who bought in the same period a year earlier: revenue of then that is still there, and of
    /// then.
    pub gross_revenue: Option<(f64, f64)>,
    /// Of the same: revenue now, and then.
    pub net_revenue: Option<(f64, f64)>,
}

/// The reported period under one activity window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct WindowFigure {
    pub months: u32,
    pub opening: i64,
    pub retained: i64,
    pub new: i64,
    pub reactivated: i64,
    pub lost_opening: i64,
    pub lost_new: i64,
    pub closing: i64,
}

impl WindowFigure {
    pub(super) fn row(&self, own: u32) -> model::WindowRow {
        model::WindowRow {
            months: self.months,
            is_own: self.months == own,
            opening: self.opening,
            retained: self.retained,
            retention: share(self.retained as f64, self.opening as f64),
            new: self.new,
            reactivated: self.reactivated,
            lost_opening: self.lost_opening,
            lost_new: self.lost_new,
            closing: self.closing,
        }
    }
}

impl Statement {
    /// What the lines from the opening on come to.
    fn comes_to(&self) -> i64 {
        self.opening + self.new + self.reactivated - self.lost_opening - self.lost_new
            + self.transferred_in
            - self.transferred_out
    }

    /// What the lines from the published closing on come to; none where nothing was published.
    fn opens_with(&self) -> Option<i64> {
        Some(self.published? - self.merged + self.restated)
    }

    fn and(&self, other: &Self) -> Self {
        let published = [self.published, other.published];
        let known = published.iter().any(Option::is_some);
        Self {
            published: known.then(|| published.iter().flatten().sum()),
            merged: self.merged + other.merged,
            restated: self.restated + other.restated,
            opening: self.opening + other.opening,
            new: self.new + other.new,
            reactivated: self.reactivated + other.reactivated,
            lost_opening: self.lost_opening + other.lost_opening,
            lost_new: self.lost_new + other.lost_new,
            transferred_in: self.transferred_in + other.transferred_in,
            transferred_out: self.transferred_out + other.transferred_out,
            closing: self.closing + other.closing,
        }
    }

    fn balances(&self) -> bool {
        self.comes_to() == self.closing
            && self
                .opens_with()
                .is_none_or(|opening| opening == self.opening)
    }
}

/// Two figures of the statements that must be equal and are not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imbalance {
    /// The period.
    pub period: Quarter,
    /// The segment; none in total.
    pub segment: Option<String>,
    /// What does not agree.
    pub rule: BalanceRule,
    /// What comes out.
    pub found: i64,
    /// What it must be.
    pub expected: i64,
}

/// What holds in every statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BalanceRule {
    /// The lines come to the closing.
    Lines,
    /// The published closing, less the merged, with the restated, is the opening.
    Published,
    /// The opening is the closing of the period before.
    Opening,
    /// The segments' openings add up to the total's.
    SegmentsOpening,
    /// The segments' closings add up to the total's.
    SegmentsClosing,
    /// What leaves segments comes into others.
    Transfers,
}

impl BalanceRule {
    fn key(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::Published => "published",
            Self::Opening => "opening",
            Self::SegmentsOpening => "segments-opening",
            Self::SegmentsClosing => "segments-closing",
            Self::Transfers => "transfers",
        }
    }

    /// What is compared with what, for diagnostics.
    fn english(self) -> (&'static str, &'static str) {
        match self {
            Self::Lines => ("its lines come to", "the closing is"),
            Self::Published => ("the published closing comes to", "the opening is"),
            Self::Opening => ("the opening is", "the closing before it is"),
            Self::SegmentsOpening => ("the segments open with", "the total opens with"),
            Self::SegmentsClosing => ("the segments close with", "the total closes with"),
            Self::Transfers => ("transferred in are", "transferred out are"),
        }
    }
}

impl Imbalance {
    /// The sentence of a diagnostic.
    pub fn message(&self) -> String {
        let of = match self.segment.as_deref() {
            None => String::new(),
            Some("") => " of the customers without a segment".to_owned(),
            Some(segment) => format!(" of segment {segment}"),
        };
        let (left, right) = self.rule.english();
        format!(
            "the customer reconciliation of {}{of} does not balance: {left} {}, {right} {}",
            self.period, self.found, self.expected
        )
    }

    pub(super) fn said(&self, locale: &Locale) -> String {
        let of = match self.segment.as_deref() {
            None => locale.text("portfolio.imbalance.total").to_owned(),
            Some("") => locale.text("customers.no-class").to_owned(),
            Some(segment) => segment.to_owned(),
        };
        let said = Message::key(format!("portfolio.imbalance.{}", self.rule.key()))
            .with("period", Argument::Text(locale.quarter(self.period)))
            .with("of", Argument::Text(of))
            .with("found", Argument::Count(self.found))
            .with("expected", Argument::Count(self.expected));
        locale.message(&said)
    }
}

/// Everything about the statements that does not add up, period by period.
pub fn imbalances(statements: &[Reconciled]) -> Vec<Imbalance> {
    let closings: BTreeMap<(Quarter, Option<&str>), i64> = statements
        .iter()
        .map(|r| ((r.period, r.segment.as_deref()), r.lines.closing))
        .collect();
    let mut found = Vec::new();
    for statement in statements {
        let (period, lines) = (statement.period, &statement.lines);
        let mut hold = |rule, left: i64, right: i64| {
            if left != right {
                found.push(Imbalance {
                    period,
                    segment: statement.segment.clone(),
                    rule,
                    found: left,
                    expected: right,
                });
            }
        };
        hold(BalanceRule::Lines, lines.comes_to(), lines.closing);
        if let Some(opening) = lines.opens_with() {
            hold(BalanceRule::Published, opening, lines.opening);
        }
        let before = period.plus(-1);
        if closings.contains_key(&(before, None)) {
            let segment = statement.segment.as_deref();
            let closing = closings.get(&(before, segment)).copied().unwrap_or(0);
            hold(BalanceRule::Opening, lines.opening, closing);
        }
        if statement.segment.is_none() {
            let parts = || {
                let all = statements.iter();
                all.filter(|r| r.period == period && r.segment.is_some())
                    .map(|r| &r.lines)
            };
            let sum = |of: fn(&Statement) -> i64| parts().map(of).sum::<i64>();
            hold(
                BalanceRule::SegmentsOpening,
                sum(|l| l.opening),
                lines.opening,
            );
            hold(
                BalanceRule::SegmentsClosing,
                sum(|l| l.closing),
                lines.closing,
            );
            let (moved_in, moved_out) = (sum(|l| l.transferred_in), sum(|l| l.transferred_out));
            hold(BalanceRule::Transfers, moved_in, moved_out);
        }
    }
    found
}

pub(super) fn nothing(period: Quarter) -> Reconciled {
    Reconciled {
        period,
        segment: None,
        lines: Statement::default(),
    }
}

pub(super) fn reconciliation(r: &Reconciled, locale: &Locale) -> model::Reconciliation {
    let lines = &r.lines;
    model::Reconciliation {
        period: r.period.to_string(),
        label: match r.segment.as_deref() {
            None => locale.quarter(r.period),
            Some("") => locale.text("customers.no-class").to_owned(),
            Some(segment) => match class_text("class", segment, locale) {
                words if words == segment => words,
                words => format!("{segment} {words}"),
            },
        },
        segment: r.segment.clone(),
        published: lines.published,
        merged: lines.merged,
        restated: lines.restated,
        opening: lines.opening,
        new: lines.new,
        zero_loss: lines.opening + lines.new,
        reactivated: lines.reactivated,
        lost_opening: lines.lost_opening,
        lost_new: lines.lost_new,
        transferred_in: lines.transferred_in,
        transferred_out: lines.transferred_out,
        closing: lines.closing,
        balances: lines.balances(),
    }
}

/// The statement of each segment of a period, in the order of the classes.
pub(super) fn segments(
    figures: &CustomerFigures,
    period: Option<Quarter>,
    locale: &Locale,
) -> Vec<model::Reconciliation> {
    let of_period = figures.reconciliation.iter();
    let mut parts: Vec<&Reconciled> = of_period
        .filter(|r| Some(r.period) == period && r.segment.is_some())
        .collect();
    parts.sort_by_key(|r| {
        let segment = r.segment.clone().unwrap_or_default();
        // Those without a class come last, whatever classes there are.
        (segment.is_empty(), rank(&segment), segment)
    });
    if parts.len() < 2 {
        return Vec::new();
    }
    let parts = parts.into_iter();
    parts.map(|part| reconciliation(part, locale)).collect()
}

/// The statements of a period's segments added up.
pub(super) fn added(
    figures: &CustomerFigures,
    period: Option<Quarter>,
    locale: &Locale,
) -> model::Reconciliation {
    let of_period = figures.reconciliation.iter();
    let parts = of_period.filter(|r| Some(r.period) == period && r.segment.is_some());
    let sum = parts.fold(Statement::default(), |sum, part| sum.and(&part.lines));
    let period = period.unwrap_or(Quarter {
        year: 1970,
        number: 1,
    });
    let total = Reconciled {
        lines: sum,
        ..nothing(period)
    };
    reconciliation(&total, locale)
}

pub(super) fn published(
    figures: &CustomerFigures,
    period: Option<Quarter>,
    locale: &Locale,
) -> Option<model::Published> {
    let published = figures.published?;
    Some(model::Published {
        label: locale.quarter(period?.plus(-1)),
        window_months: published.window_months,
        is_other_window: published.window_months != figures.window_months,
    })
}

pub(super) fn window_evidence(figures: &CustomerFigures, locale: &Locale) -> Option<String> {
    let (gaps, days) = figures.gaps?;
    let args = [("gaps", gaps), ("days", days)].map(|(name, n)| (name, Argument::Count(n)));
    Some(locale.text_with("portfolio.window-evidence", &args))
}

pub(super) fn short_history(figures: &CustomerFigures, locale: &Locale) -> Option<String> {
    let first: NaiveDate = figures.short_history?;
    let months = ("months", Argument::Count(figures.window_months.into()));
    Some(locale.text_with(
        "portfolio.short-history",
        &[("day", Argument::Date(first)), months],
    ))
}

/// The rates that circulate under the name of acquisition and retention, each worked out.
pub(super) fn rates(
    r: &model::Reconciliation,
    parts: &RateParts,
    locale: &Locale,
) -> Vec<model::Rate> {
    let of_customers = |id: &str, numerator: i64, denominator: i64| {
        let args = [
            ("opening", r.opening),
            ("new", r.new),
            ("lost", r.lost_opening),
            ("closing", r.closing),
            ("zero_loss", r.zero_loss),
        ];
        let args = args.map(|(name, value)| (name, Argument::Count(value)));
        let value = share(numerator as f64, denominator as f64);
        rate(id, value, &args, locale)
    };
    let of_parts = |id: &str, parts: Option<(f64, f64)>, kind: fn(f64) -> Argument| {
        let parts = parts.filter(|(_, whole)| *whole > 0.0)?;
        let args = [("part", kind(parts.0)), ("whole", kind(parts.1))];
        Some(rate(id, share(parts.0, parts.1), &args, locale))
    };
    let mut rates = vec![
        of_customers("acquisition", r.new, r.opening),
        of_customers("cohort", r.opening - r.lost_opening, r.opening),
        of_customers("churn", r.lost_opening, r.opening),
        of_customers("zero-loss", r.closing, r.zero_loss),
        of_customers("end-less-new", r.closing - r.new, r.opening),
    ];
    rates.extend(of_parts("annual", parts.annual, |count| {
        Argument::Count(count as i64)
    }));
    rates.extend(of_parts(
        "gross-revenue",
        parts.gross_revenue,
        Argument::Money,
    ));
    rates.extend(of_parts("net-revenue", parts.net_revenue, Argument::Money));
    rates
}

fn rate(id: &str, value: Option<f64>, args: &[(&str, Argument)], locale: &Locale) -> model::Rate {
    let said = value.map_or(Argument::Text(MISSING.to_owned()), Argument::Percent);
    let mut args = args.to_vec();
    args.push(("rate", said));
    let text = |part: &str| format!("portfolio.rate.{id}.{part}");
    model::Rate {
        id: id.to_owned(),
        label: locale.text(&text("label")).to_owned(),
        worked: locale.text_with(&text("worked"), &args),
        value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::locale::tests::locale;
    use crate::workspace::Language;

    const Q1: Quarter = Quarter {
        year: 2026,
        number: 1,
    };

    fn of(period: Quarter, segment: Option<&str>, lines: Statement) -> Reconciled {
        Reconciled {
            period,
            segment: segment.map(str::to_owned),
            lines,
        }
    }

    /// Two quarters of two classes: two customers, then one more, and one who changes class.
    fn statements() -> Vec<Reconciled> {
        let lines = |opening, new, transferred_in, transferred_out, closing| Statement {
            opening,
            new,
            transferred_in,
            transferred_out,
            closing,
            ..Statement::default()
        };
        vec![
            of(Q1, None, lines(0, 2, 0, 0, 2)),
            of(Q1, Some("MVC"), lines(0, 2, 0, 0, 2)),
            of(Q1.plus(1), None, lines(2, 1, 1, 1, 3)),
            of(Q1.plus(1), Some("MVC"), lines(2, 0, 0, 1, 1)),
            of(Q1.plus(1), Some("BZ"), lines(0, 1, 1, 0, 2)),
        ]
    }

    fn broken(
        change: impl Fn(&mut Vec<Reconciled>),
    ) -> Vec<(Quarter, Option<String>, BalanceRule)> {
        let mut statements = statements();
        change(&mut statements);
        imbalances(&statements)
            .into_iter()
            .map(|found| (found.period, found.segment, found.rule))
            .collect()
    }

    #[test]
    fn what_does_not_balance_is_named() {
        assert_eq!(broken(|_| {}), []);
        let q2 = Q1.plus(1);
        let mvc = Some("MVC".to_owned());
        assert_eq!(
            broken(|all| all[3].lines.lost_opening = 1),
            [(q2, mvc.clone(), BalanceRule::Lines)]
        );
        assert_eq!(
            broken(|all| all[2].lines.published = Some(4)),
            [(q2, None, BalanceRule::Published)]
        );
        // One more at the start than were there at the end, in a class and so in the sum of them.
        let found = broken(|all| {
            all[3].lines.opening += 1;
            all[3].lines.transferred_out += 1;
        });
        let expected = [
            (q2, None, BalanceRule::SegmentsOpening),
            (q2, None, BalanceRule::Transfers),
            (q2, mvc, BalanceRule::Opening),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn an_imbalance_is_said_with_both_figures() {
        let mut all = statements();
        all[3].lines.lost_opening = 1;
        let found = imbalances(&all).remove(0);
        assert_eq!(
            found.message(),
            "the customer reconciliation of 2026-Q2 of segment MVC does not balance: its lines come \
             to 0, the closing is 1"
        );
        let said = found.said(&locale(Language::En, "USD"));
        assert_eq!(said, "Q2 2026, MVC: the lines come to 0, the closing is 1.");
    }

    /// The seminar's example with losses of 15,000 and 5,000: 84.6, 80.0 and 85.0 % from one sheet.
    #[test]
    fn every_definition_is_printed_with_its_figures() {
        let lines = Statement {
            opening: 100_000,
            new: 30_000,
            lost_opening: 15_000,
            lost_new: 5_000,
            closing: 110_000,
            ..Statement::default()
        };
        let locale = locale(Language::En, "USD");
        let statement = reconciliation(&of(Q1, None, lines), &locale);
        assert!(statement.balances);
        let parts = RateParts {
            annual: Some((42_000.0, 70_000.0)),
            gross_revenue: Some((80.0, 100.0)),
            net_revenue: None,
        };
        let rates = rates(&statement, &parts, &locale);
        let said = |id: &str| {
            let rate = rates.iter().find(|rate| rate.id == id);
            rate.map(|rate| rate.worked.as_str()).unwrap_or_default()
        };
        for (id, figures) in [
            ("acquisition", "new 30,000 ÷ opening 100,000 = 30.0%"),
            (
                "cohort",
                "(opening 100,000 − lost 15,000) ÷ opening 100,000 = 85.0%",
            ),
            ("churn", "lost 15,000 ÷ opening 100,000 = 15.0%"),
            (
                "zero-loss",
                "closing 110,000 ÷ base at zero loss 130,000 = 84.6%",
            ),
            (
                "end-less-new",
                "(closing 110,000 − new 30,000) ÷ opening 100,000 = 80.0%",
            ),
            (
                "annual",
                "still active 42,000 ÷ active a year ago 70,000 = 60.0%",
            ),
            ("gross-revenue", "$80.00 ÷ $100 = 80.0%"),
        ] {
            assert!(said(id).starts_with(figures), "{id}: {}", said(id));
        }
        // What was not measured is not there.
        assert_eq!(said("net-revenue"), "");
    }
}
