//! Every customer's value as of the end of every period: models fitted, checked against what came
//! after, and where none holds the formula for all customers as one.

use std::collections::BTreeMap;

use super::ahead::Ahead;
use super::portfolio::{Customer, Margin, Portfolio};
use super::remark::{FormulaRemark, Remark};
use super::settings::Settings;
use super::{
    DAYS_PER_WEEK, FitProblem, Formula, History, OrderData, OrderFit, OrderModel, OrderModelKind,
    SpendData, SpendModel, WEEKS_PER_MONTH, Yearly, coming_events, discounted_orders, event_value,
    rate_per_step,
};

/// Above this, either way, spending depends on frequency too much for gamma-gamma.
pub const MOST_CORRELATION: f64 = 0.3;

/// Repeat customers and weeks of history from which the models are at home.
pub const COMFORTABLE: (usize, f64) = (500, 52.0);

/// Orders are checked against a fit of so many quarters ago, or the oldest there is.
const HOLDOUT_QUARTERS: usize = 4;

/// Quarters over which the formula takes retention and margin.
const FORMULA_QUARTERS: usize = 4;

/// Days of a period, since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first.
    pub starts: i32,
    /// The last.
    pub ends: i32,
    /// The first day of the activity window that ends the day before the period.
    pub opening_from: i32,
    /// The first day of the activity window that ends with the period.
    pub closing_from: i32,
}

/// What a period says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct PeriodValuation {
    /// Model, parameter, value; in that order.
    pub fits: Vec<(&'static str, &'static str, f64)>,
    /// By customer, then model.
    pub customers: Vec<CustomerValue>,
    /// What does not hold, or holds badly.
    pub remarks: Vec<Remark>,
}

/// One customer under one model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CustomerValue {
    /// The place in the portfolio.
    pub customer: usize,
    /// `bgnbd`, `mbgnbd`, `events`, `formula` or `historic`.
    pub model: &'static str,
    /// What is known of the customer.
    pub history: History,
    /// What the model of orders expects; none for the others.
    pub orders: Option<ExpectedOrders>,
    /// What an order is expected to be worth, in currency units.
    pub order_value: Option<f64>,
    /// The value in currency units: to come, or of the past under `historic`.
    pub clv: f64,
}

/// What a model of orders expects of a customer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExpectedOrders {
    /// The chance to order again.
    pub probability_alive: f64,
    /// In the next 39 weeks.
    pub in_39_weeks: f64,
    /// In the next 52 weeks.
    pub in_52_weeks: f64,
}

/// The periods valued so far, for the next to start from.
pub struct Valuer<'a> {
    portfolio: &'a Portfolio,
    settings: Settings,
    past: Vec<(Span, BTreeMap<OrderModelKind, OrderModel>)>,
    spend: Option<SpendModel>,
}

impl<'a> Valuer<'a> {
    /// Before the first period.
    pub fn new(portfolio: &'a Portfolio, settings: Settings) -> Self {
        Self {
            portfolio,
            settings,
            past: Vec::new(),
            spend: None,
        }
    }

    /// Values all customers as of a period's end; periods come in order.
    pub fn value(&mut self, span: Span) -> PeriodValuation {
        let known = self.portfolio.histories(span.ends);
        let mut period = PeriodValuation {
            fits: Vec::new(),
            customers: Vec::new(),
            remarks: Vec::new(),
        };
        let margin = self.margin(span);
        let spending = self.spending(&known, &mut period);
        let models = self.order_models(span.ends, &known, &mut period);
        self.past.push((span, models.clone()));
        period.fits.extend([
            ("clv", "annual_discount_rate", self.settings.annual_rate),
            (
                "clv",
                "horizon_months",
                f64::from(self.settings.horizon_months),
            ),
            ("clv", "margin", margin.share),
        ]);
        for model in models.values() {
            let values = self.by_model(model, &known, &spending, margin.share);
            period.customers.extend(values);
        }
        // Who has bought once is alive for certain in BG/NBD, so the other model goes before it.
        let credits = self.settings.referral_credit > 0.0 && self.portfolio.knows_referrals();
        if let Some(model) = models.values().next_back()
            && (credits || self.portfolio.knows_costs(span.ends))
        {
            let values = self.by_events(model, span, &known, &spending, &margin);
            period.customers.extend(values);
        }
        if models.is_empty() && !known.is_empty() {
            self.by_formula(span, &known, &margin, &mut period);
        }
        period
            .customers
            .extend(self.historic(span, &known, &margin));
        period
            .customers
            .sort_by_key(|value| (value.customer, value.model));
        period
            .fits
            .sort_by_key(|(model, parameter, _)| (*model, *parameter));
        period
    }

    fn margin(&self, span: Span) -> Margin {
        let observed = self.portfolio.observed_margin(span.ends);
        let share = self
            .settings
            .margin
            .or(observed)
            .or(self.settings.margin_without_costs);
        Margin {
            share: share.unwrap_or(1.0),
            observed: self.settings.margin.is_none() && observed.is_some(),
        }
    }

    /// Fits both models of orders, and tells of them.
    fn order_models(
        &self,
        ends: i32,
        known: &[(usize, History)],
        period: &mut PeriodValuation,
    ) -> BTreeMap<OrderModelKind, OrderModel> {
        let data = OrderData::of(known.iter().map(|(_, history)| history));
        let (customers, repeaters) = data.counts();
        let mut models = BTreeMap::new();
        for kind in OrderModelKind::ALL {
            let near = self.past.last().and_then(|(_, models)| models.get(&kind));
            let fit = match data.fit(kind, near).and_then(|fit| self.foreseeable(fit)) {
                Ok(fit) => fit,
                Err(problem) => {
                    period.remarks.push(Remark::Orders { kind, problem });
                    continue;
                }
            };
            let (model, name) = (fit.model, kind.name());
            period.fits.extend([
                (name, "r", model.r),
                (name, "alpha", model.alpha),
                (name, "a", model.a),
                (name, "b", model.b),
                (name, "log_likelihood", fit.log_likelihood),
                (name, "gradient", fit.gradient),
                (name, "customers", customers as f64),
                (name, "repeat_customers", repeaters as f64),
            ]);
            self.hold_out(kind, ends, known, period);
            models.insert(kind, model);
        }
        let weeks = known.iter().fold(0.0, |most, (_, h)| h.age.max(most));
        let thin = repeaters < COMFORTABLE.0 || weeks < COMFORTABLE.1;
        if thin && !models.is_empty() {
            period.remarks.push(Remark::Thin { repeaters, weeks });
        }
        models
    }

    /// A customer who came today is the hardest to look ahead for, and where α is next to nothing
    /// against the horizon cannot be.
    fn foreseeable(&self, fit: OrderFit) -> Result<OrderFit, FitProblem> {
        let weeks = f64::from(self.settings.horizon_months) * WEEKS_PER_MONTH;
        if fit
            .model
            .expected_orders_of_new(weeks.max(52.0))
            .is_finite()
        {
            Ok(fit)
        } else {
            Err(FitProblem::RunsAway { parameter: "alpha" })
        }
    }

    /// What the model of some quarters ago expected of its customers by now, and what they did.
    fn hold_out(
        &self,
        kind: OrderModelKind,
        ends: i32,
        known: &[(usize, History)],
        period: &mut PeriodValuation,
    ) {
        let recent = &self.past[self.past.len().saturating_sub(HOLDOUT_QUARTERS)..];
        let then = recent
            .iter()
            .find_map(|(span, models)| Some((span.ends, models.get(&kind)?)));
        let Some((day, model)) = then else { return };
        let before = self.portfolio.histories(day);
        let weeks = f64::from(ends - day) / DAYS_PER_WEEK;
        let now: BTreeMap<usize, u32> = known
            .iter()
            .map(|(place, history)| (*place, history.repeat_orders))
            .collect();
        let ahead = Ahead::of(model, before.iter().map(|(_, history)| history), |e| {
            e(weeks)
        });
        let expected: f64 = before
            .iter()
            .map(|(_, history)| model.probability_alive(history) * ahead.get(history))
            .sum();
        let actual: u64 = before
            .iter()
            .filter_map(|(place, history)| {
                Some(u64::from(
                    now.get(place)?.saturating_sub(history.repeat_orders),
                ))
            })
            .sum();
        period.fits.extend([
            (kind.name(), "holdout_weeks", weeks),
            (kind.name(), "holdout_expected_orders", expected),
            (kind.name(), "holdout_actual_orders", actual as f64),
        ]);
    }

    /// Fits the model of spending, and tells of it.
    fn spending(&mut self, known: &[(usize, History)], period: &mut PeriodValuation) -> Spending {
        let data = SpendData::of(known.iter().map(|(_, history)| history));
        match data.fit(self.spend.as_ref()) {
            Ok(fit) => {
                period.fits.extend([
                    ("gamma_gamma", "p", fit.model.p),
                    ("gamma_gamma", "q", fit.model.q),
                    ("gamma_gamma", "v", fit.model.v),
                    ("gamma_gamma", "log_likelihood", fit.log_likelihood),
                    ("gamma_gamma", "gradient", fit.gradient),
                    ("gamma_gamma", "customers", fit.customers as f64),
                ]);
                if let Some(correlation) = fit.correlation {
                    period
                        .fits
                        .push(("gamma_gamma", "correlation", correlation));
                    if correlation.abs() > MOST_CORRELATION {
                        period.remarks.push(Remark::Correlated(correlation));
                    }
                }
                self.spend = Some(fit.model);
                Spending::Model(fit.model)
            }
            Err(problem) => {
                period.remarks.push(Remark::Spend(problem));
                let repeats = known.iter().filter_map(|(_, history)| {
                    let orders = f64::from(history.repeat_orders);
                    Some((orders, orders * history.mean_repeat_value?))
                });
                let (orders, amount) =
                    repeats.fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
                Spending::Mean((orders > 0.0).then(|| amount / orders))
            }
        }
    }

    fn by_model(
        &self,
        model: &OrderModel,
        known: &[(usize, History)],
        spending: &Spending,
        margin: f64,
    ) -> Vec<CustomerValue> {
        let rate = rate_per_step(self.settings.annual_rate, 12.0);
        let months = self.settings.horizon_months;
        let ahead = Ahead::of(
            model,
            known.iter().map(|(_, history)| history),
            |expected| {
                (
                    expected(39.0),
                    expected(52.0),
                    discounted_orders(expected, months, WEEKS_PER_MONTH, rate),
                )
            },
        );
        let value = |(customer, history): &(usize, History)| {
            let order_value = spending.of(history)?;
            let alive = model.probability_alive(history);
            let (in_39_weeks, in_52_weeks, discounted) = *ahead.get(history);
            Some(CustomerValue {
                customer: *customer,
                model: model.kind.name(),
                history: *history,
                orders: Some(ExpectedOrders {
                    probability_alive: alive,
                    in_39_weeks: alive * in_39_weeks,
                    in_52_weeks: alive * in_52_weeks,
                }),
                order_value: Some(order_value),
                clv: order_value * margin * alive * discounted,
            })
        };
        known.iter().filter_map(value).collect()
    }

    /// As by the model, less what serving each customer is going to cost, and with what is credited of those
    /// it brings.
    fn by_events(
        &self,
        model: &OrderModel,
        span: Span,
        known: &[(usize, History)],
        spending: &Spending,
        margin: &Margin,
    ) -> Vec<CustomerValue> {
        let months = self.settings.horizon_months;
        let ahead = Ahead::of(
            model,
            known.iter().map(|(_, history)| history),
            |expected| {
                let by_month =
                    (1..=months).map(|month| expected(f64::from(month) * WEEKS_PER_MONTH));
                by_month.collect::<Vec<f64>>()
            },
        );
        let value = |(customer, history): &(usize, History)| {
            let order_value = spending.of(history)?;
            let cost = self.portfolio.yearly_cost(*customer, span.ends);
            let referred = self.portfolio.yearly_referred(*customer, span.ends, margin);
            let beside = Yearly {
                cost,
                credit: self.settings.referral_credit * referred,
            };
            let events = coming_events(ahead.get(history), order_value * margin.share, beside);
            let alive = model.probability_alive(history);
            Some(CustomerValue {
                customer: *customer,
                model: "events",
                history: *history,
                orders: None,
                order_value: Some(order_value),
                clv: alive * event_value(&events, self.settings.annual_rate),
            })
        };
        known.iter().filter_map(value).collect()
    }

    /// One margin and retention for all, over the last quarters: active customers have the residual
    /// value, the others none.
    fn by_formula(
        &self,
        span: Span,
        known: &[(usize, History)],
        margin: &Margin,
        period: &mut PeriodValuation,
    ) {
        let formula = match self.formula(margin) {
            Ok(formula) => formula,
            Err(why) => return period.remarks.push(Remark::Formula(why)),
        };
        let quarters = self.settings.horizon_months.div_ceil(3);
        let value = formula.residual_truncated(quarters);
        period.remarks.push(Remark::ByFormula);
        period.fits.extend([
            ("formula", "new_customer", formula.new_customer()),
            ("formula", "residual", formula.residual()),
            ("formula", "residual_truncated", value),
            ("formula", "retention", formula.retention()),
            ("formula", "margin", formula.margin()),
        ]);
        let customers = known.iter().map(|(customer, history)| {
            let active =
                self.portfolio.customers[*customer].ordered_within(span.closing_from, span.ends);
            CustomerValue {
                customer: *customer,
                model: "formula",
                history: *history,
                orders: None,
                order_value: None,
                clv: if active { value } else { 0.0 },
            }
        });
        period.customers.extend(customers);
    }

    /// Of a quarter: what one who stayed brought, and the share who stayed, over the last quarters.
    fn formula(&self, margin: &Margin) -> Result<Formula, FormulaRemark> {
        let recent = &self.past[self.past.len().saturating_sub(FORMULA_QUARTERS)..];
        let (mut opening, mut stayed, mut earned) = (0usize, 0usize, 0.0);
        for (span, _) in recent {
            let active: Vec<&Customer> = self
                .portfolio
                .customers
                .iter()
                .filter(|customer| customer.ordered_within(span.opening_from, span.starts - 1))
                .collect();
            let still =
                |customer: &&&Customer| customer.ordered_within(span.closing_from, span.ends);
            opening += active.len();
            stayed += active.iter().filter(still).count();
            earned += self
                .portfolio
                .earned(active, (span.starts, span.ends), margin);
        }
        if stayed == 0 {
            return Err(FormulaRemark::Nobody);
        }
        let retention = stayed as f64 / opening as f64;
        let rate = rate_per_step(self.settings.annual_rate, 4.0);
        Ok(Formula::new(earned / stayed as f64, retention, rate)?)
    }

    /// What each customer has brought so far, less what winning and serving it has cost, undiscounted.
    fn historic(
        &self,
        span: Span,
        known: &[(usize, History)],
        margin: &Margin,
    ) -> Vec<CustomerValue> {
        let past = |(customer, history): &(usize, History)| {
            let one = [&self.portfolio.customers[*customer]];
            CustomerValue {
                customer: *customer,
                model: "historic",
                history: *history,
                orders: None,
                order_value: None,
                clv: self.portfolio.earned(one, (i32::MIN, span.ends), margin)
                    - self.portfolio.cost_so_far(*customer, span.ends),
            }
        };
        known.iter().map(past).collect()
    }
}

/// What an order is expected to be worth.
enum Spending {
    Model(SpendModel),
    Mean(Option<f64>),
}

impl Spending {
    fn of(&self, history: &History) -> Option<f64> {
        match self {
            Self::Model(model) => Some(model.expected_value(history)),
            Self::Mean(mean) => *mean,
        }
    }
}
