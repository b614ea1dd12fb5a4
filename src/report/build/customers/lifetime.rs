//! Lifetime value: by formula for each class, the most to spend on a customer, and the models of single
//! customers where they were asked for, with the tests of what they assume.

use super::portfolio::{class_text, rank};
use crate::message::Argument;
use crate::metrics::clv::{
    CONVERGED, FitProblem, FormulaRemark, MOST_CORRELATION, OrderModelKind, Remark,
};
use crate::report::locale::Locale;
use crate::report::model::{
    Lead, Lifetime, LifetimeModel, LifetimeParameter, LifetimeRow, LifetimeTest,
};

/// How far orders may lie from what an earlier fit expected of the time since.
const HOLD_OUT: f64 = 0.2;

/// The models, and the names of their parameters.
const MODELS: [(&str, &[&str]); 3] = [
    ("bgnbd", &["r", "alpha", "a", "b"]),
    ("mbgnbd", &["r", "alpha", "a", "b"]),
    ("gamma_gamma", &["p", "q", "v"]),
];

/// A row of `segment_clv`.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct SegmentLifetime {
    /// None for all.
    pub segment: Option<String>,
    pub quarters: i64,
    pub margin: Option<f64>,
    pub retention: Option<f64>,
    pub new_customer: Option<f64>,
    pub residual: Option<f64>,
    pub residual_truncated: Option<f64>,
    pub keep: Option<f64>,
    pub win: Option<f64>,
}

/// What is known of lifetime value.
#[derive(Debug, Clone, PartialEq)]
pub struct LifetimeFigures {
    /// Quarters that the formula rests on.
    pub quarters: i64,
    /// By class, and for all.
    pub segments: Vec<SegmentLifetime>,
    /// What actual value is.
    pub value_basis: &'static str,
    /// The discount rate of a year.
    pub annual_rate: f64,
    /// How far ahead truncated values look.
    pub horizon_months: i64,
    /// By how much spending raises the chance to stay.
    pub uplift: f64,
    /// What is to be left of a new customer's value.
    pub required_margin: f64,
    /// Whether any contribution is known.
    pub margin_is_known: bool,
    /// The margin set for where it is not.
    pub margin: Option<f64>,
    /// Whether models were asked for.
    pub fitted: bool,
    /// The model that actual values are of.
    pub model: Option<&'static str>,
    /// Model, parameter, value.
    pub fits: Vec<(String, String, f64)>,
    /// What is to be said of the models.
    pub remarks: Vec<Remark>,
}

impl LifetimeFigures {
    fn fit(&self, model: &str, parameter: &str) -> Option<f64> {
        let mut fits = self.fits.iter();
        let found = fits.find(|fit| fit.0 == model && fit.1 == parameter);
        found.map(|fit| fit.2)
    }
}

/// Lifetime value as the report shows it.
pub(super) fn lifetime(figures: &LifetimeFigures, locale: &Locale) -> Lifetime {
    let mut rows: Vec<LifetimeRow> = figures.segments.iter().map(|s| row(s, locale)).collect();
    rows.sort_by_key(|row| (row.total, rank(&row.class), row.class.clone()));
    let total = rows
        .last()
        .filter(|row| row.total && row.residual.is_some());
    let known = total.is_some();
    let lead = lead(total, figures, locale);
    let reason = "lifetime.nobody-could-stay";
    Lifetime {
        known,
        reason: (!known).then(|| locale.text(reason).to_owned()),
        lead,
        rows: match known {
            true => rows,
            false => Vec::new(),
        },
        horizon_months: figures.horizon_months,
        uplift: figures.uplift,
        required_margin: figures.required_margin,
        basis: basis(figures, locale),
        fitted: figures.fitted,
        models: models(figures, locale),
        tests: tests(figures, locale),
        remarks: figures
            .remarks
            .iter()
            .map(|remark| said(remark, locale))
            .collect(),
    }
}

fn row(of: &SegmentLifetime, locale: &Locale) -> LifetimeRow {
    let class = of.segment.clone().unwrap_or_default();
    let reason = match (of.residual, of.retention, of.margin) {
        (Some(_), ..) => None,
        (None, None, _) => Some("lifetime.nobody-at-the-start"),
        (None, _, None) => Some("lifetime.nobody-at-the-end"),
        (None, ..) => Some("lifetime.nobody-leaves"),
    };
    LifetimeRow {
        label: match &of.segment {
            None => locale.text("portfolio.all").to_owned(),
            Some(class) => class_text("class", class, locale),
        },
        class,
        total: of.segment.is_none(),
        margin: of.margin,
        retention: of.retention,
        new_customer: of.new_customer,
        residual: of.residual,
        residual_truncated: of.residual_truncated,
        keep: of.keep,
        win: of.win,
        reason: reason.map(|key| locale.text(key).to_owned()),
    }
}

fn lead(total: Option<&LifetimeRow>, figures: &LifetimeFigures, locale: &Locale) -> Lead {
    let Some(total) = total else {
        return Lead {
            bold: String::new(),
            rest: String::new(),
        };
    };
    let money = |value: Option<f64>| Argument::Money(value.unwrap_or(0.0));
    let args = [
        ("residual", money(total.residual)),
        ("new", money(total.new_customer)),
        ("keep", money(total.keep)),
        ("win", money(total.win)),
        ("uplift", Argument::Percent(figures.uplift)),
    ];
    Lead {
        bold: locale.text_with("lifetime.lead", &args),
        rest: locale.text_with("lifetime.lead-ceilings", &args),
    }
}

fn basis(figures: &LifetimeFigures, locale: &Locale) -> Vec<String> {
    let args = [
        ("quarters", Argument::Count(figures.quarters)),
        ("rate", Argument::Percent(figures.annual_rate)),
        ("uplift", Argument::Percent(figures.uplift)),
        ("required", Argument::Percent(figures.required_margin)),
        ("margin", Argument::Percent(figures.margin.unwrap_or(1.0))),
        ("months", Argument::Count(figures.horizon_months)),
    ];
    let margin = match (figures.margin_is_known, figures.margin) {
        (true, _) => "lifetime.basis.contribution",
        (false, Some(_)) => "lifetime.basis.margin",
        (false, None) => "lifetime.basis.revenue",
    };
    let value = match figures.value_basis {
        "clv" => "lifetime.basis.value-is",
        _ => "lifetime.basis.value-is-not",
    };
    [
        "lifetime.basis.formula",
        margin,
        "lifetime.basis.ceilings",
        value,
    ]
    .map(|key| locale.text_with(key, &args))
    .to_vec()
}

fn models(figures: &LifetimeFigures, locale: &Locale) -> Vec<LifetimeModel> {
    let model = |(id, names): &(&str, &[&str])| {
        let parameters = names.iter().map(|name| {
            Some(LifetimeParameter {
                name: (*name).to_owned(),
                value: figures.fit(id, name)?,
            })
        });
        Some(LifetimeModel {
            id: (*id).to_owned(),
            label: locale.text(&format!("lifetime.model.{id}")).to_owned(),
            parameters: parameters.collect::<Option<_>>()?,
            log_likelihood: figures.fit(id, "log_likelihood"),
            customers: figures.fit(id, "customers").map(|count| count as i64),
            taken: match figures.model {
                // By events is by the model that knows of those who bought once, less costs.
                Some("events") => *id == "mbgnbd" || figures.fit("mbgnbd", "r").is_none(),
                Some(taken) => *id == taken || *id == "gamma_gamma",
                None => false,
            },
        })
    };
    MODELS.iter().filter_map(model).collect()
}

fn tests(figures: &LifetimeFigures, locale: &Locale) -> Vec<LifetimeTest> {
    let mut tests = Vec::new();
    let mut test = |key: &str, model: &str, args: &[(&str, Argument)], holds: bool| {
        let name = format!("lifetime.model.{model}");
        let name = locale.text(&name);
        tests.push(LifetimeTest {
            label: format!("{name}: {}", locale.text(&format!("lifetime.test.{key}"))),
            found: locale.text_with(&format!("lifetime.test.{key}-found"), args),
            wanted: locale.text_with(&format!("lifetime.test.{key}-wanted"), args),
            holds,
        });
    };
    for (model, _) in MODELS {
        if let Some(gradient) = figures.fit(model, "gradient") {
            let found = Argument::Text(format!("{gradient:.1e}"));
            let most = Argument::Text(format!("{CONVERGED:.0e}"));
            test(
                "maximum",
                model,
                &[("found", found), ("most", most)],
                gradient <= CONVERGED,
            );
        }
        if let (Some(expected), Some(actual), Some(weeks)) = (
            figures.fit(model, "holdout_expected_orders"),
            figures.fit(model, "holdout_actual_orders"),
            figures.fit(model, "holdout_weeks"),
        ) {
            let off = match actual > 0.0 {
                true => expected / actual - 1.0,
                false => f64::INFINITY,
            };
            let args = [
                ("expected", Argument::Count(libm::round(expected) as i64)),
                ("actual", Argument::Count(actual as i64)),
                ("weeks", Argument::Count(libm::round(weeks) as i64)),
                ("most", Argument::Percent(HOLD_OUT)),
            ];
            test("hold-out", model, &args, off.abs() <= HOLD_OUT);
        }
    }
    if let Some(q) = figures.fit("gamma_gamma", "q") {
        let args = [("found", Argument::Number(q))];
        test("mean", "gamma_gamma", &args, q > 1.0);
    }
    if let Some(correlation) = figures.fit("gamma_gamma", "correlation") {
        let args = [
            ("found", Argument::Text(locale.number(correlation, 2))),
            ("most", Argument::Text(locale.number(MOST_CORRELATION, 1))),
        ];
        let holds = correlation.abs() <= MOST_CORRELATION;
        test("correlation", "gamma_gamma", &args, holds);
    }
    tests
}

/// What does not hold, in the language of the report.
fn said(remark: &Remark, locale: &Locale) -> String {
    let model = |id: &str| Argument::Text(locale.text(&format!("lifetime.model.{id}")).to_owned());
    match remark {
        Remark::Orders { kind, problem } => {
            let id = match kind {
                OrderModelKind::BgNbd => "bgnbd",
                OrderModelKind::MbgNbd => "mbgnbd",
            };
            let args = [
                ("model", model(id)),
                ("why", Argument::Text(problem_said(problem, locale))),
            ];
            locale.text_with("lifetime.remark.left-out", &args)
        }
        Remark::Spend(problem) => {
            let args = [
                ("model", model("gamma_gamma")),
                ("why", Argument::Text(problem_said(problem, locale))),
            ];
            locale.text_with("lifetime.remark.mean-order", &args)
        }
        Remark::Formula(FormulaRemark::Nobody) => locale.text("lifetime.remark.nobody").to_owned(),
        Remark::Formula(FormulaRemark::Problem(_)) => {
            locale.text("lifetime.remark.no-formula").to_owned()
        }
        Remark::ByFormula => locale.text("lifetime.remark.by-formula").to_owned(),
        Remark::Correlated(correlation) => {
            let found = Argument::Text(locale.number(*correlation, 2));
            locale.text_with("lifetime.remark.correlated", &[("found", found)])
        }
        Remark::Thin { repeaters, weeks } => {
            let args = [
                ("customers", Argument::Count(*repeaters as i64)),
                ("weeks", Argument::Count(libm::round(*weeks) as i64)),
            ];
            locale.text_with("lifetime.remark.thin", &args)
        }
    }
}

fn problem_said(problem: &FitProblem, locale: &Locale) -> String {
    match problem {
        FitProblem::TooFew { found, needed } => {
            let args = [
                ("found", Argument::Count(*found as i64)),
                ("needed", Argument::Count(*needed as i64)),
            ];
            locale.text_with("lifetime.remark.too-few", &args)
        }
        FitProblem::NotConverged { .. } => locale.text("lifetime.remark.not-converged").to_owned(),
        FitProblem::RunsAway { parameter } => {
            let args = [("parameter", Argument::Text((*parameter).to_owned()))];
            locale.text_with("lifetime.remark.runs-away", &args)
        }
        FitProblem::NoFiniteMean { q } => {
            let args = [("q", Argument::Text(locale.number(*q, 2)))];
            locale.text_with("lifetime.remark.no-mean", &args)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::locale::tests::english;

    /// m = 100, r = 0.8, d = 0.1 a period (Fader, Hardie 2012): 366.67 and 266.67; 5 points of the one,
    /// all of the other.
    fn figures() -> LifetimeFigures {
        let all = SegmentLifetime {
            segment: None,
            quarters: 4,
            margin: Some(100.0),
            retention: Some(0.8),
            new_customer: Some(366.67),
            residual: Some(266.67),
            residual_truncated: Some(240.0),
            keep: Some(13.33),
            win: Some(366.67),
        };
        let mvc = SegmentLifetime {
            segment: Some("MVC".to_owned()),
            residual: None,
            ..all.clone()
        };
        let new = SegmentLifetime {
            segment: Some("BZ".to_owned()),
            residual: None,
            retention: None,
            ..all.clone()
        };
        LifetimeFigures {
            quarters: 4,
            segments: vec![all, new, mvc],
            value_basis: "contribution",
            annual_rate: 0.1,
            horizon_months: 36,
            uplift: 0.05,
            required_margin: 0.0,
            margin_is_known: true,
            margin: None,
            fitted: false,
            model: None,
            fits: Vec::new(),
            remarks: Vec::new(),
        }
    }

    #[test]
    fn the_total_comes_last_and_what_is_missing_says_why() {
        let shown = lifetime(&figures(), &english());
        let classes: Vec<&str> = shown.rows.iter().map(|row| row.class.as_str()).collect();
        assert_eq!(classes, ["MVC", "BZ", ""]);
        assert!(shown.rows[2].total && shown.rows[2].reason.is_none());
        assert_ne!(shown.rows[0].reason, shown.rows[1].reason);
        assert!(shown.lead.bold.contains("$267"), "{:?}", shown.lead);
        assert!(shown.models.is_empty() && shown.tests.is_empty());
    }

    /// CDNOW (Fader, Hardie, Lee 2005): the parameters of the sample; the correlation of 0.4 fails.
    #[test]
    fn models_come_with_their_tests() {
        let mut figures = figures();
        figures.fitted = true;
        figures.model = Some("bgnbd");
        let fits = [
            ("bgnbd", "a", 0.793),
            ("bgnbd", "alpha", 4.414),
            ("bgnbd", "b", 2.426),
            ("bgnbd", "gradient", 1e-9),
            ("bgnbd", "holdout_actual_orders", 1000.0),
            ("bgnbd", "holdout_expected_orders", 1300.0),
            ("bgnbd", "holdout_weeks", 39.0),
            ("bgnbd", "r", 0.243),
            ("gamma_gamma", "correlation", 0.4),
            ("gamma_gamma", "p", 6.25),
            ("gamma_gamma", "q", 3.74),
            ("gamma_gamma", "v", 15.44),
        ];
        figures.fits = fits
            .map(|(model, parameter, value)| (model.to_owned(), parameter.to_owned(), value))
            .to_vec();
        figures.remarks = vec![
            Remark::Orders {
                kind: OrderModelKind::MbgNbd,
                problem: FitProblem::RunsAway { parameter: "alpha" },
            },
            Remark::Correlated(0.4),
        ];
        let shown = lifetime(&figures, &english());
        let models: Vec<(&str, bool, usize)> = shown
            .models
            .iter()
            .map(|model| (model.id.as_str(), model.taken, model.parameters.len()))
            .collect();
        assert_eq!(models, [("bgnbd", true, 4), ("gamma_gamma", true, 3)]);
        let held: Vec<bool> = shown.tests.iter().map(|test| test.holds).collect();
        // Flat at the maximum, 30 % too many orders, q above 1, correlated.
        assert_eq!(held, [true, false, true, false]);
        assert!(shown.remarks[0].contains("`alpha`"), "{:?}", shown.remarks);
    }
}
