//! The settings the values rest on.

use crate::workspace::Config;

/// Settings of `[clv]`, and what they need of others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// The discount rate of a year.
    pub annual_rate: f64,
    /// How far ahead orders are counted, in months.
    pub horizon_months: u32,
    /// `[clv] margin`: contribution per unit of revenue, whatever the data say.
    pub margin: Option<f64>,
    /// `[value] margin`: the same where no cost is known.
    pub margin_without_costs: Option<f64>,
    /// `[clv] referral-credit`: the share of the margin of those it brought that a customer is credited with.
    pub referral_credit: f64,
    /// Months since the last order within which a customer is active.
    pub window_months: u32,
}

impl Settings {
    /// Of a workspace, with the activity window as it was found.
    pub fn of(config: &Config, window_months: u32) -> Self {
        Self {
            annual_rate: config.clv.discount_rate,
            horizon_months: config.clv.horizon_months,
            margin: config.clv.margin,
            margin_without_costs: config.value.margin,
            referral_credit: config.clv.referral_credit,
            window_months,
        }
    }
}
