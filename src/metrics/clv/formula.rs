//! Value by formula: a margin per period from a customer who stays with a constant chance. For
//! segments, and where no model of single customers holds.
//!
//! Three formulas go by the name of CLV, and differ in which payments they count (Fader, Hardie 2012,
//! "Reconciling and clarifying CLV formulas"); here each has the name of what it counts. All of them
//! take every customer of a segment for the same, and the future for the past going on.

/// What a segment's customers bring and how they stay, per period of any length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Formula {
    /// What one customer brings in a period net of costs, in currency units; may be negative.
    margin: f64,
    /// The chance to stay from one period to the next, 0 to 1.
    retention: f64,
    /// The discount rate of a period, 0 or more.
    discount: f64,
}

/// Why the formulas say nothing.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum FormulaProblem {
    /// Retention is no share, or a number is not finite.
    #[error("retention is {0}, not a share from 0 to 1")]
    NotAShare(f64),
    /// The discount rate is below zero.
    #[error("the discount rate is {0}, below zero")]
    NegativeDiscount(f64),
    /// Nobody ever leaves, and later money is worth as much.
    #[error("with nobody leaving and no discount the value has no bound")]
    Unbounded,
    /// The margin is no number.
    #[error("the margin is not known")]
    NoMargin,
}

impl Formula {
    /// Of a margin, a retention and a discount rate of the same period.
    ///
    /// # Errors
    /// When the value has no bound or a figure makes no sense.
    pub fn new(margin: f64, retention: f64, discount: f64) -> Result<Self, FormulaProblem> {
        if !margin.is_finite() {
            return Err(FormulaProblem::NoMargin);
        }
        if !(0.0..=1.0).contains(&retention) {
            return Err(FormulaProblem::NotAShare(retention));
        }
        if !(discount >= 0.0 && discount.is_finite()) {
            return Err(FormulaProblem::NegativeDiscount(discount));
        }
        if 1.0 + discount <= retention {
            return Err(FormulaProblem::Unbounded);
        }
        Ok(Self {
            margin,
            retention,
            discount,
        })
    }

    /// What one customer brings in a period.
    pub fn margin(&self) -> f64 {
        self.margin
    }

    /// The chance to stay from one period to the next.
    pub fn retention(&self) -> f64 {
        self.retention
    }

    fn spread(&self) -> f64 {
        1.0 + self.discount - self.retention
    }

    /// A new customer's value, the first payment at once: m(1 + d) ÷ (1 + d − r).
    pub fn new_customer(&self) -> f64 {
        self.margin * (1.0 + self.discount) / self.spread()
    }

    /// What a customer who has just paid is still worth: m·r ÷ (1 + d − r).
    pub fn residual(&self) -> f64 {
        self.margin * self.retention / self.spread()
    }

    /// A new customer's value, each payment at the end of its period: m ÷ (1 + d − r).
    pub fn paid_at_end(&self) -> f64 {
        self.margin / self.spread()
    }

    /// [`Self::new_customer`], but of so many payments alone.
    pub fn new_customer_truncated(&self, payments: u32) -> f64 {
        self.new_customer() * (1.0 - self.kept(payments))
    }

    /// [`Self::residual`], but of so many payments alone.
    pub fn residual_truncated(&self, payments: u32) -> f64 {
        self.residual() * (1.0 - self.kept(payments))
    }

    /// (r ÷ (1 + d))ⁿ: the share of the value that comes after n payments.
    fn kept(&self, payments: u32) -> f64 {
        libm::pow(self.retention / (1.0 + self.discount), f64::from(payments))
    }

    /// The most to spend on one customer to keep it, if that raises the chance to stay by `uplift`
    /// (0.05 for five points): uplift × residual value; nothing where the customer costs more than it
    /// brings.
    pub fn retention_ceiling(&self, uplift: f64) -> f64 {
        (uplift * self.residual()).max(0.0)
    }

    /// The most to spend to win one customer, where `required_margin` of the value is to be left as
    /// profit: value of a new customer × (1 − required margin); nothing where that is negative.
    pub fn acquisition_ceiling(&self, required_margin: f64) -> f64 {
        (self.new_customer() * (1.0 - required_margin)).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!(
            (found - expected).abs() < 0.005,
            "{found} is not {expected}"
        );
    }

    /// m = 100, r = 0.8, d = 0.1 in each of the three (Fader, Hardie 2012).
    #[test]
    fn first_payment_clv() {
        let formula = Formula::new(100.0, 0.8, 0.1).unwrap();
        near(formula.new_customer(), 366.67);
        near(formula.residual(), 266.67);
        near(formula.paid_at_end(), 333.33);
        // The first counts what the second leaves out: the payment at once.
        near(formula.new_customer() - formula.residual(), 100.0);
    }

    /// 100 × (1 + 0.7273 + 0.5289 + 0.3847 + 0.2798) = 292.06.
    #[test]
    fn truncated_names_its_payments() {
        let formula = Formula::new(100.0, 0.8, 0.1).unwrap();
        near(formula.new_customer_truncated(5), 292.06);
        near(formula.new_customer_truncated(1), 100.0);
        near(formula.residual_truncated(1), 100.0 * 0.8 / 1.1);
        near(formula.residual_truncated(400), formula.residual());
    }

    /// The margin multiple of r = 0.8, d = 0.1 is 2.67 (Gupta, Lehmann 2003).
    #[test]
    fn margin_multiple() {
        near(Formula::new(1.0, 0.8, 0.1).unwrap().residual(), 2.67);
    }

    /// 5 points × 266.67 = 13.33; 366.67 × (1 − 0.3) = 256.67.
    #[test]
    fn ceilings_of_spending() {
        let formula = Formula::new(100.0, 0.8, 0.1).unwrap();
        near(formula.retention_ceiling(0.05), 13.33);
        near(formula.acquisition_ceiling(0.3), 256.67);
        let costly = Formula::new(-20.0, 0.8, 0.1).unwrap();
        assert!(costly.residual() < 0.0);
        assert_eq!(costly.retention_ceiling(0.05), 0.0);
        assert_eq!(costly.acquisition_ceiling(0.3), 0.0);
    }

    #[test]
    fn what_has_no_value_is_refused() {
        let refused = |m, r, d| Formula::new(m, r, d).unwrap_err();
        assert_eq!(refused(1.0, 1.0, 0.0), FormulaProblem::Unbounded);
        assert_eq!(refused(1.0, 1.2, 0.1), FormulaProblem::NotAShare(1.2));
        assert!(matches!(
            refused(1.0, f64::NAN, 0.1),
            FormulaProblem::NotAShare(_)
        ));
        assert_eq!(
            refused(1.0, 0.5, -0.1),
            FormulaProblem::NegativeDiscount(-0.1)
        );
        assert_eq!(refused(f64::NAN, 0.5, 0.1), FormulaProblem::NoMargin);
    }
}
